"""Appeals in the admin: the next deadline first, noted for a claimant, answered, withdrawn; then the same mistake elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.operations import VIEWERS
from claims.admin.appeal_forms import AnswerForm, AppealForm, NoteForm, left_said
from claims.admin.appeal_words import WORDS, say
from claims.admin.case_words import readable
from claims.admin.choice_words import worded
from claims.admin.queue_page import CSS
from claims.admin.reasons_said import reason_in
from claims.admin.refused_words import said_in_words
from claims.admin.result_said import said_result, said_sum
from claims.admin.staff import ClaimsAdmin, number_of, see_claims, staff_of
from claims.models import Appeal, AppealPoint, AppealState, Claim, ClaimStatus, ReviewStatus
from claims.operations import (
    PublishedWords,
    SecondLooks,
    answer_appeal,
    open_appeal,
    preview_second_look,
    published_words,
    second_look,
    withdraw_appeal,
)
from claims.operations.decisions import DECIDERS
from claims.queries import PAGE, current_assessment, overdue_appeals, similar_decisions, state_with
from services import clock
from services.keyset import behind
from services.refusals import Refusal
from services.seoul import SEOUL, shown

SHOWN = ("open", "overdue", "mine", "closed")


@admin.register(Appeal)
class AppealAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(require_safe(self.list_page)), name="claims_appeal_changelist"),
            path("new/<int:claim_id>/", view(self.new_page), name="claims_appeal_new"),
            path("<int:appeal_id>/change/", view(self.appeal_page), name="claims_appeal_change"),
            *super().get_urls(),
        ]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """Open ones, the next deadline first and so those that are late; closed ones, the newest first."""
        today = clock.now().astimezone(SEOUL).date()
        show = request.GET.get("show", "open")
        show = show if show in SHOWN else "open"
        reference = request.GET.get("q", "").strip()
        rows = _listed(show, reference, request.GET.get("after", ""), staff_of(request), today)
        self.log_rows(request, rows[:PAGE], listed=True)
        kept = {name: value for name, value in (("show", show), ("q", reference)) if value}
        context = {
            "title": say("list"), "show": show, "q": reference, "tabs": [(name, say(name)) for name in SHOWN],
            "rows": [_row(row, today) for row in rows[:PAGE]],
            "more": "?" + urlencode({**kept, "after": _place(rows[PAGE - 1])}) if len(rows) > PAGE else "",
        }  # fmt: skip
        return self._page(request, "list", context)

    def new_page(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """For somebody who decides: what the claimant told them."""
        user = staff_of(request)
        if not user.holds(*DECIDERS):
            raise PermissionDenied
        claim = get_object_or_404(Claim.objects.select_related("status__stands__assessment__run__terms"), pk=claim_id)
        see_claims(request, claim)
        decision = claim.status.stands
        form = None if decision is None else AppealForm(request.POST or None, decision=decision)
        if decision is not None and form is not None and request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            made: list[Appeal] = []

            def opened(now: datetime) -> None:
                made.append(
                    open_appeal(
                        claim_id=claim.pk, decision_id=decision.pk, kind=said["kind"], channel=said["channel"], opened_by=user,
                        points=form.told(), note=said["note"], now=now,
                    )
                )  # fmt: skip

            if _done(request, form, opened):
                return HttpResponseRedirect(reverse("admin:claims_appeal_change", args=[made[0].pk]))
        return self._page(request, "new", {"title": f"{say('new')}: {claim.reference}", "claim": claim, "form": form})

    def appeal_page(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        """Everything about one appeal; each button is one operation."""
        appeal = get_object_or_404(_whole(), pk=appeal_id)
        user, status = staff_of(request), ClaimStatus.objects.select_related("assignee").get(pk=appeal.claim_id)
        roles = set(user.role_grants.values_list("role", flat=True))
        needed = (Role.CHECKER,) if request.POST.get("act") == "again" else DECIDERS
        if request.method == "POST" and not roles & {*needed}:
            raise PermissionDenied
        see_claims(request, appeal.claim)
        is_open = appeal.state == AppealState.OPEN
        mine = status.review == ReviewStatus.IN_REVIEW and status.assignee_id == user.pk
        shown_forms = _forms(request, appeal, is_open and bool(roles & {*DECIDERS}), mine, Role.CHECKER in roles)
        if request.method == "POST" and _acted(request, appeal, shown_forms, user):
            return HttpResponseRedirect(reverse("admin:claims_appeal_change", args=[appeal.pk]))
        words = published_words()
        context = {
            "title": f"{worded('kind', appeal.kind)}: {appeal.claim.reference}", "appeal": appeal, "forms": shown_forms,
            "said": _row(appeal, clock.now().astimezone(SEOUL).date()),
            "points": [said_point(one, words, reads=bool(roles & {*VIEWERS})) for one in appeal.points.all()],
            "decided": worded("decision", "approved" if appeal.decision.approved else "rejected"), "status": status,
            "is_open": is_open, "decides": bool(roles & {*DECIDERS}), "accepted": appeal.state == AppealState.ACCEPTED,
            "checks": Role.CHECKER in roles, "at": shown(appeal.decision.decided_at), "closed": shown(appeal.closed_at),
            **(_newest(appeal, words) if is_open else {}),
            **_again(appeal, request.GET.get("preview") == "1" and Role.CHECKER in roles),
        }  # fmt: skip
        return self._page(request, "appeal", context)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        words = {key: say(key) for key in WORDS}
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "words": words, **context}
        return TemplateResponse(request, f"admin/claims/appeal/{name}.html", whole)


@admin.register(AppealPoint)
class AppealPointAdmin(ClaimsAdmin):
    list_display = ("appeal", "kind", "fact", "policy", "rule", "position", "service")
    list_filter = ("kind",)
    search_fields = ("appeal__claim__reference",)
    list_select_related = ("appeal", "service")


# --- the list --------------------------------------------------------------------------------------------


def _listed(show: str, reference: str, after: str, user: User, today: date) -> list[Appeal]:
    """One more than a page, behind the place of the last row of the page before."""
    rows: QuerySet[Appeal] = Appeal.objects.select_related("claim__status__assignee", "decided_by")
    if reference:
        rows = rows.filter(claim__reference=reference) if reference.isprintable() else rows.none()
    day, _, last = after.partition(".")
    if show == "closed":
        rows = rows.exclude(state=AppealState.OPEN).order_by("-pk")
        return list((rows.filter(pk__lt=number_of(last)) if number_of(last) else rows)[: PAGE + 1])
    rows = rows.filter(state=AppealState.OPEN).order_by("due_date", "pk")
    if show == "overdue":
        rows = rows & overdue_appeals(today)
    elif show == "mine":
        rows = rows.filter(claim__status__assignee=user, claim__status__review=ReviewStatus.IN_REVIEW)
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return list(rows[: PAGE + 1])
    return list(rows.filter(behind({"due_date": due, "id": number_of(last)}))[: PAGE + 1])


def _place(appeal: Appeal) -> str:
    return f"{appeal.due_date}.{appeal.pk}"


def _row(appeal: Appeal, today: date) -> dict[str, Any]:
    is_open = appeal.state == AppealState.OPEN
    return {
        "pk": appeal.pk, "reference": appeal.claim.reference, "kind": worded("kind", appeal.kind),
        "channel": worded("channel", appeal.channel), "opened": shown(appeal.opened_at), "due": appeal.due_date,
        "late": is_open and appeal.due_date < today, "state": worded("state", appeal.state),
        "who": appeal.claim.status.assignee if is_open else appeal.decided_by,
    }  # fmt: skip


# --- one appeal ------------------------------------------------------------------------------------------


def _whole() -> QuerySet[Appeal]:
    points = AppealPoint.objects.select_related("words", "service", "loss__service")
    related = ("claim__status__assignee", "decision__decided_by", "decision__assessment", "decided_by", "opened_by")
    return Appeal.objects.select_related(*related).prefetch_related(Prefetch("points", points))


def said_point(point: AppealPoint, words: PublishedWords, *, reads: bool) -> tuple[str, str | None]:
    """What is pointed at, by its own name, and what the claimant says to it."""
    called = [reason_in(words, code) for code in (point.fact, point.policy) if code]
    named = point.service.name if point.service else " ".join(filter(None, [*called, point.rule]))
    of = f" ({point.loss.service.name})" if point.loss else ""
    line = "" if point.position is None else str(point.position + 1)
    said = " ".join(filter(None, (worded("kind", point.kind), named + of, line)))
    return said, readable(point.words.text if hasattr(point, "words") else "", reads=reads)


def _newest(appeal: Appeal, words: PublishedWords) -> dict[str, Any]:
    """What would be accepted, beside what is appealed."""
    newest = current_assessment(appeal.claim)
    return {
        "gave": said_sum(appeal.decision), "state_now": state_with(appeal.claim, newest).sentence,
        "newest": None if newest is None else said_result(newest, words),
    }  # fmt: skip


def _forms(request: HttpRequest, appeal: Appeal, may: bool, mine: bool, checks: bool) -> dict[str, forms.Form]:
    """By the button; of the one that was pressed with what was sent."""
    act = request.POST.get("act")
    found: dict[str, forms.Form] = {}
    if may and mine:
        sent = request.POST if act in ("accept", "uphold") else None
        newest = current_assessment(appeal.claim)
        seen = {"moves": appeal.claim.status.moves, "assessment": None if newest is None else newest.pk}
        found["answer"] = AnswerForm(sent, of=newest, initial=seen, auto_id="answer_%s")
    if may:
        found["withdraw"] = NoteForm(request.POST if act == "withdraw" else None, auto_id="withdraw_%s")
    if checks and appeal.state == AppealState.ACCEPTED:
        found["again"] = NoteForm(request.POST if act == "again" else None, auto_id="again_%s")
    return found


def _acted(request: HttpRequest, appeal: Appeal, shown_forms: dict[str, forms.Form], user: User) -> bool:
    act = request.POST.get("act", "")
    form = shown_forms.get("answer" if act in ("accept", "uphold") else act)
    if form is None:
        messages.error(request, say("reader") if appeal.state == AppealState.OPEN else worded("state", appeal.state))
        return True
    if not form.is_valid():
        return False
    said = form.cleaned_data

    def answered(now: datetime) -> None:
        newest = current_assessment(appeal.claim)
        answer_appeal(
            appeal_id=appeal.pk, accepted=act == "accept",
            assessment_id=said["assessment"] or (0 if newest is None else newest.pk),
            answered_by=user, note=said["note"], reasons=said["reasons"], moves=said["moves"], now=now,
        )  # fmt: skip

    def looked(now: datetime) -> None:
        asked = second_look(appeal_id=appeal.pk, asked_by=user, note=said["note"], now=now)
        left = ", ".join(f"{why} {count:,}" for why, count in left_said(asked.left))
        messages.info(request, f"{say('asked')}: {asked.moved:,}" + (f" · {say('left')}: {left}" if left else ""))

    def withdrawn(now: datetime) -> None:
        withdraw_appeal(appeal_id=appeal.pk, withdrawn_by=user, now=now, note=said["note"])

    return _done(request, form, {"withdraw": withdrawn, "again": looked}.get(act, answered))


def _done(request: HttpRequest, form: forms.Form, operation: Callable[[datetime], None]) -> bool:
    """False: it was refused, and the form says why beside what it is about."""
    try:
        with transaction.atomic(durable=True):
            operation(clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, said_in_words(refusal))
        return False
    messages.success(request, say("done"))
    return True


def _again(appeal: Appeal, wanted: bool) -> dict[str, Any]:
    """Read only when asked for: it reads what stands of the whole incident."""
    if not wanted or appeal.state != AppealState.ACCEPTED:
        return {"preview": None}
    with transaction.atomic(durable=True):
        preview: SecondLooks = preview_second_look(appeal_id=appeal.pk)
        similar = similar_decisions(appeal)
    return {"preview": {"moved": preview.moved, "left": left_said(preview.left), "first": similar.first}}
