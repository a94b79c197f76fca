"""Apps that may reach what an account reaches, and taking that away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts.models import AccountEvent, AccountEventKind, App, User
from accounts.operations import withdraw_app
from claims.web.account.words import say
from claims.web.my.access import owner_of
from services import clock
from services.language import in_english
from services.words import said_instant


def apps_of(user: User) -> list[dict[str, Any]]:
    """Each that has something by which it gets in, or may get it for a code."""
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


@require_POST
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    if owner is None:
        return render(request, "claims/account/staff.html", status=403)
    typed = request.POST.get("app", "")
    app = next((one for one in apps_of(owner) if str(one["pk"]) == typed), None)
    if app is not None:  # or the button was pressed twice
        with transaction.atomic(durable=True):
            withdraw_app(app_id=app["pk"], user=owner, now=clock.now())
        messages.success(request, say("app_withdrawn").format(app["name"]))
    return HttpResponseRedirect(reverse("mfa_index"))


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
