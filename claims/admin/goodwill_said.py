"""Goodwill as the page of a claim says it, after what it belongs to."""

from __future__ import annotations

from claims.admin.amounts import said_amount
from claims.admin.choice_words import worded
from claims.admin.goodwill_words import say
from claims.models import Decision, DecisionProposal


def said_goodwill(decision: Decision) -> str:
    """Empty of a decision without; both related rows are selected."""
    if not hasattr(decision, "goodwill"):
        return ""
    given = decision.goodwill
    return f" · {say('goodwill')} {said_amount(given.amount_minor, given.budget.currency)} ({worded('reason', given.reason)})"


def said_proposal(proposal: DecisionProposal | None) -> str:
    """What a second person is asked to give; empty where it is of several currencies, or none is asked."""
    return said_amount(proposal.amount_minor, proposal.currency) if proposal is not None and proposal.currency else ""


def said_offer(proposal: DecisionProposal | None) -> str:
    """How much of the sum that is proposed is goodwill."""
    if proposal is None or not hasattr(proposal, "goodwill"):
        return ""
    offer = proposal.goodwill
    return f" · {say('offered')} {said_amount(offer.amount_minor, offer.currency)} ({worded('reason', offer.reason)})"
