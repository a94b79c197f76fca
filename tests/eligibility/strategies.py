"""Random records, packs and claims. Spans lie on a grid, so that borders meet often."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from claims.eligibility import ClaimInput, Extent, FactInput, LossInput, Record, ServiceNode, Window

from .cast import Document, at, document, fact, figures
from .oracle import SCOPES, SEVERITIES

CODES = ["a", "a.x", "a.x.deep", "a.y", "b", "b.x", "c", "d", "d.x"]
SOURCES = ["operator", "ministry", "press", "unranked", "other"]
BASE = at("15 15:30")
STEPS = 40  # spans lie on BASE + 0..STEPS ticks
TICKS = [10**6, 10**6, 60 * 10**6, 250_000, 1_800_000_001, 5 * 3600 * 10**6]
FACTS = {
    "m1": fact("money"), "m2": fact("money", decide="claimant"), "n1": fact("integer", decide="staff", quote="partner"),
    "b1": fact("boolean"), "i1": fact("instant"), "i2": fact("instant", decide="claimant"), "d1": fact("date"),
    "t1": fact("text", decide="partner", quote="partner"), "lm": fact("money", of="loss"), "li": fact("instant", of="loss", decide="staff"),
}  # fmt: skip
TYPES = {name: str(spec["type"]) for name, spec in FACTS.items()}
FIGURES = figures(f1=1, f2=31, f3=2500, f4=-7, f5=10**7)
REASONS = ["r1", "r2", "r3"]


# --- records ------------------------------------------------------------------------------------


@st.composite
def records(draw: st.DrawFn, tick: int) -> Record:
    windows = []
    for i in range(draw(st.sampled_from([0, 3, 5, 7, 9]))):
        start = draw(st.integers(0, STEPS - 1))
        end = draw(st.one_of(st.none(), st.integers(start + 1, STEPS)))
        windows.append(
            Window(
                f"w{i}", draw(st.sampled_from(CODES)), draw(st.sampled_from(SOURCES[:4])),
                draw(st.sampled_from(SEVERITIES)), draw(st.sampled_from(SCOPES)),
                BASE + start * tick, None if end is None else BASE + end * tick,
            )
        )  # fmt: skip
    needs: dict[str, tuple[str, ...]] = dict.fromkeys(CODES, ())
    for code in draw(st.lists(st.sampled_from(CODES), max_size=3, unique=True)):
        needs[code] = tuple(
            draw(st.lists(st.sampled_from([c for c in CODES if c != code]), min_size=1, max_size=2, unique=True))
        )
    told = st.tuples(st.sampled_from(SOURCES[:3]), st.integers(0, STEPS), st.sampled_from([None, BASE + 60 * tick]))
    extents = draw(st.lists(told, max_size=2, unique_by=lambda extent: extent[0]))
    return Record(
        "made-up", 1, BASE + draw(st.integers(STEPS // 2, STEPS)) * tick, tuple(ServiceNode(c, n) for c, n in needs.items()),
        tuple(windows), tuple(Extent(source, BASE + start * tick, end) for source, start, end in extents), tuple(SOURCES[:3]), (), tuple(draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True))),
    )  # fmt: skip


# --- packs --------------------------------------------------------------------------------------


def amounts(*, losses: bool, each: bool) -> st.SearchStrategy[Any]:
    numbers = ["m1", "m2", "n1", "b1", "d1"] + (["lm"] if each else [])
    instants = ["i1", "i2"] + (["li"] if each else [])
    leaves: list[st.SearchStrategy[Any]] = [
        st.integers(-3, 50),
        st.sampled_from(sorted(FIGURES)).map(lambda name: {"figure": name}),
        st.sampled_from(numbers).map(lambda name: {"fact": name}),
        st.sampled_from(SOURCES[:2]).map(lambda source: {"days_touched": "extent", "source": source}),
        st.tuples(st.permutations(instants), st.sampled_from(["seconds", "minutes", "hours", "days"])).map(
            lambda drawn: {"between": list(drawn[0][:2]), "in": drawn[1]}
        ),
    ]
    if losses:
        leaves += [st.sampled_from(["seconds", "minutes", "hours"]).map(lambda unit: {"counted": unit})] * 3
    return st.recursive(st.one_of(leaves), _larger, max_leaves=5)


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=2, max_size=3)
    by = st.one_of(st.integers(1, 60), st.sampled_from([{"figure": "f2"}, {"figure": "f3"}]))
    limits = st.lists(st.integers(-100, 5000), min_size=1, max_size=3, unique=True).map(sorted)
    return st.one_of(
        st.tuples(st.sampled_from(["add", "multiply", "lesser_of", "greater_of", "first_known"]), several).map(
            lambda drawn: {drawn[0]: drawn[1]}
        ),
        st.tuples(inner, inner).map(lambda items: {"subtract": list(items)}),
        st.tuples(inner, by).map(lambda items: {"divide": list(items)}),
        st.tuples(st.sampled_from(["completed", "started"]), inner, st.integers(1, 30)).map(
            lambda drawn: {drawn[0]: drawn[1], "per": drawn[2]}
        ),
        st.tuples(inner, limits, st.lists(inner, min_size=3, max_size=3)).map(
            lambda items: {
                "on": items[0], "above": "needs_review",
                "tiers": [{"up_to": limit, "pays": pays} for limit, pays in zip(items[1], items[2], strict=False)],
            }
        ),
    )  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, *, losses: bool, each: bool, scope: bool = False) -> Document:
    if not scope and draw(st.integers(0, 3)) == 0:
        comparison: Document = {"that": draw(amounts(losses=losses, each=each)), **draw(_number)}
    else:
        name = draw(st.sampled_from(sorted(f for f in FACTS if each or FACTS[f].get("of") != "loss")))
        kinds: dict[str, st.SearchStrategy[Any]] = {
            "text": st.sampled_from([{"is": "one"}, {"in": ["one", "two"]}]),
            "boolean": st.sampled_from([{"is": True}, {"is": False}]),
            "instant": st.sampled_from([{"from": "2022-10-16"}, {"before": "2022-10-16"}]),
            "date": st.sampled_from([{"from": "2022-10-16"}, {"before": "2022-10-16"}]),
        }
        known = st.sampled_from([{"known": True}, {"known": False}])
        comparison = {"fact": name, **draw(st.one_of(kinds.get(TYPES[name], _number), known))}
    return comparison if scope else comparison | {"reason": draw(st.sampled_from(REASONS))}


_number = st.tuples(st.sampled_from(["is", "at_least", "at_most", "above", "below"]), st.integers(-5, 3000)).map(
    lambda drawn: {drawn[0]: drawn[1]}
)


@st.composite
def rules(draw: st.DrawFn, code: str) -> Document:
    losses = draw(st.sampled_from([True, True, True, False]))
    each = losses and draw(st.booleans())
    condition = conditions(losses=losses, each=each)
    amount = amounts(losses=losses, each=each)
    few = st.one_of(st.just([]), st.just([]), st.lists(condition, max_size=2))
    choices = []
    for i in range(draw(st.integers(1, 3))):
        remedy = {"instrument": ["cash", "points", "item"][i], "unit": ["KRW", "point", "piece"][i]}
        when = [{k: v for k, v in c.items() if k != "reason"} for c in draw(st.lists(condition, max_size=1))]
        choices.append({"when": when, "amount": draw(amount), "remedy": remedy})
    made: Document = {
        "code": code, "title": {"ko": "규칙", "en": "Rule"}, "choices": choices,
        "require": draw(few), "review": draw(few),
        "round": {"to": draw(st.sampled_from([1, 1, 3, 10])), "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"]))},
    }  # fmt: skip
    if losses:
        some = st.lists(st.sampled_from([*CODES, "a", "b"]), min_size=1, max_size=3, unique=True)
        made["losses"] = {
            "services": draw(some),
            "each": each,
            "overlap": draw(st.sampled_from(["required", "required", "not_required"])),
        }
        made["windows"] = draw(window_scopes)
    if draw(st.booleans()):
        made["at_most"] = draw(amount)
    return made


window_scopes = st.fixed_dictionaries(
    {},
    optional={
        "severities": st.lists(st.sampled_from(SEVERITIES), min_size=1, unique=True),
        "scopes": st.lists(st.sampled_from(SCOPES), min_size=1, unique=True),
        "source": st.sampled_from(SOURCES),
    },
)


@st.composite
def packs(draw: st.DrawFn) -> list[Document]:
    made = []
    for p in range(draw(st.integers(1, 2))):
        scope = draw(st.lists(conditions(losses=False, each=False, scope=True), max_size=2)) if draw(st.booleans()) else []
        made.append(
            document(
                code=f"pack_{p}", zone=draw(st.sampled_from(["Asia/Seoul", "America/New_York"])), facts=FACTS, figures=FIGURES,
                reasons={reason: {"ko": reason, "en": reason} for reason in REASONS}, scope=scope,
                asked_for=draw(st.sampled_from([False, False, True])),
                rules=[draw(rules(f"rule_{r}")) for r in range(draw(st.integers(1, 2)))],
            )
        )  # fmt: skip
    return made


# --- claims -------------------------------------------------------------------------------------


def claims(number: int, seed: int, tick: int) -> list[ClaimInput]:
    """Many claims from one number: Hypothesis shrinks how many, the test reports the one that differs."""
    dice = random.Random(seed)
    ids = iter(range(1, 10**6))
    return [_claim(i, dice, tick, ids) for i in dice.sample(range(1, 10 * number + 1), number)]


def _claim(number: int, dice: random.Random, tick: int, ids: Any) -> ClaimInput:
    losses = []
    for _ in range(dice.choice([0, 1, 1, 1, 2, 3, 5])):
        start = dice.randrange(-5, STEPS + 3)
        end = start + dice.choice([1, 2, 5, 10, STEPS])
        shift = dice.choice([0, 0, 0, 1, -1]) if tick % 10**6 else 0
        losses.append(LossInput(next(ids), dice.choice(CODES), BASE + start * tick + shift, BASE + end * tick + shift))
    facts = [
        FactInput(name, _value(name, dice, tick), dice.choice(["claimant", "partner", *["staff"] * 8]), one)
        for name in FACTS
        for one in ([each.loss for each in losses] if FACTS[name].get("of") == "loss" else [None])
        for _ in range(dice.choice([0, *[1] * 12, 2]))
    ]
    return ClaimInput(number, tuple(losses), tuple(facts), tuple(dice.choice([(), ("pack_0",), ("pack_0", "pack_1")])))


def _value(name: str, dice: random.Random, tick: int) -> Any:
    kind = TYPES[name]
    if kind == "money":
        return dice.choice([0, 1, 5, 29, 250, 1499, 1500, 39_000, dice.randrange(10**4), dice.randrange(10**15), 10**15])
    if kind == "integer":
        return dice.choice([0, 1, -1, 7, -10, 3000, -(10**12), 10**12])
    if kind == "boolean":
        return dice.randrange(2)
    if kind == "date":
        return 19_280 + dice.randrange(-3, 4)
    if kind == "text":
        return dice.choice(["one", "two", "three"])
    return BASE + dice.randrange(-10, 60) * tick + dice.choice([0, 0, 1, 30 * 10**6])
