"""Wake-up hints: a row written with the change, sent to the broker by the dispatcher.

Nothing here talks to the broker, so a request never waits for one. Task names are here
rather than in `tasks.py`, so that an operation can name a task without importing Celery.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from claims.models import Hint

PLAN_RUNS = "claims.plan_runs"
WORK_ON_RUN = "claims.work_on_run"
SWEEP = "claims.sweep"
FOLLOW_UP = "claims.follow_up"
COMPARE = "claims.compare"
WORK_ON_BULK = "claims.work_on_bulk"
WORK_ON_IMPORT = "claims.work_on_import"
CHECK_CHAIN = "claims.check_chain"
SEND_MAIL = "claims.send_mail"
TIDY = "claims.tidy"
DELIVER_WEBHOOKS = "claims.deliver_webhooks"

CHANNEL = "claims_hints"  # of LISTEN and NOTIFY


def write_hint(task: str, ref_id: int | None = None, *, now: datetime) -> None:
    """In the caller's transaction: the hint exists if and only if the change does. NOTIFY too waits for the commit."""
    Hint.objects.create(task=task, ref_id=ref_id, created_at=now)
    notify()


def notify() -> None:
    """Wake the dispatcher; several in one transaction arrive as one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
