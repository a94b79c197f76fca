"""assess(batch, terms) -> lines: the one engine, for a batch of one and of a million.

Every rule becomes one lazy pipeline of columns; all of them are collected together, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from .amounts import FACT_BOUNDS, AmountCompiler
from .conditions import holds
from .plans import RulePlan, plans_of
from .refusals import EngineRefusal
from .shapes import facts_named
from .terms import Terms

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

    Raises EngineRefusal `out_of_range` for a fact beyond the bounds of its type.
    """
    bounds, lines = pl.collect_all([_least_and_most(batch), _ordered(_all_lines(batch, terms))])
    _hold_to_bounds(bounds, terms)
    return lines


def assess_traced(batch: Batch, terms: Terms) -> Traced:
    """The same lines, by the same pipelines, with the intermediate columns kept."""
    plans = plans_of(terms)
    pipelines = [Pipeline(plan, batch, terms) for plan in plans]
    frames = [_least_and_most(batch), _ordered(_all_lines(batch, terms))]
    frames += [pipeline.evaluated() for pipeline in pipelines]
    frames += [pipeline.overlaps() for pipeline in pipelines]
    frames.append(_overlaps(batch.losses.lazy(), terms.segment_frame(terms.impact)))
    bounds, lines, *rest = pl.collect_all(frames)
    _hold_to_bounds(bounds, terms)
    subjects = dict(enumerate(rest[: len(plans)]))
    overlaps = dict(enumerate(rest[len(plans) : 2 * len(plans)]))
    steps = {i: [(s.path, s.kind, s.value.denominator) for s in plan.steps] for i, plan in enumerate(plans)}
    return Traced(lines, subjects, overlaps, rest[-1], steps)


def _least_and_most(batch: Batch) -> pl.LazyFrame:
    known = batch.facts.lazy().filter(pl.col("value").is_not_null())
    return known.group_by("name").agg(pl.col("value").min().alias("least"), pl.col("value").max().alias("most"))


def _hold_to_bounds(bounds: pl.DataFrame, terms: Terms) -> None:
    """The widths of all columns rest on FACT_BOUNDS: beyond them a product would have overflowed in silence."""
    kinds = {name: spec.type for pack in terms.packs for name, spec in pack.body.facts.items() if spec.type != "text"}
    for name, least, most in bounds.iter_rows():
        low, high = FACT_BOUNDS[kinds[name]] if name in kinds else (least, most)
        if least < low or most > high:
            raise EngineRefusal("out_of_range", f"found {least} to {most}; it lies between {low} and {high}", f"facts.{name}")


def _all_lines(batch: Batch, terms: Terms) -> pl.LazyFrame:
    pipelines = [Pipeline(plan, batch, terms) for plan in plans_of(terms) if _concerns(plan, batch)]
    answered = [pipeline.answered() for pipeline in pipelines if pipeline.plan.answers_losses]
    return pl.concat([*(pipeline.lines() for pipeline in pipelines), _unanswered(batch, terms, answered)])


def _concerns(plan: RulePlan, batch: Batch) -> bool:
    """False where the rule can have no line in this batch: cheaper than a pipeline over no rows."""
    if plan.compiled.pack.body.asked_for and not (batch.claims["asks_for"].list.len() > 0).any():
        return False
    services = batch.losses["service"].unique()
    return not plan.answers_losses or bool(plan.services["service"].is_in(services.implode()).any())


