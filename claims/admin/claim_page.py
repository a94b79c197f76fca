"""The page of a claim: who, what was lost and when, how it was calculated, what happened, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from claims.admin.case_words import WORDS, say
from claims.admin.choice_words import head, worded
from claims.admin.claim_actions import ACTIONS, Case, case_of, form_of, looked_at, may_press
from claims.admin.claim_forms import VerifyForm, drawn
from claims.admin.claim_shown import about_claim
from claims.admin.enter_page import enter_page
from claims.admin.find_page import find_page
from claims.admin.goodwill_said import said_offer
from claims.admin.message_page import answer_page
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, roles_of, see_claims, staff_of
from claims.models import Claim, Letter, ViewedPage
from claims.operations import copy_letter
from claims.operations.intake import FactRefused
from claims.queries import (
    current_assessment,
    state_with,
)
from claims.sandbox import SANDBOX
from services import clock
from services.admin_pages import told_of
from services.language import in_english
from services.refusals import Refusal
from services.seoul import shown


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
            path("letters/<int:letter_id>/pdf/", view(require_safe(self.letter_pdf)), name="claims_letter_pdf"),
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
        see_claims(request, letter.claim, page=ViewedPage.LETTER)
        return HttpResponse(bytes(letter.content), content_type="text/html; charset=utf-8", headers=SANDBOX)

    def letter_pdf(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """The letter as a document to keep; made of its bytes when it is first asked for."""
        letter = get_object_or_404(Letter.objects.select_related("claim").defer("content"), pk=letter_id)
        see_claims(request, letter.claim, page=ViewedPage.LETTER)
        with transaction.atomic(durable=True):
            pdf = copy_letter(letter_id=letter.pk, now=clock.now())
        headers = {"Content-Disposition": f'inline; filename="{pdf.name}"'}
        return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)

    def claim_page(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """Everything about one claim; each button is one operation."""
        related = ("incident", "person__personal_data", "status__assignee")
        claim = Claim.objects.select_related(*related).filter(pk=claim_id).first()
        if claim is None:
            raise Http404
        see_claims(request, claim)
        status = claim.status
        status.incident = claim.incident
        case = case_of(status, current_assessment(claim), staff_of(request), roles_of(request))
        if request.method == "POST" and not may_press(case, request.POST.get("act", "")):
            raise PermissionDenied
        buttons = list(_buttons(case, request))
        if request.method == "POST" and _done(request, case, buttons):
            return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim_id]))
        english = in_english()
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": claim.reference,
            "words": {key: said[english] for key, said in WORDS.items()}, "claim": claim, "status": status, "buttons": buttons,
            "proposal": case.proposal, "offer": said_offer(case.proposal),
            "state": state_with(claim, case.assessment).sentence, "filed": shown(claim.filed_at),
            "said": {of: worded(of, getattr(status, of)) for of in ("review", "decision", "payment", "kind")},
            "snoozed": shown(status.snoozed_until),
            **about_claim(claim, case),
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/claim/claim.html", context)


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
                "drawn": partial(drawn, form),  # as it is when the page is: a refusal changes what it holds
                "open": pressed == action.name,
            }


def _refused(form: forms.Form, refusal: Refusal) -> str:
    if isinstance(form, VerifyForm) and isinstance(refusal, FactRefused):
        return form.said_refused(refusal)
    return told_of(form, refusal, said_in_words(refusal))


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
            done = pressed["action"].run(case, form.cleaned_data, clock.now())
    except Refusal as refusal:
        messages.error(request, _refused(form, refusal))
        # What is shown beside it now is the newer state: the form may be sent again on it.
        form.data = form.data.copy()
        form.data.update({name: value for name, value in looked_at(case).items() if name in form.fields})
        return False
    messages.success(request, f"{pressed['label']}: {done if isinstance(done, str) else say('done')}")
    return True
