"""The only doors to apps, and to what somebody allows them. Each expects a transaction, opened by the face around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import make_password
from oauth2_provider.models import Application

from accounts.models import AccountEventKind, App, AppAudience, User
from accounts.operations.checks import MANAGERS
from accounts.operations.log import log_event
from accounts.operations.tokens import end_tokens
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require
from services.texts import one_line
from services.values import check_values

MOST_ADDRESSES = 10
LONGEST_ADDRESS = 500
HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
PLACE = r"(?::[1-9]\d{0,4})?/[A-Za-z0-9/._~%-]*(?:\?[A-Za-z0-9/._~%=&-]+)?"
SECURE = re.compile(rf"https://{HOST}{PLACE}")
LOOPBACK = re.compile(rf"http://127\.0\.0\.1{PLACE}")


class UnknownApp(Unknown):
    code = "unknown_app"


class AppEnded(Refusal):
    code = "app_ended"


class AudienceUnknown(Refusal):
    code = "audience_unknown"


class AddressInvalid(Refusal):
    code = "address_invalid"


class NotForThem(Refusal):
    """The app is for staff, and this is a claimant; or the other way round."""

    code = "app_not_for_them"


def register_app(
    *, name_ko: str, name_en: str, audience: str, redirect_uris: Iterable[str], registered_by: User, now: datetime
) -> App:
    """Raises RoleMissing, AudienceUnknown, AddressInvalid, ResidentNumber, InvalidValue."""
    at = check_instant(now, "now")
    require(registered_by, MANAGERS, "register an app")
    if audience not in AppAudience.values:
        raise AudienceUnknown(f"{audience!r} is no audience; known: {', '.join(AppAudience.values)}.", field="audience")
    addresses = _checked_addresses(redirect_uris)
    names = {"name_ko": one_line(name_ko, "name_ko"), "name_en": one_line(name_en, "name_en")}
    app = App(**names, audience=audience, registered_by=registered_by, registered_at=at)
    check_values(app, "application")
    app.application = Application.objects.create(  # public: nobody logs in by a secret of this
        name=names["name_en"], client_type=Application.CLIENT_PUBLIC, redirect_uris=" ".join(addresses),
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE, hash_client_secret=False,
        client_secret=make_password(None),
    )  # fmt: skip
    app.save(force_insert=True)
    log_event(AccountEventKind.APP_REGISTERED, actor=registered_by, now=at, app=app.pk, audience=audience)
    return app


def end_app(*, app_id: int, ended_by: User, now: datetime) -> App:
    """For ever, with everything that it was given. Raises RoleMissing, UnknownApp, AppEnded."""
    at = check_instant(now, "now")
    require(ended_by, MANAGERS, "end an app")
    app = App.objects.select_related("application").filter(pk=app_id).first()
    if app is None:
        raise UnknownApp(f"There is no app {app_id}.", field="app")
    if not App.objects.filter(pk=app_id, ended_at=None).update(ended_at=at, ended_by=ended_by):
        raise AppEnded("This app was ended already.", field="app")
    log_event(AccountEventKind.APP_ENDED, actor=ended_by, now=at, app=app.pk)
    # One that is given in this moment opens nothing: whether its app goes on is asked each time.
    end_tokens(application=app.application)
    app.refresh_from_db()
    return app


def allow_app(*, app_id: int, user: User, scopes: Iterable[str], now: datetime) -> App:
    """Somebody lets an app in; whoever calls gives it the code. Raises UnknownApp, AppEnded, NotForThem."""
    at = check_instant(now, "now")
    app = App.objects.select_related("application").filter(pk=app_id).first()
    if app is None:
        raise UnknownApp(f"There is no app {app_id}.", field="app")
    if app.ended_at is not None:
        raise AppEnded("This app was ended.", field="app")
    held = hold(user)
    if held is None or not is_for(app, held):
        raise NotForThem("This app is for others.", field="app")
    log_event(AccountEventKind.APP_ALLOWED, actor=user, now=at, user=user, app=app.pk, scopes=sorted(scopes))
    return app


def withdraw_app(*, app_id: int, user: User, now: datetime) -> None:
    """What somebody let in is out at once. Harmless again. Raises UnknownApp."""
    at = check_instant(now, "now")
    app = App.objects.select_related("application").filter(pk=app_id).first()
    if app is None:
        raise UnknownApp(f"There is no app {app_id}.", field="app")
    hold(user)
    log_event(AccountEventKind.APP_WITHDRAWN, actor=user, now=at, user=user, app=app.pk)
    end_tokens(user=user, application=app.application)


def hold(user: User) -> User | None:
    """Locked, as it is now; None where it is closed or has left. Giving a token and taking it away wait for each other."""
    return User.objects.select_for_update(no_key=True, of=("self",)).filter(pk=user.pk, is_active=True).first()


def is_for(app: App, user: User) -> bool:
    """Guests, who have no log-in, have no apps either."""
    return user.email is not None and user.is_staff == (app.audience == AppAudience.STAFF)


def is_address(uri: str) -> bool:
    """To which a code may be sent: https, or this machine for who develops."""
    known = SECURE.fullmatch(uri) or (settings.DEBUG and LOOPBACK.fullmatch(uri))
    return bool(known) and len(uri) <= LONGEST_ADDRESS and (urlsplit(uri).port or 443) <= 65_535


def _checked_addresses(uris: Iterable[str]) -> list[str]:
    kept = list(dict.fromkeys(uris))
    for uri in kept:
        try:
            right = is_address(uri)
        except ValueError:  # a port beyond all ports
            right = False
        if not right:
            raise AddressInvalid(
                f"{uri!r} is no address for an app. Write it whole, in lower case, like https://app.example.org/back.",
                field="redirect_uris",
            )
    if not 0 < len(kept) <= MOST_ADDRESSES:
        raise AddressInvalid(f"An app has 1 to {MOST_ADDRESSES} addresses, one a line.", field="redirect_uris")
    return kept
