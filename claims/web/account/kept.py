"""Which accounts keep a claim: the one that is logged in here, and others."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.masking import masked_email
from accounts.models import KeptPerson
from claims.models import Claim
from claims.web.account.words import say
from claims.web.my.access import opened_by, owner_of


def kept_here(request: HttpRequest, claim: Claim) -> dict[str, str]:
    """What the claim's page says of it: that it is kept, with a way to take it out, or how to keep it; nothing of the claims of
    the account's own person. Who came by a code is told of other accounts too.
    """
    owner = owner_of(request)
    if owner is not None and owner.person_id == claim.person_id:
        return {}
    others = ", ".join(masked_email(one.user.email or "") for one in others_with(request, claim).select_related("user"))
    said = {"others": say("others").format(others), "take_out": say("take_out")} if others else {}
    if owner is not None and KeptPerson.objects.filter(user=owner, person=claim.person_id).exists():
        return {**said, "kept": say("kept"), "let_go": say("let_go")}
    return {**said, "keep": say("keep")}


def others_with(request: HttpRequest, claim: Claim) -> QuerySet[KeptPerson]:
    """What other accounts than the one that is logged in here keep, for who has shown by a code that the claim is theirs."""
    kept = KeptPerson.objects.filter(person=claim.person_id).order_by("pk")
    by_code = opened_by(request, claim.reference) == "code"
    return kept.exclude(user=getattr(owner_of(request), "pk", 0)) if by_code else kept.none()
