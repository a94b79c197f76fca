"""What was decided about claims in sight, and what is paid for them. Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import AppScope, Scope
from claims.api.paging import PARAMETERS, Page, paged
from claims.api.questions import text_asked
from claims.api.sight import claims_seen, log_sight
from claims.api.views import ApiView
from claims.models import ClaimStatus, Decision, DecisionUndone, PaymentPart, Payout, PayoutKind
from claims.operations import typed_reference
from services.body_fields import Instant

READS_DECISIONS = (Scope.READ_DECISIONS, AppScope.READ_OWN, AppScope.READ_CASES)
PARAMETERS_OF_CLAIMS = (*PARAMETERS, "claim")
READS_PAYOUTS = (Scope.READ_PAYOUTS, AppScope.READ_OWN, AppScope.READ_CASES)


class DecisionSaid(BaseModel):
    """An approval or a rejection. `stands`: it is the one that counts now."""

    claim: str
    approved: bool
    reasons: list[str]
    automatic: bool = Field(description="By a rule, without a person.")
    decided_at: Instant
    stands: bool
    undone: bool


class PayoutSaid(BaseModel):
    """A difference that a decision made by one rule: of money in minor units, below zero where it is asked back.

    `state`: of a transfer `sent`, `paid` or `failed`; null: it is not in one, or does not go out as one.
    """

    claim: str
    policy: str
    rule: str
    kind: PayoutKind
    remedy: str
    unit: str
    currency: str | None
    quantity: int
    created_at: Instant
    state: str | None


class DecisionPage(Page[DecisionSaid]):
    """Newest first."""


class PayoutPage(Page[PayoutSaid]):
    """Newest first."""


class Decisions(ApiView):
    """Decisions about claims in sight, newest first; of one claim by `?claim=`."""

    scopes = {"GET": READS_DECISIONS, "HEAD": READS_DECISIONS}
    parameters = PARAMETERS_OF_CLAIMS
    answers = {"GET": (200, DecisionPage)}

    def get(self, request: Request) -> Response:
        stands = Exists(ClaimStatus.objects.filter(stands=OuterRef("pk")))
        undone = Exists(DecisionUndone.objects.filter(decision=OuterRef("pk")))
        rows = Decision.objects.filter(claim__in=_asked(request)).select_related("claim")
        seen = partial(_log, request)
        return paged(request, rows.annotate(stands=stands, is_undone=undone), _decision_said, DecisionPage, seen)


class Payouts(ApiView):
    """What was decided to be paid or asked back, newest first; of one claim by `?claim=`."""

    scopes = {"GET": READS_PAYOUTS, "HEAD": READS_PAYOUTS}
    parameters = PARAMETERS_OF_CLAIMS
    answers = {"GET": (200, PayoutPage)}

    def get(self, request: Request) -> Response:
        newest = PaymentPart.objects.filter(payout=OuterRef("pk")).order_by("-pk").values("item__state")[:1]
        rows = Payout.objects.filter(claim__in=_asked(request)).select_related("claim")
        return paged(request, rows.annotate(state=newest), _payout_said, PayoutPage, partial(_log, request))


def _asked(request: Request) -> QuerySet[Any, Any]:
    """Ids of claims in sight, or of the one that is named."""
    claims, reference = claims_seen(request), text_asked(request, "claim")
    if reference is not None:
        claims = claims.filter(reference=typed_reference(reference))
        log_sight(request, list(claims))
    return claims.order_by().values("pk")


def _log(request: Request, rows: Sequence[Any]) -> None:
    """Of a page about many claims; the one that is named is logged where it is asked for."""
    if "claim" not in request.GET:
        log_sight(request, list({row.claim_id: row.claim for row in rows}.values()))


def _decision_said(row: Any) -> DecisionSaid:
    return DecisionSaid(
        claim=row.claim.reference, approved=row.approved, reasons=row.reasons, automatic=row.decided_by_id is None,
        decided_at=row.decided_at, stands=row.stands, undone=row.is_undone,
    )  # fmt: skip


def _payout_said(row: Any) -> PayoutSaid:
    return PayoutSaid(
        claim=row.claim.reference, policy=row.policy, rule=row.rule, kind=row.kind, remedy=row.remedy, unit=row.unit,
        currency=row.currency or None, quantity=row.quantity, created_at=row.created_at, state=row.state,
    )  # fmt: skip
