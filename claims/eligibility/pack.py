"""The policy pack: a compensation scheme as data.

A pack declares its sources, when and for whom it is valid, the facts it asks for with the provenance
each needs, its rules (`rules.py`) and its worked examples. `validate.py` makes one of a document, `packfile.py`
of YAML.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StrictInt, model_validator

from .exact import FACT_BOUNDS
from .instants import day_of, day_start, local_day
from .refusals import shown
from .rules import Minimum, Rule
from .shapes import (
    PROVENANCES,
    Amount,
    Calendar,
    Code,
    Condition,
    Currency,
    Day,
    EachOnce,
    Number,
    Part,
    Provenance,
    Scope,
    ServiceCode,
    Severity,
    Text,
    Words,
    calendar_for,
    fraction_of,
)

LONGEST_EXTENSION = 366 * 1000  # in days


class AttestedBy(Part):
    """Where the record itself gives the fact: from the claim, or from the person's subscriptions.

    Subscriptions of these services or anything below them; of a person's several the one counts that was held when
    the incident began, else the next one begun; one that had ended before is not heard. A charge counts only in the
    currency.
    """

    claim: Literal["filed_at", "origin"] | None = None
    """When the claim was made, or by whom: filed, partner or proactive."""
    subscription: list[ServiceCode] | None = Field(None, min_length=1)
    value: Literal["charge", "started_at", "ended_at"] | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def one_record(self) -> AttestedBy:
        if (self.claim is None) == (self.subscription is None):
            found = "none" if self.claim is None else "both"
            raise ValueError(f"a fact is attested by one of `claim` and `subscription`, found {found}")
        if self.subscription is not None and self.value is None:
            raise ValueError("`value` is missing; add it: charge, started_at or ended_at")
        if self.claim is not None and self.value is not None:
            raise ValueError("only a subscription has a `value`; take it out", "value")
        if self.value == "charge" and self.currency is None:
            raise ValueError("`currency` is missing; add it: in which a charge counts, like KRW")
        if self.value != "charge" and self.currency is not None:
            raise ValueError("only a charge has a `currency`; take it out", "currency")
        return self

    @property
    def type(self) -> str:
        """The type of fact that it gives."""
        if self.claim == "origin":
            return "text"
        return "money" if self.value == "charge" else "instant"


class FactSpec(Part):
    """A value the pack asks for: of the claim, of each loss, or of the incident.

    Types: money (minor units), integer, boolean, instant, date, text. `decide` is the weakest
    provenance on which the rule may decide; a weaker one gives a quote that needs review, down to `quote`;
    what only a still weaker word says is as if it were not said. `pay` is the weakest on which money moves.
    Facts of the incident are verified by staff, and the same for every claim.
    """

    type: Literal["money", "integer", "boolean", "instant", "date", "text"]
    of: Literal["claim", "loss", "incident"] = "claim"
    label: Text
    help: Text | None = None
    values: Annotated[list[Words], EachOnce] | None = Field(None, min_length=1)
    """All values that a text can have."""
    value_labels: dict[Words, Text] = {}
    """What each value is called where people choose or read it; its code where it is left out."""
    at_least: StrictInt | None = None
    """The smallest number that is taken (inclusive): of money or an integer."""
    at_most: StrictInt | None = None
    """The largest number that is taken (inclusive): of money or an integer."""
    not_before: Code | None = None
    """Another instant or date, told of the same: this one is not earlier. Where it is, the rule does not know it."""
    days_from_loss: Annotated[StrictInt, Field(ge=1)] | None = None
    """How many times 24 hours an instant lies before the start or after the end of its loss, at most (inclusive)."""
    default: StrictInt | bool | str | None = None
    """What is assumed while nobody has said anything; an explanation says so."""
    quote: Provenance = "claimant"
    decide: Provenance = "partner"
    pay: Provenance | None = None
    """As `decide` where it is not said."""
    evidence: Words | None = None
    """What proof looks like, in words."""
    documents: dict[Code, Text] = {}
    """What a claimant may be asked to send for it, by its code."""
    documents_above: Code | None = None
    """A figure: documents are asked for only where the policy would give the claim more minor units. Left out: always."""
    attested_by: AttestedBy | None = None

    @model_validator(mode="after")
    def stronger_from_quote_to_pay(self) -> FactSpec:
        order = f"from the weakest to the strongest they are {', '.join(PROVENANCES)}"
        if PROVENANCES.index(self.quote) > PROVENANCES.index(self.decide):
            raise ValueError(f"`quote: {self.quote}` asks for more than `decide: {self.decide}`; {order}", "quote")
        if self.pay is not None and PROVENANCES.index(self.decide) > PROVENANCES.index(self.pay):
            raise ValueError(f"`decide: {self.decide}` asks for more than `pay: {self.pay}`; {order}", "pay")
        return self

    @model_validator(mode="after")
    def documents_of_a_claimant(self) -> FactSpec:
        if self.documents and self.of == "incident":
            raise ValueError("a fact of the incident is not for a claimant to prove; take `documents` out", "documents")
        if self.documents_above is not None and not self.documents:
            raise ValueError("nothing is asked for above it; add `documents`, or take it out", "documents_above")
        return self

    @model_validator(mode="after")
    def of_an_incident(self) -> FactSpec:
        for name in ("quote", "decide", "pay") if self.of == "incident" else ():
            if name in self.model_fields_set:
                raise ValueError("a fact of the incident is verified by staff, and no other word is asked; take it out", name)
        return self

    @model_validator(mode="after")
    def bounds_of_its_type(self) -> FactSpec:
        kinds = {"at_least": ("money", "integer"), "at_most": ("money", "integer"), "not_before": ("instant", "date"),
                 "days_from_loss": ("instant",)}  # fmt: skip
        for name, fitting in kinds.items():
            if getattr(self, name) is not None and self.type not in fitting:
                told = f"found `type: {self.type}`, expected {' or '.join(fitting)}; take `{name}` out"
                raise ValueError(told, name)
        if self.days_from_loss is not None and self.of != "loss":
            raise ValueError(f"a fact of the {self.of} has no loss; take it out, or say `of: loss`", "days_from_loss")
        low, high = self.bounds
        if low > high:
            raise ValueError(f"from {low} to {high} there is no number; raise it, or lower `at_least`", "at_most")
        return self

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the greatest number that is taken (inclusive), as the engine's columns hold it; not of a text."""
        low, high = FACT_BOUNDS.get(self.type, (0, 0))
        least, most = (low if self.at_least is None else self.at_least), (high if self.at_most is None else self.at_most)
        return max(low, least), min(high, most)

    @model_validator(mode="after")
    def values_of_a_text(self) -> FactSpec:
        if self.values is not None and self.type != "text":
            raise ValueError(f"only a text has `values`, found `type: {self.type}`; take them out", "values")
        for value in self.value_labels:
            if value not in (self.values or ()):
                raise ValueError(f"{value!r} is none of `values`; take it out, or add it there", "value_labels")
        return self

    @model_validator(mode="after")
    def default_of_its_type(self) -> FactSpec:
        kinds: dict[str, type] = {"money": int, "integer": int, "boolean": bool, "text": str}
        if self.default is None:
            return self
        if self.type not in kinds:
            raise ValueError(f"an assumed {self.type} is not sensible; take `default` out", "default")
        if type(self.default) is not kinds[self.type]:
            raise ValueError(f"found {shown(self.default)}, expected a value of `type: {self.type}`", "default")
        if self.type in FACT_BOUNDS and not isinstance(self.default, bool | str):
            low, high = self.bounds
            if not low <= self.default <= high:
                raise ValueError(f"found {self.default}, expected {self.type} from {low} to {high}", "default")
        if self.values is not None and self.default not in self.values:
            raise ValueError(f"found {self.default!r}, expected one of {', '.join(self.values)}", "default")
        return self

    @model_validator(mode="after")
    def attested_as_its_type(self) -> FactSpec:
        if self.attested_by is not None and (self.type, self.of) != (self.attested_by.type, "claim"):
            expected = f"`type: {self.attested_by.type}` and `of: claim`"
            told = f"found `type: {self.type}` and `of: {self.of}`, expected {expected} for what is attested here"
            raise ValueError(told, "attested_by")
        return self

    def said_value(self, value: str, pick: int) -> str:
        """What a value is called, in Korean (0) or English (1)."""
        return self.value_labels[value].said(pick) if value in self.value_labels else value


