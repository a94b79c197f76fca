"""The claimant withdraws their claim, or writes to us about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from claims.models import Claim, ClaimStatus, ReviewStatus
from claims.operations import add_message, withdraw_claim
from claims.operations.messages import LONGEST_MESSAGE
from claims.queries.own import may_disagree, may_withdraw
from claims.web.my.act_words import REFUSED, WORDS, lazily, said_refusal, say
from claims.web.our_form import OurForm, OwnWords
from claims.web.page import page
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.resident_numbers import has_masked
from services.words import said_day


class WriteForm(OurForm):
    message = OwnWords(
        label=lazily("message"), help_text=lazily("write_help"), max_length=LONGEST_MESSAGE,
        error_messages={"required": lazily("message_needed")}, widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """What it means, and asked once. Of a claim that is withdrawn, how it comes back."""
    errors: list[tuple[str, str]] = []
    gone = ClaimStatus.objects.filter(claim=claim, review=ReviewStatus.WITHDRAWN).exists()
    if request.method == "POST" and not gone:
        try:
            with transaction.atomic(durable=True):
                withdraw_claim(claim_id=claim.pk, withdrawn_by=user, now=clock.now())
        except Refusal as refusal:
            errors = [("content", said_refusal(refusal))]
    if request.method == "POST" and not errors:  # in another tab it was withdrawn already
        return HttpResponseRedirect(reverse("my:withdraw", args=[claim.reference]))
    status = ClaimStatus.objects.get(claim=claim)
    if not gone and not may_withdraw(status):
        return shown(request, "elsewhere", say("withdraw"), claim, told=[_why_not(status)])
    title = say("is_withdrawn" if gone else "withdraw")
    return shown(request, "withdraw", title, claim, gone=gone, errors=errors)


def _why_not(status: ClaimStatus) -> str:
    if status.review == ReviewStatus.MERGED:
        return REFUSED["transition_not_allowed"][in_english()]
    return say("decided_not_withdrawn" if may_disagree(status) else "nothing_to_withdraw")


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """In their own words."""
    form = WriteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic(durable=True):
                add_message(claim_id=claim.pk, text=form.cleaned_data["message"], sent_by=user, now=clock.now())
        except Refusal as refusal:
            form.add_error("message", said_refusal(refusal))
        else:
            masked = "?masked" if has_masked(form.cleaned_data["message"]) else ""
            return HttpResponseRedirect(reverse("my:written", args=[claim.reference]) + masked)
    errors = [(form["message"].auto_id, str(text)) for text in form["message"].errors]
    gone = claim.status.review == ReviewStatus.WITHDRAWN
    return shown(request, "write", say("write"), claim, form=form, errors=errors, gone=gone)


def written(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    answered = say("written_1").format(said_day(claim.status.answer_due_date))
    return shown(request, "done", say("written"), claim, told=[answered], masked="masked" in request.GET)


def shown(request: HttpRequest, name: str, title: str, claim: Claim, **more: Any) -> HttpResponse:
    """A page on which something is done with a claim."""
    return render(request, f"claims/my/{name}.html", page(request, title, WORDS, claim=claim, **more))
