"""Who calls the API: read off the token that came with the request."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Partner, User
from accounts.oauth import OF_AUDIENCE, app_of, credential_of, scopes_of
from accounts.operations.apps import is_for
from services import clock
from services.refusals import Refusal

if TYPE_CHECKING:
    from rest_framework.views import APIView

LONGEST_TOKEN = 255


class ScopeMissing(Refusal):
    code = "scope_missing"


@dataclass(frozen=True)
class Caller:
    """A partner's program, or somebody by an app: one of the two is set. `client_id`: of the program or the app; `scopes`: what
    it may do now, whatever it could when it got its token.
    """

    client_id: str
    scopes: frozenset[str]
    partner: Partner | None = None
    user: User | None = None

    is_authenticated = True  # as Django asks of users

    @property
    def key(self) -> str:
        """By which its requests are counted and its keys kept apart: a partner's two credentials are one caller."""
        return f"partner:{self.partner.pk}" if self.partner else f"app:{self.client_id}:{self.user.pk if self.user else 0}"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer ...`, of a token that was issued here and holds. Every other is refused alike."""

    def authenticate(self, request: Request) -> tuple[Caller, AccessToken] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            return None
        found = _token(token) if scheme.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN else None
        caller = None if found is None else _caller(found)
        if found is None or caller is None:
            raise AuthenticationFailed(code="unauthenticated")
        return caller, found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _token(token: str) -> AccessToken | None:
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    live = AccessToken.objects.filter(token_checksum=digest, expires__gt=clock.real())
    found: AccessToken | None = live.select_related("application", "user").first()
    return found


def _caller(token: AccessToken) -> Caller | None:
    """None where what it rests on has ended since: the credential, the app, or the account."""
    asked = frozenset(token.scope.split())
    if token.user is None:
        credential = credential_of(token.application)
        if credential is None:
            return None
        return Caller(credential.client_id, asked & scopes_of(credential), partner=credential.partner)
    app = app_of(token.application)
    if app is None or not token.user.is_active or not is_for(app, token.user):
        return None
    return Caller(token.application.client_id, asked.intersection(OF_AUDIENCE[app.audience]), user=token.user)


class MayCall(BasePermission):
    """A caller with the scope that the view names for this method; whoever has no token at all is asked for one.

    A view says `scopes = {"GET": (Scope.READ_CLAIMS, ...), ...}`, of which one is enough; an empty one: any caller.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        caller: Any = request.user
        if not isinstance(caller, Caller):
            return False
        wanted: Sequence[str] = getattr(view, "scopes", {})[request.method]
        if wanted and caller.scopes.isdisjoint(wanted):
            listed = ", ".join(wanted)
            raise ScopeMissing(f"This needs one of the scopes {listed}. Ask for a token with it.", about=listed)
        return True


def caller_of(request: Request) -> Caller:
    """Of a view that answers nobody else."""
    caller: Any = request.user
    assert isinstance(caller, Caller), "MayCall lets nobody else in"
    return caller


def partner_of(request: Request) -> Partner:
    """Of a view for partners alone."""
    partner = caller_of(request).partner
    assert partner is not None, "only partners have the scope of this view"
    return partner
