"""The rows that a claim's revision consists of, beside its losses and facts, in one statement. Expects a transaction."""

from __future__ import annotations

import json
from typing import Any

from claims import hints
from claims.models import ClaimRevision, DueCause
from services.prepared import prepared_cursor


def write_revision(revision: ClaimRevision, *, losses: int, facts: int) -> None:
    """The revision, its event, that the claim has to be assessed and its usage to be looked at again, and a hint; with `losses`
    (new ones, or such as count otherwise now) also that reports have to be counted again. Sets the revision's `pk`.
    """
    claim = revision.claim
    kind = "claim_opened" if revision.number == 1 else "claim_revised"
    data = {"revision": revision.number, "cause": revision.cause, "losses": losses, "facts": facts}
    columns: dict[str, Any] = {
        "claim": claim.pk, "incident": claim.incident_id, "number": revision.number, "cause": revision.cause,
        "asks_for": revision.asks_for, "author": revision.author_id, "now": revision.created_at, "kind": kind,
        "data": json.dumps(data), "due": DueCause.REVISION.value, "task": hints.PLAN_RUNS, "channel": hints.CHANNEL,
        "losses": losses,
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(WRITE, columns)
        revision.pk = cursor.fetchone()[0]


WRITE = """
WITH revision AS (
    INSERT INTO claims_claimrevision (claim_id, number, cause, asks_for, created_at, author_id)
    VALUES (%(claim)s, %(number)s, %(cause)s, %(asks_for)s, %(now)s, %(author)s) RETURNING id
), assess AS (
    INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
    VALUES (%(claim)s, %(incident)s, %(due)s, %(now)s)
), derive AS (
    INSERT INTO claims_derivationdue (incident_id, claim_id, attempts, last_error, created_at)
    VALUES (%(incident)s, %(claim)s, 0, '', %(now)s)
), count AS (
    INSERT INTO claims_countdue (incident_id, created_at) SELECT %(incident)s, %(now)s WHERE %(losses)s > 0
), event AS (
    INSERT INTO claims_event (at, kind, actor_id, claim_id, data)
    VALUES (%(now)s, %(kind)s, %(author)s, %(claim)s, %(data)s::jsonb)
), hint AS (
    INSERT INTO claims_hint (task, created_at) VALUES (%(task)s, %(now)s)
)
SELECT id, pg_notify(%(channel)s, '') FROM revision"""
