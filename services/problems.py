"""Errors of the API's views as problem bodies with a stable code: the EXCEPTION_HANDLER of REST_FRAMEWORK."""

from typing import Any

from django.http import HttpRequest
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from services.refusals import Refusal, Unknown

PROBLEM_JSON = "application/problem+json"


class UnknownParameter(Refusal):
    code = "unknown_parameter"


class ParameterRepeated(Refusal):
    code = "parameter_repeated"


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal answers 400, or 404 when it names what does not exist; what DRF raises keeps its status."""
    if isinstance(error, Refusal):
        found = status.HTTP_404_NOT_FOUND if isinstance(error, Unknown) else status.HTTP_400_BAD_REQUEST
        return Response(error.as_problem(), status=found, content_type=PROBLEM_JSON)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response.data)
    response.content_type = PROBLEM_JSON
    return response


def refuse_unknown_parameters(request: Request | HttpRequest, *known: str) -> None:
    """A misspelt or repeated parameter would otherwise be ignored in silence and answer another question."""
    for name in request.GET:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise UnknownParameter(f"There is no parameter {name!r} here; known: {listed}.", field=name)
        if len(request.GET.getlist(name)) > 1:
            raise ParameterRepeated(f"{name} is given more than once. Give it once.", field=name)


def _body(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, APIException) and isinstance(error.detail, str):
        return {"code": error.detail.code, "message": str(error.detail)}
    if isinstance(error, APIException):
        return {"code": error.default_code, "message": error.default_detail, "errors": data}
    return {"code": "not_found", "message": "There is nothing at this address."}
