"""The shapes an amount and a condition are composed of, as typed data; `rules.py` has what is made of them.

Amounts are small expressions over exact numbers, instants and days. `amounts.py` gives them their meaning,
`conditions.py` theirs to conditions. A new shape is one class here and one method there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from babel.numbers import list_currencies
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictInt,
    Tag,
    model_validator,
)
from typing_extensions import TypeAliasType

PROVENANCES = ("claimant", "partner", "staff")  # the weakest first; the position is the engine's number
Provenance = Literal["claimant", "partner", "staff"]
Severity = Literal["full", "partial", "intermittent"]
Scope = Literal["all", "some_users", "some_functions"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
SERVICE_CODE_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
SERVICE_CODE_LENGTH = 100
ServiceCode = Annotated[str, Field(pattern=SERVICE_CODE_PATTERN, max_length=SERVICE_CODE_LENGTH)]
Calendar = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]  # KR, GB-ENG: as the package `holidays` has them
PERIODS = ("hour", "day", "week", "month", "quarter", "year")
Period = Literal["hour", "day", "week", "month", "quarter", "year"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: Any) -> Any:
    """Days are written 2022-10-15; nothing else becomes one."""
    if isinstance(value, str):
        if not _DAY.fullmatch(value):
            raise ValueError(f"found {value!r}, expected a day like 2022-10-15")
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"found {value}, expected a day that the calendar has") from None
        if not 2000 <= day.year < 2100:
            raise ValueError(f"found {value}, expected a day between 2000 and 2100")
        return day
    return value


Day = Annotated[dt.date, BeforeValidator(_day), Field(ge=dt.date(2000, 1, 1), lt=dt.date(2100, 1, 1))]
ExactText = Annotated[str, Field(pattern=r"^-?\d{1,15}(\.\d{1,9}|/[1-9]\d{0,8})?$")]
Number = StrictInt | ExactText  # 12, "12.5", "1/3"


def fraction_of(number: int | str) -> Fraction:
    """The exact value of a `Number`."""
    return Fraction(number)


class Part(BaseModel):
    """Every part of a pack: unknown keys are refused, nothing is coerced.

    Its validators raise ValueError(message, *steps), the steps of the path from the part to what the message is about.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


Words = Annotated[str, Field(pattern=r"\S")]  # not blank


def _each_once(values: list[Any]) -> list[Any]:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ValueError(f"found {value} twice; take one out", place)
    return values


EachOnce = AfterValidator(_each_once)


def _of_money(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"found {code}, expected a currency of ISO 4217, like KRW")
    return code


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_of_money)]


class Text(Part):
    """The same words in Korean and English; where one is left out, the other stands for both."""

    ko: Words | None = None
    en: Words | None = None

    @model_validator(mode="after")
    def in_a_language(self) -> Text:
        if self.ko is None and self.en is None:
            raise ValueError("found no words; write them in `ko`, in `en`, or in both")
        return self

    def said(self, language: int) -> str:
        """0: Korean, 1: English."""
        words = (self.ko, self.en)
        return words[language] or words[1 - language] or ""


# --- amounts: what is known -----------------------------------------------------------------------


class FigureRef(Part):
    """A figure of the pack, by name; of a dated figure the value in force on a day."""

    figure: Code
    on: Amount | None = None
    """The day whose value holds; required for a dated figure, and only there."""


class FactRef(Part):
    """The value of a fact; money in minor units, true as 1 and false as 0. An instant or date gives one."""

    fact: Code


class NamedAmount(Part):
    """One of the pack's `amounts`, by name."""

    amount: Code


class Counted(Part):
    """Time lost inside counted windows, overlaps once, in this unit (an exact fraction of it).

    Inside `total` or `greatest` it is the time of the piece. Where the windows have weights it is weighted.
    """

    counted: Literal["seconds", "minutes", "hours", "days"]
    measure: Code | None = None
    """One of the rule's `measures`; without it the rule's `windows`."""


