"""Where somebody's own claim stands, as they may know it: no word of staff, no reason why it waits with us."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from claims.eligibility.quantities import PAID_OUT
from claims.models import (
    GOODWILL,
    MOVES,
    Appeal,
    AppealState,
    Claim,
    ClaimStatus,
    DecisionStatus,
    Event,
    EvidenceItem,
    EvidenceItemState,
    ItemState,
    Message,
    PaymentItem,
    PayoutKind,
    RequestState,
    ReviewStatus,
)
from claims.queries.intake import PersonLoss, losses_of_claim, record_in_force

MOST_EVENTS = 200
MOST_TOLD = 50  # messages
Given = dict[tuple[str, str], int]  # by remedy, of what is paid out `cash`, and unit


@dataclass(frozen=True)
class Missing:
    """A document that is asked for and has not come in: `policy`, `document` and `fact` by code, or `words` of staff."""

    policy: str
    document: str
    fact: str
    words: str
    due_date: date


@dataclass(frozen=True)
class OwnClaim:
    """`given`: as `given_of` has it; `events`: the newest first; `appeal_due`: the last day to answer an open appeal."""

    status: ClaimStatus
    losses: list[PersonLoss]
    asks_for: list[str]
    messages: list[Message]
    missing: list[Missing]
    given: Given
    events: list[Event]
    appeal_due: date | None


def may_send(status: ClaimStatus) -> bool:
    """Whether documents are taken."""
    return status.review not in (ReviewStatus.MERGED, ReviewStatus.WITHDRAWN)


def may_withdraw(status: ClaimStatus) -> bool:
    """Whether there is something to withdraw: nothing was decided, and somebody still looks at it, or will."""
    decided = status.decision in (DecisionStatus.APPROVED, DecisionStatus.REJECTED)
    return not decided and ReviewStatus.WITHDRAWN in MOVES["review"][status.review]


def may_disagree(status: ClaimStatus) -> bool:
    """Whether there is a decision to disagree with, and it is answered here."""
    return status.review != ReviewStatus.MERGED and status.stands_id is not None


def _own_messages(claim: Claim) -> QuerySet[Message]:
    """Without what others wrote about claims of theirs that were merged into this one."""
    others = Q(event__actor__person__isnull=False, event__actor__is_staff=False) & ~Q(event__actor__person=claim.person_id)
    return Message.objects.filter(claim=claim).exclude(others).select_related("event").order_by("-event")


def given_of(claim: Claim) -> Given:
    """What stands to be given in all, gone out or not, with what is too little to be asked back. One query."""
    given: Counter[tuple[str, str]] = Counter()
    moves = claim.payouts.exclude(kind=PayoutKind.WRITTEN_OFF)
    for remedy, unit, quantity in moves.values_list("remedy", "unit", "quantity"):
        given["cash" if remedy in PAID_OUT else remedy, unit] += quantity
    return {what: quantity for what, quantity in given.items() if quantity}


def has_got(claim: Claim) -> bool:
    """Whether anything has arrived for it that was owed. One query."""
    return PaymentItem.objects.filter(claim=claim, state=ItemState.PAID).exclude(remedy=GOODWILL).exists()


def own_claim(claim: Claim) -> OwnClaim:
    """As many queries however much there is."""
    items = EvidenceItem.objects.filter(claim=claim, state=EvidenceItemState.OPEN, request__state=RequestState.OPEN)
    newest = claim.revisions.order_by("-number").values_list("asks_for", flat=True).first()
    return OwnClaim(
        status=ClaimStatus.objects.select_related("stands").get(pk=claim.pk),
        losses=losses_of_claim(claim, record_in_force(claim.incident)),
        asks_for=list(newest or []),
        messages=list(_own_messages(claim)[:MOST_TOLD]),
        missing=[
            Missing(one.policy, one.document, one.fact, getattr(getattr(one, "words", None), "text", ""), one.request.due_date)
            for one in items.select_related("request", "words").order_by("pk")
        ],
        given=given_of(claim),
        events=list(Event.objects.filter(claim=claim).select_related("actor").order_by("-at", "-pk")[:MOST_EVENTS]),
        appeal_due=Appeal.objects.filter(claim=claim, state=AppealState.OPEN).values_list("due_date", flat=True).first(),
    )
