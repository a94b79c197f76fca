"""Nobody gives alone what needs two, by whatever way round; and nothing is answered that nobody has read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import PersonalData, User
from claims.models import BulkItem, BulkRun, Claim, ClaimStatus, Decision, DecisionProposal, News, Twin
from claims.operations import (
    AmountOutOfRange,
    ClaimMoved,
    DecidedBefore,
    MayBeDuplicate,
    MergeImpossible,
    MoneyAtStake,
    OwnClaim,
    OwnProposal,
    ProposalClosed,
    add_message,
    answer_payments,
    begin_bulk,
    confirm_bulk,
    confirm_proposal,
    decide_claim,
    dismiss_twin,
    draft_bulk,
    hold_claim,
    make_payment_run,
    merge_claims,
    release_claim,
    reopen_claim,
    set_authority,
    sort_claim,
    take_claim,
    undo_decision,
    withdraw_appeal,
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
from tests.claims.reply_cast import answer as answer_by
from tests.claims.reply_cast import template
from tests.claims.test_appeals import answer, appeal, by_hand, standing
from tests.worlds import world


@world
def claim(db: None) -> Claim:
    """Owes 3,250 won; a person decides."""
    incident = outage()
    a_policy(automatic="{}", remedy=CASH)
    made = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return made


@world
def worker(db: None) -> User:
    authority("caseworker", per_decision=5_000, per_day=20_000)
    return a_user("caseworker")


@world
def checker(db: None) -> User:
    authority("checker", per_decision=50_000, per_day=200_000)
    return a_user("checker")


@transaction.atomic
def bulk(claims: list[Claim], by: User, what: str = "approve", **more: Any) -> BulkRun:
    return draft_bulk(what=what, claim_ids=[one.pk for one in claims], made_by=by, now=NOW, **more)


def worked(run: BulkRun) -> list[tuple[str, str]]:
    while work_next_items(run_id=run.pk, now=NOW):
        pass
    return list(run.rows.order_by("claim_id").values_list("state", "code"))


def reach(claim: Claim, user: User) -> None:
    """The claimant is reached where this user is."""
    PersonalData.objects.update_or_create(person=claim.person, defaults={"email": user.get_username().upper()})


def test_who_decided_what_was_appealed_does_not_decide_it_in_a_bulk_run(claim: Claim, worker: User):
    by_hand(claim, worker, approved=False)
    other = a_user("caseworker")
    answer(appeal(claim), other, accepted=False, reasons=["no_loss"])
    with pytest.raises(DecidedBefore):
        reopen_claim(claim_id=claim.pk, reopened_by=worker, note="once more", now=NOW)
    reopen_claim(claim_id=claim.pk, reopened_by=other, note="once more", now=NOW)
    assert worked(bulk([claim], worker, "reject", reasons=["no_loss"])) == [("refused", "decided_before")]
    assert worked(bulk([claim], a_user("caseworker"))) == [("todo", "")]


def again(user: User, other: User | None = None) -> User:
    """Another log-in of the same person."""
    other = other or a_user("caseworker")
    user.person = other.person = a_person()
    for one in (user, other):
        one.save(update_fields=["person"])
    return other


def test_another_log_in_had_a_part_as_well(claim: Claim, worker: User):
    same = again(worker)
    by_hand(claim, worker, approved=False)
    opened = appeal(claim)
    with pytest.raises(DecidedBefore):
        take_claim(claim_id=claim.pk, taken_by=same, now=NOW)
    other = a_user("caseworker")
    answer(opened, other, accepted=False, reasons=["no_loss"])
    reopen_claim(claim_id=claim.pk, reopened_by=other, note="once more", now=NOW)
    assert worked(bulk([claim], same, "reject", reasons=["no_loss"])) == [("refused", "decided_before")]


@pytest.mark.parametrize("first", [True, False], ids=["the first log-in gives", "the second"])
def test_what_one_gives_in_a_day_is_one_sum_for_all_log_ins(claim: Claim, first: bool):
    """Also what a log-in gave before it was linked to the person."""
    authority("caseworker", per_decision=5_000, per_day=5_000)
    other, worker, second = claim_of(a_person(), claim.incident, told()), a_user("caseworker"), a_user("caseworker")
    if not first:
        worker, second = second, worker
    work_off()
    follow_up()
    by_hand(claim, worker)
    same = again(worker, second)
    take_claim(claim_id=other.pk, taken_by=same, now=NOW)
    made = decide_claim(
        claim_id=other.pk, assessment_id=other.assessments.get().pk, approved=True, decided_by=same, now=NOW
    )  # fmt: skip
    assert isinstance(made, DecisionProposal)


def test_who_confirms_a_bulk_run_gives_nothing_to_himself(claim: Claim, checker: User):
    authority("caseworker", per_decision=1_000, per_day=1_000)
    other = claim_of(a_person(), claim.incident, told())
    work_off()
    follow_up()
    worker = a_user("caseworker")
    reach(claim, checker)
    run = begin_bulk(run_id=bulk([claim, other], worker).pk, begun_by=worker, now=NOW)
    confirm_bulk(run_id=run.pk, confirmed_by=checker, now=NOW)
    assert worked(run) == [("refused", "conflict_of_interest"), ("done", "")]


def test_a_bulk_run_pays_what_was_counted_or_nothing(claim: Claim, worker: User):
    by_hand(claim, worker)
    reopen_claim(claim_id=claim.pk, reopened_by=worker, note="once more", now=NOW)
    run = bulk([claim], worker)
    assert run.rows.get().gives == {}, "it was given already"
    undo_decision(claim_id=claim.pk, undone_by=worker, note="not so", now=NOW)
    begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    assert worked(run) == [("refused", "amount_changed")]
    assert not Decision.objects.filter(bulk_run=run).exists()


def test_one_that_failed_is_marked_and_no_other(claim: Claim, worker: User, monkeypatch: pytest.MonkeyPatch):
    run = begin_bulk(run_id=bulk([claim], worker).pk, begun_by=worker, now=NOW)

    first = run.rows.get()
    real = BulkItem.objects.filter

    def decided_elsewhere(*args: Any, **named: Any) -> Any:
        """Another worker got it between the failure and the mark."""
        if "pk__in" in named:
            assert list(named["pk__in"]) == [first.pk]
            real(pk=first.pk).update(state="done")
        return real(*args, **named)

    monkeypatch.setattr("claims.operations.bulk._decide_items", lambda *_: 1 / 0)
    monkeypatch.setattr(BulkItem.objects, "filter", decided_elsewhere)
    assert work_next_items(run_id=run.pk, now=NOW, most=1)
    assert list(real(run=run).values_list("state", "code")) == [("done", "")]


def test_an_undone_decision_takes_the_proposal_of_another_with_it(claim: Claim, worker: User, checker: User):
    by_hand(claim, worker, approved=False)
    reopen_claim(claim_id=claim.pk, reopened_by=checker, note="once more", now=NOW)
    authority("caseworker", per_decision=1_000, per_day=1_000)
    other = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=other, now=NOW)
    proposal = propose(claim, other)
    undo_decision(claim_id=claim.pk, undone_by=worker, note="not so", now=NOW)
    with pytest.raises(ProposalClosed):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    assert ClaimStatus.objects.get(pk=claim.pk).review == "queued"


def propose(claim: Claim, by: User) -> DecisionProposal:
    made = decide_claim(
        claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=by, now=NOW
    )  # fmt: skip
    assert isinstance(made, DecisionProposal)
    return made


def test_a_held_claim_stays_held_when_its_decision_is_undone(claim: Claim, worker: User):
    by_hand(claim, worker)
    reopen_claim(claim_id=claim.pk, reopened_by=worker, note="once more", now=NOW)
    hold_claim(claim_id=claim.pk, held_by=worker, note="police", now=NOW)
    undo_decision(claim_id=claim.pk, undone_by=worker, note="not so", now=NOW)
    assert ClaimStatus.objects.get(pk=claim.pk).review == "held"


def test_nobody_releases_or_opens_his_own_claim(claim: Claim, worker: User):
    hold_claim(claim_id=claim.pk, held_by=a_user("caseworker"), note="police", now=NOW)
    reach(claim, worker)
    with pytest.raises(OwnClaim):
        release_claim(claim_id=claim.pk, released_by=worker, now=NOW)
    other = a_user("caseworker")
    release_claim(claim_id=claim.pk, released_by=other, now=NOW)
    by_hand(claim, other, approved=False)
    with pytest.raises(OwnClaim):
        reopen_claim(claim_id=claim.pk, reopened_by=worker, note="x", now=NOW)


def test_who_decided_does_not_say_that_the_appeal_is_dropped(claim: Claim, worker: User):
    by_hand(claim, worker, approved=False)
    one = appeal(claim)
    with pytest.raises(DecidedBefore):
        withdraw_appeal(appeal_id=one.pk, withdrawn_by=worker, note="told by phone", now=NOW)
    assert (
        withdraw_appeal(appeal_id=one.pk, withdrawn_by=a_user("caseworker"), note="told by phone", now=NOW).state == "withdrawn"
    )


@pytest.mark.parametrize(("per_decision", "per_day"), [(50_001, 60_000), (50_000, 200_001)])
def test_a_checker_gives_no_role_more_than_checkers_have(checker: User, per_decision: int, per_day: int):
    said: dict[str, Any] = {"role": "caseworker", "unit": "KRW", "set_by": checker, "now": NOW}
    with pytest.raises(AmountOutOfRange):
        set_authority(per_decision=per_decision, per_day=per_day, **said)
    set_authority(per_decision=50_000, per_day=200_000, **said)


def test_two_log_ins_of_one_person_are_one(claim: Claim, checker: User):
    authority("caseworker", per_decision=1_000, per_day=1_000)
    worker = a_user("caseworker")
    User.objects.filter(pk__in=[worker.pk, checker.pk]).update(person=a_person())
    worker.refresh_from_db()
    checker.refresh_from_db()
    run = begin_bulk(run_id=bulk([claim], worker).pk, begun_by=worker, now=NOW)
    with pytest.raises(OwnProposal):
        confirm_bulk(run_id=run.pk, confirmed_by=checker, now=NOW)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(OwnProposal):
        confirm_proposal(proposal_id=propose(claim, worker).pk, confirmed_by=checker, now=NOW)


def test_money_that_did_not_arrive_and_is_owed_no_more_is_nothing(claim: Claim, worker: User):
    finance = a_user("finance")
    by_hand(claim, worker)
    paid_to(claim.person)
    run = make_payment_run(made_by=finance, note="weekly", now=NOW)
    reopen_claim(claim_id=claim.pk, reopened_by=worker, note="once more", now=NOW)
    by_hand(claim, worker, approved=False)
    answer_payments(run_id=run.pk, arrived=False, answered_by=finance, note="no such account", now=NOW)
    assert ClaimStatus.objects.get(pk=claim.pk).payment == "nothing"
    assert not News.objects.filter(kind="unpaid").exists(), "nothing is sent again"


def test_a_message_that_came_in_between_is_read_before_the_appeal_is_answered(claim: Claim, worker: User):
    by_hand(claim, worker, approved=False)
    one, other = appeal(claim), a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=other, now=NOW)
    moves = ClaimStatus.objects.get(pk=claim.pk).moves
    add_message(claim_id=claim.pk, text="영수증을 찾았습니다.", now=NOW)
    with pytest.raises(ClaimMoved):
        answer(one, other, accepted=False, reasons=["no_loss"], moves=moves)


def test_what_may_be_claimed_twice_is_approved_by_nobody_before_somebody_has_looked_at_both(claim: Claim, worker: User):
    """Alone or by two, also where the hint came in between; it may be rejected, and what was withdrawn takes nothing twice."""
    other = claim_of(a_person(), claim.incident, told())
    work_off()
    follow_up()
    checker = a_user("checker")
    authority("checker", per_decision=50_000, per_day=50_000)
    hint: dict[str, Any] = {"score": 60, "reasons": ["same_phone"], "found_at": NOW}
    twin = Twin.objects.create(claim=other, other=claim, incident=claim.incident, **hint)
    with pytest.raises(MayBeDuplicate, match=other.reference):
        by_hand(claim, worker)
    Twin.objects.update(score=59)
    authority("caseworker", per_decision=1_000, per_day=1_000)
    proposal = propose(claim, worker)
    Twin.objects.update(score=60)
    with pytest.raises(MayBeDuplicate), transaction.atomic():
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    client = Client()
    client.force_login(checker)
    page = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert f">{other.reference}</a>" in page.split("h-why")[2].split("</section>")[0]
    dismiss_twin(twin_id=twin.pk, dismissed_by=a_user("caseworker"), note="a couple", now=NOW)
    confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    assert ClaimStatus.objects.get(pk=claim.pk).decision == "approved"


def test_a_claim_with_an_open_appeal_is_merged_into_none(claim: Claim, worker: User):
    into = claim_of(a_person(), claim.incident, told())
    work_off()
    follow_up()
    by_hand(claim, worker, approved=False)
    appeal(claim)
    with pytest.raises(MergeImpossible):
        merge_claims(claim_id=claim.pk, into_id=into.pk, merged_by=a_user("caseworker"), note="twice", now=NOW)
    assert standing(claim) is not None


def test_what_rules_leave_open_is_not_answered_away(db: None, worker: User, checker: User):
    incident = outage()
    a_policy(needs="is_member", automatic="{}", remedy=CASH)
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    assert {line.outcome for line in claim.assessments.get().lines.all()} == {"unknown"}
    sort_claim(claim_id=claim.pk, kind="impact", sorted_by=worker, note="no money", now=NOW)
    with pytest.raises(MoneyAtStake):
        answer_by(claim, template(checker), worker)
