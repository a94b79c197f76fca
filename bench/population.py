"""Made-up claims for the benchmark: written by SQL in the database, the same for the same numbers."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from claims.demonstration.loading import INCIDENT
from claims.demonstration.steps import load_policies, load_record
from services.models import Incident

# Two in five losses are of messages, which the demonstration policy counts; the rest has no policy or is parked.
SERVICES = (
    "kakaotalk.text_message", "kakaotalk.text_message", "kakao_t.taxi_call", "melon.streaming", "unnamed_bank.banking",
)  # fmt: skip


def populate(*, claims: int, losses: int) -> Incident:
    """One person, claim, revision, kind and due row per claim, and `losses` spread over them."""
    load_record(up_to=None)
    load_policies()
    incident = Incident.objects.get(key=INCIDENT)
    values: dict[str, Any] = {
        "claims": claims, "losses": losses, "incident": incident.pk, "now": timezone.now(),
        "from": incident.started_at, "services": list(SERVICES), "kinds": ["worker", "taxi_driver", "business", "rider"],
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, values)
    return incident


# hashint8extended is PostgreSQL's own; seeds keep the columns apart.
STATEMENTS = (
    "SET statement_timeout = 0",
    """INSERT INTO accounts_person (public_id, created_at)
       SELECT md5('bench' || n)::uuid, %(now)s FROM generate_series(1, %(claims)s) n""",
    """INSERT INTO claims_claim (reference, person_id, incident_id, origin, filed_at)
       SELECT 'C-' || left(word, 4) || '-' || right(word, 4), id, %(incident)s, 'proactive', %(now)s
         FROM (SELECT id, lpad(upper(to_hex(row_number() OVER (ORDER BY id))), 8, '0') AS word FROM accounts_person) p""",
    """INSERT INTO claims_claimstatus (claim_id, incident_id, review, decision, payment, moves, reasons, moved_at, kind,
                                       currency, answer_due_date)
       SELECT id, incident_id, 'received', 'undecided', 'nothing', 0, '{}', filed_at, 'unsorted', '',
              filed_at + interval '14 days'
         FROM claims_claim""",
    """INSERT INTO claims_claimrevision (claim_id, number, cause, asks_for, created_at)
       SELECT id, 1, 'derived', '{}', %(now)s FROM claims_claim""",
    """INSERT INTO claims_fact (claim_id, revision, name, text_value, provenance, recorded_at)
       SELECT id, 1, 'claimant_kind', (%(kinds)s::text[])[1 + mod(abs(hashint8extended(id, 1)), 4)], 'claimant', %(now)s
         FROM claims_claim""",
    """INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin)
       SELECT c.id, 1, s.id, l.start_at, l.start_at + make_interval(secs => 60 + mod(abs(hashint8extended(l.n, 4)), 30000)),
              '', 'told'
         FROM (SELECT n, 1 + (n - 1) * %(claims)s / %(losses)s AS place,
                      (%(services)s::text[])[1 + mod(abs(hashint8extended(n, 2)), 5)] AS service,
                      %(from)s::timestamptz - interval '2 hours' +
                      make_interval(secs => mod(abs(hashint8extended(n, 3)), 86400)) AS start_at
                 FROM generate_series(1::bigint, %(losses)s) n) l
         JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM claims_claim) c USING (place)
         JOIN services_service s ON s.code = l.service
        ORDER BY l.n""",
    "ANALYZE claims_claim, claims_claimrevision, claims_loss, claims_fact",
)

DUE = """INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
         SELECT id, incident_id, 'revision', now() FROM claims_claim ORDER BY id"""
