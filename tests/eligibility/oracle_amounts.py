"""What an amount is worth and whether a condition holds, for one claim (or one loss of it) under one rule.

A number is a Fraction, an instant an int (microseconds since 1970), a day a date; None is "not known, or for a
person to decide". Whatever is reached on the way is looked at, also where a part beside it is not known; of `cases`,
`match`, `tiers` and `first_known` only what is taken is reached.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from claims.eligibility import LossInput, Record

from .oracle_time import (
    ONE_DAY,
    PER_MINUTE,
    PER_SECOND,
    Document,
    Interval,
    Piece,
    day_start,
    first_day,
    is_working,
    local_day,
    next_first_day,
    pieces,
    weighted,
)

Value = Any  # Fraction | int | dt.date; text only in conditions and `match`
SECONDS_PER = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
DIVISOR_NOT_POSITIVE, OUTSIDE_CALENDAR = "divisor_not_positive", "outside_calendar"


@dataclass(frozen=True)
class Fact:
    """`word`: whose it is (0 claimant, 1 partner, 2 staff); None: assumed, or of the incident."""

    value: Value
    word: int | None


@dataclass(frozen=True)
class Subject:
    """What a rule speaks of. `times`: the counted time by the rule's windows (None), and by each of its measures."""

    record: Record
    pack: Document
    facts: dict[str, Fact]
    losses: list[LossInput] = field(default_factory=list)
    times: dict[str | None, tuple[Interval, ...]] = field(default_factory=dict)
    piece: Piece | None = None
    ordinal: int = 0  # of the piece
    review: set[str] = field(default_factory=set)  # why a person must decide, as far as it was reached

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.pack["zone"])

    def value(self, fact: str) -> Value:
        return self.facts[fact].value if fact in self.facts else None

    def amount(self, node: Any) -> Value:
        if isinstance(node, int | str):
            return Fraction(node)
        (kind,) = set(node) & set(AMOUNTS)
        return AMOUNTS[kind](self, node)

    def all(self, nodes: Iterable[Any], combine: Callable[[list[Value]], Value]) -> Value:
        """Not known if any of them is not."""
        found = [self.amount(node) for node in nodes]
        return None if None in found else combine(found)

    def person_decides(self, reason: str) -> None:
        self.review.add(reason)


# --- what is known ------------------------------------------------------------------------------


def _figure(subject: Subject, node: Document) -> Value:
    """Of a dated one a person decides before its first day, and where no value is known."""
    figure = subject.pack["figures"][node["figure"]]
    if "value" in figure:
        return Fraction(figure["value"])
    day = subject.amount(node["on"])
    if day is None:
        return None
    in_force = [dated.get("value") for dated in figure["dated"] if dt.date.fromisoformat(dated["from"]) <= day]
    if not in_force or in_force[-1] is None:
        return subject.person_decides("figure_not_known")
    return Fraction(in_force[-1])


def _counted(subject: Subject, node: Document) -> Value:
    time = subject.times[node.get("measure")] if subject.piece is None else subject.piece
    return weighted(time) / (PER_SECOND * SECONDS_PER[node["counted"]])


def _days_touched(subject: Subject, node: Document) -> Value:
    """Days of the calendar from the first to the last, also one that a zone left out."""
    for start, end in _extents(subject, node["source"]):
        return Fraction((local_day(end - 1, subject.zone) - local_day(start, subject.zone)).days + 1 if start < end else 0)
    return subject.person_decides("no_extent")


def _extents(subject: Subject, source: str) -> list[tuple[int, int]]:
    """(start, end); an open one ends at `as_of`."""
    found = [extent for extent in subject.record.extents if extent.source == source]
    return [(e.start_at, subject.record.as_of if e.end_at is None else e.end_at) for e in found]


def _piece(subject: Subject, node: Document) -> Value:
    assert subject.piece is not None
    in_words: dict[str, Callable[[Piece], Value]] = {
        "ordinal": lambda _: Fraction(subject.ordinal),
        "day": lambda piece: local_day(piece[0].start_at, subject.zone),
    }
    return in_words[node["piece"]](subject.piece)


