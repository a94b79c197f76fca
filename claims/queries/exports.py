"""Rows of lists that leave the service, page by page in the order of claims: memory holds one page, whatever the list's length.

By key and not by a cursor of the server: a download that somebody lets wait for an hour holds no transaction open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from accounts.masking import masked_email, masked_name
from accounts.models import PersonalData
from accounts.payees import payee_ids
from claims.models import ClaimStatus, Payout
from claims.models.owing import TO_ACCOUNT
from claims.queries.conflicts import chosen_by_two, given_by_one
from claims.queries.payees import held_until
from claims.queries.payout import waiting_sums
from claims.queries.queue import QueueFilter, payments_due, queued

ROWS = 1000
CLAIM_COLUMNS = (
    "claim", "incident", "filed_at", "person", "name", "email", "kind", "service", "review", "decision", "payment", "amount",
    "currency", "answer_due", "reasons",
)  # fmt: skip
PAYMENT_COLUMNS = ("claim", "incident", "person", "unit", "quantity", "review", "payee")


def claim_rows(wanted: QueueFilter, *, now: datetime) -> Iterator[tuple[Any, ...]]:
    """As CLAIM_COLUMNS; what names a person is masked. Two queries a page."""
    after = 0
    rows = queued(wanted, now=now).order_by("pk").select_related("claim__incident", "claim__person", "service")
    while page := list(rows.filter(pk__gt=after)[:ROWS]):
        people = PersonalData.objects.in_bulk([status.claim.person_id for status in page])
        for status in page:
            claim, data = status.claim, people.get(status.claim.person_id, PersonalData())
            yield (
                claim.reference, claim.incident.key, claim.filed_at, str(claim.person.public_id), masked_name(data.name),
                masked_email(data.email), status.kind, status.service.code if status.service else "", status.review,
                status.decision, status.payment, "" if status.amount_minor is None else status.amount_minor, status.currency,
                status.answer_due_date.isoformat(), " ".join(status.reasons),
            )  # fmt: skip
        after = page[-1].pk


def payees_said(due: Sequence[ClaimStatus], *, now: datetime) -> dict[int, str]:
    """By claim whether somebody said where it is paid, or one of two who approved it, whose word does not do, or the claimant
    instead of another account a short while ago, or of what a rule approved one alone, whose word does within his authority.
    Five queries.
    """
    claims, payees = [status.pk for status in due], payee_ids([status.claim.person_id for status in due])
    chosen, by_one, held = chosen_by_two(claims), given_by_one(claims), held_until(claims, now)
    money = set(Payout.objects.filter(TO_ACCOUNT, claim__in=claims).values_list("claim", flat=True))
    return {
        status.pk: "payee_not_needed" if status.pk not in money else
        "no_payee" if status.claim.person_id not in payees else
        "payee_of_approver" if status.pk in chosen else "payee_held" if status.pk in held else
        "payee_of_one" if status.pk in by_one else "payee_given"
        for status in due
    }  # fmt: skip


def payment_rows(*, now: datetime) -> Iterator[tuple[Any, ...]]:
    """As PAYMENT_COLUMNS, a line for each unit that a claim waits for; minor units of money. Seven queries a page.

    Whether somebody said where it goes, and not where: money is moved by what a payment run lists, which lists nothing twice.
    Of claims on hold, merged or withdrawn, as `review` says, no run is made.
    """
    after = 0
    while page := payments_due(after=after, most=ROWS):
        sums = waiting_sums([status.pk for status in page])
        known = payees_said(page, now=now)
        for status in page:
            about = (status.claim.reference, status.claim.incident.key, str(status.claim.person.public_id))
            for unit, quantity in sums.get(status.pk, []):
                yield (*about, unit, quantity, status.review, known[status.pk])
        after = page[-1].pk
