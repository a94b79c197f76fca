"""Exact columns: an integer column over a constant denominator, with proved bounds.

Integer products overflow in silence in a column engine, so every amount carries the smallest and largest
numerator it can have; columns go from 64 to 128 bits where these need it, and a pack whose amount could
leave 128 bits is refused when it is compiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import polars as pl

from .instants import DAY, HOUR, MINUTE, SECOND
from .logic import ALWAYS, NEVER, UNKNOWN
from .refusals import EngineRefusal
from .rules import Rounding

Kind = Literal["number", "instant", "day"]
KINDS: dict[Kind, str] = {"number": "a number", "instant": "an instant", "day": "a day"}  # as a refusal calls them
FACT_BOUNDS = {  # inclusive; the batch is held to them before it is assessed
    "money": (0, 10**15),
    "integer": (-(10**12), 10**12),
    "boolean": (0, 1),
    "instant": (946_684_800_000_000, 4_102_444_800_000_000),  # 2000 to 2100
    "date": (10_957, 47_482),  # days since 1970; 2000 to 2100
}
MICROSECONDS_PER = {"seconds": SECOND, "minutes": MINUTE, "hours": HOUR, "days": DAY}
LONGEST = 100 * 366 * DAY  # no loss is longer than the range of instants
MOST_VALUES = 64  # that an amount is known to be one of


@dataclass(frozen=True)
class Exact:
    """An amount: `numerator` column / `denominator`, with low <= numerator <= high wherever it is known.

    A number, an instant (microseconds since 1970) or a day (days since 1970). `values`: all numerators that it can
    have, where these are few; one may divide by such an amount. `rate`: where it grows at most with the counted time,
    the numerator per (weighted) microsecond; the sum over pieces is then no more than the rate for all of the time.
    """

    numerator: pl.Expr
    denominator: int
    low: int
    high: int
    kind: Kind = "number"
    values: tuple[int, ...] | None = None
    rate: Fraction | None = None

    @classmethod
    def of(  # noqa: PLR0917 - the fields, and where they come from
        cls, numerator: pl.Expr, denominator: int, low: int, high: int, where: str, kind: Kind = "number"
    ) -> Exact:
        if max(-low, high) >= 2**127:
            raise EngineRefusal("amount_overflow", "could exceed 128 bits; lower its bounds or its precision", where)
        return cls(numerator, denominator, low, high, kind)

    @classmethod
    def constant(cls, value: Fraction | int, kind: Kind = "number") -> Exact:
        value = Fraction(value)
        top = value.numerator
        rate = Fraction(0) if top == 0 else None
        return cls(pl.lit(top, dtype=width(top, top)), value.denominator, top, top, kind, (top,), rate)

    @property
    def fixed(self) -> Fraction | None:
        """Its value, where it can have only one; it may be unknown all the same."""
        return None if self.values is None or len(self.values) > 1 else Fraction(self.values[0], self.denominator)

    @property
    def is_constant(self) -> bool:
        """Whether it is the same for every subject: nobody has to tell anything for it to be known."""
        return self.fixed is not None and not self.numerator.meta.root_names()

    def sized(self, dtype: type[pl.Int64] | type[pl.Int128]) -> pl.Expr:
        """The numerator in this type. A constant is written in it: what a cast makes of one is one row long."""
        return pl.lit(self.low, dtype=dtype) if self.is_constant else self.numerator.cast(dtype)

    def scaled(self, factor: int, where: str) -> Exact:
        """The same amount over a denominator `factor` times as large."""
        if factor == 1:
            return self
        low, high = self.low * factor, self.high * factor
        dtype = width(low, max(high, factor))
        numerator = self.sized(dtype) * pl.lit(factor, dtype=dtype)
        made = Exact.of(numerator, self.denominator * factor, low, high, where, self.kind)
        values = None if self.values is None else tuple(value * factor for value in self.values)
        return replace(made, values=values, rate=None if self.rate is None else self.rate * factor)

    def needed(self, kind: Kind, where: str) -> Exact:
        """Itself, if it is of this kind."""
        if self.kind != kind:
            hint = "; write {day_of: ...} around it" if (self.kind, kind) == ("instant", "day") else ""
            raise EngineRefusal("amount_kind", f"found {KINDS[self.kind]}, expected {KINDS[kind]}{hint}", where)
        return self


def width(low: int, high: int) -> type[pl.Int64] | type[pl.Int128]:
    """The column type that holds low to high. Raises EngineRefusal `amount_overflow` beyond 128 bits."""
    if max(-low, high) >= 2**127:
        raise EngineRefusal("amount_overflow", "a number exceeds 128 bits; lower the pack's figures, limits or units")
    return pl.Int64 if max(-low, high) < 2**63 else pl.Int128


def common(values: Sequence[Exact], where: str) -> list[Exact]:
    """The same amounts over one denominator; all of one kind."""
    for value in values[1:]:
        value.needed(values[0].kind, where)
    denominator = math.lcm(*(value.denominator for value in values))
    return [value.scaled(denominator // value.denominator, where) for value in values]


def first_of(choices: Sequence[tuple[pl.Expr, Exact]], where: str) -> Exact:
    """The first amount whose condition holds; not known where none does, or where a condition before it is not known."""
    scaled = common([value for _, value in choices], where)
    low, high = min(v.low for v in scaled), max(v.high for v in scaled)
    dtype = width(low, high)
    chosen: pl.Expr | None = None
    for (condition, _), value in reversed(list(zip(choices, scaled, strict=True))):
        column = value.sized(dtype)
        if condition is NEVER:
            continue
        if condition is ALWAYS:
            chosen = column
        elif chosen is None:
            chosen = pl.when(condition).then(column)
        else:
            chosen = pl.when(condition).then(column).when(~condition).then(chosen)
    chosen = UNKNOWN.cast(dtype) if chosen is None else chosen
    return Exact(chosen, scaled[0].denominator, low, high, scaled[0].kind, rate=_highest_rate(scaled))


def _highest_rate(values: Sequence[Exact]) -> Fraction | None:
    rates = [value.rate for value in values if value.rate is not None]
    return max(rates) if len(rates) == len(values) else None


def total(values: Sequence[Exact], where: str) -> Exact:
    values = common([value.needed("number", where) for value in values], where)
    low, high = sum(v.low for v in values), sum(v.high for v in values)
    dtype = width(min(low, *(v.low for v in values)), max(high, *(v.high for v in values)))  # terms may be wider
    added = values[0].sized(dtype)
    for value in values[1:]:
        added = added + value.sized(dtype)
    rates = [value.rate for value in values if value.rate is not None]
    made = Exact.of(added, values[0].denominator, low, high, where)
    return replace(made, rate=sum(rates, Fraction(0)) if len(rates) == len(values) else None)


def negative(value: Exact) -> Exact:
    """Polars has no unary minus for 128 bits."""
    dtype = width(min(value.low, -value.high), max(value.high, -value.low))
    numerator = pl.lit(0, dtype=dtype) - value.sized(dtype)
    return Exact(numerator, value.denominator, -value.high, -value.low, rate=value.rate)


def difference(first: Exact, second: Exact, where: str) -> Exact:
    """Of two numbers, or the days from the second day to the first."""
    if first.kind == second.kind == "day":
        first, second = (Exact(v.numerator, v.denominator, v.low, v.high) for v in (first, second))
    return total([first, negative(second.needed("number", where))], where)


def product(first: Exact, second: Exact, where: str) -> Exact:
    first.needed("number", where), second.needed("number", where)
    corners = [a * b for a in (first.low, first.high) for b in (second.low, second.high)]
    dtype = width(min(*corners, first.low, second.low), max(*corners, first.high, second.high))
    numerator = first.sized(dtype) * second.sized(dtype)
    made = Exact.of(numerator, first.denominator * second.denominator, min(corners), max(corners), where)
    values = {a * b for a in first.values or () for b in second.values or ()}
    few = tuple(sorted(values)) if 0 < len(values) <= MOST_VALUES else None
    return replace(made, values=few, rate=_product_rate(first, second))


def _product_rate(first: Exact, second: Exact) -> Fraction | None:
    rates = [a.rate * max(-b.low, b.high) for a, b in ((first, second), (second, first)) if a.rate is not None]
    return min(rates, default=None)


def quotient(top: Exact, by: Exact, where: str) -> Exact:
    """Exact: the divisor has few values, all above 0, so a common multiple of them is the new denominator."""
    if by.values is None:
        raise EngineRefusal(
            "divisor_unbounded",
            "one divides by a number, a figure, `days_in`, or a product of these; use `quotient` and say how it rounds",
            where,
        )
    if min(by.values) < 1:
        shown = Fraction(min(by.values), by.denominator)
        raise EngineRefusal("divisor_not_positive", f"found a divisor of {shown}, expected one above 0", where)
    if by.is_constant:
        share = Exact.constant(Fraction(by.denominator, by.values[0]))
    else:
        multiple = math.lcm(*by.values)
        if multiple >= 2**62:
            raise EngineRefusal("amount_overflow", "the divisors have no common multiple of 62 bits", where)
        inverse = pl.lit(multiple, dtype=pl.Int64) // by.numerator.cast(pl.Int64) * by.denominator
        parts = tuple(multiple // value * by.denominator for value in by.values)
        share = Exact(inverse, multiple, min(parts), max(parts), values=parts)
    return product(top, share, where)


def least(values: Sequence[Exact], where: str) -> Exact:
    """The smallest of the amounts, or the earliest; unknown where one of them is."""
    values = common(values, where)
    found = _pick(values, pl.min_horizontal, min(v.low for v in values), min(v.high for v in values))
    rates = [value.rate for value in values if value.rate is not None]
    return replace(found, rate=min(rates, default=None) if found.low >= 0 else _highest_rate(values))


def most(values: Sequence[Exact], where: str) -> Exact:
    """The largest of the amounts, or the latest; unknown where one of them is."""
    values = common(values, where)
    found = _pick(values, pl.max_horizontal, max(v.low for v in values), max(v.high for v in values))
    return replace(found, rate=_highest_rate(values))


def _pick(values: Sequence[Exact], pick: Callable[..., pl.Expr], low: int, high: int) -> Exact:
    dtype = width(min(v.low for v in values), max(v.high for v in values))
    columns = [v.sized(dtype) for v in values]
    known = pl.all_horizontal([column.is_not_null() for column in columns])  # the picks skip nulls; we must not
    return Exact(pl.when(known).then(pick(columns)), values[0].denominator, low, high, values[0].kind)


def units(value: Exact, per: Fraction, where: str, *, up: bool) -> Exact:
    """Whole units of the size `per` in an amount, rounded down or up."""
    value = value.needed("number", where).scaled(per.denominator, where)
    unit = value.denominator // per.denominator * per.numerator
    dtype = width(min(value.low, -unit), max(value.high, unit))
    numerator, divisor = value.sized(dtype), pl.lit(unit, dtype=dtype)
    if up:
        nothing = pl.lit(0, dtype=dtype)
        return Exact(nothing - (nothing - numerator) // divisor, 1, -(-value.low // unit), -(-value.high // unit))
    rate = value.rate / unit if value.rate is not None and value.low >= 0 else None
    return Exact(numerator // divisor, 1, value.low // unit, value.high // unit, rate=rate)


def rounded(value: Exact, rounding: Rounding, where: str = "round") -> Exact:
    """The amount as a whole number, a multiple of `rounding.to`; on the real axis, `down` is towards the smaller."""
    value.needed("number", where)
    step = value.denominator * rounding.to
    if step == 1:  # it is whole
        return replace(value, values=None)
    by = pl.lit(step, dtype=width(step, step))
    whole = divided(value.numerator, by, (value.low, value.high), (step, step), rounding.mode, where)
    return product(whole, Exact.constant(rounding.to), where)


def divided(  # noqa: PLR0917 - a column, its divisor, and the bounds of both
    top: pl.Expr, by: pl.Expr, of_top: tuple[int, int], of_by: tuple[int, int], mode: str, where: str
) -> Exact:
    """top / by as a whole number; `by` is above 0 (`of_by`: its bounds)."""
    bound = 2 * max(-of_top[0], of_top[1]) + 2 * of_by[1]
    if bound >= 2**127:
        raise EngineRefusal("amount_overflow", "could exceed 128 bits when rounded", where)
    dtype = width(-bound, bound)
    numerator, divisor = top.cast(dtype), by.cast(dtype)
    whole = numerator // divisor
    rest = numerator - whole * divisor
    up: dict[str, Any] = {
        "down": pl.lit(0, dtype=dtype),
        "up": (rest > 0).cast(dtype),
        "half_up": (rest * 2 >= divisor).cast(dtype),
        "half_down": (rest * 2 > divisor).cast(dtype),
        "half_even": ((rest * 2 > divisor) | ((rest * 2 == divisor) & (whole % 2 == 1))).cast(dtype),
    }
    corners = [end // size for end in of_top for size in of_by]
    return Exact(whole + up[mode], 1, min(corners), max(corners) + 1)


MOST_UNITS = 2**62  # that a line gives; more is for a person to decide


def whole_units(value: Exact) -> pl.Expr:
    """A whole amount as a column of 64 bits; null above MOST_UNITS. What is below 0 is never paid, however far."""
    if max(-value.low, value.high) <= MOST_UNITS:
        return value.sized(pl.Int64)
    kept = pl.when(value.numerator < -MOST_UNITS).then(-MOST_UNITS).otherwise(value.numerator)
    return pl.when(~too_large(value)).then(kept).cast(pl.Int64)


def too_large(value: Exact) -> pl.Expr:
    """True where a whole amount is above MOST_UNITS."""
    return value.numerator > MOST_UNITS
