"""Taking away what an app may reach."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.allowed_apps import take_away
from claims.web.account.words import say
from claims.web.my.access import owner_of
from services import clock


@require_POST
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    if owner is None:
        return render(request, "claims/account/staff.html", status=403)
    name = take_away(owner, request.POST.get("app", ""), now=clock.now())
    if name is not None:
        messages.success(request, say("app_withdrawn").format(name))
    return HttpResponseRedirect(reverse("mfa_index"))