def _ordered(lines: pl.LazyFrame) -> pl.LazyFrame:
    ordered = lines.sort("claim", "rule", "loss", nulls_last=True).with_row_index("row")
    first = pl.when(pl.col("claim") != pl.col("claim").shift(1)).then("row").forward_fill().fill_null(0)
    return ordered.with_columns(position=(pl.col("row") - first).cast(pl.Int16)).select(*LINES)


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
        if plan.rule.losses is None:
            subjects = self.in_scope().with_columns(
                counted=pl.lit(0, dtype=pl.Int64), touched=pl.lit(0, dtype=pl.Int64),
                uncounted=pl.lit(False), length=pl.lit(0, dtype=pl.Int64),
                official=pl.lit(True), reported=pl.lit(False),
            )  # fmt: skip
        else:
            length = pl.col("end_at") - pl.col("start_at")
            subjects = (
                self.matched()
                .group_by(plan.keys)
                .agg(length=length.sum(), official=pl.col("official").any(), reported=pl.col("reported").any())
                .join(_counted(self.overlaps(), plan.keys), on=plan.keys, how="left")
                .with_columns(pl.col("counted", "touched").fill_null(0), uncounted=pl.col("uncounted").fill_null(False))
            )
        subjects = self._with_facts(subjects, plan.facts)
        steps = [step.value.numerator.alias(f"s:{step.path}") for step in plan.steps]
        return subjects.with_columns(steps).with_columns(choice=plan.choice).with_columns(amount=plan.amount)

    def lines(self) -> pl.LazyFrame:
        plan, rule = self.plan, self.plan.rule
        refused, missing, reviews = (_any(checks) for checks in (plan.refused, plan.missing, plan.reviews))
        official, counted = pl.col("official"), pl.col("counted") > 0
        if rule.losses is None or rule.losses.overlap == "not_required":
            official, counted = pl.lit(True), pl.lit(True)
        owed = pl.col("amount") > 0
        no_choice = (pl.col("choice") == -1).fill_null(False)
        unsure = pl.col("amount").is_null() & ~no_choice & ~missing & ~reviews
        outcome = (
            pl.when(refused).then(pl.lit("not_eligible"))
            .when(~official).then(pl.lit("parked"))
            .when(~counted).then(pl.lit("not_eligible"))
            .when(missing).then(pl.lit("unknown"))
            .when(no_choice).then(pl.lit("not_eligible"))
            .when(reviews).then(pl.lit("needs_review"))
            .when(unsure).then(pl.lit("unknown"))
            .when(~owed).then(pl.lit("not_eligible"))
            .otherwise(pl.lit("eligible"))
        )  # fmt: skip
        nothing = ~refused & official & counted & ~missing & (no_choice | (~reviews & ~owed.fill_null(True)))
        checks = [
            *plan.refused,
            (~official, "no_official_window"),
            (~official & pl.col("reported"), "citizen_report_only"),
            (official & ~counted & (pl.col("touched") == 0), "outside_official_windows"),
            (official & ~counted & pl.col("uncounted"), "window_not_counted"),
            (official & counted & (pl.col("touched") < pl.col("length")), "partly_outside_official_windows"),
            (official & counted & (pl.col("counted") > 0) & pl.col("uncounted"), "partly_in_window_not_counted"),
            *plan.missing,
            *((unsure & check, reason) for check, reason in plan.absent),
            *plan.reviews,
            (nothing, "nothing_owed"),
        ]
        paying = pl.col("outcome").is_in(["eligible", "needs_review"])
        refusing = pl.col("outcome") == "not_eligible"
        quantity = pl.when(paying).then(pl.col("amount").clip(0)).when(refusing).then(pl.lit(0, dtype=pl.Int64))
        remedies = [choice.remedy for choice in rule.choices]
        return (
            self.evaluated()
            .with_columns(
                rule=pl.lit(plan.compiled.index, dtype=pl.Int32),
                outcome=outcome,
                reasons=pl.concat_list(_reasons(checks)).list.drop_nulls(),
                counted_seconds=pl.col("counted") // 1_000_000,
                position=pl.lit(0, dtype=pl.Int16),
                loss=pl.col("loss") if "loss" in plan.keys else pl.lit(None, dtype=pl.Int64),
                remedy=_remedy([r.instrument for r in remedies]),
                unit=_remedy([r.unit for r in remedies]),
                currency=_remedy([r.currency for r in remedies]),
            )
            .with_columns(quantity=quantity)
            .select(*LINES)
        )

    def _with_facts(self, frame: pl.LazyFrame, facts: Iterable[str]) -> pl.LazyFrame:
        """The frame with v:, t: and p: columns of each fact; null where it is not known."""
        for fact in facts:
            of_loss = self.plan.compiled.pack.body.facts[fact].of == "loss"
            keys = ["claim", "loss"] if of_loss else ["claim"]
            belongs = pl.col("loss").is_not_null() if of_loss else pl.col("loss").is_null()
            column = self.batch.facts.lazy().filter((pl.col("name") == fact) & belongs)
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


