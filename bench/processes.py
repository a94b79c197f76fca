"""Fresh processes for the contestants. Nothing of Django is imported before it is set up in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
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


def memory_of(work: str, *arguments: Any) -> int:
    """The most MB that a fresh process had, which did this work: `work` as above, with 0 before its arguments."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(work, arguments, theirs))
    process.start()
    theirs.close()  # so that a process that fails is noticed
    most = int(ours.recv())
    process.join()
    return most


def processor_seconds(pid: int) -> float:
    """Of a process and of its children, also of those that have ended."""
    try:
        told = _stat(pid)
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:  # it has just ended
        return 0.0
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK") + sum(map(processor_seconds, children))


def parent_of(pid: int) -> int:
    return int(_stat(pid)[1])


def _stat(pid: int) -> list[str]:
    """As proc(5) has it, from the state on: a name may have spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _measured(work: str, arguments: tuple[Any, ...], told: Connection) -> None:
    _found(work)(0, *arguments)
    # Not ru_maxrss: it goes on through exec, so that a child begins with the most that its parent had.
    told.send(int(re.findall(r"VmHWM:\s*([0-9]+) kB", Path("/proc/self/status").read_text())[0]) // 1024)


def _found(work: str) -> Callable[..., None]:
    import_module("django").setup()
    module, _, function = work.partition(":")
    found: Callable[..., None] = getattr(import_module(module), function)
    return found


def _enter(work: str, barrier: Barrier, index: int, arguments: tuple[Any, ...]) -> None:
    contestant = _found(work)
    barrier.wait(START_SECONDS)
    barrier.wait(LONGEST_SECONDS)
    contestant(index, *arguments)
