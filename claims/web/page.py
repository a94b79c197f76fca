"""What every page of claimants has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest

from claims.web.words import WORDS
from services.language import in_english
from services.web import language_links


def page(request: HttpRequest, title: str, words: Mapping[str, tuple[str, str]] = {}, **more: Any) -> dict[str, Any]:
    """`words`: of this page, beside those of all; they are `say` in its template."""
    said = {key: pair[in_english()] for key, pair in {**WORDS, **words}.items()}
    return {"title": title, "say": said, "language": ("ko", "en")[in_english()], "languages": language_links(request), **more}


def errors_of(form: Any) -> list[tuple[str, str]]:
    """Each with the id of its field, for the list at the top of the page; those of no field lead to the form."""
    if not form.is_bound:
        return []
    each = form.forms if isinstance(form, forms.BaseFormSet) else [form]
    return [
        (one[name].auto_id if name in one.fields else "content", str(text))
        for one in each
        for name, texts in one.errors.items()
        for text in texts
    ]
