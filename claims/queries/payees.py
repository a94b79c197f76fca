"""Where a claimant is paid: which money waits for it, which goes elsewhere, and which waits because it was changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Payee
from accounts.payees import NEWEST_PAYEE
from claims.models import Claim, ItemState, PaymentItem, PaymentRun
from claims.models.owing import STANDS_SQL, TO_ACCOUNT, goes_to_account, to_account_sql

HOLD = timedelta(days=2)

# The newest account is the claimant's own word, and another one stood before, whoever gave that. What staff enter have they
# checked, with a note, and others look at it (`conflicts.py`).
CHANGED = f"""
SELECT c.id, e.at FROM claims_claim c
  JOIN accounts_payee y ON y.person_id = c.person_id AND {NEWEST_PAYEE}
  JOIN accounts_accountevent e ON e.id = y.event_id AND e.at > %s
  JOIN accounts_user g ON g.id = e.actor_id AND g.person_id = c.person_id
 WHERE c.id = ANY(%s::bigint[])
   AND EXISTS (SELECT 1 FROM accounts_payee z
                WHERE z.person_id = y.person_id AND z.event_id < y.event_id AND (z.bank, z.account) <> (y.bank, y.account))"""  # noqa: S608


def held_until(claim_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """By claim, until when nothing goes out to an account that took the place of another; without the others. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, [now - HOLD, list(claim_ids)])
        return {claim: at + HOLD for claim, at in cursor.fetchall()}


def money_goes_out(claim_id: int) -> bool:
    """Whether money, and not only points, days or coupons, is to go out, or is on its way. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MONEY, {"claim": claim_id})
        return bool(cursor.fetchone()[0])


MONEY = f"""
SELECT EXISTS (
    SELECT 1 FROM claims_payout p JOIN claims_claimstatus s ON s.claim_id = p.claim_id
     WHERE p.claim_id = %(claim)s AND {to_account_sql("p")} AND {STANDS_SQL}
     GROUP BY p.remedy, p.unit HAVING sum(p.quantity) > 0)
  OR EXISTS (SELECT 1 FROM claims_paymentitem i WHERE i.claim_id = %(claim)s AND i.state = 'sent'
              AND {to_account_sql("i")})"""  # noqa: S608 - constants


def money_items(claim: Claim) -> QuerySet[PaymentItem]:
    """What was sent of it to an account."""
    return PaymentItem.objects.filter(TO_ACCOUNT, claim=claim)


def came_back(claim_ids: Sequence[int]) -> set[int]:
    """Those of the claims whose money did not arrive when it was sent last, and nobody has said since where else it goes. One
    query.
    """
    with connection.cursor() as cursor:
        cursor.execute(CAME_BACK, [list(claim_ids)])
        return {claim for (claim,) in cursor.fetchall()}


CAME_BACK = f"""
SELECT DISTINCT i.claim_id FROM claims_paymentitem i JOIN claims_claim c ON c.id = i.claim_id
 WHERE i.claim_id = ANY(%s::bigint[]) AND i.state = 'failed' AND {to_account_sql("i")}
   AND NOT EXISTS (SELECT 1 FROM claims_paymentitem later
                    WHERE later.claim_id = i.claim_id AND (later.remedy, later.unit) = (i.remedy, i.unit) AND later.id > i.id)
   AND NOT EXISTS (SELECT 1 FROM accounts_payee y JOIN accounts_accountevent e ON e.id = y.event_id
                    WHERE y.person_id = c.person_id AND e.at > i.told_at)"""  # noqa: S608 - constants


REMEDY, CURRENCY = 3, 5  # columns of a run's list, also of runs of before there were payees


@dataclass(frozen=True)
class Sent:
    """A line of a payment run's list, and the number of the account that it goes to; None: there was none, or it needs none."""

    cells: tuple[str, ...]
    payee: int | None

    @property
    def to_account(self) -> bool:
        return goes_to_account(self.cells[REMEDY], self.cells[CURRENCY])


def run_lines(run: PaymentRun) -> tuple[list[str], list[Sent]]:
    """The columns and lines of the list as it was made. Runs of before there were payees name none. No query."""
    columns, *lines = csv.reader(io.StringIO(bytes(run.content).decode("utf-8-sig"), newline=""))
    if columns[-1] != "payee":
        return columns, [Sent(tuple(line), None) for line in lines]
    return columns[:-1], [Sent(tuple(line[:-1]), int(line[-1]) if line[-1] else None) for line in lines]


def on_their_way(claim: Claim) -> list[tuple[int, str, Payee | None]]:
    """The money that was sent and is not known to have arrived: how much, of what, and to which account by the list it was in,
    whatever was said since. None where there was none, or it was erased. Three queries.
    """
    sent = money_items(claim).filter(state=ItemState.SENT).order_by("pk")
    runs = {pk: run_lines(run) for pk, run in PaymentRun.objects.in_bulk({item.run_id for item in sent}).items()}
    found = []
    for item in sent:
        columns, lines = runs[item.run_id]
        place = columns.index("claim"), columns.index("remedy"), columns.index("unit")
        wanted = (claim.reference, item.remedy, item.unit)
        payee = next((line.payee for line in lines if tuple(line.cells[one] for one in place) == wanted), None)
        found.append((item.quantity, item.unit, payee))
    payees = Payee.objects.in_bulk([payee for *_, payee in found if payee is not None])
    return [(quantity, unit, payees.get(payee or 0)) for quantity, unit, payee in found]
