"""What every kind of amount is worth, and that no number is ever bent by its column."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from claims.eligibility import (
    CLAIMS,
    FACTS,
    LINES,
    LOSSES,
    Batch,
    ClaimInput,
    EngineRefusal,
    Extent,
    FactInput,
    assess,
    compile_terms,
)
from claims.eligibility.explain import explain

from .cast import Document, at, fact, figures, lines_of, loss, one_line, pack, paid, quantity, record, rule, window

X, Y, Z = {"fact": "x"}, {"fact": "y"}, {"fact": "z"}
STEPS = [
    {"up_to": 0, "pays": 0},
    {"up_to": 300_000, "pays": 30_000},
    {"up_to": 500_000, "pays": 50_000},
    {"pays": {"needs_review": "above"}},
]


@pytest.mark.parametrize(
    ("amount", "facts", "expected"),
    [
        (7, {}, 7),
        ({"figure": "f"}, {}, 31),
        (X, {"x": 12}, 12),
        ({"add": [X, Y, 1]}, {"x": 2, "y": 3}, 6),
        ({"subtract": [X, Y]}, {"x": 2, "y": -3}, 5),
        ({"multiply": [X, -3, {"figure": "f"}]}, {"x": -2}, 186),
        ({"divide": [X, 4]}, {"x": 11}, 2),
        ({"divide": [{"multiply": [X, 6]}, {"figure": "f"}]}, {"x": 39_000}, 7548),
        ({"multiply": [{"divide": [X, 3]}, 3]}, {"x": 10}, 10),
        ({"add": [{"divide": [1, 3]}, {"divide": [1, 6]}, {"divide": [1, 2]}]}, {}, 1),
        ({"completed": X, "per": 30}, {"x": 59}, 1),
        ({"completed": X, "per": 30}, {"x": 60}, 2),
        ({"started": X, "per": 30}, {"x": 60}, 2),
        ({"started": X, "per": 30}, {"x": 61}, 3),
        ({"add": [10, {"completed": X, "per": 30}]}, {"x": -1}, 9),
        ({"add": [10, {"started": X, "per": 30}]}, {"x": -1}, 10),
        ({"started": {"divide": [X, 7]}, "per": 1}, {"x": 1}, 1),
        ({"lesser_of": [X, Y, {"divide": [Z, 2]}]}, {"x": 3, "y": 5, "z": 5}, 2),
        ({"greater_of": [X, Y, {"divide": [Z, 2]}]}, {"x": 3, "y": 5, "z": 12}, 6),
        ({"first_known": [X, Y]}, {"x": 3, "y": 5}, 3),
        ({"first_known": [X, Y]}, {"y": 5}, 5),
        ({"first_known": [{"subtract": [X, Y]}, Z]}, {"x": 3, "z": 8}, 8),
        ({"first_known": [X, 9]}, {}, 9),
        ({"first_known": [9, X]}, {}, 9),
    ],
)  # fmt: skip
def test_nodes(amount: Any, facts: Document, expected: int) -> None:
    assert paid(amount, facts, numbers={"f": 31}) == expected


@pytest.mark.parametrize(
    ("on", "expected"), [(-5, 0), (0, 0), (1, 30_000), (300_000, 30_000), (300_001, 50_000), (500_000, 50_000)]
)
def test_tiers_end_inclusive(on: int, expected: int) -> None:
    assert paid({"of": X, "tiers": STEPS}, {"x": on}) == expected


@pytest.mark.parametrize(
    ("word", "outcome", "reasons", "amount"),
    [
        ("claimant", "unknown", ["missing_fact:x"], None),
        ("partner", "needs_review", ["needs_proof:x"], 5),
        ("staff", "eligible", [], 5),
    ],
)
def test_a_word_too_weak_to_quote_is_not_heard(word: str, outcome: str, reasons: list[str], amount: int | None) -> None:
    made = pack(facts={"x": fact("money", quote="partner", decide="staff")}, rules=[rule(losses=None, amount={"fact": "x"})])
    line = one_line(record(), made, facts={"x": 5}, word=word)
    assert (line["outcome"], line["reasons"], line["quantity"]) == (outcome, reasons, amount)


def test_above_the_last_tier_a_person_decides() -> None:
    line = quantity({"of": X, "tiers": STEPS}, {"x": 500_001})
    assert (line["outcome"], line["reasons"], line["quantity"]) == ("needs_review", ["above"], None)


def test_tiers_over_an_exact_fraction() -> None:
    amount = {"of": {"divide": [X, 3]}, "tiers": [{"up_to": 1, "pays": 10}, {"up_to": 2, "pays": 20}, {"pays": 30}]}
    assert [paid(amount, {"x": x}) for x in (3, 4, 6)] == [10, 20, 20]


def test_tiers_of_a_condition_ask_a_person_with_and_without_a_cap() -> None:
    tiers = {"of": X, "tiers": STEPS}
    choices = [
        {"when": [{"that": tiers, "above": 0}], "amount": 5, "remedy": {"instrument": "cash", "unit": "KRW", "currency": "KRW"}}
    ]
    caps: list[Document] = [{}, {"at_most": 3}]
    for more in caps:
        line = quantity(None, {"x": 10**9}, choices=choices, remedy=None, **more)
        assert (line["outcome"], line["reasons"]) == ("needs_review", ["above"])


def test_tiers_that_are_not_used_ask_nobody() -> None:
    tiers = {"of": X, "tiers": STEPS}
    assert quantity({"first_known": [Y, tiers]}, {"x": 10**9, "y": 5})["outcome"] == "eligible"
    remedy = {"instrument": "cash", "unit": "KRW", "currency": "KRW"}
    choices = [{"when": [{"fact": "y", "above": 3}], "amount": 5, "remedy": remedy}, {"amount": tiers, "remedy": remedy}]
    line = quantity(None, {"x": 10**9, "y": 5}, choices=choices, remedy=None)
    assert (line["outcome"], line["quantity"]) == ("eligible", 5)


@pytest.mark.parametrize(("unit", "expected"), [("seconds", 5400), ("minutes", 90), ("hours", 1), ("days", 0)])
def test_between_instants(unit: str, expected: int) -> None:
    told = {"i": "2022-10-15T15:20:00+09:00", "j": "2022-10-15T07:50:00Z"}
    assert paid({"between": ["i", "j"], "in": unit}, told, specs={"i": fact("instant"), "j": fact("instant")}) == expected


@pytest.mark.parametrize(("unit", "expected"), [("seconds", 5400), ("minutes", 90), ("hours", 2)])
def test_counted_time(unit: str, expected: int) -> None:
    made = pack(rules=[rule(amount={"counted": unit}, round={"to": 1, "mode": "half_up"})])
    line = one_line(record(window("a", "15 10:00", "15 11:30")), made, loss(1, "a", "15 09:00", "15 12:00"))
    assert line["quantity"] == expected


@pytest.mark.parametrize(
    ("case", "start", "end", "zone", "days"),
    [
        ("one day", "15 15:30", "15 23:00", "Asia/Seoul", 1),
        ("ends at midnight: that day is not touched", "15 15:30", "16 00:00", "Asia/Seoul", 1),
        ("one second into the next day", "15 15:30", "16 00:00:01", "Asia/Seoul", 2),
        ("the operator's extent", "15 15:30", "20 23:00", "Asia/Seoul", 6),
        ("open: up to as_of", "15 15:30", None, "Asia/Seoul", 2),
        ("days are those of the pack's zone", "15 08:30", "15 15:30", "America/New_York", 2),
    ],
)
def test_days_touched(case: str, start: str, end: str | None, zone: str, days: int) -> None:
    extents = (Extent("press", at("01 00:00"), at("30 00:00")), Extent("operator", at(start), None if end is None else at(end)))
    made = pack(zone=zone, rules=[rule(losses=None, amount={"days_touched": "extent", "source": "operator"})])
    assert one_line(record(extents=extents, as_of=at("16 14:00")), made)["quantity"] == days, case
    line = one_line(record(), made)  # no extent by that source: for a person, and not nothing
    assert (line["outcome"], line["quantity"], line["reasons"]) == ("needs_review", None, ["no_extent"])


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("down", [10, 10, 10, 10, 20]),
        ("up", [10, 20, 20, 20, 20]),
        ("half_up", [10, 10, 20, 20, 20]),
        ("half_even", [10, 10, 20, 20, 20]),
    ],
)
def test_rounding_to_ten(mode: str, expected: list[int]) -> None:
    assert [paid(X, {"x": x}, round={"to": 10, "mode": mode}) for x in (10, 14, 15, 19, 20)] == expected


def test_halves_to_the_even_multiple() -> None:
    assert [paid(X, {"x": x}, round={"to": 10, "mode": "half_even"}) for x in (5, 15, 25, 35, 26)] == [0, 20, 20, 40, 30]
    assert [paid(X, {"x": x}, round={"to": 10, "mode": "half_up"}) for x in (5, 15, 25, 35, 4)] == [10, 20, 30, 40, 0]


def test_a_half_is_exact_in_fractions() -> None:
    for x in range(1, 40):
        found = paid({"divide": [X, 14]}, {"x": x}, round={"to": 1, "mode": "half_even"})
        assert found == round(Fraction(x, 14))  # Python rounds halves of a Fraction to even too


def test_the_cap_comes_before_rounding_and_rounding_does_not_pass_it() -> None:
    for mode in ("half_up", "up", "half_even", "half_down", "down"):
        assert paid(X, {"x": 999}, at_most=27, round={"to": 10, "mode": mode}) == 20
        assert paid(X, {"x": 26, "y": 26}, at_most=Y, round={"to": 10, "mode": mode}) == 20
    assert paid(X, {"x": 12}, at_most=27, round={"to": 10, "mode": "half_up"}) == 10
    assert paid(X, {"x": 16}, at_most=20, round={"to": 10, "mode": "half_up"}) == 20


def test_a_deduction_below_nothing_adds_nothing() -> None:
    assert paid(10, {"x": -500}, deduct=[X]) == 10
    assert paid(10, {"x": -500}, deduct=[X, 3]) == 7
    assert paid(10, {"x": 4}, deduct=[X, 3]) == 3


def test_an_amount_below_zero_is_nothing_also_under_review() -> None:
    below = {"subtract": [X, 10]}
    assert quantity(below, {"x": 3})["outcome"] == "not_eligible"
    line = quantity(below, {"x": 3}, review=[{"fact": "x", "below": 5, "reason": "own"}])
    assert (line["outcome"], line["quantity"]) == ("needs_review", 0)


# --- what is not known ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "facts", "missing"),
    [
        (X, {}, ["x"]),
        ({"lesser_of": [X, Y]}, {"x": 1}, ["y"]),
        ({"greater_of": [X, Y]}, {"y": 1}, ["x"]),
        ({"add": [X, Y]}, {}, ["x", "y"]),
        ({"first_known": [{"add": [X, Y]}, Z]}, {"y": 1}, ["x"]),
        ({"add": [X, {"first_known": [X, Y]}]}, {"y": 1}, ["x"]),
        ({"of": X, "tiers": STEPS}, {}, ["x"]),
    ],
)
def test_unknown_stays_unknown(amount: Any, facts: Document, missing: list[str]) -> None:
    line = quantity(amount, facts)
    assert (line["outcome"], line["quantity"]) == ("unknown", None)
    assert line["reasons"] == [f"missing_fact:{name}" for name in missing]


def test_a_fact_asked_about_is_missing_only_where_the_amount_needs_it() -> None:
    asked = [{"fact": "x", "known": True, "reason": "own"}]
    assert quantity(Y, {"y": 5}, review=asked)["outcome"] == "eligible"
    line = quantity({"lesser_of": [X, Y]}, {"y": 5}, review=asked)
    assert (line["outcome"], line["quantity"], line["reasons"]) == ("unknown", None, ["missing_fact:x"])


def test_a_choice_that_cannot_be_made_is_no_refusal() -> None:
    remedy = {"instrument": "cash", "unit": "KRW", "currency": "KRW"}
    choices = [{"when": [{"fact": "x", "above": 5}], "amount": 1, "remedy": remedy}]
    review = [{"fact": "x", "known": False, "reason": "own"}]
    unknown = quantity(None, {}, choices=choices, remedy=None, review=review)
    assert (unknown["outcome"], unknown["quantity"], unknown["reasons"]) == ("needs_review", None, ["own"])
    none = quantity(None, {"x": 4}, choices=choices, remedy=None, review=review)
    assert (none["outcome"], none["quantity"], none["reasons"]) == ("not_eligible", 0, ["nothing_owed"])


@pytest.mark.parametrize(("word", "outcome", "reasons"), [
    ("claimant", "needs_review", ["needs_proof:x"]), ("partner", "eligible", []), ("staff", "eligible", []),
])  # fmt: skip
def test_whose_word_it_is(word: str, outcome: str, reasons: list[str]) -> None:
    made = pack(facts={"x": fact("money")}, rules=[rule(losses=None, amount=X)])
    line = one_line(record(), made, facts={"x": 7550}, word=word)
    assert (line["outcome"], line["reasons"], line["quantity"]) == (outcome, reasons, 7550)


def test_of_alternatives_only_the_used_one_needs_proof() -> None:
    specs = {"x": fact("money"), "y": fact("money", decide="staff")}
    made = pack(facts=specs, rules=[rule(losses=None, amount={"first_known": [Y, X]})])
    assert one_line(record(), made, facts={"x": 5}, word="partner")["outcome"] == "eligible"
    assert one_line(record(), made, facts={"x": 5, "y": 5}, word="partner")["reasons"] == ["needs_proof:y"]


@pytest.mark.parametrize(
    ("specs", "condition", "value", "holds"),
    [
        (fact("text"), {"is": "a"}, "a", True), (fact("text"), {"is": "a"}, "b", False),
        (fact("text"), {"in": ["a", "b"]}, "b", True), (fact("text"), {"in": ["a", "b"]}, "c", False),
        (fact("boolean"), {"is": True}, True, True), (fact("boolean"), {"is": True}, False, False),
        (fact("boolean"), {"is": False}, False, True),
        (fact("integer"), {"is": 3}, 3, True), (fact("integer"), {"at_least": 3}, 3, True),
        (fact("integer"), {"at_most": 3}, 4, False), (fact("integer"), {"above": 3}, 3, False), (fact("integer"), {"below": 3}, 2, True),
        (fact("instant"), {"before": "2022-10-16"}, "2022-10-15T23:59:59.999999+09:00", True),
        (fact("instant"), {"before": "2022-10-16"}, "2022-10-16T00:00:00+09:00", False),
        (fact("instant"), {"from": "2022-10-16"}, "2022-10-15T15:00:00Z", True),
        (fact("date"), {"from": "2022-10-16"}, "2022-10-16", True), (fact("date"), {"before": "2022-10-16"}, "2022-10-16", False),
    ],
)  # fmt: skip
def test_conditions(specs: Document, condition: Document, value: Any, holds: bool) -> None:
    line = quantity(1, {"c": value}, specs={"c": specs}, require=[{"fact": "c", "reason": "own", **condition}])
    assert (line["outcome"], line["reasons"]) == (("eligible", []) if holds else ("not_eligible", ["own"]))


def test_two_conditions_on_one_fact_or_amount() -> None:
    span = [{"fact": "x", "above": 1, "reason": "own"}, {"fact": "x", "below": 9, "reason": "own"}]
    assert quantity(1, {"x": 5}, require=span)["outcome"] == "eligible"
    assert quantity(1, {"x": 9}, require=span)["reasons"] == ["own"]
    never = [{"that": {"add": [X, 1]}, "above": 99, "reason": "own"}, {"that": {"add": [X, 2]}, "above": 99, "reason": "own"}]
    assert quantity(1, {"x": 99}, review=never)["reasons"] == ["own"]  # once, though both hold


# --- beyond 64 bits ------------------------------------------------------------------------------


BIG = 987_654_321_012_345


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ({"divide": [{"multiply": [X, Y]}, 10**12]}, BIG * BIG // 10**12),
        ({"divide": [{"multiply": [X, Y, -1]}, 10**12]}, 0),
        ({"divide": [{"subtract": [{"multiply": [X, Y]}, {"multiply": [X, Z]}]}, 10**12]}, BIG * (BIG - 7) // 10**12),
        ({"divide": [{"started": {"multiply": [X, Y]}, "per": 10**9 + 7}, 10**7]}, -(-BIG * BIG // (10**9 + 7)) // 10**7),
        ({"completed": {"multiply": [X, Y]}, "per": 10**13 + 1}, BIG * BIG // (10**13 + 1)),
        ({"divide": [{"lesser_of": [{"multiply": [X, Y]}, {"multiply": [X, X, 2]}]}, 10**13]}, BIG * BIG // 10**13),
        ({"divide": [{"greater_of": [{"multiply": [X, Z]}, {"multiply": [X, Y]}]}, 10**13]}, BIG * BIG // 10**13),
        ({"add": [{"divide": [X, 2**31 - 1]}, {"divide": [Y, 2**29 - 3]}]}, int(Fraction(BIG, 2**31 - 1) + Fraction(BIG, 2**29 - 3))),
        ({"of": {"multiply": [X, Y]}, "tiers": [{"up_to": BIG * BIG - 1, "pays": 1}, {"up_to": BIG * BIG, "pays": 2}, {"pays": 3}]}, 2),
        ({"multiply": [{"multiply": [X, Y]}, 0]}, 0),
        ({"add": [{"subtract": [{"figure": "wide"}, {"figure": "wide"}]}, X]}, BIG),
    ],
)  # fmt: skip
def test_products_beyond_64_bits_are_exact(amount: Any, expected: int) -> None:
    assert BIG * BIG > 2**63
    specs = {name: fact("money") for name in ("x", "y", "z")}
    assert paid(amount, {"x": BIG, "y": BIG, "z": 7}, specs=specs, numbers={"wide": 2**100}) == expected


@pytest.mark.parametrize("mode", ["down", "up", "half_up", "half_even"])
def test_rounding_beyond_64_bits_is_exact(mode: str) -> None:
    exact = Fraction(BIG * BIG, 3 * 10**13)
    wanted = {"down": exact // 10, "up": -(-exact // 10), "half_up": (exact + 5) // 10, "half_even": round(exact / 10)}
    amount = {"divide": [{"multiply": [X, Y]}, 3 * 10**13]}
    specs = {name: fact("money") for name in ("x", "y")}
    assert paid(amount, {"x": BIG, "y": BIG}, specs=specs, round={"to": 10, "mode": mode}) == 10 * wanted[mode]


def test_a_factor_beyond_64_bits_over_an_amount_of_zero() -> None:
    """The common denominator is wide though every value fits into 64 bits."""
    amount = {"lesser_of": [{"divide": [0, 7]}, {"divide": [1, 2**64 + 1]}]}
    assert paid({"add": [amount, 1]}) == 1


@pytest.mark.parametrize(
    "amount",
    [
        {"multiply": [X, X, X]},
        {"figure": "huge"},
        {"divide": [X, 2**130]},
        {"completed": X, "per": 2**130},
        {"of": X, "tiers": [{"up_to": 2**130, "pays": 1}, {"pays": 2}]},
    ],
)
def test_what_could_overflow_is_refused_with_its_code(amount: Any) -> None:
    specs = {name: fact("money") for name in ("x", "y")}
    with pytest.raises(EngineRefusal) as refused:
        paid(amount, {"x": 1, "y": 1}, specs=specs, numbers={"huge": 2**200})
    assert refused.value.code == "amount_overflow"


@pytest.mark.parametrize(("x", "outcome", "paid_"), [(2**31, "eligible", 2**62), (2**31 + 1, "needs_review", None)])
def test_an_amount_beyond_62_bits_is_for_a_person(x: int, outcome: str, paid_: int | None) -> None:
    specs = {name: fact("money") for name in ("x", "y")}
    line = quantity({"multiply": [X, Y]}, {"x": x, "y": 2**31}, specs=specs)
    assert (line["outcome"], line["quantity"]) == (outcome, paid_)
    assert line["reasons"] == ([] if paid_ else ["amount_too_large"])


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), 10**15 + 1, -1])
def test_a_batch_with_a_value_beyond_its_bounds_is_refused(value: int) -> None:
    """Rows from a database do not pass `batch_of`; the columns' widths rest on the bounds all the same."""
    terms = compile_terms(record(), [pack(facts={"x": fact("money")}, rules=[rule(losses=None, amount={"multiply": [X, 2]})])])
    told = pl.DataFrame([(1, None, "x", value, None, 2)], schema=FACTS, orient="row")
    batch = Batch(pl.DataFrame([(1, [])], schema=CLAIMS, orient="row"), pl.DataFrame(schema=LOSSES), told)
    with pytest.raises(EngineRefusal) as refused:
        assess(batch, terms)
    assert (refused.value.code, refused.value.where) == ("out_of_range", "facts.x")


