"""Writing down what sources say: notices, observations, windows, extents, findings. Expects a transaction.

Saying exactly the same again returns the row that is there and adds nothing, also when two say it at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from services.instants import OutOfRange, check_instant, check_optional_instant, check_outage
from services.lookups import find_feed, find_incident, find_item, find_notices, find_services, find_source
from services.models import Extent, Finding, FindingType, Notice, Observation, OutageWindow
from services.refusals import InvalidValue, Refusal
from services.said import FindingSaid, NoticeSaid, ObservationSaid, SourceNotOfficial, WindowSaid
from services.texts import normalised, text_hash
from services.values import check_values

Row = TypeVar("Row", bound=Model)


class NoticeDiffers(Refusal):
    code = "notice_differs"


class ObservationDiffers(Refusal):
    code = "observation_differs"


class FindingMistyped(Refusal):
    code = "finding_mistyped"


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FINDING_BOUNDS = {  # inclusive; what the engine can reckon with
    FindingType.MONEY: (0, 10**15),
    FindingType.INTEGER: (-(10**12), 10**12),
}


def record_notice(said: NoticeSaid, *, now: datetime) -> Notice:
    """Keep a notice. Raises NoticeDiffers when its key is taken by one that says something else."""
    text = normalised(said.text, "text")
    notice = Notice(
        key=said.key,
        incident=None if said.incident is None else find_incident(said.incident),
        source=find_source(said.source),
        channel=normalised(said.channel, "channel"),
        published_at=check_instant(said.published_at, "published_at"),
        published_approx=said.published_approx,
        written_at=check_optional_instant(said.written_at, "written_at"),
        recorded_at=check_instant(now, "recorded_at"),
        text=text,
        text_en=normalised(said.text_en, "text_en"),
        ref=normalised(said.ref, "ref"),
        url=normalised(said.url, "url"),
        feed=None if said.feed is None else find_feed(said.feed),
        item=None if said.item is None else find_item(said.feed or "", said.item),
        text_hash=text_hash(text),
    )
    check_values(notice)
    existing = Notice.objects.filter(key=notice.key).first()
    if existing is None:
        Notice.objects.bulk_create([notice], ignore_conflicts=True)  # somebody else may keep it at this moment
        existing = Notice.objects.get(key=notice.key)
    _refuse_another_notice(existing, notice)
    return existing


def record_observation(said: ObservationSaid) -> Observation:
    """See `record_observations`."""
    return record_observations([said])[0]


def record_observations(said: Sequence[ObservationSaid]) -> list[Observation]:
    """Keep what notices say of services, in the given order; all or none. Five queries, however many.

    Raises UnknownService, UnknownNotice, InvalidValue, what `check_instant` raises, and
    ObservationDiffers when a notice already says one of them with another note.
    """
    services = find_services(one.service for one in said)
    notices = find_notices(one.notice for one in said)
    rows = [
        Observation(
            notice=notices[one.notice],
            service=services[one.service],
            state=one.state,
            scope=one.scope,
            observed_at=check_optional_instant(one.observed_at, "observed_at"),
            approx=one.approx,
            stated_at=check_optional_instant(one.stated_at, "stated_at"),
            note=normalised(one.note, "note"),
        )
        for one in said
    ]
    known = Observation.objects.filter(notice__in=notices.values())
    return _keep(rows, known, _refuse_other_notes)


def record_window(said: WindowSaid, *, incident: str) -> OutageWindow:
    """See `record_windows`."""
    return record_windows([said], incident=incident)[0]


def record_windows(said: Sequence[WindowSaid], *, incident: str) -> list[OutageWindow]:
    """Keep windows of an incident (by key), in the given order; all or none. Six queries, however many.

    They count only once a record version lists them. Raises UnknownIncident,
    UnknownService, UnknownNotice, InvalidValue, what `check_outage` raises, and
    SourceNotOfficial for a citizens' notice: such a report makes no window.
    """
    about = find_incident(incident)
    services = find_services(one.service for one in said)
    notices = find_notices(one.notice for one in said)
    rows = []
    for one in said:
        start_at, end_at = check_outage(one.start_at, one.end_at)
        source = notices[one.notice].source
        if not source.official:
            raise SourceNotOfficial(
                f"The notice {one.notice} is by {source}, which is not official. Record an observation, "
                "and a window once an official source confirms it.",
                field="notice",
            )
        stated = {**asdict(one), "service": services[one.service], "notice": notices[one.notice], "source": source}
        stated["announced_at"] = _announced(one)
        stated |= {"start_at": start_at, "end_at": end_at, "closing_rule": normalised(one.closing_rule, "closing_rule")}
        rows.append(OutageWindow(incident=about, **stated))
    known = OutageWindow.objects.filter(incident=about).select_related("service", "source", "notice")
    return _keep(rows, known.filter(notice__in=notices.values(), service__in=services.values()))


def _announced(said: WindowSaid) -> datetime | None:
    announced_at = check_optional_instant(said.announced_at, "announced_at")
    if announced_at is not None and not said.planned:
        raise InvalidValue(
            "Only planned maintenance is announced. Say that it was planned, or leave it out.", field="announced_at"
        )
    return announced_at


def record_extent(
    *, incident: str, source: str, start_at: datetime, end_at: datetime | None, start_inferred: bool = False
) -> Extent:
    """Keep the span [start_at, end_at) of the whole incident by one official source's word."""
    about, said_by = find_incident(incident), find_source(source)
    start, end = check_outage(start_at, end_at)
    if not said_by.official:
        raise SourceNotOfficial(f"{source} is not an official source and cannot bound an incident.", field="source")
    extent = Extent(incident=about, source=said_by, start_at=start, end_at=end, start_inferred=start_inferred)
    return _keep([extent], Extent.objects.filter(incident=about).select_related("source"))[0]


