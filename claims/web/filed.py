"""What was filed in this browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.payees import payee_of
from claims.models import Claim, DecisionStatus
from claims.queries.own import given_of
from claims.web.my.access import FILED, opened
from claims.web.my.foreseen import OVER, foreseen
from claims.web.my.status import is_followed, said_given, said_gives, waits_for_account, where_it_is
from claims.web.my.words import WORDS
from claims.web.page import page
from claims.web.words import say
from services import clock
from services.models import Incident
from services.web import title_of
from services.words import said_day


def received(request: HttpRequest, key: str) -> HttpResponse:
    """The number, what happens next, and while the claim is open in this browser what it comes to."""
    incident = Incident.objects.filter(key=key).first()
    filed = request.session.get(FILED, {}).get(key)
    if incident is None or filed is None:
        return HttpResponseRedirect(reverse("claim:start"))
    claim = Claim.objects.select_related("incident", "status__stands").get(reference=filed["reference"])
    comes_to = _comes_to(claim) if claim.reference in opened(request, clock.now()) else {}
    context = page(
        request, say("received"), WORDS, incident=incident, incident_title=title_of(incident), filed=filed,
        next_steps=say("next_steps").format(said_day(claim.status.answer_due_date)),
        news_go_to=say("news_go_to").format(filed["email"]), **comes_to,
    )  # fmt: skip
    return render(request, "claims/web/received.html", context)


def _comes_to(claim: Claim) -> dict[str, Any]:
    """As the claim's own page says it: what would be given and has to be proved for it, or what is given once it is decided."""
    follows = is_followed(claim, claim.status)
    ahead = foreseen(claim, claim.status, follows=follows)
    answered = claim.status.decision != DecisionStatus.UNDECIDED or claim.status.review in OVER
    return {
        "follows": follows, "foreseen": ahead, "now": where_it_is(claim.status) if answered else "",
        "no_account": waits_for_account(claim.status, payee_of(claim.person_id)),
        "given": said_given(given_of(claim)), "gives": said_gives(claim.status),
        "to_send": [one for _, one in ahead.proofs if not one["sent"]] if ahead else [],
    }  # fmt: skip
