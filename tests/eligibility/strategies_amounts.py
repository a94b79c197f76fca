"""Random amounts and conditions, composed so that every pack loads, and the facts that they name.

Numbers, days and instants are made by functions of their own: each throws a shape out of a list, and makes its parts
by the functions of their kinds. What is simplest stands first, so that Hypothesis shrinks towards it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from .cast import Document, fact
from .oracle_time import PER_SECOND, local_day

SOURCES = ["operator", "ministry", "press", "unranked", "other"]
CALENDARS = ["KR", "GB-ENG"]
STEPS = 40  # spans lie on base + 0..STEPS ticks
FACTS = {
    "m1": fact("money"), "m2": fact("money", decide="claimant", pay="staff"), "m3": fact("money", default=1500),
    "n1": fact("integer", decide="staff", quote="partner"), "n2": fact("integer", default=7, quote="partner"),
    "b1": fact("boolean"), "b2": fact("boolean", default=False, pay="staff"),
    "i1": fact("instant"), "i2": fact("instant", decide="claimant", not_before="i1"),
    "d1": fact("date"), "d2": fact("date", decide="claimant", pay="partner", not_before="d1"),
    "t1": fact("text", values=["one", "two", "three"], quote="partner"),
    "t2": fact("text", values=["one", "two", "three"], default="two"), "t3": fact("text", decide="claimant"),
    "opt": fact("text", values=["opt_a", "opt_b", "opt_c"], pay="staff"),
    "lm": fact("money", of="loss"), "ln": fact("integer", of="loss", default=2),
    "li": fact("instant", of="loss", decide="staff"),
    "xm": fact("money", of="incident"), "xn": fact("integer", of="incident", default=3),
    "xb": fact("boolean", of="incident"), "xi": fact("instant", of="incident"), "xd": fact("date", of="incident"),
    "xt": fact("text", of="incident", values=["one", "two", "three"]),
}  # fmt: skip
TYPES = {name: str(spec["type"]) for name, spec in FACTS.items()}
NUMBERS, DAYS, INSTANTS = ("money", "integer", "boolean"), ("date",), ("instant",)
PERIODS = ["day", "hour", "week", "month", "quarter", "year"]
MODES = ["down", "up", "half_up", "half_even", "half_down"]
POSITIVE = ["f1", "f2", "f3", "f6", "f7"]  # figures
BORDERS = [0, 1, 2, 3, 7, 30, 60, 1500]  # facts have these values, and tiers end at them

Dice = random.Random
T = TypeVar("T")


def some(dice: Dice, items: Sequence[T], least: int = 1) -> list[T]:
    """Different ones of them, in their order."""
    found = [item for item in items if dice.randrange(2)]
    return found if len(found) >= least else list(items[:least])


def rarely(dice: Dice) -> bool:
    return dice.randrange(4) == 3


@dataclass(frozen=True)
class Place:
    """What may be spoken of at one place of a pack."""

    base: int
    tick: int
    zone: str
    losses: bool = False  # the counted time
    each: bool = False  # the facts of one loss
    piece: bool = False
    review: bool = True  # what is left to a person by its own word
    safe: bool = False  # only what can never be left to a person
    measures: tuple[str, ...] = ()

    def facts(self, types: tuple[str, ...]) -> list[str]:
        return [name for name, spec in FACTS.items() if spec["type"] in types and (self.each or spec.get("of") != "loss")]


Shape = Callable[[Dice, Place, int], Any]


def number(dice: Dice, place: Place, depth: int) -> Any:
    """A number of up to `depth` shapes within each other."""
    shapes: list[Shape] = [_plain_number, _fact_number, _fact_number, _figure, _days_touched, _named_number]
    shapes += ([_counted] * 6 if place.losses else []) + ([_ordinal] * 4 if place.piece else [])
    if depth > 0:
        shapes += _LARGER + ([_by_piece] * 10 if place.losses else []) + ([_needs_review] if place.review else [])
    return dice.choice(shapes)(dice, place, depth - 1)


def day(dice: Dice, place: Place, depth: int) -> Any:
    shapes = [_fact_day, _fact_day, _named_day, *([_piece_day] * 3 if place.piece else [])]
    if depth > 0:
        shapes += [_day_of, _day_of, *([_later] * 5), _last_day, _first_day, _choice_of(day), _several(day)]
    return dice.choice(shapes)(dice, place, depth - 1)


def instant(dice: Dice, place: Place, depth: int) -> Any:
    shapes = [_fact_instant, _at, _at]
    if depth > 0:
        shapes += [_choice_of(instant), _several(instant)]
    return dice.choice(shapes)(dice, place, depth - 1)


# --- what is known ------------------------------------------------------------------------------


def border(dice: Dice, place: Place) -> int | str:
    """A number at which much happens: facts have these values, and times are so many ticks."""
    per = dice.choice([None, 60 * PER_SECOND, PER_SECOND])
    if per is None:
        values: list[int | str] = [*BORDERS, *BORDERS, "1/2", "12.5", -3, -7, "1/3"]
        return dice.choice(values)
    return _written(Fraction(dice.choice([1, 3, 5, 10, 20, STEPS]) * place.tick, per))


def _written(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _plain_number(dice: Dice, place: Place, depth: int) -> Any:
    return dice.choice([dice.randint(1, 50), border(dice, place), dice.choice([0, "0.01", "1/3", "-7/2"])])


def _figure(dice: Dice, place: Place, depth: int) -> Any:
    name = dice.choice([*POSITIVE, "f4", "f5", "always", "always", "later"])
    return {"figure": name, "on": day(dice, place, depth)} if name in ("always", "later") else {"figure": name}


def _counted(dice: Dice, place: Place, depth: int) -> Any:
    """In a unit of which there is more than a trifle."""
    units = ["seconds", "minutes"] if place.tick < 60 * PER_SECOND else ["minutes", "hours", "seconds", "days"]
    return {"counted": dice.choice(units)} | _measure(dice, place)


def _measure(dice: Dice, place: Place) -> Document:
    """Only outside pieces."""
    return dice.choice([{}, *({"measure": name} for name in place.measures if not place.piece)])


def _days_touched(dice: Dice, place: Place, depth: int) -> Any:
    return {"days_touched": "extent", "source": dice.choice(SOURCES[:2])}


def _fact_of(types: tuple[str, ...]) -> Shape:
    return lambda dice, place, depth: {"fact": dice.choice(place.facts(types))}


_fact_number, _fact_day, _fact_instant = (_fact_of(types) for types in (NUMBERS, DAYS, INSTANTS))


def _named_number(dice: Dice, place: Place, depth: int) -> Any:
    return {"amount": dice.choice(["plain", "plainer", *(["timed"] if place.losses else [])])}


def _named_day(dice: Dice, place: Place, depth: int) -> Any:
    return {"amount": "someday"}


def named_amounts(dice: Dice, nowhere: Place) -> Document:
    """The pack's own; `timed` is named only where there are losses."""
    calm = replace(nowhere, safe=True, review=False)
    return {
        "plain": dice.choice([_plain_number, _fact_number, _between])(dice, calm, 0),
        "plainer": {"add": [{"amount": "plain"}, _fact_number(dice, calm, 0)]},
        "timed": {"multiply": [{"counted": "minutes"}, _plain_number(dice, calm, 0)]},
        "someday": dice.choice([_fact_day, _day_of])(dice, calm, 0),
    }


