"""Thin Celery tasks: a name and one call. Each is harmless when it comes twice, late, or not at all."""

from __future__ import annotations

import os
from time import monotonic
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from claims import hints, operations

SLICE_SECONDS = 3  # far below the broker's visibility timeout, so that no slice is given to a second worker


@shared_task(name=hints.PLAN_RUNS)
def plan_runs() -> None:
    """Derive for a few seconds, then plan: what usage attests is there before it is assessed."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        more = operations.derive_next(now=timezone.now())
    with transaction.atomic(durable=True):
        if more:
            hints.write_hint(hints.PLAN_RUNS, now=timezone.now())
        operations.plan_runs(now=timezone.now())


@shared_task(name=hints.WORK_ON_RUN, bind=True)
def work_on_run(self: Any, run_id: int) -> None:
    """Work off chunks for a few seconds, then ask to be called again; at the end look for more to plan."""
    deadline = monotonic() + SLICE_SECONDS
    worker = _name(self)
    more = True
    while more and monotonic() < deadline:
        more = operations.assess_next_chunk(run_id=run_id, worker=worker, now=timezone.now())
    with transaction.atomic(durable=True):
        operations.beat(worker=worker, now=timezone.now())
        if more:
            hints.write_hint(hints.WORK_ON_RUN, run_id, now=timezone.now())
        else:
            operations.finish_run(run_id=run_id, now=timezone.now())
    if not more:
        plan_runs()


@shared_task(name=hints.SWEEP, bind=True)
def sweep(self: Any) -> None:
    """Find from the tables whatever was missed, each step in a transaction of its own: a long one holds up no other."""
    with transaction.atomic(durable=True):
        operations.chase_versions(now=timezone.now())
    plan_runs()
    with transaction.atomic(durable=True):
        operations.sweep(worker=_name(self), now=timezone.now())


def _name(task: Any) -> str:
    """Which process this is, as chunks and beats name it: host and process id."""
    return f"{task.request.hostname or 'local'}:{os.getpid()}"
