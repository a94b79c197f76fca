"""A run is worked off, chunk by chunk. The only operations that open their own transactions."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import polars as pl
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from claims.eligibility import EngineRefusal, assess_apart
from claims.facts import (
    TermsOutdated,
    integers,
    load_batch,
    raw_cursor,
    rule_ids,
    terms_of,
    write_assessments,
    write_lines,
)
from claims.models import MOST_ATTEMPTS, AssessmentRun, ChunkState, Event, RunChunk, RunState
from claims.operations.settlement import settlement_is_due, standings_are_due

log = logging.getLogger(__name__)

# The same input fails the same way again, so trying again would be waste.
DETERMINISTIC = (EngineRefusal, DataError, IntegrityError, pl.exceptions.PolarsError, ArithmeticError)


def assess_next_chunk(*, run_id: int, worker: str, now: datetime) -> bool:
    """Assess one free chunk of the run; False when none is free. Call it outside any transaction.

    A worker that dies rolls back: its chunk is free at once, only the attempt stays counted.
    A chunk that fails is tried again, or split in two when trying again is no use, down to
    the one claim that fails; that one is quarantined and the others are done.
    """
    chunk = _count_attempt(run_id, worker)
    if chunk is None:
        return False
    if chunk.attempts > MOST_ATTEMPTS:
        _split(chunk.pk, chunk.last_error or f"{MOST_ATTEMPTS} attempts ended without a word", now)
        return True
    try:
        with transaction.atomic():
            _assess_chunk(chunk.pk, worker, now)
    except (OperationalError, TermsOutdated, MemoryError):
        raise  # not the chunk's fault; the sweep comes back to it
    except Exception as error:
        log.warning("chunk %s of run %s failed: %r", chunk.number, run_id, error)
        if isinstance(error, DETERMINISTIC) or chunk.attempts >= MOST_ATTEMPTS:
            _split(chunk.pk, repr(error), now)
        else:
            RunChunk.objects.filter(pk=chunk.pk, state=ChunkState.TODO).update(last_error=repr(error)[:2000])
    return True


def finish_run(*, run_id: int, now: datetime) -> bool:
    """Close the run when no chunk is left; True if this call did.

    The run is locked first: of two workers that each finish a last chunk, the second one waits and sees both done.
    """
    run = AssessmentRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        return False  # a message may name any run
    if run.state != RunState.OPEN or run.chunks.filter(state=ChunkState.TODO).exists():
        return False
    run.state, run.finished_at = RunState.DONE, now
    run.save(update_fields=["state", "finished_at"])
    Event.objects.create(at=now, kind="run_done", data={"run": run.pk})
    return True


def _count_attempt(run_id: int, worker: str) -> RunChunk | None:
    """Choose a free chunk, least tried first, and count the attempt in a transaction of its own.

    Were it counted in the one that does the work, a crash would roll the count back with it.
    A chunk chosen less than a fifth of a second ago is left to who chose it and is about to lock it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """WITH free AS (
                   SELECT c.id FROM claims_runchunk c
                    WHERE c.run_id = %s AND c.state = 'todo'
                      AND EXISTS (SELECT 1 FROM claims_assessmentrun r WHERE r.id = c.run_id AND r.state = 'open')
                      AND (c.attempted_at IS NULL OR c.attempted_at < clock_timestamp() - interval '200 milliseconds')
                    ORDER BY c.attempts, c.number LIMIT 1 FOR UPDATE OF c SKIP LOCKED
               )
               UPDATE claims_runchunk c SET attempts = attempts + 1, attempted_at = clock_timestamp(), worker = %s
                 FROM free WHERE c.id = free.id RETURNING c.id""",
            [run_id, worker],
        )
        row = cursor.fetchone()
    return None if row is None else RunChunk.objects.get(pk=row[0])


