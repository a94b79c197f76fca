"""Until when a claim is to be answered: days that people work, by the calendar of a country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

import holidays

from claims.eligibility import Pack
from services.seoul import SEOUL

# Where no policy promises a day. This service's own aim: two weeks of five days, for 105,116 claims in 19 days.
ANSWER_WORKING_DAYS, CALENDAR = 10, "KR"
EVIDENCE_WORKING_DAYS = 14  # to send documents, where no policy gives another time; an aim of this service too


def answer_due(filed: dt.date, packs: Iterable[Pack] = ()) -> dt.date:
    """The earliest day (inclusive) that the policies promise an answer by, or ours; `filed` is a day in Korea."""
    promised = [pack.body.deadlines.answer for pack in packs]
    days = [
        working_day(filed, one.days, one.calendar or CALENDAR) if one.counted == "working" else filed + dt.timedelta(one.days)
        for one in promised
        if one is not None and one.after == "claim"
    ]
    return min(days, default=working_day(filed, ANSWER_WORKING_DAYS, CALENDAR))


def evidence_days(packs: Iterable[Pack] = ()) -> int:
    """Working days to send documents: the most that a policy gives, or ours."""
    return max((days for pack in packs if (days := pack.body.deadlines.evidence_days)), default=EVIDENCE_WORKING_DAYS)


def evidence_steps(asked: dt.date, due: dt.date) -> dict[str, dt.date]:
    """On which day a reminder is sent: half-way, and three days before the last one; those that lie after the day of asking."""
    steps = {"halfway": asked + (due - asked) // 2, "three_days": due - dt.timedelta(days=3)}
    return {step: day for step, day in sorted(steps.items(), key=lambda one: one[1]) if day > asked}


def waited_since(today: dt.date, days: int) -> dt.datetime:
    """What came in before this instant has waited for so many working days at least, today among them, as days are in Korea."""
    tomorrow = today + dt.timedelta(days=1)
    day = working_day(tomorrow, -days, CALENDAR) if days else tomorrow
    return dt.datetime.combine(day, dt.time(), SEOUL)


@lru_cache(maxsize=4096)
def working_day(day: dt.date, later: int, calendar: str) -> dt.date:
    """The `later`-th working day after `day`, below zero before it. `calendar`: a country, or with its region: KR, GB-ENG."""
    return _calendar(calendar).get_nth_working_day(day, later)


@lru_cache(maxsize=64)
def _calendar(code: str) -> holidays.HolidayBase:
    country, _, region = code.partition("-")
    return holidays.country_holidays(country, subdiv=region or None)
