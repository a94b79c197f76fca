"""What was counted: no longer than it counts."""

from __future__ import annotations

import pytest

from accounts.models import RequestCount
from accounts.rates import count_request, forget_counts
from claims.tasks import tidy

pytestmark = pytest.mark.django_db


def test_what_was_counted_in_minutes_gone_is_forgotten():
    count_request("gone", 1)
    RequestCount.objects.update(minute=1)
    RequestCount.objects.create(caller="later", minute=2**40, requests=1)
    tidy()
    assert list(RequestCount.objects.values_list("caller", flat=True)) == ["later"]
    assert forget_counts() == 0
