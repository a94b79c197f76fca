"""Forms of allauth with our words, and with what is different here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as of_account
from allauth.socialaccount import forms as of_social
from django import forms

from claims.web.account.words import lazily
from claims.web.my.words import lazily as of_mine
from claims.web.words import lazily as of_all

CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


def _email(field: forms.Field) -> None:
    field.label, field.widget = of_all("email"), forms.EmailInput(attrs={"autocomplete": "email"})
    field.error_messages |= {"required": of_all("email_needed"), "invalid": of_all("email_wrong")}


def _code(field: forms.Field) -> None:
    field.label, field.widget = of_mine("code"), forms.TextInput(attrs=CODE)
    field.error_messages |= {"required": lazily("code_needed")}


def _password(field: forms.Field, label: str, autocomplete: str) -> None:
    field.label, field.widget = lazily(label), forms.PasswordInput(attrs={"autocomplete": autocomplete})


class LogInForm(of_account.LoginForm):
    """With a password, or without one: then a code is mailed."""

    user: Any

    def _setup_password_field(self) -> None:
        """allauth takes the field away where nobody signs up with a password."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _email(self.fields["login"])
        self.fields["password"].required = False
        _password(self.fields["password"], "password", "current-password")
        self.fields["password"].help_text = lazily("password_optional")

    def _clean_without_password(self, email: str | None, phone: str | None) -> Any:
        """No code opens the log-in of staff; they are answered as somebody unknown is."""
        cleaned = super()._clean_without_password(email, phone)
        if self.user is not None and self.user.is_staff:
            self.user = None
        return cleaned


class CodeForm(of_account.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _code(self.fields["code"])


class ProofForm(of_account.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _code(self.fields["code"])


class ResetCodeForm(of_account.ConfirmPasswordResetCodeForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _code(self.fields["code"])


class SignUpForm(of_account.SignupForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _email(self.fields["email"])


class ResetPasswordForm(of_account.ResetPasswordForm):
    """Not for staff: they are given a link by their manager."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _email(self.fields["email"])

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users: list[Any] = [user for user in self.users if not user.is_staff]
        return email


class KakaoSignUpForm(of_social.SignupForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _email(self.fields["email"])


class DisconnectForm(of_social.DisconnectForm):
    def clean(self) -> Any:
        """Without a password too: a code by mail always lets the owner in."""
        return forms.Form.clean(self)
