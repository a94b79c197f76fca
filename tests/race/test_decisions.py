"""Two at once at the same claim, limit, switch or money: one winner, and a named refusal for the other.

Whoever moves a claim first waits, before he writes, until the other waits for his lock.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import AuthorityUsed, Claim, ClaimStatus, Cohort, Decision, DecisionProposal, Event, PaymentPart, Payout
from claims.operations import (
    assign_claim,
    confirm_proposal,
    decide_claim,
    decisions,
    hold_claim,
    make_payment_run,
    merge_claims,
    moves,
    pause_automatic,
    payouts,
    put_back_claim,
    release_claim,
    reopen_claim,
    return_proposal,
    set_alarm,
    settle_next,
    settlement,
    take_claim,
    undo_decision,
    withdraw_claim,
    withdraw_loss,
)
from services.refusals import Refusal
from tests.builders import KST, NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.race.together import Step, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "half_hours_of_messages"


@pytest.fixture
def claim() -> Claim:
    """Queued for people; 3,250 won are owed."""
    incident = outage()
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return claim


class Cast:
    def __init__(self, claim: Claim) -> None:
        authority("caseworker", per_decision=5_000, per_day=5_000)
        authority("checker", per_decision=50_000)
        self.claim = claim
        self.worker, self.checker, self.other = a_user("caseworker"), a_user("checker"), a_user("checker")
        self.assessment = claim.assessments.get().pk

    def take(self, by: str = "worker") -> ClaimStatus:
        return take_claim(claim_id=self.claim.pk, taken_by=getattr(self, by), now=NOW)

    def decide(self, by: str = "worker", *, approved: bool = True) -> Decision | DecisionProposal:
        return decide_claim(
            claim_id=self.claim.pk, assessment_id=self.assessment, approved=approved, decided_by=getattr(self, by), now=NOW,
            reasons=() if approved else ("no_loss",),
        )  # fmt: skip

    def another(self) -> Claim:
        """A claim of somebody else about the same outage, into which this one may be merged."""
        self.twin = claim_of(a_person(), self.claim.incident, told())
        return self.twin

    def withdraw_loss(self) -> None:
        loss = self.claim.losses.get()
        about: dict[str, Any] = {"claim_id": self.claim.pk, "loss_id": loss.pk, "reason": "told_twice", "note": "x", "now": NOW}
        withdraw_loss(withdrawn_by=self.worker, **about)

    def propose(self) -> None:
        authority("caseworker", per_decision=1)
        self.take()
        self.decide()

    def proposal(self) -> int:
        return DecisionProposal.objects.get().pk


# Before the race; then the two that race.
CONTESTED: dict[str, tuple[Callable[[Cast], object], Callable[[Cast], object], Callable[[Cast], object]]] = {
    "take and take": (lambda c: None, lambda c: c.take(), lambda c: c.take("checker")),
    "take and a take of what was looked at": (
        lambda c: None, lambda c: c.take(),
        lambda c: take_claim(claim_id=c.claim.pk, taken_by=c.other, now=NOW, moves=1),
    ),
    "take and hold": (
        lambda c: None, lambda c: c.take(),
        lambda c: hold_claim(claim_id=c.claim.pk, held_by=c.checker, note="x", now=NOW, moves=1),
    ),
    "approve and reject": (lambda c: c.take(), lambda c: c.decide(), lambda c: c.decide(approved=False)),
    "approve and approve": (lambda c: c.take(), lambda c: c.decide(), lambda c: c.decide()),
    "approve and withdraw": (
        lambda c: c.take(), lambda c: c.decide(),
        lambda c: withdraw_claim(claim_id=c.claim.pk, withdrawn_by=c.checker, note="x", now=NOW),
    ),
    "approve and withdraw a loss": (
        lambda c: c.take(), lambda c: c.decide(), lambda c: c.withdraw_loss(),
    ),
    "withdraw a loss and approve": (
        lambda c: c.take(), lambda c: c.withdraw_loss(), lambda c: c.decide(),
    ),
    "withdraw a loss and withdraw it": (
        lambda c: c.take(), lambda c: c.withdraw_loss(), lambda c: c.withdraw_loss(),
    ),
    "approve and hold": (
        lambda c: c.take(), lambda c: c.decide(),
        lambda c: hold_claim(claim_id=c.claim.pk, held_by=c.checker, note="x", now=NOW),
    ),
    "approve and merge": (
        lambda c: (c.take(), c.another()), lambda c: c.decide(),
        lambda c: merge_claims(claim_id=c.claim.pk, into_id=c.twin.pk, merged_by=c.checker, note="x", now=NOW),
    ),
    "merge and withdraw": (
        lambda c: c.another(),
        lambda c: merge_claims(claim_id=c.claim.pk, into_id=c.twin.pk, merged_by=c.checker, note="x", now=NOW),
        lambda c: withdraw_claim(claim_id=c.claim.pk, withdrawn_by=c.other, note="x", now=NOW),
    ),
    "hold and hold": (
        lambda c: None, lambda c: hold_claim(claim_id=c.claim.pk, held_by=c.checker, note="x", now=NOW),
        lambda c: hold_claim(claim_id=c.claim.pk, held_by=c.other, note="x", now=NOW),
    ),
    "withdraw and withdraw": (
        lambda c: None, lambda c: withdraw_claim(claim_id=c.claim.pk, withdrawn_by=c.checker, note="x", now=NOW),
        lambda c: withdraw_claim(claim_id=c.claim.pk, withdrawn_by=c.other, note="x", now=NOW),
    ),
    "approve and put back": (
        lambda c: c.take(), lambda c: c.decide(), lambda c: put_back_claim(claim_id=c.claim.pk, put_back_by=c.checker, now=NOW),
    ),
    "approve and give to another": (
        lambda c: c.take(), lambda c: c.decide(),
        lambda c: assign_claim(claim_id=c.claim.pk, assignee=c.other, assigned_by=c.checker, now=NOW),
    ),
    "confirm and confirm": (
        lambda c: c.propose(), lambda c: confirm_proposal(proposal_id=c.proposal(), confirmed_by=c.checker, now=NOW),
        lambda c: confirm_proposal(proposal_id=c.proposal(), confirmed_by=c.other, now=NOW),
    ),
    "confirm and return": (
        lambda c: c.propose(), lambda c: confirm_proposal(proposal_id=c.proposal(), confirmed_by=c.checker, now=NOW),
        lambda c: return_proposal(proposal_id=c.proposal(), returned_by=c.other, note="x", now=NOW),
    ),
    "confirm and withdraw": (
        lambda c: c.propose(), lambda c: confirm_proposal(proposal_id=c.proposal(), confirmed_by=c.checker, now=NOW),
        lambda c: withdraw_claim(claim_id=c.claim.pk, withdrawn_by=c.other, note="x", now=NOW),
    ),
    "undo and undo": (
        lambda c: (c.take(), c.decide()),
        lambda c: undo_decision(claim_id=c.claim.pk, undone_by=c.worker, note="x", now=NOW),
        lambda c: undo_decision(claim_id=c.claim.pk, undone_by=c.checker, note="x", now=NOW),
    ),
    "release and release": (
        lambda c: hold_claim(claim_id=c.claim.pk, held_by=c.checker, note="x", now=NOW),
        lambda c: release_claim(claim_id=c.claim.pk, released_by=c.checker, now=NOW),
        lambda c: release_claim(claim_id=c.claim.pk, released_by=c.other, now=NOW),
    ),
    "reopen and reopen": (
        lambda c: (c.take(), c.decide(approved=False)),
        lambda c: reopen_claim(claim_id=c.claim.pk, reopened_by=c.checker, note="x", now=NOW),
        lambda c: reopen_claim(claim_id=c.claim.pk, reopened_by=c.other, note="x", now=NOW),
    ),
}  # fmt: skip


def in_one(call: Callable[..., object], *arguments: Any) -> object:
    """In a transaction; a refusal is an answer."""
    try:
        with transaction.atomic():
            return call(*arguments)
    except Refusal as refused:
        return refused


@pytest.mark.parametrize("name", CONTESTED)
def test_a_contested_move_has_one_winner(claim: Claim, monkeypatch: pytest.MonkeyPatch, name: str):
    prepare, one, other = CONTESTED[name]
    cast = Cast(claim)
    with transaction.atomic():
        prepare(cast)
    before = ClaimStatus.objects.get(pk=claim.pk).moves
    make_moves = moves.make_moves

    def slowly(*arguments: Any, **more: Any) -> None:
        until_blocked()
        make_moves(*arguments, **more)

    monkeypatch.setattr(moves, "make_moves", slowly)
    results = together(partial(in_one, one, cast), partial(in_one, other, cast))
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert ClaimStatus.objects.get(pk=claim.pk).moves == before + 1
    assert Event.objects.filter(claim=claim, move=before + 1).count() == 1


# --- what is more than one claim -------------------------------------------------------------------------


def two_claims(**policy: Any) -> list[Claim]:
    incident = outage()
    a_policy(**policy)
    claims = [claim_of(a_person(), incident, told()) for _ in range(2)]
    work_off()
    return claims


@transaction.atomic
def taken(claims: list[Claim], by: User) -> None:
    for claim in claims:
        take_claim(claim_id=claim.pk, taken_by=by, now=NOW)


def test_two_decisions_at_once_do_not_exceed_the_limit_of_a_day(monkeypatch: pytest.MonkeyPatch):
    claims = two_claims(automatic="{}")
    follow_up()
    authority("caseworker", per_decision=5_000, per_day=5_000)
    worker = a_user("caseworker")
    taken(claims, worker)
    AuthorityUsed.objects.create(user=worker, on_date=NOW.astimezone(KST).date(), unit="KRW")  # by an earlier decision
    carry_out = decisions.carry_out

    def slowly(*arguments: Any, **more: Any) -> None:
        until_blocked()
        carry_out(*arguments, **more)

    monkeypatch.setattr(decisions, "carry_out", slowly)
    calls = [
        partial(
            decide_claim, claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=worker, now=NOW
        )
        for claim in claims
    ]
    results = together(*(partial(in_one, call) for call in calls))
    assert sorted(type(result).__name__ for result in results) == ["Decision", "DecisionProposal"]
    assert AuthorityUsed.objects.get().quantity == 3250


def test_money_goes_out_or_the_decision_is_undone(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    cast = Cast(claim)
    with transaction.atomic():
        cast.take()
        decision = cast.decide()
    finance = a_user("finance")
    take_back = payouts.take_back

    def slowly(*arguments: Any) -> None:
        until_blocked()
        take_back(*arguments)

    monkeypatch.setattr(decisions, "take_back", slowly)
    results = together(
        partial(in_one, partial(undo_decision, claim_id=claim.pk, undone_by=cast.worker, note="x", now=NOW)),
        partial(in_one, partial(make_payment_run, made_by=finance, note="x", now=NOW)),
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    undone = Decision.objects.filter(pk=decision.pk, undone__isnull=False).exists()
    assert PaymentPart.objects.exists() is not undone


def test_two_payment_runs_at_once_pay_each_claim_once(monkeypatch: pytest.MonkeyPatch):
    two_claims()
    follow_up()
    finance = a_user("finance")
    as_csv = "claims.operations.payment.as_csv"

    def slowly(*arguments: Any) -> bytes:
        until_blocked()
        return b"-"

    monkeypatch.setattr(as_csv, slowly)
    run = partial(make_payment_run, made_by=finance, note="x", now=NOW)
    results = together(partial(in_one, run), partial(in_one, run))
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert PaymentPart.objects.count() == Payout.objects.count() == 2


def test_once_a_policy_is_paused_no_rule_decides_any_more(monkeypatch: pytest.MonkeyPatch):
    """Who pauses waits for the decision that was under way, and what comes after sees the pause."""
    claims = two_claims()
    checker = a_user("checker")
    looked, look = Step(), settlement._look_at
    order: list[str] = []

    def slowly(*arguments: Any) -> list[settlement.Found]:
        looked.reach()
        until_blocked()
        found = look(*arguments)
        order.append("decided")
        return found

    monkeypatch.setattr(settlement, "_look_at", slowly)

    def pause() -> None:
        looked.wait()
        in_one(partial(pause_automatic, policy=CODE, paused_by=checker, note="x", now=NOW))
        order.append("paused")

    together(lambda: settle_next(now=NOW), pause)
    assert order == ["decided", "paused"]
    assert Decision.objects.count() == len(claims)


def test_two_chunks_at_once_do_not_exceed_an_alarm(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Nor does the second one fail by it and is tried again: he sees the pause that the first one made."""
    settings.CLAIMS_CHUNK_SIZE = 1
    claims = two_claims()
    with transaction.atomic():
        set_alarm(policy=CODE, incident_id=claims[0].incident_id, alarm_above=1, set_by=a_user("checker"), note="x", now=NOW)
    look = settlement._look_at

    def slowly(*arguments: Any) -> list[settlement.Found]:
        until_blocked()
        return look(*arguments)

    monkeypatch.setattr(settlement, "_look_at", slowly)
    assert together(lambda: settle_next(now=NOW), lambda: settle_next(now=NOW)) == [True, True]
    while settle_next(now=NOW):
        pass
    assert Decision.objects.count() == Cohort.objects.get().approved == 1
    assert "failed" not in caplog.text
