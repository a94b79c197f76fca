"""In which language a claimant is written to."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from accounts.models import Person, User
from claims.models import Claim


def language_of(claim: Claim) -> str:
    """Of the claimant's log-in, else as they told; Korean where they did not."""
    login = User.objects.filter(person=OuterRef("pk"), is_active=True).order_by("pk").values("locale")[:1]
    asked = Person.objects.filter(pk=claim.person_id).annotate(locale=Subquery(login))
    return next((one for one in asked.values_list("locale", "personal_data__locale")[0] if one), "ko")