def _ordinal(dice: Dice, place: Place, depth: int) -> Any:
    return {"piece": "ordinal"}


def _piece_day(dice: Dice, place: Place, depth: int) -> Any:
    return {"piece": "day"}


def _needs_review(dice: Dice, place: Place, depth: int) -> Any:
    return {"needs_review": "ask"}


# --- instants and days --------------------------------------------------------------------------


def _at(dice: Dice, place: Place, depth: int) -> Any:
    inside = ["piece", "piece"] if place.piece else []
    of = dice.choice([*(["losses", "counted"] if place.losses else []), *inside, "extent"])
    more = {"source": dice.choice(SOURCES[:3])} if of == "extent" else {}
    return {"at": dice.choice(["start", "end"]), "of": of} | more


def _day_of(dice: Dice, place: Place, depth: int) -> Any:
    return {"day_of": instant(dice, place, depth)}


def _later(dice: Dice, place: Place, depth: int) -> Any:
    """Where nothing is left to a person no walk leaves the calendar: it goes forward, a little."""
    unit = dice.choice(["days", "months", "working_days", "working_days", "weeks", *([] if place.safe else ["years"])])
    by = dice.choice([1, 0, 2, 3] if place.safe else [1, 0, 2, 3, -1, -2, -3, 5, 12, {"figure": "f4"}])
    more = {"calendar": dice.choice(CALENDARS)} if unit == "working_days" else {}
    return {"later": day(dice, place, depth), "by": by, "in": unit} | more


