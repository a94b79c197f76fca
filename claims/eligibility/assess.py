"""assess(batch, terms) -> lines: the one engine, for a batch of one and of a million.

Every rule becomes one lazy pipeline of columns; all of them are collected together, once. What the rows
say in words is judged once per combination (`verdicts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from .amounts import Pieces, step_columns
from .exact import FACT_BOUNDS, LONGEST, width
from .instants import SECOND
from .pieces import COUNTING, FRESH_FROM, evaluated_pieces, joined, layers, made, traced_pieces
from .plans import FactColumns, MeasurePlan, RulePlan, plans_of
from .refusals import EngineRefusal
from .shapes import PROVENANCES
from .terms import Terms
from .verdicts import Verdict, judged, limited, row_columns, unanswered_columns, words_of

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

    @cached_property
    def services(self) -> frozenset[int]:
        """Indexes of the services that were lost."""
        return frozenset(self.losses["service"].to_list())

    @cached_property
    def asks(self) -> bool:
        """Whether any claim asks for a policy by its code."""
        return any(self.claims["asks_for"].to_list())

    @cached_property
    def facts_of_claims(self) -> pl.DataFrame:
        """One row per claim that has facts: claim, and value_, text_ and provenance_<fact> for each of the batch."""
        facts = self.facts if self._all_of_claims else self.facts.filter(pl.col("loss").is_null())
        return _wide(facts, ["claim"])

    @cached_property
    def facts_of_losses(self) -> pl.DataFrame:
        """The same per loss: claim, loss, and the columns of each fact."""
        facts = self.facts.clear() if self._all_of_claims else self.facts.filter(pl.col("loss").is_not_null())
        return _wide(facts, ["claim", "loss"])

    @property
    def _all_of_claims(self) -> bool:
        return self.facts["loss"].null_count() == self.facts.height


FACT_COLUMNS = ("value", "text", "provenance")


def _wide(facts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Turned once for all rules: a join per fact and rule takes several times as long."""
    if facts.is_empty():
        return facts.select(keys)
    names = sorted(set(facts["name"].to_list()))  # told by us, it takes half as long for one claim
    return facts.pivot(on="name", on_columns=names, index=keys, values=FACT_COLUMNS, aggregate_function="first")


FEW_CLAIMS = 200
UNPLANNED = pl.QueryOptFlags.none()
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
        shared = ("rule", "outcome", "reasons", "remedy", "unit", "currency")
        said = {name: [getattr(verdict, name) for verdict in self.verdicts] for name in shared}
        told = pl.DataFrame(said, schema={name: LINES[name] for name in shared})[self.rows["verdict"]]
        return pl.DataFrame([told[name] if name in shared else self.rows[name] for name in LINES])


@dataclass(frozen=True)
class Traced:
    """Lines with what they were made of: per rule that can have some, the subjects with every step, each overlap by measure,
    and each piece.
    """

    lines: pl.DataFrame
    subjects: dict[int, pl.DataFrame]
    overlaps: dict[tuple[int, str], pl.DataFrame]
    impact: pl.DataFrame
    pieces: dict[int, list[tuple[Pieces, pl.DataFrame]]]


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
    """The same lines, by the same pipelines, with the intermediate columns kept. The lines are made of the very subjects that
    the trace has: they are calculated once.
    """
    plans = plans_of(terms)
    pipelines = {pipeline.plan.compiled.index: pipeline for pipeline in _pipelines(batch, terms)}
    pieces = [(i, plan, rows) for i, pipeline in pipelines.items() for plan, rows in pipeline.traced_pieces()]
    measures = [(i, name) for i in pipelines for name in plans[i].uncut]
    parts = [
        _extremes(batch), _unanswered(list(pipelines.values()), batch, terms),
        [pipeline.evaluated(traced=True) for pipeline in pipelines.values()],
        [pipelines[i].overlaps_uncut(name) for i, name in measures],
        [rows for _, _, rows in pieces],
        [_overlaps(batch.losses.lazy(), terms.impact_frame)],
    ]  # fmt: skip
    collected = iter(_collect([frame for part in parts for frame in part], batch))
    extremes, others, subjects, overlaps, cut, (impact,) = ([next(collected) for _ in part] for part in parts)
    words = words_of(plans)
    rows = [frame.lazy().select(row_columns(plans[i], words)) for i, frame in zip(pipelines, subjects, strict=True)]
    (ordered,) = _collect([_ordered([*rows, *(frame.lazy() for frame in others)])], batch)
    found: dict[int, list[tuple[Pieces, pl.DataFrame]]] = {}
    for (i, plan, _), of_pieces in zip(pieces, cut, strict=True):
        found.setdefault(i, []).append((plan, of_pieces))
    return Traced(
        _answer([*extremes, ordered], terms).lines(), dict(zip(pipelines, subjects, strict=True)),
        dict(zip(measures, overlaps, strict=True)), impact, found,
    )  # fmt: skip


