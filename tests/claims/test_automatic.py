"""What rules decide, and what goes to people: with every reason, by the same decision and event as by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.models import AutomaticPause, Claim, ClaimStatus, Cohort, Decision, Event, Letter, SettlementDue
from claims.operations import (
    AlarmReached,
    AlreadyPaused,
    AmountOutOfRange,
    NotPaused,
    ReferenceUnknown,
    Required,
    ToldFact,
    decide_claim,
    lift_pause,
    pause_automatic,
    record_facts,
    reopen_claim,
    set_alarm,
    set_authority,
    take_claim,
)
from claims.operations.settlement import is_sampled
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, authority, chase, claim_of, follow_up, outage, told, work_off

CODE = "half_hours_of_messages"


@pytest.fixture
def incident(db: None) -> Incident:
    return outage()


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def claims(incident: Incident, most: int = 1, **more: Any) -> list[Claim]:
    made = [claim_of(a_person(), incident, told(**more)) for _ in range(most)]
    work_off()
    follow_up()
    return made


def status(claim: Claim) -> ClaimStatus:
    return ClaimStatus.objects.get(pk=claim.pk)


def test_a_rule_decides_as_a_person_does_with_an_event_of_its_own(incident: Incident):
    a_policy()
    (claim,) = claims(incident)
    assert str(status(claim)) == f"{claim.pk}: closed, approved, due"
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.approved, status(claim).stands) == (None, True, decision)
    event = Event.objects.get(claim=claim, move=1)
    assert (event.kind, event.actor) == ("claim_approved", None)
    assert event.data == {
        "assessment": claim.assessments.get().pk, "decided": decision.pk, "review": ["received", "closed"],
        "decision": ["undecided", "approved"], "payment": ["nothing", "due"],
    }  # fmt: skip
    assert "자동으로" in bytes(Letter.objects.get().content).decode()


@pytest.mark.parametrize(
    ("automatic", "won", "outside", "why"),
    [
        ("{}", 250, False, ["not_automatic"]),
        ("{reject: true}", 250, False, ["not_automatic"]),
        ("{approve_up_to: most}", 76_924, False, ["over_limit"]),
        ("{approve_up_to: most, sample_per_thousand: 1000}", 76_924, False, ["over_limit", "sample"]),
        ("{approve_up_to: most}", 250, True, ["not_automatic"]),
        ("{approve_up_to: most, reject: true, sample_per_thousand: 1000}", 250, True, ["sample"]),
        ("{approve_up_to: most}", 76_923, False, None),
        ("{approve_up_to: most, reject: true}", 250, True, None),
    ],
)
def test_what_a_policy_does_not_allow_goes_to_a_person(
    incident: Incident, automatic: str, won: int, outside: bool, why: list[str] | None
):
    """13 half hours; `most` is 1,000,000."""
    a_policy(automatic=automatic, won=won)
    (claim,) = claims(incident, 1, **({"start": "14 15:30", "end": "14 22:00"} if outside else {}))
    if why is None:
        assert status(claim).review == "closed"
        assert Decision.objects.get().approved is not outside
    else:
        assert (status(claim).review, status(claim).reasons) == ("queued", [f"{reason}:{CODE}" for reason in why])
        assert not Decision.objects.exists()


def test_a_rejection_by_rule_says_why(incident: Incident):
    a_policy()
    (claim,) = claims(incident, start="14 15:30", end="14 22:00")
    line = claim.assessments.get().lines.get()
    assert (status(claim).decision, Decision.objects.get().reasons) == ("rejected", line.reasons)
    assert line.reasons


def test_what_is_undecided_waits_for_a_person_and_the_rest_is_paid(incident: Incident):
    """One policy gives something; another asks for a fact that nobody has told."""
    a_policy()
    a_policy(code="members", won=100, needs="is_member")
    (claim,) = claims(incident)
    assert str(status(claim)) == f"{claim.pk}: queued, approved, due"
    assert status(claim).reasons == ["unknown:missing_fact:is_member"]
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True, provenance="staff")], now=NOW)
    work_off()
    follow_up()
    assert str(status(claim)) == f"{claim.pk}: closed, approved, due"
    assert [p.quantity for p in claim.payouts.order_by("pk")] == [3250, 1300]


def test_what_was_open_is_closed_once_nothing_is(incident: Incident):
    a_policy()
    a_policy(code="members", won=100, needs="is_member")
    (claim,) = claims(incident)
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", False, provenance="staff")], now=NOW)
    work_off()
    follow_up()
    assert str(status(claim)) == f"{claim.pk}: closed, approved, due"
    assert Event.objects.get(claim=claim, move=status(claim).moves).kind == "claim_closed"
    assert Decision.objects.count() == 1


def test_the_same_again_changes_nothing(incident: Incident):
    a_policy()
    made = claims(incident, 3)
    before = [(status(one).moves, one.decisions.count()) for one in made]
    chunk = made[0].assessments.get().chunk
    SettlementDue.objects.create(chunk=chunk, created_at=NOW)
    follow_up()
    assert [(status(one).moves, one.decisions.count()) for one in made] == before
    assert not SettlementDue.objects.exists()


@pytest.mark.parametrize("outside", [False, True])
def test_what_a_rule_decided_and_a_person_opens_again_is_left_to_people(incident: Incident, checker: User, outside: bool):
    a_policy()
    claim, other = claims(incident, 2, **({"start": "14 15:30", "end": "14 22:00"} if outside else {}))
    reopen_claim(claim_id=claim.pk, reopened_by=checker, note="a doubt", now=NOW)
    SettlementDue.objects.create(chunk=claim.assessments.get().chunk, created_at=NOW)
    follow_up()
    assert (status(claim).review, status(claim).reasons) == ("queued", ["reopened"])
    assert status(other).review == "closed"
    assert not SettlementDue.objects.exists()
    assert Decision.objects.count() == 2


def test_what_a_person_decided_no_rule_decides_otherwise(incident: Incident):
    a_policy(automatic="{}")
    (claim,) = claims(incident)
    authority()
    worker = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    newest = claim.assessments.get()
    decide_claim(claim_id=claim.pk, assessment_id=newest.pk, approved=True, decided_by=worker, now=NOW)
    a_policy(won=300)
    chase()
    work_off()
    follow_up()
    assert str(status(claim)) == f"{claim.pk}: queued, approved, due"
    assert status(claim).reasons == ["decided_by_person"]
    assert sum(p.quantity for p in claim.payouts.all()) == 3250


def test_who_is_drawn_is_a_secret_of_the_installation_and_of_the_policy(settings: Any):
    references = [f"C-0000-{number:04}" for number in range(1000)]
    drawn = [one for one in references if is_sampled(CODE, one, 20)]
    assert 5 < len(drawn) < 50
    assert [one for one in references if is_sampled("another", one, 20)] != drawn
    settings.CLAIM_KEY_SECRET = "another"
    assert [one for one in references if is_sampled(CODE, one, 20)] != drawn


def test_the_sample_is_the_same_in_sql_and_in_python(incident: Incident):
    a_policy(automatic="{approve_up_to: most, sample_per_thousand: 300}")
    made = claims(incident, 40)
    drawn = {one.pk for one in made if is_sampled(CODE, one.reference, 300)}
    assert {one.pk for one in made if status(one).review == "queued"} == drawn
    assert 0 < len(drawn) < 40


# --- the switch and the alarm ----------------------------------------------------------------------------


def test_a_paused_policy_decides_nothing_until_the_pause_is_lifted(incident: Incident, checker: User):
    a_policy()
    with pytest.raises(RoleMissing):
        pause_automatic(policy=CODE, paused_by=a_user("caseworker"), note="wrong figure?", now=NOW)
    with pytest.raises(Required):
        pause_automatic(policy=CODE, paused_by=checker, note="", now=NOW)
    with pytest.raises(ReferenceUnknown):
        pause_automatic(policy="no_such", paused_by=checker, note="wrong figure?", now=NOW)
    pause = pause_automatic(policy=CODE, paused_by=checker, note="wrong figure?", now=NOW)
    with pytest.raises(AlreadyPaused):
        pause_automatic(policy=CODE, paused_by=checker, note="wrong figure?", now=NOW)
    made = claims(incident, 3)
    assert {tuple(status(one).reasons) for one in made} == {(f"paused:{CODE}",)}
    assert not Decision.objects.exists()
    for by, note, refusal in ((a_user("caseworker"), "x", RoleMissing), (checker, "", Required)):
        with pytest.raises(refusal):
            lift_pause(pause_id=pause.pk, lifted_by=by, note=note, now=NOW)
    lift_pause(pause_id=pause.pk, lifted_by=checker, note="right after all", now=NOW)
    assert Event.objects.get(kind="automatic_resumed").note.text == "right after all"
    follow_up()
    assert {status(one).review for one in made} == {"closed"}
    with pytest.raises(NotPaused):
        lift_pause(pause_id=pause.pk, lifted_by=checker, note="x", now=NOW)
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        AutomaticPause.objects.update(lifted_at=None, lifted_by=None)


def test_a_pause_of_another_incident_or_policy_stops_nothing(incident: Incident, checker: User):
    a_policy()
    a_policy(code="members", needs="is_member", incidents="from: 2090-01-01")
    other = Incident.objects.create(key="other", title_ko="x", title_en="x", started_at=NOW)
    pause_automatic(policy=CODE, paused_by=checker, note="there", now=NOW, incident=other)
    pause_automatic(policy="members", paused_by=checker, note="that one", now=NOW)
    (claim,) = claims(incident)
    assert status(claim).review == "closed"


def test_an_alarm_pauses_only_its_cohort(incident: Incident, checker: User):
    a_policy()
    set_alarm(policy=CODE, incident_id=incident.pk, alarm_above=2, set_by=checker, note="x", now=NOW)
    made = claims(incident, 5)
    assert [status(one).review for one in made] == ["closed", "closed", "queued", "queued", "queued"]
    assert status(made[2]).reasons == [f"alarm:{CODE}"]
    pause = AutomaticPause.objects.get()
    assert (pause.incident, pause.set_by, Event.objects.get(kind="cohort_alarm").data["approved"]) == (incident, None, 2)
    (late,) = claims(incident)
    assert status(late).reasons == [f"paused:{CODE}"]
    said: dict[str, Any] = {"policy": CODE, "incident_id": incident.pk, "set_by": checker, "note": "x", "now": NOW}
    for wrong, refusal in (
        ({"alarm_above": 1}, AmountOutOfRange),
        ({"alarm_above": -1}, AmountOutOfRange),
        ({"alarm_above": 2**31}, AmountOutOfRange),
        ({"alarm_above": 5, "set_by": a_user("caseworker")}, RoleMissing),
        ({"alarm_above": 5, "note": ""}, Required),
        ({"alarm_above": 5, "policy": "no_such"}, ReferenceUnknown),
    ):
        with pytest.raises(refusal):
            set_alarm(**{**said, **wrong})
    for futile in (None, 2):
        with pytest.raises(AlarmReached), transaction.atomic():
            lift_pause(pause_id=pause.pk, lifted_by=checker, note="x", now=NOW, alarm_above=futile)
    lift_pause(pause_id=pause.pk, lifted_by=checker, note="x", now=NOW, alarm_above=5)
    follow_up()
    assert [status(one).review for one in (*made, late)] == ["closed"] * 5 + ["queued"]
    assert Cohort.objects.get().approved == 5
    with pytest.raises(IntegrityError, match="cohort_stops_at_its_alarm"), transaction.atomic():
        Cohort.objects.update(approved=6)


def test_what_the_alarm_stopped_goes_on_once_it_is_raised(incident: Incident, checker: User):
    """And a person's pause is lifted whether or not the cohort is full."""
    a_policy()
    said: dict[str, Any] = {"policy": CODE, "incident_id": incident.pk, "set_by": checker, "note": "x", "now": NOW}
    set_alarm(alarm_above=1, **said)
    made = claims(incident, 2)
    alarmed = AutomaticPause.objects.get()
    set_alarm(alarm_above=2, **said)
    lift_pause(pause_id=alarmed.pk, lifted_by=checker, note="x", now=NOW)
    follow_up()
    assert {status(one).review for one in made} == {"closed"}
    assert Cohort.objects.get().approved == 2
    pause = pause_automatic(policy=CODE, paused_by=checker, note="x", now=NOW, incident=incident)
    assert lift_pause(pause_id=pause.pk, lifted_by=checker, note="x", now=NOW).lifted_by == checker


