"""A bulk approval whose workers are killed decides each claim once. `BULK_CLAIMS=10000` for the size of a real one."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
import redis
from django.db import transaction
from django.db.models import Count, Sum

from claims.models import BulkItem, BulkRun, ClaimStatus, Decision, Event, LetterDue, Payout
from claims.operations import begin_bulk, draft_bulk
from config.supervisor import Processes
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.chaos.living import PATIENCE, eventually, stack
from tests.proofs import so_many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600 + 2 * PATIENCE)]

CLAIMS = int(os.environ.get("BULK_CLAIMS", "0")) or so_many(80, in_the_suite=40)


def kill_when(true: Callable[[], bool], processes: Processes, broker: str) -> None:
    """SIGKILL to the workers, and what waits at the broker is lost."""
    eventually(true, every=0.01)
    processes.kill("worker")
    redis.Redis.from_url(broker).flushdb()


def test_a_bulk_approval_whose_workers_are_killed_decides_each_claim_once(process_environment: dict[str, str]) -> None:
    incident = outage()
    a_policy(automatic="{}")
    claims = [claim_of(a_person(), incident, told()).pk for _ in range(CLAIMS)]
    work_off()
    follow_up()
    authority("caseworker", per_decision=5_000, per_day=5_000 * CLAIMS)
    worker = a_user("caseworker")
    with transaction.atomic():
        run = draft_bulk(what="approve", claim_ids=claims, made_by=worker, now=NOW)
        begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    environment = {**process_environment, "CLAIMS_BULK_SLICE": str(max(CLAIMS // 60, 2))}
    with stack(["worker", "dispatcher", "beat"], environment) as processes:
        for share in (4, 2) if CLAIMS > 40 else (3,):
            kill_when(lambda share=share: Decision.objects.count() >= CLAIMS // share, processes, environment["BROKER_URL"])  # type: ignore[misc]
            assert BulkItem.objects.filter(state="todo").exists(), "the kill must come in the middle"
        eventually(lambda: BulkRun.objects.get().state == "done")
        eventually(lambda: not LetterDue.objects.exists())
    assert set(BulkItem.objects.values_list("state", flat=True)) == {"done"}
    assert Decision.objects.count() == Decision.objects.aggregate(claims=Count("claim", distinct=True))["claims"] == CLAIMS
    assert Payout.objects.aggregate(paid=Sum("quantity"))["paid"] == 3250 * CLAIMS
    assert ClaimStatus.objects.filter(review="closed", decision="approved", payment="due").count() == CLAIMS
    assert Event.objects.filter(kind="claim_approved").count() == CLAIMS
    assert Event.objects.get(kind="bulk_done").data == {"bulk_run": run.pk, "done": CLAIMS, "refused": 0}
