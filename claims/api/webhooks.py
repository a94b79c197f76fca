"""Where a partner's program is told of claims, what it was told, and how that went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of, partner_of
from accounts.models import Scope
from claims.api.paging import PARAMETERS, Page, paged
from claims.api.views import ApiView, said, version_read, written
from claims.models import DeliveryState, EndpointState, StoppedFor, WebhookEndpoint, WebhookKind
from claims.operations import (
    UnknownDelivery,
    UnknownWebhook,
    WebhookMoved,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    register_endpoint,
    remove_endpoint,
    replay_delivery,
    replay_since,
    rotate_secret,
    send_test_event,
)
from claims.operations.refusals import ReferenceUnknown
from claims.queries import attempts_of, deliveries_of, endpoints_of, secrets_of
from services import clock
from services.bodies import Body
from services.body_fields import Instant, Line, Url
from services.refusals import Refusal

SCOPES = (Scope.WRITE_WEBHOOKS,)
Kinds = Annotated[list[Annotated[Line, Field(max_length=40)]], Field(max_length=20)]
Description = Annotated[Line, Field(max_length=200)]


class OneOfTwo(Refusal):
    code = "one_of_two"


class WebhookSent(Body):
    """Where to, by https on port 443 of a public address; `kinds`: what it is told, all if empty."""

    url: Url = Field(examples=["https://partner.example/hooks"])
    kinds: Kinds = Field([], examples=[["claim.decided"]])
    description: Description = ""


class WebhookChange(Body):
    """What is left out, or null, stays."""

    url: Url | None = None
    kinds: Kinds | None = None
    description: Description | None = None
    enabled: bool | None = None


class ReplaySent(Body):
    """One `event` once more, or all of [since, before)."""

    event: str | None = Field(None, max_length=36)
    since: Instant | None = None
    before: Instant | None = None


class WebhookSaid(BaseModel):
    """`stopped_for`: why it is disabled; `version` changes with it, also where we disable it."""

    id: UUID
    url: str
    kinds: list[str]
    description: str
    state: EndpointState
    stopped_for: StoppedFor | None
    failures: int = Field(description="Tries that failed since the last one that did not.")
    last_failure: str | None
    registered_at: Instant
    version: int


class WebhooksSaid(BaseModel):
    """The first registered first."""

    data: list[WebhookSaid]


class SecretSaid(BaseModel):
    """By which its messages are signed (https://www.standardwebhooks.com). After a rotation both sign for a day."""

    secrets: list[str] = Field(description="The newest first.")


class DeliverySaid(BaseModel):
    """One event on its way to one webhook. `number`: of the claim's events, from 1 without gaps."""

    event: UUID
    type: WebhookKind
    claim: str | None
    number: int | None
    state: DeliveryState
    attempts: int
    due_at: Instant
    ended_at: Instant | None


class DeliveryPage(Page[DeliverySaid]):
    """The newest event first."""


class AttemptSaid(BaseModel):
    """`status` of HTTP, or our code of why there was none."""

    at: Instant
    status: int | None
    failure: str | None
    milliseconds: int


class DeliveryWhole(DeliverySaid):
    """With what was sent, unless it was erased, and each call."""

    payload: str | None
    log: list[AttemptSaid]


class Replayed(BaseModel):
    events: int


class WebhookView(ApiView):
    """For who may set webhooks."""

    def about(self, request: Request, key: UUID | None = None) -> dict[str, Any]:
        """What each operation is told."""
        told: dict[str, Any] = {"partner_id": partner_of(request).pk, "client_id": caller_of(request).client_id}
        return told if key is None else {**told, "endpoint": _webhook(request, key).key}


class Webhooks(WebhookView):
    """Your webhooks, at most ten; one is set by POST. Its secret is at `/webhooks/{id}/secret`."""

    scopes = {"GET": SCOPES, "HEAD": SCOPES, "POST": SCOPES}
    bodies, answers = {"POST": WebhookSent}, {"GET": (200, WebhooksSaid), "POST": (201, WebhookSaid)}

    def get(self, request: Request) -> Response:
        return said(WebhooksSaid(data=[_webhook_said(one) for one in endpoints_of(partner_of(request).pk)]))

    def post(self, request: Request) -> HttpResponse:
        """Register a webhook."""

        def act(body: WebhookSent, now: datetime) -> WebhookSaid:
            told = {"url": body.url, "kinds": body.kinds, "description": body.description}
            return _webhook_said(register_endpoint(**self.about(request), **told, now=now)[0])  # type: ignore[arg-type]

        return written(request, WebhookSent, act, location=lambda made: f"/api/v1/webhooks/{made.id}")


class WebhookOne(WebhookView):
    """One webhook. PATCH changes it, with `If-Match`; DELETE removes it for ever, and what waits for it is not sent."""

    scopes = {"GET": SCOPES, "HEAD": SCOPES, "PATCH": SCOPES, "DELETE": SCOPES}
    bodies = {"PATCH": WebhookChange}
    answers = {"GET": (200, WebhookSaid), "PATCH": (200, WebhookSaid), "DELETE": (204, None)}
    versioned = ("PATCH",)

    def get(self, request: Request, key: UUID) -> Response:
        found = _webhook(request, key)
        return said(_webhook_said(found), headers={"ETag": f'"{found.version}"'})

    def patch(self, request: Request, key: UUID) -> HttpResponse:
        """Change a webhook."""

        def act(body: WebhookChange, now: datetime) -> WebhookSaid:
            about = self.about(request, key)
            said_of = {"url": body.url, "kinds": body.kinds, "description": body.description}
            changed = change_endpoint(**about, **said_of, version=_version_seen(request), now=now)  # type: ignore[arg-type]
            if body.enabled is not None:
                changed = (enable_endpoint if body.enabled else disable_endpoint)(**about, now=now)
            return _webhook_said(changed)

        return written(request, WebhookChange, act, status=200)

    def delete(self, request: Request, key: UUID) -> HttpResponse:
        """Remove a webhook for ever."""
        return written(request, None, lambda body, now: remove_endpoint(**self.about(request, key), now=now))


class WebhookSecret(WebhookView):
    """The secret, which is kept nowhere; POST gives it a new one."""

    scopes = {"GET": SCOPES, "HEAD": SCOPES, "POST": SCOPES}
    answers = {"GET": (200, SecretSaid), "POST": (200, WebhookSaid)}

    def get(self, request: Request, key: UUID) -> Response:
        return said(SecretSaid(secrets=secrets_of(_webhook(request, key), now=clock.now())))

    def post(self, request: Request, key: UUID) -> HttpResponse:
        """Give a webhook another secret."""

        def act(body: None, now: datetime) -> WebhookSaid:
            return _webhook_said(rotate_secret(**self.about(request, key), now=now)[0])

        return written(request, None, act, status=200)


class WebhookTest(WebhookView):
    """Sends an event of the type `webhook.test`."""

    scopes = {"POST": SCOPES}
    answers = {"POST": (201, DeliverySaid)}

    def post(self, request: Request, key: UUID) -> HttpResponse:
        def act(body: None, now: datetime) -> DeliverySaid:
            return _delivery_said(send_test_event(**self.about(request, key), now=now))

        return written(request, None, act)


class WebhookReplays(WebhookView):
    """Sends again what was sent, or would have been."""

    scopes = {"POST": SCOPES}
    bodies, answers = {"POST": ReplaySent}, {"POST": (200, Replayed)}

    def post(self, request: Request, key: UUID) -> HttpResponse:
        def act(body: ReplaySent, now: datetime) -> Replayed:
            about = self.about(request, key)
            if body.event is not None and body.since is body.before is None:
                try:
                    replay_delivery(**about, event=_event(body.event), now=now)
                except UnknownDelivery:
                    raise ReferenceUnknown("There is no such event.", field="event") from None
                return Replayed(events=1)
            if body.since is None or body.event is not None:
                raise OneOfTwo("Say event alone, or since, with before or without.", field="since")
            return Replayed(events=replay_since(**about, since=body.since, before=body.before, now=now))

        return written(request, ReplaySent, act, status=200)


class WebhookDeliveries(WebhookView):
    """What was sent to a webhook, or waits, the newest event first."""

    scopes = {"GET": SCOPES, "HEAD": SCOPES}
    parameters = PARAMETERS
    answers = {"GET": (200, DeliveryPage)}

    def get(self, request: Request, key: UUID) -> Response:
        rows: QuerySet[Any] = deliveries_of(partner_of(request).pk, _webhook(request, key).key)
        return paged(request, rows, _delivery_said, DeliveryPage)


class WebhookDeliveryOne(WebhookView):
    """One event, with what was sent and each call."""

    scopes = {"GET": SCOPES, "HEAD": SCOPES}
    answers = {"GET": (200, DeliveryWhole)}

    def get(self, request: Request, key: UUID, event: UUID) -> Response:
        partner = partner_of(request).pk
        found = deliveries_of(partner, _webhook(request, key).key).filter(event__key=event).first()
        if found is None:
            raise UnknownDelivery("There is no such delivery.")
        log = [
            AttemptSaid(at=one.at, status=one.status, failure=one.failure or None, milliseconds=one.milliseconds)
            for one in attempts_of(partner, key, event)
        ]
        payload = getattr(getattr(found.event, "kept", None), "text", None)
        return said(DeliveryWhole(**_delivery_said(found).model_dump(), payload=payload, log=log))


def _webhook(request: Request, key: UUID) -> WebhookEndpoint:
    """Raises UnknownWebhook, also for one of another partner."""
    found = endpoints_of(partner_of(request).pk).filter(key=key).first()
    if found is None:
        raise UnknownWebhook("There is no such webhook.")
    return found


def _version_seen(request: Request) -> int:
    """By `If-Match`. Raises VersionRequired, WebhookMoved."""
    match version_read(request):
        case (version,):
            return version
    raise WebhookMoved("This has changed meanwhile. Read it again, then do it.")


def _event(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ReferenceUnknown("There is no such event.", field="event") from None


def _webhook_said(one: WebhookEndpoint) -> WebhookSaid:
    return WebhookSaid(
        id=one.key, url=one.url, kinds=one.kinds, description=one.description, state=EndpointState(one.state),
        stopped_for=StoppedFor(one.stopped_for) if one.stopped_for else None, failures=one.failures,
        last_failure=one.last_failure or None, registered_at=one.registered_at, version=one.version,
    )  # fmt: skip


def _delivery_said(one: Any) -> DeliverySaid:
    event = one.event
    return DeliverySaid(
        event=event.key, type=WebhookKind(event.kind), claim=event.claim.reference if event.claim else None,
        number=event.number, state=DeliveryState(one.state), attempts=one.attempts, due_at=one.due_at, ended_at=one.ended_at,
    )  # fmt: skip
