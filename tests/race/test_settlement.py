"""Two workers that settle two assessments of one claim: without the locks of the claims' statuses it would be paid twice."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db.models import Sum

from claims.models import Assessment, Payout, SettlementDue
from claims.operations import chase_versions, decisions, payouts, settle_next, settlement
from claims.operations.payouts import Answers
from tests.builders import MESSAGES, NOW, a_person, a_policy, claim_of, outage, told, work_off
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("start", "end", "owed"), [("15 15:30", "16 02:00", 5000), ("16 01:30", "16 02:30", 0)])
def test_a_claim_is_paid_once_by_two_who_settle_its_assessments(
    monkeypatch: pytest.MonkeyPatch, start: str, end: str, owed: int
):
    """The first has paid the older assessment and not committed yet when the second looks at the newer one.

    What the newer one owes is then another sum than was paid before, or just as much: nothing.
    """
    incident = outage()
    a_policy()
    claim = claim_of(a_person(), incident, told(MESSAGES, start, end))
    work_off()
    (older,) = SettlementDue.objects.all()
    paid, pay = Step(), payouts.pay_differences

    def slowly(answers: Sequence[Answers], *arguments: Any) -> set[int]:
        of = pay(answers, *arguments)
        if Assessment.objects.get(pk=answers[0].assessments[0]).chunk_id == older.pk:
            paid.reach()
            assessed.wait()
            waited.wait(1)
        return of

    assessed, waited = Step(), threading.Event()
    monkeypatch.setattr(decisions, "pay_differences", slowly)

    def newer() -> bool:
        paid.wait()
        outage(version=2)
        in_transaction(chase_versions, now=NOW)()
        work_off()
        assessed.reach()
        return settle_next(now=NOW)

    assert together(lambda: settle_next(now=NOW), newer) == [True, True]
    while settle_next(now=NOW):
        pass
    assert (claim.assessments.order_by("-run")[0].lines.get().quantity or 0) == owed
    assert Payout.objects.filter(claim=claim).aggregate(net=Sum("quantity"))["net"] == owed
    fall = "written_off" if owed else "recovery"  # of a claim that is rejected nothing goes out, however little it is
    assert [p.kind for p in claim.payouts.all()] == ["first", fall]


def test_a_claim_that_was_left_out_and_cannot_be_assessed_again_meanwhile_is_settled(monkeypatch: pytest.MonkeyPatch):
    """Who settles has seen it wait and not deleted the row of the queue yet when the claim is quarantined."""
    incident = outage()
    a_policy()
    claim = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "16 02:00"))
    work_off()
    outage(version=2)
    in_transaction(chase_versions, now=NOW)()
    monkeypatch.setattr("claims.operations.assessment.assess_apart", lambda batch, terms: 1 // 0)
    looked, look = Step(), settlement._look_at

    def slowly(*arguments: Any) -> list[settlement.Found]:
        found = look(*arguments)
        looked.reach()
        until_blocked()
        return found

    monkeypatch.setattr(settlement, "_look_at", slowly)

    def fail() -> None:
        looked.wait()
        work_off()

    together(lambda: settle_next(now=NOW), fail)
    assert not claim.payouts.exists()
    assert SettlementDue.objects.count() == 1
    assert settle_next(now=NOW)
    assert [(p.kind, p.quantity) for p in claim.payouts.all()] == [("first", 5250)]
