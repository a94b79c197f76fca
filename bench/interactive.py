"""What one person waits for: `assess` of one claim in a warm process."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from time import perf_counter

from django.db import connection

from claims.demonstration.loading import INCIDENT
from claims.eligibility import Batch, assess
from claims.facts import load_batch, raw_cursor
from claims.operations.policy import compile_terms_now
from services.models import Incident

CLAIMS = 200  # different ones, each assessed five times


@dataclass(frozen=True)
class Waited:
    """Milliseconds per call of the engine, without the database, and how many policies were in force."""

    p50: float
    p99: float
    policies: int


def one_by_one() -> Waited:
    """Assess claims of the benchmark's population, each in a batch of one."""
    compiled = compile_terms_now(Incident.objects.get(key=INCIDENT))
    assert compiled is not None
    terms = compiled.terms
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM claims_claim ORDER BY id LIMIT %s", [CLAIMS])
        ids = [row[0] for row in cursor.fetchall()]
    with raw_cursor() as cursor:
        batches = [load_batch(cursor, [claim], terms).batch for claim in ids]
    for batch in batches:  # warm
        assess(batch, terms)
    taken = []
    for batch in batches * 5:
        start = perf_counter()
        assess(Batch(batch.claims, batch.losses, batch.facts), terms)  # one as new: it keeps what it has turned once
        taken.append((perf_counter() - start) * 1000)
    ranks = statistics.quantiles(taken, n=100)
    return Waited(ranks[49], ranks[98], len(terms.packs))