def planning_for(claims: int) -> pl.QueryOptFlags:
    """For one person even planning a query well takes longer than the query."""
    return UNPLANNED if claims < FEW_CLAIMS else pl.QueryOptFlags()


def _asked(batch: Batch, terms: Terms) -> list[pl.LazyFrame]:
    """All that one call collects: two checks of the batch, and the rows."""
    pipelines, words = list(_pipelines(batch, terms)), words_of(plans_of(terms))
    return [*_extremes(batch), _ordered([*(one.rows(words) for one in pipelines), *_unanswered(pipelines, batch, terms)])]


def _collect(frames: list[pl.LazyFrame], batch: Batch) -> list[pl.DataFrame]:
    """All at once, by the engine that holds everything in memory.

    The streaming one takes 2.5 times as long for one claim and 1.2 times for a chunk of 20,000.
    """
    try:
        return pl.collect_all(frames, engine="in-memory", optimizations=planning_for(batch.claims.height))
    except pl.exceptions.InvalidOperationError:  # it refuses what some constants make of each other; the other does not
        return pl.collect_all(frames, engine="streaming")


def _answer(collected: list[pl.DataFrame], terms: Terms) -> Assessed:
    losses, facts, rows = collected
    _hold_losses(losses, terms)
    _hold_facts(facts, terms)
    return _in_words(rows, terms)


# --- what the batch may hold --------------------------------------------------------------------


def _extremes(batch: Batch) -> list[pl.LazyFrame]:
    return [_extremes_of_losses(batch), _extremes_of_facts(batch)]


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


def _pipelines(batch: Batch, terms: Terms) -> Iterator[Pipeline]:
    return (Pipeline(plan, batch, terms) for plan in plans_of(terms) if concerns(plan, batch))


def concerns(plan: RulePlan, batch: Batch) -> bool:
    """False where the rule can have no line in this batch: cheaper than a pipeline over no rows."""
    if plan.compiled.pack.body.asked_for and not batch.asks:
        return False
    return not plan.answers_losses or not plan.lost.isdisjoint(batch.services)


