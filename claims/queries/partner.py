"""What a partner may see: whatever is of the people whom it knows, and nothing else. Every query of its API begins here."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Partner, PartnerPerson
from claims.models import Claim, ClaimRevision, Usage


def people_of(partner: Partner) -> QuerySet[PartnerPerson]:
    return PartnerPerson.objects.filter(partner=partner)


def claims_of(partner: Partner) -> QuerySet[Claim]:
    """As `with_standing` has them."""
    return with_standing(Claim.objects.filter(person__known_to_partner__partner=partner))


def with_standing(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """With where each stands, by which numbers a partner knows it, and the number of its newest `revision`."""
    newest = ClaimRevision.objects.filter(claim=OuterRef("pk")).order_by("-number").values("number")[:1]
    known = claims.select_related("incident", "status", "person__known_to_partner", "as_partner_knows_it")
    return known.annotate(revision=Coalesce(Subquery(newest), 0))


def usage_of(partner: Partner) -> QuerySet[Usage]:
    """What it has reported, of whomever."""
    return Usage.objects.filter(partner=partner).select_related("service", "person__known_to_partner")
