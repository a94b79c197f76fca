"""One incident as every status page tells it: updates in order, each with what it says of components."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from operator import attrgetter

from services.feeds import wording
from services.feeds.items import PARTIAL, ReadNotice

BACKDATED = timedelta(hours=24)


class Recovery(Enum):
    """What ends a component's window."""

    COMPONENT = "component"  # upstream calls the component operational again
    MONITORING = "monitoring"  # the first update of the incident that calls it monitored
    RESOLVED = "resolved"  # the update that calls the incident resolved


class Phase(Enum):
    """What an update says of the whole incident."""

    OPEN = 1
    MONITORING = 2
    RESOLVED = 3
    COMMENT = 4  # afterwards; changes nothing


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one update says of one component; a severity of None is operational."""

    component_id: str | None
    name: str
    severity: str | None
    severity_before: str | None = None
    questions: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Update:
    """One update. `vague`: it speaks of a component that is down without saying which."""

    at: datetime
    written_at: datetime
    phase: Phase
    notice: ReadNotice | None  # None: only a time upstream keeps, no text
    changes: tuple[Change, ...] = ()
    vague: bool = False

    @property
    def order(self) -> tuple[datetime, datetime, int, str]:
        """As displayed; what is displayed at one instant, as it was written."""
        return self.at, self.written_at, self.phase.value, self.notice.foreign_id if self.notice else ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One incident. `assumed` is what an episode changes whose updates name no component, or do it vaguely.

    `place` names the incident in refusals. `closed`: by its own status nothing is down any more (`is_over`).
    """

    place: str
    started_at: datetime | None
    closed: bool
    resolved_at: datetime | None
    monitoring_at: datetime | None = None
    updates: tuple[Update, ...]
    assumed: tuple[Change, ...]
    remarks: frozenset[str] = frozenset()


def nameless(names: list[str], severity: str | None) -> Change:
    """What stands for the whole incident where upstream names no component."""
    unsaid = {wording.SEVERITY_UNSAID} if severity is None else set()
    return Change(
        component_id=None,
        name=", ".join(names),
        severity=severity or PARTIAL,
        questions=frozenset({wording.WHICH_COMPONENT} | unsaid),
    )


def posted_later(displayed_and_written: Iterable[tuple[datetime, datetime]]) -> frozenset[str]:
    late = any(written_at - at > BACKDATED for at, written_at in displayed_and_written)
    return frozenset({wording.POSTED_LATER} if late else ())


def notices_of(updates: Iterable[Update]) -> tuple[ReadNotice, ...]:
    return tuple(update.notice for update in sorted(updates, key=attrgetter("order")) if update.notice)


def only_update(identifier: str, status: str, title: str, at: datetime, written_at: datetime | None = None) -> Update:
    """An incident that comes without updates vouches for itself; since when it has its status, nobody says."""
    notice = ReadNotice(foreign_id=identifier, status=status, text=title or status, published_at=at, written_at=written_at)
    return Update(at=at, written_at=at, phase=Phase.OPEN, notice=notice)


def is_over(phase: Phase, recovery: Recovery) -> bool:
    """What an incident's own status means for its windows: nothing is down any more."""
    return phase in (Phase.RESOLVED, Phase.COMMENT) or (recovery is Recovery.MONITORING and phase is Phase.MONITORING)
