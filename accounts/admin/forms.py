"""What is typed in on the pages of accounts. Operations check it; a form only asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms

from accounts.choice_words import pairs
from accounts.models import AppAudience, RevocationReason, Role, Scope, User
from accounts.operations import REASONS
from accounts.page_words import say
from services.seoul import SEOUL

STAFF_ROLES = [role for role in Role if role != Role.CLAIMANT]


class _WordedForm(forms.Form):
    """Labels and choices in the language of the page."""

    labels: ClassVar[dict[str, str]] = {}
    options: ClassVar[dict[str, tuple[str, Iterable[str]]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = say(self.labels.get(name, name))
            if isinstance(field, forms.ChoiceField):
                field.choices = pairs(*self.options[name])


def _several() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=(), required=False, widget=forms.CheckboxSelectMultiple)


def _note(*, required: bool = True) -> forms.CharField:
    return forms.CharField(max_length=2000, required=required)


class InviteForm(_WordedForm):
    labels: ClassVar = {"locale": "language"}
    options: ClassVar = {"roles": ("role", STAFF_ROLES), "locale": ("locale", User.Locale.values)}

    email = forms.CharField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    locale = forms.ChoiceField(choices=())
    roles = _several()
    note = _note()


class RolesForm(_WordedForm):
    labels: ClassVar = {"roles": "roles_after"}
    options: ClassVar = {"roles": ("role", STAFF_ROLES)}

    roles = _several()
    note = _note()


class NoteForm(_WordedForm):
    note = _note()


class RevealForm(_WordedForm):
    labels: ClassVar = {"note": "note_optional"}
    options: ClassVar = {"reason": ("reason", REASONS)}

    reason = forms.ChoiceField(choices=())
    note = _note(required=False)


class PartnerForm(_WordedForm):
    code = forms.CharField(max_length=50)
    name_ko = forms.CharField(max_length=100)
    name_en = forms.CharField(max_length=100)


class AppForm(_WordedForm):
    options: ClassVar = {"audience": ("audience", AppAudience.values)}

    name_ko = forms.CharField(max_length=100)
    name_en = forms.CharField(max_length=100)
    audience = forms.ChoiceField(choices=())
    redirect_uris = forms.CharField(max_length=6000, widget=forms.Textarea(attrs={"rows": 3}))

    def values(self) -> dict[str, Any]:
        """The addresses one a line."""
        return {**self.cleaned_data, "redirect_uris": self.cleaned_data["redirect_uris"].split()}


class ContactForm(_WordedForm):
    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.CharField(max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ScopesForm(_WordedForm):
    options: ClassVar = {"scopes": ("scope", Scope.values)}

    scopes = _several()


class IssueForm(ScopesForm):
    last_date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def values(self) -> dict[str, Any]:
        return {"scopes": self.cleaned_data["scopes"], "expires_at": end_of(self.cleaned_data["last_date"])}


class RevokeForm(_WordedForm):
    options: ClassVar = {
        "reason": ("revoked_for", [reason for reason in RevocationReason if reason != RevocationReason.EXPIRED])
    }

    reason = forms.ChoiceField(choices=())


def end_of(day: date) -> datetime:
    """The first instant after this day in Seoul; of a day that no instant of ours can be in, after the last that can."""
    return datetime.combine(min(day, date(2099, 12, 30)) + timedelta(days=1), time(), tzinfo=SEOUL)
