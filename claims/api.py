"""What people lost and what was assessed, read-only, for staff."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language_from_request
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Person, User
from claims.eligibility import instant_of
from claims.models import CASE_VIEWERS, Assessment, Claim, ViewedPage
from claims.operations import UnknownClaim, record_views
from claims.queries import (
    ExplanationDiffers,
    ExplanationUnavailable,
    claim_state,
    explain_assessment,
    losses_of_person,
)
from services.api import StaffView
from services.problems import refuse_unknown_parameters
from services.refusals import Unknown

REFERENCE = re.compile(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}")


class UnknownPerson(Unknown):
    code = "unknown_person"


class LostSerializer(serializers.Serializer[Any]):
    """One loss with the seconds of it inside official windows, by severity; overlaps counted once."""

    incident = serializers.CharField(source="incident_key")
    claim = serializers.CharField(source="reference")
    service = serializers.CharField(source="service.code")
    service_name_ko = serializers.CharField(source="service.name_ko")
    service_name_en = serializers.CharField(source="service.name_en")
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField(allow_null=True)
    kind = serializers.CharField()
    origin = serializers.CharField()
    via = serializers.CharField(source="via.code", allow_null=True, default=None)
    official_seconds = serializers.DictField(child=serializers.IntegerField())
    withdrawn = serializers.CharField()


class SeesClaims(IsAdminUser):
    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return super().has_permission(request, view) and isinstance(user, User) and user.holds(*CASE_VIEWERS)


class ClaimsView(StaffView):
    """For the roles that may look at claims."""

    permission_classes = (SeesClaims,)


class PersonLosses(ClaimsView):
    """What a person lost, and for how long, under the record in force; also when no policy pays for it."""

    def get(self, request: Request, public_id: str) -> Response:
        refuse_unknown_parameters(request)
        person = Person.objects.filter(public_id=public_id).first()
        if person is None:
            raise UnknownPerson(f"There is no person {public_id}.", field="person")
        _seen(request, person.claims.all())
        return Response({"person": public_id, "losses": LostSerializer(losses_of_person(person), many=True).data})


class ClaimDetail(ClaimsView):
    """A claim with its current assessment explained, in Korean or English by Accept-Language."""

    def get(self, request: Request, reference: str) -> Response:
        refuse_unknown_parameters(request)
        claims = Claim.objects.select_related("incident", "person")
        # Not every text can be asked for: PostgreSQL refuses one with a NUL.
        wanted = reference.upper()
        claim = claims.filter(reference=wanted).first() if REFERENCE.fullmatch(wanted) else None
        if claim is None:
            raise UnknownClaim("There is no claim with this reference.", field="reference")
        _seen(request, [claim])
        state = claim_state(claim)
        language = get_language_from_request(request)
        body: dict[str, Any] = {
            "reference": claim.reference,
            "incident": claim.incident.key,
            "person": str(claim.person.public_id),
            "origin": claim.origin,
            "filed_at": claim.filed_at,
            "state": state.state,
            "state_text": state.sentence,
            "assessment": None,
        }
        if state.assessment is not None:
            body["assessment"] = _assessment(state.assessment, language if language in ("ko", "en") else "ko")
        return Response(body, headers={"Content-Language": language})


def _seen(request: Request, claims: Iterable[Claim]) -> None:
    assert isinstance(request.user, User), "StaffView answers nobody else"
    with transaction.atomic(durable=True):
        record_views(claim_ids=[claim.pk for claim in claims], page=ViewedPage.API, viewer=request.user, now=timezone.now())


def _assessment(assessment: Assessment, language: str) -> dict[str, Any]:
    """With its explanation, or with the reason why there is none: an alarm, never silence."""
    body: dict[str, Any] = {
        "id": assessment.pk,
        "revision": assessment.revision,
        "run": assessment.run_id,
        "worker": assessment.chunk.worker,
        "assessed_at": assessment.assessed_at,
    }
    try:
        told = explain_assessment(assessment)
    except (ExplanationDiffers, ExplanationUnavailable) as alarm:
        return {**body, "explanation": None, "text": [], "problem": alarm.as_problem()}
    return {**body, "explanation": _readable(told.document), "text": told.text(language)}


def _readable(value: Any) -> Any:
    """The engine's document with its instants as everywhere else in the API: ISO 8601, in UTC."""
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if not isinstance(value, dict):
        return value
    instants = {"start_at", "end_at", "as_of"} | ({"value"} if value.get("type") == "instant" else set())
    return {
        key: instant_of(item) if key in instants and isinstance(item, int) else _readable(item) for key, item in value.items()
    }
