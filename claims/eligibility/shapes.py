"""The shapes a policy is composed of: amounts, conditions, rules, as typed data.

Amounts are small expressions over integers; `amounts.py` gives them their meaning, `conditions.py` theirs to
conditions. A new shape is one class here and one method there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StrictInt, Tag, model_validator

PROVENANCES = ("claimant", "partner", "staff")  # the weakest first; the position is the engine's number
Provenance = Literal["claimant", "partner", "staff"]
Severity = Literal["full", "partial", "intermittent"]
Scope = Literal["all", "some_users", "some_functions"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
SERVICE_CODE_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
SERVICE_CODE_LENGTH = 100
ServiceCode = Annotated[str, Field(pattern=SERVICE_CODE_PATTERN, max_length=SERVICE_CODE_LENGTH)]


def _day(value: Any) -> Any:
    """Days are written 2022-10-15; nothing else becomes one."""
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value


Day = Annotated[dt.date, BeforeValidator(_day), Field(ge=dt.date(2000, 1, 1), lt=dt.date(2100, 1, 1))]


class Part(BaseModel):
    """Every part of a pack: unknown keys are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Text(Part):
    ko: str
    en: str


# --- amounts -----------------------------------------------------------------------------------


class FigureRef(Part):
    """A figure of the pack, by name."""

    figure: Code


class FactRef(Part):
    """The value of a fact; money in minor units, instants and dates as said in `FactSpec`."""

    fact: Code


class Counted(Part):
    """Time lost inside counted windows, overlaps once, in this unit (an exact fraction of it)."""

    counted: Literal["seconds", "minutes", "hours"]


class DaysTouched(Part):
    """Calendar days, in the pack's zone, touched by the incident's extent by one source."""

    days_touched: Literal["extent"]
    source: Code


class Between(Part):
    """Time from one instant fact to another, in this unit (an exact fraction of it)."""

    between: tuple[Code, Code] = Field(strict=False)
    unit: Literal["seconds", "minutes", "hours", "days"] = Field(alias="in")


class Add(Part):
    add: list[Amount] = Field(min_length=2)


class Subtract(Part):
    subtract: tuple[Amount, Amount] = Field(strict=False)


class Multiply(Part):
    multiply: list[Amount] = Field(min_length=2)


class Divide(Part):
    """Exact; the divisor is a figure or a whole number, so it cannot be zero by accident."""

    divide: tuple[Amount, FigureRef | Annotated[StrictInt, Field(ge=1)]] = Field(strict=False)


class Completed(Part):
    """Whole units that fit into the amount (rounded down)."""

    completed: Amount
    per: Annotated[StrictInt, Field(ge=1)]


class Started(Part):
    """Units that were begun (rounded up)."""

    started: Amount
    per: Annotated[StrictInt, Field(ge=1)]


class LesserOf(Part):
    lesser_of: list[Amount] = Field(min_length=2)


class GreaterOf(Part):
    greater_of: list[Amount] = Field(min_length=2)


class FirstKnown(Part):
    """The first alternative of which every fact is known."""

    first_known: list[Amount] = Field(min_length=2)


class Tier(Part):
    up_to: StrictInt  # inclusive
    pays: Amount


class Tiers(Part):
    """Steps over an amount, ends inclusive, ascending; above the last one a person decides."""

    on: Amount
    tiers: list[Tier] = Field(min_length=1)
    above: Literal["needs_review"]

    @model_validator(mode="after")
    def ascending(self) -> Tiers:
        limits = [tier.up_to for tier in self.tiers]
        if sorted(set(limits)) != limits:
            raise ValueError(f"tiers must ascend without repeating, found {limits}")
        return self


NODES: dict[str, type[Part]] = {
    "figure": FigureRef, "fact": FactRef, "counted": Counted, "days_touched": DaysTouched, "between": Between,
    "add": Add, "subtract": Subtract, "multiply": Multiply, "divide": Divide, "completed": Completed,
    "started": Started, "lesser_of": LesserOf, "greater_of": GreaterOf, "first_known": FirstKnown, "tiers": Tiers,
}  # fmt: skip


