"""The page on which staff take away what their tools may reach."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.admin.pages import staff_of
from accounts.allowed_apps import apps_of, take_away
from accounts.page_words import say
from services import clock


@require_http_methods(["GET", "HEAD", "POST"])
def own_tools(request: HttpRequest) -> HttpResponse:
    """The tools that a member of staff let in, each with a button that takes it away."""
    user = staff_of(request)
    if request.method == "POST":
        name = take_away(user, request.POST.get("app", ""), now=clock.now())
        if name is not None:
            messages.success(request, say("tool_withdrawn").format(name))
        return HttpResponseRedirect(reverse("accounts:own_tools"))
    words = {name: say(name) for name in ("tools_help", "tools_none", "tool_since", "tool_withdraw")}
    context = {**admin.site.each_context(request), "title": say("tools"), "tools": apps_of(user), "words": words}
    return TemplateResponse(request, "accounts/own_tools.html", context)
