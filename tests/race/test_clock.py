"""A sandbox's clock that is moved, or begun, twice at once: no move is lost, and it begins once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.models import ClockMove
from services.operations import begin_clock, move_clock
from tests.builders import NOW
from tests.race.together import one_before_the_other

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_moves_at_once_each_counts():
    begin_clock(now=NOW)
    one_before_the_other(move_clock, move_clock, seconds=3600, moved_by="x", now=NOW)
    assert [one.shows_at - NOW for one in ClockMove.objects.order_by("pk")] == [timedelta(hours=hours) for hours in (0, 1, 2)]


def test_it_is_begun_once():
    one_before_the_other(begin_clock, begin_clock, now=NOW)
    assert ClockMove.objects.count() == 1
