"""From yes and no to an answer: what a line says is decided once per combination, not once per line.

The pipelines reduce every subject to a few numbers and a row of signals (yes or no), packed as the bits of whole
numbers. A million lines show a few dozen combinations; each is judged here, in plain Python, and joined back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import polars as pl

from .amounts import Checks
from .exact import MOST_UNITS
from .logic import ALWAYS, NEVER
from .plans import RulePlan

BITS = 62  # signals per word; a sum of their powers of two stays a positive 64-bit number
NOT_KNOWN = -2  # the choice of a subject whose conditions miss a fact; -1: no choice holds

# What every rule asks of its subjects, before its own checks; the order of the bits.
OF_SUBJECT = ("official", "reported", "overlapping", "counted", "touched", "partly", "uncounted", "planned", "known", "owed")
OF_UNANSWERED = ("official", "reported", "functions", "touched")


@dataclass(frozen=True)
class Verdict:
    """What all lines of one combination have in common.

    `pays`: the amount, nothing (False), or not known (None); `extends`: the fact that the remedy's days move.
    """

    rule: int | None
    outcome: str
    reasons: tuple[str, ...]
    pays: bool | None
    remedy: str | None = None
    unit: str | None = None
    currency: str | None = None
    extends: str | None = None


def words_of(plans: Iterable[RulePlan]) -> int:
    """How many words hold the signals of the rule that has most."""
    most = max((len(OF_SUBJECT) + len(_checks(plan)) for plan in plans), default=len(OF_UNANSWERED))
    return -(-most // BITS)


@lru_cache(maxsize=1024)
def row_columns(plan: RulePlan, words: int) -> list[pl.Expr]:
    """A line as columns, with the signals that `judge` reads as word0, word1, ...; made once per rule."""
    return [
        pl.col("claim"), pl.lit(plan.compiled.index, dtype=pl.Int32).alias("rule"),
        pl.col("loss") if "loss" in plan.keys else pl.lit(None, dtype=pl.Int64).alias("loss"),
        pl.col("amount"), pl.col("counted"), pl.col("choice").fill_null(NOT_KNOWN),
        plan.limit.alias("limit"), plan.floor.alias("floor"), *_packed(_signals_of(plan), words),
    ]  # fmt: skip


@lru_cache(maxsize=8)
def unanswered_columns(words: int) -> list[pl.Expr]:
    """The same, from the amount on, of a loss that no rule answers (OF_UNANSWERED)."""
    signals = [pl.col("official"), pl.col("reported"), pl.col("functions"), pl.col("counted") > 0]
    nothing = pl.lit(None, dtype=pl.Int64)
    return [
        nothing.alias("amount"), pl.col("counted"), pl.lit(NOT_KNOWN, dtype=pl.Int32).alias("choice"),
        nothing.alias("limit"), nothing.alias("floor"), *_packed(signals, words),
    ]  # fmt: skip


def _packed(signals: Sequence[pl.Expr], words: int) -> list[pl.Expr]:
    """Columns word0, word1, ... whose bits are the signals; one that is not known is no."""
    columns = []
    for word in range(words):
        bits = signals[word * BITS : (word + 1) * BITS]
        always = sum(1 << place for place, bit in enumerate(bits) if bit is ALWAYS)
        asked = [(place, bit) for place, bit in enumerate(bits) if bit is not ALWAYS and bit is not NEVER]
        powers = [pl.when(bit).then(pl.lit(1 << place, dtype=pl.Int64)) for place, bit in asked]  # the sum skips null
        columns.append(pl.sum_horizontal([pl.lit(always, dtype=pl.Int64), *powers]).alias(f"word{word}"))
    return columns


def _signals_of(plan: RulePlan) -> list[pl.Expr]:
    """The signals of a rule's subjects, in the order in which `judge` reads them."""
    counted = pl.col("counted") > 0
    always = plan.rule.losses is None or plan.rule.losses.overlap == "not_required"
    official, overlapping = (ALWAYS, ALWAYS) if always else (pl.col("official"), counted)
    planned = pl.col("planned") if plan.measures[""].planned else NEVER
    of_subject = (
        official, pl.col("reported"), overlapping, counted, pl.col("touched") > 0, pl.col("touched") < pl.col("length"),
        pl.col("uncounted"), planned, plan.known, pl.col("amount") > 0,
    )  # fmt: skip
    return [*of_subject, *(check for check, _ in _checks(plan))]


