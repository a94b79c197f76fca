"""What staff fill in to do something with a claim. Times are entered in Korean time."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Role, User
from claims.admin.case_words import lazily, said_reason
from claims.models import RejectionReason
from claims.operations.moves import LONGEST_NOTE


class NoteForm(forms.Form):
    """`required`: whether something has to be written. `moves`: what the claim was when it was looked at."""

    moves = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=lazily("note"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required


class RejectForm(NoteForm):
    """Reasons of a person, and those that the engine says of the claim's lines."""

    reasons = forms.MultipleChoiceField(label=lazily("reasons"), widget=forms.CheckboxSelectMultiple)
    field_order = ("moves", "reasons", "note")

    def __init__(self, *args: Any, said: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, said_reason(code)) for code in dict.fromkeys([*RejectionReason.values, *said])]


class SnoozeForm(NoteForm):
    until = forms.DateTimeField(
        label=lazily("until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    field_order = ("moves", "until", "note")


class AssignForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=lazily("user"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        deciders = User.objects.filter(is_active=True, role_grants__role__in=(Role.CASEWORKER, Role.CHECKER))
        field.queryset = deciders.distinct().order_by("email")
