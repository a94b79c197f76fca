"""Random records, packs and claims. Spans lie on a grid, so that borders meet often.

Everything is made by throwing dice: Hypothesis holds them, finds what differs, and shrinks it. Its own strategies
would let it repeat parts of one case in the next ones, so that of a hundred cases a few dozen were different.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from claims.eligibility import ClaimInput, Extent, FactInput, LossInput, Record, ServiceNode, Window
from claims.eligibility.record import IncidentFact

from .cast import Document, at, document
from .oracle_time import DAY_0, EPOCH, PER_HOUR, SCOPES, SEVERITIES, WEEKDAYS, lineage, local_day, local_time
from .strategies_amounts import (
    BORDERS,
    CALENDARS,
    FACTS,
    PERIODS,
    SOURCES,
    STEPS,
    TYPES,
    Dice,
    Place,
    border,
    claim_condition,
    condition,
    halves,
    named_amounts,
    number,
    rarely,
    rounding,
    some,
)

__all__ = ["BASE", "BASES", "FACTS", "PERIODS", "STEPS", "TICKS", "TYPES", "ZONES", "Place", "World", "condition"]

CODES = ["a", "a.x", "a.x.deep", "a.y", "b", "b.x", "c", "d", "d.x"]
ZONES = ["Asia/Seoul", "America/New_York", "Europe/London", "Pacific/Apia", "Asia/Kathmandu"]
TICKS = [60 * 10**6, 10**6, 900 * 10**6, 250_000, 1_800_000_001, 5 * 3600 * 10**6, 5 * 3600 * 10**6, 667 * 60 * 10**6]
NOTICE_HOURS = [0, 1, 24]  # how long before its start maintenance is announced
REASONS = ["r1", "r2", "r3", "limit", "ask"]
BASE = at("15 15:30")
PLAIN: dict[str, int | str] = {"f1": 1, "f2": 31, "f3": 2500, "f4": -7, "f5": 10**7, "f6": "12.5", "f7": "1/3"}  # figures


def _instant(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - EPOCH) // dt.timedelta(microseconds=1)


BASES = {  # with the zone in which something happens soon
    BASE: "Asia/Seoul",  # a Saturday
    _instant("2024-02-28T23:50:00+00:00"): "Europe/London",  # the leap day
    _instant("2024-03-10T06:40:00+00:00"): "America/New_York",  # an hour is skipped
    _instant("2022-11-06T05:20:00+00:00"): "America/New_York",  # an hour comes twice
    _instant("2024-03-31T00:40:00+00:00"): "Europe/London",  # an hour is skipped
    _instant("2022-10-30T00:20:00+00:00"): "Europe/London",  # an hour comes twice
    _instant("2021-04-03T13:30:00+00:00"): "Pacific/Apia",  # an hour comes twice
    _instant("2011-12-30T09:30:00+00:00"): "Pacific/Apia",  # a day is skipped
    _instant("2022-12-31T14:40:00+00:00"): "Asia/Seoul",  # the year ends
    _instant("2024-04-30T17:55:00+00:00"): "Asia/Kathmandu",  # a month ends, while it is a quarter to six in London
    _instant("2023-09-27T14:40:00+00:00"): "Asia/Seoul",  # long holidays begin
    _instant("2024-12-24T23:30:00+00:00"): "Europe/London",  # holidays begin
}


def moment(dice: Dice) -> tuple[int, str]:
    """An instant, and most often the zone in which something happens then."""
    base = dice.choice(list(BASES))
    return base, dice.choice([BASES[base], BASES[base], *ZONES])


# --- what Hypothesis draws ----------------------------------------------------------------------

# From a seed: `st.randoms` draws most numbers as small as they can be, and a whole world of them is a dull one.
dices: st.SearchStrategy[Dice] = st.integers(0, 2**64).map(Dice)


@dataclass(frozen=True)
class World:
    record: Record
    packs: list[Document]
    claims: list[ClaimInput]


def worlds(number: int) -> st.SearchStrategy[World]:
    """With so many claims."""
    return dices.map(lambda dice: _world(dice, number))


def _world(dice: Dice, number: int) -> World:
    tick, (base, zone) = dice.choice(TICKS), moment(dice)
    record, made = make_record(dice, tick, base), make_packs(dice, tick, base, zone)
    return World(record, made, claims(number, dice.randrange(2**20), tick, base))


def records(tick: int, base: int = BASE) -> st.SearchStrategy[Record]:
    return dices.map(lambda dice: make_record(dice, tick, base))


def packs(tick: int = TICKS[0], base: int = BASE, *, limits: bool = True) -> st.SearchStrategy[list[Document]]:
    return dices.map(lambda dice: make_packs(dice, tick, base, limits=limits))


# --- records ------------------------------------------------------------------------------------


def make_record(dice: Dice, tick: int, base: int) -> Record:
    windows = tuple(_window(dice, f"w{i}", tick, base) for i in range(dice.choice([12, 9, 15, 18, 3, 0])))
    needs: dict[str, tuple[str, ...]] = dict.fromkeys(CODES, ())
    for code in [dice.choice(CODES) for _ in range(dice.randint(0, 3))]:
        needed = {dice.choice([other for other in CODES if other != code]) for _ in range(dice.randint(1, 2))}
        needs[code] = tuple(sorted(needed))
    extents = tuple(
        Extent(source, base + dice.randint(0, STEPS) * tick, dice.choice([None, base + 60 * tick]))
        for source in some(dice, SOURCES[:3], least=0)
    )
    as_of = base + dice.randint(STEPS // 2, STEPS) * tick
    nodes = tuple(ServiceNode(code, depends_on) for code, depends_on in needs.items())
    reported = tuple(sorted({dice.choice(CODES) for _ in range(dice.randint(0, 2))}))
    of_incident = [name for name, spec in FACTS.items() if spec.get("of") == "incident" and dice.randrange(8)]
    facts = tuple(IncidentFact(name, _value(name, dice, tick, base)) for name in of_incident)
    ranked = tuple(SOURCES[:3])
    return Record("made-up", 1, as_of, nodes, windows, extents, ranked, reported=reported, facts=facts)


def _window(dice: Dice, key: str, tick: int, base: int) -> Window:
    start = dice.randrange(dice.choice([STEPS, 10]))
    end = None if rarely(dice) else base + dice.randint(start + 1, STEPS) * tick
    planned = dice.randrange(5) == 4
    return Window(
        key, dice.choice(["a", "b", "c", "d", *CODES]), dice.choice([SOURCES[0], *SOURCES[:4]]), dice.choice(SEVERITIES),
        dice.choice(SCOPES), base + start * tick, end, users_permille=dice.choice([None, 1000, 500, 125, 1, 0]),
        planned=planned, announced_at=_announced(dice, base + start * tick) if planned else None,
    )  # fmt: skip


def _announced(dice: Dice, start_at: int) -> int | None:
    """Around the hours that packs ask for, to the microsecond; also afterwards."""
    before = dice.choice([*NOTICE_HOURS, 48, -2]) * PER_HOUR
    return dice.choice([None, *[start_at - before + more for more in (0, 1, -1)]])


# --- windows that count -------------------------------------------------------------------------


def make_window_scope(dice: Dice, tick: int, base: int, zone: str) -> Document:
    """Each narrowing by itself is rare, so that time is left that counts."""
    narrowings: dict[str, Callable[[], Any]] = {
        "severities": lambda: some(dice, SEVERITIES),
        "scopes": lambda: some(dice, SCOPES),
        "source": lambda: dice.choice(SOURCES),
        "planned": lambda: _planned(dice),
        "weights": lambda: {severity: dice.choice(["1/2", 1, "0.25", "1/3", 0]) for severity in some(dice, SEVERITIES)},
        "by_share_of_users": lambda: True,
        "services": lambda: some(dice, CODES),
        "hours": lambda: [_hours(dice, tick, base, zone) for _ in range(dice.randint(1, 2))],
        "stated": lambda: [_stated(dice, tick, base) for _ in range(dice.randint(1, 2))],
    }
    of_ten = {
        "severities": 2,
        "scopes": 2,
        "source": 1,
        "planned": 6,
        "weights": 5,
        "by_share_of_users": 4,
        "services": 1,
        "hours": 3,
        "stated": 2,
    }
    made = {key: make() for key, make in narrowings.items() if dice.randrange(10) >= 10 - of_ten[key]}
    if {"weights", "severities"} <= made.keys():  # the loader refuses a weight of what does not count
        made["weights"] = {severity: weight for severity, weight in made["weights"].items() if severity in made["severities"]}
    return made


def _planned(dice: Dice) -> Document:
    counts = dice.choice(["unannounced", "unannounced", "always", "never"])
    return {"counts": counts} | (
        {"hours_before": dice.choice(NOTICE_HOURS)} if counts == "unannounced" and dice.randrange(4) else {}
    )


def _hours(dice: Dice, tick: int, base: int, zone: str) -> Document:
    """Opening times, and times at which something happens in the record."""
    local = [local_time(base + n * tick, ZoneInfo(zone)) for n in (0, 3, 5, 10, 20, STEPS)]
    clocks = ["00:00", "01:30", "02:30", "09:00", "18:00", "23:30", *(f"{found:%H:%M}" for found in local)]
    first, before = sorted({dice.choice(clocks), dice.choice(clocks), "24:00"})[:2]
    more: dict[str, Callable[[], Document]] = {
        "not said": dict,
        "all": lambda: {"days": "all"},
        "working": lambda: {"days": "working", "calendar": dice.choice(CALENDARS)},
        "some": lambda: {"days": some(dice, WEEKDAYS)},
    }
    return {"from": first, "before": before} | more[dice.choice(list(more))]()


def _stated(dice: Dice, tick: int, base: int) -> Document:
    start = dice.randint(-3, STEPS - 1)
    ends = (start, dice.randint(start + 1, STEPS + 3))
    first, before = ((EPOCH + dt.timedelta(microseconds=base + end * tick)).isoformat() for end in ends)
    return {"services": [dice.choice(CODES)], "from": first, "before": before, "source": "own"}


# --- packs --------------------------------------------------------------------------------------


def make_packs(dice: Dice, tick: int, base: int, zone: str = ZONES[0], *, limits: bool = True) -> list[Document]:
    """Where rules share a limit, a line depends on the lines before it; without `limits` none does."""
    zones = [zone, dice.choice(ZONES)][: dice.randint(1, 2)]
    return [_pack(dice, f"pack_{p}", Place(base, tick, where), limits=limits) for p, where in enumerate(zones)]


def _pack(dice: Dice, code: str, nowhere: Place, *, limits: bool) -> Document:
    limited = limits and rarely(dice)
    rules = [f"rule_{r}" for r in range(dice.randint(1, 4))]
    return document(
        code=code, zone=nowhere.zone, incidents={"from": "2000-01-01"}, facts=FACTS, figures=_figures(nowhere),
        reasons={reason: {"ko": reason, "en": reason} for reason in REASONS}, amounts=named_amounts(dice, nowhere),
        scope=[claim_condition(dice, nowhere)] if dice.randrange(8) == 7 else [], asked_for=dice.randrange(6) == 5,
        rules=[_rule(dice, rule, nowhere, one_unit=limited) for rule in rules],
        limits=[_limit(dice, some(dice, shared)) for shared in (rules[:2], rules[2:]) if shared] if limited else [],
    )  # fmt: skip


def _figures(nowhere: Place) -> Document:
    """Dated ones change while the record's days pass; `later` has no value before."""
    first = local_day(nowhere.base, ZoneInfo(nowhere.zone))
    shared = {"unit": "KRW", "source": "own"}
    dated = [{"from": (first + dt.timedelta(days=n)).isoformat(), "value": 10 + n, "source": "own"} for n in (0, 1, 30)]
    return {name: {"value": value, **shared} for name, value in PLAIN.items()} | {
        "later": {"unit": "KRW", "dated": dated},
        "always": {"unit": "KRW", "dated": [{"from": "2000-01-01", "value": "1/2", "source": "own"}, *dated]},
        "broken": {"unit": "KRW", "dated": [dated[0], {"from": dated[1]["from"], "source": "own"}, dated[2]]},
    }


