"""What each page of accounts has beside what allauth gives it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from claims.web.account.words import TITLES, WORDS, say
from claims.web.page import page


def account_page(request: HttpRequest) -> dict[str, Any]:
    """Nothing elsewhere."""
    match = request.resolver_match
    title = TITLES.get(match.url_name or "") if match else None
    if title is None:
        return {}
    return page(request, say(title), WORDS, kakao=bool(settings.KAKAO), form=None, verify_form=None)
