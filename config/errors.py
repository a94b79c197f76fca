"""What is answered where no view was found, or one broke: to programs as problems, to people as pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from claims.api.problems import answer_outside_views
from claims.web import errors

PROGRAMS = ("/api/", "/oauth/")
PAGE = "/oauth/authorize"  # of people, among those of programs


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 400, "bad_request") or errors.unreadable(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 404, "not_found") or errors.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return _problem(request, 500, "internal_error") or errors.broken(request)


def _problem(request: HttpRequest, status: int, code: str) -> HttpResponse | None:
    return answer_outside_views(request, status, code) if request.path.startswith(PROGRAMS) and request.path != PAGE else None
