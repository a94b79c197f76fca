"""Errors as problem bodies (RFC 9457) with a stable code, and what is refused of a query string."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from services.refusals import Refusal

PROBLEM_JSON = "application/problem+json"


class UnknownParameter(Refusal):
    code = "unknown_parameter"


class ParameterRepeated(Refusal):
    code = "parameter_repeated"


@dataclass(frozen=True)
class Problem:
    """What went wrong. `type`: where it is explained; `detail`: in the language of the answer, with nothing of what was sent;
    `errors`: by place, each a pointer into the body (RFC 6901), or the name of a parameter or header.
    """

    status: int
    code: str
    type: str
    title: str
    detail: str
    request_id: str
    errors: Sequence[dict[str, str]] = ()

    def body(self) -> dict[str, Any]:
        told = {name: value for name, value in vars(self).items() if name != "errors"}
        return {**told, "errors": list(self.errors)}


def refuse_unknown_parameters(request: Request | HttpRequest, *known: str) -> None:
    """A misspelt or repeated parameter would otherwise be ignored in silence and answer another question."""
    for name in request.GET:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise UnknownParameter(f"There is no parameter {name!r} here; known: {listed}.", field=name, about=listed)
        if len(request.GET.getlist(name)) > 1:
            raise ParameterRepeated(f"{name} is given more than once. Give it once.", field=name)
