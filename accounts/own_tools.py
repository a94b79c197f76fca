"""The page on which staff take away what their tools may reach."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.admin.pages import staff_of
from accounts.allowed_apps import app_of, apps_of
from accounts.operations import withdraw_app
from accounts.page_words import say
from services import clock


@require_http_methods(["GET", "HEAD", "POST"])
def own_tools(request: HttpRequest) -> HttpResponse:
    """The tools that a member of staff let in, each with a button that takes it away."""
    user = staff_of(request)
    if request.method == "POST":
        tool = app_of(user, request.POST.get("app", ""))
        if tool is not None:  # or the button was pressed twice
            with transaction.atomic(durable=True):
                withdraw_app(app_id=tool["pk"], user=user, now=clock.now())
            messages.success(request, say("tool_withdrawn").format(tool["name"]))
        return HttpResponseRedirect(reverse("accounts:own_tools"))
    words = {name: say(name) for name in ("tools_help", "tools_none", "tool_since", "tool_withdraw")}
    context = {**admin.site.each_context(request), "title": say("tools"), "tools": apps_of(user), "words": words}
    return TemplateResponse(request, "accounts/own_tools.html", context)
