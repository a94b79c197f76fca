"""Cachet 3: local times, references among its parts, and a component's status that is only the last."""

import json

import pytest

from services.feeds import FeedRefused, read_feed
from tests.services.feeds.pages import at, spans


def _time(clock):
    return {"human": "a while ago", "string": f"2024-03-05 {clock}:00"}


def _status(value):
    return {"human": "?", "value": value}


def _references(kind, *identifiers):
    return {"data": [{"type": kind, "id": identifier} for identifier in identifiers]}


def _incident(identifier="1", *, status=4, updates=(), components=(), **attributes):
    return {
        "id": identifier,
        "type": "incidents",
        "attributes": {
            "id": 1,
            "name": "Mail is slow",
            "message": "We look into it.",
            "visible": 1,
            "status": _status(status),
            "occurred": _time("19:00"),
            "created": _time("19:05"),
            **attributes,
        },
        "relationships": {"updates": _references("updates", *updates), "components": _references("components", *components)},
    }


def _update(identifier, status, clock, message="Told."):
    attributes = {"id": 1, "message": message, "status": _status(status), "created": _time(clock)}
    return {"id": identifier, "type": "updates", "attributes": attributes}


def _component(identifier, status):
    attributes = {"id": 1, "name": f"C{identifier}", "status": _status(1), "pivot": {"component_status": _status(status)}}
    return {"id": identifier, "type": "components", "attributes": attributes}


def _read(*incidents, included=(), zone="Asia/Seoul", **options):
    document = {"data": list(incidents), "included": list(included), "links": {}, "meta": {}}
    return read_feed("cachet", json.dumps(document).encode(), zone=zone, **options)


def _refusal(*incidents, **options):
    with pytest.raises(FeedRefused) as refused:
        _read(*incidents, **options)
    return refused.value


UPDATES = [_update("1", 3, "19:30", message=None), _update("2", 4, "20:00")]
HIT = [_component("7", 4), *UPDATES]


def test_an_incident_is_read_in_its_zone_with_its_own_message_first():
    (item,) = _read(_incident(updates=["2", "1"], components=["7"]), included=HIT)
    (window,) = item.windows
    assert (item.foreign_id, item.kind, item.title, item.url) == ("1", "incident", "Mail is slow", "")
    assert item.notices[0].written_at == at("10:05")
    assert [(notice.foreign_id, notice.status, notice.text, notice.published_at) for notice in item.notices] == [
        ("incident:1", "reported", "We look into it.", at("10:00")),
        ("1", "watching", "watching", at("10:30")),
        ("2", "fixed", "Told.", at("11:00")),
    ]
    assert spans(item) == [("7#1", "full", at("10:00"), at("11:00"))]
    assert (window.component_name, window.inferred, window.remarks, window.notice) == ("C7", True, ("no_recovery_line",), "2")


@pytest.mark.parametrize(("recovery", "end"), [("component", "11:00"), ("monitoring", "10:30"), ("resolved", "11:00")])
def test_the_choice_of_recovery_ends_the_window(recovery, end):
    (item,) = _read(_incident(updates=["1", "2"], components=["7"]), included=HIT, recovery=recovery)
    assert item.windows[0].end_at == at(end)


@pytest.mark.parametrize(
    ("status", "severity", "questions"),
    [
        (1, "partial", ("severity_unsaid",)),
        (2, "partial", ()),
        (3, "partial", ()),
        (4, "full", ()),
        ("4", "full", ()),
        (5, "partial", ("severity_unsaid",)),
        (6, "full", ("maintenance_or_outage",)),
    ],
)
def test_what_the_incident_set_last_gives_the_severity(status, severity, questions):
    (item,) = _read(_incident(updates=["1", "2"], components=["7"]), included=[_component("7", status), *UPDATES])
    assert (item.windows[0].severity, item.windows[0].questions) == (severity, questions)


def test_a_component_that_several_incidents_name_is_asked_about():
    first, second = _incident(components=["7"], status=2), _incident("2", components=["7"], status=2)
    items = _read(first, second, included=[_component("7", 4)])
    assert [item.windows[0].questions for item in items] == [("severity_unsaid",)] * 2


def test_an_operational_component_of_a_lasting_incident_is_asked_for_its_end():
    (item,) = _read(_incident(components=["7"], status=2), included=[_component("7", 1)])
    assert item.windows[0].questions == ("end_unsaid", "severity_unsaid")


