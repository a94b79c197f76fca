"""assess(batch, terms) -> lines: the one engine, for a batch of one and of a million.

Every rule becomes one lazy pipeline of columns; all of them are collected together, once. What the rows
say in words is judged once per combination (`verdicts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from .amounts import FACT_BOUNDS, AmountCompiler
from .conditions import holds
from .plans import RulePlan, plans_of
from .refusals import EngineRefusal
from .shapes import PROVENANCES, facts_named
from .terms import Terms
from .verdicts import NOT_KNOWN, Verdict, judged, packed_signals, packed_unanswered, words_of

CLAIMS: dict[str, pl.DataType | type[pl.DataType]] = {"claim": pl.Int64, "asks_for": pl.List(pl.String)}
LOSSES: dict[str, pl.DataType | type[pl.DataType]] = {
    "claim": pl.Int64,
    "loss": pl.Int64,
    "service": pl.Int32,
    "start_at": pl.Int64,
    "end_at": pl.Int64,
}
FACTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "claim": pl.Int64, "loss": pl.Int64, "name": pl.String,
    "value": pl.Int64, "text": pl.String, "provenance": pl.Int8,
}  # fmt: skip
LINES: dict[str, pl.DataType | type[pl.DataType]] = {
    "claim": pl.Int64, "position": pl.Int16, "rule": pl.Int32, "loss": pl.Int64, "outcome": pl.String,
    "reasons": pl.List(pl.String), "remedy": pl.String, "unit": pl.String, "quantity": pl.Int64,
    "currency": pl.String, "counted_seconds": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Claims with their losses and facts; columns as in CLAIMS, LOSSES and FACTS.

    `service` is an index into `Terms.services`; instants are microseconds since 1970 UTC, spans half-open;
    one row of facts per (claim, loss, name), the loss empty for facts of the claim; provenance is a position
    in `shapes.PROVENANCES`.
    """

    claims: pl.DataFrame
    losses: pl.DataFrame
    facts: pl.DataFrame

    def __post_init__(self) -> None:
        for name, frame, schema in (
            ("claims", self.claims, CLAIMS), ("losses", self.losses, LOSSES), ("facts", self.facts, FACTS),
        ):  # fmt: skip
            if dict(frame.schema) != schema:
                raise EngineRefusal("batch_schema", f"found {dict(frame.schema)}, expected {schema}", name)


FEW_CLAIMS = 200
MOST_LINES = 2**15  # of one claim: what a position can number


@dataclass(frozen=True)
class Assessed:
    """Lines in two parts: what differs from row to row, and the verdicts that rows share.

    `rows`: claim, position, loss, quantity, counted_seconds, verdict (a position in `verdicts`), sorted by
    claim and position.
    """

    rows: pl.DataFrame
    verdicts: list[Verdict]

    def lines(self) -> pl.DataFrame:
        """One table (LINES)."""
        said = pl.DataFrame(
            [(v.rule, v.outcome, list(v.reasons), v.remedy, v.unit, v.currency) for v in self.verdicts],
            schema={name: LINES[name] for name in ("rule", "outcome", "reasons", "remedy", "unit", "currency")},
            orient="row",
        )
        return self.rows.hstack(said[self.rows["verdict"]]).select(*LINES)


@dataclass(frozen=True)
class Traced:
    """Lines with what they were made of: per rule the subjects with every step, and each overlap."""

    lines: pl.DataFrame
    subjects: dict[int, pl.DataFrame]
    overlaps: dict[int, pl.DataFrame]
    impact: pl.DataFrame
    steps: dict[int, list[tuple[str, str, int]]]  # per rule: path, kind, denominator of column s:<path>


def assess(batch: Batch, terms: Terms) -> pl.DataFrame:
    """Lines (LINES), sorted by claim and position: rules in order, then losses that no rule answers.

    Raises what `assess_apart` raises.
    """
    return assess_apart(batch, terms).lines()