def test_an_empty_batch_has_no_lines() -> None:
    empty = Batch(*(pl.DataFrame(schema=schema) for schema in (CLAIMS, LOSSES, FACTS)))
    assert assess(empty, compile_terms(record(window("a", "15 10:00", "15 11:00")), [pack()])).shape == (0, len(LINES))
    assert explain(empty, compile_terms(record(), [pack()])) == []


def test_a_batch_of_other_columns_is_refused() -> None:
    with pytest.raises(EngineRefusal) as refused:
        Batch(pl.DataFrame({"claim": [1]}), pl.DataFrame(schema=LOSSES), pl.DataFrame(schema=FACTS))
    assert (refused.value.code, refused.value.where) == ("batch_schema", "claims")


def test_a_cap_makes_a_large_product_payable() -> None:
    specs = {name: fact("money") for name in ("x", "y")}
    assert paid({"multiply": [X, Y]}, {"x": BIG, "y": BIG}, specs=specs, at_most=10**9) == 10**9


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": {"fact": "t"}}, "amount_kind"),
        ({"amount": {"between": ["x", "t"], "in": "hours"}}, "amount_kind"),
        ({"amount": {"divide": [1, {"figure": "zero"}]}}, "divisor_not_positive"),
        ({"amount": 1, "require": [{"fact": "t", "above": 1, "reason": "own"}]}, "condition_type"),
        ({"amount": 1, "require": [{"fact": "x", "is": "a", "reason": "own"}]}, "condition_type"),
        ({"amount": 1, "require": [{"fact": "x", "before": "2022-10-16", "reason": "own"}]}, "condition_type"),
        ({"amount": 1, "require": [{"that": 1, "in": ["a"], "reason": "own"}]}, "condition_type"),
    ],
)  # fmt: skip
def test_amounts_and_conditions_of_the_wrong_type_are_refused(more: Document, code: str) -> None:
    with pytest.raises(EngineRefusal) as refused:
        quantity(**more, facts={}, specs={"t": fact("text")}, numbers={"zero": 0})
    assert refused.value.code == code


