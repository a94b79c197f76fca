"""The shapes of a rule: which losses it answers, which windows it counts, what it asks, what it gives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from .shapes import (
    Amount,
    Calendar,
    Code,
    Condition,
    Currency,
    Day,
    EachOnce,
    Number,
    Part,
    RoundingMode,
    Scope,
    ServiceCode,
    Severity,
    Text,
    Words,
    calendar_for,
    fraction_of,
)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Remedy(Part):
    """What is given: an instrument, its unit, and the currency where the unit is money."""

    instrument: Literal["cash", "credit", "points", "days", "hours", "data", "coupon", "waiver", "item"]
    unit: Words
    """KRW (minor units of the currency), point, day, minute, hour, gigabyte, or what the item is called."""
    currency: Currency | None = None
    extends: Code | None = None
    """A date fact that the remedy's days move; or an instant, of which they move the day."""
    lasts_days: Annotated[StrictInt, Field(ge=1)] | None = None
    """How long it can be used once it is given."""
    redeem_by: Day | None = None
    """The last day on which it can be taken."""
    renews: Literal[False] = False
    """A remedy never turns into something that is paid for."""

    @model_validator(mode="before")
    @classmethod
    def never_renews(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("renews") not in (None, False):
            raise ValueError("a remedy that renews itself is forbidden; take `renews` out", "renews")
        return data

    @model_validator(mode="after")
    def unit_of_its_instrument(self) -> Remedy:
        units = {"days": ("day",), "hours": ("hour", "minute"), "points": ("point",), "data": ("gigabyte", "megabyte", "day")}
        if self.instrument == "cash" and self.currency is None:
            raise ValueError(f"`currency` is missing; add it: for cash it is the unit, {self.unit}")
        if self.currency is None and self.unit.isupper() and len(self.unit) == 3:
            raise ValueError(f"`currency` is missing; add it: {self.unit} is a unit of money")
        if self.currency is not None and self.unit != self.currency:
            raise ValueError(f"found {self.unit!r}, expected {self.currency}: the unit of money is its currency", "unit")
        if self.unit not in units.get(self.instrument, (self.unit,)):
            wanted = " or ".join(units[self.instrument])
            raise ValueError(f"found {self.unit!r}, expected {wanted}, the unit of {self.instrument}", "unit")
        if self.lasts_days is not None and self.instrument == "cash":
            raise ValueError("cash is not used up by a day; take it out, or give another instrument", "lasts_days")
        if self.extends is not None and self.instrument != "days":
            raise ValueError(f"only days extend a date, found `instrument: {self.instrument}`; take it out", "extends")
        return self


class Choice(Part):
    """An amount and a remedy; of several the first whose conditions hold, and that was chosen, is given."""

    option: Code | None = None
    """Its name in the fact that `chosen_by` names."""
    when: list[Condition] = []
    amount: Amount
    remedy: Remedy


class LossScope(Part):
    """Which losses a rule answers: these services and everything below them."""

    services: Annotated[list[ServiceCode], EachOnce] = Field(min_length=1)
    each: bool = False
    """One line per loss; otherwise one per claim, where overlapping losses count once."""
    overlap: Literal["required", "not_required"] = "required"
    """Whether a loss must lie at least partly in a counted window."""


class Hours(Part):
    """Hours of the day, in the pack's zone, in which an outage counts."""

    from_: Clock = Field(alias="from")
    before: Clock
    days: Literal["all", "working"] | Annotated[list[Weekday], Field(min_length=1), EachOnce] = "all"
    calendar: Calendar | None = None
    """Whose public holidays are no working days. Only for working days."""

    @model_validator(mode="after")
    def in_order(self) -> Hours:
        if self.from_ >= self.before:
            told = f"found {self.from_} to {self.before}, expected an end after the start"
            raise ValueError(f'{told}; hours over midnight are two entries, one before "24:00" and one from "00:00"')
        calendar_for(self.days == "working", self.calendar)
        return self


def _instant(value: Any) -> Any:
    try:
        instant = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"found {value!r}, expected a time like 2022-10-15T15:30:00+09:00") from None
    if instant.tzinfo is None:
        raise ValueError(f"{value} has no offset; write +09:00 or Z behind it")
    if not 2000 <= instant.year < 2100:
        raise ValueError(f"found {value}, expected a time between 2000 and 2100")
    return instant


