"""Made-up claims of which some are twins, each for one reason that is known: written by SQL, the same for the same numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from services.models import Incident
from services.operations import load_service_tree
from services.seoul import SEOUL

BEGAN = datetime(2031, 6, 1, 15, 30, tzinfo=SEOUL)
NOW = datetime(2031, 6, 3, tzinfo=SEOUL)
SERVICES = ("kakaotalk.text_message", "melon.streaming", "kakao_t.taxi_call")
USED = "kakao_t_bike.ride_end_billing"
# Each has a stretch of claims of its own, of which the second half is planted upon the first, one by one.
BY_KEY = ("phone", "email", "payee", "document", "device", "account", "name")
BY_TIME = ("usage", "overlapping", "before")  # of the last two the first half alone is impossible, the second nearly so
DECOYS = "apart"  # one name at another time: no twins
STRETCHES = (*BY_KEY, *BY_TIME, DECOYS)

Hints = dict[tuple[int, int | None], list[str]]


@dataclass
class Planted:
    """Claims by place, and the hints that a finder owes: reasons by (claim, other claim or None)."""

    incident: Incident
    each: int
    claims: list[int] = field(default_factory=list)
    expected: Hints = field(default_factory=dict)


@transaction.atomic
def plant(*, claims: int) -> Planted:
    """`claims` of which one in 250 is a planted twin for each reason; of the others half have a common name.

    One in 200, but at least 20, have the phone of a call centre, and as many the card terminal of a market.
    """
    load_service_tree()
    incident = Incident.objects.create(key="bench-twins", title_ko="지어낸 장애", title_en="Made up", started_at=BEGAN)
    planted = Planted(incident, claims // 250)
    _write(planted, claims)
    planted.expected = _expected(planted)
    return planted


@transaction.atomic
def add_claims(planted: Planted, *, claims: int) -> list[int]:
    """New claims, every second with the phone of one that was there: of the last stretch, from its end. Their ids."""
    known = len(planted.claims)
    _write(planted, claims, first=known)
    new = planted.claims[known:]
    originals = planted.claims[known - claims : known][::-1]
    for claim, original in list(zip(new, originals, strict=True))[::2]:
        planted.expected[claim, original] = ["same_phone"]
    return new


def _write(planted: Planted, claims: int, *, first: int = 0) -> None:
    values: dict[str, Any] = {
        "incident": planted.incident.pk, "first": first, "claims": claims, "each": planted.each, "now": NOW, "began": BEGAN,
        "stretches": list(STRETCHES), "services": list(SERVICES), "used": USED,
        "common": max(1, claims // 100), "shared": max(20, claims // 200),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, values)
        cursor.execute("SELECT claim_id FROM placed ORDER BY place")
        planted.claims += [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE placed")


def _expected(planted: Planted) -> Hints:
    expected: Hints = {}
    for number, stretch in enumerate(STRETCHES[:-1]):
        halves = planted.claims[2 * planted.each * number :][: 2 * planted.each]
        one, other = halves[: planted.each], halves[planted.each :]
        if stretch in BY_TIME[1:]:
            reason = {"overlapping": "overlapping_usage", "before": "before_usage"}[stretch]
            expected |= {(claim, None): [reason] for claim in one}
        else:
            expected |= {pair: [f"same_{stretch}"] for pair in zip(other, one, strict=True)}
    return expected


# `source` is whose value a claim has of what its stretch is named after: its own, or that of the one it is planted upon.
# hashint8extended is PostgreSQL's own; seeds keep the columns apart.
STATEMENTS = (
    "SET LOCAL statement_timeout = 0",
    """CREATE TEMPORARY TABLE placed AS
       SELECT place, stretch, half, CASE WHEN half = 1 THEN place - %(each)s ELSE place END AS source,
              NULL::bigint AS person_id, NULL::bigint AS claim_id
         FROM (SELECT n AS place, CASE WHEN %(first)s = 0 THEN (%(stretches)s::text[])[1 + (n - 1) / (2 * %(each)s)] END
                      AS stretch, (n - 1) / %(each)s %% 2 AS half
                 FROM generate_series(%(first)s + 1, %(first)s + %(claims)s) n) p""",
    # New ones: every second has the phone of an old one, the last of those first.
    """UPDATE placed SET stretch = 'phone', half = 1, source = 2 * %(first)s + 1 - place
        WHERE %(first)s > 0 AND (place - %(first)s) %% 2 = 1""",
    "UPDATE placed SET half = 0, source = place WHERE stretch IS NULL",
    """WITH p AS (INSERT INTO accounts_person (public_id, created_at)
                  SELECT md5('twins' || place)::uuid, %(now)s FROM placed ORDER BY place RETURNING id, public_id)
       UPDATE placed SET person_id = p.id FROM p WHERE p.public_id = md5('twins' || place)::uuid""",
    "ANALYZE placed",
    """INSERT INTO accounts_personaldata (person_id, name, phone, email)
       SELECT person_id,
              CASE WHEN stretch IN ('name', 'apart') THEN '이름' || source
                   WHEN stretch IS NULL AND place %% 2 = 0 THEN '흔한 이름 ' || place / 2 %% %(common)s
                   ELSE '이름' || place END,
              CASE WHEN %(first)s = 0 AND place > %(claims)s - 3 * %(shared)s AND place <= %(claims)s - 2 * %(shared)s
                   THEN '1588-1234'
                   WHEN stretch = 'phone' AND half = 1
                   THEN '+82 10-' || overlay(lpad(source::text, 8, '0') PLACING '-' FROM 5 FOR 0)
                   ELSE '010' || lpad(place::text, 8, '0') END,
              CASE WHEN stretch = 'email' AND half = 1 THEN 'Somebody' || source || '@EXAMPLE.com'
                   ELSE 'somebody' || place || '@example.com' END
         FROM placed ORDER BY place""",
    """WITH c AS (INSERT INTO claims_claim (reference, person_id, incident_id, origin, filed_at)
                  SELECT 'C-' || left(word, 4) || '-' || right(word, 4), person_id, %(incident)s, 'proactive', %(now)s
                    FROM (SELECT person_id, place, lpad(upper(to_hex(place)), 8, '0') AS word FROM placed) w
                   ORDER BY place RETURNING id, person_id)
       UPDATE placed SET claim_id = c.id FROM c WHERE c.person_id = placed.person_id""",
    """INSERT INTO claims_claimstatus (claim_id, incident_id, review, decision, payment, moves, reasons, moved_at, kind,
                                       currency, answer_due_date)
       SELECT claim_id, %(incident)s, 'received', 'undecided', 'nothing', 0, '{}', %(now)s, 'unsorted', '', %(now)s
         FROM placed ORDER BY place""",
    # Half an hour to ten hours, on the first day; of one name and apart: a month later.
    """INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin)
       SELECT claim_id, 1, s.id, start_at, start_at + make_interval(secs => 1800 + mod(abs(hashint8extended(place, 3)), 34200)),
              '', 'told'
         FROM (SELECT claim_id, place,
                      (%(services)s::text[])[1 + mod(abs(hashint8extended(source, 1)), 3)] AS service,
                      %(began)s::timestamptz + make_interval(secs => mod(abs(hashint8extended(source, 2)), 86400),
                          days => CASE WHEN stretch = 'apart' THEN 30 * half ELSE 0 END) AS start_at
                 FROM placed) l
         JOIN services_service s ON s.code = l.service
        ORDER BY place""",
    # Every fifth has a ride, and a loss by it; a ride of the stretch of usage is lost by the planted claim as well.
    """INSERT INTO claims_usage (person_id, service_id, kind, start_at, end_at, currency, external_id, recorded_at)
       SELECT person_id, s.id, 'ride', %(began)s::timestamptz - interval '20 minutes',
              %(began)s::timestamptz + interval '1 hour', '', 'ride' || place, %(now)s
         FROM placed JOIN services_service s ON s.code = %(used)s
        WHERE (place %% 5 = 0 AND stretch IS DISTINCT FROM 'apart') OR stretch = 'overlapping'
              OR (stretch = 'usage' AND half = 0)
        ORDER BY place""",
    """INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin, usage_id)
       SELECT p.claim_id, 1, u.service_id, u.start_at, u.end_at, 'ride', 'derived', u.id
         FROM placed p
         JOIN claims_usage u ON u.external_id = 'ride' || CASE WHEN stretch = 'usage' THEN p.source ELSE p.place END
        ORDER BY p.place""",
    # Another ride: half an hour before the first one is over, or a minute, as clocks differ.
    """INSERT INTO claims_usage (person_id, service_id, kind, start_at, end_at, currency, external_id, recorded_at)
       SELECT person_id, s.id, 'ride', %(began)s::timestamptz + make_interval(mins => CASE WHEN half = 0 THEN 30 ELSE 59 END),
              %(began)s::timestamptz + interval '2 hours', '', 'second' || place, %(now)s
         FROM placed JOIN services_service s ON s.code = %(used)s WHERE stretch = 'overlapping' ORDER BY place""",
    # Begun a minute after the loss, or as it began. Every seventh of the others has one since a year ago.
    """INSERT INTO claims_usage (person_id, service_id, kind, start_at, currency, external_id, recorded_at)
       SELECT person_id, l.service_id, 'subscription',
              CASE WHEN stretch IS DISTINCT FROM 'before' THEN l.start_at - interval '1 year'
                   WHEN half = 0 THEN l.start_at + interval '1 minute' ELSE l.start_at END,
              '', 'held' || place, %(now)s
         FROM placed p JOIN claims_loss l ON l.claim_id = p.claim_id AND l.origin = 'told'
        WHERE stretch = 'before' OR place %% 7 = 0 ORDER BY place""",
    # What is of people is keyed by the operation; the others are only equal or not.
    """INSERT INTO claims_claimkey (claim_id, incident_id, kind, digest)
       SELECT claim_id, %(incident)s, kind,
              md5(kind || CASE WHEN kind = 'device' AND %(first)s = 0 AND place > %(claims)s - 2 * %(shared)s
                                    AND place <= %(claims)s - %(shared)s THEN 'terminal'
                               WHEN stretch = kind THEN source::text ELSE place::text END)::uuid
         FROM placed CROSS JOIN unnest('{payee,document,device}'::text[]) kind ORDER BY place""",
    """INSERT INTO claims_claimkey (claim_id, incident_id, kind, digest)
       SELECT claim_id, %(incident)s, 'account', md5('operator' || source)::uuid FROM placed WHERE stretch = 'account'""",
)
