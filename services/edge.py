"""What every request gets before anything else is done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"


class RequestIds:
    """A number of our own on each request and its answer, by which it is found in the log. One that was sent is not taken over:
    whoever chooses it could write into the log, or look like somebody else's request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers[HEADER] = request_id_of(request)
        if settings.SANDBOX:
            response.headers["Sandbox"] = "true"
        return response


def request_id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")
