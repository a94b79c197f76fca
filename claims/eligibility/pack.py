"""The policy pack: a compensation scheme as data.

A pack declares its sources, when and for whom it is valid, the facts it asks for with the provenance
each needs, its rules and its worked examples. Amounts are small expressions over integers, so that
shapes compose; `amounts.py` gives them their meaning.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictInt,
    Tag,
    ValidationError,
    model_validator,
)

from .refusals import EngineRefusal

PROVENANCES = ("claimant", "partner", "staff")  # the weakest first; the position is the engine's number
Provenance = Literal["claimant", "partner", "staff"]
Severity = Literal["full", "partial", "intermittent"]
Scope = Literal["all", "some_users", "some_functions"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
ServiceCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]


def _day(value: Any) -> Any:
    """Days are written 2022-10-15; nothing else becomes one."""
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value


Day = Annotated[dt.date, BeforeValidator(_day), Field(ge=dt.date(2000, 1, 1), lt=dt.date(2100, 1, 1))]
MICROSECONDS = 1_000_000


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


class FactSpec(Part):
    """A value the pack asks for.

    Types: money (minor units), integer, boolean, instant, date, text. `decide` is the weakest
    provenance on which the rule may decide; a weaker one (at least `quote`) gives a quote that needs review.
    """

    type: Literal["money", "integer", "boolean", "instant", "date", "text"]
    of: Literal["claim", "loss"] = "claim"
    label: Text
    values: list[str] | None = None
    quote: Provenance = "claimant"
    decide: Provenance = "partner"
    evidence: str | None = None


class Source(Part):
    text: str
    note: str | None = None


class Figure(Part):
    value: StrictInt
    unit: str
    source: Code


class Validity(Part):
    """Incidents that start in [from, before), both days in the pack's zone."""

    from_: Day = Field(alias="from")
    before: Day | None = None


# --- examples ----------------------------------------------------------------------------------


class ExampleSpan(Part):
    service: ServiceCode
    from_: dt.datetime = Field(alias="from")
    before: dt.datetime
    severity: Severity = "full"
    scope: Scope = "all"


class ExampleExtent(Part):
    source: Code
    from_: dt.datetime = Field(alias="from")
    before: dt.datetime


class Example(Part):
    """Facts and losses of one claim and what each rule must (`expect`) or must not (`never`) give."""

    name: str
    facts: dict[Code, Any] = {}
    losses: list[ExampleSpan] | None = None
    expect: dict[Code, StrictInt | str] = {}
    never: dict[Code, StrictInt] = {}


class ExampleSetting(Part):
    """What all examples share unless they say otherwise."""

    windows: list[ExampleSpan] = []
    extents: list[ExampleExtent] = []
    losses: list[ExampleSpan] = []
    facts: dict[Code, Any] = {}


class PackBody(Part):
    pack: Literal[1]
    code: Code
    scheme: str
    demonstration: bool = False
    title: Text
    verified: Literal["search", "mixed", "own"]
    sources: dict[Code, Source] = Field(min_length=1)
    incidents: Validity
    zone: str
    asked_for: bool = False  # only for claims that ask for it by its code
    scope: list[Condition] = []  # claims outside are none of this pack's business: no line
    facts: dict[Code, FactSpec] = {}
    figures: dict[Code, Figure] = {}
    recovery_floor: Code | None = None  # a figure: smaller overpayments are written off
    reasons: dict[Code, Text] = {}  # what the reason codes of the rules' conditions say
    rules: list[Rule] = Field(min_length=1)
    setting: ExampleSetting = ExampleSetting()
    examples: list[Example] = Field(min_length=1)


class Pack:
    """A validated pack under a publication number; equal text content gives an equal hash."""

    def __init__(self, body: PackBody, document: dict[str, Any], number: int) -> None:
        self.body = body
        self.document = document
        self.number = number
        self.code = body.code
        self.demonstration = body.demonstration
        self.rules = body.rules
        self.zone = ZoneInfo(body.zone)
        canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        self.content_hash = hashlib.sha256(canonical.encode()).hexdigest()
        self.incidents_from = self.day_start(body.incidents.from_)
        self.incidents_before = None if body.incidents.before is None else self.day_start(body.incidents.before)

    def day_start(self, day: dt.date) -> int:
        """The first instant of a day in the pack's zone, in microseconds."""
        return microseconds(dt.datetime.combine(day, dt.time(), self.zone))

    @property
    def recovery_floor(self) -> int:
        """Overpayments below this many units are written off; 0: none are."""
        name = self.body.recovery_floor
        return 0 if name is None else self.body.figures[name].value

    @classmethod
    def from_document(cls, document: dict[str, Any], number: int, name: str) -> Pack:
        try:
            text = json.dumps(document)
        except (TypeError, ValueError, RecursionError) as error:  # YAML has sets, bytes and endless depth; a pack has not
            raise EngineRefusal("pack_invalid", str(error), name) from error
        try:
            body = PackBody.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise EngineRefusal("pack_invalid", f"{first['msg']} (found {first['input']!r:.80})", f"{name}: {where}") from error
        _check_names(body, name)
        return cls(body, document, number)


