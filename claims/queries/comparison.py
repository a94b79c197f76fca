"""What a comparison has found so far: who gains, who loses, by how much."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Abs

from claims.models import Comparison, ComparisonDifference, ComparisonState


@dataclass(frozen=True)
class PolicyDifference:
    """Of one policy in one unit: `gained` and `lost` are whole units, not below zero; claims are counted once each way.

    `undecided` claims would be owed less only because a line is not decided: nothing would be asked back of them.
    """

    policy: str
    unit: str
    currency: str
    gaining: int
    gained: int
    losing: int
    lost: int
    undecided: int

    @property
    def net(self) -> int:
        return self.gained - self.lost


@dataclass(frozen=True)
class Progress:
    """Claims compared of all that are looked at; `errors` of chunks that failed."""

    done: int
    total: int
    errors: tuple[str, ...]


def summary_of(comparison: Comparison) -> list[PolicyDifference]:
    """By policy and unit. One query."""
    more, less = Q(after__gt=F("before")), Q(after__lt=F("before"), undecided=False)
    rows = (
        ComparisonDifference.objects.filter(comparison=comparison)
        .exclude(policy="")
        .values("policy", "unit", "currency")
        .annotate(
            gaining=Count("claim", filter=more, distinct=True),
            gained=Sum(F("after") - F("before"), filter=more, default=0),
            losing=Count("claim", filter=less, distinct=True),
            lost=Sum(F("before") - F("after"), filter=less, default=0),
            undecided=Count("claim", filter=Q(undecided=True), distinct=True),
        )
        .order_by("policy", "unit", "currency")
    )
    return [PolicyDifference(**row) for row in rows]


def largest_differences(comparison: Comparison) -> QuerySet[ComparisonDifference]:
    """The largest first, whichever way, with their claims."""
    found = ComparisonDifference.objects.filter(comparison=comparison).exclude(policy="")
    return (
        found.annotate(size=Abs(F("after") - F("before")))
        .select_related("claim")
        .order_by("-size", "claim_id", "policy", "rule")
    )


def comparison_progress(comparison: Comparison) -> Progress:
    """One query."""
    chunks = list(comparison.chunks.values_list("state", "claims", "last_error"))
    done = sum(claims for state, claims, _ in chunks if state == ComparisonState.DONE)
    errors = tuple(error for state, _, error in chunks if state == ComparisonState.FAILED)
    return Progress(done, comparison.total, errors)
