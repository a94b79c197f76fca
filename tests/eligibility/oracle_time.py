"""When a service was down, how much of that time counts, and into which pieces it is cut: the slow way.

Written from what packs and records mean, not from the engine. Time is in microseconds since 1970, as in the
record; weights are exact fractions. `measure` walks from border to border; the last part counts the same time
second by second, by other means, and holds `measure` in tests.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from claims.eligibility import LossInput, Record, Window

Document = dict[str, Any]
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DAY_0 = dt.date(1970, 1, 1)
PER_SECOND = 10**6
PER_MINUTE, PER_HOUR = 60 * PER_SECOND, 3600 * PER_SECOND
SEVERITIES, SCOPES = ["full", "partial", "intermittent"], ["all", "some_users", "some_functions"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ONE_DAY = dt.timedelta(days=1)


# --- clocks and days ----------------------------------------------------------------------------


def local_time(instant: int, zone: ZoneInfo) -> dt.datetime:
    """What clock and calendar show in the zone."""
    return (EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone)


def local_day(instant: int, zone: ZoneInfo) -> dt.date:
    return local_time(instant, zone).date()


def instant_at(day: dt.date, clock: dt.time, zone: ZoneInfo) -> int:
    """`clock.fold` says which of two is meant where the clock shows this time twice."""
    return (dt.datetime.combine(day, clock, zone) - EPOCH) // dt.timedelta(microseconds=1)


def day_start(day: dt.date, zone: ZoneInfo) -> int:
    return instant_at(day, dt.time(), zone)


def first_day(period: str, day: dt.date) -> dt.date:
    """Of the day, week, month, quarter or year that the day lies in."""
    return {
        "day": day,
        "week": day - day.weekday() * ONE_DAY,
        "month": day.replace(day=1),
        "quarter": day.replace(month=day.month - (day.month - 1) % 3, day=1),
        "year": day.replace(month=1, day=1),
    }[period]


def next_first_day(period: str, day: dt.date) -> dt.date:
    """Of the period after the one that the day lies in."""
    longest = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
    return first_day(period, first_day(period, day) + longest[period] * ONE_DAY)


@functools.cache
def public_holidays(calendar: str, year: int) -> frozenset[dt.date]:
    country, _, part = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=[year]))


def is_working(day: dt.date, calendar: str) -> bool:
    return WEEKDAYS[day.weekday()] not in ("sat", "sun") and day not in public_holidays(calendar, day.year)


# --- when was it down ---------------------------------------------------------------------------


def lineage(code: str) -> list[str]:
    """The code and its ancestors, nearest first."""
    names = code.split(".")
    return [".".join(names[:length]) for length in range(len(names), 0, -1)]


def spoken_of(record: Record, code: str, source: str | None) -> list[Window]:
    """Windows of the nearest of (service, parent, ...) that has any, by its best ranked source.

    Of outages, and apart from them of planned maintenance.
    """
    place = {name: i for i, name in enumerate(record.sources)}
    found: list[Window] = []
    for planned in (False, True):
        alike = [w for w in record.windows if w.planned == planned and source in (None, w.source)]
        levels = [[w for w in alike if w.service == node] for node in lineage(code)]
        there = next(filter(None, levels), [])
        found += [w for w in there if not any(_is_better(v, w, place) for v in there)]
    return found


def _is_better(one: Window, other: Window, place: dict[str, int]) -> bool:
    return place.get(one.source, 10**6) < place.get(other.source, 10**6)


def needed_by(record: Record, code: str) -> set[str]:
    """Everything the service or an ancestor needs, and everything that needs, to the end of the chain."""
    direct = {node.code: set(node.depends_on) for node in record.services}
    needed: set[str] = set()
    while True:
        grown = {d for c in {code} | needed for node in lineage(c) for d in direct.get(node, set())} - {code}
        if grown <= needed:
            return needed
        needed |= grown


@dataclass(frozen=True)
class Down:
    """A span that took a service away. `rank`: which of several speaks, the smallest; `weight`: apart from `hours`."""

    start_at: int
    end_at: int
    weight: Fraction
    rank: tuple[bool, Fraction, int, bool, str]
    window: Window | None = None  # None: stated by the pack


def down_spans(record: Record, code: str, windows: Document) -> list[Down]:
    """`windows` is a rule's key of this name, or one of its `measures`; an open window ends at `as_of`."""
    if "services" in windows and not set(windows["services"]) & set(lineage(code)):
        return []
    stated = [entry for entry in windows.get("stated", []) if set(entry["services"]) & set(lineage(code))]
    if stated:
        return [_stated(entry) for entry in stated]
    source = windows.get("source")
    found = [_recorded(record, window, windows, own=True) for window in spoken_of(record, code, source)]
    for needed in sorted(needed_by(record, code)):
        found += [_recorded(record, window, windows, own=False) for window in spoken_of(record, needed, source)]
    return [span for span in found if span.start_at < span.end_at]


