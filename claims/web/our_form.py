"""What is wrong with a field, wherever a form has no words of its own for it: those of Django are not ours."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.fact_forms import OTHERWISE, REFUSED
from claims.web.words import say
from services.language import in_english
from services.resident_numbers import without_resident_numbers


class OurForm(forms.Form):
    """First of the bases of each form that claimants fill in."""

    def full_clean(self) -> None:
        """Only now are all fields there: some are added as the form is made."""
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, **_ours(field)}
        super().full_clean()


class OwnWords(forms.CharField):
    """What people write as they like: resident registration numbers in it are masked before anything else is asked of it, so
    that what is kept of it is valid as it is kept.
    """

    def to_python(self, value: Any) -> str:
        return without_resident_numbers(super().to_python(value) or "")


def _ours(field: forms.Field) -> dict[str, Any]:
    """By code, without those of which the field says something itself."""
    texts = {
        "required": say("needed"), "null_characters_not_allowed": say("unreadable"), "max_length": _said("too_long"),
        "invalid": OTHERWISE[in_english()], **dict.fromkeys(("invalid_choice", "invalid_list"), _said("value_unknown")),
    }  # fmt: skip
    if isinstance(field, forms.CharField):
        texts["max_length"] = say("longest")
    if isinstance(field, forms.EmailField):
        texts |= dict.fromkeys(("invalid", "max_length"), say("email_wrong"))
    if isinstance(field, forms.DateTimeField):
        texts["invalid"] = _said("datetime_format")
    of_django = [
        vars(one).get("default_error_messages", {}) for one in type(field).__mro__ if one.__module__.startswith("django.")
    ]
    given = field.error_messages
    own = {code for code in given if not any(given[code] is said.get(code) for said in of_django)}
    return {code: text for code, text in texts.items() if code not in own}


def _said(code: str) -> str:
    return REFUSED[code][in_english()]
