"""Claims that bring a message, and templates that answer it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from claims.models import Claim, ClaimStatus, Letter, ReplyVersion
from claims.operations import add_message, answer_claim, open_claim, publish_reply_template, sort_next
from services.models import Incident
from tests.builders import NOW, a_person

TEXTS = {
    "title_ko": "문의에 대한 답", "title_en": "Your question",
    "body_ko": "접수번호 {reference}에 답합니다.\n\n{incident}은 끝났습니다.",
    "body_en": "On {reference}:\n\n{incident} is over.",
}  # fmt: skip


@transaction.atomic
def wrote(incident: Incident, text: str = "복구는 언제 되나요?") -> Claim:
    """Somebody who tells no loss."""
    return open_claim(person=a_person(), incident=incident, message=text, now=NOW)


@transaction.atomic
def says(claim: Claim, text: str = "복구는 언제 되나요?", **more: Any) -> None:
    add_message(claim_id=claim.pk, text=text, now=NOW, **more)


@transaction.atomic
def template(by: User, *kinds: str, code: str = "when_over", **more: Any) -> ReplyVersion:
    """A version of it, for all kinds unless some are named."""
    listed = kinds or ("claim", "impact", "question", "complaint", "thanks")
    return publish_reply_template(code=code, kinds=listed, published_by=by, now=NOW, **{**TEXTS, **more})


@transaction.atomic
def answer(claim: Claim, version: ReplyVersion, by: User, **more: Any) -> Letter:
    return answer_claim(claim_id=claim.pk, version_id=version.pk, answered_by=by, now=NOW, **more)


def sort() -> None:
    while sort_next(now=NOW):
        pass


def standing(claim: Claim) -> tuple[str, str, list[str]]:
    status = ClaimStatus.objects.get(pk=claim.pk)
    return status.review, status.decision, status.reasons
