"""What has gone out, or was asked back, for a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from claims.models import Claim, Payout
from claims.models.owing import STANDS_SQL


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


@dataclass(frozen=True)
class Waiting:
    """Of one remedy, in whole units."""

    remedy: str
    unit: str
    currency: str
    quantity: int


def waiting_sums(claim_ids: Sequence[int]) -> dict[int, list[Waiting]]:
    """By claim, what is to go out and has not. One query."""
    found: dict[int, list[Waiting]] = {}
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [list(claim_ids)])
        for claim, *waiting in cursor.fetchall():
            found.setdefault(claim, []).append(Waiting(*waiting))
    return found


WAITING = f"""
SELECT p.claim_id, p.remedy, p.unit, p.currency, sum(p.quantity)::bigint
  FROM claims_payout p JOIN claims_claimstatus s ON s.claim_id = p.claim_id
 WHERE p.claim_id = ANY(%s) AND {STANDS_SQL}
 GROUP BY p.claim_id, p.remedy, p.unit, p.currency HAVING sum(p.quantity) > 0
 ORDER BY p.claim_id, p.remedy, p.unit"""  # noqa: S608 - constants
