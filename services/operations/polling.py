"""Asking feeds whether they say anything new. Opens its own transactions: none is open while a server is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from services.fetching import Fetched, fetch
from services.importing import Imported
from services.instants import check_instant
from services.lookups import UnknownFeed
from services.models import Feed, FeedKind
from services.operations.feeds import import_feed
from services.refusals import Refusal
from services.staff import WRITERS, Staff, require

LONGEST_PAUSE = timedelta(days=1)  # of a feed that fails, unless it is polled more seldom anyway
TURN = timedelta(minutes=1)  # nobody else polls a feed for so long: a fetch and an import are over by then

_UNKEPT = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL has no such text


class FeedWithoutAddress(Refusal):
    code = "feed_without_address"


class FeedJustPolled(Refusal):
    code = "feed_just_polled"


@dataclass(frozen=True)
class Polled:
    """`imported` is None when nothing was read: the server said that it has nothing new, or `error` says what is wrong."""

    imported: Imported | None = None
    error: str = ""  # "code: message", as Feed.last_error has it


def due_feeds(now: datetime) -> list[int]:
    """Ids of the feeds that are to be polled, the one that waited longest first. One query."""
    feeds = Feed.objects.filter(poll_minutes__isnull=False)
    due = [feed for feed in feeds if (at := due_at(feed)) is not None and at <= now]
    return [feed.pk for feed in sorted(due, key=lambda feed: (feed.polled_at or feed.registered_at, feed.pk))]


def due_at(feed: Feed) -> datetime | None:
    """When it is polled next; None: never. After each failure in a row the pause is twice as long."""
    if feed.poll_minutes is None:
        return None
    if feed.polled_at is None:
        return feed.registered_at
    usual = timedelta(minutes=feed.poll_minutes)
    return feed.polled_at + max(usual, min(usual * (1 << min(feed.failures, 20)), LONGEST_PAUSE))


def poll_feed(*, feed_id: int, now: datetime) -> Polled | None:
    """Fetch a feed that is due and import what it says; None when it is not due.

    What the fetcher or a reader refuses is kept as the feed's last error, and nothing else of it.
    """
    return _poll(feed_id, check_instant(now, "now"), asked=False)


def poll_feed_now(*, feed_id: int, asked_by: Staff, now: datetime) -> Polled:
    """As `poll_feed`, due or not. Raises RoleMissing, UnknownFeed, FeedWithoutAddress, FeedJustPolled."""
    require(asked_by, WRITERS, "poll a feed")
    polled = _poll(feed_id, check_instant(now, "now"), asked=True)
    if polled is None:
        raise FeedJustPolled("This feed was polled less than a minute ago. Wait a moment.", field="feed")
    return polled


def _poll(feed_id: int, now: datetime, *, asked: bool) -> Polled | None:
    claimed = _claim(feed_id, now, asked=asked)
    if claimed is None:
        return None
    feed, etag = claimed
    try:
        fetched = fetch(feed.url, etag=etag)
        with transaction.atomic(durable=True):
            return _keep(feed, fetched, now)
    except Refusal as refusal:
        error = _UNKEPT.sub("?", f"{refusal.code}: {refusal.message}")[:500]
    with transaction.atomic(durable=True):
        locked = _locked(feed.pk)
        locked.last_error, locked.failures = error, min(locked.failures + 1, 10_000)
        locked.save(update_fields=["last_error", "failures"])
    return Polled(error=error)


def _claim(feed_id: int, now: datetime, *, asked: bool) -> tuple[Feed, str] | None:
    """Moves `polled_at`, so that whoever comes meanwhile finds the feed not due. Gives the feed and the etag to ask with.

    A worker that dies after this costs one poll.
    """
    with transaction.atomic(durable=True):
        feed = _locked(feed_id)
        if not feed.url or feed.kind == FeedKind.OBSERVATIONS:
            raise FeedWithoutAddress("Nothing is fetched for this feed. Upload its file.", field="feed")
        if (at := _free_at(feed) if asked else due_at(feed)) is None or at > now:
            return None
        etag = "" if _imported_since(feed) else feed.etag
        feed.polled_at = now
        feed.save(update_fields=["polled_at"])
    return feed, etag


def _free_at(feed: Feed) -> datetime:
    """When somebody may poll it, due or not."""
    return feed.registered_at if feed.polled_at is None else feed.polled_at + TURN


def _imported_since(feed: Feed) -> bool:
    """Somebody has uploaded another file since the last poll: the server must say again what it says."""
    return feed.polled_at is not None and feed.documents.filter(read_at__gt=feed.polled_at).exists()


def _keep(feed: Feed, fetched: Fetched | None, now: datetime) -> Polled:
    locked = _locked(feed.pk)
    imported = None if fetched is None else import_feed(feed=feed.code, body=fetched.body, now=now)
    locked.etag = locked.etag if fetched is None else fetched.etag
    locked.last_error, locked.failures = "", 0
    locked.save(update_fields=["etag", "last_error", "failures"])
    return Polled(imported)


def _locked(feed_id: int) -> Feed:
    feed = Feed.objects.select_for_update(no_key=True).filter(pk=feed_id).first()
    if feed is None:
        raise UnknownFeed(f"There is no feed {feed_id}.", field="feed")
    return feed
