"""What claimants read where a page is not there, is too old to be sent or cannot be read, or broke."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from django.views.csrf import csrf_failure as of_django

from claims.web.page import page
from claims.web.words import say

THEIRS = ("/claim/", "/my/", "/account/", "/oauth/authorize")
NOT_THEIRS = ("/admin/", "/staff/", "/api/")  # any other address that is not there was mistyped by a claimant


def outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Sent with the key of another session: they logged in or out in another tab, or were away for long."""
    if not request.path.startswith(THEIRS):
        return of_django(request, reason)
    return _told(request, "outdated", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(NOT_THEIRS):
        return defaults.page_not_found(request, exception)
    return _told(request, "not_found", 404)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Sent by no page of ours, or changed on its way."""
    return _told(request, "not_read", 400) if request.path.startswith(THEIRS) else defaults.bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return _told(request, "broken", 500) if request.path.startswith(THEIRS) else defaults.server_error(request)


def _told(request: HttpRequest, what: str, status: int) -> HttpResponse:
    context = page(request, say(f"{what}_title"), told=say(what))
    return render(request, "claims/web/error.html", context, status=status)
