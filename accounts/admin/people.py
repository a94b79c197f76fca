"""People in the Django admin. What names them is shown masked; who reveals or searches it leaves a row first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.admin.forms import RevealForm
from accounts.admin.pages import AccountsAdmin, RoleAdmin, answered, see_people, staff_of
from accounts.banks import name_and_code
from accounts.masking import masked_account, masked_email, masked_name, masked_phone
from accounts.models import KeptPerson, Payee, Person, PersonalData
from accounts.operations import VIEWERS, record_search, reveal_payee, reveal_personal_data
from accounts.page_words import say, words
from accounts.payees import payee_of
from accounts.search import SearchTooShort, people_like
from services import clock
from services.admin_pages import told
from services.choice_words import head
from services.seoul import shown
from services.texts import is_text, normalised


@admin.register(Person)
class PersonAdmin(AccountsAdmin):
    list_display = ("id", "public_id", "created")
    search_fields = ("public_id",)

    @admin.display(description=head("created"), ordering="created_at")
    def created(self, person: Person) -> str:
        return shown(person.created_at)


@admin.register(KeptPerson)
class KeptPersonAdmin(AccountsAdmin):
    list_display = ("person", "user", "event")
    list_select_related = ("person", "user", "event")
    search_fields = ("person__public_id",)


@admin.register(PersonalData)
class PersonalDataAdmin(RoleAdmin):
    """For those who may reveal it, masked as well: the last digits of a telephone still help to find somebody."""

    seen_by = VIEWERS
    list_display = ("person", "name_masked", "phone_masked", "email_masked")
    list_select_related = ("person",)
    change_list_template = "admin/accounts/people.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What is looked for goes in the body of a POST: it names somebody, and addresses stay in the logs of servers."""
        if request.method != "POST":
            return super().changelist_view(request, {"words": words()})
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.POST.get("q", "")
        text = normalised(typed, "q") if is_text(typed) else ""
        request.people_found = self._found(request, text) if text else None  # type: ignore[attr-defined]
        return admin.ModelAdmin.changelist_view(self, request, {"words": words(), "typed": text})

    def get_queryset(self, request: HttpRequest) -> QuerySet[PersonalData]:
        found, people = getattr(request, "people_found", None), super().get_queryset(request)
        return people if found is None else people.filter(pk__in=found)

    def _found(self, request: HttpRequest, text: str) -> list[int]:
        """A page of them at most, by the one column that the kind of what was typed in names: so the row that is left says what
        was asked.
        """
        with transaction.atomic(durable=True):
            kind = record_search(text=text, viewer=staff_of(request), now=clock.now())
        try:
            found = list(people_like(text, kind).values_list("pk", flat=True)[: self.list_per_page + 1])
        except SearchTooShort as refusal:
            messages.error(request, told(refusal))
            return []
        if len(found) > self.list_per_page:
            messages.info(request, say("more_found").format(most=self.list_per_page))
        return found[: self.list_per_page]

    @admin.display(description=head("name"))
    def name_masked(self, data: PersonalData) -> str:
        return masked_name(data.name)

    @admin.display(description=head("phone"))
    def phone_masked(self, data: PersonalData) -> str:
        return masked_phone(data.phone)

    @admin.display(description=head("email"))
    def email_masked(self, data: PersonalData) -> str:
        return masked_email(data.email)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:person_id>/change/", view(self.data_page), name="accounts_personaldata_change"),
            path("<int:person_id>/payee/", view(self.payee_page), name="accounts_personaldata_payee"),
            *super().get_urls(),
        ]

    def data_page(self, request: HttpRequest, person_id: int) -> HttpResponse:
        """Masked; what is revealed is on the answer to the button and no other. `admin_view` says no-store."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        data = PersonalData.objects.select_related("person").filter(pk=person_id).first()
        if data is None:
            raise Http404
        form, revealed = _revealed(request, reveal_personal_data, person_id)
        if revealed is None:
            see_people(request, [data], listed=False)
        rows = self._rows(revealed or data, masked=revealed is None)
        title = say("masked" if revealed is None else "revealed")
        return self.page(
            request, "personal_data", {"data": data, "form": form, "title": title, "rows": rows, "revealed": revealed}
        )

    def payee_page(self, request: HttpRequest, person_id: int) -> HttpResponse:
        """The same of where they are paid, which many may be without anything that names them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise Http404
        payee = payee_of(person_id)
        form, revealed = _revealed(request, reveal_payee, person_id)
        if revealed is None and payee is not None:
            see_people(request, [payee], listed=False)
        rows = [] if payee is None else _payee_rows(revealed or payee, masked=revealed is None)
        title = say("payee_masked" if revealed is None else "payee")
        about = {"person_id": person_id, "person": person}
        context = {"data": about, "form": payee and form, "title": title, "rows": rows, "revealed": revealed}
        return self.page(request, "personal_data", context)

    def _rows(self, data: PersonalData, *, masked: bool) -> list[tuple[str, str]]:
        shown_ = (
            (self.name_masked(data), self.phone_masked(data), self.email_masked(data))
            if masked
            else (data.name, data.phone, data.email)
        )
        return list(zip((say("name"), say("phone"), say("email")), shown_, strict=True))


@admin.register(Payee)
class PayeeAdmin(RoleAdmin):
    """All accounts that were given, masked; the one that counts is shown with a reason on the person's page."""

    seen_by = VIEWERS
    list_display = ("person", "bank_named", "account_masked", "holder_masked", "channel", "given")
    list_select_related = ("person", "event")
    readonly_fields = ("bank_named", "account_masked", "holder_masked", "given")
    fields = ("person", "bank_named", "account_masked", "holder_masked", "channel", "given")
    ordering = ("-event",)

    @admin.display(description=head("bank"))
    def bank_named(self, payee: Payee) -> str:
        return name_and_code(payee.bank)

    @admin.display(description=head("account"))
    def account_masked(self, payee: Payee) -> str:
        return masked_account(payee.account)

    @admin.display(description=head("holder"))
    def holder_masked(self, payee: Payee) -> str:
        return masked_name(payee.holder)

    @admin.display(description=head("given"))
    def given(self, payee: Payee) -> str:
        return shown(payee.event.at)


def _revealed(request: HttpRequest, reveal: Callable[..., Any], person_id: int) -> tuple[RevealForm, Any]:
    """The form that asks why, and what the button showed; None: nothing."""
    form = RevealForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form, None
    shown_ = answered(request, reveal, person_id=person_id, viewer=staff_of(request), **form.cleaned_data)
    return form, shown_ and shown_[0]


def _payee_rows(payee: Payee, *, masked: bool) -> list[tuple[str, str]]:
    account, holder = payee.account, payee.holder
    shown_ = (masked_account(account), masked_name(holder)) if masked else (account, holder)
    return list(zip((say("bank"), say("account"), say("holder")), (name_and_code(payee.bank), *shown_), strict=True))
