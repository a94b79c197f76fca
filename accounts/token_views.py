"""Where tokens are given and taken back, by django-oauth-toolkit: only what this service knows of OAuth reaches it, and in
one way only. What it would read otherwise than we do is refused or written anew, so that nobody is counted as one client and
let in as another.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.models import Application
from oauth2_provider.views import RevokeTokenView, TokenView

from accounts.oauth_metadata import GRANTS
from accounts.rates import count_request
from services.bodies import read_bytes
from services.network import network_of
from services.refusals import Refusal
from services.texts import is_text

# RFC 6749, 7009 and 7636. What else is sent is not looked at, as RFC 6749 wants it (3.2).
KNOWN = (
    "grant_type", "scope", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "token",
    "token_type_hint",
)  # fmt: skip
MOST_BYTES = 20_000
MOST_FIELDS = 100
FORM = "application/x-www-form-urlencoded"
STATUSES = {"length_required": 411, "body_too_large": 413}
CHALLENGE = 'Basic realm="api"'


class Wrong(Exception):  # noqa: N818  # an answer, not a fault
    """As RFC 6749 has errors (5.2)."""

    def __init__(self, error: str, why: str, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.body, self.status, self.headers = {"error": error, "error_description": why}, status, headers

    def answer(self) -> HttpResponse:
        return JsonResponse(self.body, status=self.status, headers=self.headers)


class _Strict:
    """Before the toolkit sees it: a form of known fields, each once, of text; not more often than is needed."""

    @method_decorator(csrf_exempt)
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        try:
            fields = _form(request)
            self.check(fields)
            fields |= _client(request, fields)
            _count(request, fields.get("client_id", ""))
        except Wrong as wrong:
            response = wrong.answer()
        else:
            request.META.pop("HTTP_AUTHORIZATION", None)
            request.POST = _as_sent(fields)  # type: ignore[assignment]  # a QueryDict as well
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the toolkit's view
        if response.content:
            response.headers["Content-Type"] = "application/json"  # not said of what is refused only when it is to be stored
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = CHALLENGE  # where the toolkit says that of a bearer
        return response

    def check(self, fields: dict[str, str]) -> None:
        """Whether the view knows what is asked. Raises Wrong."""


class Token(_Strict, TokenView):
    """A token for a secret, a code or a refresh token."""

    def check(self, fields: dict[str, str]) -> None:
        if "grant_type" not in fields:
            raise Wrong("invalid_request", "Send a grant_type.")
        if fields["grant_type"] not in GRANTS:
            raise Wrong("unsupported_grant_type", f"Send one of these as grant_type: {', '.join(GRANTS)}.")
        # No code is given without one (4.1.3), and the toolkit would take the app's first address in its place.
        if fields["grant_type"] == "authorization_code" and "redirect_uri" not in fields:
            raise Wrong("invalid_request", "Send the redirect_uri for which the code was given.")


class Revoke(_Strict, RevokeTokenView):
    """A token that is to hold no longer."""


def _form(request: HttpRequest) -> dict[str, str]:
    """The known fields that say something (RFC 6749, 3.2: an empty one is none). Raises Wrong."""
    try:
        raw = read_bytes(request, most_bytes=MOST_BYTES, media_types=(FORM,))
    except Refusal as refusal:
        raise Wrong("invalid_request", refusal.message, STATUSES.get(refusal.code, 400)) from None
    try:
        sent = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Wrong("invalid_request", f"Send a form ({FORM}) in UTF-8, of at most {MOST_FIELDS} fields.") from None
    if request.META.get("QUERY_STRING") or len({name for name, _ in sent}) < len(sent):
        raise Wrong("invalid_request", "Send each field once, and none of them in the address.")
    fields = {name: value for name, value in sent if name in KNOWN and value}
    if not all(is_text(value) for value in fields.values()):
        raise Wrong("invalid_request", "A field holds what is no text.")
    if "scope" in fields:
        fields["scope"] = " ".join(dict.fromkeys(fields["scope"].split(" ")))  # the answer says each once
    return fields


def _client(request: HttpRequest, fields: dict[str, str]) -> dict[str, str]:
    """What the header says of who asks, as fields: the toolkit would skip what is no base64, and where header and body differ
    try first the one, then the other. Raises Wrong.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return {}
    scheme, _, text = header.partition(" ")
    try:
        client_id, colon, secret = b64decode(text.strip(" "), validate=True).decode().partition(":")
        said = {"client_id": unquote_plus(client_id, errors="strict"), "client_secret": unquote_plus(secret, errors="strict")}
    except ValueError:
        said, colon = {}, ""
    if scheme.lower() != "basic" or not colon or not all(is_text(value) for value in said.values()):
        raise Wrong("invalid_client", "Send client id and secret as Basic, in base64.", 401)
    if "client_secret" in fields or fields.get("client_id", said["client_id"]) != said["client_id"]:
        raise Wrong("invalid_request", "Say in one way who asks: in the header or in the body.")
    return said


def _count(request: HttpRequest, client_id: str) -> None:
    """By client and network: no client id is secret, so by it alone anybody could use up what a partner has, or all users
    of an app. Whoever is no client of ours has no secret to guess, and no name to be counted by. Raises Wrong.
    """
    found = Application.objects.filter(client_id=client_id).values_list("pk", "client_type").first()
    number, kind = found or ("", "")
    guessed = kind == Application.CLIENT_CONFIDENTIAL
    allowed = settings.TOKENS_PER_MINUTE if guessed else settings.APP_TOKENS_PER_MINUTE
    rate = count_request(f"token:{number}:{network_of(request)}", allowed)
    if rate.left < 0:
        raise Wrong("invalid_request", "These are too many requests.", 429, {"Retry-After": str(rate.seconds)})


def _as_sent(fields: dict[str, str]) -> QueryDict:
    sent = QueryDict(mutable=True)
    sent.update(fields)
    return sent
