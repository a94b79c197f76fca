"""Addresses of tokens, included under /oauth/: of all that the toolkit can answer only these."""

from django.urls import path

from accounts.token_views import Revoke, Token

app_name = "oauth2_provider"

urlpatterns = [
    path("token", Token.as_view(), name="token"),
    path("revoke", Revoke.as_view(), name="revoke-token"),
]
