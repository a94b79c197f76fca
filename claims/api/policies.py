"""Published policies, and what each asks for, as JSON Schemas of the facts of a claim and of a loss."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.questions import text_asked
from claims.api.views import said
from claims.eligibility import FactSpec, Pack
from claims.operations import packs_in_force, published_packs
from services.api import PublicView
from services.language import in_english
from services.lookups import find_incident
from services.refusals import Unknown

TYPES: dict[str, dict[str, Any]] = {
    "money": {"type": "integer"}, "integer": {"type": "integer"}, "boolean": {"type": "boolean"},
    "instant": {"type": "string", "format": "date-time"}, "date": {"type": "string", "format": "date"},
    "text": {"type": "string", "maxLength": 200},
}  # fmt: skip


class UnknownPolicy(Unknown):
    code = "unknown_policy"


class PolicySaid(BaseModel):
    """What a policy asks for. What is left out is not known, and may be asked for by staff."""

    code: str = Field(examples=["kakao_bike"])
    version: int
    title: str
    demonstration: bool = Field(description="Of nobody's real scheme.")
    facts: dict[str, Any] = Field(description="JSON Schema of `facts` and `recorded_facts` of a claim.")
    loss_facts: dict[str, Any] = Field(description="JSON Schema of `facts` and `recorded_facts` of a loss.")


class PoliciesSaid(BaseModel):
    """By code."""

    data: list[PolicySaid]


class PolicyList(PublicView):
    """The policies in force for an incident (`?incident=`), else the newest version of all."""

    parameters = ("incident",)
    answers = {"GET": (200, PoliciesSaid)}

    def get(self, request: Request) -> Response:
        key = text_asked(request, "incident")
        packs = published_packs() if key is None else packs_in_force(find_incident(key))
        return said(PoliciesSaid(data=[policy_said(pack) for pack in sorted(packs, key=lambda pack: pack.code)]))


class PolicyOne(PublicView):
    """The newest version of a policy."""

    answers = {"GET": (200, PolicySaid)}

    def get(self, request: Request, code: str) -> Response:
        found = [pack for pack in published_packs() if pack.code == code]
        if not found:
            raise UnknownPolicy("There is no such policy.")
        return said(policy_said(found[0]))


def policy_said(pack: Pack) -> PolicySaid:
    return PolicySaid(
        code=pack.code, version=pack.number, title=pack.body.title.said(in_english()), demonstration=pack.demonstration,
        facts=_schema(pack, "claim"), loss_facts=_schema(pack, "loss"),
    )  # fmt: skip


def _schema(pack: Pack, of: str) -> dict[str, Any]:
    asked = {name: _of_fact(spec) for name, spec in pack.body.facts.items() if spec.of == of}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": asked,
        "additionalProperties": False,
    }  # fmt: skip


def _of_fact(spec: FactSpec) -> dict[str, Any]:
    """With what it is called, what proves it, and whose word is enough to decide (`x-decides`)."""
    schema = {**TYPES[spec.type], "title": spec.label.said(in_english()), "x-decides": spec.decide}
    if spec.type in ("money", "integer"):
        schema |= dict(zip(("minimum", "maximum"), spec.bounds, strict=True))
    if spec.values is not None:
        schema["enum"] = list(spec.values)
    if spec.help is not None:
        schema["description"] = spec.help.said(in_english())
    if spec.default is not None:
        schema["default"] = spec.default
    if spec.documents:
        schema["x-documents"] = {code: label.said(in_english()) for code, label in spec.documents.items()}
    return schema
