"""Reading feeds: what they propose is kept, and what they change is proposed again. Nothing of it counts by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from services.importing import Found, Imported, Item, read_beside
from services.instants import check_instant
from services.lookups import find_feed, find_notices, find_services, find_source
from services.models import ComponentMapping, Feed, FeedDocument, FeedItem, FeedKind, WindowProposal
from services.operations.statements import record_notice, record_observations
from services.refusals import InvalidValue, Refusal
from services.staff import WRITERS, Staff, require
from services.texts import normalised
from services.values import check_values


class FeedRegistered(Refusal):
    code = "feed_registered"


def register_feed(
    *, code: str, name: str, kind: str, source: str, registered_by: Staff, now: datetime, url: str = "", zone: str = "",
    recovery: str = "component", poll_minutes: int | None = None,
) -> Feed:  # fmt: skip
    """A feed that speaks for a source (by code). Raises RoleMissing, UnknownSource, InvalidValue, FeedRegistered."""
    require(registered_by, WRITERS, "register a feed")
    if zone and zone not in available_timezones():
        raise InvalidValue(f"There is no time zone {zone!r}. Write it like Asia/Seoul.", field="zone")
    feed = Feed(
        code=code, name=normalised(name, "name"), kind=kind, source=find_source(source), url=normalised(url, "url"),
        zone=zone, recovery=recovery, poll_minutes=poll_minutes, registered_at=check_instant(now, "now"),
    )  # fmt: skip
    check_values(feed)
    if poll_minutes is not None and (not feed.url or kind == FeedKind.OBSERVATIONS):
        raise InvalidValue("Only a feed with an address is polled, and observations have none.", field="poll_minutes")
    try:
        with transaction.atomic():
            feed.save(force_insert=True)
    except IntegrityError as taken:
        raise FeedRegistered(f"There is a feed {code!r} already. Choose another code.", field="code") from taken
    return feed


def map_component(
    *, feed: str, component: str, service: str | None, mapped_by: Staff, now: datetime, name: str = ""
) -> ComponentMapping:
    """Say which service (by code) a component of a feed is; None: none of ours.

    Raises RoleMissing, UnknownFeed, UnknownService, InvalidValue.
    """
    require(mapped_by, WRITERS, "map a component")
    row = ComponentMapping(
        feed=find_feed(feed),
        component=normalised(component, "component"),
        name=normalised(name, "name")[:200],
        service=None if service is None else find_services([service])[service],
        mapped_by_id=mapped_by.pk,
        mapped_at=check_instant(now, "now"),
    )
    check_values(row)
    row.save(force_insert=True)
    return row


def look_at_feed(*, feed: str, body: bytes, table: bytes | None = None, incident: str | None = None) -> Imported:
    """A dry run: what `import_feed` would bring. Nothing is stored. Raises as `import_feed` does."""
    return read_beside(find_feed(feed), body, table, incident).imported


def import_feed(
    *,
    feed: str,
    body: bytes,
    now: datetime,
    table: bytes | None = None,
    incident: str | None = None,
    read_by: Staff | None = None,
) -> Imported:
    """Keep what a feed says now: notices, and proposals for windows that are new in it, changed or withdrawn.

    The same again changes nothing. `incident` (by key): which of ours new items belong to; None: staff say later.
    `table`: of observations only; without one the newest that was kept is used. Raises UnknownFeed, UnknownIncident,
    RoleMissing, TableRequired, SourceNotOfficial for windows that rest on a citizens' report, and what the readers raise.
    """
    now = check_instant(now, "now")
    if read_by is not None:
        require(read_by, WRITERS, "import a feed")
    locked = Feed.objects.select_for_update(no_key=True).get(pk=find_feed(feed).pk)  # two imports of it take turns
    found = read_beside(locked, body, table, incident)
    if not found.imported.changed:
        return found.imported
    document = FeedDocument.objects.create(
        feed=locked, content=body, table=found.table, content_hash=_hash(body, found.table),
        read_by_id=None if read_by is None else read_by.pk, read_at=now,
    )  # fmt: skip
    items = _store_items(locked, found.items, now, read_by)
    for notice in found.notices:
        record_notice(notice, now=now)
    if found.observations is not None:
        record_observations(found.observations.observations)
    _store_proposals(items, document, found, now)
    return found.imported


# --- keeping it ------------------------------------------------------------------------------------


def _store_proposals(items: dict[str, FeedItem], document: FeedDocument, found: Found, now: datetime) -> None:
    proposed = found.imported.proposed
    notices = find_notices(one.notice for one in proposed)
    services = find_services(code for one in proposed if (code := one.said["service"]) is not None)
    WindowProposal.objects.bulk_create(
        WindowProposal(
            item=items[one.item],
            document=document,
            key=one.key,
            replaces=one.before,
            notice=notices[one.notice],
            proposed_at=now,
            **{**one.said, **one.more, "service": services.get(one.said["service"])},
        )
        for one in proposed
    )


def _store_items(feed: Feed, items: Iterable[Item], now: datetime, read_by: Staff | None) -> dict[str, FeedItem]:
    """The rows by foreign id; a title that changed is corrected, the incident stays as staff have said."""
    stored = {row.foreign_id: row for row in feed.items.all()}
    for item in items:
        row = stored.get(item.foreign_id)
        if row is None:
            by = {} if item.incident is None or read_by is None else {"attached_by_id": read_by.pk, "attached_at": now}
            row = FeedItem(
                feed=feed, foreign_id=item.foreign_id, kind=item.kind, incident=item.incident, title=item.title,
                url=item.url, first_read_at=now, **by,
            )  # fmt: skip
            check_values(row)
            row.save(force_insert=True)
        elif (row.title, row.url) != (item.title, item.url):
            row.title, row.url = item.title, item.url
            row.save(update_fields=["title", "url"])
        stored[item.foreign_id] = row
    return stored


def _hash(body: bytes, table: bytes | None) -> str:
    return hashlib.sha256(body + b"\x00" + (table or b"")).hexdigest()
