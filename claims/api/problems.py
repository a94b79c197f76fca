"""What is refused or fails, as a problem body: the EXCEPTION_HANDLER of REST_FRAMEWORK, and Django's own errors under /api/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from psycopg.errors import IdleInTransactionSessionTimeout, ReadOnlySqlTransaction
from rest_framework import exceptions
from rest_framework.response import Response

from claims.api.problem_words import detail_of, title_of
from services.bodies import BodyRefused, FieldError, pointer_of
from services.edge import request_id_of
from services.problems import PROBLEM_JSON, Place, Problem
from services.refusals import Refusal, Unknown

AWAY = {"Retry-After": "5"}  # seconds after which a database or a lock is asked again
SOON = {"Retry-After": "1"}  # the same, of a request that is being worked on

# Of what is refused of a body 422, of a query 400, of what an address names 404; these are otherwise.
STATUSES: Mapping[str, int] = {
    "length_required": 411, "body_too_large": 413, "batch_too_large": 413, "unsupported_media_type": 415,
    "unsupported_charset": 415, "unsupported_encoding": 415, "empty_body": 400, "body_unexpected": 400, "malformed_json": 400,
    "json_too_deep": 400, "duplicate_key": 400, "object_expected": 400, "unknown_parameter": 400, "parameter_repeated": 400,
    "idempotency_key_required": 400, "idempotency_key_invalid": 400, "request_in_progress": 409, "version_required": 428,
    "version_mismatch": 412, "scope_missing": 403, "role_missing": 403, "own_claim": 403, "authority_exceeded": 403,
    "transition_not_allowed": 409, "duplicate_claim": 409, "claim_differs": 409, "usage_differs": 409, "not_quoted": 409,
    "not_the_claimant": 403, "body_incomplete": 400, "already_decided": 409, "decided_before": 403, "decision_replaced": 409,
    "decided_by_person": 409, "appeal_open": 409, "appeal_closed": 409, "no_services": 409, "no_record": 409,
    "no_official_outage": 409, "too_many_files": 409, "too_many_files_now": 429, "claim_files_too_large": 413,
    "file_too_large": 413, "file_type_not_allowed": 415, "heic_refused": 415, "file_not_checked": 503, "person_differs": 409,
    "import_closed": 409, "too_many_imports": 429, "file_differs": 409, "too_many_rows": 413, "too_many_webhooks": 409,
    "webhook_disabled": 409, "payload_erased": 409, "too_many_replayed": 413,
    "loss_withdrawn": 409, "usage_counts_elsewhere": 409,
    "conflict_of_interest": 403, "reviewed_by_another": 409, "assessment_outdated": 409,
    "may_be_duplicate": 409, "hint_open": 409, "shared_by_many": 409, "nothing_to_decide": 409,
}  # fmt: skip
BY_EXCEPTION: Mapping[type[Exception], tuple[int, str]] = {
    Http404: (404, "not_found"),
    PermissionDenied: (403, "forbidden"),
    RequestDataTooBig: (413, "body_too_large"),
    SuspiciousOperation: (400, "bad_request"),
    UnreadablePostError: (400, "body_incomplete"),
    exceptions.NotAuthenticated: (401, "unauthenticated"),
    exceptions.AuthenticationFailed: (401, "unauthenticated"),
    exceptions.MethodNotAllowed: (405, "method_not_allowed"),
    exceptions.NotAcceptable: (406, "not_acceptable"),
    exceptions.Throttled: (429, "rate_limited"),
}


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """None for what nobody foresaw and for a database that is away: config/errors.py answers both, once they are logged."""
    request = context["request"]._request
    if isinstance(error, BodyRefused):
        codes = {one.code for one in error.errors}
        code = codes.pop() if len(codes) == 1 else error.code
        return _response(problem_of(request, 422, code, error.errors[0].about, [_told(one) for one in error.errors]))
    if isinstance(error, Refusal):
        status = _status(request, error)
        lost = status == 404  # which is said in one way of all, and by its words of what
        places = [] if error.field is None or (lost and error.field not in request.GET) else [_placed(request, error)]
        again = AWAY if status in (429, 503) else SOON if error.code == "request_in_progress" else None
        code = "not_found" if lost else error.code
        return _response(problem_of(request, status, code, error.about, places, words=error.code), again)
    for kind, (status, code) in BY_EXCEPTION.items():
        if isinstance(error, kind):
            return _response(problem_of(request, status, code), _headers(error, context, status))
    return None


def is_away(error: BaseException | None) -> bool:
    """Whether the database is not there, full, locked, or read only for now: what was asked may be right, and none of it is
    stored.
    """
    return isinstance(error, OperationalError) or isinstance(
        getattr(error, "__cause__", None), (ReadOnlySqlTransaction, IdleInTransactionSessionTimeout)
    )


def problem_of(
    request: HttpRequest, status: int, code: str, about: str = "", errors: list[Place] | None = None, *, words: str = ""
) -> Problem:
    """`words`: the code whose words say what is wrong, where that is not the problem's own."""
    return Problem(
        status=status, code=code, type=request.build_absolute_uri(f"/api/v1/problems/{code}") if _named(request) else code,
        title=title_of(code), detail=detail_of(words or code, about), request_id=request_id_of(request), errors=errors or [],
    )  # fmt: skip


