"""What every request gets before anything else is done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

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


class StrictWSGIRequest(WSGIRequest):
    """A request is read as UTF-8, whatever it says of itself. Django would read the query by the `charset` of a body that may
    not even be there, and break, before anything can answer, at one that is no encoding of text and at a Content-Type that
    cannot be parsed: that is one that nobody takes. Who reads a body looks at its charset.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:  # a parameter in an encoding of its own (RFC 2231) that there is not
            self.content_type, self.content_params = "unreadable", {}


def request_id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")
