"""Who changes by what an account is entered, moves it or closes it, shows once more that it is theirs."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers


def came_by_code(request: HttpRequest) -> bool:
    """Within five minutes."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    methods = get_authentication_records(request, request.user)
    return any(one["method"] == "code" and one["at"] > since for one in methods)


def nothing_to_ask(request: HttpRequest, then: str | None = None) -> HttpResponse:
    """There is neither a password nor a passkey: they log in by a code once more. `then`: where that leads, here by default."""
    back = request.resolver_match is not None and request.resolver_match.url_name == "kakao_callback"
    context = {"then": then or (reverse("mfa_index") if back else request.path)}
    response = render(request, "claims/account/nothing_to_ask.html", context, status=403)
    add_never_cache_headers(response)
    return response
