"""An explanation is a recomputation: the same pipelines with their intermediate columns kept.

`explain` gives JSON; `explanation_text.py` says it in Korean or English.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from .amounts import Pieces, Step, days_touched
from .assess import Batch, Traced, assess_traced
from .instants import SECOND, day_of, days
from .pack import DatedValue
from .plans import RulePlan, plans_of
from .record import Notice, Window
from .refusals import EngineRefusal
from .segments import Segment, stated_window
from .shapes import PROVENANCES, At, DaysTouched, FigureRef, Tiers
from .terms import CompiledRule, Terms


def explain(batch: Batch, terms: Terms) -> list[dict[str, Any]]:
    """One object per claim of a small batch: its lines, each with spans, windows, facts, figures and steps.

    Spans: {loss, service, start_at, end_at, seconds, kind, weight, window, via}; kind is counted, already_counted (by an
    overlapping loss), not_counted (a window that the rule does not count) or outside (no official window). `measures`
    has by name the spans of each further way to count. `windows` are those that the spans name, by their key.
    Raises EngineRefusal `trace_differs` if the counted spans do not add up to the line.
    """
    trace = _Trace(assess_traced(batch, terms), batch)
    explained = []
    for claim, lines in _by(trace.traced.lines, "claim").items():
        told = zip(lines, _given_before(lines, terms), strict=True)
        found = [_line(line, trace, terms) | {"given_before": before} for line, before in told]
        explained.append(without_lines(claim, terms) | {"lines": found})
    return explained


def without_lines(claim: int, terms: Terms) -> dict[str, Any]:
    """Of a claim that nothing answers."""
    record = terms.record
    return {
        "claim": claim, "incident": record.incident, "record_version": record.number, "as_of": record.as_of,
        "terms": terms.content_hash, "lines": [],
    }  # fmt: skip


def _given_before(lines: Rows, terms: Terms) -> Iterator[int]:
    """Of each line of a claim what those before it, under the same limit, are given; 0 where nothing limits it."""
    given: Counter[int] = Counter()
    for line in lines:
        limit = None if line["rule"] is None else terms.compiled[line["rule"]].limit
        yield 0 if limit is None else given[id(limit)]
        given[id(limit)] += line["quantity"] or 0


Rows = list[dict[str, Any]]


class _Trace:
    """What a trace is made of, by claim, loss and subject: each claim's lines take only its own rows."""

    def __init__(self, traced: Traced, batch: Batch) -> None:
        self.traced = traced
        self.losses = _by(batch.losses, "claim")
        self.subjects = {rule: _by(rows, "claim") for rule, rows in traced.subjects.items()}
        self.overlaps = {of: _by(rows, "loss") for of, rows in traced.overlaps.items()}
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
    mine = [
        loss
        for loss in trace.losses.get(line["claim"], [])
        if line["loss"] in (None, loss["loss"]) and (compiled is None or terms.services[loss["service"]] in compiled.services)
    ]
    if compiled is None:
        measured = {"": _spans(mine, trace.impact, terms.impact, 1, terms)}
    else:
        measured = {
            name: _spans(mine, trace.overlaps[compiled.index, name], segments, compiled.units[name], terms)
            for name, segments in compiled.counted.items()
        }
    spans = measured.pop("")
    counted = sum(span["end_at"] - span["start_at"] for span in spans if span["kind"] == "counted")
    if counted // SECOND != line["counted_seconds"]:
        raise EngineRefusal("trace_differs", f"spans {counted} µs, line {line['counted_seconds']} s", str(line["claim"]))
    explained = {
        **{key: value for key, value in line.items() if key not in ("claim", "rule")},
        "policy": compiled.pack.code if compiled else None,
        "policy_version": compiled.pack.number if compiled else None,
        "rule": compiled.rule.code if compiled else None,
        "spans": spans,
        "windows": _windows([*spans, *(span for found in measured.values() for span in found)], compiled, terms),
    }
    if compiled is not None:
        subject = trace.subject(line)
        plan = plans_of(terms)[compiled.index]
        explained["measures"] = measured
        explained["facts"] = _facts(plan, subject, terms)
        explained["steps"] = _steps(plan.steps, subject)
        pieces = _pieces(trace.traced.pieces.get(compiled.index, []), subject, plan.keys)
        explained["pieces"] = _reached(pieces, explained["steps"])
        inside = [step for piece in explained["pieces"] for step in piece["steps"]]
        explained["figures"] = _figures(plan, [*explained["steps"], *inside])
        explained["choice"] = subject["choice"]
        explained["rounding"] = compiled.rule.round.model_dump()
        explained["given"] = _given(explained, compiled)
        explained["extents"] = _extents(plan, terms)
        explained["changes"] = list(changes(plan, explained, terms))
    return explained


