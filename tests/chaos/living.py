"""Real processes around a test, and patience with them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from config import supervisor
from config.supervisor import Processes
from tests.proofs import so_many

# Seconds. How long anything may take says a benchmark, not a test beside two others on two slow cores.
PATIENCE = float(os.environ.get("PATIENCE", "300"))
# Of a worker, each of which takes seconds of a processor until it can work.
CHILDREN = so_many(2, in_the_suite=1)


@contextmanager
def stack(names: list[str], environment: dict[str, str], *, chunk: int = 50) -> Iterator[Processes]:
    """The named processes on the test's database; runs are cut into chunks of so many claims."""
    own = {"WORKER_CONCURRENCY": str(CHILDREN), **environment, "CLAIMS_CHUNK_SIZE": str(chunk)}
    with supervisor.running(names, stack=environment["CLAIMS_STACK"], environment=own, embedded_servers=False) as processes:
        processes.wait_until_ready(timeout=PATIENCE)
        yield processes


def eventually(true: Callable[[], bool], *, every: float = 0.05) -> float:
    """How long it took. Fails after PATIENCE."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < PATIENCE, f"not within {PATIENCE} s"
        time.sleep(every)
    return time.monotonic() - started
