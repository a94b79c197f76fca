"""What claims have in common with others, for those who look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet

from claims.models import (
    STOP_AT,
    STOPPING_PATTERNS,
    Claim,
    ClaimKey,
    ClaimStatus,
    DecisionStatus,
    KeyKind,
    Pattern,
    ReviewStatus,
    Twin,
    TwinState,
)
from claims.models.twins import HAS_TWIN_SQL
from services.models import Incident


@dataclass(frozen=True)
class TwinSeen:
    """A hint as the page of one of the two claims shows it. `other` and `review`: the other claim and where it stands, None for
    what the claim says alone. `over`: the other one gets nothing. `dismissed_by`: the address of who dismissed it.
    """

    twin_id: int
    other: Claim | None
    review: str | None
    over: bool
    score: int
    reasons: Sequence[str]
    dismissed: bool
    dismissed_by: str | None
    dismissed_at: datetime | None

    @property
    def asks(self) -> bool:
        """Whether somebody has still to answer it."""
        return not self.dismissed and not self.over

    @property
    def stops(self) -> bool:
        """Whether neither a rule nor a person approves the claim until somebody has answered it."""
        return self.asks and self.score >= STOP_AT


def twins_of(claim: Claim) -> list[TwinSeen]:
    """What is open first, then by score. One query, and another for the claims that are found."""
    found = list(Twin.objects.filter(Q(claim=claim) | Q(other=claim)))
    if not found:
        return []
    related = Twin.objects.select_related("claim__status", "other__status", "dismissed_by").in_bulk([twin.pk for twin in found])
    return sorted((_seen(twin, claim) for twin in related.values()), key=lambda one: (one.dismissed, -one.score, one.twin_id))


def _seen(twin: Twin, claim: Claim) -> TwinSeen:
    other = twin.claim if twin.other_id == claim.pk else twin.other
    status = None if other is None else other.status
    return TwinSeen(
        twin_id=twin.pk, other=other, review=None if status is None else status.review, over=_is_over(status), score=twin.score,
        reasons=twin.reasons, dismissed=twin.state == TwinState.DISMISSED,
        dismissed_by=None if twin.dismissed_by is None else twin.dismissed_by.email, dismissed_at=twin.dismissed_at,
    )  # fmt: skip


def _is_over(status: ClaimStatus | None) -> bool:
    if status is None or status.review != ReviewStatus.CLOSED:
        return status is not None and status.review in (ReviewStatus.MERGED, ReviewStatus.WITHDRAWN)
    return status.decision == DecisionStatus.REJECTED


def hinted_claims(claim_ids: Sequence[int]) -> set[int]:
    """Of these claims those that may be for the same as others, by a hint that nobody has answered or by what many of them
    have in common. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.claim_id FROM unnest(%s::bigint[]) AS n(claim_id) WHERE {HAS_TWIN_SQL}",  # noqa: S608 - constants
            [list(claim_ids)],
        )
        return {claim for (claim,) in cursor.fetchall()}


def patterns_of(claim: Claim) -> list[Pattern]:
    """Keys of the claim that many claims have, the most first. One query."""
    keys = claim.keys.exclude(kind=KeyKind.NAME)
    return list(Pattern.objects.filter(incident=claim.incident_id, digest__in=keys.values("digest")))


def keys_of(pattern: Pattern) -> QuerySet[ClaimKey]:
    """Of the claims that have it, in their order."""
    keys = ClaimKey.objects.filter(incident=pattern.incident_id, kind=pattern.kind, digest=pattern.digest)
    return keys.order_by("claim")


def patterns(incident: Incident | None = None) -> QuerySet[Pattern]:
    """Keys that many claims of the incident, or of one, have, the most first. A name that many people have is no pattern to
    look at.
    """
    found = Pattern.objects.exclude(kind=KeyKind.NAME)
    return found if incident is None else found.filter(incident=incident)


def stopping_patterns() -> QuerySet[Pattern]:
    """Those that stop rules, the most claims first; by an index of theirs."""
    return Pattern.objects.filter(kind__in=list(STOPPING_PATTERNS), claims__gt=F("dismissed_up_to"))
