"""A row of a file is right or wrong exactly as the same usage is by itself, whichever way it is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from accounts.operations import check_number
from claims.api.usage import UsageSent
from claims.operations.import_columns import ROWS, Layout, keys_of, read_part
from claims.operations.import_rows import REQUIRED, HeaderRefused, Named, check_header, check_row, name_csv, name_json
from claims.operations.ride_locks import CLOCKS_DIFFER
from claims.operations.usage import UsageRow, checked_usage
from services.instants import parse_rfc3339
from services.refusals import Refusal
from services.texts import check_line
from tests.builders import BIKE, NOW
from tests.claims.import_cast import GOOD, NAMES, as_csv, as_ndjson, lock, ride

SERVICES = {BIKE: 5, "kakao_t.taxi_call": 6, "kakaotalk": 7}
CSV = Layout("csv", "utf_8", NAMES)
NDJSON = Layout("ndjson", "utf_8")


def read(content: bytes, layout: Layout = CSV, first_line: int = 1) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]]]:
    part = read_part(content, layout, first_line, SERVICES, NOW)
    assert part.rows.schema == dict(ROWS)
    return part.rows.rows(), [(error.line, error.code) for error in part.errors]


def by_itself(row: dict[str, Any]) -> tuple[Any, ...] | str:
    """The checks of values, of the person's number, then those of record_usage."""
    try:
        for name in REQUIRED:
            if not row[name]:
                return "required"
        for name in ("external_id", "person", "ride"):
            check_line(row[name] or "", name)
        usage = UsageRow(
            person_id=0, service=row["service"], kind=row["kind"], start_at=parse_rfc3339(row["start_at"], "start_at"),
            end_at=parse_rfc3339(row["end_at"], "end_at") if row["end_at"] else None,
            locked_at=parse_rfc3339(row["locked_at"], "locked_at") if row["locked_at"] else None,
            external_id=row["external_id"], charge_minor=row["charge_minor"], currency=row["currency"] or "",
            ride=row["ride"] or "",
        )  # fmt: skip
        return (check_number(row["person"]), *checked_usage(usage, SERVICES, NOW)[1:])
    except Refusal as refusal:
        return refusal.code


def by_the_api(row: dict[str, Any]) -> bool:
    """Whether `POST /usage` takes it; nothing is null there."""
    try:
        sent = UsageSent.model_validate_json(
            json.dumps({name: value for name, value in row.items() if value not in ("", None)})
        )
        check_number(sent.person)
        told = {**vars(sent), "currency": sent.currency or "", "ride": sent.ride or "", "person_id": 0}
        checked_usage(UsageRow(**{name: value for name, value in told.items() if name != "person"}), SERVICES, NOW)
    except (ValidationError, Refusal):
        return False
    return True


def test_a_good_row_is_read_in_both_forms():
    instants = [datetime(2022, 10, 15, 6, 20, tzinfo=UTC), datetime(2022, 10, 15, 12, 15, tzinfo=UTC), None]
    expected = ("rider-1", 5, "ride", *instants, 53450, "KRW", "ride-1", "")
    assert read(as_csv([GOOD])) == ([(2, *expected)], [])
    assert read(as_ndjson([GOOD]), NDJSON) == ([(1, *expected)], [])


