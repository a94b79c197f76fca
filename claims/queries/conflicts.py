"""Of which claims somebody of the staff keeps away: their own, of who is reached or paid where they are; and where two who
approved chose the account as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from accounts.models import User
from accounts.operations import log_ins_of
from accounts.payees import NEWEST_PAYEE, PAID_LIKE_SQL, gave_payee_sql

# `check_not_own` for many: of the user `u`, the claim `c` and what names its person, `p`, if anything.
CONFLICT_SQL = f"(u.person_id = c.person_id OR lower(u.email) = lower(p.email) OR {PAID_LIKE_SQL})"
CONFLICTING = f"""
SELECT c.id FROM claims_claim c JOIN accounts_user u ON u.id = %s
  LEFT JOIN accounts_personaldata p ON p.person_id = c.person_id AND p.email <> ''
 WHERE c.id = ANY(%s::bigint[]) AND {CONFLICT_SQL}"""  # noqa: S608 - constants


def conflicting_claims(claim_ids: Sequence[int], user: User) -> set[int]:
    """Those of the claims that are for somebody else. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTING, [user.pk, list(claim_ids)])
        return {row[0] for row in cursor.fetchall()}


BROUGHT = f"""
SELECT c.id FROM claims_claim c JOIN accounts_user k ON k.id = ANY(%s::bigint[])
 WHERE c.id = ANY(%s::bigint[])
   AND ({gave_payee_sql("true")}
        OR EXISTS (SELECT 1 FROM claims_claimentry n JOIN claims_event e ON e.id = n.event_id
                    WHERE n.claim_id = c.id AND e.actor_id = k.id)
        OR EXISTS (SELECT 1 FROM claims_evidencefile f WHERE f.claim_id = c.id AND f.received_by_id = k.id))"""  # noqa: S608


def brought_by(claim_ids: Sequence[int], user: User) -> set[int]:
    """Those of the claims that the user, by any log-in, entered on behalf, took in a document for, or said where they are paid.
    One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT, [log_ins_of(user), list(claim_ids)])
        return {row[0] for row in cursor.fetchall()}


# Two approve what is above the limit of one. Of the claim `c`, the decisions `d` of two of which something may still go out,
# or come back and go out again, with each of the two, `k`. A rejection that stands takes back what was approved, but goodwill.
APPROVED_BY_TWO = """claims_decision d JOIN accounts_user k ON k.id IN (d.decided_by_id, d.checked_by_id)
 WHERE d.claim_id = c.id AND d.checked_by_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM claims_decisionundone o WHERE o.decision_id = d.id)
   AND EXISTS (SELECT 1 FROM claims_payout p
                WHERE p.decision_id = d.id AND p.quantity > 0 AND p.kind <> 'written_off'
                  AND NOT EXISTS (SELECT 1 FROM claims_paymentpart x JOIN claims_paymentitem i ON i.id = x.item_id
                                   WHERE x.payout_id = p.id AND x.live AND i.state = 'paid')
                  AND (p.remedy = 'goodwill' OR NOT EXISTS (
                       SELECT 1 FROM claims_decision r
                        WHERE r.claim_id = c.id AND r.id > d.id AND NOT r.approved
                          AND NOT EXISTS (SELECT 1 FROM claims_decisionundone o WHERE o.decision_id = r.id))))"""
APPROVERS = f"""
SELECT DISTINCT k.id FROM claims_claim c CROSS JOIN LATERAL (SELECT k.id FROM {APPROVED_BY_TWO}) k
 WHERE c.id = ANY(%s::bigint[])"""  # noqa: S608 - constants

# Who entered the first claim of somebody brought the address to which their codes go: what is said by that address may be his
# own word. Nobody where it came by the web.
BROUGHT_ADDRESS = """(SELECT b.actor_id FROM claims_claim q JOIN claims_claimentry n ON n.claim_id = q.id
                 JOIN claims_event b ON b.id = n.event_id WHERE q.person_id = c.person_id ORDER BY b.id LIMIT 1)"""
BY_THEIR_ADDRESS = f"""g.person_id = c.person_id AND {BROUGHT_ADDRESS} IN (
         SELECT id FROM accounts_user WHERE id = k.id OR person_id = k.person_id)"""  # noqa: S608 - constants

# Whoever of them entered the account after that would have it to himself, and the second of them before it as well. Looked at
# when money goes out, whatever way led there. OFFSET 0: claim by claim, else the decisions of all claims are read for many.
CHOSEN_BY_TWO = f"""
SELECT c.id FROM claims_claim c
 WHERE c.id = ANY(%s::bigint[])
   AND EXISTS (SELECT 1 FROM {APPROVED_BY_TWO}
                  AND {gave_payee_sql("(e.at >= d.decided_at OR k.id = d.checked_by_id)", BY_THEIR_ADDRESS)} OFFSET 0)"""  # noqa: S608 - constants


def chosen_by_two(claim_ids: Sequence[int]) -> set[int]:
    """Those of the claims of which the same who approved them chose where they are paid. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN_BY_TWO, [list(claim_ids)])
        return {row[0] for row in cursor.fetchall()}


def approvers(claim_ids: Sequence[int]) -> set[int]:
    """The log-ins of the two who approved what of these claims has not arrived yet. One query."""
    with connection.cursor() as cursor:
        cursor.execute(APPROVERS, [list(claim_ids)])
        return {row[0] for row in cursor.fetchall()}


# What stands was decided by rule, and a single member of staff said where it goes: no second person has looked at either.
# Whoever else gave the same account, the claimant, or a command, is a second one; but whose claim was entered by staff, says it
# by an address that they brought.
_GIVER = f"CASE WHEN u.person_id IS DISTINCT FROM c.person_id THEN u.id ELSE {BROUGHT_ADDRESS} END"
GIVEN_BY_ONE = f"""
SELECT c.id, g.id FROM claims_claim c
  JOIN claims_claimstatus s ON s.claim_id = c.id
  JOIN claims_decision d ON d.id = s.stands_id AND d.decided_by_id IS NULL
  JOIN accounts_payee y ON y.person_id = c.person_id AND {NEWEST_PAYEE}
  JOIN accounts_accountevent e ON e.id = y.event_id
  JOIN accounts_user u ON u.id = e.actor_id
  JOIN accounts_user g ON g.id = {_GIVER}
 WHERE c.id = ANY(%s::bigint[])
   AND NOT EXISTS (SELECT 1 FROM accounts_payee z JOIN accounts_accountevent o ON o.id = z.event_id
                     LEFT JOIN accounts_user u ON u.id = o.actor_id
                     LEFT JOIN accounts_user k ON u.id IS NOT NULL AND k.id = {_GIVER}
                    WHERE z.person_id = y.person_id AND z.bank = y.bank AND z.account = y.account
                      AND k.id IS DISTINCT FROM g.id AND (k.person_id IS NULL OR k.person_id IS DISTINCT FROM g.person_id))
 ORDER BY c.id"""  # noqa: S608 - constants


def given_by_one(claim_ids: Sequence[int]) -> dict[int, int]:
    """Of the claims that stand as a rule decided them: which log-in of staff alone said where they are paid. One query."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN_BY_ONE, [list(claim_ids)])
        return dict(cursor.fetchall())
