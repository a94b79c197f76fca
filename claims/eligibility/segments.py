"""Compile the official record into payable segments: what is small, before what is large meets it.

For one way of counting (which severities, scopes and source, and whether planned maintenance) every service gets disjoint
spans, each with the window and notice it comes from and a weight: 1 counts, 0 was down but does not count.
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from .calendars import ONE_DAY, WorkingCalendar
from .instants import DAY, HOUR, MICROSECOND, MINUTE, SECOND, day_start, days, instant_of, local_day, microseconds
from .record import SEVERITIES, Record, Window, is_below, parent_of
from .rules import WEEKDAYS, Hours, Planned, StatedWindow, WindowScope
from .shapes import fraction_of

STATED = "stated:"  # begins the key of a window that the scheme itself states; no key of the record has a colon

EVERYTHING = WindowScope(planned=Planned(counts="always"))


@dataclass(frozen=True)
class Counting:
    """How a rule reads the record; the default reads all of it by the governing source, in full weight."""

    scope: WindowScope = EVERYTHING
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)

    def speaks_of(self, service: str) -> bool:
        return self.scope.services is None or any(is_below(service, code) for code in self.scope.services)

    def counts(self, window: Window) -> bool:
        """Severity, scope and planned are asked of the record's windows; what the scheme states counts."""
        listed = window.severity in self.scope.severities and window.scope in self.scope.scopes
        return (listed and not self.leaves_out(window)) or window.key.startswith(STATED)

    def leaves_out(self, window: Window) -> bool:
        """Whether it is planned maintenance that does not count."""
        how = self.scope.planned
        if how.counts != "unannounced":
            return window.planned and how.counts == "never"
        told_before = None if window.announced_at is None else window.start_at - window.announced_at
        return window.planned and told_before is not None and told_before >= (how.hours_before or 0) * HOUR

    @cached_property
    def unit(self) -> int:
        """Weights are whole numbers over this one."""
        shares = 1000 if self.scope.by_share_of_users else 1
        return shares * math.lcm(*(fraction_of(weight).denominator for weight in self.scope.weights.values()))

    def weight(self, window: Window) -> int:
        """0 to `unit`."""
        if not self.counts(window):
            return 0
        if window.key.startswith(STATED):
            return self.unit
        weight = fraction_of(self.scope.weights.get(window.severity, 1))  # type: ignore[call-overload]
        if self.scope.by_share_of_users and window.users_permille is not None:
            weight *= Fraction(window.users_permille, 1000)
        return int(weight * self.unit)

    def stated(self, service: str) -> list[Window] | None:
        """The scheme's own windows of a service; None where it states none."""
        found = [
            stated_window(stated, service)
            for stated in self.scope.stated
            if any(is_below(service, code) for code in stated.services)
        ]
        return found or None


def stated_window(stated: StatedWindow, service: str) -> Window:
    """A window that the scheme itself states, of one of its services, as one of the record."""
    key = f"{STATED}{stated.source}:{stated.from_.isoformat()}/{stated.before.isoformat()}"
    return Window(key, service, stated.source, "full", "all", microseconds(stated.from_), microseconds(stated.before))


@dataclass(frozen=True)
class Segment:
    """A span [start_at, end_at) of one service in which one window governs.

    `weight`: over the rule's unit, 0 where the window does not count; `via`: the dependency it came through; `planned`: it
    does not count because it is planned maintenance.
    """

    service: str
    start_at: int
    end_at: int
    weight: int
    window: str
    via: str | None
    planned: bool = False


_Via = tuple[Window, str | None]  # a window, and the dependency it came through
Precedence = tuple[bool, int, int, bool, str]  # the least governs


def governing_windows(record: Record, service: str, source: str | None = None) -> list[Window]:
    """Those of `listed_windows` by the governing source.

    One source governs the outages and one the planned maintenance: what it planned does not unsay another's outage.
    """
    own = listed_windows(record, service, source)
    best: dict[bool, int] = {}
    for window in own:
        rank = record.rank(window.source)
        best[window.planned] = min(rank, best.get(window.planned, rank))
    return [window for window in own if record.rank(window.source) == best[window.planned]]


def listed_windows(record: Record, service: str, source: str | None = None) -> list[Window]:
    """The service's own outages, by whatever source; without any, the nearest ancestor's; and so of planned maintenance.

    A parent's outage does not extend a child that has one of its own. What was planned for the child alone does not unsay it.
    """
    of = {planned: _nearest_with(record, service, source, planned=planned) for planned in (False, True)}
    return [w for w in record.windows if w.service == of[w.planned] and (source is None or w.source == source)]


