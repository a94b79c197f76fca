"""What programs read to find out how they get a token here (RFC 8414): no more than this service does."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from oauth2_provider.settings import oauth2_settings

from accounts.models import AppScope, Scope
from services.questions import LANGUAGES

GRANTS = ["authorization_code", "refresh_token", "client_credentials"]
METHODS = ["none", "client_secret_basic", "client_secret_post"]


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    issuer = oauth2_settings.oauth2_authorization_server_issuer(request)
    said = {
        "issuer": issuer,
        "authorization_endpoint": issuer + reverse("app_allow"),
        "token_endpoint": issuer + reverse("oauth2_provider:token"),
        "revocation_endpoint": issuer + reverse("oauth2_provider:revoke-token"),
        "scopes_supported": sorted([*Scope.values, *AppScope.values]),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GRANTS,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": sorted(LANGUAGES),
        "service_documentation": issuer + reverse("api_docs"),
    }
    return JsonResponse(said, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"})
