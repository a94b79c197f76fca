"""Claims are compared under other terms: a draft's, before anybody signs, and every night those in force.

The first shows who would gain and lose, the second finds what was missed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from claims import hints
from claims.eligibility import Terms, assess_apart
from claims.facts import load_batch, raw_cursor
from claims.models import (
    MOST_ATTEMPTS,
    Assessment,
    ChunkState,
    Claim,
    Comparison,
    ComparisonChunk,
    ComparisonDifference,
    ComparisonOf,
    ComparisonState,
    DraftRevision,
    DueCause,
    Event,
    ReassessmentDue,
    RunChunk,
    SettlementDue,
    TermsInForce,
)
from claims.models.owing import OWED_IN_COLUMNS, UNDECIDED_IN_COLUMNS
from claims.operations.assessment import DETERMINISTIC
from claims.operations.locks import see_one_instant
from claims.operations.policy import compile_terms_now
from claims.operations.settlement import unsettled_chunks
from claims.operations.work import chunk_size
from services.instants import check_instant
from services.models import Incident, RecordDraft

log = logging.getLogger(__name__)

# A line as it is compared; two assessments that agree in all of it say the same.
LINE: dict[str, Any] = {
    "claim": pl.Int64, "policy": pl.String, "rule": pl.String, "loss": pl.Int64, "outcome": pl.String, "reasons": pl.String,
    "remedy": pl.String, "unit": pl.String, "currency": pl.String, "quantity": pl.Int64, "counted_seconds": pl.Int64,
}  # fmt: skip
OWED = ("claim", "policy", "rule", "remedy", "unit", "currency")


def store_comparison(
    *,
    incident: Incident,
    of: ComparisonOf,
    terms: Terms,
    claim_ids: Sequence[int] | None,
    now: datetime,
    against: Terms | None = None,
    begun_by: User | None = None,
    record_draft: RecordDraft | None = None,
    revision: DraftRevision | None = None,
) -> Comparison:
    """A comparison with its chunks, and the call that begins it; an open one of the same draft ends.

    `claim_ids` None: all claims of the incident.
    """
    _supersede(incident, of, record_draft, revision, now)
    parts = _parts_of_all(incident) if claim_ids is None else _parts(sorted(claim_ids))
    total = sum(part[3] for part in parts)
    comparison = Comparison.objects.create(
        incident=incident, of=of, record_draft=record_draft, revision=revision, terms_hash=terms.content_hash,
        document=terms.document(), total=total, begun_by=begun_by, begun_at=now,
        against=against.content_hash if against else "",
    )  # fmt: skip
    ComparisonChunk.objects.bulk_create(
        ComparisonChunk(
            comparison=comparison, number=number, first_claim_id=first, last_claim_id=last, claim_ids=ids, claims=count
        )
        for number, (first, last, ids, count) in enumerate(parts, start=1)
    )
    if parts:
        hints.write_hint(hints.COMPARE, now=now)
    else:
        _close(comparison, ComparisonState.DONE, now)
    return comparison


def _supersede(
    incident: Incident, of: ComparisonOf, record_draft: RecordDraft | None, revision: DraftRevision | None, now: datetime
) -> None:
    about = {"incident": incident, "of": of, "record_draft": record_draft}
    if revision is not None:
        about["revision__draft"] = revision.draft
    open_ones = Comparison.objects.filter(state=ComparisonState.OPEN, **about).order_by("pk")
    for earlier in open_ones.select_for_update(no_key=True, of=("self",)):
        _close(earlier, ComparisonState.SUPERSEDED, now)


Part = tuple[int, int, list[int] | None, int]  # first, last (inclusive), ids or all between, how many


def _parts(ids: Sequence[int]) -> list[Part]:
    size = chunk_size()
    slices = [list(ids[at : at + size]) for at in range(0, len(ids), size)]
    return [(part[0], part[-1], part, len(part)) for part in slices]


def _parts_of_all(incident: Incident) -> list[Part]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT min(id), max(id), NULL, count(*)
                 FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS part FROM claims_claim
                        WHERE incident_id = %s) numbered
                GROUP BY part ORDER BY part""",
            [chunk_size(), incident.pk],
        )
        return list(cursor.fetchall())


