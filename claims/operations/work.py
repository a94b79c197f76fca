"""What is due becomes runs; new versions chase their consequences; the sweep finds what was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef

from claims import hints
from claims.eligibility import ChangedSpan, EngineRefusal, Terms, changed_spans, instant_of
from claims.facts import terms_of
from claims.models import (
    AssessmentRun,
    ChunkState,
    CompiledTerms,
    DueCause,
    Event,
    ReassessmentDue,
    RunChunk,
    RunState,
    TermsInForce,
    WorkerBeat,
)
from claims.models.intake import LENGTH_CLASS, LENGTHS, OPEN_LOSS
from claims.operations.checks import service_ids
from claims.operations.derivation import due_for_version
from claims.operations.locks import lock_incident, take_time, try_lock
from claims.operations.policy import compile_terms_now, outdated_incidents, remember_terms, store_terms
from services.instants import check_instant
from services.models import Incident, RecordVersion

CHASE_SECONDS = 600  # longest statement of a chase
IDLE_SECONDS = 5  # a run in which nothing moved for so long has lost its wake-up calls


def chunk_size() -> int:
    """At most so many claims per chunk: one or two seconds of work."""
    return int(settings.CLAIMS_CHUNK_SIZE)


def run_kicks() -> int:
    """How many workers a run is offered to at once."""
    return int(getattr(settings, "CLAIMS_RUN_KICKS", 2))


def plan_runs(*, now: datetime) -> list[AssessmentRun]:
    """Make runs of all due rows that no open run answers. Nothing due, nothing done.

    Any number of planners may run at once: each incident is planned under its lock.
    """
    now = check_instant(now, "now")
    take_time(CHASE_SECONDS)
    runs: list[AssessmentRun] = []
    waiting = Exists(ReassessmentDue.objects.filter(incident=OuterRef("pk")))  # a look at the index for each incident
    for incident in Incident.objects.filter(waiting).order_by("pk"):
        lock_incident(incident.pk, "plan")
        terms = _bring_up_to_date(incident, now)
        if terms is not None:
            runs += [run for gap in _gaps(incident) if (run := _plan(incident, terms, gap, now)) is not None]
    return runs


def chase_versions(*, now: datetime) -> int:
    """Make due what new versions of the record or of policies touch; returns the number of due rows.

    A version may touch millions, in statements of minutes; another process that chases meanwhile leaves it to this one.
    """
    now = check_instant(now, "now")
    if not try_lock("chase"):
        return 0
    take_time(CHASE_SECONDS)
    before = ReassessmentDue.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for incident in outdated_incidents():
        lock_incident(incident.pk, "plan")
        _bring_up_to_date(incident, now)
    return ReassessmentDue.objects.filter(pk__gt=before).exclude(cause=DueCause.REVISION).count()


# --- planning -----------------------------------------------------------------------------------

Gap = tuple[int, int]  # due rows with first < id <= second


def _gaps(incident: Incident) -> list[Gap]:
    """Spans of due rows that no open run answers."""
    open_runs = AssessmentRun.objects.filter(incident=incident, state=RunState.OPEN).order_by("due_after")
    gaps, reached = [], 0
    for due_after, due_horizon in open_runs.values_list("due_after", "due_horizon"):
        if due_after > reached:
            gaps.append((reached, due_after))
        reached = due_horizon
    newest = ReassessmentDue.objects.filter(incident=incident).order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None and newest > reached:
        gaps.append((reached, newest))
    return gaps


def _plan(incident: Incident, terms: CompiledTerms, gap: Gap, now: datetime) -> AssessmentRun | None:
    """One run over the claims that are due in the gap, cut into chunks in the order of their ids."""
    after, horizon = gap
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH due AS (
                   SELECT DISTINCT claim_id FROM claims_reassessmentdue WHERE incident_id = %s AND id > %s AND id <= %s
               ), numbered AS (
                   SELECT claim_id, (row_number() OVER (ORDER BY claim_id) - 1) / %s AS chunk FROM due
               )
               SELECT min(claim_id), max(claim_id), count(*) FROM numbered GROUP BY chunk ORDER BY chunk""",
            [incident.pk, after, horizon, chunk_size()],
        )
        chunks = cursor.fetchall()
    if not chunks:
        return None
    total = sum(count for _, _, count in chunks)
    run = AssessmentRun.objects.create(
        incident=incident, terms=terms, due_after=after, due_horizon=horizon, total=total, planned_at=now
    )
    RunChunk.objects.bulk_create(
        RunChunk(run=run, number=number, first_claim_id=first, last_claim_id=last, claims=count)
        for number, (first, last, count) in enumerate(chunks, start=1)
    )
    data = {"run": run.pk, "terms": terms.content_hash, "claims": total, "chunks": len(chunks)}
    Event.objects.create(at=now, kind="run_planned", data=data)
    _kick(run.pk, len(chunks), now)
    return run


def _kick(run_id: int, chunks: int, now: datetime) -> None:
    for _ in range(min(run_kicks(), chunks)):
        hints.write_hint(hints.WORK_ON_RUN, run_id, now=now)


