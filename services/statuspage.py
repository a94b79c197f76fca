"""The official record in the shape of Atlassian Statuspage's API v2, for tools that read status pages.

An update is a notice, or an instant at which services changed by the word of the source that
governs them. Of a window only service, severity, start and end go through this shape: what is
approximate, inferred or another source's word does not; the API has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response

from services.api import PublicView
from services.models import Incident, Notice, OutageWindow, RecordVersion, Service
from services.problems import refuse_unknown_parameters
from services.queries import incidents_with_versions, notices_behind, windows_by_version
from services.questions import asked_language
from services.record_page import governing, kind_of
from services.seoul import SEOUL
from services.words import in_english, name_of, say

PAGE_ID = "outage-record"
MOST_INCIDENTS = 50  # as Statuspage gives them

STATUSES = {
    "full": "major_outage",
    "partial": "partial_outage",
    "intermittent": "degraded_performance",
    "planned": "under_maintenance",
}
IMPACTS = {"full": "critical", "partial": "major", "intermittent": "minor", "planned": "maintenance"}  # worst first
WORDS = {"operational": "operational", **{status: kind for kind, status in STATUSES.items()}}


@dataclass(frozen=True)
class Step:
    """A service goes from one status to another."""

    service: Service
    old: str
    new: str


@dataclass(frozen=True)
class Recorded:
    """An incident with the newest version of its record: its windows by governing sources, and its notices."""

    incident: Incident
    versions: Sequence[RecordVersion]
    windows: Sequence[OutageWindow]
    notices: Sequence[Notice]

    @property
    def resolved_at(self) -> datetime | None:
        """The end of the last window; None while one is open."""
        ends = [window.end_at for window in self.windows if window.end_at is not None]
        return max(ends) if len(ends) == len(self.windows) else None


class StatuspageIncidents(PublicView):
    """The newest 50 incidents with a published version, newest first; `?lang=`."""

    def get(self, request: Request) -> Response:
        refuse_unknown_parameters(request, "lang")
        language = asked_language(request.GET, otherwise=translation.get_language() or "ko")
        with translation.override(language):
            answer = statuspage(recorded_incidents(), absolute=request.build_absolute_uri)
        return Response(answer, headers={"Content-Language": language})


def recorded_incidents() -> list[Recorded]:
    """Six queries."""
    incidents = [incident for incident in reversed(incidents_with_versions()) if incident.versions.all()][:MOST_INCIDENTS]
    versions = {incident.pk: list(incident.versions.all()) for incident in incidents}
    windows = windows_by_version([listed[-1] for listed in versions.values()])
    notices = notices_behind(incidents)
    found = []
    for incident in incidents:
        listed = windows[versions[incident.pk][-1].pk]
        cited = {window.notice_id for window in listed}
        about = [notice for notice in notices if notice.incident_id == incident.pk or notice.pk in cited]
        found.append(Recorded(incident, versions[incident.pk], governing(listed, versions[incident.pk][-1]), about))
    return found


def statuspage(records: Sequence[Recorded], *, absolute: Callable[[str], str]) -> dict[str, Any]:
    """`absolute` makes a whole address of a path."""
    published = [version.published_at for record in records for version in record.versions]
    return {
        "page": {
            "id": PAGE_ID,
            "name": say("site"),
            "url": absolute(reverse("public:incidents")),
            "time_zone": SEOUL.key,
            "updated_at": _said(max(published, default=None)),
        },
        "incidents": [_incident(record, absolute) for record in records],
    }


def steps_of(windows: Sequence[OutageWindow]) -> list[tuple[datetime, list[Step]]]:
    """When services change, in time, by windows that do not overlap; a change to the same status is none."""
    points: dict[int, dict[datetime, str]] = {}
    services = {window.service_id: window.service for window in windows}
    for window in windows:
        if window.end_at is not None:
            points.setdefault(window.service_id, {})[window.end_at] = "operational"
    for window in windows:  # a window that begins where another ends goes over into it
        points.setdefault(window.service_id, {})[window.start_at] = STATUSES[kind_of(window)]
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
    kinds = {kind_of(window) for window in record.windows}
    return {
        "id": incident.key,
        "name": incident.title_en if in_english() else incident.title_ko,
        "status": _status(record, None),
        "created_at": _said(record.versions[0].published_at),
        "updated_at": _said(record.versions[-1].published_at),
        "monitoring_at": None,
        "resolved_at": _said(resolved_at),
        "impact": next((impact for kind, impact in IMPACTS.items() if kind in kinds), "none"),
        "shortlink": absolute(reverse("public:incident", args=[incident.key])),
        "started_at": _said(incident.started_at),
        "page_id": PAGE_ID,
        "incident_updates": sorted(updates, key=lambda update: (update["display_at"], update["id"]), reverse=True),
        "components": _components(record, steps),
    }


def _changed(record: Recorded, instant: datetime, steps: Sequence[Step]) -> dict[str, Any]:
    said = [f"{name_of(step.service)}: {say(WORDS[step.old])} → {say(WORDS[step.new])}" for step in steps]
    name = f"{record.incident.key}|{instant.astimezone(UTC).isoformat().replace('+00:00', 'Z')}"
    return _update(record, name, instant, "\n".join(said), steps)


def _announced(record: Recorded, notice: Notice) -> dict[str, Any]:
    text = notice.text_en if in_english() and notice.text_en else notice.text
    return _update(record, notice.key, notice.published_at, text, ())


def _update(record: Recorded, name: str, instant: datetime, body: str, steps: Sequence[Step]) -> dict[str, Any]:
    at = _said(instant)
    affected = [
        {"code": step.service.code, "name": name_of(step.service), "old_status": step.old, "new_status": step.new}
        for step in steps
    ]
    return {
        "id": name,
        "status": _status(record, instant),
        "body": body,
        "incident_id": record.incident.key,
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


def _components(record: Recorded, steps: Sequence[tuple[datetime, Sequence[Step]]]) -> list[dict[str, Any]]:
    last = {step.service.code: step for _, changed in steps for step in changed}
    return [
        {
            "id": code,
            "name": name_of(step.service),
            "status": step.new,
            "created_at": _said(record.versions[0].published_at),
            "updated_at": _said(record.versions[-1].published_at),
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


def _said(instant: datetime | None) -> str | None:
    """With milliseconds and the offset of the page's zone, as Statuspage writes it."""
    return None if instant is None else instant.astimezone(SEOUL).isoformat(timespec="milliseconds")
