"""The chain over the log, for auditors: its head to note down, the last check and what it found, and a button for the next."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from claims.admin.dashboard_words import lazily, say, words
from claims.admin.queue_page import CSS
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, staff_of
from claims.models import ChainCheck, ChainLink, CheckState
from claims.operations import CHECKERS_OF_LOG, begin_chain_check
from services import clock
from services.admin_pages import may_send
from services.refusals import Refusal
from services.seoul import shown

SHOWN = 10


class AnchorForm(forms.Form):
    anchor = forms.CharField(
        label=lazily("anchor"), help_text=lazily("anchor_help"), required=False, max_length=90,
        widget=forms.TextInput(attrs={"size": 60}),
    )  # fmt: skip


@admin.register(ChainCheck)
class ChainCheckAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": [*CSS, "claims/chart.css"]}
        js: ClassVar = ["claims/preview.js"]

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(self.chain_page), name="claims_chaincheck_changelist"), *super().get_urls()]

    def chain_page(self, request: HttpRequest) -> HttpResponse:
        user = staff_of(request)
        may = may_send(request, *CHECKERS_OF_LOG)
        form = AnchorForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic(durable=True):
                    begin_chain_check(asked_by=user, anchor=form.cleaned_data["anchor"], now=clock.now())
                return HttpResponseRedirect(request.path)
            except Refusal as refusal:
                if refusal.field == "anchor":
                    form.add_error("anchor", say("bad_anchor"))
                else:
                    messages.error(request, said_in_words(refusal))
        checks = [_shown(check) for check in ChainCheck.objects.select_related("asked_by")[:SHOWN]]
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": say("chain"),
            "words": words(), "head": ChainLink.objects.last(), "checks": checks,
            "going": any(one["open"] for one in checks), "form": form,
            "may": may,
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/chain/chain.html", context)


def _shown(check: ChainCheck) -> dict[str, Any]:
    return {
        "check": check, "open": check.state == CheckState.OPEN, "asked": f"{check.asked_by}, {shown(check.asked_at)}",
        "finished": shown(check.finished_at), "head": f"{check.position}:{check.hash}",
    }  # fmt: skip
