"""Proposals that wait for staff, and what their codes mean. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from services.feeds import QUESTIONS, REMARKS
from services.models import Incident, WindowProposal


def open_proposals(incident: Incident | None = None) -> QuerySet[WindowProposal]:
    """Neither answered nor replaced by something newer, the oldest first; of all incidents if none is given."""
    waiting = WindowProposal.objects.filter(answer=None, replaced_by=None).order_by("pk")
    if incident is not None:
        waiting = waiting.filter(item__incident=incident)
    return waiting.select_related("item__feed__source", "item__incident", "service", "notice__source", "replaces")


def shown_codes(codes: Iterable[str], language: str) -> list[str]:
    """What questions and remarks say, in `ko` or `en`; a code that no reader gives any more as it is."""
    said = {**QUESTIONS, **REMARKS}
    pick = int(language.startswith("en"))
    return [said[code][pick] if code in said else code for code in codes]
