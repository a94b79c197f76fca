"""Goodwill budgets: finance sets them; everybody of the staff sees what was given out of them, by whom and why."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.models import Role
from claims.admin.choice_words import worded
from claims.admin.goodwill_forms import BudgetForm
from claims.admin.goodwill_words import WORDS, say
from claims.admin.queue_page import CSS
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.amounts import said_amount
from claims.models import Goodwill, GoodwillBudget
from claims.operations import set_goodwill_budget
from claims.queries.goodwill import PAGE, goodwill_given
from services import clock
from services.admin_pages import may_send
from services.refusals import Refusal
from services.seoul import shown

MOST_BUDGETS = 200  # one for each incident and currency: few, the newest are shown


@admin.register(GoodwillBudget)
class GoodwillBudgetAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.budgets_page), name="claims_goodwillbudget_changelist"),
            path("<int:budget_id>/change/", view(require_safe(self.budget_page)), name="claims_goodwillbudget_change"),
            *super().get_urls(),
        ]

    def budgets_page(self, request: HttpRequest) -> HttpResponse:
        """Each budget with what is left, and for finance a form that sets one."""
        user = staff_of(request)
        may = may_send(request, Role.FINANCE)
        form = BudgetForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                with transaction.atomic(durable=True):
                    set_goodwill_budget(
                        incident_id=said["incident"].pk, currency=said["currency"], amount_minor=said["amount"], set_by=user,
                        note=said["note"], now=clock.now(),
                    )  # fmt: skip
            except Refusal as refusal:
                messages.error(request, said_in_words(refusal))
            else:
                messages.success(request, say("done"))
                return HttpResponseRedirect(reverse("admin:claims_goodwillbudget_changelist"))
        budgets = GoodwillBudget.objects.select_related("incident").order_by("-pk")[:MOST_BUDGETS]
        context = {
            **self._context(request, say("budgets")),
            "form": form,
            "may": may,
            "rows": [_budget(one) for one in budgets],
        }
        return TemplateResponse(request, "admin/claims/goodwill/budgets.html", context)

    def budget_page(self, request: HttpRequest, budget_id: int) -> HttpResponse:
        """What was given out of one budget, the newest first, by the keys of the decisions."""
        budget = get_object_or_404(GoodwillBudget.objects.select_related("incident"), pk=budget_id)
        given = goodwill_given(budget.pk, before=number_of(request.GET.get("before")), most=PAGE + 1)
        context = {
            **self._context(request, f"{budget.incident.title} · {budget.currency}"), "budget": _budget(budget),
            "rows": [_given(one, budget.currency) for one in given[:PAGE]],
            "next": f"?before={given[PAGE - 1].pk}" if len(given) > PAGE else "",
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/goodwill/budget.html", context)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        words = {key: say(key) for key in WORDS}
        return {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": title, "words": words}


def _budget(one: GoodwillBudget) -> dict[str, Any]:
    return {
        "pk": one.pk, "incident": one.incident.title, "whole": said_amount(one.amount_minor, one.currency),
        "spent": said_amount(one.spent_minor, one.currency),
        "rest": said_amount(one.amount_minor - one.spent_minor, one.currency),
    }  # fmt: skip


def _given(one: Goodwill, currency: str) -> dict[str, Any]:
    decision = one.decision
    return {
        "at": shown(decision.decided_at), "claim": decision.claim_id, "reference": decision.claim.reference,
        "sum": said_amount(one.amount_minor, currency), "why": worded("reason", one.reason), "by": decision.decided_by,
        "second": decision.checked_by or "", "state": say("undone" if hasattr(decision, "undone") else "counts"),
    }  # fmt: skip
