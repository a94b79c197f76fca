"""What a reader makes of a feed: items, each with its notices and the outage windows they propose."""

from dataclasses import dataclass
from datetime import datetime

from services.feeds.refused import FeedOutageTooLong
from services.instants import LONGEST_OUTAGE

FULL = "full"
PARTIAL = "partial"
INTERMITTENT = "intermittent"
SEVERITIES = (INTERMITTENT, PARTIAL, FULL)  # the worst last

INCIDENT = "incident"
MAINTENANCE = "maintenance"


@dataclass(frozen=True, kw_only=True)
class ReadNotice:
    """One upstream update."""

    foreign_id: str
    status: str  # upstream's word
    text: str  # normalised; the status where upstream wrote nothing
    published_at: datetime  # UTC; when upstream displays it as published, which may be long before it was written
    written_at: datetime | None = None  # UTC; when upstream kept it; None: it does not say


@dataclass(frozen=True, kw_only=True)
class ReadWindow:
    """One proposed outage window [start_at, end_at) of one component.

    Windows of one component and item never overlap; they touch where the severity changes.
    """

    key: str  # "<component id>#<ordinal from 1>", "#1" where no component is known; the same at each import
    component_id: str | None  # None: upstream names none, staff must say
    component_name: str
    severity: str
    start_at: datetime | None  # None, as is end_at: the times are not in the data
    end_at: datetime | None  # exclusive; None beside a start: still open
    start_approx: bool = False
    end_approx: bool = False
    inferred: bool = False
    closing_rule: str = ""  # why it ends where it ends, if no notice says so
    planned: bool = False
    announced_at: datetime | None = None
    questions: tuple[str, ...] = ()  # sorted codes of wording.QUESTIONS
    remarks: tuple[str, ...] = ()  # sorted codes of wording.REMARKS
    notice: str = ""  # foreign_id of the last update it was concluded from


@dataclass(frozen=True, kw_only=True)
class ReadItem:
    """One incident or maintenance; `notices` in the order in which upstream displays them, the oldest first."""

    foreign_id: str
    kind: str
    title: str
    url: str
    notices: tuple[ReadNotice, ...]
    windows: tuple[ReadWindow, ...]


def worst(severities: list[str]) -> str:
    return max(severities, key=SEVERITIES.index)


def check_length(start_at: datetime, end_at: datetime | None, place: str) -> None:
    """Raises FeedOutageTooLong, naming `place`, beyond LONGEST_OUTAGE."""
    if end_at is not None and end_at - start_at > LONGEST_OUTAGE:
        raise FeedOutageTooLong(
            f"{place} lasts from {start_at.isoformat()} to {end_at.isoformat()}, {(end_at - start_at).days:,} days. An "
            f"outage is at most {LONGEST_OUTAGE.days} days long; correct its times upstream, or take it out of the file.",
            field=place,
        )
