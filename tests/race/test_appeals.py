"""Two at once at the same appeal: one winner, and a named refusal for the other.

Whoever moves the claim first waits, before he writes, until the other waits for his lock.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from claims.models import Appeal, Claim, ClaimStatus, Decision, Event, LetterDue
from claims.operations import (
    ToldFact,
    ToldPoint,
    answer_appeal,
    assign_claim,
    decide_claim,
    moves,
    open_appeal,
    second_look,
    second_looks,
    settle_next,
    take_claim,
    undo_decision,
    withdraw_appeal,
)
from services.refusals import Refusal
from tests.builders import NOW, a_person, a_policy, a_user, authority, chase, claim_of, told, work_off
from tests.claims.test_appeals import decided, login_of, look_again, standing, verify
from tests.race.test_decisions import in_one
from tests.race.together import Step, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


class Cast:
    """An approved claim, its claimant, and staff who had no part in the decision."""

    def __init__(self, claim: Claim) -> None:
        authority()
        self.claim = claim
        self.user, self.worker, self.checker = login_of(claim.person), a_user("caseworker"), a_user("checker")
        self.assessment, self.decision = claim.assessments.get().pk, standing(claim).pk

    def open(self, kind: str = "appeal") -> Appeal:
        return open_appeal(
            claim_id=self.claim.pk, decision_id=self.decision, kind=kind, opened_by=self.user, channel="web", now=NOW,
            points=[ToldPoint("line", position=0)],
        )  # fmt: skip

    def take(self) -> None:
        self.open()
        take_claim(claim_id=self.claim.pk, taken_by=self.worker, now=NOW)

    def answer(self) -> object:
        said: dict[str, Any] = {"assessment_id": self.assessment, "answered_by": self.worker, "note": "x", "now": NOW}
        return answer_appeal(appeal_id=Appeal.objects.get().pk, accepted=False, **said)

    def decide(self) -> object:
        said: dict[str, Any] = {"assessment_id": self.assessment, "decided_by": self.worker, "now": NOW}
        return decide_claim(claim_id=self.claim.pk, approved=False, reasons=["no_loss"], **said)

    def withdraw(self) -> object:
        return withdraw_appeal(appeal_id=Appeal.objects.get().pk, withdrawn_by=self.user, now=NOW)

    def assign(self) -> object:
        return assign_claim(claim_id=self.claim.pk, assignee=self.checker, assigned_by=self.checker, now=NOW)

    def undo(self) -> object:
        return undo_decision(claim_id=self.claim.pk, undone_by=self.checker, note="x", now=NOW)


Act = Callable[[Cast], object]
# Before the race; then the two that race.
CONTESTED: dict[str, tuple[Act, Act, Act]] = {
    "open and open": (lambda c: None, Cast.open, lambda c: c.open("person_review")),
    "open and undo": (lambda c: None, Cast.open, Cast.undo),
    "answer and answer": (Cast.take, Cast.answer, Cast.answer),
    "answer and decide otherwise": (Cast.take, Cast.answer, Cast.decide),
    "answer and withdraw": (Cast.take, Cast.answer, Cast.withdraw),
    "answer and give to another": (Cast.take, Cast.answer, Cast.assign),
    "withdraw and withdraw": (Cast.take, Cast.withdraw, Cast.withdraw),
}


@pytest.mark.parametrize("name", CONTESTED)
def test_a_contested_appeal_has_one_winner(monkeypatch: pytest.MonkeyPatch, name: str):
    prepare, one, other = CONTESTED[name]
    cast = Cast(decided())
    with transaction.atomic():
        prepare(cast)
    before, decisions = ClaimStatus.objects.get(pk=cast.claim.pk).moves, Decision.objects.count()
    make_moves = moves.make_moves

    def slowly(*arguments: Any, **more: Any) -> None:
        until_blocked()
        make_moves(*arguments, **more)

    monkeypatch.setattr(moves, "make_moves", slowly)
    results = together(partial(in_one, one, cast), partial(in_one, other, cast))
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert ClaimStatus.objects.get(pk=cast.claim.pk).moves == before + 1
    assert Event.objects.filter(claim=cast.claim, move=before + 1).count() == 1
    answered = Appeal.objects.filter(answer__isnull=False).count()
    assert Decision.objects.count() == decisions + answered


def test_no_rule_decides_what_is_being_appealed(monkeypatch: pytest.MonkeyPatch):
    """It waits for who opens the appeal, and then sees it."""
    cast = Cast(decided())
    a_policy(won=300, needs="is_member")
    chase()
    work_off()
    LetterDue.objects.all().delete()
    opened, make_moves = Step(), moves.make_moves

    def slowly(*arguments: Any, **more: Any) -> None:
        opened.reach()
        until_blocked()
        make_moves(*arguments, **more)

    monkeypatch.setattr(moves, "make_moves", slowly)

    def settle() -> None:
        opened.wait()
        while settle_next(now=NOW):
            pass

    together(partial(in_one, Cast.open, cast), settle)
    assert Appeal.objects.get().decision_id == standing(cast.claim).pk == cast.decision
    assert ClaimStatus.objects.get(pk=cast.claim.pk).reasons == ["appealed"]


def test_two_second_looks_at_once_move_each_claim_once(monkeypatch: pytest.MonkeyPatch):
    cast = Cast(decided(member=False))
    more = [claim_of(a_person(), cast.claim.incident, told(), facts=[ToldFact("is_member", False, "staff")]) for _ in range(2)]
    look_again()
    with transaction.atomic():
        cast.take()
    verify(cast.claim)
    newest = cast.claim.assessments.latest("run").pk
    accept: dict[str, Any] = {"accepted": True, "assessment_id": newest, "answered_by": cast.worker, "note": "x", "now": NOW}
    with transaction.atomic():
        answer_appeal(appeal_id=Appeal.objects.get().pk, **accept)
    make_moves = moves.make_moves

    def slowly(*arguments: Any, **more: Any) -> None:
        until_blocked()
        make_moves(*arguments, **more)

    monkeypatch.setattr(second_looks, "make_moves", slowly)
    call = partial(second_look, appeal_id=Appeal.objects.get().pk, asked_by=cast.checker, note="x", now=NOW)
    results = together(partial(in_one, call), partial(in_one, call))
    assert sorted((one.moved, one.left) for one in results) == [(0, {"asked_already": 2}), (2, {})]
    assert Event.objects.filter(kind="second_look").count() == len(more)
