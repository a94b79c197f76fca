"""What a claimant chooses and fills in. All of it is made from the record and the published policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from accounts.models import ConsentText
from accounts.operations import PhoneInvalid, checked_email, checked_phone
from claims.eligibility import FactSpec
from claims.fact_forms import FactsForm, check_span, instant_field
from claims.operations import ToldLoss
from claims.operations.checks import check_prose
from claims.operations.intake import MOST_WORDS
from claims.operations.messages import LONGEST_MESSAGE
from claims.web.choices import Known
from claims.web.our_form import OurForm, OwnWords
from claims.web.words import lazily, say
from services import clock
from services.language import in_english
from services.refusals import InvalidCharacter, Refusal
from services.resident_numbers import ResidentNumber, check_no_resident_number
from services.seoul import SEOUL
from services.texts import one_line
from services.words import said_day


def _typed(autocomplete: str, kind: str = "text") -> forms.TextInput:
    """Phones fill it in, and show the right keys."""
    return forms.TextInput(attrs={"type": kind, "autocomplete": autocomplete})


class ServicesForm(OurForm):
    """`services`: code and name of all; `policies`: code and title of those that are given on request only."""

    services = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    unlisted = OwnWords(
        label=lazily("unlisted"), help_text=lazily("unlisted_help"), max_length=MOST_WORDS, required=False
    )  # fmt: skip
    asks_for = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, services: Sequence[tuple[str, str]], policies: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("services", services), ("asks_for", policies)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    def clean_unlisted(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["unlisted"].split())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not (said["services"] or said["asks_for"] or said["unlisted"]):
            self.add_error("services", say("choose_one"))
        return said


class SpanForm(OurForm, FactsForm):
    """From when to when one service was lost, with what policies ask of such a loss. Left empty it says nothing, unless it
    is the `first` of its service. `known`: where losses of the incident lie; None: anywhere.
    """

    start_at = instant_field(label=lazily("start_at"), required=False)
    end_at = instant_field(label=lazily("end_at"), required=False)
    still = forms.BooleanField(label=lazily("still"), required=False)
    sure = forms.CharField(required=False, widget=forms.HiddenInput)  # the times whose day is right, as they were typed in
    called: ClassVar = {"start_at": lazily("starts"), "end_at": lazily("ends")}  # where it does not stand beside the other

    def __init__(
        self, *args: Any, service: str, first: bool, asked: Mapping[str, FactSpec], known: Known | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, asked=asked, **kwargs)
        self.service, self.first, self.known = service, first, known
        self._asked_about = ""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.says_something():
            return said
        start_at, end_at = said.get("start_at"), said.get("end_at")
        if start_at is None and "start_at" not in self.errors:
            self.add_error("start_at", say("needed"))
        if end_at is None and not said.get("still") and "end_at" not in self.errors:
            self.add_error("end_at", say("end_or_still"))
        if end_at is not None and said.get("still"):
            if self._was_filled_in(end_at):
                said["end_at"] = None
            else:
                self.add_error("end_at", say("end_and_still"))
        self._check_year(said)
        check_span(self, said, say("ends_before"))
        return said

    def _check_year(self, said: dict[str, Any]) -> None:
        """Of times that may be, before what is said of the loss is compared with them."""
        start_at, end_at = said.get("start_at"), said.get("end_at")
        if self.known is None or start_at is None or "end_at" in self.errors or max(start_at, end_at or start_at) > clock.now():
            return
        far = "" if end_at is not None and end_at <= start_at else self.known.far(start_at, end_at)
        if not far:
            return
        before, self._asked_about = self["sure"].value(), f"{self['start_at'].value()} {self['end_at'].value()}"
        if before != self._asked_about:
            began = self.known.start_at.astimezone(SEOUL).date()
            self.add_error(far, say("another_year").format(began.year, said_day(began)))

    def asked_about(self) -> str:
        """For the page to send it once more: who sends what it asked about again says that it is right."""
        return self._asked_about or self["sure"].value() or ""

    def _was_filled_in(self, end_at: datetime) -> bool:
        """Whether the page came with this end, so that nobody wrote it; a page shows no seconds."""
        given = self.get_initial_for_field(self.fields["end_at"], "end_at")
        return given is not None and given.replace(second=0, microsecond=0) == end_at.replace(second=0, microsecond=0)

    def says_something(self) -> bool:
        return self.first or any(bound.value() for bound in self.visible_fields())

    def told(self) -> ToldLoss | None:
        """Of a valid form; None where it says nothing."""
        if not self.says_something():
            return None
        said = self.cleaned_data
        return ToldLoss(self.service, said["start_at"], None if said["still"] else said["end_at"], facts=self.told_facts())


class UnlistedForm(SpanForm):
    """Of what is in no list, with what it is called."""

    words = OwnWords(label=lazily("unlisted_words"), max_length=MOST_WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.says_something() and not said.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", say("needed"))
        return said

    def told(self) -> ToldLoss | None:
        told = super().told()
        return told and replace(told, words=self.cleaned_data["words"])


@dataclass(frozen=True)
class Row:
    """One span that is asked for."""

    service: str
    first: bool
    asked: Mapping[str, FactSpec]


class BaseSpanForms(forms.BaseFormSet):
    """A form for each of `rows`, whatever the number in the browser's hands. `known`: as a SpanForm has it."""

    def __init__(self, *args: Any, rows: Sequence[Row], known: Known | None, **kwargs: Any) -> None:
        self.rows, self.known = rows, known
        super().__init__(*args, **kwargs)

    def total_form_count(self) -> int:
        return len(self.rows)

    def initial_form_count(self) -> int:
        return len(self.rows)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        row = self.rows[index or 0]
        of_row = {"service": row.service, "first": row.first, "asked": row.asked, "known": self.known}
        return {**super().get_form_kwargs(index), **of_row}

    def told(self) -> list[ToldLoss]:
        return [told for form in self.forms if (told := form.told()) is not None]


