"""What staff fill in to add what a claimant told them, to sort a claim, and to answer one."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.admin.choice_words import worded
from claims.admin.claim_forms import NoteForm
from claims.admin.message_words import lazily, say
from claims.models import ClaimKind, ReplyVersion
from claims.queries.reply import LANGUAGES


class TellForm(forms.Form):
    """As told, with its line breaks."""

    message = forms.CharField(
        label=lazily("told"), help_text=lazily("tell_help"), widget=forms.Textarea(attrs={"rows": 5}), strip=False
    )


class SortForm(NoteForm):
    """All kinds: that it is sorted so already is for the operation to say."""

    kind = forms.ChoiceField(label=lazily("kind"), help_text=lazily("sort_help"), widget=forms.RadioSelect)
    field_order = ("moves", "kind", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, worded("kind", kind)) for kind in ClaimKind.values if kind != ClaimKind.UNSORTED]
        self.fields["note"].label = say("why")


class ChooseForm(forms.Form):
    """`titles`: of the templates that may be chosen, by their codes."""

    template = forms.ChoiceField(label=lazily("template"), help_text=lazily("choose_help"))
    language = forms.ChoiceField(label=lazily("language"), help_text=lazily("language_help"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"template": list(titles.items()), "language": [(one, say(one)) for one in LANGUAGES]}
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = listed


class SendForm(NoteForm):
    """What was looked at: a version, its language, and what the claim was then."""

    version = forms.ModelChoiceField(ReplyVersion.objects.select_related("template"), widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=[(one, one) for one in LANGUAGES], widget=forms.HiddenInput)
    moves = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("version", "language", "moves", "note")