def _limit(dice: Dice, rules: list[str]) -> Document:
    """Of what is always known."""
    known = [1500, 10**6, 0, 1, 60, "12.5", {"figure": "f3"}, {"fact": "m3"}, {"fact": "xn"}]
    at_most = dice.choice([*known, {"multiply": [{"fact": "n2"}, "250.5"]}])
    made: Document = {"rules": rules} | ({"at_most": at_most, "reason": "limit"} if dice.randrange(3) else {})
    if len(made) == 1 or rarely(dice):
        otherwise = {"otherwise": dice.choice(["nothing", "carried"])}
        made["minimum"] = {dice.choice(["at_least", "above"]): dice.choice(known)} | otherwise
    return _within_reach(made)


def _within_reach(made: Document) -> Document:
    """Without a plain minimum above a plain cap, which the loader refuses."""
    if {"minimum", "at_most"} <= made.keys():
        (least,) = (end for name, end in made["minimum"].items() if name != "otherwise")
        if not _in_order(least, made["at_most"]):
            made["minimum"] = {name: end if name == "otherwise" else 0 for name, end in made["minimum"].items()}
    return made


def _rule(dice: Dice, code: str, nowhere: Place, *, one_unit: bool) -> Document:
    """One unit: what its choices give can be added."""
    losses = not rarely(dice)
    scope = (nowhere.tick, nowhere.base, nowhere.zone)
    measures = {name: make_window_scope(dice, *scope) for name in some(dice, ["busy", "slow"], least=0)} if losses else {}
    each = losses and dice.randrange(2) == 1
    place = replace(nowhere, losses=losses, each=each, measures=tuple(measures))
    made: Document = {"code": code, "title": {"ko": "규칙", "en": "Rule"}} | _choices(dice, place, one_unit=one_unit)
    for key in ("require", "review"):
        count = dice.choice([0] * 8 + [1, 2])
        made[key] = [condition(dice, place, 2) | {"reason": dice.choice(REASONS[:3])} for _ in range(count)]
    if dice.randrange(6) == 5:
        made["applies"] = [claim_condition(dice, place)]
    if losses:
        services = dice.choice([["a", "b", "c", "d"], some(dice, CODES)])
        made["losses"] = {"services": services, "each": each, "overlap": dice.choice(["required", "not_required"])}
        windows = make_window_scope(dice, *scope)
        made |= {
            "windows": _of(windows, services), "measures": {name: _of(found, services) for name, found in measures.items()},
        }  # fmt: skip
    return made | _bounds(dice, place) | ({"round": rounding(dice)} if dice.randrange(2) else {})


