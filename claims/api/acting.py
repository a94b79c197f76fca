"""As whom a caller acts on somebody's claim: operations know people and staff, and no programs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rest_framework.request import Request

from accounts.callers import caller_of
from accounts.models import AppScope, Scope, User
from accounts.operations import admit_guest
from claims.api.views import version_read
from claims.models import Claim
from claims.operations import ClaimMoved

WRITES_CLAIMS = (Scope.WRITE_CLAIMS, AppScope.WRITE_OWN)


def acting_on(request: Request, claim: Claim, now: datetime) -> User:
    """The log-in of the claim's own person: a partner acts for the people whom it knows as their guest does, an account for
    those whom it keeps. What they did is logged under that name, with the partner beside it. Expects a transaction.
    """
    caller = caller_of(request)
    if caller.partner is not None:
        return admit_guest(person=claim.person, by="partner", partner=caller.partner, client_id=caller.client_id, now=now)
    assert caller.user is not None, "a caller is a partner or somebody"
    if caller.user.person_id == claim.person_id:
        return caller.user
    return admit_guest(person=claim.person, by="account", now=now)


class Version(NamedTuple):
    """Of a claim: the number of its newest revision, and how often it has moved."""

    revision: int
    moves: int


def version_seen(request: Request, claim: Claim) -> Version:
    """As it was read, by `If-Match`. Raises VersionRequired, and ClaimMoved where it has said something since; what is done
    with it asks for the moves.
    """
    match version_read(request):
        case (revision, moves) if revision == claim.revisions.count():
            return Version(revision, moves)
    raise ClaimMoved("This has changed meanwhile. Read it again, then do it.")
