"""From yes and no to an answer: what a line says is decided once per combination, not once per line.

The pipelines reduce every subject to a few numbers and a row of signals (yes or no), packed as the bits of whole
numbers. A million lines show a few dozen combinations; each is judged here, in plain Python, and joined back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from .plans import Checks, RulePlan

BITS = 62  # signals per word; a sum of their powers of two stays a positive 64-bit number
NOT_KNOWN = -2  # the choice of a subject whose conditions miss a fact; -1: no choice holds

# What every rule asks of its subjects, before its own checks; the order of the bits.
OF_SUBJECT = ("official", "reported", "overlapping", "counted", "touched", "partly", "uncounted", "known", "owed")
OF_UNANSWERED = ("official", "reported", "functions", "touched")


@dataclass(frozen=True)
class Verdict:
    """What all lines of one combination have in common. `pays`: the amount, nothing (False), or not known (None)."""

    rule: int | None
    outcome: str
    reasons: tuple[str, ...]
    pays: bool | None
    remedy: str | None = None
    unit: str | None = None
    currency: str | None = None


def words_of(plans: Iterable[RulePlan]) -> int:
    """How many words hold the signals of the rule that has most."""
    most = max((len(OF_SUBJECT) + len(_checks(plan)) for plan in plans), default=len(OF_UNANSWERED))
    return -(-most // BITS)


@lru_cache(maxsize=1024)
def packed_signals(plan: RulePlan, words: int) -> list[pl.Expr]:
    """The signals of a rule's subjects as columns word0, word1, ...; made once per rule."""
    return _packed(_signals_of(plan), words)


@lru_cache(maxsize=8)
def packed_unanswered(words: int) -> list[pl.Expr]:
    """The same of a loss that no rule answers (OF_UNANSWERED)."""
    return _packed([pl.col("official"), pl.col("reported"), pl.col("functions"), pl.col("counted") > 0], words)


def _packed(signals: Sequence[pl.Expr], words: int) -> list[pl.Expr]:
    """Columns word0, word1, ... whose bits are the signals; one that is not known is no."""
    columns = []
    for word in range(words):
        bits = signals[word * BITS : (word + 1) * BITS]
        powers = [bit.fill_null(False).cast(pl.Int64) * (1 << place) for place, bit in enumerate(bits)]
        columns.append(pl.sum_horizontal([pl.lit(0, dtype=pl.Int64), *powers]).alias(f"word{word}"))
    return columns


def _signals_of(plan: RulePlan) -> list[pl.Expr]:
    """The signals of a rule's subjects, in the order in which `judge` reads them."""
    counted = pl.col("counted") > 0
    always = plan.rule.losses is None or plan.rule.losses.overlap == "not_required"
    official, overlapping = (pl.lit(True), pl.lit(True)) if always else (pl.col("official"), counted)
    of_subject = (
        official, pl.col("reported"), overlapping, counted, pl.col("touched") > 0, pl.col("touched") < pl.col("length"),
        pl.col("uncounted"), pl.col("amount").is_not_null(), pl.col("amount") > 0,
    )  # fmt: skip
    return [*of_subject, *(check for check, _ in _checks(plan))]


def judge(plan: RulePlan, choice: int, words: Sequence[int]) -> Verdict:
    """What a rule says to a subject with these signals."""
    signals = _unpacked(words)
    official, reported, overlapping, counted, touched, partly, uncounted, known, owed = (next(signals) for _ in OF_SUBJECT)
    refused, missing, absent, reviews = (
        [reason for _, reason in checks if next(signals)] for checks in (plan.refused, plan.missing, plan.absent, plan.reviews)
    )
    nobody = choice == -1
    unsure = not (known or nobody or missing or reviews)
    if refused:
        outcome = "not_eligible"
    elif not official:
        outcome = "parked"
    elif not overlapping:
        outcome = "not_eligible"
    elif missing:
        outcome = "unknown"
    elif nobody:
        outcome = "not_eligible"
    elif reviews:
        outcome = "needs_review"
    elif unsure:
        outcome = "unknown"
    else:
        outcome = "eligible" if owed else "not_eligible"
    asked = official and overlapping and not refused and not missing
    nothing = asked and (nobody or (known and not owed and not reviews))
    reasons = [
        *refused,
        *_if(not official, "no_official_window"),
        *_if(not official and reported, "citizen_report_only"),
        *_if(official and not overlapping and not touched, "outside_official_windows"),
        *_if(official and not overlapping and uncounted, "window_not_counted"),
        *_if(official and overlapping and partly, "partly_outside_official_windows"),
        *_if(official and overlapping and counted and uncounted, "partly_in_window_not_counted"),
        *missing,
        *(absent if unsure else ()),
        *reviews,
        *_if(nothing, "nothing_owed"),
    ]
    pays = {"eligible": True, "needs_review": True, "not_eligible": False}.get(outcome)
    remedy = plan.rule.choices[max(choice, 0)].remedy
    return Verdict(
        plan.compiled.index, outcome, tuple(dict.fromkeys(reasons)), pays, remedy.instrument, remedy.unit, remedy.currency
    )


def judge_unanswered(words: Sequence[int]) -> Verdict:
    """What is said to a loss that no policy in scope speaks of."""
    signals = _unpacked(words)
    official, reported, functions, touched = (next(signals) for _ in OF_UNANSWERED)
    if official:
        reasons = [*_if(not touched, "outside_official_windows"), "no_policy_pays"]
        return Verdict(None, "not_eligible", tuple(reasons), False)
    reasons = ["function_not_named" if functions else "no_official_window", *_if(reported, "citizen_report_only")]
    return Verdict(None, "unknown" if functions else "parked", tuple(reasons), None)


def judged(rows: pl.DataFrame, plans: Sequence[RulePlan], words: int) -> tuple[pl.DataFrame, list[Verdict]]:
    """The rows with a column `verdict`, the position of theirs in the list. `rule` is len(plans) where none answers."""
    keys = ["rule", "choice", *(f"word{word}" for word in range(words))]
    combinations = rows.select(keys).unique(maintain_order=True)
    found = [
        judge_unanswered(bits) if rule == len(plans) else judge(plans[rule], choice, bits)
        for rule, choice, *bits in combinations.iter_rows()
    ]
    return rows.join(combinations.with_row_index("verdict"), on=keys, how="left", maintain_order="left"), found


def _checks(plan: RulePlan) -> Checks:
    return (*plan.refused, *plan.missing, *plan.absent, *plan.reviews)


def _unpacked(words: Sequence[int]) -> Iterator[bool]:
    for word in words:
        for place in range(BITS):
            yield bool(word >> place & 1)


def _if(holds: bool, reason: str) -> tuple[str, ...]:
    return (reason,) if holds else ()
