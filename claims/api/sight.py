"""What a caller may see: a partner what is of the people whom it knows, a claimant their own, staff what their role lets them.

Every view begins here; what is not in sight is not there.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from rest_framework.request import Request

from accounts.callers import Caller, caller_of
from accounts.models import AppScope, KeptPerson, Scope
from claims.models import CASE_VIEWERS, Claim, ViewedPage
from claims.operations import UnknownClaim, record_views, typed_reference
from claims.queries import claims_of, with_standing
from services import clock
from services.staff import require

READS_CLAIMS = (Scope.READ_CLAIMS, AppScope.READ_OWN, AppScope.READ_CASES)


def claims_seen(request: Request) -> QuerySet[Claim]:
    """Raises RoleMissing of staff whose roles have nothing to do with claims."""
    caller = caller_of(request)
    if caller.partner is not None:
        return claims_of(caller.partner)
    if _is_staffs(caller):
        return with_standing(Claim.objects.all())
    kept = KeptPerson.objects.filter(user=caller.user).values("person")
    own = caller.user.person_id if caller.user else None
    return with_standing(Claim.objects.filter(Q(person__in=kept) | Q(person=own or 0)))


def claim_seen(request: Request, reference: str) -> Claim:
    """By its reference, however it is written. That one of the staff looks at it is logged before it is answered.

    Raises UnknownClaim, also for one that is out of sight.
    """
    claim = claims_seen(request).filter(reference=typed_reference(reference)).first()
    if claim is None:
        raise UnknownClaim("There is no such claim.")
    log_sight(request, [claim])
    return claim


def log_sight(request: Request, claims: list[Claim]) -> None:
    """Of staff alone."""
    caller = caller_of(request)
    if claims and caller.user is not None and _is_staffs(caller):
        with transaction.atomic(durable=True):
            record_views(claim_ids=[claim.pk for claim in claims], page=ViewedPage.API, viewer=caller.user, now=clock.now())


def _is_staffs(caller: Caller) -> bool:
    """Whether it is a tool of staff. Raises RoleMissing."""
    if caller.user is None or caller.scopes.isdisjoint((AppScope.READ_CASES, AppScope.WRITE_CASES)):
        return False
    require(caller.user, CASE_VIEWERS, "look at claims")
    return True
