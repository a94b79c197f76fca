"""Instatus: its public summary, and the lists of its API."""

import json
from typing import Any

import pytest

from services.feeds import FeedRefused, read_feed
from tests.services.feeds.pages import at, spans, written


def _read(document, **options):
    return read_feed("instatus", json.dumps(document).encode(), **options)


def _one(document, **options):
    (item,) = _read(document, **options)
    return item


def _update(identifier, status, clock, **rest):
    return {"id": identifier, "message": f"It is {status}.", "status": status, "started": written(clock), **rest}


def _incident(*updates, status="RESOLVED", **rest):
    return {
        "id": "i1",
        "name": "Website down",
        "status": status,
        "started": written("10:00"),
        "resolved": None,
        "impact": "MAJOROUTAGE",
        "updates": list(updates),
        "components": [{"id": "web", "name": "Website", "status": "OPERATIONAL"}],
        **rest,
    }


def _maintenance(*updates, **rest):
    return {
        "id": "m1",
        "name": "Upgrade",
        "status": "NOTSTARTEDYET",
        "start": written("10:00"),
        "duration": 60,
        "updates": list(updates),
        "components": [{"id": "db", "name": "Database", "status": "OPERATIONAL"}],
        **rest,
    }


SUMMARY: dict[str, Any] = {
    "page": {"name": "Shop", "status": "HASISSUES"},
    "activeIncidents": [
        {
            "name": "Checkout fails",
            "started": "Tue Mar 05 2024 19:00:00 GMT+0900 (Korean Standard Time)",
            "status": "INVESTIGATING",
            "impact": "MAJOROUTAGE",
            "url": "https://shop.example/incident/abc",
        }
    ],
    "activeMaintenances": [
        {
            "name": "Database",
            "start": "Tue Mar 05 2024 12:00:00 GMT+0000",
            "status": "NOTSTARTEDYET",
            "duration": "90",
            "url": "https://shop.example/maintenance/def/",
        }
    ],
}


def test_an_incident_of_the_api_is_read_with_its_components():
    updates = [
        _update("u2", "RESOLVED", "11:00", createdAt=written("11:20")),
        _update("u1", "INVESTIGATING", "10:05", message=""),
    ]
    item = _one([_incident(*updates)])
    assert [notice.written_at for notice in item.notices] == [None, at("11:20")]
    (window,) = item.windows
    assert (item.foreign_id, item.kind, item.title, item.url) == ("i1", "incident", "Website down", "")
    assert [(notice.foreign_id, notice.text) for notice in item.notices] == [("u1", "INVESTIGATING"), ("u2", "It is RESOLVED.")]
    assert spans(item) == [("web#1", "full", at("10:00"), at("11:00"))]
    assert (window.inferred, window.remarks, window.questions, window.notice) == (True, ("no_recovery_line",), (), "u2")


@pytest.mark.parametrize(("recovery", "end"), [("component", "11:00"), ("monitoring", "10:30"), ("resolved", "11:00")])
def test_the_choice_of_recovery_ends_the_window(recovery, end):
    updates = [
        _update("u1", "INVESTIGATING", "10:00"),
        _update("u2", "MONITORING", "10:30"),
        _update("u3", "RESOLVED", "11:00"),
    ]
    assert _one([_incident(*updates)], recovery=recovery).windows[0].end_at == at(end)


def test_an_incident_that_was_opened_again_makes_several_windows():
    updates = [
        _update("u1", "INVESTIGATING", "10:00"),
        _update("u2", "RESOLVED", "11:00"),
        _update("u3", "IDENTIFIED", "12:00"),
        _update("u4", "RESOLVED", "13:00"),
    ]
    assert spans(_one([_incident(*updates)])) == [
        ("web#1", "full", at("10:00"), at("11:00")),
        ("web#2", "full", at("12:00"), at("13:00")),
    ]


@pytest.mark.parametrize(
    ("impact", "severity", "questions"),
    [
        ("MAJOROUTAGE", "full", ()),
        ("PARTIALOUTAGE", "partial", ()),
        ("MINOROUTAGE", "partial", ()),
        ("DEGRADEDPERFORMANCE", "partial", ()),
        ("OPERATIONAL", "partial", ("severity_unsaid",)),
        (None, "partial", ("severity_unsaid",)),
    ],
)
def test_the_impact_gives_the_severity(impact, severity, questions):
    given = _incident(_update("u1", "INVESTIGATING", "10:00"), resolved=written("11:00"), impact=impact)
    (window,) = _one([given]).windows
    assert (window.severity, window.questions, window.end_at) == (severity, questions, at("11:00"))


