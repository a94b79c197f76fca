"""Two at once at what somebody wrote."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import Claim, ClaimStatus, Event, Letter, ReplyVersion
from claims.operations import replies, sort_claim, sort_next, triage
from claims.operations.moves import make_moves
from services.refusals import Refusal
from tests.builders import NOW, a_user, outage
from tests.claims.reply_cast import answer, says, sort, standing, template, wrote
from tests.race.together import Step, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claim() -> Claim:
    return wrote(outage())


def quietly(claim: Claim, version: ReplyVersion, by: User) -> object:
    try:
        return answer(claim, version, by)
    except Refusal as refused:
        return refused.code


def test_of_two_who_answer_at_once_one_sends_a_letter(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    sort()
    version = template(a_user("checker"))
    look = replies._look_at

    def slowly(*arguments: Any) -> list[replies._Seen]:
        seen = look(*arguments)
        until_blocked()
        return seen

    monkeypatch.setattr(replies, "_look_at", slowly)
    results = together(*(partial(quietly, claim, version, a_user("caseworker")) for _ in range(2)))
    assert sum(result == "transition_not_allowed" for result in results) == 1, results
    assert Letter.objects.count() == 1
    assert Event.objects.filter(kind="claim_answered").count() == 1


def test_what_a_person_sorts_while_a_rule_sorts_stays_the_persons(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """The rule has seen that nobody sorted the claim when somebody does."""
    worker, seen = a_user("caseworker"), Step()

    def slowly(*arguments: Any, **more: Any) -> None:
        seen.reach()
        until_blocked()
        make_moves(*arguments, **more)

    monkeypatch.setattr(triage, "make_moves", slowly)

    @transaction.atomic
    def by_hand() -> None:
        seen.wait()
        sort_claim(claim_id=claim.pk, kind="complaint", sorted_by=worker, note="x", now=NOW)

    together(partial(sort_next, now=NOW), by_hand)
    sort()
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert (status.kind, status.sorted_by) == ("complaint", worker)
    assert [one.data["sort"] for one in Event.objects.filter(kind="claim_sorted").order_by("pk")] == [
        ["unsorted", "question"], ["question", "complaint"],
    ]  # fmt: skip


def test_a_message_that_comes_while_somebody_answers_is_not_answered_by_that(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    sort()
    version, by, written = template(a_user("checker")), a_user("caseworker"), Step()
    write = replies._write

    def slowly(*arguments: Any) -> list[Letter]:
        letters = write(*arguments)
        written.reach()
        until_blocked()
        return letters

    monkeypatch.setattr(replies, "_write", slowly)

    def meanwhile() -> None:
        written.wait()
        says(claim, "하나 더: 언제 되나요?")

    together(partial(answer, claim, version, by), meanwhile)
    assert standing(claim) == ("queued", "answered", ["message"])


def test_two_who_publish_at_once_make_two_versions(monkeypatch: pytest.MonkeyPatch):
    checker = a_user("checker")
    template(checker)
    check = replies._newest

    def slowly(*arguments: Any) -> Any:
        newest = check(*arguments)
        until_blocked()
        return newest

    monkeypatch.setattr(replies, "_newest", slowly)
    together(*(partial(template, checker, body_en=text) for text in ("one", "other")))
    assert list(ReplyVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
