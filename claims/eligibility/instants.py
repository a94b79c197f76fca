"""Instants and days as whole numbers: microseconds and days since 1970-01-01 UTC, exact both ways."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from .refusals import EngineRefusal

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
SECOND, MINUTE, HOUR, DAY = 10**6, 60 * 10**6, 3600 * 10**6, 86_400 * 10**6  # in microseconds


def microseconds(instant: dt.datetime) -> int:
    """Since 1970. Raises EngineRefusal `timezone_required` for a naive time."""
    if instant.tzinfo is None:
        raise EngineRefusal("timezone_required", f"{instant.isoformat()} has no offset; write +09:00 or Z")
    return (instant - EPOCH) // MICROSECOND


def instant_of(value: int) -> dt.datetime:
    """The inverse of `microseconds`, in UTC."""
    return EPOCH + value * MICROSECOND


def days(day: dt.date) -> int:
    """Since 1970."""
    return (day - EPOCH.date()).days


def day_of(number: int) -> dt.date:
    """The inverse of `days`."""
    return EPOCH.date() + dt.timedelta(days=number)


def local_day(value: int, zone: ZoneInfo) -> dt.date:
    """The calendar day of an instant in a zone."""
    return instant_of(value).astimezone(zone).date()


def day_start(day: dt.date, zone: ZoneInfo) -> int:
    """The first instant of a calendar day in a zone."""
    return microseconds(dt.datetime.combine(day, dt.time(), zone))
