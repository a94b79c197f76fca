"""What every request gets before anything else is done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


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


class Utf8:
    """A request is read as UTF-8, whatever it says of itself: Django would read its query by the `charset` of a body that may
    not even be there, and break at one that is no encoding of text. Who reads a body refuses another charset.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding is not None and request.encoding.lower() not in ("utf-8", "utf8"):
            if request.content_type in FORMS and request.method not in ("GET", "HEAD"):
                raise BadRequest("A form has to be in UTF-8.")
            request.encoding = "utf-8"
        return self.get_response(request)


class StrictWSGIRequest(WSGIRequest):
    """A Content-Type that cannot be parsed is one that nobody takes; Django breaks at it before anything can answer."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # which the stubs leave out
        except ValueError:  # a parameter in an encoding of its own (RFC 2231) that there is not
            self.content_type, self.content_params = "unreadable", {}


def request_id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")
