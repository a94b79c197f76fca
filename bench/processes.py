"""Fresh processes for the contestants. Nothing of Django is imported before it is set up in them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any

PROCESSES = 2
START_SECONDS = 60
LONGEST_SECONDS = 1800


def side_by_side(work: str, *arguments: Any, prepare: Callable[[], None] | None = None) -> float:
    """Seconds that `prepare` here and `work` ("module:function") in PROCESSES processes take; their start is left out."""
    context = get_context("spawn")
    barrier = context.Barrier(PROCESSES + 1)
    workers = [context.Process(target=_enter, args=(work, barrier, i, arguments)) for i in range(PROCESSES)]
    for worker in workers:
        worker.start()
    barrier.wait(START_SECONDS)
    started = perf_counter()
    if prepare is not None:
        prepare()
    barrier.wait(LONGEST_SECONDS)
    for worker in workers:
        worker.join()
    seconds = perf_counter() - started
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a process of the benchmark failed; see above")
    return seconds


def _enter(work: str, barrier: Barrier, index: int, arguments: tuple[Any, ...]) -> None:
    import_module("django").setup()
    module, _, function = work.partition(":")
    contestant = getattr(import_module(module), function)
    barrier.wait(START_SECONDS)
    barrier.wait(LONGEST_SECONDS)
    contestant(index, *arguments)
