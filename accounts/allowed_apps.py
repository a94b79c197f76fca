"""Apps and tools that somebody let in, and since when: what has something by which it gets in, or may get it for a code. And
taking them away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts.models import AccountEvent, AccountEventKind, App, User
from accounts.operations import withdraw_app
from services.language import in_english
from services.words import said_instant


def apps_of(user: User) -> list[dict[str, Any]]:
    """By `pk`, with `name` and `since` in the language of the page."""
    live = {
        *Grant.objects.filter(user=user).values_list("application", flat=True),
        *AccessToken.objects.filter(user=user).values_list("application", flat=True),
        *RefreshToken.objects.filter(user=user, revoked=None).values_list("application", flat=True),
    }
    since = _since(user)
    return [
        {"pk": app.pk, "name": _name(app), "since": said_instant(since[app.pk]) if app.pk in since else ""}
        for app in App.objects.filter(application__in=live, ended_at=None)
    ]


def take_away(user: User, number: str, *, now: datetime) -> str | None:
    """The name of the one that a form names by its `pk`, which is out then; None where it is none of theirs, or the button was
    pressed twice.
    """
    app = next((one for one in apps_of(user) if str(one["pk"]) == number), None)
    if app is None:
        return None
    with transaction.atomic(durable=True):
        withdraw_app(app_id=app["pk"], user=user, now=now)
    return str(app["name"])


def _name(app: App) -> str:
    return (app.name_ko, app.name_en)[in_english()]


def _since(user: User) -> dict[int, datetime]:
    """When each was first allowed since it was last taken away."""
    kinds = (AccountEventKind.APP_ALLOWED, AccountEventKind.APP_WITHDRAWN)
    since: dict[int, datetime] = {}
    for event in AccountEvent.objects.filter(user=user, kind__in=kinds).order_by("pk"):
        if event.kind == AccountEventKind.APP_ALLOWED:
            since.setdefault(event.data["app"], event.at)
        else:
            since.pop(event.data["app"], None)
    return since
