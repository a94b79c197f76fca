"""Usage x the official record = losses, and the facts that usage attests. All in SQL, for one person or millions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Partner
from claims import hints
from claims.eligibility import instant_of, is_below
from claims.eligibility.segments import dependencies, governing_windows
from claims.facts import record_of
from claims.models import Claim, ClaimOrigin, CountDue, DueCause, Event
from claims.models.intake import LOCK_EVENT_SQL, LOSS_STANDS_SQL
from claims.operations.checks import service_ids
from claims.operations.intake import insert_claims
from claims.operations.locks import lock_incident
from claims.operations.policy import published_facts
from services.instants import check_instant
from services.models import Incident, RecordVersion


@dataclass(frozen=True)
class Derived:
    """What was added."""

    claims: int
    revisions: int
    losses: int
    facts: int


def derive_losses(
    *,
    incident: Incident,
    now: datetime,
    person_ids: Sequence[int] | None = None,
    since: RecordVersion | None = None,
) -> Derived:
    """Add the losses that usage and the record in force give, and the facts of the usage; of all people or these.

    With `since` only windows that this earlier version did not have make new losses, and only people who
    gain one are looked at: what else they have was derived when it came in.
    A ride or shift loses the service it used, and each that this depends on (then with `via`), where a
    governing window overlaps it; the loss has the whole span of the usage. Whoever has no claim
    about the incident gets one. A ride whose service the claimant told as lost at that time gives
    its facts to that told loss and makes no second one: its bill is paid back once. A subscription
    is held, not used: it gives facts and no loss. So does a lock, to the loss of its ride, whichever came first.
    Whatever is there already is not added again, so calling this twice adds nothing.
    """
    now = check_instant(now, "now")
    lock_incident(incident.pk, "derive")
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        _write_affected(cursor, incident, since)
        people = None if person_ids is None else list(person_ids)
        scope = {
            "incident": incident.pk,
            "people": people,
            "everybody": since is None,
            "now": now,
            "began": incident.started_at,
        }
        if since is None:
            _match_rides(cursor, scope)
        cursor.execute(CANDIDATES, scope)
        opened = _open_claims(cursor, incident, now)
        cursor.execute(NEW_FACTS, scope)
        if since is None:
            cursor.execute(LOCKED, scope)
        _write_asked(cursor)
        cursor.execute(SUBSCRIBED, scope)
        derived = _write(cursor, scope, opened)
        cursor.execute(DROP_TABLES)
    if derived.losses:
        CountDue.objects.create(incident=incident, created_at=now)
    if derived.revisions:
        data = {"incident": incident.pk, "claims": opened, "losses": derived.losses, "facts": derived.facts}
        Event.objects.create(at=now, kind="losses_derived", data=data)
        hints.write_hint(hints.PLAN_RUNS, now=now)
    return derived


def count_affected(*, incident: Incident, since: RecordVersion | None, most: int) -> int:
    """How many usage rows meet windows that `since` did not have, counted up to `most`."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        _write_affected(cursor, incident, since)
        cursor.execute(
            """SELECT count(*) FROM (
                   SELECT 1 FROM affected a JOIN claims_usage u ON a.used = u.service_id AND u.start_at < a.end_at
                      AND coalesce(u.end_at, 'infinity') > a.start_at LIMIT %s) met""",
            [most],
        )
        count = int(cursor.fetchone()[0])
        cursor.execute(DROP_TABLES)
    return count


def _write_affected(cursor: Any, incident: Incident, since: RecordVersion | None) -> None:
    """The small side of the join: which use loses which service, and when."""
    version = incident.versions.order_by("-number").first()
    known = set() if since is None else set(_affected(since))
    rows = [] if version is None else [row for row in _affected(version) if row not in known]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    cursor.execute(
        """INSERT INTO affected
           SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])""",
        columns,
    )


def _affected(version: RecordVersion) -> Iterator[tuple[int, int, datetime, datetime]]:
    """(used service, lost service, start, end); open windows end at the version's `as_of`."""
    record = record_of(version)
    ids = service_ids()
    for used, used_id in ids.items():
        for lost in [used, *dependencies(record, used)]:
            for window in governing_windows(record, lost):
                end_at = record.end_of(window)
                if end_at > window.start_at:
                    yield used_id, ids[lost], instant_of(window.start_at), instant_of(end_at)