HOSTILE: list[tuple[dict[str, Any], str | None]] = [
    ({}, None),
    ({"external_id": ""}, "required"),
    ({"external_id": "   "}, "required"),
    ({"external_id": "\u3000"}, "required"),
    ({"external_id": "a\0b"}, "invalid_character"),
    ({"external_id": "a\tb"}, "invalid_character"),
    ({"external_id": "a\x7fb"}, "invalid_character"),
    ({"external_id": "x" * 100}, None),
    ({"external_id": "x" * 101}, "too_long"),
    ({"external_id": "가" * 100}, None),
    ({"external_id": "가" * 101}, "too_long"),
    ({"external_id": "=cmd|' /C calc'!A0"}, None),
    ({"external_id": 'say "it", please\\'}, None),
    ({"external_id": "\\."}, None),
    ({"external_id": "\\N"}, None),
    ({"external_id": "null"}, None),
    ({"external_id": "NULL"}, None),
    ({"external_id": "🚲"}, None),
    ({"external_id": "a;b"}, None),
    ({"person": ""}, "required"),
    ({"person": " 1"}, "invalid_value"),
    ({"person": "1 "}, "invalid_value"),
    ({"person": "1 2"}, None),
    ({"person": "홍길동"}, None),
    ({"person": "\u1112\u1169\u11bc"}, "invalid_value"),  # decomposed
    ({"person": "\u00a01"}, "invalid_value"),
    ({"person": "a\u202eb"}, "invalid_character"),
    ({"person": "a\0"}, "invalid_character"),
    ({"person": "a\u200b"}, "invalid_character"),
    ({"external_id": "a\u200bb"}, "invalid_character"),
    ({"external_id": "\ufeffride-1"}, "invalid_character"),
    ({"external_id": "a\U000e0041"}, "invalid_character"),
    ({"external_id": "a\u2028b"}, "invalid_character"),
    ({"person": "x" * 101}, "invalid_value"),
    ({"service": ""}, "required"),
    ({"service": "kakao_t.submarine"}, "reference_unknown"),
    ({"service": f" {BIKE}"}, "reference_unknown"),
    ({"service": BIKE.upper()}, "reference_unknown"),
    ({"kind": "flight"}, "kind_unknown"),
    ({"kind": "Ride"}, "kind_unknown"),
    ({"kind": ""}, "required"),
    ({"start_at": ""}, "required"),
    ({"start_at": "yesterday"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00"}, "timezone_required"),
    ({"start_at": "2022-10-15"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00Z", "end_at": None}, None),
    ({"start_at": "2022-10-15T15:20:00z"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00.1+09:00"}, None),
    ({"start_at": "2022-10-15T15:20:00.123456+09:00"}, None),
    ({"start_at": "2022-10-15T15:20:00.1234567+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00,5+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15 15:20:00+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20+09:00"}, "datetime_format"),
    ({"start_at": "20221015T152000+0900"}, "datetime_format"),
    ({"start_at": "2022-W41-6T15:20:00+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00+09"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00+09:00:30"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00-00:00", "end_at": None}, None),
    ({"start_at": "2022-10-15T15:20:00+24:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00+23:59"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00+09:60"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:60+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T24:00:00+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:60:00+09:00"}, "datetime_format"),
    ({"start_at": "2022-02-29T15:20:00+09:00"}, "datetime_format"),
    ({"start_at": "2020-02-29T15:20:00+09:00", "end_at": None}, None),
    ({"start_at": "2022-00-15T15:20:00+09:00"}, "datetime_format"),
    ({"start_at": "2022-10-15T15:20:00+09:00 "}, "datetime_format"),
    ({"start_at": "２022-10-15T15:20:00+09:00"}, "datetime_format"),
    ({"start_at": "2000-01-01T00:00:00+00:00", "end_at": None}, None),
    ({"start_at": "2000-01-01T00:00:00+00:01", "end_at": None}, "out_of_range"),
    ({"start_at": "1999-12-31T23:59:59Z"}, "out_of_range"),
    ({"start_at": "2099-12-31T23:59:59.999999Z", "end_at": None}, "out_of_range"),
    ({"start_at": (NOW + CLOCKS_DIFFER).isoformat(), "end_at": None}, None),
    ({"start_at": (NOW + CLOCKS_DIFFER + timedelta(microseconds=1)).isoformat(), "end_at": None}, "out_of_range"),
    ({"start_at": "2090-01-01T00:00:00Z", "end_at": None, "kind": "subscription"}, "out_of_range"),
    ({"start_at": "2022-10-15T00:00:00Z", "end_at": "2022-11-15T00:00:00Z"}, None),
    ({"start_at": "2022-10-15T00:00:00Z", "end_at": "2022-11-15T00:00:00.000001Z"}, "interval_invalid"),
    ({"start_at": "2019-10-15T00:00:00Z", "kind": "shift"}, "interval_invalid"),
    ({"start_at": "2019-10-15T00:00:00Z", "kind": "subscription"}, None),
    ({"end_at": "2029-10-15T00:00:00Z", "kind": "subscription"}, None),
    ({"start_at": "2100-01-01T00:00:00Z"}, "out_of_range"),
    ({"start_at": "0001-01-01T00:00:00+14:00"}, "out_of_range"),
    ({"start_at": "9999-12-31T23:59:59-14:00"}, "out_of_range"),
    ({"end_at": GOOD["start_at"]}, "interval_invalid"),
    ({"end_at": "2022-10-15T06:20:00Z"}, "interval_invalid"),
    ({"end_at": "2022-10-15T06:20:00.000001Z"}, None),
    ({"end_at": None}, None),
    ({"end_at": "later"}, "datetime_format"),
    ({"locked_at": "2022-10-15T15:20:00+09:00"}, None),
    ({"locked_at": "2022-10-15T21:15:00+09:00"}, None),
    ({"locked_at": "2022-10-15T15:19:59+09:00"}, "lock_outside_ride"),
    ({"locked_at": "2022-10-15T21:15:00.5+09:00"}, "lock_outside_ride"),
    ({"locked_at": (NOW + CLOCKS_DIFFER).isoformat(), "end_at": None}, None),
    ({"locked_at": "2023-10-15T21:15:00+09:00", "end_at": None}, "lock_in_the_future"),
    ({"locked_at": "x"}, "datetime_format"),
    ({"charge_minor": -1}, "out_of_range"),
    ({"charge_minor": 0}, None),
    ({"charge_minor": 10**12}, None),
    ({"charge_minor": 10**12 + 1}, "out_of_range"),
    ({"charge_minor": 2**63}, "out_of_range"),
    ({"charge_minor": 10**39}, "out_of_range"),
    ({"charge_minor": None}, None),
    ({"charge_minor": None, "currency": ""}, None),
    ({"charge_minor": None, "currency": "won"}, "currency_unknown"),
    ({"charge_minor": 1, "currency": ""}, "currency_unknown"),
    ({"charge_minor": 1, "currency": None}, "currency_unknown"),
    ({"currency": "krw"}, "currency_unknown"),
    ({"currency": "KRW "}, "currency_unknown"),
    ({"currency": "XXX"}, "currency_unknown"),
    ({"currency": "XTS"}, "currency_unknown"),
    ({"currency": "ZZZ"}, "currency_unknown"),
    ({"currency": "XOF"}, None),
    ({"currency": "HRK"}, None),
    ({"currency": "ＫＲＷ"}, "currency_unknown"),
    ({"ride": "ride-2"}, "of_another_kind"),
    ({"kind": "subscription", "ride": "ride-2"}, "of_another_kind"),
    (lock(1, 2), None),
    (lock(1, 2, ride="라이드"), None),
    (lock(1, 2, ride='say "it"'), None),
    (lock(1, 2, ride=None), "required"),
    (lock(1, 2, ride="  "), "required"),
    (lock(1, 2, ride="x" * 101), "too_long"),
    (lock(1, 2, ride="a\0b"), "invalid_character"),
    (lock(1, 2, ride="a\u200b"), "invalid_character"),
    (lock(1, 2, end_at="2022-10-15T16:00:00+09:00"), "of_another_kind"),
    (lock(1, 2, locked_at="2022-10-15T15:42:00+09:00"), "of_another_kind"),
    (lock(1, 2, charge_minor=0, currency="KRW"), "of_another_kind"),
    (lock(1, 2, currency="KRW"), "of_another_kind"),
    (lock(1, 2, start_at=(NOW + CLOCKS_DIFFER).isoformat()), None),
    (lock(1, 2, start_at=(NOW + CLOCKS_DIFFER + timedelta(microseconds=1)).isoformat()), "lock_in_the_future"),
]


@pytest.mark.parametrize(("wrong", "code"), HOSTILE, ids=lambda value: repr(value)[:60])
def test_a_row_of_a_file_is_judged_as_it_is_by_itself(wrong: dict[str, Any], code: str | None):
    """Each between two good rows: in columns, and by itself."""
    row = {**GOOD, **wrong}
    said = by_itself(row)
    assert (said if isinstance(said, str) else None) == code
    assert by_the_api(row) == (code is None)
    around = [ride(98), row, ride(99)]
    for content, layout, line in ((as_csv(around), CSV, 3), (as_ndjson(around), NDJSON, 2)):
        rows, errors = read(content, layout)
        found = {one[0]: one[1:] for one in rows}
        assert (found.get(line) or dict(errors)[line]) == said
        assert set(found) | {place for place, _ in errors} == {line - 1, line, line + 1}


PIECES: dict[str, list[Any]] = {
    "external_id": ["a", "", " a", "가", "\ufeffa", "a\x00", 'q"q', "b,c", "\\"],
    "person": ["1", "", "1 ", "나", "\u200b"],
    "service": [BIKE, "kakaotalk", "x", ""],
    "kind": ["ride", "shift", "subscription", "lock", "x"],
    "start_at": [
        f"2022-10-15T{rest}"
        for rest in ("15:20:00+09:00", "15:20:00.5Z", "15:20Z", "15:20:00,5Z", "15:20:00", "15:20:00-03:30")
    ],
    "end_at": [None, "", *(f"2022-10-{day}T15:20:00{zone}" for day in (14, 15, 16) for zone in ("Z", "+09:00", ""))],
    "locked_at": [None, "", "2022-10-15T15:20:00Z", "2022-10-15T15:20:00+09:00", "2022-10-15T15:20:00.250-03:30"],
    "charge_minor": [None, 0, 1, -1, 10**12, 10**12 + 1],
    "currency": [None, "", "KRW", "krw", "XXX"],
    "ride": [None, "", "ride-1", "라이드", " ", "a\x00"],
}  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in PIECES.items()}), min_size=1, max_size=40)
)
def test_whatever_stands_beside_it(rows: list[dict[str, Any]]):
    for content, layout, first in ((as_csv(rows), CSV, 2), (as_ndjson(rows), NDJSON, 1)):
        right, errors = read(content, layout)
        found: dict[int, Any] = {one[0]: one[1:] for one in right} | dict(errors)
        assert [found[first + place] for place in range(len(rows))] == [by_itself(row) for row in rows]
        assert [not isinstance(found[first + place], str) for place in range(len(rows))] == [by_the_api(row) for row in rows]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "row_malformed"),
        ("a,b", "row_malformed"),
        (",".join("x" * 11), "row_malformed"),
        ('"a', "row_malformed"),
        ('"a"b,c', "row_malformed"),
        ('x",c', "row_malformed"),
        ('a b"c"d,c', "row_malformed"),
        ("a\rb,c", "row_malformed"),
        ("\0", "row_malformed"),
        ("ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,1.5,KRW,", "integer_expected"),
        ("ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,1e3,KRW,", "integer_expected"),
        ("ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,１２３,KRW,", "integer_expected"),
        ("ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,1_0,KRW,", "integer_expected"),
        ("ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,+1,KRW,", "integer_expected"),
        ("ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,true,KRW,", "integer_expected"),
        (f"ride-1,rider-1,kakaotalk,ride,2022-10-15T15:20:00Z,,,{'9' * 5000},KRW,", "integer_expected"),
    ],
)
def test_a_line_of_csv_that_is_no_row(line: str, code: str):
    good = as_csv([GOOD, ride(2)])
    head, first, second = good.splitlines(keepends=True)
    rows, errors = read(head + first + line.encode() + b"\n" + second)
    assert errors == [(3, code)]
    assert [row[0] for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "row_malformed"),
        ("null", "row_malformed"),
        ("[]", "row_malformed"),
        ('"x"', "row_malformed"),
        ("{", "row_malformed"),
        ("{} {}", "row_malformed"),
        ("{},", "row_malformed"),
        ("{'external_id': 1}", "row_malformed"),
        ("[" * 9000, "row_malformed"),
        ('{"charge_minor": NaN}', "row_malformed"),
        ('{"charge_minor": ' + "9" * 5000 + "}", "row_malformed"),
        ("{}", "required"),
        ('{"external_id": "a", "external_id": "a"}', "duplicate_key"),
        ('{"is_staff": 1}', "unknown_field"),
        ('{"charge_minor": true}', "integer_expected"),
        ('{"charge_minor": 1.0}', "integer_expected"),
        ('{"charge_minor": 1e3}', "integer_expected"),
        ('{"charge_minor": "1"}', "integer_expected"),
        ('{"charge_minor": [1]}', "integer_expected"),
        ('{"external_id": 1}', "text_expected"),
        ('{"external_id": null}', "text_expected"),
        ('{"end_at": 1}', "text_expected"),
        ('{"person": {"a": 1}}', "text_expected"),
        ('{"external_id": "\\u0000", "person": "1", "service": "kakaotalk", "kind": "ride", '
         '"start_at": "2022-10-15T00:00:00Z"}', "invalid_character"),
        ('{"external_id": "\\ud800", "person": "1", "service": "kakaotalk", "kind": "ride", '
         '"start_at": "2022-10-15T00:00:00Z"}', "invalid_character"),
        ('{"external_id": "a", "person": "\\ud800", "service": "kakaotalk", "kind": "ride", '
         '"start_at": "2022-10-15T00:00:00Z"}', "invalid_character"),
        ('{"external_id": "a", "person": ' + "[" * 900 + "]" * 900 + "}", "text_expected"),
        ('{"external_id": "a", "charge_minor": ' + "[" * 900 + "]" * 900 + "}", "integer_expected"),
    ],
)  # fmt: skip
def test_a_line_of_json_that_is_no_row(line: str, code: str):
    for around in ([GOOD, ride(2)], [dict(reversed(list(GOOD.items()))), ride(2)]):
        first, second = as_ndjson(around).splitlines(keepends=True)
        rows, errors = read(first + line.encode() + b"\n" + second, NDJSON)
        assert errors == [(2, code)]
        assert [row[0] for row in rows] == [1, 3]
        assert read(line.encode() + b"\n" + first, NDJSON)[1] == [(1, code)]


