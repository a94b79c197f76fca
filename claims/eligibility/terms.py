"""Terms: one version of the record and the policies in force, compiled into what the engine joins with.

Terms are small and are stored under a content hash; an assessment pins that hash.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from .amounts import days_touched, expanded
from .calendars import WorkingCalendar, working_calendar
from .pack import Limit, Pack
from .record import Extent, Record, is_below
from .refusals import EngineRefusal
from .rules import Rule
from .segments import Counting, Segment, differing_spans, segments_of, weighted_spans
from .shapes import At, DaysTouched, facts_named, parts
from .validate import pack_of

ENGINE_VERSION = "6"  # raised whenever equal inputs could give another line


@dataclass(frozen=True)
class ChangedSpan:
    """Losses of `service` inside [start_at, end_at) may give another result.

    Without instants: every loss of the service. Without a service: every claim of the incident.
    With a rule (policy code, rule code): only claims that this rule gave a line before. `only_open`: only losses without
    an end, which last to what the record knows.
    """

    service: str | None
    start_at: int | None = None
    end_at: int | None = None
    rule: tuple[str, str] | None = None
    only_open: bool = False


@dataclass(frozen=True)
class CompiledRule:
    """A rule with the services it answers and their segments; `index` is its place in `Terms.rules`.

    `measures`: by name its further ways to count, `units`: by name ('' for its windows) what weights are counted in.
    """

    index: int
    pack: Pack
    rule: Rule
    services: tuple[str, ...]
    segments: tuple[Segment, ...]
    measures: Mapping[str, tuple[Segment, ...]]
    units: Mapping[str, int]

    @property
    def key(self) -> tuple[str, int, str]:
        return (self.pack.code, self.pack.number, self.rule.code)

    @property
    def limit(self) -> Limit | None:
        """That cuts its lines."""
        return next((limit for limit in self.pack.body.limits if self.rule.code in limit.rules), None)

    @property
    def counted(self) -> dict[str, tuple[Segment, ...]]:
        """By name all ways to count: '' is the rule's windows, then its measures."""
        return {"": self.segments, **{name: self.measures[name] for name in sorted(self.measures)}}


