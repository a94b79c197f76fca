"""Atlassian Statuspage, public API v2: `incidents.json` and `scheduled-maintenances.json`.

Old pages leave out `started_at`, `components` and `affected_components`; then one window
stands for the whole incident, and a person must say whose it is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.feeds import wording
from services.feeds.items import FULL, INCIDENT, MAINTENANCE, ReadItem, ReadNotice, ReadWindow, worst
from services.feeds.maintenance import Affected, Maintenance
from services.feeds.maintenance import windows_of as maintenance_windows
from services.feeds.refused import FeedRefused
from services.feeds.shapes import check_once, placed, shaped
from services.feeds.statuspage_file import (
    IMPACTS,
    OPERATIONAL,
    PHASES,
    SEVERITIES,
    STAGES,
    UNDER_MAINTENANCE,
    AffectedRow,
    IncidentRow,
    IncidentUpdateRow,
    ItemRow,
    MaintenanceRow,
    MaintenanceUpdateRow,
    StatuspageFile,
    UpdateRow,
)
from services.feeds.story import Change, Recovery, Story, Update, is_over, nameless, notices_of, only_update, posted_later
from services.feeds.timeline import windows_of


def read_statuspage(document: Any, recovery: Recovery) -> tuple[ReadItem, ...]:
    file = shaped(StatuspageFile, document)
    if file.incidents is None and file.scheduled_maintenances is None:
        raise FeedRefused(
            "The file has neither incidents nor scheduled_maintenances at its top. Send incidents.json or "
            "scheduled-maintenances.json of the status page."
        )
    incidents = placed("incidents", file.incidents or [])
    maintenances = placed("scheduled_maintenances", file.scheduled_maintenances or [])
    check_once([(f"{place}.id", item.id) for place, item in [*incidents, *maintenances]])
    return (
        *(_read_incident(incident, place, recovery) for place, incident in incidents),
        *(_read_maintenance(maintenance, place) for place, maintenance in maintenances),
    )


def _read_incident(incident: IncidentRow, place: str, recovery: Recovery) -> ReadItem:
    _check_updates(incident, place)
    updates = _updates(incident) or [
        only_update(
            incident.id, incident.status, incident.name, incident.started_at or incident.created_at, incident.created_at
        )
    ]
    story = Story(
        place=place,
        started_at=incident.started_at,
        closed=is_over(PHASES[incident.status], recovery),
        resolved_at=incident.resolved_at,
        monitoring_at=incident.monitoring_at,
        updates=tuple(updates),
        assumed=(_whole_incident(incident),),
        remarks=posted_later((update.at, update.written_at) for update in updates),
    )
    return _item(incident, INCIDENT, notices_of(updates), windows_of(story, recovery))


def _item(item: ItemRow, kind: str, notices: tuple[ReadNotice, ...], windows: tuple[ReadWindow, ...]) -> ReadItem:
    return ReadItem(
        foreign_id=item.id,
        kind=kind,
        title=item.name or item.id,
        url=item.shortlink or "",
        notices=notices,
        windows=windows,
    )


def _check_updates(item: IncidentRow | MaintenanceRow, place: str) -> None:
    updates: Sequence[UpdateRow] = item.incident_updates
    rows = placed(f"{place}.incident_updates", updates)
    check_once([(f"{at}.id", row.id) for at, row in rows])
    for at, row in rows:
        entries = placed(f"{at}.affected_components", row.affected_components or [])
        check_once([(f"{inside}.code", entry.code) for inside, entry in entries if entry.code])


def _updates(incident: IncidentRow) -> list[Update]:
    names = _names(incident, incident.incident_updates)
    entries = [entry for row in incident.incident_updates for entry in row.affected_components or []]
    maintained = {entry.code for entry in entries if entry.new_status == UNDER_MAINTENANCE}
    return [_update(row, names, maintained) for row in incident.incident_updates]


def _update(row: IncidentUpdateRow, names: dict[str, str], maintained: set[str | None]) -> Update:
    entries = row.affected_components or []
    return Update(
        at=row.at,
        written_at=row.created_at,
        phase=PHASES[row.status],
        notice=_notice(row),
        changes=tuple(_change(entry, names, maintained) for entry in entries if entry.code and entry.new_status),
        vague=any(_down_without_code(entry) for entry in entries),
    )


def _change(entry: AffectedRow, names: dict[str, str], maintained: set[str | None]) -> Change:
    return Change(
        component_id=entry.code,
        name=names[entry.code or ""],
        severity=SEVERITIES[entry.new_status or OPERATIONAL],
        severity_before=SEVERITIES[entry.old_status or OPERATIONAL],
        questions=frozenset({wording.MAINTENANCE_OR_OUTAGE} if entry.code in maintained else ()),
    )


def _notice(row: UpdateRow) -> ReadNotice:
    return ReadNotice(
        foreign_id=row.id, status=row.status, text=row.body or row.status, published_at=row.at, written_at=row.created_at
    )


def _down_without_code(entry: AffectedRow) -> bool:
    return entry.code is None and entry.new_status != OPERATIONAL


def _whole_incident(incident: IncidentRow) -> Change:
    """Stands for what is down without a code: named as upstream names it, or after all that is listed."""
    unnamed = [
        entry for row in incident.incident_updates for entry in row.affected_components or [] if _down_without_code(entry)
    ]
    said = [severity for entry in unnamed if (severity := SEVERITIES[entry.new_status or OPERATIONAL])]
    names = sorted({entry.name for entry in unnamed} - {""}) or [component.name for component in incident.components or []]
    return nameless(names, worst(said) if said else IMPACTS[incident.impact or "none"])


def _names(item: ItemRow, rows: Sequence[UpdateRow]) -> dict[str, str]:
    """By the list of components, else by the last update that names it."""
    ordered = sorted(rows, key=lambda row: (row.at, row.created_at, row.id))
    mentioned = {entry.code: entry.name for row in ordered for entry in row.affected_components or [] if entry.code}
    return mentioned | {component.id: component.name for component in item.components or []}


def _read_maintenance(item: MaintenanceRow, place: str) -> ReadItem:
    _check_updates(item, place)
    rows = sorted(item.incident_updates, key=lambda row: (row.at, row.created_at, STAGES[row.status], row.id))
    notices = tuple(_notice(row) for row in rows) or (
        ReadNotice(
            foreign_id=item.id,
            status=item.status,
            text=item.name or item.status,
            published_at=item.created_at,
            written_at=item.created_at,
        ),
    )
    ended = [row for row in rows if row.status == "completed"]
    maintenance = Maintenance(
        place=place,
        scheduled_from=item.scheduled_for,
        scheduled_until=item.scheduled_until,
        completed=bool(ended) or item.status == "completed",
        completed_at=ended[0].at if ended else _if_completed(item),
        announced_at=next((row.at for row in rows if row.status == "scheduled"), item.created_at),
        affected=_affected(item, rows),
        notice=ended[0].id if ended else notices[-1].foreign_id,
        remarks=posted_later((row.at, row.created_at) for row in rows),
    )
    return _item(item, MAINTENANCE, notices, maintenance_windows(maintenance))


def _if_completed(item: MaintenanceRow) -> datetime | None:
    return item.resolved_at if item.status == "completed" else None


def _affected(item: MaintenanceRow, rows: list[MaintenanceUpdateRow]) -> tuple[Affected, ...]:
    """All that is listed: before it begins, upstream calls each component operational."""
    said: dict[str, list[str]] = {}
    for row in rows:
        for entry in row.affected_components or []:
            if entry.code and entry.new_status not in (None, OPERATIONAL, UNDER_MAINTENANCE):
                said.setdefault(entry.code, []).append(SEVERITIES[entry.new_status or OPERATIONAL] or FULL)
    names = _names(item, rows)
    listed = [
        Affected(component_id=code, name=names[code], severity=worst(said.get(code, [])) if code in said else None)
        for code in sorted(names)
    ]
    return tuple(listed) or (Affected(component_id=None, name="", severity=None),)