def microseconds(instant: dt.datetime) -> int:
    """Exact microseconds since the epoch; a naive time is refused."""
    if instant.tzinfo is None:
        raise EngineRefusal("timezone_required", f"{instant.isoformat()} has no offset; write +09:00 or Z")
    return (instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def load_pack(text: str, name: str, number: int = 1) -> Pack:
    """Read and validate a YAML pack. Raises EngineRefusal (`yaml_invalid`, `pack_invalid`, `pack_reference`)."""
    try:
        data = yaml.load(text, Loader=PackLoader)  # noqa: S506 - a SafeLoader subclass
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a number that int() does not read
        raise EngineRefusal("yaml_invalid", " ".join(str(error).split()), name) from error
    if not isinstance(data, dict):
        raise EngineRefusal("pack_invalid", f"a pack is a mapping, found {type(data).__name__}", name)
    return Pack.from_document(data, number, name)


class PackLoader(yaml.SafeLoader):
    """YAML without surprises: duplicate keys and floats are refused, days and times stay text for the models."""


def _unique_mapping(loader: PackLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key, (key_node, _) in zip(keys, node.value, strict=True):
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} appears twice", key_node.start_mark)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


def _no_float(loader: PackLoader, node: yaml.ScalarNode) -> Any:
    raise yaml.constructor.ConstructorError(
        None, None, f"{node.value} is a float; write a whole number of minor units", node.start_mark
    )


def _as_text(loader: PackLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


PackLoader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)
PackLoader.add_constructor("tag:yaml.org,2002:float", _no_float)
PackLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


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


def _check_names(body: PackBody, name: str) -> None:
    """Every fact, figure and source that is mentioned is declared, and no rule code appears twice."""
    try:
        ZoneInfo(body.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise EngineRefusal(
            "pack_reference", f"no time zone {body.zone!r}; use a name like Asia/Seoul", f"{name}: zone"
        ) from error
    for figure_name, figure in body.figures.items():
        _declared(figure.source, body.sources, "source", f"{name}: figures.{figure_name}")
    if body.recovery_floor is not None:
        _declared(body.recovery_floor, body.figures, "figure", f"{name}: recovery_floor")
    codes = [rule.code for rule in body.rules]
    if len(set(codes)) != len(codes):
        raise EngineRefusal("pack_reference", f"a rule code appears twice in {codes}", f"{name}: rules")
    _check_scope(body, f"{name}: scope")
    for rule in body.rules:
        _check_rule(rule, body, f"{name}: rules.{rule.code}")
    for example in body.examples:
        for fact in (*example.facts, *body.setting.facts):
            _declared(fact, body.facts, "fact", f"{name}: examples.{example.name}")
        for code in (*example.expect, *example.never):
            _declared(code, codes, "rule", f"{name}: examples.{example.name}")


def _check_scope(body: PackBody, where: str) -> None:
    for fact in facts_named(body.scope):
        _declared(fact, body.facts, "fact", where)
        if body.facts[fact].of == "loss":
            raise EngineRefusal("pack_reference", f"{fact} belongs to a loss; a scope is about the claim", where)
    for node in parts(body.scope):
        if isinstance(node, FigureRef):
            _declared(node.figure, body.figures, "figure", where)
        if isinstance(node, Counted):
            raise EngineRefusal("pack_reference", "a scope is about the claim; counted time belongs to a rule", where)


def _check_rule(rule: Rule, body: PackBody, where: str) -> None:
    for fact in facts_named(rule):
        _declared(fact, body.facts, "fact", where)
        if body.facts[fact].of == "loss" and not (rule.losses and rule.losses.each):
            raise EngineRefusal("pack_reference", f"{fact} belongs to a loss; say `losses: each: true`", where)
    for node in parts(rule):
        if isinstance(node, FigureRef):
            _declared(node.figure, body.figures, "figure", where)
        if isinstance(node, Condition) and node.reason is not None:
            _declared(node.reason, body.reasons, "reason", where)
        if isinstance(node, Remedy) and node.extends is not None:
            _declared(node.extends, body.facts, "fact", where)
            if body.facts[node.extends].type != "date":
                raise EngineRefusal("pack_reference", f"{node.extends} is no date, so no days extend it", where)
        if isinstance(node, Counted) and rule.losses is None:
            raise EngineRefusal("pack_reference", "counted time needs `losses`", where)


def _declared(name: str, known: Any, kind: str, where: str) -> None:
    if name not in known:
        raise EngineRefusal("pack_reference", f"no {kind} {name!r}; declared are {', '.join(sorted(known)) or 'none'}", where)
