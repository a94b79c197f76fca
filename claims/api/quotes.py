"""What somebody would get, before anything is claimed. Nothing is stored."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.claims import Story, story_of
from claims.api.views import ApiView, told
from claims.eligibility.explanation_text import ExplanationText
from claims.operations import Quote, quote_claim
from claims.operations.quotes import expected_of
from claims.queries.explanation import cited_by
from services.names import service_names
from services.seoul import SEOUL


class ExpectedSaid(BaseModel):
    """In minor units of money, else in whole units."""

    remedy: str
    unit: str
    currency: str | None
    quantity: int


class QuotedLine(BaseModel):
    """What one rule of a policy says."""

    policy: str | None
    rule: str | None
    outcome: str
    reasons: list[str]
    remedy: str | None
    unit: str | None
    quantity: int | None
    currency: str | None
    counted_seconds: int


class QuoteSaid(BaseModel):
    """`expected`: all of it once it is proved; `explanation`: every counted minute and figure with its source, line by line."""

    incident: str
    record_version: int
    expected: list[ExpectedSaid]
    lines: list[QuotedLine]
    explanation: list[str] = Field(description="In the language of the answer.")


class Quotes(ApiView):
    """A quote, by the official record and the policies in force. No key is needed: nothing is stored."""

    scopes = {"POST": ()}
    bodies, answers, keyed = {"POST": Story}, {"POST": (200, QuoteSaid)}, False

    def post(self, request: Request) -> Response:
        def act(body: Story, now: datetime) -> QuoteSaid:
            quote = quote_claim(now=now, **story_of(body))
            return _quote_said(body.incident, quote)

        return told(request, Story, act)


def _quote_said(incident: str, quote: Quote) -> QuoteSaid:
    language, names = "en" if (get_language() or "ko").startswith("en") else "ko", service_names()
    wording = ExplanationText(quote.terms, language, names.by_code, cited_by(quote.terms, names), None)
    expected = sorted(expected_of(quote.document).items())
    return QuoteSaid(
        incident=incident, record_version=quote.document["record_version"],
        expected=[
            ExpectedSaid(remedy=remedy, unit=unit, currency=currency or None, quantity=quantity)
            for (remedy, unit, currency), quantity in expected
        ],
        lines=[
            QuotedLine(**{name: line.get(name) or None for name in QuotedLine.model_fields if name in NULLABLE},
                       outcome=line["outcome"], reasons=line["reasons"], quantity=line["quantity"],
                       counted_seconds=line["counted_seconds"])
            for line in quote.document["lines"]
        ],
        explanation=wording.explanation(quote.document, SEOUL),
    )  # fmt: skip


NULLABLE = ("policy", "rule", "remedy", "unit", "currency")
