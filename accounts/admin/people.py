"""People in the Django admin. What names them is shown masked; who reveals or searches it leaves a row first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.admin.forms import RevealForm
from accounts.admin.pages import AccountsAdmin, RoleAdmin, answered, staff_of
from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import Person, PersonalData
from accounts.operations import VIEWERS, record_search, reveal_personal_data
from accounts.page_words import say, words
from accounts.search import SearchTooShort, people_like
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
            kind = record_search(text=text, viewer=staff_of(request), now=timezone.now())
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
        view = self.admin_site.admin_view(self.data_page)
        return [path("<int:person_id>/change/", view, name="accounts_personaldata_change"), *super().get_urls()]

    def data_page(self, request: HttpRequest, person_id: int) -> HttpResponse:
        """Masked; what is revealed is on the answer to the button and no other. `admin_view` says no-store."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        data = PersonalData.objects.select_related("person").filter(pk=person_id).first()
        if data is None:
            raise Http404
        form = RevealForm(request.POST or None)
        revealed = None
        if request.method == "POST" and form.is_valid():
            values = {**form.cleaned_data, "person_id": person_id, "viewer": staff_of(request)}
            revealed = answered(request, reveal_personal_data, **values)
        context = {"data": data, "form": form, "title": say("revealed" if revealed else "masked"), "revealed": bool(revealed)}
        return self.page(request, "personal_data", {**context, "rows": self._rows(data, masked=not revealed)})

    def _rows(self, data: PersonalData, *, masked: bool) -> list[tuple[str, str]]:
        shown_ = (
            (self.name_masked(data), self.phone_masked(data), self.email_masked(data))
            if masked
            else (data.name, data.phone, data.email)
        )
        return list(zip((say("name"), say("phone"), say("email")), shown_, strict=True))
