"""Proposals that wait for staff, and what their codes mean. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from services.feeds import QUESTIONS, REMARKS
from services.models import ComponentMapping, Incident, Service, WindowProposal


def open_proposals(incident: Incident | None = None) -> QuerySet[WindowProposal]:
    """Neither answered nor replaced by something newer, the oldest first; of all incidents if none is given."""
    waiting = WindowProposal.objects.filter(answer=None, replaced_by=None).order_by("pk")
    if incident is not None:
        waiting = waiting.filter(item__incident=incident)
    return waiting.select_related("item__feed__source", "item__incident", "service", "notice__source", "replaces")


def services_of(proposals: Sequence[WindowProposal]) -> dict[int, Service | None]:
    """Of each, by id, the service as proposed, or by the newest mapping of its component; None: nobody has said, or it is none
    of ours. One query, beside those for what the proposals do not bring along (`service`, `item`).
    """
    unsaid = [proposal for proposal in proposals if proposal.service is None and proposal.component]
    newest = ComponentMapping.objects.order_by("feed_id", "component", "-id").distinct("feed_id", "component")
    asked = newest.filter(
        feed__in={proposal.item.feed_id for proposal in unsaid}, component__in={proposal.component for proposal in unsaid}
    )
    mapped = {(mapping.feed_id, mapping.component): mapping.service for mapping in asked.select_related("service")}
    by_mapping = {proposal.pk: mapped.get((proposal.item.feed_id, proposal.component)) for proposal in unsaid}
    return {proposal.pk: proposal.service for proposal in proposals} | by_mapping


def shown_codes(codes: Iterable[str], language: str) -> list[str]:
    """What questions and remarks say, in `ko` or `en`; a code that no reader gives any more as it is."""
    said = {**QUESTIONS, **REMARKS}
    pick = int(language.startswith("en"))
    return [said[code][pick] if code in said else code for code in codes]
