"""Patterns: what many claims have in common, the most first; which claims, and whether so many may have it."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.masking import masked_name
from accounts.models import PersonalData, Role
from claims.admin.choice_words import worded
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, number_of, see_claims, staff_of
from claims.admin.twin_words import lazily, say
from claims.admin.twins import CSS, NoteForm, hint_page
from claims.amounts import said_amount
from claims.models import STOPPING_PATTERNS, ClaimStatus, Pattern
from claims.operations import dismiss_pattern
from claims.operations.twins import MOST_DISMISSED
from claims.queries import PAGE, keys_of, patterns, stopping_patterns
from services import clock
from services.admin_pages import may_send
from services.refusals import Refusal
from services.seoul import shown

SHOWN = {"stops": stopping_patterns, "all": patterns}


class DismissForm(NoteForm):
    up_to = forms.IntegerField(label=lazily("up_to"), min_value=0, help_text=lazily("up_to_help"))
    field_order = ("up_to", "note")


@admin.register(Pattern)
class PatternAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(require_safe(self.list_page)), name="claims_pattern_changelist"),
            path("<int:pattern_id>/change/", view(self.pattern_page), name="claims_pattern_change"),
            *super().get_urls(),
        ]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """Those that stop rules, or all."""
        show = request.GET.get("show", "stops")
        show = show if show in SHOWN else "stops"
        rows = SHOWN[show]().select_related("incident", "dismissed_by").order_by("-claims", "pk")
        claims, _, last = request.GET.get("after", "").partition(".")
        if number_of(claims):
            rows = rows.filter(Q(claims__lt=number_of(claims)) | Q(claims=number_of(claims), pk__gt=number_of(last)))
        found = list(rows[: PAGE + 1])
        end = found[PAGE - 1] if len(found) > PAGE else None
        context = {
            "title": say("patterns"), "show": show, "tabs": [(name, say(f"patterns_{name}")) for name in SHOWN],
            "rows": [_row(pattern) for pattern in found[:PAGE]],
            "more": "?" + urlencode({"show": show, "after": f"{end.claims}.{end.pk}"}) if end is not None else "",
        }  # fmt: skip
        return hint_page(self, request, "patterns", context)

    def pattern_page(self, request: HttpRequest, pattern_id: int) -> HttpResponse:
        """Its claims, and for checkers the form by which it is dismissed."""
        pattern = get_object_or_404(Pattern.objects.select_related("incident", "dismissed_by"), pk=pattern_id)
        keys = keys_of(pattern).filter(claim__gt=number_of(request.GET.get("after")))
        keys = keys.select_related("claim__status", "claim__person__personal_data")
        statuses = [key.claim.status for key in keys[: PAGE + 1]]
        see_claims(request, *(status.claim for status in statuses[:PAGE]))
        dismisses = may_send(request, Role.CHECKER) and pattern.kind in STOPPING_PATTERNS
        form = DismissForm(request.POST or None, initial={"up_to": 2 * pattern.claims})
        if dismisses and form.is_valid() and _dismissed(request, pattern, form):
            return HttpResponseRedirect(reverse("admin:claims_pattern_change", args=[pattern.pk]))
        context = {
            "title": _what(pattern), "pattern": pattern, "row": _row(pattern), "form": form, "dismisses": dismisses,
            "dismissed_at": shown(pattern.dismissed_at),
            "most": say("up_to_most").format(least=f"{pattern.claims:,}", most=f"{MOST_DISMISSED * pattern.claims:,}"),
            "queue": reverse("admin:claims_claimstatus_changelist") + f"?pattern={pattern.pk}",
            "claims": [_claim(status) for status in statuses[:PAGE]],
            "more": f"?after={statuses[PAGE - 1].pk}" if len(statuses) > PAGE else "",
        }  # fmt: skip
        return hint_page(self, request, "pattern", context)


def _what(pattern: Pattern) -> str:
    return worded("twin_reason", f"same_{pattern.kind}")


def _row(pattern: Pattern) -> dict[str, Any]:
    if pattern.kind not in STOPPING_PATTERNS:
        effect = say("only_shown")
    elif pattern.stops:
        effect = say("stops_rules")
    else:
        effect = say("let_up_to").format(claims=f"{pattern.dismissed_up_to:,}", by=pattern.dismissed_by)
    return {
        "pk": pattern.pk, "what": _what(pattern), "claims": pattern.claims, "incident": pattern.incident.title,
        "counted": shown(pattern.counted_at), "effect": effect, "stops": pattern.stops,
    }  # fmt: skip


def _claim(status: ClaimStatus) -> dict[str, Any]:
    data = getattr(status.claim.person, "personal_data", None) or PersonalData()
    return {
        "pk": status.pk, "reference": status.claim.reference, "name": masked_name(data.name),
        "filed": shown(status.claim.filed_at), "review": worded("review", status.review),
        "decision": worded("decision", status.decision), "payment": worded("payment", status.payment),
        "amount": "-" if status.amount_minor is None else said_amount(status.amount_minor, status.currency),
    }  # fmt: skip


def _dismissed(request: HttpRequest, pattern: Pattern, form: DismissForm) -> bool:
    user, now = staff_of(request), clock.now()
    try:
        with transaction.atomic(durable=True):
            dismiss_pattern(pattern_id=pattern.pk, dismissed_by=user, now=now, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("up_to" if refusal.field == "up_to" else None, said_in_words(refusal))
        return False
    messages.success(request, say("done"))
    return True