def _counted(overlaps: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Per key: microseconds counted (where losses overlap, each counts once) and touched (each loss by itself)."""
    counting = pl.col("weight") > 0
    length = pl.col("end_at") - pl.col("start_at")
    counted_end = pl.when(counting).then("end_at")
    reached = counted_end.cum_max().forward_fill().shift(1).over(keys)
    fresh = pl.col("end_at") - pl.max_horizontal("start_at", "reached")
    return (
        overlaps.sort(*keys, "start_at")
        .with_columns(reached=reached)
        .group_by(keys)
        .agg(
            counted=fresh.clip(0).filter(counting).sum(),
            touched=length.sum(),
            uncounted=(~counting).any(),
        )
    )


def _unanswered(batch: Batch, terms: Terms, answered: list[pl.LazyFrame]) -> pl.LazyFrame:
    """A line for every loss that no policy in scope speaks of: recorded, measured and answered."""
    losses = batch.losses.lazy()
    if answered:
        losses = losses.join(pl.concat(answered).unique(), on="loss", how="anti")
    services = pl.DataFrame(
        [
            (index, code in terms.official_services, code in terms.record.reported, terms.has_official_functions(code))
            for index, code in enumerate(terms.services)
        ],
        schema={"service": pl.Int32, "official": pl.Boolean, "reported": pl.Boolean, "functions": pl.Boolean},
        orient="row",
    )
    counted = _counted(_overlaps(losses, terms.segment_frame(terms.impact)), ["claim", "loss"])
    official, touched = pl.col("official"), pl.col("counted").fill_null(0) > 0
    unnamed = ~official & pl.col("functions")
    outcome = pl.when(unnamed).then(pl.lit("unknown")).when(~official).then(pl.lit("parked")).otherwise(pl.lit("not_eligible"))
    return (
        losses.join(services.lazy(), on="service", how="left")
        .join(counted, on=["claim", "loss"], how="left")
        .with_columns(
            position=pl.lit(0, dtype=pl.Int16),
            rule=pl.lit(None, dtype=pl.Int32),
            outcome=outcome,
            reasons=pl.concat_list(
                _reason(unnamed, "function_not_named"),
                _reason(~official & ~unnamed, "no_official_window"),
                _reason(~official & pl.col("reported"), "citizen_report_only"),
                _reason(official & ~touched, "outside_official_windows"),
                _reason(official, "no_policy_pays"),
            ).list.drop_nulls(),
            remedy=pl.lit(None, dtype=pl.String),
            unit=pl.lit(None, dtype=pl.String),
            currency=pl.lit(None, dtype=pl.String),
            quantity=pl.when(official).then(pl.lit(0, dtype=pl.Int64)),
            counted_seconds=pl.col("counted").fill_null(0) // 1_000_000,
        )
        .select(*LINES)
    )


def _any(checks: Iterable[tuple[pl.Expr, str]]) -> pl.Expr:
    return pl.any_horizontal([pl.lit(False), *(check.fill_null(False) for check, _ in checks)])


def _reasons(checks: Iterable[tuple[pl.Expr, str]]) -> list[pl.Expr]:
    """One column per reason, however many checks give it."""
    by_reason: dict[str, list[tuple[pl.Expr, str]]] = {}
    for check, reason in checks:
        by_reason.setdefault(reason, []).append((check, reason))
    return [_reason(_any(same), reason) for reason, same in by_reason.items()]


def _reason(check: pl.Expr, reason: str) -> pl.Expr:
    return pl.when(check.fill_null(False)).then(pl.lit(reason))


def _remedy(values: list[str | None]) -> pl.Expr:
    """The value of the choice that holds; the first one's where none does."""
    chosen: pl.Expr = pl.lit(values[0], dtype=pl.String)
    for i, value in enumerate(values[1:], start=1):
        chosen = pl.when(pl.col("choice") == i).then(pl.lit(value, dtype=pl.String)).otherwise(chosen)
    return chosen