def _nearest_with(record: Record, service: str, source: str | None, *, planned: bool) -> str | None:
    """The service or its nearest ancestor that has windows of the kind; None: none has."""
    having = {w.service for w in record.windows if w.planned == planned and (source is None or w.source == source)}
    node: str | None = service
    while node is not None and node not in having:
        node = parent_of(node)
    return node


def effective_windows(record: Record, service: str, source: str | None = None) -> list[_Via]:
    """Windows that took the service away: its own (via None) and those of what it depends on (via its code)."""
    found: list[_Via] = [(w, None) for w in governing_windows(record, service, source)]
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
    found: list[Segment] = []
    for start_at, end_at, (window, via) in _governing(_windows(record, service, counting), record, counting):
        planned = counting.leaves_out(window)
        found.append(Segment(service, start_at, end_at, counting.weight(window), window.key, via, planned))
    joined = _joined(found)
    return [part for segment in joined for part in _in_hours(segment, counting)] if counting.scope.hours else joined


def _governing(windows: Sequence[_Via], record: Record, counting: Counting) -> Iterator[tuple[int, int, _Via]]:
    """(start, end, what governs) between neighbouring borders of the windows, in time order; of equals the first.

    A sweep: each window enters and leaves a heap once, so it costs n log n of them, however they overlap.
    """
    ends = [record.end_of(window) for window, _ in windows]
    later = [place for place, (window, _) in enumerate(windows) if ends[place] > window.start_at]
    later.sort(key=lambda place: windows[place][0].start_at, reverse=True)
    borders = {border for place in later for border in (windows[place][0].start_at, ends[place])}
    begun: list[tuple[Precedence, int]] = []  # a heap; what has ended leaves it when it comes to the top
    for start_at, end_at in pairwise(sorted(borders)):
        while later and windows[later[-1]][0].start_at <= start_at:
            place = later.pop()
            heapq.heappush(begun, (_precedence(*windows[place], counting), place))
        while begun and ends[begun[0][1]] <= start_at:
            heapq.heappop(begun)
        if begun:
            yield start_at, end_at, windows[begun[0][1]]


def _windows(record: Record, service: str, counting: Counting) -> list[_Via]:
    stated = counting.stated(service)
    if stated is not None:
        return [(window, None) for window in stated]
    return effective_windows(record, service, counting.scope.source)


def _in_hours(segment: Segment, counting: Counting) -> Iterator[Segment]:
    """The segment cut at the hours that count; outside them its weight is 0."""
    at = segment.start_at
    for start_at, end_at in _hours_between(segment.start_at, segment.end_at, counting):
        if at < start_at:
            yield replace(segment, start_at=at, end_at=start_at, weight=0)
        yield replace(segment, start_at=start_at, end_at=end_at)
        at = end_at
    if at < segment.end_at:
        yield replace(segment, start_at=at, weight=0)


