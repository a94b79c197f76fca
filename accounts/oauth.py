"""How django-oauth-toolkit knows our partners' programs and apps, and what whoever asks for a token may ask for.

A credential is in our own table alone, with the hash of its secret; the toolkit's application of the same client id is what
its tokens hang on, and has no secret by which anybody could log in (ADR 41). An app has none at all (ADR 45).
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from oauth2_provider.models import Application, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from accounts.choice_words import CHOICES
from accounts.models import App, AppAudience, AppScope, Credential, Scope
from accounts.operations.apps import hold, is_for
from services import clock
from services.language import in_english
from services.texts import is_text

OF_AUDIENCE: dict[str, tuple[str, ...]] = {
    AppAudience.CLAIMANTS: (AppScope.READ_OWN, AppScope.WRITE_OWN),
    AppAudience.STAFF: (AppScope.READ_CASES, AppScope.WRITE_CASES),
}


class Validator(OAuth2Validator):
    """A client is who the toolkit knows and whose credential, or whose app, goes on now."""

    def _load_application(self, client_id: str, request: Any) -> Application | None:
        if not is_text(client_id or ""):
            return None
        application: Application | None = super()._load_application(client_id, request)
        if application is None:
            return None
        if application.authorization_grant_type == Application.GRANT_CLIENT_CREDENTIALS:
            credential = credential_of(application)
            if credential is not None:
                application.client_secret = credential.secret_hash  # of this instance; it is never saved
                return application
        elif app_of(application) is not None:
            application.client_secret = make_password(None)  # as above: not even who reads our tables has one
            return application
        request.client = None
        return None

    def validate_code(self, client_id: str, code: str, client: Application, request: Any, *args: Any, **kwargs: Any) -> bool:
        if super().validate_code(client_id, code, client, request, *args, **kwargs):
            return _may_have(client, request.user)
        family = family_of(code)
        if RefreshToken.objects.filter(token_family=family, application=client).exists():
            RefreshToken.revoke_family(family)  # one of the two who had it was not to have it
        return False

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """It went when its token was given: see `_stands`."""

    def confirm_redirect_uri(self, *args: Any, **kwargs: Any) -> bool:
        """Of a code for another address: `invalid_grant` (RFC 6749, 5.2), and not what oauthlib has for it."""
        if not super().confirm_redirect_uri(*args, **kwargs):
            raise InvalidGrantError
        return True

    def validate_refresh_token(self, refresh_token: str, client: Application, request: Any, *args: Any, **kwargs: Any) -> bool:
        kept = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return kept and _may_have(client, request.user)

    def _create_refresh_token(self, request: Any, *args: Any, **kwargs: Any) -> RefreshToken:
        token: RefreshToken = super()._create_refresh_token(request, *args, **kwargs)
        if request.grant_type == "authorization_code":
            token.token_family = family_of(request.code)
            token.save(update_fields=["token_family"])
        return token

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """Whoever takes away what an app was given, closes the account or leaves waits for this, or this for them: then what it
        was to be given for is gone. So does who sends the same code or refresh token at once: it has given one then, and one of
        the two was not to have it.
        """
        with transaction.atomic():
            stands = request.grant_type == "client_credentials" or (hold(request.user) is not None and _stands(request))
            if stands:
                super().save_bearer_token(token, request, *args, **kwargs)
        if not stands:
            RefreshToken.revoke_family(_family(request))
            raise InvalidGrantError(request=request)


class Scopes(BaseScopes):
    """What there is to ask for. Whoever asks for nothing in particular gets all that they may have."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope: CHOICES["scope"][scope][in_english()] for scope in (*Scope.values, *AppScope.values)}

    def get_available_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        if application is None:
            return []
        if application.authorization_grant_type != Application.GRANT_CLIENT_CREDENTIALS:
            app = app_of(application)
            return [] if app is None else sorted(OF_AUDIENCE[app.audience])
        credential = credential_of(application)
        return [] if credential is None else sorted(scopes_of(credential))

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application, request)


def credential_of(application: Application) -> Credential | None:
    """The credential behind it, with its partner, where it holds now; None where it does not, or where it is an app."""
    now = clock.real()
    live = Credential.objects.filter(revoked_at__isnull=True, expires_at__gt=now, client_id=application.client_id)
    return live.select_related("partner").first()


def scopes_of(credential: Credential) -> frozenset[str]:
    """What it may do, as far as its partner still may."""
    return frozenset(credential.scopes) & frozenset(credential.partner.scopes)


def app_of(application: Application) -> App | None:
    """The app behind it, where it was not ended."""
    return App.objects.filter(application=application, ended_at=None).first()


def family_of(code: str) -> UUID:
    """All refresh tokens that come of a code. The code itself is gone once it gave one."""
    return UUID(bytes=sha256(code.encode()).digest()[:16])


def _may_have(application: Application, user: Any) -> bool:
    app = app_of(application)
    return app is not None and user.is_active and is_for(app, user)


def _stands(request: Any) -> bool:
    """The code or the refresh token, for which a token is to be given: it may have gone while we waited. A code goes here: the
    toolkit lets it go once the token is given, and until then for another one as well.
    """
    if request.grant_type == "authorization_code":
        return bool(Grant.objects.filter(code=request.code, application=request.client).delete()[0])
    return bool(RefreshToken.objects.filter(pk=request.refresh_token_instance.pk, revoked=None).exists())


def _family(request: Any) -> UUID:
    if request.grant_type == "authorization_code":
        return family_of(request.code)
    family: UUID = request.refresh_token_instance.token_family
    return family
