"""The statutory clock of incidents, read from the record in force. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.db.models.functions import Coalesce, Greatest

from services.duties import PENDING, Duty, DutyKind, Outage, Span, duties_of
from services.models import DutyProof, Incident, ItemKind, Notice, OutageWindow, RecordExtent, RecordVersion, RecordWindow
from services.record_page import governing


def duties_by_incident(incidents: Sequence[Incident], *, now: datetime) -> dict[int, list[Duty]]:
    """By incident's id. Four queries, however many."""
    within = timedelta(hours=settings.DUTY_NOTICE_HOURS)
    return {pk: duties_of(outage, notice_within=within, now=now) for pk, outage in _outages(incidents, now).items()}


def nearest_due(duties: Iterable[Duty]) -> Duty | None:
    """Of what is still to be sent, what is due first."""
    pending = [(duty.due_at, place, duty) for place, duty in enumerate(duties) if duty.state in PENDING and duty.due_at]
    return min(pending)[2] if pending else None


def _outages(incidents: Sequence[Incident], now: datetime) -> dict[int, Outage]:
    ids = [incident.pk for incident in incidents]
    versions = RecordVersion.objects.filter(incident__in=ids).order_by().values("incident")
    newest = versions.annotate(newest=Max("pk")).values("newest")  # ids rise as numbers do
    extents, windows = _extents(newest), _windows(newest)
    told, sent = _told(ids, now), _sent(ids)
    return {
        incident.pk: Outage(
            started_at=incident.started_at, recorded=incident.pk in windows, extent=extents.get(incident.pk),
            windows=windows.get(incident.pk, ()), told_at=_after(told[incident.pk], incident.started_at),
            sent=sent[incident.pk],
        )
        for incident in incidents
    }  # fmt: skip


def _extents(versions: Any) -> dict[int, Span]:
    """The one that decides: the governing source's, else that of the best ranked source."""
    rows = RecordExtent.objects.filter(version__in=versions).select_related("version", "extent", "source")
    chosen: dict[int, Span] = {}
    for row in sorted(rows, key=lambda row: (row.source_id != row.version.governing_id, row.source.rank or 0)):
        chosen.setdefault(row.version.incident_id, Span(row.extent.start_at, row.extent.end_at))
    return chosen


def _windows(versions: Any) -> dict[int, list[Span]]:
    """Of unplanned outage, by the source that governs the service.

    An incident with a version is always in it: a version lists a window at least.
    """
    listed: dict[RecordVersion, list[OutageWindow]] = defaultdict(list)
    for row in RecordWindow.objects.filter(version__in=versions).select_related("version", "window__source"):
        listed[row.version].append(row.window)
    return {
        version.incident_id: [Span(one.start_at, one.end_at) for one in governing(windows, version) if not one.planned]
        for version, windows in listed.items()
    }


def _told(ids: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """When the public could read the operator's notices, by incident; a feed's where its item is attached now.

    A post that is displayed at an earlier time could be read once it was written. To announce maintenance is to tell of
    no outage.
    """
    found: dict[int, list[datetime]] = defaultdict(list)
    readable = Greatest("published_at", "written_at")  # the one that is there, where the other is not
    notices = Notice.objects.annotate(about=Coalesce("incident", "item__incident"), readable_at=readable).filter(
        about__in=ids, source__code__in=settings.DUTY_OPERATOR_SOURCES, source__official=True, readable_at__lte=now
    )
    for incident, readable_at in notices.exclude(item__kind=ItemKind.MAINTENANCE).values_list("about", "readable_at"):
        found[incident].append(readable_at)
    return found


def _sent(ids: Sequence[int]) -> dict[int, dict[DutyKind, list[datetime]]]:
    found: dict[int, dict[DutyKind, list[datetime]]] = defaultdict(dict)
    first = DutyProof.objects.filter(incident__in=ids).order_by().values("incident", "kind").annotate(first=Min("sent_at"))
    for row in first:
        found[row["incident"]][DutyKind(row["kind"])] = [row["first"]]
    return found


def _after(instants: Iterable[datetime], start: datetime) -> datetime | None:
    """What was said before it began speaks of something else, such as maintenance."""
    return min((at for at in instants if at >= start), default=None)