Instant = Annotated[dt.datetime, BeforeValidator(_instant)]


class StatedWindow(Part):
    """A window that the scheme itself states, instead of the record's windows of these services.

    It counts in full: severities, scopes, maintenance, weights and shares are said of the record's windows.
    """

    services: Annotated[list[ServiceCode], EachOnce] = Field(min_length=1)
    from_: Instant = Field(alias="from")
    before: Instant
    source: Code

    @model_validator(mode="after")
    def ascending(self) -> StatedWindow:
        if self.before <= self.from_:
            told = f"found {self.before.isoformat()}, expected a time after {self.from_.isoformat()}"
            raise ValueError(told, "before")
        return self


class Planned(Part):
    """Whether the time of planned maintenance counts."""

    counts: Literal["never", "always", "unannounced"]
    """When its time counts; `unannounced`: where nobody says that it was announced, or it was announced too late."""
    hours_before: Annotated[StrictInt, Field(ge=0)] | None = None
    """So many hours before its start it is announced in time (inclusive); 0 where nothing is said. Only for `unannounced`."""

    @model_validator(mode="after")
    def hours_of_an_announcement(self) -> Planned:
        if self.counts != "unannounced" and self.hours_before is not None:
            told = f"`hours_before` is said of `counts: unannounced`, found `counts: {self.counts}`; take it out"
            raise ValueError(told, "hours_before")
        return self


class WindowScope(Part):
    """Which windows count for the rule, and how much."""

    services: Annotated[list[ServiceCode], EachOnce] | None = Field(None, min_length=1)
    """Only losses of these services and below them; of all that the rule answers where nothing is said."""

    severities: Annotated[list[Severity], EachOnce] = Field(default=["full", "partial", "intermittent"], min_length=1)
    scopes: Annotated[list[Scope], EachOnce] = Field(default=["all", "some_users", "some_functions"], min_length=1)
    planned: Planned = Planned(counts="never")
    """Whether planned maintenance counts, of which customers are told before. It takes the service away all the same."""
    source: Code | None = None
    """Whose windows; without it the governing source's."""
    weights: dict[Severity, Number] = {}
    """How much time of a severity counts, from 0 to 1; 1 where nothing is said."""
    by_share_of_users: bool = False
    """Time counts by the share of users that the window hit; all of them where the record does not say."""
    hours: list[Hours] = []
    """Only these hours count; all of them where nothing is said."""
    stated: list[StatedWindow] = []
    """Windows that the scheme itself states; for their services the record's own do not count."""

    @model_validator(mode="after")
    def weights_from_0_to_1(self) -> WindowScope:
        for severity, weight in self.weights.items():
            if not 0 <= fraction_of(weight) <= 1:
                raise ValueError(f"found {weight}, expected a share from 0 to 1", "weights", severity)
            if severity not in self.severities:
                told = f"a window that is {severity} does not count; add it to `severities`, or take its weight out"
                raise ValueError(told, "weights", severity)
        return self


class Minimum(Part):
    """Smaller sums are not paid: `at_least` (inclusive) or `above` (exclusive)."""

    at_least: Amount | None = None
    above: Amount | None = None
    otherwise: Literal["nothing", "carried"] = "nothing"
    """Whether a smaller sum is lost, or kept until it can be paid together with others."""

    @model_validator(mode="after")
    def one_border(self) -> Minimum:
        if (self.at_least is None) == (self.above is None):
            found = "none" if self.above is None else "both"
            raise ValueError(f"a minimum has one of `at_least` (inclusive) and `above` (exclusive), found {found}")
        return self

    @property
    def reason(self) -> str:
        """What is said of a sum that is not paid."""
        return "below_minimum" if self.otherwise == "nothing" else "carried_forward"


