"""Addresses of accounts: those of allauth that we use, by the names that it asks for. Without the others: an account has one
address, no telephone, and no second factor.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.kakao import views as kakao
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

import claims.web.my.reference  # noqa: F401 - registers the converter of addresses
from claims.web.account.address import address, address_code, forgetting, logging_in
from claims.web.account.allowed import withdraw
from claims.web.account.unhurried import unhurried
from claims.web.account.views import Confirm, ConfirmPasskey, close, index, keep, let_go, take_out
from claims.web.language import in_their_language


def page(view: Callable[..., Any]) -> Callable[..., Any]:
    return never_cache(in_their_language(view))


def alike(view: Callable[..., Any]) -> Callable[..., Any]:
    """For who is not in yet: known and unknown are not told apart."""
    return page(unhurried(view))


confirmed = reauthentication_required(app="claims.account")  # before a way of logging in is changed


def of_kakao(view: Callable[..., Any]) -> Callable[..., Any]:
    """Not there where Kakao is not configured."""

    @wraps(view)
    def answer(request: HttpRequest, **named: Any) -> Any:
        if not settings.KAKAO:
            raise Http404
        return view(request, **named)

    return page(answer)


urlpatterns = [
    path("", page(index), name="mfa_index"),
    path("close/", page(close), name="account_close"),
    path("apps/take-away/", page(withdraw), name="account_app_withdraw"),
    path("keep/<reference:reference>/", page(keep), name="account_keep"),
    path("let-go/<reference:reference>/", page(let_go), name="account_let_go"),
    path("take-out/<reference:reference>/", page(take_out), name="account_take_out"),
    path("login/", alike(account.login), name="account_login"),
    path("login/code/new/", RedirectView.as_view(pattern_name="account_login"), name="account_request_login_code"),
    path("login/code/", alike(logging_in(account.confirm_login_code)), name="account_confirm_login_code"),
    path("login/passkey/", page(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("logout/", page(account.logout), name="account_logout"),
    path("closed/", page(account.account_inactive), name="account_inactive"),
    path("new/", alike(account.signup), name="account_signup"),
    path("new/code/", alike(account.email_verification_sent), name="account_email_verification_sent"),
    # Where allauth leads who comes back to the page of the code and is in already.
    path("new/done/", RedirectView.as_view(pattern_name="mfa_index"), name="account_email"),
    path("address/", alike(confirmed(address)), name="account_address"),
    path("address/code/", alike(address_code), name="account_address_code"),
    path("confirm/", page(Confirm.as_view()), name="account_reauthenticate"),
    path("confirm/passkey/", page(ConfirmPasskey.as_view()), name="mfa_reauthenticate_webauthn"),
    path("password/", page(account.password_change), name="account_change_password"),
    path("password/first/", page(confirmed(account.password_set)), name="account_set_password"),
    path("password/forgotten/", alike(account.password_reset), name="account_reset_password"),
    path(
        "password/forgotten/code/",
        alike(forgetting(account.confirm_password_reset_code)),
        name="account_confirm_password_reset_code",
    ),
    path("password/forgotten/new/", page(forgetting(account.complete_password_reset)), name="account_complete_password_reset"),
    path("password/forgotten/done/", page(account.password_reset_from_key_done), name="account_password_reset_completed"),
    path("passkeys/", page(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", page(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", page(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", page(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("kakao/", of_kakao(confirmed(social.connections)), name="socialaccount_connections"),
    path("kakao/login/", of_kakao(kakao.oauth2_login), name="kakao_login"),
    path("kakao/login/callback/", of_kakao(kakao.oauth2_callback), name="kakao_callback"),
    path("kakao/stopped/", of_kakao(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("kakao/failed/", of_kakao(social.login_error), name="socialaccount_login_error"),
    path("kakao/new/", of_kakao(unhurried(social.signup)), name="socialaccount_signup"),
]
