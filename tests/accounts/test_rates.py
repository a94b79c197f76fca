"""Requests are counted without waiting for the disk, and nothing else is written like that."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from accounts.models import RequestCount
from accounts.rates import COUNT_ALONE, count_request


def waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_only_the_count_itself_does_not_wait():
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")  # which the servers of tests do without
    assert [count_request("a", 5).left for _ in range(2)] == [4, 3]
    assert waits() == "on"
    with transaction.atomic():
        assert count_request("a", 5).left == 2
        assert waits() == "on", "what else is written with it is not to be lost"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNT_ALONE, ["a"])
        assert waits() == "off"
    assert RequestCount.objects.get().requests == 4
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
