"""Claims by what somebody says on the telephone: a reference, the end of a number, a name. By indexes, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import SearchedKey
from accounts.search import people_like
from claims.models import Claim

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


SHOWN = ("incident", "status", "person__personal_data")
MOST_PEOPLE = 1_000  # of one name; whoever has a more common one is found by the telephone
