"""What checkers fill in to publish a template of answers, and how it is looked at before."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms

from claims.admin.choice_words import worded
from claims.admin.reply_words import lazily, said_refusal, say
from claims.models import MONEYLESS, Claim, ClaimKind, ReplyVersion
from claims.operations import checked_reply_text
from claims.queries.reply import LANGUAGES, render_reply
from services.models import Incident
from services.refusals import Refusal
from services.texts import text_hash

KINDS = (*MONEYLESS, ClaimKind.CLAIM)
TEXTS = ("title_ko", "body_ko", "title_en", "body_en")
MADE_UP = "C-0000-0000"


class ReplyForm(forms.Form):
    """Begins with what `newest` says, whose code stays; without it a template begins."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,59}\Z", label=lazily("code"), help_text=lazily("code_help"),
        error_messages={"invalid": lazily("code_wrong")},
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=lazily("kinds"), help_text=lazily("kinds_help"), widget=forms.CheckboxSelectMultiple
    )
    title_ko = forms.CharField(label=lazily("title_ko"), max_length=200)
    body_ko = forms.CharField(label=lazily("body_ko"), help_text=lazily("body_help"), widget=forms.Textarea(attrs={"rows": 12}))
    title_en = forms.CharField(label=lazily("title_en"), max_length=200)
    body_en = forms.CharField(label=lazily("body_en"), help_text=lazily("body_help"), widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, data: Any = None, *, newest: ReplyVersion | None) -> None:
        begins = {name: getattr(newest, name) for name in ("kinds", *TEXTS)} if newest else {}
        super().__init__(data, initial=begins)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(str(kind), worded("kind", kind)) for kind in KINDS]
        if newest:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for field in TEXTS:
            if field in said:
                try:
                    said[field] = checked_reply_text(said[field], field)
                except Refusal as refusal:
                    self.add_error(field, said_refusal(refusal))
        return said

    def digest(self) -> str:
        """Of what a valid form says: that what is published was looked at."""
        return text_hash(json.dumps(self.cleaned_data, sort_keys=True))


def example_letters(version: ReplyVersion, *, now: datetime) -> list[dict[str, str]]:
    """What is sent, with a claim that is not there, about the latest outage."""
    incident = Incident.objects.order_by("-started_at").first()
    made_up = incident or Incident(title_ko="보기 장애", title_en="Example outage")
    return letters_of(version, Claim(reference=MADE_UP, filed_at=now, incident=made_up), now=now)


def letters_of(version: ReplyVersion, claim: Claim, *, now: datetime) -> list[dict[str, str]]:
    """In each language."""
    return [
        {"language": code, "name": say(code), "html": render_reply(version, claim, language=code, now=now).decode()}
        for code in LANGUAGES
    ]