def _assess_chunk(chunk_id: int, worker: str, now: datetime) -> None:
    """All of a chunk in one transaction: its due rows go, its assessments come, it is done."""
    chunk = _lock_todo(chunk_id, skip_locked=True)
    if chunk is None:
        return  # somebody else has it or has done it
    run = chunk.run
    terms = terms_of(run.terms)
    with raw_cursor() as cursor:
        claim_ids = _answer_due(cursor, chunk)
        loaded = load_batch(cursor, claim_ids, terms)
        assessed = assess_apart(loaded.batch, terms)
        written = write_assessments(cursor, loaded.revisions, run_id=run.pk, chunk_id=chunk.pk, assessed_at=now)
        write_lines(cursor, assessed, written, rule_ids(terms))
    chunk.state, chunk.done_at, chunk.worker = ChunkState.DONE, now, worker
    chunk.claims, chunk.lines, chunk.last_error = written.height, assessed.rows.height, ""
    chunk.save(update_fields=["state", "done_at", "worker", "claims", "lines", "last_error"])
    settlement_is_due(chunk.pk, now=now)
    data = {"run": run.pk, "chunk": chunk.number, "claims": written.height, "lines": assessed.rows.height, "worker": worker}
    Event.objects.create(at=now, kind="chunk_assessed", data=data)


def _lock_todo(chunk_id: int, *, skip_locked: bool) -> RunChunk | None:
    chunks = RunChunk.objects.filter(pk=chunk_id, state=ChunkState.TODO).select_related("run__terms", "run__incident")
    return chunks.select_for_update(skip_locked=skip_locked, of=("self",)).first()


def _answer_due(cursor: Any, chunk: RunChunk) -> list[int]:
    """Delete the chunk's due rows; returns the claims they were of.

    This comes before the claims are read: a revision that is added in between is either read
    as well or keeps its due row, which this statement did not see, for the next run.
    """
    cursor.execute(
        """WITH gone AS (
               DELETE FROM claims_reassessmentdue
                WHERE claim_id BETWEEN %s AND %s AND incident_id = %s AND id > %s AND id <= %s
               RETURNING claim_id
           )
           SELECT count(*), string_agg(int8send(claim_id), '' ORDER BY claim_id)
             FROM (SELECT DISTINCT claim_id FROM gone) AS answered""",
        [
            chunk.first_claim_id,
            chunk.last_claim_id,
            chunk.run.incident_id,
            chunk.run.due_after,
            chunk.run.due_horizon,
        ],
    )
    count, buffer = cursor.fetchone()
    return integers(buffer, count).to_list()


def _split(chunk_id: int, error: str, now: datetime) -> None:
    """Two halves instead of a chunk that fails; a single claim is quarantined, visibly."""
    with transaction.atomic():
        chunk = _lock_todo(chunk_id, skip_locked=False)
        if chunk is None:
            return  # done or split by another worker meanwhile
        claims = _due_claims(chunk)
        chunk.last_error = error[:2000]
        if len(claims) > 1:
            _halve(chunk, claims)
        elif claims:
            _quarantine(chunk, claims[0], now)
        else:
            chunk.state, chunk.done_at, chunk.claims = ChunkState.DONE, now, 0
        chunk.save(update_fields=["state", "done_at", "claims", "last_error", "first_claim_id", "last_claim_id"])


def _due_claims(chunk: RunChunk) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT claim_id FROM claims_reassessmentdue
                WHERE claim_id BETWEEN %s AND %s AND incident_id = %s AND id > %s AND id <= %s ORDER BY claim_id""",
            [
                chunk.first_claim_id,
                chunk.last_claim_id,
                chunk.run.incident_id,
                chunk.run.due_after,
                chunk.run.due_horizon,
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _halve(chunk: RunChunk, claims: list[int]) -> None:
    last = chunk.run.chunks.order_by("-number").values_list("number", flat=True)[0]
    half = len(claims) // 2
    RunChunk.objects.bulk_create(
        RunChunk(run=chunk.run, number=last + place, first_claim_id=part[0], last_claim_id=part[-1], claims=len(part))
        for place, part in enumerate((claims[:half], claims[half:]), start=1)
    )
    chunk.state = ChunkState.SPLIT


def _quarantine(chunk: RunChunk, claim_id: int, now: datetime) -> None:
    """The claim leaves the queue: only something new about it, or new terms, puts it back. What it has until then is paid."""
    chunk.first_claim_id = chunk.last_claim_id = claim_id  # first: only its own due rows go
    with raw_cursor() as cursor:
        _answer_due(cursor, chunk)
    standings_are_due([claim_id], now=now)
    chunk.state, chunk.done_at, chunk.claims = ChunkState.QUARANTINED, now, 1
    data = {"run": chunk.run_id, "chunk": chunk.number, "attempts": chunk.attempts}
    Event.objects.create(at=now, kind="claim_quarantined", claim_id=claim_id, data=data)
