"""What is answered where no view was found, or one broke: to programs as problems, to people as pages."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from claims.api.problem_words import detail_of, title_of
from claims.api.problems import AWAY, answer_outside_views, is_away
from claims.web import errors
from services.edge import HEADER
from services.problems import PROBLEM_JSON, Problem

PROGRAMS = ("/api/", "/oauth/")
PAGE = "/oauth/authorize"  # of people, among those of programs


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    code = "bad_host" if isinstance(exception, DisallowedHost) else "bad_request"
    return _problem(request, 400, code) or errors.unreadable(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 404, "not_found") or errors.not_found(request, exception)


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """A view for addresses that are none."""
    return answer_outside_views(request, 404, "not_found")


def broken(request: HttpRequest) -> HttpResponse:
    if not is_away(sys.exc_info()[1]):  # Django calls this while it handles what broke
        return _problem(request, 500, "internal_error") or errors.broken(request)
    response = _problem(request, 503, "temporarily_unavailable") or errors.broken(request)
    response.status_code = 503
    response.headers.setdefault("Retry-After", AWAY["Retry-After"])
    return response


def unread(status: int, code: str, number: str) -> bytes:
    """The whole answer to what is no request, as the web process sends it. In which language it asks cannot be known."""
    with translation.override(settings.LANGUAGE_CODE):
        said = Problem(
            type=code, title=title_of(code), status=status, detail=detail_of(code, ""), code=code, request_id=number, errors=[]
        )
    body = json.dumps(said.body(), ensure_ascii=False).encode()
    head = {
        "Content-Type": PROBLEM_JSON, "Content-Length": str(len(body)), HEADER: number, "Cache-Control": "no-store",
        "Connection": "close", **(AWAY if status == 503 else {}),
    }  # fmt: skip
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _problem(request: HttpRequest, status: int, code: str) -> HttpResponse | None:
    return answer_outside_views(request, status, code) if request.path.startswith(PROGRAMS) and request.path != PAGE else None
