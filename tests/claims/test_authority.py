"""Limits are of every unit, of what is asked back too, and of what a rule decides on the word of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import (
    AuthorityUsed,
    BulkRun,
    Claim,
    ClaimStatus,
    Decision,
    DecisionProposal,
    Event,
    PaymentItem,
    PaymentRun,
    Payout,
)
from claims.operations import (
    AuthorityExceeded,
    OwnProposal,
    PayeeOfOne,
    ToldFact,
    UnitUnknown,
    answer_payments,
    begin_bulk,
    confirm_bulk,
    confirm_proposal,
    decide_claim,
    draft_bulk,
    make_payment_run,
    put_back_claim,
    record_facts,
    reopen_claim,
    return_proposal,
    set_authority,
    take_claim,
    verify_facts,
    withdraw_loss,
    work_next_items,
)
from tests.builders import (
    CASH,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    paid_to,
    told,
    work_off,
)
from tests.race.together import in_transaction

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def finance(db: None) -> User:
    return a_user("finance")


@pytest.fixture
def worker(db: None) -> User:
    authority("caseworker", per_decision=1, per_day=1)
    return a_user("caseworker")


@pytest.fixture
def checker(db: None) -> User:
    authority("checker")
    return a_user("checker")


def settled(*, many: int = 1, **policy: Any) -> list[Claim]:
    """Each owes 3,250; unless the policy says otherwise a rule approves it."""
    incident = outage()
    a_policy(**policy)
    made = [claim_of(a_person(), incident, told()) for _ in range(many)]
    work_off()
    follow_up()
    return made


@transaction.atomic
def pay(finance: User) -> PaymentRun:
    return make_payment_run(made_by=finance, note="x", now=NOW)


def arrived(finance: User) -> None:
    run = pay(finance)
    in_transaction(answer_payments, run_id=run.pk, arrived=True, answered_by=finance, now=NOW)()


def decide(claim: Claim, by: User, *, approved: bool = False) -> Any:
    """As a person would; a rejection says that nothing was lost."""
    status = ClaimStatus.objects.get(pk=claim.pk)
    if status.review == "closed":
        in_transaction(reopen_claim, claim_id=claim.pk, reopened_by=by, note="x", now=LATER)()
    in_transaction(take_claim, claim_id=claim.pk, taken_by=by, now=LATER)()
    said = {"assessment_id": claim.assessments.order_by("-pk")[0].pk, "reasons": [] if approved else ["no_loss"]}
    return in_transaction(decide_claim, claim_id=claim.pk, approved=approved, decided_by=by, now=LATER, **said)()


@transaction.atomic
def rejections(claims: list[Claim], by: User) -> BulkRun:
    for claim in claims:
        reopen_claim(claim_id=claim.pk, reopened_by=by, note="x", now=LATER)
    return draft_bulk(what="reject", claim_ids=[one.pk for one in claims], made_by=by, now=LATER, reasons=["no_loss"])


# --- asked back -----------------------------------------------------------------------------------------


def test_a_claw_back_above_the_limit_waits_for_a_second_person(worker: User, checker: User, finance: User):
    (claim,) = settled()
    arrived(finance)
    proposal = decide(claim, worker)
    assert isinstance(proposal, DecisionProposal)
    assert (proposal.approved, proposal.reasons, proposal.gives, proposal.asks_back) == (
        False,
        ["no_loss"],
        {},
        {"credit:KRW": 3250},
    )
    assert not Payout.objects.filter(kind="recovery").exists()
    with pytest.raises(OwnProposal):
        in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=also_checker(worker), now=LATER)()
    made = in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=LATER)()
    assert (made.approved, made.reasons, made.decided_by, made.checked_by) == (False, ["no_loss"], worker, checker)
    assert Payout.objects.get(kind="recovery").quantity == -3250
    assert AuthorityUsed.objects.get(user=checker).quantity == 3250


def also_checker(user: User) -> User:
    """Another log-in of the same person, who may confirm."""
    other = a_user("checker")
    user.person = other.person = a_person()
    for one in (user, other):
        one.save(update_fields=["person"])
    return other


def test_a_checker_does_not_confirm_a_claw_back_above_his_own_limit_and_it_can_be_returned(worker: User, finance: User):
    authority("checker", per_decision=3_249)
    (claim,), checker = settled(), a_user("checker")
    arrived(finance)
    proposal = decide(claim, worker)
    with pytest.raises(AuthorityExceeded, match="3,250 KRW"):
        in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=LATER)()
    in_transaction(return_proposal, proposal_id=proposal.pk, returned_by=checker, note="x", now=LATER)()
    assert not Decision.objects.filter(approved=False).exists()


@pytest.mark.parametrize("gone", [False, True], ids=["nothing has gone out", "it is on its way"])
def test_only_what_has_gone_out_is_asked_back(worker: User, finance: User, gone: bool):
    (claim,) = settled()
    if gone:
        pay(finance)
    assert isinstance(decide(claim, worker), DecisionProposal if gone else Decision)


def test_within_the_limit_one_asks_back_alone_and_it_is_counted(finance: User):
    authority("caseworker", per_decision=5_000, per_day=5_000)
    claims, worker = settled(many=2), a_user("caseworker")
    arrived(finance)
    assert isinstance(decide(claims[0], worker), Decision)
    assert AuthorityUsed.objects.get().quantity == 3250
    assert isinstance(decide(claims[1], worker), DecisionProposal), "above what is left of the day"


def test_a_bulk_rejection_shows_what_it_asks_back_and_needs_a_second_person(worker: User, checker: User, finance: User):
    claims = settled(many=3)
    arrived(finance)
    run = rejections(claims, worker)
    assert list(run.rows.values_list("gives", "asks_back")) == [({}, {"credit:KRW": 3250})] * 3
    assert in_transaction(begin_bulk, run_id=run.pk, begun_by=worker, now=LATER)().state == "proposed"
    in_transaction(confirm_bulk, run_id=run.pk, confirmed_by=checker, now=LATER)()
    assert AuthorityUsed.objects.get(user=checker).quantity == 3 * 3250
    while work_next_items(run_id=run.pk, now=LATER):
        pass
    assert [payout.quantity for payout in Payout.objects.filter(kind="recovery")] == [-3250] * 3


def test_what_goes_out_after_the_preview_is_not_asked_back_by_it(worker: User, finance: User):
    (claim,) = settled()
    run = rejections([claim], worker)
    assert run.rows.get().asks_back == {}
    assert in_transaction(begin_bulk, run_id=run.pk, begun_by=worker, now=LATER)().state == "open"
    pay(finance)
    while work_next_items(run_id=run.pk, now=LATER):
        pass
    assert (run.rows.get().code, Payout.objects.filter(kind="recovery").count()) == ("amount_changed", 0)


# --- units ----------------------------------------------------------------------------------------------

POINTS = "{instrument: points, unit: point}"


def test_what_is_no_money_has_its_limit_too(checker: User):
    authority("caseworker")  # of won
    first, second, third = settled(many=3, automatic="{}", remedy=POINTS)
    worker = a_user("caseworker")
    proposal = decide(first, worker, approved=True)
    assert isinstance(proposal, DecisionProposal)
    assert proposal.gives == {"point": 3250}
    with pytest.raises(AuthorityExceeded, match="3,250 point"):
        in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=LATER)()
    authority("caseworker", "point", per_decision=3_250, per_day=4_000)
    assert isinstance(decide(second, worker, approved=True), Decision)
    assert isinstance(decide(third, worker, approved=True), DecisionProposal), "above what is left of the day"
    assert {(used.unit, used.quantity) for used in AuthorityUsed.objects.filter(user=worker)} == {("point", 3250)}


def test_many_at_once_are_counted_by_unit(worker: User):
    claims = settled(many=2, automatic="{}", remedy=POINTS)
    with transaction.atomic():
        run = draft_bulk(what="approve", claim_ids=[one.pk for one in claims], made_by=worker, now=LATER)
    assert in_transaction(begin_bulk, run_id=run.pk, begun_by=worker, now=LATER)().state == "proposed"


@pytest.mark.parametrize("unit", ["points", "won", "", "krw", "Point"])
def test_a_limit_of_what_no_policy_gives_is_refused(db: None, unit: str):
    a_policy(remedy=POINTS)
    with pytest.raises(UnitUnknown, match="KRW, or one of point"):
        in_transaction(set_authority, role="checker", unit=unit, per_decision=1, per_day=1, set_by=None, now=NOW)()


# --- on the word of one ---------------------------------------------------------------------------------


def taken(claim: Claim, worker: User) -> dict[str, Any]:
    in_transaction(take_claim, claim_id=claim.pk, taken_by=worker, now=LATER)()
    return {"claim_id": claim.pk, "note": "x", "now": LATER}


def back_to_rules(claim: Claim, worker: User) -> ClaimStatus:
    in_transaction(put_back_claim, claim_id=claim.pk, put_back_by=worker, note="x", now=LATER)()
    work_off()
    follow_up()
    return ClaimStatus.objects.get(pk=claim.pk)


def test_what_staff_verify_no_rule_approves(worker: User):
    (claim,) = settled(needs="is_member")
    about = taken(claim, worker)
    in_transaction(verify_facts, facts=[ToldFact("is_member", True)], verified_by=worker, **about)()
    status = back_to_rules(claim, worker)
    assert (status.review, status.reasons, Decision.objects.count()) == ("queued", ["staff_word"], 0)
    assert isinstance(decide(claim, worker, approved=True), DecisionProposal)


def test_what_staff_withdraw_no_rule_asks_back(worker: User, finance: User):
    incident = outage()
    a_policy()
    claim = claim_of(a_person(), incident, told(), told(start="20 10:00", end="20 11:00"))
    work_off()
    follow_up()
    arrived(finance)
    in_transaction(reopen_claim, claim_id=claim.pk, reopened_by=worker, note="x", now=LATER)()
    about, loss = taken(claim, worker), claim.losses.order_by("pk")[0].pk
    in_transaction(withdraw_loss, loss_id=loss, reason="not_lost", withdrawn_by=worker, **about)()
    assert back_to_rules(claim, worker).reasons == ["staff_word"]
    assert not Payout.objects.filter(kind="recovery").exists()
    assert isinstance(decide(claim, worker), DecisionProposal)


@pytest.mark.parametrize("staff", [False, True], ids=["the claimant", "staff"])
def test_what_claimants_correct_by_themselves_rules_decide(db: None, staff: bool):
    incident, author = outage(), a_user("caseworker") if staff else a_user()
    a_policy()
    claim = claim_of(a_person(), incident, told())
    if not staff:
        author.person = claim.person
        author.save(update_fields=["person"])
    in_transaction(record_facts, claim_id=claim.pk, facts=[ToldFact("is_member", True)], author=author, now=NOW)()
    work_off()
    follow_up()
    assert ClaimStatus.objects.get(pk=claim.pk).reasons == (["staff_word"] if staff else [])
    assert Decision.objects.count() == (0 if staff else 1)


def test_an_account_that_one_entered_counts_against_his_authority_where_a_rule_approved(worker: User, finance: User):
    """Above it somebody else enters the same account; whoever enters another one is alone again."""
    (claim,) = settled(remedy=CASH)
    paid_to(claim.person, by=worker)
    with pytest.raises(PayeeOfOne):
        pay(finance)
    paid_to(claim.person, "110-9999-9999", by=a_user("caseworker"))
    with pytest.raises(PayeeOfOne):
        pay(finance)
    assert not AuthorityUsed.objects.filter(quantity__gt=0).exists()
    paid_to(claim.person, by=a_user("caseworker"))
    assert pay(finance).lines.get().claim_id == claim.pk
    assert not AuthorityUsed.objects.filter(quantity__gt=0).exists(), "two have said it"


def test_another_log_in_of_the_same_person_is_no_second_one(worker: User, finance: User):
    (claim,), other = settled(remedy=CASH), a_user("caseworker")
    worker.person = other.person = a_person()
    for one in (worker, other):
        one.save(update_fields=["person"])
        paid_to(claim.person, by=one)
    with pytest.raises(PayeeOfOne):
        pay(finance)


def test_as_many_go_out_as_a_day_of_his_authority_lets(finance: User):
    authority("caseworker", per_decision=3_250, per_day=7_000)
    claims, worker = settled(many=4, remedy=CASH), a_user("caseworker")
    for claim in claims[:3]:
        paid_to(claim.person, f"110-1111-222{claim.pk}", by=worker)
    paid_to(claims[3].person, "110-1111-3333")  # by a command
    run = pay(finance)
    assert [item.claim_id for item in run.lines.order_by("pk")] == [claims[0].pk, claims[1].pk, claims[3].pk]
    assert AuthorityUsed.objects.get().quantity == 6_500
    assert Event.objects.get(kind="payment_run_made").data["left_out"] == 1
    with pytest.raises(PayeeOfOne):
        pay(finance)
    with transaction.atomic():
        make_payment_run(made_by=finance, note="x", now=NOW + timedelta(days=1))
    assert PaymentItem.objects.count() == 4


def test_what_people_decided_goes_where_one_of_them_said(finance: User, checker: User):
    authority("caseworker")
    (claim,), worker = settled(automatic="{}"), a_user("caseworker")
    decide(claim, worker, approved=True)
    authority("caseworker", per_decision=1, per_day=1)
    paid_to(claim.person, by=worker)
    assert pay(finance).lines.get().claim_id == claim.pk
