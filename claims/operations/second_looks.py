"""The same mistake elsewhere: after an accepted appeal people look again at what was decided on the same grounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from claims.models import Appeal, AppealState, ReviewStatus
from claims.operations.appealed import SECOND_LOOK
from claims.operations.appeals import UnknownAppeal
from claims.operations.decisions import CONFIRMERS
from claims.operations.locks import take_time
from claims.operations.moves import Move, checked_note, log_event, make_moves
from claims.queries.appeals import SIMILAR, similar_to
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require

MOST_SECOND_LOOKS = 10_000  # of one call: the rows are locked until it commits
NEXT_CALL = "next_call"
SECOND_LOOK_SECONDS = 120  # longest statement of a second look, which reads what stands of the whole incident


class AppealNotAccepted(Refusal):
    code = "appeal_not_accepted"


@dataclass(frozen=True)
class SecondLooks:
    """How many claims went into the queue, and how many did not, by why: where somebody has them, `asked_already`, or
    `next_call` for what is more than one call takes.
    """

    moved: int
    left: dict[str, int]


def second_look(*, appeal_id: int, asked_by: User, note: str, now: datetime) -> SecondLooks:
    """What was decided on the grounds of an accepted appeal (`similar_decisions`) is looked at once more by people.

    Up to 10,000 claims a call, in a number of statements that does not grow with them; each has its event. What was decided
    stands until it is decided otherwise, and no rule takes a claim out of the queue. Raises RoleMissing, Required,
    UnknownAppeal, AppealNotAccepted.
    """
    now = check_instant(now, "now")
    require(asked_by, CONFIRMERS, "have many claims looked at again")
    text = checked_note(note, required=True)
    appeal = _accepted(appeal_id)
    take_time(SECOND_LOOK_SECONDS)
    claims = _lock_similar(appeal)
    data = {"appeal": appeal.pk}
    moves = [
        Move(claim, SECOND_LOOK, review=ReviewStatus.QUEUED, reasons=[*reasons, SECOND_LOOK], data=data)
        for claim, reasons in claims.items()
    ]
    left = _left(appeal, list(claims))
    make_moves(moves, actor=asked_by, now=now)
    log_event("second_look_asked", actor=asked_by, now=now, data={**data, "moved": len(moves), "left": left}, note=text)
    return SecondLooks(len(moves), left)


def preview_second_look(*, appeal_id: int) -> SecondLooks:
    """What `second_look` would do now, without doing it. Raises UnknownAppeal, AppealNotAccepted."""
    appeal = _accepted(appeal_id)
    take_time(SECOND_LOOK_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR + COUNT_LEFT, {**similar_to(appeal), "moving": [], "again": SECOND_LOOK})
        left = dict(cursor.fetchall())
    movable = left.pop(NEXT_CALL, 0)
    if movable > MOST_SECOND_LOOKS:
        left[NEXT_CALL] = movable - MOST_SECOND_LOOKS
    return SecondLooks(min(movable, MOST_SECOND_LOOKS), left)


def _accepted(appeal_id: int) -> Appeal:
    appeal = Appeal.objects.filter(pk=appeal_id).select_related("claim", "decision").first()
    if appeal is None:
        raise UnknownAppeal(f"There is no appeal {appeal_id}.", field="appeal")
    if appeal.state != AppealState.ACCEPTED:
        raise AppealNotAccepted(f"This appeal is {appeal.state}. Only of an accepted one others are looked at again.")
    return appeal


def _lock_similar(appeal: Appeal) -> dict[int, list[str]]:
    """By claim the reasons to look at it that it has already, of those that can be moved, in order."""
    with connection.cursor() as cursor:
        by = {**similar_to(appeal), "most": MOST_SECOND_LOOKS, "again": SECOND_LOOK}
        cursor.execute(SIMILAR + LOCK_SIMILAR, by)
        return dict(cursor.fetchall())


def _left(appeal: Appeal, moving: list[int]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR + COUNT_LEFT, {**similar_to(appeal), "moving": moving, "again": SECOND_LOOK})
        return dict(cursor.fetchall())


LOCK_SIMILAR = """
SELECT s.claim_id, s.reasons
  FROM claims_claimstatus s JOIN alike USING (claim_id)
 WHERE s.review IN ('closed', 'queued') AND NOT %(again)s = ANY(s.reasons)
 ORDER BY s.claim_id LIMIT %(most)s FOR NO KEY UPDATE OF s"""
COUNT_LEFT = """
SELECT CASE WHEN %(again)s = ANY(s.reasons) THEN 'asked_already' WHEN s.review IN ('closed', 'queued') THEN 'next_call'
            ELSE s.review END AS why, count(*)
  FROM claims_claimstatus s JOIN alike USING (claim_id)
 WHERE s.claim_id <> ALL(%(moving)s::bigint[])
 GROUP BY why ORDER BY why"""