def _stated(entry: Document) -> Down:
    """It counts in full, whatever is said of the record's windows."""
    start, end = (_microseconds(entry[key]) for key in ("from", "before"))
    return Down(start, end, Fraction(1), (False, Fraction(-1), 0, False, ""))


def _recorded(record: Record, window: Window, windows: Document, *, own: bool) -> Down:
    """What counts beats what does not; then what weighs most; the gravest severity; the service's own window; the key."""
    end = record.as_of if window.end_at is None else window.end_at
    weight = _weight(window, windows)
    rank = (not _is_listed(window, windows), -weight, SEVERITIES.index(window.severity), not own, window.key)
    return Down(window.start_at, end, weight, rank, window)


def _is_listed(window: Window, windows: Document) -> bool:
    named = window.severity in windows.get("severities", SEVERITIES) and window.scope in windows.get("scopes", SCOPES)
    return named and not is_planned_for(window, windows)


def is_planned_for(window: Window, windows: Document) -> bool:
    """Whether it is maintenance with which the customers of this pack had to reckon."""
    if not window.planned:
        return False
    wanted = windows.get("planned", {"counts": "never"})
    if wanted["counts"] == "unannounced":
        latest = window.start_at - wanted.get("hours_before", 0) * PER_HOUR
        return window.announced_at is not None and window.announced_at <= latest
    return bool(wanted["counts"] == "never")


def _weight(window: Window, windows: Document) -> Fraction:
    if not _is_listed(window, windows):
        return Fraction(0)
    permille = getattr(window, "users_permille", None) if windows.get("by_share_of_users") else None
    share = Fraction(1000 if permille is None else permille, 1000)
    return Fraction(windows.get("weights", {}).get(window.severity, 1)) * share


def _microseconds(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - EPOCH) // dt.timedelta(microseconds=1)


def is_official(record: Record, code: str, windows: Document) -> bool:
    """By any source's word, whatever counts."""
    return bool(down_spans(record, code, {"stated": windows.get("stated", [])}))


# --- in which hours it counts -------------------------------------------------------------------


def is_open(instant: int, hours: Sequence[Document], zone: ZoneInfo) -> bool:
    """What the clock on the wall shows decides, also in an hour that comes twice or after one that is skipped."""
    local = local_time(instant, zone)
    clock = f"{local:%H:%M}"
    return not hours or any(h["from"] <= clock < h["before"] and _on_its_days(local.date(), h) for h in hours)


def _on_its_days(day: dt.date, hours: Document) -> bool:
    days = hours.get("days", "all")
    if days == "working":
        return is_working(day, hours["calendar"])
    return days == "all" or WEEKDAYS[day.weekday()] in days


def opening_borders(hours: Sequence[Document], first: int, last: int, zone: ZoneInfo) -> set[int]:
    """Instants from first to last, between two of which the hours do not begin or end; some of them do nothing."""
    if not hours:
        return set()
    clocks = {dt.time()} | {dt.time.fromisoformat(h[end]) for h in hours for end in ("from", "before") if h[end] != "24:00"}
    day, borders = local_day(first, zone) - ONE_DAY, _clock_changes(first, last, zone)
    while day <= local_day(last, zone) + ONE_DAY:
        borders |= {instant_at(day, clock.replace(fold=fold), zone) for clock in clocks for fold in (0, 1)}
        day += ONE_DAY
    return {border for border in borders if first < border < last}