def record_finding(said: FindingSaid, *, incident: str) -> Finding:
    """Keep a finding about an incident (by key). It counts only once a record version lists it.

    Raises UnknownIncident, UnknownNotice, InvalidValue, FindingMistyped, what `check_instant` raises, and
    SourceNotOfficial for a citizens' notice.
    """
    about = find_incident(incident)
    notice = find_notices([said.notice])[said.notice]
    if not notice.source.official:
        raise SourceNotOfficial(
            f"The notice {notice} is by {notice.source}, which is not official: what it says of the incident is not found.",
            field="notice",
        )
    number, text = _value_of(said)
    finding = Finding(incident=about, notice=notice, name=said.name, type=said.type, number=number, text=text)
    return _keep([finding], Finding.objects.filter(incident=about))[0]


def _value_of(said: FindingSaid) -> tuple[int | None, str]:
    """(number, text) as `Finding` has them."""
    match said.type, said.value:
        case FindingType.TEXT, str() as text if text.strip():
            return None, normalised(text, "value")
        case FindingType.BOOLEAN, bool() as holds:
            return int(holds), ""
        case FindingType.INSTANT, datetime() as instant:
            return (check_instant(instant, "value") - EPOCH) // timedelta(microseconds=1), ""
        case FindingType.DATE, date() as day if not isinstance(day, datetime):
            check_instant(datetime.combine(day, time(), UTC), "value")
            return (day - EPOCH.date()).days, ""
        case FindingType.INTEGER | FindingType.MONEY, int() as number if not isinstance(number, bool):
            least, most = FINDING_BOUNDS[FindingType(said.type)]
            if not least <= number <= most:
                raise OutOfRange(f"{said.name} is {number}. Give {said.type} from {least} to {most}.", field="value")
            return number, ""
    raise FindingMistyped(
        f"{said.name} is {said.value!r}, which is no {said.type}. The types are {', '.join(FindingType.values)}.", field="value"
    )


def _keep(
    rows: Sequence[Row], known: QuerySet[Row], refuse: Callable[[Sequence[Row], Sequence[Row]], None] | None = None
) -> list[Row]:
    """Adds the rows that are not among the known ones and gives all of them, as stored, in order.

    `refuse`: of the rows beside the known ones, asked before and after: somebody else may keep some at this moment.
    """
    for row in rows:
        check_values(row)
    stored = _stored(rows, known, refuse)
    fresh = {content: row for row in rows if (content := _content(row)) not in stored}
    if fresh:
        known.model._default_manager.bulk_create(fresh.values(), ignore_conflicts=True)
        stored = _stored(rows, known, refuse)
    return [stored[_content(row)] for row in rows]


def _stored(
    rows: Sequence[Row], known: QuerySet[Row], refuse: Callable[[Sequence[Row], Sequence[Row]], None] | None
) -> dict[tuple[Any, ...], Row]:
    found = list(known.all())
    if refuse is not None:
        refuse(rows, found)
    return {_content(row): row for row in found}


def _content(row: Model) -> tuple[Any, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)


def _refuse_another_notice(existing: Notice, notice: Notice) -> None:
    """Under one key there is one notice; only when we wrote it down may differ."""
    for field in Notice._meta.concrete_fields:
        if field.name not in {"id", "recorded_at"} and getattr(existing, field.attname) != getattr(notice, field.attname):
            raise NoticeDiffers(
                f"The notice {notice.key} is already recorded with another {field.name}. A notice is never changed: "
                "record the new wording under a key of its own.",
                field=field.name,
            )


def _refuse_other_notes(rows: Sequence[Observation], known: Sequence[Observation]) -> None:
    """A notice says one thing of a service at one instant; a second note on it would be a correction in disguise."""
    said = {_same_saying(row): _content(row) for row in known}
    for row in rows:
        if said.setdefault(_same_saying(row), _content(row)) != _content(row):
            raise ObservationDiffers(
                f"The notice {row.notice} already says {row.state} of {row.service} at that instant, with another note, "
                "precision or time of saying. An observation is never changed.",
                field="note",
            )


def _same_saying(row: Observation) -> tuple[Any, ...]:
    return (row.notice_id, row.service_id, row.state, row.scope, row.observed_at)
