"""What is refused, with its code and its place, whatever the kind of feed."""

import json

import pytest

from services.feeds import MOST_BYTES, FeedRefused, read_feed
from tests.services.feeds.pages import affects, at, body, incident, maintenance, read_incident, update, written

GIVEN = update("u1", "investigating", "10:00", affects("api", "major_outage"))


def _refusal(given, kind="statuspage", **options):
    with pytest.raises(FeedRefused) as refused:
        read_feed(kind, given, **options)
    return refused.value


def _place_and_code(refusal):
    assert refusal.field is None or refusal.field in refusal.message
    return refusal.code, refusal.field


@pytest.mark.parametrize("kind", ["statuspage", "cachet", "instatus"])
@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "feed_malformed"),
        (b" \n", "feed_malformed"),
        (b"\xff\xfe", "feed_malformed"),
        (b"<html>", "feed_malformed"),
        (b'{"incidents": [', "feed_malformed"),
        (b"[" * 100_000, "feed_malformed"),
        (b'{"a":' * 100_000, "feed_malformed"),
        (b"9" * 5_000, "feed_malformed"),
        (b"3", "feed_malformed"),
        (b"[" * 900 + b"]" * 900, "feed_malformed"),
        (b'{"data": ' + b"[" * 900 + b"]" * 900 + b', "incidents": ' + b"[" * 900 + b"]" * 900 + b"}", "feed_malformed"),
        (b'"incidents"', "feed_malformed"),
        (b"{}", "feed_malformed"),
        (b'{"incidents": {}}', "feed_malformed"),
        (b'{"data": 3, "incidents": 3}', "feed_malformed"),
        (b" " * (MOST_BYTES + 1), "feed_too_large"),
    ],
    ids=lambda value: str(value[:12]),
)
def test_what_is_no_such_feed_is_refused(kind, given, code):
    assert _refusal(given, kind, zone="Asia/Seoul").code == code


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ({"kind": "rss"}, "feed_kind_unknown", "kind"),
        ({"kind": "Statuspage"}, "feed_kind_unknown", "kind"),
        ({"recovery": "soon"}, "feed_recovery_unknown", "recovery"),
        ({"zone": "Asia/Busan"}, "feed_zone_unknown", "zone"),
        ({"zone": "../../etc/passwd"}, "feed_zone_unknown", "zone"),
        ({"zone": ""}, "feed_zone_unknown", "zone"),
        ({"zone": "Asia"}, "feed_zone_unknown", "zone"),
        ({"zone": "Asia/Seoul\x00"}, "feed_zone_unknown", "zone"),
    ],
)
def test_what_was_chosen_wrongly_is_refused(options, code, field):
    refusal = _refusal(body(incidents=[]), **options)
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (b'{"incidents": [{"id": NaN}]}', "feed_malformed", "incidents[0].id"),
        (b'{"incidents": [1, {"x": [-Infinity]}]}', "feed_malformed", "incidents[1].x[0]"),
        (b'{"incidents": [{"id": "a", "id": "b"}]}', "feed_duplicate", "incidents[0]"),
        (b'{"incidents": [], "incidents": []}', "feed_duplicate", None),
        (b'{"incidents": [{}]}', "feed_malformed", "incidents[0].id"),
        (b'{"incidents": [[]]}', "feed_malformed", "incidents[0]"),
        (b'{"scheduled_maintenances": 3}', "feed_malformed", "scheduled_maintenances"),
    ],
)
def test_json_is_read_strictly(given, code, field):
    assert _place_and_code(_refusal(given)) == (code, field)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", 7, "feed_malformed"),
        ("id", None, "feed_malformed"),
        ("id", "", "feed_malformed"),
        ("id", " \u00a0", "feed_malformed"),
        ("id", "x" * 101, "feed_malformed"),
        ("id", "a\x00b", "feed_text_invalid"),
        ("name", "\ud800", "feed_text_invalid"),
        ("name", None, "feed_malformed"),
        ("status", "fixed", "feed_word_unknown"),
        ("status", "{message}", "feed_word_unknown"),
        ("status", 3, "feed_malformed"),
        ("impact", "huge", "feed_word_unknown"),
        ("shortlink", "javascript:alert(1)", "feed_malformed"),
        ("created_at", "2024-03-05T10:00:00", "feed_offset_missing"),
        ("started_at", "2024-03-05 10:00", "feed_offset_missing"),
        ("resolved_at", "yesterday", "feed_time_malformed"),
        ("resolved_at", 1709632800, "feed_time_malformed"),
        ("monitoring_at", "1999-12-31T23:59:59Z", "feed_time_out_of_range"),
        ("created_at", "9999-12-31T23:59:59-09:00", "feed_time_out_of_range"),
        ("incident_updates", None, "feed_malformed"),
    ],
)
def test_a_wrong_value_of_an_incident_is_refused_with_its_path(field, value, code):
    given = incident(GIVEN, status="investigating")
    refusal = _refusal(body(incidents=[{**given, "id": "i0"}, {**given, field: value}]), zone="Asia/Seoul")
    assert _place_and_code(refusal) == (code, f"incidents[1].{field}")