def _period_of_day(key: str) -> Shape:
    return lambda dice, place, depth: {key: dice.choice(["month", "quarter", "year"]), "of": day(dice, place, depth)}


_last_day, _first_day, _days_in = (_period_of_day(key) for key in ("last_day", "first_day", "days_in"))


def _weekday(dice: Dice, place: Place, depth: int) -> Any:
    return {"weekday": day(dice, place, depth)}


def _working_days(dice: Dice, place: Place, depth: int) -> Any:
    return {"working_days": [day(dice, place, depth), day(dice, place, depth)], "calendar": dice.choice(CALENDARS)}


def _between(dice: Dice, place: Place, depth: int) -> Any:
    ends = [dice.choice(place.facts(INSTANTS)) if dice.randrange(2) else instant(dice, place, depth) for _ in range(2)]
    return {"between": ends, "in": dice.choice(["minutes", "hours", "days", "seconds"])}


# --- choosing -----------------------------------------------------------------------------------


def _several(kind: Shape) -> Shape:
    """Two or three of one kind, of which one is chosen by size or by what is known."""
    keys = ["lesser_of", "greater_of", "first_known", "first_known"]
    return lambda dice, place, depth: {dice.choice(keys): _list_of(kind, dice, place, depth)}


def _list_of(kind: Shape, dice: Dice, place: Place, depth: int) -> list[Any]:
    return [kind(dice, place, depth) for _ in range(dice.randint(2, 3))]


def _choice_of(kind: Shape) -> Shape:
    """One of one kind, chosen by conditions, by a text or by a number."""
    return lambda dice, place, depth: dice.choice([_cases, _match, _tiers])(kind, dice, place, depth)


def _cases(kind: Shape, dice: Dice, place: Place, depth: int) -> Any:
    count = dice.randint(1, 2)
    cases = [{"when": [condition(dice, place, depth)], "pays": kind(dice, place, depth)} for _ in range(count)]
    return {"cases": cases, "otherwise": kind(dice, place, depth)}


def _match(kind: Shape, dice: Dice, place: Place, depth: int) -> Any:
    """Where a value is left out, or where the fact can have any value, there is `otherwise`."""
    name, values = dice.choice(["t2", "t1", "t3", "xt"]), ["one", "two", "three"]
    said = dice.choice([values, values[:2], values[1:]])
    made: Document = {"match": name, "values": {value: kind(dice, place, depth) for value in said}}
    if name == "t3" or said != values or dice.randrange(2):
        made["otherwise"] = kind(dice, place, depth)
    return made


def _tiers(kind: Shape, dice: Dice, place: Place, depth: int) -> Any:
    of = number(dice, place, depth)
    found = {Fraction(border(dice, place)) for _ in range(dice.randint(1, 2))}
    uppers = [(value, dice.randrange(2) == 0) for value in sorted(found)]
    tiers = [_tier(dice, *ends) for ends in zip([None, *uppers], [*uppers, None], strict=True)]
    return {"tiers": [tier | {"pays": kind(dice, place, depth)} for tier in tiers], "of": of}


def _tier(dice: Dice, lower: tuple[Fraction, bool] | None, upper: tuple[Fraction, bool] | None) -> Document:
    """An end is a value, and whether the value belongs to the tier below it. The lower end may be said."""
    made: Document = {}
    if lower is not None and dice.randrange(2):
        made["above" if lower[1] else "from"] = _border_of(dice, lower[0])
    if upper is not None:
        made["up_to" if upper[1] else "below"] = _border_of(dice, upper[0])
    return made


def _border_of(dice: Dice, value: Fraction) -> Any:
    """Itself, or a figure that has this value."""
    name = {1: "f1", 31: "f2", 2500: "f3", -7: "f4", Fraction("12.5"): "f6", Fraction("1/3"): "f7"}.get(value)
    return {"figure": name} if name is not None and dice.randrange(2) else _written(value)


