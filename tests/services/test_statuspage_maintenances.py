"""Planned maintenance in Statuspage's shape: our own reader of that shape gets back what the record says, at any time."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from services.feeds import ReadItem, read_feed
from services.models import Incident, OutageWindow
from services.operations import (
    NoticeSaid,
    RecordContent,
    WindowSaid,
    publish_record_version,
    record_notice,
    record_windows,
)
from services.record_page import record_page
from services.statuspage import recorded, recorded_incidents, statuspage
from services.statuspage_maintenances import maintenances
from tests.services.conftest import NOW

INCIDENTS, MAINTENANCES = "/status/api/v2/incidents.json", "/status/api/v2/scheduled-maintenances.json"
BEGINS, ENDS = NOW + timedelta(days=2), NOW + timedelta(days=2, hours=3)
ANNOUNCED = NOW - timedelta(days=1)
LOGIN, MESSAGES, MEDIA = "kakaotalk.pc_login", "kakaotalk.text_message", "kakaotalk.media_send"


@pytest.fixture
def anybody(db) -> Client:
    return Client()


@pytest.fixture
def notices(tree) -> None:
    Incident.objects.create(key="i1", title_ko="점검", title_en="Maintenance", started_at=BEGINS)
    for key, published_at in (("planned", ANNOUNCED), ("outage", NOW)):
        said = NoticeSaid(key=key, incident="i1", source="operator", channel="x", published_at=published_at, text=f"{key} 공지")
        record_notice(said, now=NOW)


def planned(service: str = LOGIN, **more) -> WindowSaid:
    values = {"severity": "full", "start_at": BEGINS, "end_at": ENDS, "planned": True, "announced_at": ANNOUNCED}
    return WindowSaid(**{"service": service, "notice": "planned", **values, **more})


def outage(**more) -> WindowSaid:
    values = {"severity": "full", "start_at": NOW - timedelta(hours=2), "end_at": NOW - timedelta(hours=1)}
    return WindowSaid(**{"service": MESSAGES, "notice": "outage", **values, **more})


def publish(*said: WindowSaid) -> list[OutageWindow]:
    windows = record_windows(said, incident="i1")
    publish_record_version(incident="i1", content=RecordContent(NOW, windows), now=NOW)
    return windows


def document(now) -> dict:
    return maintenances(recorded(planned=True), absolute="https://record.example{}".format, now=now)


def read(document: dict) -> list[ReadItem]:
    return list(read_feed("statuspage", json.dumps(document).encode()))


def windows_read(items: list[ReadItem]) -> set[tuple]:
    return {
        (one.component_id, one.severity, one.start_at, one.end_at, one.planned, one.announced_at)
        for item in items
        for one in item.windows
    }


def windows_recorded(windows: list[OutageWindow]) -> set[tuple]:
    return {(one.service.code, one.severity, one.start_at, one.end_at, one.planned, one.announced_at) for one in windows}


@pytest.mark.parametrize(
    ("now", "status", "component"),
    [
        (BEGINS - timedelta(seconds=1), "scheduled", "operational"),
        (BEGINS, "in_progress", "under_maintenance"),
        (ENDS - timedelta(seconds=1), "in_progress", "under_maintenance"),
        (ENDS, "completed", "operational"),
    ],
)
def test_a_maintenance_has_the_status_of_the_hour_and_is_read_back_at_any(now, status, component, notices):
    windows = publish(planned(), planned(MEDIA))
    written = document(now)
    (one,) = written["scheduled_maintenances"]
    assert (one["status"], one["impact"], {part["status"] for part in one["components"]}) == (
        status, "maintenance", {component},
    )  # fmt: skip
    assert (one["resolved_at"] is not None) == (status == "completed")
    assert all(datetime.fromisoformat(update["display_at"]) <= now for update in one["incident_updates"])
    assert windows_read(read(written)) == windows_recorded(windows)


def test_what_stops_in_part_is_read_back_once_it_has_begun(notices):
    windows = publish(planned(severity="partial"), planned(MEDIA))
    assert windows_read(read(document(BEGINS))) == windows_recorded(windows)
    assert windows_read(read(document(ENDS))) == windows_recorded(windows)


def test_maintenance_without_an_end_goes_on(notices):
    windows = publish(planned(end_at=None))
    written = document(ENDS + timedelta(days=9))
    assert [one["status"] for one in written["scheduled_maintenances"]] == ["in_progress"]
    assert windows_read(read(written)) == windows_recorded(windows)


def test_other_spans_and_other_announcements_are_maintenances_of_their_own(notices):
    later = {"start_at": BEGINS + timedelta(days=1), "end_at": ENDS + timedelta(days=1)}
    windows = publish(planned(), planned(MESSAGES), planned(**later), planned(MEDIA, announced_at=NOW))
    written = document(NOW)["scheduled_maintenances"]
    assert sorted(len(one["components"]) for one in written) == [1, 1, 2]
    assert written[0]["scheduled_for"] == "2022-12-10T18:00:00.000+09:00", "the latest first"
    assert windows_read(read(document(NOW))) == windows_recorded(windows)


def test_a_maintenance_keeps_its_name_when_its_end_is_corrected(notices):
    publish(planned())
    before = document(NOW)["scheduled_maintenances"]
    publish(planned(end_at=ENDS + timedelta(hours=1)))
    after = document(NOW)["scheduled_maintenances"]
    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert after[0]["scheduled_until"] != before[0]["scheduled_until"]
    assert all(update["incident_id"] == after[0]["id"] for update in after[0]["incident_updates"])


def test_maintenance_is_no_incident_and_an_outage_no_maintenance(anybody, notices):
    publish(planned(), outage())
    (incident,) = anybody.get(INCIDENTS).json()["incidents"]
    assert (incident["status"], incident["impact"]) == ("resolved", "critical")
    assert incident["resolved_at"] == "2022-12-07T17:00:00.000+09:00", "the end of the outage, not of the maintenance"
    assert [part["id"] for part in incident["components"]] == [MESSAGES]
    assert {update["body"] for update in incident["incident_updates"] if not update["affected_components"]} == {"outage 공지"}
    (maintenance,) = anybody.get(MAINTENANCES).json()["scheduled_maintenances"]
    assert [part["id"] for part in maintenance["components"]] == [LOGIN]
    assert maintenance["status"] == "completed", "by the clock of the server"
    assert maintenance["shortlink"] == "http://testserver/incidents/i1/"


def test_maintenance_by_a_better_source_hides_no_outage_of_another(anybody, notices):
    told = NoticeSaid(key="told", incident="i1", source="press", channel="x", published_at=NOW, text="장애")
    record_notice(told, now=NOW)
    publish(planned(), planned(notice="told"), outage(service=LOGIN, notice="told"))
    (incident,) = anybody.get(INCIDENTS).json()["incidents"]
    assert [part["id"] for part in incident["components"]] == [LOGIN]
    rows = [row for _, rows in record_page("i1", None).products for row in rows]
    assert [(row.kind, row.window.notice.key, row.governs) for row in rows] == [
        ("planned", "planned", True), ("full", "told", True), ("planned", "told", False)
    ]  # fmt: skip
    (group,) = record_page("i1", None).drawings[0].groups
    lanes = [(one.lane.name, len(one.lane.bars), one.lane.governs) for one in group.lanes]
    press = f"└ {rows[1].source}"
    assert lanes == [(rows[0].service, 1, True), (press, 1, True), (press, 1, False)]


def test_an_incident_of_maintenance_only_is_not_among_the_incidents(notices):
    publish(planned())
    assert statuspage(recorded_incidents(), absolute=str)["incidents"] == []
    assert len(document(NOW)["scheduled_maintenances"]) == 1


def test_the_announcement_stands_in_the_language_asked_for(anybody, notices):
    publish(planned(announced_at=NOW))
    for language, said in (
        ("ko", "카카오톡 PC 로그인: 예정된 점검"),
        ("en", "KakaoTalk log-in on the PC: Planned maintenance"),
    ):
        response = anybody.get(MAINTENANCES, {"lang": language})
        bodies = [update["body"] for update in response.json()["scheduled_maintenances"][0]["incident_updates"]]
        assert any(body.startswith(said) for body in bodies)
        assert response.headers["Content-Language"] == language
    assert anybody.get(MAINTENANCES, {"page": "2"}).json()["code"] == "unknown_parameter"
