"""What all views of the API have in common: who may call, what a query string may hold, and writes that are done once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of
from claims.operations import Answer, answer_once
from services import clock
from services.bodies import MEDIA_TYPE, Shape, check_no_body, read_body
from services.refusals import Refusal
from services.strict_view import StrictView

KEY = re.compile(r"[!-~]{1,255}")
ETAG = re.compile(r'"([0-9]{1,9}(?:\.[0-9]{1,9})*)"')
Said = BaseModel


class KeyRequired(Refusal):
    code = "idempotency_key_required"


class KeyInvalid(Refusal):
    code = "idempotency_key_invalid"


class VersionRequired(Refusal):
    code = "version_required"


class ApiView(StrictView):
    """`scopes`: of each method that it has, one of which is needed; an empty one: any caller."""

    scopes: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        rate = getattr(request._request, "rate", None)
        for name, value in (rate.headers() if rate else {}).items():
            final.headers[name] = value
        final.headers.setdefault("Cache-Control", "no-store")
        return final


def said(value: Said, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """As JSON of its shape."""
    return Response(value.model_dump(mode="json"), status=status, headers=dict(headers or {}))


def told(request: Request, shape: type[Shape], act: Callable[[Shape, datetime], Said]) -> Response:
    """A body that is answered and leaves nothing behind."""
    return said(act(read_body(request._request, shape), clock.now()))


def written(
    request: Request,
    shape: type[Shape] | None,
    act: Callable[[Any, datetime], Said | None],
    *,
    status: int = 201,
    location: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """One operation for the body (None: there is none to be sent), in one transaction with its answer, once for each key."""
    checked_key(request)
    if shape is None:
        check_no_body(request._request)
        body, raw = None, b""
    else:
        body, raw = read_body(request._request, shape), request._request.body
    return once(request, raw, lambda now: act(body, now), status=status, location=location)


def once(
    request: Request,
    raw: bytes,
    act: Callable[[datetime], Said | None],
    *,
    status: int = 201,
    location: Callable[[Any], str] | None = None,
    media_type: str = "",
) -> HttpResponse:
    """As `written`, of a body that was read already. `media_type`: where it may be one of several, and says what is done."""
    marks = [request.method or "", request.get_full_path(), request.headers.get("If-Match", "")]
    marks += [media_type] if media_type else []
    fingerprint = hashlib.sha256("\n".join(marks).encode("utf-8", "surrogatepass") + b"\n" + raw).hexdigest()
    key, now = checked_key(request), clock.now()

    def acted() -> Answer:
        made = act(now)
        headers = {"Location": location(made)} if location else {}
        return Answer(204 if made is None else status, b"" if made is None else made.model_dump_json().encode(), headers)

    with transaction.atomic(durable=True):
        answer = answer_once(caller=caller_of(request).key, key=key, fingerprint=fingerprint, act=acted, now=now)
    headers = {**answer.headers, **({"Idempotency-Replayed": "true"} if answer.again else {})}
    return HttpResponse(answer.body, status=answer.status, content_type=MEDIA_TYPE, headers=headers)


def checked_key(request: Request) -> str:
    """Raises KeyRequired, KeyInvalid."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise KeyRequired("Send the header Idempotency-Key.")
    if not KEY.fullmatch(key):
        raise KeyInvalid("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return key


def version_read(request: Request) -> tuple[int, ...]:
    """The numbers of the ETag that comes back as `If-Match`; none where it is none of ours. Raises VersionRequired."""
    given = request.headers.get("If-Match")
    if given is None:
        raise VersionRequired("Send the header If-Match, with the ETag that came when it was read.")
    found = ETAG.fullmatch(given.strip())
    return tuple(map(int, found[1].split("."))) if found else ()