class Source(Part):
    """Where figures and promises are written down."""

    text: Words
    label: Text | None = None
    """What claimants read instead of `text`, which may be a citation."""
    note: Words | None = None
    url: Words | None = None


class DatedValue(Part):
    """The value of a figure from a day (inclusive) until the next dated one."""

    from_: Day = Field(alias="from")
    value: Number | None = None
    """Left out: not known from that day on, so a person decides."""
    source: Code


class Figure(Part):
    """A number that the scheme names, with its unit and its source; or several, each from a day on."""

    value: Number | None = None
    unit: Words
    source: Code | None = None
    dated: list[DatedValue] | None = Field(None, min_length=1)
    """Ascending by `from`; before the first there is no value."""
    label: Text | None = None
    """What claimants read instead of its name."""

    @model_validator(mode="after")
    def value_with_its_source(self) -> Figure:
        if (self.value is None) == (self.dated is None):
            found = "none" if self.value is None else "both"
            raise ValueError(f"a figure has one of `value` and `dated` values, found {found}")
        if self.value is not None and self.source is None:
            raise ValueError("`source` is missing; add it: one of the pack's `sources`")
        if self.dated is not None and self.source is not None:
            raise ValueError("each dated value names its own source; take this one out", "source")
        days = [dated.from_ for dated in self.dated or ()]
        for place, (before, day) in enumerate(pairwise(days), start=1):
            if day <= before:
                told = f"found {day} after {before}; order the values from the first day to the last, each day once"
                raise ValueError(told, "dated", place, "from")
        return self


