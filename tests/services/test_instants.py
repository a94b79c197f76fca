"""Instants are aware and between 2000 and 2100, and the database says so too."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from services.instants import (
    EARLIEST,
    LATEST,
    InstantMalformed,
    IntervalInvalid,
    OutOfRange,
    TimezoneRequired,
    check_instant,
    check_span,
    parse_instant,
)
from services.models import Incident

SEOUL = timezone(timedelta(hours=9))
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("value", "refusal", "code"),
    [
        (datetime(2022, 10, 15, 15, 30), TimezoneRequired, "timezone_required"),  # noqa: DTZ001
        (datetime(1, 1, 1, tzinfo=SEOUL), OutOfRange, "out_of_range"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=9))), OutOfRange, "out_of_range"),
        (EARLIEST - MOMENT, OutOfRange, "out_of_range"),
        (LATEST, OutOfRange, "out_of_range"),
        ("2022-10-15", InstantMalformed, "instant_malformed"),
        (None, InstantMalformed, "instant_malformed"),
    ],
)
def test_refused_with_its_field(value, refusal, code):
    with pytest.raises(refusal) as refused:
        check_instant(value, "start_at")
    assert refused.value.as_problem() == {"code": code, "message": str(refused.value), "field": "start_at"}


@pytest.mark.parametrize("value", [EARLIEST, LATEST - MOMENT])
def test_the_ends_of_the_range(value):
    assert check_instant(value, "start_at") == value


def test_kept_in_utc():
    assert check_instant(datetime(2022, 10, 15, 15, 30, tzinfo=SEOUL), "at").isoformat() == "2022-10-15T06:30:00+00:00"


@pytest.mark.parametrize("length", [timedelta(0), -MOMENT, -timedelta(days=1)])
def test_a_span_ends_after_it_starts(length):
    start = datetime(2022, 10, 15, tzinfo=UTC)
    with pytest.raises(IntervalInvalid) as refused:
        check_span(start, start + length)
    assert (refused.value.code, refused.value.field) == ("interval_invalid", "end_at")


def test_a_span_may_be_open_or_as_short_as_can_be():
    start = datetime(2022, 10, 15, tzinfo=UTC)
    assert check_span(start, None) == (start, None)
    assert check_span(start, start + MOMENT) == (start, start + MOMENT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2022-10-15T15:30:00", "timezone_required"),
        ("2022-10-15", "timezone_required"),
        ("0001-01-01T00:00:00+09:00", "out_of_range"),
        ("15 October", "instant_malformed"),
        ("", "instant_malformed"),
    ],
)
def test_parsing_refuses(text, code):
    with pytest.raises((TimezoneRequired, OutOfRange, InstantMalformed)) as refused:
        parse_instant(text, "at")
    assert refused.value.code == code


@pytest.mark.parametrize("at", [datetime(1, 1, 2, tzinfo=UTC), EARLIEST - MOMENT, LATEST, datetime(9999, 12, 30, tzinfo=UTC)])
def test_the_database_refuses_too(at, db):
    with pytest.raises(IntegrityError, match="services_incident_started_at_in_range"), transaction.atomic():
        Incident.objects.create(key="x", title_ko="x", title_en="x", started_at=at)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("app", ["services", "accounts", "claims"])
def test_every_instant_of_ours_has_its_range_check(app):
    for model in apps.get_app_config(app).get_models():
        names = {constraint.name for constraint in model._meta.constraints}
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.DateTimeField):
                assert f"{model._meta.label_lower.replace('.', '_')}_{field.name}_in_range" in names, field
