"""What all pages of accounts have in common: their words, who asks, and buttons that are each one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.choice_words import CHOICES
from accounts.model_words import FIELDS, MODELS
from accounts.models import Payee, Person, User
from accounts.operations import MANAGERS, record_rows
from accounts.page_words import words
from services import clock
from services.admin_pages import ReadOnlyAdmin, told
from services.leads import paths_to
from services.refusals import Refusal

PUBLIC_IDS = ("public_id", "person__public_id")  # names of searched columns


class AccountsAdmin(ReadOnlyAdmin):
    """With the words of accounts. A public id is found by the whole of it, which an index has."""

    choice_words, model_names, column_names = CHOICES, MODELS, FIELDS
    log_of_views: ClassVar[bool] = False  # that says who looked: looking at it leaves no row, or it would have no end

    class Media:
        css: ClassVar = {"all": ["services/intake.css", "accounts/pages.css"]}

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        by, typed = next(iter(self.search_fields), ""), search_term.strip()
        if by not in PUBLIC_IDS or not typed:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(**{by: _uuid_of(typed)}), False

    def log_rows(self, request: HttpRequest, rows: Sequence[Model], *, listed: bool) -> None:
        if not self.log_of_views:
            see_people(request, rows, listed=listed)

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> TemplateResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "words": words(), **context}
        return TemplateResponse(request, f"admin/accounts/{name}.html", whole)


class RoleAdmin(AccountsAdmin):
    """For these roles only. The menu, which every page has, does not ask for them."""

    seen_by: ClassVar[tuple[str, ...]] = ()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user = request.user
        return isinstance(user, User) and super().has_view_permission(request, obj) and user.holds(*self.seen_by)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_view_permission(request)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {"add": False, "change": False, "delete": False, "view": super().has_view_permission(request)}


class StaffFilter(admin.RelatedFieldListFilter):
    """By a log-in of staff: claimants have one as well, and they are many."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [(user.pk, str(user)) for user in User.objects.filter(is_staff=True).order_by("email")]


def staff_of(request: HttpRequest) -> User:
    """A log-in of staff; anybody else is denied."""
    if not isinstance(request.user, User) or not request.user.is_staff:
        raise PermissionDenied
    return request.user


def see_people(request: HttpRequest, rows: Sequence[Model], *, listed: bool) -> None:
    """Before a page with these rows of one table is answered: who looks at the people whom they are about is logged."""
    table = type(rows[0]) if rows else Payee
    people = ids_of(rows, paths_to(table, Person))
    if people:
        with transaction.atomic(durable=True):
            record_rows(person_ids=people, listed=listed, payee=table is Payee, viewer=staff_of(request), now=clock.now())


def ids_of(rows: Sequence[Model], paths: Sequence[str]) -> list[int]:
    """Where these paths lead from rows of one table, each once, in order. One query, or none."""
    if not rows or not paths:
        return []
    found = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).order_by()
    return sorted({one for ids in found.values_list(*paths) for one in ids if one is not None})


def _uuid_of(text: str) -> UUID:
    """A public id that was typed in; one that nobody has for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def is_manager(request: HttpRequest) -> bool:
    return staff_of(request).holds(*MANAGERS)


def manager_of(request: HttpRequest) -> User:
    """Anybody else is denied."""
    if not is_manager(request):
        raise PermissionDenied
    return staff_of(request)


def answered(
    request: HttpRequest, operation: Callable[..., Any], *, at: Callable[[], datetime] = clock.now, **values: Any
) -> tuple[Any] | None:
    """What the operation returns, committed; None and a message where it refuses."""
    try:
        with transaction.atomic(durable=True):
            return (operation(**values, now=at()),)
    except Refusal as refusal:
        messages.error(request, told(refusal))
        return None