# --- instants and days --------------------------------------------------------------------------


def _at(subject: Subject, node: Document) -> Value:
    """Of the whole subject, also inside a piece; or of the piece."""
    spans: dict[str, Callable[[], list[tuple[int, int]]]] = {
        "losses": lambda: [(loss.start_at, loss.end_at) for loss in subject.losses],
        "counted": lambda: [(interval.start_at, interval.end_at) for interval in subject.times[None]],
        "piece": lambda: [(interval.start_at, interval.end_at) for interval in subject.piece or ()],
        "extent": lambda: _extents(subject, node["source"]),
    }
    found = spans[node["of"]]()
    if node["of"] == "extent" and not found:
        return subject.person_decides("no_extent")
    ends = {"start": min((start for start, _ in found), default=None), "end": max((end for _, end in found), default=None)}
    return ends[node["at"]]


def _later(subject: Subject, node: Document) -> Value:
    day, by = subject.amount(node["later"]), int(subject.amount(node["by"]))
    if day is None:
        return None
    moved: dict[str, Callable[[], Value]] = {
        "days": lambda: day + by * ONE_DAY,
        "weeks": lambda: day + 7 * by * ONE_DAY,
        "months": lambda: _months_later(day, by),
        "years": lambda: _months_later(day, 12 * by),
        "working_days": lambda: _working_days_later(subject, day, by, node["calendar"]),
    }
    return moved[node["in"]]()


def _months_later(day: dt.date, by: int) -> dt.date:
    """The last day of the month where the month has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _working_days_later(subject: Subject, day: dt.date, by: int, country: str) -> Value:
    """Day by day; a person decides as soon as the walk leaves the calendar."""
    step = -1 if by < 0 else 1
    left = abs(by)
    while _in_calendar(subject, day):
        if left == 0 and is_working(day, country):
            return day
        day += step * ONE_DAY
        if left > 0 and is_working(day, country):
            left -= 1
    return subject.person_decides(OUTSIDE_CALENDAR)


def _in_calendar(subject: Subject, day: dt.date) -> bool:
    """Calendars cover the years from two before to four after the record's `as_of`."""
    return -2 <= day.year - local_day(subject.record.as_of, subject.zone).year <= 4


def _working_days(subject: Subject, node: Document) -> Value:
    first, last = (subject.amount(day) for day in node["working_days"])
    if first is None or last is None:
        return None
    for day in (first, last):
        if not (_in_calendar(subject, day) or _in_calendar(subject, day - ONE_DAY)):
            return subject.person_decides(OUTSIDE_CALENDAR)
    days = [first + n * ONE_DAY for n in range((last - first).days)]
    return Fraction(sum(is_working(day, node["calendar"]) for day in days))


def _of_day(subject: Subject, day: Any, made: Callable[[dt.date], Value]) -> Value:
    return subject.all([day], lambda days: made(days[0]))


def _between(subject: Subject, node: Document) -> Value:
    ends = [{"fact": end} if isinstance(end, str) else end for end in node["between"]]
    return subject.all(ends, lambda found: Fraction(found[1] - found[0], PER_SECOND * SECONDS_PER[node["in"]]))


# --- arithmetic ---------------------------------------------------------------------------------


def _less(values: list[Value]) -> Value:
    """Of days: how many."""
    first, second = values
    return Fraction((first - second).days) if isinstance(first, dt.date) else first - second


def _quotient(subject: Subject, node: Document) -> Value:
    top, by = (subject.amount(part) for part in node["quotient"])
    if top is None or by is None:
        return None
    if by <= 0:
        return subject.person_decides(DIVISOR_NOT_POSITIVE)
    return Fraction(to_whole(top / by, node))


def _units(subject: Subject, node: Document, key: str, whole: Callable[[Fraction], int]) -> Value:
    return subject.all([node[key], node["per"]], lambda values: Fraction(whole(values[0] / values[1])))


