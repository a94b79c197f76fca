"""A made-up incident of any size whose record is corrected one window at a time, each time touching the same number of claims.

It is the hard case for finding them: all losses are of one service, and nearly all began before the corrected span, as
when the end of an outage is moved. Filled by SQL in the database, assessed and settled by the operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from claims.demonstration.steps import POLICIES
from claims.models import Assessment, AssessmentRun, Claim, LetterDue, RunState
from claims.operations import assess_next_chunk, finish_run, plan_runs, publish_policy, settle_next
from services.models import Incident, Notice, OutageWindow
from services.operations import (
    NoticeSaid,
    RecordContent,
    WindowSaid,
    load_service_tree,
    publish_record_version,
    record_notice,
    record_windows,
)
from services.seoul import SEOUL

INCIDENT = "bench-corrections"
TAXI = "kakao_t.taxi_call"
PACK: Path = POLICIES / "demo" / "taxi_call_minutes.yaml"
OPENS = datetime(2031, 5, 1, 8, tzinfo=SEOUL)  # of the first day; on every day taxi calling is away from 08:00 to 12:00
LASTS = timedelta(hours=4)
LISTED = 100  # windows of each other incident
LATE = timedelta(minutes=30)  # by which a correction moves an end
QUIET_DAYS = 10  # whose windows are never corrected; then a day per correction


@dataclass
class Case:
    """`corrected` of `days` windows have been corrected; there are `others` other incidents, each of LISTED windows."""

    incident: Incident
    days: int
    others: int = 0
    corrected: int = 0
    now: datetime = datetime(2031, 12, 1, tzinfo=SEOUL)

    def last_end(self) -> datetime:
        """Where the window that was corrected last ended before."""
        return OPENS + timedelta(days=QUIET_DAYS + self.corrected - 1) + LASTS


def open_case(*, corrections: int) -> Case:
    """The incident with version 1 of its record, which is to be corrected so often."""
    case = Case(_incident(now=Case.now), QUIET_DAYS + corrections)
    with transaction.atomic():
        publish_policy(pack_yaml=PACK.read_text(encoding="utf-8"), now=case.now)
        _publish(case)
    return case


@transaction.atomic
def add_others(case: Case, *, incidents: int) -> None:
    """Other incidents with a published version each, of the same and of other services.

    Some at a time and the tables analysed between: the trigger of a version's listings is slow in a table of which the
    planner knows nothing.
    """
    values = _values(case, first=case.others + 1, last=case.others + incidents, listed=LISTED)
    with connection.cursor() as cursor:
        for statement in OTHERS:
            cursor.execute(statement, values)
    case.others += incidents


@transaction.atomic
def _incident(*, now: datetime) -> Incident:
    load_service_tree()
    incident = Incident.objects.create(key=INCIDENT, title_ko="지어낸 장애", title_en="Made up", started_at=OPENS)
    said = NoticeSaid(
        key=INCIDENT, source="operator", channel="notice", published_at=OPENS, text="복구했다.", incident=INCIDENT
    )
    record_notice(said, now=now)
    return incident


def correct(case: Case) -> None:
    """Publish the next version: the window of the next day ends later."""
    case.corrected += 1
    with transaction.atomic():
        _publish(case)


def _publish(case: Case) -> None:
    late = range(QUIET_DAYS, QUIET_DAYS + case.corrected)
    said = [_said(OPENS + timedelta(days=day), LASTS + LATE * (day in late)) for day in range(case.days)]
    windows = record_windows(said, incident=INCIDENT)
    as_of = OPENS + timedelta(days=case.days)
    publish_record_version(incident=INCIDENT, content=RecordContent(as_of, windows), now=case.now)


def _said(start: datetime, length: timedelta) -> WindowSaid:
    return WindowSaid(service=TAXI, notice=INCIDENT, severity="full", start_at=start, end_at=start + length)


def grow(case: Case, *, claims: int, corrections: int, touched: int) -> None:
    """More claims, until there are so many: assessed, settled, told. Each of the next `corrections` will touch `touched`.

    Whom a correction touches lies evenly among the new claims.
    """
    known = Claim.objects.filter(incident=case.incident).count()
    values = _values(
        case, new=claims - known, known=known, corrections=corrections, touched=touched,
        first=QUIET_DAYS + case.corrected, step=(claims - known) // (corrections * touched),
    )  # fmt: skip
    with connection.cursor() as cursor:
        for statement in CLAIMS:
            cursor.execute(statement, values)
    assess_all(case.now)
    while settle_next(now=case.now):
        pass
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)
    LetterDue.objects.all().delete()
    assert Assessment.objects.filter(claim__incident=case.incident).values("claim").distinct().count() == claims


def assess_all(now: datetime) -> Sequence[AssessmentRun]:
    """Whatever is due, by one worker; the runs that it took."""
    with transaction.atomic():
        runs = plan_runs(now=now)
    for run in runs:
        while assess_next_chunk(run_id=run.pk, worker="bench", now=now):
            pass
        with transaction.atomic():
            finish_run(run_id=run.pk, now=now)
    assert not AssessmentRun.objects.filter(state=RunState.OPEN).exists(), "nobody else works here"
    return runs


def _values(case: Case, **more: Any) -> dict[str, Any]:
    notice = Notice.objects.get(key=INCIDENT)
    taxi = OutageWindow.objects.filter(incident=case.incident).values_list("service", flat=True)[0]
    return {
        "incident": case.incident.pk, "now": case.now, "opens": OPENS, "quiet": QUIET_DAYS, "taxi": taxi,
        "source": notice.source_id, "notice": notice.pk, **more,
    }  # fmt: skip


# hashint8extended is PostgreSQL's own; seeds keep the columns apart.
OTHERS = (
    """INSERT INTO services_incident (key, title_ko, title_en, cause_ko, started_at, started_approx)
       SELECT 'other-' || n, '다른 장애', 'Another', '', %(opens)s::timestamptz + make_interval(hours => n %% 2000), false
         FROM generate_series(%(first)s, %(last)s) n""",
    """INSERT INTO services_outagewindow (incident_id, service_id, source_id, notice_id, severity, scope, start_at,
              start_approx, end_at, end_approx, inferred, closing_rule)
       SELECT i.id, s.id, %(source)s, %(notice)s, 'full', 'all', i.started_at + make_interval(hours => n), false,
              i.started_at + make_interval(hours => n, mins => 10 + n %% 50), false, false, ''
         FROM generate_series(%(first)s, %(last)s) number JOIN services_incident i ON i.key = 'other-' || number
        CROSS JOIN generate_series(1, %(listed)s) n
         JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS services FROM services_service) s
              ON s.place = 1 + mod(n, s.services)""",
    """INSERT INTO services_recordversion (incident_id, number, as_of, published_at, content_hash, window_count, extent_count)
       SELECT id, 1, started_at + interval '10 days', %(now)s, encode(sha256(key::bytea), 'hex'), %(listed)s, 0
         FROM generate_series(%(first)s, %(last)s) number JOIN services_incident i ON i.key = 'other-' || number""",
    "DISCARD PLANS",  # those of the trigger below may be of when the tables were small
    """INSERT INTO services_recordwindow (version_id, window_id, position, service_id, source_id, period)
       SELECT v.id, w.id, row_number() OVER (PARTITION BY v.id ORDER BY w.id), w.service_id, w.source_id, 'empty'
         FROM generate_series(%(first)s, %(last)s) number JOIN services_incident i ON i.key = 'other-' || number
         JOIN services_recordversion v ON v.incident_id = i.id JOIN services_outagewindow w ON w.incident_id = i.id""",
)

CLAIMS = (
    """INSERT INTO accounts_person (public_id, created_at)
       SELECT md5('corrections' || %(known)s + n)::uuid, %(now)s FROM generate_series(1, %(new)s) n""",
    """INSERT INTO claims_claim (reference, person_id, incident_id, origin, filed_at)
       SELECT 'C-' || left(word, 4) || '-' || right(word, 4), id, %(incident)s, 'proactive', %(now)s
         FROM (SELECT id, lpad(upper(to_hex(id)), 8, '0') AS word FROM accounts_person ORDER BY id DESC LIMIT %(new)s) p
        ORDER BY id""",
    """INSERT INTO claims_claimstatus (claim_id, incident_id, review, decision, payment, moves, reasons, moved_at, kind,
                                       currency, answer_due_date)
       SELECT id, incident_id, 'received', 'undecided', 'nothing', 0, '{}', filed_at, 'unsorted', '',
              filed_at + interval '14 days'
         FROM (SELECT * FROM claims_claim ORDER BY id DESC LIMIT %(new)s) c ORDER BY id""",
    """INSERT INTO claims_claimrevision (claim_id, number, cause, asks_for, created_at)
       SELECT id, 1, 'derived', '{}', %(now)s
         FROM (SELECT id FROM claims_claim ORDER BY id DESC LIMIT %(new)s) c ORDER BY id""",
    """INSERT INTO claims_fact (claim_id, revision, name, text_value, provenance, recorded_at)
       SELECT id, 1, 'claimant_kind', 'rider', 'claimant', %(now)s
         FROM (SELECT id FROM claims_claim ORDER BY id DESC LIMIT %(new)s) c ORDER BY id""",
    # On a quiet day a loss of up to 95 minutes; on a day to be corrected one that begins within the window and ends 10 to 29
    # minutes after it, so that the correction adds at least one begun ten minutes and reaches beyond every loss.
    """INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin)
       SELECT id, 1, %(taxi)s, start_at, start_at + length, '', 'told'
         FROM (SELECT id, opens + CASE WHEN hit THEN interval '3 hours' + make_interval(secs => mod(h1, 3000))
                                       ELSE make_interval(secs => mod(h1, 14400)) END AS start_at,
                      CASE WHEN hit THEN interval '70 minutes' + make_interval(secs => mod(h2, 1140) - mod(h1, 3000))
                           ELSE make_interval(secs => 60 + mod(h2, 5640)) END AS length
                 FROM (SELECT id, h1, h2, hit,
                              %(opens)s::timestamptz + make_interval(days => CASE WHEN hit
                                  THEN %(first)s + ((place / %(step)s) %% %(corrections)s)::int
                                  ELSE mod(h1, %(quiet)s)::int END) AS opens
                         FROM (SELECT id, place, abs(hashint8extended(id, 1)) AS h1, abs(hashint8extended(id, 2)) AS h2,
                                      place %% %(step)s = 0 AND place < %(step)s * %(corrections)s * %(touched)s AS hit
                                 FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
                                         FROM (SELECT id FROM claims_claim ORDER BY id DESC LIMIT %(new)s) newest) placed
                              ) hashed
                      ) dated
              ) spans
        ORDER BY id""",
    """INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
       SELECT id, incident_id, 'revision', %(now)s
         FROM (SELECT * FROM claims_claim ORDER BY id DESC LIMIT %(new)s) c ORDER BY id""",
)

# As if the letters had been written: as many rows, of fewer bytes.
TELL = """INSERT INTO claims_letter (claim_id, assessment_id, decision_id, language, content, content_hash, made_at)
          SELECT d.claim_id, d.assessment_id, d.id, 'ko', '-'::bytea, encode(sha256('-'::bytea), 'hex'), %(now)s
            FROM claims_letterdue l JOIN claims_decision d ON d.id = l.decision_id ORDER BY d.id"""
