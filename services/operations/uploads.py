"""Importing a file exactly as it was looked at, without keeping it between the two."""

from __future__ import annotations

import hashlib
from datetime import datetime

from services.importing import Imported
from services.lookups import find_feed
from services.models import Feed
from services.operations.feeds import import_feed, look_at_feed
from services.refusals import Refusal
from services.staff import Staff


class LookedAtSomethingElse(Refusal):
    code = "looked_at_something_else"


def look_at_upload(*, feed: str, body: bytes, table: bytes | None = None, incident: str | None = None) -> tuple[Imported, str]:
    """What `look_at_feed` says, and the mark by which `import_upload` knows the same again."""
    mark = _mark(find_feed(feed), body, table, incident)  # first: what is imported meanwhile makes it stale
    return look_at_feed(feed=feed, body=body, table=table, incident=incident), mark


def import_upload(
    *, feed: str, body: bytes, looked: str, read_by: Staff, now: datetime, table: bytes | None = None,
    incident: str | None = None,
) -> Imported:  # fmt: skip
    """Import what was looked at, by its mark. Expects a transaction.

    Raises as `import_feed` does, and LookedAtSomethingElse when the bytes, the incident or what is kept of the feed
    are others than those that were looked at.
    """
    locked = Feed.objects.select_for_update(no_key=True).get(pk=find_feed(feed).pk)
    if looked != _mark(locked, body, table, incident):
        raise LookedAtSomethingElse(
            "This is not what was looked at: the file is another one, or the feed was read meanwhile. Look at it first.",
            field="file",
        )
    return import_feed(feed=feed, body=body, table=table, incident=incident, read_by=read_by, now=now)


def _mark(feed: Feed, body: bytes, table: bytes | None, incident: str | None) -> str:
    newest = feed.documents.order_by("-pk").values_list("pk", flat=True).first()
    whole = hashlib.sha256(f"{feed.pk} {newest} {incident} {table is None}".encode())
    for part in (body, table or b""):
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
