"""A claimant gets a proof of the outage that they can show to others. Expects a transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings

from accounts.models import User
from claims.models import Attestation, Claim
from claims.operations.corrections import NotTheClaimant
from claims.operations.decisions import is_claimant
from claims.operations.moves import UnknownClaim, log_event
from claims.operations.numbers import new_number, typed_number
from claims.queries.attestation import render_attestation, services_of_proof
from claims.queries.intake import record_in_force
from claims.queries.letter_pdf import pdf_of_letter
from services.instants import check_instant
from services.models import RecordVersion
from services.refusals import InvalidValue, Refusal


class NoServices(Refusal):
    """The claim names no service of which the record could say anything."""

    code = "no_services"


class NoRecord(Refusal):
    code = "no_record"


class NoOfficialOutage(Refusal):
    """The record has no outage of any service of the claim, or none yet: nothing is said that it does not say."""

    code = "no_official_outage"


def attest_outage(*, claim_id: int, language: str, asked_by: User, now: datetime) -> Attestation:
    """By the record in force, of the services of the losses that count and that were down by it. Asked again before anything is
    said anew it is the same one, also when it is asked twice at once. By the claimant's own log-in.

    Raises UnknownClaim, NotTheClaimant, InvalidValue for another language, NoRecord, NoServices, NoOfficialOutage.
    """
    now = check_instant(now, "now")
    if language not in ("ko", "en"):
        raise InvalidValue(f"language is {language!r}. Use ko or en.", field="language")
    claim = Claim.objects.filter(pk=claim_id).select_related("incident").first()
    if claim is None:
        raise UnknownClaim(f"There is no claim {claim_id}.", field="claim")
    if not is_claimant(claim, asked_by):
        raise NotTheClaimant("A proof is given to who made the claim.")
    version = RecordVersion.objects.filter(incident=claim.incident_id).select_related("incident").order_by("-number").first()
    record = record_in_force(claim.incident)
    if version is None or record is None:
        raise NoRecord("The official record of this outage is not published yet.", field="claim")
    services, unproved = services_of_proof(claim, record)
    if not services and unproved:
        raise NoOfficialOutage("The official record has no outage of the services of this claim.", field="claim")
    if not services:
        raise NoServices("The claim names no service. Correct it first.", field="claim")
    revision = claim.revisions.order_by("-number").values_list("number", flat=True)[0]
    asked = {"claim": claim, "revision": revision, "record_version": version, "language": language}
    known = Attestation.objects.filter(**asked).first()
    if known is not None:
        return known
    made = Attestation(number=new_number("A"), made_at=now, **asked)
    made.content = render_attestation(
        record, version, services, number=made.number, site=settings.SITE_ADDRESS, language=language, now=now
    )
    made.content_hash = hashlib.sha256(made.content).hexdigest()
    made.pdf = pdf_of_letter(made.content, reference=made.number, made_at=now)
    Attestation.objects.bulk_create([made], ignore_conflicts=True)
    kept = Attestation.objects.get(**asked)
    if kept.number == made.number:
        log_event("outage_attested", actor=asked_by, now=now, data={"attestation": kept.pk}, claim_id=claim.pk)
    return kept


def genuine_attestation(number: str) -> Attestation | None:
    """The one with this number, however it is written; None: there is none."""
    kept = typed_number(number)
    found = Attestation.objects.select_related("record_version__incident")
    return found.filter(number=kept).first() if kept.startswith("A") else None