def test_what_constants_make_of_each_other_is_as_long_as_the_claims() -> None:
    """Nobody knows where the extent ends; for some compositions of such constants one engine of polars has no length."""
    end = {"at": "end", "of": "extent", "source": "ministry"}
    late = {"not": {"that": {"later": {"day_of": end}, "by": 1, "in": "days"}, "until": "2022-11-01"}}
    rules = [rule(losses=None, choices=[{"when": [when], "amount": 5, "remedy": rule()["remedy"]}], amount=None, remedy=None)
             for when in (late, {"that": end, "before": "2022-11-01"}, {"any": [late, {"fact": "told", "is": True}]})]  # fmt: skip
    made = pack(
        facts={"told": fact("boolean", of="incident", default=False)},
        rules=[one | {"code": f"rule_{i}"} for i, one in enumerate(rules)],
    )
    terms = compile_terms(record(window("a", "15 15:30", "15 16:00"), services=["a"]), [made])
    lines = lines_of(terms, *(ClaimInput(claim) for claim in range(1, 4)))
    assert [(line["outcome"], line["reasons"]) for line in lines if line["rule"] is not None] == 9 * [
        ("needs_review", ["no_extent"])
    ]


def test_a_constant_is_compared_with_what_a_text_gives_inside_a_piece() -> None:
    """One engine of polars refuses it; the other answers."""
    border = {"match": "kind", "values": {"small": 3, "large": 9}}
    made = pack(
        facts={"kind": fact("text", values=["small", "large"])}, figures=figures(five=5),
        rules=[rule(amount={"total": {"counted": "hours"}, "each": "day", "where": [{"that": {"figure": "five"}, "at_least": border}]})],
    )  # fmt: skip
    terms = compile_terms(record(window("a", "15 10:00", "15 12:00")), [made])
    told = [
        ClaimInput(i, (loss(i, "a", "15 10:00", "15 12:00"),), (FactInput("kind", kind, "staff"),))
        for i, kind in ((1, "small"), (2, "large"))
    ]
    assert [line["quantity"] for line in lines_of(terms, *told)] == [2, 0]
