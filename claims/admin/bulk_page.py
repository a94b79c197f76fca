"""A bulk decision or answer: who, how much and why before it begins, how far it is, and what became of each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.masking import masked_name
from accounts.models import PersonalData, User
from claims.admin.bulk_answer import said_answer
from claims.admin.case_words import WORDS, say
from claims.admin.choice_words import worded
from claims.admin.queue_page import CSS
from claims.admin.reasons_said import reasons_said
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.amounts import said_stakes
from claims.models import BulkItem, BulkItemState, BulkRun, BulkState, BulkWhat
from claims.operations import begin_bulk, confirm_bulk, drop_bulk
from claims.operations.decisions import DECIDERS
from claims.sandbox import shows_letters
from services import clock
from services.refusals import Refusal

SHOWN_ITEMS = 100


@admin.register(BulkRun)
class BulkRunAdmin(ClaimsAdmin):
    list_display = ("id", "what", "state", "total", "made_by", "checked_by", "made_at", "finished_at")
    list_filter = ("what", "state")
    list_select_related = ("made_by", "checked_by")

    class Media:
        css: ClassVar = {"all": [*CSS, "claims/reply.css"]}
        js: ClassVar = ["claims/preview.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.run_page)
        return [path("<int:run_id>/change/", view, name="claims_bulkrun_change"), *super().get_urls()]

    @shows_letters
    def run_page(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """What would be done, what is being done, or what was; each button is one operation."""
        run = get_object_or_404(BulkRun.objects.select_related("made_by", "checked_by"), pk=run_id)
        user = staff_of(request)
        if request.method == "POST":
            if not user.holds(*DECIDERS):
                raise PermissionDenied
            _run(request, run, user)
            return HttpResponseRedirect(reverse("admin:claims_bulkrun_change", args=[run.pk]))
        said = reasons_said()
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media,
            "title": f"{say('bulk_title')} {run.pk}",
            "words": {key: say(key) for key in WORDS}, "run": run, "what": worded("what", run.what),
            "state": worded("state", run.state), "reasons": [said(code) for code in run.reasons],
            **_summary(run, said), **_page_of(run, request, said),
            "buttons": [(name, say(name)) for name in _may(run, user)],
        }  # fmt: skip
        if run.what == BulkWhat.ANSWER:
            context |= said_answer(run, context["words"])
        return TemplateResponse(request, "admin/claims/bulk/run.html", context)


def _run(request: HttpRequest, run: BulkRun, user: User) -> None:
    operations = {
        "begin": lambda now: begin_bulk(run_id=run.pk, begun_by=user, now=now),
        "confirm": lambda now: confirm_bulk(run_id=run.pk, confirmed_by=user, now=now),
        "drop": lambda now: drop_bulk(run_id=run.pk, dropped_by=user, now=now),
    }
    operation = operations.get(request.POST.get("act", ""))
    if operation is None:
        messages.error(request, say("no_actions"))
        return
    try:
        with transaction.atomic(durable=True):
            operation(clock.now())
    except Refusal as refusal:
        messages.error(request, said_in_words(refusal))
    else:
        messages.success(request, say("done"))


def _may(run: BulkRun, user: User) -> list[str]:
    mine = run.made_by_id == user.pk
    if run.state == BulkState.DRAFTED and mine:
        return ["begin", "drop"]
    if run.state == BulkState.PROPOSED:
        return ["drop"] if mine else ["confirm", "drop"] if user.holds("checker") else []
    return []


def _summary(run: BulkRun, said: Callable[[str], str]) -> dict[str, Any]:
    """How many of each sort, and how much. Bounded by the most that a run may have."""
    counts: dict[str, int] = {}
    gives: Counter[str] = Counter()
    asks_back: Counter[str] = Counter()
    refused: dict[str, int] = {}
    for state, code, given, asked in run.rows.values_list("state", "code", "gives", "asks_back"):
        counts[state] = counts.get(state, 0) + 1
        if state == BulkItemState.REFUSED:
            refused[code] = refused.get(code, 0) + 1
        else:
            gives.update(given)
            asks_back.update(asked)
    answered = run.total - counts.get(BulkItemState.TODO, 0)
    return {
        "todo": counts.get(BulkItemState.TODO, 0), "decided": counts.get(BulkItemState.DONE, 0), "answered": answered,
        "sum": said_stakes(gives, asks_back),
        "refused": [(said(code), count) for code, count in sorted(refused.items())],
    }  # fmt: skip


def _page_of(run: BulkRun, request: HttpRequest, said: Callable[[str], str]) -> dict[str, Any]:
    """A page of its claims, of all or of one state, behind the claim where the last page ended. One query."""
    show = request.GET.get("show", "")
    rows = run.rows.select_related("claim__status", "claim__person__personal_data").order_by("claim_id")
    if show in BulkItemState.values:
        rows = rows.filter(state=show)
    found = list(rows.filter(claim__gt=number_of(request.GET.get("after")))[: SHOWN_ITEMS + 1])
    items = found[:SHOWN_ITEMS]
    return {
        "items": [_shown(item, said) for item in items], "show": show,
        "tabs": [("", say("all_rows")), *((state, worded("state", state)) for state in BulkItemState.values)],
        "more": "?" + urlencode({"show": show, "after": items[-1].claim_id}) if len(found) > SHOWN_ITEMS else "",
    }  # fmt: skip


def _shown(item: BulkItem, said: Callable[[str], str]) -> dict[str, Any]:
    """`waits`: why the claim is with people now."""
    data = getattr(item.claim.person, "personal_data", None) or PersonalData()
    return {
        "pk": item.claim_id, "reference": item.claim.reference, "name": masked_name(data.name),
        "state": worded("state", item.state), "waits": [said(code) for code in item.claim.status.reasons],
        "amount": said_stakes(item.gives, item.asks_back),
        "code": said(item.code) if item.code else "",
    }  # fmt: skip