@dataclass(frozen=True, eq=False, repr=False)
class Terms:
    """Compiled record and policies. Build with `compile_terms` or `Terms.from_document`."""

    record: Record
    packs: tuple[Pack, ...]
    compiled: tuple[CompiledRule, ...]
    impact: tuple[Segment, ...]  # all of the governing record, whatever a policy counts
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)

    @property
    def rules(self) -> tuple[tuple[str, int, str], ...]:
        """(policy code, policy number, rule code) by rule index."""
        return tuple(rule.key for rule in self.compiled)

    @cached_property
    def services(self) -> tuple[str, ...]:
        """Codes by the index that the losses of a batch use."""
        return tuple(sorted(node.code for node in self.record.services))

    @cached_property
    def service_index(self) -> dict[str, int]:
        return {code: index for index, code in enumerate(self.services)}

    @cached_property
    def official_services(self) -> frozenset[str]:
        """Services that the record says anything about, own or inherited."""
        return frozenset(segment.service for segment in self.impact)

    def rule_of(self, policy: str | None, rule: str | None) -> CompiledRule | None:
        """By the codes of its policy and its own."""
        return next((one for one in self.compiled if (one.pack.code, one.rule.code) == (policy, rule)), None)

    def has_official_functions(self, code: str) -> bool:
        """True for a service below which something has official windows."""
        return any(other.startswith(code + ".") for other in self.official_services)

    @cached_property
    def content_hash(self) -> str:
        canonical = json.dumps(self.document(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def document(self) -> dict[str, Any]:
        """JSON from which `from_document` makes equal terms, in this or a later process."""
        record = dataclasses.asdict(self.record)
        del record["parents"]
        return {
            "engine": ENGINE_VERSION,
            "record": record,
            "packs": [{"number": pack.number, "pack": pack.document} for pack in self.packs],
            "calendars": [dataclasses.asdict(calendar) for _, calendar in sorted(self.calendars.items())],
            "segments": [
                {
                    "rule": list(rule.key),
                    "spans": _document(rule.segments),
                    "measures": {name: _document(segments) for name, segments in rule.measures.items()},
                }
                for rule in self.compiled
            ],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Terms:
        """Raises EngineRefusal `terms_differ` when this engine compiles something else from the same sources."""
        packs = [pack_of(p["pack"], p["number"], p["pack"]["code"]) for p in document["packs"]]
        calendars = {c["code"]: WorkingCalendar(**c | {"public": tuple(c["public"])}) for c in document["calendars"]}
        terms = compile_terms(Record.from_document(document["record"]), packs, calendars)
        if json.loads(json.dumps(terms.document())) != json.loads(json.dumps(document)):
            raise EngineRefusal("terms_differ", f"stored by engine {document['engine']}, this is {ENGINE_VERSION}")
        return terms

    @cached_property
    def impact_frame(self) -> pl.DataFrame:
        """`impact` as `segment_frame` gives it."""
        return self.segment_frame(self.impact)

    @cached_property
    def service_frame(self) -> pl.DataFrame:
        """What the record says of each service at all: service (index), official, reported, functions."""
        rows = [
            (index, code in self.official_services, code in self.record.reported, self.has_official_functions(code))
            for index, code in enumerate(self.services)
        ]
        said = {"service": pl.Int32, "official": pl.Boolean, "reported": pl.Boolean, "functions": pl.Boolean}
        return pl.DataFrame(rows, schema=said, orient="row")

    def segment_frame(self, segments: Sequence[Segment]) -> pl.DataFrame:
        """Columns service (index), seg_start, seg_end (µs), weight, segment (position in `segments`)."""
        return pl.DataFrame(
            {
                "service": [self.service_index[s.service] for s in segments],
                "seg_start": [s.start_at for s in segments],
                "seg_end": [s.end_at for s in segments],
                "weight": [s.weight for s in segments],
                "segment": list(range(len(segments))),
            },
            schema={
                "service": pl.Int32, "seg_start": pl.Int64, "seg_end": pl.Int64, "weight": pl.Int64, "segment": pl.Int32,
            },
        )  # fmt: skip


def _document(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(segment) for segment in segments]


def compile_terms(record: Record, packs: Sequence[Pack], calendars: Mapping[str, WorkingCalendar] | None = None) -> Terms:
    """Compile every rule of every pack against the record; packs are taken in the order of their codes.

    `calendars`: those that were compiled before; without them, as the package `holidays` knows them now.
    Raises EngineRefusal `unknown_service` for a window or dependency outside the service tree, `duplicate_pack`.
    """
    for pack in packs:
        if sum(other.code == pack.code for other in packs) > 1:
            raise EngineRefusal("duplicate_pack", "two packs have this code; one version governs at a time", pack.code)
    codes = [node.code for node in record.services]
    for node in record.services:
        for needed in node.depends_on:
            _known(needed, codes, f"services.{node.code}.depends_on")
    for window in record.windows:
        _known(window.service, codes, f"windows.{window.key}")
    if calendars is None:
        calendars = {code: working_calendar(code, record.as_of) for pack in packs for code in calendars_of(pack)}
    compiled: list[CompiledRule] = []
    ordered = tuple(sorted(packs, key=lambda pack: pack.code))
    for pack in ordered:
        for rule in pack.rules:
            compiled.append(_compile_rule(len(compiled), pack, rule, record, codes, calendars))
    impact = tuple(s for code in sorted(codes) for s in segments_of(record, code, Counting()))
    return Terms(record, ordered, tuple(compiled), impact, calendars)


def calendars_of(pack: Pack) -> list[str]:
    """Codes of the calendars that a pack mentions."""
    mentioned = (getattr(node, "calendar", None) for node in parts([pack.body.amounts, pack.rules, pack.body.limits]))
    return sorted({code for code in mentioned if code is not None})


def _known(code: str, codes: Sequence[str], where: str) -> None:
    if code not in codes:
        raise EngineRefusal("unknown_service", f"no service {code!r} in the tree", where)


def _compile_rule(  # noqa: PLR0917 - a rule, and all that it is compiled with
    index: int, pack: Pack, rule: Rule, record: Record, codes: Sequence[str], calendars: Mapping[str, WorkingCalendar]
) -> CompiledRule:
    counting = {
        name: Counting(scope, pack.zone, calendars) for name, scope in (("", rule.windows), *sorted(rule.measures.items()))
    }
    wanted = rule.losses.services if rule.losses else []
    answered = tuple(sorted(c for c in codes if any(is_below(c, code) for code in wanted)))
    segments = {
        name: tuple(s for code in answered if how.speaks_of(code) for s in segments_of(record, code, how))
        for name, how in counting.items()
    }
    measures = {name: found for name, found in segments.items() if name}
    return CompiledRule(index, pack, rule, answered, segments[""], measures, {n: how.unit for n, how in counting.items()})


def changed_spans(old: Terms, new: Terms) -> list[ChangedSpan]:
    """Which losses can have another result under `new`: by time and weight, not by who said it.

    A window that only got another source or notice, or was announced at another time that is in time as well, changes no
    amount and is not listed.
    """
    found: dict[ChangedSpan, None] = {}
    services = set(old.services) | set(new.services)
    found.update(dict.fromkeys(_changed_segments(old.impact, new.impact, services)))
    for code in sorted(services):  # whose functions became official: its losses are asked which one was meant
        if old.has_official_functions(code) != new.has_official_functions(code):
            found[ChangedSpan(code)] = None
    found.update(dict.fromkeys(ChangedSpan(s) for s in sorted(set(old.record.reported) ^ set(new.record.reported))))
    if old.record.as_of != new.record.as_of:
        official = old.official_services | new.official_services
        found.update(dict.fromkeys(ChangedSpan(service, only_open=True) for service in sorted(official)))
    before = {(rule.pack.code, rule.rule.code): rule for rule in old.compiled}
    after = {(rule.pack.code, rule.rule.code): rule for rule in new.compiled}
    for key in sorted(before.keys() | after.keys()):
        earlier, later = before.get(key), after.get(key)
        services = set(earlier.services if earlier else ()) | set(later.services if later else ())
        if earlier is None or later is None or _reads(earlier, old) != _reads(later, new):
            found.update(dict.fromkeys(ChangedSpan(s) for s in sorted(services)) or {ChangedSpan(None): None})
            continue
        for before_it, after_it in zip(earlier.counted.values(), later.counted.values(), strict=True):
            found.update(dict.fromkeys(_changed_segments(before_it, after_it, services)))
        if _extents(earlier, old) != _extents(later, new):
            counted = [ChangedSpan(s, rule=key) for s in sorted(services)] or [ChangedSpan(None, rule=key)]
            found.update(dict.fromkeys(counted))
    whole = {span.service for span in found if span == ChangedSpan(span.service)}
    return [span for span in found if span == ChangedSpan(span.service) or span.service not in whole]


def _reads(rule: CompiledRule, terms: Terms) -> tuple[Any, ...]:
    """What a rule takes from its pack, the calendars, and the findings about the incident."""
    body = rule.pack.body
    asked = facts_named([body.scope, *read_by(rule)])
    found = [terms.record.finding(name, body.facts[name].type) for name in asked if body.facts[name].of == "incident"]
    findings = [(fact.name, fact.value) for fact in found if fact is not None]
    calendars = [terms.calendars[code] for code in calendars_of(rule.pack)]
    reads = (rule.rule, body.scope, body.asked_for, body.zone, body.amounts, body.figures, body.facts, body.limits)
    return (*reads, findings, calendars, dict(rule.units))


def read_by(rule: CompiledRule) -> list[Any]:
    """The rule and every other part of its pack that it calculates with."""
    body = rule.pack.body
    return expanded([rule.rule, [] if rule.limit is None else rule.limit], body.amounts)


def _extents(rule: CompiledRule, terms: Terms) -> list[Any]:
    """What a rule takes from the incident's extents."""
    taken: list[Any] = []
    for node in parts(read_by(rule)):
        if isinstance(node, DaysTouched):
            taken.append(days_touched(terms.record, node.source, rule.pack.zone))
        elif isinstance(node, At) and node.of == "extent":
            taken += [_ends(extent, terms.record) for extent in terms.record.extents if extent.source == node.source]
    return taken


def _ends(extent: Extent, record: Record) -> tuple[int, int]:
    """Start and end of an extent; an open one ends at the record's `as_of`."""
    return extent.start_at, record.end_of(extent)


def _changed_segments(old: Sequence[Segment], new: Sequence[Segment], services: set[str]) -> list[ChangedSpan]:
    found: list[ChangedSpan] = []
    earlier, later = _by_service(old), _by_service(new)
    for service in sorted(services):
        before, after = (weighted_spans(segments.get(service, ())) for segments in (earlier, later))
        if bool(before) != bool(after):  # parked losses of any time get an answer, or lose it
            found.append(ChangedSpan(service))
        else:
            found += [ChangedSpan(service, *span) for span in differing_spans(before, after)]
    return found


def _by_service(segments: Iterable[Segment]) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for segment in segments:
        found.setdefault(segment.service, []).append(segment)
    return found
