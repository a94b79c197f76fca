"""What somebody may choose between who has a claim already: by all that was said of it, whoever said it."""

from __future__ import annotations

from claims.eligibility import Terms
from claims.eligibility.offers import Offer, choosing_facts, explain_with_offers
from claims.facts import load_batch, raw_cursor
from claims.models import Claim


def offers_of(claim: Claim, terms: Terms) -> list[Offer]:
    """Under these terms, with losses by their numbers. Nothing is read where no rule leaves a choice, and the engine is asked
    only where one may concern the claim.
    """
    if not any(compiled.rule.chosen_by for compiled in terms.compiled):
        return []
    with raw_cursor() as cursor:
        batch = load_batch(cursor, [claim.pk], terms).batch
    return explain_with_offers(batch, terms)[1] if choosing_facts(batch, terms) else []
