"""The rows that a claim's revision consists of, beside its facts. Expects a transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from claims import hints
from claims.models import ClaimRevision, DueCause, Loss, LossOrigin
from services.prepared import prepared_cursor


def write_revision(revision: ClaimRevision, *, losses: Sequence[Loss], turns: int, facts: int) -> None:
    """In one statement: the revision with the losses that were told in it, its event, that the claim has to be assessed and its
    usage to be looked at again, and a hint; with losses, or `turns` of others, also that reports have to be counted again. Sets
    `pk` of the revision and of each loss.
    """
    claim = revision.claim
    kind = "claim_opened" if revision.number == 1 else "claim_revised"
    data = {"revision": revision.number, "cause": revision.cause, "losses": len(losses) + turns, "facts": facts}
    columns: dict[str, Any] = {
        "claim": claim.pk, "incident": claim.incident_id, "number": revision.number, "cause": revision.cause,
        "asks_for": revision.asks_for, "author": revision.author_id, "now": revision.created_at, "kind": kind,
        "data": json.dumps(data), "due": DueCause.REVISION.value, "task": hints.PLAN_RUNS, "channel": hints.CHANNEL,
        "changed": len(losses) + turns, "services": [loss.service_id for loss in losses], "told": LossOrigin.TOLD.value,
        "starts": [loss.start_at for loss in losses], "ends": [loss.end_at for loss in losses],
        "kinds": [loss.kind for loss in losses],
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(WRITE, columns)
        revision.pk, ids, _ = cursor.fetchone()
    for loss, pk in zip(losses, ids, strict=True):
        loss.pk = pk


# Numbers are given in the order in which rows are inserted, so that the ids of losses stand as they do.
WRITE = """
WITH revision AS (
    INSERT INTO claims_claimrevision (claim_id, number, cause, asks_for, created_at, author_id)
    VALUES (%(claim)s, %(number)s, %(cause)s, %(asks_for)s, %(now)s, %(author)s) RETURNING id
), loss AS (
    INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin)
    SELECT %(claim)s, %(number)s, service, start_at, end_at, kind, %(told)s
      FROM unnest(%(services)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(kinds)s::text[])
           WITH ORDINALITY AS told(service, start_at, end_at, kind, place) ORDER BY place
    RETURNING id
), assess AS (
    INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
    VALUES (%(claim)s, %(incident)s, %(due)s, %(now)s)
), derive AS (
    INSERT INTO claims_derivationdue (incident_id, claim_id, attempts, last_error, created_at)
    VALUES (%(incident)s, %(claim)s, 0, '', %(now)s)
), count AS (
    INSERT INTO claims_countdue (incident_id, created_at) SELECT %(incident)s, %(now)s WHERE %(changed)s > 0
), event AS (
    INSERT INTO claims_event (at, kind, actor_id, claim_id, data)
    VALUES (%(now)s, %(kind)s, %(author)s, %(claim)s, %(data)s::jsonb)
), hint AS (
    INSERT INTO claims_hint (task, created_at) VALUES (%(task)s, %(now)s)
)
SELECT id, ARRAY(SELECT id FROM loss ORDER BY id), pg_notify(%(channel)s, '') FROM revision"""
