"""Where allauth asks what is ours to say: who is written down, who is let in, and what is mailed.

Staff are not let in here: their log-ins open the admin, and a mailbox must not open those.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.logins import normalised_email
from accounts.models import User
from accounts.operations import (
    EmailTaken,
    NoAccount,
    begin_account,
    change_password,
    checked_email,
    enter_account,
    is_begun,
    record_log_in_change,
)
from claims.operations import write_account_mail
from claims.web.account.confirming import came_by_code, nothing_to_ask
from claims.web.account.limits import count_password, forget_passwords
from claims.web.account.words import lazily, say
from claims.web.words import lazily as of_all
from services import clock
from services.language import in_english
from services.network import network_of
from services.refusals import Refusal

CODES = {
    "account/email/login_code": "log_in",
    "account/email/email_confirmation_signup": "sign_up",
    "account/email/email_confirmation": "sign_up",
    "account/email/password_reset_code": "new_password",
}
NOTICES = {
    "account/email/account_already_exists": "exists",
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/password_reset": "password_changed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "socialaccount/email/account_connected": "kakao_connected",
    "socialaccount/email/account_disconnected": "kakao_disconnected",
}
PASSWORD_SAVED = ("account/messages/password_changed.txt", "account/messages/password_set.txt")
STRANGER = "account/email/unknown_account"  # who asks for a code to an address that has no account
ENTERED_BY = {"code": "code", "password": "password", "mfa": "passkey", "socialaccount": "kakao"}  # as allauth calls it
SECOND_FACTOR = "allauth.mfa.stages.AuthenticateStage"
BROUGHT = "brought"  # of the session: the log-in at Kakao by which an account was begun, and which account


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **dict.fromkeys(DefaultAccountAdapter.error_messages, lazily("not_now")),
        "incorrect_code": lazily("code_wrong"), "too_many_login_attempts": lazily("too_many"),
        "rate_limited": lazily("asked_too_often"), "email_password_mismatch": lazily("pair_wrong"),
        "incorrect_password": lazily("password_wrong"), "enter_current_password": lazily("password_wrong"),
    }  # fmt: skip

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Whoever comes second with the same address is led to log in."""
        _become(user, form.cleaned_data["email"])
        return user

    def pre_login(self, request: HttpRequest, user: Any, **named: Any) -> HttpResponse | None:
        """Not by a code that was sent before the account had another address."""
        response = super().pre_login(request, user, **named)
        methods = get_authentication_records(request, user)
        if methods and methods[-1].get("email", user.email) != user.email:
            clear_login(request)
            return HttpResponseRedirect(reverse("account_login"))
        if response is None and user.is_staff:
            clear_login(request)
            return render(request, "claims/account/staff.html", status=403)
        return cast("HttpResponse | None", response)

    def get_login_stages(self) -> list[str]:
        """A passkey is a way in and no second lock: who has the mailbox gets at each claim by its code anyway, and who has lost
        the passkey must still get in.
        """
        return [stage for stage in super().get_login_stages() if stage != SECOND_FACTOR]

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Not of whoever has just come in by a code: they have the mailbox, and may have lost the passkey that they want to
        remove, or be rid of one that somebody else added. Whom nothing else can be asked has to come in by one: allauth would
        ask them nothing, and whoever finds their browser open could set a password of his own.
        """
        if came_by_code(self.request):
            return False
        if not get_reauthentication_flows(self.request.user):
            raise ImmediateHttpResponse(nothing_to_ask(self.request))
        return bool(super().is_reauthentication_required(app=app, **named))

    def login(self, request: HttpRequest, user: Any) -> None:
        """allauth records no method where the code of a new account came back."""
        if not get_authentication_records(request, user):
            record_authentication(request, user, method="code", email=user.email)
        by = ENTERED_BY[get_authentication_records(request, user)[-1]["method"]]
        try:
            with transaction.atomic(durable=True):
                enter_account(user=user, by=by, now=clock.now())
        except NoAccount:  # it is closed since a moment ago, or was only begun and its address is another account's
            clear_login(request)
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login"))) from None
        _connect_brought(request, user)
        super().login(request, user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """`authenticate` takes back what is counted here where the password is right."""
        self._login_failed_rl_usage = count_password(request, credentials.get("email", ""))
        if self._login_failed_rl_usage is None:
            raise ValidationError(say("passwords_wrong"))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        forget_passwords(request, credentials["email"])

    def clean_email(self, email: str) -> str:
        """As accounts take it, so that the field says what they would refuse."""
        try:
            return checked_email(email)
        except Refusal:
            raise ValidationError(str(of_all("email_wrong"))) from None

    def clean_password(self, password: str, user: Any = None) -> str:
        """What is wrong with it in our words, by Django's codes."""
        try:
            return str(super().clean_password(password, user=user))
        except ValidationError as error:
            raise ValidationError([str(lazily(one.code)) for one in error.error_list]) from None

    def set_password(self, user: Any, password: str) -> None:
        with transaction.atomic(durable=True):
            changed = change_password(email=user.email, password=password, changed_by=user, now=clock.now())
        user.password = changed.password

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written for the outbox; allauth's own templates have links and sites in them, and are not used."""
        network = network_of(self.request)
        if template_prefix == STRANGER:
            _write_in_vain(email, network)
            return
        about = CODES.get(template_prefix) or NOTICES[template_prefix]
        user = User.objects.filter(email=normalised_email(email)).first()
        if user is not None:
            code = context["code"] if template_prefix in CODES else ""
            with transaction.atomic(durable=True):
                write_account_mail(user=user, about=about, code=code, now=clock.now(), network=network)

    def send_notification_mail(self, template_prefix: str, user: Any, context: Any = None, email: str | None = None) -> None:
        about = NOTICES[template_prefix]
        with transaction.atomic(durable=True):
            if about != "password_changed":  # of which `change_password` leaves the event
                record_log_in_change(user=user, what=about, now=clock.now())
            write_account_mail(user=user, about=about, now=clock.now())

    def add_message(self, request: HttpRequest, level: int, *args: Any, **named: Any) -> None:
        """Only what went wrong: what went well is seen on the page that follows, but for a password of who is logged in."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **named)
        elif args and args[0] in PASSWORD_SAVED and request.user.is_authenticated:
            messages.success(request, say("password_saved"))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Not to the empty form."""
        return reverse("mfa_index")


class KakaoAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **dict.fromkeys(DefaultSocialAccountAdapter.error_messages, lazily("not_now")),
        "connected_other": lazily("kakao_taken"),
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """An address that accounts refuse is as none: then one is asked for."""
        super().pre_social_login(request, sociallogin)
        if not sociallogin.is_existing:
            for one in sociallogin.email_addresses:
                one.email = _usable(one.email)
            sociallogin.email_addresses = [one for one in sociallogin.email_addresses if one.email]
            sociallogin.user.email = sociallogin.email_addresses[0].email if sociallogin.email_addresses else ""

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An address with which an account was only begun is asked for once more: allauth takes it for that account's."""
        return not is_begun(sociallogin.user.email or "")

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Kakao is connected when they are let in, not before: otherwise whoever typed in the address of somebody else would
        share the account as soon as its owner opens it by a code.
        """
        user, account = sociallogin.user, sociallogin.account
        _become(user, form.cleaned_data["email"] if form else user.email)
        if any(one.verified and one.email == user.email for one in sociallogin.email_addresses):
            shown = {"verified": True, "primary": True}
            EmailAddress.objects.update_or_create(user=user, email=user.email, defaults=shown)
        request.session[BROUGHT] = {"user": user.pk, "uid": account.uid, "extra_data": account.extra_data}
        return user


class PasskeyAdapter(DefaultMFAAdapter):
    error_messages = {
        **dict.fromkeys(DefaultMFAAdapter.error_messages, lazily("not_now")),
        "incorrect_code": lazily("passkey_wrong"),
        "unverified_email": lazily("address_first"),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - as allauth calls it
        return str(lazily("passkey"))


def _write_in_vain(email: str, network: str) -> None:
    """Nothing is mailed to strangers, but finding out that there is no account takes as long as mailing to one."""
    address = normalised_email(email)
    with transaction.atomic(durable=True):
        nobody, code = User(email=address, locale=("ko", "en")[in_english()]), get_adapter().generate_login_code()
        write_account_mail(user=nobody, about="log_in", code=code, now=clock.now(), network=network)
        transaction.set_rollback(True)


def _connect_brought(request: HttpRequest, user: Any) -> None:
    brought = request.session.pop(BROUGHT, None)
    if brought is not None and brought["user"] == user.pk:
        said = {"user": user, "extra_data": brought["extra_data"]}
        SocialAccount.objects.get_or_create(provider="kakao", uid=brought["uid"], defaults=said)


def _usable(email: str) -> str:
    """As accounts keep it; empty where they refuse it."""
    try:
        return checked_email(email)
    except Refusal:
        return ""


def _become(user: Any, email: str) -> None:
    """What allauth has in hands becomes what is written down."""
    try:
        with transaction.atomic(durable=True):
            begun = begin_account(email=email, locale=("ko", "en")[in_english()], now=clock.now())
    except EmailTaken:  # by somebody who typed it in just before
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login"))) from None
    vars(user).update(vars(begun))
