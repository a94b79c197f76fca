"""Who asks for a page, the numbers in what is asked, and what all pages of claims have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.pages import staff_of
from claims.admin.choice_words import CHOICES
from claims.model_words import FIELDS, MODELS
from claims.models import Claim
from services.admin_pages import ReadOnlyAdmin
from services.texts import is_text

MOST_FOUND = 100

__all__ = ["ClaimsAdmin", "number_of", "staff_of"]


REFERENCES = ("reference", "claim__reference", "appeal__claim__reference")  # names of searched columns


class ClaimsAdmin(ReadOnlyAdmin):
    """With the words of claims. References are found by how they begin, by their index and not by looking at each."""

    choice_words, model_names, column_names = CHOICES, MODELS, FIELDS

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        by = self.search_fields[0] if self.search_fields else ""
        typed = search_term.strip().upper()
        if by not in REFERENCES or not typed:
            return super().get_search_results(request, queryset, search_term)
        if not is_text(typed):
            return queryset.none(), False
        claims = Claim.objects.filter(reference__startswith=typed).order_by("reference")
        path = by.removesuffix("reference") + "pk__in"
        return queryset.filter(**{path: list(claims.values_list("pk", flat=True)[:MOST_FOUND])}), False


def number_of(text: str | None) -> int:
    """The id or the number of a version that a form or an address names; 0, which no row has, for what is none.

    Up to 18 digits: more may be more than the database counts to, and would be an error there.
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0
