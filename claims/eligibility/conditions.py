"""Conditions as boolean columns: true, false, or null while a fact is not known."""

from __future__ import annotations

import datetime as dt

import polars as pl

from . import shapes as p
from .amounts import AmountCompiler, Exact
from .instants import days
from .pack import Pack
from .refusals import EngineRefusal


def holds(condition: p.Condition, amounts: AmountCompiler, where: str) -> pl.Expr:
    """Raises EngineRefusal `condition_type` for a comparison that the fact's type does not have."""
    (name, wanted), *_ = condition.comparisons.items()
    if condition.that is not None:
        return _number(amounts.compile(condition.that, f"{where}.that"), name, wanted, where)
    fact = condition.fact or ""
    kind = amounts.pack.body.facts[fact].type
    column = pl.col(f"{'t' if kind == 'text' else 'v'}:{fact}")
    if name == "known":
        return column.is_not_null() if wanted else column.is_null()
    if kind == "text":
        return _text(column, name, wanted, where)
    if kind in ("instant", "date") and isinstance(wanted, dt.date):
        return _day(column, kind, name, wanted, amounts.pack)
    if kind == "boolean" and isinstance(wanted, bool):
        return column == int(wanted)
    return _number(amounts.compile(p.FactRef(fact=fact), f"{where}.{fact}"), name, wanted, where)


def _text(column: pl.Expr, name: str, wanted: object, where: str) -> pl.Expr:
    if name == "is" and isinstance(wanted, str):
        return column == wanted
    if name == "in" and isinstance(wanted, list):
        return pl.when(column.is_not_null()).then(column.is_in(wanted))
    raise EngineRefusal("condition_type", f"`{name}: {wanted}` does not compare text; use `is` or `in`", where)


def _day(column: pl.Expr, kind: str, name: str, wanted: dt.date, pack: Pack) -> pl.Expr:
    """`from` is inclusive and `before` exclusive, at the day's first instant in the pack's zone."""
    border = pack.day_start(wanted) if kind == "instant" else days(wanted)
    return column >= border if name == "from" else column < border


def _number(value: Exact, name: str, wanted: object, where: str) -> pl.Expr:
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise EngineRefusal("condition_type", f"`{name}: {wanted}` does not compare a number", where)
    left, right = value.compared(wanted)
    comparisons = {
        "is": left == right, "at_least": left >= right, "at_most": left <= right,
        "above": left > right, "below": left < right,
    }  # fmt: skip
    if name not in comparisons:
        raise EngineRefusal("condition_type", f"`{name}` does not compare a number", where)
    return comparisons[name]
