"""How much somebody may give alone: checkers set it for caseworkers; who sees claims sees it, and what it was."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import Role
from claims.admin.limits_words import WORDS, lazily, said_refusal, say
from claims.admin.queue_page import CSS
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.amounts import said_amount
from claims.models import AuthorityLimit
from claims.operations import published_units, set_authority
from claims.queries.switches import PAGE, former_limits, limits_in_force
from services import clock
from services.admin_pages import may_send
from services.refusals import Refusal
from services.seoul import shown

MOST = 10**15


class LimitForm(forms.Form):
    unit = forms.ChoiceField(label=lazily("unit"), initial="KRW", help_text=lazily("unit_help"))
    per_decision = forms.IntegerField(
        label=lazily("per_decision_field"), min_value=0, max_value=MOST, help_text=lazily("per_decision_help")
    )
    per_day = forms.IntegerField(label=lazily("per_day_field"), min_value=0, max_value=MOST, help_text=lazily("per_day_help"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        units = sorted({"KRW", *published_units(), *(one.unit for one in limits_in_force())})
        self.fields["unit"].choices = [(unit, _unit(unit)) for unit in units]  # type: ignore[attr-defined]


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.limits_page)
        return [path("", page, name="claims_authoritylimit_changelist"), *super().get_urls()]

    def limits_page(self, request: HttpRequest) -> HttpResponse:
        """What counts, for checkers a form, and what was set before."""
        user = staff_of(request)
        may = may_send(request, Role.CHECKER)
        form = LimitForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic(durable=True):
                    set_authority(role=Role.CASEWORKER, set_by=user, now=clock.now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, said_refusal(refusal))
            else:
                messages.success(request, say("limit_done"))
                return HttpResponseRedirect(reverse("admin:claims_authoritylimit_changelist"))
        former = former_limits(before=number_of(request.GET.get("before")), most=PAGE + 1)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": say("limits"),
            "words": {key: say(key) for key in WORDS}, "form": form, "may": may,
            "rows": [_limit(one) for one in limits_in_force()], "former": [_limit(one) for one in former[:PAGE]],
            "next": f"?before={former[PAGE - 1].pk}" if len(former) > PAGE else "",
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/switch/limits.html", context)


def _unit(unit: str) -> str:
    return unit if unit.isupper() else said_amount(1, unit).removeprefix("1").strip()


def _limit(one: AuthorityLimit) -> dict[str, Any]:
    return {
        "role": say(one.role), "unit": _unit(one.unit), "per_decision": said_amount(one.per_decision, one.unit),
        "per_day": said_amount(one.per_day, one.unit), "by": one.set_by or say("command"), "at": shown(one.set_at),
    }  # fmt: skip
