"""After an accepted appeal people look again at what was decided on the same grounds, and at nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, User
from claims.models import Appeal, Claim, ClaimRevision, ClaimStatus, Decision, Event, Fact, LetterDue, Loss, ReassessmentDue
from claims.operations import (
    AppealNotAccepted,
    Required,
    SecondLooks,
    ToldFact,
    ToldPoint,
    UnknownAppeal,
    assign_claim,
    hold_claim,
    second_look,
    second_looks,
    settle_next,
    take_claim,
    withdraw_appeal,
)
from claims.operations.intake import insert_claims
from claims.queries import similar_decisions
from services.models import Incident, Service
from services.staff import RoleMissing
from tests.builders import MESSAGES, NOW, a_person, a_policy, a_user, at, authority, claim_of, follow_up, outage, told, work_off
from tests.claims.test_appeals import (
    OTHER,
    answer,
    appeal,
    by_hand,
    by_hand_after_reopening,
    settle,
    standing,
    status_of,
    verify,
)

HALF_HOURS = ToldPoint("rule", policy="half_hours_of_messages", rule="half_hours")


@pytest.fixture
def incident(db: None) -> Incident:
    incident = outage()
    a_policy(needs="is_member")
    return incident


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def claims_of(incident: Incident, count: int, *, member: bool = False, **more: Any) -> list[Claim]:
    """Decided by rule: of members approved, of others rejected because they are none."""
    people = Person.objects.bulk_create(Person(created_at=NOW) for _ in range(count))
    facts = [ToldFact("is_member", member, "staff")]
    made = [claim_of(person, incident, told(**more), facts=facts) for person in people]
    work_off()
    follow_up()
    return made


def accepted(claim: Claim, *points: ToldPoint) -> Appeal:
    authority()
    one = appeal(claim, *points)
    verify(claim)
    answer(one, a_user("caseworker"), accepted=True)
    one.refresh_from_db()
    return one


@transaction.atomic
def look(one: Appeal, by: User) -> SecondLooks:
    return second_look(appeal_id=one.pk, asked_by=by, note="members were not found", now=NOW)


def similar(one: Appeal) -> list[int]:
    return [found.claim_id for found in similar_decisions(one).first]


def test_similar_is_what_was_decided_so_by_the_same_rule_for_the_same_reasons(incident: Incident):
    first, *others = claims_of(incident, 4)
    claims_of(incident, 1, member=True)
    claims_of(incident, 1, start="14 15:30", end="14 22:00")  # rejected too, but it lies outside the outage
    by_hand_after_reopening(others[0], a_user("caseworker"))  # one that a person decided
    one = accepted(first, HALF_HOURS)
    assert similar(one) == [claim.pk for claim in others]
    assert similar_decisions(one).count == 3


def test_another_answer_on_the_same_lines_is_not_similar(incident: Incident):
    first, same, other = claims_of(incident, 3, member=True)
    by_hand_after_reopening(other, a_user("caseworker"))
    assert [standing(claim).approved for claim in (first, same, other)] == [True, True, False]
    assert similar(appeal(first)) == [same.pk]


def test_a_rule_is_the_same_in_whatever_version(incident: Incident):
    first = claims_of(incident, 1)[0]
    one = accepted(first)
    assert similar(one) == []
    a_policy(won=260, needs="is_member")
    later = claims_of(incident, 1)[0]
    Decision.objects.get(claim=later)
    unanswered = appeal(later)
    earlier = claims_of(incident, 1)[0]
    assert similar(unanswered) == [earlier.pk]
    a_policy(won=270, needs="is_member")
    newer = claims_of(incident, 1)[0]
    assert similar(unanswered) == [earlier.pk, newer.pk]
    assert similar(one) == [], "what was decided after the answer knew of it"


def test_where_a_point_names_lines_the_others_say_nothing(incident: Incident):
    music = told("melon.streaming")  # for which no policy pays
    both = claim_of(a_person(), incident, told(), music, facts=[ToldFact("is_member", False, "staff")])
    unpaid = claim_of(a_person(), incident, music)
    messages = claims_of(incident, 1)[0]
    by_hand(unpaid, a_user("caseworker"), approved=False)
    lines = {line.rule_id is None: line.position for line in both.assessments.get().lines.all()}
    one = appeal(both, ToldPoint("line", position=lines[True]))
    assert similar(one) == [unpaid.pk]
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    one = appeal(both, HALF_HOURS, OTHER)
    assert similar(one) == [messages.pk]
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    assert similar(appeal(both)) == [unpaid.pk, messages.pk]


def test_nothing_is_moved_without_an_accepted_appeal(incident: Incident, checker: User):
    first, other = claims_of(incident, 2)
    one = appeal(first)
    said: dict[str, Any] = {"appeal_id": one.pk, "asked_by": checker, "note": "x", "now": NOW}
    with pytest.raises(AppealNotAccepted):
        second_look(**said)
    with pytest.raises(UnknownAppeal):
        second_look(**{**said, "appeal_id": 0})
    with pytest.raises(RoleMissing):
        second_look(**{**said, "asked_by": a_user("caseworker")})
    with pytest.raises(Required):
        second_look(**{**said, "note": " "})
    assert status_of(other) == ("closed", "rejected", [])


def test_all_are_in_the_queue_again_or_counted_with_why_not(incident: Incident, checker: User):
    first, *others = claims_of(incident, 6)
    plain, appealed, in_review, held, again = others
    worker = a_user("caseworker")
    for claim in (appealed, in_review, held):
        appeal(claim)
    assign_claim(claim_id=in_review.pk, assignee=worker, assigned_by=checker, now=NOW)
    hold_claim(claim_id=held.pk, held_by=worker, note="x", now=NOW)
    one = accepted(first)
    before = standing(plain)
    assert look(one, checker) == SecondLooks(3, {"held": 1, "in_review": 1})
    assert (standing(plain), status_of(plain)) == (before, ("queued", "rejected", ["second_look"]))
    assert status_of(appealed) == ("queued", "rejected", ["appealed", "second_look"])
    events = Event.objects.filter(kind="second_look").order_by("claim")
    assert [(event.claim, event.actor, event.data["appeal"]) for event in events] == [
        (claim, checker, one.pk) for claim in (plain, appealed, again)
    ]
    asked = Event.objects.get(kind="second_look_asked")
    assert (asked.data["moved"], asked.data["left"]) == (3, {"held": 1, "in_review": 1})
    assert asked.note.text == "members were not found"
    take_claim(claim_id=again.pk, taken_by=worker, now=NOW)
    by_hand(again, worker, approved=False)
    assert look(one, checker) == SecondLooks(0, {"asked_already": 2, "held": 1, "in_review": 1})
    assert status_of(again) == ("closed", "rejected", []), "somebody looked"


def test_no_rule_takes_a_claim_out_of_its_second_look(incident: Incident, checker: User):
    first, other = claims_of(incident, 2)
    look(accepted(first), checker)
    settle(other)
    assert status_of(other) == ("queued", "rejected", ["second_look"])


def test_what_is_more_than_a_call_takes_is_left_for_the_next(
    incident: Incident, checker: User, monkeypatch: pytest.MonkeyPatch
):
    first, *_ = claims_of(incident, 4)
    one = accepted(first)
    monkeypatch.setattr(second_looks, "MOST_SECOND_LOOKS", 2)
    assert look(one, checker) == SecondLooks(2, {"next_call": 1})
    assert look(one, checker) == SecondLooks(1, {"asked_already": 2})


def many(incident: Incident, count: int) -> list[Claim]:
    """As `claims_of`, but inserted in bulk, and without letters."""
    people = Person.objects.bulk_create(Person(created_at=NOW) for _ in range(count))
    ids = insert_claims(
        person_ids=[person.pk for person in people], incident_id=incident.pk, origin="filed", partner=None, now=NOW
    )
    of: dict[str, Any] = {"service": Service.objects.get(code=MESSAGES), "start_at": at("15 15:30"), "end_at": at("15 22:00")}
    fact: dict[str, Any] = {"name": "is_member", "int_value": 0, "provenance": "staff", "recorded_at": NOW}
    ClaimRevision.objects.bulk_create(ClaimRevision(claim_id=pk, number=1, cause="filed", created_at=NOW) for pk in ids)
    Loss.objects.bulk_create(Loss(claim_id=pk, revision=1, origin="told", **of) for pk in ids)
    Fact.objects.bulk_create(Fact(claim_id=pk, revision=1, **fact) for pk in ids)
    ReassessmentDue.objects.bulk_create(
        ReassessmentDue(claim_id=pk, incident=incident, cause="revision", created_at=NOW) for pk in ids
    )
    work_off()
    while settle_next(now=NOW):
        pass
    return list(Claim.objects.filter(pk__in=ids).order_by("pk"))


def test_hundreds_cost_as_many_statements_as_one(incident: Incident, checker: User):
    def statements(one: Appeal, moved: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert look(one, checker).moved == moved
        return len(asked)

    first, *_ = many(incident, 2)
    few = statements(accepted(first), 1)
    second, *_ = many(incident, 301)
    LetterDue.objects.all().delete()  # as if told
    one = accepted(second)
    found = similar_decisions(one)
    assert (found.count, len(found.first)) == (301, 100)
    assert statements(one, 300) == few
    assert ClaimStatus.objects.filter(review="queued", reasons=["second_look"]).count() == 301
    assert Event.objects.filter(kind="second_look").count() == 301