# --- arithmetic ---------------------------------------------------------------------------------


def _pair(key: str, kind: Shape) -> Shape:
    return lambda dice, place, depth: {key: [kind(dice, place, depth), kind(dice, place, depth)]}


def _sum_or_product(dice: Dice, place: Place, depth: int) -> Any:
    return {dice.choice(["add", "multiply"]): _list_of(number, dice, place, depth)}


def _divide(dice: Dice, place: Place, depth: int) -> Any:
    return {"divide": [number(dice, place, depth), _divisor(dice, place)]}


def _divisor(dice: Dice, place: Place) -> Any:
    """Above 0 by its nature."""
    simple: list[Shape] = [_positive, _positive, _days_in]
    parts = [dice.choice(simple)(dice, place, 0) for _ in range(2)]
    return {"multiply": parts} if rarely(dice) else parts[0]


def _positive(dice: Dice, place: Place, depth: int) -> Any:
    return dice.choice([1, 2, 3, 7, 30, 60, "1/2", "2.5", *({"figure": name} for name in POSITIVE)])


def _quotient(dice: Dice, place: Place, depth: int) -> Any:
    by = _divisor(dice, place) if place.safe or dice.randrange(2) else number(dice, place, depth)
    return {"quotient": [number(dice, place, depth), by]} | rounding(dice)


def _percent(dice: Dice, place: Place, depth: int) -> Any:
    return {"percent": number(dice, place, depth), "of": number(dice, place, depth)}


def _in_units(dice: Dice, place: Place, depth: int) -> Any:
    return {dice.choice(["completed", "started"]): number(dice, place, depth), "per": _positive(dice, place, 0)}


def _rounded(dice: Dice, place: Place, depth: int) -> Any:
    made = rounding(dice)
    return {"rounded": halves(dice, place, made["to"]) if dice.randrange(2) else number(dice, place, depth)} | made


def halves(dice: Dice, place: Place, to: int) -> Any:
    """A fact of so many halves of what is rounded to."""
    return {"divide": [{"multiply": [{"fact": dice.choice(place.facts(("integer",)))}, to]}, 2]}


def rounding(dice: Dice) -> Document:
    return {"to": dice.choice([1, 1, 3, 10]), "mode": dice.choice(MODES)}


# --- piece by piece -----------------------------------------------------------------------------


def _by_piece(dice: Dice, place: Place, depth: int) -> Any:
    """Pieces of pieces too. Keys stand in the order of the grammar."""
    inside = replace(place, piece=True, safe=True, review=False)
    each = dice.choice(["day", "run", "run", *PERIODS])
    made: Document = {"each": each}
    if dice.randrange(2):
        made["where"] = [_of_piece(dice, inside) if dice.randrange(3) else condition(dice, inside, depth)]
    if each == "run" and dice.randrange(2):
        made["gap_minutes"] = dice.choice([1, 2, 5, 15, 600])
    if each != "run" and rarely(dice):
        made["whole_runs"] = True
    return made | _measure(dice, place) | {dice.choice(["total", "total", "greatest"]): number(dice, inside, depth)}


_LARGER: list[Shape] = [
    _sum_or_product, _pair("subtract", number), _pair("subtract", day), _divide, _quotient, _percent, _in_units, _in_units,
    _rounded, _between, _weekday, _days_in, _working_days, _several(number), _choice_of(number), _choice_of(number),
    _choice_of(number),
]  # fmt: skip


# --- conditions ---------------------------------------------------------------------------------


def condition(dice: Dice, place: Place, depth: int) -> Document:
    """Without a reason. `needs_review` does not stand in conditions; divisors and calendars may leave them to a person."""
    shapes: list[Shape] = [_of_number, _of_number, _of_text, _of_truth, _of_day, _known]
    if depth > 0:
        shapes += [_joined, _joined, _negated]
    made: Document = dice.choice(shapes)(dice, replace(place, review=False), depth - 1)
    return made


