"""Usage comes in, one or many; what is wrong is refused by name and nothing is stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Person
from claims.models import Event, Usage
from claims.operations import RowsRefused, copy_usage, record_usage
from services.models import Incident
from services.refusals import Refusal
from tests.builders import BIKE, NOW, a_partner, a_person, at, row

pytestmark = pytest.mark.django_db


def test_stores_a_usage_once(incident: Incident, person: Person):
    partner, ride = a_partner(), row(person, BIKE, "ride", "15 15:20", "15 21:15", charge_minor=53450, currency="KRW")
    first = record_usage(row=ride, partner=partner, now=NOW)
    again = record_usage(row=ride, partner=partner, now=NOW)
    assert first == again
    assert (first.charge_minor, first.currency, str(first.start_at.tzinfo)) == (53450, "KRW", "UTC")
    assert Event.objects.filter(kind="usage_recorded").count() == 1


def test_the_same_number_of_two_partners_is_two_usages(incident: Incident, person: Person):
    ride = row(person, BIKE, "ride", "15 15:20", "15 21:15")
    for partner in (a_partner("one"), a_partner("two"), None, None):
        record_usage(row=ride, partner=partner, now=NOW)
    assert Usage.objects.count() == 3


def test_copies_many_and_counts_what_is_there_already(incident: Incident):
    partner, rows = a_partner(), [row(a_person(), BIKE, "ride", "15 15:20", None) for _ in range(20)]
    assert vars(copy_usage(rows=rows[:10], partner=partner, now=NOW)) == {"stored": 10, "repeated": 0}
    assert vars(copy_usage(rows=rows + rows, partner=partner, now=NOW)) == {"stored": 10, "repeated": 30}
    assert Usage.objects.count() == 20


@pytest.mark.parametrize(
    "other",
    [
        {"charge_minor": 1},
        {"charge_minor": None, "currency": ""},
        {"end_at": None},
        {"locked_at": at("15 15:42")},
        {"kind": "shift"},
        {"kind": "lock", "end_at": None, "charge_minor": None, "currency": "", "ride": "r"},
    ],
)
def test_a_known_number_with_another_content_is_refused_and_nothing_is_stored(incident: Incident, person: Person, other: dict):
    partner = a_partner()
    ride = row(person, BIKE, "ride", "15 15:20", "15 21:15", charge_minor=53450, currency="KRW")
    new = row(person, BIKE, "ride", "16 15:20", "16 21:15")
    record_usage(row=ride, partner=partner, now=NOW)
    with pytest.raises(Refusal) as one:
        record_usage(row=replace(ride, **other), partner=partner, now=NOW)
    with pytest.raises(RowsRefused) as many:
        copy_usage(rows=[new, ride, replace(ride, **other)], partner=partner, now=NOW)
    with pytest.raises(RowsRefused) as within:
        copy_usage(rows=[new, replace(ride, **other, external_id="x"), replace(ride, external_id="x")], partner=None, now=NOW)
    assert one.value.code == "usage_differs"
    assert [(error.row, error.code, error.field) for error in many.value.errors] == [(3, "usage_differs", "external_id")]
    assert [error.row for error in within.value.errors] == [3]
    assert Usage.objects.count() == 1


YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)
AHEAD = NOW + timedelta(minutes=5, microseconds=1)
YEAR_9999 = datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"start_at": datetime(2022, 10, 15, 15)}, "timezone_required"),  # noqa: DTZ001
        ({"end_at": datetime(2022, 10, 15, tzinfo=UTC)}, "interval_invalid"),
        ({"start_at": YEAR_1}, "out_of_range"),
        ({"end_at": YEAR_9999}, "out_of_range"),
        ({"locked_at": YEAR_9999}, "out_of_range"),
        ({"service": "kakao_t.submarine"}, "reference_unknown"),
        ({"service": "unlisted"}, "reference_unknown"),
        ({"kind": "flight"}, "kind_unknown"),
        ({"charge_minor": -1, "currency": "KRW"}, "out_of_range"),
        ({"charge_minor": 2**63, "currency": "KRW"}, "out_of_range"),
        ({"charge_minor": 10**15 + 1, "currency": "KRW"}, "out_of_range"),
        ({"locked_at": at("15 15:19")}, "lock_outside_ride"),
        ({"locked_at": at("15 21:16")}, "lock_outside_ride"),
        ({"charge_minor": True, "currency": "KRW"}, "integer_expected"),
        ({"charge_minor": 1.5, "currency": "KRW"}, "integer_expected"),
        ({"charge_minor": 1}, "currency_unknown"),
        ({"currency": "krw"}, "currency_unknown"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"charge_minor": 10**12 + 1, "currency": "KRW"}, "out_of_range"),
        ({"start_at": AHEAD, "end_at": None}, "out_of_range"),
        ({"locked_at": AHEAD, "end_at": None}, "lock_in_the_future"),
        ({"end_at": at("15 15:20") + timedelta(days=31, microseconds=1)}, "interval_invalid"),
        ({"external_id": ""}, "required"),
        ({"external_id": "a\0b"}, "invalid_character"),
        ({"external_id": "x" * 101}, "too_long"),
        ({"person_id": 0}, "reference_unknown"),
        ({"ride": "ride-1"}, "of_another_kind"),
        ({"kind": "lock", "end_at": None}, "required"),
        ({"kind": "lock", "end_at": None, "ride": " "}, "required"),
        ({"kind": "lock", "end_at": None, "ride": "a\0"}, "invalid_character"),
        ({"kind": "lock", "end_at": None, "ride": "x" * 101}, "too_long"),
        ({"kind": "lock", "ride": "r"}, "of_another_kind"),
        ({"kind": "lock", "end_at": None, "ride": "r", "charge_minor": 0, "currency": "KRW"}, "of_another_kind"),
        ({"kind": "lock", "end_at": None, "ride": "r", "start_at": AHEAD}, "lock_in_the_future"),
    ],
)
def test_refuses_a_wrong_row_and_stores_nothing(incident: Incident, person: Person, wrong: dict, code: str):
    right = row(person, BIKE, "ride", "15 15:20", "15 21:15")
    with pytest.raises(Refusal) as one:
        record_usage(row=replace(right, **wrong), partner=None, now=NOW)
    with pytest.raises(RowsRefused) as many:
        copy_usage(rows=[right, replace(right, **{"external_id": "other", **wrong})], partner=None, now=NOW)
    assert one.value.code == code
    assert [(error.row, error.code) for error in many.value.errors] == [(2, code)]
    assert not Usage.objects.exists()
