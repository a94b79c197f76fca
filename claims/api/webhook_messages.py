"""What a partner's webhook is told, in the API's description: the `webhooks` of OpenAPI 3.1. Written in SQL, by
claims/operations/partner_events.py; the tests hold each message against this.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from claims.models import CHOSEN_KINDS, DecisionStatus, PaymentStatus, ReviewStatus, WebhookKind
from claims.webhook_words import KINDS
from services.body_fields import Instant


class ClaimTold(BaseModel):
    """Where a claim stands once this has happened. `number`: of what is told of this claim, from 1 without gaps."""

    claim: str = Field(examples=["C-7K3M-9QWX"])
    number: int = Field(ge=1)
    incident: str = Field(examples=["kakao-2022-10-15"])
    person: str = Field(description="Your number of the person.")
    review: ReviewStatus
    decision: DecisionStatus
    payment: PaymentStatus


class ClaimMessage(BaseModel):
    """Something has happened to a claim of somebody whom you know."""

    type: Literal[CHOSEN_KINDS]  # type: ignore[valid-type]  # the values of the kinds
    timestamp: Instant
    data: ClaimTold


class TrialTold(BaseModel):
    webhook: UUID


class TrialMessage(BaseModel):
    """You asked for it."""

    type: Literal["webhook.test"]
    timestamp: Instant
    data: TrialTold


# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
HEADERS = {
    "webhook-id": "Of what happened: the same each time it is sent.",
    "webhook-timestamp": "When it was sent: seconds since 1970.",
    "webhook-signature": "`v1,` and an HMAC of id, timestamp and body; a second one for a day after the secret changed.",
}
ANSWERS = {
    "2XX": "It has arrived.",
    "410": "Nobody is here any more: the webhook is disabled.",
    "default": "It is sent again: ten times in three days.",
}


def with_webhooks(result: Any, **_: Any) -> Any:
    """What is sent to you, by its type."""
    shapes: list[tuple[type[BaseModel], Literal["serialization"]]] = [
        (ClaimMessage, "serialization"), (TrialMessage, "serialization")
    ]  # fmt: skip
    defined = models_json_schema(shapes, ref_template="#/components/schemas/{model}")[1]
    for name, schema in defined["$defs"].items():
        result["components"]["schemas"].setdefault(name, schema)
    result["webhooks"] = {kind.value: {"post": _message(kind)} for kind in WebhookKind}
    return result


def _message(kind: WebhookKind) -> dict[str, Any]:
    shape = TrialMessage if kind == WebhookKind.TEST else ClaimMessage
    words = KINDS[kind][1]
    return {
        "operationId": f"on{kind.name.title().replace('_', '')}",
        "summary": words[0].upper() + words[1:],
        "tags": ["webhooks"],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": what}
            for name, what in HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}},
        },
        "responses": {status: {"description": what} for status, what in ANSWERS.items()},
    }
