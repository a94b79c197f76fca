"""What a partner's program may see of its webhooks. Each begins at the partner: of another one there is nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from claims.keys import webhook_secret
from claims.models import EndpointState, WebhookAttempt, WebhookDelivery, WebhookEndpoint


def endpoints_of(partner_id: int) -> QuerySet[WebhookEndpoint]:
    """Without removed ones, the first registered first."""
    return WebhookEndpoint.objects.filter(partner=partner_id).exclude(state=EndpointState.REMOVED).order_by("pk")


def deliveries_of(partner_id: int, endpoint: UUID) -> QuerySet[WebhookDelivery]:
    """With their events and what was sent; also of a removed endpoint. The newest event first."""
    of_endpoint = WebhookDelivery.objects.filter(endpoint__partner=partner_id, endpoint__key=endpoint)
    return of_endpoint.select_related("event__kept", "event__claim").order_by("-event_id")


def attempts_of(partner_id: int, endpoint: UUID, event: UUID) -> QuerySet[WebhookAttempt]:
    """Calls with one event, the first one first."""
    of_endpoint = WebhookAttempt.objects.filter(delivery__endpoint__partner=partner_id, delivery__endpoint__key=endpoint)
    return of_endpoint.filter(delivery__event__key=event).order_by("pk")


def secrets_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """Those that sign what is sent to it now, the newest first."""
    previous = endpoint.previous_until is not None and now < endpoint.previous_until
    return [webhook_secret(endpoint.key, serial) for serial in (endpoint.serial, *([endpoint.serial - 1] if previous else []))]
