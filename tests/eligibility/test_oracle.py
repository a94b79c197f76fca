"""The engine against an independent oracle, on random records, packs and claims; and the oracle against the clock.

HYPOTHESIS_PROFILE=exact runs fifty times as many examples: 100,000 claims in place of 2,000.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings

from claims.eligibility import ClaimInput, EngineRefusal, LossInput, Record, Terms, assess, batch_of, compile_terms, pack_of

from . import oracle, oracle_time, strategies
from .cast import Document, as_told
from .oracle_amounts import AMOUNTS, COMPARISONS, DAYS, JOINS, Fact, Subject, holds

EXACT = os.environ.get("HYPOTHESIS_PROFILE") == "exact"
PARTS = 10 if EXACT else 1  # the long test runs in parts, so that every process has work and a difference is said early
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]  # without Phase.explain: it reruns for minutes
EXAMPLES = 100 * (50 if EXACT else 1)
CLAIMS = 20  # per example
random_cases = settings(  # the same cases in every run of the suite; `make bench-exact` draws new ones
    max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck),
    derandomize=not EXACT, database=None,
)  # fmt: skip
pytestmark = pytest.mark.timeout(0 if EXACT else 180)


# --- the engine against the oracle --------------------------------------------------------------


@contextmanager
def unless_it_could_overflow() -> Iterator[None]:
    """Random products may be refused; test_amounts holds the border."""
    try:
        yield
    except EngineRefusal as refusal:
        if refusal.code != "amount_overflow":
            raise
        reject()


def terms_of(record: Record, documents: list[Document]) -> Terms:
    return compile_terms(record, [pack_of(d, 1, d["code"]) for d in documents])


def engine_answers(terms: Terms, claims: list[ClaimInput]) -> list[oracle.Answer]:
    lines = assess(batch_of(as_told(claims, strategies.TYPES), terms), terms)
    return [
        oracle.Answer(
            line["claim"], None if line["rule"] is None else (terms.rules[line["rule"]][0], terms.rules[line["rule"]][2]),
            line["loss"], line["outcome"], tuple(sorted(line["reasons"])), line["quantity"], line["counted_seconds"],
            line["remedy"], line["unit"],
        )
        for line in lines.iter_rows(named=True)
    ]  # fmt: skip


def in_order(answers: list[oracle.Answer]) -> list[oracle.Answer]:
    return sorted(answers, key=lambda a: (a.claim, a.rule is None, a.rule or ("", ""), a.loss or 0))


def assert_same(record: Record, documents: list[Document], claims: list[ClaimInput]) -> None:
    with unless_it_could_overflow():
        terms = terms_of(record, documents)
        found = engine_answers(terms, claims)
    wanted = oracle.answers(record, documents, claims)
    if in_order(found) == in_order(wanted):
        return
    for claim in claims:
        mine, theirs = ([a for a in in_order(side) if a.claim == claim.claim] for side in (found, wanted))
        for engine, should in zip(mine, theirs, strict=False):
            if engine != should:
                code = should.rule or ("", "")
                rules = [r for d in documents for r in d["rules"] if (d["code"], r["code"]) == code]
                keys = ("zone", "figures", "amounts", "limits")
                shared = [{key: d[key] for key in keys} for d in documents if d["code"] == code[0]]
                case = f"{claim}\n{record}\n{json.dumps(rules)}\n{json.dumps(shared)}"
                raise AssertionError(f"engine {engine}\noracle {should}\n{case}")
        assert len(mine) == len(theirs), f"engine {mine}\noracle {theirs}\n{claim}\n{json.dumps(documents)}"


@pytest.mark.parametrize("part", range(PARTS))
@settings(random_cases, max_examples=EXAMPLES // PARTS)
@given(world=strategies.worlds(CLAIMS))
def test_engine_agrees_with_the_oracle(part: int, world: strategies.World) -> None:
    assert_same(world.record, world.packs, world.claims)


# --- the oracle against the clock ---------------------------------------------------------------

SHORT = {10**6: CLAIMS, 60 * 10**6: 3, 170 * 10**6: 1}  # how many claims by the tick: at most two hours, second by second


@settings(random_cases, max_examples=EXAMPLES // 2)
@given(strategies.dices)
def test_the_oracle_agrees_with_the_clock(dice: random.Random) -> None:
    """Which seconds count, with which weight, and into which pieces and pieces of pieces they are cut."""
    tick = dice.choice(list(SHORT))
    for claim, record, windows, zone in claims_and_windows(dice, SHORT[tick], tick):
        losses: list[LossInput] = list(claim.losses)
        swept = oracle.measure(record, losses, windows, zone)
        weights = oracle_time.weights_by_clock(record, losses, windows, zone)
        assert swept.counted_time == len(weights) * 10**6
        for each in ("run", *strategies.PERIODS):
            for gap in (0, 60 * 10**6, 300 * 10**6) if each == "run" else (0,):
                assert_same_pieces(swept.counted, weights, each, gap, zone)


Case = tuple[ClaimInput, Record, Document, ZoneInfo]


def claims_and_windows(dice: random.Random, number: int, tick: int) -> Iterator[Case]:
    """Claims, each with the same record and windows, in one zone."""
    base, zone = strategies.moment(dice)
    record = strategies.make_record(dice, tick, base)
    windows = strategies.make_window_scope(dice, tick, base, zone)
    for claim in strategies.claims(number, dice.randrange(2**20), tick, base):
        yield claim, record, windows, ZoneInfo(zone)


def assert_same_pieces(
    counted: tuple[oracle_time.Interval, ...], weights: dict[int, Fraction], each: str, gap: int, zone: ZoneInfo
) -> None:
    pieces = oracle_time.pieces(counted, each, gap, zone)
    seconds = oracle_time.pieces_by_clock(weights, each, gap, zone)
    assert _said_of_pieces(pieces) == _said_of_seconds(seconds, weights)
    inner = [oracle_time.pieces(piece, "run", 0, zone) for piece in pieces]
    inner_seconds = [oracle_time.pieces_by_clock(piece, "run", 0, zone) for piece in seconds]
    assert [_said_of_pieces(found) for found in inner] == [_said_of_seconds(found, weights) for found in inner_seconds]


def _said_of_pieces(pieces: list[oracle_time.Piece]) -> list[tuple[int, int, Fraction]]:
    return [(piece[0].start_at, piece[-1].end_at, oracle_time.weighted(piece)) for piece in pieces]


def _said_of_seconds(pieces: list[list[int]], weights: dict[int, Fraction]) -> list[tuple[int, int, Fraction]]:
    second = 10**6
    return [(piece[0], piece[-1] + second, sum((weights[t] for t in piece), Fraction(0)) * second) for piece in pieces]


# --- what must be so of any answer of the oracle --------------------------------------------------


@settings(random_cases, max_examples=EXAMPLES // 2)
@given(strategies.dices)
def test_pieces_add_up_to_the_whole(dice: random.Random) -> None:
    """However the counted time is cut, and cut again, all of it is there, and no piece is larger than it."""
    minutes: Document = {"counted": "minutes"}
    for claim, record, windows, zone in claims_and_windows(dice, CLAIMS, dice.choice(strategies.TICKS)):
        counted = oracle.measure(record, list(claim.losses), windows, zone).counted
        subject = Subject(record, {"zone": zone.key}, {}, list(claim.losses), {None: counted})
        whole = subject.amount(minutes)
        assert whole <= Fraction(sum(interval.length for interval in counted), 60 * 10**6)
        for outer in ("run", *strategies.PERIODS):
            for inner in ("run", "hour", "day"):
                assert subject.amount({"each": outer, "total": {"each": inner, "total": minutes}}) == whole
            assert 0 <= subject.amount({"each": outer, "greatest": minutes}) <= whole
            last = subject.amount({"each": outer, "greatest": {"piece": "ordinal"}})
            assert subject.amount({"each": outer, "total": 1}) == last
        runs = [subject.amount({"each": "run", "gap_minutes": gap, "total": 1}) for gap in (1, 5, 600)]
        assert runs == sorted(runs, reverse=True)


@random_cases
@given(strategies.dices)
def test_conditions_that_say_the_same_hold_together(dice: random.Random) -> None:
    """De Morgan, and a denial of a denial, also where facts are not known."""
    tick, base = dice.choice(strategies.TICKS), dice.choice(list(strategies.BASES))
    record, pack = strategies.make_record(dice, tick, base), strategies.make_packs(dice, tick, base)[0]
    place = strategies.Place(base, tick, pack["zone"])
    (claim,) = strategies.claims(1, dice.randrange(2**20), tick, base)
    subject = Subject(record, pack, oracle.facts_of(record, pack, claim, None))
    one, other = oracle.written_out([strategies.condition(dice, place, 2) for _ in range(2)], pack["amounts"])
    both, neither = {"not": {"all": [one, other]}}, {"any": [{"not": one}, {"not": other}]}
    assert holds(subject, both) is holds(subject, neither)
    assert holds(subject, {"not": {"not": one}}) is holds(subject, one)
    assert holds(subject, {"all": [one, one]}) is holds(subject, {"any": [one, one]}) is holds(subject, one)


# --- the oracle against what anybody can work out -------------------------------------------------

LEAP = list(strategies.BASES)[1]  # the day before
FEBRUARY, TEN = {"fact": "leap_day"}, {"fact": "ten"}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("12.5", Fraction(25, 2)),
        ({"percent": 15, "of": TEN}, Fraction(3, 2)),
        ({"completed": TEN, "per": "2.5"}, 4),
        ({"started": TEN, "per": "2.6"}, 4),
        ({"quotient": [TEN, 4], "to": 1, "mode": "half_down"}, 2),
        ({"quotient": [TEN, 4], "to": 1, "mode": "half_up"}, 3),
        ({"quotient": [TEN, 0], "to": 1, "mode": "up"}, None),
        ({"rounded": "-2.5", "to": 1, "mode": "half_up"}, -2),
        ({"rounded": "-2.5", "to": 1, "mode": "half_down"}, -3),
        ({"rounded": "-2.5", "to": 1, "mode": "half_even"}, -2),
        ({"rounded": "-2.5", "to": 1, "mode": "down"}, -3),
        ({"rounded": 15, "to": 10, "mode": "half_even"}, 20),
        ({"tiers": [{"below": 10, "pays": 1}, {"up_to": 20, "pays": 2}, {"pays": 3}], "of": TEN}, 2),
        ({"tiers": [{"up_to": 10, "pays": 1}, {"pays": {"fact": "nobody"}}], "of": TEN}, 1),
        ({"first_known": [{"fact": "nobody"}, TEN]}, 10),
        ({"match": "word", "values": {"one": 1, "two": 2}}, 2),
        ({"match": "word", "values": {"one": 1}, "otherwise": 9}, 9),
        ({"days_in": "month", "of": FEBRUARY}, 29),
        ({"days_in": "quarter", "of": FEBRUARY}, 91),
        ({"days_in": "year", "of": FEBRUARY}, 366),
        ({"weekday": FEBRUARY}, 4),
        ({"subtract": [{"last_day": "quarter", "of": FEBRUARY}, FEBRUARY]}, 31),
        ({"subtract": [{"later": FEBRUARY, "by": 1, "in": "years"}, FEBRUARY]}, 365),
        ({"subtract": [{"later": FEBRUARY, "by": -1, "in": "months"}, FEBRUARY]}, -31),
        ({"subtract": [{"later": FEBRUARY, "by": 1, "in": "working_days", "calendar": "KR"}, FEBRUARY]}, 4),  # 1 March
        ({"subtract": [{"later": FEBRUARY, "by": 1, "in": "working_days", "calendar": "GB-ENG"}, FEBRUARY]}, 1),
        ({"subtract": [{"later": FEBRUARY, "by": 0, "in": "working_days", "calendar": "KR"}, FEBRUARY]}, 0),
        ({"working_days": [FEBRUARY, {"later": FEBRUARY, "by": 5, "in": "days"}], "calendar": "KR"}, 2),
        ({"working_days": [FEBRUARY, {"later": FEBRUARY, "by": 9, "in": "years"}], "calendar": "KR"}, None),
        ({"figure": "dated", "on": FEBRUARY}, 3),
        ({"figure": "dated", "on": {"later": FEBRUARY, "by": -1, "in": "days"}}, None),
        ({"cases": [{"when": [{"fact": "nobody", "is": 1}], "pays": 1}], "otherwise": 2}, None),
        ({"cases": [{"when": [{"fact": "ten", "at_least": TEN}], "pays": 1}], "otherwise": {"fact": "nobody"}}, 1),
    ],
)  # fmt: skip
def test_the_oracle_on_one_amount(amount: Document, expected: Fraction | None) -> None:
    leap_day = oracle_time.local_day(LEAP + 86_400 * 10**6, ZoneInfo("UTC"))
    facts = {"ten": Fact(Fraction(10), 2), "word": Fact("two", 2), "leap_day": Fact(leap_day, 2)}
    dated = {"dated": [{"from": "2024-02-29", "value": 3}, {"from": "2024-03-01", "value": 4}]}
    record = Record("made-up", 1, LEAP, (), ())
    assert Subject(record, {"zone": "UTC", "figures": {"dated": dated}}, facts).amount(amount) == expected


def test_every_shape_is_drawn() -> None:
    """No amount and no comparison is left out of the random packs by mistake."""
    drawn: set[str] = set()

    @settings(random_cases, max_examples=150, derandomize=True, phases=[Phase.generate])
    @given(strategies.packs())
    def collect(documents: list[Document]) -> None:
        drawn.update(keys_of(documents))

    collect()
    ends = {"above", "from", "up_to", "below"}
    assert {*AMOUNTS, *JOINS, *COMPARISONS, *DAYS, *ends, "amount", "known", "gap_minutes", "where", "hours_before"} <= drawn


def keys_of(node: Any) -> set[str]:
    if isinstance(node, list):
        return {key for item in node for key in keys_of(item)}
    return set(node).union(*(keys_of(value) for value in node.values())) if isinstance(node, dict) else set()
