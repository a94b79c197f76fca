"""Apps in the Django admin: who they are, and their end; each button is one operation, for managers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from accounts.admin.forms import AppForm
from accounts.admin.pages import AccountsAdmin, answered, is_manager, manager_of
from accounts.choice_words import worded
from accounts.models import App
from accounts.operations import end_app, register_app
from accounts.page_words import say
from services.seoul import shown


@admin.register(App)
class AppAdmin(AccountsAdmin):
    list_display = ("name_ko", "name_en", "audience", "registered_at", "ended_at")
    list_filter = ("audience",)
    search_fields = ("name_ko", "name_en")
    change_list_template = "admin/services/addable_list.html"

    def get_urls(self) -> list[URLPattern]:
        add, change = (self.admin_site.admin_view(view) for view in (self.new_page, self.app_page))
        own = [path("add/", add, name="accounts_app_add"), path("<int:app_id>/change/", change, name="accounts_app_change")]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        link = say("new_app") if is_manager(request) else ""
        return super().changelist_view(request, {**(extra_context or {}), "add_link": link})

    def new_page(self, request: HttpRequest) -> HttpResponse:
        """For managers."""
        manager = manager_of(request)
        form = AppForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            done = answered(request, register_app, **form.values(), registered_by=manager)
            if done is not None:
                return _to(done[0])
        return self.page(request, "form", {"form": form, "title": say("new_app"), "help": say("new_app_help"), "add": True})

    def app_page(self, request: HttpRequest, app_id: int) -> HttpResponse:
        """For all staff; with its button for managers."""
        app = App.objects.select_related("application", "registered_by", "ended_by").filter(pk=app_id).first()
        if app is None:
            raise Http404
        if request.method == "POST":
            if answered(request, end_app, app_id=app.pk, ended_by=manager_of(request)) is not None:
                messages.success(request, say("done"))
            return _to(app)
        context = {
            "app": app, "title": f"{app.name_ko} · {app.name_en}", "may": is_manager(request),
            "audience": worded("audience", app.audience), "addresses": app.application.redirect_uris.split(),
            "registered": f"{shown(app.registered_at)} · {app.registered_by}",
            "ended": f"{shown(app.ended_at)} · {app.ended_by}" if app.ended_at else "",
        }  # fmt: skip
        return self.page(request, "app", context)


def _to(app: App) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:accounts_app_change", args=[app.pk]))
