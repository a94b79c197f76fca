"""Yes, no and not known, as columns: what is always or never so costs a column nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

ALWAYS = pl.lit(True)
NEVER = pl.lit(False)
# A number that nobody knows, made of a column that every frame has. In the engine that holds everything in memory a bare
# literal is one row long, and so is what `&`, `|` and `when` make of it and other constants: the query would fail.
UNKNOWN = pl.when(pl.col("claim").is_null()).then(pl.lit(0, dtype=pl.Int64))


def both(*conditions: pl.Expr) -> pl.Expr:
    """True where all are; not known where one is not and none is false."""
    return _joined(conditions, nothing=ALWAYS, decisive=NEVER, join=pl.all_horizontal)


def either(*conditions: pl.Expr) -> pl.Expr:
    """True where one is; not known where one is not and none is true."""
    return _joined(conditions, nothing=NEVER, decisive=ALWAYS, join=pl.any_horizontal)


def opposite(condition: pl.Expr) -> pl.Expr:
    if condition is ALWAYS or condition is NEVER:
        return NEVER if condition is ALWAYS else ALWAYS
    return ~condition


def _joined(conditions: Iterable[pl.Expr], *, nothing: pl.Expr, decisive: pl.Expr, join: Callable[..., pl.Expr]) -> pl.Expr:
    kept = [condition for condition in conditions if condition is not nothing]
    if any(condition is decisive for condition in kept):
        return decisive
    if len(kept) < 2:
        return kept[0] if kept else nothing
    return join(kept)
