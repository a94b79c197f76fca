"""Where a claim stands: what happens next and until when, what is missing, what happened, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh, HttpResponseStopPolling

from accounts.models import Payee, User
from accounts.payees import payee_of
from claims.amounts import said_of_remedy
from claims.models import Claim, ClaimStatus, DecisionStatus, PaymentStatus, ReviewStatus
from claims.operations import published_words
from claims.operations.policy import compile_terms_now, packs_in_force
from claims.queries.intake import PersonLoss
from claims.queries.own import Given, Missing, OwnClaim, may_disagree, may_send, may_withdraw, own_claim
from claims.queries.payees import came_back, money_goes_out, on_their_way
from claims.queries.unlisted import Numbers, numbers_of
from claims.web.account.kept import kept_here
from claims.web.my.foreseen import foreseen, where_it_goes
from claims.web.my.history import history_of
from claims.web.my.letters import letters_of
from claims.web.my.offered import own_choosing
from claims.web.my.payee import masked, own_address, said_held
from claims.web.my.words import AGAIN, ANSWERED, NEXT, WHERE, WORDS, say
from claims.web.page import page
from claims.web.pick_words import WORDS as PICK_WORDS
from claims.web.picking import Choosing
from claims.web.unlisted import name_of_loss
from services import clock
from services.language import in_english
from services.seoul import SEOUL
from services.web import title_of
from services.words import said_day, said_length

FOLLOWED_FOR = timedelta(minutes=5)  # rules decide within seconds
DECIDED = (DecisionStatus.APPROVED, DecisionStatus.REJECTED)
LOOKED_AT = (ReviewStatus.QUEUED, ReviewStatus.IN_REVIEW, ReviewStatus.PROPOSED)


def status(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    own, words, compiled = own_claim(claim), published_words(), compile_terms_now(claim.incident)
    choosing = [] if compiled is None else own_choosing(claim, compiled.terms)
    may = _may(own, choosing)
    stands, now, follows = payee_of(claim.person_id), clock.now(), is_followed(claim, own.status)
    no_account = waits_for_account(own.status, stands)
    held = said_held(claim, now) if stands else []
    numbers = numbers_of((one.loss for one in own.losses), claim)
    ahead = foreseen(claim, own.status, follows=follows)
    goes = where_it_goes(claim, own.status, ahead)
    may["account"] = may["account"] and goes.money
    context = page(
        request, say("status"), {**PICK_WORDS, **WORDS}, claim=claim, incident_title=title_of(claim.incident), own=own,
        **_now(own, now.astimezone(SEOUL).date()), choosing=_choosing(own, choosing),
        given=said_given(own.given), gives=said_gives(own.status),
        paid="" if no_account else _paid(own.status, stands, held), no_account=no_account,
        payee=masked(stands) if stands else "", held=held, at_service=goes.at_service,
        losses=[_loss(loss, numbers) for loss in own.losses],
        asked=[words.titles[code].said(in_english()) if code in words.titles else code for code in own.asks_for],
        missing=_missing(claim, own.missing) if may["send"] else [], history=history_of(claim, own, words.facts), may=may,
        letters=letters_of(claim),
        account=kept_here(request, claim), follows=follows, foreseen=ahead,
    )  # fmt: skip
    return render(request, "claims/my/status.html", context)


def standing(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """Asked by the page of a claim that has just come in: to be loaded anew once it has moved on, and to ask no more when
    that takes longer than rules do.
    """
    if claim.status.review != ReviewStatus.RECEIVED:
        return HttpResponseClientRefresh()
    return HttpResponse(status=204) if is_followed(claim, claim.status) else HttpResponseStopPolling()


def is_followed(claim: Claim, status: ClaimStatus) -> bool:
    """Whether a page of it asks from time to time if it has moved on."""
    return status.review == ReviewStatus.RECEIVED and clock.now() < claim.filed_at + FOLLOWED_FOR


def _now(own: OwnClaim, today: date) -> dict[str, str]:
    """One sentence of where it is, one of what comes next."""
    review = own.status.review
    looked_at = own.status.decision in DECIDED and review in LOOKED_AT
    due = own.appeal_due or own.status.answer_due_date
    step = NEXT["answered" if review == ReviewStatus.CLOSED and own.status.stands_id is None else review][in_english()]
    late = "{day}" in step and due < today
    return {
        "now": _decided(own.status) if own.appeal_due and looked_at else where_it_is(own.status),
        "appealed": say("appealed" if looked_at else "objected") if own.appeal_due else "",
        "next_step": (say("late") if late else step).format(day=said_day(due)),
    }


def where_it_is(status: ClaimStatus) -> str:
    """In a sentence; of what was answered and is looked at again also what was answered. With `stands` at hand no query."""
    if _is_over(status):
        return WHERE[status.decision][in_english()]
    if status.decision == DecisionStatus.UNDECIDED or status.review not in AGAIN:
        return WHERE[status.review][in_english()]
    return f"{_decided(status)} {AGAIN[status.review][in_english()]}"


def _decided(status: ClaimStatus) -> str:
    """With the day, of a decision."""
    text = ANSWERED[status.decision][in_english()]
    return text if status.stands is None else text.format(said_day(status.stands.decided_at.astimezone(SEOUL).date()))


def said_given(given: Given) -> list[str]:
    return [said_of_remedy(remedy, quantity, unit) for (remedy, unit), quantity in sorted(given.items())]


def said_gives(status: ClaimStatus) -> str:
    """What stands above it."""
    return say("got" if status.payment == PaymentStatus.PAID else "gives")


def waits_for_account(status: ClaimStatus, stands: Payee | None) -> bool:
    """Whether none was given and money is to go out, or went out to nobody knows where."""
    if stands is not None or status.decision == DecisionStatus.REJECTED:
        return False
    if status.payment == PaymentStatus.SENT:
        return any(payee is None for *_, payee in on_their_way(status.claim))
    return status.payment == PaymentStatus.DUE and money_goes_out(status.pk)


def _paid(status: ClaimStatus, stands: Payee | None, held: Sequence[str]) -> str:
    """Of what is held, the claim or the account, not that it is about to be paid."""
    due = status.payment == PaymentStatus.DUE
    if status.payment == PaymentStatus.NOTHING or (due and (status.review == ReviewStatus.HELD or held)):
        return ""
    if due and came_back([status.pk]):
        return say("paid_state_failed")
    told = say(f"paid_state_{status.payment}")
    return f"{told} {say('paid_by_mail')}" if due and own_address(status.claim) else told


def _is_over(status: ClaimStatus) -> bool:
    return status.review == ReviewStatus.CLOSED and status.decision != DecisionStatus.UNDECIDED


def _may(own: OwnClaim, choosing: Sequence[Choosing]) -> dict[str, bool]:
    """What the page offers; each operation asks again."""
    over = own.status.review == ReviewStatus.MERGED
    decided, gone = own.status.decision in DECIDED, own.status.review == ReviewStatus.WITHDRAWN
    answered = own.status.decision == DecisionStatus.ANSWERED and _is_over(own.status)
    refused = answered or own.status.decision == DecisionStatus.REJECTED
    return {
        "correct": not over, "write": True, "withdraw": may_withdraw(own.status),
        "choose": not over and not decided and any(one.open for one in choosing),
        "account": not over and not gone and not refused,
        "disagree": may_disagree(own.status), "send": may_send(own.status),
    }  # fmt: skip


def _choosing(own: OwnClaim, choosing: Sequence[Choosing]) -> list[Choosing]:
    """What was chosen, and what still can be."""
    decided = own.status.decision in DECIDED
    return [one for one in choosing if one.chosen or (one.open and not decided)]


def _loss(loss: PersonLoss, numbers: Numbers) -> dict[str, Any]:
    if loss.withdrawn:
        official = say("taken_back")
    elif not loss.official:
        official = say("no_official")
    else:
        official = f"{say('official')} {said_length(timedelta(seconds=loss.total_seconds))}"
    return {
        "name": name_of_loss(loss.loss, numbers),
        "span": (loss.start_at, loss.end_at),
        "official": official,
        "withdrawn": loss.withdrawn,
    }


def _missing(claim: Claim, missing: list[Missing]) -> list[tuple[str, str]]:
    """What it is called, and until when."""
    packs = {pack.code: pack for pack in packs_in_force(claim.incident)} if missing else {}
    found = []
    for one in missing:
        pack = packs.get(one.policy)
        spec = None if pack is None else pack.body.facts.get(one.fact)
        label = one.words or one.document
        if spec is not None and one.document in spec.documents:
            label = f"{spec.documents[one.document].said(in_english())} ({spec.label.said(in_english())})"
        found.append((label, say("missing_until").format(said_day(one.due_date))))
    return found