class DaysTouched(Part):
    """Calendar days, in the pack's zone, touched by the incident's extent by one source."""

    days_touched: Literal["extent"]
    source: Code


class PieceOf(Part):
    """Of the piece at hand, inside `total` or `greatest`: its place among the pieces (1, 2, ...), or the day it began."""

    piece: Literal["ordinal", "day"]


# --- amounts: instants and days --------------------------------------------------------------------


class At(Part):
    """An instant: where the losses, the counted time, the piece at hand or the incident's extent begin or end.

    The end is the first instant after it. `losses` and `counted` are those of the whole line, also inside `total` and
    `greatest`; `piece` stands only there. `losses` are as they were told: an amount that goes by them is for a person to
    decide where they lie partly outside the official windows. `extent` needs `source`; one that is still open ends at
    the record's `as_of`.
    """

    at: Literal["start", "end"]
    of: Literal["losses", "counted", "piece", "extent"]
    source: Code | None = None

    @model_validator(mode="after")
    def extent_by_a_source(self) -> At:
        if self.of == "extent" and self.source is None:
            raise ValueError("`source` is missing; add it: by whose word the extent is known")
        if self.of != "extent" and self.source is not None:
            raise ValueError(f"only an extent has a `source`, found `of: {self.of}`; take it out", "source")
        return self


class DayOf(Part):
    """The calendar day of an instant in the pack's zone."""

    day_of: Amount


def calendar_for(working: bool, calendar: str | None) -> None:
    """Working days need a calendar, and nothing else has one."""
    if working and calendar is None:
        raise ValueError("`calendar` is missing; add it: whose public holidays are no working days, like KR or GB-ENG")
    if not working and calendar is not None:
        raise ValueError("only working days have a `calendar`; take it out", "calendar")


class Later(Part):
    """A day moved by whole days, weeks, months, years or working days (backwards where `by` is negative).

    A month later than 31 January is the last day of February. The n-th working day is counted after the day itself.
    """

    later: Amount
    by: Constant
    unit: Literal["days", "weeks", "months", "years", "working_days"] = Field(alias="in")
    calendar: Calendar | None = None
    """Whose public holidays are no working days; Saturdays and Sundays never are. Only for working days."""

    @model_validator(mode="after")
    def calendar_of_working_days(self) -> Later:
        calendar_for(self.unit == "working_days", self.calendar)
        return self


class LastDay(Part):
    """The last day of the month, quarter or year that a day lies in."""

    last_day: Literal["month", "quarter", "year"]
    of: Amount


class FirstDay(Part):
    """The first day of the month, quarter or year that a day lies in."""

    first_day: Literal["month", "quarter", "year"]
    of: Amount


class DaysIn(Part):
    """How many days the month, quarter or year of a day has. One may divide by it."""

    days_in: Literal["month", "quarter", "year"]
    of: Amount


class Weekday(Part):
    """The weekday of a day: Monday 1 to Sunday 7."""

    weekday: Amount


class WorkingDays(Part):
    """Working days from one day (inclusive) until another (exclusive); 0 where it is not later."""

    working_days: tuple[Amount, Amount] = Field(strict=False)
    calendar: Calendar


class Between(Part):
    """Time from one instant to another, in this unit (an exact fraction of it). A name is a fact."""

    between: tuple[Code | Amount, Code | Amount] = Field(strict=False)
    unit: Literal["seconds", "minutes", "hours", "days"] = Field(alias="in")


# --- amounts: arithmetic ---------------------------------------------------------------------------


class Add(Part):
    """The sum of two or more."""

    add: list[Amount] = Field(min_length=2)


class Subtract(Part):
    """The first less the second; of two days the days from the second to the first."""

    subtract: tuple[Amount, Amount] = Field(strict=False)


class Multiply(Part):
    """The product of two or more."""

    multiply: list[Amount] = Field(min_length=2)


class Divide(Part):
    """Exact. The divisor is a number, a figure, `days_in`, or a product of these; by anything else use `quotient`."""

    divide: tuple[Amount, Amount] = Field(strict=False)


