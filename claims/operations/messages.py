"""A claimant writes to us in their own words. Expects a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from claims import hints
from claims.models import MESSAGE, Claim, ClaimStatus, Event, Message, ReviewStatus, SortDue
from claims.operations.checks import check_prose
from claims.operations.decisions import DECIDERS, outdate_proposal
from claims.operations.moves import Move, lock_status, make_move, queued_anew
from claims.operations.review import MERGED
from claims.queries.reasons import undecided_now
from services.instants import check_instant
from services.refusals import Refusal
from services.salted import Salted
from services.staff import require

LONGEST_MESSAGE = 5_000
MOST_A_DAY = 20  # of a claim's own log-in
# Who has the claim in hand elsewhere sees the message there.
STAYS = (ReviewStatus.QUEUED, ReviewStatus.IN_REVIEW, ReviewStatus.HELD)


class MessagesOften(Refusal):
    code = "messages_often"


def add_message(
    *, claim_id: int, text: str, now: datetime, sent_by: User | None = None, received_at: datetime | None = None
) -> Message:
    """The claim waits in the queue until a person has decided it or somebody answers, whatever rules pay meanwhile.

    By the claimant, or by staff for them; nobody: by a form without a log-in. A proposed decision is outdated by it. Of a
    merged claim it is kept with the one that stays, whoever that one is of. The same text again while it waits adds nothing. A
    claim that was over gets a new deadline, which counts from `received_at` if it reached us before `now`. Resident
    registration numbers are masked. Raises RoleMissing, UnknownClaim, Required, ValueTooLong, InvalidCharacter, MessagesOften.
    """
    now = check_instant(now, "now")
    said = check_prose(text, "message", longest=LONGEST_MESSAGE, required=True)
    if sent_by is not None and not Claim.objects.filter(pk=claim_id, person=sent_by.person_id).exists():
        require(sent_by, DECIDERS, "write for a claimant")
    status = _lock_staying(claim_id)
    newest = Message.objects.filter(claim=status.pk).order_by("-pk").first()
    if newest is not None and newest.text == said and MESSAGE in status.reasons:
        return newest
    if sent_by is not None and _sent(status.pk, sent_by, now - timedelta(days=1)) >= MOST_A_DAY:
        raise MessagesOften(f"{MOST_A_DAY} messages came in within a day. Write the rest tomorrow.")
    salted = Salted.of(said)
    move = Move(
        status.pk, "message_received", review=None if status.review in STAYS else ReviewStatus.QUEUED,
        reasons=list(dict.fromkeys([*_reasons(status), MESSAGE])), data={"message": salted.digest},
        queued=queued_anew(status, received_at or now),
    )  # fmt: skip
    proposed = status.review == ReviewStatus.PROPOSED
    make_move(status, move, actor=sent_by, now=now)
    if proposed:
        outdate_proposal(status.pk, now)
    event = Event.objects.get(claim=status.pk, move=status.moves)
    message = Message.objects.create(event=event, claim_id=status.pk, text=salted.text, salt=salted.salt)
    sort_is_due(status.pk, now=now)
    return message


def _reasons(status: ClaimStatus) -> list[str]:
    """Of what was withdrawn, which had none any more, those that it has by itself."""
    return undecided_now(status.pk) if status.review == ReviewStatus.WITHDRAWN else status.reasons


def _sent(claim_id: int, by: User, since: datetime) -> int:
    """By the claimant. Staff write down what they are told, however often that is."""
    own = Message.objects.filter(claim=claim_id, event__actor=by, event__actor__is_staff=False)
    return own.filter(event__at__gt=since).count()


def sort_is_due(claim_id: int, *, now: datetime) -> None:
    """In the transaction that says something by which the claim may be sorted."""
    SortDue.objects.create(claim_id=claim_id, created_at=now)
    hints.write_hint(hints.FOLLOW_UP, now=now)


def _lock_staying(claim_id: int) -> ClaimStatus:
    """Of the claim, or of the one that it is merged into. No merged one stays locked: who settles both locks them in order."""
    while True:
        while ClaimStatus.objects.filter(pk=claim_id, review=ReviewStatus.MERGED).exists():
            claim_id = Event.objects.filter(claim=claim_id, kind=MERGED).order_by("-pk")[0].data["into"]
        before = transaction.savepoint()
        status = lock_status(claim_id)
        if status.review != ReviewStatus.MERGED:
            transaction.savepoint_commit(before)
            return status
        transaction.savepoint_rollback(before)  # merged in this moment; lets the lock go
