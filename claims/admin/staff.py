"""Who asks for a page, the numbers in what is asked, and what all pages of claims have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern

from accounts.admin.pages import StaffFilter, ids_of, see_people, staff_of
from accounts.models import User
from claims.admin.choice_words import CHOICES
from claims.model_words import FIELDS, MODELS
from claims.models import CASE_VIEWERS, Claim, ViewedPage
from claims.operations import record_views
from services import clock
from services.admin_pages import ReadOnlyAdmin
from services.leads import paths_to
from services.texts import is_text

MOST_FOUND = 100

__all__ = ["ClaimsAdmin", "StaffFilter", "number_of", "see_claims", "staff_of"]


# names of searched columns
REFERENCES = ("reference", "claim__reference", "appeal__claim__reference", "letter__claim__reference")


def roles_of(request: HttpRequest) -> frozenset[str]:
    """Of who is logged in, asked once for a page: its menu has all tables. Operations ask anew."""
    user: Any = request.user
    if not hasattr(user, "roles_of_page"):
        held = user.role_grants.values_list("role", flat=True) if isinstance(user, User) else ()
        user.roles_of_page = frozenset(held)
    return cast(frozenset[str], user.roles_of_page)


class ClaimsAdmin(ReadOnlyAdmin):
    """With the words of claims. References are found by how they begin, by their index and not by looking at each."""

    choice_words, model_names, column_names = CHOICES, MODELS, FIELDS
    seen_by: ClassVar[tuple[str, ...]] = CASE_VIEWERS  # empty: by every member of staff
    claims_by: ClassVar[tuple[str, ...]] = ()  # paths to claims, where no foreign key leads to one
    log_of_views: ClassVar[bool] = False  # that says who looked: looking at it leaves no row, or it would have no end

    @property
    def urls(self) -> list[URLPattern]:
        """All pages of the table, also those of its own, are for those who may see it."""
        return [URLPattern(one.pattern, self._guarded(one.callback), one.default_args, one.name) for one in self.get_urls()]

    def _guarded(self, page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(page)
        def guarded(request: HttpRequest, *values: Any, **named: Any) -> HttpResponseBase:
            if self.admin_site.has_permission(request) and not self.has_view_permission(request):
                raise PermissionDenied
            return page(request, *values, **named)

        return guarded

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) and (not self.seen_by or bool(roles_of(request) & {*self.seen_by}))

    def log_rows(self, request: HttpRequest, rows: Sequence[Model], *, listed: bool) -> None:
        """A row about a claim is a look at the claim, and one about a person without a claim at the person."""
        if self.log_of_views:
            return
        table: type[Model] = self.model
        by_keys = paths_to(table, Claim)
        claims = ids_of(rows, by_keys or self.claims_by)
        if claims:
            with transaction.atomic(durable=True):
                page = ViewedPage.LIST if listed else ViewedPage.ROW
                record_views(claim_ids=claims, page=page, viewer=staff_of(request), now=clock.now())
        if not by_keys:
            see_people(request, rows, listed=listed)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        by = self.search_fields[0] if self.search_fields else ""
        typed = search_term.strip().upper()
        if by not in REFERENCES or not typed:
            return super().get_search_results(request, queryset, search_term)
        if not is_text(typed):
            return queryset.none(), False
        claims = Claim.objects.filter(reference__startswith=typed).order_by("reference")
        path = by.removesuffix("reference") + "pk__in"
        return queryset.filter(**{path: list(claims.values_list("pk", flat=True)[:MOST_FOUND])}), False


def see_claims(request: HttpRequest, *claims: Claim, page: str = ViewedPage.CLAIM) -> None:
    """Before a page that shows them is answered: who looks at them is logged."""
    with transaction.atomic(durable=True):
        record_views(claim_ids=[claim.pk for claim in claims], page=page, viewer=staff_of(request), now=clock.now())


def number_of(text: str | None) -> int:
    """The id or the number of a version that a form or an address names; 0, which no row has, for what is none.

    Up to 18 digits: more may be more than the database counts to, and would be an error there.
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0