def test_a_correction_of_what_is_approved_is_not_counted_again(incident: Incident, checker: User):
    a_policy()
    set_alarm(policy=CODE, incident_id=incident.pk, alarm_above=2, set_by=checker, note="x", now=NOW)
    made = claims(incident, 2)
    a_policy(won=260)
    chase()
    work_off()
    follow_up()
    assert [sum(p.quantity for p in one.payouts.all()) for one in made] == [3380, 3380]
    assert Cohort.objects.get().approved == 2


def test_limits_are_set_by_a_command_or_a_checker_and_are_sensible(checker: User):
    limit: dict[str, Any] = {"unit": "KRW", "per_decision": 10, "per_day": 100, "now": NOW}
    set_authority(role="checker", set_by=None, **limit)
    set_authority(role="caseworker", set_by=checker, **limit)
    for role, by, refusal in (
        ("caseworker", a_user("caseworker"), RoleMissing),
        ("checker", checker, ReferenceUnknown),
        ("finance", None, ReferenceUnknown),
    ):
        with pytest.raises(refusal):
            set_authority(role=role, set_by=by, **limit)
    for wrong in ({"per_decision": -1}, {"per_day": 9}):
        with pytest.raises(AmountOutOfRange):
            set_authority(role="caseworker", set_by=None, **{**limit, **wrong})
