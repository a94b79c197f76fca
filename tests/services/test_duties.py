"""What the law asks after an outage: by when, from which length on, and what proves that it was sent."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.operations import create_staff
from services.clocks import duties_by_incident, nearest_due
from services.duties import Duty, DutyKind, Outage, Span, duties_of, last_day
from services.instants import TimezoneRequired
from services.laws import law_at
from services.models import DutyProof, Incident, RecordVersion
from services.operations import (
    Document,
    DocumentTooLarge,
    NoticeSaid,
    ProofBeforeIncident,
    ProofInFuture,
    ProofMissing,
    RecordContent,
    WindowSaid,
    load_service_tree,
    name_governing,
    open_incident,
    open_record_draft,
    publish_record_draft,
    publish_record_version,
    record_notice,
    record_proof,
    record_windows,
)
from services.refusals import InvalidValue, Refusal
from services.staff import RoleMissing
from services.tasks import warn_of_duties
from tests.builders import KST, MESSAGES, outage
from tests.services.conftest import NOW

BEGAN = datetime(2022, 10, 15, 15, 30, tzinfo=KST)
BACK = datetime(2022, 10, 20, 23, 0, tzinfo=KST)
PDF = Document("안내문.pdf", "application/pdf", b"%PDF made up")


def kst(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KST)


def clock(now: datetime = NOW, **said: Any) -> tuple[Duty, Duty]:
    """An outage from BEGAN to BACK, unless something else is said."""
    known = {"extent": Span(BEGAN, BACK), "windows": [], "told_at": None, "sent": {}, "recorded": True, "started_at": BEGAN}
    told, damages = duties_of(Outage(**{**known, **said}), notice_within=timedelta(hours=2), now=now)
    return told, damages


# --- the law as data ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "hours"),
    [
        ("2019-06-24T23:59:59", None),
        ("2019-06-25T00:00", 4),
        ("2025-03-27T23:59:59", 4),
        ("2025-03-28T00:00", 2),
    ],
)
def test_the_day_in_korea_on_which_it_began_chooses_the_law(began: str, hours: int | None):
    law = law_at(kst(began))
    assert (law and law.floor) == (hours and timedelta(hours=hours))


def test_before_the_first_law_nothing_is_due():
    told, damages = clock(started_at=kst("2018-11-24T11:00"))
    assert (told.state, damages.state) == ("not_due", "not_due")


def test_planned_maintenance_alone_asks_for_nothing():
    told, damages = clock(extent=None, windows=[])
    assert (told.state, damages.state) == ("not_due", "not_due")


@pytest.mark.parametrize(
    ("back", "due"),
    [
        ("2022-10-20T23:00", date(2022, 11, 19)),
        ("2022-10-20T00:00:01", date(2022, 11, 19)),
        ("2022-10-21T00:00", date(2022, 11, 19)),
        ("2022-10-21T00:00:01", date(2022, 11, 20)),
        ("2024-01-30T12:00", date(2024, 2, 29)),
    ],
)
def test_thirty_days_are_counted_in_whole_korean_days(back: str, due: date):
    assert last_day(kst(back), 30) == due
    assert last_day(kst(back).astimezone(UTC), 30) == due


# --- the damages notice ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [
        ("2022-11-11T23:59:59", "open", 8),
        ("2022-11-12T00:00", "due_soon", 7),
        ("2022-11-19T23:59:59", "due_soon", 0),
        ("2022-11-20T00:00", "overdue", -1),
    ],
)
def test_it_is_due_by_the_end_of_the_thirtieth_day(now: str, state: str, left: int):
    _, damages = clock(kst(now))
    assert (damages.due_date, damages.state, damages.days_left) == (date(2022, 11, 19), state, left)


@pytest.mark.parametrize(("sent", "state"), [("2022-11-19T23:59:59", "done"), ("2022-11-20T00:00", "done_late")])
def test_sent_after_the_last_day_is_late(sent: str, state: str):
    _, damages = clock(sent={DutyKind.DAMAGES_NOTICE: [kst(sent)]})
    assert (damages.state, damages.done_at) == (state, kst(sent))


def test_the_clock_begins_with_recovery():
    _, damages = clock(extent=Span(BEGAN, None))
    assert (damages.state, damages.due_date) == ("not_begun", None)
    _, damages = clock(extent=None, recorded=False)
    assert (damages.state, damages.why[1]) == ("not_begun", "There is no official record yet.")


def test_without_an_extent_the_last_window_ends_the_outage():
    windows = [Span(BEGAN, BACK), Span(BEGAN, BEGAN + timedelta(hours=1))]
    assert clock(extent=None, windows=windows)[1].due_date == date(2022, 11, 19)
    assert clock(extent=None, windows=[*windows, Span(BEGAN, None)])[1].state == "not_begun"


@pytest.mark.parametrize(("minutes", "applies"), [(239, False), (240, True)])
def test_the_extent_or_the_longest_window_must_reach_the_floor(minutes: int, applies: bool):
    short, asked = Span(BEGAN, BEGAN + timedelta(hours=1)), Span(BEGAN, BEGAN + timedelta(minutes=minutes))
    for said in ({"extent": asked}, {"extent": short, "windows": [short, asked]}):
        told, damages = clock(**said)
        assert [duty.state == "not_due" for duty in (told, damages)] == [not applies, not applies]
    if not applies:
        assert damages.why[1] == "It does not apply, because the longest outage is 3 h 59 min, below the floor of 4 h."


def test_two_hours_are_enough_since_2025():
    began = kst("2025-03-28T00:00")
    said = {"started_at": began, "extent": Span(began, began + timedelta(hours=2))}
    assert clock(began, **said)[1].state == "open"


# --- the notice of the outage ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told_after", "now_after", "state"),
    [(None, 120, "open"), (None, 121, "overdue"), (120, 500, "done"), (121, 500, "done_late")],
)
def test_without_delay_is_two_hours_by_our_own_word(told_after: int | None, now_after: int, state: str):
    told_at = None if told_after is None else BEGAN + timedelta(minutes=told_after)
    told, _ = clock(BEGAN + timedelta(minutes=now_after), extent=Span(BEGAN, None), told_at=told_at)
    assert told.state == state
    assert "this service's own threshold" in told.why[1]


def test_a_proof_of_the_outage_notice_counts_as_the_first_word():
    told, _ = clock(told_at=BEGAN + timedelta(hours=9), sent={DutyKind.OUTAGE_NOTICE: [BEGAN + timedelta(minutes=30)]})
    assert (told.state, told.why[1][:5]) == ("done", "30 mi")


# --- read from the record ----------------------------------------------------------------------------


def of_incident(incident: Incident, now: datetime = NOW) -> tuple[Duty, Duty]:
    told, damages = duties_by_incident([incident], now=now)[incident.pk]
    return told, damages


def staff(name: str, *roles: str) -> User:
    return create_staff(email=f"{name}@example.com", password="a long password 1", roles=list(roles), now=NOW)


@pytest.fixture
def writer(db: None) -> User:
    return staff("writer", "caseworker")


@pytest.fixture
def incident(db: None) -> Incident:
    """15 October under version 2."""
    return outage(version=2)


def test_the_outage_of_15_october_was_due_by_19_november(db: None):
    incident = outage(version=1)
    assert of_incident(incident)[1].state == "not_begun"
    outage(version=2)
    told, damages = of_incident(incident, kst("2022-11-15T09:00"))
    assert (damages.due_date, damages.state, damages.days_left) == (date(2022, 11, 19), "due_soon", 4)
    assert (told.state, told.done_at) == ("done", kst("2022-10-15T16:00"))
    assert nearest_due([told, damages]) == damages


def test_the_extent_of_the_governing_source_decides(incident: Incident, writer: User):
    """Mobility was back on 16 October."""
    draft = open_record_draft(incident=incident.key, title="x", opened_by=writer, now=NOW)
    name_governing(draft_id=draft.pk, read=0, source="mobility", reason="its own services", written_by=writer, now=NOW)
    publish_record_draft(draft_id=draft.pk, read=1, after=2, published_by=staff("checker", "checker"), now=NOW)
    assert of_incident(incident)[1].due_date == date(2022, 11, 15)


def test_without_an_extent_the_windows_of_governing_sources_decide(django_assert_num_queries: Any, writer: User):
    """The press calls a service down for longer, for which the operator governs."""
    load_service_tree()
    about = open_incident(key="k", title_ko="장애", title_en="Outage", started_at=BEGAN, opened_by=writer)
    said: dict[str, Any] = {"incident": "k", "channel": "x", "published_at": BEGAN}
    windows = []
    for source, hours in (("press", None), ("operator", 5)):
        record_notice(NoticeSaid(key=source, source=source, text=source, **said), now=NOW)
        end_at = None if hours is None else BEGAN + timedelta(hours=hours)
        down = WindowSaid(service=MESSAGES, notice=source, severity="full", start_at=BEGAN, end_at=end_at)
        windows += record_windows([down], incident="k")
    publish_record_version(incident="k", content=RecordContent(NOW, windows), now=NOW)
    with django_assert_num_queries(4):
        _, damages = of_incident(about, BACK)
    assert (damages.state, damages.since_at) == ("open", BEGAN + timedelta(hours=5))


def test_notices_of_others_and_from_before_are_not_the_operators_word(incident: Incident, settings: Any):
    settings.DUTY_OPERATOR_SOURCES = ["ministry"]
    early = NoticeSaid(
        key="early", source="ministry", channel="x", published_at=kst("2022-10-15T10:00"), text="x", incident=incident.key
    )
    record_notice(early, now=NOW)
    told, _ = of_incident(incident, kst("2022-10-15T17:00"))
    assert (told.state, told.done_at) == ("open", None)


# --- proofs ------------------------------------------------------------------------------------------


def proof(incident: Incident, by: User, **said: Any) -> DutyProof:
    known = {"kind": "damages_notice", "sent_at": kst("2022-11-18T10:00"), "channel": "전자우편", "document": PDF}
    return record_proof(**{"incident": incident.key, **known, **said}, recorded_by=by, now=NOW)


def test_a_proof_is_kept_byte_by_byte_and_once(incident: Incident, writer: User):
    kept = proof(incident, writer)
    assert proof(incident, writer) == kept
    kept.refresh_from_db()
    assert (bytes(kept.content or b""), kept.name, kept.media_type) == (PDF.content, "안내문.pdf", "application/pdf")
    assert kept.content_hash == hashlib.sha256(PDF.content).hexdigest()
    _, damages = of_incident(incident)
    assert (damages.state, damages.done_at) == ("done", kst("2022-11-18T10:00"))


def test_what_is_said_of_a_file_is_not_believed(incident: Incident, writer: User):
    kept = proof(incident, writer, document=Document("../../a\x01.html", "text/html; x", b"x"))
    assert (kept.name, kept.media_type) == ("a.html", "application/octet-stream")


REFUSED: dict[str, tuple[dict[str, Any], type[Refusal]]] = {
    "in the future": ({"sent_at": NOW + timedelta(seconds=1)}, ProofInFuture),
    "before the incident": ({"sent_at": BEGAN - timedelta(seconds=1)}, ProofBeforeIncident),
    "naive": ({"sent_at": datetime(2022, 11, 18, 10)}, TimezoneRequired),  # noqa: DTZ001
    "nothing to see": ({"document": None}, ProofMissing),
    "an empty document": ({"document": Document("x", "text/plain", b"")}, ProofMissing),
    "too large": ({"document": Document("x", "text/plain", bytes(10 * 1024 * 1024 + 1))}, DocumentTooLarge),
    "a duty that is none": ({"kind": "apology"}, InvalidValue),
    "no channel": ({"channel": " "}, InvalidValue),
    "a script as address": ({"url": "javascript:alert(1)"}, InvalidValue),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_proof_is_refused_and_not_kept(incident: Incident, writer: User, case: str):
    said, refusal = REFUSED[case]
    with pytest.raises(refusal):
        proof(incident, writer, **said)
    assert not DutyProof.objects.exists()


def test_only_writers_record_proofs(incident: Incident):
    with pytest.raises(RoleMissing):
        proof(incident, staff("auditor", "auditor"))


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "another hash": ({"content_hash": "0" * 64}, "proof_hash_is_of_its_document"),
    "too large": (
        {"content": bytes(10 * 1024 * 1024 + 1), "content_hash": hashlib.sha256(bytes(10 * 1024 * 1024 + 1)).hexdigest()},
        "proof_is_at_most_ten_megabytes",
    ),
    "sent later": ({"sent_at": NOW + timedelta(seconds=1)}, "proof_is_of_what_was_sent"),
    "no channel": ({"channel": ""}, "proof_names_the_channel"),
    "no name": ({"name": ""}, "proof_describes_its_document"),
    "nothing": ({"content": None, "content_hash": "", "name": "", "media_type": ""}, "proof_has_a_document_or_an_address"),
    "another duty": ({"kind": "apology"}, "kind_is_known"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_the_database_refuses_a_proof_that_proves_nothing(incident: Incident, writer: User, case: str):
    said, constraint = BROKEN[case]
    known = {
        "incident": incident, "kind": "damages_notice", "sent_at": NOW, "channel": "x", "content": b"x", "name": "x",
        "content_hash": hashlib.sha256(b"x").hexdigest(), "media_type": "text/plain", "recorded_by": writer, "recorded_at": NOW,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DutyProof.objects.create(**{**known, **said})
    DutyProof.objects.create(**known)


# --- the pages and the daily warning -----------------------------------------------------------------


def page(client: Client, incident: Incident, user: User, language: str = "ko", **posted: Any) -> str:
    client.force_login(user)
    url = reverse("admin:services_incident_clock", args=[incident.pk])
    more: Any = {"follow": True, "headers": {"accept-language": language}}
    answer = client.post(url, posted, **more) if posted else client.get(url, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(**more: Any) -> dict[str, Any]:
    document = SimpleUploadedFile("안내문.pdf", PDF.content, "application/pdf")
    return {"kind": "damages_notice", "sent_at": "2022-11-18T10:00", "channel": "전자우편", "document": document, **more}


def test_the_page_shows_what_is_due_and_keeps_a_proof(client: Client, incident: Incident, writer: User):
    shown = page(client, incident, writer)
    assert "2022-11-19" in shown
    assert "지남" in shown
    shown = page(client, incident, writer, **sent())
    assert "저장했습니다" in shown
    kept = DutyProof.objects.get()
    assert (kept.sent_at, kept.recorded_by) == (kst("2022-11-18T10:00"), writer)
    answer = client.get(reverse("admin:services_dutyproof_document", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == PDF.content  # type: ignore[attr-defined]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Damages notice" in page(client, incident, writer, "en")


def test_the_page_says_what_is_wrong(client: Client, incident: Incident, writer: User):
    assert "proof_before_incident" in page(client, incident, writer, **sent(sent_at="2022-10-15T15:29"))
    assert "proof_missing" in page(client, incident, writer, **sent(document=""))
    auditor = staff("auditor", "auditor")
    assert 'name="sent_at"' not in page(client, incident, auditor)
    assert client.post(reverse("admin:services_incident_clock", args=[incident.pk]), sent()).status_code == 403
    assert not DutyProof.objects.exists()


def test_a_document_is_for_staff(client: Client, incident: Incident, writer: User):
    address = reverse("admin:services_dutyproof_document", args=[proof(incident, writer).pk])
    assert client.get(address).status_code == 302
    no_document = proof(incident, writer, document=None, url="https://example.org/notice")
    client.force_login(writer)
    assert client.get(reverse("admin:services_dutyproof_document", args=[no_document.pk])).status_code == 404


def test_the_list_names_the_nearest_open_date(client: Client, incident: Incident, writer: User):
    client.force_login(writer)
    address = reverse("admin:services_incident_changelist")
    assert "2022-11-19 · 지남" in client.get(address).content.decode()
    proof(incident, writer)
    assert "2022-11-19" not in client.get(address).content.decode()


def test_once_a_day_what_is_overdue_is_said_in_the_log(incident: Incident, writer: User, caplog: pytest.LogCaptureFixture):
    assert warn_of_duties() == 1
    assert "damages_notice of kakao-2022-10-15 is overdue" in caplog.text
    proof(incident, writer)
    assert warn_of_duties() == 0
    assert RecordVersion.objects.filter(incident=incident).count() == 2


def test_the_daily_task_is_on_the_timetable(settings: Any):
    assert settings.CELERY_BEAT_SCHEDULE["duties"]["task"] == warn_of_duties.name
