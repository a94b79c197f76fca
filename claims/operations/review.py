"""What people do with a claim beside deciding it: take it, put it back, hold it, open it again, withdraw it, merge it.

Each expects a transaction, locks the status of the claim (of two in the order of their ids), checks, and makes one move with
its event.
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import Role, User
from claims.models import MESSAGE, Appeal, AppealState, Claim, ClaimStatus, DecisionStatus, Event, PaymentStatus, ReviewStatus
from claims.operations.appealed import lasting
from claims.operations.decisions import (
    DECIDERS,
    check_no_conflict,
    check_not_theirs,
    check_reviewed_by,
    outdate_proposal,
    said_by,
)
from claims.operations.moves import Move, TransitionNotAllowed, check_move, checked_note, lock_status, make_move
from claims.operations.settlement import standings_are_due
from claims.queries.reasons import reasons_now, undecided_now
from services.instants import check_instant
from services.refusals import Refusal
from services.staff import require


class AlreadyDecided(Refusal):
    """What was decided is undone or appealed; it is not withdrawn."""

    code = "already_decided"


class MergeImpossible(Refusal):
    """These two claims are not made one, or not in this direction."""

    code = "merge_impossible"


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


def assign_claim(*, claim_id: int, assignee: User, assigned_by: User, now: datetime, moves: int | None = None) -> ClaimStatus:
    """To somebody else, from the queue or from whoever reviews it. `moves`: how often it had moved when it was looked at.

    Raises RoleMissing, TransitionNotAllowed, OwnClaim, DecidedBefore, ClaimMoved.
    """
    now = check_instant(now, "now")
    require(assigned_by, (Role.CHECKER,), "assign a claim to somebody")
    require(assignee, DECIDERS, "review a claim")
    status = lock_status(claim_id, moves=moves)
    check_not_theirs(claim_id, assigned_by)
    check_no_conflict(claim_id, assignee)
    if status.review not in (ReviewStatus.QUEUED, ReviewStatus.IN_REVIEW):
        told = f"What is queued or in review is assigned; this claim is {status.review}."
        raise TransitionNotAllowed(told, field="review")
    move = Move(claim_id, "claim_assigned", review=ReviewStatus.IN_REVIEW, assignee=assignee.pk)
    make_move(status, move, actor=assigned_by, now=now)
    return status


def put_back_claim(*, claim_id: int, put_back_by: User, now: datetime, note: str = "") -> ClaimStatus:
    """Into the queue again: by who reviews it, or by a checker. It waits there for what was assessed last.

    Raises RoleMissing, OwnClaim, TransitionNotAllowed, ReviewedByAnother.
    """
    now = check_instant(now, "now")
    require(put_back_by, DECIDERS, "put a claim back")
    status = lock_status(claim_id)
    check_not_theirs(claim_id, put_back_by)
    check_in_hand(status, put_back_by)
    if status.review != ReviewStatus.IN_REVIEW:
        raise TransitionNotAllowed(f"What is in review is put back; this claim is {status.review}.", field="review")
    move = Move(claim_id, "claim_put_back", review=ReviewStatus.QUEUED, reasons=reasons_now([status])[claim_id] or ["put_back"])
    make_move(status, move, actor=put_back_by, now=now, note=note)
    return status


def check_in_hand(status: ClaimStatus, user: User) -> None:
    """What somebody has in review only he, or a checker, takes away from it. Raises ReviewedByAnother."""
    if status.review == ReviewStatus.IN_REVIEW and not user.holds(Role.CHECKER):
        check_reviewed_by(status, user)


def hold_claim(*, claim_id: int, held_by: User, note: str, now: datetime, moves: int | None = None) -> ClaimStatus:
    """Nothing is decided or paid until somebody releases it; a proposed decision is outdated by it.

    Raises RoleMissing, Required for the note, ClaimMoved, OwnClaim, TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    require(held_by, DECIDERS, "hold a claim")
    text = checked_note(note, required=True)
    status = lock_status(claim_id, moves=moves)
    check_not_theirs(claim_id, held_by)
    check_move(status, review=ReviewStatus.HELD)
    move = Move(claim_id, "claim_held", review=ReviewStatus.HELD, reasons=["held", *lasting(status)])
    make_move(status, move, actor=held_by, now=now, note=text)
    outdate_proposal(claim_id, now)
    return status


def release_claim(*, claim_id: int, released_by: User, now: datetime, note: str = "") -> ClaimStatus:
    """Into the queue. Raises RoleMissing, OwnClaim, DecidedBefore, TransitionNotAllowed."""
    now = check_instant(now, "now")
    require(released_by, DECIDERS, "release a held claim")
    status = lock_status(claim_id)
    check_no_conflict(claim_id, released_by)
    if status.review != ReviewStatus.HELD:
        raise TransitionNotAllowed(f"What is held is released; this claim is {status.review}.", field="review")
    move = Move(claim_id, "claim_released", review=ReviewStatus.QUEUED, reasons=["released", *lasting(status)])
    make_move(status, move, actor=released_by, now=now, note=note)
    return status