class Quotient(Part):
    """The first by the second, rounded to a multiple of `to`. A divisor of 0 or less is for a person to decide."""

    quotient: tuple[Amount, Amount] = Field(strict=False)
    to: Annotated[StrictInt, Field(ge=1)]
    mode: RoundingMode


class Percent(Part):
    """So many hundredths of an amount."""

    percent: Amount
    of: Amount


class Completed(Part):
    """Whole units that fit into the amount (rounded down)."""

    completed: Amount
    per: Constant


class Started(Part):
    """Units that were begun (rounded up)."""

    started: Amount
    per: Constant


class Rounded(Part):
    """Rounded to a multiple of `to` here, before the calculation goes on."""

    rounded: Amount
    to: Annotated[StrictInt, Field(ge=1)]
    mode: RoundingMode


class LesserOf(Part):
    """The smallest of two or more, or the earliest."""

    lesser_of: list[Amount] = Field(min_length=2)


class GreaterOf(Part):
    """The largest of two or more, or the latest."""

    greater_of: list[Amount] = Field(min_length=2)


# --- amounts: choosing -----------------------------------------------------------------------------


class FirstKnown(Part):
    """The first alternative of which every fact is known."""

    first_known: list[Amount] = Field(min_length=2)


class Tier(Part):
    """One step. Its lower end follows from the step before; said, it must agree with it."""

    from_: Constant | None = Field(None, alias="from")
    """Inclusive lower end."""
    above: Constant | None = None
    """Exclusive lower end."""
    up_to: Constant | None = None
    """Inclusive upper end."""
    below: Constant | None = None
    """Exclusive upper end."""
    pays: Amount

    @model_validator(mode="after")
    def one_end_each(self) -> Tier:
        if None not in (self.from_, self.above):
            raise ValueError("the lower end is `from` (inclusive) or `above` (exclusive), found both; take one out")
        if None not in (self.up_to, self.below):
            raise ValueError("the upper end is `up_to` (inclusive) or `below` (exclusive), found both; take one out")
        return self

    @property
    def lower(self) -> tuple[Any, bool] | None:
        """(value, the value itself belongs to the tier)."""
        if self.from_ is not None:
            return self.from_, True
        return None if self.above is None else (self.above, False)

    @property
    def upper(self) -> tuple[Any, bool] | None:
        """(value, the value itself belongs to the tier)."""
        if self.up_to is not None:
            return self.up_to, True
        return None if self.below is None else (self.below, False)


class Tiers(Part):
    """Steps over an amount, ascending, without gap or overlap; the first has no lower end, the last no upper one."""

    tiers: list[Tier] = Field(min_length=2)
    of: Amount

    @model_validator(mode="after")
    def complete(self) -> Tiers:
        first, last = self.tiers[0], self.tiers[-1]
        if first.lower is not None:
            raise ValueError(f"the first tier has no lower end; take {_end(first.lower, 'from', 'above')} out", "tiers", 0)
        if last.upper is not None:
            told = f"the last tier has no upper end; take {_end(last.upper, 'up_to', 'below')} out, or add a tier after it"
            raise ValueError(told, "tiers", len(self.tiers) - 1)
        for place, tier in enumerate(self.tiers[:-1]):
            if tier.upper is None:
                told = "a tier before the last needs an upper end; add `up_to` (inclusive) or `below` (exclusive)"
                raise ValueError(told, "tiers", place)
        if not self.figures:  # whose values nobody knows here
            self.hold_order({})
        return self

    @property
    def figures(self) -> list[str]:
        """That tiers end at."""
        ends = [end for tier in self.tiers for end in (tier.from_, tier.above, tier.up_to, tier.below)]
        return [end.figure for end in ends if isinstance(end, FigureRef)]

    def uppers(self, figures: Mapping[str, Fraction]) -> list[tuple[Fraction, bool]]:
        """The upper ends of all but the last: (value, the value itself belongs to the tier)."""
        return [_valued(tier.upper, figures) for tier in self.tiers if tier.upper is not None]

    def hold_order(self, figures: Mapping[str, Fraction]) -> None:
        """Raises ValueError, as a validator does, for tiers that overlap or leave a gap; `figures`: values by name."""
        before: tuple[Fraction, bool] | None = None
        for place, (upper, following) in enumerate(zip(self.uppers(figures), self.tiers[1:], strict=True)):
            if before is not None and upper <= before:
                ends = [_end(end, "up_to", "below") for end in (upper, before)]
                told = f"found {ends[0]} after a tier with {ends[1]}; order the tiers from the lowest to the highest"
                raise ValueError(told, "tiers", place)
            before = upper
            if following.lower is not None:
                _meets(upper, _valued(following.lower, figures), place + 1)