def _of(scope: Document, services: list[str]) -> Document:
    """Without services of which the rule does not speak: the loader refuses them."""
    heard = {code for code in CODES for one in services if code in lineage(one) or one in lineage(code)}
    stated = [entry | {"services": [c for c in entry["services"] if c in heard]} for entry in scope.get("stated", [])]
    made = {key: value for key, value in scope.items() if key not in ("services", "stated")}
    made |= {"services": kept} if (kept := [c for c in scope.get("services", []) if c in heard]) else {}
    return made | ({"stated": kept_} if (kept_ := [entry for entry in stated if entry["services"]]) else {})


def _choices(dice: Dice, place: Place, *, one_unit: bool) -> Document:
    chosen = rarely(dice)
    choices: list[Document] = []
    number_of = dice.choice([2, 3] if chosen else [1, 1, 2, 3])
    for i in range(number_of):
        kind = 0 if one_unit else i
        remedy = {"instrument": ["cash", "points", "days"][kind], "unit": ["KRW", "point", "day"][kind]}
        remedy |= {"currency": "KRW"} if kind == 0 else {}
        remedy |= {"extends": dice.choice(["d1", "d2", "i1", "i2"])} if kind == 2 and not rarely(dice) else {}
        option = {"option": dice.choice(["opt_a", "opt_b", "opt_c", *["opt_a", "opt_b", "opt_c"][i:]])} if chosen else {}
        last = chosen or i == number_of - 1
        when = [condition(dice, place, 1) for _ in range(dice.choice([0, 0, 0, 0, 1, 2] if last else [1, 1, 2]))]
        if any(not one["when"] and one.get("option") == option.get("option") for one in choices):
            continue  # the loader refuses a choice that is never reached
        choices.append(option | {"when": when, "amount": _owed(dice, place), "remedy": remedy})
    return {"choices": choices} | ({"chosen_by": "opt"} if chosen else {})


