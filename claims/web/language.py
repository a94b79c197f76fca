"""The claimant's language: as the address asks, then as they chose before, then as their browser prefers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from services.questions import LANGUAGES

View = Callable[..., HttpResponseBase]


def in_their_language(view: View) -> View:
    """A view in the language of `lang`, which later pages keep to; an unknown one is as if it were not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        asked = request.GET.get("lang")
        chosen = asked if asked in LANGUAGES else (translation.get_language() or "ko")
        with translation.override(chosen):
            response = view(request, *args, **named)
            render = getattr(response, "render", None)
            if render is not None:
                response = render()
        response.headers["Content-Language"] = chosen
        if asked in LANGUAGES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, asked, samesite="Lax", secure=settings.HTTPS)
        return response

    return answer
