"""Instatus: the public `summary.json`, and the incidents and maintenances of its API (v1), as documented in 2024.

Neither tells when a single component recovered, nor how each was hit: the components listed
with an incident are those affected, their status is the one of today. So windows end when
the incident was resolved, with the remark that nobody called the component operational.
The summary has no updates and no components at all, and an id only within its address.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.feeds import wording
from services.feeds.items import FULL, INCIDENT, MAINTENANCE, PARTIAL, ReadItem, ReadNotice, ReadWindow
from services.feeds.maintenance import Affected, Maintenance
from services.feeds.maintenance import windows_of as maintenance_windows
from services.feeds.refused import FeedOutageTooLong, FeedRefused, shown_value
from services.feeds.shapes import Id, Instant, Listed, Row, Text, WebAddress, check_once, placed, refused_here, shaped, word_of
from services.feeds.story import (
    Change,
    Phase,
    Recovery,
    Story,
    Update,
    is_over,
    nameless,
    notices_of,
    only_update,
    posted_later,
)
from services.feeds.timeline import windows_of
from services.instants import LONGEST_OUTAGE

_PHASES = {
    "INVESTIGATING": Phase.OPEN,
    "IDENTIFIED": Phase.OPEN,
    "MONITORING": Phase.MONITORING,
    "RESOLVED": Phase.RESOLVED,
}
_STAGES = {"NOTSTARTEDYET": 1, "INPROGRESS": 2, "COMPLETED": 3}
_OPERATIONAL = "OPERATIONAL"
_UNDER_MAINTENANCE = "UNDERMAINTENANCE"
_SEVERITIES = {
    _OPERATIONAL: None,
    "DEGRADEDPERFORMANCE": PARTIAL,
    "PARTIALOUTAGE": PARTIAL,
    "MINOROUTAGE": PARTIAL,
    "MAJOROUTAGE": FULL,
    _UNDER_MAINTENANCE: None,
}
_COMPONENT_WORDS = {**_SEVERITIES, **dict.fromkeys(_PHASES)}  # the API's specification lists the incident's words here


def _minutes(value: object) -> timedelta:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal():
        raise refused_here(FeedRefused(f"is {shown_value(value)}, which is not a number of minutes. Give one, like 60."))
    if len(text) > 7 or timedelta(minutes=int(text)) > LONGEST_OUTAGE:
        raise refused_here(
            FeedOutageTooLong(f"is {shown_value(value)} minutes, longer than {LONGEST_OUTAGE.days} days. Correct it.")
        )
    return timedelta(minutes=int(text))


class _ComponentRow(Row):
    id: Id
    name: Text
    status: Annotated[str, word_of(_COMPONENT_WORDS)] | None = None


class _UpdateRow(Row):
    id: Id
    message: Text | None = None
    started: Instant
    created_at: Instant | None = Field(None, alias="createdAt")


class _IncidentUpdateRow(_UpdateRow):
    status: Annotated[str, word_of(_PHASES)]


class _MaintenanceUpdateRow(_UpdateRow):
    status: Annotated[str, word_of(_STAGES)]


class _ItemRow(Row):
    id: Id | None = None
    name: Text
    url: WebAddress | None = None
    components: Listed[_ComponentRow] = []


class _IncidentRow(_ItemRow):
    status: Annotated[str, word_of(_PHASES)]
    started: Instant
    resolved: Instant | None = None
    impact: Annotated[str, word_of(_SEVERITIES)] | None = None
    updates: Listed[_IncidentUpdateRow] = []


class _MaintenanceRow(_ItemRow):
    status: Annotated[str, word_of(_STAGES)]
    start: Instant
    duration: Annotated[timedelta, BeforeValidator(_minutes)] | None = None
    updates: Listed[_MaintenanceUpdateRow] = []


class _File(Row):
    active_incidents: Listed[_IncidentRow] | None = Field(None, alias="activeIncidents")
    active_maintenances: Listed[_MaintenanceRow] | None = Field(None, alias="activeMaintenances")
    incidents: Listed[_IncidentRow] | None = None
    maintenances: Listed[_MaintenanceRow] | None = None


_AnyRow = _IncidentRow | _MaintenanceRow
_Placed = list[tuple[str, _AnyRow]]


def read_instatus(document: Any, recovery: Recovery) -> tuple[ReadItem, ...]:
    rows = _of_list(document) if isinstance(document, list) else _of_file(shaped(_File, document))
    check_once([(f"{place}.id", _identifier(row, place)) for place, row in rows])
    return tuple(_item(row, place, recovery) for place, row in rows)


def _of_file(file: _File) -> _Placed:
    lists: dict[str, Sequence[_AnyRow] | None] = {
        "activeIncidents": file.active_incidents,
        "activeMaintenances": file.active_maintenances,
        "incidents": file.incidents,
        "maintenances": file.maintenances,
    }
    if all(rows is None for rows in lists.values()):
        raise FeedRefused(f"The file has none of {', '.join(lists)} at its top. Send summary.json, or a list of the API.")
    return [one for name, rows in lists.items() for one in placed(name, rows or [])]


def _of_list(rows: list[Any]) -> _Placed:
    """The API's lists have no name; a maintenance is known by its planned start."""
    shapes: list[type[_AnyRow]] = [
        _MaintenanceRow if isinstance(row, dict) and "start" in row else _IncidentRow for row in rows
    ]
    return [(place, shaped(shape, row, place=place)) for shape, (place, row) in zip(shapes, placed("", rows), strict=True)]


