"""The log and its chain, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import AccountEvent, DataView
from claims.models import CaseView, ChainLink, Event, Log

SLICE = 10_000


Logged = Event | CaseView | AccountEvent | DataView
LOGS: dict[str, type[Logged]] = {
    Log.EVENTS: Event, Log.VIEWS: CaseView, Log.ACCOUNTS: AccountEvent, Log.DATA_VIEWS: DataView,
}  # fmt: skip


def content_of(row: Logged) -> dict[str, Any]:
    """Every column by its name, as the chain covers it: ids, and the instant in UTC with microseconds.

    Without the database's number of the transaction, which another database counts otherwise, and without a move that there
    is none of, or a payee that was not seen: rows that were linked before there were such have the same content still.
    """
    said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "transaction"}
    if said.get("move", 0) is None:
        del said["move"]
    if said.get("payee") is False:
        del said["payee"]
    return {**said, "at": row.at.astimezone(UTC).isoformat(timespec="microseconds")}


def links_of_chain(*, after: int = 0) -> Iterator[Mapping[str, Any]]:
    """Behind the position `after`, as `faults_of` and an export have them, in order.

    A query and one per log for each ten thousand.
    """
    position = after
    while links := list(ChainLink.objects.filter(position__gt=position).order_by("position")[:SLICE]):
        rows = {
            (log, pk): row
            for log, model in LOGS.items()
            for pk, row in model._default_manager.in_bulk([link.row for link in links if link.log == log]).items()
        }
        for link in links:
            row = rows.get((link.log, link.row))
            content = None if row is None else content_of(row)
            yield {"position": link.position, "log": link.log, "row": link.row, "hash": link.hash, "content": content}
        position = links[-1].position


def unlinked_rows(before: datetime) -> list[tuple[str, int]]:
    """(log, id) of what was logged before this instant and nobody has linked, at most a hundred of each log."""
    return [
        (log, pk)
        for log, model in LOGS.items()
        for pk in unlinked(log).filter(at__lt=before).values_list("pk", flat=True)[:100]
    ]


def unlinked(log: str) -> QuerySet[Any]:
    """Rows of a log that have no link, in the order of their ids."""
    linked = ChainLink.objects.filter(log=log, row=OuterRef("pk"))
    return LOGS[log]._default_manager.filter(~Exists(linked)).order_by("pk")
