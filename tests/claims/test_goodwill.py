"""What is given above what is owed: from a budget, for a reason, within the authority; never asked back, undone exactly."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.models import (
    AuthorityUsed,
    Claim,
    ClaimStatus,
    Decision,
    DecisionProposal,
    Event,
    Goodwill,
    GoodwillBudget,
    GoodwillOffer,
    Letter,
    PaymentItem,
    Payout,
)
from claims.operations import (
    AmountOutOfRange,
    AuthorityExceeded,
    BudgetBelowSpent,
    BudgetSpent,
    CurrencyUnknown,
    Gift,
    GoodwillNeedsApproval,
    GoodwillNotPositive,
    GoodwillReasonNeeded,
    GoodwillTooMuch,
    MoneyMoved,
    NoBudget,
    ReferenceUnknown,
    Required,
    ToldPoint,
    answer_appeal,
    confirm_proposal,
    decide_claim,
    make_payment_run,
    open_appeal,
    reopen_claim,
    set_goodwill_budget,
    take_claim,
    undo_decision,
)
from claims.operations.payouts import Answers, differences_of
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, paid_to, told, work_off
from tests.worlds import world


@world
def claim(db: None) -> Claim:
    """3,250 won are owed."""
    return waiting()


@world
def nothing_owed(db: None) -> Claim:
    """Lost before the outage."""
    return waiting(told(start="15 10:00", end="15 11:00"))


def waiting(loss: Any = None) -> Claim:
    incident = outage()
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, loss or told())
    work_off()
    follow_up()
    return claim


@world
def worker(db: None) -> User:
    authority("caseworker", per_decision=5_000, per_day=5_000)
    return a_user("caseworker")


@world
def checker(db: None) -> User:
    authority("checker", per_decision=50_000, per_day=50_000)
    return a_user("checker")


def budget(claim: Claim, amount: int = 2_000, **more: Any) -> GoodwillBudget:
    said = {"set_by": a_user("finance"), "note": "agreed", "currency": "KRW", **more}
    return set_goodwill_budget(incident_id=claim.incident_id, amount_minor=amount, now=NOW, **said)


def decide(claim: Claim, by: User, amount: Any = 1_000, **more: Any) -> Any:
    if ClaimStatus.objects.get(pk=claim.pk).review == "queued":
        take_claim(claim_id=claim.pk, taken_by=by, now=NOW)
    gift = None if amount is None else Gift(amount, more.pop("currency", "KRW"), more.pop("reason", "hardship"))
    newest = claim.assessments.order_by("-run")[0]
    said = {"approved": True, "note": "a long wait", **more}
    return decide_claim(claim_id=claim.pk, assessment_id=newest.pk, decided_by=by, now=NOW, goodwill=gift, **said)


def paid(claim: Claim) -> list[tuple[str, str, int]]:
    return [(row.kind, row.remedy, row.quantity) for row in claim.payouts.order_by("pk")]


def spent() -> int:
    return GoodwillBudget.objects.get().spent_minor


def letter_of(decision: Decision) -> str:
    follow_up()
    return bytes(Letter.objects.get(decision=decision).content).decode()


def test_a_gift_is_paid_beside_what_is_owed_and_told_as_no_debt(claim: Claim, worker: User):
    budget(claim)
    decision = decide(claim, worker)
    assert [(kind, quantity) for kind, _, quantity in paid(claim)] == [("first", 3250), ("goodwill", 1000)]
    given = Goodwill.objects.get()
    assert (given.decision, given.amount_minor, given.reason, spent()) == (decision, 1000, "hardship", 1000)
    assert AuthorityUsed.objects.get().quantity == 4250
    event = Event.objects.get(kind="goodwill_given")
    assert (event.actor, event.claim, event.data["amount"]) == (worker, claim, 1000)
    assert Event.objects.get(kind="claim_approved").note.text == "a long wait"
    letter = letter_of(decision)
    assert (letter.count("<td>호의 보상</td>"), letter.count("의무를 인정하는 것이 아닙니다")) == (1, 1)


def test_something_may_be_given_though_nothing_is_owed(nothing_owed: Claim, worker: User):
    budget(nothing_owed)
    decision = decide(nothing_owed, worker)
    assert paid(nothing_owed) == [("goodwill", "goodwill", 1000)]
    assert ClaimStatus.objects.get(pk=nothing_owed.pk).payment == "due"
    letter = letter_of(decision)
    assert "드려야 할 것은 없지만" in letter
    assert "청구를 받아들였습니다" not in letter


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "zero": ({"amount": 0}, GoodwillNotPositive),
    "negative": ({"amount": -1}, GoodwillNotPositive),
    "beyond what is computed with": ({"amount": 10**16}, AmountOutOfRange),
    "no such currency": ({"currency": "won"}, CurrencyUnknown),
    "no budget in it": ({"currency": "USD"}, NoBudget),
    "no reason": ({"reason": ""}, GoodwillReasonNeeded),
    "another reason": ({"reason": "mood"}, GoodwillReasonNeeded),
    "no note": ({"note": ""}, Required),
    "more than there is": ({"amount": 2_001}, GoodwillTooMuch),
    "with a rejection": ({"approved": False, "reasons": ("no_loss",)}, GoodwillNeedsApproval),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_gift_is_refused_and_nothing_is_done(claim: Claim, worker: User, name: str):
    said, refusal = REFUSED[name]
    budget(claim)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(refusal), transaction.atomic():
        decide(claim, worker, **said)
    assert not Decision.objects.exists()
    assert (spent(), ClaimStatus.objects.get(pk=claim.pk).review) == (0, "in_review")


def test_a_budget_is_set_by_finance_with_a_note_and_not_below_what_is_spent(claim: Claim, worker: User):
    for said, refusal in (
        ({"set_by": worker}, RoleMissing), ({"note": " "}, Required), ({"currency": "won"}, CurrencyUnknown),
        ({"amount": -1}, AmountOutOfRange),
    ):  # fmt: skip
        with pytest.raises(refusal), transaction.atomic():
            budget(claim, **said)
    with pytest.raises(ReferenceUnknown), transaction.atomic():
        set_goodwill_budget(incident_id=0, currency="KRW", amount_minor=1, set_by=a_user("finance"), note="x", now=NOW)
    budget(claim)
    decide(claim, worker)
    with pytest.raises(BudgetBelowSpent), transaction.atomic():
        budget(claim, 999)
    assert budget(claim, 1000).amount_minor == 1000
    assert [event.data["amount"] for event in Event.objects.filter(kind="goodwill_budget_set")] == [[0, 2000], [2000, 1000]]
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodwillBudget.objects.update(spent_minor=1001)


def test_what_is_above_the_authority_with_the_gift_is_offered_to_a_second_person(claim: Claim, worker: User, checker: User):
    budget(claim, 3_000)
    proposal = decide(claim, worker, 2_000)
    assert isinstance(proposal, DecisionProposal)
    offer = GoodwillOffer.objects.get()
    assert (proposal.gives, offer.amount_minor, offer.reason) == ({"credit:KRW": 3250, "KRW": 2000}, 2000, "hardship")
    decision = confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    assert (Goodwill.objects.get().decision, spent()) == (decision, 2000)
    assert Event.objects.get(kind="goodwill_given").actor == checker


def test_the_budget_and_the_authority_are_asked_again_when_it_is_confirmed(claim: Claim, worker: User, checker: User):
    row = budget(claim, 3_000)
    proposal = decide(claim, worker, 2_000)
    GoodwillBudget.objects.filter(pk=row.pk).update(spent_minor=1_500)
    with pytest.raises(BudgetSpent), transaction.atomic():
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, spent(), Decision.objects.exists(), Payout.objects.exists()) == ("open", 1500, False, False)
    assert not AuthorityUsed.objects.filter(user=checker).exists()
    authority("checker", per_decision=5_249)
    with pytest.raises(AuthorityExceeded), transaction.atomic():
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)


def test_a_later_decision_asks_no_gift_back_and_takes_it_for_nothing_owed(claim: Claim, worker: User, checker: User):
    budget(claim)
    decide(claim, worker)
    newest = claim.assessments.get().pk
    assert differences_of(Answers([claim.pk], [newest], approved=True)) == []
    assert [one.quantity for one in differences_of(Answers([claim.pk], [newest], approved=False))] == [-3250]
    make_payment_run(made_by=a_user("finance"), note="x", now=NOW)
    reopen_claim(claim_id=claim.pk, reopened_by=checker, note="x", now=NOW)
    rejection = decide(claim, checker, None, approved=False, reasons=("no_loss",))
    assert [(kind, quantity) for kind, _, quantity in paid(claim)] == [("first", 3250), ("goodwill", 1000), ("recovery", -3250)]
    assert spent() == 1000
    assert "의무를 인정하는 것이 아닙니다" not in letter_of(rejection)  # it was said, once


def test_a_gift_is_not_taken_for_what_is_owed(nothing_owed: Claim, worker: User, checker: User):
    budget(nothing_owed)
    decide(nothing_owed, worker)
    reopen_claim(claim_id=nothing_owed.pk, reopened_by=checker, note="x", now=NOW)
    decide(nothing_owed, checker, None, approved=False, reasons=("no_loss",))
    assert paid(nothing_owed) == [("goodwill", "goodwill", 1000)]


def test_undo_takes_the_gift_back_and_restores_the_budget_exactly(claim: Claim, worker: User):
    budget(claim)
    for _ in range(2):
        decide(claim, worker)
        assert spent() == 1000
        undo_decision(claim_id=claim.pk, undone_by=worker, note="x", now=NOW)
        assert (spent(), ClaimStatus.objects.get(pk=claim.pk).payment) == (0, "nothing")
        AuthorityUsed.objects.update(quantity=0)
    goodwill = [(kind, quantity) for kind, remedy, quantity in paid(claim) if remedy == "goodwill"]
    assert goodwill == [("goodwill", 1000), ("undone", -1000)] * 2
    assert Event.objects.filter(kind="goodwill_given_back").count() == 2
    decide(claim, worker, None)
    assert spent() == 0


def test_a_gift_is_listed_by_itself_in_a_payment_run_and_not_undone_after_it(claim: Claim, worker: User):
    budget(claim)
    decide(claim, worker)
    paid_to(claim.person)
    run = make_payment_run(made_by=a_user("finance"), note="x", now=NOW)
    assert ("goodwill", 1000) in PaymentItem.objects.values_list("remedy", "quantity")
    assert b'"goodwill","KRW","KRW","1000"' in bytes(run.content)
    with pytest.raises(MoneyMoved), transaction.atomic():
        undo_decision(claim_id=claim.pk, undone_by=worker, note="x", now=NOW)
    assert spent() == 1000


def test_a_gift_answers_an_appeal_as_the_decision_does_that_it_is_given_with(nothing_owed: Claim, worker: User):
    budget(nothing_owed)
    rejected, other = decide(nothing_owed, worker, None, approved=False, reasons=["no_loss"]), a_user("caseworker")
    about: dict[str, Any] = {"claim_id": nothing_owed.pk, "decision_id": rejected.pk, "opened_by": other, "note": "x"}
    appeal = open_appeal(**about, kind="appeal", channel="phone", points=[ToldPoint("line", position=0)], now=NOW)
    made = decide(nothing_owed, other)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer, spent()) == ("accepted", made, 1000)
    assert [(kind, quantity) for kind, _, quantity in paid(nothing_owed)] == [("goodwill", 1000)]


def test_an_upheld_appeal_leaves_the_gift_where_it_is(claim: Claim, worker: User, checker: User):
    budget(claim)
    decision = decide(claim, worker)
    about: dict[str, Any] = {"claim_id": claim.pk, "decision_id": decision.pk, "opened_by": checker, "note": "x"}
    appeal = open_appeal(**about, kind="appeal", channel="phone",
                         points=[ToldPoint("line", position=0)], now=NOW)  # fmt: skip
    take_claim(claim_id=claim.pk, taken_by=checker, now=NOW)
    newest = claim.assessments.order_by("-run")[0].pk
    answer = answer_appeal(
        appeal_id=appeal.pk, accepted=False, assessment_id=newest, answered_by=checker, note="stands", now=NOW
    )  # fmt: skip
    assert [(kind, quantity) for kind, _, quantity in paid(claim)] == [("first", 3250), ("goodwill", 1000)]
    assert (spent(), "호의 보상" in letter_of(answer)) == (1000, False)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [{"kind": "goodwill", "remedy": "money"}, {"kind": "first"}, {"quantity": -5}])
def test_the_database_keeps_goodwill_apart(claim: Claim, worker: User, bad: dict[str, Any]):
    budget(claim)
    decide(claim, worker)
    row = Payout.objects.get(kind="goodwill")
    values = {field.attname: getattr(row, field.attname) for field in Payout._meta.concrete_fields if not field.primary_key}
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.create(**{**values, "rule": "another", **bad})
