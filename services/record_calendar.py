"""One version of the record as iCalendar (RFC 5545), whose events calendars know again in the next version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from services.language import in_english
from services.models import Incident, OutageWindow, RecordVersion
from services.record_page import kind_of
from services.words import name_of, said_span, said_version, say

DOMAIN = "outage-record"  # of event names; not the host, which may change
WORST_FIRST = ("full", "partial", "intermittent", "planned")
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Named:
    """Windows of one service that touch, with the name their span has had since a version first listed it."""

    name: str
    run: Sequence[OutageWindow]


def incident_calendar(
    incident: Incident, version: RecordVersion, history: Sequence[Sequence[OutageWindow]], *, page: str
) -> bytes:
    """One event of the whole incident, by the best ranked source, and one of each span without a gap in which a service
    was down. `history`: windows by governing sources of each version up to this one, the oldest first.

    What only earlier versions had is there as cancelled, so that calendars that took it in let it go.
    """
    title = incident.title_en if in_english() else incident.title_ko
    made = _empty(title)
    said = f"{said_version(version.number)}. {say('zone')}"
    extents = [listing.extent for listing in version.listed_extents.all()]
    if extents:
        source = name_of(extents[0].source)
        whole = _event(incident.key, title, (extents[0].start_at, extents[0].end_at), version=version, page=page)
        whole.add("description", f"{say('whole')} ({source})\n{said}")
        made.add_component(whole)
    current, gone = named_runs(history)
    for one in current:
        event = _of_run(incident, one, version=version, page=page)
        lines = [f"{say(kind_of(window))}, {said_span(window)} ({name_of(window.source)})" for window in one.run]
        event.add("description", "\n".join([*lines, said]))
        made.add_component(event)
    for one in gone:
        event = _of_run(incident, one, version=version, page=page)
        event["status"] = "CANCELLED"
        event.add("description", said)
        made.add_component(event)
    content: bytes = made.to_ical()
    return content


def named_runs(history: Sequence[Sequence[OutageWindow]]) -> tuple[list[Named], list[Named]]:
    """The spans of the last version, and as last known those that only earlier ones had.

    A span keeps the name of the one of its service that it overlaps in the version before, most of all; a new one is named
    after its start. So neither a corrected end nor another span before it gives it another name.
    """
    current: list[Named] = []
    known: dict[str, Named] = {}
    for windows in history:
        current = _named(runs_of(windows), current)
        known |= {one.name: one for one in current}
    names = {one.name for one in current}
    return current, [one for name, one in known.items() if name not in names]


def runs_of(windows: Sequence[OutageWindow]) -> list[list[OutageWindow]]:
    """Windows of one service that touch, together; in time, services in the order in which they come."""
    order = {window.service_id: place for place, window in reversed(list(enumerate(windows)))}
    runs: list[list[OutageWindow]] = []
    for window in sorted(windows, key=lambda one: (order[one.service_id], one.start_at)):
        last = runs[-1][-1] if runs else None
        if last is not None and (last.service_id, last.end_at) == (window.service_id, window.start_at):
            runs[-1].append(window)
        else:
            runs.append([window])
    return runs


def _named(runs: Sequence[Sequence[OutageWindow]], before: Sequence[Named]) -> list[Named]:
    free, found = list(before), []
    used = {one.name for one in before}
    for run in runs:
        alike = [one for one in free if _overlap(one.run, run) > timedelta()]
        if alike:
            former = max(alike, key=lambda one: _overlap(one.run, run))
            free.remove(former)
            name = former.name
        else:
            name = _new_name(run[0], used)
        used.add(name)
        found.append(Named(name, run))
    return found


def _overlap(one: Sequence[OutageWindow], other: Sequence[OutageWindow]) -> timedelta:
    """Of two runs; nothing, or less, of other services or where they have no instant in common."""
    if one[0].service_id != other[0].service_id:
        return timedelta()
    return min(one[-1].end_at or NEVER, other[-1].end_at or NEVER) - max(one[0].start_at, other[0].start_at)


def _new_name(first: OutageWindow, used: Collection[str]) -> str:
    """After the start, counted on where a span that has moved since is called so."""
    name = f"{first.service.code}.{first.start_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    counted = (f"{name}.{number}" for number in range(2, len(used) + 3))
    return next(one for one in (name, *counted) if one not in used)


def _empty(title: str) -> Calendar:
    made = Calendar()
    for name, value in (
        ("prodid", "-//outage-claims//official record//EN"), ("version", "2.0"), ("method", "PUBLISH"),
        ("x-wr-calname", title), ("x-wr-timezone", "Asia/Seoul"),
    ):  # fmt: skip
        made.add(name, value)
    return made


def _of_run(incident: Incident, one: Named, *, version: RecordVersion, page: str) -> Event:
    kind = min(map(kind_of, one.run), key=WORST_FIRST.index)
    summary = f"{name_of(one.run[0].service)}: {say(kind)}"
    span = (one.run[0].start_at, one.run[-1].end_at)
    return _event(f"{incident.key}.{one.name}", summary, span, version=version, page=page)


def _event(name: str, summary: str, span: tuple[datetime, datetime | None], *, version: RecordVersion, page: str) -> Event:
    """An open end is where knowledge ends, and marked as such.

    Each version revises each event, if only in what it links to, so the version's number is its sequence.
    """
    start_at, end_at = span
    published_at = version.published_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"{name}@{DOMAIN}")
    event.add("sequence", version.number)
    event.add("dtstamp", published_at)
    event.add("last-modified", published_at)
    event.add("dtstart", start_at.astimezone(UTC))
    end = version.as_of if end_at is None else end_at
    if end > start_at:
        event.add("dtend", end.astimezone(UTC))
    event.add("summary", summary if end_at is not None else f"{summary} ({say('lasting')})")
    event.add("status", "TENTATIVE" if end_at is None else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", page)
    return event