def reopen_claim(*, claim_id: int, reopened_by: User, note: str, now: datetime) -> ClaimStatus:
    """A closed, withdrawn or merged claim is looked at once more; what was decided stands until it is decided otherwise.

    Raises RoleMissing, Required for the note, OwnClaim, DecidedBefore, TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    require(reopened_by, DECIDERS, "open a claim again")
    text = checked_note(note, required=True)
    status = lock_status(claim_id)
    check_no_conflict(claim_id, reopened_by)
    if status.review not in (ReviewStatus.CLOSED, ReviewStatus.WITHDRAWN, ReviewStatus.MERGED):
        raise TransitionNotAllowed(f"The claim is {status.review}, so nothing is to be opened again.", field="review")
    again = undecided_now(claim_id) if status.review == ReviewStatus.WITHDRAWN else []
    move = Move(claim_id, "claim_reopened", review=ReviewStatus.QUEUED, reasons=["reopened", *again])
    make_move(status, move, actor=reopened_by, now=now, note=text)
    return status


def withdraw_claim(
    *, claim_id: int, withdrawn_by: User, now: datetime, note: str = "", moves: int | None = None
) -> ClaimStatus:
    """The claimant does not want it any more, before it was decided: their own log-in says so, or staff whom they told.

    Staff say in a note how they know. Something new that the claimant says brings it back. Raises RoleMissing, Required,
    ClaimMoved, AlreadyDecided, TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    status = lock_status(claim_id, moves=moves)
    text = said_by(status.claim, withdrawn_by, note, "withdraw somebody's claim")
    if status.decision in (DecisionStatus.APPROVED, DecisionStatus.REJECTED):
        raise AlreadyDecided("This claim was decided already. It can be appealed, or the decision undone, not withdrawn.")
    check_move(status, review=ReviewStatus.WITHDRAWN)
    move = Move(claim_id, "claim_withdrawn", review=ReviewStatus.WITHDRAWN, reasons=[])
    make_move(status, move, actor=withdrawn_by, now=now, note=text)
    outdate_proposal(claim_id, now)
    return status


MERGED, RECEIVED = "claim_merged", "claim_received_another"  # kinds of events: of the duplicate, and of the claim that stays


def merge_claims(*, claim_id: int, into_id: int, merged_by: User, note: str, now: datetime) -> ClaimStatus:
    """The first claim is the second one once more: only the second is answered. `reopen_claim` takes them apart again.

    Losses and facts stay where they were told. Rules look at the second claim again, for what spoke against it may be this
    duplicate. Raises RoleMissing, Required for the note, UnknownClaim, OwnClaim, MergeImpossible for what is no pair, for a
    duplicate with approved money or with duplicates of its own, and for a second claim that nobody answers;
    TransitionNotAllowed.
    """
    now = check_instant(now, "now")
    require(merged_by, DECIDERS, "merge claims")
    text = checked_note(note, required=True)
    standings_are_due([into_id], now=now)  # locks, and these come before the statuses
    statuses = {pk: lock_status(pk) for pk in sorted({claim_id, into_id})}
    for pk in statuses:
        check_no_conflict(pk, merged_by)
    duplicate, into = statuses[claim_id], statuses[into_id]
    _check_pair(duplicate, into)
    check_move(duplicate, review=ReviewStatus.MERGED)
    move = Move(claim_id, MERGED, review=ReviewStatus.MERGED, reasons=[], data={"into": into_id})
    make_move(duplicate, move, actor=merged_by, now=now, note=text)
    Event.objects.create(at=now, kind=RECEIVED, actor=merged_by, claim_id=into_id, data={"merged": claim_id})
    return duplicate


def why_not_merge(duplicate: ClaimStatus, into: ClaimStatus) -> Refusal | None:
    """What would be refused now if the first claim were merged into the second one, whoever did it; None: nothing."""
    try:
        _check_pair(duplicate, into)
        check_move(duplicate, review=ReviewStatus.MERGED)
    except Refusal as refusal:
        return refusal
    return None


def _check_pair(duplicate: ClaimStatus, into: ClaimStatus) -> None:
    """Raises MergeImpossible."""
    if duplicate.pk == into.pk or duplicate.incident_id != into.incident_id:
        raise MergeImpossible("Two different claims about one incident are merged.", field="into")
    if into.review in (ReviewStatus.MERGED, ReviewStatus.WITHDRAWN):
        raise MergeImpossible(f"Nobody answers the other claim: it is {into.review}. Open it again first.", field="into")
    if duplicate.decision == DecisionStatus.APPROVED and duplicate.payment != PaymentStatus.NOTHING:
        told = "Money was approved for this claim. Merge the other one into it, or undo the decision first."
        raise MergeImpossible(told, field="claim")
    if Appeal.objects.filter(claim=duplicate.pk, state=AppealState.OPEN).exists():
        raise MergeImpossible("An appeal about this claim is open. Answer it first.", field="claim")
    if MESSAGE in duplicate.reasons:
        raise MergeImpossible("The claimant wrote something about this claim. Answer it first.", field="claim")
    if duplicates := _duplicates_of(duplicate.pk):
        told = f"Other claims are merged into this one: {', '.join(duplicates)}. Open them again first, or merge into it."
        raise MergeImpossible(told, field="claim")


def _duplicates_of(claim_id: int) -> list[str]:
    """References of the claims that are merged into it now. Who was opened again and merged elsewhere is none any more."""
    received = Event.objects.filter(claim=claim_id, kind=RECEIVED).values_list("data__merged", flat=True)
    newest = Event.objects.filter(claim__in=set(received), claim__status__review=ReviewStatus.MERGED, kind=MERGED)
    into = dict(newest.order_by("pk").values_list("claim", "data__into"))
    merged = [claim for claim, target in into.items() if target == claim_id]
    return list(Claim.objects.filter(pk__in=merged).order_by("pk").values_list("reference", flat=True))
