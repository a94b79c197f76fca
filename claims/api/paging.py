"""Pages of a list, newest first, by cursors that hold for one caller and one question."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import QuerySet
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of
from claims.api.views import said
from services.refusals import Refusal

USUAL, MOST = 50, 100
PARAMETERS = ("cursor", "limit")

One = TypeVar("One", bound=BaseModel)


class CursorInvalid(Refusal):
    code = "cursor_invalid"


class LimitInvalid(Refusal):
    code = "limit_invalid"


class Page(BaseModel, Generic[One]):
    """Newest first. `next`: the address of the page after this one; null on the last."""

    data: list[One]
    next: str | None = Field(examples=[None])


def paged(request: Request, rows: QuerySet[Any], shape: Callable[[Any], One], page: type[Page[One]]) -> Response:
    """A page of rows, by their ids from the highest. Raises CursorInvalid, LimitInvalid."""
    limit = _limit(request)
    asked = {name: value for name, value in request.GET.items() if name != "cursor"}
    question = "\n".join([caller_of(request).key, request.path, urlencode(sorted(asked.items()))])
    if "cursor" in request.GET:
        rows = rows.filter(pk__lt=_place(question, request.GET["cursor"]))
    found = list(rows.order_by("-pk")[: limit + 1])
    following = None
    if len(found) > limit:
        query = urlencode({**asked, "cursor": _sealed(question).encrypt(str(found[limit - 1].pk).encode()).decode()})
        following = request.build_absolute_uri(f"{request.path}?{query}")
    shown = page(data=[shape(row) for row in found[:limit]], next=following)
    return said(shown, headers={"Link": f'<{following}>; rel="next"'} if following else {})


def _limit(request: Request) -> int:
    text = request.GET.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise LimitInvalid(f"limit is a number from 1 to {MOST}.", field="limit", about=str(MOST))
    return int(text)


def _sealed(question: str) -> Fernet:
    """Signed, so that it leads nowhere else, and encrypted: our ids say how many claims there are of others."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"cursor\n{question}".encode("utf-8", "surrogatepass"), "sha256")
    return Fernet(base64.urlsafe_b64encode(digest))


def _place(question: str, cursor: str) -> int:
    try:
        return int(_sealed(question).decrypt(cursor.encode("utf-8", "surrogatepass")))
    except (InvalidToken, ValueError):
        raise CursorInvalid("This is no cursor of this list.", field="cursor") from None