def _node(value: Any) -> str | None:
    """Which kind of amount this is: by the one key that names it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "number"
    if isinstance(value, Part):
        return next((key for key, kind in NODES.items() if isinstance(value, kind)), None)
    if isinstance(value, dict):
        found = [key for key in NODES if key in value]
        return found[0] if len(found) == 1 else None
    return None


Amount = Annotated[
    Annotated[StrictInt, Tag("number")]
    | Annotated[FigureRef, Tag("figure")]
    | Annotated[FactRef, Tag("fact")]
    | Annotated[Counted, Tag("counted")]
    | Annotated[DaysTouched, Tag("days_touched")]
    | Annotated[Between, Tag("between")]
    | Annotated[Add, Tag("add")]
    | Annotated[Subtract, Tag("subtract")]
    | Annotated[Multiply, Tag("multiply")]
    | Annotated[Divide, Tag("divide")]
    | Annotated[Completed, Tag("completed")]
    | Annotated[Started, Tag("started")]
    | Annotated[LesserOf, Tag("lesser_of")]
    | Annotated[GreaterOf, Tag("greater_of")]
    | Annotated[FirstKnown, Tag("first_known")]
    | Annotated[Tiers, Tag("tiers")],
    Discriminator(
        _node,
        custom_error_type="amount_unknown",
        custom_error_message="an amount is a whole number or one of: " + ", ".join(sorted(NODES)),
    ),
]
for _kind in NODES.values():
    _kind.model_rebuild()


# --- conditions --------------------------------------------------------------------------------


class Condition(Part):
    """One comparison, with the reason code that is given when it fails (`require`) or holds (`review`).

    Either a fact, against text, a day in the pack's zone, or a number; or any amount (`that`) against a number.
    """

    fact: Code | None = None
    that: Amount | None = None
    is_: str | StrictInt | bool | None = Field(None, alias="is")
    in_: list[str] | None = Field(None, alias="in", min_length=1)
    known: bool | None = None
    from_: Day | None = Field(None, alias="from")  # inclusive
    before: Day | None = None  # exclusive
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None
    above: StrictInt | None = None
    below: StrictInt | None = None
    reason: Code | None = None

    @model_validator(mode="after")
    def one_subject_one_comparison(self) -> Condition:
        if (self.fact is None) == (self.that is None):
            raise ValueError("a condition compares either `fact` or `that`")
        if len(self.comparisons) != 1:
            raise ValueError(f"a condition has one comparison, found {sorted(self.comparisons) or 'none'}")
        return self

    @property
    def comparisons(self) -> dict[str, Any]:
        names = {"is": self.is_, "in": self.in_, "known": self.known, "from": self.from_, "before": self.before,
                 "at_least": self.at_least, "at_most": self.at_most, "above": self.above, "below": self.below}  # fmt: skip
        return {name: value for name, value in names.items() if value is not None}


# --- rules -------------------------------------------------------------------------------------


class Remedy(Part):
    """What is given: an instrument, its unit, and the currency where the unit is money."""

    instrument: Literal["cash", "points", "days", "credit", "coupon", "item", "waiver"]
    unit: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    extends: Code | None = None  # a date fact that the remedy's days move


class Choice(Part):
    """The first choice whose conditions hold gives amount and remedy."""

    when: list[Condition] = []
    amount: Amount
    remedy: Remedy


class LossScope(Part):
    """Which losses a rule answers: these services and everything below them."""

    services: list[ServiceCode] = Field(min_length=1)
    each: bool = False  # one line per loss; otherwise one per claim, where overlapping losses count once
    overlap: Literal["required", "not_required"] = "required"


class WindowScope(Part):
    """Which windows count for the rule."""

    severities: list[Severity] = Field(default=["full", "partial", "intermittent"], min_length=1)
    scopes: list[Scope] = Field(default=["all", "some_users", "some_functions"], min_length=1)
    source: Code | None = None  # None: the governing source


class Rounding(Part):
    """Once, at the end: to a multiple of `to` units."""

    to: Annotated[StrictInt, Field(ge=1)]
    mode: Literal["half_up", "half_even", "down", "up"]


class Rule(Part):
    code: Code
    title: Text
    losses: LossScope | None = None
    windows: WindowScope = WindowScope()
    require: list[Condition] = []
    review: list[Condition] = []
    choices: list[Choice] = Field(min_length=1)
    at_most: Amount | None = None
    round: Rounding = Rounding(to=1, mode="down")

    @model_validator(mode="after")
    def reasons_given(self) -> Rule:
        if any(condition.reason is None for condition in (*self.require, *self.review)):
            raise ValueError("every condition under `require` and `review` names its reason")
        return self

    @model_validator(mode="before")
    @classmethod
    def single_choice(cls, data: Any) -> Any:
        """`amount` and `remedy` beside each other are one choice without conditions."""
        if isinstance(data, dict) and "choices" not in data and {"amount", "remedy"} <= data.keys():
            data = dict(data)
            data["choices"] = [{"amount": data.pop("amount"), "remedy": data.pop("remedy")}]
        return data


# --- names ------------------------------------------------------------------------------------


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


def facts_named(part: Any, outside: type[Part] | None = None) -> list[str]:
    """Facts that a part mentions, in order of mention, each once; `outside` as in `parts`."""
    found: dict[str, None] = {}
    for node in parts(part, outside):
        if isinstance(node, FactRef):
            found[node.fact] = None
        elif isinstance(node, Condition):
            found.update({} if node.fact is None else {node.fact: None})
        elif isinstance(node, Between):
            found.update(dict.fromkeys(node.between))
    return list(found)
