"""Celery does the work, and goes on doing it whatever is killed. Real workers, dispatcher, beat and broker."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone, translation

from bench.population import DUE, populate
from claims.models import Assessment, AssessmentRun, Claim, ReassessmentDue, RunState
from claims.operations import plan_runs
from claims.queries import claim_state
from config.supervisor import BASE_DIR
from tests.chaos.living import CHILDREN, eventually, stack
from tests.proofs import so_many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

CLAIMS = so_many(1_500, in_the_suite=750)


def make_claims_due(settings: object) -> None:
    settings.CLAIMS_CHUNK_SIZE = 50  # type: ignore[attr-defined]
    populate(claims=CLAIMS, losses=2 * CLAIMS)
    with connection.cursor() as cursor:
        cursor.execute(DUE)


def all_assessed() -> bool:
    return not ReassessmentDue.objects.exists() and not AssessmentRun.objects.exclude(state=RunState.DONE).exists()


def test_without_workers_a_run_stays_at_nothing_and_a_killed_one_delays_it_by_seconds(
    process_environment: dict[str, str], settings: object
) -> None:
    make_claims_due(settings)
    with stack(["dispatcher", "beat"], process_environment) as processes:
        with transaction.atomic():
            plan_runs(now=timezone.now())
        time.sleep(3)
        state = claim_state(Claim.objects.order_by("pk")[0])
        assert state.progress is not None
        assert (state.progress.assessed, state.progress.total) == (0, CLAIMS)
        with translation.override("en"):
            assert state.sentence == f"Waiting to be assessed (0 of {CLAIMS} assessed in this run)"
        processes.start("worker")
        eventually(Assessment.objects.exists)
        processes.kill("worker")
        redis.Redis.from_url(process_environment["BROKER_URL"]).flushdb()
        assert 0 < Assessment.objects.count() < CLAIMS, "the kill must come in the middle"
        eventually(all_assessed)  # the supervisor starts it again; nobody else does anything
    names = set(Assessment.objects.values_list("chunk__worker", flat=True).distinct())
    assert names
    for name in names:
        assert str(os.getpid()) not in name
        assert "worker@" in name
    assert claim_state(Claim.objects.order_by("pk")[0]).state == "assessed"
    runs = set(Assessment.objects.values_list("run", flat=True))
    assert len(runs) == 1
    assert Assessment.objects.count() == CLAIMS
    assert Assessment.objects.values("claim").distinct().count() == CLAIMS


PARENT = """
import sys
import config
import django
django.setup()
import polars as pl
pl.LazyFrame({"a": [1, 2] * 1000}).group_by("a").len().collect()  # as an assessment in the parent does
from config.celery import app
app.worker_main(["worker", "-n", "parent@test", "-c", sys.argv[1], "--loglevel", "INFO"])
"""


def test_a_parent_that_has_assessed_starts_children_that_can(process_environment: dict[str, str], settings: object) -> None:
    """A forked child of such a parent hangs for ever: try it with worker_pool_start_method="fork"."""
    make_claims_due(settings)
    environment = {**os.environ, **process_environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with stack(["dispatcher", "beat"], process_environment):
        worker = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(CHILDREN)], cwd=BASE_DIR, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            eventually(lambda: AssessmentRun.objects.exists() and all_assessed())
        finally:
            worker.terminate()
            worker.wait(40)
    assert Assessment.objects.count() == CLAIMS
