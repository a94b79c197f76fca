"""A proof of the outage that somebody shows to others, to be made, read and kept."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from claims.models import Attestation, Claim
from claims.operations import attest_outage, genuine_attestation
from claims.queries.attestation import services_of_proof
from claims.queries.intake import losses_told, record_in_force
from claims.queries.unlisted import unlisted_numbers
from claims.sandbox import SANDBOX
from claims.web.my.act_words import WORDS as ACT_WORDS
from claims.web.my.words import REFUSED, WORDS, say
from claims.web.page import page
from claims.web.unlisted import name_of_loss
from services import clock
from services.language import in_english
from services.models import Service
from services.names import UNLISTED
from services.refusals import Refusal
from services.seoul import SEOUL
from services.web import address
from services.words import name_of, said_day


def proof(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """What it is, those that were made, and a button that makes one of what the record says now, in the page's language."""
    wrong = ""
    if request.method == "POST":
        try:
            with transaction.atomic(durable=True):
                attest_outage(claim_id=claim.pk, language=("ko", "en")[in_english()], asked_by=user, now=clock.now())
            return HttpResponseRedirect(request.path)
        except Refusal as refusal:
            wrong = REFUSED[refusal.code][in_english()]
    made = Attestation.objects.filter(claim=claim).select_related("record_version").defer("content", "pdf").order_by("-pk")
    own = ("ko", "en")[in_english()]
    shown = [
        {"number": one.number, "language": one.language, "version": one.record_version.number,
         "day": said_day(one.made_at.astimezone(SEOUL).date()),
         "in_another": "" if one.language == own else say(f"in_{one.language}")}
        for one in made
    ]  # fmt: skip
    record = record_in_force(claim.incident)
    proved, unproved = ([], []) if record is None else services_of_proof(claim, record)
    context = page(
        request, say("proof"), {**ACT_WORDS, **WORDS}, claim=claim, made=shown, errors=[("content", wrong)] if wrong else [],
        proved=[name_of(one) for one in proved], unproved=[name for one in unproved for name in _names(one, claim)],
        none="" if proved or unproved else REFUSED["no_record" if record is None else "no_services"][in_english()],
        record=address(request, "public:incident", claim.incident.key),
    )  # fmt: skip
    return render(request, "claims/my/proof.html", context)


def _names(service: Service, claim: Claim) -> list[str]:
    """Of what is in no list each thing, as on the claim's page."""
    if service.code != UNLISTED:
        return [name_of(service)]
    losses = losses_told().filter(claim=claim, service=service, withdrawn="").select_related("service", "words")
    numbers = unlisted_numbers(claim)
    return list(dict.fromkeys(name_of_loss(loss, numbers) for loss in losses.order_by("start_at", "pk")))


@require_safe
def proof_pdf(request: HttpRequest, claim: Claim, user: User, number: str) -> HttpResponse:
    kept = Attestation.objects.filter(claim=claim, number=number).defer("content").first()
    if kept is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{kept.number}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(kept.pdf), content_type="application/pdf", headers=headers)


@require_safe
def shown_proof(request: HttpRequest, number: str) -> HttpResponse:
    """The document as it was made, to whoever holds its number: who was shown a copy sees whether it says the same."""
    kept = genuine_attestation(number)
    if kept is None:
        raise Http404
    return HttpResponse(bytes(kept.content), content_type="text/html; charset=utf-8", headers=SANDBOX)
