"""What is left for the claimant to choose of their own claim."""

from __future__ import annotations

from claims.eligibility import Terms, fact_specs
from claims.models import Claim, Loss, LossOrigin
from claims.operations.intake import withdrawn_losses
from claims.queries.offers import offers_of
from claims.web.my.correct_forms import said_span
from claims.web.picking import Choosing, choosings, picks_of
from claims.web.quoted import wording_of
from claims.web.unlisted import name_of_loss


def own_choosing(claim: Claim, terms: Terms) -> list[Choosing]:
    """By all that was said of it. Of losses only those that were told: of what was found in records claimants say nothing."""
    offers = offers_of(claim, terms)
    if not offers:
        return []
    specs = fact_specs(terms.packs)
    wanted = {offer.fact: specs[offer.fact] for offer in offers}
    told = told_losses(claim) if any(spec.of == "loss" for spec in wanted.values()) else []
    losses = [
        (loss.pk, loss.service.code, str(loss.pk), f"{name_of_loss(loss)} {said_span(loss.start_at, loss.end_at)}")
        for loss in told
    ]
    return choosings(offers, picks_of(terms, wanted, losses), terms, wording_of(terms))


def told_losses(claim: Claim) -> list[Loss]:
    """Those that count."""
    told = claim.losses.filter(origin=LossOrigin.TOLD).exclude(pk__in=withdrawn_losses(claim))
    return list(told.select_related("service", "words").order_by("start_at", "pk"))
