"""Planned maintenance of the official record in the shape of Atlassian Statuspage's API v2.

Windows of one span, by one notice and announced at once, are one maintenance there. How much of a service stops goes
through this shape only once it has begun; before, a component is operational, as Statuspage has it.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from services import clock
from services.api import PublicView
from services.language import in_english
from services.models import OutageWindow
from services.statuspage import (
    MOST_INCIDENTS,
    PAGE_ID,
    Recorded,
    Step,
    body_of,
    components_of,
    in_asked_language,
    page_of,
    recorded,
    said_offset,
    status_of,
    steps_of,
    text_of,
    update_of,
)
from services.words import name_of, said_span, say


class StatuspageMaintenances(PublicView):
    """The 50 maintenances planned for the latest times, the latest first; `?lang=`."""

    parameters = ("lang",)

    def get(self, request: Request) -> Response:
        absolute, now = request.build_absolute_uri, clock.now()
        return in_asked_language(request, lambda: maintenances(recorded(planned=True), absolute=absolute, now=now))


@dataclass(frozen=True)
class Maintenance:
    """`windows` share start, end, notice and announcement; each is of another service."""

    record: Recorded
    windows: Sequence[OutageWindow]

    @property
    def first(self) -> OutageWindow:
        return self.windows[0]

    @property
    def id(self) -> str:
        """The same when its end is corrected. At most 77 characters: a feed's ids have 100."""
        key = min(window.key for window in self.windows)
        return f"{self.record.incident.key}|{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    @property
    def entered_at(self) -> datetime:
        return self.first.announced_at or self.first.notice.published_at

    def status_at(self, instant: datetime) -> str:
        if instant < self.first.start_at:
            return "scheduled"
        return "in_progress" if self.first.end_at is None or instant < self.first.end_at else "completed"


def maintenances(records: Sequence[Recorded], *, absolute: Callable[[str], str], now: datetime) -> dict[str, Any]:
    """Of records of planned maintenance, as they stand at `now`; `absolute` makes a whole address of a path."""
    found = [one for record in records for one in _of_record(record)]
    found.sort(key=lambda one: (one.first.start_at, one.id), reverse=True)
    shown = [_maintenance(one, absolute, now) for one in found[:MOST_INCIDENTS]]
    return {"page": page_of(records, absolute), "scheduled_maintenances": shown}


def _of_record(record: Recorded) -> Iterator[Maintenance]:
    together: dict[tuple[object, ...], list[OutageWindow]] = {}
    for window in record.windows:
        together.setdefault((window.start_at, window.end_at, window.notice_id, window.announced_at), []).append(window)
    return (Maintenance(record, windows) for windows in together.values())


def _maintenance(one: Maintenance, absolute: Callable[[str], str], now: datetime) -> dict[str, Any]:
    incident, versions, status = one.record.incident, one.record.versions, one.status_at(now)
    updates = sorted(_updates(one, now), key=lambda update: (update["display_at"], update["id"]), reverse=True)
    return {
        "id": one.id,
        "name": incident.title_en if in_english() else incident.title_ko,
        "status": status,
        "created_at": said_offset(one.entered_at),
        "updated_at": said_offset(versions[-1].published_at),
        "monitoring_at": None,
        "resolved_at": said_offset(one.first.end_at) if status == "completed" else None,
        "impact": "maintenance",
        "shortlink": absolute(reverse("public:incident", args=[incident.key])),
        "started_at": said_offset(one.entered_at),  # as there: when it was entered, not when it begins
        "page_id": PAGE_ID,
        "incident_updates": updates,
        "components": components_of(one.record, [(now, [_step(window, status) for window in one.windows])]),
        "scheduled_for": said_offset(one.first.start_at),
        "scheduled_until": said_offset(one.first.end_at),
    }


def _step(window: OutageWindow, status: str) -> Step:
    return Step(window.service, "operational", status_of(window) if status == "in_progress" else "operational")


def _updates(one: Maintenance, now: datetime) -> Iterator[dict[str, Any]]:
    """Its announcement, its notice, and what changed up to `now`; the first scheduled one is read as the announcement, so a
    notice of before it is left out.
    """
    notice, announced_at = one.first.notice, one.first.announced_at
    if announced_at not in (None, notice.published_at):
        said = [f"{name_of(window.service)}: {say('planned')}, {said_span(window)}" for window in one.windows]
        yield _update(one, f"{one.id}|scheduled", one.entered_at, "\n".join(said))
    if notice.published_at >= one.entered_at:
        yield _update(one, notice.key, notice.published_at, text_of(notice))
    for instant, steps in steps_of(one.windows):
        if instant <= now:
            yield _update(one, f"{one.id}|{one.status_at(instant)}", instant, body_of(steps), steps)


def _update(one: Maintenance, name: str, instant: datetime, body: str, steps: Sequence[Step] = ()) -> dict[str, Any]:
    return update_of(one.id, name=name, instant=instant, status=one.status_at(instant), body=body, steps=steps)
