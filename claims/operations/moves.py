"""The one way to move a claim's statuses: each move with its event, written first. The caller holds the rows' locks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.models import User
from claims.deadlines import answer_due
from claims.models import MOVES, Claim, ClaimKind, ClaimStatus, Event, Note, ReviewStatus
from claims.models.intake import LOSS_STANDS_SQL
from claims.operations.checks import check_text
from claims.operations.partner_events import tell_of_moves
from services.refusals import Refusal, Unknown
from services.resident_numbers import check_no_resident_number
from services.salted import Salted
from services.seoul import SEOUL
from services.texts import normalised

LONGEST_NOTE = 2000
OVER = (ReviewStatus.CLOSED, ReviewStatus.WITHDRAWN)


class TransitionNotAllowed(Refusal):
    """The claim is not, or no longer, where this can be done."""

    code = "transition_not_allowed"


class ClaimMoved(Refusal):
    """Somebody moved the claim after it was looked at."""

    code = "version_mismatch"


class UnknownClaim(Unknown):
    code = "unknown_claim"


@dataclass(frozen=True)
class Queued:
    """What the queue is sorted and searched by. `kind` is of a claim with a loss; one without stays as it was sorted.
    `amount_minor` is what an approval would newly give in the currency; None: no money.
    """

    kind: str
    amount_minor: int | None
    currency: str
    answer_due_date: date


def queued_anew(status: ClaimStatus, received_at: datetime) -> Queued | None:
    """Of a claim that was over, with a new deadline; None of one that was not."""
    if status.review not in OVER:
        return None
    kind = ClaimKind.CLAIM if status.kind == ClaimKind.UNSORTED else status.kind
    return Queued(kind, None, "", answer_due(received_at.astimezone(SEOUL).date()))


@dataclass(frozen=True)
class Move:
    """What one claim's statuses become; None leaves one as it is. `kind` and `data` are the event's.

    `stands`: the decision that counts from now on, with `decision`. `reasons`: why a person has to look at it from now on; None
    leaves them. `assignee`: who has it in review; None leaves whoever has it, unless it goes back into the queue or out of it.
    `queued`: None leaves it. `sort`: of what kind the claim is, by the word of the actor or, without one, of a rule.
    `snoozed_until`: whatever moves a claim wakes it, unless this is given.
    """

    claim_id: int
    kind: str
    review: str | None = None
    decision: str | None = None
    stands: int | None = None
    payment: str | None = None
    reasons: Sequence[str] | None = None
    assignee: int | None = None
    queued: Queued | None = None
    sort: str | None = None
    snoozed_until: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)


def lock_claim(claim_id: int) -> Claim:
    """Before its status, wherever a claim is also to say something new. Raises UnknownClaim."""
    claim = Claim.objects.select_for_update(no_key=True).filter(pk=claim_id).first()
    if claim is None:
        raise UnknownClaim(f"There is no claim {claim_id}.", field="claim")
    return claim


def lock_status(claim_id: int, *, moves: int | None = None) -> ClaimStatus:
    """For one claim. `moves`: how often it had moved when somebody looked. Raises UnknownClaim, ClaimMoved."""
    status = ClaimStatus.objects.select_for_update(no_key=True).filter(pk=claim_id).first()
    if status is None:
        raise UnknownClaim(f"There is no claim {claim_id}.", field="claim")
    if moves is not None and status.moves != moves:
        raise ClaimMoved("Somebody else did something with this claim meanwhile. Look at it again.", field="claim")
    return status


def lock_statuses(claim_ids: Iterable[int]) -> None:
    """Of many claims, in the order of their numbers. A statement of its own: what comes after sees what others did before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM claims_claimstatus WHERE claim_id = ANY(%s) ORDER BY claim_id FOR NO KEY UPDATE", [sorted(claim_ids)]
        )


def check_move(status: ClaimStatus, **becomes: str) -> None:
    """Raises TransitionNotAllowed; the database would refuse it as well, but not say what to do."""
    for of, after in becomes.items():
        before = getattr(status, of)
        if after not in MOVES[of][before]:
            known = ", ".join(MOVES[of][before]) or "nothing"
            raise TransitionNotAllowed(f"The {of} of this claim is {before}; from there it becomes {known}.", field=of)


def make_move(status: ClaimStatus, move: Move, *, actor: User | None, now: datetime, note: str = "") -> None:
    """One move of a locked claim, with what somebody wrote about it. Raises TransitionNotAllowed."""
    becomes = {"review": move.review, "decision": move.decision, "payment": move.payment}
    check_move(status, **{of: after for of, after in becomes.items() if after is not None and after != getattr(status, of)})
    salted = Salted.of(checked_note(note))
    make_moves([replace(move, data={**move.data, **_of_note(salted)})], actor=actor, now=now)
    if salted.text:
        _keep(salted, Event.objects.get(claim=move.claim_id, move=status.moves + 1))
    status.refresh_from_db()


def log_event(
    kind: str, *, actor: User | None, now: datetime, data: dict[str, Any], note: str = "", claim_id: int | None = None
) -> Event:
    """What was done that moves no claim, with what somebody wrote about it. `claim_id`: on whose page it stands."""
    salted = Salted.of(checked_note(note))
    event = Event.objects.create(at=now, kind=kind, actor=actor, claim_id=claim_id, data={**data, **_of_note(salted)})
    if salted.text:
        _keep(salted, event)
    return event


def _of_note(salted: Salted) -> dict[str, str]:
    return {"note": salted.digest} if salted.text else {}


def _keep(salted: Salted, event: Event) -> None:
    Note.objects.create(event=event, text=salted.text, salt=salted.salt)


