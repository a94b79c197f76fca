"""What staff fill in to enter a claim for somebody. Times are entered in Korean time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Person
from claims.admin.choice_words import worded
from claims.admin.enter_words import lazily, say
from claims.fact_forms import FactsForm, check_span, instant_field
from claims.models import ENTERED_BY
from claims.operations import NewPerson, ToldLoss
from claims.operations.intake import MOST_WORDS
from claims.operations.messages import LONGEST_MESSAGE
from services.instants import OutOfRange, check_instant
from services.language import in_english
from services.models import Incident, OutageWindow
from services.names import UNLISTED
from services.seoul import SEOUL

KNOWN, NEW = "known", "new"


class IncidentField(forms.ModelChoiceField):
    def label_from_instance(self, incident: Any) -> str:
        return str(incident.title_en if in_english() else incident.title_ko)


class WhoForm(forms.Form):
    """The incident, and somebody known or new; `person` is set by the button that was pressed (`mode`)."""

    incident = IncidentField(Incident.objects.order_by("-started_at"), label=lazily("incident"), empty_label=None)
    q = forms.CharField(label=lazily("q"), help_text=lazily("q_help"), max_length=100, required=False)
    mode = forms.ChoiceField(choices=[(KNOWN, KNOWN), (NEW, NEW)], required=False, widget=forms.HiddenInput)
    person = forms.ModelChoiceField(Person.objects.select_related("personal_data"), required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=lazily("name"), max_length=100, required=False)
    phone = forms.CharField(
        label=lazily("phone"), max_length=30, required=False, help_text=lazily("reached_help"),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )  # fmt: skip
    email = forms.EmailField(label=lazily("email"), required=False)
    locale = forms.ChoiceField(label=lazily("locale"))
    another = forms.BooleanField(label=lazily("another"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "who_%s", **kwargs})
        _choices(self, "locale", [(code, worded("locale", code)) for code in ("ko", "en")])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("mode") == KNOWN and said.get("person") is None:
            self.add_error(None, say("choose_first"))
        if said.get("mode") == NEW:
            if not said.get("name"):
                self.add_error("name", say("needed"))
            if not (said.get("phone") or said.get("email") or "email" in self.errors):
                self.add_error("phone", say("reached_help"))
        return said

    def who(self) -> Person | NewPerson:
        """Of a valid form with a mode."""
        said = self.cleaned_data
        if said["mode"] == KNOWN:
            assert isinstance(said["person"], Person), "the form is valid"
            return said["person"]
        return NewPerson(said["name"], said["phone"], said["email"], said["locale"], said["another"])


class LossForm(FactsForm):
    """One service that was lost. `windows`: what the official record offers, by their ids."""

    window = forms.ChoiceField(label=lazily("window"), required=False)
    service = forms.ChoiceField(label=lazily("service"), required=False)
    words = forms.CharField(
        label=lazily("words"), help_text=lazily("words_help"), max_length=MOST_WORDS, required=False
    )  # fmt: skip
    start_at = instant_field(label=lazily("start_at"), required=False)
    end_at = instant_field(label=lazily("end_at"), required=False, help_text=lazily("end_help"))

    def __init__(self, *args: Any, windows: Sequence[OutageWindow], services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.windows = {str(window.pk): window for window in windows}
        _choices(self, "window", [("", "-"), *((pk, said_window(window)) for pk, window in self.windows.items())])
        _choices(self, "service", [("", "-"), *services])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.has_changed():
            return said
        window = self.windows.get(said.get("window") or "")
        if window is not None:
            if said.get("service") not in ("", window.service.code):
                self.add_error("window", say("other_service"))
            times = {
                name: said.get(name) or getattr(window, name) for name in ("start_at", "end_at") if name not in self.errors
            }
            said |= {"service": window.service.code, **times}
        for name in ("service", "start_at"):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, say("needed"))
        if bool(said.get("words")) != (said.get("service") == UNLISTED) and "words" not in self.errors:
            self.add_error("words", say("words_help"))
        check_span(self, said, say("ends_before"))
        return said

    def told(self) -> ToldLoss:
        said = self.cleaned_data
        return ToldLoss(said["service"], said["start_at"], said["end_at"], facts=self.told_facts(), words=said["words"])


LossForms = forms.formset_factory(LossForm, extra=2, max_num=20, absolute_max=40)


class WhatForm(FactsForm):
    """How and when it came, facts of the claim, policies that were named, and a message."""

    channel = forms.ChoiceField(label=lazily("channel"))
    received_at = instant_field(label=lazily("received_at"), help_text=lazily("received_help"))
    asks_for = forms.MultipleChoiceField(label=lazily("asks_for"), required=False, widget=forms.CheckboxSelectMultiple)
    message = forms.CharField(
        label=lazily("message"), max_length=LONGEST_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, policies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "what_%s", **kwargs})
        _choices(self, "channel", [(channel, worded("channel", channel)) for channel in ENTERED_BY])
        _choices(self, "asks_for", policies)

    def clean_received_at(self) -> Any:
        received = self.cleaned_data["received_at"]
        try:
            return check_instant(received, "received_at")
        except OutOfRange as refusal:
            raise forms.ValidationError(refusal.message) from refusal


def said_window(window: OutageWindow) -> str:
    """카카오톡 메시지 · 10-15 15:30 ~ 10-16 02:00: short enough for a list on a telephone."""
    name = window.service.name_en if in_english() else window.service.name_ko
    until = "…" if window.end_at is None else f"{window.end_at.astimezone(SEOUL):%m-%d %H:%M}"
    return f"{name} · {window.start_at.astimezone(SEOUL):%m-%d %H:%M} ~ {until} · {worded('severity', window.severity)}"


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
