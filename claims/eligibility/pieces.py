"""Counted time piece by piece: runs, hours, days, months; each evaluated by itself, then taken together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from .amounts import Pieces, Stages, step_columns
from .exact import width
from .instants import MINUTE
from .shapes import Total

# Of rows sorted by claim and start: from where on a row adds to its claim's counted time. One running maximum serves all
# claims: the claim's number stands above the instant in 128 bits, so a later claim begins anew. A window function per
# claim takes 25 times as long.
COUNTING = pl.col("weight") > 0
CLAIM_ABOVE = pl.col("claim").cast(pl.Int128) * 2**62
REACHED = (CLAIM_ABOVE + pl.when(COUNTING).then("end_at").otherwise(0)).cum_max().shift(1).fill_null(CLAIM_ABOVE) - CLAIM_ABOVE
FRESH_FROM = pl.max_horizontal("start_at", REACHED.clip(0).cast(pl.Int64))


def layers(overlaps: pl.LazyFrame, weights: Sequence[int], *, each: bool) -> pl.LazyFrame:
    """Counted time as rows that add up: the columns of `overlaps`, each instant once, `weight` what it adds.

    Of a loss (`each`) the segments do not overlap. Where losses of a claim do, the greatest weight counts: one layer
    per weight, each with what it adds to the one below; the first layer covers all.
    """
    if each:
        return overlaps.filter(pl.col("weight") > 0)
    found = [
        _once(overlaps.filter(pl.col("weight") >= weight)).with_columns(weight=pl.lit(weight - below, dtype=pl.Int64))
        for weight, below in zip(weights, [0, *weights], strict=False)
    ]
    return pl.concat(found) if found else overlaps.filter(pl.lit(False))


def _once(overlaps: pl.LazyFrame) -> pl.LazyFrame:
    """What each row, all of them counted, adds to the claim's time before it."""
    found = overlaps.sort("claim", "start_at").with_columns(start_at=FRESH_FROM)
    return found.filter(pl.col("start_at") < pl.col("end_at"))


