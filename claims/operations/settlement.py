"""Assessments become payouts: each the difference to what was owed before. A chunk at a time, in transactions of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from claims import hints
from claims.eligibility import Terms
from claims.facts import terms_of
from claims.models import MOST_ATTEMPTS, Assessment, Event, RunChunk, SettlementDue
from claims.models.owing import OWED_SQL, UNDECIDED_SQL
from claims.operations.attempts import attempt
from services.instants import check_instant


def settle_next(*, now: datetime) -> bool:
    """Settle the assessments of one chunk; False when none is due. Call it outside any transaction.

    What an assessment owes and what was paid are compared per claim, rule and remedy. Together are then judged those of a
    claim, policy, unit and currency. Rises first take up what was written off of any of them; the rest is paid as a first
    payout or a top-up. Falls are asked back in full where they exceed what is paid now by the policy's floor or more; else
    only as much as is paid now, and the rest is written off. So on balance nobody is asked for less than the floor, and
    what moves from one rule to another is not kept at one end and paid at the other. Nothing is asked back by a rule of
    which a line is undecided (unknown, to be reviewed, parked, or not to be paid yet): not known is not less. An assessment
    that a newer one of its claim has followed is left to that one, and so is a claim that waits to be assessed again: one
    letter instead of two. What fails is tried five times.
    """
    now = check_instant(now, "now")
    with attempt(SettlementDue) as taken:
        waiting = SettlementDue.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")
        due = waiting.select_for_update(skip_locked=True).first()
        if due is not None:
            taken.append(due.pk)
            _settle(due, now)
    return bool(taken)


def _settle(due: SettlementDue, now: datetime) -> None:
    chunk = RunChunk.objects.select_related("run__terms").get(pk=due.pk)
    floors = recovery_floors(terms_of(chunk.run.terms))
    _wait_for_earlier_runs(chunk)
    payouts = _pay_differences(chunk.pk, floors, now)
    due.delete()
    if payouts:
        data = {"run": chunk.run_id, "chunk": chunk.number, "payouts": payouts}
        Event.objects.create(at=now, kind="chunk_settled", data=data)


def _wait_for_earlier_runs(chunk: RunChunk) -> None:
    """Lock what earlier runs have still to settle of these claims: what is being paid for them is then seen.

    An earlier assessment that becomes due later has a newer one already, and pays nothing. Everybody goes from newer runs to
    older ones, so nobody waits for each other.
    """
    earlier = SettlementDue.objects.filter(
        chunk__run__incident=chunk.run.incident_id, chunk__run__lt=chunk.run_id,
        chunk__first_claim_id__lte=chunk.last_claim_id, chunk__last_claim_id__gte=chunk.first_claim_id,
    )  # fmt: skip
    list(earlier.order_by("-chunk__run", "-pk").select_for_update(of=("self",)).values_list("pk"))


def recovery_floors(terms: Terms) -> dict[str, int]:
    """By policy: less than this is not asked back. In units of the remedy."""
    return {pack.code: pack.recovery_floor for pack in terms.packs}


def _pay_differences(chunk_id: int, floors: dict[str, int], now: datetime) -> int:
    by: dict[str, Any] = {"chunk": chunk_id, "policies": list(floors), "floors": list(floors.values()), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING + PAY, by)
        return int(cursor.fetchone()[0])


# What is owed by assessments that are their claims' newest, beside what was paid. Of one chunk, without claims that wait to
# be assessed again. No lock keeps one from beginning to wait, and none has to: it is then paid now and corrected when it is
# assessed. It ends to wait with its next assessment, which is settled with the chunk of that, or in `standing_is_due`.
# The planner knows nothing of a new chunk and expects one row: two lists are only joined in full, for which it cannot
# choose to go through one for each row of the other.
DIFFERING = f"""
WITH newest AS (
    SELECT a.id, a.claim_id
      FROM claims_assessment a
     WHERE a.chunk_id = %(chunk)s
       AND NOT EXISTS (SELECT 1 FROM claims_assessment n WHERE n.claim_id = a.claim_id AND n.run_id > a.run_id)
       AND NOT EXISTS (SELECT 1 FROM claims_reassessmentdue d WHERE d.claim_id = a.claim_id)
), owed AS (
    SELECT n.claim_id, n.id AS assessment_id, p.code AS policy, r.code AS rule, e.remedy, e.unit,
           coalesce(e.currency, '') AS currency, sum(e.quantity)::bigint AS quantity, min(e.id) AS line_id
      FROM newest n
      JOIN claims_entitlementline e ON e.assessment_id = n.id AND {OWED_SQL}
      JOIN claims_policyrule r ON r.id = e.rule_id
      JOIN claims_policyversion v ON v.id = r.version_id
      JOIN claims_policy p ON p.id = v.policy_id
     GROUP BY n.claim_id, n.id, p.code, r.code, e.remedy, e.unit, coalesce(e.currency, '')
), paid AS (
    SELECT claim_id, n.id AS assessment_id, o.policy, o.rule, o.remedy, o.unit, o.currency, sum(o.quantity)::bigint AS quantity,
           -coalesce(sum(o.quantity) FILTER (WHERE o.kind = 'written_off'), 0)::bigint AS written_off
      FROM newest n JOIN claims_payout o USING (claim_id)
     GROUP BY claim_id, n.id, o.policy, o.rule, o.remedy, o.unit, o.currency
), undecided AS (
    SELECT DISTINCT n.claim_id, p.code AS policy, r.code AS rule
      FROM newest n
      JOIN claims_entitlementline e ON e.assessment_id = n.id AND {UNDECIDED_SQL}
      JOIN claims_policyrule r ON r.id = e.rule_id
      JOIN claims_policyversion v ON v.id = r.version_id
      JOIN claims_policy p ON p.id = v.policy_id
), compared AS (
    SELECT claim_id, assessment_id, policy, rule, remedy, unit, currency, owed.line_id, paid.quantity IS NULL AS is_first,
           coalesce(owed.quantity, 0) - coalesce(paid.quantity, 0) AS difference,
           coalesce(sum(paid.written_off) OVER (PARTITION BY claim_id, policy, unit, currency), 0)::bigint AS written_off
      FROM owed FULL JOIN paid USING (claim_id, assessment_id, policy, rule, remedy, unit, currency)
), differing AS (
    SELECT c.*
      FROM compared c
      LEFT JOIN undecided u USING (claim_id, policy, rule)
     WHERE c.difference > 0 OR (c.difference < 0 AND u.claim_id IS NULL)
)"""  # noqa: S608 - constants

PAY = """
, floors AS (SELECT * FROM unnest(%(policies)s::text[], %(floors)s::bigint[]) AS f(policy, floor)
-- `pays`: what the rises still pay once they have taken up what was written off. `before`: rows of the same sign go in turn.
), summed AS (
    SELECT *, sum(greatest(-difference, 0)) OVER together AS falls,
           greatest(sum(greatest(difference, 0)) OVER together - written_off, 0) AS pays,
           sum(abs(difference)) OVER (PARTITION BY claim_id, policy, unit, currency, difference > 0 ORDER BY rule, remedy)
               - abs(difference) AS before
      FROM differing
    WINDOW together AS (PARTITION BY claim_id, policy, unit, currency)
-- `moves`: how much of the difference is money that goes out or is asked back.
), moving AS (
    SELECT s.*, CASE WHEN difference > 0 THEN difference - greatest(least(written_off - before, difference), 0)
                     ELSE greatest(least(asked - before, -difference), 0) END AS moves
      FROM summed s
      LEFT JOIN floors f USING (policy)
     CROSS JOIN LATERAL (SELECT CASE WHEN falls - pays < coalesce(f.floor, 0) THEN pays ELSE falls END AS asked) a
), parts AS (
    SELECT m.*, part.kind, (sign(difference) * part.quantity)::bigint AS quantity
      FROM moving m
     CROSS JOIN LATERAL (
        SELECT 'written_off' AS kind, abs(difference) - moves AS quantity
        UNION ALL
        SELECT CASE WHEN difference < 0 THEN 'recovery' WHEN is_first THEN 'first' ELSE 'top_up' END, moves
     ) part
     WHERE part.quantity > 0
), paid_now AS (
    INSERT INTO claims_payout
           (claim_id, assessment_id, line_id, policy, rule, remedy, unit, currency, kind, quantity, created_at)
    SELECT claim_id, assessment_id, line_id, policy, rule, remedy, unit, currency, kind, quantity, %(now)s
      FROM parts
     ORDER BY claim_id, policy, rule, remedy, unit, currency, kind
    RETURNING assessment_id
), told AS (
    INSERT INTO claims_letterdue (assessment_id, attempts, last_error, created_at)
    SELECT DISTINCT assessment_id, 0, '', %(now)s::timestamptz FROM paid_now
    ON CONFLICT (assessment_id) DO NOTHING
)
SELECT count(*) FROM paid_now"""


SELECT_DIFFERING = """
SELECT claim_id, policy, rule, remedy, unit, currency, difference FROM differing ORDER BY claim_id"""


def settlement_is_due(chunk_id: int, *, now: datetime) -> None:
    """In the transaction that assesses the chunk."""
    SettlementDue.objects.create(chunk_id=chunk_id, created_at=now)
    hints.write_hint(hints.FOLLOW_UP, now=now)


def standing_is_due(claim_id: int, *, now: datetime) -> None:
    """The claim's newest assessment stands: the one that it was left for cannot be made. In the transaction that says so.

    Waits for who settles its chunk now, may have left the claim out, and will have deleted the row.
    """
    newest = Assessment.objects.filter(claim=claim_id).order_by("-run").first()
    if newest is not None:
        again = SettlementDue(chunk_id=newest.chunk_id, created_at=now)
        SettlementDue.objects.bulk_create([again], update_conflicts=True, unique_fields=["chunk"], update_fields=["created_at"])
        hints.write_hint(hints.FOLLOW_UP, now=now)


def differing_claims(cursor: Any, chunk_id: int) -> list[tuple[int, str, str, str, str, str, int]]:
    """(claim, policy, rule, remedy, unit, currency, difference) of the chunk's newest assessments that are not settled.

    Without claims that wait to be assessed again.
    """
    cursor.execute(DIFFERING + SELECT_DIFFERING, {"chunk": chunk_id})
    return cursor.fetchall()  # type: ignore[no-any-return]