def checked_note(note: str, *, required: bool = False) -> str:
    """Raises Required, ValueTooLong, InvalidCharacter, ResidentNumber."""
    check_no_resident_number(note, "note")
    return check_text(normalised(note, "note"), "note", longest=LONGEST_NOTE, required=required)


def make_moves(moves: Sequence[Move], *, actor: User | None, now: datetime) -> None:
    """One move of each claim, in one statement for the events, one for what partners are told of it, and one for the statuses.
    The database refuses what is not listed (`claims/models/status.py`).
    """
    if not moves:
        return
    columns: dict[str, Any] = {
        "claims": [move.claim_id for move in moves],
        "kinds": [move.kind for move in moves],
        "reviews": [move.review for move in moves],
        "decisions": [move.decision for move in moves],
        "stands": [move.stands for move in moves],
        "payments": [move.payment for move in moves],
        "reasons": [None if move.reasons is None else json.dumps(list(move.reasons)) for move in moves],
        "assignees": [move.assignee for move in moves],
        "snoozed": [move.snoozed_until for move in moves],
        "sorts": [move.sort for move in moves],
        "queued": [None if move.queued is None else _as_json(move.queued) for move in moves],
        "data": [json.dumps(move.data) for move in moves],
        "actor": None if actor is None else actor.pk,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SAID + LOG, columns)
        tell_of_moves(columns, now=now)
        cursor.execute(SAID + SET, columns)
        assert cursor.rowcount == len(moves), "every claim has a status, and makes one move at a time"


def _as_json(queued: Queued) -> str:
    return json.dumps({**vars(queued), "answer_due_date": queued.answer_due_date.isoformat()})


SAID = """
WITH said AS (
    SELECT * FROM unnest(%(claims)s::bigint[], %(kinds)s::text[], %(reviews)s::text[], %(decisions)s::text[],
                         %(stands)s::bigint[], %(payments)s::text[], %(reasons)s::jsonb[], %(assignees)s::bigint[],
                         %(snoozed)s::timestamptz[], %(queued)s::jsonb[], %(sorts)s::text[], %(data)s::jsonb[])
               AS m(claim_id, kind, review, decision, stands, payment, reasons, assignee, snoozed_until, queued, sort, data)
)"""
# What becomes of a status is in the event as [before, after].
LOG = """
INSERT INTO claims_event (at, kind, actor_id, claim_id, move, data)
SELECT %(now)s, m.kind, %(actor)s, m.claim_id, s.moves + 1,
       m.data || jsonb_strip_nulls(jsonb_build_object(
           'review', CASE WHEN m.review <> s.review THEN jsonb_build_array(s.review, m.review) END,
           'decision', CASE WHEN m.decision <> s.decision THEN jsonb_build_array(s.decision, m.decision) END,
           'payment', CASE WHEN m.payment <> s.payment THEN jsonb_build_array(s.payment, m.payment) END,
           'sort', CASE WHEN m.sort <> s.kind THEN jsonb_build_array(s.kind, m.sort) END,
           'decided', m.stands, 'assignee', m.assignee))
  FROM said m JOIN claims_claimstatus s USING (claim_id)
 ORDER BY m.claim_id"""
# The service of the first loss that counts is looked up when the claim is queued. All of the claims' losses are read, by the
# index on their claims: asked for the one with the lowest id of each, the planner goes through the whole table in that order.
SET = """
, first AS (
    SELECT l.claim_id, (array_agg(l.service_id ORDER BY l.id) FILTER (WHERE LOSS_STANDS))[1] AS service_id
      FROM said m JOIN claims_loss l USING (claim_id) WHERE m.review = 'queued' GROUP BY l.claim_id
)
UPDATE claims_claimstatus s
   SET kind = CASE WHEN m.sort IS NOT NULL THEN m.sort WHEN s.sorted_by_id IS NOT NULL THEN s.kind
                   WHEN m.decision = 'approved' AND s.kind <> 'unsorted' THEN 'claim'
                   WHEN coalesce(s.service_id, f.service_id) IS NOT NULL
                   THEN coalesce(m.queued->>'kind', nullif(s.kind, 'unsorted'), 'claim') ELSE s.kind END,
       sorted_by_id = CASE WHEN m.sort IS NULL THEN s.sorted_by_id ELSE %(actor)s::bigint END,
       service_id = coalesce(f.service_id, s.service_id),
       amount_minor = CASE WHEN m.queued IS NULL THEN s.amount_minor ELSE (m.queued->>'amount_minor')::bigint END,
       currency = coalesce(m.queued->>'currency', s.currency),
       answer_due_date = coalesce((m.queued->>'answer_due_date')::date, s.answer_due_date),
       queued_at = CASE WHEN m.review = 'queued' THEN %(now)s ELSE s.queued_at END, snoozed_until = m.snoozed_until,
       review = coalesce(m.review, s.review), decision = coalesce(m.decision, s.decision),
       payment = coalesce(m.payment, s.payment), stands_id = CASE WHEN m.decision IS NULL THEN s.stands_id ELSE m.stands END,
       reasons = CASE WHEN m.reasons IS NULL THEN s.reasons ELSE ARRAY(SELECT jsonb_array_elements_text(m.reasons)) END,
       assignee_id = CASE WHEN m.assignee IS NOT NULL THEN m.assignee
                          WHEN coalesce(m.review, s.review) IN ('in_review', 'awaiting_claimant', 'proposed', 'held')
                          THEN s.assignee_id END,
       moves = s.moves + 1, moved_at = %(now)s
  FROM said m LEFT JOIN first f USING (claim_id)
 WHERE s.claim_id = m.claim_id""".replace("LOSS_STANDS", LOSS_STANDS_SQL)
