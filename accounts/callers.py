"""Who calls the API: read off the token that came with the request."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Partner, User
from accounts.oauth import OF_AUDIENCE, app_of
from accounts.operations.apps import is_for
from services import clock
from services.prepared import prepared_cursor
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

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            return None
        caller = caller_with(token) if scheme.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN else None
        if caller is None:
            raise AuthenticationFailed(code="unauthenticated")
        return caller, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def caller_with(token: str) -> Caller | None:
    """None where there is no such token, or where what it rests on has ended since: the credential, the app, or the account."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    return _partners_program(digest) or _users_app(digest)


def _partners_program(digest: str) -> Caller | None:
    """In one statement: programs call by the thousand."""
    now = clock.real()
    with prepared_cursor() as cursor:
        cursor.execute(PARTNER, [digest, now, now])
        found = cursor.fetchone()
    if found is None:
        return None
    client_id, asked, allowed, *columns = found
    partner = Partner.from_db(connection.alias, COLUMNS, columns)
    return Caller(client_id, frozenset(asked.split()).intersection(allowed).intersection(partner.scopes), partner=partner)


def _users_app(digest: str) -> Caller | None:
    live = AccessToken.objects.filter(token_checksum=digest, expires__gt=clock.real(), user__isnull=False)
    token = live.select_related("application", "user").first()
    return None if token is None else _caller(token)


def _caller(token: AccessToken) -> Caller | None:
    app = app_of(token.application)
    if app is None or not token.user.is_active or not is_for(app, token.user):
        return None
    asked = frozenset(token.scope.split())
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


COLUMNS = [field.attname for field in Partner._meta.concrete_fields]
# Of the token's program, while its credential holds: what was asked for, what the credential allows, and whose it is.
PARTNER = f"""
SELECT c.client_id, t.scope, c.scopes, {", ".join(f"p.{name}" for name in COLUMNS)}
  FROM oauth2_provider_accesstoken t
  JOIN oauth2_provider_application a ON a.id = t.application_id
  JOIN accounts_credential c ON c.client_id = a.client_id AND c.revoked_at IS NULL
  JOIN accounts_partner p ON p.id = c.partner_id
 WHERE t.token_checksum = %s AND t.user_id IS NULL AND t.expires > %s AND c.expires_at > %s"""  # noqa: S608 - names of columns


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
