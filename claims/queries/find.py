"""Claims by what somebody says on the telephone: a reference, the end of a number, a name. By indexes, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person, SearchedKey
from accounts.search import people_like
from claims.models import Claim
from services.models import Incident

MOST_FOUND = 50


def claims_by_reference(text: str) -> list[Claim]:
    """Those whose reference begins so, in the order of references; one more than a page at most. One query."""
    found = Claim.objects.filter(reference__startswith=text.strip().upper()).order_by("reference")
    return list(found.select_related(*SHOWN)[: MOST_FOUND + 1])


def claims_by_person(text: str, kind: SearchedKey) -> list[Claim]:
    """Those of the people meant, the last to come first; one more than a page at most. Two queries. Raises SearchTooShort.

    The people are found first and apart: joined, the planner may go through the claims in their order instead.
    """
    people: Sequence[int] = list(people_like(text, kind).order_by().values_list("pk", flat=True)[:MOST_PEOPLE])
    found = Claim.objects.filter(person__in=people).order_by("-pk")
    return list(found.select_related(*SHOWN)[: MOST_FOUND + 1])


@dataclass(frozen=True)
class PersonFound:
    """`reference`: of their claim about the incident that was asked for; empty without one."""

    person: Person
    reference: str


def people_found(text: str, kind: SearchedKey | None, incident: Incident) -> list[PersonFound]:
    """Who is meant, in the order in which they became known; of no kind it is the reference of a claim of theirs.

    One more than `MOST_PEOPLE_SHOWN` at most. Three queries. Raises SearchTooShort.
    """
    meant: QuerySet[Any, Any]
    if kind is None:
        meant = Claim.objects.filter(reference__startswith=text.strip().upper()).order_by("reference").values_list("person_id")
    else:
        meant = people_like(text, kind).order_by().values_list("person_id")
    ids = [pk for (pk,) in meant[: MOST_PEOPLE_SHOWN + 1]]
    claims = dict(Claim.objects.filter(person__in=ids, incident=incident).values_list("person_id", "reference"))
    people = Person.objects.filter(pk__in=ids).select_related("personal_data").order_by("pk")
    return [PersonFound(person, claims.get(person.pk, "")) for person in people]


SHOWN = ("incident", "status", "person__personal_data")
MOST_PEOPLE = 1_000  # of one name; whoever has a more common one is found by the telephone
MOST_PEOPLE_SHOWN = 20
