"""Tallies, read for charts: rows of one incident, by the index on it. Of claims only the queue's index is read, a little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from claims.models import ClaimStatus, ReviewStatus, Tally, TallyDue

MOST_OVERDUE = 10_000


@dataclass(frozen=True)
class Tallied:
    """How many, and how much in units, in the hour from `hour_at`."""

    hour_at: datetime
    key: str
    unit: str
    count: int
    amount: int


def tallied(
    incident_id: int, what: str, *, start: datetime | None = None, end: datetime | None = None, most: int | None = None
) -> list[Tallied]:
    """Of [start, end), in the order of hours. One query. `most`: at most so many rows."""
    rows = Tally.objects.filter(incident=incident_id, what=what).exclude(count=0, amount=0)
    rows = rows if start is None else rows.filter(hour_at__gte=start)
    rows = rows if end is None else rows.filter(hour_at__lt=end)
    names = ("hour_at", "key", "unit", "count", "amount")
    return [Tallied(*row) for row in rows.order_by("hour_at", "key", "unit").values_list(*names)[:most]]


def overdue_in_queue(incident_id: int, today: date) -> int:
    """Claims of the queue whose own last day of an answer is past, counted up to MOST_OVERDUE, by the queue's index."""
    queued = ClaimStatus.objects.filter(review=ReviewStatus.QUEUED, incident=incident_id, answer_due_date__lt=today)
    return queued.order_by()[:MOST_OVERDUE].count()


def tallies_wait() -> bool:
    """Whether something was written that is not tallied yet."""
    return TallyDue.objects.exists()
