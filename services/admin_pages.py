"""Read-only admin pages: staff look, operations write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from services.admin_words import WORDS, say
from services.choice_words import CHOICES, Choices, heading, worded
from services.language import in_english
from services.model_words import FIELDS, MODELS, name_columns, named_options
from services.refusals import Refusal
from services.staff import WRITERS, Staff
from services.texts import is_text
from services.time_words import said_time
from services.words import REFUSED

MOST_LISTED = 1_000


class WordedFilter(admin.ChoicesFieldListFilter):
    """By a column's choices, in words."""

    def __init__(self, field: Any, *more: Any, **named: Any) -> None:
        super().__init__(field, *more, **named)
        words = more[3].choice_words  # of the page
        self.title = heading(field.name)
        self.words = {str(label): worded(field.name, value, words) for value, label in field.flatchoices}

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": self.words.get(str(choice["display"]), choice["display"])}


class BoundedPaginator(Paginator):
    """Counts no further than MOST_LISTED rows, and ends there: who wants more than that searches or filters."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list  # the admin has querysets only
        return int(rows.order_by()[:MOST_LISTED].count())


class ReadOnlyAdmin(admin.ModelAdmin):
    """No adding, changing or deleting, for anybody (so no mass actions either); every member of staff may look.

    `allowed_lookups` are the only ways a hand-written address can filter the list, beside
    the filters shown: otherwise columns that are not shown could be probed value by value.
    """

    allowed_lookups: ClassVar[tuple[str, ...]] = ()
    choice_words: ClassVar[Choices] = CHOICES
    model_names: ClassVar[Mapping[str, str]] = MODELS
    column_names: ClassVar[Mapping[str, str]] = FIELDS
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # which count the whole table, once per choice
    sortable_by: ClassVar[tuple[str, ...]] = ()  # by a column without an index the whole table would be sorted
    paginator = BoundedPaginator

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self.opts = named_options(model, self.model_names)
        name_columns(model, self.column_names)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        if ORDER_VAR in request.GET or not all(is_text(value) for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters
        changes = super().get_changelist_instance(request)
        changes.opts, changes.title = self.opts, str(capfirst(self.opts.verbose_name_plural))
        if changes.result_count == MOST_LISTED:
            changes.title = f"{changes.title} · {say('first_listed').format(most=MOST_LISTED)}"
        self.log_rows(request, list(changes.result_list), listed=True)  # which the page reads no second time
        return changes

    def log_rows(self, request: HttpRequest, rows: Sequence[Model], *, listed: bool) -> None:
        """Called before a page with these rows is answered, be it a list or the page of one: where they are about somebody, it
        leaves who looked at them. Here they are about nobody.
        """

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, extra_context)

    @method_decorator(require_safe)
    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self._logged(request, super().history_view(request, object_id, extra_context), "object")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name)}
        answer = super().changeform_view(request, object_id, form_url, {**title, **(extra_context or {})})
        return self._logged(request, answer, "original")

    def _logged(self, request: HttpRequest, answer: HttpResponse, row: str) -> HttpResponse:
        """The answer, which shows the row that its context has by this name, if it shows any."""
        shown = (getattr(answer, "context_data", None) or {}).get(row)
        if shown is not None:
            self.log_rows(request, [shown], listed=False)
        return answer

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """What the filters themselves ask; never what lies behind a relation, or how a value begins."""
        return lookup in self.allowed_lookups or any(lookup in self._asked_by(shown) for shown in self._filters())

    def _asked_by(self, shown: Any) -> set[str]:
        if not isinstance(shown, str):  # a filter that names its own parameter
            return set()
        field = get_fields_from_path(self.model, shown)[-1]
        row = [f"{shown}__{field.target_field.name}__exact"] if isinstance(field, ForeignKey) else []
        return {shown, *(f"{shown}__{how}" for how in ("exact", "isnull", "gte", "lt")), *row}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field) if is_text(object_id) else None

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Columns of choices in words."""
        return [self._column(name) for name in super().get_list_display(request)]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [(name, WordedFilter) if self._is_choice(name) else name for name in super().get_list_filter(request)]

    def _is_choice(self, name: Any) -> bool:
        return name in self.choice_words and any(field.name == name and field.choices for field in self.opts.fields)

    def _column(self, name: Any) -> Any:
        if not self._is_choice(name):
            return name

        @admin.display(description=heading(name), ordering=name)
        def column(row: Model) -> str:
            return worded(name, getattr(row, name), self.choice_words)

        column.__name__ = name  # the column's class in the page
        return column

    def _filters(self) -> list[Any]:
        return [shown[0] if isinstance(shown, tuple) else shown for shown in self.list_filter]


class AddableAdmin(ReadOnlyAdmin):
    """Read-only but for one page, on which those who may write add a row by one operation."""

    add_form: ClassVar[type[forms.Form]]
    add_words: ClassVar[str]
    change_list_template = "admin/services/addable_list.html"

    class Media:
        css: ClassVar = {"all": ["services/intake.css"]}

    def add_by(self, form: Any, user: Staff) -> Model:
        """The operation, with what the valid form says. Raises what it refuses."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_add"
        return [path("add/", self.admin_site.admin_view(self.add_page), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **add_link(request, say(self.add_words))})

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """For those who may write one."""
        user = staff_of(request)
        if not user.holds(*WRITERS):
            raise PermissionDenied
        form = self.add_form(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic(durable=True):
                    row = self.add_by(form, user)
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, told(refusal))
            else:
                messages.success(request, f"{say('added')}: {row}")
                change = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                return HttpResponseRedirect(reverse(change, args=[row.pk]))
        return self.page(request, "add", {"form": form, "title": say(self.add_words)})

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        words = {key: say(key) for key in WORDS}
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "words": words, **context}
        return TemplateResponse(request, f"admin/services/{name}.html", whole)


def staff_of(request: HttpRequest) -> Staff:
    """Who is logged in, behind `admin_view`."""
    return cast(Staff, request.user)


def add_link(request: HttpRequest, said: str) -> dict[str, str]:
    """For `addable_list.html`: what the link to the page that adds a row says, to those who may write one."""
    return {"add_link": said if staff_of(request).holds(*WRITERS) else ""}


def may_send(request: HttpRequest, *roles: str) -> bool:
    """Whether who is logged in holds one of the roles that a page's buttons are for. What anybody else sends is denied."""
    may = staff_of(request).holds(*roles)
    if request.method == "POST" and not may:
        raise PermissionDenied
    return may


def told_of(form: forms.Form | None, refusal: Refusal, text: str) -> str:
    """Apart from the form: `text` with what the form calls the field."""
    return f"{form[refusal.field].label}: {text}" if form is not None and refusal.field in form.fields else text


def told(refusal: Refusal, korean: Mapping[str, str] = MappingProxyType({})) -> str:
    """What, where, what to do, and the code; before it, in Korean, the sentences that the code has, if it has any: of the pages
    that tell it (`korean`), and of all. Of a day or an instant only what is wrong with it: a form names it by its label.
    """
    if about_time := said_time(refusal):
        return about_time
    code = refusal.code
    known = [] if in_english() else [korean.get(code, ""), REFUSED[code][0] if code in REFUSED else ""]
    return " ".join(filter(None, [*known, f"{refusal.message} ({code})"]))
