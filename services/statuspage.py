"""The official record in the shape of Atlassian Statuspage's API v2, for tools that read status pages: its outages.

Planned maintenance is no incident there: see statuspage_maintenances. An update is a notice, or an instant at which
services changed by the word of the source that governs them. Of a window only service, severity, start and end go
through this shape: what is approximate, inferred or another source's word does not; the API has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response

from services.api import PublicView
from services.language import in_english
from services.models import Incident, Notice, OutageWindow, RecordVersion, Service, Severity
from services.queries import incidents_with_versions, notices_behind, windows_by_version
from services.questions import asked_language
from services.record_page import governing
from services.seoul import SEOUL
from services.words import name_of, say

PAGE_ID = "outage-record"
MOST_INCIDENTS = 50  # as Statuspage gives them

STATUSES = {"full": "major_outage", "partial": "partial_outage", "intermittent": "degraded_performance"}
UNDER_MAINTENANCE = "under_maintenance"
IMPACTS = {"full": "critical", "partial": "major", "intermittent": "minor"}  # worst first
WORDS = {"operational": "operational", UNDER_MAINTENANCE: "planned", **{status: kind for kind, status in STATUSES.items()}}


@dataclass(frozen=True)
class Step:
    """A service goes from one status to another."""

    service: Service
    old: str
    new: str


@dataclass(frozen=True)
class Recorded:
    """An incident with the newest version of its record: its windows by governing sources, outages or planned ones only.

    `besides`: ids of notices that windows of the other kind rest on.
    """

    incident: Incident
    versions: Sequence[RecordVersion]
    windows: Sequence[OutageWindow]
    besides: frozenset[int] = frozenset()
    notices: Sequence[Notice] = ()

    @property
    def resolved_at(self) -> datetime | None:
        """The end of the last window; None while one is open."""
        ends = [window.end_at for window in self.windows if window.end_at is not None]
        return max(ends) if len(ends) == len(self.windows) else None


class StatuspageIncidents(PublicView):
    """The newest 50 incidents whose newest version lists an outage, newest first; `?lang=`."""

    parameters = ("lang",)

    def get(self, request: Request) -> Response:
        return in_asked_language(request, lambda: statuspage(recorded_incidents(), absolute=request.build_absolute_uri))


def in_asked_language(request: Request, answer: Callable[[], dict[str, Any]]) -> Response:
    """Raises what `asked_language` raises."""
    language = asked_language(request.GET, otherwise=translation.get_language() or "ko")
    with translation.override(language):
        return Response(answer(), headers={"Content-Language": language})


def recorded_incidents() -> list[Recorded]:
    """The newest 50 with outages, with what was said of them. Six queries."""
    records = recorded(planned=False)[:MOST_INCIDENTS]
    notices = notices_behind([record.incident for record in records])
    return [replace(record, notices=_notices_of(record, notices)) for record in records]


def recorded(*, planned: bool) -> list[Recorded]:
    """Incidents with outages or with planned maintenance, newest first, without notices. Five queries."""
    incidents = [incident for incident in reversed(incidents_with_versions()) if incident.versions.all()]
    versions = {incident.pk: list(incident.versions.all()) for incident in incidents}
    windows = windows_by_version([listed[-1] for listed in versions.values()])
    found = []
    for incident in incidents:
        newest = versions[incident.pk][-1]
        listed = windows[newest.pk]
        chosen = [window for window in governing(listed, newest) if window.planned == planned]
        besides = frozenset(window.notice_id for window in listed if window.planned != planned)
        if chosen:
            found.append(Recorded(incident, versions[incident.pk], chosen, besides))
    return found


def _notices_of(record: Recorded, notices: Sequence[Notice]) -> list[Notice]:
    """Those that its windows rest on, and the others of the incident but for what only windows of the other kind rest on."""
    cited = {window.notice_id for window in record.windows}
    about = [notice for notice in notices if notice.incident_id == record.incident.pk and notice.pk not in record.besides]
    return [notice for notice in notices if notice.pk in cited or notice in about]


def statuspage(records: Sequence[Recorded], *, absolute: Callable[[str], str]) -> dict[str, Any]:
    """`absolute` makes a whole address of a path."""
    return {"page": page_of(records, absolute), "incidents": [_incident(record, absolute) for record in records]}


def page_of(records: Sequence[Recorded], absolute: Callable[[str], str]) -> dict[str, Any]:
    published = [version.published_at for record in records for version in record.versions]
    return {
        "id": PAGE_ID,
        "name": say("site"),
        "url": absolute(reverse("public:incidents")),
        "time_zone": SEOUL.key,
        "updated_at": said_offset(max(published, default=None)),
    }


def status_of(window: OutageWindow) -> str:
    """Maintenance that stops all of a service is called so; one that stops a part, by what is left of it."""
    if window.planned and window.severity == Severity.FULL:
        return UNDER_MAINTENANCE
    return STATUSES[window.severity]


def steps_of(windows: Sequence[OutageWindow]) -> list[tuple[datetime, list[Step]]]:
    """When services change, in time, by windows that do not overlap; a change to the same status is none."""
    points: dict[int, dict[datetime, str]] = {}
    services = {window.service_id: window.service for window in windows}
    for window in windows:
        if window.end_at is not None:
            points.setdefault(window.service_id, {})[window.end_at] = "operational"
    for window in windows:  # a window that begins where another ends goes over into it
        points.setdefault(window.service_id, {})[window.start_at] = status_of(window)
    found: dict[datetime, list[Step]] = {}
    for service_id, changes in points.items():
        old = "operational"
        for instant, new in sorted(changes.items()):
            if new != old:
                found.setdefault(instant, []).append(Step(services[service_id], old, new))
            old = new
    return sorted(found.items())


def _incident(record: Recorded, absolute: Callable[[str], str]) -> dict[str, Any]:
    incident, resolved_at = record.incident, record.resolved_at
    steps = steps_of(record.windows)
    updates = [_changed(record, instant, changed) for instant, changed in steps]
    updates += [_announced(record, notice) for notice in record.notices]
    kinds = {window.severity for window in record.windows}
    return {
        "id": incident.key,
        "name": incident.title_en if in_english() else incident.title_ko,
        "status": _status(record, None),
        "created_at": said_offset(record.versions[0].published_at),
        "updated_at": said_offset(record.versions[-1].published_at),
        "monitoring_at": None,
        "resolved_at": said_offset(resolved_at),
        "impact": next((impact for kind, impact in IMPACTS.items() if kind in kinds), "none"),
        "shortlink": absolute(reverse("public:incident", args=[incident.key])),
        "started_at": said_offset(incident.started_at),
        "page_id": PAGE_ID,
        "incident_updates": sorted(updates, key=lambda update: (update["display_at"], update["id"]), reverse=True),
        "components": components_of(record, steps),
    }


def _changed(record: Recorded, instant: datetime, steps: Sequence[Step]) -> dict[str, Any]:
    name = f"{record.incident.key}|{instant.astimezone(UTC).isoformat().replace('+00:00', 'Z')}"
    status = _status(record, instant)
    return update_of(record.incident.key, name=name, instant=instant, status=status, body=body_of(steps), steps=steps)


def body_of(steps: Sequence[Step]) -> str:
    return "\n".join(f"{name_of(step.service)}: {say(WORDS[step.old])} → {say(WORDS[step.new])}" for step in steps)


def _announced(record: Recorded, notice: Notice) -> dict[str, Any]:
    at = notice.published_at
    status = _status(record, at)
    return update_of(record.incident.key, name=notice.key, instant=at, status=status, body=text_of(notice))


def text_of(notice: Notice) -> str:
    return notice.text_en if in_english() and notice.text_en else notice.text


def update_of(item: str, *, name: str, instant: datetime, status: str, body: str, steps: Sequence[Step] = ()) -> dict[str, Any]:
    """Of the incident or maintenance with the id `item`."""
    at = said_offset(instant)
    affected = [
        {"code": step.service.code, "name": name_of(step.service), "old_status": step.old, "new_status": step.new}
        for step in steps
    ]
    return {
        "id": name,
        "status": status,
        "body": body,
        "incident_id": item,
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": affected,
        "deliver_notifications": False,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _status(record: Recorded, instant: datetime | None) -> str:
    """At an instant, or as last known."""
    over = record.resolved_at is not None and (instant is None or instant >= record.resolved_at)
    return "resolved" if over else "identified"


def components_of(record: Recorded, steps: Sequence[tuple[datetime, Sequence[Step]]]) -> list[dict[str, Any]]:
    last = {step.service.code: step for _, changed in steps for step in changed}
    return [
        {
            "id": code,
            "name": name_of(step.service),
            "status": step.new,
            "created_at": said_offset(record.versions[0].published_at),
            "updated_at": said_offset(record.versions[-1].published_at),
            "position": position,
            "description": None,
            "showcase": True,
            "start_date": None,
            "group_id": None,
            "page_id": PAGE_ID,
            "group": False,
            "only_show_if_degraded": False,
        }
        for position, (code, step) in enumerate(sorted(last.items()), start=1)
    ]


def said_offset(instant: datetime | None) -> str | None:
    """With milliseconds and the offset of the page's zone, as Statuspage writes it."""
    return None if instant is None else instant.astimezone(SEOUL).isoformat(timespec="milliseconds")
