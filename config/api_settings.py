"""Settings of the API, which config/settings.py takes over whole: its faces, tokens, and how much is asked of it."""

from typing import Any

from config import env

# Partners try their programs here, by a clock that they move (ADR 46). Nothing in its database may be real.
SANDBOX = env.env.bool("SANDBOX", False)

API_REQUESTS_PER_MINUTE = env.env.int("API_REQUESTS_PER_MINUTE", 600)  # of each credential, or of each app of each user
TOKENS_PER_MINUTE = env.env.int("TOKENS_PER_MINUTE", 30)  # of each credential in each network: secrets are not guessed often
APP_TOKENS_PER_MINUTE = env.env.int("APP_TOKENS_PER_MINUTE", 300)  # of each app, and of unknown clients, in each network

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.callers.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.callers.MayCall"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.rates.CallerThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],  # bodies are read by services/bodies.py, strictly
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "claims.api.problems.problem_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# What `/api/schema` says; claims/api/schema.py makes it out of the views.
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Outage claims (sandbox)" if SANDBOX else "Outage claims",
    "DESCRIPTION": (
        "What partners report, claim and are told about outages; the guide is docs/api.md. Amounts are whole numbers in the "
        "minor unit of their currency (won), instants have an offset, and an end is not in a span. A write needs an "
        "`Idempotency-Key`; errors are problems (RFC 9457) with a stable `code`."
    ),
    "SERVERS": [{"url": "/"}],
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "PREPROCESSING_HOOKS": ["claims.api.schema.of_this_version"],
    "POSTPROCESSING_HOOKS": [
        "claims.api.schema.with_headers", "claims.api.examples.with_examples", "claims.api.webhook_messages.with_webhooks",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "oauth2": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": "/oauth/token",
                        "scopes": {
                            "usage:write": "report usage", "usage:read": "read usage and losses", "claims:write": "file claims",
                            "claims:read": "read claims", "decisions:read": "read decisions", "payouts:read": "read payouts",
                            "webhooks:write": "set webhooks",
                        },
                    },
                    "authorizationCode": {
                        "authorizationUrl": "/oauth/authorize",
                        "tokenUrl": "/oauth/token",
                        "refreshUrl": "/oauth/token",
                        "scopes": {
                            "own:read": "read one's own claims", "own:write": "act on one's own claims",
                            "cases:read": "see claims, for staff", "cases:write": "work on claims, for staff",
                        },
                    },
                },
            }
        }
    },
}  # fmt: skip

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"  # the toolkit's own; migrations ask for the name

# Programs of partners get a token for their secret, apps of claimants and staff for a code (PKCE). A token is told once; what
# is kept of it is a digest. Scopes are asked of accounts/oauth.py: they differ by who asks.
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_VALIDATOR_CLASS": "accounts.oauth.Validator",
    "SCOPES_BACKEND_CLASS": "accounts.oauth.Scopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 24 * 3600,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "PKCE_REQUIRED": True,
    **{
        f"COMPLIANT_BCP_RFC9700_{name}": True
        for name in (
            *("IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS"),
            *("TOKEN_STORAGE", "REFRESH_TOKEN", "REDIRECT_URI_SCHEME", "REDIRECT_URI_MATCHING", "PKCE_REQUIRED"),
        )
    },
}