# --- versions chase their consequences ----------------------------------------------------------


def _bring_up_to_date(incident: Incident, now: datetime) -> CompiledTerms | None:
    """The terms in force, with all consequences in the queue if they are new. The caller holds the incident's lock."""
    compiled = compile_terms_now(incident)
    if compiled is None:
        return None
    version, terms, made_of = compiled.version, compiled.terms, compiled.made_of
    newest = TermsInForce.objects.filter(incident=incident).order_by("-pk").select_related("terms__record_version").first()
    if newest is not None and newest.terms.content_hash == terms.content_hash:
        remember_terms(incident, made_of)
        return newest.terms
    stored = store_terms(incident=incident, version=version, terms=terms, now=now)
    due = 0
    if newest is None:
        due_for_version(incident=incident, since=None, now=now)
    else:
        _supersede_runs(incident, now)
        before = _terms_before(newest.terms)
        spans = [ChangedSpan(None)] if before is None else changed_spans(before, terms)
        cause = _cause(newest.terms, version)
        due = _insert_due(incident, spans, cause, now)
        if before is None or _derivation_reads(before) != _derivation_reads(terms):
            due_for_version(incident=incident, since=None, now=now)
        elif cause == DueCause.RECORD:
            due_for_version(incident=incident, since=newest.terms.record_version, now=now)
    TermsInForce.objects.create(incident=incident, terms=stored, since_at=now)
    remember_terms(incident, made_of)
    data = {"incident": incident.pk, "terms": stored.content_hash, "due": due}
    Event.objects.create(at=now, kind="terms_in_force", data=data)
    return stored


def _supersede_runs(incident: Incident, now: datetime) -> None:
    """Close open runs that have older terms: their unanswered due rows wait for a run with the new ones.

    Waits for chunks that are being computed; whoever they assessed is then seen by `_insert_due`.
    Otherwise a claim could be assessed with the old terms after we looked, and nobody would notice.
    """
    runs = AssessmentRun.objects.filter(incident=incident, state=RunState.OPEN)
    todo = RunChunk.objects.filter(run__in=runs, state=ChunkState.TODO).order_by("pk")
    # Again, because a chunk that somebody was splitting has left two new ones.
    while left := list(todo.select_for_update(of=("self",)).values_list("pk", flat=True)):
        RunChunk.objects.filter(pk__in=left).update(state=ChunkState.SUPERSEDED)
    for run in runs.order_by("pk").select_for_update():
        run.state, run.finished_at = RunState.SUPERSEDED, now
        run.save(update_fields=["state", "finished_at"])
        Event.objects.create(at=now, kind="run_superseded", data={"run": run.pk})


def _terms_before(stored: CompiledTerms) -> Terms | None:
    """None when this engine can no longer read what another one compiled: then everything is looked at again."""
    try:
        return terms_of(stored)
    except EngineRefusal as refusal:
        if refusal.code != "terms_differ":
            raise
        return None


def _derivation_reads(terms: Terms) -> tuple[Any, ...]:
    """What usage is derived with beside the windows: the service tree, and what policies want of subscriptions."""
    wanted = [spec.attested_by for pack in terms.packs for spec in pack.body.facts.values()]
    return terms.record.services, [by for by in wanted if by is not None]


def _cause(old: CompiledTerms, version: RecordVersion) -> str:
    return DueCause.POLICY if old.record_version_id == version.pk else DueCause.RECORD


def _insert_due(incident: Incident, spans: Sequence[ChangedSpan], cause: str, now: datetime) -> int:
    """Due rows for the claims with a loss in a changed span; one that is due and was never assessed needs no other.

    A span that names a rule is for the claims of whose current assessment this rule made a line.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED + INSERT_DUE, {**_span_columns(incident, spans), "cause": cause, "now": now})
        return int(cursor.rowcount)


def touched_claims(incident: Incident, spans: Sequence[ChangedSpan]) -> list[int]:
    """Claims that `_insert_due` would make due, in order; those that were never assessed among them."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED + SELECT_TOUCHED, _span_columns(incident, spans))
        return [row[0] for row in cursor.fetchall()]


def _span_columns(incident: Incident, spans: Sequence[ChangedSpan]) -> dict[str, Any]:
    services = service_ids()
    timed = [span for span in spans if span.service is not None]
    return {
        "services": [services[span.service] for span in timed if span.service is not None],
        "starts": ["-infinity" if s.start_at is None else instant_of(s.start_at).isoformat() for s in timed],
        "ends": ["infinity" if s.end_at is None else instant_of(s.end_at).isoformat() for s in timed],
        "policies": [None if span.rule is None else span.rule[0] for span in timed],
        "rules": [None if span.rule is None else span.rule[1] for span in timed],
        "classes": [*range(len(LENGTHS) + 1), OPEN_LOSS],
        "longest": [*LENGTHS, None, None],
        "open": OPEN_LOSS,
        "only_open": [span.only_open for span in timed],
        "any_whole": any(span.start_at is None and not span.only_open for span in timed),
        "everybody": any(span.service is None for span in spans),
        "incident": incident.pk,
    }


