"""Forms of passkeys. What a browser sends is read by allauth and fido2, which stumble over what no browser would send."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.webauthn import forms as of_allauth
from django import forms
from django.core.exceptions import ValidationError

from claims.web.account.words import lazily
from claims.web.our_form import OurForm, OwnWords

LONGEST_NAME = 60
# By what they stumble: a name that is missing, one that is there twice, a list where an object should be, a number for a text.
STUMBLES = (LookupError, ValueError, TypeError, AttributeError, RecursionError, struct.error)


def _wrong() -> ValidationError:
    return ValidationError(str(lazily("passkey_wrong")), code="incorrect_code")


@contextmanager
def unreadable_is_wrong() -> Iterator[None]:
    try:
        yield
    except STUMBLES:
        raise _wrong() from None


class CredentialField(forms.JSONField):
    """An object, which it is for browsers."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid", "null_characters_not_allowed"), lazily("passkey_wrong"))

    def to_python(self, value: Any) -> Any:
        with unreadable_is_wrong():
            read = super().to_python(value)
        if not isinstance(read, dict):
            raise _wrong()
        return read


def _name() -> OwnWords:
    return OwnWords(label=lazily("name"), max_length=LONGEST_NAME)


class AddPasskeyForm(OurForm, of_allauth.AddWebAuthnForm):
    credential = CredentialField()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["name"] = _name()
        self.fields["name"].required = False

    def clean(self) -> Any:
        with unreadable_is_wrong():
            return super().clean()


class LogInPasskeyForm(OurForm, of_allauth.LoginWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        with unreadable_is_wrong():
            return super().clean_credential()


class ConfirmPasskeyForm(OurForm, of_allauth.ReauthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        with unreadable_is_wrong():
            return super().clean_credential()


class RenamePasskeyForm(OurForm, of_allauth.EditWebAuthnForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["name"] = _name()