def judge(plan: RulePlan, choice: int, words: Sequence[int]) -> Verdict:
    """What a rule says to a subject with these signals."""
    signals = _unpacked(words)
    official, reported, overlapping, counted, touched, partly, uncounted, planned, known, owed = (
        next(signals) for _ in OF_SUBJECT
    )
    refused, missing, absent, reviews, notes, small = (
        [reason for _, reason in checks if next(signals)]
        for checks in (plan.refused, plan.missing, plan.absent, plan.reviews, plan.notes, plan.small)
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
    decided = outcome in ("eligible", "needs_review", "not_eligible") and asked and not nobody
    reasons = [
        *refused,
        *_if(not official, "no_official_window"),
        *_if(not official and reported, "citizen_report_only"),
        *_if(official and not overlapping and not touched, "outside_official_windows"),
        *_if(official and not overlapping and uncounted, "window_not_counted"),
        *_if(official and not overlapping and planned, "planned_maintenance"),
        *_if(official and overlapping and partly, "partly_outside_official_windows"),
        *_if(official and overlapping and counted and uncounted, "partly_in_window_not_counted"),
        *_if(official and overlapping and counted and planned, "partly_in_planned_maintenance"),
        *missing,
        *(absent if unsure else ()),
        *reviews,
        *_if(outcome == "unknown" and unsure and not absent, "amount_unknown"),
        *(small if decided else ()),
        *_if(nothing and not small, "nothing_owed"),
        *(notes if outcome == "eligible" else ()),
    ]
    pays = {"eligible": True, "needs_review": True, "not_eligible": False}.get(outcome)
    remedy = plan.rule.choices[max(choice, 0)].remedy
    said = tuple(dict.fromkeys(reasons))
    given = (remedy.instrument, remedy.unit, remedy.currency, remedy.extends)
    return Verdict(plan.compiled.index, outcome, said, pays, *given)


def judge_unanswered(words: Sequence[int]) -> Verdict:
    """What is said to a loss that no policy in scope speaks of."""
    signals = _unpacked(words)
    official, reported, functions, touched = (next(signals) for _ in OF_UNANSWERED)
    if official:
        reasons = [*_if(not touched, "outside_official_windows"), "no_policy_pays"]
        return Verdict(None, "not_eligible", tuple(reasons), False)
    reasons = ["function_not_named" if functions else "no_official_window", *_if(reported, "citizen_report_only")]
    return Verdict(None, "unknown" if functions else "parked", tuple(reasons), None)


def judged(rows: pl.DataFrame, plans: Sequence[RulePlan], words: int) -> tuple[pl.LazyFrame, list[Verdict]]:
    """The rows with `verdict`, the position of theirs in the list, `pays` and `certain` of it, and the `quantity` it leaves.

    `rule` is len(plans) where none answers.
    """
    keys = ["rule", "choice", *(f"word{word}" for word in range(words))]
    combinations = rows.select(keys).unique(maintain_order=True)
    found = [
        judge_unanswered(bits) if rule == len(plans) else judge(plans[rule], choice, bits)
        for rule, choice, *bits in combinations.iter_rows()
    ]
    pays = pl.Series("pays", [verdict.pays for verdict in found], dtype=pl.Boolean)
    certain = pl.Series("certain", [verdict.outcome == "eligible" for verdict in found], dtype=pl.Boolean)
    numbered = combinations.with_columns(pays, certain, pl.int_range(pl.len(), dtype=pl.UInt32).alias("verdict"))
    return rows.lazy().join(numbered.lazy(), on=keys, how="left", maintain_order="left").with_columns(QUANTITY), found


QUANTITY = (
    pl.when("pays").then(pl.col("amount").clip(0)).when(~pl.col("pays")).then(pl.lit(0, dtype=pl.Int64)).alias("quantity")
)


UNTOUCHED, CUT, CUT_AWAY, TOO_SMALL, LIMIT_UNKNOWN = range(5)


def limited(rows: pl.LazyFrame, verdicts: list[Verdict], plans: Sequence[RulePlan]) -> tuple[pl.LazyFrame, list[Verdict]]:
    """The rows with `quantity` cut to what the pack's limits leave, in the order of the rules and losses of a claim.

    A line that is cut gets the limit's reason; one of which nothing is left is not eligible, nor is one of lines that
    are too small together. A line under review holds its place as if it were given; one that is not known takes none.
    Where a limit is not known, the line is not; nor is an eligible one where the others of the claim only reach the
    minimum if one that is still open, or under review, is given.
    """
    limits = {plan.compiled.index: plan.compiled.limit for plan in plans if plan.compiled.limit is not None}
    if not limits:
        return rows, verdicts
    numbers = {id(limit): number for number, limit in enumerate(limits.values())}
    groups = pl.DataFrame(
        [(rule, numbers[id(limit)], limit.at_most is not None) for rule, limit in limits.items()],
        schema={"rule": pl.Int32, "group": pl.Int32, "capped": pl.Boolean},
        orient="row",
    )
    paying = pl.col("pays") & pl.col("group").is_not_null() & (pl.col("quantity") > 0)
    paid = pl.when(paying).then("quantity").otherwise(0)
    before = paid.cast(pl.Int128).cum_sum().over("claim", "group") - paid
    left = pl.when("capped").then((pl.col("limit") - before).clip(0)).otherwise(MOST_UNITS).cast(pl.Int64)
    rows = rows.join(groups.lazy(), on="rule", how="left", maintain_order="left")
    rows = rows.with_columns(kept=pl.when(paying).then(pl.min_horizontal("quantity", left)))
    still_open = pl.col("group").is_not_null() & pl.col("quantity").is_null()
    kept = pl.col("kept").cast(pl.Int128)
    rows = rows.with_columns(
        left=left, together=kept.sum().over("claim", "group"), still_open=still_open.any().over("claim", "group"),
        certain=pl.when("certain").then(kept).sum().over("claim", "group"), may_be_refused=~pl.col("certain"),
    )  # fmt: skip
    state = (
        pl.when(paying.fill_null(False).not_()).then(UNTOUCHED)
        .when(pl.col("left").is_null() | pl.col("floor").is_null()).then(LIMIT_UNKNOWN)
        .when((pl.col("together") < pl.col("floor")) & pl.col("still_open")).then(LIMIT_UNKNOWN)
        .when(pl.col("together") < pl.col("floor")).then(TOO_SMALL)
        .when((pl.col("certain") < pl.col("floor")) & ~pl.col("may_be_refused")).then(LIMIT_UNKNOWN)
        .when(pl.col("kept") == pl.col("quantity")).then(UNTOUCHED)
        .when(pl.col("kept") > 0).then(CUT).otherwise(CUT_AWAY)
    )  # fmt: skip
    rows = rows.with_columns(state=state).collect(engine="in-memory").lazy()
    quantity = pl.when(pl.col("state") == CUT).then("kept").when(pl.col("state").is_in([CUT_AWAY, TOO_SMALL])).then(0)
    rows = rows.with_columns(
        quantity=pl.when(pl.col("state") == UNTOUCHED).then("quantity").otherwise(quantity)  # not known: null
    )
    pairs = rows.select("verdict", "state").unique(maintain_order=True).collect(engine="in-memory")
    found = [_cut(verdicts[verdict], state, plans) for verdict, state in pairs.iter_rows()]
    numbered = pairs.with_row_index("renumbered")
    rows = rows.join(numbered.lazy(), on=["verdict", "state"], how="left", maintain_order="left")
    return rows.with_columns(verdict="renumbered"), found


def _cut(verdict: Verdict, state: int, plans: Sequence[RulePlan]) -> Verdict:
    limit = None if verdict.rule is None else plans[verdict.rule].compiled.limit
    if state == UNTOUCHED or limit is None:
        return verdict
    if state == LIMIT_UNKNOWN:
        return replace(verdict, outcome="unknown", reasons=(*verdict.reasons, "limit_unknown"), pays=None)
    reason = limit.minimum.reason if limit.minimum is not None and state == TOO_SMALL else limit.reason or ""
    if state == CUT:
        return replace(verdict, reasons=(*verdict.reasons, reason))
    kept = (told for told in verdict.reasons if not told.startswith("proof_before_payment"))
    return replace(verdict, outcome="not_eligible", reasons=(*kept, reason))


def _checks(plan: RulePlan) -> Checks:
    return (*plan.refused, *plan.missing, *plan.absent, *plan.reviews, *plan.notes, *plan.small)


def _unpacked(words: Sequence[int]) -> Iterator[bool]:
    for word in words:
        for place in range(BITS):
            yield bool(word >> place & 1)


def _if(holds: bool, reason: str) -> tuple[str, ...]:
    return (reason,) if holds else ()
