"""What has gone out, or was asked back, for a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from claims.models import Claim, PaymentPart, Payout, PayoutKind


@dataclass(frozen=True)
class Settled:
    """A payout with what was owed by its rule in its remedy before it and after it, in whole units."""

    payout: Payout
    before: int
    after: int


def payouts_of(claim: Claim) -> list[Settled]:
    """The oldest first. One query."""
    owed: dict[tuple[str, ...], int] = {}
    settled = []
    for payout in claim.payouts.order_by("pk"):
        key = (payout.policy, payout.rule, payout.remedy, payout.unit, payout.currency)
        before = owed.get(key, 0)
        owed[key] = before + payout.quantity
        settled.append(Settled(payout, before, owed[key]))
    return settled


def waiting_sums(claim_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """By claim, what has not gone out, as (unit, quantity). One query."""
    waiting = Payout.objects.filter(claim__in=claim_ids).exclude(kind=PayoutKind.WRITTEN_OFF)
    waiting = waiting.exclude(pk__in=PaymentPart.objects.filter(live=True, payout__claim__in=claim_ids).values("payout"))
    found: dict[int, list[tuple[str, int]]] = {}
    for claim, unit, quantity in waiting.order_by("claim", "unit").values_list("claim", "unit").annotate(Sum("quantity")):
        found.setdefault(claim, []).append((unit, quantity))
    return found