@pytest.mark.parametrize(
    ("field", "value", "code", "place"),
    [
        ("id", "", "feed_malformed", "id"),
        ("status", "completed", "feed_word_unknown", "status"),
        ("body", "\x00", "feed_text_invalid", "body"),
        ("body", 3, "feed_malformed", "body"),
        ("display_at", "2024-03-05T10:00:00", "feed_offset_missing", "display_at"),
        ("affected_components", [affects("api", "broken")], "feed_word_unknown", "affected_components[0].new_status"),
        ("affected_components", [affects("", "operational")], "feed_malformed", "affected_components[0].code"),
        ("affected_components", [affects("a", "operational")] * 2, "feed_duplicate", "affected_components[1].code"),
    ],
)
def test_a_wrong_value_of_an_update_is_refused_with_its_path(field, value, code, place):
    refusal = _refusal(
        body(incidents=[{**incident(GIVEN, status="investigating"), "incident_updates": [{**GIVEN, field: value}]}])
    )
    assert _place_and_code(refusal) == (code, f"incidents[0].incident_updates[0].{place}")


def test_the_longest_id_is_read():
    assert read_incident(incident(GIVEN, status="investigating", id="x" * 100)).foreign_id == "x" * 100


def test_an_id_that_stands_twice_is_refused_with_both_places():
    refusal = _refusal(body(incidents=[incident(GIVEN), incident(GIVEN)]))
    assert _place_and_code(refusal) == ("feed_duplicate", "incidents[1].id")
    assert "incidents[0].id" in refusal.message
    refusal = _refusal(body(incidents=[incident(GIVEN, id="a")], scheduled_maintenances=[maintenance(id="a")]))
    assert _place_and_code(refusal) == ("feed_duplicate", "scheduled_maintenances[0].id")


@pytest.mark.parametrize(
    "given", [incident(GIVEN, GIVEN), maintenance(update("u1", "scheduled", "09:00"), update("u1", "completed", "12:00"))]
)
def test_an_update_that_stands_twice_is_refused(given):
    name = "scheduled_maintenances" if "scheduled_for" in given else "incidents"
    refusal = _refusal(body(**{name: [given]}))
    assert _place_and_code(refusal) == ("feed_duplicate", f"{name}[0].incident_updates[1].id")


@pytest.mark.parametrize("name", ["incidents", "scheduled_maintenances"])
def test_what_lasts_longer_than_an_outage_can_is_refused(name):
    def given(minute):
        end = written(f"10:{minute:02}", 366)
        if name == "incidents":
            return incident(GIVEN, resolved_at=end)
        return maintenance(scheduled_until=end, status="scheduled")

    assert read_feed("statuspage", body(**{name: [given(0)]}))[0].windows[0].end_at == at("10:00", 366)
    refusal = _refusal(body(**{name: [given(1)]}))
    assert _place_and_code(refusal) == ("feed_outage_too_long", f"{name}[0]")


def test_a_byte_order_mark_before_json_is_read():
    assert read_feed("statuspage", "\ufeff".encode() + body(incidents=[])) == ()


def test_a_file_of_the_most_bytes_is_read():
    given = body(incidents=[])
    assert read_feed("statuspage", given.ljust(MOST_BYTES)) == ()


def test_a_long_value_is_cut_in_the_message():
    refusal = _refusal(json.dumps({"incidents": "x" * 5_000}).encode())
    assert len(refusal.message) < 300


def _large(components):
    """In 200 updates."""
    first = update("u", "identified", "10:00", *(affects(f"c{n}", "major_outage") for n in range(components)))
    return incident(first, *(update(f"u{n}", "identified", "10:00") for n in range(199)), status="identified")


def test_an_incident_of_too_many_components_and_updates_is_refused():
    assert len(read_incident(_large(500)).windows) == 500
    assert _place_and_code(_refusal(body(incidents=[_large(501)]))) == ("feed_too_large", "incidents[0]")


@pytest.mark.parametrize(
    "given",
    [
        b'{"incidents": [' + b"0," * 2_000_000 + b"0]}",
        b"{" + b",".join(b'"%d":0' % n for n in range(700_000)) + b',"7":0}',
    ],
    ids=["wrong rows", "names"],
)
def test_a_large_file_is_refused_for_its_first_fault(given):
    assert len(_refusal(given).message) < 300


@pytest.mark.parametrize(
    ("given", "told"), [(b"", "The file is empty"), (b"\n ", "The file is empty"), (b'{"a": "\xff"}', "not UTF-8 (byte 7)")]
)
def test_it_is_said_what_is_wrong_with_the_file(given, told):
    assert told in _refusal(given).message
