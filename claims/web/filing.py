"""Filing what was told, once: whatever a browser sends again leads to what was filed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from accounts.models import Channel
from accounts.operations import NoAccount
from claims.models import Claim, ClaimEntry
from claims.operations import Claimant, file_claim, keep_claim
from claims.web.my.access import FILED, OPEN_FOR, open_for, owner_of, was_closed
from services import clock
from services.language import in_english
from services.models import Incident


def file_here(request: HttpRequest, *, incident: Incident, who: dict[str, str], **told: Any) -> None:
    """The claim opens for this browser, and its person for the account that is logged in. `told`: as `file_claim` has it, which
    says what is raised.
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        entry = file_claim(claimant=Claimant(**who, locale=("ko", "en")[in_english()]), incident=incident, now=now, **told)
        open_for(request, entry.claim, by="filed", now=now)
        if (owner := owner_of(request)) is not None:
            with suppress(NoAccount):  # closed a moment ago: what they have filed counts all the same
                keep_claim(claim=entry.claim, user=owner, by="filed", now=now)
    _remember(request, incident, entry.claim, who["email"])


def has_filed(request: HttpRequest, incident: Incident) -> bool:
    """Whether anything about the incident was filed in this session."""
    return incident.key in _filed(request)


def _filed(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.session.get(FILED, {})
    return found


def _remember(request: HttpRequest, incident: Incident, claim: Claim, email: str) -> None:
    request.session[FILED] = {**_filed(request), incident.key: {"reference": claim.reference, "email": email}}


def was_filed(request: HttpRequest, incident: Incident) -> bool:
    """Whether the form that is sent was, even if this session does not know it. Filing gives the browser another session, and
    what it sent meanwhile, or sends again because the answer was lost, comes with the old one. Only who filled the form in has
    its key.
    """
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return False
    now = clock.now()
    recent = ClaimEntry.objects.filter(key=key, channel=Channel.WEB, received_at__gt=now - OPEN_FOR)
    entry = recent.filter(claim__incident=incident).select_related("claim__person__personal_data").first()
    if entry is None or was_closed(request, entry.claim.reference):
        return False
    if _filed(request).get(incident.key, {}).get("reference") == entry.claim.reference:
        return True  # another session now would take this one away from a tab that is on its way to what was filed
    with transaction.atomic(durable=True):
        open_for(request, entry.claim, by="filed", now=now)
    kept = getattr(entry.claim.person, "personal_data", None)
    _remember(request, incident, entry.claim, kept.email if kept else "")
    return True
