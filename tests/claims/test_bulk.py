"""Many claims are decided at once: looked at, begun within one's authority or confirmed, worked off with an answer for each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import PersonalData, User
from claims.models import BulkRun, Claim, ClaimStatus, Decision, Event, ReassessmentDue, Twin
from claims.operations import (
    AuthorityExceeded,
    OwnProposal,
    ReasonUnknown,
    Required,
    TransitionNotAllowed,
    UnknownBulkRun,
    begin_bulk,
    bulk,
    confirm_bulk,
    draft_bulk,
    drop_bulk,
    hold_claim,
    open_bulk_runs,
    take_claim,
    withdraw_loss,
    work_next_items,
)
from services.instants import OutOfRange
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off


@pytest.fixture
def claims(db: None) -> list[Claim]:
    """Six that owe 3,250 won each, and one that owes nothing."""
    incident = outage()
    a_policy(automatic="{}")
    made = [claim_of(a_person(), incident, told()) for _ in range(6)]
    made.append(claim_of(a_person(), incident, told(start="14 15:30", end="14 22:00")))
    work_off()
    follow_up()
    return made


@pytest.fixture
def worker(db: None) -> User:
    authority("caseworker", per_decision=5_000, per_day=20_000)
    return a_user("caseworker")


def draft(claims: list[Claim], by: User, what: str = "approve", **more: Any) -> BulkRun:
    return draft_bulk(what=what, claim_ids=[claim.pk for claim in claims], made_by=by, now=NOW, **more)


def items(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("claim_id").values_list("state", "code"))


def work(run: BulkRun, most: int = 2) -> None:
    while work_next_items(run_id=run.pk, now=NOW, most=most):
        pass


def test_a_preview_says_of_each_claim_what_would_be_given_or_why_not(claims: list[Claim], worker: User):
    taken, own, held, waiting, *_ = claims
    take_claim(claim_id=taken.pk, taken_by=a_user("caseworker"), now=NOW)
    PersonalData.objects.filter(person=own.person).update(email=worker.get_username().upper())
    hold_claim(claim_id=held.pk, held_by=worker, note="x", now=NOW)
    ReassessmentDue.objects.create(claim=waiting, incident=waiting.incident, cause="record", created_at=NOW)
    run = draft(claims, worker)
    assert items(run) == [
        ("refused", "reviewed_by_another"), ("refused", "conflict_of_interest"), ("refused", "transition_not_allowed"),
        ("refused", "assessment_outdated"), ("todo", ""), ("todo", ""), ("refused", "nothing_to_decide"),
    ]  # fmt: skip
    assert list(run.rows.filter(state="todo").values_list("gives", "asks_back")) == [({"credit:KRW": 3250}, {})] * 2
    assert (run.state, run.total, Decision.objects.count()) == ("drafted", 7, 0)


def test_a_sample_and_what_may_be_a_duplicate_are_approved_one_by_one(claims: list[Claim], worker: User):
    """Also where they came to be so after the preview; they may be rejected together."""
    sampled, twin, later, *_ = claims
    ClaimStatus.objects.filter(pk=sampled.pk).update(reasons=["sample:half_hours_of_messages"])
    hint = {"incident": twin.incident, "score": 80, "reasons": ["before_usage"], "found_at": NOW}
    Twin.objects.create(claim=twin, **hint)
    run = draft([sampled, twin, later, claims[3]], worker)
    assert items(run) == [("refused", "one_by_one"), ("refused", "one_by_one"), ("todo", ""), ("todo", "")]
    begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    Twin.objects.create(claim=later, **hint)
    work(run)
    assert items(run)[2:] == [("refused", "one_by_one"), ("done", "")]
    rejected = draft([sampled, twin], worker, what="reject", reasons=["duplicate"])
    assert items(rejected) == [("todo", ""), ("todo", "")]


@pytest.mark.parametrize("what", ["approve", "reject"])
def test_what_is_in_no_list_is_decided_by_who_has_read_it(claims: list[Claim], worker: User, what: str):
    """Also where it came after the preview; once it is taken back it is a claim like others."""
    bookshop = replace(told("unlisted"), words="동네 서점")
    before, later, *_ = claims
    claim_of(before.person, before.incident, bookshop)
    work_off()
    run = draft([before, later], worker, what=what, reasons=[] if what == "approve" else ["not_covered"])
    assert items(run) == [("refused", "in_no_list"), ("todo", "")]
    begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    claim_of(later.person, later.incident, bookshop)
    work_off()
    work(run)
    assert items(run) == [("refused", "in_no_list")] * 2
    assert not Decision.objects.exists()
    take_claim(claim_id=before.pk, taken_by=worker, now=NOW)
    loss = before.losses.get(service__code="unlisted")
    withdraw_loss(claim_id=before.pk, loss_id=loss.pk, reason="told_twice", withdrawn_by=worker, note="x", now=NOW)
    work_off()
    assert items(draft([before], worker)) == [("todo", "")]


def test_within_ones_authority_it_is_worked_off_at_once(claims: list[Claim], worker: User):
    run = begin_bulk(run_id=draft(claims, worker).pk, begun_by=worker, now=NOW)
    assert (run.state, open_bulk_runs()) == ("open", [run.pk])
    work(run)
    run.refresh_from_db()
    assert (run.state, run.checked_by) == ("done", None)
    assert items(run) == [("done", "")] * 6 + [("refused", "nothing_to_decide")]
    decisions = Decision.objects.filter(bulk_run=run)
    assert decisions.count() == 6
    assert {(one.decided_by, one.approved) for one in decisions} == {(worker, True)}
    assert {status.review for status in ClaimStatus.objects.filter(pk__in=[one.pk for one in claims[:6]])} == {"closed"}
    assert sum(p.quantity for claim in claims for p in claim.payouts.all()) == 6 * 3250
    moved = Event.objects.filter(kind="claim_approved")
    assert {(event.actor, event.data["bulk_run"]) for event in moved} == {(worker, run.pk)}
    assert Event.objects.get(kind="bulk_done").data == {"bulk_run": run.pk, "done": 6, "refused": 1}


@pytest.mark.parametrize(("per_decision", "per_day"), [(3_249, 100_000), (5_000, 19_499)])
def test_above_ones_authority_a_second_person_confirms_all_of_it(claims: list[Claim], per_decision: int, per_day: int):
    authority("caseworker", per_decision=per_decision, per_day=per_day)
    worker = a_user("caseworker")
    run = begin_bulk(run_id=draft(claims, worker).pk, begun_by=worker, now=NOW)
    assert (run.state, open_bulk_runs()) == ("proposed", [])
    checker = a_user("checker")
    with pytest.raises(AuthorityExceeded):
        confirm_bulk(run_id=run.pk, confirmed_by=checker, now=NOW)
    authority("checker", per_decision=5_000, per_day=50_000)
    with pytest.raises(RoleMissing):
        confirm_bulk(run_id=run.pk, confirmed_by=worker, now=NOW)
    confirm_bulk(run_id=run.pk, confirmed_by=checker, now=NOW)
    work(run)
    assert {(one.decided_by, one.checked_by) for one in Decision.objects.all()} == {(worker, checker)}
    assert Decision.objects.count() == 6


def test_nobody_confirms_or_begins_what_is_not_his_to(claims: list[Claim]):
    checker = a_user("checker")
    run = draft(claims, checker)
    with pytest.raises(OwnProposal):
        begin_bulk(run_id=run.pk, begun_by=a_user("checker"), now=NOW)
    begin_bulk(run_id=run.pk, begun_by=checker, now=NOW)
    with pytest.raises(OwnProposal):
        confirm_bulk(run_id=run.pk, confirmed_by=checker, now=NOW)
    with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
        BulkRun.objects.filter(pk=run.pk).update(checked_by=checker)
    with pytest.raises(TransitionNotAllowed):
        begin_bulk(run_id=run.pk, begun_by=checker, now=NOW)
    with pytest.raises(UnknownBulkRun):
        drop_bulk(run_id=run.pk + 1, dropped_by=checker, now=NOW)
    drop_bulk(run_id=run.pk, dropped_by=checker, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        confirm_bulk(run_id=run.pk, confirmed_by=a_user("checker"), now=NOW)
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        BulkRun.objects.filter(pk=run.pk).update(state="drafted", finished_at=None)


def test_many_are_rejected_with_reasons_and_without_authority(claims: list[Claim]):
    worker = a_user("caseworker")
    for reasons, refusal in (([], Required), (["bad_mood"], ReasonUnknown)):
        with pytest.raises(refusal):
            draft(claims, worker, "reject", reasons=reasons)
    with pytest.raises(ReasonUnknown):
        draft(claims, worker, reasons=["no_loss"])
    run = begin_bulk(run_id=draft(claims, worker, "reject", reasons=["no_loss"]).pk, begun_by=worker, now=NOW)
    work(run)
    assert {(one.approved, tuple(one.reasons)) for one in Decision.objects.all()} == {(False, ("no_loss",))}
    assert Decision.objects.count() == 7


def test_many_are_not_rejected_for_evidence_that_nobody_asked_for(claims: list[Claim]):
    run = draft(claims, a_user("caseworker"), "reject", reasons=["no_evidence"])
    assert set(items(run)) == {("refused", "evidence_not_asked")}


@pytest.mark.parametrize("most", [0, bulk.MOST + 1])
def test_none_or_too_many_are_refused(worker: User, most: int):
    with pytest.raises(OutOfRange):
        draft_bulk(what="approve", claim_ids=range(1, most + 1), made_by=worker, now=NOW)


def test_what_changed_since_the_preview_is_not_decided(claims: list[Claim], worker: User):
    run = begin_bulk(run_id=draft(claims[:3], worker).pk, begun_by=worker, now=NOW)
    hold_claim(claim_id=claims[0].pk, held_by=worker, note="x", now=NOW)
    ReassessmentDue.objects.create(claim=claims[1], incident=claims[1].incident, cause="record", created_at=NOW)
    work_off()
    work(run)
    assert items(run) == [("refused", "transition_not_allowed"), ("refused", "assessment_outdated"), ("done", "")]


def test_one_that_fails_is_refused_and_the_others_are_decided(
    claims: list[Claim], worker: User, monkeypatch: pytest.MonkeyPatch
):
    poisoned, decide = claims[2].pk, bulk._decide

    def failing(run: Any, assessed_by: int, chosen: Any, now: Any) -> None:
        if any(item.claim_id == poisoned for item in chosen):
            raise ArithmeticError("poison")
        decide(run, assessed_by, chosen, now)

    monkeypatch.setattr(bulk, "_decide", failing)
    run = begin_bulk(run_id=draft(claims[:6], worker).pk, begun_by=worker, now=NOW)
    work(run, most=4)
    assert items(run) == [("done", "")] * 2 + [("refused", "failed")] + [("done", "")] * 3
    run.refresh_from_db()
    assert run.state == "done"