def assess_apart(batch: Batch, terms: Terms) -> Assessed:
    """The same, in two parts: what is written a million times is rendered once per verdict.

    Raises EngineRefusal `out_of_range` for a fact beyond the bounds of its type or a loss beyond those of an
    instant, `required`, `interval_invalid`, `unknown_service` and `duplicate_loss` for other broken losses,
    `provenance_unknown` and `duplicate_fact`, and `too_many_lines` for a claim with more than MOST_LINES.
    """
    return _answer(_collect(_asked(batch, terms), batch), terms)


def assess_traced(batch: Batch, terms: Terms) -> Traced:
    """The same lines, by the same pipelines, with the intermediate columns kept."""
    plans = plans_of(terms)
    pipelines = [Pipeline(plan, batch, terms) for plan in plans]
    asked = _asked(batch, terms)
    frames = [pipeline.evaluated() for pipeline in pipelines]
    frames += [pipeline.overlaps() for pipeline in pipelines]
    frames.append(_overlaps(batch.losses.lazy(), terms.impact_frame))
    collected = _collect([*asked, *frames], batch)
    lines = _answer(collected[: len(asked)], terms).lines()
    rest = collected[len(asked) :]
    subjects = dict(enumerate(rest[: len(plans)]))
    overlaps = dict(enumerate(rest[len(plans) : 2 * len(plans)]))
    steps = {i: [(s.path, s.kind, s.value.denominator) for s in plan.steps] for i, plan in enumerate(plans)}
    return Traced(lines, subjects, overlaps, rest[-1], steps)


def _asked(batch: Batch, terms: Terms) -> list[pl.LazyFrame]:
    """All that one call collects: two checks of the batch, and the rows."""
    return [_extremes_of_losses(batch), _extremes_of_facts(batch), _ordered(_all_rows(batch, terms))]


def _collect(frames: list[pl.LazyFrame], batch: Batch) -> list[pl.DataFrame]:
    """All at once. For one person planning the query well takes longer than the query."""
    if batch.claims.height < FEW_CLAIMS:
        return pl.collect_all(frames, optimizations=pl.QueryOptFlags.none())
    return pl.collect_all(frames)


def _answer(collected: list[pl.DataFrame], terms: Terms) -> Assessed:
    losses, facts, rows = collected
    _hold_losses(losses, terms)
    _hold_facts(facts, terms)
    return _in_words(rows, terms)


# --- what the batch may hold --------------------------------------------------------------------


def _extremes_of_losses(batch: Batch) -> pl.LazyFrame:
    return batch.losses.lazy().select(
        rows=pl.len(), distinct=pl.col("loss").n_unique(), known=pl.min_horizontal(pl.all().count()),
        first=pl.col("start_at").min(), last=pl.col("end_at").max(), shortest=(pl.col("end_at") - pl.col("start_at")).min(),
        least=pl.col("service").min(), most=pl.col("service").max(),
    )  # fmt: skip


def _hold_losses(found: pl.DataFrame, terms: Terms) -> None:
    """What nothing behind this asks again: a broken row would give an amount, not an error."""
    of = found.row(0, named=True)
    if not of["rows"]:
        return
    low, high = FACT_BOUNDS["instant"]
    if of["known"] < of["rows"]:
        raise EngineRefusal("required", "a loss has a value in every column", "losses")
    if of["first"] < low or of["last"] > high:
        raise EngineRefusal("out_of_range", "a loss lies between the years 2000 and 2100", "losses")
    if of["shortest"] < 0:  # one of no length was still open when it began: a later record may give it time
        raise EngineRefusal("interval_invalid", "a loss ends before it starts", "losses")
    if of["least"] < 0 or of["most"] >= len(terms.services):
        raise EngineRefusal("unknown_service", f"service is an index below {len(terms.services)}", "losses")
    if of["distinct"] < of["rows"]:
        raise EngineRefusal("duplicate_loss", "a loss number appears twice", "losses")


