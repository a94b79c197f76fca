"""What time it is: the real one, or a sandbox's, which runs and is only moved forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services import clock
from services.models import ClockMove
from services.operations import FURTHEST, ClockMovesForward, ClockTooFar, begin_clock, move_clock

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def moved(by: timedelta, *, now: datetime = NOW) -> datetime:
    return move_clock(seconds=by // timedelta(seconds=1), moved_by="rides.1", now=now).shows_at


@pytest.fixture
def sandbox(settings: Any) -> None:
    settings.SANDBOX = True


def test_outside_a_sandbox_it_is_the_real_time_and_nothing_is_asked():
    begin_clock(now=NOW)
    moved(HOUR)
    with CaptureQueriesContext(connection) as asked:
        assert abs(clock.now() - clock.real()) < HOUR
    assert not asked.captured_queries


def test_a_sandbox_that_was_not_begun_has_no_time(sandbox: None):
    with pytest.raises(ImproperlyConfigured, match="begin_sandbox"):
        clock.now()


def test_it_shows_the_real_time_until_it_is_moved_and_runs_on(sandbox: None, monkeypatch: pytest.MonkeyPatch):
    begin_clock(now=NOW)
    monkeypatch.setattr(clock, "real", lambda: NOW + HOUR)
    assert clock.now() == NOW + HOUR
    assert moved(5 * HOUR, now=NOW + HOUR) == NOW + 6 * HOUR
    assert clock.now() == NOW + 6 * HOUR
    monkeypatch.setattr(clock, "real", lambda: NOW + 3 * HOUR)
    assert clock.now() == NOW + 8 * HOUR
    assert moved(HOUR, now=NOW + 3 * HOUR) == NOW + 9 * HOUR
    assert clock.ahead() == 6 * HOUR
    begin_clock(now=NOW + 4 * HOUR)
    assert clock.ahead() == 6 * HOUR, "begun again it stays as it is"


@pytest.mark.parametrize("seconds", [0, -1, -(10**12)])
def test_it_is_not_moved_back(seconds: int):
    begin_clock(now=NOW)
    with pytest.raises(ClockMovesForward):
        move_clock(seconds=seconds, moved_by="x", now=NOW)
    assert ClockMove.objects.count() == 1


def test_it_is_not_moved_further_than_to_where_instants_are_stored():
    begin_clock(now=NOW)
    moved(FURTHEST)
    for seconds in (FURTHEST // timedelta(seconds=1) + 1, 10**30):
        with pytest.raises(ClockTooFar):
            move_clock(seconds=seconds, moved_by="x", now=NOW)
    late = datetime(2089, 12, 31, tzinfo=UTC)
    ClockMove.objects.create(shows_at=late, real_at=NOW)
    moved(HOUR)
    with pytest.raises(ClockTooFar):
        moved(23 * HOUR)
    assert clock.ahead() == late + HOUR - NOW


def test_the_database_keeps_it_from_being_behind():
    with pytest.raises(IntegrityError, match="clock_is_never_behind"), transaction.atomic():
        ClockMove.objects.create(shows_at=NOW - HOUR, real_at=NOW)
