"""Forms of allauth with our words, and with what is different here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as of_account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.socialaccount import forms as of_social
from django import forms
from django.http import HttpRequest

from accounts.operations import is_begun
from claims.web.account.limits import why_not
from claims.web.account.words import lazily
from claims.web.my.words import lazily as of_mine
from claims.web.our_form import OurForm
from claims.web.words import lazily as of_all

CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


def _email(field: forms.Field) -> None:
    field.label, field.widget = of_all("email"), forms.EmailInput(attrs={"autocomplete": "email"})
    field.error_messages |= {"required": of_all("email_needed"), "invalid": of_all("email_wrong")}


def _password(field: forms.Field, label: str, autocomplete: str = "new-password", help_text: Any = "") -> None:
    field.label, field.help_text = lazily(label), help_text
    field.widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    field.error_messages |= {"required": lazily("password_needed")}


class _WithCode(OurForm):
    """First of the bases of a form of allauth that asks for a code."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        code = self.fields["code"]
        code.label, code.widget = of_mine("code"), forms.TextInput(attrs=CODE)
        code.error_messages |= {"required": lazily("code_needed")}


class _WithEmail(OurForm):
    """First of the bases of a form of allauth that asks for an address, to which a code is mailed."""

    asks_for: str

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _email(self.fields["email"])

    def clean(self) -> Any:
        said = super().clean()
        address = self.cleaned_data.get("email")
        if address is not None and (refused := why_not(context.request, self.asks_for, address)) is not None:
            self.add_error("email", str(lazily(refused)))
        return said


class _WithNewPassword(OurForm):
    """First of the bases of a form of allauth that asks for a new password, twice."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _password(self.fields["password1"], "password_new", help_text=lazily("password_help"))
        _password(self.fields["password2"], "password_again")

    def clean(self) -> Any:
        said = forms.Form.clean(self)
        first, second = (self.cleaned_data.get(name) for name in ("password1", "password2"))
        if first and second and first != second:
            self.add_error("password2", str(lazily("password_differs")))
        return said


class LogInForm(OurForm, of_account.LoginForm):
    """With a password, or without one: then a code is mailed."""

    user: Any

    def _setup_password_field(self) -> None:
        """allauth takes the field away where nobody signs up with a password."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _email(self.fields["login"])
        _password(self.fields["password"], "password", "current-password", lazily("password_optional"))
        self.fields["password"].required = False

    def clean_login(self) -> str:
        """Before it is looked for, counted, or kept in the session for the page that asks for the code."""
        return str(get_adapter().clean_email(super().clean_login()))

    def _clean_without_password(self, email: str | None, phone: str | None) -> Any:
        """No code opens the log-in of staff; they are answered as somebody unknown is."""
        if (refused := why_not(context.request, "log_in", email or "")) is not None:
            self.add_error("login", str(lazily(refused)))
            return self.cleaned_data
        cleaned = super()._clean_without_password(email, phone)
        if self.user is not None and self.user.is_staff:
            self.user = None
        return cleaned


class CodeForm(_WithCode, of_account.ConfirmLoginCodeForm):
    pass


class ProofForm(_WithCode, of_account.ConfirmEmailVerificationCodeForm):
    pass


class ResetCodeForm(_WithCode, of_account.ConfirmPasswordResetCodeForm):
    pass


class _OpensAccount(_WithEmail):
    """An account that was only begun is begun anew: whoever typed in its address has shown nothing."""

    asks_for = "sign_up"

    def validate_unique_email(self, value: str) -> str:
        return value if is_begun(value) else str(super().validate_unique_email(value))  # type: ignore[misc]


class SignUpForm(_OpensAccount, of_account.SignupForm):
    def save(self, request: HttpRequest) -> Any:
        """The address is written down by allauth as the code is sent, unless it was as the account was first begun."""
        adapter = get_adapter()
        return adapter.save_user(request, adapter.new_user(request), self)


class AddressForm(OurForm):
    """That an address is taken is told to nobody but whoever reads its mail."""

    email = forms.EmailField()

    def __init__(self, *args: Any, now: str | None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.now = now
        _email(self.fields["email"])
        self.fields["email"].label = lazily("new_address")

    def clean_email(self) -> str:
        email = str(get_adapter().clean_email(self.cleaned_data["email"]))
        if email == self.now:
            raise forms.ValidationError(str(lazily("address_same")))
        return email


class ResetPasswordForm(_WithEmail, of_account.ResetPasswordForm):
    """Not for staff: they are given a link by their manager."""

    asks_for = "new_password"

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users: list[Any] = [user for user in self.users if not user.is_staff]
        return email


class FirstPasswordForm(_WithNewPassword, of_account.SetPasswordForm):
    pass


class ChangePasswordForm(_WithNewPassword, of_account.ChangePasswordForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _password(self.fields["oldpassword"], "password_old", "current-password")


class NewPasswordForm(_WithNewPassword, of_account.ResetPasswordKeyForm):
    pass


class ConfirmForm(OurForm, of_account.ReauthenticateForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _password(self.fields["password"], "password", "current-password")


class KakaoSignUpForm(_OpensAccount, of_social.SignupForm):
    pass


class DisconnectForm(OurForm, of_social.DisconnectForm):
    def clean(self) -> Any:
        """Without a password too: a code by mail always lets the owner in."""
        return forms.Form.clean(self)
