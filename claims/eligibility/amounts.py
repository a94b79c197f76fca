"""What the shapes of an amount mean, as exact columns."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

import polars as pl

from . import calendars
from . import shapes as p
from .calendars import WorkingCalendar
from .exact import (
    FACT_BOUNDS,
    KINDS,
    LONGEST,
    MICROSECONDS_PER,
    Exact,
    common,
    difference,
    divided,
    first_of,
    least,
    most,
    product,
    quotient,
    rounded,
    total,
    units,
    width,
)
from .instants import days, local_day
from .logic import ALWAYS, NEVER, UNKNOWN, both, either, opposite
from .pack import Pack
from .record import Record
from .refusals import EngineRefusal
from .rules import Rounding

MOST_PIECES = 2**16  # of one subject; more are for a person to decide
# What mentions its parts more than once, or is long: made a column, so that columns inside columns do not grow with
# every level into millions of copies.
SHARED = frozenset(
    {"quotient", "rounded", "lesser_of", "greater_of", "first_known", "tiers", "cases", "match", "later", "working_days",
     "days_in", "completed", "started"}
)  # fmt: skip
KINDS_OF_FACTS: dict[str, Any] = {"instant": "instant", "date": "day"}


@dataclass(frozen=True)
class Step:
    """A part of an amount with its path in the pack, kept for the trace; `name`: of the figure, fact or amount it is.

    `reached`: whether the calculation comes by it: of tiers, cases and choices it does not by those that do not hold.
    """

    path: str
    kind: str
    value: Exact
    name: str | None
    reached: pl.Expr


FIRST_DAY, LAST_DAY = -25_567, 84_005  # 1900 to 2199: where a moved day can lie, in days since 1970
Review = tuple[pl.Expr, str]
Checks = tuple[Review, ...]
Stages = tuple[tuple[pl.Expr, ...], ...]  # columns that are made one stage after the other


@dataclass(frozen=True, eq=False)
class Pieces:
    """A `total` or `greatest` node: what is evaluated for every piece of the counted time, and then taken together.

    Its value becomes the column `e:<path>` of whatever it is part of.
    """

    path: str
    node: p.Total | p.Greatest
    measure: str
    value: Exact
    most: int  # the numerator's bound, either way, of what the pieces give together
    holds: pl.Expr  # of `where`
    shared: Stages
    steps: tuple[Step, ...]
    inner: tuple[Pieces, ...]
    reviews: tuple[Review, ...]


class Setting(Protocol):
    """What an amount takes from outside the pack: the record, and the calendars compiled with it."""

    @property
    def record(self) -> Record: ...
    @property
    def calendars(self) -> Mapping[str, WorkingCalendar]: ...


@dataclass
class AmountCompiler:
    """Turns the amounts of one rule into columns.

    Facts are columns `v:<fact>` (`t:<fact>` for texts); counted time is the column `w:` or `w:<measure>`, inside a
    piece `piece:counted`, in microseconds over `weights[measure]`. `steps` collects every node for the trace,
    `reviews` (column, reason) what a person must decide, `pieces` what is evaluated piece by piece first. `shared`
    (name, column) is what others mention more than once: it is evaluated before them, in this order.
    """

    pack: Pack
    setting: Setting
    weights: Mapping[str, int]  # per measure, '' for the rule's windows: the denominator of its weights
    within: p.Total | p.Greatest | None = None
    measure: str = ""
    steps: list[Step] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    pieces: list[Pieces] = field(default_factory=list)
    shared: list[tuple[str, pl.Expr]] = field(default_factory=list)
    guards: list[pl.Expr] = field(default_factory=list)
    naming: tuple[str, ...] = ()

    def compile(self, amount: Any, where: str) -> Exact:
        kind = p.kind_of(amount) or ""
        value: Exact = getattr(self, f"_{kind}")(amount, where)
        if kind in SHARED:
            value = self.share(value, f"x:{where}")
        name = getattr(amount, kind, None) if kind in ("figure", "fact", "amount") else None
        self._keep(Step(where, kind, value, name, both(*self.guards)))
        return value

    def _keep(self, step: Step) -> None:
        """An amount that is mentioned twice is one step."""
        for place, known in enumerate(self.steps):
            if known.path == step.path:
                self.steps[place] = replace(known, reached=either(known.reached, step.reached))
                return
        self.steps.append(step)

    def compile_all(self, amounts: Sequence[Any], where: str) -> list[Exact]:
        return [self.compile(amount, f"{where}[{i}]") for i, amount in enumerate(amounts)]

    def number(self, amount: Any, where: str) -> Exact:
        return self.compile(amount, where).needed("number", where)

    def day(self, amount: Any, where: str) -> Exact:
        return self.compile(amount, where).needed("day", where)

    def share(self, value: Exact, name: str) -> Exact:
        """The amount as a column of its own, so that it is worked out once."""
        if value.numerator.meta.is_column() or value.numerator.meta.is_literal():
            return value
        if all(known != name for known, _ in self.shared):
            self.shared.append((name, value.numerator))
        return replace(value, numerator=pl.col(name))

    @contextmanager
    def only_if(self, condition: pl.Expr) -> Iterator[None]:
        """What is compiled inside is reached only where the condition holds: its reviews count only there."""
        self.guards.append(condition)
        yield
        self.guards.pop()

    def review(self, check: pl.Expr, reason: str) -> None:
        self.reviews.append((both(*self.guards, check), reason))

    # --- what is known ---

    def _number(self, amount: int | str, where: str) -> Exact:
        return Exact.constant(p.fraction_of(amount))

    def _figure(self, amount: p.FigureRef, where: str) -> Exact:
        figure = self.pack.body.figures[amount.figure]
        if figure.dated is None:
            return Exact.constant(p.fraction_of(figure.value or 0))
        on = self.day(amount.on, f"{where}.on")
        from_ = [compared(on, "at_least", Exact.constant(days(dated.from_), "day"), where) for dated in figure.dated]
        spare = next((d.value for d in figure.dated if d.value is not None), 0)  # stands where none is known, and is not read
        values = [p.fraction_of(spare if d.value is None else d.value) for d in figure.dated]
        known = [(begun, Exact.constant(value)) for begun, value in zip(from_, values, strict=True)]
        found = first_of(known[::-1], where)
        numerators = {int((value.fixed or 0) * found.denominator) for _, value in known}
        unknown = opposite(from_[0])
        for dated, begun, over in zip(figure.dated, from_, [*from_[1:], NEVER], strict=True):
            if dated.value is None:
                unknown = either(unknown, both(begun, opposite(over)))
        self.review(unknown, "figure_not_known")
        column = (
            found.numerator if unknown is NEVER else UNKNOWN if unknown is ALWAYS else pl.when(~unknown).then(found.numerator)
        )
        return Exact(column, found.denominator, found.low, found.high, values=tuple(sorted(numerators)))

    def _fact(self, amount: p.FactRef, where: str) -> Exact:
        kind = self.pack.body.facts[amount.fact].type
        if kind == "text":
            raise EngineRefusal("amount_kind", f"{amount.fact} is a text; compare it, or use `match`", where)
        low, high = FACT_BOUNDS[kind]
        return Exact(pl.col(f"v:{amount.fact}"), 1, low, high, KINDS_OF_FACTS.get(kind, "number"))

    def _amount(self, amount: p.NamedAmount, where: str) -> Exact:
        return self.compile(self.pack.body.amounts[amount.amount], f"amounts.{amount.amount}")

    def _counted(self, amount: p.Counted, where: str) -> Exact:
        measure = self.measure if self.within is not None else amount.measure or ""
        column = "piece:counted" if self.within is not None else f"w:{measure}"
        weight = self.weights[measure]
        return Exact(pl.col(column), MICROSECONDS_PER[amount.counted] * weight, 0, LONGEST * weight, rate=Fraction(1))

    def _days_touched(self, amount: p.DaysTouched, where: str) -> Exact:
        found = days_touched(self.setting.record, amount.source, self.pack.zone)
        if found is None:
            self.review(ALWAYS, "no_extent")
            return Exact(UNKNOWN, 1, 0, LONGEST // MICROSECONDS_PER["days"])
        return Exact.constant(found)

    def _piece(self, amount: p.PieceOf, where: str) -> Exact:
        if amount.piece == "ordinal":
            return Exact(pl.col("piece:ordinal"), 1, 1, MOST_PIECES)
        return Exact(calendars.day_of(pl.col("piece:began"), self.pack.zone), 1, *FACT_BOUNDS["date"], "day")

    # --- instants and days ---

    def _at(self, amount: p.At, where: str) -> Exact:
        if amount.of == "piece":
            column = "piece:began" if amount.at == "start" else "piece:ended"
            return Exact(pl.col(column), 1, *FACT_BOUNDS["instant"], "instant")
        if amount.of != "extent":
            return Exact(pl.col(f"{amount.of}_{amount.at}"), 1, *FACT_BOUNDS["instant"], "instant")
        for extent in self.setting.record.extents:
            if extent.source == amount.source:
                end_at = self.setting.record.end_of(extent)
                return Exact.constant(extent.start_at if amount.at == "start" else end_at, "instant")
        self.review(ALWAYS, "no_extent")
        return Exact(UNKNOWN, 1, *FACT_BOUNDS["instant"], "instant")

    def _day_of(self, amount: p.DayOf, where: str) -> Exact:
        of = self.compile(amount.day_of, f"{where}.day_of").needed("instant", where)
        if of.fixed is not None:
            return Exact.constant(days(local_day(int(of.fixed), self.pack.zone)), "day")
        low, high = FACT_BOUNDS["date"]
        return Exact(calendars.day_of(of.numerator, self.pack.zone), 1, low - 1, high + 1, "day")

    def _later(self, amount: p.Later, where: str) -> Exact:
        day, by = self.day(amount.later, f"{where}.later"), self._whole(amount.by, f"{where}.by")
        if amount.calendar is None:
            longest = {"days": 1, "weeks": 7, "months": 31, "years": 366}[amount.unit] * abs(by)
            if day.low - longest < FIRST_DAY or day.high + longest > LAST_DAY:
                told = f"moved by {by} {amount.unit} a day could lie before 1900 or after 2199; move it by less"
                raise EngineRefusal("out_of_range", told, f"{where}.by")
            found = calendars.later(day.numerator, by, amount.unit)
            return Exact(found, 1, day.low - longest, day.high + longest, "day")
        found = self.setting.calendars[amount.calendar].later(day.numerator, by)
        self.review(day.numerator.is_not_null() & found.is_null(), "outside_calendar")
        return Exact(found, 1, *FACT_BOUNDS["date"], "day")

    def _working_days(self, amount: p.WorkingDays, where: str) -> Exact:
        first, last = (self.day(day, f"{where}.working_days[{i}]") for i, day in enumerate(amount.working_days))
        calendar = self.setting.calendars[amount.calendar]
        found = calendar.counted_before(last.numerator) - calendar.counted_before(first.numerator)
        known = first.numerator.is_not_null() & last.numerator.is_not_null()
        self.review(known & found.is_null(), "outside_calendar")
        return Exact(found.clip(0), 1, 0, FACT_BOUNDS["date"][1])

    def _last_day(self, amount: p.LastDay, where: str) -> Exact:
        of = self.day(amount.of, f"{where}.of")
        return Exact(calendars.last_day(of.numerator, amount.last_day), 1, of.low, of.high + 366, "day")

    def _first_day(self, amount: p.FirstDay, where: str) -> Exact:
        of = self.day(amount.of, f"{where}.of")
        return Exact(calendars.first_day(of.numerator, amount.first_day), 1, of.low - 366, of.high, "day")

    def _days_in(self, amount: p.DaysIn, where: str) -> Exact:
        of = self.day(amount.of, f"{where}.of")
        few = {"month": (28, 29, 30, 31), "quarter": (90, 91, 92), "year": (365, 366)}[amount.days_in]
        long = calendars.last_day(of.numerator, amount.days_in) - calendars.first_day(of.numerator, amount.days_in) + 1
        if of.fixed is not None:
            return Exact.constant(pl.DataFrame({"of": [0]}).select(long).item())
        return Exact(long, 1, min(few), max(few), values=few)

    def _weekday(self, amount: p.Weekday, where: str) -> Exact:
        day = self.day(amount.weekday, f"{where}.weekday")
        return Exact(calendars.weekday(day.numerator), 1, 1, 7, values=tuple(range(1, 8)))

    def _between(self, amount: p.Between, where: str) -> Exact:
        ends = [p.FactRef(fact=end) if isinstance(end, str) else end for end in amount.between]
        first, last = (self.compile(end, f"{where}.between[{i}]").needed("instant", where) for i, end in enumerate(ends))
        return Exact(last.numerator - first.numerator, MICROSECONDS_PER[amount.unit], -LONGEST, LONGEST)

    # --- arithmetic ---

    def _add(self, amount: p.Add, where: str) -> Exact:
        return total(self.compile_all(amount.add, f"{where}.add"), where)

    def _subtract(self, amount: p.Subtract, where: str) -> Exact:
        first, second = self.compile_all(amount.subtract, f"{where}.subtract")
        return difference(first, second, where)

    def _multiply(self, amount: p.Multiply, where: str) -> Exact:
        found, *others = self.compile_all(amount.multiply, f"{where}.multiply")
        for factor in others:
            found = product(found, factor, where)
        return found

    def _divide(self, amount: p.Divide, where: str) -> Exact:
        top, by = self.compile_all(amount.divide, f"{where}.divide")
        return quotient(top, by, where)

    def _quotient(self, amount: p.Quotient, where: str) -> Exact:
        top, by = common([v.needed("number", where) for v in self.compile_all(amount.quotient, f"{where}.quotient")], where)
        divisor = pl.when(by.numerator > 0).then(by.numerator)
        self.review(top.numerator.is_not_null() & (by.numerator <= 0), "divisor_not_positive")
        step = product(Exact(divisor, 1, max(by.low, 1), max(by.high, 1)), Exact.constant(amount.to), where)
        found = divided(top.numerator, step.numerator, (top.low, top.high), (step.low, step.high), amount.mode, where)
        return product(found, Exact.constant(amount.to), where)

    def _percent(self, amount: p.Percent, where: str) -> Exact:
        share, of = self.number(amount.percent, f"{where}.percent"), self.number(amount.of, f"{where}.of")
        return product(product(share, Exact.constant(Fraction(1, 100)), where), of, where)

    def _completed(self, amount: p.Completed, where: str) -> Exact:
        return units(self.compile(amount.completed, f"{where}.completed"), self._size(amount.per, where), where, up=False)

    def _started(self, amount: p.Started, where: str) -> Exact:
        return units(self.compile(amount.started, f"{where}.started"), self._size(amount.per, where), where, up=True)

    def _size(self, per: Any, where: str) -> Fraction:
        found = self.compile(per, f"{where}.per").fixed
        if found is None or found <= 0:
            raise EngineRefusal("unit_not_positive", f"found a unit of {found}, expected one above 0", f"{where}.per")
        return found

    def _whole(self, by: Any, where: str) -> int:
        found = self.compile(by, where).fixed
        if found is None or found.denominator != 1 or abs(found) > 10_000:
            raise EngineRefusal("whole_number_expected", f"found {found}, expected a whole number up to 10,000", where)
        return int(found)

    def _rounded(self, amount: p.Rounded, where: str) -> Exact:
        return rounded(self.compile(amount.rounded, f"{where}.rounded"), Rounding(to=amount.to, mode=amount.mode), where)

    def _lesser_of(self, amount: p.LesserOf, where: str) -> Exact:
        return least(self.compile_all(amount.lesser_of, f"{where}.lesser_of"), where)

    def _greater_of(self, amount: p.GreaterOf, where: str) -> Exact:
        return most(self.compile_all(amount.greater_of, f"{where}.greater_of"), where)

    # --- choosing ---

    def _first_known(self, amount: p.FirstKnown, where: str) -> Exact:
        choices: list[tuple[pl.Expr, Exact]] = []
        earlier: pl.Expr = NEVER
        for i, alternative in enumerate(amount.first_known):
            known = both(*(is_known(fact, self.pack) for fact in self._facts_of(alternative)))
            with self.only_if(both(known, opposite(earlier))):
                choices.append((known, self.compile(alternative, f"{where}.first_known[{i}]")))
            earlier = either(earlier, known)
        return first_of(choices, where)

    def _facts_of(self, amount: Any) -> list[str]:
        return p.facts_named(expanded(amount, self.pack.body.amounts))

    def _tiers(self, amount: p.Tiers, where: str) -> Exact:
        on = self.share(self.number(amount.of, f"{where}.of"), f"x:{where}.on")
        choices: list[tuple[pl.Expr, Exact]] = []
        earlier: pl.Expr = NEVER
        for i, (tier, upper) in enumerate(zip_longest(amount.tiers, amount.uppers(self.pack.constants))):
            reached = on.numerator.is_not_null() if upper is None else ends_before(on, *upper)
            with self.only_if(both(reached, opposite(earlier))):
                choices.append((reached, self.compile(tier.pays, f"{where}.tiers[{i}].pays")))
            earlier = either(earlier, reached)
        return first_of(choices, where)

    def _cases(self, amount: p.Cases, where: str) -> Exact:
        choices: list[tuple[pl.Expr, Exact]] = []
        earlier: pl.Expr = NEVER
        for i, case in enumerate(amount.cases):
            with self.only_if(opposite(earlier)):
                found = self._all_hold(case.when, f"{where}.cases[{i}].when")
            with self.only_if(both(found, opposite(earlier))):
                choices.append((found, self.compile(case.pays, f"{where}.cases[{i}].pays")))
            earlier = either(earlier, found)
        with self.only_if(opposite(earlier)):
            choices.append((ALWAYS, self.compile(amount.otherwise, f"{where}.otherwise")))
        return first_of(choices, where)

    def _match(self, amount: p.Match, where: str) -> Exact:
        column = pl.col(f"t:{amount.match}")
        choices: list[tuple[pl.Expr, Exact]] = []
        for value, pays in amount.values.items():
            with self.only_if(column == value):
                choices.append((column == value, self.compile(pays, f"{where}.values.{value}")))
        if amount.otherwise is not None:
            other = ~column.is_in(list(amount.values))
            with self.only_if(other):
                choices.append((other, self.compile(amount.otherwise, f"{where}.otherwise")))
        return first_of(choices, where)

    def _needs_review(self, amount: p.NeedsReview, where: str) -> Exact:
        self.review(ALWAYS, amount.needs_review)
        return Exact(UNKNOWN, 1, 0, 0)

    # --- conditions ---

    def _all_hold(self, conditions: Sequence[p.Condition], where: str) -> pl.Expr:
        return both(*(self.holds(c, f"{where}[{i}]") for i, c in enumerate(conditions)))

    def holds(self, condition: p.Condition, where: str) -> pl.Expr:
        """True, false, or null while what it compares is not known.

        Raises EngineRefusal `condition_type` for a comparison that the fact's type does not have.
        """
        if condition.not_ is not None:
            return opposite(self.holds(condition.not_, f"{where}.not"))
        for joint, parts, join in (("any", condition.any_, either), ("all", condition.all_, both)):
            if parts is not None:
                return join(*(self.holds(c, f"{where}.{joint}[{i}]") for i, c in enumerate(parts)))
        ((name, wanted),) = condition.comparisons.items()
        if condition.fact is not None:
            return self._of_fact(condition.fact, name, wanted, where)
        return self._compared(self.compile(condition.that, f"{where}.that"), name, wanted, where)

    def _of_fact(self, fact: str, name: str, wanted: Any, where: str) -> pl.Expr:
        kind = self.pack.body.facts[fact].type
        if name == "known":
            return is_known(fact, self.pack) if wanted else ~is_known(fact, self.pack)
        if kind == "text":
            return self._text(fact, name, wanted, where)
        if kind == "boolean" and isinstance(wanted, bool):
            return pl.col(f"v:{fact}") == int(wanted)
        return self._compared(self.compile(p.FactRef(fact=fact), f"{where}.{fact}"), name, wanted, where)

    def _text(self, fact: str, name: str, wanted: Any, where: str) -> pl.Expr:
        column, values = pl.col(f"t:{fact}"), self.pack.body.facts[fact].values
        asked = [wanted] if isinstance(wanted, str) else wanted
        if name not in ("is", "in") or not isinstance(asked, list):
            raise EngineRefusal("condition_type", f"`{name}: {wanted}` does not compare a text; use `is` or `in`", where)
        for value in asked:
            if values is not None and value not in values:
                raise EngineRefusal("value_unknown", f"found {value!r}; {fact} is one of {', '.join(values)}", where)
        return pl.when(column.is_not_null()).then(column.is_in(asked))

    def _compared(self, value: Exact, name: str, wanted: Any, where: str) -> pl.Expr:
        if name in ("from", "before", "until"):
            return self._by_day(value, name, wanted, where)
        if isinstance(wanted, bool) or name in ("in", "known") or (name == "is" and not isinstance(wanted, int)):
            raise EngineRefusal("condition_type", f"`{name}: {wanted}` does not compare {KINDS[value.kind]}", where)
        return compared(value, name, self.compile(wanted, f"{where}.{name}"), where)

    def _by_day(self, value: Exact, name: str, wanted: Any, where: str) -> pl.Expr:
        """`from` and `until` are inclusive, `before` is exclusive, by the days of the pack's zone."""
        if value.kind == "number":
            raise EngineRefusal("condition_type", f"`{name}` compares days and instants, found a number", where)
        sign = {"from": "at_least", "before": "below", "until": "at_most"}[name]
        if isinstance(wanted, p.Part):
            border = self.compile(wanted, f"{where}.{name}")
            if value.kind == "instant" and border.kind == "day":
                value = Exact(calendars.day_of(value.numerator, self.pack.zone), 1, *FACT_BOUNDS["date"], "day")
            return compared(value, sign, border, where)
        if value.kind == "day":
            return compared(value, sign, Exact.constant(days(wanted), "day"), where)
        if name == "until":  # until the end of that day
            wanted, sign = wanted + calendars.ONE_DAY, "below"
        return compared(value, sign, Exact.constant(self.pack.day_start(wanted), "instant"), where)

    # --- piece by piece ---

    def _total(self, amount: p.Total, where: str) -> Exact:
        made = self._pieces(amount, amount.total, f"{where}.total", where)
        low, high = -made.most if made.value.low < 0 else 0, made.most
        found = Exact.of(pl.col(f"e:{where}"), made.value.denominator, low, high, where)
        return replace(found, rate=made.value.rate)

    def _greatest(self, amount: p.Greatest, where: str) -> Exact:
        made = self._pieces(amount, amount.greatest, f"{where}.greatest", where)
        return Exact(pl.col(f"e:{where}"), made.value.denominator, 0, max(made.value.high, 0), rate=made.value.rate)

    def _pieces(self, node: p.Total | p.Greatest, of: Any, inside: str, where: str) -> Pieces:
        measure = self.measure if self.within is not None else node.measure or ""
        inner = AmountCompiler(self.pack, self.setting, self.weights, node, measure)
        holds = inner._all_hold(node.where, f"{where}.where")
        with inner.only_if(holds):
            value = inner.number(of, inside)
        most = MOST_PIECES * max(-value.low, value.high)
        if value.rate is not None:  # the pieces' time adds up to no more than the whole
            most = min(most, math.ceil(value.rate * LONGEST * self.weights[measure]))
        most = max(most, -value.low, value.high)
        made = Pieces(
            where, node, measure, value, most, holds, shared=staged(inner.shared), steps=tuple(inner.steps),
            inner=tuple(inner.pieces), reviews=tuple(inner.reviews),
        )  # fmt: skip
        if all(pieces.path != where for pieces in self.pieces):
            self.pieces.append(made)
        for i, (_, reason) in enumerate(inner.reviews):
            self.review(pl.col(f"r:{where}:{i}"), reason)
        self.review(pl.col(f"n:{where}") > MOST_PIECES, "too_many_pieces")
        return made


