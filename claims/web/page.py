"""What every page of claimants has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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


def errors_of(form: Any, of: Callable[[Any], str] | None = None) -> list[tuple[str, str]]:
    """Each with the id of its field, for the list at the top of the page; those of no field lead to the form.

    `form`: one, a set of them, or a list. `of`: where several ask the same, what a form is about; each then says that and its
    field.
    """
    each = form if isinstance(form, list) else form.forms if isinstance(form, forms.BaseFormSet) else [form]
    return [
        (one[name].auto_id if name in one.fields else "content", str(text) if of is None else _named(one, name, of(one), text))
        for one in each
        if one.is_bound
        for name, texts in one.errors.items()
        for text in texts
    ]


def _named(form: Any, name: str, of: str, text: object) -> str:
    field = str(getattr(form, "called", {}).get(name) or form[name].label) if name in form.fields else ""
    return f"{' — '.join(filter(None, (of, field)))}: {text}" if of or field else str(text)


def numbered(names: Sequence[str]) -> list[str]:
    """What stands there more than once has its turn behind it."""
    turn, many = Counter[str](), Counter(names)
    found = []
    for name in names:
        turn[name] += 1
        found.append(f"{name} ({turn[name]})" if many[name] > 1 else name)
    return found