def test_an_incident_without_includes_is_one_window_to_be_asked_about():
    given = _incident(status=1)
    del given["relationships"]
    (item,) = _read(given)
    assert spans(item) == [("#1", "partial", at("10:00"), None)]
    assert item.windows[0].questions == ("severity_unsaid", "which_component")
    assert item.notices[0].status == "investigating"


def test_fixed_without_an_update_that_says_so_is_asked_for_its_end():
    (item,) = _read(_incident(components=["7"]), included=HIT)
    assert (item.windows[0].end_at, item.windows[0].questions) == (None, ("end_unsaid",))


def test_an_update_without_status_changes_nothing():
    given = _incident(updates=["1", "3"], components=["7"], status=3)
    (item,) = _read(given, included=[*HIT, _update("3", None, "19:40")], recovery="monitoring")
    assert [notice.status for notice in item.notices] == ["reported", "watching", "update"]
    assert spans(item) == [("7#1", "full", at("10:00"), at("10:30"))]
    (item,) = _read(given, included=[*HIT, _update("3", None, "19:40")])
    assert spans(item) == [("7#1", "full", at("10:00"), None)]


def test_what_is_identified_again_after_it_was_watched_is_down_again():
    given = _incident(updates=["1", "3"], components=["7"], status=2)
    (item,) = _read(given, included=[*HIT, _update("3", 2, "19:40")], recovery="monitoring")
    assert spans(item) == [("7#1", "full", at("10:00"), at("10:30")), ("7#2", "full", at("10:40"), None)]


@pytest.mark.parametrize(("visible", "remarks"), [(1, ()), (True, ()), (None, ()), (0, ("not_public",)), (2, ("not_public",))])
def test_what_is_not_public_is_remarked(visible, remarks):
    (item,) = _read(_incident(status=1, visible=visible))
    assert item.windows[0].remarks == remarks


def test_without_the_time_it_occurred_it_starts_when_it_was_created():
    (item,) = _read(_incident(status=1, occurred=None))
    assert item.windows[0].start_at == at("10:05")


def test_a_zone_is_required():
    refusal = _refusal(_incident(), zone=None)
    assert (refusal.code, refusal.field) == ("feed_zone_required", "data[0].attributes.occurred.string")


def test_a_time_with_an_offset_needs_no_zone():
    told = {"string": "2024-03-05T10:00:00Z"}
    (item,) = _read(_incident(status=1, occurred=told, created=told), zone=None)
    assert item.windows[0].start_at == at("10:00")


@pytest.mark.parametrize(
    ("clock", "showed"), [("2024-03-31 02:30:00", "never showed"), ("2024-10-27 02:30:00", "showed twice")]
)
def test_a_local_time_that_is_no_one_instant_is_refused(clock, showed):
    given = {**_update("1", 4, "10:00"), "attributes": {"created": {"string": clock}}}
    refusal = _refusal(_incident(updates=["1"]), included=[given], zone="Europe/Berlin")
    assert (refusal.code, refusal.field) == ("feed_zone_ambiguous", "included[0].attributes.created.string")
    assert f"the clocks of Europe/Berlin {showed}" in refusal.message


@pytest.mark.parametrize(
    ("given", "options", "code", "field"),
    [
        ([_incident(), _incident()], {}, "feed_duplicate", "data[1].id"),
        ([_incident()], {"included": [UPDATES[0], UPDATES[0]]}, "feed_duplicate", "included[1].id"),
        ([_incident(updates=["1", "1"])], {"included": HIT}, "feed_duplicate", "data[0].relationships.updates.data[1].id"),
        ([_incident(updates=["9"])], {"included": HIT}, "feed_malformed", "data[0].relationships.updates.data[0]"),
        ([_incident(status=9)], {}, "feed_word_unknown", "data[0].attributes.status.value"),
        ([_incident(status=True)], {}, "feed_malformed", "data[0].attributes.status.value"),
        (
            [_incident(components=["7"])],
            {"included": [_component("7", 9)]},
            "feed_word_unknown",
            "included[0].attributes.pivot.component_status.value",
        ),
        ([{**_incident(), "id": 1}], {}, "feed_malformed", "data[0].id"),
        ([{**_incident(), "type": "schedules"}], {}, "feed_word_unknown", "data[0].type"),
        ([_incident(created={"string": None})], {}, "feed_time_malformed", "data[0].attributes.created.string"),
    ],
)
def test_what_is_wrong_is_refused_with_its_path(given, options, code, field):
    refusal = _refusal(*given, **options)
    assert (refusal.code, refusal.field) == (code, field)
    assert field in refusal.message
