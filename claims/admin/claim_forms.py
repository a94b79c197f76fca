"""What staff fill in to do something with a claim. Times are entered in Korean time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import Role, User
from claims.admin import evidence_words
from claims.admin.case_words import lazily, said_reason, say
from claims.admin.choice_words import worded
from claims.admin.facts_asked import Asked
from claims.admin.reasons_said import reasons_said
from claims.fact_forms import said_of_fact, typed
from claims.models import RejectionReason, WithdrawalReason
from claims.operations import ToldFact
from claims.operations.intake import FactRefused
from claims.operations.moves import LONGEST_NOTE
from services.seoul import shown_span

MOST_DRAWN = 1_000
_DRAWN: dict[tuple[Any, ...], SafeString] = {}


def drawn(form: forms.Form) -> SafeString:
    """As `as_div`. What asks the same looks the same, so what nobody has filled in is kept, up to MOST_DRAWN: drawing the forms
    of a claim took a fifth of its page.
    """
    if form.is_bound:
        return form.as_div()
    asks = tuple(
        (
            name, form.get_initial_for_field(field, name), str(field.label), str(field.help_text), field.required,
            repr(getattr(field, "choices", ())),  # which may be in groups
        )
        for name, field in form.fields.items()
    )  # fmt: skip
    key = (type(form), form.auto_id, get_language(), asks)
    kept = _DRAWN.get(key)
    if kept is None:
        if len(_DRAWN) >= MOST_DRAWN:
            _DRAWN.clear()
        kept = _DRAWN[key] = form.as_div()
    return kept


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
        in_words = reasons_said(rejected=True) if said else said_reason
        field.choices = [(code, in_words(code)) for code in dict.fromkeys([*RejectionReason.values, *said])]


class SnoozeForm(NoteForm):
    until = forms.DateTimeField(
        label=lazily("until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    field_order = ("moves", "until", "note")


class PutBackLossForm(NoteForm):
    """`losses`: of the claim, with `withdrawn`."""

    withdrawn: ClassVar[bool] = True
    field_order: tuple[str, ...] = ("moves", "loss", "note")

    loss = forms.TypedChoiceField(label=lazily("loss"), coerce=int)

    def __init__(self, *args: Any, losses: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["loss"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (loss.pk, f"{loss.service.name} {shown_span(loss.start_at, loss.end_at)} · {loss.pk}")
            for loss in losses
            if bool(loss.withdrawn) == self.withdrawn
        ]


class WithdrawLossForm(PutBackLossForm):
    withdrawn: ClassVar[bool] = False
    field_order = ("moves", "loss", "reason", "note")

    reason = forms.ChoiceField(label=lazily("why_withdrawn"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, worded("withdrawal", code)) for code in WithdrawalReason.values]


class VerifyForm(NoteForm):
    """`asked`: what may be verified, as `facts_asked` has it, in groups. `files`:
    documents that were accepted.
    """

    fact = forms.ChoiceField(label=lazily("fact"))
    value = forms.CharField(label=lazily("value"), max_length=200, help_text=lazily("value_help"))
    evidence = forms.TypedMultipleChoiceField(
        label=evidence_words.lazily("verified_by"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("moves", "fact", "value", "evidence", "note")

    def __init__(self, *args: Any, asked: dict[str, Asked], files: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        evidence = self.fields["evidence"]
        assert isinstance(evidence, forms.TypedMultipleChoiceField)
        evidence.choices = [(pk, f"{evidence_words.say('file')} {pk}") for pk in files]
        if not files:
            del self.fields["evidence"]
        self.asked = asked
        field = self.fields["fact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (say(rank.name.lower()), [(key, one.label) for key, one in asked.items() if one.rank == rank])
            for rank in dict.fromkeys(one.rank for one in asked.values())
        ]

    def clean(self) -> dict[str, Any]:
        """`told` and `loss_id` for the operation, which says what is wrong with a value."""
        said = super().clean() or {}
        if "fact" in said and "value" in said:
            name, _, loss = said["fact"].partition("@")
            said["told"] = ToldFact(name, typed(said["value"], self.asked[said["fact"]].spec.type))
            said["loss_id"] = int(loss) if loss else None
        return said

    def said_refused(self, refusal: FactRefused) -> str:
        """What is wrong with the value, after what it is called."""
        asked = self.asked[self.cleaned_data["fact"]]
        specs = {key.partition("@")[0]: one.spec for key, one in self.asked.items()}
        return (
            f"{asked.label}: {said_of_fact(refusal.code, asked.spec, specs, self.cleaned_data['told'].value)} ({refusal.code})"
        )


class AssignForm(forms.Form):
    """`user`: to whom, read in one query; a field of models would open a cursor for them."""

    user = forms.TypedChoiceField(label=lazily("user"), empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deciders = User.objects.filter(is_active=True, role_grants__role__in=(Role.CASEWORKER, Role.CHECKER))
        known = {str(user.pk): user for user in deciders.distinct().order_by("email")}
        field = self.fields["user"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "---------"), *((pk, str(user)) for pk, user in known.items())]
        field.coerce = known.__getitem__
