"""The queue of people: filters in the address, the next deadline first, the next claim at a button, many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import User
from claims.admin import enter_words
from claims.admin.bulk_answer import draft_answer, templates_to_choose
from claims.admin.case_words import WORDS, lazily, say
from claims.admin.choice_words import worded
from claims.admin.claim_forms import RejectForm
from claims.admin.reasons_said import reasons_said
from claims.admin.refused_words import said_in_words
from claims.admin.reply_words import said_refusal
from claims.admin.staff import ClaimsAdmin, number_of, roles_of, staff_of
from claims.amounts import said_amount
from claims.deadlines import waited_since
from claims.models import ClaimKind, ClaimStatus, Pattern, ReviewStatus, SavedView
from claims.operations import MOST_IN_BULK, delete_view, draft_bulk, save_view, take_next
from claims.operations.decisions import DECIDERS
from claims.queries import PAGE, QueueFilter, queue_page, queued_ids, reasons_in_queue, reasons_now
from services import clock
from services.models import Incident, Service
from services.refusals import Refusal
from services.seoul import SEOUL, shown
from services.texts import is_text

CSS = ["claims/draft.css", "claims/record_draft.css", "claims/dispute.css", "claims/case.css"]


class FilterForm(forms.Form):
    """What the address says; empty fields choose everything."""

    review = forms.ChoiceField(label=lazily("review"), required=False)
    incident = forms.ModelChoiceField(Incident.objects.order_by("-started_at"), label=lazily("incident"), required=False)
    service = forms.ChoiceField(label=lazily("service"), required=False)
    kind = forms.ChoiceField(label=lazily("kind"), required=False)
    reason = forms.ChoiceField(label=lazily("why"), required=False)
    least = forms.IntegerField(label=lazily("least"), required=False, min_value=0, max_value=10**15)
    most = forms.IntegerField(label=lazily("most"), required=False, min_value=0, max_value=10**15)
    due = forms.DateField(label=lazily("due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    age = forms.IntegerField(label=lazily("age_least"), required=False, min_value=0, max_value=1_000)
    mine = forms.BooleanField(label=lazily("mine"), required=False)
    hidden = forms.BooleanField(label=lazily("hidden"), required=False)
    pattern = forms.ModelChoiceField(Pattern.objects.all(), label=lazily("pattern"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said_reason = reasons_said()
        anything = [("", "-")]
        choices = {
            "review": [(value, worded("review", value)) for value in ReviewStatus.values],
            "kind": anything + [(value, worded("kind", value)) for value in ClaimKind.values],
            "service": anything + [(s.code, f"{s.code} · {s.name_ko}") for s in Service.objects.order_by("code")],
            "reason": anything + [(code, self.said_reason(code)) for code in self._reasons()],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values

    def _reasons(self) -> list[str]:
        """Of the queue's head, and the one that is asked for: a view that was kept may name one that is further behind."""
        asked = self.data.get("reason", "")
        return list(dict.fromkeys([*reasons_in_queue(), *([asked] if asked and is_text(asked) and len(asked) <= 200 else [])]))

    def wanted(self, user: User, now: datetime) -> QueueFilter:
        said = self.cleaned_data
        return QueueFilter(
            review=said["review"] or ReviewStatus.QUEUED, incident_id=said["incident"].pk if said["incident"] else None,
            service=said["service"], kind=said["kind"], reason=said["reason"], least_minor=said["least"],
            most_minor=said["most"], due_until=said["due"],
            queued_before=None if said["age"] is None else waited_since(now.astimezone(SEOUL).date(), said["age"]),
            reviewer=user if said["mine"] else None, hidden=said["hidden"],
            pattern=said["pattern"],
        )  # fmt: skip


