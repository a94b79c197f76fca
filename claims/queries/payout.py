"""What has gone out, or was asked back, for a claim."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Claim, Payout


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
