"""What staff fill in to ask for documents, to upload one, and to say what it shows."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.admin.evidence_words import REASONS, lazily, picked, say
from claims.models import ACCEPTING, EvidenceReason
from claims.operations.moves import LONGEST_NOTE


def _text(label: str, *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=lazily(label), max_length=LONGEST_NOTE, required=required, widget=area)


class AskForm(forms.Form):
    """`offered`: documents that policies list, by place, each as it is called. Where there is none, there is no field."""

    moves = forms.IntegerField(widget=forms.HiddenInput, required=False)
    asked = forms.MultipleChoiceField(label=lazily("asked"), required=False, widget=forms.CheckboxSelectMultiple)
    words = _text("words")
    days = forms.IntegerField(label=lazily("days"), required=False, help_text=lazily("days_help"))
    override = _text("override")

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offered:
            del self.fields["asked"]
            return
        field = self.fields["asked"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(place), label) for place, label in enumerate(offered)]


class SendForm(forms.Form):
    """`awaited`: what it may be for, by the item's id."""

    items = forms.MultipleChoiceField(label=lazily("items"), widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(label=lazily("file"), allow_empty_file=True)
    note = _text("how", required=True)

    def __init__(self, *args: Any, awaited: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(pk), label) for pk, label in awaited.items()]
        self.fields["file"].widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg,.webp,.csv"


class ExtendForm(forms.Form):
    days = forms.IntegerField(label=lazily("extend_days"))
    note = _text("why_again")


class WithdrawForm(forms.Form):
    note = _text("note")


class ReviewForm(forms.Form):
    moves = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(label=lazily("reason"), widget=forms.RadioSelect)
    note = _text("note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, f"{say('accept' if code in ACCEPTING else 'reject')}: {picked(REASONS[code])}")
            for code in EvidenceReason.values
        ]