def _valued(end: tuple[Any, bool], figures: Mapping[str, Fraction]) -> tuple[Fraction, bool]:
    border, included = end
    return figures[border.figure] if isinstance(border, FigureRef) else fraction_of(border), included


def _meets(upper: tuple[Fraction, bool], lower: tuple[Fraction, bool], place: int) -> None:
    """The tier at this place begins where the one before it ends."""
    value, included = upper
    wanted = f"`above: {value}`" if included else f"`from: {value}`"
    if lower == (value, not included):
        return
    gap = lower[0] > value or (lower[0] == value and not included)
    kind = "a gap between this tier and" if gap else "an overlap of this tier with"
    told = f"{kind} the one before it: found {_end(lower, 'from', 'above')}, expected {wanted}; correct it, or leave it out"
    raise ValueError(told, "tiers", place)


def _end(end: tuple[Any, bool], inclusive: str, exclusive: str) -> str:
    border = f"{{figure: {end[0].figure}}}" if isinstance(end[0], FigureRef) else end[0]
    return f"`{inclusive if end[1] else exclusive}: {border}`"


class Case(Part):
    """An amount that holds where all the conditions do."""

    when: list[Condition] = Field(min_length=1)
    pays: Amount


class Cases(Part):
    """The first case whose conditions hold; without one, `otherwise`."""

    cases: list[Case] = Field(min_length=1)
    otherwise: Amount


class Match(Part):
    """An amount by the value of a text fact. Every value of the fact has one, or there is `otherwise`."""

    match: Code
    values: dict[str, Amount] = Field(min_length=1)
    otherwise: Amount | None = None


class NeedsReview(Part):
    """No amount: a person decides, for this reason."""

    needs_review: Code


# --- amounts: piece by piece -----------------------------------------------------------------------


class _ByPiece(Part):
    each: Literal["run", "hour", "day", "week", "month", "quarter", "year"]
    """What the counted time is cut into: consecutive runs, or calendar periods of the pack's zone (weeks from Monday)."""
    where: list[Condition] = []
    """Pieces for which these do not hold give 0."""
    gap_minutes: Annotated[StrictInt, Field(ge=1)] | None = None
    """Interruptions of up to so many minutes (inclusive) do not end a run; they are not counted. Only for runs."""
    whole_runs: bool = False
    """A run belongs wholly to the period in which it begins, instead of being cut at its end. Only for periods."""
    measure: Code | None = None
    """As in `counted`."""

    @model_validator(mode="after")
    def gaps_of_runs(self) -> _ByPiece:
        if self.whole_runs and self.each == "run":
            raise ValueError("`whole_runs` is said of periods, found `each: run`; take it out", "whole_runs")
        if self.gap_minutes is not None and self.each != "run":
            told = f"`gap_minutes` is said of runs, found `each: {self.each}`; take it out, or say `each: run`"
            raise ValueError(told, "gap_minutes")
        return self


class Total(_ByPiece):
    """The sum of an amount over the pieces of the counted time; 0 where there is none."""

    total: Amount


class Greatest(_ByPiece):
    """The largest amount of any piece of the counted time; 0 where there is none, or none above 0."""

    greatest: Amount


