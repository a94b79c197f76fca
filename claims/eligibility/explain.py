"""An explanation is a recomputation: the same pipelines with their intermediate columns kept.

`explain` gives JSON; `text.py` says it in Korean or English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from .amounts import days_touched
from .assess import Batch, Traced, assess_traced
from .refusals import EngineRefusal
from .segments import Segment
from .shapes import PROVENANCES, DaysTouched, FigureRef, facts_named, parts
from .terms import CompiledRule, Terms

MICROSECONDS = 1_000_000


def explain(batch: Batch, terms: Terms) -> list[dict[str, Any]]:
    """One object per claim of a small batch: its lines, each with spans, facts, figures and steps.

    Spans: {loss, service, start_at, end_at, seconds, kind, window, via}; kind is counted, already_counted (by an
    overlapping loss), not_counted (a window that the rule does not count) or outside (no official window).
    Raises EngineRefusal `trace_differs` if the counted spans do not add up to the line.
    """
    trace = _Trace(assess_traced(batch, terms), batch)
    explained = []
    for claim, lines in _by(trace.traced.lines, "claim").items():
        explained.append(
            {
                "claim": claim,
                "incident": terms.record.incident,
                "record_version": terms.record.number,
                "as_of": terms.record.as_of,
                "terms": terms.content_hash,
                "lines": [_line(line, trace, terms) for line in lines],
            }
        )
    return explained


Rows = list[dict[str, Any]]


class _Trace:
    """What a trace is made of, by claim, loss and subject: each claim's lines take only its own rows."""

    def __init__(self, traced: Traced, batch: Batch) -> None:
        self.traced = traced
        self.losses = _by(batch.losses, "claim")
        self.subjects = {rule: _by(rows, "claim") for rule, rows in traced.subjects.items()}
        self.overlaps = {rule: _by(rows, "loss") for rule, rows in traced.overlaps.items()}
        self.impact = _by(traced.impact, "loss")

    def subject(self, line: dict[str, Any]) -> dict[str, Any]:
        rows = self.subjects[line["rule"]][line["claim"]]
        return next(row for row in rows if line["loss"] in (None, row.get("loss")))


def _by(frame: pl.DataFrame, key: str) -> dict[int, Rows]:
    found: dict[int, Rows] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[key], []).append(row)
    return found


def _line(line: dict[str, Any], trace: _Trace, terms: Terms) -> dict[str, Any]:
    compiled = None if line["rule"] is None else terms.compiled[line["rule"]]
    overlaps = trace.impact if compiled is None else trace.overlaps[compiled.index]
    segments = terms.impact if compiled is None else compiled.segments
    mine = [
        loss
        for loss in trace.losses.get(line["claim"], [])
        if line["loss"] in (None, loss["loss"]) and (compiled is None or terms.services[loss["service"]] in compiled.services)
    ]
    spans = _spans(mine, overlaps, segments, terms)
    counted = sum(span["end_at"] - span["start_at"] for span in spans if span["kind"] == "counted")
    if counted // MICROSECONDS != line["counted_seconds"]:
        raise EngineRefusal("trace_differs", f"spans {counted} µs, line {line['counted_seconds']} s", str(line["claim"]))
    explained = {
        **{key: value for key, value in line.items() if key not in ("claim", "rule")},
        "policy": compiled.pack.code if compiled else None,
        "policy_version": compiled.pack.number if compiled else None,
        "rule": compiled.rule.code if compiled else None,
        "spans": spans,
    }
    if compiled is not None:
        subject = trace.subject(line)
        explained["facts"] = _facts(compiled, subject)
        explained["figures"] = _figures(compiled)
        explained["steps"] = _steps(compiled, subject, trace.traced)
        explained["choice"] = subject["choice"]
        explained["rounding"] = compiled.rule.round.model_dump()
        explained["extents"] = _extents(compiled, terms)
    return explained


