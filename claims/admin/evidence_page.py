"""Pages about documents: ask for some, a request with its uploads, and a file with what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

from accounts.models import User
from accounts.operations import VIEWERS
from claims.admin.choice_words import CHOICES
from claims.admin.evidence_forms import AskForm, ExtendForm, ReviewForm, SendForm, WithdrawForm
from claims.admin.evidence_shown import said_file, said_item, said_proofs, turn_of
from claims.admin.evidence_words import STATES, WORDS, picked, say
from claims.admin.queue_page import CSS
from claims.admin.refused_words import said_in_words
from claims.admin.staff import ClaimsAdmin, see_claims, staff_of
from claims.documents import LARGEST
from claims.models import (
    ACCEPTING,
    Claim,
    ClaimStatus,
    EvidenceItem,
    EvidenceLetter,
    EvidenceRequest,
    MediaType,
    ReviewStatus,
    ViewedPage,
)
from claims.operations import (
    AskedDocument,
    extend_request,
    look_at_evidence,
    packs_in_force,
    published_facts,
    receive_evidence,
    request_evidence,
    review_evidence,
    withdraw_request,
)
from claims.operations.decisions import DECIDERS
from claims.queries import current_assessment
from claims.queries.evidence import listed_documents, shown_files
from claims.sandbox import SANDBOX
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.staff import RoleMissing

# No script, nothing fetched: whatever a file holds, it stays a picture or a document. Chromium shows a PDF in such a sandbox;
# a browser that does not shows an empty frame, and beside it stands the link to save the file.
STRICT = {
    **SANDBOX, "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
ENDINGS = {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg", MediaType.WEBP: "webp", MediaType.CSV: "csv"}
SHOWN = frozenset(ENDINGS) - {MediaType.CSV}  # by the browser; the rest is only saved


@admin.register(EvidenceRequest)
class EvidenceRequestAdmin(ClaimsAdmin):
    list_display = ("claim", "state", "due_date", "requested_by")
    list_filter = ("state",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "requested_by")
    choice_words: ClassVar = {**CHOICES, "state": {**CHOICES["state"], **STATES}}

    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("of/<int:claim_id>/", view(self.ask_page), name="claims_evidence_ask"),
            path("<int:request_id>/change/", view(self.request_page), name="claims_evidencerequest_change"),
            path("files/<int:file_id>/", view(self.file_page), name="claims_evidence_file"),
            path("files/<int:file_id>/content/", view(require_safe(self.content)), name="claims_evidence_content"),
            path("letters/<int:letter_id>/", view(require_safe(self.letter)), name="claims_evidence_letter"),
            *super().get_urls(),
        ]

    def ask_page(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        claim = get_object_or_404(Claim.objects.select_related("incident"), pk=claim_id)
        user, status = _decider(request), ClaimStatus.objects.get(pk=claim_id)
        see_claims(request, claim)
        listed = list(listed_documents(claim, current_assessment(claim), packs_in_force(claim.incident)).values())
        pick = in_english()
        offered = [
            " · ".join(
                [one.label.said(pick), one.fact_label.said(pick), *([one.loss.service.code] if one.loss else []),
                 one.scheme.said(pick), *_why_not(one.proved, one.asked_for)]
            )
            for one in listed
        ]  # fmt: skip
        form = AskForm(request.POST or None, offered=offered, initial={"moves": status.moves})
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            asked = [AskedDocument(*listed[int(place)].key) for place in said.get("asked", [])]
            asked += [AskedDocument(words=said["words"])] if said["words"] else []
            if _done(request, say("ask"), lambda now: request_evidence(
                claim_id=claim_id, asked=asked, requested_by=user, working_days=said["days"], override=said["override"],
                moves=said["moves"], now=now,
            )):  # fmt: skip
                return _to_claim(claim_id)
        context = self._context(request, f"{say('ask')}: {claim.reference}", claim)
        return TemplateResponse(request, "admin/claims/evidence/ask.html", {**context, "form": form})

    def request_page(self, request: HttpRequest, request_id: int) -> HttpResponse:
        """What is awaited; a form each for an upload, more time, and no longer."""
        asked = get_object_or_404(EvidenceRequest.objects.select_related("claim"), pk=request_id)
        user = _decider(request)
        see_claims(request, asked.claim)
        specs = published_facts()
        items = EvidenceItem.objects.filter(request=asked).select_related("words", "loss__service").order_by("pk")
        awaited = {one.pk: said_item(one, specs)[0] for one in items if one.state != "dropped"}
        pressed = request.POST.get("act") if request.method == "POST" else None
        sent = {name: request.POST if pressed == name else None for name in ("send", "extend", "withdraw")}
        files = request.FILES if pressed == "send" else None
        form_of: dict[str, forms.Form] = {"send": SendForm(sent["send"], files, awaited=awaited, prefix="send")}
        if asked.state == "open":
            form_of["extend"] = ExtendForm(sent["extend"], prefix="extend")
            form_of["withdraw"] = WithdrawForm(sent["withdraw"], prefix="withdraw")
        if not awaited:
            del form_of["send"]
        if pressed in form_of and form_of[pressed].is_valid():
            said = form_of[pressed].cleaned_data
            runs: dict[str, Callable[[Any], object]] = {
                "send": lambda now: receive_evidence(
                    claim_id=asked.claim_id, item_ids=[int(pk) for pk in said["items"]], received_by=user, note=said["note"],
                    content=said["file"].read(LARGEST + 1), name=said["file"].name, now=now,
                ),
                "extend": lambda now: extend_request(
                    request_id=request_id, working_days=said["days"], extended_by=user, reason=said["note"], now=now
                ),
                "withdraw": lambda now: withdraw_request(
                    request_id=request_id, withdrawn_by=user, note=said["note"], now=now
                ),
            }  # fmt: skip
            if _done(request, say(pressed), runs[pressed]):
                return _to_claim(asked.claim_id)
        context = {
            **self._context(request, f"{say('request')} {request_id}: {asked.claim.reference}", asked.claim),
            "asked": asked, "state": picked(STATES[asked.state]), "items": [said_item(one, specs) for one in items],
            "forms": [(name, say(name), form, _help(name), pressed == name) for name, form in form_of.items()],
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/evidence/request.html", context)

    def file_page(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """The file, what it should prove beside it, and what a person found in it; with links to the claim's other files."""
        file = get_object_or_404(shown_files().select_related("claim"), pk=file_id)
        user, status = _viewer(request), ClaimStatus.objects.get(pk=file.claim_id)
        mine = status.review == ReviewStatus.IN_REVIEW and status.assignee_id == user.pk and user.holds(*DECIDERS)
        reviewed = hasattr(file, "review")
        form = ReviewForm(request.POST or None, initial={"moves": status.moves}) if mine and not reviewed else None
        if request.method == "POST" and form is None:
            raise PermissionDenied
        if form is not None and form.is_valid():
            said = form.cleaned_data
            if _done(request, say("review"), lambda now: review_evidence(
                file_id=file_id, accepted=said["reason"] in ACCEPTING, reason=said["reason"], reviewed_by=user,
                note=said["note"], moves=said["moves"], now=now,
            )):  # fmt: skip
                return _to_claim(file.claim_id)
        see_claims(request, file.claim)
        specs = published_facts()
        context = {
            **self._context(request, f"{say('file')} {file_id}: {file.claim.reference}", file.claim),
            "form": form, "file": said_file(file, specs), "proves": said_proofs(file, specs), "turn": turn_of(file),
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/evidence/file.html", context)

    def content(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """The bytes as the type that they are, shown by the browser; with `download` in the address, or if it is neither a
        picture nor a PDF, saved.
        """
        try:
            with transaction.atomic(durable=True):
                file, content = look_at_evidence(file_id=file_id, viewer=staff_of(request), now=clock.now())
        except RoleMissing as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            raise Http404 from refusal
        how = "inline" if file.media_type in SHOWN and "download" not in request.GET else "attachment"
        name = f"{file.claim_id}-{file.pk}.{ENDINGS[MediaType(file.media_type)]}"
        headers = {**STRICT, "X-Frame-Options": "SAMEORIGIN", "Content-Disposition": f'{how}; filename="{name}"'}
        kind = f"{file.media_type}; charset=utf-8" if file.media_type == MediaType.CSV else file.media_type
        return HttpResponse(content, content_type=kind, headers=headers)

    def letter(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """As it was made, with what staff wrote of the documents."""
        _viewer(request)
        letter = get_object_or_404(EvidenceLetter.objects.select_related("kept", "request__claim"), pk=letter_id)
        if not hasattr(letter, "kept"):
            raise Http404
        see_claims(request, letter.request.claim, page=ViewedPage.LETTER)
        return HttpResponse(bytes(letter.kept.content), content_type="text/html; charset=utf-8", headers=STRICT)

    def _context(self, request: HttpRequest, title: str, claim: Claim) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": title, "claim": claim,
            "words": {key: say(key) for key in WORDS}, "limit": LARGEST,
        }  # fmt: skip


# --- shared ---------------------------------------------------------------------------------------------


def _why_not(proved: bool, asked_for: bool) -> list[str]:
    return [say("proved")] if proved else [] if asked_for else [say("not_asked_for")]


def _help(name: str) -> str:
    return say(f"{name}_help") if f"{name}_help" in WORDS else ""


def _to_claim(claim_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim_id]) + "#h-evidence")


def _decider(request: HttpRequest) -> User:
    return _with_role(request, DECIDERS)


def _viewer(request: HttpRequest) -> User:
    return _with_role(request, VIEWERS)


def _with_role(request: HttpRequest, roles: Sequence[str]) -> User:
    user = staff_of(request)
    if not user.holds(*roles):
        raise PermissionDenied
    return user


def _done(request: HttpRequest, label: str, run: Callable[[Any], object]) -> bool:
    try:
        with transaction.atomic(durable=True):
            run(clock.now())
    except Refusal as refusal:
        messages.error(request, said_in_words(refusal))
        return False
    messages.success(request, f"{label}: {say('done')}")
    return True
