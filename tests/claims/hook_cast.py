"""A partner that knows a person, its endpoint, and what was sent to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook

from accounts.models import Partner, Person
from accounts.operations import know_people
from claims.models import WebhookDelivery, WebhookEndpoint
from claims.operations import deliver_webhooks, register_endpoint
from claims.operations.moves import Move, lock_status, make_move
from tests.builders import NOW, a_partner

TAKES = b"HTTP/1.1 204 No Content\r\n\r\n"
PUBLIC = "https://93.184.216.34/hooks"  # is registered, and never called
PROGRAM = "mobility.0123456789abcdef"


def says(status: int, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\n{more}Content-Length: 6\r\n\r\nSECRET".encode()


@transaction.atomic
def known(*numbers: str, partner: Partner | None = None) -> list[Person]:
    """People whom the partner knows by these numbers."""
    found = know_people(partner=partner or a_partner(), external_ids=numbers, now=NOW)
    return [Person.objects.get(pk=found[number]) for number in numbers]


@transaction.atomic
def an_endpoint(url: str = PUBLIC, *, partner: Partner | None = None, **more: Any) -> WebhookEndpoint:
    partner = partner or a_partner()
    return register_endpoint(partner_id=partner.pk, url=url, client_id=PROGRAM, now=NOW, **more)[0]


@transaction.atomic
def move(claim_id: int, kind: str = "claim_moved", **becomes: Any) -> None:
    make_move(lock_status(claim_id), Move(claim_id, kind, **becomes), actor=None, now=NOW)


def deliver(now: datetime | None = None) -> bool:
    """What is due at this instant, or now."""
    return deliver_webhooks(seconds=0.05, clock=timezone.now if now is None else lambda: now)


def received(request: str, secret: str) -> Any:
    """What the official library makes of a request that came in; it raises where the signature is wrong."""
    head, body = request.split("\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return Webhook(secret).verify(body, headers)


def fresh(row: Any) -> Any:
    """As it is in the table now."""
    return type(row)._default_manager.get(pk=row.pk)


def states(endpoint: WebhookEndpoint) -> list[str]:
    return list(WebhookDelivery.objects.filter(endpoint=endpoint).order_by("event_id").values_list("state", flat=True))
