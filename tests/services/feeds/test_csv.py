"""Windows as a table: what is read, and what is refused with its line and column."""

import csv
import io

import pytest

from services.feeds import FeedRefused, read_feed
from services.feeds.rows import COLUMNS
from tests.services.feeds.pages import at

ROW = {
    "incident": "k1",
    "title": "메시지 장애",
    "component": "talk",
    "component_name": "카카오톡",
    "severity": "full",
    "start_at": "2024-03-05T10:00+00:00",
    "end_at": "2024-03-05 20:00+09:00",
    "published_at": "2024-03-05T12:00Z",
    "text": "복구되었습니다.",
}


def _csv(*rows, columns=COLUMNS):
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return file.getvalue().encode()


def _read(*rows, **options):
    return read_feed("csv", _csv(*rows), **options)


def _refusal(given, **options):
    with pytest.raises(FeedRefused) as refused:
        read_feed("csv", given, **options)
    return refused.value


def test_a_line_is_a_window_with_its_notice():
    (item,) = _read(ROW)
    (window,) = item.windows
    (notice,) = item.notices
    assert (item.foreign_id, item.kind, item.title, item.url) == ("k1", "incident", "메시지 장애", "")
    assert (window.key, window.component_id, window.component_name, window.severity) == ("talk#1", "talk", "카카오톡", "full")
    assert (window.start_at, window.end_at, window.planned) == (at("10:00"), at("11:00"), False)
    assert (window.questions, window.notice) == ((), notice.foreign_id)
    assert (notice.status, notice.text, notice.published_at) == ("reported", "복구되었습니다.", at("12:00"))


def test_a_byte_order_mark_the_order_of_columns_and_empty_lines_change_nothing():
    given = _csv(ROW, columns=sorted(COLUMNS)).replace(b"\r\n", b"\r\n\r\n")
    assert read_feed("csv", "\ufeff".encode() + given) == _read(ROW)


def test_the_order_of_lines_of_an_incident_changes_nothing():
    rows = [
        ROW,
        {**ROW, "start_at": "2024-03-05T12:00Z", "end_at": "", "text": "again"},
        {**ROW, "start_at": "", "end_at": "", "text": "x"},
        {**ROW, "component": "", "text": "y"},
    ]
    assert _read(*rows) == _read(*reversed(rows))


def test_lines_of_one_incident_are_one_item_and_equal_notices_one_notice():
    later = {**ROW, "start_at": "2024-03-05T11:00Z", "end_at": "", "severity": "partial"}
    other = {**ROW, "component": "map", "text": "다른 공지"}
    items = _read(ROW, {**ROW, "incident": "k2"}, later, other)
    assert [(item.foreign_id, len(item.notices), len(item.windows)) for item in items] == [("k1", 2, 3), ("k2", 1, 1)]
    assert [(window.key, window.end_at) for window in items[0].windows] == [
        ("map#1", at("11:00")),
        ("talk#1", at("11:00")),
        ("talk#2", None),
    ]


def test_flags_maintenance_and_what_is_empty():
    planned = {**ROW, "planned": "TRUE", "announced_at": "2024-03-01T00:00Z", "start_approx": "true", "end_approx": "false"}
    (item,) = _read({**planned, "title": "", "text": "", "component": ""})
    (window,) = item.windows
    assert (item.kind, item.title, item.notices[0].text) == ("maintenance", "k1", "reported")
    assert (window.planned, window.announced_at, window.start_approx, window.end_approx) == (True, at("00:00", -4), True, False)
    assert (window.key, window.component_id, window.questions) == ("#1", None, ("which_component",))


def test_without_times_they_are_asked():
    (item,) = _read({**ROW, "start_at": "", "end_at": ""})
    assert (item.windows[0].start_at, item.windows[0].questions) == (None, ("times_in_prose",))


def test_local_times_are_in_the_zone_of_the_file():
    local = {**ROW, "start_at": "2024-03-05 19:00", "end_at": "", "published_at": "2024-03-05T21:00:00"}
    (item,) = _read(local, zone="Asia/Seoul")
    assert (item.windows[0].start_at, item.notices[0].published_at) == (at("10:00"), at("12:00"))