def _spans(losses: Rows, overlaps: dict[int, Rows], segments: Sequence[Segment], unit: int, terms: Terms) -> Rows:
    """Every loss cut at the windows' borders, in time order; each instant of a counted window counts once."""
    found: Rows = []
    for loss in losses:
        shared = sorted(overlaps.get(loss["loss"], []), key=lambda overlap: int(overlap["start_at"]))
        found += _cut(loss, shared, segments, unit, terms.services[loss["service"]])
    return sorted(_once(found), key=lambda span: (span["start_at"], span["end_at"], span["loss"]))


def _cut(
    loss: dict[str, Any], overlaps: Sequence[dict[str, Any]], segments: Sequence[Segment], unit: int, service: str
) -> Iterator[dict[str, Any]]:
    """One loss: outside, inside a window, outside, ..."""
    at = loss["start_at"]
    for overlap in overlaps:
        segment = segments[overlap["segment"]]
        if at < overlap["start_at"]:
            yield _span(loss, service, at, overlap["start_at"])
        kind = "counted" if overlap["weight"] else "not_counted"
        inside = _span(loss, service, overlap["start_at"], overlap["end_at"])
        weight = str(Fraction(overlap["weight"], unit))
        yield {**inside, "kind": kind, "weight": weight, "window": segment.window, "via": segment.via}
        at = overlap["end_at"]
    if at < loss["end_at"]:
        yield _span(loss, service, at, loss["end_at"])


def _span(loss: dict[str, Any], service: str, start_at: int, end_at: int) -> dict[str, Any]:
    """A span outside every window."""
    return {
        "loss": loss["loss"], "service": service, "start_at": start_at, "end_at": end_at,
        "seconds": (end_at - start_at) // SECOND, "kind": "outside", "weight": "0", "window": None, "via": None,
    }  # fmt: skip