def step_columns(steps: Sequence[Step]) -> list[pl.Expr]:
    """The numerator of each step as s:<path>, and as u:<path> whether it is reached, where that is not always so."""
    reached = [step.reached.alias(f"u:{step.path}") for step in steps if step.reached is not ALWAYS]
    return [*(step.value.numerator.alias(f"s:{step.path}") for step in steps), *reached]


COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "is": operator.eq, "at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt,
}  # fmt: skip


def compared(value: Exact, name: str, other: Exact, where: str) -> pl.Expr:
    """`is`, `at_least`, `at_most`, `above`, `below`, without division."""
    left, right = common([value, other], where)
    if left.is_constant and right.is_constant:
        return ALWAYS if COMPARED[name](left.fixed, right.fixed) else NEVER
    dtype = width(min(left.low, right.low), max(left.high, right.high))
    a, b = left.sized(dtype), right.sized(dtype)
    return cast(pl.Expr, COMPARED[name](a, b))


def ends_before(value: Exact, limit: Fraction, included: bool) -> pl.Expr:
    return compared(value, "at_most" if included else "below", Exact.constant(limit), "tiers")


def staged(columns: Sequence[tuple[str, pl.Expr]]) -> Stages:
    """The columns in as few stages as they allow: each is made of those of the stages before."""
    stage_of: dict[str, int] = {}
    stages: list[list[pl.Expr]] = []
    for name, column in columns:
        stage = max((stage_of[root] + 1 for root in column.meta.root_names() if root in stage_of), default=0)
        stage_of[name] = stage
        stages += [[]] * (stage == len(stages))
        stages[stage] = [*stages[stage], column.alias(name)]
    return tuple(tuple(stage) for stage in stages)


def expanded(part: Any, amounts: Mapping[str, Any]) -> list[Any]:
    """The part, and every one of the pack's `amounts` that it mentions, directly or through others."""
    found: dict[str, Any] = {}
    queue = [part]
    while queue:
        for node in p.parts(queue.pop()):
            if isinstance(node, p.NamedAmount) and node.amount not in found:
                found[node.amount] = amounts[node.amount]
                queue.append(amounts[node.amount])
    return [part, *found.values()]


def days_touched(record: Record, source: str, zone: ZoneInfo) -> int | None:
    """Calendar days in `zone` that the incident's extent by one source touches; an open extent ends at `as_of`.

    None when the record has no extent by that source.
    """
    for extent in record.extents:
        if extent.source == source:
            end_at = record.end_of(extent)
            if end_at <= extent.start_at:
                return 0
            return (local_day(end_at - 1, zone) - local_day(extent.start_at, zone)).days + 1
    return None


def is_known(fact: str, pack: Pack) -> pl.Expr:
    """Whether a subject's fact has a value that may quote, said or assumed."""
    column = "t" if pack.body.facts[fact].type == "text" else "v"
    return pl.col(f"{column}:{fact}").is_not_null()
