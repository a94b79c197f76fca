"""The record in Statuspage's shape: a reader of that shape gets back the windows of the governing sources."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from services.models import OutageWindow, RecordVersion, Service
from services.operations import FIXTURES, load_incident
from services.queries import windows_of
from services.record_page import governing
from services.statuspage import steps_of
from tests.services.conftest import NOW

ADDRESS = "/status/api/v2/incidents.json"
SEVERITIES = {"major_outage": "full", "partial_outage": "partial", "degraded_performance": "intermittent"}

INCIDENT = {
    "id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "impact", "shortlink", "started_at",
    "page_id", "incident_updates", "components",
}  # fmt: skip
UPDATE = {
    "id", "status", "body", "incident_id", "created_at", "updated_at", "display_at", "affected_components",
    "deliver_notifications", "custom_tweet", "tweet_id",
}  # fmt: skip
COMPONENT = {
    "id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date", "group_id",
    "page_id", "group", "only_show_if_degraded",
}  # fmt: skip


@pytest.fixture
def anybody(db) -> Client:
    return Client()


def windows_read(incident: dict) -> set[tuple]:
    """As a tool reads them: a status of a component lasts until the next update that changes it."""
    since: dict[str, tuple[str, str]] = {}
    found = set()
    for update in sorted(incident["incident_updates"], key=lambda update: update["display_at"]):
        for component in update["affected_components"]:
            code, at = component["code"], update["display_at"]
            status, start = since.pop(code, ("operational", at))
            assert component["old_status"] == status
            if status != "operational":
                found.add((code, SEVERITIES[status], datetime.fromisoformat(start), datetime.fromisoformat(at)))
            if component["new_status"] != "operational":
                since[code] = (component["new_status"], at)
    return found | {(code, SEVERITIES[status], datetime.fromisoformat(at), None) for code, (status, at) in since.items()}


def windows_recorded(version: RecordVersion) -> set[tuple]:
    windows = governing(list(windows_of(version)), version)
    return {(window.service.code, window.severity, window.start_at, window.end_at) for window in windows}


def test_the_round_trip_gives_back_the_windows_of_governing_sources(anybody, version_2):
    newest, october_4 = anybody.get(ADDRESS).json()["incidents"]
    assert windows_read(newest) == windows_recorded(version_2)
    assert len(windows_read(newest)) == 43, "all but the mobility operator's word on taxis"
    assert windows_read(october_4) == windows_recorded(RecordVersion.objects.get(incident__key="kakao-2022-10-04"))


def test_what_is_open_stays_open(anybody, tree):
    load_incident(FIXTURES / "kakao-2022-10-15.json", now=NOW, up_to=1)
    incident = anybody.get(ADDRESS).json()["incidents"][0]
    assert windows_read(incident) == windows_recorded(RecordVersion.objects.get())
    assert (incident["status"], incident["resolved_at"], incident["impact"]) == ("identified", None, "critical")
    assert {update["status"] for update in incident["incident_updates"]} == {"identified"}
    statuses = {component["id"]: component["status"] for component in incident["components"]}
    assert statuses["kakaotalk.text_message"] == "degraded_performance"
    assert statuses["kakaotalk.pc_login"] == "operational"


def test_the_shape_is_statuspages(anybody, record):
    answer = anybody.get(ADDRESS).json()
    assert answer["page"] == {
        "id": "outage-record",
        "name": "플랫폼 장애 공식 기록",
        "url": "http://testserver/incidents/",
        "time_zone": "Asia/Seoul",
        "updated_at": "2022-12-07T18:00:00.000+09:00",
    }
    incident = answer["incidents"][0]
    assert set(incident) == INCIDENT
    assert (incident["status"], incident["resolved_at"]) == ("resolved", "2022-10-20T23:00:00.000+09:00")
    assert incident["shortlink"] == "http://testserver/incidents/kakao-2022-10-15/"
    assert all(set(update) == UPDATE for update in incident["incident_updates"])
    assert all(set(component) == COMPONENT for component in incident["components"])
    changed = {one["code"] for update in incident["incident_updates"] for one in update["affected_components"]}
    assert changed == {component["id"] for component in incident["components"]}
    ids = [update["id"] for update in incident["incident_updates"]]
    assert len(set(ids)) == len(ids)
    times = [update["display_at"] for update in incident["incident_updates"]]
    assert times == sorted(times, reverse=True), "newest first"


def test_notices_are_updates_too(anybody, record):
    newest, october_4 = anybody.get(ADDRESS, {"lang": "en"}).json()["incidents"]
    bodies = {update["id"]: update for update in newest["incident_updates"]}
    assert bodies["operator-1016-1430"]["body"].startswith("Restoration at 14:30")
    assert bodies["operator-1016-1430"]["display_at"] == "2022-10-16T14:30:00.000+09:00"
    assert bodies["operator-1016-1430"]["affected_components"] == []
    assert (bodies["operator-1016-1430"]["status"], bodies["ministry-1206"]["status"]) == ("identified", "resolved")
    assert "press-1016-1400" in bodies
    assert [update["id"] for update in october_4["incident_updates"] if not update["affected_components"]] == [
        "press-1016-1400"
    ]
    change = bodies["kakao-2022-10-15|2022-10-15T16:31:00Z"]
    assert change["body"] == "KakaoTalk messages: Down → Partly down"


def test_incidents_without_a_version_are_left_out(anybody, tree):
    assert anybody.get(ADDRESS).json()["incidents"] == []
    assert anybody.get(ADDRESS).json()["page"]["updated_at"] is None


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"page": "2"}, "unknown_parameter"),
        ({"lang": "de"}, "unknown_language"),
        ({"lang": ["ko", "en"]}, "parameter_repeated"),
    ],
)
def test_a_bad_question_gets_a_coded_problem(parameters, code, anybody):
    response = anybody.get(ADDRESS, parameters)
    assert (response.status_code, response.json()["code"]) == (400, code)


def window(start: int, end: int | None, severity: str = "full", *, planned: bool = False) -> OutageWindow:
    at = NOW - timedelta(days=1)
    made = OutageWindow(
        service=Service(pk=1, code="a"),
        severity=severity,
        start_at=at + timedelta(hours=start),
        end_at=None if end is None else at + timedelta(hours=end),
    )
    made.planned = planned
    return made


def statuses(*windows: OutageWindow) -> list[str]:
    return [step.new for _, steps in steps_of(windows) for step in steps]


def test_windows_that_touch_go_over_into_each_other():
    assert statuses(window(0, 1), window(1, 2, "partial")) == ["major_outage", "partial_outage", "operational"]
    assert statuses(window(0, 1), window(1, 2)) == ["major_outage", "operational"]
    assert statuses(window(0, 1), window(2, None)) == ["major_outage", "operational", "major_outage"]


def test_planned_maintenance_has_its_own_status():
    assert statuses(window(0, 1, planned=True)) == ["under_maintenance", "operational"]