def _once(spans: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where counted spans overlap, the one that weighs most counts, of equal ones the first."""
    taken: list[tuple[int, int]] = []  # apart, ascending
    for span in sorted(spans, key=lambda s: (-Fraction(s["weight"]), s["start_at"], s["end_at"], s["loss"])):
        if span["kind"] != "counted":
            yield span
            continue
        at, end_at = span["start_at"], span["end_at"]
        within = [(max(start, at), min(end, end_at)) for start, end in taken if start < end_at and at < end]
        for start, end in within:
            if at < start:
                yield _part(span, at, start, "counted")
            yield _part(span, start, end, "already_counted")
            at = end
        if at < end_at:
            yield _part(span, at, end_at, "counted")
        taken = _united(taken, (span["start_at"], end_at))


def _part(span: dict[str, Any], start_at: int, end_at: int, kind: str) -> dict[str, Any]:
    seconds = (end_at - start_at) // SECOND
    return {**span, "start_at": start_at, "end_at": end_at, "seconds": seconds, "kind": kind}


def _united(taken: list[tuple[int, int]], more: tuple[int, int]) -> list[tuple[int, int]]:
    """Spans that are apart and ascending, with one more; those that touch become one."""
    touching = [more, *((start, end) for start, end in taken if start <= more[1] and more[0] <= end)]
    joined = (min(start for start, _ in touching), max(end for _, end in touching))
    return sorted([joined, *((start, end) for start, end in taken if start > more[1] or more[0] > end)])


def _windows(spans: Rows, compiled: CompiledRule | None, terms: Terms) -> dict[str, dict[str, Any]]:
    """By key the windows that spans name, each with its notice; one that the scheme itself states has none."""
    known = {window.key: window for window in terms.record.windows}
    if compiled is not None:
        scopes = [compiled.rule.windows, *compiled.rule.measures.values()]
        stated = [stated_window(one, one.services[0]) for scope in scopes for one in scope.stated]
        known |= {window.key: window for window in stated}
    notices = {notice.key: notice for notice in terms.record.notices}
    return {key: _window(known[key], notices) for key in dict.fromkeys(span["window"] for span in spans) if key is not None}


def _window(window: Window, notices: Mapping[str, Notice]) -> dict[str, Any]:
    notice = notices.get(window.notice)
    cited = None if notice is None else {name: getattr(notice, name) for name in ("key", "channel", "published_at")}
    told = ("service", "source", "severity", "scope", "start_at", "end_at", "users_permille", "planned", "announced_at")
    return {**{name: getattr(window, name) for name in told}, "notice": cited}


def _facts(plan: RulePlan, subject: dict[str, Any], terms: Terms) -> list[dict[str, Any]]:
    """What was known of every fact that the rule reads; a default is `assumed`, and nobody's word."""
    found = []
    for name in (fact.name for fact in plan.facts):
        spec = plan.compiled.pack.body.facts[name]
        value = subject[f"t:{name}" if spec.type == "text" else f"v:{name}"]
        provenance = subject[f"p:{name}"]
        finding = terms.record.finding(name, spec.type) if spec.of == "incident" else None
        found.append(
            {
                "name": name, "type": spec.type, "of": spec.of, "value": value, "decide": spec.decide,
                "provenance": None if provenance is None else PROVENANCES[provenance],
                "assumed": provenance is None and value is not None,
                "notice": None if finding is None else finding.notice or None,
            }
        )  # fmt: skip
    return found


def _figures(plan: RulePlan, steps: Rows) -> list[dict[str, Any]]:
    """Every figure that the steps read, with its source; of a dated one every value in force on a day that is meant."""
    body = plan.compiled.pack.body
    read = {step["name"] for step in steps if step["kind"] == "figure"}
    read |= {name for node in plan.nodes if isinstance(node, Tiers) for name in node.figures}
    named = dict.fromkeys(node.figure for node in plan.nodes if isinstance(node, FigureRef) and node.figure in read)
    found = []
    for name in named:
        figure = body.figures[name]
        days = _days_of(name, steps)
        dated = [next((d for d in reversed(figure.dated or []) if d.from_ <= day), None) for day in days]
        for told in [figure] if figure.dated is None else dict.fromkeys(dated):
            if told is not None and told.value is not None and told.source is not None:
                from_ = str(told.from_) if isinstance(told, DatedValue) else None
                found.append(
                    {
                        "name": name, "value": told.value, "unit": figure.unit, "from": from_, "source": told.source,
                        "source_text": body.sources[told.source].text,
                    }
                )  # fmt: skip
    return found


def _days_of(figure: str, steps: Sequence[dict[str, Any]]) -> list[dt.date]:
    """The days whose value of a dated figure is read, each once, ascending: one, or one for each piece."""
    paths = {step["path"] + ".on" for step in steps if step["kind"] == "figure" and step["name"] == figure}
    days = {int(step["value"]) for step in steps if step["path"] in paths and step["value"] is not None}
    return [day_of(day) for day in sorted(days)]


def _extents(plan: RulePlan, terms: Terms) -> list[dict[str, Any]]:
    """The extents that the rule reads; an open one ends at the record's `as_of`."""
    sources = {node.source for node in plan.nodes if isinstance(node, DaysTouched)}
    sources |= {node.source for node in plan.nodes if isinstance(node, At) and node.source is not None}
    return [
        {
            "source": extent.source, "start_at": extent.start_at, "open": extent.end_at is None,
            "end_at": terms.record.end_of(extent),
            "days": days_touched(terms.record, extent.source, plan.compiled.pack.zone),
        }
        for extent in terms.record.extents if extent.source in sources
    ]  # fmt: skip


def _steps(steps: Iterable[Step], row: dict[str, Any]) -> Rows:
    """Every node that the calculation comes by, with its exact value: a fraction, microseconds of an instant, days of a day."""
    found = []
    for step in steps:
        if not row.get(f"u:{step.path}", True):
            continue
        numerator = row[f"s:{step.path}"]
        value = None if numerator is None else str(Fraction(numerator, step.value.denominator))
        found.append({"path": step.path, "kind": step.kind, "is": step.value.kind, "name": step.name, "value": value})
    return found


def _pieces(found: Iterable[tuple[Pieces, pl.DataFrame]], subject: dict[str, Any], keys: Sequence[str]) -> Rows:
    """The pieces of the subject's counted time, in time order; `path`: of the `total` or `greatest` that cuts them."""
    pieces = []
    for plan, rows in found:
        for row in rows.iter_rows(named=True):
            if any(row[key] != subject[key] for key in keys):
                continue
            value = None if row["value"] is None else str(Fraction(row["value"], plan.value.denominator))
            pieces.append(
                {
                    "path": plan.path, "each": plan.node.each, "ordinal": row["piece:ordinal"],
                    "start_at": row["piece:began"], "end_at": row["piece:ended"], "holds": row["holds"], "value": value,
                    "steps": _steps(plan.steps, row),
                }
            )  # fmt: skip
    return sorted(pieces, key=lambda piece: (str(piece["path"]), int(piece["start_at"]), int(piece["ordinal"])))


def _reached(pieces: Rows, steps: Rows) -> Rows:
    """Without those of a `total` or `greatest` that the calculation does not come by."""
    paths = {step["path"] for step in (*steps, *(step for piece in pieces for step in piece["steps"]))}
    return [piece for piece in pieces if piece["path"] in paths]


def _given(line: dict[str, Any], compiled: CompiledRule) -> dict[str, Any]:
    """What the remedy promises beside its quantity; `until`: the day (since 1970) to which its days move the fact's."""
    remedy = compiled.rule.choices[max(line["choice"] or 0, 0)].remedy
    said = {"extends": remedy.extends, "until": None, "lasts_days": remedy.lasts_days}
    said["redeem_by"] = None if remedy.redeem_by is None else days(remedy.redeem_by)
    fact = next((fact for fact in line["facts"] if fact["name"] == remedy.extends), None)
    if fact is not None and fact["value"] is not None and line["quantity"]:
        until = compiled.pack.extended(fact["name"], fact["value"], line["quantity"])
        said["until"] = None if until is None else days(until)
    return said


# --- what would change the answer ------------------------------------------------------------------


def changes(plan: RulePlan, line: dict[str, Any], terms: Terms) -> Iterator[dict[str, Any]]:
    """What would change the answer, for every reason that is given: plain JSON, put into words by `explanation_text.py`.

    Kinds: `fact` (to be told), `proof` (of a fact, by whom at least), `condition` (that fails, or asks a person),
    `window` (counted spans of the services), `minimum` (from which is paid), `tier` (the next border).
    """
    specs = plan.compiled.pack.body.facts
    for reason in line["reasons"]:
        base, _, fact = reason.partition(":")
        if base in ("missing_fact", "out_of_order"):
            yield {"kind": "fact", "fact": fact}
        elif base in ("needs_proof", "proof_before_payment"):
            by = specs[fact].pay if base == "proof_before_payment" else specs[fact].decide
            yield {"kind": "proof", "fact": fact, "by": by}
        elif base in ("outside_official_windows", "window_not_counted", "planned_maintenance"):
            counted = [s for s in plan.compiled.segments if s.weight > 0][:MOST_WINDOWS]
            yield from ({"kind": "window", "service": s.service, "start_at": s.start_at, "end_at": s.end_at} for s in counted)
    said = set(line["reasons"])
    for field in ("require", "review"):
        for place, condition in enumerate(getattr(plan.rule, field)):
            if condition.reason in said:
                asked = condition.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"reason"})
                yield {"kind": "condition", "path": f"{field}[{place}]", "reason": condition.reason, "condition": asked}
    values = {step["path"]: step["value"] for step in line["steps"]}
    if said & {"below_minimum", "carried_forward"}:
        yield from (
            {"kind": "minimum", "path": path, "value": values[path]}
            for path in values if path.endswith(("minimum.at_least", "minimum.above")) and values[path] is not None
        )  # fmt: skip
    yield from _next_tiers(plan, line, values)


MOST_WINDOWS = 3  # that an explanation names where none was met


def _next_tiers(plan: RulePlan, line: dict[str, Any], values: dict[str, str | None]) -> Iterator[dict[str, Any]]:
    """The border above which the next tier of the chosen amount begins."""
    if line["choice"] is None or line["choice"] < 0:
        return
    root = f"choices[{line['choice']}].amount"
    amount = plan.rule.choices[line["choice"]].amount
    of = values.get(f"{root}.of")
    if isinstance(amount, Tiers) and of is not None:
        borders = amount.uppers(plan.compiled.pack.constants)
        following = next((end for end in borders if Fraction(of) < end[0] or (end[1] and Fraction(of) == end[0])), None)
        if following is not None:
            yield {"kind": "tier", "path": f"{root}.of", "value": of, "border": str(following[0]), "included": not following[1]}