RoundingMode = Literal["half_up", "half_even", "half_down", "down", "up"]
NODES: dict[str, type[Part]] = {
    "figure": FigureRef, "fact": FactRef, "amount": NamedAmount, "counted": Counted, "days_touched": DaysTouched,
    "piece": PieceOf, "at": At, "day_of": DayOf, "later": Later, "last_day": LastDay, "first_day": FirstDay,
    "days_in": DaysIn, "weekday": Weekday, "working_days": WorkingDays, "between": Between, "add": Add,
    "subtract": Subtract, "multiply": Multiply, "divide": Divide, "quotient": Quotient, "percent": Percent,
    "completed": Completed, "started": Started, "rounded": Rounded, "lesser_of": LesserOf, "greater_of": GreaterOf,
    "first_known": FirstKnown, "tiers": Tiers, "cases": Cases, "match": Match, "needs_review": NeedsReview,
    "total": Total, "greatest": Greatest,
}  # fmt: skip


def kind_of(value: Any) -> str | None:
    """Which kind of amount this is: a number, or by the one key that names it."""
    if isinstance(value, int | str) and not isinstance(value, bool):
        return "number"
    if isinstance(value, Part):
        return next((key for key, kind in NODES.items() if type(value) is kind), None)
    if isinstance(value, dict):
        found = [key for key in NODES if key in value]
        return found[0] if len(found) == 1 else None
    return None


Amount = TypeAliasType(
    "Amount",
    Annotated[
        Annotated[Number, Tag("number")]
        | Annotated[FigureRef, Tag("figure")]
        | Annotated[FactRef, Tag("fact")]
        | Annotated[NamedAmount, Tag("amount")]
        | Annotated[Counted, Tag("counted")]
        | Annotated[DaysTouched, Tag("days_touched")]
        | Annotated[PieceOf, Tag("piece")]
        | Annotated[At, Tag("at")]
        | Annotated[DayOf, Tag("day_of")]
        | Annotated[Later, Tag("later")]
        | Annotated[LastDay, Tag("last_day")]
        | Annotated[FirstDay, Tag("first_day")]
        | Annotated[DaysIn, Tag("days_in")]
        | Annotated[Weekday, Tag("weekday")]
        | Annotated[WorkingDays, Tag("working_days")]
        | Annotated[Between, Tag("between")]
        | Annotated[Add, Tag("add")]
        | Annotated[Subtract, Tag("subtract")]
        | Annotated[Multiply, Tag("multiply")]
        | Annotated[Divide, Tag("divide")]
        | Annotated[Quotient, Tag("quotient")]
        | Annotated[Percent, Tag("percent")]
        | Annotated[Completed, Tag("completed")]
        | Annotated[Started, Tag("started")]
        | Annotated[Rounded, Tag("rounded")]
        | Annotated[LesserOf, Tag("lesser_of")]
        | Annotated[GreaterOf, Tag("greater_of")]
        | Annotated[FirstKnown, Tag("first_known")]
        | Annotated[Tiers, Tag("tiers")]
        | Annotated[Cases, Tag("cases")]
        | Annotated[Match, Tag("match")]
        | Annotated[NeedsReview, Tag("needs_review")]
        | Annotated[Total, Tag("total")]
        | Annotated[Greatest, Tag("greatest")],
        Discriminator(
            kind_of,
            custom_error_type="amount_unknown",
            custom_error_message='an amount is a whole number, an exact number in quotes ("12.5", "1/3"), or one of: '
            + ", ".join(sorted(NODES)),
        ),
    ],
)  # named, so that the schema of what is made of amounts refers to it
Constant = Annotated[
    Annotated[Number, Tag("number")] | Annotated[FigureRef, Tag("figure")],
    Discriminator(
        lambda value: kind if (kind := kind_of(value)) in ("number", "figure") else None,
        custom_error_type="constant_expected",
        custom_error_message="expected a number or a figure of the pack",
    ),
]


# --- conditions ------------------------------------------------------------------------------------


def _day_or_amount(value: Any) -> str:
    return "day" if isinstance(value, dt.date) or (isinstance(value, str) and _DAY.fullmatch(value)) else "amount"


