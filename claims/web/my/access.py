"""Whose claims this browser may see and work on, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseStopPolling

from accounts.models import KeptPerson, User
from accounts.operations import admit_guest
from claims.models import Claim
from services import clock

OPEN_FOR = timedelta(hours=1)  # after the last page that was looked at
CLOSED = "closed"  # of the session: references
OPENED = "opened"  # of the session: by reference, as whom, until when, and by what
ASKED = "asked"  # of the session: the key under which a code was asked for
THEN = "then"  # of the session: the reference of whose account is changed after that
CODES = "codes"  # of the session: by reference, the key of the newest code that let it in
FILED = "filed"  # of the session: by incident, what was filed in this browser

View = Callable[..., HttpResponse]


def open_for(request: HttpRequest, claim: Claim, *, by: str, now: datetime, code: UUID | None = None) -> None:
    """From now on this browser may work on the claim, as the guest that its person is. Expects a transaction.

    `by`: as `admit_guest` has it; whoever calls has checked it. `code`: under which key one was asked for, if by one.
    """
    guest = admit_guest(person=claim.person, by=by, now=now)
    request.session.cycle_key()  # whoever knew the session before knows it no longer
    request.session[CLOSED] = [one for one in request.session.get(CLOSED, []) if one != claim.reference]
    _keep(request, claim.reference, guest.pk, now, by)
    if code is not None:
        request.session[CODES] = {**request.session.get(CODES, {}), claim.reference: str(code)}


def code_of(request: HttpRequest, claim: Claim) -> UUID | None:
    """The key of the newest code that was typed in here for the claim, whenever that was."""
    kept = request.session.get(CODES, {}).get(claim.reference)
    return None if kept is None else UUID(kept)


def opened_by(request: HttpRequest, reference: str) -> str | None:
    """By what the claim was opened in this browser, as `admit_guest` has it; None where it was not."""
    kept = request.session.get(OPENED, {}).get(reference)
    return None if kept is None else str(kept[2])


def owner_of(request: HttpRequest) -> User | None:
    """The account that is logged in here; None for nobody and for staff."""
    user = request.user
    return user if isinstance(user, User) and user.email is not None and not user.is_staff else None


def claims_of(user: User) -> QuerySet[Claim]:
    """Of the people whom the account keeps, and of the person whose own log-in it is; newest first."""
    kept = KeptPerson.objects.filter(user=user).values("person")
    claims = Claim.objects.filter(Q(person__in=kept) | Q(person=user.person_id or 0))
    return claims.select_related("incident", "status__stands").order_by("-pk")


def close(request: HttpRequest, reference: str) -> None:
    """This browser may no longer."""
    opened, filed = request.session.get(OPENED, {}), request.session.get(FILED, {})
    request.session[OPENED] = {key: said for key, said in opened.items() if key != reference}
    request.session[CODES] = {key: said for key, said in request.session.get(CODES, {}).items() if key != reference}
    request.session[FILED] = {key: said for key, said in filed.items() if said["reference"] != reference}
    request.session[CLOSED] = [*request.session.get(CLOSED, []), reference]


def was_closed(request: HttpRequest, reference: str) -> bool:
    """In this browser, since it was opened last: a form that is sent once more from its history opens it no more."""
    return reference in request.session.get(CLOSED, [])


def opened(request: HttpRequest, now: datetime) -> list[str]:
    """References of the claims that this browser may work on."""
    return [reference for reference, (_, until, _by) in request.session.get(OPENED, {}).items() if until > now.timestamp()]


def claims_here(request: HttpRequest, now: datetime) -> QuerySet[Claim]:
    """That may be seen in this browser, opened or by an account."""
    here = Q(reference__in=opened(request, now))
    owner = owner_of(request)
    return Claim.objects.filter(here if owner is None else here | Q(pk__in=claims_of(owner).order_by().values("pk")))


def of_claimant(view: View) -> View:
    """A view `(request, claim, user)` of a claim whose reference is in its address: for its person's own log-in, for who was
    let in as a guest, and for the account that keeps its person, which then works as the guest. Anybody else is asked for the
    reference and a code, whether there is such a claim or not.
    """

    @wraps(view)
    def answer(request: HttpRequest, reference: str, **named: Any) -> HttpResponse:
        now = clock.now()
        user = _guest(request, reference, now) or _owner(request, reference, now)
        claim = None
        if user is not None:
            claims = Claim.objects.select_related("incident", "status")
            claim = claims.filter(reference=reference, person=user.person_id).first()
        if user is None or claim is None:
            if "HX-Request" in request.headers:
                return HttpResponseStopPolling()
            lost = "&closed=1" if request.method == "POST" else ""
            return HttpResponseRedirect(f"{reverse('my:find')}?reference={reference}{lost}")
        return view(request, claim=claim, user=user, **named)

    return answer


def _guest(request: HttpRequest, reference: str, now: datetime) -> User | None:
    kept = request.session.get(OPENED, {}).get(reference)
    if kept is None or kept[1] <= now.timestamp():
        return None
    guest = User.objects.filter(pk=kept[0], is_active=True).first()
    if guest is not None and kept[2] == "account" and not _keeps(request, guest):
        return None
    if guest is not None:
        _keep(request, reference, guest.pk, now, kept[2])
    return guest


def _keeps(request: HttpRequest, guest: User) -> bool:
    """Whether the account still does: it may have let them go in another browser, or be closed."""
    return KeptPerson.objects.filter(user=request.user.pk, person=guest.person_id).exists()


def _owner(request: HttpRequest, reference: str, now: datetime) -> User | None:
    """Their own log-in; of somebody whom the account keeps the guest's."""
    user = request.user
    if not isinstance(user, User):
        return None
    kept = KeptPerson.objects.filter(user=user).values("person")
    claim = Claim.objects.filter(reference=reference, person__in=kept).select_related("person").first()
    if claim is None:
        return user if user.person_id is not None else None
    with transaction.atomic(durable=True):
        open_for(request, claim, by="account", now=now)
    return _guest(request, reference, now)


def _keep(request: HttpRequest, reference: str, guest_id: int, now: datetime, by: str) -> None:
    until = (now + OPEN_FOR).timestamp()
    request.session[OPENED] = {**request.session.get(OPENED, {}), reference: [guest_id, until, by]}
