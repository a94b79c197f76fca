"""Pages of a list, newest first, by cursors that hold for one caller and one question."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Sequence
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


class PageSizeInvalid(Refusal):
    code = "page_size_invalid"


class Page(BaseModel, Generic[One]):
    """Newest first. `next`: the address of the page after this one; null on the last."""

    data: list[One]
    next: str | None = Field(examples=[None])


CURSOR = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def paged(
    request: Request,
    rows: QuerySet[Any],
    shape: Callable[[Any], One],
    page: type[Page[One]],
    seen: Callable[[list[Any]], None] = lambda rows: None,
) -> Response:
    """A page of rows, by their ids from the highest; `seen`: is told which, before they are shown. Raises CursorInvalid,
    PageSizeInvalid.
    """
    limit, place = limit_asked(request), opened(request)
    if place is not None:
        rows = rows.filter(pk__lt=int(place[0]))
    found = list(rows.order_by("-pk")[: limit + 1])
    following = sealed(request, [str(found[limit - 1].pk)]) if len(found) > limit else None
    seen(found[:limit])
    shown = page(data=[shape(row) for row in found[:limit]], next=following)
    return said(shown, headers=page_headers(following))


def page_headers(following: str | None) -> dict[str, str]:
    """RFC 8288."""
    return {"Link": f'<{following}>; rel="next"'} if following else {}


def limit_asked(request: Request) -> int:
    """Rows of a page. Raises PageSizeInvalid."""
    text = request.GET.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise PageSizeInvalid(f"limit is a number from 1 to {MOST}.", field="limit", about=str(MOST))
    return int(text)


def sealed(request: Request, place: Sequence[str]) -> str:
    """The address of the page behind this place."""
    cursor = _seal_of(request).encrypt("|".join(place).encode()).decode()
    return request.build_absolute_uri(f"{request.path}?{urlencode({**_asked(request), 'cursor': cursor})}")


def opened(request: Request) -> list[str] | None:
    """The place that the cursor names; None: there is none. Raises CursorInvalid."""
    cursor = request.GET.get("cursor")
    if cursor is None:
        return None
    try:
        if not CURSOR.fullmatch(cursor):  # which the decoder would skip
            raise InvalidToken
        return _seal_of(request).decrypt(cursor.encode("utf-8", "surrogatepass")).decode().split("|")
    except InvalidToken:
        raise CursorInvalid("This is no cursor of this list.", field="cursor") from None


def _asked(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if name != "cursor"}


def _seal_of(request: Request) -> Fernet:
    """Of this caller and question: signed, so that it leads nowhere else, and encrypted: our ids say how many claims others
    have.
    """
    question = "\n".join([caller_of(request).key, request.path, urlencode(sorted(_asked(request).items()))])
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"cursor\n{question}".encode("utf-8", "surrogatepass"), "sha256")
    return Fernet(base64.urlsafe_b64encode(digest))