def _write_asked(cursor: Any) -> None:
    """Which subscription attests which fact: what the published policies say, with the services below those they name."""
    ids = service_ids()
    asked = [(name, spec.attested_by) for name, spec in published_facts().items() if spec.attested_by is not None]
    rows = [
        (name, by.value, by.currency, pk)
        for name, by in asked
        for code, pk in ids.items()
        if any(is_below(code, wanted) for wanted in by.subscription or ())
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    cursor.execute("INSERT INTO asked SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])", columns)


def _match_rides(cursor: Any, scope: dict[str, Any]) -> None:
    """Pair rides and told losses one to one, the longest overlap first: a round finds all mutual favourites."""
    cursor.execute(MATCH_RIDES, scope)
    while cursor.rowcount:
        cursor.execute(MATCH_RIDES, scope)


def _open_claims(cursor: Any, incident: Incident, now: datetime) -> int:
    """Claims for people who lost something and have none, by the partner of their first usage."""
    cursor.execute(
        """SELECT first_partner, array_agg(person_id)
             FROM (SELECT DISTINCT ON (person_id) person_id, partner_id AS first_partner
                     FROM candidate ORDER BY person_id, usage_id) people
            WHERE NOT EXISTS (SELECT 1 FROM claims_claim c WHERE c.person_id = people.person_id AND c.incident_id = %s)
            GROUP BY first_partner ORDER BY first_partner""",
        [incident.pk],
    )
    opened = 0
    for partner_id, people in cursor.fetchall():
        partner = None if partner_id is None else Partner.objects.get(pk=partner_id)
        origin = ClaimOrigin.PROACTIVE if partner is None else ClaimOrigin.PARTNER
        opened += len(insert_claims(person_ids=people, incident_id=incident.pk, origin=origin, partner=partner, now=now))
    return opened


def _write(cursor: Any, scope: dict[str, Any], opened: int) -> Derived:
    """One new revision for each claim that gained something, with its losses, facts and due row."""
    # In the order of their ids, as everybody locks claims.
    locked = Claim.objects.filter(pk__in=_gaining(cursor, scope)).order_by("pk").select_for_update(no_key=True)
    claims = list(locked.values_list("pk", flat=True))
    # Whoever puts a loss back holds its claim: only now is it known whether a ride has met one that counts again.
    for again in (NO_FACTS_TWICE, NO_RIDE_TWICE):
        cursor.execute(again, {"claims": claims})
    cursor.execute(NEXT_REVISIONS, {**scope, "claims": _gaining(cursor, scope)})
    revisions = cursor.rowcount
    cursor.execute(WRITE_REVISIONS, scope)
    cursor.execute(WRITE_LOSSES, scope)
    losses = cursor.rowcount
    cursor.execute(WRITE_FACTS, scope)
    facts = cursor.rowcount
    cursor.execute(WRITE_DUE, {**scope, "cause": DueCause.REVISION.value})
    cursor.execute(WRITE_TWINS_DUE, scope)
    return Derived(claims=opened, revisions=revisions, losses=losses, facts=facts)


def _gaining(cursor: Any, scope: dict[str, Any]) -> list[int]:
    cursor.execute(CLAIMS_THAT_GAIN, scope)
    return [row[0] for row in cursor.fetchall()]


TABLES = """
CREATE TEMPORARY TABLE affected (used bigint, lost bigint, start_at timestamptz, end_at timestamptz) ON COMMIT DROP;
CREATE TEMPORARY TABLE asked (name text, value text, currency text, service bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE matched (usage_id bigint, loss_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE candidate (
    usage_id bigint, person_id bigint, partner_id bigint, service_id bigint, via_id bigint,
    start_at timestamptz, end_at timestamptz, kind text) ON COMMIT DROP;
CREATE TEMPORARY TABLE new_fact (
    claim_id bigint, loss_id bigint, ride_id bigint, usage_id bigint, name text, value bigint, provenance text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE revised (claim_id bigint PRIMARY KEY, number int) ON COMMIT DROP;
"""

DROP_TABLES = "DROP TABLE affected, asked, matched, candidate, new_fact, revised"

# Whether the usage `u` has given its facts to a told loss of the claim `c` that counts.
MET_A_TOLD_LOSS = """EXISTS (
    SELECT 1 FROM claims_fact f JOIN claims_loss l ON l.id = f.loss_id AND l.origin = 'told'
     WHERE f.claim_id = c.id AND f.usage_id = u.id AND LOSS_STANDS)""".replace("LOSS_STANDS", LOSS_STANDS_SQL)

# A told loss takes one ride and a ride one told loss. Those that already have each other keep each other:
# their facts name the usage; a loss that was withdrawn has none. A ride that has made a loss of its own needs none, unless that
# was withdrawn because it was told twice, and by no other ride at the time. Where overlaps tie, the n-th ride prefers the
# n-th loss, so that many alike are paired in one round and not one a round.
MATCH_RIDES = """
WITH pair AS (
    SELECT c.id AS claim_id, u.id AS usage_id, l.id AS loss_id,
           least(coalesce(u.end_at, 'infinity'), coalesce(l.end_at, 'infinity')) - greatest(u.start_at, l.start_at) AS overlap
      FROM claims_claim c
      JOIN claims_loss l ON l.claim_id = c.id AND l.origin = 'told'
      JOIN claims_usage u ON u.person_id = c.person_id AND u.service_id = l.service_id AND u.kind = 'ride'
           AND u.start_at < coalesce(l.end_at, 'infinity') AND coalesce(u.end_at, 'infinity') > l.start_at
     WHERE c.incident_id = %(incident)s AND (%(people)s::bigint[] IS NULL OR c.person_id = ANY(%(people)s::bigint[]))
       AND LOSS_STANDS
       AND NOT EXISTS (
           SELECT 1 FROM claims_loss l
            WHERE l.claim_id = c.id AND l.usage_id = u.id AND l.via_id IS NULL
              AND ((SELECT g.reason FROM claims_lossstanding g WHERE g.loss_id = l.id ORDER BY g.revision DESC LIMIT 1)
                       IS DISTINCT FROM 'told_twice'
                   OR EXISTS (SELECT 1 FROM claims_usage other
                                JOIN claims_loss l ON l.claim_id = c.id AND l.usage_id = other.id AND l.via_id IS NULL
                               WHERE other.person_id = u.person_id AND other.service_id = u.service_id AND other.kind = 'ride'
                                 AND other.id <> u.id AND other.start_at < coalesce(u.end_at, 'infinity')
                                 AND coalesce(other.end_at, 'infinity') > u.start_at AND LOSS_STANDS)))
       AND NOT EXISTS (SELECT 1 FROM claims_fact f WHERE f.claim_id = c.id AND f.loss_id = l.id AND f.usage_id IS NOT NULL)
       AND NOT MET_A_TOLD_LOSS
       AND NOT EXISTS (SELECT 1 FROM matched m WHERE m.usage_id = u.id OR m.loss_id = l.id)
), placed AS (
    SELECT *, abs(dense_rank() OVER (PARTITION BY claim_id ORDER BY usage_id)
                  - dense_rank() OVER (PARTITION BY claim_id ORDER BY loss_id)) AS apart
      FROM pair
), ranked AS (
    SELECT usage_id, loss_id,
           row_number() OVER (PARTITION BY usage_id ORDER BY overlap DESC, apart, loss_id) AS by_ride,
           row_number() OVER (PARTITION BY loss_id ORDER BY overlap DESC, apart, usage_id) AS by_loss
      FROM placed
)
INSERT INTO matched SELECT usage_id, loss_id FROM ranked WHERE by_ride = 1 AND by_loss = 1
""".replace("MET_A_TOLD_LOSS", MET_A_TOLD_LOSS).replace("LOSS_STANDS", LOSS_STANDS_SQL)

CANDIDATES = """
INSERT INTO candidate
SELECT DISTINCT u.id, u.person_id, u.partner_id, a.lost, CASE WHEN a.lost <> u.service_id THEN u.service_id END,
       u.start_at, u.end_at, u.kind
  FROM claims_usage u
  JOIN affected a ON a.used = u.service_id AND u.start_at < a.end_at AND coalesce(u.end_at, 'infinity') > a.start_at
  LEFT JOIN claims_claim c ON c.person_id = u.person_id AND c.incident_id = %(incident)s
 WHERE (%(people)s::bigint[] IS NULL OR u.person_id = ANY(%(people)s::bigint[])) AND u.kind IN ('ride', 'shift')
   AND NOT EXISTS (SELECT 1 FROM claims_loss l WHERE l.claim_id = c.id AND l.usage_id = u.id AND l.service_id = a.lost)
   AND NOT (a.lost = u.service_id AND u.kind = 'ride' AND (
            EXISTS (SELECT 1 FROM matched m WHERE m.usage_id = u.id)
            OR MET_A_TOLD_LOSS))
""".replace("MET_A_TOLD_LOSS", MET_A_TOLD_LOSS)

# Facts of a ride are of its loss, told or of its own service. A bill in another currency is none of a policy's in won.
# When it was locked the lock event says, which is what happened to the bike; what the partner wrote of the ride, where there is
# none. Of two rides of one person at once the later reported may be the first one corrected, or told by a second partner:
# nobody's word decides on it but a person's, else one ride could be paid back twice.
NEW_FACTS = """
WITH attested AS (
    SELECT c.id AS claim_id, m.loss_id, u.*
      FROM matched m JOIN claims_loss l ON l.id = m.loss_id JOIN claims_claim c ON c.id = l.claim_id
      JOIN claims_usage u ON u.id = m.usage_id
    UNION ALL
    SELECT c.id, NULL, u.*
      FROM candidate d JOIN claims_usage u ON u.id = d.usage_id
      JOIN claims_claim c ON c.person_id = u.person_id AND c.incident_id = %(incident)s
     WHERE u.kind = 'ride' AND d.via_id IS NULL
)
INSERT INTO new_fact
SELECT claim_id, loss_id, u.id, said.usage_id, said.name, said.value,
       CASE WHEN partner_id IS NULL OR EXISTS (
                SELECT 1 FROM claims_usage other
                 WHERE other.person_id = u.person_id AND other.service_id = u.service_id AND other.kind = 'ride'
                   AND other.id < u.id AND other.start_at < coalesce(u.end_at, 'infinity')
                   AND coalesce(other.end_at, 'infinity') > u.start_at)
            THEN 'claimant' ELSE 'partner' END
  FROM attested u
  LEFT JOIN LATERAL LOCK_EVENT event ON true
  CROSS JOIN LATERAL (VALUES
       (u.id, 'ride_started_at', (extract(epoch FROM start_at) * 1000000)::bigint),
       (u.id, 'ride_ended_at', (extract(epoch FROM end_at) * 1000000)::bigint),
       (coalesce(event.id, u.id), 'ride_locked_at', (extract(epoch FROM coalesce(event.at, locked_at)) * 1000000)::bigint),
       (u.id, 'ride_charge', CASE WHEN currency = 'KRW' THEN charge_minor END)) AS said(usage_id, name, value)
 WHERE said.value IS NOT NULL
""".replace("LOCK_EVENT", LOCK_EVENT_SQL)

# The lock event of a ride that has given its facts already, wherever it gave them, and by the same word. What usage has said
# of the lock before is not added again.
LOCKED = """
INSERT INTO new_fact
SELECT f.claim_id, f.loss_id, NULL, event.id, 'ride_locked_at', said.value, f.provenance
  FROM claims_claim c
  JOIN claims_fact f ON f.claim_id = c.id AND f.name = 'ride_started_at'
  JOIN claims_usage u ON u.id = f.usage_id
  CROSS JOIN LATERAL LOCK_EVENT event
  CROSS JOIN LATERAL (SELECT (extract(epoch FROM event.at) * 1000000)::bigint AS value) said
 WHERE c.incident_id = %(incident)s AND (%(people)s::bigint[] IS NULL OR c.person_id = ANY(%(people)s::bigint[]))
   AND said.value IS DISTINCT FROM (
           SELECT l.int_value FROM claims_fact l
            WHERE l.claim_id = c.id AND l.loss_id = f.loss_id AND l.name = 'ride_locked_at' AND l.usage_id IS NOT NULL
            ORDER BY l.id DESC LIMIT 1)
""".replace("LOCK_EVENT", LOCK_EVENT_SQL)

# Facts of a subscription are of the claim, loss or no loss, and only those that a policy wants of its service. The
# one held when the incident began speaks; where none was, the next one; one that had ended before is not heard.
SUBSCRIBED = """
WITH held AS (
    SELECT DISTINCT ON (c.id, a.name) c.id AS claim_id, a.name, u.id AS usage_id, u.partner_id,
           CASE a.value WHEN 'charge' THEN CASE WHEN u.currency = a.currency THEN u.charge_minor END
                        WHEN 'started_at' THEN (extract(epoch FROM u.start_at) * 1000000)::bigint
                        ELSE (extract(epoch FROM u.end_at) * 1000000)::bigint END AS value
      FROM claims_claim c
      JOIN claims_usage u ON u.person_id = c.person_id AND u.kind = 'subscription'
           AND coalesce(u.end_at, 'infinity') > %(began)s
      JOIN asked a ON a.service = u.service_id
     WHERE c.incident_id = %(incident)s AND (%(people)s::bigint[] IS NULL OR c.person_id = ANY(%(people)s::bigint[]))
       AND (%(everybody)s OR c.person_id IN (SELECT person_id FROM candidate))
     ORDER BY c.id, a.name, u.start_at > %(began)s, abs(extract(epoch FROM u.start_at - %(began)s)), u.id
)
INSERT INTO new_fact
SELECT claim_id, NULL, NULL, usage_id, name, value, CASE WHEN partner_id IS NULL THEN 'claimant' ELSE 'partner' END
  FROM held h
 WHERE value IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM claims_fact f WHERE f.claim_id = h.claim_id AND f.name = h.name AND f.usage_id = h.usage_id)
"""

# Rides of these claims that have given their facts to a loss that was put back: none that is still a candidate had when the
# candidates were chosen. They make no loss of their own then, and give their facts to no other; what was lost by depending on
# their service stays lost.
PUT_BACK = f"""
WITH put_back AS (
    SELECT DISTINCT f.claim_id, f.usage_id
      FROM claims_lossstanding s
      JOIN claims_loss l ON l.id = s.loss_id
      JOIN claims_fact f ON f.claim_id = l.claim_id AND f.loss_id = l.id AND f.usage_id IS NOT NULL
     WHERE s.claim_id = ANY(%(claims)s::bigint[]) AND s.stands AND {LOSS_STANDS_SQL}
)"""  # noqa: S608 - constants
NO_FACTS_TWICE = (
    PUT_BACK
    + """
DELETE FROM new_fact n USING put_back p WHERE n.claim_id = p.claim_id AND n.ride_id = p.usage_id"""
)
NO_RIDE_TWICE = (
    PUT_BACK
    + """
DELETE FROM candidate d USING put_back p WHERE d.usage_id = p.usage_id AND d.via_id IS NULL"""
)

CLAIMS_THAT_GAIN = """
SELECT c.id FROM candidate d JOIN claims_claim c ON c.person_id = d.person_id AND c.incident_id = %(incident)s
UNION SELECT claim_id FROM new_fact
"""

NEXT_REVISIONS = """
INSERT INTO revised
SELECT gaining.id, 1 + coalesce((SELECT max(r.number) FROM claims_claimrevision r WHERE r.claim_id = gaining.id), 0)
  FROM unnest(%(claims)s::bigint[]) AS gaining(id)
"""

WRITE_REVISIONS = """
INSERT INTO claims_claimrevision (claim_id, number, cause, asks_for, created_at)
SELECT n.claim_id, n.number, 'derived', coalesce(r.asks_for, '{}'), %(now)s
  FROM revised n LEFT JOIN claims_claimrevision r ON r.claim_id = n.claim_id AND r.number = n.number - 1
 ORDER BY n.claim_id
"""

WRITE_LOSSES = """
INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin, usage_id, via_id)
SELECT n.claim_id, n.number, d.service_id, d.start_at, d.end_at, d.kind, 'derived', d.usage_id, d.via_id
  FROM candidate d
  JOIN claims_claim c ON c.person_id = d.person_id AND c.incident_id = %(incident)s
  JOIN revised n ON n.claim_id = c.id
 ORDER BY n.claim_id, d.start_at, d.usage_id, d.service_id
"""

WRITE_FACTS = """
INSERT INTO claims_fact (claim_id, revision, loss_id, name, int_value, provenance, usage_id, recorded_at)
SELECT f.claim_id, n.number, coalesce(f.loss_id, l.id), f.name, f.value, f.provenance, f.usage_id, %(now)s
  FROM new_fact f
  JOIN revised n ON n.claim_id = f.claim_id
  JOIN claims_usage u ON u.id = f.usage_id
  LEFT JOIN claims_loss l ON f.loss_id IS NULL AND l.claim_id = f.claim_id AND l.usage_id = f.ride_id AND l.via_id IS NULL
 ORDER BY f.claim_id, u.start_at, f.usage_id, f.name
"""

WRITE_DUE = """
INSERT INTO claims_reassessmentdue (claim_id, incident_id, cause, created_at)
SELECT claim_id, %(incident)s, %(cause)s, %(now)s FROM revised ORDER BY claim_id
"""

WRITE_TWINS_DUE = """
INSERT INTO claims_twindue (claim_id, incident_id, attempts, last_error, created_at)
SELECT claim_id, %(incident)s, 0, '', %(now)s FROM revised ORDER BY claim_id
"""
