"""The page of a claim: who, what was lost and when, how it was calculated, what happened, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.masking import masked_email, masked_name, masked_phone
from accounts.models import PersonalData
from claims.admin.amounts import said_amount, said_difference
from claims.admin.case_words import WORDS, said_event, said_reason, say
from claims.admin.choice_words import head, worded
from claims.admin.claim_actions import ACTIONS, Case, case_of, form_of
from claims.admin.claim_timeline import timeline_of
from claims.admin.enter_page import enter_page, said_entries
from claims.admin.enter_words import say as say_entered
from claims.admin.evidence_page import evidence_of
from claims.admin.find_page import find_page
from claims.admin.goodwill_said import said_goodwill, said_offer
from claims.admin.message_page import answer_page, messages_of
from claims.admin.message_words import said_refusal
from claims.admin.staff import ClaimsAdmin, roles_of, staff_of
from claims.eligibility import FactSpec, day_of, instant_of
from claims.models import Appeal, AppealPoint, Assessment, Claim, ClaimStatus, Decision, Event, Fact, Letter, ViewedPage
from claims.operations import published_facts, record_views
from claims.queries import (
    ExplanationDiffers,
    ExplanationUnavailable,
    PersonLoss,
    TwinSeen,
    current_assessment,
    explain_assessment,
    losses_of_claim,
    official_spans,
    payouts_of,
    record_in_force,
    state_with,
    twins_of,
)
from services.refusals import Refusal
from services.seoul import shown, shown_span
from services.words import in_english, said_length


@admin.register(Claim)
class ClaimAdmin(ClaimsAdmin):
    list_display = ("reference", "incident", "origin", "filed")
    list_filter = ("origin", "incident")
    search_fields = ("reference",)
    list_select_related = ("incident",)

    class Media:
        css: ClassVar = {"all": ["claims/draft.css", "claims/record_draft.css", "claims/dispute.css", "claims/case.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("enter/", view(enter_page), name="claims_claim_enter"),
            path("find/", view(find_page), name="claims_claim_find"),
            path("letters/<int:letter_id>/", view(require_safe(self.letter_page)), name="claims_letter_content"),
            path("<int:claim_id>/answer/", view(answer_page), name="claims_claim_answer"),
            path("<int:claim_id>/change/", view(self.claim_page), name="claims_claim_change"),
            *super().get_urls(),
        ]

    @admin.display(description=head("filed"), ordering="filed_at")
    def filed(self, claim: Claim) -> str:
        return shown(claim.filed_at)

    def letter_page(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """The letter as it was made, byte by byte, in a sandbox: it is a document, not a page of ours."""
        letter = get_object_or_404(Letter.objects.select_related("claim"), pk=letter_id)
        _seen(request, letter.claim, ViewedPage.LETTER)
        sandbox = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
        return HttpResponse(bytes(letter.content), content_type="text/html; charset=utf-8", headers=sandbox)

    def claim_page(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """Everything about one claim; each button is one operation."""
        claim = Claim.objects.select_related("incident", "person", "partner").filter(pk=claim_id).first()
        if claim is None:
            raise Http404
        _seen(request, claim, ViewedPage.CLAIM)
        status = ClaimStatus.objects.select_related("assignee").get(pk=claim_id)
        case = case_of(status, current_assessment(claim), staff_of(request), roles_of(request))
        if request.method == "POST" and not case.decides:
            raise PermissionDenied
        buttons = list(_buttons(case, request))
        if request.method == "POST" and _done(request, case, buttons):
            return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim_id]))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": claim.reference,
            "words": {key: say(key) for key in WORDS}, "claim": claim, "status": status, "buttons": buttons,
            "proposal": case.proposal, "offer": said_offer(case.proposal),
            "state": state_with(claim, case.assessment).sentence, "filed": shown(claim.filed_at),
            "said": {of: worded(of, getattr(status, of)) for of in ("review", "decision", "payment", "kind")},
            "reasons": [said_reason(code) for code in status.reasons], "snoozed": shown(status.snoozed_until),
            **_about(claim, case),
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/claim/claim.html", context)


# --- what is shown -----------------------------------------------------------------------------------------


def _about(claim: Claim, case: Case) -> dict[str, Any]:
    record, specs = record_in_force(claim.incident), published_facts()
    losses = losses_of_claim(claim, record)
    return {
        "person": _person(claim),
        "entries": said_entries(claim),
        "entered": say_entered("entered_for"),
        "losses": [_loss(loss) for loss in losses],
        "talk": messages_of(claim, case.status, case.user, decides=case.decides),
        "timeline": timeline_of(losses, {} if record is None else official_spans(record)),
        "facts": _facts(claim, specs),
        "evidence": evidence_of(claim, specs, may_ask=case.mine, decides=case.decides),
        "calculation": _calculation(case.assessment),
        "decisions": [_decision(one, case) for one in _decisions(claim)],
        "payouts": _payouts(claim),
        "appeals": [_appeal(one) for one in _appeals(claim)],
        "appeal_new": reverse("admin:claims_appeal_new", args=[claim.pk]) if case.decides and case.stands else "",
        "letters": [(reverse("admin:claims_letter_content", args=[one.pk]), shown(one.made_at)) for one in claim.letters.all()],
        "similar": [_similar(one) for one in twins_of(claim)],
        "events": [
            _event(one) for one in Event.objects.filter(claim=claim).select_related("actor", "note").order_by("-pk")[:100]
        ],
    }


def _person(claim: Claim) -> dict[str, str]:
    kept = PersonalData.objects.filter(person=claim.person).first()
    data = kept or PersonalData()
    return {
        "kept": "kept" if kept else "",
        "id": str(claim.person.public_id), "name": masked_name(data.name), "phone": masked_phone(data.phone),
        "email": masked_email(data.email),
    }  # fmt: skip


def _loss(loss: PersonLoss) -> tuple[str, ...]:
    through = f" ← {loss.via.name_ko}" if loss.via else ""
    official = said_length(timedelta(seconds=loss.total_seconds)) if loss.official else say("none")
    return (
        f"{loss.service.name_ko} {loss.service.code}{through}", shown_span(loss.start_at, loss.end_at),
        worded("origin", loss.origin), official,
    )  # fmt: skip


def _facts(claim: Claim, specs: Mapping[str, FactSpec]) -> list[tuple[str, ...]]:
    facts = Fact.objects.filter(claim=claim).select_related("loss__service").order_by("pk")
    pick = in_english()
    return [
        (
            (specs[fact.name].label.said(pick) if fact.name in specs else fact.name)
            + ("" if fact.loss is None else f" ({fact.loss.service.code})"),
            _said_fact(fact, specs.get(fact.name)), worded("provenance", fact.provenance), str(fact.revision),
            shown(fact.recorded_at),
        )
        for fact in facts
    ]  # fmt: skip


def _said_fact(fact: Fact, spec: FactSpec | None) -> str:
    """As people write it; of a fact that no policy asks for any more, what is stored."""
    if fact.int_value is None:
        return fact.text_value or ""
    of = None if spec is None else spec.type
    if of == "instant":
        return shown(instant_of(fact.int_value))
    if of == "date":
        return str(day_of(fact.int_value))
    if of == "boolean":
        return say("yes" if fact.int_value else "no")
    return f"{fact.int_value:,}"


def _calculation(assessment: Assessment | None) -> list[dict[str, Any]]:
    if assessment is None:
        return []
    try:
        explained = explain_assessment(assessment)
    except (ExplanationDiffers, ExplanationUnavailable) as alarm:
        return [{"text": f"{alarm.code}: {alarm.message}", "deep": 0}]
    lines = explained.text("en" if in_english() else "ko")
    return [{"text": line.strip(), "deep": (len(line) - len(line.lstrip())) // 4} for line in lines]


def _decisions(claim: Claim) -> list[Decision]:
    related = ("decided_by", "checked_by", "undone", "goodwill__budget")
    return list(Decision.objects.filter(claim=claim).select_related(*related).order_by("-pk"))


def _decision(decision: Decision, case: Case) -> dict[str, Any]:
    return {
        "at": shown(decision.decided_at),
        "what": worded("decision", "approved" if decision.approved else "rejected") + said_goodwill(decision),
        "by": decision.decided_by or say("rule"),
        "second": decision.checked_by or "",
        "reasons": ", ".join(said_reason(code) for code in decision.reasons),
        "standing": say("undone") if hasattr(decision, "undone") else say("stands") if decision == case.stands else "",
    }


def _appeals(claim: Claim) -> list[Appeal]:
    points = AppealPoint.objects.select_related("words", "service", "loss__service")
    return list(Appeal.objects.filter(claim=claim).prefetch_related(Prefetch("points", points)).order_by("-pk"))


def _appeal(appeal: Appeal) -> dict[str, Any]:
    return {
        "address": reverse("admin:claims_appeal_change", args=[appeal.pk]), "what": worded("kind", appeal.kind),
        "channel": worded("channel", appeal.channel), "at": shown(appeal.opened_at),
        "due": appeal.due_date, "state": worded("state", appeal.state),
        "points": [(_pointed(point), point.words.text if hasattr(point, "words") else "") for point in appeal.points.all()],
    }  # fmt: skip


def _pointed(point: AppealPoint) -> str:
    named = point.service.name_ko if point.service else point.fact or f"{point.policy} {point.rule}".strip()
    of = f" ({point.loss.service.code})" if point.loss else ""
    line = "" if point.position is None else str(point.position + 1)
    return " ".join(filter(None, (worded("kind", point.kind), named + of, line)))


def _similar(seen: TwinSeen) -> dict[str, Any]:
    return {
        "address": reverse("admin:claims_twin_change", args=[seen.twin_id]), "score": seen.score, "asks": seen.asks,
        "reference": "" if seen.other is None else seen.other.reference,
        "why": ", ".join(worded("twin_reason", reason) for reason in seen.reasons),
        "state": worded("state", "dismissed") if seen.dismissed else worded("review", seen.review) if seen.review else "",
    }  # fmt: skip


def _payouts(claim: Claim) -> list[tuple[str, ...]]:
    return [
        (
            shown(row.created_at), row.policy, worded("kind", row.kind), said_difference(row.quantity, row.unit),
            said_amount(settled.after, row.unit),
        )
        for settled in payouts_of(claim)
        for row in [settled.payout]
    ]  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    changes = [
        f"{worded(of, before)} → {worded(of, after)}"
        for of in ("review", "decision", "payment")
        if isinstance(event.data.get(of), list)
        for before, after in [event.data[of]]
    ]
    return {
        "at": shown(event.at), "what": said_event(event.kind), "who": event.actor or "", "changes": ", ".join(changes),
        "note": event.note.text if hasattr(event, "note") else "",
    }  # fmt: skip


# --- what can be done ------------------------------------------------------------------------------------------


def _buttons(case: Case, request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The form of the button that was pressed has what was sent."""
    pressed = request.POST.get("act") if request.method == "POST" else None
    for action in ACTIONS:
        if action.shown(case):
            form = form_of(action, case, request.POST if pressed == action.name else None)
            yield {
                "action": action,
                "name": action.name,
                "label": say(action.name),
                "form": form,
                "open": pressed == action.name,
            }


def _done(request: HttpRequest, case: Case, buttons: list[dict[str, Any]]) -> bool:
    """Do what the button says; False to show the page again, with what is wrong."""
    pressed = next((one for one in buttons if one["name"] == request.POST.get("act")), None)
    if pressed is None:
        messages.error(request, say("no_actions"))
        return False
    form = pressed["form"]
    if not form.is_valid():
        return False
    try:
        with transaction.atomic(durable=True):
            done = pressed["action"].run(case, form.cleaned_data, timezone.now())
    except Refusal as refusal:
        messages.error(request, said_refusal(refusal))
        # What is shown beside it now is the newer state: the form may be sent again on it.
        form.data = form.data.copy()
        form.data["moves"] = case.status.moves
        return False
    messages.success(request, f"{pressed['label']}: {done if isinstance(done, str) else say('done')}")
    return True


def _seen(request: HttpRequest, claim: Claim, page: str) -> None:
    with transaction.atomic(durable=True):
        record_views(claims=[claim], page=page, viewer=staff_of(request), now=timezone.now())
