"""Disputes in the admin: look at the hours, then accept with an official notice or reject with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from claims.admin.choice_words import head
from claims.admin.dispute_chart import chart_of
from claims.admin.dispute_words import WORDS, say
from claims.admin.record_forms import AcceptForm, RejectForm
from claims.admin.staff import ClaimsAdmin, staff_of
from claims.facts import record_of
from claims.models import CountDue, Dispute, DisputeHour, DisputesMadeOf, DisputeState
from claims.operations import accept_dispute, dispute_threshold, reject_dispute
from claims.queries import counted_hours, official_spans
from services import clock
from services.admin_pages import may_send, told
from services.refusals import Refusal
from services.seoul import shown, shown_span
from services.staff import WRITERS


@admin.register(Dispute)
class DisputeAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()
    list_display = ("__str__", "incident", "service", "span", "claims", "state", "opened")
    list_filter = ("state", "incident")
    search_fields = ("service__code", "service__name_ko", "incident__key")
    list_select_related = ("incident", "service")

    class Media:
        css: ClassVar = {"all": ["claims/draft.css", "claims/record_draft.css", "claims/dispute.css"]}

    @admin.display(description=head("hours"), ordering="start_at")
    def span(self, dispute: Dispute) -> str:
        return shown_span(dispute.start_at, dispute.end_at)

    @admin.display(description=head("opened"), ordering="opened_at")
    def opened(self, dispute: Dispute) -> str:
        return shown(dispute.opened_at)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.dispute_page)
        return [path("<int:dispute_id>/change/", view, name="claims_dispute_change"), *super().get_urls()]

    def dispute_page(self, request: HttpRequest, dispute_id: int) -> HttpResponse:
        """Everything about one dispute; each button is one operation."""
        related = ("incident", "service", "version__incident", "closed_by", "record_draft")
        dispute = Dispute.objects.select_related(*related).filter(pk=dispute_id).first()
        if dispute is None:
            raise Http404
        may_write = may_send(request, *WRITERS)
        forms_ = _forms(request, dispute)
        if request.method == "POST" and _answered(request, dispute, forms_):
            messages.success(request, say("done"))
            return HttpResponseRedirect(reverse("admin:claims_dispute_change", args=[dispute.pk]))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "dispute": dispute,
            "words": {key: say(key) for key in WORDS}, "title": say("title"), "forms": forms_,
            "span": shown_span(dispute.start_at, dispute.end_at), "state": say(dispute.state),
            "closed": shown(dispute.closed_at), "chart": _chart(dispute),
            "is_open": dispute.state == DisputeState.OPEN, "may_write": may_write,
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/dispute/dispute.html", context)


@admin.register(DisputeHour)
class DisputeHourAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()
    list_display = ("dispute", "hour", "claims", "counted")
    list_filter = ("dispute__incident",)
    search_fields = ("dispute__service__code",)
    list_select_related = ("dispute",)

    @admin.display(description=head("hour"), ordering="hour_at")
    def hour(self, counted: DisputeHour) -> str:
        return shown(counted.hour_at)

    @admin.display(description=head("counted"), ordering="counted_at")
    def counted(self, counted: DisputeHour) -> str:
        return shown(counted.counted_at)


def _forms(request: HttpRequest, dispute: Dispute) -> dict[str, Any]:
    """The one whose button was pressed with what was sent."""
    act = request.POST.get("act")
    initial = {"start_at": dispute.start_at, "end_at": dispute.end_at}
    accept = request.POST if act == "accept" else None
    return {
        "accept": AcceptForm(accept, incident=dispute.incident, initial=initial, auto_id="accept_%s"),
        "reject": RejectForm(request.POST if act == "reject" else None, auto_id="reject_%s"),
    }


def _answered(request: HttpRequest, dispute: Dispute, forms_: dict[str, forms.Form]) -> bool:
    """Do what the button says; False to show the page again, with what is wrong."""
    act = request.POST.get("act", "")
    form = forms_.get(act)
    if form is None or not form.is_valid():
        return False
    by: dict[str, Any] = {"dispute_id": dispute.pk, "now": clock.now()}
    try:
        with transaction.atomic(durable=True):
            if act == "accept":
                values = {**form.cleaned_data, "notice": form.cleaned_data["notice"].key}
                accept_dispute(**values, accepted_by=staff_of(request), **by)
            else:
                reject_dispute(reason=form.cleaned_data["reason"], rejected_by=staff_of(request), **by)
    except Refusal as refusal:
        messages.error(request, told(refusal))
        return False
    return True


def _chart(dispute: Dispute) -> Any:
    official = official_spans(record_of(dispute.version), [dispute.service.code])[dispute.service.code]
    span = (dispute.start_at, dispute.end_at)
    return chart_of(counted_hours(dispute), span=span, official=official, threshold=dispute_threshold())


@admin.register(CountDue)
class CountDueAdmin(ClaimsAdmin):
    list_display = ("incident", "created_at")
    list_select_related = ("incident",)


@admin.register(DisputesMadeOf)
class DisputesMadeOfAdmin(ClaimsAdmin):
    list_display = ("incident", "made_of")
    list_select_related = ("incident",)
