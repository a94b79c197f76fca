"""Addresses of the pages of somebody's own claims."""

from collections.abc import Callable
from typing import Any

from django.urls import path, register_converter
from django.views.decorators.cache import never_cache

from claims.web.language import in_their_language
from claims.web.my.access import of_claimant
from claims.web.my.find import code, find, genuine, leave
from claims.web.my.status import status

app_name = "my"


class Reference:
    """As `insert_claims` makes them."""

    regex = "C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Reference, "reference")


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    return never_cache(in_their_language(of_claimant(view)))


urlpatterns = [
    path("", never_cache(in_their_language(find)), name="find"),
    path("code/", never_cache(in_their_language(code)), name="code"),
    path("check/", never_cache(in_their_language(genuine)), name="genuine"),
    path("<reference:reference>/leave/", leave, name="leave"),
    path("<reference:reference>/", own(status), name="status"),
]