def _ordered(rows: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Per line: claim, rule (the number of rules where none answers), loss, amount, counted, choice and its signals."""
    ordered = pl.concat(rows).sort("claim", "rule", "loss").with_row_index("row")
    first = pl.when(pl.col("claim") != pl.col("claim").shift(1)).then("row").forward_fill().fill_null(0)
    return ordered.with_columns(position=pl.col("row") - first).drop("row")


WRITTEN = (
    pl.col("claim"), pl.col("loss"), pl.col("verdict"), pl.col("position").cast(pl.Int16),
    pl.col("quantity"), (pl.col("counted") // SECOND).alias("counted_seconds"),
)  # fmt: skip


def _in_words(rows: pl.DataFrame, terms: Terms) -> Assessed:
    plans = plans_of(terms)
    most = rows["position"].max()
    if isinstance(most, int) and most >= MOST_LINES:
        raise EngineRefusal("too_many_lines", f"a claim has {most + 1} lines; at most {MOST_LINES} are numbered", "losses")
    found, verdicts = judged(rows, plans, words_of(plans))
    found, verdicts = limited(found, verdicts, plans)
    return Assessed(found.select(WRITTEN).collect(engine="in-memory", optimizations=UNPLANNED), verdicts)


class Pipeline:
    """One rule over one batch, as lazy frames."""

    def __init__(self, plan: RulePlan, batch: Batch, terms: Terms) -> None:
        self.plan = plan
        self.batch = batch
        self.terms = terms

    @property
    def asks_first(self) -> bool:
        """False where every loss of the rule's services is its business."""
        return self.plan.compiled.pack.body.asked_for or bool(self.plan.applies)

    def in_scope(self) -> pl.LazyFrame:
        """Claims (column claim) that are this rule's business."""
        body = self.plan.compiled.pack.body
        claims = self.batch.claims.lazy()
        if body.asked_for:
            claims = claims.filter(pl.col("asks_for").list.contains(body.code))
        claims = claims.select("claim")
        if self.plan.applies:
            claims = made(self._with_facts(claims, self.plan.claim_facts), self.plan.applies_shared)
            claims = claims.filter([one.fill_null(body.asked_for) for one in self.plan.applies]).select("claim")
        return claims

    @cached_property
    def matched(self) -> pl.LazyFrame:
        """Losses that this rule answers."""
        losses = self.batch.losses.lazy().join(self.plan.services.lazy(), on="service")
        if self.asks_first:
            losses = losses.join(self.in_scope(), on="claim", how="semi")
        return losses

    def answered(self) -> pl.LazyFrame:
        return self.matched.select("loss")

    def overlaps(self, measure: str = "") -> pl.LazyFrame:
        found = self.plan.measures[measure]
        return _overlaps(self.matched, found.frame, found.periods)

    def overlaps_uncut(self, measure: str) -> pl.LazyFrame:
        """Overlaps with windows as they are, for a reader."""
        return _overlaps(self.matched, self.plan.uncut[measure])

    def evaluated(self, *, traced: bool = False) -> pl.LazyFrame:
        """One row per subject with its facts, counted time, choice and amount; `traced`: also every step."""
        plan = self.plan
        subjects = self._with_facts(self._subjects(), plan.facts)
        for path, found in self.pieces(subjects).items():
            subjects = joined(subjects, found, path, plan.keys)
        subjects = made(subjects, plan.shared)
        if traced:
            subjects = subjects.with_columns(step_columns(plan.steps))
        return subjects

    def pieces(self, subjects: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
        """By path the rows of `total` and `greatest` nodes: the subject's keys, e:, n: and r: columns."""
        return {one.path: evaluated_pieces(one, self._spans(one.measure), subjects, self.plan.keys) for one in self.plan.pieces}

    def traced_pieces(self) -> Iterator[tuple[Pieces, pl.LazyFrame]]:
        subjects = self._with_facts(self._subjects(), self.plan.facts)
        for one in self.plan.pieces:
            yield from traced_pieces(one, self._spans(one.measure), subjects, self.plan.keys, self.plan.keys)

    def _spans(self, measure: str) -> pl.LazyFrame:
        found = self.plan.measures[measure]
        return layers(self.overlaps(measure), found.weights, each="loss" in self.plan.keys)

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
        planned = plan.measures[""].planned
        ends = [pl.col("start_at").min().alias("losses_start"), pl.col("end_at").max().alias("losses_end")]
        if plan.rule.losses.each:
            kept = ["start_at", "end_at"] if plan.instants else []
            subjects = self.matched.select("claim", "loss", "official", "reported", *kept, length=length)
            subjects = subjects.rename({"start_at": "losses_start", "end_at": "losses_end"}) if kept else subjects
            counted = _counted_per_loss(self.overlaps(), planned, counted_ends=bool(plan.instants))
        else:
            times = [length.sum().alias("length"), pl.col("official").any(), pl.col("reported").any()]
            subjects = self.matched.group_by("claim").agg([*times, *(ends if plan.instants else [])])
            counted = _counted_per_claim(self.overlaps(), planned, counted_ends=bool(plan.instants))
        measured = [*MEASURED, *([PLAIN] if plan.measures[""].plain else []), *([IN_PLANNED] if planned else [])]
        subjects = subjects.join(counted, on=plan.keys[-1], how="left").with_columns(measured)
        for measure in plan.measures.values():
            subjects = self._with_measure(subjects, measure)
        return subjects

    def _with_measure(self, subjects: pl.LazyFrame, measure: MeasurePlan) -> pl.LazyFrame:
        """The column w:<measure>, weighted microseconds over the measure's unit."""
        name = f"w:{measure.name}"
        if measure.plain:
            return subjects
        dtype = width(0, LONGEST * measure.unit)
        length = (pl.col("end_at") - pl.col("start_at")).cast(dtype) * pl.col("weight").cast(dtype)
        found = self._spans(measure.name).group_by(self.plan.keys).agg(length.sum().alias(name))
        return subjects.join(found, on=self.plan.keys, how="left").with_columns(pl.col(name).fill_null(0))

    def rows(self, words: int) -> pl.LazyFrame:
        """One row per line, with the signals that `verdicts.judge` reads."""
        return self.evaluated().select(row_columns(self.plan, words))

    def _with_facts(self, frame: pl.LazyFrame, facts: Sequence[FactColumns]) -> pl.LazyFrame:
        """The frame with v: or t:, and p: columns of each fact; null where it is not known by a word that may quote."""
        columns = [one for fact in facts for one in fact.silent if fact.of == "incident"]
        for of, keys, wide in (
            ("claim", ["claim"], self.batch.facts_of_claims), ("loss", ["claim", "loss"], self.batch.facts_of_losses),
        ):  # fmt: skip
            here = [fact for fact in facts if fact.of == of]
            told = {fact.name for fact in here if f"provenance_{fact.name}" in wide.columns}
            if told:
                named = [f"{column}_{name}" for name in sorted(told) for column in FACT_COLUMNS]
                frame = frame.join(wide.lazy().select(*keys, *named), on=keys, how="left")
            columns += [one for fact in here for one in (fact.heard if fact.name in told else fact.silent)]
        return frame.with_columns(columns) if columns else frame


MEASURED = (pl.col("counted", "touched").fill_null(0), pl.col("uncounted").fill_null(False))
PLAIN = pl.col("counted").fill_null(0).alias("w:")  # where time is not weighted
IN_PLANNED = pl.col("planned").fill_null(False)  # where some maintenance does not count


def _overlaps(losses: pl.LazyFrame, segments: pl.DataFrame, periods: Iterable[str] = ()) -> pl.LazyFrame:
    """One row per loss and segment that share time: claim, loss, start_at, end_at (shared), weight, segment.

    And per period the start of the one that the row lies in (q:<period>).
    """
    return (
        losses.join(segments.lazy(), on="service")
        .filter(SHARE_TIME)
        .select("claim", "loss", "weight", "segment", *(f"q:{period}" for period in periods), *SHARED_TIME)
    )


SHARE_TIME = (pl.col("start_at") < pl.col("seg_end")) & (pl.col("seg_start") < pl.col("end_at"))
SHARED_TIME = (
    pl.max_horizontal("start_at", "seg_start").alias("start_at"), pl.min_horizontal("end_at", "seg_end").alias("end_at"),
)  # fmt: skip


COUNTED_ENDS = (
    pl.col("start_at").filter(pl.col("weight") > 0).min().alias("counted_start"),
    pl.col("end_at").filter(pl.col("weight") > 0).max().alias("counted_end"),
)


def _counted_per_claim(overlaps: pl.LazyFrame, planned: Sequence[int], *, counted_ends: bool = False) -> pl.LazyFrame:
    """Per claim: microseconds counted (where losses overlap, each counts once) and touched (each loss by itself).

    And whether any time is uncounted, and, where segments are `planned`, whether any is in one of them instead.
    """
    kept = ["start_at", "end_at", "weight"] if counted_ends else []
    uncounted = _uncounted(planned)
    return (
        overlaps.sort("claim", "start_at")
        .select("claim", *kept, *ONCE_PER_CLAIM, **uncounted)
        .group_by("claim")
        .agg(TAKEN_TOGETHER, pl.col(*uncounted).any(), *(COUNTED_ENDS if counted_ends else ()))
    )


def _uncounted(planned: Sequence[int]) -> dict[str, pl.Expr]:
    """Columns that say why a row does not count; `planned` only where there are such segments."""
    if not planned:
        return {"uncounted": ~COUNTING}
    of_planned = pl.col("segment").is_in(list(planned))
    return {"uncounted": ~COUNTING & ~of_planned, "planned": of_planned}


FRESH = pl.col("end_at") - FRESH_FROM
LENGTH = pl.col("end_at") - pl.col("start_at")
ONCE_PER_CLAIM = (
    pl.when(COUNTING).then(FRESH.clip(0)).otherwise(0).alias("counted"), LENGTH.alias("touched"),
)  # fmt: skip
PER_LOSS = (pl.when(COUNTING).then(LENGTH).otherwise(0).alias("counted"), LENGTH.alias("touched"))
TAKEN_TOGETHER = pl.col("counted", "touched").sum()


def _counted_per_loss(overlaps: pl.LazyFrame, planned: Sequence[int] = (), *, counted_ends: bool = False) -> pl.LazyFrame:
    """The same per loss: the segments of one service do not overlap, so there is nothing to count once."""
    kept = ["start_at", "end_at", "weight"] if counted_ends else []
    uncounted = _uncounted(planned)
    return (
        overlaps.select("loss", *kept, *PER_LOSS, **uncounted)
        .group_by("loss")
        .agg(TAKEN_TOGETHER, pl.col(*uncounted).any(), *(COUNTED_ENDS if counted_ends else ()))
    )


def _unanswered(pipelines: Sequence[Pipeline], batch: Batch, terms: Terms) -> list[pl.LazyFrame]:
    """A row for every loss that no policy in scope speaks of: recorded, measured and answered. None where each is answered."""
    always = frozenset[int]().union(*(pipeline.plan.lost for pipeline in pipelines if not pipeline.asks_first))
    if pipelines and batch.services <= always:
        return []
    answered = [pipeline.answered() for pipeline in pipelines if pipeline.plan.answers_losses]
    losses = batch.losses.lazy()
    if answered:
        losses = losses.join(pl.concat(answered).unique(), on="loss", how="anti")
    counted = _counted_per_loss(_overlaps(losses, terms.impact_frame))
    columns = unanswered_columns(words_of(plans_of(terms)))
    return [
        losses.join(terms.service_frame.lazy(), on="service", how="left")
        .join(counted, on="loss", how="left")
        .with_columns(pl.col("counted").fill_null(0))
        .select("claim", pl.lit(len(terms.compiled), dtype=pl.Int32).alias("rule"), "loss", *columns)
    ]