def _extremes_of_facts(batch: Batch) -> pl.LazyFrame:
    value, provenance = pl.col("value"), pl.col("provenance")
    return batch.facts.lazy().group_by("name").agg(
        least=value.min(), most=value.max(), rows=pl.len(), places=pl.struct("claim", "loss").n_unique(),
        weakest=provenance.fill_null(-1).min(), strongest=provenance.max(),
    )  # fmt: skip


def _hold_facts(found: pl.DataFrame, terms: Terms) -> None:
    """The widths of all columns rest on FACT_BOUNDS: beyond them a product would have overflowed in silence."""
    kinds = {name: spec.type for pack in terms.packs for name, spec in pack.body.facts.items() if spec.type != "text"}
    for of in found.iter_rows(named=True):
        where = f"facts.{of['name']}"
        if of["weakest"] < 0 or of["strongest"] >= len(PROVENANCES):
            raise EngineRefusal("provenance_unknown", f"provenance is a position in {', '.join(PROVENANCES)}", where)
        if of["places"] < of["rows"]:
            raise EngineRefusal("duplicate_fact", "a claim or loss has two values of it; give the one that governs", where)
        low, high = FACT_BOUNDS[kinds[of["name"]]] if of["name"] in kinds else (of["least"], of["most"])
        if of["least"] is not None and (of["least"] < low or of["most"] > high):
            message = f"found {of['least']} to {of['most']}; it lies between {low} and {high}"
            raise EngineRefusal("out_of_range", message, where)


# --- from pipelines to lines --------------------------------------------------------------------


def _all_rows(batch: Batch, terms: Terms) -> pl.LazyFrame:
    """Per line: claim, rule (the number of rules where none answers), loss, amount, counted, choice and its signals."""
    plans = plans_of(terms)
    pipelines = [Pipeline(plan, batch, terms) for plan in plans if _concerns(plan, batch)]
    answered = [pipeline.answered() for pipeline in pipelines if pipeline.plan.answers_losses]
    words = words_of(plans)
    return pl.concat([*(pipeline.rows(words) for pipeline in pipelines), _unanswered(batch, terms, answered, words)])


def _concerns(plan: RulePlan, batch: Batch) -> bool:
    """False where the rule can have no line in this batch: cheaper than a pipeline over no rows."""
    if plan.compiled.pack.body.asked_for and not (batch.claims["asks_for"].list.len() > 0).any():
        return False
    services = batch.losses["service"].unique()
    return not plan.answers_losses or bool(plan.services["service"].is_in(services.implode()).any())


def _ordered(rows: pl.LazyFrame) -> pl.LazyFrame:
    ordered = rows.sort("claim", "rule", "loss").with_row_index("row")
    first = pl.when(pl.col("claim") != pl.col("claim").shift(1)).then("row").forward_fill().fill_null(0)
    return ordered.with_columns(position=pl.col("row") - first).drop("row")


def _in_words(rows: pl.DataFrame, terms: Terms) -> Assessed:
    plans = plans_of(terms)
    most = rows["position"].max()
    if isinstance(most, int) and most >= MOST_LINES:
        raise EngineRefusal("too_many_lines", f"a claim has {most + 1} lines; at most {MOST_LINES} are numbered", "losses")
    found, verdicts = judged(rows, plans, words_of(plans))
    pays = pl.DataFrame({"pays": [v.pays for v in verdicts]}, schema={"pays": pl.Boolean})[found["verdict"]]
    quantity = pl.when("pays").then(pl.col("amount").clip(0)).when(~pl.col("pays")).then(pl.lit(0, dtype=pl.Int64))
    rows = found.hstack(pays).select(
        "claim", "loss", "verdict", position=pl.col("position").cast(pl.Int16),
        quantity=quantity, counted_seconds=pl.col("counted") // 1_000_000,
    )  # fmt: skip
    return Assessed(rows, verdicts)