def _spans(losses: Rows, overlaps: dict[int, Rows], segments: Sequence[Segment], terms: Terms) -> Rows:
    """Every loss cut at the windows' borders, in time order; each instant of a counted window counts once."""
    found: Rows = []
    for loss in losses:
        shared = sorted(overlaps.get(loss["loss"], []), key=lambda overlap: int(overlap["start_at"]))
        found += _cut(loss, shared, segments, terms.services[loss["service"]])
    return list(_once(sorted(found, key=lambda span: (span["start_at"], span["end_at"], span["loss"]))))


def _cut(
    loss: dict[str, Any], overlaps: Sequence[dict[str, Any]], segments: Sequence[Segment], service: str
) -> Iterator[dict[str, Any]]:
    """One loss: outside, inside a window, outside, ..."""
    at = loss["start_at"]
    for overlap in overlaps:
        segment = segments[overlap["segment"]]
        if at < overlap["start_at"]:
            yield _span(loss, service, at, overlap["start_at"])
        kind = "counted" if overlap["weight"] else "not_counted"
        inside = _span(loss, service, overlap["start_at"], overlap["end_at"])
        yield {**inside, "kind": kind, "window": segment.window, "via": segment.via}
        at = overlap["end_at"]
    if at < loss["end_at"]:
        yield _span(loss, service, at, loss["end_at"])


def _span(loss: dict[str, Any], service: str, start_at: int, end_at: int) -> dict[str, Any]:
    """A span outside every window."""
    return {
        "loss": loss["loss"], "service": service, "start_at": start_at, "end_at": end_at,
        "seconds": (end_at - start_at) // MICROSECONDS, "kind": "outside", "window": None, "via": None,
    }  # fmt: skip


def _once(spans: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    reached = 0
    for span in spans:
        if span["kind"] != "counted" or reached <= span["start_at"]:
            yield span
        else:
            border = min(reached, span["end_at"])
            for start_at, end_at, kind in (
                (span["start_at"], border, "already_counted"), (border, span["end_at"], "counted"),
            ):  # fmt: skip
                if start_at < end_at:
                    seconds = (end_at - start_at) // MICROSECONDS
                    yield {**span, "start_at": start_at, "end_at": end_at, "seconds": seconds, "kind": kind}
        if span["kind"] == "counted":
            reached = max(reached, span["end_at"])


def _facts(compiled: CompiledRule, subject: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name in facts_named([compiled.pack.body.scope, compiled.rule]):
        spec = compiled.pack.body.facts[name]
        value = subject[f"t:{name}" if spec.type == "text" else f"v:{name}"]
        provenance = subject[f"p:{name}"]
        found.append(
            {
                "name": name, "type": spec.type, "value": value, "decide": spec.decide,
                "provenance": None if provenance is None else PROVENANCES[provenance],
            }
        )  # fmt: skip
    return found


def _figures(compiled: CompiledRule) -> list[dict[str, Any]]:
    named = dict.fromkeys(node.figure for node in parts(compiled.rule) if isinstance(node, FigureRef))
    body = compiled.pack.body
    return [
        {
            "name": name, "value": body.figures[name].value, "unit": body.figures[name].unit,
            "source": body.figures[name].source, "source_text": body.sources[body.figures[name].source].text,
        }
        for name in named
    ]  # fmt: skip


def _extents(compiled: CompiledRule, terms: Terms) -> list[dict[str, Any]]:
    """The extents whose days the rule counts; an open one ends at the record's `as_of`."""
    sources = {node.source for node in parts(compiled.rule) if isinstance(node, DaysTouched)}
    return [
        {
            "source": extent.source, "start_at": extent.start_at, "open": extent.end_at is None,
            "end_at": terms.record.as_of if extent.end_at is None else extent.end_at,
            "days": days_touched(terms.record, extent.source, compiled.pack.zone),
        }
        for extent in terms.record.extents if extent.source in sources
    ]  # fmt: skip


def _steps(compiled: CompiledRule, subject: dict[str, Any], traced: Traced) -> list[dict[str, Any]]:
    """Every node of the amount with its exact value, numbers left out: they are in the pack."""
    found = []
    for path, kind, denominator in traced.steps[compiled.index]:
        numerator = subject[f"s:{path}"]
        value = None if numerator is None else str(Fraction(numerator, denominator))
        if kind != "number":
            found.append({"path": path, "kind": kind, "value": value})
    return found
