"""What a batch may not hold. Rows from a database do not pass `batch_of`, so the engine itself asks."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from claims.eligibility import CLAIMS, FACTS, LOSSES, Batch, EngineRefusal, assess, assess_apart, compile_terms
from tests.eligibility.cast import at, pack, record, rule, window

WHOLE = (1, 7, 0, at("15 10:00"), at("15 10:30"))
WORD = (1, None, "x", 5, None, 2)
FACT = {"type": "integer", "label": {"ko": "x", "en": "x"}}
TERMS = compile_terms(
    record(window("a", "15 10:00", "15 11:00")),
    [pack(facts={"x": FACT}, rules=[rule(), rule(code="two", losses=None, amount=1)])],
)


def batch(losses: list[Any] = (), facts: list[Any] = ()) -> Batch:  # type: ignore[assignment]
    return Batch(
        pl.DataFrame([(1, [])], schema=CLAIMS, orient="row"),
        pl.DataFrame(losses, schema=LOSSES, orient="row"),
        pl.DataFrame(facts, schema=FACTS, orient="row"),
    )


def changed(row: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    return (*row[:place], value, *row[place + 1 :])


@pytest.mark.parametrize(
    ("losses", "facts", "code"),
    [
        ([changed(WHOLE, 3, None)], [], "required"),
        ([changed(WHOLE, 4, None)], [], "required"),
        ([changed(WHOLE, 2, None)], [], "required"),
        ([changed(WHOLE, 4, at("15 09:00"))], [], "interval_invalid"),
        ([changed(WHOLE, 3, -1)], [], "out_of_range"),
        ([changed(WHOLE, 4, 2**63 - 1)], [], "out_of_range"),
        ([changed(WHOLE, 2, -1)], [], "unknown_service"),
        ([changed(WHOLE, 2, 1)], [], "unknown_service"),
        ([WHOLE, changed(WHOLE, 4, at("15 11:00"))], [], "duplicate_loss"),
        ([WHOLE], [changed(WORD, 5, None)], "provenance_unknown"),
        ([WHOLE], [changed(WORD, 5, 3)], "provenance_unknown"),
        ([WHOLE], [WORD, changed(WORD, 3, 6)], "duplicate_fact"),
        ([WHOLE], [changed(WORD, 3, 10**13)], "out_of_range"),
    ],
)
def test_broken_rows_are_refused_by_name(losses: list[Any], facts: list[Any], code: str) -> None:
    with pytest.raises(EngineRefusal) as refused:
        assess(batch(losses, facts), TERMS)
    assert refused.value.code == code


def test_the_whole_rows_of_these_tests_are_answered() -> None:
    assert assess(batch([WHOLE], [WORD]), TERMS)["quantity"].to_list() == [1800, 1]


def test_a_claim_has_as_many_lines_as_a_position_can_number() -> None:
    losses = [(1, n, 0, at("15 10:00"), at("15 10:30")) for n in range(2**15 + 1)]
    each = compile_terms(TERMS.record, [pack(rules=[rule(losses={"services": ["a"], "each": True})])])
    assert assess(batch(losses[:-1]), each)["position"].max() == 2**15 - 1
    with pytest.raises(EngineRefusal) as refused:
        assess(batch(losses), each)
    assert refused.value.code == "too_many_lines"


def test_two_packs_of_one_code_are_refused() -> None:
    with pytest.raises(EngineRefusal) as refused:
        compile_terms(record(), [pack(), pack()])
    assert (refused.value.code, refused.value.where) == ("duplicate_pack", "made_up")


def test_more_checks_than_a_word_has_bits_are_all_given() -> None:
    """The signals of a rule are bits of as many 64-bit numbers as they need."""
    names = [f"x{n}" for n in range(150)]
    many = pack(
        facts=dict.fromkeys(names, FACT),
        reasons={name: {"ko": "이유", "en": "reason"} for name in names},
        rules=[rule(losses=None, amount=1, require=[{"fact": name, "is": 1, "reason": name} for name in names])],
    )
    told = [(1, None, name, 0 if n % 3 else 1, None, 2) for n, name in enumerate(names)]
    line = assess(batch([], told), compile_terms(record(), [many])).row(0, named=True)
    assert (line["outcome"], line["reasons"]) == ("not_eligible", [name for n, name in enumerate(names) if n % 3])


def test_rows_share_their_verdicts() -> None:
    losses = [(1, n, 0, at("15 10:00"), at("15 10:30")) for n in range(50)]
    each = compile_terms(TERMS.record, [pack(rules=[rule(losses={"services": ["a"], "each": True})])])
    assert [verdict.outcome for verdict in assess_apart(batch(losses), each).verdicts] == ["eligible"]


def test_a_loss_of_no_length_counts_nothing() -> None:
    """One that is still open, and began after the record's `as_of`."""
    line = assess(batch([changed(WHOLE, 4, WHOLE[3])]), TERMS).row(0, named=True)
    assert (line["outcome"], line["reasons"], line["counted_seconds"]) == ("not_eligible", ["outside_official_windows"], 0)


@pytest.mark.parametrize("number", [-(2**63), -3, -1, 0, 1, 2**63 - 1])
def test_whatever_number_a_claim_has_its_time_counts_once(number: int) -> None:
    claims = pl.DataFrame([(n, []) for n in (number, number // 2, 7)], schema=CLAIMS, orient="row").unique("claim")
    losses = [
        (n, 10 * i + k, 0, at("15 10:00"), at(f"15 10:{20 + k}")) for i, n in enumerate(claims["claim"]) for k in range(3)
    ]
    many = Batch(claims, pl.DataFrame(losses, schema=LOSSES, orient="row"), pl.DataFrame(schema=FACTS))
    assert assess(many, TERMS).filter(pl.col("rule") == 0)["counted_seconds"].unique().to_list() == [22 * 60]