def answer_outside_views(request: HttpRequest, status: int, code: str) -> JsonResponse:
    """For what goes wrong before a view is found, or where one broke."""
    return JsonResponse(problem_of(request, status, code).body(), status=status, content_type=PROBLEM_JSON)


def _named(request: HttpRequest) -> bool:
    """Whether it came for a host of ours: an address of another is not repeated."""
    try:
        return bool(request.get_host())
    except SuspiciousOperation:
        return False


def _status(request: HttpRequest, error: Refusal) -> int:
    if error.code in STATUSES:
        return STATUSES[error.code]
    if isinstance(error, Unknown):
        return 404
    return 400 if request.method in ("GET", "HEAD") or error.field in request.GET else 422


def _told(error: FieldError) -> Place:
    return Place(pointer=error.pointer, code=error.code, detail=detail_of(error.code, error.about))


def _placed(request: HttpRequest, error: Refusal) -> Place:
    """An operation names a field, and of a list which one; where that stands in the body is looked for there. A field that
    stands there more than once, or not at all, is named as it is.
    """
    field = error.field or ""
    told: dict[str, str] = {}
    if request.method in ("GET", "HEAD") or field in request.GET:
        told["parameter"] = field[:100]
    elif (pointer := _pointer(request, error)) is not None:
        told["pointer"] = pointer
    else:
        told["field"] = field[:100]
    return Place(**told, code=error.code, detail=detail_of(error.code, error.about))


def _pointer(request: HttpRequest, error: Refusal) -> str | None:
    try:
        part = json.loads(getattr(request, "_body", b""))  # of who has read it: a file is not
        for step in error.place:
            part = part[step]
    except (ValueError, LookupError, TypeError):
        return None
    found = list(_places_of(error.field, part))
    if len(found) == 1:
        return pointer_of((*error.place, *found[0]))
    return pointer_of((*error.place, error.field or "")) if error.place and not found else None


def _places_of(name: str | None, part: Any) -> Iterator[tuple[str | int, ...]]:
    """The ways to all members of this name."""
    members = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in members:
        if step == name:
            yield (step,)
        else:
            yield from ((step, *rest) for rest in _places_of(name, value))


def _headers(error: Exception, context: dict[str, Any], status: int) -> dict[str, str]:
    if isinstance(error, exceptions.Throttled):
        return {"Retry-After": str(max(1, int(getattr(error, "wait", None) or 1)))}
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(error, exceptions.MethodNotAllowed):
        return {"Allow": ", ".join(context["view"].allowed_methods)}
    return {}


def _response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    return Response(problem.body(), status=problem.status, headers=headers, content_type=PROBLEM_JSON)
