"""Budgets for what is given above what is owed, and what is taken from them. Expects a transaction.

A budget's row is changed by conditional updates only: two gifts at once, or a gift and a cut, wait for each other at the row,
and the second is judged by what the first has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from accounts.models import Role, User
from claims.models import (
    GOODWILL,
    Decision,
    DecisionProposal,
    Event,
    Goodwill,
    GoodwillBudget,
    GoodwillOffer,
    GoodwillReason,
    Payout,
    PayoutKind,
)
from claims.operations.checks import check_amount, check_currency
from claims.operations.moves import checked_note, log_event
from claims.operations.refusals import ReferenceUnknown
from services.instants import check_instant
from services.models import Incident
from services.refusals import Refusal
from services.staff import require

BUDGETERS = (Role.FINANCE,)


class NoBudget(Refusal):
    """Nobody has set a budget for the incident in this currency."""

    code = "no_budget"


class BudgetSpent(Refusal):
    code = "budget_spent"


class BudgetBelowSpent(Refusal):
    code = "budget_below_spent"


class GoodwillTooMuch(Refusal):
    """More than the whole budget."""

    code = "goodwill_too_much"


class GoodwillNotPositive(Refusal):
    code = "goodwill_not_positive"


class GoodwillReasonNeeded(Refusal):
    code = "goodwill_reason_needed"


class GoodwillNeedsApproval(Refusal):
    code = "goodwill_needs_approval"


@dataclass(frozen=True)
class Gift:
    """What is to be given above what is owed, in minor units; `reason`: a `GoodwillReason`."""

    amount_minor: int
    currency: str
    reason: str


def set_goodwill_budget(
    *, incident_id: int, currency: str, amount_minor: int, set_by: User, note: str, now: datetime
) -> GoodwillBudget:
    """From now on so much may be given in all about the incident, what is given already included.

    Raises RoleMissing, Required for the note, ReferenceUnknown, CurrencyUnknown, AmountOutOfRange, BudgetBelowSpent.
    """
    now = check_instant(now, "now")
    require(set_by, BUDGETERS, "set a goodwill budget")
    text = checked_note(note, required=True)
    check_currency(currency)
    check_amount(amount_minor, "amount_minor")
    if not Incident.objects.filter(pk=incident_id).exists():
        raise ReferenceUnknown(f"incident is {incident_id}, which is none we know.", field="incident")
    row = GoodwillBudget(incident_id=incident_id, currency=currency, amount_minor=0)
    GoodwillBudget.objects.bulk_create([row], ignore_conflicts=True)
    before = GoodwillBudget.objects.select_for_update(no_key=True).get(incident=incident_id, currency=currency)
    if not GoodwillBudget.objects.filter(pk=before.pk, spent_minor__lte=amount_minor).update(amount_minor=amount_minor):
        told = f"{before.spent_minor:,} {currency} are given already. Set that much or more."
        raise BudgetBelowSpent(told, field="amount_minor")
    data = {"incident": incident_id, "currency": currency, "amount": [before.amount_minor, amount_minor]}
    log_event("goodwill_budget_set", actor=set_by, now=now, data=data, note=text)
    before.refresh_from_db()
    return before


def check_gift(gift: Gift, incident_id: int, note: str) -> None:
    """What can be said before anything is locked; `give` has the last word about the budget.

    Raises GoodwillNotPositive, AmountOutOfRange, CurrencyUnknown, GoodwillReasonNeeded, Required, NoBudget, GoodwillTooMuch,
    BudgetSpent.
    """
    if isinstance(gift.amount_minor, int) and gift.amount_minor <= 0:
        raise GoodwillNotPositive("What is given as goodwill is above zero.", field="goodwill")
    check_amount(gift.amount_minor, "goodwill")
    check_currency(gift.currency)
    if gift.reason not in GoodwillReason.values:
        known = ", ".join(GoodwillReason.values)
        raise GoodwillReasonNeeded(f"Goodwill has a reason: one of {known}.", field="goodwill_reason")
    checked_note(note, required=True)
    budget = _budget(incident_id, gift.currency)
    if budget.amount_minor - budget.spent_minor < gift.amount_minor:
        raise _too_little(budget, gift)


def offer(proposal: DecisionProposal, gift: Gift) -> None:
    """Kept with the proposal; the budget is not touched before somebody confirms it."""
    GoodwillOffer.objects.create(
        proposal=proposal, amount_minor=gift.amount_minor, currency=gift.currency, reason=gift.reason
    )  # fmt: skip


def offered(proposal: DecisionProposal) -> Gift | None:
    found = GoodwillOffer.objects.filter(proposal=proposal).first()
    return None if found is None else Gift(found.amount_minor, found.currency, found.reason)


def give(decision: Decision, gift: Gift, *, incident_id: int, actor: User | None, now: datetime) -> None:
    """Out of the budget, with a payout of its own, which no later decision compares with what is owed.

    Raises NoBudget, GoodwillTooMuch, BudgetSpent.
    """
    budget = _budget(incident_id, gift.currency)
    left = GoodwillBudget.objects.filter(pk=budget.pk, amount_minor__gte=F("spent_minor") + gift.amount_minor)
    if not left.update(spent_minor=F("spent_minor") + gift.amount_minor):
        budget.refresh_from_db()
        raise _too_little(budget, gift)
    Goodwill.objects.create(decision=decision, budget=budget, amount_minor=gift.amount_minor, reason=gift.reason)
    Payout.objects.create(
        claim_id=decision.claim_id, assessment_id=decision.assessment_id, decision=decision, policy=GOODWILL, rule=gift.reason,
        remedy=GOODWILL, unit=gift.currency, currency=gift.currency, kind=PayoutKind.GOODWILL, quantity=gift.amount_minor,
        created_at=now,
    )  # fmt: skip
    data = {"decision": decision.pk, "amount": gift.amount_minor, "currency": gift.currency, "reason": gift.reason}
    Event.objects.create(at=now, kind="goodwill_given", actor=actor, claim_id=decision.claim_id, data=data)


def give_back(decision: Decision, *, actor: User, now: datetime) -> None:
    """The decision is being undone, whose claim's status is locked: what it gave may be given again."""
    given = Goodwill.objects.filter(decision=decision).select_related("budget").first()
    if given is None:
        return
    GoodwillBudget.objects.filter(pk=given.budget_id).update(spent_minor=F("spent_minor") - given.amount_minor)
    data = {"decision": decision.pk, "amount": given.amount_minor, "currency": given.budget.currency}
    Event.objects.create(at=now, kind="goodwill_given_back", actor=actor, claim_id=decision.claim_id, data=data)


def _budget(incident_id: int, currency: str) -> GoodwillBudget:
    found = GoodwillBudget.objects.filter(incident=incident_id, currency=currency).first()
    if found is None:
        raise NoBudget(f"There is no goodwill budget in {currency} for this incident. Finance sets one.", field="goodwill")
    return found


def _too_little(budget: GoodwillBudget, gift: Gift) -> Refusal:
    if gift.amount_minor > budget.amount_minor:
        told = f"The whole budget is {budget.amount_minor:,} {budget.currency}. Give less, or ask finance for more."
        return GoodwillTooMuch(told, field="goodwill")
    left = budget.amount_minor - budget.spent_minor
    return BudgetSpent(
        f"{left:,} {budget.currency} are left of the budget. Give less, or ask finance for more.", field="goodwill"
    )