class Rounding(Part):
    """Once, at the end: to a multiple of `to` units."""

    to: Annotated[StrictInt, Field(ge=1)]
    mode: RoundingMode


class Rule(Part):
    """One remedy of the scheme.

    The order of evaluation: `applies`, `require`, the first of the `choices`, then its amount is raised to `at_least`,
    lowered to `at_most`, less `deduct` (never below 0; what is below 0 deducts nothing), held against `minimum`, and
    rounded; what rounding would lift above `at_most` is rounded down. Other orders are written inside the amount, with
    `lesser_of`, `greater_of`, `subtract` and `rounded`.
    """

    code: Code
    title: Text
    applies: list[Condition] = []
    """Conditions on facts of the claim; where one fails, the rule says nothing at all."""
    losses: LossScope | None = None
    """Without it the rule speaks of the claim, whatever was lost."""
    windows: WindowScope = WindowScope()
    measures: dict[Code, WindowScope] = {}
    """Further ways to count the same losses, by name."""
    require: list[Condition] = []
    """Where one fails, nothing is owed, for its reason."""
    review: list[Condition] = []
    """Where one holds, a person decides, for its reason."""
    chosen_by: Code | None = None
    """A text fact: the option that the claimant chose. While it is not known, the first that holds is given."""
    choices: list[Choice] = Field(min_length=1)
    at_least: Amount | None = None
    """An amount above 0 is raised to it."""
    at_most: Amount | None = None
    deduct: list[Amount] = []
    """What was already given for the same loss, by others or under other terms."""
    minimum: Minimum | None = None
    round: Rounding = Rounding(to=1, mode="down")

    @property
    def unconditional(self) -> bool:
        """Whether there is one choice, and nothing to choose by."""
        return len(self.choices) == 1 and not self.choices[0].when and self.chosen_by is None

    @model_validator(mode="before")
    @classmethod
    def single_choice(cls, data: Any) -> Any:
        """`amount` and `remedy` beside each other are one choice without conditions."""
        told = [key for key in ("amount", "remedy") if isinstance(data, dict) and key in data]
        if told and "choices" in data:
            raise ValueError("a rule has an `amount` and a `remedy`, or `choices` that each have them; found both", told[0])
        if told:
            data = dict(data)
            data["choices"] = [{key: data.pop(key) for key in told}]
        return data

    @model_validator(mode="after")
    def reasons_given(self) -> Rule:
        for name, conditions in (("require", self.require), ("review", self.review)):
            for place, condition in enumerate(conditions):
                if condition.reason is None:
                    raise ValueError("`reason` is missing; add it: one of the pack's `reasons`", name, place)
        return self

    @model_validator(mode="after")
    def options_named(self) -> Rule:
        options = [choice.option for choice in self.choices]
        named = [place for place, option in enumerate(options) if option is not None]
        if self.chosen_by is None and named:
            told = "found an option, but no fact that chooses; add `chosen_by` to the rule, or take it out"
            raise ValueError(told, "choices", named[0], "option")
        if self.chosen_by is not None and not named:
            raise ValueError(f"no choice has an `option`; add them, or take `chosen_by: {self.chosen_by}` out", "chosen_by")
        if named and len(named) < len(options):
            place = options.index(None)
            raise ValueError(
                "`option` is missing; add it: others of the choices have one, and nobody could choose this", "choices", place
            )
        return self

    @model_validator(mode="after")
    def each_choice_can_be_reached(self) -> Rule:
        for place, choice in enumerate(self.choices):
            if any(not earlier.when and earlier.option == choice.option for earlier in self.choices[:place]):
                told = "a choice before it has no `when`, so this one is never given; order them, or take it out"
                raise ValueError(told, "choices", place)
        return self

    @model_validator(mode="after")
    def windows_of_losses(self) -> Rule:
        for name in ("windows", "measures"):
            if self.losses is None and name in self.model_fields_set:
                raise ValueError(f"`{name}` count the time of losses; add `losses`, or take them out", name)
        return self
