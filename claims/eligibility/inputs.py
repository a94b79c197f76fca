"""Plain JSON values into the engine's columns: for packs' examples, the command line and quotes.

Everything is checked here, because nothing behind it will be: instants have an offset and lie between
2000 and 2100, spans have a length, services are in the tree, values are of their fact's type.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from .assess import CLAIMS, FACTS, LOSSES, Batch
from .exact import FACT_BOUNDS, MICROSECONDS_PER
from .instants import days, microseconds
from .pack import FactSpec, Pack
from .refusals import EngineRefusal, shown
from .shapes import PROVENANCES
from .terms import Terms

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
LONGEST_TEXT = 200
TIME = "a time like 2022-10-15T15:30:00+09:00"


@dataclass(frozen=True)
class LossInput:
    loss: int
    service: str
    start_at: int
    end_at: int


@dataclass(frozen=True)
class FactInput:
    name: str
    value: Any
    provenance: str = "staff"
    loss: int | None = None


@dataclass(frozen=True)
class ClaimInput:
    claim: int
    losses: tuple[LossInput, ...] = ()
    facts: tuple[FactInput, ...] = ()
    asks_for: tuple[str, ...] = ()
    where: str = field(default="", compare=False)


def batch_of(claims: Iterable[ClaimInput], terms: Terms) -> Batch:
    """Raises EngineRefusal with the place of the first value that is refused."""
    specs = fact_specs(terms.packs)
    rows: list[tuple[int, list[str]]] = []
    losses: list[tuple[int, int, int, int, int]] = []
    facts: dict[tuple[int, int | None, str], tuple[int | None, str | None, int]] = {}
    for claim in claims:
        rows.append((claim.claim, list(claim.asks_for)))
        for loss in claim.losses:
            if loss.service not in terms.service_index:
                raise EngineRefusal("unknown_service", f"no service {loss.service!r}", claim.where)
            if loss.end_at <= loss.start_at:
                raise EngineRefusal("interval_invalid", f"loss {loss.loss} ends before it starts", claim.where)
            losses.append((claim.claim, loss.loss, terms.service_index[loss.service], loss.start_at, loss.end_at))
        for fact in claim.facts:
            where = f"{claim.where}.facts.{fact.name}"
            if fact.name not in specs:
                known = ", ".join(sorted(specs)) or "none"
                raise EngineRefusal("unknown_fact", f"no policy asks for {fact.name!r}; those asked for are {known}", where)
            if (specs[fact.name].of == "loss") != (fact.loss is not None) or specs[fact.name].of == "incident":
                message = f"it is asked for of the {specs[fact.name].of}; say it there"
                raise EngineRefusal("fact_of_another_place", message, where)
            key = (claim.claim, fact.loss, fact.name)
            provenance = _provenance(fact.provenance, where)
            if key not in facts or facts[key][2] <= provenance:
                facts[key] = (*fact_value(fact.value, specs[fact.name], where), provenance)
    return Batch(
        pl.DataFrame(rows, schema=CLAIMS, orient="row").sort("claim"),
        pl.DataFrame(losses, schema=LOSSES, orient="row").sort("claim", "loss"),
        pl.DataFrame([(*key, *value) for key, value in facts.items()], schema=FACTS, orient="row"),
    )


def fact_specs(packs: Iterable[Pack]) -> dict[str, FactSpec]:
    """Facts of all packs by name; the same name has the same type everywhere, and every value that one of them knows, called
    as the first of them calls it. Of bounds the wider one holds, and none where one of them has none.

    Raises EngineRefusal `fact_types_differ`.
    """
    specs: dict[str, FactSpec] = {}
    for pack in packs:
        for name, spec in pack.body.facts.items():
            known = specs.setdefault(name, spec)
            if (known.type, known.of) != (spec.type, spec.of):
                message = f"{spec.type} of {spec.of} here, {known.type} of {known.of} in another policy; choose another name"
                raise EngineRefusal("fact_types_differ", message, f"{pack.code}: facts.{name}")
            differing = {name: _of_both(name, known, spec) for name in _ASKED if getattr(known, name) != getattr(spec, name)}
            specs[name] = known = known.model_copy(update=differing)
            if known.values != spec.values:
                both = None if None in (known.values, spec.values) else [*(known.values or ()), *(spec.values or ())]
                specs[name] = known.model_copy(update={"values": both and list(dict.fromkeys(both))})
            if known.value_labels != spec.value_labels:
                labels = {**spec.value_labels, **known.value_labels}
                specs[name] = specs[name].model_copy(update={"value_labels": labels})
    return specs


def fact_value(value: Any, spec: FactSpec, where: str) -> tuple[int | None, str | None]:
    """(whole number, text), one of them empty, as the engine's columns hold them."""
    if spec.type == "text":
        if not isinstance(value, str):
            raise EngineRefusal("text_expected", f"found {shown(value)}, expected a text", where)
        if spec.values is not None and value not in spec.values:
            raise EngineRefusal("value_unknown", f"found {shown(value)}, expected one of {', '.join(spec.values)}", where)
        return None, checked_text(value, where)
    if spec.type == "boolean":
        if not isinstance(value, bool):
            raise EngineRefusal("boolean_expected", f"found {shown(value)}, expected true or false", where)
        number = int(value)
    elif spec.type == "instant":
        if isinstance(value, str) and not _RFC_3339.fullmatch(value):
            raise EngineRefusal("datetime_format", f"found {shown(value)}, expected {TIME}", where)
        number = instant(value, where)
    elif spec.type == "date":
        number = _days(value, where)
    else:
        if isinstance(value, bool) or not isinstance(value, int):
            raise EngineRefusal("integer_expected", f"found {shown(value)}, expected a whole number", where)
        number = value
    low, high = spec.bounds
    if not low <= number <= high:
        ends = "2000-01-01 to 2100-01-01" if spec.type == "date" else f"{low} to {high}"
        raise EngineRefusal("out_of_range", f"found {shown(value)}, expected {spec.type} from {ends}", where)
    return number, None


