"""The clock of a sandbox is begun once, and from then on only moved forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from services.instants import OutOfRange, check_instant
from services.models import ClockMove
from services.refusals import Refusal

LOCK = 7340  # beside the numbers of claims/operations/locks.py
FURTHEST = timedelta(days=400)  # at once
END = datetime(2090, 1, 1, tzinfo=UTC)  # it shows no later: what is due some years from then is stored still


class ClockMovesForward(Refusal):
    code = "clock_moves_forward"


class ClockTooFar(OutOfRange):
    """Further than it moves at once, or than it shows at all."""


def begin_clock(*, now: datetime) -> ClockMove:
    """It shows the time it is. One that was begun already stays as it is."""
    now = check_instant(now, "now")
    _lock()
    return ClockMove.objects.first() or ClockMove.objects.create(shows_at=now, real_at=now)


def move_clock(*, seconds: int, moved_by: str, now: datetime) -> ClockMove:
    """So many seconds pass at once, beside those that pass by themselves. Of two moves at once each counts. `now`: the real
    time. Raises ClockMovesForward, ClockTooFar.
    """
    now = check_instant(now, "now")
    if seconds < 1:
        raise ClockMovesForward("The clock only moves forward, by a second at least.", field="advance_seconds")
    most = FURTHEST // timedelta(seconds=1)
    if seconds > most:
        raise ClockTooFar(f"The clock moves by {most:,} seconds at most.", field="advance_seconds", about=f"<= {most}")
    _lock()
    last = ClockMove.objects.first()
    assert last is not None, "the clock is begun before it is moved"
    shows_at = now + (last.shows_at - last.real_at) + timedelta(seconds=seconds)
    if shows_at >= END:
        told = f"The clock shows nothing later than {END:%Y}."
        raise ClockTooFar(told, field="advance_seconds", about=f"< {END:%Y-%m-%d}")
    return ClockMove.objects.create(shows_at=shows_at, real_at=now, moved_by=moved_by)


def _lock() -> None:
    """Wait until nobody else moves it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