def _owed(dice: Dice, place: Place) -> Any:
    """Most often made large, so that little is rounded away, and little lies below 0."""
    if dice.randrange(8) == 7:
        return halves(dice, place, 3)
    amount = number(dice, place, dice.choice([2, 3, 1, 0]))
    return amount if rarely(dice) else {"add": [{"multiply": [amount, 1000]}, 10**6]}


def _bounds(dice: Dice, place: Place) -> Document:
    made: Document = {}
    for key in ("at_least", "at_most"):
        if dice.randrange(6) == 5:
            made[key] = _not_negative(number(dice, place, dice.choice([0, 0, 1])))
    if {"at_least", "at_most"} <= made.keys() and not _in_order(made["at_least"], made["at_most"]):
        del made["at_least"]  # the loader refuses a cap below the floor
    if dice.randrange(6) == 5:
        made["deduct"] = [_not_negative(number(dice, place, dice.choice([0, 1]))) for _ in range(dice.randint(1, 2))]
    if dice.randrange(6) == 5:
        smallest = dice.choice([border(dice, place), number(dice, place, 0), 10**6])
        otherwise = dice.choice([{}, {"otherwise": "nothing"}, {"otherwise": "carried"}])
        made["minimum"] = {dice.choice(["at_least", "above"]): _not_negative(smallest)} | otherwise
    return _within_reach(made)


