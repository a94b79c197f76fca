"""Whether the account that is logged in here keeps a claim."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import KeptPerson
from claims.models import Claim
from claims.web.account.words import say
from claims.web.my.access import owner_of


def kept_here(request: HttpRequest, claim: Claim) -> dict[str, str]:
    """What the claim's page says of it: that it is kept, with a way to take it out, or how to keep it; nothing of the claims of
    the account's own person.
    """
    owner = owner_of(request)
    if owner is not None and owner.person_id == claim.person_id:
        return {}
    if owner is not None and KeptPerson.objects.filter(user=owner, person=claim.person_id).exists():
        return {"kept": say("kept"), "let_go": say("let_go")}
    return {"keep": say("keep")}
