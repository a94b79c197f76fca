"""Who is meant by what somebody typed in: each kind of key by an index, among any number of people.

A name by how it begins or ends (of 홍길동: 홍길 or 길동), a telephone by its last digits however they are spaced (so +82 10-...
and 010-... are found alike), an address by how it begins, a public id whole. Upper and lower case are the same.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse, Upper

from accounts.logins import normalised_email
from accounts.models import PersonalData, SearchedKey
from accounts.models.people import PHONE_BACKWARDS
from services.refusals import Refusal

LEAST_DIGITS, LEAST_LETTERS = 4, 2


class SearchTooShort(Refusal):
    """It would find more people than anybody can look at."""

    code = "search_too_short"


def people_like(text: str, kind: SearchedKey) -> QuerySet[PersonalData]:
    """In no order. Raises SearchTooShort under four digits of a telephone, or two characters of anything else."""
    typed = text.strip()
    if kind == SearchedKey.PUBLIC_ID:
        return PersonalData.objects.filter(person__public_id=UUID(typed))
    if kind == SearchedKey.PHONE:
        digits = "".join(one for one in typed if one.isdigit())
        _at_least(LEAST_DIGITS, digits, "digits of a telephone, the last ones")
        return PersonalData.objects.annotate(tail=PHONE_BACKWARDS).filter(tail__startswith=_national(digits)[::-1])
    _at_least(LEAST_LETTERS, typed, "characters")
    if kind == SearchedKey.EMAIL:
        return PersonalData.objects.filter(_email_begins(typed))
    named = Q(name__istartswith=typed) | Q(end__startswith=typed.upper()[::-1])
    return PersonalData.objects.annotate(end=Reverse(Upper("name"))).filter(named)


def _email_begins(typed: str) -> Q:
    """A domain of other letters is kept as name servers have it, and half of one is none: then by what is before it."""
    begins = Q(email__istartswith=normalised_email(typed))
    name, at, domain = typed.partition("@")
    return begins if domain.isascii() else begins | Q(email__istartswith=f"{normalised_email(name)}{at}xn--")


def _national(digits: str) -> str:
    """A number with the country's code, or the zero in its place, is the same by the digits behind."""
    return digits.removeprefix("82").removeprefix("0") if len(digits) > 8 else digits


def _at_least(least: int, typed: str, of: str) -> None:
    if len(typed) < least:
        raise SearchTooShort(f"Type in at least {least} {of}; {len(typed)} would find too many people.", field="q")
