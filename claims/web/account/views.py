"""The account's own page, and which guests' claims it keeps within reach."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.views import BaseReauthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.allowed_apps import apps_of
from accounts.models import User
from accounts.operations import NoAccount, UnknownKept, close_account, let_person_go
from claims.models import Claim
from claims.operations import keep_claim, write_account_mail
from claims.web.account.confirming import nothing_to_ask
from claims.web.account.kept import others_with
from claims.web.account.words import say
from claims.web.my import access
from claims.web.my.access import claims_of, of_claimant, opened_by, owner_of
from services import clock


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The address, and by what the account is entered."""
    user = owner_of(request)
    if user is None:
        return render(request, "claims/account/staff.html", status=403)
    context = {
        "user": user, "has_password": user.has_usable_password(),
        "passkeys": Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count(),
        "apps": apps_of(user), "connected": SocialAccount.objects.filter(user=user).exists(),
    }  # fmt: skip
    return render(request, "claims/account/index.html", context)


@login_required
@reauthentication_required(app="claims.account")  # type: ignore[untyped-decorator]
def close(request: HttpRequest) -> HttpResponse:
    """Looked at first; then it is closed, and all browsers are logged out."""
    owner = owner_of(request)
    if owner is None:
        return render(request, "claims/account/staff.html", status=403)
    if request.method != "POST":
        return render(request, "claims/account/close.html", {"user": owner, "claims": claims_of(owner)})
    with transaction.atomic(durable=True):
        close_account(user=owner, now=clock.now())
    logout(request)
    return render(request, "claims/account/closed.html", {"title": say("closed")})


class _OrElse(BaseReauthenticateView):
    """Who has neither a password nor a passkey is told what to do instead; allauth answers with a bare refusal."""

    def _check_reauthentication_method_available(self, request: HttpRequest) -> HttpResponse | None:
        try:
            return cast("HttpResponse | None", super()._check_reauthentication_method_available(request))
        except PermissionDenied:
            return nothing_to_ask(request, self.get_next_url() or reverse("mfa_index"))


class Confirm(_OrElse, ReauthenticateView):
    pass


class ConfirmPasskey(_OrElse, ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Here again, with what is wrong; allauth leads to the log-in, and that to the claims."""
        super().form_invalid(form)
        return HttpResponseRedirect(self.request.get_full_path())


@of_claimant
def keep(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """The claim that is open in this browser is reached from the account from now on. Whoever filed it here and has not opened
    it by a code may have mistyped the address, or left the browser to somebody else: then the account has to have the same.
    """
    owner = owner_of(request)
    if owner is None:
        return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
    by = _shown_by(request, claim, owner)
    if by is None or request.method != "POST":
        context = {"claim": claim, "needs_code": by is None}
        return render(request, "claims/account/keep.html", context, status=200 if request.method != "POST" else 403)
    try:
        with transaction.atomic(durable=True):
            keep_claim(claim=claim, user=owner, by=by, now=clock.now())
    except NoAccount:  # closed a moment ago, in another browser
        return HttpResponseRedirect(reverse("account_inactive"))
    return HttpResponseRedirect(reverse("my:status", args=[claim.reference]))


def _shown_by(request: HttpRequest, claim: Claim, owner: User) -> str | None:
    if opened_by(request, claim.reference) in ("code", "account"):
        return "code"
    kept = getattr(claim.person, "personal_data", None)
    same = kept is not None and EmailAddress.objects.filter(user=owner, email=kept.email.lower(), verified=True).exists()
    return "address" if same else None


@require_POST
@of_claimant
def let_go(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    owner = owner_of(request)
    if owner is not None:
        try:
            with transaction.atomic(durable=True):
                let_person_go(user=owner, person_id=claim.person_id, now=clock.now())
        except UnknownKept:
            pass  # the button was pressed twice
        messages.success(request, say("let_gone").format(claim.reference))
        if opened_by(request, claim.reference) == "account":
            access.close(request, claim.reference)
    return HttpResponseRedirect(reverse("my:find"))


@require_POST
@of_claimant
def take_out(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """Whoever has the code of the claim takes it out of accounts that are not theirs, which see it no more from now on; their
    owners are told.
    """
    now = clock.now()
    for kept in others_with(request, claim).select_related("user"):
        try:
            with transaction.atomic(durable=True):
                let_person_go(user=kept.user, person_id=claim.person_id, now=now, by=user)
                write_account_mail(user=kept.user, about="claim_taken_out", now=now)
        except UnknownKept:
            continue  # its owner was quicker
    messages.success(request, say("taken_out"))
    return HttpResponseRedirect(reverse("my:status", args=[claim.reference]))
