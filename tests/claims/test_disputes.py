"""Reports of losses outside all official windows: how many are enough, and what staff make of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.operations import create_staff
from claims.facts import record_of
from claims.models import Dispute, DisputeHour, Event
from claims.operations import (
    DisputeClosed,
    ToldLoss,
    UnknownDispute,
    accept_dispute,
    count_disputes,
    derive_next,
    reject_dispute,
)
from claims.queries import counted_hours, official_spans, reports_outside
from services.models import Incident, RecordDraft, RecordVersion, Service
from services.operations import (
    ReasonRequired,
    SourceNotOfficial,
    WindowSaid,
    discard_record_draft,
    list_windows,
    open_record_draft,
    publish_record_draft,
)
from services.queries import record_in_force
from services.refusals import InvalidValue
from services.staff import RoleMissing
from tests.builders import BIKE, MESSAGES, NOW, a_person, at, claim_of, told, usage

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
BEFORE = "14 10:00", "14 11:00"  # the day before the outage: in no window


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    """Three claims are enough, where a test does not say otherwise."""
    settings.CLAIMS_DISPUTE_THRESHOLD = 3


def report(incident: Incident, number: int, *losses: Any) -> None:
    for _ in range(number):
        claim_of(a_person(), incident, *losses)


def count(passed: int = 0) -> int | None:
    """Ten minutes after the last, for each time it has passed."""
    with transaction.atomic():
        return count_disputes(now=NOW + passed * timedelta(minutes=10))


def hours_of(dispute: Dispute) -> dict[datetime, int]:
    return counted_hours(dispute)


def outside(incident: Incident, service: str) -> dict[datetime, int]:
    version = record_in_force(incident)
    assert version is not None
    return reports_outside(version, least=1).get(Service.objects.get(code=service).pk, {})


def staff(name: str, *roles: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=list(roles), now=NOW)


@pytest.fixture
def writer(db: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def dispute(incident: Incident) -> Dispute:
    """Three claims of messages in two hours of the day before."""
    report(incident, 3, told(MESSAGES, "14 10:00", "14 12:00"))
    count()
    return Dispute.objects.get()


# --- what is counted -------------------------------------------------------------------------------


def test_a_loss_of_decades_is_counted_around_the_incident_only(incident: Incident):
    years = timedelta(days=2000)
    report(incident, 3, ToldLoss(MESSAGES, at("15 10:00") - 3 * years, NOW))
    count()
    assert DisputeHour.objects.exists()
    assert DisputeHour.objects.count() < 2 * 14 * 24 + 5 * 24


@pytest.mark.parametrize(("claims", "disputes"), [(29, 0), (30, 1)])
def test_thirty_claims_in_an_hour_open_a_dispute(incident: Incident, settings: Any, claims: int, disputes: int):
    settings.CLAIMS_DISPUTE_THRESHOLD = 30
    report(incident, claims, told(MESSAGES, *BEFORE))
    assert count() == disputes
    assert Dispute.objects.count() == disputes


def test_what_is_in_no_list_opens_no_dispute(incident: Incident):
    """Each may miss something else."""
    report(incident, 3, replace(told("unlisted", *BEFORE), words="동네 서점"))
    assert count() == 0


def test_claims_are_counted_per_service_and_hour(incident: Incident):
    report(incident, 2, told(MESSAGES, "14 10:00", "14 11:00"))
    report(incident, 2, told(MESSAGES, "14 11:00", "14 12:00"))
    report(incident, 2, told("melon.streaming", "14 10:00", "14 12:00"))
    assert count() == 0
    report(incident, 1, told(MESSAGES, "14 10:59:59", "14 11:00:01"))
    assert count(1) == 1
    (found,) = Dispute.objects.all()
    assert (found.service.code, found.start_at, found.end_at, found.claims) == (MESSAGES, at("14 10:00"), at("14 12:00"), 3)


def test_a_claim_counts_once_in_an_hour(incident: Incident):
    losses = [
        told(MESSAGES, "14 10:00", "14 11:10"),
        told(MESSAGES, "14 10:20", "14 10:30"),
        told(MESSAGES, "14 10:05", "14 10:25"),
    ]
    report(incident, 2, *losses)
    assert outside(incident, MESSAGES) == {at("14 10:00"): 2, at("14 11:00"): 2}


@pytest.mark.parametrize(
    ("service", "start", "end", "hours"),
    [
        (MESSAGES, "15 15:30", "15 22:00", []),
        (MESSAGES, "15 15:29", "15 22:00", ["15 15:00"]),
        (MESSAGES, "15 15:29:59.999999", "15 15:30", ["15 15:00"]),
        (MESSAGES, "15 13:00", "15 15:00", ["15 13:00", "15 14:00"]),
        # Taxi calling was down to the version's end; the drivers' app needs it.
        ("kakao_t_taxi_driver.app", "16 06:00", "16 14:00", []),
        # The operator says from 15:30, Mobility from 15:00: both are official.
        ("kakao_t.taxi_call", "15 14:59:59", "15 20:00", ["15 14:00"]),
    ],
)
def test_only_what_no_window_covers_is_counted(incident: Incident, service: str, start: str, end: str, hours: list[str]):
    if service == "kakao_t.taxi_call":
        from tests.builders import outage

        outage(version=2)
    claim_of(a_person(), incident, told(service, start, end))
    assert outside(incident, service) == {at(hour): 1 for hour in hours}


def test_a_service_without_any_window_counts_as_reported(incident: Incident):
    report(incident, 3, told(BIKE, "15 15:42", "15 17:15"))
    assert count() == 1
    assert hours_of(Dispute.objects.get()) == {at(f"15 {hour}:00"): 3 for hour in (15, 16, 17)}


def test_an_open_loss_lasts_to_what_the_record_knows(incident: Incident):
    claim_of(a_person(), incident, ToldLoss(BIKE, at("16 12:30"), None))
    claim_of(a_person(), incident, ToldLoss(BIKE, at("16 15:30"), None))
    assert list(outside(incident, BIKE)) == [at("16 12:00"), at("16 13:00"), at("16 15:00")]


def test_a_derived_loss_is_a_report_and_a_subscription_is_none(incident: Incident, person: Any):
    usage(person, "kakao_t.taxi_call", "shift", "15 14:00", "15 16:00")
    usage(a_person(), "melon.streaming", "subscription", "1 00:00", "31 00:00")
    while derive_next(now=NOW):
        pass
    assert outside(incident, "kakao_t.taxi_call") == {at("15 14:00"): 1, at("15 15:00"): 1}
    assert outside(incident, "melon.streaming") == {}


def test_the_counts_are_those_of_a_plain_loop(incident: Incident):
    """Thirty claims of random losses, against every minute of every hour; spans and windows are whole minutes here."""
    chance = Random(20221015)
    services = [MESSAGES, "kakao_t_taxi_driver.app", "melon.streaming", BIKE]
    expected: dict[tuple[str, datetime], set[int]] = defaultdict(set)
    version = record_in_force(incident)
    assert version is not None
    official = official_spans(record_of(version), services)
    for number in range(30):
        losses = []
        for _ in range(chance.randint(1, 4)):
            code = chance.choice(services)
            start = at("15 12:00") + timedelta(minutes=chance.randint(0, 2000))
            minutes = chance.randint(1, 400)
            losses.append(ToldLoss(code, start, start + timedelta(minutes=minutes)))
            for minute in (start + timedelta(minutes=passed) for passed in range(minutes)):
                if not any(opens <= minute and (closes is None or minute < closes) for opens, closes in official[code]):
                    expected[code, minute.replace(minute=0)].add(number)
        claim_of(a_person(), incident, *losses)
    assert len(expected) > 20
    found = {(code, hour): claims for code in services for hour, claims in outside(incident, code).items()}
    assert found == {key: len(claims) for key, claims in expected.items()}


# --- counting again --------------------------------------------------------------------------------


def test_it_is_counted_once_in_ten_minutes(incident: Incident):
    report(incident, 3, told(MESSAGES, *BEFORE))
    assert count() == 1
    with transaction.atomic():
        assert count_disputes(now=NOW + timedelta(minutes=9, seconds=59)) is None
    assert count(1) == 0


def test_the_same_counts_change_nothing(dispute: Dispute, incident: Incident):
    before = list(DisputeHour.objects.values())
    assert count(1) == 0
    assert list(DisputeHour.objects.values()) == before
    assert Event.objects.filter(kind="dispute_opened").count() == 1
    assert Event.objects.filter(kind="dispute_counted").count() == 1


def test_more_reports_are_a_new_row(dispute: Dispute, incident: Incident):
    report(incident, 1, told(MESSAGES, *BEFORE))
    assert count(1) == 1
    rows = dispute.hours.filter(hour_at=at("14 10:00")).order_by("pk")
    assert list(rows.values_list("claims", flat=True)) == [3, 4]
    dispute.refresh_from_db()
    assert (dispute.claims, hours_of(dispute)) == (4, {at("14 10:00"): 4, at("14 11:00"): 3})


def test_a_dispute_grows_and_two_that_meet_are_one(dispute: Dispute, incident: Incident):
    report(incident, 3, told(MESSAGES, "14 13:00", "14 14:00"))
    count(1)
    later = Dispute.objects.exclude(pk=dispute.pk).get()
    report(incident, 3, told(MESSAGES, "14 12:00", "14 13:00"))
    count(2)
    dispute.refresh_from_db()
    later.refresh_from_db()
    assert (dispute.start_at, dispute.end_at, dispute.state) == (at("14 10:00"), at("14 14:00"), "open")
    assert (later.state, later.closed_at) == ("joined", NOW + timedelta(minutes=20))
    assert count(3) == 0


def test_hours_around_are_kept_to_compare(dispute: Dispute, incident: Incident):
    report(incident, 1, told(MESSAGES, "14 14:00", "14 15:00"), told(MESSAGES, "14 20:00", "14 21:00"))
    count(1)
    assert list(hours_of(dispute)) == [at("14 10:00"), at("14 11:00"), at("14 14:00")]


def publish(incident: Incident, start: str, end: str, service: str = MESSAGES) -> RecordVersion:
    """The next version, with one more window."""
    number = RecordVersion.objects.filter(incident=incident).count()
    by = staff(f"writer{number}", "caseworker")
    draft = open_record_draft(incident=incident.key, title="x", opened_by=by, now=NOW)
    said = WindowSaid(service=service, notice="operator-final", severity="full", start_at=at(start), end_at=at(end))
    list_windows(draft_id=draft.pk, read=0, said=[said], reason="x", written_by=by, now=NOW)
    return publish_record_draft(
        draft_id=draft.pk, read=1, after=number, published_by=staff(f"checker{number}", "checker"), now=NOW
    )


def test_a_version_that_covers_the_hours_answers_the_dispute(dispute: Dispute, incident: Incident):
    version = publish(incident, "14 10:00", "14 12:00")
    assert count(1) == 1
    dispute.refresh_from_db()
    assert (dispute.state, dispute.version, dispute.closed_by) == ("answered", version, None)
    assert hours_of(dispute) == {at("14 10:00"): 3, at("14 11:00"): 3}
    assert Event.objects.get(kind="dispute_answered").data["version"] == 2
    assert count(2) == 0


def test_what_a_version_leaves_outside_stays_open(dispute: Dispute, incident: Incident):
    version = publish(incident, "14 10:00", "14 11:00")
    assert count(1) == 1
    dispute.refresh_from_db()
    assert (dispute.state, dispute.version, dispute.start_at) == ("open", version, at("14 11:00"))
    assert hours_of(dispute) == {at("14 10:00"): 0, at("14 11:00"): 3}
    assert count(2) == 0


# --- answering -------------------------------------------------------------------------------------


def accept(dispute: Dispute, by: User, **said: Any) -> RecordDraft:
    known = {
        "notice": "operator-final", "severity": "full", "start_at": dispute.start_at, "end_at": dispute.end_at,
        "reason": "the operator says so too",
    }  # fmt: skip
    with transaction.atomic():
        return accept_dispute(dispute_id=dispute.pk, **{**known, **said}, accepted_by=by, now=NOW)


def reject(dispute: Dispute, by: User, reason: str = "a rumour") -> Dispute:
    return reject_dispute(dispute_id=dispute.pk, reason=reason, rejected_by=by, now=NOW)


def test_accepting_opens_a_draft_with_the_window(dispute: Dispute, writer: User):
    draft = accept(dispute, writer)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.record_draft, dispute.closed_by) == ("accepted", draft, writer)
    window = draft.changes.get().window
    assert window is not None
    assert (window.service.code, window.start_at, window.end_at) == (MESSAGES, at("14 10:00"), at("14 12:00"))
    assert Event.objects.get(kind="dispute_accepted").data["draft"] == draft.pk
    assert count(1) == 0, "the draft takes it up"


def test_a_citizens_report_makes_no_window(dispute: Dispute, writer: User):
    with pytest.raises(SourceNotOfficial):
        accept(dispute, writer, notice="citizen-1015-1800")
    dispute.refresh_from_db()
    assert dispute.state == "open"
    assert not RecordDraft.objects.exists()


def test_an_accepted_dispute_comes_back_when_its_draft_is_discarded(dispute: Dispute, writer: User):
    draft = accept(dispute, writer)
    discard_record_draft(draft_id=draft.pk, read=1, discarded_by=writer, now=NOW)
    assert count(1) == 1
    assert Dispute.objects.filter(state="open").count() == 1


def test_a_rejected_dispute_comes_back_only_with_as_many_reports_again(dispute: Dispute, incident: Incident, writer: User):
    reject(dispute, writer)
    report(incident, 2, told(MESSAGES, *BEFORE))
    assert count(1) == 0
    report(incident, 1, told(MESSAGES, *BEFORE))
    assert count(2) == 1
    again = Dispute.objects.get(state="open")
    assert (again.start_at, again.end_at, again.claims) == (at("14 10:00"), at("14 11:00"), 6)


def test_a_dispute_is_decided_once_by_a_writer_with_a_reason(dispute: Dispute, writer: User):
    for decide in (accept, reject):
        with pytest.raises(RoleMissing):
            decide(dispute, staff(f"auditor-{decide.__name__}", "auditor"))
        with pytest.raises(ReasonRequired):
            decide(dispute, writer, reason="  ")
        with pytest.raises(InvalidValue):
            decide(dispute, writer, reason="x" * 501)
    reject(dispute, writer)
    for decide in (accept, reject):
        with pytest.raises(DisputeClosed):
            decide(dispute, staff(f"checker-{decide.__name__}", "checker"))
    with pytest.raises(UnknownDispute):
        reject_dispute(dispute_id=0, reason="x", rejected_by=writer, now=NOW)
    assert Event.objects.filter(kind="dispute_rejected", actor=writer).count() == 1


# --- what the database refuses ---------------------------------------------------------------------


BROKEN = {
    "an end before its start": ("end_at = start_at", "dispute_ends_after_start"),
    "nobody": ("claims = 0", "dispute_has_a_claim"),
    "a state that is none": ("state = 'lost'", "state_is_known"),
    "closed without an end": ("state = 'joined'", "dispute_is_open_or_has_an_end"),
    "decided by nobody": ("state = 'rejected', closed_at = opened_at, reason = 'x'", "a_person_decides_a_dispute"),
    "accepted without a draft": (
        "state = 'accepted', closed_at = opened_at, reason = 'x', closed_by_id = (SELECT min(id) FROM accounts_user)",
        "accepted_dispute_has_a_draft",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_the_database_refuses_a_dispute_that_makes_no_sense(dispute: Dispute, writer: User, case: str):
    columns, constraint = BROKEN[case]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE claims_dispute SET {columns}")


def test_open_disputes_of_a_service_never_overlap(dispute: Dispute):
    values = {name: getattr(dispute, name) for name in ("incident", "service", "version", "claims", "opened_at")}
    Dispute.objects.create(**values, start_at=dispute.end_at, end_at=dispute.end_at + HOUR)
    Dispute.objects.create(**values, start_at=dispute.end_at - HOUR, end_at=dispute.end_at)
    with pytest.raises(IntegrityError, match="open_disputes_of_a_service_do_not_overlap"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_decided_is_not_changed(dispute: Dispute, writer: User):
    reject(dispute, writer)
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        Dispute.objects.update(reason="another")