SpanForms = forms.formset_factory(SpanForm, formset=BaseSpanForms, extra=0)


class YouForm(OurForm):
    """Who claims, and where they are answered."""

    name = forms.CharField(
        label=lazily("name"), max_length=100, error_messages={"required": lazily("name_needed")}, widget=_typed("name")
    )  # fmt: skip
    email = forms.EmailField(
        label=lazily("email"), help_text=lazily("email_help"), widget=_typed("email", "email"),
        error_messages={"required": lazily("email_needed"), "invalid": lazily("email_wrong")},
    )  # fmt: skip
    phone = forms.CharField(label=lazily("phone"), max_length=30, required=False, widget=_typed("tel", "tel"))
    message = OwnWords(
        label=lazily("message"), help_text=lazily("message_help"), max_length=LONGEST_MESSAGE, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def clean_email(self) -> str:
        """As it will be kept, so that what would be refused is not said on the last page only."""
        try:
            return checked_email(self.cleaned_data["email"])
        except ResidentNumber:
            raise forms.ValidationError(say("resident_number")) from None
        except Refusal:
            raise forms.ValidationError(say("email_wrong")) from None

    def clean_phone(self) -> str:
        """As it will be kept."""
        try:
            return checked_phone(self.cleaned_data["phone"])
        except PhoneInvalid:
            raise forms.ValidationError(say("phone_wrong")) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for field in ("name", "phone"):
            try:
                check_no_resident_number(said.get(field, ""), field)
                one_line(said.get(field, ""), field)
            except ResidentNumber:
                self.add_error(field, say("resident_number"))
            except InvalidCharacter:
                self.add_error(field, say("unreadable"))
        try:
            check_prose(said.get("message", ""), "message", longest=LONGEST_MESSAGE)
        except InvalidCharacter:
            self.add_error("message", say("unreadable"))
        return said


class CheckForm(OurForm):
    """A box for each text to agree to, `consent-<number>`; what is required has to be ticked."""

    def __init__(self, *args: Any, texts: Sequence[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            title = text.title_en if in_english() else text.title_ko
            kind = say("required" if text.required else "optional")
            self.fields[f"consent-{text.pk}"] = forms.BooleanField(
                label=f"{title} ({kind})", required=text.required, error_messages={"required": say("agree_first").format(title)}
            )

    def consents(self) -> dict[int, bool]:
        return {text.pk: self.cleaned_data[f"consent-{text.pk}"] for text in self.texts}

    def shown(self) -> list[tuple[Any, str]]:
        """Each box with what it is about."""
        return [(self[f"consent-{text.pk}"], text.text_en if in_english() else text.text_ko) for text in self.texts]


class AboutForm(OurForm, FactsForm):
    """What policies ask of the claim."""
