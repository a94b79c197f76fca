"""The API's description (OpenAPI 3.1), out of its views: what each takes, answers and refuses."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from pydantic.json_schema import model_json_schema

from claims.api.paging import MOST, USUAL
from claims.api.questions import LONGEST
from claims.models import ClaimKind, DecisionStatus, ImportEncoding, ImportMode, PaymentStatus, ReviewStatus
from services.bodies import MEDIA_TYPE, Body
from services.problems import PROBLEM_JSON, Problem


def _text(example: str | None = None) -> dict[str, Any]:
    return {"type": "string", "maxLength": LONGEST, **({"examples": [example]} if example else {})}


IN_QUERY: dict[str, tuple[dict[str, Any], str]] = {
    "cursor": ({"type": "string"}, "Of the page before, out of its `next`."),
    "limit": ({"type": "integer", "minimum": 1, "maximum": MOST}, f"Rows of a page; {USUAL} if left out."),
    "person": (_text("rider-1"), "Your own number of the person; for claimants and staff ours."),
    "external_id": (_text("ride-1"), "Your own number of it; others have none."),
    "service": (_text("kakao_t_bike.ride_end_billing"), "A service by its dotted code."),
    "incident": (_text("kakao-2022-10-15"), "An incident by its key."),
    "review": ({"type": "string", "enum": ReviewStatus.values}, "Claims with this status of review."),
    "decision": ({"type": "string", "enum": DecisionStatus.values}, "Claims with this status of decision."),
    "payment": ({"type": "string", "enum": PaymentStatus.values}, "Claims with this status of payment."),
    "claim": (_text("C-7K3M-9QWX"), "A claim by its reference."),
    "version": ({"type": "integer", "minimum": 1, "maximum": 10**9 - 1}, "Of the record; the newest if left out."),
    "as_of": ({"type": "string", "format": "date-time"}, "The version that was in force then."),
    "kind": ({"type": "string", "enum": ClaimKind.values}, "What somebody wants."),
    "reason": (_text(), "Why a person has to look at it, by code."),
    "encoding": ({"type": "string", "enum": ImportEncoding.values}, "Of the file; `utf_8` if left out."),
    "mode": ({"type": "string", "enum": ImportMode.values}, "What a wrong row does; `all_or_nothing` if left out."),
    "dry_run": ({"type": "string", "enum": ["true", "false"]}, "Say what would be stored, and store nothing."),
    "items": (_text("1"), "Numbers of what was asked for, with commas."),
    "shows": (_text("kakao_bike.ride_locked_at"), "What else the file shows: `policy.fact`, with commas."),
    "name": (_text("calls.csv"), "What the sender calls the file."),
}
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, pattern=r"^[!-~]{1,255}$",
    description="New for each request; the same one when it is sent again. 1 to 255 visible ASCII characters.",
)  # fmt: skip
MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that came when it was read."
)
WRITES = ("POST", "PUT", "PATCH", "DELETE")
PLACE = re.compile(r"\{(\w+)\}")


class Shapes(PydanticExtension):  # type: ignore[no-untyped-call]  # as the library registers it
    """What is sent is described as it is checked; what is answered as it is said, with nothing left out."""

    priority = 1

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        mode: Any = "validation" if issubclass(self.target, Body) else "serialization"
        schema = model_json_schema(self.target, ref_template="#/components/schemas/{model}", mode=mode)
        for name, part in schema.pop("$defs", {}).items():
            kind: Any = ResolvedComponent
            component = kind(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part)
            auto_schema.registry.register_on_missing(component)
        return schema


class ApiSchema(AutoSchema):
    """A view says `bodies` and `answers` by method; the rest follows from what it asks for."""

    view: Any

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def map_parsers(self) -> list[str]:
        return [MEDIA_TYPE]

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}{type(self.view).__name__}"

    def get_summary(self) -> str:
        """The first sentence of what the view says of this method, or of itself."""
        return re.split(r"[.;:](?:\s|$)", self._said(), maxsplit=1)[0].replace("\n", " ")

    def get_description(self) -> str:  # type: ignore[override]  # as its own parent has it
        return inspect.cleandoc(type(self.view).__doc__ or "")

    def _said(self) -> str:
        of_method = getattr(self.view, self.method.lower()).__doc__
        return inspect.cleandoc(of_method or type(self.view).__doc__ or "")

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]

    def get_request_serializer(self) -> Any:
        sent = self.view.bodies.get(self.method)
        return dict.fromkeys(sent, OpenApiTypes.BINARY) if isinstance(sent, tuple) else sent

    def get_response_serializers(self) -> Any:
        status, shape = self.view.answers[self.method]
        answers = {
            (status, *([shape] if isinstance(shape, str) else [])): OpenApiTypes.BINARY if isinstance(shape, str) else shape
        }
        if shape is None:
            answers = {status: OpenApiResponse(description="Done.")}
        refused = {(code, PROBLEM_JSON): OpenApiResponse(Problem, description="A problem.") for code in self._refusals()}
        none = {204: OpenApiResponse(description="There is none.")} if self.view.may_find_nothing else {}
        if not self.view.authentication_classes:
            none[304] = OpenApiResponse(description="What you have (`If-None-Match`) is still so.")
        return {**answers, **none, **refused}

    def get_override_parameters(self) -> list[Any]:
        known = self.view.written_with if self.method in WRITES else self.view.parameters
        query = [OpenApiParameter(name, IN_QUERY[name][0], description=IN_QUERY[name][1]) for name in known]
        keyed = [KEY] if self.method in WRITES and self.view.keyed else []
        return [*query, *keyed, *([MATCH] if self.method in self.view.versioned else [])]

    def get_auth(self) -> list[Any]:
        if not self.view.authentication_classes:
            return []
        return [{"oauth2": [scope]} for scope in self.view.scopes[self.method]] or [{"oauth2": []}]

    def _refusals(self) -> Iterator[int]:
        """Statuses of problems; those of a broken service are no answer of ours."""
        yield from (400, 406, 411, 413, 503)
        if self.view.authentication_classes:
            yield from (401, 403, 429)
        if PLACE.search(self.path) or "incident" in self.view.parameters or self.view.only_in_sandbox:
            yield 404
        if self.method in WRITES:
            yield from (409, 415, 422)
        if self.method in self.view.versioned:
            yield from (412, 428)


def of_this_version(endpoints: list[Any]) -> list[Any]:
    """What other tools read of the record is in their shape, and described by them."""
    return [one for one in endpoints if one[0].startswith("/api/v1/")]


# What answers say beside their bodies, by status, or by all.
HEADERS: dict[str, dict[str, str]] = {
    "": {
        "X-Request-Id": "Of this request; in a problem it is `request_id`.",
        "RateLimit-Policy": "How many requests a minute there may be (draft-ietf-httpapi-ratelimit-headers).",
        "RateLimit": "How many of them are left, and the seconds until all are again.",
    },
    "429": {"Retry-After": "Seconds."},
    "503": {"Retry-After": "Seconds."},
}


def with_headers(result: Any, **_: Any) -> Any:
    """The headers of each answer."""
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            asked = {one["name"] for one in operation.get("parameters", [])}
            done = {name: what for name, (where, what) in OF_SUCCESS.items() if where(path, method, asked)}
            for status, answer in operation["responses"].items():
                told = HEADERS[""] | HEADERS.get(status, {}) | (done if status.startswith("2") else {})
                answer["headers"] = {name: {"schema": {"type": "string"}, "description": what} for name, what in told.items()}
    return result


VERSIONED = ("/api/v1/claims/{reference}", "/api/v1/webhooks/{key}")  # whose GET has the ETag that comes back as If-Match
# Of what was done or found: where it is, by path, method and the names of parameters, and what it says.
OF_SUCCESS: dict[str, tuple[Callable[[str, str, set[str]], bool], str]] = {
    "Link": (lambda path, method, asked: "cursor" in asked, 'The next page, `rel="next"` (RFC 8288).'),
    "ETag": (lambda path, method, asked: path in VERSIONED and method == "get", "What comes back as `If-Match`."),
    "Idempotency-Replayed": (
        lambda path, method, asked: "Idempotency-Key" in asked, "`true` where the key was answered before.",
    ),
}  # fmt: skip