DayOrAmount = Annotated[Annotated[Day, Tag("day")] | Annotated[Amount, Tag("amount")], Discriminator(_day_or_amount)]


class Condition(Part):
    """True, false, or not known: one comparison, or several joined by `any`, `all` or `not`.

    A comparison is of a fact or of any amount (`that`). Under `require` and `review` it names its reason.
    """

    fact: Code | None = None
    that: Amount | None = None
    any_: list[Condition] | None = Field(None, alias="any", min_length=2)
    """At least one of them holds."""
    all_: list[Condition] | None = Field(None, alias="all", min_length=2)
    """Every one of them holds."""
    not_: Condition | None = Field(None, alias="not")
    """It does not hold."""
    is_: str | StrictInt | bool | None = Field(None, alias="is")
    in_: Annotated[list[str], EachOnce] | None = Field(None, alias="in", min_length=1)
    """One of these texts."""
    known: bool | None = None
    """Whether the fact is known at all."""
    from_: DayOrAmount | None = Field(None, alias="from")
    """On this day or later."""
    before: DayOrAmount | None = None
    """Before this day."""
    until: DayOrAmount | None = None
    """On this day or earlier."""
    at_least: Amount | None = None
    """Inclusive."""
    at_most: Amount | None = None
    """Inclusive."""
    above: Amount | None = None
    """Exclusive."""
    below: Amount | None = None
    """Exclusive."""
    reason: Code | None = None
    """Said when it fails under `require`, or holds under `review`; one of the pack's `reasons`."""

    @model_validator(mode="after")
    def one_subject_one_comparison(self) -> Condition:
        subjects = [name for name, value in (("fact", self.fact), ("that", self.that)) if value is not None]
        joins = [name for name, value in (("any", self.any_), ("all", self.all_), ("not", self.not_)) if value is not None]
        if len(subjects) + len(joins) != 1:
            found = " and ".join([*subjects, *joins]) or "none"
            raise ValueError(f"a condition has exactly one of `fact`, `that`, `any`, `all`, `not`, found {found}")
        found = " and ".join(sorted(self.comparisons)) or "none"
        if joins and self.comparisons:
            raise ValueError(
                f"`{joins[0]}` has conditions and no comparison of its own, found {found}; move it into one of them"
            )
        if subjects and len(self.comparisons) != 1:
            names = "is, in, known, from, before, until, at_least, at_most, above or below"
            raise ValueError(f"found {found}, expected exactly one comparison: {names}")
        return self

    @property
    def comparisons(self) -> dict[str, Any]:
        names = {"is": self.is_, "in": self.in_, "known": self.known, "from": self.from_, "before": self.before,
                 "until": self.until, "at_least": self.at_least, "at_most": self.at_most, "above": self.above,
                 "below": self.below}  # fmt: skip
        return {name: value for name, value in names.items() if value is not None}


_RECURSIVE: list[type[Part]] = [*NODES.values(), Tier, Case, Condition]
for _kind in _RECURSIVE:
    _kind.model_rebuild()


# --- names ----------------------------------------------------------------------------------------


def parts(value: Any, outside: type[Part] | None = None) -> Iterator[Part]:
    """The part itself and every part below it, without what is in a part of the kind `outside`."""
    if outside is not None and isinstance(value, outside):
        return
    if isinstance(value, Part):
        yield value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name), outside)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from parts(item, outside)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from parts(item, outside)


def facts_named(part: Any, outside: type[Part] | None = None) -> list[str]:
    """Facts that a part mentions, in order of mention, each once; `outside` as in `parts`."""
    found: dict[str, None] = {}
    for node in parts(part, outside):
        if isinstance(node, FactRef):
            found[node.fact] = None
        elif isinstance(node, Condition):
            found.update({} if node.fact is None else {node.fact: None})
        elif isinstance(node, Match):
            found[node.match] = None
        elif isinstance(node, Between):
            found.update({end: None for end in node.between if isinstance(end, str)})
    return list(found)
