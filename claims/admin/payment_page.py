"""What is approved and has not gone out: the list, payment runs with their file, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import Role
from claims.admin.case_words import WORDS, say
from claims.admin.choice_words import worded
from claims.admin.claim_forms import NoteForm
from claims.admin.dashboard_words import say as said
from claims.admin.exports import export_page
from claims.admin.queue_page import CSS
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.amounts import said_of_remedy, said_stakes
from claims.models import ItemState, PaymentItem, PaymentRun
from claims.models.owing import stake
from claims.operations import EXPORTERS, Exported, answer_payments, make_payment_run
from claims.queries import PAGE, payees_said, payments_due, waiting_sums
from services import clock
from services.admin_pages import may_send
from services.refusals import Refusal
from services.seoul import shown

SHOWN = 200


@admin.register(PaymentRun)
class PaymentRunAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.due_page), name="claims_paymentrun_changelist"),
            path("export/", view(self.due_file), name="claims_paymentrun_export"),
            path("<int:run_id>/change/", view(self.run_page), name="claims_paymentrun_change"),
            path("<int:run_id>/file/", view(self.file), name="claims_paymentrun_file"),
            *super().get_urls(),
        ]

    def due_page(self, request: HttpRequest) -> HttpResponse:
        """What waits to be paid, and a button that makes a run of it."""
        user = staff_of(request)
        may = may_send(request, Role.FINANCE)
        form = NoteForm(request.POST or None, required=True)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic(durable=True):
                    run = make_payment_run(made_by=user, note=form.cleaned_data["note"], now=clock.now())
                return HttpResponseRedirect(reverse("admin:claims_paymentrun_change", args=[run.pk]))
            except Refusal as refusal:
                messages.error(request, said_in_words(refusal))
        rows = payments_due(after=number_of(request.GET.get("after")), most=PAGE + 1)
        sums = waiting_sums([row.pk for row in rows])
        known = payees_said(rows, sums, now=clock.now())
        context = {
            **self._context(request, say("payments")), "form": form, "may": may,
            "may_export": user.holds(*EXPORTERS[Exported.PAYMENTS]),
            "rows": [
                {
                    "status": row,
                    "sum": ", ".join(said_of_remedy(one.remedy, one.quantity, one.unit) for one in sums.get(row.pk, [])),
                    "review": worded("review", row.review),
                    "payee": ", ".join(dict.fromkeys(said(code) for code in known[row.pk])),
                }
                for row in rows[:PAGE]
            ],
            "more": f"?after={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
            "runs": [(run, shown(run.made_at)) for run in PaymentRun.objects.select_related("made_by").defer("content")[:20]],
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/payment/due.html", context)

    def run_page(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Its items and what became of them; each button is one operation."""
        run = get_object_or_404(PaymentRun.objects.select_related("made_by").defer("content"), pk=run_id)
        may = may_send(request, Role.FINANCE)
        if request.method == "POST":
            _answer(request, run)
            return HttpResponseRedirect(reverse("admin:claims_paymentrun_change", args=[run.pk]))
        sent = run.lines.filter(state=ItemState.SENT)
        context = {
            **self._context(request, f"{say('payment_run')} {run.pk}"), "run": run, "made": shown(run.made_at),
            "sent": sent.count(), "may": may,
            "sums": _sums(run.lines.all()), "going": _sums(sent),
            "items": [_item(item) for item in run.lines.select_related("claim").order_by("pk")[:SHOWN]],
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/payment/run.html", context)

    def file(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        """Asks why, then the list as it was made, with the accounts that its payments went to."""
        return export_page(self, request, Exported.RUN, run_id=run_id)

    def due_file(self, request: HttpRequest) -> HttpResponseBase:
        """Asks why, then all that waits to be paid."""
        return export_page(self, request, Exported.PAYMENTS)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        words = {key: say(key) for key in WORDS}
        return {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": title, "words": words}


def _answer(request: HttpRequest, run: PaymentRun) -> None:
    """Of those chosen one by one, or by a tick of their own of all that are on their way."""
    act = request.POST.get("act")
    if act not in ("arrived", "failed"):
        messages.error(request, say("no_actions"))
        return
    chosen = [number_of(value) for value in request.POST.getlist("item")]
    if bool(chosen) == ("all" in request.POST):
        messages.error(request, say("some_and_all" if chosen else "none_of_run"))
        return
    by = {"run_id": run.pk, "arrived": act == "arrived", "item_ids": chosen or None, "note": request.POST.get("note", "")}
    try:
        with transaction.atomic(durable=True):
            answer_payments(answered_by=staff_of(request), now=clock.now(), **by)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, said_in_words(refusal))
    else:
        messages.success(request, say("done"))


def _sums(items: QuerySet[PaymentItem]) -> str:
    """By `stake`: what is compared with a transfer is money alone."""
    sums: Counter[str] = Counter()
    for remedy, unit, currency, quantity in (
        items.order_by().values_list("remedy", "unit", "currency").annotate(Sum("quantity"))
    ):
        sums[stake(remedy, unit, currency)] += quantity
    return said_stakes(sums, {})


def _item(item: PaymentItem) -> dict[str, Any]:
    return {
        "pk": item.pk, "claim": item.claim_id, "reference": item.claim.reference,
        "amount": said_of_remedy(item.remedy, item.quantity, item.unit), "state": worded("state", item.state),
        "sent": item.state == ItemState.SENT,
    }  # fmt: skip