@pytest.mark.parametrize(("format", "write"), [("csv", as_csv), ("ndjson", as_ndjson)])
@pytest.mark.parametrize("encoding", ["utf_8", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_ends_of_lines(format: str, write: Any, encoding: str, end: str):  # noqa: A002
    rows = [ride(1, person="똠방각하"), ride(2, person="펲시")]
    content = write(rows, end=end).decode().encode(encoding.replace("_", ""))
    layout = Layout(format, encoding, NAMES if format == "csv" else ())
    plain = read(content, layout)
    assert [row[1] for row in plain[0]] == ["똠방각하", "펲시"]
    assert plain[1] == []
    assert read(content.removesuffix(b"\n"), layout) == plain
    if encoding == "utf_8":
        assert read(b"\xef\xbb\xbf" + content, layout) == plain


def test_a_line_in_another_encoding_is_refused_and_the_others_are_read():
    good, korean = as_csv([ride(1)]), ",".join(["x", "홍길동", BIKE, "ride", "2022-10-15T15:20:00Z", "", "", "", "", ""])
    content = good + korean.encode("cp949") + b"\n" + as_csv([ride(2)]).split(b"\n", 1)[1]
    rows, errors = read(content)
    assert errors == [(3, "encoding_invalid")]
    assert [row[0] for row in rows] == [2, 4]
    wrong, errors = read(korean.encode("utf-8") + b"\xff\n", Layout("csv", "cp949", NAMES), 2)
    assert (wrong, errors) == ([], [(2, "encoding_invalid")])


def test_columns_in_another_order_and_without_the_optional_ones():
    names = ("start_at", "kind", "person", "service", "external_id")
    rows, errors = read(as_csv([GOOD], names), Layout("csv", "utf_8", names))
    assert errors == []
    assert rows == [(2, "rider-1", 5, "ride", datetime(2022, 10, 15, 6, 20, tzinfo=UTC), None, None, None, "", "ride-1", "")]
    short = {name: GOOD[name] for name in names}
    assert read(as_ndjson([short]), NDJSON) == ([(1, *rows[0][1:])], [])
    assert read(as_ndjson([GOOD, short]), NDJSON)[0][1][1:] == rows[0][1:]


@pytest.mark.parametrize(
    ("names", "about"),
    [
        ([*NAMES, "is_staff"], "#11"), ([*NAMES, "person"], "person"), (NAMES[1:], "external_id"), ([""], "#1"),
        (["External_Id", *NAMES[1:]], "#1"), ([" external_id", *NAMES[1:]], "#1"), ([*NAMES, ""], "#11"),
        (NAMES[2:], "external_id, person"),
    ],
)  # fmt: skip
def test_a_header_with_other_names_refuses_the_file(names: list[str], about: str):
    with pytest.raises(HeaderRefused) as refused:
        check_header(list(names))
    assert (refused.value.code, refused.value.about) == ("csv_header", about)


@pytest.mark.parametrize(
    ("line", "told", "field"),
    [
        ({"external_id": "x" * 9000}, "x" * 100, "external_id"),
        ({"external_id": "a\ud800\u202e\n\U000e0041"}, "a\\ud800\\u202e\\u000a\\ue0041", "external_id"),
        ({"external_id": "\ud800" * 100}, ("\\ud800" * 17)[:100], "external_id"),
        ({"a\ud800": 1}, "ride-1", "a\\ud800"), ({"x" * 9000: 1}, "ride-1", "x" * 60),
    ],
)  # fmt: skip
def test_what_is_repeated_of_a_line_is_cut_and_can_be_written(line: dict[str, Any], told: str, field: str):
    content = json.dumps({**GOOD, **line}).encode()
    (error,) = read_part(content, NDJSON, 1, SERVICES, NOW).errors
    assert (error.external_id, error.field) == (told, field)


@pytest.mark.parametrize(("layout", "write"), [(CSV, as_csv), (NDJSON, as_ndjson)])
def test_sees_whether_a_number_may_come_twice(layout: Layout, write: Any):
    once = keys_of(write([ride(1), ride(2)]), layout, 1)
    again = keys_of(write([ride(2)]), layout, 1)
    assert once is not None
    assert again is not None
    assert once[1] == again[0] != once[0]
    assert keys_of(write([ride(1, person='a"b')]), layout, 1) is None


def test_rows_by_themselves_and_in_columns_have_one_source():
    """What the columns pass is what the rules say, to the microsecond."""
    named = Named()
    name_csv(as_csv([GOOD]).decode().splitlines()[1], NAMES, named)
    person, usage = check_row(named.values, SERVICES, NOW)
    name_json(as_ndjson([GOOD]).decode(), named)
    assert check_row(named.values, SERVICES, NOW) == (person, usage)
    assert read(as_csv([GOOD]))[0] == [(2, person, *usage[1:])]
