"""The record over the API: staff only, explicit fields, coded problems, a fixed number of queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from services.models import Incident

INCIDENTS = "/api/v1/incidents/"
WINDOWS = "/api/v1/incidents/kakao-2022-10-15/windows"


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("staff@example.org", is_staff=True))
    return client


@pytest.mark.parametrize("address", [INCIDENTS, WINDOWS, "/api/v1/incidents/none/windows"])
def test_only_staff(address, db):
    anonymous, claimant = Client(), Client()
    claimant.force_login(User.objects.create_user("claimant@example.org"))
    for client in (anonymous, claimant):
        response = client.get(address)
        assert response.status_code in {401, 403}
        assert response.json()["code"] in {"not_authenticated", "permission_denied"}


def test_incidents(staff, record):
    answer = staff.get(INCIDENTS).json()["results"]
    assert [incident["key"] for incident in answer] == ["kakao-2022-10-04", "kakao-2022-10-15"]
    incident = answer[1]
    assert set(incident) == {"key", "title_ko", "title_en", "started_at", "started_approx", "versions"}
    assert incident["started_at"] == "2022-10-15T15:30:00+09:00"
    assert [(version["number"], version["window_count"]) for version in incident["versions"]] == [(1, 42), (2, 44)]
    assert incident["versions"][0]["extents"] == [
        {"source": "operator", "start_at": "2022-10-15T15:30:00+09:00", "end_at": None, "start_inferred": False}
    ]
    assert [extent["source"] for extent in incident["versions"][1]["extents"]] == ["operator", "mobility", "ministry"]


def test_windows_of_a_version(staff, record):
    newest, first = staff.get(WINDOWS).json(), staff.get(WINDOWS, {"version": 1}).json()
    assert (newest["version"], len(newest["windows"])) == (2, 44)
    assert (first["version"], len(first["windows"]), first["as_of"]) == (1, 42, "2022-10-16T14:00:00+09:00")
    assert first["windows"][0] == {
        "key": "kakaotalk.text_message|press|2022-10-15T06:30:00Z",
        "service": "kakaotalk.text_message",
        "service_name_ko": "카카오톡 메시지",
        "service_name_en": "KakaoTalk messages",
        "severity": "full",
        "scope": "all",
        "start_at": "2022-10-15T15:30:00+09:00",
        "start_approx": True,
        "end_at": "2022-10-16T02:00:00+09:00",
        "end_approx": True,
        "inferred": True,
        "source": "press",
        "notice": "press-1016-1400",
        "closing_rule": "",
        "users_permille": None,
    }


@pytest.mark.parametrize(
    ("address", "parameters", "code"),
    [
        (INCIDENTS, {"page": "2"}, "unknown_parameter"),
        (WINDOWS, {"versoin": "1"}, "unknown_parameter"),
        (WINDOWS, {"version": ["1", "2"]}, "parameter_repeated"),
        *((WINDOWS, {"version": text}, "version_malformed") for text in ("0", "", "-1", "1.0", "²", "1\x00", "9" * 30)),
    ],
)
def test_a_bad_question_gets_a_coded_problem(address, parameters, code, staff):
    assert problem(staff.get(address, parameters)) == (400, code)


def test_what_is_not_there_gets_a_coded_problem(staff, record):
    assert problem(staff.get(WINDOWS, {"version": "3"})) == (404, "unknown_version")
    assert problem(staff.get(WINDOWS, {"version": "999999999"})) == (404, "unknown_version")
    assert problem(staff.get("/api/v1/incidents/none/windows")) == (404, "unknown_incident")


def problem(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["message"]
    return response.status_code, response.json()["code"]


def test_an_incident_without_a_version(staff, tree):
    Incident.objects.create(key="i1", title_ko="장애", title_en="outage", started_at="2022-10-15T15:30:00+09:00")
    assert staff.get(INCIDENTS).json()["results"][0]["versions"] == []
    assert staff.get("/api/v1/incidents/i1/windows").json()["code"] == "unknown_version"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [INCIDENTS, WINDOWS])
def test_reading_only(address, method, staff):
    response = getattr(staff, method)(address)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


def test_the_number_of_queries_does_not_grow(staff, record):
    def queries(address: str, **parameters: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address, parameters).status_code == 200
        return len(captured)

    before = queries(INCIDENTS)
    for number in range(20):
        Incident.objects.create(key=f"i{number}", title_ko="장애", title_en="outage", started_at="2022-10-15T15:30:00+09:00")
    assert queries(INCIDENTS) == before
    assert before <= 6, "session, user, incidents, versions, listings with extents"
    assert queries("/api/v1/incidents/kakao-2022-10-04/windows") == queries(WINDOWS, version=1) == queries(WINDOWS) == 5
