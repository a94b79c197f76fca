"""A pack's own worked examples, run by the engine: no database, no other file."""

from __future__ import annotations

from typing import Any

from .assess import assess
from .inputs import ClaimInput, FactInput, LossInput, batch_of, fact_value, instant
from .instants import day_of
from .pack import Example, ExampleSpan, Pack
from .record import Extent, Record, Window
from .terms import Terms, compile_terms


def check_examples(pack: Pack) -> list[str]:
    """One line per example that differs; an empty list is a green pack."""
    return [line for example in pack.body.examples for line in _check(pack, example)]


def _check(pack: Pack, example: Example) -> list[str]:
    terms = _terms(pack, example)
    claim = _claim(pack, example)
    found = {rule.code: "no line" for rule in pack.rules}
    until: dict[str, str] = {}
    for line in assess(batch_of([claim], terms), terms).iter_rows(named=True):
        if line["rule"] is None:
            continue
        rule = pack.rules[line["rule"]]
        paid = line["outcome"] in ("eligible", "not_eligible")
        found[rule.code] = str(line["quantity"]) if paid else line["outcome"]
        extends = next((c.remedy.extends for c in rule.choices if c.remedy.extends), None)
        if extends is not None and line["unit"] == "day" and line["outcome"] == "eligible":
            until[rule.code] = _extended(pack, claim, extends, line["quantity"])
    differing = []
    for code, wanted in example.expect.items():
        given = found[code] if code not in until else f"{found[code]} days until {until[code]}"
        if given != str(wanted):
            differing.append(f"{pack.code}: {example.name}: {code} gives {given}, expected {wanted}")
    for code, refused in example.never.items():
        if found[code] == str(refused):
            differing.append(f"{pack.code}: {example.name}: {code} gives {refused}, which it must never")
    return differing


def _extended(pack: Pack, claim: ClaimInput, extends: str, more: int) -> str:
    """The date fact that the remedy's days move, moved."""
    value = next(fact.value for fact in reversed(claim.facts) if fact.name == extends)
    number, _ = fact_value(value, pack.body.facts[extends], extends)
    return str(day_of((number or 0) + more))


def _terms(pack: Pack, example: Example) -> Terms:
    setting = pack.body.setting
    spans = [*setting.windows, *setting.losses, *(example.losses or [])]
    named = [span.service for span in spans] + [s for r in pack.rules if r.losses for s in r.losses.services]
    windows = tuple(
        Window(f"example-{i}", w.service, "example", w.severity, w.scope, _start(w), _end(w))
        for i, w in enumerate(setting.windows)
    )
    extents = tuple(Extent(e.source, instant(e.from_, "setting"), instant(e.before, "setting")) for e in setting.extents)
    ends = [end for end in (*(w.end_at for w in windows), *(e.end_at for e in extents)) if end is not None]
    record = Record(
        incident="example", number=1, as_of=max(ends, default=0),
        services=(), windows=windows, extents=extents, sources=("example",),
    )  # fmt: skip
    return compile_terms(record.with_services(named), [pack])


def _claim(pack: Pack, example: Example) -> ClaimInput:
    spans = pack.body.setting.losses if example.losses is None else example.losses
    losses = tuple(LossInput(i, s.service, _start(s), _end(s)) for i, s in enumerate(spans, start=1))
    values: dict[str, Any] = {**pack.body.setting.facts, **example.facts}
    facts = [
        FactInput(name, value, "staff", loss)
        for name, value in values.items()
        for loss in ([s.loss for s in losses] if pack.body.facts[name].of == "loss" else [None])
    ]
    return ClaimInput(1, losses, tuple(facts), (pack.code,), f"{pack.code}: {example.name}")


def _start(span: ExampleSpan) -> int:
    return instant(span.from_, span.service)


def _end(span: ExampleSpan) -> int:
    return instant(span.before, span.service)