_ASKED = ("at_least", "at_most", "not_before", "days_from_loss")


def _of_both(name: str, one: FactSpec, other: FactSpec) -> int | None:
    """The wider of two bounds; none where one of them has none, or they are no numbers."""
    first, second = getattr(one, name), getattr(other, name)
    if first is None or second is None or name == "not_before":
        return None
    return int(min(first, second) if name == "at_least" else max(first, second))


def check_consistent(
    values: Mapping[str, int | None], specs: Mapping[str, FactSpec], *, now: int, loss: tuple[int, int | None] | None = None
) -> None:
    """What facts that are told together say of each other, and of `loss`, whose they are (its end is exclusive; None: open).

    `values`: as `fact_value` gives them; what else is told may stand among them. Instants are microseconds. Raises
    EngineRefusal `in_the_future` for an instant after `now` (an instant is what happened; a date may lie ahead),
    `out_of_order` for one before its `not_before`, `far_from_loss`.
    """
    for name, value in values.items():
        spec = specs[name]
        if value is None or spec.type not in ("instant", "date"):
            continue
        if spec.type == "instant" and value > now:
            raise EngineRefusal("in_the_future", "it has not come yet", name)
        earlier = None if spec.not_before is None else values.get(spec.not_before)
        if earlier is not None and value < earlier:
            raise EngineRefusal("out_of_order", f"it is before {spec.not_before}", name)
        if loss is not None and spec.days_from_loss is not None:
            start_at, end_at = loss
            away = max(start_at - value, 0 if end_at is None else value - end_at)
            if away > spec.days_from_loss * MICROSECONDS_PER["days"]:
                raise EngineRefusal("far_from_loss", f"it is over {spec.days_from_loss} days away from the loss", name)


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# As a fact is told; one without a zone is refused by that name.
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?", re.ASCII
)


def instant(value: Any, where: str) -> int:
    """ISO 8601 with an offset, or a zoned datetime, to microseconds; between 2000 and 2100."""
    if isinstance(value, str):
        if _DAY.fullmatch(value):
            raise EngineRefusal("datetime_format", f"found the day {value}, expected {TIME}", where)
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError as error:
            raise EngineRefusal("datetime_format", f"found {shown(value)}, expected {TIME}", where) from error
    if not isinstance(value, dt.datetime):
        raise EngineRefusal("datetime_format", f"found {shown(value)}, expected {TIME}", where)
    if value.tzinfo is None:
        raise EngineRefusal("timezone_required", f"{value.isoformat()} has no offset; write +09:00 or Z behind it", where)
    low, high = FACT_BOUNDS["instant"]
    found = microseconds(value)
    if not low <= found < high:
        raise EngineRefusal("out_of_range", f"found {value.isoformat()}, expected a time between 2000 and 2100", where)
    return found


def _days(value: Any, where: str) -> int:
    try:
        if isinstance(value, dt.datetime):
            raise TypeError("an instant is no day: its day depends on the zone")
        if isinstance(value, str) and not _DAY.fullmatch(value):
            raise ValueError("a week, or a day without hyphens")
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise EngineRefusal("date_format", f"found {shown(value)}, expected a day like 2022-10-15", where) from error
    return days(day)


def checked_text(text: str, where: str) -> str:
    """Printable, and of a length that a column keeps. Raises EngineRefusal `invalid_character`, `too_long`."""
    if UNPRINTABLE.search(text):
        raise EngineRefusal("invalid_character", "found a control character or half a surrogate pair; send plain text", where)
    if len(text) > LONGEST_TEXT:
        raise EngineRefusal("too_long", f"found {len(text)} characters; at most {LONGEST_TEXT} are kept", where)
    return text


def _provenance(name: str, where: str) -> int:
    if name not in PROVENANCES:
        raise EngineRefusal("value_unknown", f"found {name!r}; use one of {', '.join(PROVENANCES)}", where)
    return PROVENANCES.index(name)


def required(mapping: Mapping[str, Any], allowed: Mapping[str, bool], where: str) -> Mapping[str, Any]:
    """The mapping, if it has no key but the allowed ones and every required (True) one."""
    if not isinstance(mapping, Mapping):
        raise EngineRefusal("object_expected", f"found {type(mapping).__name__}", where)
    for key in mapping:
        if key not in allowed:
            raise EngineRefusal("unknown_field", f"found {key!r}; known are {', '.join(allowed)}", where)
    for key, needed in allowed.items():
        if needed and key not in mapping:
            raise EngineRefusal("required", f"{key} is missing", where)
    return mapping
