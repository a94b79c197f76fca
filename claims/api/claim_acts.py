"""What a claimant does about their claim, or a partner for them: correct it, withdraw it, object, get a proof of the outage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of
from accounts.models import Channel, User
from claims.api.acting import WRITES_CLAIMS, acting_on, version_seen
from claims.api.claims import ClaimSaid, Telling, claim_said, told_of
from claims.api.sight import READS_CLAIMS, claim_seen, claims_seen
from claims.api.views import ApiView, Said, said, written
from claims.models import Appeal, AppealKind, AppealState, Attestation, Claim, Loss
from claims.operations import (
    ToldPoint,
    TransitionNotAllowed,
    attest_outage,
    correct_claim,
    genuine_attestation,
    open_appeal,
    withdraw_appeal,
    withdraw_claim,
)
from claims.operations.refusals import ReferenceUnknown
from services.bodies import Body
from services.body_fields import Code, Instant, Prose


class PointSent(Body):
    """What is not agreed with: a `fact` (of the claim, or of the loss with this number), a `rule` of a `policy`, the `line` at
    this position of the assessment, what the official `record` says of a service, or something `other`, in words.
    """

    kind: Literal["fact", "rule", "line", "record", "other"]
    fact: Code | None = None
    loss: Annotated[int, Field(ge=1, le=100_000)] | None = Field(None, description="Its `number`.")
    policy: Code | None = None
    rule: Code | None = None
    position: Annotated[int, Field(ge=0, le=30_000)] | None = None
    service: Code | None = None
    words: Annotated[Prose, Field(max_length=2000)] = ""


class AppealSent(Body):
    """An appeal of the decision that stands, with one point at least; a `person_review` of what a rule decided needs none."""

    kind: Literal["appeal", "person_review"]
    points: Annotated[list[PointSent], Field(max_length=20)] = []


class AppealSaid(BaseModel):
    kind: AppealKind
    state: AppealState
    opened_at: Instant
    due_date: date = Field(description="Until when it is answered, inclusive; in Korean time.")
    closed_at: Instant | None


class AppealsSaid(BaseModel):
    """The newest first."""

    data: list[AppealSaid]


class AttestationSent(Body):
    language: Literal["ko", "en"] = "ko"


class AttestationSaid(BaseModel):
    """A proof of the outage by the official record. It names nobody; by its number anybody can see that it is genuine."""

    number: str = Field(examples=["A-7K3M-9QWX-4T2N"])
    language: Literal["ko", "en"]
    record_version: int
    content_sha256: str
    made_at: Instant
    pdf: str = Field(description="Its address.")


class AttestationsSaid(BaseModel):
    """The newest first."""

    data: list[AttestationSaid]


class ClaimAct(ApiView):
    """One operation on a claim in sight, as the claim's own person."""

    scopes = {"POST": WRITES_CLAIMS}

    def acted(
        self,
        request: Request,
        reference: str,
        shape: type[Body] | None,
        act: Callable[[Claim, Any, User, datetime], Said | None],
        **more: Any,
    ) -> HttpResponse:
        claim = claim_seen(request, reference)
        return written(request, shape, lambda body, now: act(claim, body, acting_on(request, claim, now), now), **more)


class CorrectionSent(Telling):
    """What is new. A loss of the same service and time is the one that is there, and its facts are added to it. Of a fact that
    is said again the newest word counts, and what is on record before what the claimant says. Only partners have
    `recorded_facts`.
    """


class Corrections(ClaimAct):
    """More than the claim has said, or otherwise; where nothing is new it stays as it is. `If-Match` names what was read of it.

    A partner corrects a claim that it made, or that came of what it reported, and none that the person filed themself.
    """

    bodies, answers, versioned = {"POST": CorrectionSent}, {"POST": (200, ClaimSaid)}, ("POST",)

    def post(self, request: Request, reference: str) -> HttpResponse:
        def act(claim: Claim, body: CorrectionSent, user: User, now: datetime) -> ClaimSaid:
            revision, moves = version_seen(request, claim)
            correct_claim(
                claim_id=claim.pk, corrected_by=user, partner=caller_of(request).partner, seen=revision, moves=moves, now=now,
                **told_of(body),
            )  # fmt: skip
            return claim_said(caller_of(request), claims_seen(request).get(pk=claim.pk))

        return self.acted(request, reference, CorrectionSent, act, status=200)


class Withdrawal(ClaimAct):
    """The claim is not wanted any more, before it was decided. `If-Match` names what was read of it."""

    answers, versioned = {"POST": (200, ClaimSaid)}, ("POST",)

    def post(self, request: Request, reference: str) -> HttpResponse:
        def act(claim: Claim, body: None, user: User, now: datetime) -> ClaimSaid:
            withdraw_claim(claim_id=claim.pk, withdrawn_by=user, moves=version_seen(request, claim).moves, now=now)
            return claim_said(caller_of(request), claims_seen(request).get(pk=claim.pk))

        return self.acted(request, reference, None, act, status=200)


