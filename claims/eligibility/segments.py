"""Compile the official record into payable segments: what is small, before what is large meets it.

For one way of counting (which severities, scopes and source) every service gets disjoint spans, each
with the window and notice it comes from and a weight: 1 counts, 0 was down but does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .record import SEVERITIES, Record, Window, parent_of


@dataclass(frozen=True)
class Counting:
    """How a rule reads the record; the default reads all of it by the governing source."""

    severities: tuple[str, ...] = SEVERITIES
    scopes: tuple[str, ...] | None = None  # None: every scope
    source: str | None = None  # None: per service the best ranked source that has a window

    def counts(self, window: Window) -> bool:
        return window.severity in self.severities and (self.scopes is None or window.scope in self.scopes)


@dataclass(frozen=True)
class Segment:
    """A span [start_at, end_at) of one service in which one window governs; `via`: the dependency it came through."""

    service: str
    start_at: int
    end_at: int
    weight: int
    window: str
    via: str | None


def governing_windows(record: Record, service: str, source: str | None = None) -> list[Window]:
    """The service's own windows by the governing source; without any, the nearest ancestor's.

    A parent's window does not extend a child that has windows of its own.
    """
    node: str | None = service
    while node is not None:
        own = [w for w in record.windows if w.service == node and (source is None or w.source == source)]
        if own:
            best = min(record.rank(w.source) for w in own)
            return [w for w in own if record.rank(w.source) == best]
        node = parent_of(node)
    return []


def effective_windows(record: Record, service: str, source: str | None = None) -> list[tuple[Window, str | None]]:
    """Windows that took the service away: its own (via None) and those of what it depends on (via its code)."""
    found: list[tuple[Window, str | None]] = [(w, None) for w in governing_windows(record, service, source)]
    for needed in dependencies(record, service):
        found += [(w, needed) for w in governing_windows(record, needed, source)]
    return found


def dependencies(record: Record, service: str) -> list[str]:
    """All that the service or one of its ancestors needs, also through others, in a stable order."""
    needs = {node.code: node.depends_on for node in record.services}
    found: list[str] = []
    queue = [service]
    while queue:
        node: str | None = queue.pop(0)
        while node is not None:
            new = [code for code in needs.get(node, ()) if code not in found and code != service]
            found += new
            queue += new
            node = parent_of(node)
    return found


def segments_of(record: Record, service: str, counting: Counting) -> list[Segment]:
    """Disjoint segments of one service, in time order; open windows end at the record's `as_of`."""
    spans = []
    for window, via in effective_windows(record, service, counting.source):
        end_at = record.as_of if window.end_at is None else window.end_at
        if end_at > window.start_at:
            spans.append((window.start_at, end_at, window, via))
    borders = sorted({t for start_at, end_at, _, _ in spans for t in (start_at, end_at)})
    found: list[Segment] = []
    for start_at, end_at in pairwise(borders):
        covering = [(w, via) for s, e, w, via in spans if s <= start_at and end_at <= e]
        if not covering:
            continue
        window, via = min(covering, key=lambda c: _precedence(c[0], c[1], counting))
        found.append(Segment(service, start_at, end_at, int(counting.counts(window)), window.key, via))
    return _joined(found)


def _precedence(window: Window, via: str | None, counting: Counting) -> tuple[bool, int, bool, str]:
    """What counts beats what does not; then the gravest; then the service's own; then a stable order."""
    return (not counting.counts(window), SEVERITIES.index(window.severity), via is not None, window.key)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Adjacent segments of the same window become one."""
    joined: list[Segment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        if last and last.end_at == segment.start_at and (last.window, last.via) == (segment.window, segment.via):
            joined[-1] = Segment(last.service, last.start_at, segment.end_at, last.weight, last.window, last.via)
        else:
            joined.append(segment)
    return joined


def weighted_spans(segments: Iterable[Segment]) -> list[tuple[int, int, int]]:
    """(start, end, weight) with neighbours of equal weight joined: what an amount can depend on."""
    spans: list[tuple[int, int, int]] = []
    for segment in segments:
        if spans and spans[-1][1] == segment.start_at and spans[-1][2] == segment.weight:
            spans[-1] = (spans[-1][0], segment.end_at, segment.weight)
        else:
            spans.append((segment.start_at, segment.end_at, segment.weight))
    return spans


def differing_spans(old: Sequence[tuple[int, int, int]], new: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Where the weights of two lists of disjoint spans differ; no span counts as weight None."""
    borders = sorted({t for start_at, end_at, _ in (*old, *new) for t in (start_at, end_at)})
    found: list[tuple[int, int]] = []
    for start_at, end_at in pairwise(borders):
        if _weight_at(old, start_at) == _weight_at(new, start_at):
            continue
        if found and found[-1][1] == start_at:
            found[-1] = (found[-1][0], end_at)
        else:
            found.append((start_at, end_at))
    return found


def _weight_at(spans: Sequence[tuple[int, int, int]], instant: int) -> int | None:
    return next((weight for start_at, end_at, weight in spans if start_at <= instant < end_at), None)
