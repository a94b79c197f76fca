"""Partners' endpoints are called: one event at a time each, several endpoints at once, until all that is due was delivered.

Who calls takes the endpoint for a minute, in a transaction of its own; then calls, with none open; then says in another one
how it went. Who dies in between has the event sent once more, under the same id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from standardwebhooks import Webhook

from claims.keys import webhook_secret
from claims.models import (
    MOST_DELIVERY_TRIES,
    DeliveryState,
    EndpointState,
    StoppedFor,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from claims.operations.endpoints import stop_by_us
from services.clock import real
from services.endpoints import allowed_networks
from services.fetching import post
from services.instants import check_instant
from services.refusals import Refusal

log = logging.getLogger(__name__)

# After the first, second, ... failure: the schedule of Standard Webhooks, 75 h 35 min in all.
PAUSES = [
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]  # fmt: skip
assert len(PAUSES) == MOST_DELIVERY_TRIES - 1
CALL_SECONDS = 15.0  # in all; 5 of them at most to connect
MOST_ANSWERED = 65_536  # bytes of an answer that are read, and kept nowhere
TAKEN = timedelta(seconds=60)  # far more than a call takes
AT_ONCE = 16  # endpoints
LONGEST_TURN = 20.0  # seconds in which new calls begin; with the last of them still below the broker's visibility timeout
LOOK_AGAIN = 0.5  # seconds; while one that is slow is waited for, others may have become due
GONE = 410


@dataclass(frozen=True)
class Taken:
    """A call to be made. `secrets`: all that sign, the newest first."""

    delivery_id: int
    attempts: int
    endpoint_id: int
    turn: int
    failures: int
    url: str
    secrets: tuple[str, ...]
    event: UUID
    text: str


@dataclass(frozen=True)
class Answered:
    """A status, or else why there is none."""

    status: int | None
    failure: str
    milliseconds: int

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def webhooks_are_due(*, now: datetime) -> bool:
    """Whether `deliver_webhooks` has something to do that nobody does already. One short query."""
    return undelivered(now).exists()


def undelivered(now: datetime) -> QuerySet[WebhookEndpoint]:
    """Endpoints that something waits for, which may be called now."""
    waits = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.WAITING, due_at__lte=now)
    rested = Q(paused_until__isnull=True) | Q(paused_until__lte=now)
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=Now())
    return WebhookEndpoint.objects.filter(rested, free, Exists(waits), state=EndpointState.ENABLED)


def deliver_webhooks(*, seconds: float, clock: Callable[[], datetime]) -> bool:
    """Call for so many seconds; whether more is due. Opens its own transactions, and must be called outside any.

    While a slow receiver is waited for, others are called meanwhile. Raises FetchMisconfigured before anything is called: a
    mistake of ours uses up nobody's tries.
    """
    allowed_networks()
    begun = monotonic()
    calls: dict[Future[Answered], Taken] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while calls or monotonic() - begun < seconds:
            fresh = _begin(pool, calls, clock) if monotonic() - begun < LONGEST_TURN else 0
            if not calls and not fresh:
                break
            done, _ = wait(calls, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
            for call in done:
                record_attempt(calls.pop(call), call.result(), now=clock())
    return webhooks_are_due(now=clock())


def _begin(pool: ThreadPoolExecutor, calls: dict[Future[Answered], Taken], clock: Callable[[], datetime]) -> int:
    begun = 0
    while len(calls) < AT_ONCE and (taken := take_delivery(now=clock())) is not None:
        calls[pool.submit(call_endpoint, taken, now=real())] = taken
        begun += 1
    return begun


def take_delivery(*, now: datetime) -> Taken | None:
    """Of the endpoint whose last turn is longest ago, what is due longest. It is nobody else's for a minute. None: nothing is
    due that nobody does already.
    """
    now = check_instant(now, "now")
    with transaction.atomic(durable=True):
        waiting = undelivered(now).order_by(F("served_at").asc(nulls_first=True), "pk")
        endpoint = waiting.select_for_update(skip_locked=True, no_key=True).first()
        if endpoint is None:
            return None
        delivery = _next_due(endpoint, now)
        if delivery is None:  # delivered or given up between the two looks; what else is due the next call finds
            return None
        endpoint.turn += 1
        taken = WebhookEndpoint.objects.filter(pk=endpoint.pk)
        taken.update(turn=endpoint.turn, served_at=now, taken_until=Now() + TAKEN)
    serials = [endpoint.serial]
    if endpoint.previous_until is not None and now < endpoint.previous_until:
        serials.append(endpoint.serial - 1)
    return Taken(
        delivery_id=delivery.pk, attempts=delivery.attempts, endpoint_id=endpoint.pk, turn=endpoint.turn,
        failures=endpoint.failures, url=endpoint.url, event=delivery.event.key, text=delivery.event.kept.text,
        secrets=tuple(webhook_secret(endpoint.key, serial) for serial in serials),
    )  # fmt: skip


def _next_due(endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery | None:
    """What was erased is not sent: it has failed."""
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING, due_at__lte=now)
    due = waiting.select_related("event__kept").order_by("due_at", "event_id")
    while (delivery := due.first()) is not None and not hasattr(delivery.event, "kept"):
        waiting.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, ended_at=now)
    return delivery


def call_endpoint(taken: Taken, *, now: datetime) -> Answered:
    """Touches no database. Whatever goes wrong is a failure of this one call."""
    begun, status, failure = monotonic(), None, ""
    try:
        status = post(
            taken.url, taken.text.encode(), signed(taken, now), most_bytes=MOST_ANSWERED, seconds=CALL_SECONDS
        )  # fmt: skip
    except Refusal as refusal:
        failure = refusal.code
    except Exception:
        log.exception("delivery %s could not be made", taken.delivery_id)
        failure = "crashed"
    return Answered(status, failure, round((monotonic() - begun) * 1000))


def signed(taken: Taken, now: datetime) -> dict[str, str]:
    """Headers of Standard Webhooks, signed at this instant, the real one: a receiver refuses what is older than five minutes by
    its own clock."""
    at, event = now.replace(microsecond=0), str(taken.event)
    return {
        "Content-Type": "application/json",
        "webhook-id": event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(event, at, taken.text) for secret in taken.secrets),
    }


def record_attempt(taken: Taken, answered: Answered, *, now: datetime) -> None:
    """What came of a call. That it arrived counts whoever says it; that it failed, only of who has the endpoint still.

    The endpoint first, as everybody locks them.
    """
    now = check_instant(now, "now")
    with transaction.atomic(durable=True):
        WebhookAttempt.objects.create(
            delivery_id=taken.delivery_id, at=now, status=answered.status, failure=answered.failure,
            milliseconds=answered.milliseconds,
        )  # fmt: skip
        endpoint = WebhookEndpoint.objects.filter(pk=taken.endpoint_id, turn=taken.turn)
        delivery = WebhookDelivery.objects.filter(pk=taken.delivery_id, state=DeliveryState.WAITING)
        if answered.accepted:
            endpoint.update(taken_until=None, failures=0, last_failure="", paused_until=None)
            delivery.update(state=DeliveryState.DELIVERED, attempts=F("attempts") + 1, ended_at=now)
        elif _failed(endpoint, taken, answered, now):
            tries = taken.attempts + 1
            over = {"state": DeliveryState.FAILED, "ended_at": now}
            again = over if tries == MOST_DELIVERY_TRIES else {"due_at": now + PAUSES[tries - 1]}
            delivery.filter(attempts=taken.attempts).update(attempts=tries, **again)


def _failed(endpoint: QuerySet[WebhookEndpoint], taken: Taken, answered: Answered, now: datetime) -> bool:
    """It is left alone for a while, or for good; whether it is still this call that counts."""
    failures = taken.failures + 1
    last = min(failures, MOST_DELIVERY_TRIES)
    said = {"taken_until": None, "failures": last, "last_failure": answered.failure or str(answered.status)}
    pause = PAUSES[min(failures, len(PAUSES)) - 1]
    if not endpoint.update(**said, paused_until=now + pause):
        return False
    if answered.status == GONE:
        stop_by_us(taken.endpoint_id, StoppedFor.GONE, now=now)
    elif failures >= MOST_DELIVERY_TRIES:
        stop_by_us(taken.endpoint_id, StoppedFor.FAILING, now=now)
    return True
