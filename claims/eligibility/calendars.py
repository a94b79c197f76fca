"""Days: of which month, how many later, working or not. Day columns are days since 1970, as integers.

Public holidays come from the package `holidays`. Terms keep the ones they were compiled with, because a later
version of the package may know better and an explanation must not change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays
import polars as pl

from .instants import days, local_day
from .refusals import EngineRefusal

ONE_DAY = dt.timedelta(days=1)
YEARS_BEFORE, YEARS_AFTER = 2, 4  # around the record's `as_of`; days outside are for a person to decide


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of a country or region from `first` (inclusive) until `last` (exclusive), days since 1970.

    Saturdays, Sundays and `public` holidays (days since 1970) do not work.
    """

    code: str
    first: int
    last: int
    public: tuple[int, ...]

    @cached_property
    def working(self) -> list[int]:
        off = set(self.public)
        return [day for day in range(self.first, self.last) if (day + 3) % 7 < 5 and day not in off]  # 1970 began on a Thursday

    @cached_property
    def before(self) -> list[int]:
        """How many working days lie in [first, first + i)."""
        works = set(self.working)
        found = [0]
        for day in range(self.first, self.last):
            found.append(found[-1] + (day in works))
        return found

    def works(self, day: int) -> bool:
        """Raises EngineRefusal `outside_calendar`."""
        if not self.first <= day < self.last:
            raise EngineRefusal("outside_calendar", f"{self.code} is known for the years around the incident only")
        return self.before[day - self.first] < self.before[day - self.first + 1]

    def counted_before(self, day: pl.Expr) -> pl.Expr:
        """Working days in [first, day); null outside."""
        inside = (day >= self.first) & (day <= self.last)
        place = pl.when(inside).then(day - self.first)
        return _at(self.before, place)

    def later(self, day: pl.Expr, by: int) -> pl.Expr:
        """The by-th working day after `day`, or before it; of 0 the day itself or the next one. Null outside."""
        place = self.counted_before(day + 1) + (by - 1) if by > 0 else self.counted_before(day) + by
        inside = (place >= 0) & (place < len(self.working))
        return _at(self.working, pl.when(inside).then(place))


def _at(values: Sequence[int], place: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(values, dtype=pl.Int64)).gather(_long(place))


def _long(column: pl.Expr) -> pl.Expr:
    """A constant as long as the frame: what `gather` and functions of dates make of one does not stretch by itself."""
    return column + pl.repeat(0, pl.len(), dtype=pl.Int64)


def working_calendar(code: str, as_of: int) -> WorkingCalendar:
    """The calendar for the years around an instant. Raises EngineRefusal `unknown_calendar`."""
    year = local_day(as_of, ZoneInfo("UTC")).year
    years = range(max(year - YEARS_BEFORE, 2000), min(year + YEARS_AFTER, 2099) + 1)
    public = tuple(sorted(days(day) for day in public_holidays(code, years)))
    return WorkingCalendar(code, days(dt.date(years[0], 1, 1)), days(dt.date(years[-1] + 1, 1, 1)), public)


def public_holidays(code: str, years: Iterable[int]) -> list[dt.date]:
    """Raises EngineRefusal `unknown_calendar`."""
    country, _, region = code.partition("-")
    try:
        return list(holidays.country_holidays(country, subdiv=region or None, years=list(years)))
    except NotImplementedError as error:
        message = f"no calendar {code!r}; write a country and, where it differs, a region: KR, GB-ENG, DE-BY"
        raise EngineRefusal("unknown_calendar", message) from error


def as_date(day: pl.Expr) -> pl.Expr:
    return _long(day).cast(pl.Int32).cast(pl.Date)


def as_days(date: pl.Expr) -> pl.Expr:
    return date.cast(pl.Int32).cast(pl.Int64)


def day_of(instant: pl.Expr, zone: ZoneInfo) -> pl.Expr:
    """The calendar day of an instant (microseconds) in a zone."""
    return as_days(pl.from_epoch(_long(instant), "us").dt.replace_time_zone("UTC").dt.convert_time_zone(zone.key).dt.date())


def first_day(day: pl.Expr, period: str) -> pl.Expr:
    return as_days(as_date(day).dt.truncate({"month": "1mo", "quarter": "1q", "year": "1y"}[period]))


def last_day(day: pl.Expr, period: str) -> pl.Expr:
    every = {"month": "1mo", "quarter": "1q", "year": "1y"}[period]
    return as_days(as_date(day).dt.truncate(every).dt.offset_by(every)) - 1


def later(day: pl.Expr, by: int, unit: str) -> pl.Expr:
    """Moved by days, weeks, months or years; where the month is shorter, its last day."""
    if unit in ("days", "weeks"):
        return day + by * (7 if unit == "weeks" else 1)
    return as_days(as_date(day).dt.offset_by(f"{by}{'mo' if unit == 'months' else 'y'}"))


def weekday(day: pl.Expr) -> pl.Expr:
    """Monday 1 to Sunday 7."""
    return (day + 3) % 7 + 1