def compare_next_chunk(*, now: datetime) -> bool:
    """Compare the claims of one free chunk; False when none is. Call it outside any transaction.

    A worker that dies leaves its chunk free. One that fails is split, down to the claim that fails; that one is left out and
    named, and the others are compared.
    """
    now = check_instant(now, "now")
    chunk = _count_attempt()
    if chunk is None:
        return False
    if chunk.attempts > MOST_ATTEMPTS:  # it took its worker with it each time
        _split(chunk.pk, chunk.last_error or f"{MOST_ATTEMPTS} attempts ended without a word", now)
        return True
    try:
        with transaction.atomic():
            see_one_instant()  # claims, lines, payouts and what is due must be of one moment, or it alarms for nothing
            _compare(chunk.pk, now)
    except OperationalError as error:
        log.warning("comparison waits: %r", error)
        return False
    except Exception as error:
        log.exception("chunk %s of comparison %s failed", chunk.number, chunk.comparison_id)
        if isinstance(error, DETERMINISTIC) or chunk.attempts >= MOST_ATTEMPTS:
            _split(chunk.pk, repr(error), now)
        else:
            ComparisonChunk.objects.filter(pk=chunk.pk, state=ComparisonState.OPEN).update(last_error=repr(error)[:2000])
    return True


def _count_attempt() -> ComparisonChunk | None:
    """The attempt is counted in a transaction of its own, as that of a run's chunk is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """WITH free AS (
                   SELECT c.id FROM claims_comparisonchunk c JOIN claims_comparison x ON x.id = c.comparison_id
                    WHERE c.state = 'open' AND x.state = 'open'
                      AND (c.attempted_at IS NULL OR c.attempted_at < clock_timestamp() - interval '200 milliseconds')
                    ORDER BY c.attempts, c.comparison_id, c.number LIMIT 1 FOR UPDATE OF c SKIP LOCKED
               )
               UPDATE claims_comparisonchunk c SET attempts = attempts + 1, attempted_at = clock_timestamp()
                 FROM free WHERE c.id = free.id RETURNING c.id"""
        )
        row = cursor.fetchone()
    return None if row is None else ComparisonChunk.objects.get(pk=row[0])


def _compare(chunk_id: int, now: datetime) -> None:
    chunk = (
        ComparisonChunk.objects.filter(pk=chunk_id, state=ComparisonState.OPEN)
        .select_related("comparison__incident")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if chunk is None:
        return  # somebody else has it or has done it
    comparison = chunk.comparison
    in_force = comparison.of == ComparisonOf.IN_FORCE
    against = None if in_force else _against(comparison)
    if (in_force and not _still_in_force(comparison)) or (against and against.content_hash != comparison.against):
        _close(comparison, ComparisonState.SUPERSEDED, now)
        return
    terms = Terms.from_document(comparison.document)
    ids = _claims_of(chunk)
    found = _assessed(ids, terms)
    before = _stored(ids) if in_force else _assessed(ids, against)
    differences = _differences(before, found, whole=in_force)
    ComparisonDifference.objects.bulk_create(
        ComparisonDifference(comparison=comparison, claim_id=row.pop("claim"), **row) for row in differences.to_dicts()
    )
    if comparison.of == ComparisonOf.IN_FORCE:
        _raise_alarm(comparison, sorted(set(differences["claim"])), ids, now)
    chunk.state, chunk.done_at, chunk.claims, chunk.last_error = ComparisonState.DONE, now, len(ids), ""
    chunk.save(update_fields=["state", "done_at", "claims", "last_error"])


def _against(comparison: Comparison) -> Terms | None:
    """The record and the policies that are published now, whether or not they are in force yet; None without a record."""
    compiled = compile_terms_now(comparison.incident)
    return None if compiled is None else compiled.terms


def _assessed(claim_ids: Sequence[int], terms: Terms | None) -> pl.DataFrame:
    """Lines that the claims would have; none without terms."""
    if terms is None:
        return pl.DataFrame(schema=LINE)
    with raw_cursor() as cursor:
        loaded = load_batch(cursor, claim_ids, terms)
    return _found(assess_apart(loaded.batch, terms).lines(), terms)


def _still_in_force(comparison: Comparison) -> bool:
    in_force = TermsInForce.objects.filter(incident=comparison.incident_id).order_by("-pk").values_list("terms__content_hash")
    return bool(in_force[0][0] == comparison.terms_hash)


def finish_comparisons(*, now: datetime) -> int:
    """Close comparisons of which no chunk is left; how many."""
    open_ones = Comparison.objects.filter(state=ComparisonState.OPEN).order_by("pk").select_for_update(no_key=True)
    done = [one for one in open_ones if not one.chunks.filter(state=ComparisonState.OPEN).exists()]
    for comparison in done:
        _close(comparison, ComparisonState.DONE, now)
    return len(done)


def _close(comparison: Comparison, state: ComparisonState, now: datetime) -> None:
    comparison.state, comparison.finished_at = state, now
    comparison.save(update_fields=["state", "finished_at"])
    data = {"comparison": comparison.pk, "of": comparison.of, "claims": comparison.total, "state": str(state)}
    Event.objects.create(at=now, kind="comparison_done", actor=comparison.begun_by, data=data)


def _split(chunk_id: int, error: str, now: datetime) -> None:
    """Two halves instead of a chunk that fails; a single claim is left out, visibly."""
    with transaction.atomic():
        chunk = ComparisonChunk.objects.filter(pk=chunk_id, state=ComparisonState.OPEN)
        chunk_ = chunk.select_for_update(of=("self",)).select_related("comparison__incident").first()
        if chunk_ is None:
            return  # done or split by another worker meanwhile
        claims = _claims_of(chunk_)
        chunk_.state, chunk_.last_error, chunk_.done_at = ComparisonState.SUPERSEDED, error[:2000], now
        if len(claims) > 1:
            _halve(chunk_, claims)
        elif claims:
            chunk_.state, chunk_.claims = ComparisonState.FAILED, 1
            data = {"comparison": chunk_.comparison_id, "chunk": chunk_.number}
            Event.objects.create(at=now, kind="claim_not_compared", claim_id=claims[0], data=data)
            log.error("claim %s could not be compared: %s", claims[0], error[:200])
        chunk_.save(update_fields=["state", "last_error", "done_at", "claims"])


def _halve(chunk: ComparisonChunk, claims: Sequence[int]) -> None:
    last = chunk.comparison.chunks.order_by("-number").values_list("number", flat=True)[0]
    half = len(claims) // 2
    ComparisonChunk.objects.bulk_create(
        ComparisonChunk(
            comparison=chunk.comparison, number=last + place, first_claim_id=part[0], last_claim_id=part[-1],
            claim_ids=list(part), claims=len(part),
        )
        for place, part in enumerate((claims[:half], claims[half:]), start=1)
    )  # fmt: skip


def _claims_of(chunk: ComparisonChunk) -> list[int]:
    """The chunk's claims. Of a comparison with the terms in force those that wait to be assessed and those of which that
    failed are left out: they are not missed. One that was never assessed and does not wait is.
    """
    claims = Claim.objects.filter(incident=chunk.comparison.incident, pk__range=(chunk.first_claim_id, chunk.last_claim_id))
    if chunk.claim_ids is not None:
        claims = claims.filter(pk__in=chunk.claim_ids)
    if chunk.comparison.of == ComparisonOf.IN_FORCE:
        claims = claims.exclude(pk__in=ReassessmentDue.objects.values("claim")).exclude(_is_quarantined())
    return list(claims.order_by("pk").values_list("pk", flat=True))


def _is_quarantined() -> Exists:
    """Assessing the claim failed, and no newer run assessed it."""
    newer = Assessment.objects.filter(claim=OuterRef("first_claim_id"), run__gt=OuterRef("run"))
    return Exists(RunChunk.objects.filter(~Exists(newer), state=ChunkState.QUARANTINED, first_claim_id=OuterRef("pk")))


def _stored(claim_ids: Sequence[int]) -> pl.DataFrame:
    """Lines of the claims' current assessments."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.claim_id, p.code, r.code, e.loss_id, e.outcome, array_to_string(e.reasons, ' '), e.remedy, e.unit,
                      e.currency, e.quantity, e.counted_seconds
                 FROM unnest(%s::bigint[]) wanted(id)
                CROSS JOIN LATERAL (SELECT * FROM claims_assessment a WHERE a.claim_id = wanted.id
                                     ORDER BY a.run_id DESC LIMIT 1) a
                 JOIN claims_entitlementline e ON e.assessment_id = a.id
                 LEFT JOIN claims_policyrule r ON r.id = e.rule_id
                 LEFT JOIN claims_policyversion v ON v.id = r.version_id
                 LEFT JOIN claims_policy p ON p.id = v.policy_id""",
            [list(claim_ids)],
        )
        return pl.DataFrame(cursor.fetchall(), schema=LINE, orient="row")


def _found(lines: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Lines of the engine in the same shape."""
    codes = [(policy, rule) for policy, _, rule in terms.rules]
    named = pl.DataFrame(codes, schema={"policy": pl.String, "rule_code": pl.String}, orient="row").with_row_index("at")
    joined = lines.join(named.with_columns(pl.col("at").cast(lines.schema["rule"])), left_on="rule", right_on="at", how="left")
    return joined.select(
        "claim", "policy", pl.col("rule_code").alias("rule"), "loss", "outcome", pl.col("reasons").list.join(" "), "remedy",
        "unit", "currency", "quantity", "counted_seconds",
    ).cast(pl.Schema(LINE))  # fmt: skip


