"""Linking what was logged. Expects a transaction."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef

from claims.chain import NOTHING, hash_of
from claims.models import ChainLink, Event, Log
from claims.operations.locks import try_lock
from claims.queries.audit import content_of_event
from services.instants import check_instant

log = logging.getLogger(__name__)

BATCH = 5_000  # a second of work
LOOK_BACK = 100_000  # links; a row committed after so many with higher ids is only found by the check


def link_events(*, now: datetime) -> bool:
    """Link the events that are not linked yet, in the order of their ids; whether there may be more.

    An event that is committed late comes behind others with higher ids: the order of the chain is its own. False while
    another process does it. Once an hour the head is written to the log of the process, which the database cannot reach.
    """
    now = check_instant(now, "now")
    if not try_lock("chain"):
        return False
    head = ChainLink.objects.last()
    position, before = (0, NOTHING) if head is None else (head.position, head.hash)
    links = []
    for event in _unlinked(position):
        position, before = position + 1, hash_of(before, content_of_event(event))
        links.append(ChainLink(position=position, log=Log.EVENTS, row=event.pk, hash=before, linked_at=now))
    ChainLink.objects.bulk_create(links)
    if links and (head is None or _hour(head.linked_at) < _hour(now)):
        log.info("head of the chain: %s", links[-1])
    return len(links) == BATCH


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


def _unlinked(head: int) -> list[Event]:
    old = ChainLink.objects.filter(log=Log.EVENTS, position__lte=head - LOOK_BACK).order_by("-position")
    linked = ChainLink.objects.filter(log=Log.EVENTS, row=OuterRef("pk"))
    floor = old.values_list("row", flat=True).first() or 0
    return list(Event.objects.filter(~Exists(linked), pk__gt=floor).order_by("pk")[:BATCH])