def to_whole(value: Fraction, rounding: Document) -> int:
    """A multiple of `to`: the one below, the one above, or the nearer one; of a half the mode says which."""
    to: int = rounding["to"]
    steps: Fraction = value / to
    floor, rest = math.floor(steps), steps - math.floor(steps)
    half = Fraction(1, 2)
    up: dict[str, bool] = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= half,
        "half_down": rest > half,
        "half_even": rest > half or (rest == half and floor % 2 == 1),
    }
    return (floor + up[rounding["mode"]]) * to


# --- choosing -----------------------------------------------------------------------------------


def taken(subject: Subject, node: Document) -> Any | None:
    """The alternative of a `first_known`; None where of none all facts are known."""
    known = [option for option in node["first_known"] if all(subject.value(fact) is not None for fact in named(option))]
    return known[0] if known else None


def named(node: Any) -> list[str]:
    """Facts that a part of a pack names, in the order of mention."""
    if isinstance(node, list):
        return [fact for item in node for fact in named(item)]
    if not isinstance(node, dict):
        return []
    return named_itself(node) + [fact for value in node.values() for fact in named(value)]


def named_itself(node: Document) -> list[str]:
    """Apart from what is below it."""
    ends = [end for end in node.get("between", []) if isinstance(end, str)]
    return ends + [node[key] for key in ("fact", "match") if isinstance(node.get(key), str)]


def _first_known(subject: Subject, node: Document) -> Value:
    option = taken(subject, node)
    return None if option is None else subject.amount(option)


def _tiers(subject: Subject, node: Document) -> Value:
    of = subject.amount(node["of"])
    if of is None:
        return None
    reached = next(tier for tier in node["tiers"] if _ends_not_before(subject, tier, of))
    return subject.amount(reached["pays"])


def _ends_not_before(subject: Subject, tier: Document, of: Fraction) -> bool:
    """The last tier has no end; where a tier begins follows from the one before."""
    if "below" in tier:
        return bool(of < subject.amount(tier["below"]))
    return "up_to" not in tier or bool(of <= subject.amount(tier["up_to"]))


def _cases(subject: Subject, node: Document) -> Value:
    for case in node["cases"]:
        held = all_hold(subject, case["when"])
        if held is None:
            return None
        if held:
            return subject.amount(case["pays"])
    return subject.amount(node["otherwise"])


def _match(subject: Subject, node: Document) -> Value:
    value = subject.value(node["match"])
    if value is None:
        return None
    return subject.amount(node["values"][value] if value in node["values"] else node["otherwise"])


def _needs_review(subject: Subject, node: Document) -> Value:
    return subject.person_decides(node["needs_review"])


# --- piece by piece -----------------------------------------------------------------------------


def _by_piece(subject: Subject, node: Document, key: str, combine: Callable[[list[Fraction]], Fraction]) -> Value:
    """Pieces of a piece lie within it; they are numbered before `where` leaves some out."""
    time = subject.times[node.get("measure")] if subject.piece is None else subject.piece
    found = pieces(
        time, node["each"], node.get("gap_minutes", 0) * PER_MINUTE, subject.zone, whole_runs=node.get("whole_runs", False)
    )
    values = [_of_piece(replace(subject, piece=piece, ordinal=i), node, key) for i, piece in enumerate(found, start=1)]
    return None if None in values else combine(values)


def _of_piece(subject: Subject, node: Document, key: str) -> Value:
    held = all_hold(subject, node.get("where", []))
    if held is None:
        return None
    return subject.amount(node[key]) if held else Fraction(0)


# --- all amounts --------------------------------------------------------------------------------

