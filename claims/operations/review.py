"""What people do with a claim beside deciding it: take it, put it back, hold it, open it again, withdraw it.

Each expects a transaction, locks the claim's status, checks, and makes one move with its event.
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import Role, User
from claims.models import ClaimStatus, DecisionStatus, ReviewStatus
from claims.operations.appealed import lasting
from claims.operations.decisions import DECIDERS, check_no_conflict, check_reviewed_by, outdate_proposal
from claims.operations.moves import Move, TransitionNotAllowed, check_move, checked_note, lock_status, make_move
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require


class AlreadyDecided(Refusal):
    """What was decided is undone or appealed; it is not withdrawn."""

    code = "already_decided"


def take_claim(*, claim_id: int, taken_by: User, now: datetime, moves: int | None = None) -> ClaimStatus:
    """Out of the queue, to review it. Raises RoleMissing, ClaimMoved, TransitionNotAllowed, OwnClaim, DecidedBefore."""
    now = check_instant(now, "now")
    require(taken_by, DECIDERS, "take a claim")
    status = lock_status(claim_id, moves=moves)
    check_no_conflict(claim_id, taken_by)
    check_move(status, review=ReviewStatus.IN_REVIEW)
    make_move(
        status, Move(claim_id, "claim_taken", review=ReviewStatus.IN_REVIEW, assignee=taken_by.pk), actor=taken_by, now=now
    )
    return status


def assign_claim(*, claim_id: int, assignee: User, assigned_by: User, now: datetime) -> ClaimStatus:
    """To somebody else, from the queue or from whoever reviews it.

    Raises RoleMissing, TransitionNotAllowed, OwnClaim, DecidedBefore.
    """
    now = check_instant(now, "now")
    require(assigned_by, (Role.CHECKER,), "assign a claim to somebody")
    require(assignee, DECIDERS, "review a claim")
    status = lock_status(claim_id)
    check_no_conflict(claim_id, assignee)
    if status.review not in (ReviewStatus.QUEUED, ReviewStatus.IN_REVIEW):
        told = f"What is queued or in review is assigned; this claim is {status.review}."
        raise TransitionNotAllowed(told, field="review")
    move = Move(claim_id, "claim_assigned", review=ReviewStatus.IN_REVIEW, assignee=assignee.pk)
    make_move(status, move, actor=assigned_by, now=now)
    return status


def put_back_claim(*, claim_id: int, put_back_by: User, now: datetime, note: str = "") -> ClaimStatus:
    """Into the queue again: by who reviews it, or by a checker. Raises RoleMissing, TransitionNotAllowed, ReviewedByAnother."""
    now = check_instant(now, "now")
    require(put_back_by, DECIDERS, "put a claim back")
    status = lock_status(claim_id)
    check_in_hand(status, put_back_by)
    if status.review != ReviewStatus.IN_REVIEW:
        raise TransitionNotAllowed(f"What is in review is put back; this claim is {status.review}.", field="review")
    make_move(status, Move(claim_id, "claim_put_back", review=ReviewStatus.QUEUED), actor=put_back_by, now=now, note=note)
    return status


def check_in_hand(status: ClaimStatus, user: User) -> None:
    """What somebody has in review only he, or a checker, takes away from it. Raises ReviewedByAnother."""
    if status.review == ReviewStatus.IN_REVIEW and not user.holds(Role.CHECKER):
        check_reviewed_by(status, user)


def hold_claim(*, claim_id: int, held_by: User, note: str, now: datetime, moves: int | None = None) -> ClaimStatus:
    """Nothing is decided or paid until somebody releases it; a proposed decision is outdated by it.

    Raises RoleMissing, Required for the note, ClaimMoved, TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    require(held_by, DECIDERS, "hold a claim")
    text = checked_note(note, required=True)
    status = lock_status(claim_id, moves=moves)
    check_move(status, review=ReviewStatus.HELD)
    move = Move(claim_id, "claim_held", review=ReviewStatus.HELD, reasons=["held", *lasting(status)])
    make_move(status, move, actor=held_by, now=now, note=text)
    outdate_proposal(claim_id, now)
    return status


def release_claim(*, claim_id: int, released_by: User, now: datetime, note: str = "") -> ClaimStatus:
    """Into the queue. Raises RoleMissing, TransitionNotAllowed."""
    now = check_instant(now, "now")
    require(released_by, DECIDERS, "release a held claim")
    status = lock_status(claim_id)
    if status.review != ReviewStatus.HELD:
        raise TransitionNotAllowed(f"What is held is released; this claim is {status.review}.", field="review")
    move = Move(claim_id, "claim_released", review=ReviewStatus.QUEUED, reasons=["released", *lasting(status)])
    make_move(status, move, actor=released_by, now=now, note=note)
    return status


def reopen_claim(*, claim_id: int, reopened_by: User, note: str, now: datetime) -> ClaimStatus:
    """A closed, withdrawn or merged claim is looked at once more; what was decided stands until it is decided otherwise.

    Raises RoleMissing, Required for the note, TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    require(reopened_by, DECIDERS, "open a claim again")
    text = checked_note(note, required=True)
    status = lock_status(claim_id)
    if status.review not in (ReviewStatus.CLOSED, ReviewStatus.WITHDRAWN, ReviewStatus.MERGED):
        raise TransitionNotAllowed(f"The claim is {status.review}, so nothing is to be opened again.", field="review")
    move = Move(claim_id, "claim_reopened", review=ReviewStatus.QUEUED, reasons=["reopened"])
    make_move(status, move, actor=reopened_by, now=now, note=text)
    return status


def withdraw_claim(*, claim_id: int, withdrawn_by: User, now: datetime, note: str = "") -> ClaimStatus:
    """The claimant does not want it any more, before it was decided: their own log-in says so, or staff whom they told.

    Staff say in a note how they know. Something new that the claimant says brings it back. Raises RoleMissing, Required,
    AlreadyDecided, TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    status = lock_status(claim_id)
    own = withdrawn_by.is_active and withdrawn_by.person_id == status.claim.person_id
    if not own:
        require(withdrawn_by, DECIDERS, "withdraw somebody's claim")
    text = checked_note(note, required=not own)
    if status.decision in (DecisionStatus.APPROVED, DecisionStatus.REJECTED):
        raise AlreadyDecided("This claim was decided already. It can be appealed, or the decision undone, not withdrawn.")
    check_move(status, review=ReviewStatus.WITHDRAWN)
    move = Move(claim_id, "claim_withdrawn", review=ReviewStatus.WITHDRAWN, reasons=[])
    make_move(status, move, actor=withdrawn_by, now=now, note=text)
    outdate_proposal(claim_id, now)
    return status
