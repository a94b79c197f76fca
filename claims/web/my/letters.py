"""What was written to a claimant about their claim: which letters there are, and each as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from claims.models import Appeal, Claim, EvidenceLetter, EvidenceLetterContent, Letter
from claims.operations import copy_letter
from claims.sandbox import SANDBOX
from claims.web.my.act_words import LETTERS
from services.language import in_english
from services.seoul import SEOUL
from services.words import said_day


@dataclass(frozen=True)
class ClaimLetter:
    """`kind`: decision, appeal, reply, or what an `EvidenceLetterKind` names; `title` says it in the reader's language."""

    address: str
    made_at: datetime
    kind: str
    pdf: str = ""  # address; empty of a letter that has none

    @property
    def day(self) -> str:
        return said_day(self.made_at.astimezone(SEOUL).date())

    @property
    def title(self) -> str:
        return LETTERS[self.kind][in_english()]


def letters_of(claim: Claim) -> list[ClaimLetter]:
    """All letters of the claim that can still be read, the newest first. Three queries."""
    return sorted([*_about_decisions(claim), *_about_documents(claim)], key=attrgetter("made_at"), reverse=True)


def _about_decisions(claim: Claim) -> Iterator[ClaimLetter]:
    answers = set(Appeal.objects.filter(claim=claim, answer__isnull=False).values_list("answer", flat=True))
    for pk, at, decision, reply in Letter.objects.filter(claim=claim).values_list("pk", "made_at", "decision", "reply"):
        kind = "reply" if reply is not None else "appeal" if decision in answers else "decision"
        page, pdf = (reverse(f"my:{name}", args=[claim.reference, pk]) for name in ("letter", "letter_pdf"))
        yield ClaimLetter(page, at, kind, pdf)


def _about_documents(claim: Claim) -> Iterator[ClaimLetter]:
    kept = EvidenceLetter.objects.filter(request__claim=claim, kept__isnull=False).values_list("pk", "made_at", "kind")
    for pk, at, kind in kept:
        yield ClaimLetter(reverse("my:document_letter", args=[claim.reference, pk]), at, kind)


@require_safe
def letter(request: HttpRequest, claim: Claim, user: User, letter_id: int) -> HttpResponse:
    return _as_it_was_made(Letter.objects.filter(pk=letter_id, claim=claim).values_list("content", flat=True).first())


@require_safe
def letter_pdf(request: HttpRequest, claim: Claim, user: User, letter_id: int) -> HttpResponse:
    """To keep, or to print: made of the letter's bytes when it is first asked for, and the same ever after."""
    if not Letter.objects.filter(pk=letter_id, claim=claim).exists():
        raise Http404
    with transaction.atomic(durable=True):
        pdf = copy_letter(letter_id=letter_id, now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{pdf.name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)


@require_safe
def document_letter(request: HttpRequest, claim: Claim, user: User, letter_id: int) -> HttpResponse:
    """About documents that are asked for."""
    kept = EvidenceLetterContent.objects.filter(letter=letter_id, letter__request__claim=claim)
    return _as_it_was_made(kept.values_list("content", flat=True).first())


def _as_it_was_made(content: bytes | memoryview[int] | None) -> HttpResponse:
    """Byte by byte."""
    if content is None:
        raise Http404
    return HttpResponse(bytes(content), content_type="text/html; charset=utf-8", headers=SANDBOX)