def _clock_changes(first: int, last: int, zone: ZoneInfo) -> set[int]:
    """Clocks are moved at whole hours."""
    whole = range(first - first % PER_HOUR, last + PER_HOUR, PER_HOUR)
    return {after for before, after in pairwise(whole) if _offset(before, zone) != _offset(after, zone)}


@functools.cache
def _offset(instant: int, zone: ZoneInfo) -> dt.timedelta | None:
    return local_time(instant, zone).utcoffset()


# --- what counts of some losses -----------------------------------------------------------------


@dataclass(frozen=True)
class Interval:
    start_at: int
    end_at: int
    weight: Fraction

    @property
    def length(self) -> int:
        return self.end_at - self.start_at


@dataclass(frozen=True)
class Measure:
    """Microseconds. `counted`: by any of the losses, once; `touched`, `length`: each loss by itself."""

    counted: tuple[Interval, ...] = ()  # ascending, apart or touching, with weights above 0
    touched: int = 0
    length: int = 0
    uncounted: bool = False  # any time for another reason than the next
    planned: bool = False  # any time in maintenance that does not count

    @property
    def counted_time(self) -> int:
        """Without weights."""
        return sum(interval.length for interval in self.counted)


def measure(record: Record, losses: Sequence[LossInput], windows: Document, zone: ZoneInfo) -> Measure:
    """Sweep from border to border: between two neighbours nothing begins or ends."""
    hours = windows.get("hours", [])
    down = {loss.service: down_spans(record, loss.service, windows) for loss in losses}
    borders = {t for loss in losses for t in (loss.start_at, loss.end_at)}
    borders |= {t for spans in down.values() for span in spans for t in (span.start_at, span.end_at)}
    borders |= opening_borders(hours, min(borders, default=0), max(borders, default=0), zone)
    counted: list[Interval] = []
    touched = 0
    uncounted = planned = False
    for start, end in pairwise(sorted(borders)):
        lost = [down[loss.service] for loss in losses if loss.start_at <= start < loss.end_at]
        over = [[span for span in spans if span.start_at <= start < span.end_at] for spans in lost]
        speaking = [min(spans, key=lambda span: span.rank) for spans in over if spans]
        weights = [span.weight if is_open(start, hours, zone) else Fraction(0) for span in speaking]
        touched += len(weights) * (end - start)
        reckoned = [span.window is not None and is_planned_for(span.window, windows) for span in speaking]
        planned |= True in reckoned
        uncounted |= (Fraction(0), False) in zip(weights, reckoned, strict=True)
        if max(weights, default=0) > 0:
            counted.append(Interval(start, end, max(weights)))
    return Measure(tuple(counted), touched, sum(loss.end_at - loss.start_at for loss in losses), uncounted, planned)


# --- pieces -------------------------------------------------------------------------------------

Piece = tuple[Interval, ...]


def weighted(piece: Iterable[Interval]) -> Fraction:
    """Microseconds."""
    return sum((interval.length * interval.weight for interval in piece), Fraction(0))


def pieces(counted: Iterable[Interval], each: str, gap: int, zone: ZoneInfo, *, whole_runs: bool = False) -> list[Piece]:
    """In the order of time; `gap`, in microseconds, is the longest interruption within a run."""
    if each == "run":
        return _runs(counted, gap)
    found: dict[int, list[Interval]] = {}
    for run in _runs(counted, 0) if whole_runs else []:
        found.setdefault(_period_around(run[0].start_at, each, zone)[0], []).extend(run)
    if whole_runs:
        return [tuple(piece) for piece in found.values()]
    for interval in counted:
        start = interval.start_at
        while start < interval.end_at:
            first, following = _period_around(start, each, zone)
            end = min(interval.end_at, following)
            found.setdefault(first, []).append(Interval(start, end, interval.weight))
            start = end
    return [tuple(piece) for piece in found.values()]


