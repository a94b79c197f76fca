"""Instants: aware, in UTC, between 2000 and 2100, or refused by name.

A single stored timestamp of year 1 makes every later list page fail (Python cannot
hold what PostgreSQL answers), so the range is held by the database as well.
"""

import re
from datetime import UTC, datetime, timedelta

from django.db.models import CheckConstraint, Q

from services.refusals import Refusal

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # inclusive
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # exclusive
LONGEST_OUTAGE = timedelta(days=366)
# The profile of ISO 8601 for programs. A second of 60 or an hour of 24 is none that can be counted from.
RFC_3339 = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
    r"(?P<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?",
    re.ASCII,
)


class TimezoneRequired(Refusal):
    code = "timezone_required"


class OutOfRange(Refusal):
    code = "out_of_range"


class InstantOutOfRange(OutOfRange):
    """An instant that no column holds."""


class AlreadyOver(OutOfRange):
    """An instant that has to lie ahead."""


class IntervalInvalid(Refusal):
    code = "interval_invalid"


class OutageTooLong(Refusal):
    code = "outage_too_long"


class InstantMalformed(Refusal):
    code = "instant_malformed"


class NotRfc3339(Refusal):
    code = "datetime_format"


def in_range(field: str) -> CheckConstraint:
    """The database's own word on a timestamp column: EARLIEST <= column < LATEST, or null."""
    return CheckConstraint(
        condition=Q(**{f"{field}__gte": EARLIEST, f"{field}__lt": LATEST}),
        name=f"%(app_label)s_%(class)s_{field}_in_range",
    )


def check_instant(value: datetime, field: str) -> datetime:
    """The same instant in UTC. Raises TimezoneRequired, OutOfRange, InstantMalformed."""
    if not isinstance(value, datetime):
        raise InstantMalformed(
            f"{field} is {value!r}, which is not a date and time. Give one with an offset, like 2022-10-15T15:30+09:00.",
            field=field,
        )
    if value.utcoffset() is None:
        raise TimezoneRequired(
            f"{field} is {value.isoformat()}, which has no time zone. Give the offset, like {value.isoformat()}+09:00.",
            field=field,
        )
    if not EARLIEST <= value < LATEST:
        raise InstantOutOfRange(
            f"{field} is {value.isoformat()}. Give an instant from {EARLIEST:%Y-%m-%d} to before {LATEST:%Y-%m-%d}.",
            field=field,
        )
    return value.astimezone(UTC)


def check_optional_instant(value: datetime | None, field: str) -> datetime | None:
    """As `check_instant`; None stays None."""
    return None if value is None else check_instant(value, field)


def check_span(
    start_at: datetime, end_at: datetime | None, *, start_field: str = "start_at", end_field: str = "end_at"
) -> tuple[datetime, datetime | None]:
    """A half-open span [start_at, end_at) in UTC; None is an open end.

    Raises what `check_instant` raises, and IntervalInvalid when the end is not after
    the start: a span of no length counts nothing and hides a mistake.
    """
    start = check_instant(start_at, start_field)
    end = check_optional_instant(end_at, end_field)
    if end is not None and end <= start:
        raise IntervalInvalid(
            f"{end_field} {end.isoformat()} is not after {start_field} {start.isoformat()}. "
            "The end is exclusive and must be later.",
            field=end_field,
        )
    return start, end


def check_outage(start_at: datetime, end_at: datetime | None, *, end_field: str = "end_at") -> tuple[datetime, datetime | None]:
    """As `check_span`. Raises OutageTooLong beyond LONGEST_OUTAGE: a mistyped year would pay everybody."""
    start, end = check_span(start_at, end_at, end_field=end_field)
    if end is not None and end - start > LONGEST_OUTAGE:
        raise OutageTooLong(
            f"From {start.isoformat()} to {end.isoformat()} are {(end - start).days:,} days. An outage is at most "
            f"{LONGEST_OUTAGE.days} days long; correct the year, or leave the end open while it lasts.",
            field=end_field,
        )
    return start, end


def parse_instant(text: str, field: str) -> datetime:
    """An instant from ISO 8601 with an offset. Raises what `check_instant` raises."""
    try:
        value = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InstantMalformed(
            f"{field} is {text!r}, which is not ISO 8601. Write it like 2022-10-15T15:30:00+09:00.", field=field
        ) from error
    return check_instant(value, field)


def parse_rfc3339(text: str, field: str) -> datetime:
    """As programs write an instant, in one way only. Raises NotRfc3339, TimezoneRequired, InstantOutOfRange."""
    found = RFC_3339.fullmatch(text)
    if found is None:
        raise NotRfc3339(f"{field} is no instant of RFC 3339. Write it like 2022-10-15T15:30:00+09:00.", field=field)
    if found["zone"] is None:
        raise TimezoneRequired(f"{field} has no offset. Add it, like +09:00 or Z.", field=field)
    try:
        return check_instant(datetime.fromisoformat(text), field)
    except ValueError as error:  # 30 February
        raise NotRfc3339(f"{field} is on a day that there is not.", field=field) from error
    except OverflowError as error:
        raise InstantOutOfRange(f"{field} is beyond what is counted.", field=field) from error