def _differences(stored: pl.DataFrame, found: pl.DataFrame, *, whole: bool) -> pl.DataFrame:
    """What is owed before and after, per claim, rule and remedy, where it differs; `whole`: also where only a line does."""
    owed = _owed(stored, "before").join(_owed(found, "after"), on=OWED, how="full", coalesce=True, nulls_equal=True)
    owed = owed.with_columns(pl.col("before", "after").fill_null(0)).filter(pl.col("before") != pl.col("after"))
    if whole:
        other = pl.concat([_counted(stored, found), _counted(found, stored)]).select("claim").unique()
        other = other.join(owed.select("claim"), on="claim", how="anti")
        empty = [pl.lit("").alias(name) for name in OWED[1:]]
        nothing = [pl.lit(0, dtype=pl.Int64).alias(name) for name in ("before", "after")]
        owed = pl.concat([owed.select(*OWED, "before", "after"), other.select("claim", *empty, *nothing)])
    filled = owed.with_columns(pl.col(*OWED[1:]).fill_null(""))
    undecided = found.filter(UNDECIDED_IN_COLUMNS).select("claim", "policy", "rule").unique().with_columns(undecided=True)
    marked = filled.join(undecided, on=["claim", "policy", "rule"], how="left").with_columns(
        undecided=pl.col("undecided").fill_null(value=False) & (pl.col("after") < pl.col("before"))
    )
    return marked.select(*OWED, "before", "after", "undecided").sort(OWED)


