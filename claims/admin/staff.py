"""Who asks for a page, the numbers in what is asked, and what all pages of claims have in common."""

from __future__ import annotations

from accounts.admin.pages import staff_of
from claims.admin.choice_words import CHOICES
from claims.model_words import FIELDS, MODELS
from services.admin_pages import ReadOnlyAdmin

__all__ = ["ClaimsAdmin", "number_of", "staff_of"]


class ClaimsAdmin(ReadOnlyAdmin):
    """With the words of claims."""

    choice_words, model_names, column_names = CHOICES, MODELS, FIELDS


def number_of(text: str | None) -> int:
    """The id or the number of a version that a form or an address names; 0, which no row has, for what is none.

    Up to 18 digits: more may be more than the database counts to, and would be an error there.
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0
