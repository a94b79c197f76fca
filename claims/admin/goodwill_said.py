"""Proposals and goodwill as the page of a claim says them."""

from __future__ import annotations

from claims.admin.choice_words import worded
from claims.admin.goodwill_words import say
from claims.admin.reasons_said import reason_in
from claims.amounts import said_amount, said_stakes
from claims.models import Decision, DecisionProposal, DecisionStatus
from claims.operations import PublishedWords


def said_goodwill(decision: Decision) -> str:
    """Empty of a decision without; both related rows are selected."""
    if not hasattr(decision, "goodwill"):
        return ""
    given = decision.goodwill
    return f" · {say('goodwill')} {said_amount(given.amount_minor, given.budget.currency)} ({worded('reason', given.reason)})"


def said_proposal(proposal: DecisionProposal | None, words: PublishedWords) -> str:
    """What a second person is asked to agree to, with what is at stake; empty where nothing is proposed."""
    if proposal is None:
        return ""
    decision = worded("decision", DecisionStatus.APPROVED if proposal.approved else DecisionStatus.REJECTED)
    why = [reason_in(words, code, rejected=True) for code in proposal.reasons]
    return " · ".join([f"{decision}: {said_stakes(proposal.gives, proposal.asks_back)}", *why])


def said_offer(proposal: DecisionProposal | None) -> str:
    """How much of the sum that is proposed is goodwill."""
    if proposal is None or not hasattr(proposal, "goodwill"):
        return ""
    offer = proposal.goodwill
    return f" · {say('offered')} {said_amount(offer.amount_minor, offer.currency)} ({worded('reason', offer.reason)})"
