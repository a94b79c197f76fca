"""Claims are decided by people: within their authority or by two, never their own; undone until money moves."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import PersonalData, User
from claims.models import (
    AuthorityUsed,
    Claim,
    ClaimStatus,
    Decision,
    DecisionProposal,
    DecisionUndone,
    Event,
    EvidenceItem,
    Letter,
    LetterDue,
    Payout,
    ReassessmentDue,
)
from claims.operations import (
    AlreadyDecided,
    AssessmentOutdated,
    AuthorityExceeded,
    ClaimMoved,
    MoneyMoved,
    NothingNewVerified,
    NothingToDecide,
    NothingToPay,
    OwnClaim,
    OwnProposal,
    ReasonUnknown,
    Required,
    ReviewedByAnother,
    ToldFact,
    TransitionNotAllowed,
    answer_payments,
    confirm_proposal,
    decide_claim,
    hold_claim,
    make_payment_run,
    publish_policy,
    record_facts,
    release_claim,
    reopen_claim,
    request_evidence,
    return_proposal,
    revise_claim,
    take_claim,
    undo_decision,
    verify_facts,
    withdraw_claim,
)
from claims.operations.decisions import EvidenceNotAsked
from claims.queries import payouts_of, waiting_sums
from claims.queries.letter import render_letter
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, authority, chase, claim_of, follow_up, outage, told, work_off
from tests.claims.test_evidence import BILL, policy_with_documents
from tests.worlds import world


def _in_review_again(claim: Claim, worker: User) -> None:
    hold_claim(claim_id=claim.pk, held_by=worker, note="x", now=NOW)
    release_claim(claim_id=claim.pk, released_by=worker, now=NOW)


BY_HAND = "{}"  # of a policy that lets no rule decide


@world
def claim(db: None) -> Claim:
    """3,250 won are owed: thirteen half hours."""
    incident = outage()
    a_policy(automatic=BY_HAND)
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return claim


@world
def worker(db: None) -> User:
    authority("caseworker", per_decision=5_000, per_day=6_500)
    return a_user("caseworker")


@world
def checker(db: None) -> User:
    authority("checker", per_decision=50_000, per_day=50_000)
    return a_user("checker")


def status_of(claim: Claim) -> tuple[str, str, str]:
    status = ClaimStatus.objects.get(pk=claim.pk)
    return (status.review, status.decision, status.payment)


def decide(claim: Claim, by: User, *, approved: bool = True, **more: object) -> Any:
    """The decision, or the proposal."""
    if ClaimStatus.objects.get(pk=claim.pk).review == "queued":
        take_claim(claim_id=claim.pk, taken_by=by, now=NOW)
    newest = claim.assessments.order_by("-run")[0]
    reasons = () if approved else ("no_loss",)
    said: dict[str, Any] = {"reasons": reasons, "assessment_id": newest.pk, **more}
    return decide_claim(claim_id=claim.pk, approved=approved, decided_by=by, now=NOW, **said)


def events(claim: Claim) -> list[str]:
    return [event.kind for event in Event.objects.filter(claim=claim, move__isnull=False).order_by("move")]


def test_what_no_rule_may_decide_waits_for_a_person_with_the_reason(claim: Claim):
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert status_of(claim) == ("queued", "undecided", "nothing")
    assert status.reasons == ["not_automatic:half_hours_of_messages"]
    assert not Payout.objects.exists()


def test_an_approval_pays_and_tells(claim: Claim, worker: User):
    decision = decide(claim, worker, note="looked at the ride")
    assert status_of(claim) == ("closed", "approved", "due")
    assert [(p.kind, p.quantity, p.decision) for p in claim.payouts.all()] == [("first", 3250, decision)]
    assert events(claim) == ["claim_queued", "claim_taken", "claim_approved"]
    event = Event.objects.get(kind="claim_approved")
    assert (event.actor, event.note.text, len(event.data["note"])) == (worker, "looked at the ride", 64)
    follow_up()
    assert "3,250" in bytes(Letter.objects.get(decision=decision).content).decode()


def test_a_rejection_names_its_reasons_and_tells_them(claim: Claim, worker: User):
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    for reasons, refusal in (((), Required), (("bad_mood",), ReasonUnknown)):
        with pytest.raises(refusal), transaction.atomic():
            decide(claim, worker, approved=False, reasons=reasons)
    with pytest.raises(ReasonUnknown), transaction.atomic():
        decide(claim, worker, reasons=("no_loss",))
    decision = decide(claim, worker, approved=False, reasons=("evidence_differs", "no_loss"))
    assert status_of(claim) == ("closed", "rejected", "nothing")
    assert not Payout.objects.exists()
    follow_up()
    letter = bytes(Letter.objects.get(decision=decision).content).decode()
    assert "자료가 말씀하신 내용과 다릅니다." in letter
    assert "다른 담당자가 다시 보도록" in letter


def test_evidence_that_did_not_come_was_asked_for(worker: User):
    """Else the letter says that something did not arrive for which nobody asked."""
    incident = outage()
    publish_policy(pack_yaml=policy_with_documents(), now=NOW)
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(EvidenceNotAsked) as refused, transaction.atomic():
        decide(claim, worker, approved=False, reasons=("no_evidence",))
    assert (refused.value.code, refused.value.field) == ("evidence_not_asked", "reasons")
    request_evidence(claim_id=claim.pk, asked=[BILL], requested_by=worker, override="x", now=NOW)
    _in_review_again(claim, worker)
    with pytest.raises(EvidenceNotAsked), transaction.atomic():  # until the day has come
        decide(claim, worker, approved=False, reasons=("no_evidence",))
    item = EvidenceItem.objects.get(claim=claim)
    EvidenceItem.objects.filter(pk=item.pk).update(state="received")
    _in_review_again(claim, worker)
    with pytest.raises(EvidenceNotAsked), transaction.atomic():
        decide(claim, worker, approved=False, reasons=("no_evidence",))
    EvidenceItem.objects.filter(pk=item.pk).update(state="missing")
    assert decide(claim, worker, approved=False, reasons=("no_evidence",)).reasons == ["no_evidence"]


def test_the_letter_of_a_rejection_gives_nothing_in_its_lines(claim: Claim, worker: User):
    """Whatever the calculation came to: `needs review` and a sum beside "no compensation is owed" contradict it."""
    decision = decide(claim, worker, approved=False, reasons=("not_the_user",))
    for language, given, calculated in (
        ("ko", "주지 않음 (계산으로는 3,250원)", "위의 까닭이 아니었다면 나왔을 계산입니다."),
        ("en", "not given (by calculation 3,250 won)", "But for the reasons above it would have come to this."),
    ):
        letter = render_letter(decision, language=language, now=NOW).decode()
        assert given in letter
        assert calculated in letter
        assert ("보상, 3,250원", "eligible, 3,250 won")[language == "en"] not in letter
        assert ("30일 안에 답해", "within 30 days of appealing")[language == "en"] in letter


def test_the_letter_of_an_approval_says_that_something_is_still_open(claim: Claim, worker: User):
    open_still = ("아직 정하지 못한 것도 있습니다.", "Something of it is not decided yet.")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    decision = decide(claim, worker)
    for language, said in zip(("ko", "en"), open_still, strict=True):
        assert said not in render_letter(decision, language=language, now=NOW).decode()
    reopen_claim(claim_id=claim.pk, reopened_by=worker, note="x", now=NOW)
    revise_claim(claim_id=claim.pk, losses=[told("unnamed_bank.banking")], cause="corrected", now=NOW)
    work_off()
    decision = decide(claim, worker)
    for language, said in zip(("ko", "en"), open_still, strict=True):
        assert said in render_letter(decision, language=language, now=NOW).decode()


def test_only_who_has_a_claim_in_review_decides_it(claim: Claim, worker: User):
    other = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(ReviewedByAnother):
        decide(claim, other)
    with pytest.raises(TransitionNotAllowed), transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=other, now=NOW)
    for role in ("finance", "auditor", "claimant"):
        with pytest.raises(RoleMissing):
            decide(claim, a_user(role))


def test_who_looked_at_something_else_decides_nothing(claim: Claim, worker: User):
    assessment = claim.assessments.get().pk
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(AssessmentOutdated):
        decide(claim, worker, assessment_id=assessment + 1)
    with pytest.raises(ClaimMoved):
        decide(claim, worker, moves=1)
    ReassessmentDue.objects.create(claim=claim, incident=claim.incident, cause="record", created_at=NOW)
    with pytest.raises(AssessmentOutdated):
        decide(claim, worker)
    assert not Decision.objects.exists()


def test_nothing_is_approved_where_nothing_is_owed(worker: User):
    incident = outage()
    a_policy(automatic=BY_HAND)
    claim = claim_of(a_person(), incident, told(start="14 15:30", end="14 22:00"))
    work_off()
    follow_up()
    with pytest.raises(NothingToDecide):
        decide(claim, worker)


# --- whose claim it is --------------------------------------------------------------------------------


def test_nobody_decides_his_own_claim(claim: Claim, worker: User):
    worker.person = claim.person
    worker.save()
    with pytest.raises(OwnClaim):
        decide(claim, worker)
    with pytest.raises(IntegrityError, match="own_claim"), transaction.atomic():
        Decision.objects.create(
            claim=claim, assessment=claim.assessments.get(), approved=True, decided_by=worker, decided_at=NOW
        )


def test_nobody_decides_a_claim_of_somebody_with_his_address(claim: Claim, worker: User):
    PersonalData.objects.filter(person=claim.person).update(email=worker.get_username().upper())
    with pytest.raises(OwnClaim):
        decide(claim, worker)


def test_the_second_person_is_not_the_claimant(claim: Claim, checker: User):
    authority("caseworker", per_decision=1_000)
    proposal = decide(claim, a_user("caseworker"))
    checker.person = claim.person
    checker.save()
    with pytest.raises(OwnClaim):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)


# --- how much -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("per_decision", "alone"), [(3_249, False), (3_250, True)])
def test_above_the_limit_of_a_decision_two_decide(claim: Claim, checker: User, per_decision: int, alone: bool):
    authority("caseworker", per_decision=per_decision)
    worker = a_user("caseworker")
    made = decide(claim, worker)
    assert isinstance(made, Decision) == alone
    if alone:
        return
    assert isinstance(made, DecisionProposal)
    assert (made.gives, made.asks_back, made.state) == ({"credit:KRW": 3250}, {}, "open")
    assert status_of(claim) == ("proposed", "undecided", "nothing")
    assert not Payout.objects.exists()
    decision = confirm_proposal(proposal_id=made.pk, confirmed_by=checker, now=NOW)
    assert (decision.decided_by, decision.checked_by, decision.proposal) == (worker, checker, made)
    assert status_of(claim) == ("closed", "approved", "due")
    assert Event.objects.get(kind="claim_approved").actor == checker


def test_without_a_limit_nobody_gives_anything_alone(claim: Claim):
    assert isinstance(decide(claim, a_user("caseworker")), DecisionProposal)


def test_a_rejection_needs_no_authority(claim: Claim):
    assert isinstance(decide(claim, a_user("caseworker"), approved=False), Decision)


def test_above_the_limit_of_a_day_two_decide(claim: Claim, worker: User):
    others = [claim_of(a_person(), claim.incident, told()) for _ in range(2)]
    work_off()
    follow_up()
    made = [decide(one, worker) for one in (claim, *others)]
    assert [isinstance(one, Decision) for one in made] == [True, True, False]
    assert AuthorityUsed.objects.get().quantity == 6_500
    tomorrow = NOW + timedelta(days=1)
    return_proposal(proposal_id=made[2].pk, returned_by=worker, note="I may tomorrow", now=NOW)
    take_claim(claim_id=others[1].pk, taken_by=worker, now=tomorrow)
    assessment = others[1].assessments.get().pk
    by = {"claim_id": others[1].pk, "assessment_id": assessment, "approved": True, "decided_by": worker}
    assert isinstance(decide_claim(**by, now=tomorrow), Decision)  # type: ignore[arg-type]


def test_a_proposal_is_confirmed_by_another_with_the_role_and_the_authority(claim: Claim):
    checker = a_user("checker")
    proposal = decide(claim, checker)
    with pytest.raises(OwnProposal):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    with pytest.raises(RoleMissing):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=a_user("caseworker"), now=NOW)
    with pytest.raises(AuthorityExceeded):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=a_user("checker"), now=NOW)
    with pytest.raises(IntegrityError, match="proposal_is_confirmed_by_another"), transaction.atomic():
        DecisionProposal.objects.update(state="confirmed", closed_by=checker, closed_at=NOW)
    assert status_of(claim) == ("proposed", "undecided", "nothing")


def test_a_returned_proposal_is_in_the_queue_with_the_reason(claim: Claim, checker: User):
    proposal = decide(claim, a_user("caseworker"))
    with pytest.raises(Required):
        return_proposal(proposal_id=proposal.pk, returned_by=checker, note=" ", now=NOW)
    with pytest.raises(RoleMissing), transaction.atomic():
        return_proposal(proposal_id=proposal.pk, returned_by=a_user("caseworker"), note="mine", now=NOW)
    return_proposal(proposal_id=proposal.pk, returned_by=checker, note="ask for the receipt", now=NOW)
    assert status_of(claim) == ("queued", "undecided", "nothing")
    assert ClaimStatus.objects.get(pk=claim.pk).reasons == ["returned"]
    assert Event.objects.get(kind="proposal_returned").note.text == "ask for the receipt"


def test_a_proposal_about_an_older_assessment_is_not_confirmed(claim: Claim, checker: User):
    proposal = decide(claim, a_user("caseworker"))
    revise_claim(claim_id=claim.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    with pytest.raises(AssessmentOutdated):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    work_off()
    follow_up()
    assert status_of(claim) == ("proposed", "undecided", "nothing")
    with pytest.raises(AssessmentOutdated):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)


def test_hold_outdates_a_proposal(claim: Claim, checker: User):
    proposal = decide(claim, a_user("caseworker"))
    hold_claim(claim_id=claim.pk, held_by=checker, note="fraud?", now=NOW)
    assert DecisionProposal.objects.get(pk=proposal.pk).state == "outdated"
    release_claim(claim_id=claim.pk, released_by=checker, now=NOW)
    assert status_of(claim) == ("queued", "undecided", "nothing")


# --- undone, and paid ----------------------------------------------------------------------------------


def test_a_decision_is_undone_row_by_row_until_money_moves(claim: Claim, worker: User, checker: User):
    decision = decide(claim, worker)
    assert LetterDue.objects.filter(decision=decision.pk).exists()
    with pytest.raises(Required):
        undo_decision(claim_id=claim.pk, undone_by=worker, note="", now=NOW)
    with pytest.raises(RoleMissing), transaction.atomic():
        undo_decision(claim_id=claim.pk, undone_by=a_user("caseworker"), note="not mine", now=NOW)
    undo_decision(claim_id=claim.pk, undone_by=worker, note="wrong claim", now=NOW)
    assert status_of(claim) == ("queued", "undecided", "nothing")
    assert [(p.kind, p.quantity) for p in claim.payouts.all()] == [("first", 3250), ("undone", -3250)]
    assert not LetterDue.objects.exists()
    again = decide(claim, checker)
    assert [(p.kind, p.quantity) for p in claim.payouts.filter(decision=again)] == [("first", 3250)]
    make_payment_run(made_by=a_user("finance"), note="weekly", now=NOW)
    with pytest.raises(MoneyMoved), transaction.atomic():
        undo_decision(claim_id=claim.pk, undone_by=checker, note="too late", now=NOW)
    with pytest.raises(IntegrityError, match="money_moved"), transaction.atomic():
        DecisionUndone.objects.create(decision_id=again.pk, undone_by=checker, undone_at=NOW)


def test_what_stood_before_an_undone_decision_stands_again(claim: Claim, worker: User):
    first = decide(claim, worker)
    revise_claim(claim_id=claim.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    assert status_of(claim) == ("queued", "approved", "due")
    work_off()
    follow_up()
    assert "decided_by_person" in ClaimStatus.objects.get(pk=claim.pk).reasons
    decide(claim, worker)
    assert sum(p.quantity for p in claim.payouts.all()) == 3750
    undo_decision(claim_id=claim.pk, undone_by=worker, note="not that one", now=NOW)
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert (status.stands_id, *status_of(claim)) == (first.pk, "queued", "approved", "due")
    assert sum(p.quantity for p in claim.payouts.all()) == 3250


def test_what_an_undone_decision_wrote_off_is_not_paid_again(claim: Claim, worker: User):
    decide(claim, worker)
    a_policy(won=200, automatic=BY_HAND)
    chase()
    work_off()
    follow_up()
    decide(claim, worker)
    undo_decision(claim_id=claim.pk, undone_by=worker, note="not that one", now=NOW)
    assert kinds_of(claim) == [("first", 3250), ("written_off", -650), ("written_off", 650)]
    assert [(one.before, one.after) for one in payouts_of(claim)] == [(0, 3250), (3250, 2600), (2600, 3250)]
    assert make_payment_run(made_by=a_user("finance"), note="weekly", now=NOW).lines.get().quantity == 3250
    decide(claim, worker)
    assert status_of(claim) == ("closed", "approved", "sent")
    assert claim.payouts.order_by("pk").last().quantity == -650  # type: ignore[union-attr]


def test_what_was_undone_no_rule_decides_again(claim: Claim, worker: User):
    decide(claim, worker)
    undo_decision(claim_id=claim.pk, undone_by=worker, note="wait", now=NOW)
    a_policy(won=260)  # this version lets rules decide
    chase()
    work_off()
    follow_up()
    assert claim.assessments.count() == 2
    assert status_of(claim) == ("queued", "undecided", "nothing")
    assert not Payout.objects.exclude(decision__undone__isnull=False).exists()


def test_a_payment_run_lists_what_is_due_once_and_is_answered_once(claim: Claim, worker: User):
    finance = a_user("finance")
    held = claim_of(a_person(), claim.incident, told())
    work_off()
    follow_up()
    decide(claim, worker)
    decide(held, worker)
    with pytest.raises(RoleMissing):
        make_payment_run(made_by=worker, note="weekly", now=NOW)
    run = make_payment_run(made_by=finance, note="weekly", now=NOW, most=1)
    lines = bytes(run.content).decode("utf-8-sig").splitlines()
    assert lines[0] == '"item","claim","person","remedy","unit","currency","quantity","payee"'
    assert lines[1:] == [f'"1","{claim.reference}","{claim.person.public_id}","credit","KRW","KRW","3250",""']
    assert status_of(claim)[2] == "sent"
    item = run.lines.get()
    answer_payments(run_id=run.pk, arrived=False, answered_by=finance, note="no such account", now=NOW)
    assert status_of(claim)[2] == "due"
    second = make_payment_run(made_by=finance, note="again", now=NOW)
    assert second.items == 2
    answer_payments(run_id=second.pk, arrived=True, answered_by=finance, now=NOW)
    assert status_of(claim)[2] == status_of(held)[2] == "paid"
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        type(item).objects.update(state="sent", told_by=None, told_at=None)
    for run_id in (run.pk, second.pk):
        with pytest.raises(Exception, match="said already"), transaction.atomic():
            answer_payments(run_id=run_id, arrived=True, answered_by=finance, now=NOW)


def test_a_held_claim_is_not_paid(claim: Claim, worker: User):
    decide(claim, worker)
    revise_claim(claim_id=claim.pk, facts=[ToldFact("is_member", True)], cause="corrected", now=NOW)
    hold_claim(claim_id=claim.pk, held_by=worker, note="two people with one account", now=NOW)
    assert status_of(claim) == ("held", "approved", "due")
    with pytest.raises(Exception, match="Nothing is approved"):
        make_payment_run(made_by=a_user("finance"), note="weekly", now=NOW)


def test_a_correction_after_payment_makes_a_recovery(claim: Claim, worker: User, checker: User):
    decide(claim, worker)
    finance = a_user("finance")
    run = make_payment_run(made_by=finance, note="weekly", now=NOW)
    answer_payments(run_id=run.pk, arrived=True, answered_by=finance, now=NOW)
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", False, provenance="staff")], now=NOW)
    work_off()
    follow_up()
    assert status_of(claim) == ("queued", "approved", "paid")
    decide(claim, checker, approved=False, reasons=("not_the_user",))
    assert status_of(claim) == ("closed", "rejected", "recovery")
    assert [(p.kind, p.quantity) for p in claim.payouts.all()] == [("first", 3250), ("recovery", -3250)]


def test_what_was_rejected_before_it_went_out_is_not_paid(claim: Claim, worker: User, checker: User):
    """Though it is too little to be asked back, and though it was written off before it failed to arrive. 780 won."""
    approve_little(claim, worker)
    reject: dict[str, Any] = {"approved": False, "reasons": ("not_the_user",)}
    decide(reopened(claim, checker), checker, **reject)
    assert kinds_of(claim) == [("first", 780), ("recovery", -780)]
    assert status_of(claim) == ("closed", "rejected", "nothing")
    follow_up()
    letter = bytes(Letter.objects.latest("pk").content).decode()
    assert "지급하지 않음 (아직 보내지 않은 것)" in letter
    assert ("환수하지 않음" in letter, "이미 받음" in letter) == (False, False)
    finance = a_user("finance")
    with pytest.raises(NothingToPay):
        make_payment_run(made_by=finance, note="weekly", now=NOW)

    undo_decision(claim_id=claim.pk, undone_by=checker, note="the other one", now=NOW)
    assert status_of(claim) == ("queued", "approved", "due")
    run = make_payment_run(made_by=finance, note="weekly", now=NOW)
    decide(claim, checker, **reject)
    assert kinds_of(claim)[-1] == ("written_off", -780), "it has gone"
    assert status_of(claim) == ("closed", "rejected", "sent")
    answer_payments(run_id=run.pk, arrived=False, answered_by=finance, note="no such account", now=NOW)
    assert kinds_of(claim)[-2:] == [("written_off", 780), ("undone", -780)], "and has come back"
    assert status_of(claim) == ("closed", "rejected", "nothing")
    assert waiting_sums([claim.pk]) == {}

    decide(reopened(claim, checker), worker)
    assert kinds_of(claim)[-1] == ("top_up", 780), "what is approved again is counted against somebody's limit again"
    assert status_of(claim) == ("closed", "approved", "due")
    assert make_payment_run(made_by=finance, note="weekly", now=NOW).lines.get().quantity == 780


def test_a_rejection_that_is_undone_after_its_payment_failed_leaves_what_was_due(claim: Claim, worker: User, checker: User):
    approve_little(claim, worker)
    finance = a_user("finance")
    run = make_payment_run(made_by=finance, note="weekly", now=NOW)
    decide(reopened(claim, checker), checker, approved=False, reasons=("not_the_user",))
    answer_payments(run_id=run.pk, arrived=False, answered_by=finance, note="no such account", now=NOW)
    undo_decision(claim_id=claim.pk, undone_by=checker, note="the other one", now=NOW)
    assert status_of(claim) == ("queued", "approved", "due")
    assert sum(quantity for _, quantity in kinds_of(claim)) == 780
    assert make_payment_run(made_by=finance, note="weekly", now=NOW).lines.get().quantity == 780


def approve_little(claim: Claim, by: User) -> None:
    """780 won, under a policy of their own."""
    a_policy(won=60, automatic=BY_HAND)
    chase()
    work_off()
    follow_up()
    decide(claim, by)


def reopened(claim: Claim, by: User) -> Claim:
    reopen_claim(claim_id=claim.pk, reopened_by=by, note="once more", now=NOW)
    return claim


def kinds_of(claim: Claim) -> list[tuple[str, int]]:
    return [(payout.kind, payout.quantity) for payout in claim.payouts.order_by("pk")]


# --- verified --------------------------------------------------------------------------------------------


def test_the_letter_says_what_was_found_other_than_was_said(worker: User):
    """Else the sum is other than what was foreseen, and nothing says why."""
    incident = outage()
    a_policy(needs="is_member", automatic=BY_HAND)
    claim = claim_of(a_person(), incident, told(), facts=[ToldFact("is_member", True)])
    work_off()
    follow_up()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    verify_facts(claim_id=claim.pk, facts=[ToldFact("is_member", False)], verified_by=worker, note="x", now=NOW)
    work_off()
    decision = decide(claim, worker, approved=False, reasons=("not_the_user",))
    for language, said in (
        ("ko", "x: 말씀하신 것 예, 확인된 것 아니오 (담당자 확인)"),
        ("en", "x: you said yes, found was no (verified by staff)"),
    ):
        letter = render_letter(decision, language=language, now=NOW).decode()
        assert said in letter, re.findall(r"<p>x:[^<]+", letter)


def test_what_staff_verify_takes_the_place_of_what_was_told(worker: User):
    incident = outage()
    a_policy(automatic=BY_HAND, needs="is_member")
    claim = claim_of(a_person(), incident, told(), facts=[ToldFact("is_member", False)])
    work_off()
    follow_up()
    said: dict[str, Any] = {"claim_id": claim.pk, "facts": [ToldFact("is_member", True)], "note": "the contract", "now": NOW}
    with pytest.raises(TransitionNotAllowed), transaction.atomic():
        verify_facts(verified_by=worker, **said)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    for wrong, refusal in (
        ({"note": " "}, Required), ({"facts": []}, Required), ({"moves": 0}, ClaimMoved),
        ({"verified_by": a_user("caseworker")}, ReviewedByAnother), ({"verified_by": a_user("auditor")}, RoleMissing),
    ):  # fmt: skip
        with pytest.raises(refusal), transaction.atomic():
            verify_facts(**{**said, "verified_by": worker, **wrong})
    verify_facts(verified_by=worker, **said)
    with pytest.raises(NothingNewVerified), transaction.atomic():
        verify_facts(verified_by=worker, **said)
    assert claim.facts.order_by("-pk")[0].provenance == "staff"
    event = Event.objects.get(kind="facts_verified")
    assert (event.actor, event.data["facts"], event.note.text) == (worker, ["is_member"], "the contract")
    with pytest.raises(AssessmentOutdated):
        decide(claim, worker)
    work_off()
    follow_up()
    assert status_of(claim)[0] == "in_review"
    assert isinstance(decide(claim, worker), Decision)
    assert sum(p.quantity for p in claim.payouts.all()) == 3250


# --- withdrawn -----------------------------------------------------------------------------------------


def test_a_claimant_withdraws_before_the_decision_and_may_come_back(claim: Claim, worker: User):
    claimant = a_user("claimant")
    with pytest.raises(RoleMissing):
        withdraw_claim(claim_id=claim.pk, withdrawn_by=claimant, now=NOW)
    claimant.person = claim.person
    claimant.save()
    withdraw_claim(claim_id=claim.pk, withdrawn_by=claimant, now=NOW)
    assert status_of(claim) == ("withdrawn", "undecided", "nothing")
    revise_claim(claim_id=claim.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    assert status_of(claim)[0] == "queued"
    work_off()
    follow_up()
    decide(claim, worker)
    with pytest.raises(AlreadyDecided):
        withdraw_claim(claim_id=claim.pk, withdrawn_by=claimant, now=NOW)
    with pytest.raises(Required):
        withdraw_claim(claim_id=claim.pk, withdrawn_by=worker, now=NOW)
