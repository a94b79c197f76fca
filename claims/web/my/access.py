"""Whose claims this browser may see and work on, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.operations import admit_guest
from claims.models import Claim
from claims.web.filed import FILED

OPEN_FOR = timedelta(hours=1)  # after the last page that was looked at
OPENED = "opened"  # of the session: by reference, as whom, and until when

View = Callable[..., HttpResponse]


def open_for(request: HttpRequest, claim: Claim, *, by: str, now: datetime) -> None:
    """From now on this browser may work on the claim, as the guest that its person is. Expects a transaction.

    `by`: as `admit_guest` has it; whoever calls has checked it.
    """
    guest = admit_guest(person=claim.person, by=by, now=now)
    request.session.cycle_key()  # whoever knew the session before knows it no longer
    _keep(request, claim.reference, guest.pk, now)


def close(request: HttpRequest, reference: str) -> None:
    """This browser may no longer."""
    opened, filed = request.session.get(OPENED, {}), request.session.get(FILED, {})
    request.session[OPENED] = {key: said for key, said in opened.items() if key != reference}
    request.session[FILED] = {key: said for key, said in filed.items() if said["reference"] != reference}


def opened(request: HttpRequest, now: datetime) -> list[str]:
    """References of the claims that this browser may work on."""
    return [reference for reference, (_, until) in request.session.get(OPENED, {}).items() if until > now.timestamp()]


def of_claimant(view: View) -> View:
    """A view `(request, claim, user)` of a claim whose reference is in its address: for its person's own log-in, or for who
    was let in as a guest. Anybody else is asked for the reference and a code, whether there is such a claim or not.
    """

    @wraps(view)
    def answer(request: HttpRequest, reference: str, **named: Any) -> HttpResponse:
        now = timezone.now()
        user = _user(request, reference, now)
        claim = None
        if user is not None:
            claims = Claim.objects.select_related("incident", "status")
            claim = claims.filter(reference=reference, person=user.person_id).first()
        if user is None or claim is None:
            lost = "&closed=1" if request.method == "POST" else ""
            return HttpResponseRedirect(f"{reverse('my:find')}?reference={reference}{lost}")
        return view(request, claim=claim, user=user, **named)

    return answer


def _user(request: HttpRequest, reference: str, now: datetime) -> User | None:
    kept = request.session.get(OPENED, {}).get(reference)
    if kept is not None and kept[1] > now.timestamp():
        guest = User.objects.filter(pk=kept[0], is_active=True).first()
        if guest is not None:
            _keep(request, reference, guest.pk, now)
            return guest
    user = request.user
    return user if isinstance(user, User) and user.person_id is not None else None


def _keep(request: HttpRequest, reference: str, guest_id: int, now: datetime) -> None:
    until = (now + OPEN_FOR).timestamp()
    request.session[OPENED] = {**request.session.get(OPENED, {}), reference: [guest_id, until]}
