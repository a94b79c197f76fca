"""The log and its chain, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from claims.models import ChainLink, Event, Log

SLICE = 10_000


def content_of_event(event: Event) -> dict[str, Any]:
    """Every column, as the chain covers it: ids, and the instant in UTC with microseconds."""
    return {
        "id": event.pk, "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"), "kind": event.kind,
        "actor": event.actor_id, "claim": event.claim_id, "data": event.data,
    }  # fmt: skip


def links_of_chain() -> Iterator[Mapping[str, Any]]:
    """As `faults_of` and an export have them, in order. Two queries for each ten thousand."""
    position = 0
    while links := list(ChainLink.objects.filter(position__gt=position).order_by("position")[:SLICE]):
        events = Event.objects.in_bulk([link.row for link in links])
        for link in links:
            event = events.get(link.row)
            content = None if event is None else content_of_event(event)
            yield {"position": link.position, "log": link.log, "row": link.row, "hash": link.hash, "content": content}
        position = links[-1].position


def unlinked_events(before: datetime) -> list[int]:
    """Ids of events of before this instant that nobody has linked, at most a hundred."""
    linked = ChainLink.objects.filter(log=Log.EVENTS, row=OuterRef("pk"))
    late = Event.objects.filter(~Exists(linked), at__lt=before).order_by("pk")
    return list(late.values_list("pk", flat=True)[:100])
