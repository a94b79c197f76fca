"""The floor of intake: a WSGI function that makes the rows of one claim with psycopg, and checks nothing.

BENCH_DATABASE=postgres://... gunicorn bench.minimal_intake:application
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import psycopg

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_own = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same rows as `POST /api/v1/claims` makes for a new person with one loss, in one transaction."""
    raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    said = json.loads(raw)
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(os.environ["BENCH_DATABASE"])
        _own.ids = _own.connection.execute(
            "SELECT (SELECT id FROM accounts_partner LIMIT 1), (SELECT id FROM services_incident WHERE key = %s),"
            " (SELECT id FROM services_service WHERE code = %s)",
            [said["incident"], said["losses"][0]["service"]],
        ).fetchone()
    partner, incident, service = _own.ids
    now, loss, word = datetime.now(UTC), said["losses"][0], "".join(secrets.choice(LETTERS) for _ in range(8))
    reference = f"C-{word[:4]}-{word[4:]}"
    body = json.dumps({"reference": reference}).encode()
    with _own.connection.transaction(), _own.connection.cursor() as cursor:
        run = cursor.execute
        (person,) = run(PERSON, [uuid.uuid4(), now]).fetchone()
        run(KNOWN, [partner, said["person"], person])
        (claim,) = run(CLAIM, [reference, person, incident, partner, now]).fetchone()
        run(STATUS, [claim, incident, now, now.date()])
        run(REVISION, [claim, now])
        run(LOSS, [claim, service, loss["start_at"], loss["end_at"]])
        run(REASSESSMENT, [claim, incident, now])
        run(DERIVATION, [incident, claim, now])
        run(COUNT, [incident, now])
        run(EVENT, [now, "claim_opened", claim, '{"revision": 1, "cause": "filed", "losses": 1, "facts": 0}'])
        run(HINT, [now])
        run("SELECT pg_notify('claims_hints', '')")
        run(KEY, [claim, incident, uuid.uuid4()])
        run(TWIN, [claim, incident, now])
        run(PARTNER_CLAIM, [claim, partner, said["external_id"], hashlib.sha256(raw).hexdigest(), now])
        run(EVENT, [now, "claim_filed", claim, '{"channel": "partner", "partner": 1}'])
        run(ANSWER, [environ["HTTP_IDEMPOTENCY_KEY"], hashlib.sha256(raw).hexdigest(), body, now])
    start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


PERSON = "INSERT INTO accounts_person (public_id, created_at) VALUES (%s, %s) RETURNING id"
KNOWN = "INSERT INTO accounts_partnerperson (partner_id, external_id, person_id) VALUES (%s, %s, %s)"
CLAIM = """INSERT INTO claims_claim (reference, person_id, incident_id, origin, partner_id, filed_at)
           VALUES (%s, %s, %s, 'partner', %s, %s) RETURNING id"""
STATUS = """INSERT INTO claims_claimstatus (claim_id, incident_id, review, decision, payment, moves, reasons, moved_at, kind,
                                            currency, answer_due_date)
            VALUES (%s, %s, 'received', 'undecided', 'nothing', 0, '{}', %s, 'unsorted', '', %s)"""
REVISION = """INSERT INTO claims_claimrevision (claim_id, number, cause, asks_for, created_at)
              VALUES (%s, 1, 'filed', '{}', %s)"""
LOSS = """INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin)
          VALUES (%s, 1, %s, %s, %s, '', 'told')"""
REASSESSMENT = """INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
                  VALUES (%s, %s, 'revision', %s)"""
DERIVATION = """INSERT INTO claims_derivationdue (incident_id, claim_id, attempts, last_error, created_at)
                VALUES (%s, %s, 0, '', %s)"""
COUNT = "INSERT INTO claims_countdue (incident_id, created_at) VALUES (%s, %s)"
EVENT = "INSERT INTO claims_event (at, kind, claim_id, data) VALUES (%s, %s, %s, %s::jsonb)"
HINT = "INSERT INTO claims_hint (task, created_at) VALUES ('claims.plan_runs', %s)"
KEY = "INSERT INTO claims_claimkey (claim_id, incident_id, kind, digest) VALUES (%s, %s, 'account', %s)"
TWIN = """INSERT INTO claims_twindue (claim_id, incident_id, attempts, last_error, created_at) VALUES (%s, %s, 0, '', %s)"""
PARTNER_CLAIM = """INSERT INTO claims_partnerclaim (claim_id, partner_id, external_id, content_hash, claimed_at)
                   VALUES (%s, %s, %s, %s, %s)"""
ANSWER = """INSERT INTO claims_keptanswer (caller, key, fingerprint, status, headers, body, made_at)
            VALUES ('minimal', %s, %s, 201, '{}', %s, %s)"""