@admin.register(ClaimStatus)
class QueueAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}
        js: ClassVar = ["claims/queue.js"]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("", self.admin_site.admin_view(self.queue_page), name="claims_claimstatus_changelist"),
            *super().get_urls(),
        ]

    def queue_page(self, request: HttpRequest) -> HttpResponse:
        user, now = staff_of(request), clock.now()
        known = {*FilterForm.base_fields, "after"}
        unknown = [name for name in request.GET if name not in known]
        form = FilterForm({**request.GET.dict(), "review": request.GET.get("review") or ReviewStatus.QUEUED})
        valid = form.is_valid() and not unknown
        if request.method == "POST":
            return self._post(request, user, form.wanted(user, now) if valid else None)
        after = _place(request.GET.get("after", ""))
        rows = queue_page(form.wanted(user, now), now=now, after=after, most=PAGE + 1) if valid else []
        kept = {name: str(value) for name, value in request.GET.items() if name != "after" and value}
        pattern = form.cleaned_data["pattern"] if valid else None
        decides = bool(roles_of(request) & {*DECIDERS})
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": say("queue"),
            "words": {key: say(key) for key in WORDS}, "form": form,
            "rows": _rows(rows[:PAGE], now.astimezone(SEOUL).date(), form.said_reason),
            "pattern": pattern, "pattern_said": "" if pattern is None else worded("twin_reason", f"same_{pattern.kind}"),
            "unknown": ", ".join(unknown), "more": _more(rows, kept), "query": urlencode(kept),
            "decides": decides, "enter": enter_words.say("title"),
            "most": MOST_IN_BULK, "views": SavedView.objects.filter(user=user),
            "reject": RejectForm(said=[], auto_id="bulk_%s"), **(templates_to_choose() if rows and decides else {}),
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/queue/queue.html", context, status=400 if unknown else 200)

    def _post(self, request: HttpRequest, user: User, wanted: QueueFilter | None) -> HttpResponse:
        """Each button is one operation; what is refused is said above the same page."""
        act, here = request.POST.get("act", ""), request.get_full_path()
        try:
            with transaction.atomic(durable=True):
                return HttpResponseRedirect(_obey(act, request, user, wanted) or here)
        except Refusal as refusal:
            messages.error(request, said_refusal(refusal) if act == "answer" else said_in_words(refusal))
        return HttpResponseRedirect(here)


def _obey(act: str, request: HttpRequest, user: User, wanted: QueueFilter | None) -> str | None:
    """Where to go then; None: the same page. Filters that say nothing that is known are None."""
    now = clock.now()
    if act == "next":
        status = take_next(taken_by=user, now=now, wanted=wanted or QueueFilter())
        if status is not None:
            return reverse("admin:claims_claim_change", args=[status.pk])
        messages.info(request, say("nothing_next"))
    elif act in ("approve", "reject"):
        chosen = _chosen(request, wanted)
        reasons = request.POST.getlist("reasons") if act == "reject" else []
        run = draft_bulk(what=act, claim_ids=chosen, made_by=user, now=now, reasons=reasons)
        return reverse("admin:claims_bulkrun_change", args=[run.pk])
    elif act == "answer":
        run = draft_answer(request.POST, _chosen(request, wanted), user, now)
        return reverse("admin:claims_bulkrun_change", args=[run.pk])
    elif act == "save":
        save_view(user=user, name=request.POST.get("name", ""), query=request.GET.urlencode())
    elif act == "delete":
        delete_view(user=user, name=request.POST.get("name", ""))
    return None


def _chosen(request: HttpRequest, wanted: QueueFilter | None) -> list[int]:
    """The claims that are ticked, or those that the filters leave, the next deadline first, as far as a run goes; none by
    filters that are not understood.
    """
    if request.POST.get("scope") == "all":
        return [] if wanted is None else queued_ids(wanted, now=clock.now(), most=MOST_IN_BULK)
    ticked = [number_of(value) for value in request.POST.getlist("claim")]
    return [one for one in ticked if one]


def _place(text: str) -> tuple[date, int] | None:
    """`2022-12-21.17`: of the last row of the page before; what is none begins at the beginning."""
    day, _, claim = text.partition(".")
    try:
        return (date.fromisoformat(day), number_of(claim)) if text else None
    except ValueError:
        return None


def _more(rows: list[ClaimStatus], kept: dict[str, str]) -> str:
    if len(rows) <= PAGE:
        return ""
    last = rows[PAGE - 1]
    return "?" + urlencode({**kept, "after": f"{last.answer_due_date}.{last.pk}"})


def _rows(statuses: list[ClaimStatus], today: date, said_reason: Callable[[str], str]) -> list[dict[str, Any]]:
    """What waits in the queue rules keep as new as the assessments are; what somebody has in hand they do not."""
    reasons = reasons_now(status for status in statuses if status.review != ReviewStatus.QUEUED)
    return [_row(status, today, [said_reason(code) for code in reasons.get(status.pk, status.reasons)]) for status in statuses]


def _row(status: ClaimStatus, today: date, reasons: list[str]) -> dict[str, Any]:
    return {
        "pk": status.pk, "reference": status.claim.reference, "incident": status.claim.incident.title,
        "service": "" if status.service is None else status.service.name, "kind": worded("kind", status.kind),
        "amount": "-" if status.amount_minor is None else said_amount(status.amount_minor, status.currency),
        "reasons": reasons, "due": status.answer_due_date,
        "late": status.answer_due_date < today, "since": shown(status.queued_at), "assignee": status.assignee,
    }  # fmt: skip
