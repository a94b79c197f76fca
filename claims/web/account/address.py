"""The account is moved to another address: a code goes there, and only once it is typed in does the address count."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.logins import normalised_email
from accounts.models import User
from accounts.operations import EmailTaken, NoAccount, change_address, is_begun
from claims.operations import write_account_mail
from claims.web.account.forms import AddressForm, CodeForm
from claims.web.account.limits import may_reach
from claims.web.account.words import say
from claims.web.my.access import owner_of
from claims.web.my.find import sent_to
from services import clock
from services.network import network_of

MOVE = "move"  # of the session: the new address and its code


class Move(AbstractCodeVerificationProcess):
    """In the hands of one browser, as allauth keeps its own codes: for a quarter of an hour and three tries."""

    def __init__(self, request: HttpRequest, owner: User, state: dict[str, Any]) -> None:
        self.request, self.owner = request, owner
        super().__init__(
            max_attempts=app_settings.EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
            state=state,
            user=owner,
        )

    @classmethod
    def resume(cls, request: HttpRequest, owner: User) -> Move | None:
        state = request.session.get(MOVE)
        return None if state is None else cast("Move | None", cls(request, owner, state).abort_if_invalid())

    @property
    def address(self) -> str:
        return str(self.state["email"])

    def persist(self) -> None:
        self.request.session[MOVE] = self.state

    def abort(self) -> None:
        self.request.session.pop(MOVE, None)

    def send(self) -> None:
        """Of a taken address its account is told; the page that follows is the same. One that was only begun takes none."""
        self.state["code"], now = get_adapter().generate_email_verification_code(), clock.now()
        network = network_of(self.request)
        holder = None if is_begun(self.address) else User.objects.filter(email=self.address).first()
        with transaction.atomic(durable=True):
            if holder is None:
                asked = {"code": self.code, "address": self.address, "network": network}
                write_account_mail(user=self.owner, about="address", now=now, **asked)
            else:
                write_account_mail(user=holder, about="address_taken", now=now, network=network)
        self.persist()

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(app_settings.EMAIL_VERIFICATION_MAX_RESEND_COUNT)


@login_required
def address(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    owner = owner_of(request)
    if owner is None:
        return render(request, "claims/account/staff.html", status=403)
    form = AddressForm(sent_to(request), now=owner.email)
    if form.is_valid():
        if not may_reach(request, form.cleaned_data["email"]):
            form.add_error("email", say("too_many_addresses"))
        elif ratelimit.consume(request, action="manage_email", user=owner):
            Move(request, owner, Move.initial_state(owner, form.cleaned_data["email"])).send()
            return HttpResponseRedirect(reverse("account_address_code"))
        else:
            form.add_error("email", say("address_often"))
    return render(request, "claims/account/address.html", {"form": form, "user": owner})


@login_required
def address_code(request: HttpRequest) -> HttpResponse:
    """Type it in. An address that was taken meanwhile is answered as a wrong code is."""
    owner = owner_of(request)
    move = None if owner is None else Move.resume(request, owner)
    if owner is None or move is None:
        return HttpResponseRedirect(reverse("account_address"))
    if request.POST.get("action") == "resend":
        if move.can_resend:
            move.record_resend()
            move.send()
        return HttpResponseRedirect(request.path)
    form = CodeForm(sent_to(request), code=move.code)
    if form.is_valid():
        try:
            _carry_out(request, owner, move)
        except EmailTaken:
            form.add_error("code", say("code_wrong"))
        except NoAccount:  # of two at once the second, whose session has ended
            return HttpResponseRedirect(reverse("mfa_index"))
        else:
            return HttpResponseRedirect(reverse("mfa_index"))
    if request.method == "POST" and not move.record_invalid_attempt():
        messages.error(request, say("too_many"))
        return HttpResponseRedirect(reverse("account_address"))
    context = {"form": form, "email": move.address, "can_resend": move.can_resend}
    return render(request, "claims/account/address_code.html", context)


def _carry_out(request: HttpRequest, owner: User, move: Move) -> None:
    """This browser stays logged in, and no other."""
    now = clock.now()
    with transaction.atomic(durable=True):
        before = change_address(user=owner, address=move.address, now=now)
        write_account_mail(user=owner, about="address_changed", address=before, now=now)
    move.abort()
    owner.refresh_from_db()
    update_session_auth_hash(request, owner)
    messages.success(request, say("address_changed"))


def of_its_address(resume: Callable[[HttpRequest], AbstractCodeVerificationProcess | None]) -> Callable[..., Any]:
    """A page on which a code is typed in, or what comes after it: a code that was sent before the account had another address,
    or made way for one that has this, leads nowhere.
    """

    def decorated(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> Any:
            asked = resume(request)
            if asked is not None and asked.state.get("user_id") and not _is_still(cast("User | None", asked.user), asked.state):
                asked.abort()
            return view(request, **named)

        return answer

    return decorated


def _is_still(user: User | None, state: dict[str, Any]) -> bool:
    return user is not None and user.email == normalised_email(str(state.get("email", "")))


def _of_log_in(request: HttpRequest) -> AbstractCodeVerificationProcess | None:
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return stage and cast("AbstractCodeVerificationProcess | None", LoginCodeVerificationProcess.resume(stage))


logging_in = of_its_address(_of_log_in)
forgetting = of_its_address(PasswordResetVerificationProcess.resume)
