"""Partners have something sent to them on purpose: a test, one event once more, or all since an instant. Each expects a
transaction.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Exists, OuterRef

from accounts.models import AccountEventKind
from claims import hints
from claims.models import (
    CHOSEN_KINDS,
    DeliveryState,
    EndpointState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookKind,
    WebhookPayload,
)
from claims.operations.endpoints import lock_endpoint, log_of_endpoint
from services.instants import check_instant, check_optional_instant, check_span
from services.refusals import Refusal, Unknown
from services.salted import Salted

MOST_REPLAYED = 50_000  # events at once


class WebhookDisabled(Refusal):
    code = "webhook_disabled"


class UnknownDelivery(Unknown):
    code = "unknown_delivery"


class PayloadErased(Refusal):
    code = "payload_erased"


class TooManyReplayed(Refusal):
    code = "too_many_replayed"


def send_test_event(*, partner_id: int, endpoint: UUID, client_id: str, now: datetime) -> WebhookDelivery:
    """An event of no claim, to this endpoint only. While one waits it is that one. Raises UnknownWebhook, WebhookDisabled."""
    now = check_instant(now, "now")
    found = _enabled(partner_id, endpoint)
    waiting = WebhookDelivery.objects.filter(
        endpoint=found, state=DeliveryState.WAITING, event__kind=WebhookKind.TEST
    ).first()  # fmt: skip
    if waiting is None:
        told = {
            "type": WebhookKind.TEST.value,
            "timestamp": f"{now:%Y-%m-%dT%H:%M:%S.%fZ}",
            "data": {"webhook": str(found.key)},
        }
        salted = Salted.of(json.dumps(told))
        event = WebhookEvent.objects.create(
            partner=found.partner, key=uuid4(), kind=WebhookKind.TEST, digest=salted.digest, made_at=now
        )
        WebhookPayload.objects.create(event=event, text=salted.text, salt=salted.salt)
        waiting = WebhookDelivery.objects.create(event=event, endpoint=found, due_at=now)
    _send_now(found, now)
    log_of_endpoint(AccountEventKind.WEBHOOK_TESTED, found, client_id, now)
    return waiting


def replay_delivery(*, partner_id: int, endpoint: UUID, event: UUID, client_id: str, now: datetime) -> WebhookDelivery:
    """Send it once more, whether it arrived or not, with all its tries. Raises UnknownWebhook, WebhookDisabled,
    UnknownDelivery, PayloadErased.
    """
    now = check_instant(now, "now")
    found = _enabled(partner_id, endpoint)
    delivery = WebhookDelivery.objects.filter(endpoint=found, event__key=event).first()
    if delivery is None:
        raise UnknownDelivery(f"Event {event} was never to go to this webhook.", field="event")
    if not WebhookPayload.objects.filter(pk=delivery.event_id).exists():
        raise PayloadErased("What this event said was erased. Ask for the claim itself.", field="event")
    delivery.state, delivery.attempts, delivery.due_at, delivery.ended_at = DeliveryState.WAITING, 0, now, None
    delivery.save(update_fields=["state", "attempts", "due_at", "ended_at"])
    _send_now(found, now)
    log_of_endpoint(AccountEventKind.WEBHOOK_REPLAYED, found, client_id, now, event=delivery.event_id)
    return delivery


def replay_since(
    *, partner_id: int, endpoint: UUID, since: datetime, client_id: str, now: datetime, before: datetime | None = None
) -> int:
    """Send everything again that the partner was told, or would have been, in [since, before), of the kinds that the endpoint
    wants: also what happened before it was registered or while it was disabled. How many events.

    Raises UnknownWebhook, WebhookDisabled, TooManyReplayed, what `check_span` raises.
    """
    now = check_instant(now, "now")
    since, before = check_span(since, check_optional_instant(before, "before"), start_field="since", end_field="before")
    found = _enabled(partner_id, endpoint)
    kept = Exists(WebhookPayload.objects.filter(pk=OuterRef("pk")))
    events = WebhookEvent.objects.filter(kept, partner=partner_id, made_at__gte=since, kind__in=found.kinds or CHOSEN_KINDS)
    events = events if before is None else events.filter(made_at__lt=before)
    ids = list(events.order_by("made_at", "pk").values_list("pk", flat=True)[: MOST_REPLAYED + 1])
    if len(ids) > MOST_REPLAYED:
        raise TooManyReplayed(f"These are more than {MOST_REPLAYED:,} events. Replay them day by day.", field="since")
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(REPLAY, {"endpoint": found.pk, "events": ids, "now": now})
        _send_now(found, now)
        log_of_endpoint(AccountEventKind.WEBHOOK_REPLAYED, found, client_id, now, since=since.isoformat(), events=len(ids))
    return len(ids)


def _enabled(partner_id: int, endpoint: UUID) -> WebhookEndpoint:
    """Locked, before its deliveries. Raises UnknownWebhook, WebhookDisabled."""
    found = lock_endpoint(partner_id, endpoint)
    if found.state != EndpointState.ENABLED:
        raise WebhookDisabled("This webhook is disabled. Enable it first.", field="webhook")
    return found


def _send_now(endpoint: WebhookEndpoint, now: datetime) -> None:
    """Whoever asks says that it works again: a pause after failures is over."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(paused_until=None)
    hints.write_hint(hints.DELIVER_WEBHOOKS, now=now)


REPLAY = """
INSERT INTO claims_webhookdelivery (event_id, endpoint_id, state, attempts, due_at)
SELECT id, %(endpoint)s, 'waiting', 0, %(now)s FROM unnest(%(events)s::bigint[]) AS e(id) ORDER BY id
ON CONFLICT (endpoint_id, event_id)
DO UPDATE SET state = 'waiting', attempts = 0, due_at = excluded.due_at, ended_at = NULL"""
