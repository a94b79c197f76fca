"""Where somebody lets an app in (`/oauth/authorize`): django-oauth-toolkit's view, with a page of ours and less to ask for."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.http import OAuth2ResponseRedirect
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.views import AuthorizationView
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from accounts.models import App, AppAudience
from accounts.operations import allow_app
from accounts.operations.apps import is_address, is_for
from claims.web.account.words import say
from claims.web.language import in_their_language
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.texts import is_text

# RFC 6749 and 7636. Others are not looked at, as RFC 6749 wants it: not those either by which the toolkit would let an app in
# without asking (`approval_prompt`). `lang` is for our page.
KNOWN = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "lang")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url


class Allow(AuthorizationView):
    """The address alone says what is asked: the form, which the toolkit would believe, holds only the answer."""

    http_method_names = ("get", "post")
    app: App

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        app = _app(request) if _is_read(request) else None
        if app is None:
            return self._told("app_wrong", "app_wrong_help", 400)
        self.app = app
        user: Any = request.user
        if user.is_authenticated and not is_for(app, user):
            return self._told("app_not_yours", f"app_for_{app.audience}", 403, leave=f"{self.get_login_url()}?{_next(request)}")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_login_url(self) -> str:
        return reverse("admin:login" if self.app.audience == AppAudience.STAFF else "account_login")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            scopes, _ = self._asked()
        except OAuthToolkitError as error:
            return self.error_response(error, self.app.application)
        return self._page(scopes)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer, request.POST = request.POST.get("answer"), QueryDict()  # none of it is asked for
        try:
            scopes, credentials = self._asked()
            if answer not in ("allow", "deny"):
                return self._page(scopes)
            with transaction.atomic(durable=True):
                if answer == "allow":
                    allow_app(app_id=self.app.pk, user=request.user, scopes=scopes, now=clock.now())  # type: ignore[arg-type]
                said = self.create_authorization_response(request, " ".join(scopes), credentials, answer == "allow")
        except OAuthToolkitError as error:
            return self.error_response(error, self.app.application)
        except Refusal:  # ended, or the account closed, a moment ago
            return self._told("app_wrong", "app_wrong_help", 400)
        return self.redirect(said[0], self.app.application)

    def error_response(self, error: OAuthToolkitError, application: Any, **kwargs: Any) -> HttpResponse:
        """To the app, with our name on it as with a code (RFC 9207); never to an address that is not the app's."""
        if isinstance(error, FatalClientError):
            return self._told("app_wrong", "app_wrong_help", 400)
        wrong = error.oauthlib_error
        issuer = oauth2_settings.oauth2_authorization_server_issuer(self.request)
        said, address = [*wrong.twotuples, ("iss", issuer)], self.request.GET["redirect_uri"]
        return self.redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(said)}", application)

    def redirect(self, redirect_to: str, application: Any) -> HttpResponse:
        answer: HttpResponse = OAuth2ResponseRedirect(redirect_to, ["https", "http"] if settings.DEBUG else ["https"])
        return answer

    def _asked(self) -> tuple[list[str], dict[str, Any]]:
        """The scopes, and what the toolkit makes a code of."""
        scopes, credentials = self.validate_authorization_request(self.request)
        asked = self.request.GET
        if asked.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(asked.get("code_challenge", "")):
            why = "Send code_challenge_method=S256, and a code_challenge of 43 characters."
            raise OAuthToolkitError(InvalidRequestError(description=why, state=asked.get("state")))
        return list(dict.fromkeys(scopes)), credentials

    def _page(self, scopes: list[str]) -> HttpResponse:
        place = urlsplit(self.request.GET["redirect_uri"])
        context = {
            "name": (self.app.name_ko, self.app.name_en)[in_english()], "place": place.netloc, "user": self.request.user,
            "may": [say(f"may_{scope}") for scope in scopes], "staff": self.app.audience == AppAudience.STAFF,
        }  # fmt: skip
        response = render(self.request, "claims/account/allow.html", context)
        # A browser asks this of where the answer leads as well.
        response._csp_update = {"form-action": [f"{place.scheme}://{place.netloc}"]}  # type: ignore[attr-defined]
        return response

    def _told(self, title: str, told: str, status: int, **more: Any) -> HttpResponse:
        context = {"title": say(title), "told": say(told), **more}
        return render(self.request, "claims/account/allow_told.html", context, status=status)


def _is_read(request: HttpRequest) -> bool:
    """Leaves in the request what the toolkit is to see, which reads the address itself."""
    kept = QueryDict(mutable=True)
    for name in KNOWN:
        values = request.GET.getlist(name)
        if len(values) > 1 or not all(is_text(value) for value in values):
            return False
        if values:
            kept[name] = values[0]
    request.GET = kept  # type: ignore[assignment]  # a QueryDict as well
    request.META["QUERY_STRING"] = kept.urlencode()
    return True


def _app(request: HttpRequest) -> App | None:
    """The one that asks, and may be answered there: an address of its own, to the letter. The toolkit's own comparison, which
    comes after this one, lets a loopback address have any port.
    """
    found = App.objects.filter(application__client_id=request.GET.get("client_id", ""), ended_at=None)
    app = found.select_related("application").first()
    address = request.GET.get("redirect_uri", "")
    return app if app and address in app.application.redirect_uris.split() and is_address(address) else None


def _next(request: HttpRequest) -> str:
    return urlencode({"next": request.get_full_path()})


allow = never_cache(in_their_language(Allow.as_view()))
