"""The claimant chooses what they are to be given, until their claim is decided: each option with what it is worth."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from claims.models import Claim, ClaimStatus, ReviewStatus
from claims.operations import ToldLoss, correct_claim
from claims.operations.corrections import DECIDED
from claims.operations.intake import words_of
from claims.operations.policy import compile_terms_now
from claims.web.my.act_words import WORDS as ACT_WORDS
from claims.web.my.act_words import said_refusal
from claims.web.my.choose_words import WORDS, say
from claims.web.my.correct_words import WORDS as CORRECT_WORDS
from claims.web.my.offered import own_choosing, told_losses
from claims.web.page import errors_of, page
from claims.web.pick_words import WORDS as PICK_WORDS
from claims.web.picking import PickForm
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.words import said_day


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """Where there is nothing to choose, or no more, the page says so and what can be done instead; nothing is stored then."""
    status, compiled = ClaimStatus.objects.get(claim=claim), compile_terms_now(claim.incident)
    if compiled is None or status.review == ReviewStatus.MERGED:
        return _closed(request, claim, "no_record" if compiled is None else "merged")
    if status.decision in DECIDED:
        return _closed(request, claim, "decided")
    choosing = own_choosing(claim, compiled.terms)
    offered = [one for one in choosing if one.open]
    if not offered:
        return _closed(request, claim, "nothing_to_choose", choosing=[(one, None) for one in choosing])
    chosen_before = {one.pick.name: one.chosen for one in offered}
    form = PickForm(request.POST or None, picks=[one.pick for one in offered], initial=chosen_before)
    if form.is_valid() and form.says_something():
        try:
            _send(claim, form, user, request.POST.get("seen", ""))
        except Refusal as refusal:
            form.add_error(None, said_refusal(refusal))
            if ClaimStatus.objects.get(claim=claim).decision in DECIDED:  # meanwhile
                return _closed(request, claim, "decided")
        else:
            return HttpResponseRedirect(reverse("my:chosen", args=[claim.reference]))
    elif form.is_bound and form.is_valid():
        form.add_error(offered[0].pick.name, say("choose_one"))
    seen = claim.revisions.order_by("-number").values_list("number", flat=True)[0]
    return _shown(
        request, claim, "choose", "choose", form=form, errors=errors_of(form), seen=seen, keeps=True,
        choosing=[(one, form[one.pick.name] if one.open else None) for one in choosing],
        withdrawn=status.review == ReviewStatus.WITHDRAWN,
    )  # fmt: skip


def chosen(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    compiled = compile_terms_now(claim.incident)
    choosing = [] if compiled is None else own_choosing(claim, compiled.terms)
    told = [f"{one.title}: {one.chosen_said}" for one in choosing if one.chosen]
    until = say("chosen_1").format(said_day(claim.status.answer_due_date))
    return _shown(request, claim, "done", "chosen", told=[*told, until])


def _send(claim: Claim, form: PickForm, user: User, seen: str) -> None:
    losses = [
        ToldLoss(loss.service.code, loss.start_at, loss.end_at, loss.kind, facts, words_of(loss))
        for loss in told_losses(claim)
        if (facts := form.told(loss.pk))
    ]
    with transaction.atomic(durable=True):
        correct_claim(
            claim_id=claim.pk, corrected_by=user, seen=int(seen) if seen.isdecimal() else 0, now=clock.now(),
            losses=losses, facts=form.told(),
        )  # fmt: skip


def _closed(request: HttpRequest, claim: Claim, why: str, **more: Any) -> HttpResponse:
    told = {**CORRECT_WORDS, **WORDS}[why][in_english()]
    return _shown(request, claim, "choose_closed", "choose", told=told, decided=why == "decided", **more)


def _shown(request: HttpRequest, claim: Claim, name: str, title: str, **more: Any) -> HttpResponse:
    context = page(request, say(title), {**ACT_WORDS, **CORRECT_WORDS, **PICK_WORDS, **WORDS}, claim=claim, **more)
    return render(request, f"claims/my/{name}.html", context)
