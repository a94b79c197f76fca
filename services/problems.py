"""Errors as problem bodies (RFC 9457) with a stable code, and what is refused of a query string."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from pydantic import BaseModel
from rest_framework.request import Request

from services.refusals import Refusal

PROBLEM_JSON = "application/problem+json"


class UnknownParameter(Refusal):
    code = "unknown_parameter"


class ParameterRepeated(Refusal):
    code = "parameter_repeated"


class Place(BaseModel):
    """What is wrong where: at a pointer into the body (RFC 6901), in a parameter of the query, or in a field of this name."""

    pointer: str | None = None
    parameter: str | None = None
    field: str | None = None
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. `type`: where the code is explained; `detail`: in the language of the answer."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[Place]

    def body(self) -> dict[str, Any]:
        """Without the ways of saying a place that are not used."""
        return self.model_dump(exclude_none=True)


def refuse_unknown_parameters(request: Request | HttpRequest, *known: str) -> None:
    """A misspelt or repeated parameter would otherwise be ignored in silence and answer another question."""
    for name in request.GET:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise UnknownParameter(f"There is no parameter {name!r} here; known: {listed}.", field=name, about=listed)
        if len(request.GET.getlist(name)) > 1:
            raise ParameterRepeated(f"{name} is given more than once. Give it once.", field=name)
