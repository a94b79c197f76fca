"""The claimant corrects their claim or adds to it: say it, look at what changes and what may be expected then, send it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.consented import may_look_in_records
from accounts.models import User
from claims.models import Claim, ClaimStatus, ReviewStatus
from claims.operations import correct_claim
from claims.operations.corrections import DECIDED
from claims.operations.intake import MOST_WORDS
from claims.operations.policy import compile_terms_now
from claims.queries.own import has_got
from claims.web.my.act_words import WORDS as ACT_WORDS
from claims.web.my.act_words import said_refusal
from claims.web.my.correct_words import WORDS, say
from claims.web.my.correction import ROW, SERVICES, UNLISTED_WORDS, Correction
from claims.web.page import errors_of, page
from claims.web.quoted import shown_document
from services import clock
from services.refusals import Refusal
from services.resident_numbers import has_masked
from services.words import said_day

Errors = list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    compiled, status = compile_terms_now(claim.incident), ClaimStatus.objects.get(claim=claim)
    if compiled is None or status.review == ReviewStatus.MERGED:
        told = [say("no_record" if compiled is None else "merged")]
        return _shown(request, claim, "elsewhere", "elsewhere", told=told)
    fixed = status.decision in DECIDED

    def read(*, bound: bool) -> Correction:
        return Correction(claim, compiled, request.POST if request.method == "POST" else None, fixed=fixed, bound=bound)

    def ask(correction: Correction, errors: Errors) -> HttpResponse:
        withdrawn = status.review == ReviewStatus.WITHDRAWN
        about = {
            "correction": correction, "errors": errors, "fixed": fixed, "withdrawn": withdrawn, "most_words": MOST_WORDS,
        }  # fmt: skip
        return _shown(request, claim, "correct", "correct", **about)

    pressed = request.POST.keys() & {"add", "drop", "change", "send"}
    bound = request.method == "POST" and not pressed & {"add", "drop"}
    correction, errors = read(bound=bound), list[tuple[str, str]]()
    if bound and not pressed and correction.asks_more:
        bound, correction, errors = False, read(bound=False), [("content", say("now_say"))]
    elif bound and "change" not in pressed:
        errors = _errors(correction, sends="send" in pressed)
    if errors or not bound or "change" in pressed:
        return ask(correction, errors)
    if "send" not in pressed:
        return _check(request, claim, correction)
    try:
        _send(correction, user)
    except Refusal as refusal:
        again = read(bound=False)
        again.seen = str(again.newest)  # what changed meanwhile is on the page now
        return ask(again, [("content", said_refusal(refusal))])
    return HttpResponseRedirect(reverse("my:corrected", args=[claim.reference]))


def corrected(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    answered = say("corrected_1").format(said_day(claim.status.answer_due_date))
    return _shown(request, claim, "done", "corrected", told=[answered])


def _send(correction: Correction, user: User) -> None:
    told, seen = correction.told(), correction.seen
    if not told.says_something:  # it was sent before
        return
    with transaction.atomic(durable=True):
        correct_claim(
            claim_id=correction.claim.pk, corrected_by=user, seen=int(seen) if seen.isdecimal() else 0, now=clock.now(),
            losses=told.losses, facts=told.facts, asks_for=told.asks_for, withdrawn=told.withdrawn,
        )  # fmt: skip


def _check(request: HttpRequest, claim: Claim, correction: Correction) -> HttpResponse:
    """What changes, and what may be expected then."""
    more: dict[str, Any]
    try:
        quote = correction.quote()
        looks = may_look_in_records(claim.person_id)
        more = {"quote": shown_document(quote.document, quote.terms, looks=looks), "got": has_got(claim)}
    except Refusal as refusal:
        more = {"refused": said_refusal(refusal)}
    left_out = ("csrfmiddlewaretoken", SERVICES, UNLISTED_WORDS, "change", "send", ROW)
    again = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    again += [(ROW, f"{number}|{code}") for number, code in correction.rows]
    more["moved"] = any(form.moved for form in correction.losses)
    more["masked"] = any(has_masked(loss.words) for loss in correction.told().losses)
    return _shown(request, claim, "correct_check", "check", changes=correction.changes(), again=again, **more)


def _errors(correction: Correction, *, sends: bool) -> Errors:
    """Each with the id of its field. That nothing changes is wrong only before it is sent: then it was sent before."""
    if correction.is_valid:
        return [] if sends or correction.told().says_something else [("content", say("no_change"))]
    return errors_of(correction.forms, correction.named().__getitem__)


def _shown(request: HttpRequest, claim: Claim, name: str, title: str, **more: Any) -> HttpResponse:
    context = page(request, say(title), {**ACT_WORDS, **WORDS}, claim=claim, **more)
    return render(request, f"claims/my/{name}.html", context)
