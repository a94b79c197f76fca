"""What decisions pay: the difference to what was paid before, per claim, rule and remedy; and whether it has gone out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from claims.models.owing import NOT_GONE_SQL, OWED_SQL, UNDECIDED_SQL, stake_sql


@dataclass(frozen=True)
class Answers:
    """Assessments of claims, one of each, all approved or none; `decisions` once they are decided, in the same order."""

    claims: Sequence[int]
    assessments: Sequence[int]
    approved: bool
    decisions: Sequence[int] | None = None


@dataclass(frozen=True)
class Difference:
    """What an answer would pay, or ask back (below zero), by one rule in one remedy, before small sums are written off."""

    claim_id: int
    policy: str
    rule: str
    remedy: str
    unit: str
    currency: str
    quantity: int


def differences_of(answers: Answers) -> list[Difference]:
    """By claim, policy, rule and remedy; nothing is written. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING + SELECT_DIFFERING, _columns([answers]))
        return [Difference(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Stakes:
    """What an answer about a claim would newly give, and ask back of what has gone out; by `stake`, of money in minor units."""

    gives: Mapping[str, int] = field(default_factory=dict)
    asks_back: Mapping[str, int] = field(default_factory=dict)

    def counted(self) -> dict[str, int]:
        """By unit, against the authority of who decides it: what is asked back by mistake is as hard to make good, and what is
        worth money counts as money.
        """
        counted: Counter[str] = Counter()
        for what, quantity in (*self.gives.items(), *self.asks_back.items()):
            counted[what.rpartition(":")[2]] += quantity
        return counted


def stakes_of(answers: Answers) -> dict[int, Stakes]:
    """By claim, of those of which something is at stake, before small sums are written off. One query.

    What has not gone out is not asked back, and neither is what the policy gives in the same remedy by another rule instead.
    """
    found: dict[int, Stakes] = {}
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING + SELECT_STAKES, _columns([answers]))
        for claim, gives, asks_back in cursor.fetchall():
            found[claim] = Stakes(json.loads(gives), json.loads(asks_back))
    return found


def differing_claims(answers: Answers) -> list[int]:
    """Those that would be paid or asked for something. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING + SELECT_CLAIMS, _columns([answers]))
        return cursor.fetchone()[0] or []


def pay_differences(answers: Sequence[Answers], floors: Mapping[str, int], now: datetime) -> set[int]:
    """Write payouts of decisions; returns the decisions that have some. `floors`: by policy, less than this is not asked back.

    Of what is not approved nothing goes out: what has not gone is taken back in full, and the floor is for the rest.

    Together are judged those of a claim, policy, unit and currency. Rises first take up what was written off of any of them;
    the rest is paid as a first payout or a top-up. Falls are asked back in full where they exceed what is paid now by the
    floor or more; else only as much as is paid now, and the rest is written off. So on balance nobody is asked for less than
    the floor, and what moves from one rule to another is not kept at one end and paid at the other. Nothing is asked back by
    a rule of which a line is undecided (unknown, to be reviewed, parked, or not to be paid yet): not known is not less.
    """
    by: dict[str, Any] = {**_columns(answers), "policies": list(floors), "floors": list(floors.values()), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING + PAY, by)
        return set(cursor.fetchone()[0] or ())


def withhold(rejected: Mapping[int, int], now: datetime) -> None:
    """Take back what was written off of claims that are rejected, by the decision (claim: decision), before it had gone out,
    or though it did not arrive.
    """
    with connection.cursor() as cursor:
        cursor.execute(WITHHOLD, {"claims": list(rejected), "decisions": list(rejected.values()), "now": now})


def take_back(decision_id: int, now: datetime) -> None:
    """The opposite of what a decision paid, none of which has moved, and of what it wrote off, which moves no money."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"decision": decision_id, "now": now})


def payment_statuses(claim_ids: Sequence[int], rejected: Collection[int]) -> dict[int, str]:
    """By claim, of those with payouts. Sent as long as something is on its way; what is written off moves no money.

    Of one that is `rejected` from now on nothing is due but goodwill.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAYMENT, {"claims": list(claim_ids), "rejected": list(rejected)})
        return dict(cursor.fetchall())


def _columns(answers: Sequence[Answers]) -> dict[str, Any]:
    return {
        "claims": [claim for one in answers for claim in one.claims],
        "assessments": [assessment for one in answers for assessment in one.assessments],
        "approved": [one.approved for one in answers for _ in one.claims],
        "decisions": [decision for one in answers for decision in one.decisions or (None for _ in one.claims)],
    }


# What is owed by assessments if they are approved, or not, beside what was paid. What is not approved owes nothing, whatever
# is undecided of it.
# The planner knows nothing of a new chunk and expects one row: two lists are only joined in full, for which it cannot
# choose to go through one for each row of the other.
# Goodwill was never owed: left out of what was paid, it is neither asked back nor taken for what is owed.
DIFFERING = f"""
WITH newest AS (
    SELECT * FROM unnest(%(claims)s::bigint[], %(assessments)s::bigint[], %(approved)s::boolean[],
                         %(decisions)s::bigint[]) AS n(claim_id, id, approved, decision_id)
), owed AS (
    SELECT n.claim_id, n.id AS assessment_id, p.code AS policy, r.code AS rule, e.remedy, e.unit,
           coalesce(e.currency, '') AS currency, sum(e.quantity)::bigint AS quantity, min(e.id) AS line_id
      FROM newest n
      JOIN claims_entitlementline e ON n.approved AND e.assessment_id = n.id AND {OWED_SQL}
      JOIN claims_policyrule r ON r.id = e.rule_id
      JOIN claims_policyversion v ON v.id = r.version_id
      JOIN claims_policy p ON p.id = v.policy_id
     GROUP BY n.claim_id, n.id, p.code, r.code, e.remedy, e.unit, coalesce(e.currency, '')
), paid AS (
    SELECT claim_id, n.id AS assessment_id, o.policy, o.rule, o.remedy, o.unit, o.currency, sum(o.quantity)::bigint AS quantity,
           -coalesce(sum(o.quantity) FILTER (WHERE o.kind = 'written_off'), 0)::bigint AS written_off
      FROM newest n JOIN claims_payout o USING (claim_id)
     WHERE o.remedy <> 'goodwill'
       AND NOT EXISTS (SELECT 1 FROM claims_decisionundone u WHERE u.decision_id = o.decision_id)
     GROUP BY claim_id, n.id, o.policy, o.rule, o.remedy, o.unit, o.currency
), undecided AS (
    SELECT DISTINCT n.claim_id, p.code AS policy, r.code AS rule
      FROM newest n
      JOIN claims_entitlementline e ON n.approved AND e.assessment_id = n.id AND {UNDECIDED_SQL}
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

SELECT_DIFFERING = """
SELECT claim_id, policy, rule, remedy, unit, currency, difference FROM differing ORDER BY claim_id, policy, rule, remedy"""

# Rule by rule as in PAY, together no more than waits of a remedy; then a rise takes the place of a fall of the same policy and
# remedy. Of two remedies, as a coupon instead of money, the one is asked back and the other given, as payment runs have it.
SELECT_STAKES = f"""
, waiting AS (
    SELECT p.claim_id, p.policy, p.rule, p.remedy, p.unit, sum(p.quantity)::bigint AS quantity,
           greatest(sum(sum(p.quantity)) OVER (PARTITION BY p.claim_id, p.policy, p.remedy, p.unit), 0)::bigint AS most
      FROM newest n JOIN claims_payout p USING (claim_id)
     WHERE p.remedy <> 'goodwill' AND {NOT_GONE_SQL} GROUP BY p.claim_id, p.policy, p.rule, p.remedy, p.unit
), by_remedy AS (
    SELECT claim_id, policy, {stake_sql("d")} AS stake, sum(greatest(difference, 0)) AS rises,
           sum(greatest(-difference, 0)) - least(
               sum(least(greatest(coalesce(w.quantity, 0), 0), greatest(-difference, 0))), coalesce(max(w.most), 0)) AS falls
      FROM differing d LEFT JOIN waiting w USING (claim_id, policy, rule, remedy, unit)
     GROUP BY claim_id, policy, d.remedy, d.unit, d.currency
), at_stake AS (
    SELECT claim_id, stake, sum(rises)::bigint AS rises, sum(greatest(falls - rises, 0))::bigint AS asked
      FROM by_remedy GROUP BY claim_id, stake
)
SELECT claim_id, coalesce(jsonb_object_agg(stake, rises) FILTER (WHERE rises > 0), '{{}}'),
       coalesce(jsonb_object_agg(stake, asked) FILTER (WHERE asked > 0), '{{}}')
  FROM at_stake WHERE rises > 0 OR asked > 0 GROUP BY claim_id"""  # noqa: S608 - constants

SELECT_CLAIMS = """
SELECT array_agg(DISTINCT claim_id) FROM differing"""

PAY = f"""
, floors AS (SELECT * FROM unnest(%(policies)s::text[], %(floors)s::bigint[]) AS f(policy, floor)
-- What has not gone out, of answers that are not approved; of one remedy no more than goes out of it together.
), waiting AS (
    SELECT p.claim_id, p.policy, p.rule, p.remedy, p.unit, p.currency, sum(p.quantity)::bigint AS quantity,
           greatest(sum(sum(p.quantity)) OVER (PARTITION BY p.claim_id, p.policy, p.remedy, p.unit, p.currency), 0) AS most
      FROM newest n JOIN claims_payout p USING (claim_id)
     WHERE NOT n.approved AND p.remedy <> 'goodwill' AND {NOT_GONE_SQL}
     GROUP BY p.claim_id, p.policy, p.rule, p.remedy, p.unit, p.currency
), falling AS (
    SELECT d.*, coalesce(w.most, 0) AS most, least(greatest(coalesce(w.quantity, 0), 0), greatest(-d.difference, 0)) AS own
      FROM differing d LEFT JOIN waiting w USING (claim_id, policy, rule, remedy, unit, currency)
), unpaid AS (
    SELECT *, greatest(least(own, most - sum(own) OVER (PARTITION BY claim_id, policy, remedy, unit, currency ORDER BY rule)
                                  + own), 0) AS waits
      FROM falling
-- `pays`: what the rises still pay once they have taken up what was written off. `before`: rows of the same sign go in turn.
), summed AS (
    SELECT *, sum(waits) OVER together AS all_wait, sum(greatest(-difference, 0)) OVER together AS falls,
           greatest(sum(greatest(difference, 0)) OVER together - written_off, 0) AS pays,
           sum(abs(difference)) OVER (PARTITION BY claim_id, policy, unit, currency, difference > 0 ORDER BY rule, remedy)
               - abs(difference) AS before
      FROM unpaid
    WINDOW together AS (PARTITION BY claim_id, policy, unit, currency)
-- `moves`: how much of the difference is money that goes out or is asked back.
), moving AS (
    SELECT s.*, CASE WHEN difference > 0 THEN difference - greatest(least(written_off - before, difference), 0)
                     ELSE greatest(least(asked - before, -difference), waits, 0) END AS moves
      FROM summed s
      LEFT JOIN floors f USING (policy)
     CROSS JOIN LATERAL (
        SELECT CASE WHEN falls - pays - all_wait < coalesce(f.floor, 0) THEN pays ELSE falls END AS asked) a
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
           (claim_id, assessment_id, decision_id, line_id, policy, rule, remedy, unit, currency, kind, quantity, created_at)
    SELECT claim_id, assessment_id, n.decision_id, line_id, policy, rule, remedy, unit, currency, kind, quantity, %(now)s
      FROM parts JOIN newest n USING (claim_id)
     ORDER BY claim_id, policy, rule, remedy, unit, currency, kind
    RETURNING decision_id
)
SELECT array_agg(DISTINCT decision_id) FROM paid_now"""  # noqa: S608 - constants

# Rule by rule, together no more than would go out of the remedy. Both rows of a pair were written before, or none.
WITHHOLD = f"""
WITH kept AS (
    SELECT p.claim_id, t.decision_id, p.policy, p.rule, p.remedy, p.unit, p.currency,
           coalesce(sum(p.quantity) FILTER (WHERE {NOT_GONE_SQL}), 0) AS waits,
           coalesce(-sum(p.quantity) FILTER (WHERE p.kind = 'written_off'), 0) AS written_off
      FROM unnest(%(claims)s::bigint[], %(decisions)s::bigint[]) AS t(claim_id, decision_id)
      JOIN claims_payout p USING (claim_id)
     WHERE p.remedy <> 'goodwill'
     GROUP BY p.claim_id, t.decision_id, p.policy, p.rule, p.remedy, p.unit, p.currency
), own AS (
    SELECT *, greatest(least(waits, written_off), 0) AS own, sum(waits) OVER remedies AS most
      FROM kept
    WINDOW remedies AS (PARTITION BY claim_id, policy, remedy, unit, currency)
), taken AS (
    SELECT *, least(own, most - (sum(own) OVER (PARTITION BY claim_id, policy, remedy, unit, currency ORDER BY rule) - own))
                  AS quantity
      FROM own
)
INSERT INTO claims_payout
       (claim_id, assessment_id, decision_id, line_id, policy, rule, remedy, unit, currency, kind, quantity, created_at)
SELECT t.claim_id, d.assessment_id, d.id, NULL, t.policy, t.rule, t.remedy, t.unit, t.currency, part.kind,
       part.sign * t.quantity, %(now)s
  FROM taken t JOIN claims_decision d ON d.id = t.decision_id
 CROSS JOIN (VALUES ('written_off', 1), ('undone', -1)) part(kind, sign)
 WHERE t.quantity > 0
    ON CONFLICT DO NOTHING"""  # noqa: S608 - constants

TAKE_BACK = """
INSERT INTO claims_payout
       (claim_id, assessment_id, decision_id, line_id, policy, rule, remedy, unit, currency, kind, quantity, created_at)
SELECT claim_id, assessment_id, decision_id, NULL, policy, rule, remedy, unit, currency, back, -sum(quantity), %(now)s
  FROM claims_payout CROSS JOIN LATERAL (SELECT CASE kind WHEN 'written_off' THEN kind ELSE 'undone' END AS back) b
 WHERE decision_id = %(decision)s
 GROUP BY claim_id, assessment_id, decision_id, policy, rule, remedy, unit, currency, back
HAVING sum(quantity) <> 0"""

PAYMENT = f"""
WITH waiting AS (
    SELECT claim_id, remedy, unit, currency, sum(quantity) AS quantity
      FROM claims_payout p
     WHERE claim_id = ANY(%(claims)s) AND {NOT_GONE_SQL}
     GROUP BY claim_id, remedy, unit, currency
), summed AS (
    SELECT claim_id, bool_or(quantity < 0) AS recovery,
           bool_or(quantity > 0 AND (remedy = 'goodwill' OR claim_id <> ALL(%(rejected)s::bigint[]))) AS due
      FROM waiting GROUP BY claim_id
), gone AS (
    SELECT i.claim_id, bool_or(i.state = 'sent') AS sent, bool_or(i.state = 'paid') AS paid
      FROM claims_paymentitem i WHERE i.claim_id = ANY(%(claims)s) GROUP BY i.claim_id
)
SELECT claim_id, CASE WHEN gone.sent THEN 'sent' WHEN due THEN 'due' WHEN recovery THEN 'recovery'
                      WHEN gone.paid THEN 'paid' ELSE 'nothing' END
  FROM summed FULL JOIN gone USING (claim_id)"""  # noqa: S608 - constants
