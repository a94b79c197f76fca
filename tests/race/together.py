"""Two threads, each with a database connection of its own, at the same line at the same time.

What each race is lost without stands in `removals.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections, transaction

PATIENCE = 20  # seconds; a test that waits longer has met a deadlock


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run all at once, each from the same moment; returns their results in order. An exception is raised here."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, call) for call in calls]]


class Step:
    """A point where one thread waits for the other: `wait` returns after `reach`."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def reach(self) -> None:
        self._event.set()

    def reached(self) -> bool:
        return self._event.is_set()

    def wait(self) -> None:
        assert self._event.wait(PATIENCE), "the other thread never got here"


BLOCKED = """SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"""  # others race in theirs


def until_blocked(*, unless: Step | None = None) -> None:
    """Until a session waits for a lock, or half a second: without the lock there is nothing to wait for.

    With `unless` it waits as long as the other needs to get there: for a lock that is refused instead of waited for.
    """
    deadline = time.monotonic() + (0.5 if unless is None else PATIENCE)
    with connection.cursor() as cursor:
        while time.monotonic() < deadline and not (unless and unless.reached()):
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)


def in_transaction(call: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    def run() -> Any:
        with transaction.atomic():
            return call(**arguments)

    return run


def one_before_the_other(first: Callable[..., Any], second: Callable[..., Any], **arguments: Any) -> list[Any]:
    """The second begins when the first has done its work and not committed it, and the first commits when the second waits."""
    worked = Step()

    def early() -> Any:
        with transaction.atomic():
            result = first(**arguments)
            worked.reach()
            until_blocked()
        return result

    def late() -> Any:
        worked.wait()
        with transaction.atomic():
            return second(**arguments)

    return together(early, late)
