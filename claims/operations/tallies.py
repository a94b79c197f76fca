"""Count what the tables tell of into small rows for charts, or count all of it anew. Expects a transaction."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection

from claims.models import LossStanding, Tally, TallyDue, TallySource
from claims.models.intake import loss_stands_sql
from claims.operations.locks import see_one_instant, take_time, try_lock
from services.refusals import Refusal

BATCH = 20_000  # rows; about a second of work
TOLD = 500  # rows of the queue, at most
RECOUNT_SECONDS = 1800  # longest statement of a recount


class TalliesBusy(Refusal):
    """Somebody else counts at this moment."""

    code = "tallies_busy"


def count_tallies(*, batch: int = BATCH) -> bool:
    """Take the longest waiting rows of the queue and add what they tell of; whether there may be more.

    False while another process does it. Of one claim what is told is always taken in the order in which it was written: who
    adds something to a claim holds its lock.
    """
    if not try_lock("tallies"):
        return False
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"batch": batch, "most": TOLD})
        taken = cursor.fetchall()
    rows: dict[str, list[int]] = defaultdict(list)
    for source, told in taken:
        rows[source] += told
    for source, sql in COUNTS.items():
        if rows[source] or (source == TallySource.LOSS and rows[TallySource.STANDING]):
            _add(sql, PICKED, {"rows": rows[source], "turned": rows[TallySource.STANDING]})
    return bool(taken)


def recount_tallies() -> int:
    """Count every row there is, at one instant; how many tallies that makes. What is written meanwhile waits in the queue.

    The first statement of its transaction. Raises TalliesBusy.
    """
    see_one_instant()
    if not try_lock("tallies"):
        raise TalliesBusy("The tallies are being counted at this moment. Try again in a minute.")
    take_time(RECOUNT_SECONDS)
    turned = list(LossStanding.objects.values_list("pk", flat=True))
    TallyDue.objects.all().delete()
    Tally.objects.all().delete()
    for source, sql in COUNTS.items():
        ids = f"SELECT {'decision_id' if source == TallySource.UNDONE else 'id'} AS id FROM {TABLES[source]}"  # noqa: S608
        _add(sql, ids, {"turned": turned})
    return Tally.objects.count()


def _add(sql: str, picked: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"WITH picked AS MATERIALIZED ({picked}){sql}{ADD}", values)


PICKED = "SELECT DISTINCT unnest(%(rows)s::bigint[]) AS id"
TABLES = {
    TallySource.CLAIM: "claims_claim",
    TallySource.LOSS: "claims_loss",
    TallySource.EVENT: "claims_event WHERE data->'review' IS NOT NULL",
    TallySource.DECISION: "claims_decision WHERE NOT approved",
    TallySource.UNDONE: "claims_decisionundone",
    TallySource.PAYOUT: "claims_payout WHERE kind <> 'written_off'",
    TallySource.ITEM: "claims_paymentitem WHERE state = 'paid'",
}
TAKE = """
DELETE FROM claims_tallydue d
 USING (SELECT id, sum(size) OVER (ORDER BY id) - size AS before
          FROM (SELECT id, size FROM claims_tallydue ORDER BY id LIMIT %(most)s) head) first
 WHERE d.id = first.id AND first.before < %(batch)s
