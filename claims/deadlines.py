"""Until when a claim is to be answered: days that people work, by the calendar of a country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

import holidays

from claims.eligibility import Pack

# Where no policy promises a day. This service's own aim: two weeks of five days, for 105,116 claims in 19 days.
ANSWER_WORKING_DAYS, CALENDAR = 10, "KR"


def answer_due(filed: dt.date, packs: Iterable[Pack] = ()) -> dt.date:
    """The earliest day (inclusive) that the policies promise an answer by, or ours; `filed` is a day in Korea."""
    promised = [pack.body.deadlines.answer for pack in packs]
    days = [
        working_day(filed, one.days, one.calendar or CALENDAR) if one.counted == "working" else filed + dt.timedelta(one.days)
        for one in promised
        if one is not None and one.after == "claim"
    ]
    return min(days, default=working_day(filed, ANSWER_WORKING_DAYS, CALENDAR))


@lru_cache(maxsize=4096)
def working_day(day: dt.date, later: int, calendar: str) -> dt.date:
    """The `later`-th working day after `day`. `calendar`: a country, or a country and a region: KR, GB-ENG."""
    return _calendar(calendar).get_nth_working_day(day, later)


@lru_cache(maxsize=64)
def _calendar(code: str) -> holidays.HolidayBase:
    country, _, region = code.partition("-")
    return holidays.country_holidays(country, subdiv=region or None)
