"""Partners in the Django admin: contacts, scopes and credentials; each button is one operation, for managers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from accounts.admin.forms import ContactForm, IssueForm, PartnerForm, RevokeForm, ScopesForm
from accounts.admin.pages import AccountsAdmin, answered, is_manager, manager_of
from accounts.choice_words import listed, worded
from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import Credential, Partner, PartnerContact, PartnerPerson, RequestCount, User
from accounts.operations import (
    add_contact,
    erase_contact,
    issue_credential,
    register_partner,
    revoke_credential,
    set_scopes,
)
from accounts.page_words import say
from services import clock
from services.choice_words import head
from services.seoul import shown

for table in apps.get_app_config("oauth2_provider").get_models():
    if admin.site.is_registered(table):
        admin.site.unregister(table)  # tokens are nobody's to look at; what they hang on is made with a credential

Act = tuple[Callable[..., Any], dict[str, Any]]  # an operation and what it is told


@admin.register(Partner)
class PartnerAdmin(AccountsAdmin):
    list_display = ("code", "name_ko", "name_en")
    search_fields = ("code", "name_ko", "name_en")
    change_list_template = "admin/services/addable_list.html"

    def get_urls(self) -> list[URLPattern]:
        add, change = (self.admin_site.admin_view(view) for view in (self.new_page, self.partner_page))
        own = [
            path("add/", add, name="accounts_partner_add"),
            path("<int:partner_id>/change/", change, name="accounts_partner_change"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        link = say("new_partner") if is_manager(request) else ""
        return super().changelist_view(request, {**(extra_context or {}), "add_link": link})

    def new_page(self, request: HttpRequest) -> HttpResponse:
        """For managers."""
        manager = manager_of(request)
        form = PartnerForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            done = answered(request, register_partner, **form.cleaned_data, registered_by=manager)
            if done is not None:
                return _to(done[0])
        return self.page(request, "form", {"form": form, "title": say("new_partner"), "add": True})

    def partner_page(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        """For all staff, contacts masked; unmasked and with buttons for managers."""
        partner = Partner.objects.filter(pk=partner_id).first()
        if partner is None:
            raise Http404
        forms, issued = _forms(request, partner), None
        if request.method == "POST":
            act = _act(request, partner, manager_of(request), forms)
            done = None if act is None else answered(request, act[0], at=clock.real, **act[1])
            if done is not None and request.POST["act"] != "issue":
                messages.success(request, say("done"))
                return _to(partner)
            issued = None if done is None else done[0]
        return self.page(request, "partner", _context(request, partner, forms, issued))


@admin.register(PartnerContact)
class PartnerContactAdmin(AccountsAdmin):
    """Masked, for everybody; managers read them on the partner's page."""

    list_display = fields = ("partner", "name_masked", "email_masked", "phone_masked")
    list_select_related = ("partner",)

    @admin.display(description=head("name"))
    def name_masked(self, contact: PartnerContact) -> str:
        return masked_name(contact.name)

    @admin.display(description=head("email"))
    def email_masked(self, contact: PartnerContact) -> str:
        return masked_email(contact.email)

    @admin.display(description=head("phone"))
    def phone_masked(self, contact: PartnerContact) -> str:
        return masked_phone(contact.phone)


@admin.register(PartnerPerson)
class PartnerPersonAdmin(AccountsAdmin):
    """Found by the whole of the partner's number."""

    list_display = fields = ("partner", "external_id", "person")
    list_filter = ("partner",)
    list_select_related = ("partner", "person")
    search_fields = ("external_id__exact",)


@admin.register(RequestCount)
class RequestCountAdmin(AccountsAdmin):
    list_display = fields = ("caller", "minute", "requests")


@admin.register(Credential)
class CredentialAdmin(AccountsAdmin):
    list_display = ("client_id", "partner", "expires_at", "revoked_at", "revoked_for")
    list_filter = ("partner", "revoked_for")
    list_select_related = ("partner",)
    search_fields = ("client_id",)
    exclude = ("secret_hash",)


def _forms(request: HttpRequest, partner: Partner) -> dict[str, Any]:
    """The one whose button was pressed with what was sent."""
    act = request.POST.get("act")

    def sent(name: str) -> Any:
        return request.POST if act == name else None

    return {
        "contact": ContactForm(sent("contact"), auto_id="contact_%s"),
        "scopes": ScopesForm(sent("scopes"), initial={"scopes": partner.scopes}, auto_id="scopes_%s"),
        "issue": IssueForm(sent("issue"), initial={"scopes": partner.scopes}, auto_id="issue_%s"),
        "revoke": RevokeForm(sent("revoke"), auto_id=False),
    }


def _act(request: HttpRequest, partner: Partner, manager: User, forms: dict[str, Any]) -> Act | None:
    """What the button is to do; None where the form says what is wrong."""
    act = request.POST.get("act", "")
    if act == "erase":
        contact = partner.contacts.filter(pk=_number(request)).first()
        return (erase_contact, {"contact_id": contact.pk if contact else 0, "erased_by": manager})
    form = forms.get(act)
    if form is None or not form.is_valid():
        return None
    if act == "revoke":
        credential = partner.credentials.filter(pk=_number(request)).first()
        about = {"credential_id": credential.pk if credential else 0, "revoked_by": manager}
        return (revoke_credential, {**about, **form.cleaned_data})
    if act == "issue":
        return (issue_credential, {"partner_id": partner.pk, "issued_by": manager, **form.values()})
    if act == "contact":
        return (add_contact, {"partner_id": partner.pk, "added_by": manager, **form.cleaned_data})
    return (set_scopes, {"partner_id": partner.pk, "set_by": manager, **form.cleaned_data})


def _number(request: HttpRequest) -> int:
    """The id that a button names; 0, which no row has, for what is none."""
    text = request.POST.get("row", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _context(
    request: HttpRequest, partner: Partner, forms: dict[str, Any], issued: tuple[Credential, str] | None
) -> dict[str, Any]:
    partner.refresh_from_db()
    may, now = is_manager(request), clock.real()
    return {
        "partner": partner, "title": f"{partner.name_ko} · {partner.name_en}", "forms": forms, "may": may, "issued": issued,
        "contacts": [_contact(contact, masked=not may) for contact in partner.contacts.all()],
        "scopes": listed("scope", partner.scopes),
        "credentials": [_credential(credential, now) for credential in partner.credentials.order_by("-pk")],
    }  # fmt: skip


def _contact(contact: PartnerContact, *, masked: bool) -> dict[str, Any]:
    values = {"name": contact.name, "email": contact.email, "phone": contact.phone}
    if masked:
        values = {
            "name": masked_name(contact.name), "email": masked_email(contact.email), "phone": masked_phone(contact.phone),
        }  # fmt: skip
    return {**values, "pk": contact.pk}


def _credential(credential: Credential, now: datetime) -> dict[str, Any]:
    standing = credential.revoked_at is None
    state = say("live" if credential.expires_at > now else "expired")
    if not standing:
        state = f"{say('revoked')} ({worded('revoked_for', credential.revoked_for)}, {shown(credential.revoked_at)})"
    return {
        "credential": credential, "scopes": listed("scope", credential.scopes), "issued": shown(credential.issued_at),
        "expires": shown(credential.expires_at), "state": state, "standing": standing,
    }  # fmt: skip


def _to(partner: Partner) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:accounts_partner_change", args=[partner.pk]))
