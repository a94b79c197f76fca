"""The record over the API: for everybody, explicit fields, coded problems, a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from services.models import Incident
from services.operations import FIXTURES, load_incident
from tests.services.conftest import NOW

INCIDENTS = "/api/v1/incidents"
WINDOWS = "/api/v1/incidents/kakao-2022-10-15/windows"


INCIDENT = "/api/v1/incidents/kakao-2022-10-15"


@pytest.fixture
def anybody(db) -> Client:
    return Client()


def test_incidents(anybody, record):
    answer = anybody.get(INCIDENTS).json()["data"]
    assert [incident["key"] for incident in answer] == ["kakao-2022-10-04", "kakao-2022-10-15"]
    incident = answer[1]
    assert set(incident) == {"key", "title_ko", "title_en", "started_at", "started_approx", "versions"}
    assert incident["started_at"] == "2022-10-15T06:30:00Z"
    assert [(version["number"], version["window_count"]) for version in incident["versions"]] == [(1, 42), (2, 44)]
    assert incident["versions"][0]["extents"] == [
        {"source": "operator", "start_at": "2022-10-15T06:30:00Z", "end_at": None, "start_inferred": False}
    ]
    assert [extent["source"] for extent in incident["versions"][1]["extents"]] == ["operator", "mobility", "ministry"]


def test_windows_of_a_version(anybody, record):
    newest, first = anybody.get(WINDOWS).json(), anybody.get(WINDOWS, {"version": 1}).json()
    assert (newest["version"], len(newest["windows"])) == (2, 44)
    assert (first["version"], len(first["windows"]), first["as_of"]) == (1, 42, "2022-10-16T05:00:00Z")
    assert first["windows"][0] == {
        "key": "kakaotalk.text_message|press|2022-10-15T06:30:00Z",
        "service": "kakaotalk.text_message",
        "service_name_ko": "카카오톡 메시지",
        "service_name_en": "KakaoTalk messages",
        "severity": "full",
        "scope": "all",
        "start_at": "2022-10-15T06:30:00Z",
        "start_approx": True,
        "end_at": "2022-10-15T17:00:00Z",
        "end_approx": True,
        "inferred": True,
        "source": "press",
        "notice": "press-1016-1400",
        "closing_rule": "",
        "users_permille": None,
        "planned": False,
        "announced_at": None,
    }


@pytest.mark.parametrize(
    ("address", "parameters", "code"),
    [
        (INCIDENTS, {"page": "2"}, "unknown_parameter"),
        (WINDOWS, {"versoin": "1"}, "unknown_parameter"),
        (WINDOWS, {"version": ["1", "2"]}, "parameter_repeated"),
        (INCIDENT, {"version": "1"}, "unknown_parameter"),
        (WINDOWS, {"version": "1", "as_of": "2022-12-08T00:00:00Z"}, "version_ambiguous"),
        (WINDOWS, {"as_of": "2022-12-08T00:00:00"}, "timezone_required"),
        (WINDOWS, {"as_of": "2022-12-08T00:00:00 09:00"}, "datetime_format"),
        (WINDOWS, {"as_of": "0001-01-01T00:00:00Z"}, "out_of_range"),
        *((WINDOWS, {"version": text}, "version_malformed") for text in ("0", "", "-1", "1.0", "²", "1\x00", "9" * 30)),
    ],
)
def test_a_bad_question_gets_a_coded_problem(address, parameters, code, anybody, record):
    assert problem(anybody.get(address, parameters)) == (400, code)


def test_what_is_not_there_gets_a_coded_problem(anybody, record):
    assert problem(anybody.get(WINDOWS, {"version": "3"})) == (404, "not_found")
    assert problem(anybody.get(WINDOWS, {"version": "999999999"})) == (404, "not_found")
    assert problem(anybody.get("/api/v1/incidents/none/windows")) == (404, "not_found")


def problem(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"]
    return response.status_code, response.json()["code"]


def test_an_incident_without_a_version(anybody, tree):
    Incident.objects.create(key="i1", title_ko="장애", title_en="outage", started_at="2022-10-15T15:30:00+09:00")
    assert anybody.get(INCIDENTS).json()["data"][0]["versions"] == []
    assert anybody.get("/api/v1/incidents/i1/windows").json()["code"] == "not_found"


def test_one_incident_with_its_notices(anybody, record):
    incident = anybody.get(INCIDENT).json()
    assert incident["cause_ko"].startswith("화재로")
    assert [version["number"] for version in incident["versions"]] == [1, 2]
    assert len(incident["notices"]) == 12
    assert incident["notices"][0]["key"] == "operator-x-1015"
    assert "press-1016-1400" in {notice["key"] for notice in incident["notices"]}, "of no incident, and windows rest on it"
    assert set(incident["notices"][0]) == {
        "key", "source", "channel", "published_at", "published_approx", "recorded_at", "text", "text_en", "ref",
    }  # fmt: skip
    assert problem(anybody.get("/api/v1/incidents/none")) == (404, "not_found")


def test_the_version_that_was_in_force_at_an_instant(anybody, tree):
    later = NOW + timedelta(days=1)
    load_incident(FIXTURES / "kakao-2022-10-15.json", now=NOW, up_to=1)
    load_incident(FIXTURES / "kakao-2022-10-15.json", now=later)

    def number(as_of):
        return anybody.get(WINDOWS, {"as_of": as_of.isoformat()}).json()["version"]

    moment = timedelta(microseconds=1)
    assert (number(NOW), number(later - moment), number(later)) == (1, 1, 2)
    early = {"as_of": (NOW - moment).isoformat()}
    assert problem(anybody.get(WINDOWS, early)) == (404, "not_found")


def test_an_answer_that_is_still_the_same_is_not_sent_again(anybody, record):
    newest, first = anybody.get(WINDOWS), anybody.get(WINDOWS, {"version": 1})
    assert (newest["Cache-Control"], first["Cache-Control"]) == ("public, max-age=60", "public, max-age=86400")
    assert newest["ETag"] != first["ETag"]
    assert anybody.get(WINDOWS, {"version": 1}, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert anybody.get(WINDOWS, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert "Cache-Control" not in anybody.get(WINDOWS, {"version": 9}).headers
    assert not anybody.cookies


@pytest.mark.parametrize("address", [INCIDENTS, INCIDENT, WINDOWS])
def test_who_asks_is_not_looked_at(address, anybody, record, django_assert_max_num_queries):
    anybody.force_login(User.objects.create_user("staff@example.org", is_staff=True))
    with django_assert_max_num_queries(5) as asked:
        assert anybody.get(address).status_code == 200
    assert not [query["sql"] for query in asked if "session" in query["sql"] or "accounts" in query["sql"]]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [INCIDENTS, INCIDENT, WINDOWS])
def test_reading_only(address, method, anybody):
    response = getattr(anybody, method)(address)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


def test_the_number_of_queries_does_not_grow(anybody, record):
    def queries(address: str, **parameters: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert anybody.get(address, parameters).status_code == 200
        return len(captured)

    before = queries(INCIDENTS)
    for number in range(20):
        Incident.objects.create(key=f"i{number}", title_ko="장애", title_en="outage", started_at="2022-10-15T15:30:00+09:00")
    assert queries(INCIDENTS) == before
    assert before == 4, "incidents, versions, extents, findings"
    assert queries(INCIDENT) == 5, "and notices"
    assert queries("/api/v1/incidents/kakao-2022-10-04/windows") == queries(WINDOWS, version=1) == queries(WINDOWS) == 3


def test_a_condition_for_writers_is_none_for_readers(anybody, record):
    for headers in ({"If-Match": '"1"'}, {"If-Unmodified-Since": "Sat, 15 Oct 2022 00:00:00 GMT"}):
        assert anybody.get(INCIDENTS, headers=headers).status_code == 200
