"""Hints that claims may be one: the highest score first, both side by side, dismissed or merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import PersonalData, Role, User
from accounts.payees import payee_of
from claims.admin.choice_words import worded
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, number_of, see_claims, staff_of
from claims.admin.twin_words import WORDS, lazily, say
from claims.amounts import said_amount
from claims.models import (
    STOP_AT,
    WEIGHTS,
    Claim,
    ClaimKey,
    ClaimStatus,
    ReviewStatus,
    Twin,
    TwinDue,
    TwinState,
)
from claims.operations import dismiss_twin, merge_claims, why_not_merge
from claims.operations.moves import LONGEST_NOTE
from claims.queries import PAGE, losses_told
from services import clock
from services.admin_pages import may_send
from services.models import Incident
from services.refusals import Refusal
from services.seoul import shown, shown_span

CSS = ["claims/draft.css", "claims/record_draft.css", "claims/dispute.css", "claims/case.css"]
SHOWN = ("open", "stops", "dismissed")
PERSONAL = {"name": masked_name, "phone": masked_phone, "email": masked_email}


class NoteForm(forms.Form):
    note = forms.CharField(label=lazily("note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))


@admin.register(Twin)
class TwinAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(require_safe(self.list_page)), name="claims_twin_changelist"),
            path("<int:twin_id>/change/", view(self.twin_page), name="claims_twin_change"),
            *super().get_urls(),
        ]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """Open ones by score; dismissed ones, the newest first."""
        show = request.GET.get("show", "open")
        show = show if show in SHOWN else "open"
        incident = number_of(request.GET.get("incident"))
        rows = _listed(show, incident, request.GET.get("after", ""))
        self.log_rows(request, rows[:PAGE], listed=True)
        kept = {"show": show, **({"incident": str(incident)} if incident else {})}
        context = {
            "title": say("list"), "show": show, "incident": incident, "tabs": [(name, say(name)) for name in SHOWN],
            "incidents": Incident.objects.order_by("-started_at"), "rows": [_row(twin) for twin in rows[:PAGE]],
            "more": "?" + urlencode({**kept, "after": _place(rows[PAGE - 1])}) if len(rows) > PAGE else "",
        }  # fmt: skip
        return hint_page(self, request, "list", context)

    def twin_page(self, request: HttpRequest, twin_id: int) -> HttpResponse:
        """Both claims, and each button one operation. `merge` in the address: the claim that would be the duplicate."""
        twin = get_object_or_404(Twin.objects.select_related("claim", "other", "dismissed_by"), pk=twin_id)
        user = staff_of(request)
        decides = may_send(request, Role.CASEWORKER, Role.CHECKER)
        claims = [claim for claim in (twin.other, twin.claim) if claim is not None]
        see_claims(request, *claims)
        pair = _statuses(claims)
        chosen = number_of(request.POST.get("merge") or request.GET.get("merge"))
        merging = _merging(pair, chosen) if decides else None
        act = request.POST.get("act")
        shown_forms = {
            name: NoteForm(request.POST if act == name else None, auto_id=f"{name}_%s") for name in ("dismiss", "merge")
        }
        if request.method == "POST" and _acted(request, twin, merging, shown_forms, user):
            return HttpResponseRedirect(reverse("admin:claims_twin_change", args=[twin.pk]))
        context = {
            "title": say("hint" if len(pair) > 1 else "alone"), "twin": twin, "claims": claims, "sides": _sides(pair),
            "weights": [(worded("twin_reason", code), WEIGHTS.get(code, 0)) for code in twin.reasons], "decides": decides,
            "state": worded("state", twin.state), "is_open": twin.state == TwinState.OPEN, "found": shown(twin.found_at),
            "closed": shown(twin.dismissed_at), "forms": shown_forms, "merging": merging,
        }  # fmt: skip
        return hint_page(self, request, "twin", context)


def hint_page(of: ClaimsAdmin, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    words = {key: say(key) for key in WORDS}
    whole = {**of.admin_site.each_context(request), "opts": of.opts, "media": of.media, "words": words, **context}
    return TemplateResponse(request, f"admin/claims/twin/{name}.html", whole)


# --- the list --------------------------------------------------------------------------------------------


def _listed(show: str, incident: int, after: str) -> list[Twin]:
    """One more than a page, behind the place of the last row of the page before."""
    rows: QuerySet[Twin] = Twin.objects.select_related("claim", "other", "dismissed_by", "incident")
    if incident:
        rows = rows.filter(incident=incident)
    score, _, last = after.partition(".")
    place = (number_of(score), number_of(last))
    if show == "dismissed":
        rows = rows.filter(state=TwinState.DISMISSED).order_by("-pk")
        return list((rows.filter(pk__lt=place[1]) if place[1] else rows)[: PAGE + 1])
    rows = rows.filter(state=TwinState.OPEN).order_by("-score", "pk")
    if show == "stops":
        rows = rows.filter(score__gte=STOP_AT)
    if not 1 <= place[0] <= 100:
        return list(rows[: PAGE + 1])
    same = list(rows.filter(score=place[0], pk__gt=place[1])[: PAGE + 1])  # the index goes down and up: each part by itself
    return same + list(rows.filter(score__lt=place[0])[: PAGE + 1 - len(same)])


def _place(twin: Twin) -> str:
    return f"{twin.score}.{twin.pk}"


def _row(twin: Twin) -> dict[str, Any]:
    return {
        "pk": twin.pk, "score": twin.score, "claim": twin.claim.reference, "other": twin.other,
        "incident": twin.incident.title,
        "why": [worded("twin_reason", reason) for reason in twin.reasons], "found": shown(twin.found_at),
        "by": twin.dismissed_by,
    }  # fmt: skip


# --- one hint --------------------------------------------------------------------------------------------


def _statuses(claims: Sequence[Claim]) -> list[ClaimStatus]:
    """Of the two claims, the earlier first."""
    found = ClaimStatus.objects.filter(pk__in=[claim.pk for claim in claims]).select_related("claim__person")
    return list(found.order_by("pk"))


def _sides(pair: Sequence[ClaimStatus]) -> list[tuple[str, list[str], bool]]:
    """Rows of what is told of each, and whether it is the same, which is said of what is known of both."""
    people = {data.person_id: data for data in PersonalData.objects.filter(person__in=[s.claim.person_id for s in pair])}
    losses: dict[int, list[str]] = {status.pk: [] for status in pair}
    told = losses_told().filter(claim__in=losses, withdrawn="").select_related("service")
    for loss in told.order_by("service__code", "start_at", "pk"):
        losses[loss.claim_id].append(f"{loss.service.name} {shown_span(loss.start_at, loss.end_at)}")
    rows: list[tuple[str, list[str], bool]] = []

    def row(key: str, values: list[str], compared: list[str] | None = None) -> None:
        known = values if compared is None else compared
        rows.append((say(key), [value or "-" for value in values], len(known) > 1 and known[0] == known[1] != ""))

    row("review", [worded("review", s.review) for s in pair], [])
    row("decision", [worded("decision", s.decision) for s in pair], [])
    row("payment", [worded("payment", s.payment) for s in pair], [])
    row("amount", ["" if s.amount_minor is None else said_amount(s.amount_minor, s.currency) for s in pair])
    row("filed", [shown(s.claim.filed_at) for s in pair])
    row("person", [str(s.claim.person.public_id) for s in pair])
    for key, masked in PERSONAL.items():
        told_of = [getattr(people.get(s.claim.person_id), key, "") for s in pair]
        row(key, [masked(value) for value in told_of], told_of)
    payees = [payee_of(s.claim.person_id) for s in pair]
    if any(payees):
        holders = ["" if one is None else one.holder for one in payees]
        row("holder", [masked_name(holder) for holder in holders], holders)
    row("losses", ["; ".join(losses[s.pk]) for s in pair])
    return rows


def _merging(pair: Sequence[ClaimStatus], chosen: int) -> dict[str, Any] | None:
    """What would change if the chosen claim were merged into the other one."""
    if len(pair) < 2 or chosen not in (pair[0].pk, pair[1].pk):
        return None
    duplicate, into = pair if pair[0].pk == chosen else (pair[1], pair[0])
    refused = why_not_merge(duplicate, into)
    return {
        "duplicate": duplicate, "into": into, "refused": "" if refused is None else said_in_words(refused),
        "change": f"{worded('review', duplicate.review)} → {worded('review', ReviewStatus.MERGED)}",
    }  # fmt: skip


def _acted(
    request: HttpRequest, twin: Twin, merging: dict[str, Any] | None, shown_forms: dict[str, NoteForm], user: User
) -> bool:
    """Do what the button says; False to show the page again, with what is wrong."""
    act = request.POST.get("act", "")
    form = shown_forms.get(act)
    if form is None or (act == "merge" and merging is None):
        messages.error(request, say("cannot"))
        return True
    if not form.is_valid():
        return False
    note, now = form.cleaned_data["note"], clock.now()
    try:
        with transaction.atomic(durable=True):
            _do(act, twin, merging, note=note, user=user, now=now)
    except Refusal as refusal:
        messages.error(request, said_in_words(refusal))
        return False
    messages.success(request, say("done"))
    return True


def _do(act: str, twin: Twin, merging: dict[str, Any] | None, *, note: str, user: User, now: datetime) -> None:
    if act == "dismiss" or merging is None:
        dismiss_twin(twin_id=twin.pk, dismissed_by=user, note=note, now=now)
    else:
        merge_claims(claim_id=merging["duplicate"].pk, into_id=merging["into"].pk, merged_by=user, note=note, now=now)


@admin.register(ClaimKey)
class ClaimKeyAdmin(ClaimsAdmin):
    list_display = ("claim", "kind", "incident")
    list_filter = ("kind",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "incident")


@admin.register(TwinDue)
class TwinDueAdmin(ClaimsAdmin):
    list_display = ("claim", "incident", "attempts", "last_error", "created_at")
    list_select_related = ("claim", "incident")
