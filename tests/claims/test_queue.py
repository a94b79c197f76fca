"""The queue of people: its order and filters, work given out without clashes, put off, and views that are kept."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import PersonalData, User
from claims.deadlines import answer_due, waited_since, working_day
from claims.models import Claim, ClaimStatus, Event, SavedView
from claims.operations import (
    Required,
    ReviewedByAnother,
    TransitionNotAllowed,
    delete_view,
    hold_claim,
    put_back_claim,
    save_view,
    set_skills,
    share_out,
    snooze_claim,
    take_claim,
    take_next,
)
from claims.operations.refusals import ReferenceUnknown
from claims.queries import QueueFilter, queue_page, reasons_in_queue
from services.instants import OutOfRange
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off

CODE = "half_hours_of_messages"
PARKED = ["parked:citizen_report_only", "parked:no_official_window"]  # of a bike, in version 1 of the record


@pytest.fixture
def incident(db: None) -> Incident:
    made = outage()
    a_policy(automatic="{}")
    return made


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


def claims(incident: Incident, *services: str) -> list[Claim]:
    made = [claim_of(a_person(), incident, told(service)) for service in services]
    work_off()
    follow_up()
    return made


def page(after: Any = None, **wanted: Any) -> list[int]:
    return [status.pk for status in queue_page(QueueFilter(**wanted), now=NOW, after=after)]


def test_a_claim_in_the_queue_says_what_it_is_searched_by(incident: Incident):
    claim, impact = claims(incident, MESSAGES, BIKE)
    status, other = (ClaimStatus.objects.get(pk=one.pk) for one in (claim, impact))
    assert (status.kind, status.amount_minor, status.currency) == ("claim", 3250, "KRW")
    assert status.service is not None
    assert status.service.code == MESSAGES
    assert (status.queued_at, status.answer_due_date) == (NOW, date(2022, 12, 21))  # ten working days after 7 December
    assert (other.kind, other.amount_minor, other.reasons) == ("impact", None, PARKED)


def test_a_deadline_counts_the_days_that_people_work():
    assert answer_due(date(2022, 9, 28)) == date(2022, 10, 14)  # 3 and 10 October are holidays


def test_filters_find_what_they_say(incident: Incident, worker: User):
    message, bike, taken = claims(incident, MESSAGES, BIKE, MESSAGES)
    take_claim(claim_id=taken.pk, taken_by=worker, now=NOW)
    assert page() == [message.pk, bike.pk]
    for wanted, found in (
        ({"service": "kakao_t_bike"}, [bike.pk]),
        ({"service": "kakaotalk"}, [message.pk]),
        ({"service": "kakao"}, []),
        ({"kind": "impact"}, [bike.pk]),
        ({"reason": f"not_automatic:{CODE}"}, [message.pk]),
        ({"least_minor": 3250}, [message.pk]),
        ({"least_minor": 3251}, []),
        ({"most_minor": 3249}, []),
        ({"due_until": date(2022, 12, 20)}, []),
        ({"due_until": date(2022, 12, 21)}, [message.pk, bike.pk]),
        ({"queued_before": NOW}, []),
        ({"queued_before": NOW + timedelta(seconds=1)}, [message.pk, bike.pk]),
        ({"incident_id": incident.pk + 1}, []),
        ({"review": "in_review"}, [taken.pk]),
        ({"review": "in_review", "reviewer": worker}, [taken.pk]),
        ({"review": "in_review", "reviewer": a_user("caseworker")}, []),
    ):
        assert page(**wanted) == found, wanted
    assert reasons_in_queue() == [f"not_automatic:{CODE}", *PARKED]


def test_pages_follow_each_other_without_gap_or_repetition_and_cost_one_query(incident: Incident):
    made = claims(incident, *[MESSAGES] * 5)
    later = made[1]
    ClaimStatus.objects.filter(pk=later.pk).update(answer_due_date=date(2022, 12, 1))
    seen: list[int] = []
    after = None
    while rows := queue_page(QueueFilter(), now=NOW, after=after, most=2):
        seen += [row.pk for row in rows]
        after = (rows[-1].answer_due_date, rows[-1].pk)
    assert seen == [later.pk, *(one.pk for one in made if one != later)]
    with CaptureQueriesContext(connection) as queries:
        for row in queue_page(QueueFilter(), now=NOW):
            assert row.claim.incident.key
    assert len(queries) == 1


# --- given out -----------------------------------------------------------------------------------------


def test_the_next_claim_is_the_one_with_the_next_deadline_that_is_not_ones_own(incident: Incident, worker: User):
    own, first, second = claims(incident, MESSAGES, MESSAGES, MESSAGES)
    PersonalData.objects.filter(person=own.person).update(email=worker.email)
    ClaimStatus.objects.filter(pk=second.pk).update(answer_due_date=date(2022, 12, 1))
    taken = [take_next(taken_by=worker, now=NOW) for _ in range(3)]
    assert [None if one is None else one.pk for one in taken] == [second.pk, first.pk, None]
    assert taken[0] is not None
    assert (taken[0].review, taken[0].assignee) == ("in_review", worker)
    assert ClaimStatus.objects.get(pk=own.pk).review == "queued"
    with pytest.raises(RoleMissing):
        take_next(taken_by=a_user("finance"), now=NOW)


def test_who_has_a_skill_takes_what_it_is_for(incident: Incident, worker: User):
    claims(incident, MESSAGES)
    (bike,) = claims(incident, BIKE)
    checker = a_user("checker")
    for services, by, refusal in ((["no_such"], checker, ReferenceUnknown), (["kakaotalk"], worker, RoleMissing)):
        with pytest.raises(refusal):
            set_skills(user=worker, services=services, set_by=by)
    set_skills(user=worker, services=["kakao_t_bike"], set_by=checker)
    taken = take_next(taken_by=worker, now=NOW)
    assert taken is not None
    assert taken.pk == bike.pk
    assert take_next(taken_by=worker, now=NOW) is None
    set_skills(user=worker, services=[], set_by=checker)
    assert take_next(taken_by=worker, now=NOW) is not None


def test_claims_are_shared_out_in_turn_by_skill(incident: Incident):
    made = claims(incident, *[MESSAGES] * 4, BIKE)
    checker, one, two = a_user("checker"), a_user("caseworker"), a_user("caseworker")
    set_skills(user=two, services=["kakaotalk"], set_by=checker)
    with pytest.raises(RoleMissing):
        share_out(among=[one], most=5, shared_by=one, now=NOW)
    for most, among, refusal in ((0, [one], OutOfRange), (1001, [one], OutOfRange), (5, [], ReferenceUnknown)):
        with pytest.raises(refusal):
            share_out(among=among, most=most, shared_by=checker, now=NOW)
    with pytest.raises(RoleMissing):
        share_out(among=[a_user("auditor")], most=5, shared_by=checker, now=NOW)
    assert share_out(among=[one, two], most=4, shared_by=checker, now=NOW) == {one.pk: 2, two.pk: 2}
    assert share_out(among=[two], most=5, shared_by=checker, now=NOW) == {two.pk: 0}
    assert ClaimStatus.objects.get(pk=made[4].pk).review == "queued"
    assert Event.objects.filter(kind="claim_assigned", actor=checker).count() == 4


# --- put off, and kept -----------------------------------------------------------------------------------


def test_a_claim_that_is_put_off_comes_back_by_itself_or_when_something_happens(incident: Incident, worker: User):
    (claim,) = claims(incident, MESSAGES)
    until = NOW + timedelta(days=2)
    with pytest.raises(OutOfRange):
        snooze_claim(claim_id=claim.pk, until=NOW, snoozed_by=worker, now=NOW)
    snooze_claim(claim_id=claim.pk, until=until, snoozed_by=worker, now=NOW, note="the partner answers on Friday")
    assert page() == []
    assert page(hidden=True) == [claim.pk]
    assert take_next(taken_by=worker, now=NOW) is None
    assert [status.pk for status in queue_page(QueueFilter(), now=until)] == [claim.pk]
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(ReviewedByAnother):
        snooze_claim(claim_id=claim.pk, until=until, snoozed_by=a_user("caseworker"), now=NOW)
    put_back_claim(claim_id=claim.pk, put_back_by=worker, now=NOW)
    assert page() == [claim.pk]


def test_what_is_held_is_not_put_off(incident: Incident, worker: User):
    (claim,) = claims(incident, MESSAGES)
    hold_claim(claim_id=claim.pk, held_by=worker, note="a doubt", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        snooze_claim(claim_id=claim.pk, until=NOW + timedelta(days=1), snoozed_by=worker, now=NOW)


def test_a_view_is_kept_under_its_name_for_its_user(worker: User):
    save_view(user=worker, name=" overdue bikes ", query="service=kakao_t_bike")
    save_view(user=worker, name="overdue bikes", query="service=kakao_t_bike&due=2022-12-01")
    save_view(user=a_user("caseworker"), name="overdue bikes", query="")
    assert [(view.name, view.query) for view in SavedView.objects.filter(user=worker)] == [
        ("overdue bikes", "service=kakao_t_bike&due=2022-12-01")
    ]
    with pytest.raises(Required):
        save_view(user=worker, name="  ", query="")
    delete_view(user=worker, name="overdue bikes")
    assert SavedView.objects.count() == 1


def test_a_page_begins_at_its_place_and_reads_no_row_before_it(incident: Incident):
    """Among 200,000 claims of one day all of them were read. Seen to fail with the columns compared one after the other."""
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        page(after=(date(2022, 12, 21), 1), incident_id=incident.pk)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    (condition,) = (line for line in plan.splitlines() if "answer_due_date" in line and ("Cond" in line or "Filter" in line))
    assert "Index Cond" in condition
    assert "ROW(answer_due_date, claim_id) > ROW" in condition


@pytest.mark.parametrize("days", [0, 1, 2, 5, 21])
def test_who_waited_so_many_working_days_is_found_to_the_day(days: int):
    """Against a count of days, over the holidays of September and October 2022 and the weekends between."""
    for today in (date(2022, 9, 1) + timedelta(days=n) for n in range(50)):
        before = waited_since(today, days)
        for came in (today - timedelta(days=n) for n in range(40)):
            waited = sum(is_worked(came + timedelta(days=n)) for n in range(1, (today - came).days + 1))
            assert (datetime.combine(came, time(23, 59), before.tzinfo) < before) == (waited >= days), (today, came)


def is_worked(day: date) -> bool:
    return working_day(day - timedelta(days=1), 1, "KR") == day