RETURNING d.source, d.rows"""
# One process writes, under its lock. Not ON CONFLICT: the database would check a difference below zero as if it were a tally.
ADD = """
MERGE INTO claims_tally t
USING (SELECT incident_id, what, hour_at, key, unit, sum(count)::bigint AS count, sum(amount)::bigint AS amount
         FROM counted GROUP BY incident_id, what, hour_at, key, unit) n
   ON t.incident_id = n.incident_id AND t.what = n.what AND t.hour_at = n.hour_at AND t.key = n.key AND t.unit = n.unit
 WHEN MATCHED THEN UPDATE SET count = t.count + n.count, amount = t.amount + n.amount
 WHEN NOT MATCHED THEN INSERT (incident_id, what, hour_at, key, unit, count, amount)
                       VALUES (n.incident_id, n.what, n.hour_at, n.key, n.unit, n.count, n.amount)"""

_CLAIMS = """
, counted(incident_id, what, hour_at, key, unit, count, amount) AS (
    SELECT c.incident_id, w.what, date_trunc('hour', c.filed_at, 'UTC'),
           CASE w.what WHEN 'intake' THEN c.origin ELSE '' END, '', 1, 0
      FROM picked JOIN claims_claim c USING (id) CROSS JOIN (VALUES ('intake'), ('open')) w(what)
)"""
_OPENED = """
, counted(incident_id, what, hour_at, key, unit, count, amount) AS (
    SELECT c.incident_id, 'open', date_trunc('hour', c.filed_at, 'UTC'), '', '',
           (v.data->'review'->>0 IN ('closed', 'withdrawn', 'merged'))::int
               - (v.data->'review'->>1 IN ('closed', 'withdrawn', 'merged'))::int, 0
      FROM picked JOIN claims_event v USING (id) JOIN claims_claim c ON c.id = v.claim_id
)"""
_REFUSED = """
, counted(incident_id, what, hour_at, key, unit, count, amount) AS (
    SELECT c.incident_id, 'refused', date_trunc('hour', d.decided_at, 'UTC'), r.key, '', {sign}, 0
      FROM picked JOIN claims_decision d USING (id) JOIN claims_claim c ON c.id = d.claim_id
     CROSS JOIN LATERAL (SELECT '' AS key UNION SELECT unnest(d.reasons)) r
     WHERE NOT d.approved
)"""
_APPROVED = """
, counted(incident_id, what, hour_at, key, unit, count, amount) AS (
    SELECT c.incident_id, 'approved', date_trunc('hour', p.created_at, 'UTC'), p.policy, p.unit, 1, p.quantity
      FROM picked JOIN claims_payout p USING (id) JOIN claims_claim c ON c.id = p.claim_id
)"""
_PAID = """
, counted(incident_id, what, hour_at, key, unit, count, amount) AS (
    SELECT c.incident_id, 'paid', date_trunc('hour', i.told_at, 'UTC'), p.policy, p.unit, 1, p.quantity
      FROM picked JOIN claims_paymentitem i USING (id) JOIN claims_claim c ON c.id = i.claim_id
      JOIN claims_paymentpart x ON x.item_id = i.id AND x.live JOIN claims_payout p ON p.id = x.payout_id
)"""
# A claim counts once per service and hour, so of a claim that says more only the hours count that it did not speak of before,
# and of one that takes a loss back those that it speaks of no more. What it said before the first revision of these rows was
# counted, and what it said by the last one is. An open loss lasts until it was told. What lies further from the
# start of the incident than a day before it and fourteen after is no report of it: a subscription may last for years.
_LOST = """
, touched AS (
    SELECT claim_id, min(revision) AS first, max(revision) AS last
      FROM (SELECT l.claim_id, l.revision FROM picked JOIN claims_loss l USING (id)
            UNION ALL
            SELECT g.claim_id, g.revision FROM claims_lossstanding g WHERE g.id = ANY(%(turned)s::bigint[])) said
     GROUP BY claim_id
), lost AS (
    SELECT c.incident_id, l.claim_id, l.service_id,
           l.revision < t.first AND STOOD_BEFORE AS before, STANDS_AFTER AS after,
           greatest(l.start_at, i.started_at - interval '1 day') AS start_at,
           least(coalesce(l.end_at, greatest(r.created_at, l.start_at + interval '1 microsecond')),
                 i.started_at + interval '14 days') AS end_at
      FROM touched t
      JOIN claims_claim c ON c.id = t.claim_id
      JOIN services_incident i ON i.id = c.incident_id
      JOIN claims_loss l ON l.claim_id = t.claim_id AND l.revision <= t.last
      JOIN claims_claimrevision r ON r.claim_id = l.claim_id AND r.number = l.revision
), spans AS (
    SELECT *, int8range(floor(date_part('epoch', start_at) / 3600)::bigint,
                        floor(date_part('epoch', end_at - interval '1 microsecond') / 3600)::bigint + 1) AS hours
      FROM lost WHERE start_at < end_at
), hours AS (
    SELECT incident_id, service_id, coalesce(range_agg(hours) FILTER (WHERE before), '{}'::int8multirange) AS before,
           coalesce(range_agg(hours) FILTER (WHERE after), '{}'::int8multirange) AS after
      FROM spans GROUP BY incident_id, service_id, claim_id HAVING bool_or(before <> after)
), edges AS (
    SELECT h.incident_id, h.service_id, e.hour, sum(e.change) AS change
      FROM hours h CROSS JOIN LATERAL (VALUES (h.after - h.before, 1), (h.before - h.after, -1)) d(ranges, sign)
     CROSS JOIN LATERAL unnest(d.ranges) r
     CROSS JOIN LATERAL (VALUES (lower(r), d.sign), (upper(r), -d.sign)) e(hour, change)
     GROUP BY h.incident_id, h.service_id, e.hour
), levels AS (
    SELECT incident_id, service_id, hour, sum(change) OVER w AS claims, lead(hour) OVER w AS until
      FROM edges WINDOW w AS (PARTITION BY incident_id, service_id ORDER BY hour)
), counted(incident_id, what, hour_at, key, unit, count, amount) AS (
    SELECT l.incident_id, 'impact', to_timestamp(h * 3600), s.code, '', l.claims, 0
      FROM levels l JOIN services_service s ON s.id = l.service_id CROSS JOIN LATERAL generate_series(l.hour, l.until - 1) h
     WHERE l.claims <> 0
)""".replace("STOOD_BEFORE", loss_stands_sql("g.revision < t.first")).replace(
    "STANDS_AFTER", loss_stands_sql("g.revision <= t.last")
)
COUNTS = {  # in this order: what is taken off was added before
    TallySource.CLAIM: _CLAIMS,
    TallySource.LOSS: _LOST,
    TallySource.EVENT: _OPENED,
    TallySource.DECISION: _REFUSED.format(sign=1),
    TallySource.UNDONE: _REFUSED.format(sign=-1),
    TallySource.PAYOUT: _APPROVED,
    TallySource.ITEM: _PAID,
}