class Pipeline:
    """One rule over one batch, as lazy frames."""

    def __init__(self, plan: RulePlan, batch: Batch, terms: Terms) -> None:
        self.plan = plan
        self.batch = batch
        self.terms = terms

    def in_scope(self) -> pl.LazyFrame:
        """Claims (column claim) that are this pack's business."""
        body = self.plan.compiled.pack.body
        claims = self.batch.claims.lazy()
        if body.asked_for:
            claims = claims.filter(pl.col("asks_for").list.contains(body.code))
        claims = claims.select("claim")
        if body.scope:
            claims = self._with_facts(claims, facts_named(body.scope))
            amounts = AmountCompiler(self.plan.compiled.pack, self.terms.record)
            claims = claims.filter([holds(c, amounts, f"scope[{n}]") for n, c in enumerate(body.scope)]).select("claim")
        return claims

    def matched(self) -> pl.LazyFrame:
        """Losses that this rule answers."""
        body = self.plan.compiled.pack.body
        losses = self.batch.losses.lazy().join(self.plan.services.lazy(), on="service")
        if body.asked_for or body.scope:
            losses = losses.join(self.in_scope(), on="claim", how="semi")
        return losses

    def answered(self) -> pl.LazyFrame:
        return self.matched().select("loss")

    def overlaps(self) -> pl.LazyFrame:
        return _overlaps(self.matched(), self.plan.segments)

    def evaluated(self) -> pl.LazyFrame:
        """One row per subject with its facts, counted time, choice, steps and amount."""
        plan = self.plan
        subjects = self._with_facts(self._subjects(), plan.facts)
        steps = [step.value.numerator.alias(f"s:{step.path}") for step in plan.steps]
        return subjects.with_columns(steps).with_columns(choice=plan.choice).with_columns(amount=plan.amount)

    def _subjects(self) -> pl.LazyFrame:
        """What the rule gives a line to, each with its time: a claim, or each of its losses."""
        plan = self.plan
        if plan.rule.losses is None:
            return self.in_scope().with_columns(
                counted=pl.lit(0, dtype=pl.Int64), touched=pl.lit(0, dtype=pl.Int64),
                uncounted=pl.lit(False), length=pl.lit(0, dtype=pl.Int64),
                official=pl.lit(True), reported=pl.lit(False),
            )  # fmt: skip
        length = pl.col("end_at") - pl.col("start_at")
        if plan.rule.losses.each:
            subjects = self.matched().select("claim", "loss", "official", "reported", length=length)
            counted = _counted_per_loss(self.overlaps())
        else:
            times = (length.sum().alias("length"), pl.col("official").any(), pl.col("reported").any())
            subjects = self.matched().group_by("claim").agg(times)
            counted = _counted_per_claim(self.overlaps())
        return subjects.join(counted, on=plan.keys[-1], how="left").with_columns(
            pl.col("counted", "touched").fill_null(0), uncounted=pl.col("uncounted").fill_null(False)
        )

    def rows(self, words: int) -> pl.LazyFrame:
        """One row per line, with the signals that `verdicts.judge` reads."""
        plan = self.plan
        return self.evaluated().select(
            "claim", pl.lit(plan.compiled.index, dtype=pl.Int32).alias("rule"),
            pl.col("loss") if "loss" in plan.keys else pl.lit(None, dtype=pl.Int64).alias("loss"),
            "amount", "counted", pl.col("choice").fill_null(NOT_KNOWN), *packed_signals(plan, words),
        )  # fmt: skip

    def _with_facts(self, frame: pl.LazyFrame, facts: Iterable[str]) -> pl.LazyFrame:
        """The frame with v:, t: and p: columns of each fact; null where it is not known by a word that may quote."""
        for fact in facts:
            spec = self.plan.compiled.pack.body.facts[fact]
            of_loss = spec.of == "loss"
            keys = ["claim", "loss"] if of_loss else ["claim"]
            belongs = pl.col("loss").is_not_null() if of_loss else pl.col("loss").is_null()
            heard = pl.col("provenance") >= PROVENANCES.index(spec.quote)
            column = self.batch.facts.lazy().filter((pl.col("name") == fact) & belongs & heard)
            named = column.select(
                *keys, pl.col("value").alias(f"v:{fact}"), pl.col("text").alias(f"t:{fact}"),
                pl.col("provenance").alias(f"p:{fact}"),
            )  # fmt: skip
            frame = frame.join(named, on=keys, how="left")
        return frame


