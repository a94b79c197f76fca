"""The claimant disagrees with the decision that stands, or wants a person to look at it; and what becomes of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Channel, User
from claims.models import Appeal, AppealPoint, AppealState, Claim, ClaimStatus, Decision
from claims.operations import AppealClosed, AppealOpen, ToldPoint, open_appeal, withdraw_appeal
from claims.operations.appeals import ANSWERED_WITHIN
from claims.web.my.act_words import REFUSED, said_refusal
from claims.web.my.act_words import WORDS as ACT_WORDS
from claims.web.my.appeal_words import WORDS, say
from claims.web.my.decided import Decided, decided
from claims.web.my.disagree_form import DisagreeForm
from claims.web.page import page
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.resident_numbers import has_masked
from services.seoul import SEOUL
from services.words import said_day, said_instant


@require_http_methods(["GET", "HEAD", "POST"])
def disagree(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """Choose, look at it, send it. While an appeal is open: what was sent, and until when it is answered."""
    decision, appeal = _standing(claim), _open(claim)
    if decision is None:
        return _shown(request, claim, "undecided", "nothing_decided")
    if request.method == "POST":
        return _posted(request, claim, user, decision)
    return _ask(request, claim, _form(None, decision), decision) if appeal is None else _sent(request, claim, appeal)


def _posted(request: HttpRequest, claim: Claim, user: User, decision: Decision) -> HttpResponse:
    if request.POST.get("decision") != str(decision.pk):
        return _ask(request, claim, _form(None, decision), decision, REFUSED["decision_replaced"][in_english()])
    form = _form(request.POST, decision)
    if not form.is_valid() or "change" in request.POST:
        return _ask(request, claim, form, decision)
    if "send" not in request.POST:
        return _check(request, claim, form, decision)
    try:
        with transaction.atomic(durable=True):
            open_appeal(
                claim_id=claim.pk, decision_id=decision.pk, kind=form.kind, opened_by=user, channel=Channel.WEB,
                points=form.told(), now=clock.now(),
            )  # fmt: skip
    except AppealOpen as refusal:
        appeal = _open(claim)
        if appeal is not None and not _is(appeal, form):
            return _sent(request, claim, appeal, said_refusal(refusal))
    except Refusal as refusal:
        return _ask(request, claim, form, decision, said_refusal(refusal))
    return HttpResponseRedirect(reverse("my:disagree", args=[claim.reference]))


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """What it means, and asked once. Where none is open: that it was taken back, or answered."""
    appeal = _open(claim)
    if appeal is None or request.method != "POST":
        newest = appeal or Appeal.objects.filter(claim=claim).order_by("-pk").first()
        withdrawn = newest is not None and newest.state == AppealState.WITHDRAWN
        if appeal is None and not withdrawn:
            return HttpResponseRedirect(reverse("my:disagree", args=[claim.reference]))
        return _shown(request, claim, "take_back", "taken_back" if withdrawn else "take_back", withdrawn=withdrawn)
    try:
        with transaction.atomic(durable=True):
            withdraw_appeal(appeal_id=appeal.pk, withdrawn_by=user, now=clock.now())
    except AppealClosed:  # in this moment, in another tab or by an answer: the page says which
        pass
    except Refusal as refusal:
        return _shown(request, claim, "take_back", "take_back", errors=[("content", said_refusal(refusal))])
    return HttpResponseRedirect(reverse("my:take_back", args=[claim.reference]))


def _standing(claim: Claim) -> Decision | None:
    status = ClaimStatus.objects.select_related("stands__assessment__run__terms").filter(claim=claim).first()
    return None if status is None else status.stands


def _open(claim: Claim) -> Appeal | None:
    found = Appeal.objects.filter(claim=claim, state=AppealState.OPEN)
    return found.select_related("decision__assessment__run__terms").first()


def _form(data: Any, decision: Decision) -> DisagreeForm:
    return DisagreeForm(data, decided=decided(decision), by_rule=decision.decided_by_id is None)


def _ask(request: HttpRequest, claim: Claim, form: DisagreeForm, decision: Decision, refused: str = "") -> HttpResponse:
    errors = [("content", refused)] if refused else []
    for name, texts in form.errors.items() if form.is_bound else ():
        at = "lines" if name == "points" else form[name].auto_id if name in form.fields else "content"
        errors += [(at, str(text)) for text in texts]
    return _shown(request, claim, "disagree", "disagree", form=form, errors=errors, **_about(decision))


def _check(request: HttpRequest, claim: Claim, form: DisagreeForm, decision: Decision) -> HttpResponse:
    until, told = clock.now().astimezone(SEOUL).date() + ANSWERED_WITHIN, form.told()
    return _shown(
        request, claim, "disagree_check", "check", form=form, kind=say(form.kind), points=_named(form.decided, told),
        answered=say("then_2").format(said_day(until)), masked=any(has_masked(point.words) for point in told),
        **_about(decision),
    )  # fmt: skip


def _sent(request: HttpRequest, claim: Claim, appeal: Appeal, refused: str = "") -> HttpResponse:
    return _shown(
        request, claim, "disagree_sent", "sent", errors=[("content", refused)] if refused else [], kind=say(appeal.kind),
        points=_named(decided(appeal.decision), _told(appeal)), at=said_instant(appeal.opened_at),
        answered=say("then_2").format(said_day(appeal.due_date)),
    )  # fmt: skip


def _about(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision, "decided_at": said_instant(decision.decided_at),
        "decided": say("approved" if decision.approved else "rejected"),
        "by": say("by_rule" if decision.decided_by_id is None else "by_person"),
    }  # fmt: skip


def _named(found: Decided, points: Iterable[ToldPoint]) -> list[tuple[str, str]]:
    return [(found.named(point), point.words) for point in points]


def _told(appeal: Appeal) -> list[ToldPoint]:
    return [_of(point) for point in appeal.points.select_related("words", "service")]


def _of(point: AppealPoint) -> ToldPoint:
    return ToldPoint(
        point.kind, point.fact, point.loss_id, point.policy, point.rule, point.position,
        point.service.code if point.service else "", point.words.text if hasattr(point, "words") else "",
    )  # fmt: skip


def _is(appeal: Appeal, form: DisagreeForm) -> bool:
    """Whether it says what the form says: sent twice, or from two tabs."""
    said: Sequence[ToldPoint] = form.told()
    return appeal.kind == form.kind and set(_told(appeal)) == set(said)


def _shown(request: HttpRequest, claim: Claim, name: str, title: str, **more: Any) -> HttpResponse:
    context = page(request, say(title), {**ACT_WORDS, **WORDS}, claim=claim, **more)
    return render(request, f"claims/my/{name}.html", context)
