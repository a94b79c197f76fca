"""The queue of people: pages of it, the next deadline first. Nothing is counted; a page costs what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import User
from claims.models import ClaimStatus, Pattern, PaymentStatus, ReviewStatus, Skill
from claims.queries.twins import keys_of
from services.keyset import behind
from services.models import Service

PAGE = 50
LOOKED_AT = 2_000  # rows of the queue's head, for the reasons that can be chosen
Place = tuple[date, int]  # deadline and claim of the last row of a page


@dataclass(frozen=True)
class QueueFilter:
    """What somebody wants to see. `service`: a code, with what is below it. `least_minor` and `most_minor` inclusive, whatever
    the currency. `due_until` inclusive. `reviewer`: only what this user has. `hidden`: also what is snoozed.
    `pattern`: only what has its key.
    """

    review: str = ReviewStatus.QUEUED
    incident_id: int | None = None
    service: str = ""
    kind: str = ""
    reason: str = ""
    least_minor: int | None = None
    most_minor: int | None = None
    due_until: date | None = None
    queued_before: datetime | None = None
    reviewer: User | None = None
    hidden: bool = False
    pattern: Pattern | None = None


def queue_page(wanted: QueueFilter, *, now: datetime, after: Place | None = None, most: int = PAGE) -> list[ClaimStatus]:
    """At most so many, in the order of their deadlines and then of the claims. One query."""
    rows = queued(wanted, now=now).select_related("claim__incident", "service", "assignee")
    if after is not None:
        due, claim = after
        rows = rows.filter(behind({"answer_due_date": due, "claim_id": claim}))
    return list(rows[:most])


def queued_ids(wanted: QueueFilter, *, now: datetime, most: int) -> list[int]:
    """Of the claims that come first, at most so many. One query."""
    return list(queued(wanted, now=now).values_list("pk", flat=True)[:most])


def queued(wanted: QueueFilter, *, now: datetime) -> QuerySet[ClaimStatus]:
    """In that order."""
    rows = ClaimStatus.objects.filter(review=wanted.review).order_by("answer_due_date", "claim_id")
    if wanted.incident_id is not None:
        rows = rows.filter(incident=wanted.incident_id)
    if wanted.service:
        rows = rows.filter(service__in=_with_below([wanted.service]))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.reason:
        rows = rows.filter(reasons__contains=[wanted.reason])
    if wanted.least_minor is not None:
        rows = rows.filter(amount_minor__gte=wanted.least_minor)
    if wanted.most_minor is not None:
        rows = rows.filter(amount_minor__lte=wanted.most_minor)
    if wanted.due_until is not None:
        rows = rows.filter(answer_due_date__lte=wanted.due_until)
    if wanted.queued_before is not None:
        rows = rows.filter(queued_at__lt=wanted.queued_before)
    if wanted.reviewer is not None:
        rows = rows.filter(assignee=wanted.reviewer)
    if wanted.pattern is not None:
        rows = rows.filter(pk__in=keys_of(wanted.pattern).values("claim"))
    return rows if wanted.hidden else rows.exclude(snoozed_until__gt=now)


def payments_due(*, after: int = 0, most: int = PAGE) -> list[ClaimStatus]:
    """Approved and not gone out, by claim, behind the claim `after`. One query."""
    due = ClaimStatus.objects.filter(payment=PaymentStatus.DUE, pk__gt=after).select_related("claim__incident", "claim__person")
    return list(due.order_by("pk")[:most])


def reasons_in_queue() -> list[str]:
    """Codes that the head of the queue has, in order. One query, of a bounded number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT unnest(reasons) AS reason
                 FROM (SELECT reasons FROM claims_claimstatus WHERE review = 'queued'
                        ORDER BY answer_due_date, claim_id LIMIT %s) head
                ORDER BY reason""",
            [LOOKED_AT],
        )
        return [row[0] for row in cursor.fetchall()]


def skilled_services(user: User) -> list[int] | None:
    """Ids of the services whose claims somebody reviews, with those below them; None: all."""
    codes = list(Skill.objects.filter(user=user).values_list("service__code", flat=True))
    return _with_below(codes) if codes else None


def _with_below(codes: Sequence[str]) -> list[int]:
    below = Q()
    for code in codes:
        below |= Q(code=code) | Q(code__startswith=f"{code}.")
    return list(Service.objects.filter(below).order_by("pk").values_list("pk", flat=True))
