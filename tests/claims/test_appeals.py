"""Claimants object to decisions: what may be appealed and pointed at, by whom, and who answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import Person, User
from claims.models import (
    Appeal,
    AppealPoint,
    AppealWords,
    Claim,
    ClaimStatus,
    Cohort,
    Decision,
    DecisionProposal,
    Event,
    LetterDue,
    Payout,
    SettlementDue,
)
from claims.operations import (
    AnswersAppeal,
    AppealClosed,
    AppealOpen,
    AssessmentOutdated,
    DecidedBefore,
    DecidedByPerson,
    DecisionReplaced,
    NothingOtherwise,
    NothingToDecide,
    OwnClaim,
    PointsMissing,
    PointUnknown,
    ReasonUnknown,
    Required,
    ReviewedByAnother,
    SumDiffers,
    ToldFact,
    ToldPoint,
    TransitionNotAllowed,
    UnknownAppeal,
    UnknownClaim,
    UnknownDecision,
    answer_appeal,
    assign_claim,
    confirm_proposal,
    decide_claim,
    hold_claim,
    open_appeal,
    publish_policy,
    record_facts,
    release_claim,
    reopen_claim,
    return_proposal,
    revise_claim,
    set_alarm,
    settle_next,
    take_claim,
    undo_decision,
    withdraw_appeal,
)
from claims.operations.settlement import settle_again
from claims.queries import ExplanationUnavailable, overdue_appeals, pointable
from claims.queries import appeals as queries
from services.instants import TimezoneRequired
from services.refusals import InvalidValue
from services.staff import RoleMissing
from tests.builders import (
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    pack,
    told,
    work_off,
)
from tests.databases import owner_connection
from tests.worlds import world

CODE = "half_hours_of_messages"
OTHER = ToldPoint("other", words="it was longer")


def decided(*, automatic: str = "{approve_up_to: most, reject: true}", member: bool = True) -> Claim:
    """A claim of somebody who is a member, which pays 3,250 won, or is not, which pays nothing."""
    incident = outage()
    a_policy(needs="is_member", automatic=automatic)
    claim = claim_of(a_person(), incident, told(), facts=[ToldFact("is_member", member, "staff")])
    look_again()
    return claim


def look_again() -> None:
    work_off()
    follow_up()


@world
def rejected(db: None) -> Claim:
    """By rule: the claimant is no member."""
    return decided(member=False)


@world
def approved(db: None) -> Claim:
    """By rule."""
    return decided()


@world
def worker(db: None) -> User:
    authority("caseworker", per_decision=5_000, per_day=50_000)
    return a_user("caseworker")


def login_of(person: Person) -> User:
    user = a_user("claimant")
    user.person = person
    user.save()
    return user


def standing(claim: Claim) -> Decision:
    decision = ClaimStatus.objects.select_related("stands").get(pk=claim.pk).stands
    assert decision is not None
    return decision


@transaction.atomic
def appeal(claim: Claim, *points: ToldPoint, by: User | None = None, **more: Any) -> Appeal:
    """By the claimant, with a point in words if none is given."""
    said = {"decision_id": standing(claim).pk, "kind": "appeal", "channel": "web", "now": NOW, **more}
    return open_appeal(claim_id=claim.pk, opened_by=by or login_of(claim.person), points=points or [OTHER], **said)


@transaction.atomic
def answer(one: Appeal, by: User, *, accepted: bool, **more: Any) -> Any:
    """In review, on the newest assessment; the decision, or the proposal."""
    if ClaimStatus.objects.get(pk=one.claim_id).review == "queued":
        take_claim(claim_id=one.claim_id, taken_by=by, now=NOW)
    said = {"assessment_id": one.claim.assessments.order_by("-run")[0].pk, "note": "looked at all of it", "now": NOW, **more}
    return answer_appeal(appeal_id=one.pk, accepted=accepted, answered_by=by, **said)


def verify(claim: Claim) -> None:
    """That the claimant is a member."""
    with transaction.atomic():
        record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True, "staff")], now=NOW)
    look_again()


def by_hand(claim: Claim, by: User, *, approved: bool = True) -> Decision:
    """Take and decide, in review or not."""
    if ClaimStatus.objects.get(pk=claim.pk).review == "queued":
        take_claim(claim_id=claim.pk, taken_by=by, now=NOW)
    reasons = () if approved else ("no_loss",)
    assessment = claim.assessments.order_by("-run")[0].pk
    said: dict[str, Any] = {"assessment_id": assessment, "approved": approved, "reasons": reasons, "now": NOW}
    made = decide_claim(claim_id=claim.pk, decided_by=by, **said)
    assert isinstance(made, Decision)
    return made


def status_of(claim: Claim) -> tuple[str, str, list[str]]:
    status = ClaimStatus.objects.get(pk=claim.pk)
    return (status.review, status.decision, status.reasons)


def settle(claim: Claim) -> None:
    """Rules look at its assessment once more."""
    settle_again([claim.assessments.order_by("-run")[0].chunk_id], now=NOW)
    while settle_next(now=NOW):
        pass
    assert not SettlementDue.objects.exists(), "none failed"


# --- opened ----------------------------------------------------------------------------------------------


def test_the_claimant_appeals_and_the_claim_is_in_the_queue_again(rejected: Claim):
    user = login_of(rejected.person)
    one = appeal(rejected, ToldPoint("fact", fact="is_member", words="I joined in May"), by=user)
    assert (one.decision, one.state, one.opened_by, one.channel) == (standing(rejected), "open", user, "web")
    assert one.due_date == date(2023, 1, 6), "thirty days after 7 December"
    assert status_of(rejected) == ("queued", "rejected", ["appealed"])
    event = Event.objects.get(kind="appeal_opened")
    assert (event.actor, event.claim, event.data["appeal"]) == (user, rejected, one.pk)
    assert not hasattr(event, "note"), "what the claimant says is no note of staff"


def test_thirty_days_are_counted_from_the_day_in_korea(rejected: Claim):
    late = NOW.replace(hour=16)  # 8 December in Seoul
    assert appeal(rejected, now=late).due_date == date(2023, 1, 7)


def test_what_the_claimant_says_can_be_erased_and_its_digest_stays(rejected: Claim):
    one = appeal(rejected, ToldPoint("fact", fact="is_member", words="I joined in May"), ToldPoint("line", position=0))
    fact, line = one.points.all()
    assert (fact.words.text, len(fact.digest), line.digest) == ("I joined in May", 64, "")
    AppealWords.objects.all().delete()
    assert AppealPoint.objects.get(pk=fact.pk).digest == fact.digest
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AppealPoint.objects.update(digest="")
    with owner_connection() as owner, pytest.raises(Exception, match="append_only"):
        owner.execute("DELETE FROM claims_appealpoint")


def test_staff_appeal_for_somebody_and_say_how_they_know(rejected: Claim, worker: User):
    with pytest.raises(RoleMissing):
        appeal(rejected, by=login_of(a_person()))
    with pytest.raises(RoleMissing):
        appeal(rejected, by=a_user("finance"), note="told me")
    with pytest.raises(Required):
        appeal(rejected, by=worker, channel="phone", note=" ")
    assert status_of(rejected) == ("closed", "rejected", [])
    one = appeal(rejected, by=worker, channel="phone", note="called from the number we have")
    assert one.channel == "phone"
    assert Event.objects.get(kind="appeal_opened").note.text == "called from the number we have"


def test_a_log_in_that_is_switched_off_appeals_nothing(rejected: Claim):
    user = login_of(rejected.person)
    user.is_active = False
    with pytest.raises(RoleMissing):
        appeal(rejected, by=user)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"kind": "complaint"}, InvalidValue),
        ({"channel": "pigeon"}, InvalidValue),
        ({"now": NOW.replace(tzinfo=None)}, TimezoneRequired),
        ({"decision_id": 0}, UnknownDecision),
    ],
)
def test_what_is_not_known_is_refused(rejected: Claim, more: dict[str, Any], refusal: type[Exception]):
    with pytest.raises(refusal):
        appeal(rejected, **more)
    assert not Appeal.objects.exists()


def test_only_the_decision_that_stands_is_appealed(rejected: Claim, approved: Claim, worker: User):
    first = standing(rejected)
    with pytest.raises(UnknownDecision):
        appeal(rejected, decision_id=standing(approved).pk)
    with pytest.raises(UnknownClaim):
        open_appeal(
            claim_id=0, decision_id=first.pk, kind="appeal", opened_by=worker, channel="web", now=NOW, points=[OTHER], note="x"
        )
    answer(appeal(rejected), worker, accepted=False)
    with pytest.raises(DecisionReplaced):
        appeal(rejected, decision_id=first.pk)


def test_what_is_undecided_has_nothing_to_appeal(db: None):
    claim = decided(automatic="{}")
    with pytest.raises(UnknownDecision):
        open_appeal(
            claim_id=claim.pk, decision_id=1, kind="appeal", opened_by=login_of(claim.person), channel="web", now=NOW,
            points=[OTHER],
        )  # fmt: skip


def test_a_decision_has_one_open_appeal(rejected: Claim):
    one = appeal(rejected)
    with pytest.raises(AppealOpen):
        appeal(rejected, kind="person_review")
    one.pk = None
    with pytest.raises(IntegrityError, match="decision_has_one_open_appeal"), transaction.atomic():
        one.save(force_insert=True)


def test_a_person_reviews_what_a_rule_decided_without_any_point(rejected: Claim, worker: User):
    one = appeal(rejected, kind="person_review")
    assert status_of(rejected) == ("queued", "rejected", ["person_review"])
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    answer(appeal(rejected), worker, accepted=False)
    with pytest.raises(DecidedByPerson):
        appeal(rejected, kind="person_review")
    with pytest.raises(IntegrityError, match="appeal_of_no_such_decision"), transaction.atomic():
        Appeal.objects.create(
            claim=rejected, decision=standing(rejected), kind="person_review", channel="web", opened_by=worker, opened_at=NOW,
            due_date=NOW.date(),
        )  # fmt: skip


def test_an_appeal_without_a_point_is_refused_and_a_review_is_not(rejected: Claim):
    said: dict[str, Any] = {"claim_id": rejected.pk, "decision_id": standing(rejected).pk, "channel": "web", "now": NOW}
    user = login_of(rejected.person)
    with pytest.raises(PointsMissing):
        open_appeal(**said, kind="appeal", opened_by=user)
    assert not open_appeal(**said, kind="person_review", opened_by=user).points.exists()


def test_appealing_takes_a_claim_out_of_the_hands_of_whoever_has_it(approved: Claim, worker: User):
    revise_claim(claim_id=approved.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    assert status_of(approved) == ("queued", "approved", ["said_more"])
    take_claim(claim_id=approved.pk, taken_by=worker, now=NOW)
    appeal(approved)
    assert status_of(approved) == ("queued", "approved", ["said_more", "appealed"])
    assert ClaimStatus.objects.get(pk=approved.pk).assignee is None


def test_what_is_proposed_or_held_when_an_appeal_comes(approved: Claim, worker: User):
    revise_claim(claim_id=approved.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    work_off()
    take_claim(claim_id=approved.pk, taken_by=a_user("checker"), now=NOW)
    assessment = approved.assessments.order_by("-run")[0].pk
    status = ClaimStatus.objects.get(pk=approved.pk)
    assert status.assignee is not None
    decide_claim(claim_id=approved.pk, assessment_id=assessment, approved=True, decided_by=status.assignee, now=NOW)
    one = appeal(approved)
    assert DecisionProposal.objects.get().state == "outdated"
    hold_claim(claim_id=approved.pk, held_by=worker, note="fraud?", now=NOW)
    assert status_of(approved)[2] == ["held", "appealed"]
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    assert status_of(approved) == ("held", "approved", ["held"])
    appeal(approved)
    assert status_of(approved) == ("held", "approved", ["held", "appealed"]), "no claimant ends a hold"
    release_claim(claim_id=approved.pk, released_by=worker, now=NOW)
    assert status_of(approved) == ("queued", "approved", ["released", "appealed"])


# --- pointed at -------------------------------------------------------------------------------------------


def test_what_the_trace_names_can_be_pointed_at(rejected: Claim):
    points = [
        ToldPoint("fact", fact="is_member"), ToldPoint("rule", policy=CODE, rule="half_hours"), ToldPoint("line", position=0),
        ToldPoint("record", service=MESSAGES), OTHER, OTHER,
    ]  # fmt: skip
    one = appeal(rejected, *points)
    assert [(p.kind, p.fact or p.rule or p.position or (p.service and p.service.code)) for p in one.points.all()] == [
        ("fact", "is_member"), ("rule", "half_hours"), ("line", None), ("record", MESSAGES), ("other", None),
    ]  # fmt: skip
    assert [p.positions for p in one.points.all()] == [[0], [0], [0], [0], []]


@pytest.mark.parametrize(
    "point",
    [
        ToldPoint("fact", fact="is_rich"),
        ToldPoint("fact", fact="is_member", loss_id=1),
        ToldPoint("rule", policy=CODE, rule="hours"),
        ToldPoint("rule", policy="asks", rule="half_hours"),
        ToldPoint("line", position=1),
        ToldPoint("line"),
        ToldPoint("record", service="kakao_t_bike.ride_end_billing"),
        ToldPoint("record", service="nowhere"),
        ToldPoint("line", position=0, fact="is_member"),
        ToldPoint("other", words="x", service=MESSAGES),
    ],
)
def test_nothing_else_can(rejected: Claim, point: ToldPoint):
    with pytest.raises(PointUnknown):
        appeal(rejected, point)
    assert not Appeal.objects.exists()


def test_points_are_of_a_known_kind_and_not_without_end(rejected: Claim):
    with pytest.raises(InvalidValue):
        appeal(rejected, ToldPoint("mood"))
    with pytest.raises(Required):
        appeal(rejected, ToldPoint("other", words=" "))
    with pytest.raises(InvalidValue):
        appeal(rejected, *[ToldPoint("other", words=str(n)) for n in range(51)])


def test_a_fact_of_a_loss_is_pointed_at_with_its_loss(db: None):
    incident = outage()
    text = pack(asks={"is_member": "boolean of loss"}, needs="is_member").replace("losses: {", "losses: {each: true, ")
    example = text.index("examples:")
    told_of_loss = (
        text[example:]
        .replace("facts: {is_member: true}", "facts: {}")
        .replace("16:30:00+09:00}", "16:30:00+09:00, facts: {is_member: true}}")
    )
    publish_policy(pack_yaml=text[:example] + told_of_loss, now=NOW)
    losses = [
        told(MESSAGES, "15 15:30", "15 16:30", ToldFact("is_member", False, "staff")),
        told(MESSAGES, "15 17:30", "15 18:30", ToldFact("is_member", True, "staff")),
    ]
    claim = claim_of(a_person(), incident, *losses)
    look_again()
    facts = {pointed[2] for pointed in pointable(claim.assessments.get()) if pointed[0] == "fact"}
    assert facts == set(claim.losses.values_list("pk", flat=True))


def test_what_cannot_be_explained_any_more_can_still_be_appealed(rejected: Claim, monkeypatch: pytest.MonkeyPatch):
    def unavailable(assessment: object) -> None:
        raise ExplanationUnavailable("made by an older engine")

    monkeypatch.setattr(queries, "explain_assessment", unavailable)
    with pytest.raises(PointUnknown):
        appeal(rejected, ToldPoint("fact", fact="is_member"))
    one = appeal(rejected, ToldPoint("rule", policy=CODE, rule="half_hours"), ToldPoint("line", position=0))
    assert [point.positions for point in one.points.all()] == [[0], [0]]


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "fact"},
        {"kind": "fact", "fact": "is_member", "policy": CODE},
        {"kind": "rule", "policy": CODE},
        {"kind": "line"},
        {"kind": "line", "position": 0, "fact": "is_member"},
        {"kind": "record"},
        {"kind": "other"},
    ],
)
def test_a_stored_point_says_what_its_kind_says(rejected: Claim, columns: dict[str, Any]):
    one = appeal(rejected)
    with pytest.raises(IntegrityError, match="point_says_what_its_kind_says"), transaction.atomic():
        AppealPoint.objects.create(appeal=one, **columns)


# --- while it is open ---------------------------------------------------------------------------------------


def test_no_rule_decides_or_closes_what_is_appealed(rejected: Claim, approved: Claim):
    appeal(rejected)
    appeal(approved, kind="person_review")
    before = Decision.objects.count()
    for claim, reason in ((rejected, "appealed"), (approved, "person_review")):
        settle(claim)
        assert status_of(claim)[::2] == ("queued", [reason])
    verify(rejected)
    a_policy(won=300, needs="is_member")
    revise_claim(claim_id=approved.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    look_again()
    assert approved.assessments.count() == 2, "both were assessed again, and another sum is owed"
    assert Decision.objects.count() == before
    assert status_of(rejected) == ("queued", "rejected", ["appealed"])
    assert status_of(approved) == ("queued", "approved", ["person_review"])


def test_the_queue_says_what_else_is_to_be_looked_at(approved: Claim):
    appeal(approved)
    record_facts(claim_id=approved.pk, facts=[ToldFact("is_member", False, "staff")], now=NOW)
    a_policy(needs="is_member", automatic="{}")
    look_again()
    assert status_of(approved)[2] == ["appealed", f"not_automatic:{CODE}"]


def test_what_is_appealed_counts_for_no_alarm(rejected: Claim):
    appeal(rejected)
    set_alarm(policy=CODE, incident_id=rejected.incident_id, alarm_above=1, set_by=a_user("checker"), note="x", now=NOW)
    verify(rejected)
    assert Cohort.objects.get().approved == 0


def test_an_appealed_decision_is_answered_and_not_undone(rejected: Claim, worker: User):
    first = by_hand_after_reopening(rejected, worker)
    appeal(rejected)
    with pytest.raises(AppealOpen):
        undo_decision(claim_id=rejected.pk, undone_by=a_user("checker"), note="x", now=NOW)
    with pytest.raises(DecidedBefore):
        undo_decision(claim_id=rejected.pk, undone_by=worker, note="x", now=NOW)
    assert standing(rejected) == first
    other = a_user("caseworker")
    answer(Appeal.objects.get(), other, accepted=False)
    with pytest.raises(AnswersAppeal):
        undo_decision(claim_id=rejected.pk, undone_by=other, note="x", now=NOW)


def by_hand_after_reopening(claim: Claim, by: User) -> Decision:
    reopen_claim(claim_id=claim.pk, reopened_by=by, note="x", now=NOW)
    return by_hand(claim, by, approved=False)


def test_whoever_had_a_part_in_it_neither_takes_nor_decides_it(rejected: Claim, worker: User):
    by_hand_after_reopening(rejected, worker)
    checker = a_user("checker")
    appeal(rejected)
    with pytest.raises(DecidedBefore):
        take_claim(claim_id=rejected.pk, taken_by=worker, now=NOW)
    with pytest.raises(DecidedBefore):
        assign_claim(claim_id=rejected.pk, assignee=worker, assigned_by=checker, now=NOW)
    other = a_user("caseworker")
    answer(Appeal.objects.get(), other, accepted=False)
    appeal(rejected)
    for earlier in (worker, other):
        with pytest.raises(DecidedBefore):
            take_claim(claim_id=rejected.pk, taken_by=earlier, now=NOW)
    take_claim(claim_id=rejected.pk, taken_by=checker, now=NOW)


def test_who_proposed_or_checked_it_is_as_much_a_part_of_it(db: None):
    authority("checker")
    claim = decided(automatic="{}")
    proposer, checker, third = a_user("checker", "caseworker"), a_user("checker"), a_user("checker")
    authority("checker", per_decision=1)
    take_claim(claim_id=claim.pk, taken_by=proposer, now=NOW)
    newest = claim.assessments.get().pk
    decide_claim(claim_id=claim.pk, assessment_id=newest, approved=True, decided_by=proposer, now=NOW)
    authority("checker")
    confirm_proposal(proposal_id=DecisionProposal.objects.get().pk, confirmed_by=checker, now=NOW)
    appeal(claim)
    for earlier in (proposer, checker):
        with pytest.raises(DecidedBefore):
            take_claim(claim_id=claim.pk, taken_by=earlier, now=NOW)
    take_claim(claim_id=claim.pk, taken_by=third, now=NOW)


def test_who_had_a_part_does_not_confirm_the_answer(rejected: Claim, worker: User):
    checker = a_user("checker")
    by_hand_after_reopening(rejected, checker)
    one = appeal(rejected)
    verify(rejected)
    authority("caseworker", per_decision=1)
    proposal = answer(one, worker, accepted=True)
    authority("checker")
    with pytest.raises(DecidedBefore):
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)


# --- answered ----------------------------------------------------------------------------------------------


def test_an_upheld_decision_is_made_anew_by_a_person_and_told(rejected: Claim, worker: User):
    first = standing(rejected)
    one = appeal(rejected)
    second = answer(one, worker, accepted=False)
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.answer, one.closed_at) == ("upheld", worker, second, NOW)
    assert (second.decided_by, second.approved, second.reasons) == (worker, False, first.reasons)
    assert (standing(rejected), status_of(rejected)) == (second, ("closed", "rejected", []))
    assert LetterDue.objects.filter(pk=second.pk).exists()
    assert Event.objects.get(kind="appeal_upheld").data == {"appeal": one.pk, "decision": second.pk}
    assert Event.objects.get(kind="claim_rejected", actor=worker).note.text == "looked at all of it"


def test_an_upheld_approval_pays_nothing_twice(approved: Claim, worker: User):
    one = appeal(approved)
    second = answer(one, worker, accepted=False)
    assert (second.approved, Appeal.objects.get().state) == (True, "upheld")
    assert [payout.quantity for payout in Payout.objects.all()] == [3250]
    assert status_of(approved) == ("closed", "approved", [])


def test_an_accepted_appeal_waits_until_another_answer_can_be_given(rejected: Claim, worker: User):
    one = appeal(rejected, ToldPoint("fact", fact="is_member"))
    with pytest.raises(NothingToDecide):
        answer(one, worker, accepted=True)
    assert Appeal.objects.get().state == "open"
    verify(rejected)
    second = answer(one, worker, accepted=True)
    one.refresh_from_db()
    assert (one.state, one.answer, second.approved) == ("accepted", second, True)
    assert [payout.quantity for payout in second.payouts.all()] == [3250]
    assert Event.objects.filter(kind="appeal_accepted", actor=worker).count() == 1


def test_more_is_owed_than_was_decided(approved: Claim, worker: User):
    one = appeal(approved, ToldPoint("line", position=0))
    with pytest.raises(NothingOtherwise):
        answer(one, worker, accepted=True)
    revise_claim(claim_id=approved.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    with pytest.raises(AssessmentOutdated):
        answer(one, worker, accepted=True)
    look_again()
    with pytest.raises(SumDiffers):
        answer(one, worker, accepted=False)
    answer(one, worker, accepted=True)
    assert (Appeal.objects.get().state, sum(p.quantity for p in Payout.objects.all())) == ("accepted", 3750)


def test_what_is_above_the_authority_is_open_until_somebody_confirms_it(rejected: Claim):
    one = appeal(rejected)
    verify(rejected)
    worker, checker = a_user("caseworker"), a_user("checker")
    authority("checker")
    proposal = answer(one, worker, accepted=True)
    return_proposal(proposal_id=proposal.pk, returned_by=checker, note="say more", now=NOW)
    assert (Appeal.objects.get().state, status_of(rejected)) == ("open", ("queued", "rejected", ["returned", "appealed"]))
    proposal = answer(one, worker, accepted=True)
    decision = confirm_proposal(proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.answer) == ("accepted", worker, decision)
    assert Event.objects.get(kind="appeal_accepted").actor == checker


@pytest.mark.parametrize(("approve", "state"), [(False, "upheld"), (True, "accepted")])
def test_a_decision_in_any_other_way_answers_the_appeal_too(rejected: Claim, worker: User, approve: bool, state: str):
    one = appeal(rejected)
    verify(rejected)
    decision = by_hand(rejected, worker, approved=approve)
    one.refresh_from_db()
    assert (one.state, one.answer) == (state, decision)


def test_only_who_has_it_in_review_answers_and_says_why(rejected: Claim, worker: User):
    one = appeal(rejected)
    said: dict[str, Any] = {"accepted": False, "assessment_id": rejected.assessments.get().pk, "now": NOW}
    with pytest.raises(UnknownAppeal):
        answer_appeal(appeal_id=0, answered_by=worker, note="x", **said)
    with pytest.raises(RoleMissing):
        answer_appeal(appeal_id=one.pk, answered_by=a_user("finance"), note="x", **said)
    with pytest.raises(TransitionNotAllowed):
        answer_appeal(appeal_id=one.pk, answered_by=worker, note="x", **said)
    take_claim(claim_id=rejected.pk, taken_by=worker, now=NOW)
    with pytest.raises(Required):
        answer_appeal(appeal_id=one.pk, answered_by=worker, note=" ", **said)
    with pytest.raises(ReviewedByAnother):
        answer_appeal(appeal_id=one.pk, answered_by=a_user("caseworker"), note="x", **said)
    with pytest.raises(AssessmentOutdated):
        answer_appeal(appeal_id=one.pk, answered_by=worker, note="x", **{**said, "assessment_id": 0})
    with pytest.raises(OwnClaim):
        answer_appeal(appeal_id=one.pk, answered_by=as_claimant(worker, rejected), note="x", **said)
    assert Appeal.objects.get().state == "open"


def as_claimant(user: User, claim: Claim) -> User:
    user.person = claim.person
    user.save()
    return user


def test_an_answer_names_its_own_reasons_or_keeps_those_that_are_still_true(rejected: Claim, worker: User):
    one = appeal(rejected)
    with pytest.raises(ReasonUnknown):
        answer(one, worker, accepted=False, reasons=["bad_mood"])
    verify(rejected)
    with pytest.raises(Required):  # "not a member" is not true any more
        answer(one, worker, accepted=False)
    assert answer(one, worker, accepted=False, reasons=["too_late"]).reasons == ["too_late"]


def test_an_appeal_is_closed_once(rejected: Claim, worker: User):
    one = appeal(rejected)
    answer(one, worker, accepted=False)
    with pytest.raises(AppealClosed):
        answer(one, a_user("caseworker"), accepted=False)
    with pytest.raises(AppealClosed):
        withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    for change in ({"state": "open", "decided_by": None, "answer": None, "closed_at": None}, {"closed_at": NOW}):
        with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
            Appeal.objects.update(**change)


def test_the_database_lets_nobody_answer_who_had_a_part(rejected: Claim, worker: User):
    """By rows that no operation would write."""
    other = a_user("caseworker")
    by_hand_after_reopening(rejected, worker)
    appeal(rejected)
    said = {"claim": rejected, "assessment": rejected.assessments.get(), "reasons": ["no_loss"], "decided_at": NOW}
    by_worker = Decision.objects.create(**said, approved=False, decided_by=worker)
    by_other = Decision.objects.create(**said, approved=True, decided_by=other)
    closed = {"closed_at": NOW, "state": "upheld"}
    for answer, by, word in (
        (by_worker, worker, "decided_before"),
        (by_other, worker, "appeal_answered_by_another_decision"),
        (by_other, other, "appeal_answered_by_another_decision"),  # upheld, by another answer
        (Appeal.objects.get().decision, worker, "appeal_answered_by_another_decision"),
    ):
        with pytest.raises(IntegrityError, match=word), transaction.atomic():
            Appeal.objects.update(**closed, answer=answer, decided_by=by)
    as_claimant(other, rejected)
    with pytest.raises(IntegrityError, match="decided_before"), transaction.atomic():
        Appeal.objects.update(closed_at=NOW, state="accepted", answer=by_other, decided_by=other)
    for columns in ({"state": "upheld", "closed_at": NOW}, {"state": "withdrawn", "closed_at": NOW, "decided_by": worker}):
        with pytest.raises(IntegrityError, match="appeal_is_answered_by_somebody"), transaction.atomic():
            Appeal.objects.update(**columns)
    with pytest.raises(IntegrityError, match="appeal_is_open_or_has_an_end"), transaction.atomic():
        Appeal.objects.update(state="withdrawn")


def test_the_database_takes_an_appeal_only_of_a_decision_of_its_claim(rejected: Claim, approved: Claim, worker: User):
    with pytest.raises(IntegrityError, match="appeal_of_no_such_decision"), transaction.atomic():
        Appeal.objects.create(
            claim=rejected, decision=standing(approved), kind="appeal", channel="web", opened_by=worker, opened_at=NOW,
            due_date=NOW.date(),
        )  # fmt: skip


# --- withdrawn, late -----------------------------------------------------------------------------------------


def test_a_withdrawn_appeal_closes_the_claim_as_it_was(rejected: Claim, worker: User):
    first = standing(rejected)
    one = appeal(rejected)
    with pytest.raises(UnknownAppeal):
        withdraw_appeal(appeal_id=0, withdrawn_by=worker, now=NOW)
    with pytest.raises(RoleMissing):
        withdraw_appeal(appeal_id=one.pk, withdrawn_by=login_of(a_person()), now=NOW)
    with pytest.raises(Required):
        withdraw_appeal(appeal_id=one.pk, withdrawn_by=worker, now=NOW)
    take_claim(claim_id=rejected.pk, taken_by=worker, now=NOW)
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.answer) == ("withdrawn", None, None)
    assert (standing(rejected), status_of(rejected)) == (first, ("closed", "rejected", []))
    assert not LetterDue.objects.exists()
    assert appeal(rejected).state == "open", "and may be appealed again"


def test_who_had_a_part_in_what_was_not_appealed_in_the_end_may_take_it(rejected: Claim, worker: User):
    by_hand_after_reopening(rejected, worker)
    one = appeal(rejected)
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    revise_claim(claim_id=rejected.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    take_claim(claim_id=rejected.pk, taken_by=worker, now=NOW)


def test_what_else_is_to_be_looked_at_stays_in_the_queue(approved: Claim):
    one = appeal(approved)
    revise_claim(claim_id=approved.pk, losses=[told(start="16 00:00", end="16 01:00")], cause="corrected", now=NOW)
    a_policy(needs="is_member", automatic="{}")
    look_again()
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    assert status_of(approved) == ("queued", "approved", [f"not_automatic:{CODE}"])


def test_what_was_found_meanwhile_is_not_lost_by_withdrawing(rejected: Claim):
    one = appeal(rejected)
    verify(rejected)
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    follow_up()
    assert status_of(rejected) == ("closed", "approved", []), "rules decide it, as they may"


def test_an_appeal_is_late_after_its_last_day(rejected: Claim, approved: Claim):
    first = appeal(rejected)
    second = appeal(approved, now=NOW - timedelta(days=1))
    assert list(overdue_appeals(second.due_date)) == []
    assert list(overdue_appeals(first.due_date)) == [second]
    assert list(overdue_appeals(first.due_date + timedelta(days=1))) == [second, first]
    withdraw_appeal(appeal_id=second.pk, withdrawn_by=second.opened_by, now=NOW)
    assert list(overdue_appeals(first.due_date + timedelta(days=1))) == [first]