def _in_order(floor: Any, cap: Any) -> bool:
    """Where both are plain numbers or figures the floor is not above the cap."""
    known = [end for end in (_plain(floor), _plain(cap)) if end is not None]
    return sorted(known) == known


def _not_negative(amount: Any) -> Any:
    """0 in place of a plain number or figure below it, which the loader refuses."""
    plain = _plain(amount)
    return 0 if plain is not None and plain < 0 else amount


def _plain(amount: Any) -> Fraction | None:
    value = PLAIN.get(str(amount.get("figure"))) if isinstance(amount, dict) else amount
    return None if value is None else Fraction(value)


# --- claims -------------------------------------------------------------------------------------


def claims(number: int, seed: int, tick: int, base: int = BASE) -> list[ClaimInput]:
    """Many claims from one number: the test reports the one that differs."""
    dice = random.Random(seed)
    ids = iter(range(1, 10**6))
    return [_claim(i, dice, tick, base, ids) for i in dice.sample(range(1, 10 * number + 1), number)]


def _claim(number: int, dice: Dice, tick: int, base: int, ids: Iterator[int]) -> ClaimInput:
    losses = []
    for _ in range(dice.choice([1, 1, 2, 2, 3, 5, 0])):
        start = dice.randrange(-5, STEPS + 3)
        end = start + dice.choice([1, 3, 5, 10, 20, STEPS])
        shift = dice.choice([0, 0, 0, 1, -1]) if tick % 10**6 else 0
        losses.append(LossInput(next(ids), dice.choice(CODES), base + start * tick + shift, base + end * tick + shift))
    facts = [
        FactInput(name, _value(name, dice, tick, base), dice.choice(["claimant", "partner", *["staff"] * 12]), one)
        for name, spec in FACTS.items()
        if spec.get("of") != "incident"
        for one in ([each.loss for each in losses] if spec.get("of") == "loss" else [None])
        for _ in range(dice.choice([0, *[1] * 18, 2]))
    ]
    asks_for = dice.choice([(), ("pack_0",), ("pack_0", "pack_1"), ("pack_0", "pack_1")])
    return ClaimInput(number, tuple(losses), tuple(facts), tuple(asks_for))


def _value(name: str, dice: Dice, tick: int, base: int) -> Any:
    values: dict[str, Callable[[], Any]] = {
        "money": lambda: dice.choice([*BORDERS, *BORDERS, dice.randrange(10**4), 10**15 - dice.randrange(3)]),
        "integer": lambda: dice.choice([*BORDERS, *BORDERS, -1, -3, -7, -(10**12), 10**12]),
        "boolean": lambda: dice.randrange(2),
        "date": lambda: _day_near(dice, base) if dice.randrange(2) else _month_end(dice, base),
        "text": lambda: dice.choice(FACTS[name].get("values", ["one", "two", "three"])),
        "instant": lambda: base + dice.randrange(-10, 60) * tick + dice.choice([0, 0, 1, 30 * 10**6]),
    }
    return values[TYPES[name]]()


def _day_near(dice: Dice, base: int) -> int:
    """Or a year away."""
    return (local_day(base, ZoneInfo("UTC")) - DAY_0).days + dice.choice([0, 1, 2, 3, -1, -2, -3, 366, -366])


def _month_end(dice: Dice, base: int) -> int:
    """The last day of a month of the same year."""
    year = local_day(base, ZoneInfo("UTC")).year
    return (dt.date(year, dice.randint(2, 12), 1) - DAY_0).days - 1