def _hours_between(start_at: int, end_at: int, counting: Counting) -> list[tuple[int, int]]:
    """Disjoint spans of the hours that count, in time order, inside [start_at, end_at)."""
    spans: list[tuple[int, int]] = []
    day = local_day(start_at, counting.zone)
    while day_start(day, counting.zone) < end_at:
        for hours in counting.scope.hours:
            if _on_that_day(hours, day, counting):
                spans += [(max(opens, start_at), min(closes, end_at)) for opens, closes in _by_clock(day, hours, counting.zone)]
        day += ONE_DAY
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(span for span in spans if span[0] < span[1]):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def _by_clock(day: dt.date, hours: Hours, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """When the clocks of a zone show these hours of a day: twice where an hour comes twice, less where one is skipped."""
    midnight = days(day) * DAY
    for start_at, end_at, offset in _offsets(day_start(day, zone), day_start(day + ONE_DAY, zone), zone):
        opens, closes = (midnight + _clock(clock) - offset for clock in (hours.from_, hours.before))
        yield max(start_at, opens), min(end_at, closes)


def _offsets(start_at: int, end_at: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """(start, end, the zone's offset in microseconds) of the parts of a day between changes of the clock."""
    while start_at < end_at:
        offset = _offset(start_at, zone)
        low, high = start_at, end_at  # the offset is as at `low`, and another one from somewhere up to `high`
        while high - low > SECOND:
            middle = (low + high) // 2 // SECOND * SECOND
            low, high = (middle, high) if _offset(middle, zone) == offset else (low, middle)
        change = end_at if high == end_at and _offset(end_at - 1, zone) == offset else high
        yield start_at, change, offset
        start_at = change


def _offset(instant: int, zone: ZoneInfo) -> int:
    return (instant_of(instant).astimezone(zone).utcoffset() or dt.timedelta()) // MICROSECOND


def _clock(clock: str) -> int:
    """Microseconds since midnight."""
    hour, minute = clock.split(":")
    return int(hour) * HOUR + int(minute) * MINUTE


def _on_that_day(hours: Hours, day: dt.date, counting: Counting) -> bool:
    if hours.calendar is not None:
        return counting.calendars[hours.calendar].works((day - dt.date(1970, 1, 1)).days)
    return hours.days == "all" or WEEKDAYS[day.weekday()] in hours.days


def period_of(instant: int, period: str, zone: ZoneInfo) -> tuple[int, int]:
    """[start, end) of the hour, day, week (from Monday), month, quarter or year of an instant, in a zone."""
    if period == "hour":
        local = instant_of(instant).astimezone(zone)
        start_at = instant - local.minute * MINUTE - local.second * SECOND - local.microsecond
        return start_at, start_at + HOUR
    day = local_day(instant, zone)
    first, following = day, day + ONE_DAY
    if period == "week":
        first = day - day.weekday() * ONE_DAY
        following = first + 7 * ONE_DAY
    elif period != "day":
        months = {"month": 1, "quarter": 3, "year": 12}[period]
        first = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
        index = first.month - 1 + months
        following = dt.date(first.year + index // 12, index % 12 + 1, 1)
    return day_start(first, zone), day_start(following, zone)


@dataclass(frozen=True)
class Cut:
    """A part of a segment that lies in one of each of some periods; `periods`: the starts of these."""

    segment: int
    start_at: int
    end_at: int
    periods: tuple[int, ...]


def cut(segments: Sequence[Segment], periods: Sequence[str], zone: ZoneInfo) -> Iterator[Cut]:
    """The segments cut at the borders of all these periods; `segment` is the position of the whole one."""
    for place, segment in enumerate(segments):
        at = segment.start_at
        while at < segment.end_at:
            spans = [period_of(at, period, zone) for period in periods]
            end_at = min([segment.end_at, *(max(end, at + 1) for _, end in spans)])
            yield Cut(place, at, end_at, tuple(start for start, _ in spans))
            at = end_at


def _precedence(window: Window, via: str | None, counting: Counting) -> Precedence:
    """What counts beats what does not; then what weighs most; the gravest; the service's own; then a stable order."""
    weight = counting.weight(window)
    return (not counting.counts(window), -weight, SEVERITIES.index(window.severity), via is not None, window.key)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Adjacent segments of the same window become one."""
    joined: list[Segment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        if last and last.end_at == segment.start_at and (last.window, last.via) == (segment.window, segment.via):
            joined[-1] = replace(last, end_at=segment.end_at)
        else:
            joined.append(segment)
    return joined


Weighted = tuple[int, int, int, bool]  # start, end, weight, and whether it does not count because it is planned


def weighted_spans(segments: Iterable[Segment]) -> list[Weighted]:
    """With neighbours that are alike joined: what an amount and its reasons can depend on."""
    spans: list[Weighted] = []
    for segment in segments:
        alike = bool(spans) and spans[-1][1:] == (segment.start_at, segment.weight, segment.planned)
        start_at = spans.pop()[0] if alike else segment.start_at
        spans.append((start_at, segment.end_at, segment.weight, segment.planned))
    return spans


def differing_spans(old: Sequence[Weighted], new: Sequence[Weighted]) -> list[tuple[int, int]]:
    """Where two lists of disjoint spans differ; there being none differs from weight 0."""
    borders = sorted({t for span in (*old, *new) for t in span[:2]})
    before, after = _weights_from(old, borders), _weights_from(new, borders)
    found: list[tuple[int, int]] = []
    for (start_at, end_at), was, becomes in zip(pairwise(borders), before, after, strict=False):
        if was == becomes:
            continue
        if found and found[-1][1] == start_at:
            found[-1] = (found[-1][0], end_at)
        else:
            found.append((start_at, end_at))
    return found


def _weights_from(spans: Iterable[Weighted], borders: Iterable[int]) -> Iterator[tuple[int, bool] | None]:
    """What holds from each border up to the next, None where no span does; all ends of the spans are among the borders."""
    beginning = {span[0]: span for span in spans}
    current: Weighted | None = None
    for border in borders:
        if current is not None and current[1] <= border:
            current = None
        current = beginning.get(border, current)
        yield None if current is None else current[2:]
