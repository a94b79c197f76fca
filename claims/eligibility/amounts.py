"""Amounts as exact columns: each is an integer column over a constant denominator, with proved bounds.

Integer products overflow in silence in a column engine, so every amount carries the smallest and largest
numerator it can have; columns go from 64 to 128 bits where these need it, and a pack whose amount could
leave 128 bits is refused when it is compiled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import polars as pl

from . import shapes as p
from .instants import local_day
from .pack import Pack
from .record import Record
from .refusals import EngineRefusal

FACT_BOUNDS = {  # inclusive; the batch is held to them before it is assessed
    "money": (0, 10**15),
    "integer": (-(10**12), 10**12),
    "boolean": (0, 1),
    "instant": (946_684_800_000_000, 4_102_444_800_000_000),  # 2000 to 2100
    "date": (10_957, 47_482),  # days since 1970; 2000 to 2100
}
MICROSECONDS_PER = {"seconds": 10**6, "minutes": 60 * 10**6, "hours": 3600 * 10**6, "days": 86_400 * 10**6}
LONGEST = 100 * 366 * MICROSECONDS_PER["days"]  # no loss is longer than the range of instants


@dataclass(frozen=True)
class Exact:
    """An amount: `numerator` column / `denominator`, with low <= numerator <= high wherever it is known."""

    numerator: pl.Expr
    denominator: int
    low: int
    high: int

    @classmethod
    def of(cls, numerator: pl.Expr, denominator: int, low: int, high: int, where: str) -> Exact:
        if max(-low, high) >= 2**127:
            raise EngineRefusal("amount_overflow", "could exceed 128 bits; lower its bounds or its precision", where)
        return cls(numerator, denominator, low, high)

    @classmethod
    def constant(cls, value: int) -> Exact:
        return cls(pl.lit(value, dtype=_width(value, value)), 1, value, value)

    def scaled(self, factor: int, where: str) -> Exact:
        """The same amount over a denominator `factor` times as large."""
        if factor == 1:
            return self
        low, high = self.low * factor, self.high * factor
        width = _width(low, max(high, factor))
        numerator = self.numerator.cast(width) * pl.lit(factor, dtype=width)
        return Exact.of(numerator, self.denominator * factor, low, high, where)

    @classmethod
    def either(cls, choices: Sequence[tuple[pl.Expr, Exact]]) -> Exact:
        """The first amount whose condition holds; unknown where none does."""
        common = math.lcm(*(value.denominator for _, value in choices))
        scaled = [(condition, value.scaled(common // value.denominator, "choices")) for condition, value in choices]
        low, high = min(v.low for _, v in scaled), max(v.high for _, v in scaled)
        width = _width(low, high)
        chosen: pl.Expr = pl.lit(None, dtype=width)
        for condition, value in reversed(scaled):
            chosen = pl.when(condition).then(value.numerator.cast(width)).otherwise(chosen)
        return cls(chosen, common, low, high)

    def compared(self, value: int) -> tuple[pl.Expr, pl.Expr]:
        """Both sides of a comparison with a whole number, without division."""
        limit = value * self.denominator
        width = _width(min(self.low, limit), max(self.high, limit))
        return self.numerator.cast(width), pl.lit(limit, dtype=width)


def _width(low: int, high: int) -> type[pl.Int64] | type[pl.Int128]:
    """The column type that holds low to high. Raises EngineRefusal `amount_overflow` beyond 128 bits."""
    if max(-low, high) >= 2**127:
        raise EngineRefusal("amount_overflow", "a number exceeds 128 bits; lower the pack's figures, limits or units")
    return pl.Int64 if max(-low, high) < 2**63 else pl.Int128


@dataclass(frozen=True)
class Step:
    """A named part of an amount, kept for the trace."""

    path: str
    kind: str
    value: Exact


@dataclass
class AmountCompiler:
    """Turns the amounts of one rule into columns.

    Facts are columns `v:<fact>`; counted time is the column `counted` in microseconds.
    `steps` collects every node for the trace, `reviews` (column, reason) what a person must decide.
    """

    pack: Pack
    record: Record
    steps: list[Step] = field(default_factory=list)
    reviews: list[tuple[pl.Expr, str]] = field(default_factory=list)

    def compile(self, amount: p.Amount, where: str) -> Exact:
        kind = "number" if isinstance(amount, int) else p._node(amount) or ""
        value: Exact = getattr(self, f"_{kind}")(amount, where)
        self.steps.append(Step(where, kind, value))
        return value

    def taken_reviews(self) -> list[tuple[pl.Expr, str]]:
        """The reviews since the last time they were taken."""
        taken, self.reviews = self.reviews, []
        return taken

    def _all(self, amounts: Sequence[p.Amount], where: str) -> list[Exact]:
        """Compiled over one common denominator."""
        return _common([self.compile(amount, f"{where}[{i}]") for i, amount in enumerate(amounts)], where)

    def _number(self, amount: int, where: str) -> Exact:
        return Exact.constant(amount)

    def _figure(self, amount: p.FigureRef, where: str) -> Exact:
        return Exact.constant(self.pack.body.figures[amount.figure].value)

    def _fact(self, amount: p.FactRef, where: str) -> Exact:
        kind = self.pack.body.facts[amount.fact].type
        if kind == "text":
            raise EngineRefusal("amount_not_a_number", f"{amount.fact} is text", where)
        return Exact(pl.col(f"v:{amount.fact}"), 1, *FACT_BOUNDS[kind])

    def _counted(self, amount: p.Counted, where: str) -> Exact:
        return Exact(pl.col("counted"), MICROSECONDS_PER[amount.counted], 0, LONGEST)

    def _days_touched(self, amount: p.DaysTouched, where: str) -> Exact:
        return Exact.constant(days_touched(self.record, amount.source, self.pack.zone))

    def _between(self, amount: p.Between, where: str) -> Exact:
        for fact in amount.between:
            if self.pack.body.facts[fact].type != "instant":
                raise EngineRefusal("amount_not_an_instant", f"{fact} is no instant", where)
        first, last = (pl.col(f"v:{fact}") for fact in amount.between)
        return Exact(last - first, MICROSECONDS_PER[amount.unit], -LONGEST, LONGEST)

    def _add(self, amount: p.Add, where: str) -> Exact:
        values = self._all(amount.add, where)
        return self._sum(values, where)

    def _subtract(self, amount: p.Subtract, where: str) -> Exact:
        first, second = self._all(amount.subtract, where)
        negated = Exact(_negative(second), second.denominator, -second.high, -second.low)
        return self._sum([first, negated], where)

    def _sum(self, values: list[Exact], where: str) -> Exact:
        low, high = sum(v.low for v in values), sum(v.high for v in values)
        width = _width(min(low, *(v.low for v in values)), max(high, *(v.high for v in values)))  # terms may be wider
        total = values[0].numerator.cast(width)
        for value in values[1:]:
            total = total + value.numerator.cast(width)
        return Exact.of(total, values[0].denominator, low, high, where)

    def _multiply(self, amount: p.Multiply, where: str) -> Exact:
        values = [self.compile(factor, f"{where}[{i}]") for i, factor in enumerate(amount.multiply)]
        product = values[0]
        for value in values[1:]:
            corners = [a * b for a in (product.low, product.high) for b in (value.low, value.high)]
            width = _width(min(*corners, product.low, value.low), max(*corners, product.high, value.high))
            numerator = product.numerator.cast(width) * value.numerator.cast(width)
            product = Exact.of(numerator, product.denominator * value.denominator, min(corners), max(corners), where)
        return product

    def _divide(self, amount: p.Divide, where: str) -> Exact:
        top = self.compile(amount.divide[0], f"{where}[0]")
        divisor = amount.divide[1]
        by = divisor if isinstance(divisor, int) else self.pack.body.figures[divisor.figure].value
        if by < 1:
            raise EngineRefusal("divisor_not_positive", f"the divisor is {by}; it must be at least 1", where)
        self.steps.append(Step(f"{where}[1]", "figure" if isinstance(divisor, p.FigureRef) else "number", Exact.constant(by)))
        return Exact(top.numerator, top.denominator * by, top.low, top.high)

    def _completed(self, amount: p.Completed, where: str) -> Exact:
        return self._units(self.compile(amount.completed, where + ".of"), amount.per, up=False)

    def _started(self, amount: p.Started, where: str) -> Exact:
        return self._units(self.compile(amount.started, where + ".of"), amount.per, up=True)

    def _units(self, value: Exact, per: int, *, up: bool) -> Exact:
        unit = value.denominator * per
        width = _width(min(value.low, -unit), max(value.high, unit))
        numerator, divisor = value.numerator.cast(width), pl.lit(unit, dtype=width)
        if up:
            nothing = pl.lit(0, dtype=width)
            return Exact(nothing - (nothing - numerator) // divisor, 1, -(-value.low // unit), -(-value.high // unit))
        return Exact(numerator // divisor, 1, value.low // unit, value.high // unit)

    def _lesser_of(self, amount: p.LesserOf, where: str) -> Exact:
        return self.lesser([self.compile(a, f"{where}[{i}]") for i, a in enumerate(amount.lesser_of)], where)

    def lesser(self, values: Sequence[Exact], where: str) -> Exact:
        """The smallest of the amounts; unknown where one of them is."""
        values = _common(values, where)
        return self._pick(values, pl.min_horizontal, min(v.low for v in values), min(v.high for v in values))

    def _greater_of(self, amount: p.GreaterOf, where: str) -> Exact:
        values = self._all(amount.greater_of, where)
        return self._pick(values, pl.max_horizontal, max(v.low for v in values), max(v.high for v in values))

    def _pick(self, values: list[Exact], pick, low: int, high: int) -> Exact:  # type: ignore[no-untyped-def]
        width = _width(min(v.low for v in values), max(v.high for v in values))
        columns = [v.numerator.cast(width) for v in values]
        known = pl.all_horizontal([column.is_not_null() for column in columns])  # the picks skip nulls; we must not
        return Exact(pl.when(known).then(pick(columns)), values[0].denominator, low, high)

    def _first_known(self, amount: p.FirstKnown, where: str) -> Exact:
        values: list[Exact] = []
        known: list[pl.Expr] = []
        outer = self.taken_reviews()
        for i, alternative in enumerate(amount.first_known):
            values.append(self.compile(alternative, f"{where}[{i}]"))
            facts = [pl.col(f"v:{fact}").is_not_null() for fact in p.facts_named(alternative)]
            reached = ~pl.any_horizontal([pl.lit(False), *known])
            known.append(pl.all_horizontal([pl.lit(True), *facts]))
            outer += [(reached & known[i] & check, reason) for check, reason in self.taken_reviews()]
        self.reviews = outer
        values = _common(values, where)
        low, high = min(v.low for v in values), max(v.high for v in values)
        width = _width(low, high)
        chosen: pl.Expr = pl.lit(None, dtype=width)
        for is_known, value in zip(reversed(known), reversed(values), strict=True):
            chosen = pl.when(is_known).then(value.numerator.cast(width)).otherwise(chosen)
        return Exact(chosen, values[0].denominator, low, high)

    def _tiers(self, amount: p.Tiers, where: str) -> Exact:
        on = self.compile(amount.on, where + ".on")
        pays = self._all([tier.pays for tier in amount.tiers], where + ".tiers")
        low, high = min(v.low for v in pays), max(v.high for v in pays)
        width = _width(low, high)
        chosen: pl.Expr = pl.lit(None, dtype=width)
        for tier, value in zip(reversed(amount.tiers), reversed(pays), strict=True):
            left, limit = on.compared(tier.up_to)
            chosen = pl.when(left <= limit).then(value.numerator.cast(width)).otherwise(chosen)
        left, limit = on.compared(amount.tiers[-1].up_to)
        self.reviews.append((left > limit, "above_last_tier"))
        return Exact(chosen, pays[0].denominator, low, high)


def _negative(value: Exact) -> pl.Expr:
    """Polars has no unary minus for 128 bits."""
    width = _width(min(value.low, -value.high), max(value.high, -value.low))
    return pl.lit(0, dtype=width) - value.numerator.cast(width)


def _common(values: Sequence[Exact], where: str) -> list[Exact]:
    common = math.lcm(*(value.denominator for value in values))
    return [value.scaled(common // value.denominator, where) for value in values]


def days_touched(record: Record, source: str, zone: ZoneInfo) -> int:
    """Calendar days in `zone` that the incident's extent by one source touches; an open extent ends at `as_of`.

    0 when the record has no extent by that source.
    """
    for extent in record.extents:
        if extent.source == source:
            end_at = record.as_of if extent.end_at is None else extent.end_at
            if end_at <= extent.start_at:
                return 0
            return (local_day(end_at - 1, zone) - local_day(extent.start_at, zone)).days + 1
    return 0


def rounded(value: Exact, rounding: p.Rounding) -> pl.Expr:
    """The amount as a whole number of units, a multiple of `rounding.to`, as Int64.

    Halves: half_up away from zero is not needed, amounts below zero are never paid.
    """
    step = value.denominator * rounding.to
    bound = 2 * max(-value.low, value.high) + 2 * step
    if bound >= 2**127:
        raise EngineRefusal("amount_overflow", "could exceed 128 bits when rounded", "round")
    width = _width(-bound, bound)
    numerator = value.numerator.cast(width)
    whole, unit = numerator // pl.lit(step, dtype=width), pl.lit(step, dtype=width)
    rest = numerator - whole * unit
    if rounding.mode == "up":
        whole = whole + (rest > 0).cast(width)
    elif rounding.mode == "half_up":
        whole = whole + (rest * 2 >= unit).cast(width)
    elif rounding.mode == "half_even":
        whole = whole + ((rest * 2 > unit) | ((rest * 2 == unit) & (whole % 2 == 1))).cast(width)
    if max(-value.low, value.high) // value.denominator + rounding.to >= 2**63:
        raise EngineRefusal("amount_overflow", "the result could exceed 64 bits; add `at_most`", "round")
    return (whole * pl.lit(rounding.to, dtype=width)).cast(pl.Int64)
