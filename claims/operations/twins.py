"""Which claims of an incident may be one: found in sets, as hints for people, and dismissed by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from claims.models import MOST_ATTEMPTS, MOST_PER_KEY, STOPPING_PATTERNS, WEIGHTS, Pattern, Twin, TwinDue, TwinState
from claims.models.intake import LOSS_STANDS_SQL, lock_event_sql
from claims.operations.attempts import attempt
from claims.operations.decisions import CONFIRMERS, DECIDERS, OwnClaim, OwnProposal, check_no_conflict
from claims.operations.keys import key_unkeyed
from claims.operations.locks import lock_incident, take_time, try_lock
from claims.operations.moves import checked_note, log_event
from claims.operations.refusals import AmountOutOfRange
from claims.operations.settlement import standings_are_due
from claims.queries.conflicts import brought_by, conflicting_claims
from claims.queries.twins import keys_of
from services.instants import check_instant
from services.names import UNLISTED
from services.refusals import Refusal, Unknown
from services.staff import require

SLICE = 20_000  # claims; two seconds of work
FIND_SECONDS = 120  # longest statement of a pass
AT_ONCE = timedelta(minutes=5)  # two usages that overlap by less are the clocks of two partners


class UnknownTwin(Unknown):
    code = "unknown_twin"


class UnknownPattern(Unknown):
    code = "unknown_pattern"


class PatternOnlyShown(Refusal):
    """It stops no rule."""

    code = "pattern_only_shown"


class TwinClosed(Refusal):
    code = "twin_closed"


# --- finding ----------------------------------------------------------------------------------------


def find_next_twins(*, now: datetime) -> bool:
    """Compare a slice of the claims that are due with all others; False when none is. Call it outside any transaction.

    What fails is tried five times, claims then one by one. Also False while another process does it.
    """
    now = check_instant(now, "now")
    with attempt(TwinDue) as taken:
        waiting = _waiting() if try_lock("twins") else []
        taken.extend(due for due, _, _ in waiting)
        for incident_id in sorted({incident for _, incident, _ in waiting}):
            _find(incident_id, [one for one in waiting if one[1] == incident_id], now)
    return bool(taken)


def find_twins(*, incident_id: int, now: datetime) -> int:
    """Compare all claims of the incident that are due with all others; how many were due. Expects a transaction.

    Claims that were never keyed are keyed before. What a claim has in common with another one, or says that cannot be,
    becomes a `Twin`; a key of more than MOST_PER_KEY claims a `Pattern`. Nothing else is written. It costs what the claims
    that are due have in common with others, however many others there are.
    """
    now = check_instant(now, "now")
    due = list(TwinDue.objects.filter(incident=incident_id).order_by("pk").values_list(*DUE))
    _find(incident_id, due, now)
    return len({claim for _, _, claim in due})


def compare_now(claim_ids: Sequence[int], *, now: datetime) -> None:
    """Those of these claims that are due, so that what rests on hints knows of the account that was given a moment ago. Expects
    a transaction. What failed before waits for its turn.
    """
    due = list(TwinDue.objects.filter(claim__in=claim_ids, attempts=0).order_by("pk").values_list(*DUE))
    for incident_id in sorted({incident for _, incident, _ in due}):
        _find(incident_id, [one for one in due if one[1] == incident_id], now)


Due = tuple[int, int, int]  # as in DUE
DUE = ("pk", "incident", "claim")


def _waiting() -> list[Due]:
    """Read once: what is compared and what is deleted must be the same rows. One that failed before is tried alone."""
    due = TwinDue.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")
    waiting = list(due.values_list(*DUE, "attempts")[:SLICE])
    fresh = [one[:3] for one in waiting if one[3] == 0]
    return fresh or [one[:3] for one in waiting[:1]]


def _find(incident_id: int, due: Sequence[Due], now: datetime) -> None:
    """One pass at a time for each incident: two would each miss what the other one writes."""
    lock_incident(incident_id, "twins")
    take_time(FIND_SECONDS)
    claims = sorted({claim for _, _, claim in due})
    key_unkeyed(claims)
    values: dict[str, Any] = {
        "incident": incident_id, "unlisted": UNLISTED, "claims": claims, "now": now, "most": MOST_PER_KEY, "at_once": AT_ONCE,
        "reasons": list(WEIGHTS), "weights": list(WEIGHTS.values()), "due": [one[0] for one in due],
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in PASS:
            cursor.execute(statement, values)


# The claims that are compared, who has their keys too, what they lost, and what is found of them. Keys and losses are looked up
# for each in an index (OFFSET 0, or counted): the planner cannot know how few there are, and where it knows nothing of a table
# it would read all of it for each.
TABLES = """
CREATE TEMPORARY TABLE looked (claim_id bigint PRIMARY KEY, again boolean NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE held (kind text, digest uuid, claims bigint[]) ON COMMIT DROP;
CREATE TEMPORARY TABLE lost (
    claim_id bigint, service_id bigint, start_at timestamptz, end_at timestamptz, usage_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE hint (claim_id bigint, other_id bigint, reason text) ON COMMIT DROP"""

LOOK = "INSERT INTO looked SELECT unnest(%(claims)s::bigint[]), false; ANALYZE looked"

# Keys of more claims than one: of those that are due, and then of those that are looked at again.
HELD = """
INSERT INTO held
SELECT key.kind, key.digest, h.claims
  FROM (SELECT DISTINCT k.kind, k.digest
          FROM looked CROSS JOIN LATERAL (
               SELECT kind, digest FROM claims_claimkey WHERE claim_id = looked.claim_id OFFSET 0) k
         WHERE looked.again = AGAIN) key
 CROSS JOIN LATERAL (
       SELECT array_agg(claim_id) AS claims FROM claims_claimkey k
        WHERE k.incident_id = %(incident)s AND k.kind = key.kind AND k.digest = key.digest) h
 WHERE cardinality(h.claims) > 1"""

# A key that has just become a pattern makes no pairs any more: who had some by it is looked at again. Those are few.
PATTERNS = """
WITH pattern AS (
    INSERT INTO claims_pattern (incident_id, kind, digest, claims, counted_at, dismissed_up_to)
    SELECT %(incident)s, kind, digest, cardinality(claims), %(now)s, 0
      FROM held WHERE cardinality(claims) > %(most)s ORDER BY kind, digest
    ON CONFLICT (incident_id, kind, digest) DO UPDATE SET claims = excluded.claims, counted_at = excluded.counted_at
     WHERE claims_pattern.claims <> excluded.claims
    RETURNING kind, digest, xmax = 0 AS is_new
)
INSERT INTO looked
SELECT DISTINCT k.claim_id, true
  FROM pattern p JOIN held h USING (kind, digest) CROSS JOIN LATERAL unnest(h.claims) AS k(claim_id)
 WHERE p.is_new
   AND EXISTS (SELECT 1 FROM claims_twin t
                WHERE (t.claim_id = k.claim_id OR t.other_id = k.claim_id) AND t.state = 'open'
                  AND 'same_' || p.kind = ANY(t.reasons) OFFSET 0)
ON CONFLICT DO NOTHING"""

# Patterns are left out before anything is paired: theirs are the pairs that are too many. Names alone are nothing: both claims
# have lost the same service at the same time. What is in no list is seldom the same.
BY_KEY = """
WITH few AS MATERIALIZED (
    SELECT h.kind, h.claims
      FROM held h
     WHERE NOT EXISTS (SELECT 1 FROM claims_pattern p
                        WHERE p.incident_id = %(incident)s AND p.kind = h.kind AND p.digest = h.digest)
), pair AS MATERIALIZED (
    SELECT DISTINCT one.claim_id, other.claim_id AS other_id, few.kind
      FROM few CROSS JOIN LATERAL unnest(few.claims) AS one(claim_id)
     CROSS JOIN LATERAL unnest(few.claims) AS other(claim_id)
     WHERE one.claim_id > other.claim_id
       AND (EXISTS (SELECT 1 FROM looked WHERE claim_id = one.claim_id)
            OR EXISTS (SELECT 1 FROM looked WHERE claim_id = other.claim_id))
)
INSERT INTO hint
SELECT claim_id, other_id, 'same_' || kind
  FROM pair
 WHERE kind <> 'name' OR EXISTS (
            SELECT 1 FROM claims_loss a JOIN claims_loss b ON b.service_id = a.service_id
             WHERE a.claim_id = pair.claim_id AND b.claim_id = pair.other_id
               AND a.start_at < coalesce(b.end_at, 'infinity') AND b.start_at < coalesce(a.end_at, 'infinity')
               AND a.service_id <> (SELECT id FROM services_service WHERE code = %(unlisted)s) OFFSET 0)"""

LOST = """
INSERT INTO lost
SELECT looked.claim_id, l.*
  FROM looked CROSS JOIN LATERAL (
       SELECT service_id, start_at, end_at, usage_id FROM claims_loss l
        WHERE claim_id = looked.claim_id AND LOSS_STANDS OFFSET 0) l;
ANALYZE lost""".replace("LOSS_STANDS", LOSS_STANDS_SQL)

# Each with the first claim that has the usage, so that however many have it make no more pairs than claims.
BY_USAGE = """
WITH used AS MATERIALIZED (
    SELECT DISTINCT usage_id FROM lost WHERE usage_id IS NOT NULL
), held AS MATERIALIZED (
    SELECT DISTINCT l.claim_id, min(l.claim_id) OVER (PARTITION BY used.usage_id) AS first_id
      FROM used CROSS JOIN LATERAL (
           SELECT claim_id FROM claims_loss l WHERE usage_id = used.usage_id AND LOSS_STANDS OFFSET 0) l
      JOIN claims_claim c ON c.id = l.claim_id AND c.incident_id = %(incident)s
)
INSERT INTO hint
SELECT h.claim_id, h.first_id, 'same_usage'
  FROM held h
 WHERE h.claim_id <> h.first_id AND EXISTS (SELECT 1 FROM looked WHERE claim_id IN (h.claim_id, h.first_id))""".replace(
    "LOSS_STANDS", LOSS_STANDS_SQL
)

# A ride is over when the bike is locked, though an outage let its bill run on. One of the two usages makes a loss of the claim.
AT_TWO_PLACES = """
INSERT INTO hint
SELECT DISTINCT l.claim_id, NULL::bigint, 'overlapping_usage'
  FROM lost l
  JOIN claims_usage a ON a.id = l.usage_id AND a.kind IN ('ride', 'shift')
  JOIN claims_usage b ON b.person_id = a.person_id AND b.id <> a.id AND b.kind IN ('ride', 'shift')
  LEFT JOIN LATERAL LOCK_OF_A of_a ON true
  LEFT JOIN LATERAL LOCK_OF_B of_b ON true
 WHERE least(coalesce(of_a.at, a.locked_at, a.end_at, 'infinity'), coalesce(of_b.at, b.locked_at, b.end_at, 'infinity'))
       > greatest(a.start_at, b.start_at) + %(at_once)s""".replace("LOCK_OF_A", lock_event_sql("a")).replace(
    "LOCK_OF_B", lock_event_sql("b")
)

# When we made the row of a person says nothing: most come to us because of the outage.
TOO_EARLY = """
INSERT INTO hint
SELECT l.claim_id, NULL::bigint, 'before_usage'
  FROM lost l JOIN claims_usage u ON u.id = l.usage_id WHERE l.start_at < u.start_at
 UNION
SELECT l.claim_id, NULL::bigint, 'before_usage'
  FROM lost l JOIN claims_claim c ON c.id = l.claim_id
  JOIN claims_usage s ON s.person_id = c.person_id AND s.service_id = l.service_id AND s.kind = 'subscription'
 WHERE l.usage_id IS NULL
 GROUP BY l.claim_id, l.service_id, l.start_at HAVING min(s.start_at) > l.start_at"""

# What is not said any more goes; what a person has dismissed stays as it was.
GONE = """
DELETE FROM claims_twin t
 WHERE t.id IN (SELECT o.id FROM looked JOIN claims_twin o USING (claim_id)
                 UNION ALL
                SELECT o.id FROM looked JOIN claims_twin o ON o.other_id = looked.claim_id)
   AND t.state = 'open'
   AND NOT EXISTS (SELECT 1 FROM hint h WHERE h.claim_id = t.claim_id AND h.other_id IS NOT DISTINCT FROM t.other_id)"""

FOUND = """
INSERT INTO claims_twin (incident_id, claim_id, other_id, score, reasons, state, found_at)
SELECT %(incident)s, h.claim_id, h.other_id, least(100, sum(w.weight)), array_agg(h.reason ORDER BY h.reason), 'open', %(now)s
  FROM hint h JOIN unnest(%(reasons)s::text[], %(weights)s::int[]) AS w(reason, weight) USING (reason)
 GROUP BY h.claim_id, h.other_id ORDER BY h.claim_id, h.other_id
ON CONFLICT (claim_id, other_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons
 WHERE claims_twin.state = 'open' AND claims_twin.reasons <> excluded.reasons"""

PASS = (
    TABLES, LOOK, HELD.replace("AGAIN", "false"), PATTERNS, HELD.replace("AGAIN", "true"), BY_KEY, LOST, BY_USAGE,
    AT_TWO_PLACES, TOO_EARLY, "ANALYZE hint", GONE, FOUND, "DROP TABLE looked, held, lost, hint",
    "DELETE FROM claims_twindue WHERE id = ANY(%(due)s::bigint[])",
)  # fmt: skip


# --- what people say to it ------------------------------------------------------------------------------


def dismiss_twin(*, twin_id: int, dismissed_by: User, note: str, now: datetime) -> Twin:
    """They are two, or it can be after all: the hint stays as it is and does not come back. Rules look at both claims again.

    Raises RoleMissing, Required for the note, UnknownTwin, TwinClosed, OwnClaim, DecidedBefore, OwnProposal for who entered one
    of them, sent a document for it, or said where it is paid.
    """
    now = check_instant(now, "now")
    require(dismissed_by, DECIDERS, "dismiss a hint")
    text = checked_note(note, required=True)
    twin = Twin.objects.select_for_update(no_key=True).filter(pk=twin_id).first()
    if twin is None:
        raise UnknownTwin(f"There is no hint {twin_id}. It may have gone with what it rested on.", field="twin")
    if twin.state != TwinState.OPEN:
        raise TwinClosed("Somebody has dismissed this hint already.", field="twin")
    claims = [claim for claim in (twin.other_id, twin.claim_id) if claim is not None]
    for claim in claims:
        check_no_conflict(claim, dismissed_by)
    if brought_by(claims, dismissed_by):
        raise OwnProposal("You entered one of these claims, or where it is paid. Somebody else says that they are two.")
    twin.state, twin.dismissed_by, twin.dismissed_at = TwinState.DISMISSED, dismissed_by, now
    twin.save(update_fields=["state", "dismissed_by", "dismissed_at"])
    data = {"twin": twin.pk, "claims": claims, "reasons": twin.reasons}
    log_event("twin_dismissed", actor=dismissed_by, now=now, data=data, note=text)
    standings_are_due(claims, now=now)
    return twin


MOST_DISMISSED = 10  # times as many claims as were looked at


def dismiss_pattern(*, pattern_id: int, up_to: int, dismissed_by: User, note: str, now: datetime) -> Pattern:
    """So many claims may have the key, inclusive: rules look at those that have it again, and stop once there are more.

    `up_to`: at least as many as have it, at most MOST_DISMISSED times as many; or 0: it stops rules again, from now on. By a
    checker who has none of the claims himself and entered neither one of them nor a document of it, nor where it is paid:
    eleven callers that somebody has made up are a pattern too. Raises RoleMissing, Required for the note, UnknownPattern,
    PatternOnlyShown, AmountOutOfRange, OwnClaim, OwnProposal.
    """
    now = check_instant(now, "now")
    require(dismissed_by, CONFIRMERS, "dismiss a pattern")
    text = checked_note(note, required=True)
    pattern = Pattern.objects.select_for_update(no_key=True).filter(pk=pattern_id).first()
    if pattern is None:
        raise UnknownPattern(f"There is no pattern {pattern_id}.", field="pattern")
    if pattern.kind not in STOPPING_PATTERNS:
        raise PatternOnlyShown(f"One {pattern.kind} stops no rule, however many claims have it.", field="pattern")
    most = MOST_DISMISSED * pattern.claims
    if up_to and not pattern.claims <= up_to <= most:
        told = f"{pattern.claims} claims have it. Give {pattern.claims} to {most}, or 0 to let it stop rules again."
        raise AmountOutOfRange(told, field="up_to", about=f"{pattern.claims:,}–{most:,}, 0")
    claims = list(keys_of(pattern).values_list("claim", flat=True))
    if conflicting_claims(claims, dismissed_by):
        raise OwnClaim("One of these claims is yours, or of somebody with your address or account. It is for somebody else.")
    if brought_by(claims, dismissed_by):
        raise OwnProposal("You entered one of these claims, or where it is paid. Somebody else looks at them.")
    pattern.dismissed_up_to, pattern.dismissed_by, pattern.dismissed_at = up_to, dismissed_by, now
    pattern.save(update_fields=["dismissed_up_to", "dismissed_by", "dismissed_at"])
    data = {"pattern": pattern.pk, "kind": pattern.kind, "claims": pattern.claims, "up_to": up_to}
    log_event("pattern_dismissed", actor=dismissed_by, now=now, data=data, note=text)
    if not pattern.stops:
        standings_are_due(claims, now=now)
    return pattern
