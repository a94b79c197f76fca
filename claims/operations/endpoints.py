"""Where partners' programs are told of their claims: registered and changed by such a program, under its client id.

Each expects a transaction. Names are looked up before any row is locked: a name server that is slow holds up nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import AccountEventKind, Partner
from accounts.operations import UnknownPartner
from accounts.operations.log import log_event
from claims import hints
from claims.keys import webhook_secret
from claims.models import (
    CHOSEN_KINDS,
    DeliveryState,
    EndpointState,
    StoppedFor,
    WebhookDelivery,
    WebhookEndpoint,
)
from services.endpoints import checked_endpoint
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.texts import one_line
from services.values import check_values

MOST_ENDPOINTS = 10  # of a partner
PREVIOUS_SIGNS = timedelta(hours=24)  # a receiver has so long to change to the new secret


class UnknownWebhook(Unknown):
    code = "unknown_webhook"


class UnknownWebhookKind(Refusal):
    code = "unknown_webhook_kind"


class TooManyWebhooks(Refusal):
    code = "too_many_webhooks"


class WebhookMoved(Refusal):
    """It was changed, by the partner or by us, after it was looked at."""

    code = "version_mismatch"


def register_endpoint(
    *, partner_id: int, url: str, client_id: str, now: datetime, description: str = "", kinds: Iterable[str] = ()
) -> tuple[WebhookEndpoint, str]:
    """The endpoint, enabled, and its secret. `kinds`: what it is told; none: everything.

    Raises what `checked_endpoint` raises, InvalidValue, InvalidCharacter, UnknownWebhookKind, UnknownPartner, TooManyWebhooks.
    """
    now = check_instant(now, "now")
    checked_endpoint(url)
    endpoint = WebhookEndpoint(url=url, registered_at=now, **_checked(description=description, kinds=kinds))
    check_values(endpoint)
    partner = Partner.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if partner is None:
        raise UnknownPartner(f"There is no partner {partner_id}.", field="partner")
    if partner.webhook_endpoints.exclude(state=EndpointState.REMOVED).count() >= MOST_ENDPOINTS:
        raise TooManyWebhooks(f"{partner.code} has {MOST_ENDPOINTS} webhooks already. Remove one of them first.", field="url")
    endpoint.partner = partner
    endpoint.save(force_insert=True)
    log_of_endpoint(AccountEventKind.WEBHOOK_REGISTERED, endpoint, client_id, now)
    return endpoint, webhook_secret(endpoint.key, endpoint.serial)


def change_endpoint(
    *,
    partner_id: int,
    endpoint: UUID,
    version: int,
    client_id: str,
    now: datetime,
    url: str | None = None,
    description: str | None = None,
    kinds: Iterable[str] | None = None,
) -> WebhookEndpoint:
    """What is None stays. `version`: which one was looked at. Another URL is tried at once, however the one before failed.

    Raises what `register_endpoint` raises for values, UnknownWebhook, WebhookMoved.
    """
    now = check_instant(now, "now")
    if url is not None:
        checked_endpoint(url)
    said = _checked(description=description, kinds=kinds) | ({} if url is None else {"url": url})
    found = lock_endpoint(partner_id, endpoint)
    if found.version != version:
        raise WebhookMoved(f"This webhook is at version {found.version}, not {version}. Look at it again.", field="version")
    changed = sorted(name for name, value in said.items() if getattr(found, name) != value)
    for name in changed:
        setattr(found, name, said[name])
    if changed:
        check_values(found)
        _save(found, *changed, anew="url" in changed)
        hints.write_hint(hints.DELIVER_WEBHOOKS, now=now)
        log_of_endpoint(AccountEventKind.WEBHOOK_CHANGED, found, client_id, now, changed=changed)
    return found


def enable_endpoint(*, partner_id: int, endpoint: UUID, client_id: str, now: datetime) -> WebhookEndpoint:
    """What waits for it is sent; what happened since it was disabled is replayed only when asked. Again it changes nothing.

    Raises UnknownWebhook.
    """
    now = check_instant(now, "now")
    found = lock_endpoint(partner_id, endpoint)
    if found.state != EndpointState.ENABLED:
        found.state, found.stopped_at, found.stopped_for, found.stopped_by = EndpointState.ENABLED, None, "", ""
        _save(found, "state", "stopped_at", "stopped_for", "stopped_by", anew=True)
        hints.write_hint(hints.DELIVER_WEBHOOKS, now=now)
        log_of_endpoint(AccountEventKind.WEBHOOK_ENABLED, found, client_id, now)
    return found


def disable_endpoint(*, partner_id: int, endpoint: UUID, client_id: str, now: datetime) -> WebhookEndpoint:
    """Nothing is sent from now on but a call that is under way. Again it changes nothing. Raises UnknownWebhook."""
    now = check_instant(now, "now")
    found = lock_endpoint(partner_id, endpoint)
    if found.state == EndpointState.ENABLED:
        _stop(found, EndpointState.DISABLED, client_id, now)
        log_of_endpoint(AccountEventKind.WEBHOOK_DISABLED, found, client_id, now, reason=StoppedFor.ASKED.value)
    return found


def remove_endpoint(*, partner_id: int, endpoint: UUID, client_id: str, now: datetime) -> None:
    """For ever; what waits for it has failed. What was sent to it stays to be read. Raises UnknownWebhook."""
    now = check_instant(now, "now")
    found = lock_endpoint(partner_id, endpoint)
    _stop(found, EndpointState.REMOVED, client_id, now)
    waiting = WebhookDelivery.objects.filter(endpoint=found, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED, ended_at=now)
    log_of_endpoint(AccountEventKind.WEBHOOK_REMOVED, found, client_id, now)


def rotate_secret(*, partner_id: int, endpoint: UUID, client_id: str, now: datetime) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its new secret; the one before signs as well for a day. Whoever rotates twice within it is rid of the
    first one at once. Raises UnknownWebhook.
    """
    now = check_instant(now, "now")
    found = lock_endpoint(partner_id, endpoint)
    found.serial += 1
    found.previous_until = now + PREVIOUS_SIGNS
    _save(found, "serial", "previous_until")
    log_of_endpoint(AccountEventKind.WEBHOOK_SECRET_ROTATED, found, client_id, now, serial=found.serial)
    return found, webhook_secret(found.key, found.serial)


