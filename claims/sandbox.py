"""How letters and documents are sent to a browser, by whichever page."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpResponse

P = ParamSpec("P")

# A document, not a page of ours: no script, nothing fetched, whatever it holds.
SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}


def shows_letters(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A view of staff that shows letters in sandboxed frames: those inherit its policy, and have their style sheet in them."""

    @wraps(view)
    def answer(*args: P.args, **named: P.kwargs) -> HttpResponse:
        response = view(*args, **named)
        response._csp_update = {"style-src": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined]  # as django-csp reads it
        return response

    return answer
