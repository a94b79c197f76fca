"""Where tokens are given and taken back, by django-oauth-toolkit: only what this service knows of OAuth reaches it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import RevokeTokenView, TokenView

from accounts.rates import count_request
from services.bodies import check_length
from services.network import network_of
from services.refusals import Refusal
from services.texts import is_text

# RFC 6749, 7009 and 7636. What else is sent is not looked at, as RFC 6749 wants it (3.2).
KNOWN = (
    "grant_type", "scope", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "token",
    "token_type_hint",
)  # fmt: skip
MOST_BYTES = 20_000
FORM = "application/x-www-form-urlencoded"


class _Strict:
    """Before the toolkit sees it: a form of known fields, each once, of text; not more often than is needed."""

    @method_decorator(csrf_exempt)
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        try:
            check_length(request, MOST_BYTES)
        except Refusal as refusal:
            return _refused(refusal.message, status=411 if refusal.code == "length_required" else 413)
        if request.content_type != FORM or not _is_read(request):
            return _refused(f"Send a form ({FORM}) in UTF-8, with each field once.")
        rate = count_request(*_counted(request))
        if rate.left < 0:
            return _refused("These are too many requests.", status=429, headers={"Retry-After": str(rate.seconds)})
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the toolkit's view
        if response.content:
            response.headers["Content-Type"] = "application/json"  # not said of what is refused only when it is to be stored
        return response


class Token(_Strict, TokenView):
    """A token for a secret, a code or a refresh token."""


class Revoke(_Strict, RevokeTokenView):
    """A token that is to hold no longer."""


def _counted(request: HttpRequest) -> tuple[str, int]:
    """A client with a secret by itself, so that nobody guesses it from many places. An app has none, and its client id is no
    secret either: by network, or anybody could use up what all its users have.
    """
    header, client = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[2][:24], request.POST.get("client_id", "")[:80]
    if header or "client_secret" in request.POST:
        return f"token:{header}{client}", settings.TOKENS_PER_MINUTE
    return f"token:{client}:{network_of(request)}", settings.APP_TOKENS_PER_MINUTE


def _is_read(request: HttpRequest) -> bool:
    """Leaves in the request what the toolkit is to see."""
    if request.GET or any(len(values) > 1 for _, values in request.POST.lists()):
        return False
    kept = QueryDict(mutable=True)
    for name in KNOWN:
        if name in request.POST:
            kept[name] = request.POST[name]
    request.POST = kept  # type: ignore[assignment]  # a QueryDict as well
    return all(is_text(str(value)) for value in kept.values())


def _refused(why: str, *, status: int = 400, headers: dict[str, str] | None = None) -> JsonResponse:
    """As RFC 6749 has errors (5.2)."""
    return JsonResponse({"error": "invalid_request", "error_description": why}, status=status, headers=headers)
