"""What partners' programs are told of claims, written in the transaction of the change, for one claim or for many.

A claim belongs to the partner that knows its person by a number of its own. Whoever moves claims holds the locks of their
statuses, so that two who move one claim give its events different numbers, and none is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from claims import hints
from claims.models import QUEUED_AS, DecisionStatus, EndpointState, ReviewStatus, WebhookKind
from services.prepared import prepared_cursor

_REVIEW = "m.review = '{0}' AND s.review <> '{0}'"
_APPEAL_OPEN = f"s.reasons && '{{{','.join(QUEUED_AS.values())}}}'"
# When each is written: `s` is the status before, `m` what it becomes (null: as it was). That a claim is held, proposed to a
# second person or taken by somebody is for us; where it stands then is in the next event, and behind the API.
WHEN: dict[str, str] = {
    WebhookKind.WITHDRAWN: _REVIEW.format(ReviewStatus.WITHDRAWN),
    WebhookKind.MERGED: _REVIEW.format(ReviewStatus.MERGED),
    WebhookKind.APPEALED: "m.kind = 'appeal_opened'",
    WebhookKind.UNDER_REVIEW: "m.review = 'queued' AND s.review NOT IN ('queued', 'in_review', 'proposed')",
    WebhookKind.DOCUMENTS_REQUESTED: _REVIEW.format(ReviewStatus.AWAITING_CLAIMANT),
    WebhookKind.DECIDED: "m.stands IS NOT NULL OR m.decision = 'answered' AND s.decision <> 'answered'",
    WebhookKind.DECISION_UNDONE: f"m.decision = '{DecisionStatus.UNDECIDED}' AND s.decision <> '{DecisionStatus.UNDECIDED}'",
    WebhookKind.APPEAL_ANSWERED: f"m.stands IS NOT NULL AND {_APPEAL_OPEN}",
    WebhookKind.PAYMENT_CHANGED: "m.payment <> s.payment",
    WebhookKind.CLOSED: _REVIEW.format(ReviewStatus.CLOSED),
}


def tell_of_moves(moves: Mapping[str, Any], *, now: datetime) -> int:
    """Before the statuses change; `moves`: the columns of `make_moves`. How many deliveries that makes."""
    if not any(moves["reviews"] + moves["decisions"] + moves["payments"]):
        return 0  # a statement less for moves that leave all statuses as they are
    return _write(OF_MOVES, moves, now)


def tell_of_filing(claim_ids: Sequence[int], *, now: datetime) -> int:
    """Claims that were just made."""
    return _write(OF_FILING, {"claims": list(claim_ids), "now": now}, now) if claim_ids else 0


def _write(head: str, columns: Mapping[str, Any], now: datetime) -> int:
    with prepared_cursor(rows=len(columns["claims"])) as cursor:
        cursor.execute(CONCERNED, {"claims": columns["claims"]})
        if not cursor.fetchone()[0]:
            return 0
    with connection.cursor() as cursor:
        cursor.execute(head + WRITE, columns)
        made: int = cursor.rowcount
    if made:
        hints.write_hint(hints.DELIVER_WEBHOOKS, now=now)
    return made


_KINDS = ",\n".join(f"({place}, '{kind}', {holds})" for place, (kind, holds) in enumerate(WHEN.items()))
# Whether a partner is to be told of any of these claims. Asked first: it is planned in a tenth of the time of what writes.
# While no partner has an endpoint, one small table is read and nothing else.
_STANDS = f"SELECT e.partner_id FROM claims_webhookendpoint e WHERE e.state <> '{EndpointState.REMOVED}'"  # noqa: S608 - constants
CONCERNED = f"""
SELECT EXISTS (SELECT 1 FROM claims_claim c JOIN accounts_partnerperson p ON p.person_id = c.person_id
                WHERE c.id = ANY(%(claims)s::bigint[]) AND p.partner_id IN ({_STANDS}) AND EXISTS ({_STANDS}))"""  # noqa: S608
OF_MOVES = f"""
WITH told AS (
    SELECT s.claim_id, k.place, k.kind, coalesce(m.review, s.review) AS review, coalesce(m.decision, s.decision) AS decision,
           coalesce(m.payment, s.payment) AS payment
      FROM unnest(%(claims)s::bigint[], %(kinds)s::text[], %(reviews)s::text[], %(decisions)s::text[], %(stands)s::bigint[],
                  %(payments)s::text[]) AS m(claim_id, kind, review, decision, stands, payment)
      JOIN claims_claimstatus s USING (claim_id)
     CROSS JOIN LATERAL (VALUES {_KINDS}) AS k(place, kind, holds)
     WHERE k.holds
)"""  # noqa: S608 - constants
OF_FILING = f"""
WITH told AS (
    SELECT s.claim_id, 0 AS place, '{WebhookKind.FILED}' AS kind, s.review, s.decision, s.payment
      FROM claims_claimstatus s WHERE s.claim_id = ANY(%(claims)s)
)"""  # noqa: S608 - constants
# Also while all endpoints of the partner are disabled, and of kinds that none of them wants: what is missed takes its number,
# so that it is seen to be missing, and can be replayed.
WRITE = f"""
, numbered AS (
    SELECT c.id AS claim_id, p.partner_id, t.kind,
           coalesce((SELECT max(e.number) FROM claims_webhookevent e WHERE e.claim_id = c.id), 0)
               + row_number() OVER (PARTITION BY c.id ORDER BY t.place) AS number,
           c.reference, i.key AS incident, p.external_id, t.review, t.decision, t.payment
      FROM told t
      JOIN claims_claim c ON c.id = t.claim_id
      JOIN accounts_partnerperson p ON p.person_id = c.person_id
      JOIN services_incident i ON i.id = c.incident_id
     WHERE p.partner_id IN ({_STANDS})
), worded AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('claims_webhookevent', 'id')) AS id, gen_random_uuid() AS key, partner_id, claim_id,
           number, kind, replace(gen_random_uuid()::text, '-', '') AS salt,
           json_build_object(
               'type', kind,
               'timestamp', to_char(%(now)s::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'data', json_build_object(
                   'claim', reference, 'number', number, 'incident', incident, 'person', external_id,
                   'review', review, 'decision', decision, 'payment', payment))::text AS text
      FROM (SELECT * FROM numbered ORDER BY claim_id, number) n
), events AS (
    INSERT INTO claims_webhookevent (id, partner_id, key, claim_id, number, kind, digest, made_at)
    SELECT id, partner_id, key, claim_id, number, kind,
           encode(sha256(convert_to(salt || E'\\n' || text, 'UTF8')), 'hex'), %(now)s
      FROM worded ORDER BY id
), payloads AS (
    INSERT INTO claims_webhookpayload (event_id, text, salt) SELECT id, text, salt FROM worded ORDER BY id
)
INSERT INTO claims_webhookdelivery (event_id, endpoint_id, state, attempts, due_at)
SELECT w.id, e.id, 'waiting', 0, %(now)s
  FROM worded w
  JOIN claims_webhookendpoint e ON e.partner_id = w.partner_id AND e.state = '{EndpointState.ENABLED}'
       AND (e.kinds = '{{}}' OR w.kind = ANY(e.kinds))
 ORDER BY w.id, e.id"""  # noqa: S608 - constants