class Validity(Part):
    """Incidents that start in [from, before), both days in the pack's zone."""

    from_: Day = Field(alias="from")
    before: Day | None = None

    @model_validator(mode="after")
    def ascending(self) -> Validity:
        if self.before is not None and self.before <= self.from_:
            raise ValueError(
                f"found {self.before}, which is not after {self.from_}; write the day after the last one", "before"
            )
        return self


class Limit(Part):
    """What several lines of one claim may give together, in units of their remedy.

    The lines are filled in the order of the rules and of the losses; what is beyond `at_most` is cut off. Where they
    give less than the `minimum` together, none is paid.
    """

    rules: Annotated[list[Code], EachOnce] = Field(min_length=1)
    at_most: Amount | None = None
    reason: Code | None = None
    """Said of a line that is cut; required beside `at_most`."""
    minimum: Minimum | None = None

    @model_validator(mode="after")
    def limits_something(self) -> Limit:
        if self.at_most is None and self.minimum is None:
            raise ValueError("a limit has `at_most`, `minimum`, or both, found none; add one")
        if self.at_most is not None and self.reason is None:
            raise ValueError("`reason` is missing; add it: one of the pack's `reasons`, said of a line that is cut")
        if self.at_most is None and self.reason is not None:
            raise ValueError("only `at_most` cuts lines and says a `reason`; take it out, or add `at_most`", "reason")
        return self


class Deadline(Part):
    """Until when the scheme promises something: so many days after a claim, a decision, or the recovery."""

    days: Annotated[StrictInt, Field(ge=1)]
    counted: Literal["calendar", "working"] = "calendar"
    calendar: Calendar | None = None
    """Whose public holidays are no working days. Only for working days."""
    after: Literal["claim", "decision", "recovery"]
    source: Code
    late: Code | None = None
    """A figure: what is added for each day that it is late."""

    @model_validator(mode="after")
    def calendar_of_working_days(self) -> Deadline:
        calendar_for(self.counted == "working", self.calendar)
        return self


class Deadlines(Part):
    """When the claimant is answered, and when paid."""

    answer: Deadline | None = None
    pay: Deadline | None = None
    evidence_days: Annotated[StrictInt, Field(ge=1, le=60)] | None = None
    """Working days that a claimant has to send documents; ours where it is left out."""


class Automatic(Part):
    """What is decided by rule. A claim goes to a person unless each policy that gives it something lets its part be approved
    so, or, where none gives anything, each lets it be rejected so; and whatever is undecided of it always does.
    """

    approve_up_to: Code | None = None
    """A figure: what the policy gives a claim in one unit is approved by rule up to here, inclusive. Left out: never."""
    reject: bool = False
    """Whether a claim to which the policy gives nothing is rejected by rule."""
    sample_per_thousand: Annotated[StrictInt, Field(ge=0, le=1000)] = 0
    """So many of a thousand claims go to a person all the same, drawn by its reference and the installation's secret."""


# --- examples ----------------------------------------------------------------------------------


class ExampleFact(Part):
    """A fact by somebody's word. A value without a word is verified by staff."""

    value: StrictInt | bool | str
    by: Provenance
    """Whose word it is."""


Told = StrictInt | bool | str | ExampleFact


class ExampleLoss(Part):
    """A loss of an example; its end is exclusive."""

    service: ServiceCode
    from_: dt.datetime = Field(alias="from")
    before: dt.datetime
    facts: dict[Code, Told] = {}
    """Facts of this loss, before those that the example tells of every one."""


class ExampleWindow(Part):
    """A window of an example; its end is exclusive."""

    service: ServiceCode
    from_: dt.datetime = Field(alias="from")
    before: dt.datetime
    severity: Severity = "full"
    scope: Scope = "all"
    users_permille: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None
    """The share of users that a window hit, in thousandths."""
    planned: bool = False
    """Whether it was planned maintenance."""
    announced_at: dt.datetime | None = None
    """When planned maintenance was announced; without it nobody says."""

    @model_validator(mode="after")
    def planned_if_announced(self) -> ExampleWindow:
        if self.announced_at is not None and not self.planned:
            raise ValueError("only planned maintenance is announced; add `planned: true`, or take it out", "announced_at")
        return self


class ExampleExtent(Part):
    """Start and end of the whole incident by one source."""

    source: Code
    from_: dt.datetime = Field(alias="from")
    before: dt.datetime


