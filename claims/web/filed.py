"""What was filed in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from claims.models import ClaimStatus
from claims.web.page import page
from claims.web.words import say
from services.models import Incident
from services.web import title_of
from services.words import said_day

FILED = "filed"  # of the session: by incident, what was filed in this browser


def received(request: HttpRequest, key: str) -> HttpResponse:
    """The number, and what happens next."""
    incident = Incident.objects.filter(key=key).first()
    filed = request.session.get(FILED, {}).get(key)
    if incident is None or filed is None:
        return HttpResponseRedirect(reverse("claim:start"))
    status = ClaimStatus.objects.get(claim__reference=filed["reference"])
    context = page(
        request, say("received"), incident=incident, incident_title=title_of(incident), filed=filed,
        next_steps=say("next_steps").format(said_day(status.answer_due_date), filed["email"]),
    )  # fmt: skip
    return render(request, "claims/web/received.html", context)