def _owed(lines: pl.DataFrame, name: str) -> pl.DataFrame:
    return lines.filter(OWED_IN_COLUMNS).group_by(OWED).agg(pl.col("quantity").sum().alias(name))


def _counted(lines: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Lines that the others do not have, as often as they are here."""
    names = list(LINE)
    mine, theirs = (frame.group_by(names).len() for frame in (lines, others))
    return mine.join(theirs, on=[*names, "len"], how="anti", nulls_equal=True)


# --- what a night finds -----------------------------------------------------------------------------


def _raise_alarm(comparison: Comparison, missed: list[int], looked_at: list[int], now: datetime) -> None:
    """Claims that should have been assessed again, or settled, and were not: said aloud, and put where they belong."""
    unsettled = unsettled_chunks(looked_at)
    if not missed and not unsettled:
        return
    log.error("comparison %s: %s claims were missed, %s chunks not settled", comparison.pk, len(missed), len(unsettled))
    data = {"comparison": comparison.pk, "count": len(missed), "claims": missed[:100], "unsettled_chunks": unsettled[:100]}
    Event.objects.create(at=now, kind="consequences_missed", data=data)
    ReassessmentDue.objects.bulk_create(
        ReassessmentDue(claim_id=claim, incident=comparison.incident, cause=DueCause.COMPARISON, created_at=now)
        for claim in missed
    )
    SettlementDue.objects.bulk_create(
        [SettlementDue(chunk_id=chunk, created_at=now) for chunk in unsettled], ignore_conflicts=True
    )
    hints.write_hint(hints.PLAN_RUNS, now=now)
