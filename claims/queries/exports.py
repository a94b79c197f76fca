"""Rows of lists that leave the service, page by page in the order of claims: memory holds one page, whatever the list's length.

By key and not by a cursor of the server: a download that somebody lets wait for an hour holds no transaction open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.masking import masked_email, masked_name
from accounts.models import PersonalData
from accounts.payees import payee_ids
from claims.models import ClaimStatus
from claims.models.owing import goes_to_account
from claims.queries.conflicts import chosen_by_two, given_by_one
from claims.queries.payees import came_back, held_until
from claims.queries.payout import Waiting, waiting_sums
from claims.queries.queue import QueueFilter, payments_due, queued
from claims.queries.twins import hinted_claims

ROWS = 1000
CLAIM_COLUMNS = (
    "claim", "incident", "filed_at", "person", "name", "email", "kind", "service", "review", "decision", "payment", "amount",
    "currency", "answer_due", "reasons",
)  # fmt: skip
PAYMENT_COLUMNS = ("claim", "incident", "person", "remedy", "unit", "quantity", "review", "payee")


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


def payees_said(
    due: Sequence[ClaimStatus], sums: Mapping[int, Sequence[Waiting]], *, now: datetime
) -> dict[int, list[str]]:  # fmt: skip
    """Of each that waits of a claim, as `waiting_sums` has it, why it stays or that it may go: the claim may be for the same as
    another; it goes to no account; nobody said where to, or one of two who approved it, whose word does not do, or the claimant
    instead of another account a short while ago, or of what a rule approved one alone, whose word does within his authority; or
    that what was sent there came back. Six queries.
    """
    claims, payees = [status.pk for status in due], payee_ids([status.claim.person_id for status in due])
    chosen, by_one, held = chosen_by_two(claims), given_by_one(claims), held_until(claims, now)
    hinted, back = hinted_claims(claims), came_back(claims)
    account = {
        status.pk: "no_payee" if status.claim.person_id not in payees else
        "payee_of_approver" if status.pk in chosen else "payee_held" if status.pk in held else
        "payee_failed" if status.pk in back else "payee_of_one" if status.pk in by_one else "payee_given"
        for status in due
    }  # fmt: skip
    return {
        claim: [
            "may_be_duplicate" if claim in hinted else
            account[claim] if goes_to_account(one.remedy, one.currency) else "payee_not_needed"
            for one in sums.get(claim, ())
        ]
        for claim in claims
    }  # fmt: skip


def payment_rows(*, now: datetime) -> Iterator[tuple[Any, ...]]:
    """As PAYMENT_COLUMNS, a line for each remedy and unit that a claim waits for; minor units of money. Eight queries a page.

    Whether somebody said where it goes, and not where: money is moved by what a payment run lists, which lists nothing twice.
    Of claims on hold, merged or withdrawn, as `review` says, no run is made.
    """
    after = 0
    while page := payments_due(after=after, most=ROWS):
        sums = waiting_sums([status.pk for status in page])
        known = payees_said(page, sums, now=now)
        for status in page:
            about = (status.claim.reference, status.claim.incident.key, str(status.claim.person.public_id))
            for one, payee in zip(sums.get(status.pk, []), known[status.pk], strict=True):
                yield (*about, one.remedy, one.unit, one.quantity, status.review, payee)
        after = page[-1].pk