@pytest.mark.parametrize(
    ("value", "zone", "code"),
    [
        ("2024-03-05 19:00", None, "feed_zone_required"),
        ("2024-03-31 02:30", "Europe/Berlin", "feed_zone_ambiguous"),  # the clocks went from 2:00 to 3:00
        ("2024-10-27 02:30", "Europe/Berlin", "feed_zone_ambiguous"),  # the clocks went from 3:00 to 2:00
        ("9999-12-31 23:59", "America/New_York", "feed_time_out_of_range"),
        ("0001-01-01 00:00", "Asia/Seoul", "feed_time_out_of_range"),
        ("1999-12-31T23:59Z", None, "feed_time_out_of_range"),
        ("3월 5일", None, "feed_time_malformed"),
        ("2024-03-05", "Asia/Seoul", "feed_time_malformed"),
    ],
)
@pytest.mark.parametrize("column", ["start_at", "published_at", "announced_at"])
def test_a_wrong_time_is_refused_with_its_line_and_column(column, value, zone, code):
    refusal = _refusal(_csv(ROW, {**ROW, "end_at": "", column: value}), zone=zone)
    assert (refusal.code, refusal.field) == (code, f"line 3, column {column}")


@pytest.mark.parametrize(("value", "word"), [("2024-03-31 02:30", "never showed"), ("2024-10-27 02:30", "showed twice")])
def test_a_local_time_that_is_no_one_instant_is_named(value, word):
    refusal = _refusal(_csv({**ROW, "start_at": value}), zone="Europe/Berlin")
    assert f"the clocks of Europe/Berlin {word}" in refusal.message


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("incident", "", "feed_malformed"),
        ("incident", "x" * 101, "feed_malformed"),
        ("component", "x" * 101, "feed_malformed"),
        ("component_name", "a\x00b", "feed_text_invalid"),
        ("severity", "", "feed_word_unknown"),
        ("severity", "Full", "feed_word_unknown"),
        ("planned", "yes", "feed_word_unknown"),
        ("start_approx", "1", "feed_word_unknown"),
        ("published_at", "", "feed_time_malformed"),
        ("end_at", "2024-03-05T10:00Z", "feed_interval_invalid"),
        ("end_at", "2024-03-05T09:00Z", "feed_interval_invalid"),
        ("end_at", "2025-03-07T10:00Z", "feed_outage_too_long"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line_and_column(column, value, code):
    refusal = _refusal(_csv({**ROW, "incident": "k0", "text": "two\nlines"}, {**ROW, column: value}))
    assert (refusal.code, refusal.field) == (code, f"line 4, column {column}")
    assert refusal.field in refusal.message


def test_an_end_without_start_is_refused():
    refusal = _refusal(_csv({**ROW, "start_at": ""}))
    assert (refusal.code, refusal.field) == ("feed_interval_invalid", "line 2, column end_at")


@pytest.mark.parametrize(
    ("columns", "code", "named"),
    [
        (COLUMNS[1:], "feed_malformed", "incident"),
        ((*COLUMNS, "colour"), "feed_malformed", "colour"),
        ((*COLUMNS, "text"), "feed_duplicate", "text"),
        (tuple(name.upper() for name in COLUMNS), "feed_malformed", "INCIDENT"),
    ],
)
def test_a_header_with_a_missing_unknown_or_double_column_is_refused(columns, code, named):
    refusal = _refusal(_csv(ROW, columns=columns))
    assert refusal.code == code
    assert "Line 1" in refusal.message
    assert named in refusal.message


def test_a_row_that_stands_twice_is_refused_with_both_lines():
    refusal = _refusal(_csv(ROW, {**ROW, "incident": "k2"}, ROW))
    assert (refusal.code, refusal.field) == ("feed_duplicate", "line 4")
    assert "line 2" in refusal.message


@pytest.mark.parametrize("later", [{"start_at": "2024-03-05T10:59Z", "end_at": ""}, {"end_at": ""}])
def test_windows_of_one_component_that_overlap_are_refused(later):
    refusal = _refusal(_csv(ROW, {**ROW, **later, "text": "again"}))
    assert refusal.code == "feed_interval_invalid"
    assert refusal.field.endswith("column start_at")


@pytest.mark.parametrize(("column", "value"), [("title", "other"), ("planned", "true")])
def test_lines_of_one_incident_that_disagree_are_refused(column, value):
    refusal = _refusal(_csv(ROW, {**ROW, "component": "map", column: value}))
    assert (refusal.code, refusal.field) == ("feed_malformed", f"line 3, column {column}")
    assert "line 2" in refusal.message


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (b"", None),
        ("\ufeff".encode(), None),
        (_csv().replace(b"text", b"text\xff"), None),
        (_csv() + b"k1,too,few\r\n", "line 2"),
        (_csv() + b'"k1', "line 2"),
        (_csv() + b'"k1"x,' + b"," * 11, "line 2"),
        (_csv(ROW) + b"x" * 200_000, "line 3"),
        (b"[" * 1_000, "line 1"),
    ],
    ids=lambda value: str(value[-6:]) if value else "none",
)
def test_what_is_no_such_table_is_refused(given, place):
    refusal = _refusal(given)
    assert refusal.code == "feed_malformed"
    assert place is None or refusal.field == place


def test_a_header_alone_is_a_feed_without_items():
    assert _read() == ()