def _overlaps(losses: pl.LazyFrame, segments: pl.DataFrame) -> pl.LazyFrame:
    """One row per loss and segment that share time: claim, loss, start_at, end_at (shared), weight, segment."""
    start_at = pl.max_horizontal("start_at", "seg_start")
    end_at = pl.min_horizontal("end_at", "seg_end")
    return (
        losses.join(segments.lazy(), on="service")
        .filter((pl.col("start_at") < pl.col("seg_end")) & (pl.col("seg_start") < pl.col("end_at")))
        .select("claim", "loss", start_at=start_at, end_at=end_at, weight=pl.col("weight"), segment=pl.col("segment"))
    )


def _counted_per_claim(overlaps: pl.LazyFrame) -> pl.LazyFrame:
    """Per claim: microseconds counted (where losses overlap, each counts once) and touched (each loss by itself).

    `reached` is how far the claim's counted time has come before this row. One running maximum serves all claims:
    the claim's number stands above the instant in 128 bits, so a later claim begins anew. A window function per
    claim takes 25 times as long.
    """
    counting = pl.col("weight") > 0
    above = pl.col("claim").cast(pl.Int128) * 2**62
    reached = (above + pl.when(counting).then("end_at").otherwise(0)).cum_max().shift(1).fill_null(above) - above
    fresh = pl.col("end_at") - pl.max_horizontal("start_at", reached.clip(0).cast(pl.Int64))
    return (
        overlaps.sort("claim", "start_at")
        .select(
            "claim",
            counted=pl.when(counting).then(fresh.clip(0)).otherwise(0),
            touched=pl.col("end_at") - pl.col("start_at"),
            uncounted=~counting,
        )
        .group_by("claim")
        .agg(pl.col("counted", "touched").sum(), pl.col("uncounted").any())
    )


def _counted_per_loss(overlaps: pl.LazyFrame) -> pl.LazyFrame:
    """The same per loss: the segments of one service do not overlap, so there is nothing to count once."""
    counting = pl.col("weight") > 0
    length = pl.col("end_at") - pl.col("start_at")
    return (
        overlaps.select("loss", counted=pl.when(counting).then(length).otherwise(0), touched=length, uncounted=~counting)
        .group_by("loss")
        .agg(pl.col("counted", "touched").sum(), pl.col("uncounted").any())
    )


def _unanswered(batch: Batch, terms: Terms, answered: list[pl.LazyFrame], words: int) -> pl.LazyFrame:
    """A row for every loss that no policy in scope speaks of: recorded, measured and answered."""
    losses = batch.losses.lazy()
    if answered:
        losses = losses.join(pl.concat(answered).unique(), on="loss", how="anti")
    counted = _counted_per_loss(_overlaps(losses, terms.impact_frame))
    return (
        losses.join(terms.service_frame.lazy(), on="service", how="left")
        .join(counted, on="loss", how="left")
        .with_columns(pl.col("counted").fill_null(0))
        .select(
            "claim", pl.lit(len(terms.compiled), dtype=pl.Int32).alias("rule"), "loss",
            pl.lit(None, dtype=pl.Int64).alias("amount"), "counted", pl.lit(NOT_KNOWN, dtype=pl.Int32).alias("choice"),
            *packed_unanswered(words),
        )
    )  # fmt: skip
