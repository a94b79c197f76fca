"""How django-oauth-toolkit knows our partners' programs, and what whoever asks for a token may ask for.

A credential is in our own table alone, with the hash of its secret; the toolkit's application of the same client id is what
its tokens hang on, and has no secret by which anybody could log in (ADR 41).
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from accounts.choice_words import CHOICES
from accounts.models import Credential, Scope
from services.language import in_english
from services.texts import is_text


class Validator(OAuth2Validator):
    """A client is who the toolkit knows and, of partners, whose credential holds now."""

    def _load_application(self, client_id: str, request: Any) -> Application | None:
        if not is_text(client_id or ""):
            return None
        application: Application | None = super()._load_application(client_id, request)
        if application is None or application.authorization_grant_type != Application.GRANT_CLIENT_CREDENTIALS:
            return application
        credential = credential_of(application)
        if credential is None:
            request.client = None
            return None
        application.client_secret = credential.secret_hash  # of this instance; it is never saved
        return application


class Scopes(BaseScopes):
    """What there is to ask for. Whoever asks for nothing in particular gets all that they may have."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope: CHOICES["scope"][scope][in_english()] for scope in Scope.values}

    def get_available_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        credential = None if application is None else credential_of(application)
        return [] if credential is None else sorted(scopes_of(credential))

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application, request)


def credential_of(application: Application) -> Credential | None:
    """The credential behind it, with its partner, where it holds now; None where it does not, or where it is an app."""
    now = timezone.now()
    live = Credential.objects.filter(revoked_at__isnull=True, expires_at__gt=now, client_id=application.client_id)
    return live.select_related("partner").first()


def scopes_of(credential: Credential) -> frozenset[str]:
    """What it may do, as far as its partner still may."""
    return frozenset(credential.scopes) & frozenset(credential.partner.scopes)