def claim_condition(dice: Dice, nowhere: Place) -> Document:
    """Of facts of the claim and plain values alone."""
    name = dice.choice([name for name, spec in FACTS.items() if spec.get("of", "claim") == "claim"])
    compared: dict[str, Callable[[], Document]] = {
        "text": lambda: _option(dice) if name == "opt" else _text(dice), "boolean": lambda: _truth(dice),
        "date": lambda: _from_or_until(dice, _plain_day(dice, nowhere)),
        "instant": lambda: _from_or_until(dice, _plain_day(dice, nowhere)),
    }  # fmt: skip
    simple = {"fact": name} | compared.get(TYPES[name], lambda: {_comparison(dice): dice.choice(BORDERS)})()
    asked = simple if "default" in FACTS[name] else {"fact": name, "known": dice.randrange(2) == 0}
    joined: list[Document] = [simple, {"any": [simple, asked]}, {"not": simple}, {"all": [simple, asked]}, asked]
    return dice.choice(joined)


def _comparison(dice: Dice) -> str:
    return dice.choice(["at_least", "at_most", "above", "below", "is"])


def _from_or_until(dice: Dice, wanted: Any) -> Document:
    return {dice.choice(["from", "before", "until"]): wanted}


def _text(dice: Dice) -> Document:
    return dice.choice([{"is": "one"}, {"in": ["one", "two"]}, {"in": ["three"]}])


def _option(dice: Dice) -> Document:
    return dice.choice([{"is": "opt_a"}, {"in": ["opt_b", "opt_c"]}])


def _truth(dice: Dice) -> Document:
    return {"is": dice.randrange(2) == 0}


def _of_number(dice: Dice, place: Place, depth: int) -> Document:
    """`is` names a whole number; anything else may be compared with an amount."""
    facts = place.facts(("money", "integer"))
    of = {"fact": dice.choice(facts)} if dice.randrange(2) else {"that": number(dice, place, depth)}
    name = _comparison(dice)
    if name == "is":
        return of | {"is": dice.choice(BORDERS)}
    return of | {name: number(dice, place, depth) if rarely(dice) else border(dice, place)}


def _of_piece(dice: Dice, place: Place) -> Document:
    """What is different from piece to piece."""
    length = {"between": [{"at": end, "of": "piece"} for end in ("start", "end")], "in": "minutes"}
    numbers = [{"piece": "ordinal"}, _counted(dice, place, 0), {"weekday": {"piece": "day"}}, length]
    limits = [dice.choice([1, 2, 3]), border(dice, place), dice.choice([1, 5, 6, 7]), border(dice, place)]
    which = dice.randrange(5)
    if which == 4:
        return {"that": {"piece": "day"}} | _from_or_until(dice, _plain_day(dice, place))
    return {"that": numbers[which], dice.choice(["at_least", "at_most", "above", "below"]): limits[which]}


def _of_text(dice: Dice, place: Place, depth: int) -> Document:
    return {"fact": dice.choice(["t1", "t2", "t3", "xt"])} | _text(dice)


def _of_truth(dice: Dice, place: Place, depth: int) -> Document:
    return {"fact": dice.choice(["b1", "b2", "xb"])} | _truth(dice)


def _known(dice: Dice, place: Place, depth: int) -> Document:
    names = [name for name in place.facts((*NUMBERS, *DAYS, *INSTANTS, "text")) if "default" not in FACTS[name]]
    return {"fact": dice.choice(names), "known": dice.randrange(2) == 0}


def _of_day(dice: Dice, place: Place, depth: int) -> Document:
    """A day or an instant, against a day that is written or worked out."""
    subjects = [
        {"fact": dice.choice(place.facts((*DAYS, *INSTANTS)))},
        {"that": day(dice, place, depth)},
        {"that": instant(dice, place, depth)},
    ]
    if dice.randrange(4) == 3:
        return {"that": instant(dice, place, depth)} | _from_or_until(dice, instant(dice, place, depth))
    wanted = _plain_day(dice, place) if dice.randrange(2) else day(dice, place, depth)
    return dice.choice(subjects) | _from_or_until(dice, wanted)


def _plain_day(dice: Dice, place: Place) -> str:
    first = local_day(place.base, ZoneInfo(place.zone))
    return (first + dt.timedelta(days=dice.choice([0, 1, 2, -1]))).isoformat()


def _joined(dice: Dice, place: Place, depth: int) -> Document:
    return {dice.choice(["any", "all"]): [condition(dice, place, depth) for _ in range(2)]}


def _negated(dice: Dice, place: Place, depth: int) -> Document:
    return {"not": condition(dice, place, depth)}
