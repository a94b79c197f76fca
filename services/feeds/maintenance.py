"""From one announced maintenance to its windows, one per component."""

from dataclasses import dataclass
from datetime import datetime

from services.feeds import wording
from services.feeds.items import FULL, ReadWindow, check_length
from services.feeds.wording import sorted_codes


@dataclass(frozen=True, kw_only=True)
class Affected:
    component_id: str | None
    name: str
    severity: str | None  # None: not said


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """`completed_at` is by upstream's word, `completed`; `place` names it in refusals."""

    place: str
    scheduled_from: datetime
    scheduled_until: datetime | None
    completed: bool
    completed_at: datetime | None
    announced_at: datetime | None
    affected: tuple[Affected, ...]
    notice: str  # the last that speaks of it
    remarks: frozenset[str] = frozenset()


def windows_of(maintenance: Maintenance) -> tuple[ReadWindow, ...]:
    """From the planned start to the real end; what upstream keeps as its start is when it was announced."""
    return tuple(_window(maintenance, affected) for affected in maintenance.affected)


def _window(maintenance: Maintenance, affected: Affected) -> ReadWindow:
    end = maintenance.completed_at or maintenance.scheduled_until
    question = _question(maintenance, end)
    unclear = question in (wording.NEVER_BEGAN, wording.TIMES_IN_PROSE)
    check_length(maintenance.scheduled_from, end, maintenance.place)
    return ReadWindow(
        key=f"{affected.component_id or ''}#1",
        component_id=affected.component_id,
        component_name=affected.name,
        severity=affected.severity or FULL,
        start_at=None if unclear else maintenance.scheduled_from,
        end_at=None if unclear else end,
        end_approx=not maintenance.completed_at and end is not None and not unclear,
        closing_rule=wording.ENDS_AS_PLANNED if not maintenance.completed and end is not None and not unclear else "",
        planned=True,
        announced_at=maintenance.announced_at,
        questions=sorted_codes(
            {code for code in (question, None if affected.component_id else wording.WHICH_COMPONENT) if code is not None}
        ),
        remarks=sorted_codes(
            maintenance.remarks | _remarks(maintenance) | (set() if affected.severity else {wording.EXTENT_UNSAID})
        ),
        notice=maintenance.notice,
    )


def _question(maintenance: Maintenance, end: datetime | None) -> str | None:
    if end is not None and end <= maintenance.scheduled_from:
        return wording.NEVER_BEGAN if maintenance.completed_at else wording.TIMES_IN_PROSE
    if maintenance.completed and not maintenance.completed_at:
        return wording.END_UNSAID
    return None


def _remarks(maintenance: Maintenance) -> set[str]:
    completed, planned = maintenance.completed_at, maintenance.scheduled_until
    if not maintenance.completed:
        return {wording.NOT_COMPLETED}
    if completed is None or planned is None or completed == planned:
        return set()
    return {wording.COMPLETED_EARLY if completed < planned else wording.COMPLETED_LATE}