# OFFSET 0: each class, or claim, is looked up in the index. The planner cannot know how little that finds and would read all.
# Losses in a span of time are few, whosever they are; those of a whole service are read of the incident's claims alone.
TOUCHED = """
WITH span AS (
    SELECT *, start_at = '-infinity' AND end_at = 'infinity' AS whole
      FROM unnest(%(services)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
                  %(policies)s::text[], %(rules)s::text[], %(only_open)s::boolean[])
           AS s(service_id, start_at, end_at, policy, rule, only_open)
), length AS (
    SELECT * FROM unnest(%(classes)s::int[], %(longest)s::float8[]) AS k(class, longest)
), touched AS (
    SELECT l.claim_id, s.policy, s.rule
      FROM span s JOIN length k ON k.class = %(open)s OR NOT s.only_open
     CROSS JOIN LATERAL (
        SELECT l.claim_id
          FROM claims_loss l
         WHERE l.service_id = s.service_id AND LENGTH_CLASS = k.class
           AND l.start_at < s.end_at AND (l.end_at > s.start_at OR l.end_at IS NULL)
           AND l.start_at > CASE WHEN k.longest IS NULL OR s.start_at = '-infinity' THEN '-infinity'
                                 ELSE s.start_at - make_interval(secs => k.longest) END
        OFFSET 0
     ) l
     WHERE s.only_open OR NOT s.whole
     UNION
    SELECT c.id, s.policy, s.rule
      FROM claims_claim c CROSS JOIN LATERAL (SELECT service_id FROM claims_loss WHERE claim_id = c.id OFFSET 0) l
      JOIN span s ON s.service_id = l.service_id
     WHERE %(any_whole)s AND s.whole AND NOT s.only_open AND c.incident_id = %(incident)s
), answered AS (
    SELECT t.claim_id
      FROM touched t
     WHERE t.rule IS NULL
        OR EXISTS (SELECT 1
                     FROM claims_entitlementline e
                     JOIN claims_policyrule r ON r.id = e.rule_id AND r.code = t.rule
                     JOIN claims_policyversion v ON v.id = r.version_id
                     JOIN claims_policy p ON p.id = v.policy_id AND p.code = t.policy
                    WHERE e.assessment_id = (SELECT a.id FROM claims_assessment a WHERE a.claim_id = t.claim_id
                                              ORDER BY a.run_id DESC LIMIT 1))
     UNION
    SELECT id FROM claims_claim WHERE %(everybody)s AND incident_id = %(incident)s
)
""".replace("LENGTH_CLASS", LENGTH_CLASS % {"expressions": "l.end_at - l.start_at"})

SELECT_TOUCHED = """
SELECT c.id FROM answered t JOIN claims_claim c ON c.id = t.claim_id AND c.incident_id = %(incident)s ORDER BY c.id
"""

INSERT_DUE = """
INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
SELECT c.id, c.incident_id, %(cause)s, %(now)s
  FROM answered t JOIN claims_claim c ON c.id = t.claim_id AND c.incident_id = %(incident)s
 WHERE EXISTS (SELECT 1 FROM claims_assessment a WHERE a.claim_id = c.id)
    OR NOT EXISTS (SELECT 1 FROM claims_reassessmentdue d WHERE d.claim_id = c.id)
 ORDER BY c.id
"""


# --- the sweep ----------------------------------------------------------------------------------


def sweep(*, worker: str, now: datetime) -> bool:
    """Level-triggered: call workers to what nobody is called to. False when another sweep is under way."""
    now = check_instant(now, "now")
    if not try_lock("sweep"):
        return False
    for run_id, todo in _idle_runs(now):
        _kick(run_id, todo, now)
    hints.notify()  # whatever hints still wait
    beat(worker=worker, now=now)
    return True


def beat(*, worker: str, now: datetime) -> None:
    """This process is alive."""
    WorkerBeat.objects.update_or_create(name=worker, defaults={"seen_at": now})


def _idle_runs(now: datetime) -> list[tuple[int, int]]:
    """(run, chunks left) of open runs in which nothing moved for a while, and nobody is called. By the database's clock, or a
    sandbox's, which is ahead of it: some of these instants are of the one, some of the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r.id, count(c.id) FILTER (WHERE c.state = 'todo')
                 FROM claims_assessmentrun r JOIN claims_runchunk c ON c.run_id = r.id
                WHERE r.state = 'open' AND r.planned_at < greatest(clock_timestamp(), %(now)s) - make_interval(secs => %(idle)s)
                  AND NOT EXISTS (SELECT 1 FROM claims_hint h WHERE h.task = %(task)s AND h.ref_id = r.id)
                GROUP BY r.id
               HAVING coalesce(max(greatest(c.attempted_at, c.done_at)), '-infinity')
                      < greatest(clock_timestamp(), %(now)s) - make_interval(secs => %(idle)s)
                ORDER BY r.id""",
            {"idle": IDLE_SECONDS, "task": hints.WORK_ON_RUN, "now": now},
        )
        return [(run_id, max(todo, 1)) for run_id, todo in cursor.fetchall()]
