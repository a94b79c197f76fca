"""What a partner may see: whatever is of the people whom it knows, and nothing else. Every query of its API begins here."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Partner, PartnerPerson
from claims.models import Claim, ClaimRevision, Usage
from claims.queries.ride_locks import with_lock_state
from services.prepared import prepared_cursor


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


class Standing(NamedTuple):
    """Where a claim stands. `version` changes whenever it does, and whenever the claim says something new."""

    answer_due_date: date | None
    review: str
    decision: str
    payment: str
    version: str


def version_of(revision: int, moves: int) -> str:
    """By the number of its newest revision, and how often its status has moved."""
    return f"{revision}.{moves}"


def standing_of(claim_id: int) -> Standing:
    """For who has just written it: a tenth of the time of `with_standing`."""
    with prepared_cursor() as cursor:
        cursor.execute(STANDING, [claim_id])
        due, review, decision, payment, revision, moves = cursor.fetchone()
    return Standing(due, review, decision, payment, version_of(revision, moves))


STANDING = """
SELECT answer_due_date, review, decision, payment,
       coalesce((SELECT max(number) FROM claims_claimrevision r WHERE r.claim_id = s.claim_id), 0), moves
  FROM claims_claimstatus s WHERE claim_id = %s"""


def usage_of(partner: Partner) -> QuerySet[Any]:
    """What it has reported, of whomever; with what has become of its locks."""
    reported = Usage.objects.filter(partner=partner).select_related("service", "person__known_to_partner")
    return with_lock_state(reported)