class Expected(Part):
    """What a rule's line says; what is left out is not compared. Several lines of one rule give their sum."""

    quantity: StrictInt | None = None
    unit: str | None = None
    instrument: str | None = None
    outcome: Literal["eligible", "not_eligible", "needs_review", "unknown", "parked", "no line"] | None = None
    until: Day | None = None
    """The day of the fact that the remedy extends, moved."""
    reasons: list[str] | None = None
    """Reasons that are among those given."""
    top_up: StrictInt | None = None
    """What is still to be given after `paid`."""


class Example(Part):
    """Facts, losses and windows of one claim and what each rule must (`expect`) or must not (`never`) give.

    The incident begins with the first window or extent. Where that is outside the pack's `incidents`, no rule has a line.
    """

    name: Words
    reading: Words | None = None
    """Which reading of the scheme the example takes where its text can be read in two ways."""
    facts: dict[Code, Told | None] = {}
    """Over those of the setting; null takes one away. A fact of each loss is told of all of them."""
    losses: list[ExampleLoss] | None = None
    windows: list[ExampleWindow] | None = None
    extents: list[ExampleExtent] | None = None
    paid: dict[Code, StrictInt] = {}
    """What rules gave under an earlier version of the record or the scheme."""
    expect: dict[Code, StrictInt | str | Expected] = {}
    """By rule: a quantity, an outcome, or more of the line. `no line`: the rule says nothing."""
    never: dict[Code, StrictInt] = {}


class ExampleSetting(Part):
    """What all examples share unless they say otherwise."""

    windows: list[ExampleWindow] = []
    extents: list[ExampleExtent] = []
    losses: list[ExampleLoss] = []
    facts: dict[Code, Told] = {}


class PackBody(Part):
    """A compensation scheme as data; format version 1."""

    pack: Annotated[StrictInt, Field(ge=1, le=1)]
    """The format's version."""
    code: Code
    scheme: Words
    """Under which heading the scheme is known, such as its number in a list; shown beside the code."""
    demonstration: bool = False
    title: Text
    verified: Literal["search", "mixed", "memory", "own"]
    """How far the figures were found in public pages: all of them (search), in part (mixed), none of them (memory);
    own: made up here."""
    sources: dict[Code, Source] = Field(min_length=1)
    incidents: Validity
    zone: str
    """Whose days, months and hours the scheme means: a name like Asia/Seoul."""
    asked_for: bool = False
    """Only for claims that ask for it by its code."""
    scope: list[Condition] = []
    """Claims outside are none of this pack's business: no line."""
    facts: dict[Code, FactSpec] = {}
    figures: dict[Code, Figure] = {}
    amounts: dict[Code, Amount] = {}
    """Amounts that rules mention by name."""
    recovery_floor: Code | None = None
    """A figure: smaller overpayments are written off."""
    reasons: dict[Code, Text] = {}
    """What the reason codes of the rules' conditions say."""
    rules: list[Rule] = Field(min_length=1)
    limits: list[Limit] = []
    deadlines: Deadlines = Deadlines()
    automatic: Automatic = Automatic()
    """What is decided without a person; nothing unless it is said."""
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

    @cached_property
    def constants(self) -> dict[str, Fraction]:
        """Figures that have one value on all days."""
        return {name: fraction_of(figure.value) for name, figure in self.body.figures.items() if figure.value is not None}

    def holds_for(self, started_at: int | None) -> bool:
        """Whether it is valid for an incident that starts at this instant (microseconds), or at one that nobody knows yet."""
        if started_at is None:
            return True
        return self.incidents_from <= started_at and (self.incidents_before is None or started_at < self.incidents_before)

    def day_start(self, day: dt.date) -> int:
        """The first instant of a day in the pack's zone, in microseconds."""
        return day_start(day, self.zone)

    def extended(self, fact: str, value: int, more: int) -> dt.date | None:
        """The day of a date or an instant (as the engine's columns hold it), moved; None where no calendar has that day."""
        day = local_day(value, self.zone) if self.body.facts[fact].type == "instant" else day_of(value)
        return day + dt.timedelta(days=more) if more <= LONGEST_EXTENSION else None

    @property
    def recovery_floor(self) -> int:
        """Overpayments below this many units are written off; 0: none are."""
        return self._whole(self.body.recovery_floor) or 0

    @property
    def approve_up_to(self) -> int | None:
        """Units up to which it is approved by rule, inclusive; None: never."""
        return self._whole(self.body.automatic.approve_up_to)

    def documents_above(self, fact: str) -> int:
        """Minor units above which documents are asked for."""
        return self._whole(self.body.facts[fact].documents_above) or 0

    def _whole(self, figure: str | None) -> int | None:
        return None if figure is None else int(fraction_of(self.body.figures[figure].value or 0))