def _runs(counted: Iterable[Interval], gap: int) -> list[Piece]:
    found: list[list[Interval]] = []
    for interval in counted:
        if found and interval.start_at - found[-1][-1].end_at <= gap:
            found[-1].append(interval)
        else:
            found.append([interval])
    return [tuple(piece) for piece in found]


def _period_around(instant: int, period: str, zone: ZoneInfo) -> tuple[int, int]:
    """(its start, the start of the next one). An hour begins where the clock shows a full hour, each time it does."""
    local = local_time(instant, zone)
    if period == "hour":
        start = instant - local.minute * PER_MINUTE - local.second * PER_SECOND - local.microsecond
        return start, start + PER_HOUR
    return day_start(first_day(period, local.date()), zone), day_start(next_first_day(period, local.date()), zone)


# --- the same once more, second by second ---------------------------------------------------------


def seconds_by_clock(record: Record, losses: Sequence[LossInput], windows: Document, zone: ZoneInfo | None = None) -> int:
    """The counted seconds; for short spans with whole seconds."""
    return len(weights_by_clock(record, losses, windows, zone or ZoneInfo("UTC")))


def weights_by_clock(record: Record, losses: Sequence[LossInput], windows: Document, zone: ZoneInfo) -> dict[int, Fraction]:
    """The weight of every second that counts, by the instant at which it begins, ascending."""
    down = {loss.service: down_spans(record, loss.service, windows) for loss in losses}
    first = min((loss.start_at for loss in losses), default=0)
    last = max((loss.end_at for loss in losses), default=0)
    found: dict[int, Fraction] = {}
    for t in range(first, last, PER_SECOND):
        weights = [
            _weight_by_clock([span for span in down[loss.service] if span.start_at <= t < span.end_at], windows)
            for loss in losses
            if loss.start_at <= t < loss.end_at
        ]
        greatest = max(weights, default=Fraction(0))
        if greatest > 0 and _open_by_clock(t, windows.get("hours", []), zone):
            found[t] = greatest
    return found


def _weight_by_clock(over: list[Down], windows: Document) -> Fraction:
    """Of windows that overlap the greatest weight counts."""
    listed = [span for span in over if span.window is None or _is_listed(span.window, windows)]
    return max((span.weight for span in listed), default=Fraction(0))


def _open_by_clock(t: int, hours: Sequence[Document], zone: ZoneInfo) -> bool:
    """By the seconds that the clock on the wall has gone since it showed midnight."""
    if not hours:
        return True
    local = local_time(t, zone)
    gone = local.hour * 3600 + local.minute * 60 + local.second
    today = [h for h in hours if _on_its_days(local.date(), h)]
    return any(_seconds(h["from"]) <= gone < _seconds(h["before"]) for h in today)


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def pieces_by_clock(seconds: Iterable[int], each: str, gap: int, zone: ZoneInfo) -> list[list[int]]:
    """Seconds go together that have the same name in the calendar, or that follow one another."""
    found: list[list[int]] = []
    for t in sorted(seconds):
        last = found[-1][-1] if found else None
        if last is None:
            together = False
        elif each == "run":
            together = t - (last + PER_SECOND) <= gap
        else:
            together = _name(t, each, zone) == _name(last, each, zone)
        if together:
            found[-1].append(t)
        else:
            found.append([t])
    return found


def _name(t: int, period: str, zone: ZoneInfo) -> tuple[Any, ...]:
    """What a calendar calls the period; two hours of the same name differ by their distance from Greenwich."""
    local = local_time(t, zone)
    return {
        "hour": (local.date(), local.hour, local.utcoffset()),
        "day": (local.date(),),
        "week": tuple(local.isocalendar())[:2],
        "month": (local.year, local.month),
        "quarter": (local.year, (local.month + 2) // 3),
        "year": (local.year,),
    }[period]
