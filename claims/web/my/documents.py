"""A claimant sends documents, and sees what was asked for, what came in and what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from claims.document_words import said_refused_file
from claims.documents import LARGEST
from claims.eligibility import FactSpec
from claims.models import Claim, EvidenceFile, EvidenceItem, EvidenceItemState, MediaType, ReviewStatus
from claims.operations import begin_upload, in_turn, published_facts, receive_evidence
from claims.queries.evidence import kept_content, requests_of, shown_facts, shown_files
from claims.queries.own import may_send
from claims.sandbox import SANDBOX
from claims.web.my.document_page_words import WORDS, lazily, said_found, said_of_file, say
from claims.web.my.foreseen import NOT_DECIDED, Proof, lacking
from claims.web.our_form import OurForm
from claims.web.page import errors_of, page
from claims.web.quoted import subject_of
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.words import said_day, said_instant

LARGEST_BODY = LARGEST + 64 * 1024  # bytes of a request: a file, and the rest of the form
ELSE = "else"  # ticked: for nothing that was asked for
HEAD = 16  # digits of a hash that are shown at once
KINDS = {  # what a file is called, and the ending under which it is saved
    MediaType.PDF: ("PDF", "pdf"), MediaType.PNG: ("PNG", "png"), MediaType.JPEG: ("JPEG", "jpg"),
    MediaType.WEBP: ("WebP", "webp"), MediaType.CSV: ("CSV", "csv"),
}  # fmt: skip
NO_MORE = {ReviewStatus.MERGED: "no_more_merged", ReviewStatus.WITHDRAWN: "no_more_withdrawn"}
GUARDED = {**SANDBOX, "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}


class SendForm(OurForm):
    """`asked`: by number of the item, what it is; `proofs`: what else has to be proved, by policy and fact."""

    what_for = forms.MultipleChoiceField(
        label=lazily("what_for"), error_messages={"required": lazily("what_for_needed")},
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    file = forms.FileField(
        label=lazily("file"), help_text=lazily("file_help"), allow_empty_file=True,
        error_messages=dict.fromkeys(("required", "missing", "invalid"), lazily("file_needed")),
        widget=forms.FileInput(attrs={"accept": ".pdf,.csv,image/jpeg,image/png,image/webp"}),
    )  # fmt: skip

    def __init__(self, *args: Any, asked: Mapping[str, Any], proofs: Sequence[tuple[str, Proof]], **more: Any) -> None:
        super().__init__(*args, **more)
        what_for = self.fields["what_for"]
        assert isinstance(what_for, forms.MultipleChoiceField)
        self.asked, self.proofs = asked.keys(), [one["key"] for _, one in proofs]
        what_for.choices = [(key, key) for key in (*self.asked, *self.proofs, ELSE)]
        what_for.error_messages["invalid_choice"] = said_refused_file("unknown_evidence_item")
        what_for.required = bool(asked)  # where nothing is asked for there is nothing to tick

    @property
    def ticked(self) -> list[str]:
        return list(self["what_for"].value() or [])


@csrf_exempt  # `_documents` is protected: to look at the token is to read the body, whose length comes first
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """Nothing of a body that is too long is read, whoever sends it."""
    if request.method == "POST" and _length(request) > LARGEST_BODY:
        return _shown(request, claim, refused="file_too_large", code=413)
    return _documents(request, claim, user)


def _length(request: HttpRequest) -> int:
    """As the server has it, which reads no further. Without one it reads nothing."""
    said = str(request.META.get("CONTENT_LENGTH", ""))
    return int(said) if said.isdecimal() else 0


@csrf_protect
def _documents(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, claim)
    asked, proofs = _asked(claim, published_facts()), lacking(claim, claim.status)
    form = SendForm(request.POST, request.FILES, asked=asked, proofs=proofs)
    if form.is_valid():
        now = clock.now()
        try:
            file = _received(claim, user, form, now)
        except Refusal as refusal:
            form.add_error("file", said_of_file(refusal, form.cleaned_data["file"].name or ""))
        else:
            known = "?again" if file.received_at < now else ""
            return HttpResponseRedirect(reverse("my:document", args=[claim.reference, file.pk]) + known)
    return _shown(request, claim, form=form, asked=asked, proofs=proofs)


def _received(claim: Claim, user: User, form: SendForm, now: datetime) -> EvidenceFile:
    """Committed, or refused."""
    sent = form.cleaned_data["file"]
    with transaction.atomic(durable=True):
        begin_upload(claim_id=claim.pk, sent_by=user, now=now)
    ticked = form.cleaned_data["what_for"]
    items, shows = [int(one) for one in ticked if one in form.asked], [subject_of(one) for one in ticked if one in form.proofs]
    with in_turn():
        content = sent.read(LARGEST + 1)
        with transaction.atomic(durable=True):
            return receive_evidence(
                claim_id=claim.pk, item_ids=items, content=content, received_by=user, name=sent.name, now=now,
                shows=shows,
            )  # fmt: skip


@require_safe
def document(request: HttpRequest, claim: Claim, user: User, file_id: int) -> HttpResponse:
    """One that came in: where somebody who has sent it is told so."""
    file = shown_files().filter(claim=claim, pk=file_id).first()
    if file is None:
        raise Http404
    specs, as_else, again = published_facts(), "", "again" in request.GET
    if not _sent_for(file, specs) and getattr(file, "review", None) is None and may_send(claim.status):
        as_else = "received_as_else" if _asked(claim, specs) or lacking(claim, claim.status) else "received_as_else_write"
    told = [say("received_again" if again else "received_1")]
    told += [say("not_again")] if again and not as_else else []
    context = page(
        request, say("received"), WORDS, claim=claim, file=_file(claim, file, specs), told=" ".join(told),
        as_else=as_else and say(as_else), write=as_else == "received_as_else_write",
    )  # fmt: skip
    return render(request, "claims/my/document.html", context)


@require_safe
def document_file(request: HttpRequest, claim: Claim, user: User, file_id: int) -> HttpResponseBase:
    """The bytes that are kept of it, to save."""
    file = EvidenceFile.objects.filter(claim=claim, pk=file_id).first()
    if file is None:
        raise Http404
    kept = kept_content(file.pk)
    if kept is None:
        context = page(request, say("is_erased"), WORDS, claim=claim)
        return render(request, "claims/my/document_erased.html", context, status=410)
    name = f"{claim.reference}-{file.pk}.{KINDS[MediaType(file.media_type)][1]}"
    kind = f"{file.media_type}; charset=utf-8" if file.media_type == MediaType.CSV else file.media_type
    size, content = kept
    headers = {**GUARDED, "Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingHttpResponse(content, content_type=kind, headers=headers)


# --- shown ------------------------------------------------------------------------------------------------


def _shown(
    request: HttpRequest, claim: Claim, *, form: SendForm | None = None, asked: dict[str, Any] | None = None,
    proofs: list[tuple[str, Proof]] | None = None, refused: str = "", code: int = 200,
) -> HttpResponse:  # fmt: skip
    specs = published_facts()
    asked = _asked(claim, specs) if asked is None else asked
    proofs = lacking(claim, claim.status) if proofs is None else proofs
    form = SendForm(asked=asked, proofs=proofs) if form is None else form
    errors = errors_of(form)
    if refused:
        errors = [(form["file"].auto_id, said_refused_file(refused))]
    files = [_file(claim, one, specs) for one in shown_files().filter(claim=claim).order_by("-pk")]
    no_more = NO_MORE.get(ReviewStatus(claim.status.review), "")
    context = page(
        request, say("documents"), WORDS, claim=claim, form=form, errors=errors, asked=asked, files=files, other=ELSE,
        no_more=say(no_more) if no_more else "", withdrawn=no_more == "no_more_withdrawn", largest=LARGEST,
        too_large=said_refused_file("file_too_large"), at_file=refused or "file" in form.errors,
        proofs=proofs, to_prove_help=say("to_prove_help" if claim.status.decision in NOT_DECIDED else "to_prove_after"),
    )  # fmt: skip
    return render(request, "claims/my/documents.html", context, status=code)


def _asked(claim: Claim, specs: Mapping[str, FactSpec]) -> dict[str, dict[str, Any]]:
    """By number, what the claim is asked for, what has not come (`waits`) first."""
    items = [
        (item, said_day(request.due_date))
        for request in requests_of(claim)
        for item in request.items.all()
        if item.state != EvidenceItemState.DROPPED
    ]
    items.sort(key=lambda one: one[0].state == EvidenceItemState.RECEIVED)
    until = {EvidenceItemState.OPEN: "until", EvidenceItemState.MISSING: "late", EvidenceItemState.RECEIVED: "came"}
    return {
        str(item.pk): {
            **_item(item, specs), "until": say(until[EvidenceItemState(item.state)]).format(day),
            "waits": item.state != EvidenceItemState.RECEIVED,
        }
        for item, day in items
    }  # fmt: skip


def _item(item: EvidenceItem, specs: Mapping[str, FactSpec]) -> dict[str, str]:
    """`called`: the document; `shows`: which fact, of what."""
    if not item.document:
        return {"called": item.words.text if hasattr(item, "words") else say("erased_words"), "shows": ""}
    spec, pick = specs.get(item.fact), in_english()
    label = spec.documents[item.document].said(pick) if spec and item.document in spec.documents else item.document
    shows = [spec.label.said(pick) if spec else "", item.loss.service.name if item.loss else ""]
    return {"called": label, "shows": " · ".join(filter(None, shows))}


def _sent_for(file: EvidenceFile, specs: Mapping[str, FactSpec]) -> list[str]:
    """What was asked for, then what else it shows by their word, each once."""
    asked = (_item(one.item, specs)["called"] for one in file.answers.all())
    return list(dict.fromkeys([*asked, *shown_facts(file, specs, in_english())]))


def _file(claim: Claim, file: EvidenceFile, specs: Mapping[str, FactSpec]) -> dict[str, Any]:
    """Of one of `shown_files`."""
    page_of_it, bytes_of_it = (reverse(f"my:{name}", args=[claim.reference, file.pk]) for name in ("document", "document_file"))
    review = getattr(file, "review", None)
    return {
        "name": file.name or say("unnamed"), "address": page_of_it,  # type: ignore[attr-defined]
        "save": bytes_of_it if file.is_kept else "",  # type: ignore[attr-defined]
        "for": _sent_for(file, specs) or [say("something_else")],
        "kind": f"{KINDS[MediaType(file.media_type)][0]}, {-(-file.size // 1024):,} KB", "at": said_instant(file.received_at),
        "by": "" if file.received_by.person_id == claim.person_id else say("by_us"),
        "found": say("not_looked") if review is None else said_found(review.reason, asked=bool(file.answers.all())),
        "accepted": review is not None and review.accepted, "rejected": review is not None and not review.accepted,
        "hash": file.sha256, "head": file.sha256[:HEAD],
    }  # fmt: skip