def evaluated_pieces(plan: Pieces, spans: pl.LazyFrame, subjects: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """One row per subject that has pieces: its keys, e:<path>, n:<path> (how many) and r:<path>:<n> (reviews)."""
    rows = piece_rows(plan, spans, subjects, keys, keys)
    return _together(plan, rows, keys)


def piece_rows(
    plan: Pieces, spans: pl.LazyFrame, subjects: pl.LazyFrame, keys: Sequence[str], of_subject: Sequence[str]
) -> pl.LazyFrame:
    """One row per piece: `keys`, the piece's id, piece:ordinal, :counted, :began, :ended, the subject's columns, `value`.

    `keys` are the subject's (`of_subject`) and the ids of the pieces that this node lies in.
    """
    spans = _with_piece(spans, plan, keys)
    identity = [*keys, f"id:{plan.path}"]
    length = (pl.col("end_at") - pl.col("start_at")).cast(pl.Int128) * pl.col("weight").cast(pl.Int128)
    pieces = (
        spans.group_by(identity)
        .agg(
            length.sum().alias("piece:counted"),
            pl.col("start_at").min().alias("piece:began"),
            pl.col("end_at").max().alias("piece:ended"),
        )
        .sort(identity)
    )
    first = pl.any_horizontal([pl.col(key) != pl.col(key).shift(1) for key in keys]).fill_null(True)
    pieces = pieces.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    started = pl.when(first).then("row").forward_fill()
    pieces = pieces.with_columns((pl.col("row") - started + 1).alias("piece:ordinal")).drop("row")
    pieces = pieces.join(subjects, on=list(of_subject), how="left")
    for inner in plan.inner:
        found = _together(inner, piece_rows(inner, spans, subjects, identity, of_subject), identity)
        pieces = joined(pieces, found, inner.path, identity)
    pieces = made(pieces, plan.shared)
    value = plan.value.numerator.cast(width(-plan.most, plan.most))
    nothing = pl.lit(0, dtype=pl.Int64)
    return pieces.with_columns(holds=plan.holds, value=pl.when(plan.holds).then(value).when(~plan.holds).then(nothing))


def traced_pieces(
    plan: Pieces, spans: pl.LazyFrame, subjects: pl.LazyFrame, keys: Sequence[str], of_subject: Sequence[str]
) -> Iterator[tuple[Pieces, pl.LazyFrame]]:
    """The rows of a node and of all nodes inside it, each with its steps as columns s:<path>."""
    yield plan, piece_rows(plan, spans, subjects, keys, of_subject).with_columns(step_columns(plan.steps))
    for inner in plan.inner:
        cut = _with_piece(spans, plan, keys)
        yield from traced_pieces(inner, cut, subjects, [*keys, f"id:{plan.path}"], of_subject)


def _with_piece(spans: pl.LazyFrame, plan: Pieces, keys: Sequence[str]) -> pl.LazyFrame:
    """The spans with the id of the piece that each belongs to; ids ascend with time."""
    name = f"id:{plan.path}"
    if plan.node.each == "run":
        return _with_run(spans, keys, (plan.node.gap_minutes or 0) * MINUTE, name)
    period = pl.col(f"q:{plan.node.each}")
    if not plan.node.whole_runs:
        return spans.with_columns(period.alias(name))
    began = period.min().over("run")  # runs are numbered through, so one number is one run of one subject
    return _with_run(spans, keys, 0, "run").with_columns(began.alias(name)).drop("run")


def _with_run(spans: pl.LazyFrame, keys: Sequence[str], gap: int, name: str) -> pl.LazyFrame:
    """The spans with the number of the run that each belongs to; numbers ascend, and are given once."""
    spans = spans.sort(*keys, "start_at")
    new_subject = pl.any_horizontal([pl.col(key) != pl.col(key).shift(1) for key in keys]).fill_null(True)
    spans = spans.with_columns(new_subject.alias("new")).with_columns(group=pl.col("new").cast(pl.Int64).cum_sum())
    above = pl.col("group").cast(pl.Int128) * 2**62  # one running maximum for all, as in `_once`
    reached = (above + pl.col("end_at")).cum_max().shift(1) - above
    begins = pl.col("new") | (pl.col("start_at") > reached + gap)
    return spans.with_columns(begins.cast(pl.Int64).cum_sum().alias(name)).drop("new", "group")


def _together(plan: Pieces, rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    unknown = pl.col("value").null_count() > 0
    taken = pl.col("value").sum() if isinstance(plan.node, Total) else pl.col("value").max().clip(0)
    reviews = [check.alias(f"r:{plan.path}:{i}") for i, (check, _) in enumerate(plan.reviews)]
    rows = rows.with_columns(reviews) if reviews else rows
    return rows.group_by(list(keys)).agg(
        pl.when(unknown).then(None).otherwise(taken).alias(f"e:{plan.path}"),
        pl.len().cast(pl.Int64).alias(f"n:{plan.path}"),
        *(pl.col(f"r:{plan.path}:{i}").any() for i in range(len(reviews))),
    )


def made(frame: pl.LazyFrame, stages: Stages) -> pl.LazyFrame:
    """The frame with these columns."""
    for columns in stages:
        frame = frame.with_columns(columns)
    return frame


def joined(frame: pl.LazyFrame, found: pl.LazyFrame, path: str, keys: Sequence[str]) -> pl.LazyFrame:
    """The frame with the columns of `found`; where there are no pieces, the amount is 0."""
    frame = frame.join(found, on=list(keys), how="left")
    none = pl.col(f"n:{path}").is_null()
    return frame.with_columns(pl.when(none).then(0).otherwise(pl.col(f"e:{path}")).alias(f"e:{path}"))