def _identifier(row: _ItemRow, place: str) -> str:
    identifier = row.id or (row.url or "").rstrip("/").rpartition("/")[2]
    if not identifier or len(identifier) > 100:
        raise FeedRefused(f"{place} has neither an id nor an address that ends in one. Give one of the two.", field=place)
    return identifier


def _item(row: _AnyRow, place: str, recovery: Recovery) -> ReadItem:
    check_once([(f"{at}.id", update.id) for at, update in placed(f"{place}.updates", [*row.updates])])
    check_once([(f"{at}.id", component.id) for at, component in placed(f"{place}.components", row.components)])
    identifier = _identifier(row, place)
    notices, windows = (
        _incident(row, identifier, place, recovery) if isinstance(row, _IncidentRow) else _maintenance(row, identifier, place)
    )
    return ReadItem(
        foreign_id=identifier,
        kind=INCIDENT if isinstance(row, _IncidentRow) else MAINTENANCE,
        title=row.name or identifier,
        url=row.url or "",
        notices=notices,
        windows=windows,
    )


_Read = tuple[tuple[ReadNotice, ...], tuple[ReadWindow, ...]]


def _incident(row: _IncidentRow, identifier: str, place: str, recovery: Recovery) -> _Read:
    updates = [
        Update(
            at=one.started, written_at=one.created_at or one.started, phase=_PHASES[one.status], notice=_notice(one, one.status)
        )
        for one in row.updates
    ] or [only_update(identifier, row.status, row.name, row.started)]
    story = Story(
        place=place,
        started_at=row.started,
        closed=is_over(_PHASES[row.status], recovery),
        resolved_at=row.resolved,
        updates=tuple(updates),
        assumed=tuple(_change(row, component) for component in row.components)
        or (nameless([], _SEVERITIES[row.impact or _OPERATIONAL]),),
        remarks=posted_later((update.at, update.written_at) for update in updates),
    )
    return notices_of(updates), windows_of(story, recovery)


def _notice(update: _UpdateRow, status: str) -> ReadNotice:
    return ReadNotice(
        foreign_id=update.id,
        status=status,
        text=update.message or status,
        published_at=update.started,
        written_at=update.created_at,
    )


def _change(row: _IncidentRow, component: _ComponentRow) -> Change:
    """While the incident lasts, the component's status of today is its own; afterwards it says nothing."""
    resolved = row.status == "RESOLVED"
    today = _OPERATIONAL if resolved else component.status or ""
    severity = _COMPONENT_WORDS.get(today) or _SEVERITIES[row.impact or _OPERATIONAL]
    asked = {
        wording.SEVERITY_UNSAID: severity is None,
        wording.END_UNSAID: not resolved and today == _OPERATIONAL,
        wording.MAINTENANCE_OR_OUTAGE: today == _UNDER_MAINTENANCE,
    }
    return Change(
        component_id=component.id,
        name=component.name,
        severity=severity or PARTIAL,
        questions=frozenset(code for code, applies in asked.items() if applies),
    )


def _maintenance(row: _MaintenanceRow, identifier: str, place: str) -> _Read:
    updates = sorted(row.updates, key=lambda one: (one.started, one.created_at or one.started, _STAGES[one.status], one.id))
    notices = tuple(_notice(one, one.status) for one in updates) or (
        ReadNotice(foreign_id=identifier, status=row.status, text=row.name or row.status, published_at=row.start),
    )
    ended = [one for one in updates if one.status == "COMPLETED"]
    maintenance = Maintenance(
        place=place,
        scheduled_from=row.start,
        scheduled_until=row.start + row.duration if row.duration else None,
        completed=bool(ended) or row.status == "COMPLETED",
        completed_at=ended[0].started if ended else None,
        announced_at=_announced_at(updates),
        affected=tuple(Affected(component_id=one.id, name=one.name, severity=None) for one in row.components)
        or (Affected(component_id=None, name="", severity=None),),
        notice=ended[0].id if ended else notices[-1].foreign_id,
    )
    return notices, maintenance_windows(maintenance)


def _announced_at(updates: list[_MaintenanceUpdateRow]) -> datetime | None:
    """When the first update was written: its own time is often that of the maintenance."""
    return min((one.created_at or one.started for one in updates), default=None)
