"""The policy pack: a compensation scheme as data.

A pack declares its sources, when and for whom it is valid, the facts it asks for with the provenance
each needs, its rules (`shapes.py`) and its worked examples.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import Field, StrictInt, ValidationError, model_validator

from .instants import microseconds
from .refusals import EngineRefusal
from .shapes import (
    PROVENANCES,
    Code,
    Condition,
    Counted,
    Day,
    FigureRef,
    Part,
    Provenance,
    Remedy,
    Rule,
    Scope,
    ServiceCode,
    Severity,
    Text,
    facts_named,
    parts,
)

LONGEST_PACK = 200_000  # characters; the longest of the shipped ones has 5,000


class AttestedBy(Part):
    """The subscriptions whose record gives the fact: of these services or anything below them.

    Of a person's several the one counts that was held when the incident began, else the next one begun; one that
    had ended before is not heard. A charge counts only in the currency.
    """

    subscription: list[ServiceCode] = Field(min_length=1)
    value: Literal["charge", "started_at", "ended_at"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None

    @model_validator(mode="after")
    def a_charge_has_a_currency(self) -> AttestedBy:
        if (self.value == "charge") != (self.currency is not None):
            raise ValueError("`currency` is said of a charge, and of nothing else")
        return self


class FactSpec(Part):
    """A value the pack asks for.

    Types: money (minor units), integer, boolean, instant, date, text. `decide` is the weakest
    provenance on which the rule may decide; a weaker one gives a quote that needs review, down to `quote`;
    what only a still weaker word says is as if it were not said.
    """

    type: Literal["money", "integer", "boolean", "instant", "date", "text"]
    of: Literal["claim", "loss"] = "claim"
    label: Text
    values: list[str] | None = None
    quote: Provenance = "claimant"
    decide: Provenance = "partner"
    evidence: str | None = None
    attested_by: AttestedBy | None = None

    @model_validator(mode="after")
    def quote_before_decide(self) -> FactSpec:
        if PROVENANCES.index(self.quote) > PROVENANCES.index(self.decide):
            raise ValueError(f"`quote: {self.quote}` asks for more than `decide: {self.decide}`")
        return self

    @model_validator(mode="after")
    def attested_as_its_type(self) -> FactSpec:
        if self.attested_by is not None:
            needed = "money" if self.attested_by.value == "charge" else "instant"
            if (self.type, self.of) != (needed, "claim"):
                raise ValueError(f"a subscription attests its {self.attested_by.value} as {needed} of the claim")
        return self


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


def load_pack(text: str, name: str, number: int = 1) -> Pack:
    """Read and validate a YAML pack.

    Raises EngineRefusal (`pack_too_large`, `yaml_invalid`, `pack_invalid`, `pack_reference`).
    """
    if len(text) > LONGEST_PACK:
        raise EngineRefusal("pack_too_large", f"found {len(text):,} characters; a pack has at most {LONGEST_PACK:,}", name)
    try:
        data = yaml.load(text, Loader=PackLoader)  # noqa: S506 - a SafeLoader subclass
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a number that int() does not read
        raise EngineRefusal("yaml_invalid", " ".join(str(error).split()), name) from error
    if not isinstance(data, dict):
        raise EngineRefusal("pack_invalid", f"a pack is a mapping, found {type(data).__name__}", name)
    return Pack.from_document(data, number, name)


class PackLoader(yaml.SafeLoader):
    """YAML without surprises: duplicate keys, aliases and floats are refused, days and times stay text for the models."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Aliases of aliases make gigabytes out of a few lines; and a figure is written where it counts."""
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, f"*{event.anchor} is an alias; write it out", event.start_mark)
        return super().compose_node(parent, index)


def _unique_mapping(loader: PackLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    found = dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))  # refuses keys that are no keys
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} appears twice", key_node.start_mark)
        seen.add(key)
    return found


def _no_float(loader: PackLoader, node: yaml.ScalarNode) -> Any:
    raise yaml.constructor.ConstructorError(
        None, None, f"{node.value} is a float; write a whole number of minor units", node.start_mark
    )


def _as_text(loader: PackLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


PackLoader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)
PackLoader.add_constructor("tag:yaml.org,2002:float", _no_float)
PackLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def _check_names(body: PackBody, name: str) -> None:
    """Every fact, figure and source that is mentioned is declared, and no rule code appears twice."""
    try:
        ZoneInfo(body.zone)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:  # OSError: a folder of zones
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
