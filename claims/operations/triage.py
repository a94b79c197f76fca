"""What comes in is sorted: by rules as far as they are clear, by people otherwise, who have the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from claims.models import MOST_ATTEMPTS, ClaimKind, ClaimStatus, SortDue
from claims.models.intake import LOSS_STANDS_SQL
from claims.operations.attempts import attempt
from claims.operations.decisions import DECIDERS, check_no_conflict
from claims.operations.moves import Move, checked_note, lock_status, lock_statuses, make_move, make_moves
from claims.operations.review import check_in_hand
from claims.operations.sorting import WORDS, Sorting, sort_message
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require

SLICE = 500  # claims of a transaction: a fraction of a second


class SortUnknown(Refusal):
    code = "sort_unknown"


class SortedAlready(Refusal):
    code = "sorted_already"


def sort_next(*, now: datetime) -> bool:
    """Sort some of the claims that are due; False when none is. Call it outside any transaction.

    Who tells no loss, gives no fact and asks for no policy wrote a message only: a question, a complaint or thanks by words
    (`sort_message`), or left for a person. Losses of which no policy says anything are impact without money; everything else
    is a claim. What a person sorted stays so. What fails is tried five times, claims then one by one.
    """
    now = check_instant(now, "now")
    with attempt(SortDue) as taken:
        due = SortDue.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")
        waiting = list(due.select_for_update(skip_locked=True)[:SLICE])
        chosen = [one for one in waiting if one.attempts == 0] or waiting[:1]
        taken.extend(one.pk for one in chosen)
        if chosen:
            _sort(sorted({one.claim_id for one in chosen}), now)
            SortDue.objects.filter(pk__in=taken).delete()
    return bool(taken)


@dataclass(frozen=True)
class _Seen:
    """Of a claim that no person sorted. `unspoken`: no rule has a line in its newest assessment. `texts`: not answered yet."""

    claim_id: int
    kind: str
    snoozed_until: datetime | None
    lost: bool
    asks: bool
    unspoken: bool
    texts: list[str]


def _sort(claim_ids: Sequence[int], now: datetime) -> None:
    lock_statuses(claim_ids)
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"claims": list(claim_ids)})
        seen = [_Seen(*row) for row in cursor.fetchall()]
    moves = []
    for one in seen:
        sorting = _sorting(one)
        if sorting is not None and sorting.kind != one.kind:
            listed = [word for word in sorting.words if word in WORDS.get(sorting.kind, ())]  # none of the claimant's own
            move = Move(
                one.claim_id, "claim_sorted", sort=sorting.kind, snoozed_until=one.snoozed_until, data={"words": listed}
            )
            moves.append(move)
    make_moves(moves, actor=None, now=now)


def _sorting(seen: _Seen) -> Sorting | None:
    """None: nothing is said by which to sort."""
    if seen.lost and seen.unspoken:
        return Sorting(ClaimKind.IMPACT)
    if seen.lost or seen.asks:
        return Sorting(ClaimKind.CLAIM)
    return sort_message("\n".join(seen.texts)) if seen.texts else None


SEEN = """
SELECT s.claim_id, s.kind, s.snoozed_until,
       EXISTS (SELECT 1 FROM claims_loss l WHERE l.claim_id = s.claim_id AND LOSS_STANDS),
       EXISTS (SELECT 1 FROM claims_fact f WHERE f.claim_id = s.claim_id)
       OR EXISTS (SELECT 1 FROM claims_claimrevision r WHERE r.claim_id = s.claim_id AND r.asks_for <> '{}'),
       a.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM claims_entitlementline e
                                             WHERE e.assessment_id = a.id AND e.rule_id IS NOT NULL),
       ARRAY(SELECT m.text FROM claims_message m
              WHERE m.claim_id = s.claim_id
                AND m.event_id > coalesce((SELECT max(v.id) FROM claims_event v
                                            WHERE v.claim_id = s.claim_id AND v.kind = 'claim_answered'), 0)
              ORDER BY m.event_id)
  FROM unnest(%(claims)s::bigint[]) AS wanted(id)
  JOIN claims_claimstatus s ON s.claim_id = wanted.id AND s.sorted_by_id IS NULL
  LEFT JOIN LATERAL (SELECT id FROM claims_assessment WHERE claim_id = s.claim_id ORDER BY run_id DESC LIMIT 1) a ON true
 ORDER BY s.claim_id""".replace("LOSS_STANDS", LOSS_STANDS_SQL)


def sort_claim(*, claim_id: int, kind: str, sorted_by: User, note: str, now: datetime, moves: int | None = None) -> ClaimStatus:
    """A person says of what kind the claim is; no rule says otherwise then. Sorting again takes it back.

    Raises RoleMissing, Required for the note, SortUnknown, UnknownClaim, ClaimMoved, OwnClaim, DecidedBefore,
    ReviewedByAnother, SortedAlready.
    """
    now = check_instant(now, "now")
    require(sorted_by, DECIDERS, "sort a claim")
    text = checked_note(note, required=True)
    if kind not in ClaimKind.values or kind == ClaimKind.UNSORTED:
        known = ", ".join(one for one in ClaimKind.values if one != ClaimKind.UNSORTED)
        raise SortUnknown(f"{kind!r} is no kind of claim; known are {known}.", field="kind")
    status = lock_status(claim_id, moves=moves)
    check_no_conflict(claim_id, sorted_by)
    check_in_hand(status, sorted_by)
    if status.kind == kind:
        raise SortedAlready(f"The claim is sorted as {kind} already.", field="kind")
    move = Move(claim_id, "claim_sorted", sort=kind, snoozed_until=status.snoozed_until)
    make_move(status, move, actor=sorted_by, now=now, note=text)
    return status
