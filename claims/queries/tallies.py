"""Tallies, read for charts, already summed. Of claims only the queue's index is read, a little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.db import connection

from claims.models import ClaimStatus, ReviewStatus, TallyDue
from services.seoul import SEOUL

MOST_OVERDUE = 10_000
_STEPS = {"hour": "hour_at", "day": "date_trunc('day', hour_at, 'Asia/Seoul')", "whole": "min(hour_at)"}
_OF = """ FROM claims_tally WHERE incident_id = %(incident)s AND what = %(what)s AND (count <> 0 OR amount <> 0)
      AND (%(start)s::timestamptz IS NULL OR hour_at >= %(start)s) AND (%(end)s::timestamptz IS NULL OR hour_at < %(end)s)"""


@dataclass(frozen=True)
class Span:
    """[start, end) of an incident, by its id; None: from the first, to the last."""

    incident_id: int
    start: datetime | None = None
    end: datetime | None = None

    def values(self, what: str) -> dict[str, Any]:
        return {"incident": self.incident_id, "what": what, "start": self.start, "end": self.end}


@dataclass(frozen=True)
class Tallied:
    """How many, and how much in units, in what begins `at`, in Korean time."""

    at: datetime
    key: str
    unit: str
    count: int
    amount: int


@dataclass(frozen=True)
class Peak:
    """Of one service: its fullest hour, the earliest of several, and the claims in it; hours from `first` to `last`."""

    service: str
    at: datetime
    claims: int
    first: datetime
    last: datetime


def tallied(span: Span, what: str, step: Literal["hour", "day", "whole"], *, keyed: bool = True) -> list[Tallied]:
    """In the order of time; by key and unit unless all are to be one. Days are Korean. One query."""
    by = [*(["key", "unit"] if keyed else []), *([_STEPS[step]] if step != "whole" else [])]
    key, unit = ("key", "unit") if keyed else ("''", "''")
    sql = f"""SELECT date_part('epoch', {_STEPS[step]})::bigint AS at, {key}, {unit}, sum(count)::bigint, sum(amount)::bigint
              {_OF} GROUP BY {", ".join(by)} ORDER BY at, 2, 3"""
    return [Tallied(_seoul(at), *row) for at, *row in _rows(sql, span.values(what))]


def peaks(span: Span) -> list[Peak]:
    """Of the impact map, the fullest first. One query."""
    sql = f"""SELECT key, date_part('epoch', (array_agg(hour_at ORDER BY count DESC, hour_at))[1])::bigint, max(count) AS most,
                     date_part('epoch', min(hour_at))::bigint, date_part('epoch', max(hour_at))::bigint
              {_OF} GROUP BY key ORDER BY most DESC, key"""
    rows = _rows(sql, span.values("impact"))
    return [Peak(code, _seoul(at), most, _seoul(first), _seoul(last)) for code, at, most, first, last in rows]


def impact_of(span: Span, services: list[str]) -> dict[str, list[tuple[int, int]]]:
    """(hour since 1970, claims) by the code of the service. One query; as text, of which a client reads thousands at once."""
    sql = f"""SELECT key, string_agg((date_part('epoch', hour_at)::bigint / 3600)::text, ','  ORDER BY hour_at),
                     string_agg(count::text, ',' ORDER BY hour_at)
              {_OF} AND key = ANY(%(services)s) GROUP BY key"""
    found = _rows(sql, {**span.values("impact"), "services": services})
    return {
        code: list(zip(map(int, hours.split(",")), map(int, counts.split(",")), strict=True)) for code, hours, counts in found
    }


def overdue_in_queue(incident_id: int, today: date) -> int:
    """Claims of the queue whose own last day of an answer is past, counted up to MOST_OVERDUE, by the queue's index."""
    queued = ClaimStatus.objects.filter(review=ReviewStatus.QUEUED, incident=incident_id, answer_due_date__lt=today)
    return queued.order_by()[:MOST_OVERDUE].count()


def tallies_wait() -> bool:
    """Whether something was written that is not tallied yet."""
    return TallyDue.objects.exists()


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _seoul(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).astimezone(SEOUL)
