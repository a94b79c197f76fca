"""Addresses: the public pages, the staff's admin and the API."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.oauth_metadata import metadata
from claims.api.docs import ApiDescription, ApiDocs
from claims.web.account.allowing import allow
from config import errors

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="claim:start"), name="home"),  # mails and letters name the host alone
    path("", include("services.public_urls")),
    path("claim/", include("claims.web.urls")),
    path("my/", include("claims.web.my.urls")),
    path("account/", include("claims.web.account.urls")),
    path("admin/", admin.site.urls),
    path("staff/", include("accounts.urls")),
    path("oauth/authorize", allow, name="app_allow"),
    path("oauth/", include("accounts.oauth_urls")),
    path(".well-known/oauth-authorization-server", metadata, name="oauth_metadata"),
    path("api/v1/", include("claims.api.urls")),
    path("api/schema", ApiDescription.as_view(), name="api_schema"),
    path("api/docs/", ApiDocs.as_view(url_name="api_schema"), name="api_docs"),
    # Else Django shows programs a page of its own where DEBUG is on.
    re_path("^(?:api/v1|oauth)(?:/|$)", errors.nothing, name="nothing"),
]

handler400 = "config.errors.unreadable"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