class Appeals(ClaimAct):
    """Objections to what was decided about a claim."""

    scopes = {"GET": READS_CLAIMS, "HEAD": READS_CLAIMS, "POST": WRITES_CLAIMS}
    bodies, answers = {"POST": AppealSent}, {"GET": (200, AppealsSaid), "POST": (201, AppealSaid)}

    def get(self, request: Request, reference: str) -> Response:
        appeals = Appeal.objects.filter(claim=claim_seen(request, reference)).order_by("-pk")
        return said(AppealsSaid(data=[_appeal_said(one) for one in appeals]))

    def post(self, request: Request, reference: str) -> HttpResponse:
        """Object to what was decided."""

        def act(claim: Claim, body: AppealSent, user: User, now: datetime) -> AppealSaid:
            stands = claim.status.stands_id
            if stands is None:
                raise TransitionNotAllowed("Nothing was decided that could be objected to.")
            points = [_point(claim, point) for point in body.points]
            channel = Channel.PARTNER if caller_of(request).partner else Channel.WEB
            about: dict[str, Any] = {"claim_id": claim.pk, "decision_id": stands, "kind": body.kind, "channel": channel}
            return _appeal_said(open_appeal(**about, points=points, opened_by=user, now=now))

        return self.acted(request, reference, AppealSent, act)


class AppealWithdrawal(ClaimAct):
    """The open objection is dropped."""

    answers = {"POST": (200, AppealSaid)}

    def post(self, request: Request, reference: str) -> HttpResponse:
        def act(claim: Claim, body: None, user: User, now: datetime) -> AppealSaid:
            opened = Appeal.objects.filter(claim=claim, state=AppealState.OPEN).first()
            if opened is None:
                raise TransitionNotAllowed("No objection is open.")
            return _appeal_said(withdraw_appeal(appeal_id=opened.pk, withdrawn_by=user, now=now))

        return self.acted(request, reference, None, act, status=200)


class Attestations(ClaimAct):
    """Proofs of the outage for a claim; the same question is answered by the same one."""

    scopes = {"GET": READS_CLAIMS, "HEAD": READS_CLAIMS, "POST": WRITES_CLAIMS}
    bodies, answers = {"POST": AttestationSent}, {"GET": (200, AttestationsSaid), "POST": (201, AttestationSaid)}

    def get(self, request: Request, reference: str) -> Response:
        claim = claim_seen(request, reference)
        made = claim.attestations.select_related("record_version").defer("content", "pdf").order_by("-pk")
        return said(AttestationsSaid(data=[_attestation_said(request, claim, one) for one in made]))

    def post(self, request: Request, reference: str) -> HttpResponse:
        """Have a proof of the outage made."""

        def act(claim: Claim, body: AttestationSent, user: User, now: datetime) -> AttestationSaid:
            made = attest_outage(claim_id=claim.pk, language=body.language, asked_by=user, now=now)
            return _attestation_said(request, claim, made)

        return self.acted(request, reference, AttestationSent, act)


class AttestationPdf(ApiView):
    """The proof as it was made, as PDF."""

    scopes = {"GET": READS_CLAIMS, "HEAD": READS_CLAIMS}
    answers = {"GET": (200, "application/pdf")}

    def get(self, request: Request, reference: str, number: str) -> HttpResponse:
        claim, made = claim_seen(request, reference), genuine_attestation(number)
        if made is None or made.claim_id != claim.pk:
            raise Http404
        attachment = {"Content-Disposition": f'attachment; filename="{made.number}.pdf"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(bytes(made.pdf), content_type="application/pdf", headers=attachment)


def _point(claim: Claim, sent: PointSent) -> ToldPoint:
    """Raises ReferenceUnknown."""
    loss_id = None
    if sent.loss is not None:
        known = Loss.objects.filter(claim=claim).order_by("pk").values_list("pk", flat=True)[sent.loss - 1 : sent.loss]
        if not known:
            raise ReferenceUnknown("There is no loss with this number.", field="loss")
        loss_id = known[0]
    return ToldPoint(
        sent.kind, fact=sent.fact or "", loss_id=loss_id, policy=sent.policy or "", rule=sent.rule or "",
        position=sent.position, service=sent.service or "", words=sent.words,
    )  # fmt: skip


def _appeal_said(appeal: Appeal) -> AppealSaid:
    return AppealSaid(
        kind=AppealKind(appeal.kind), state=AppealState(appeal.state), opened_at=appeal.opened_at, due_date=appeal.due_date,
        closed_at=appeal.closed_at,
    )  # fmt: skip


def _attestation_said(request: Request, claim: Claim, made: Attestation) -> AttestationSaid:
    address = f"/api/v1/claims/{claim.reference}/attestations/{made.number}.pdf"
    return AttestationSaid(
        number=made.number, language=made.language, record_version=made.record_version.number,
        content_sha256=made.content_hash, made_at=made.made_at, pdf=request.build_absolute_uri(address),
    )  # fmt: skip
