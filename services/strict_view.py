"""The view that all others of the API come from: a query string and a method that it does not know are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest
from rest_framework.exceptions import MethodNotAllowed, NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from services.bodies import MEDIA_TYPE, check_no_body
from services.problems import PROBLEM_JSON, refuse_unknown_parameters

READS = ("GET", "HEAD")


class Negotiation(BaseContentNegotiation):
    """By what a view answers to this method, not by its renderer: some send files, and all send problems."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        """Raises NotAcceptable, where neither its answers nor problems are."""
        view = (request.parser_context or {})["view"]
        answer = view.answers.get("GET" if request.method == "HEAD" else request.method, (200, None))[1]
        types = (answer if isinstance(answer, str) else MEDIA_TYPE, PROBLEM_JSON)
        if not _takes(request._request, types):
            raise NotAcceptable
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def _takes(request: HttpRequest, types: Sequence[str]) -> bool:
    """Whether a client that says what it accepts accepts one of these."""
    try:
        accepted = request.accepted_types
    except ValueError:  # a parameter in an encoding that there is not
        return False
    return not request.headers.get("Accept", "").strip() or any(one.match(kind) for one in accepted for kind in types)


class StrictView(APIView):
    """`parameters`: what the query string of a GET may hold; `written_with`: that of a POST.

    For the API's description, by method: `bodies`, the shape of what is sent, or media types of a file; `answers`, the status
    and the shape of what is answered, or its media type. `keyed`: writes have an Idempotency-Key; `versioned`: which methods
    have If-Match; `may_find_nothing`: 204 is an answer as well. `only_in_sandbox`: elsewhere there is nothing at its
    address, for nobody.
    """

    parameters: ClassVar[tuple[str, ...]] = ()
    written_with: ClassVar[tuple[str, ...]] = ()
    bodies: ClassVar[Mapping[str, Any]] = {}
    answers: ClassVar[Mapping[str, tuple[int, Any]]] = {}
    keyed: ClassVar[bool] = True
    versioned: ClassVar[tuple[str, ...]] = ()
    may_find_nothing: ClassVar[bool] = False
    only_in_sandbox: ClassVar[bool] = False
    metadata_class = None  # OPTIONS says nothing about us
    content_negotiation_class = Negotiation

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A method that is not here is told so to everybody: that depends on nothing that belongs to anybody."""
        if self.only_in_sandbox and not settings.SANDBOX:
            raise Http404
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        reads = request.method in READS
        refuse_unknown_parameters(request, *(self.parameters if reads else self.written_with))
        if reads:
            check_no_body(request._request)

    @property
    def allowed_methods(self) -> list[str]:
        return [name for name in super().allowed_methods if name != "OPTIONS"]