@pytest.mark.parametrize(
    ("status", "severity", "questions"),
    [
        ("MAJOROUTAGE", "full", ()),
        ("DEGRADEDPERFORMANCE", "partial", ()),
        ("OPERATIONAL", "partial", ("end_unsaid",)),
        ("UNDERMAINTENANCE", "partial", ("maintenance_or_outage",)),
        ("INVESTIGATING", "partial", ()),
    ],
)
def test_while_it_lasts_the_status_of_a_component_is_its_own(status, severity, questions):
    component = {"id": "web", "name": "Website", "status": status}
    given = _incident(
        _update("u1", "INVESTIGATING", "10:00"), status="IDENTIFIED", impact="PARTIALOUTAGE", components=[component]
    )
    (window,) = _one([given]).windows
    assert (window.severity, window.questions, window.end_at) == (severity, questions, None)


def test_once_it_is_resolved_the_status_of_a_component_says_nothing():
    component = {"id": "web", "name": "Website", "status": "MAJOROUTAGE"}
    given = _incident(resolved=written("11:00"), impact="DEGRADEDPERFORMANCE", components=[component])
    assert _one([given]).windows[0].severity == "partial"


def test_a_maintenance_of_the_api_ends_about_as_planned_until_it_is_completed():
    announced = _update("u1", "NOTSTARTEDYET", "10:00", createdAt=written("09:00", -3))
    item = _one([_maintenance(announced)])
    (window,) = item.windows
    assert (item.kind, spans(item)) == ("maintenance", [("db#1", "full", at("10:00"), at("11:00"))])
    assert (window.planned, window.end_approx, window.announced_at) == (True, True, at("09:00", -3))
    done = _one([_maintenance(announced, _update("u2", "COMPLETED", "11:20"), status="COMPLETED")]).windows[0]
    assert (done.end_at, done.end_approx, done.notice) == (at("11:20"), False, "u2")
    assert done.remarks == ("completed_late", "extent_unsaid")


def test_the_summary_is_read_by_its_addresses_and_dates():
    incident, maintenance = _read(SUMMARY)
    assert (incident.foreign_id, incident.notices[0].foreign_id, incident.notices[0].text) == ("abc", "abc", "Checkout fails")
    assert spans(incident) == [("#1", "full", at("10:00"), None)]
    assert incident.windows[0].questions == ("which_component",)
    assert (maintenance.foreign_id, spans(maintenance)) == ("def", [("#1", "full", at("12:00"), at("13:30"))])
    assert (maintenance.windows[0].questions, maintenance.windows[0].announced_at) == (("which_component",), None)


def test_what_is_monitored_since_nobody_says_when_is_asked_for_its_end():
    given = _incident(status="MONITORING")
    assert _one([given], recovery="monitoring").windows[0].questions == ("end_unsaid",)
    assert _one([{**given, "components": []}]).windows[0].questions == ("which_component",)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ([_incident(), _incident()], "feed_duplicate", "[1].id"),
        (
            [_incident(_update("u", "RESOLVED", "10:00"), _update("u", "RESOLVED", "10:01"))],
            "feed_duplicate",
            "[0].updates[1].id",
        ),
        ([_incident(components=[{"id": "a", "name": ""}] * 2)], "feed_duplicate", "[0].components[1].id"),
        ([_incident(status="resolved")], "feed_word_unknown", "[0].status"),
        ([_incident(impact="BIG")], "feed_word_unknown", "[0].impact"),
        ([_maintenance(status="RESOLVED")], "feed_word_unknown", "[0].status"),
        ([_incident(started="2024-03-05T10:00:00")], "feed_offset_missing", "[0].started"),
        ([_incident(started="Tue Mar 05 2024 19:00:00")], "feed_time_malformed", "[0].started"),
        ([_incident(started="Tue Foo 05 2024 19:00:00 GMT+0900")], "feed_time_malformed", "[0].started"),
        ([_maintenance(duration=-5)], "feed_malformed", "[0].duration"),
        ([_maintenance(duration="an hour")], "feed_malformed", "[0].duration"),
        ([_maintenance(duration=True)], "feed_malformed", "[0].duration"),
        ([_maintenance(duration=60 * 24 * 367)], "feed_outage_too_long", "[0].duration"),
        ([_maintenance(duration=10**30)], "feed_outage_too_long", "[0].duration"),
        ({"activeIncidents": [{**SUMMARY["activeIncidents"][0], "url": ""}]}, "feed_malformed", "activeIncidents[0]"),
        (
            {"activeIncidents": [{**SUMMARY["activeIncidents"][0], "url": "ftp://x"}]},
            "feed_malformed",
            "activeIncidents[0].url",
        ),
        ([_incident(id=None, url="https://shop.example/" + "x" * 101)], "feed_malformed", "[0]"),
        ({"incidents": [_incident(id=4)]}, "feed_malformed", "incidents[0].id"),
        ([3], "feed_malformed", "[0]"),
    ],
)
def test_what_is_wrong_is_refused_with_its_path(given, code, field):
    with pytest.raises(FeedRefused) as refused:
        _read(given)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert field in refused.value.message
