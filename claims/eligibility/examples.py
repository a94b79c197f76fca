"""A pack's own worked examples, run by the engine: no database, no other file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from .assess import assess_apart
from .inputs import ClaimInput, FactInput, LossInput, batch_of, fact_value, instant
from .pack import Example, ExampleFact, ExampleLoss, ExampleWindow, Expected, Pack, Told
from .record import Extent, IncidentFact, Record, Window
from .terms import Terms, compile_terms


def run_examples(pack: Pack) -> Iterator[tuple[Example, list[str]]]:
    """Each example with what differs in it; nothing differs in a green one."""
    for example in pack.body.examples:
        yield example, _check(pack, example)


def check_examples(pack: Pack) -> list[str]:
    """One line per difference; an empty list is a green pack."""
    return [line for _, found in run_examples(pack) for line in found]


def terms_and_claim(pack: Pack, example: Example) -> tuple[Terms, ClaimInput]:
    return _terms(pack, example), _claim(pack, example)


def _check(pack: Pack, example: Example) -> list[str]:
    terms, claim = terms_and_claim(pack, example)
    lines: dict[str, list[dict[str, Any]]] = {rule.code: [] for rule in pack.rules}
    outside = not pack.holds_for(terms.record.begins_at)
    if not outside:
        assessed = assess_apart(batch_of([claim], terms), terms)
        for line, verdict in zip(assessed.lines().iter_rows(named=True), assessed.rows["verdict"], strict=True):
            if line["rule"] is not None:
                lines[pack.rules[line["rule"]].code].append(line | {"extends": assessed.verdicts[verdict].extends})
    why = ", as its incident starts outside of `incidents`" if outside else ""
    differing = []
    for code, wanted in example.expect.items():
        expected = wanted if isinstance(wanted, Expected) else _expected(wanted)
        given = _given(pack, example, lines[code], example.paid.get(code, 0))
        for name in type(expected).model_fields:
            value = getattr(expected, name)
            same = set(value) <= set(given[name]) if name == "reasons" and value else given[name] == value
            if value is not None and not same:
                told = f"{name} {given[name]}" if name != "quantity" else _shortly(given)
                differing.append(f"{pack.code}: {example.name}: {code} gives {told}{why}, expected {value}")
    for code, refused in example.never.items():
        if _given(pack, example, lines[code], 0)["quantity"] == refused:
            differing.append(f"{pack.code}: {example.name}: {code} gives {refused}, which it must never")
    return differing


def _expected(told: int | str) -> Expected:
    """A number is a quantity, a text is an outcome."""
    return Expected(quantity=told) if isinstance(told, int) else Expected.model_validate({"outcome": told})


def _shortly(given: dict[str, Any]) -> str:
    if given["quantity"] is not None:
        return str(given["quantity"])
    return str(given["outcome"]) + (f" ({', '.join(given['reasons'])})" if given["reasons"] else "")


def _given(pack: Pack, example: Example, lines: list[dict[str, Any]], paid: int) -> dict[str, Any]:
    """What `Expected` compares; of several lines of one rule their sum, the gravest outcome and all reasons."""
    outcomes = [line["outcome"] for line in lines]
    order = ("needs_review", "unknown", "parked", "eligible", "not_eligible")
    outcome = next((one for one in order if one in outcomes), "no line")
    decided = outcome in ("eligible", "not_eligible")
    quantity = sum(line["quantity"] for line in lines) if decided else None
    extends = {line["extends"] for line in lines} if outcome == "eligible" else set()
    until = _extended(pack, example, extends.pop(), quantity or 0) if len(extends) == 1 else None
    unit = lines[0]["unit"] if lines else None
    return {
        "quantity": quantity, "unit": unit, "instrument": lines[0]["remedy"] if lines else None, "outcome": outcome,
        "until": until,
        "reasons": sorted({reason for line in lines for reason in line["reasons"]}),
        "top_up": None if quantity is None else quantity - paid,
    }  # fmt: skip


def _extended(pack: Pack, example: Example, extends: str | None, more: int) -> dt.date | None:
    """The day that the remedy's days move, moved; None where it moves none, or the example does not say which."""
    told = {} if extends is None else _values(pack, example, pack.body.facts[extends].of)
    return None if extends is None or extends not in told else pack.extended(extends, told[extends][0] or 0, more)


def _terms(pack: Pack, example: Example) -> Terms:
    setting = pack.body.setting
    told = setting.windows if example.windows is None else example.windows
    lost = setting.losses if example.losses is None else example.losses
    spoken = setting.extents if example.extents is None else example.extents
    named = [*(window.service for window in told), *(loss.service for loss in lost)]
    named += [service for rule in pack.rules if rule.losses for service in rule.losses.services]
    windows = tuple(
        Window(
            f"example-{i}", w.service, "example", w.severity, w.scope, _start(w), _end(w), users_permille=w.users_permille,
            planned=w.planned, announced_at=None if w.announced_at is None else instant(w.announced_at, w.service),
        )
        for i, w in enumerate(told)
    )  # fmt: skip
    extents = tuple(Extent(e.source, instant(e.from_, "extents"), instant(e.before, "extents")) for e in spoken)
    ends = [end for end in (*(w.end_at for w in windows), *(e.end_at for e in extents)) if end is not None]
    facts = tuple(
        IncidentFact(name, number if number is not None else text or "")
        for name, (number, text) in _values(pack, example, "incident").items()
    )
    record = Record(
        incident="example", number=1, as_of=max(ends, default=pack.incidents_from),
        services=(), windows=windows, extents=extents, sources=("example",), facts=facts,
    )  # fmt: skip
    return compile_terms(record.with_services(named), [pack])


def _values(pack: Pack, example: Example, of: str) -> dict[str, tuple[int | None, str | None]]:
    """The example's facts of one place, those of the setting beneath; null takes one away."""
    told = {**pack.body.setting.facts, **example.facts}
    specs = pack.body.facts
    return {n: fact_value(_value(v), specs[n], n) for n, v in told.items() if v is not None and specs[n].of == of}


def _value(told: Told) -> int | bool | str:
    return told.value if isinstance(told, ExampleFact) else told


def _fact(name: str, told: Told, loss: int | None) -> FactInput:
    return FactInput(name, _value(told), told.by if isinstance(told, ExampleFact) else "staff", loss)


def _claim(pack: Pack, example: Example) -> ClaimInput:
    spans = pack.body.setting.losses if example.losses is None else example.losses
    losses = tuple(LossInput(i, s.service, _start(s), _end(s)) for i, s in enumerate(spans, start=1))
    told = {name: value for name, value in {**pack.body.setting.facts, **example.facts}.items() if value is not None}
    places = {name: pack.body.facts[name].of for name in told}
    facts = [_fact(name, value, None) for name, value in told.items() if places[name] == "claim"]
    of_each = {name: value for name, value in told.items() if places[name] == "loss"}
    for loss, span in zip(losses, spans, strict=True):
        facts += [_fact(name, value, loss.loss) for name, value in {**of_each, **span.facts}.items()]
    return ClaimInput(1, losses, tuple(facts), (pack.code,), f"{pack.code}: {example.name}")


def _start(span: ExampleLoss | ExampleWindow) -> int:
    return instant(span.from_, span.service)


def _end(span: ExampleLoss | ExampleWindow) -> int:
    return instant(span.before, span.service)