def stop_by_us(endpoint_id: int, reason: StoppedFor, *, now: datetime) -> None:
    """Unless the partner has stopped it meanwhile."""
    enabled = WebhookEndpoint.objects.filter(pk=endpoint_id, state=EndpointState.ENABLED)
    if enabled.update(state=EndpointState.DISABLED, stopped_at=now, stopped_for=reason, version=F("version") + 1):
        partner = Partner.objects.get(webhook_endpoints=endpoint_id)
        log_event(
            AccountEventKind.WEBHOOK_DISABLED, actor=None, partner=partner, now=now, endpoint=endpoint_id, reason=reason.value
        )


def lock_endpoint(partner_id: int, key: UUID) -> WebhookEndpoint:
    """Raises UnknownWebhook; also for one of another partner, and for a removed one."""
    standing = WebhookEndpoint.objects.exclude(state=EndpointState.REMOVED).filter(partner=partner_id, key=key)
    found = standing.select_related("partner").select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise UnknownWebhook(f"You have no webhook {key}.", field="webhook")
    return found


def _checked(*, description: str | None, kinds: Iterable[str] | None) -> dict[str, Any]:
    """Those that are said."""
    said: dict[str, Any] = {} if description is None else {"description": one_line(description, "description")}
    if kinds is not None:
        said["kinds"] = sorted(set(kinds))
        for kind in said["kinds"]:
            if kind not in CHOSEN_KINDS:
                raise UnknownWebhookKind(f"There is no kind {kind!r}; known: {', '.join(CHOSEN_KINDS)}.", field="kinds")
    return said


def _stop(endpoint: WebhookEndpoint, state: EndpointState, client_id: str, now: datetime) -> None:
    endpoint.state, endpoint.stopped_at, endpoint.stopped_for = state, now, StoppedFor.ASKED
    endpoint.stopped_by = client_id
    _save(endpoint, "state", "stopped_at", "stopped_for", "stopped_by", anew=True)


def _save(endpoint: WebhookEndpoint, *fields: str, anew: bool = False) -> None:
    """As another version. `anew`: what became of calls so far counts no longer."""
    endpoint.version += 1
    if anew:
        endpoint.turn += 1
        endpoint.failures, endpoint.last_failure, endpoint.paused_until, endpoint.taken_until = 0, "", None, None
        fields = (*fields, "turn", "failures", "last_failure", "paused_until", "taken_until")
    endpoint.save(update_fields=["version", *fields])


def log_of_endpoint(kind: AccountEventKind, endpoint: WebhookEndpoint, client_id: str, now: datetime, **data: Any) -> None:
    log_event(kind, actor=None, partner=endpoint.partner, now=now, client=client_id, endpoint=endpoint.pk, **data)