AMOUNTS: dict[str, Callable[[Subject, Document], Value]] = {
    "figure": _figure,
    "fact": lambda s, n: s.value(n["fact"]),
    "counted": _counted,
    "days_touched": _days_touched,
    "piece": _piece,
    "at": _at,
    "day_of": lambda s, n: s.all([n["day_of"]], lambda instants: local_day(instants[0], s.zone)),
    "later": _later,
    "last_day": lambda s, n: _of_day(s, n["of"], lambda day: next_first_day(n["last_day"], day) - ONE_DAY),
    "first_day": lambda s, n: _of_day(s, n["of"], lambda day: first_day(n["first_day"], day)),
    "days_in": lambda s, n: _of_day(
        s, n["of"], lambda day: Fraction((next_first_day(n["days_in"], day) - first_day(n["days_in"], day)).days)
    ),
    "weekday": lambda s, n: _of_day(s, n["weekday"], lambda day: Fraction(day.isoweekday())),
    "working_days": _working_days,
    "between": _between,
    "add": lambda s, n: s.all(n["add"], lambda values: sum(values, Fraction(0))),
    "subtract": lambda s, n: s.all(n["subtract"], _less),
    "multiply": lambda s, n: s.all(n["multiply"], lambda values: Fraction(math.prod(values))),
    "divide": lambda s, n: s.all(n["divide"], lambda values: values[0] / values[1]),
    "quotient": _quotient,
    "percent": lambda s, n: s.all([n["percent"], n["of"]], lambda values: values[0] / 100 * values[1]),
    "completed": lambda s, n: _units(s, n, "completed", math.floor),
    "started": lambda s, n: _units(s, n, "started", math.ceil),
    "rounded": lambda s, n: s.all([n["rounded"]], lambda values: Fraction(to_whole(values[0], n))),
    "lesser_of": lambda s, n: s.all(n["lesser_of"], min),
    "greater_of": lambda s, n: s.all(n["greater_of"], max),
    "first_known": _first_known,
    "tiers": _tiers,
    "cases": _cases,
    "match": _match,
    "needs_review": _needs_review,
    "total": lambda s, n: _by_piece(s, n, "total", lambda values: sum(values, Fraction(0))),
    "greatest": lambda s, n: _by_piece(s, n, "greatest", lambda values: max([*values, Fraction(0)])),
}


# --- conditions ---------------------------------------------------------------------------------


def holds(subject: Subject, condition: Document) -> bool | None:
    """None: what it compares is not known, and nothing beside it settles it."""
    for join, settle in JOINS.items():
        if join in condition:
            parts = [condition[join]] if join == "not" else condition[join]
            return settle([holds(subject, part) for part in parts])
    (name,) = set(condition) - {"fact", "that", "reason"}
    value = subject.amount(condition["that"]) if "that" in condition else subject.value(condition["fact"])
    if name == "known":
        return (value is not None) is condition[name]
    border = condition[name] if name in ("is", "in") else _border(subject, condition[name])
    if value is None or border is None:
        return None
    return DAYS[name](*_comparable(subject, value, border)) if name in DAYS else bool(COMPARISONS[name](value, border))


def all_hold(subject: Subject, conditions: Iterable[Document]) -> bool | None:
    return _all([holds(subject, condition) for condition in conditions])


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _not(found: list[bool | None]) -> bool | None:
    return None if found[0] is None else not found[0]


JOINS: dict[str, Callable[[list[bool | None]], bool | None]] = {"any": _any, "all": _all, "not": _not}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in wanted,
    "at_least": lambda value, border: value >= border,
    "at_most": lambda value, border: value <= border,
    "above": lambda value, border: value > border,
    "below": lambda value, border: value < border,
}
DAYS: dict[str, Callable[[Any, Any, Any], bool]] = {  # a day, or an instant; the border; what follows the border
    "from": lambda value, border, _: bool(value >= border),
    "before": lambda value, border, _: bool(value < border),
    "until": lambda value, _, following: bool(value < following),
}


def _border(subject: Subject, wanted: Any) -> Value:
    """A day is written 2022-10-15; anything else is an amount."""
    if isinstance(wanted, str) and wanted[4:5] == "-":
        return dt.date.fromisoformat(wanted)
    return subject.amount(wanted)


def _comparable(subject: Subject, value: Value, day: Any) -> tuple[Value, Value, Value]:
    """A day begins for an instant with its first instant in the pack's zone; two instants are compared as they are."""
    if not isinstance(day, dt.date):
        return value, day, day + 1
    if isinstance(value, dt.date):
        return value, day, day + ONE_DAY
    return value, day_start(day, subject.zone), day_start(day + ONE_DAY, subject.zone)
