"""What a feed says now beside what is kept of it: new, changed and withdrawn windows. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce

from services.feeds import ReadItem, ReadNotice, ReadWindow, read_feed
from services.feeds.wording import UPDATES_MISSING
from services.lookups import find_incident, find_services, find_source
from services.models import Feed, FeedKind, Incident, ItemKind, Notice, WindowProposal
from services.observation_file import ReadObservations, read_observations, table_of
from services.refusals import InvalidValue, Refusal
from services.said import NoticeSaid, SourceNotOfficial, WindowSaid
from services.texts import normalised


class TableRequired(Refusal):
    code = "table_required"


# What a proposal says: two that agree in this say the same.
SAID = (
    "component", "severity", "scope", "start_at", "start_approx", "end_at", "end_approx", "inferred", "closing_rule",
    "planned", "announced_at", "withdrawn", "questions",
)  # fmt: skip


@dataclass(frozen=True)
class Proposed:
    """One window of an item (by its foreign id) as the feed has it now; `said` holds columns of WindowProposal.

    `before` is the proposal it replaces, None for a new one.
    """

    item: str
    title: str
    key: str
    notice: str
    said: dict[str, Any]
    more: dict[str, Any]  # columns in which proposals may differ and still say the same
    before: WindowProposal | None

    @property
    def kind(self) -> str:
        """new, changed or withdrawn."""
        if self.before is None:
            return "new"
        return "withdrawn" if self.said["withdrawn"] else "changed"


@dataclass(frozen=True)
class Imported:
    """What a feed brings: `proposed` is what is new in it. `same` windows are proposed already as they are.

    `unused`: observations that no window of the table rests on. `missing`: items (by foreign id) that a file of a whole
    list no longer has. Their windows stay proposed: it may be a part of the list, and only a person can tell.
    """

    feed: str
    items: int
    same: int
    proposed: tuple[Proposed, ...]
    notices: int
    unused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.proposed or self.notices)


@dataclass(frozen=True)
class Item:
    foreign_id: str
    kind: str
    title: str
    url: str
    incident: Incident | None


@dataclass(frozen=True)
class _Window:
    """What a feed says of one window: columns of WindowProposal, and the key of the notice that vouches for it."""

    notice: str
    said: dict[str, Any]
    more: dict[str, Any]


@dataclass(frozen=True)
class Found:
    imported: Imported
    items: tuple[Item, ...]
    notices: tuple[NoticeSaid, ...]  # those that are not kept yet
    observations: ReadObservations | None = None
    table: bytes | None = None


def read_beside(feed: Feed, body: bytes, table: bytes | None, incident: str | None) -> Found:
    """What the feed says now, held against what is kept of it. Stores nothing. Raises what the readers raise, TableRequired."""
    if feed.kind == FeedKind.OBSERVATIONS:
        return _read_observations(feed, body, table, incident)
    about = None if incident is None else find_incident(incident)
    kept = {item.foreign_id: item for item in feed.items.select_related("incident")}
    read = read_feed(feed.kind, body, zone=feed.zone or None, recovery=feed.recovery)
    items = tuple(
        Item(
            row.foreign_id,
            row.kind,
            row.title[:300],
            row.url[:500],
            kept[row.foreign_id].incident if row.foreign_id in kept else about,
        )
        for row in read
    )
    said = [notice for item, row in zip(items, read, strict=True) for notice in _notices(feed, item, row.notices)]
    windows = {
        item.foreign_id: {w.key: _Window(_vouching(feed, row, w), _said(w), _more(w)) for w in row.windows}
        for item, row in zip(items, read, strict=True)
    }
    whole = feed.kind == FeedKind.CSV  # the others give their newest items only
    missing = tuple(sorted(kept.keys() - windows.keys())) if whole else ()
    return _compared(feed, items, said, windows, missing=missing, cut_short=_cut_short(feed, said))


def _read_observations(feed: Feed, body: bytes, table: bytes | None, incident: str | None) -> Found:
    if table is None:
        newest = feed.documents.exclude(table=None).order_by("-pk").first()
        if newest is None or newest.table is None:
            raise TableRequired("Observations need the table that says which windows they make. Send it too.", field="table")
        table = bytes(newest.table)
    about = find_incident(table_of(table).incident)
    if incident is not None and incident != about.key:
        raise InvalidValue(f"The table is about {about.key}, not about {incident}.", field="incident")
    found = read_observations(body, table, started_at=about.started_at, started_approx=about.started_approx)
    _refuse_unofficial(found)
    find_services([*(said.service for said in found.windows.values()), *(said.service for said in found.observations)])
    item = Item(about.key, ItemKind.INCIDENT, about.title_ko, "", about)
    windows = {about.key: {key: _Window(said.notice, _columns_of(said), {}) for key, said in found.windows.items()}}
    compared = _compared(feed, (item,), found.notices, windows, unused=found.unused)
    return Found(compared.imported, compared.items, compared.notices, found, table)


def _refuse_unofficial(found: ReadObservations) -> None:
    source_of = {notice.key: find_source(notice.source) for notice in found.notices}
    for key, window in found.windows.items():
        if not source_of[window.notice].official:
            raise SourceNotOfficial(
                f"{key} rests on {window.notice}, which is by {source_of[window.notice]} and not official. "
                "A citizens' report makes no window.",
                field="table",
            )


def _compared(
    feed: Feed,
    items: Sequence[Item],
    notices: Iterable[NoticeSaid],
    windows: dict[str, dict[str, _Window]],
    *,
    unused: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    cut_short: Collection[str] = (),
) -> Found:
    """`windows`: by item and key. What is new of the items `cut_short` (by foreign id) is asked about."""
    kept = _newest_proposals(feed, [item.foreign_id for item in items])
    known = set(Notice.objects.filter(key__in=[notice.key for notice in notices]).values_list("key", flat=True))
    fresh = tuple(notice for notice in notices if notice.key not in known)
    proposed, same = [], 0
    for item in items:
        before, now = kept.get(item.foreign_id, {}), windows[item.foreign_id]
        gone = {key: _Window(old.notice.key, _withdrawn(old), {}) for key, old in before.items() if key not in now}
        for key, window in (now | gone).items():
            old = before.get(key)
            said = _asked(window.said) if item.foreign_id in cut_short else window.said
            if old is not None and _says(old) in (window.said, said):
                same += key in now
            else:
                proposed.append(Proposed(item.foreign_id, item.title, key, window.notice, said, window.more, old))
    imported = Imported(feed.code, len(items), same, tuple(proposed), len(fresh), unused, missing)
    return Found(imported, tuple(items), fresh)


def _newest_proposals(feed: Feed, items: Sequence[str]) -> dict[str, dict[str, WindowProposal]]:
    """By item and key those that no other has replaced."""
    rows = WindowProposal.objects.filter(item__feed=feed, item__foreign_id__in=items, replaced_by=None)
    found: dict[str, dict[str, WindowProposal]] = {}
    for row in rows.select_related("item", "notice", "service").order_by("pk"):
        found.setdefault(row.item.foreign_id, {})[row.key] = row
    return found


def _says(proposal: WindowProposal) -> dict[str, Any]:
    said = {name: getattr(proposal, name) for name in SAID}
    return {**said, "service": None if proposal.service is None else proposal.service.code}


def _withdrawn(proposal: WindowProposal) -> dict[str, Any]:
    return {**_says(proposal), "withdrawn": True, "questions": []}


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "questions": sorted({*said["questions"], UPDATES_MISSING})}


def _said(window: ReadWindow) -> dict[str, Any]:
    values = {name: getattr(window, name) for name in SAID if hasattr(window, name)}
    return {
        **values, "component": window.component_id or "", "scope": "all", "withdrawn": False, "service": None,
        "questions": sorted(window.questions),
    }  # fmt: skip


def _columns_of(window: WindowSaid) -> dict[str, Any]:
    values = {name: getattr(window, name) for name in SAID if hasattr(window, name)}
    return {**values, "component": "", "withdrawn": False, "questions": [], "service": window.service}


def _more(window: ReadWindow) -> dict[str, Any]:
    return {"component_name": window.component_name[:200], "remarks": sorted(window.remarks)}


# --- notices ---------------------------------------------------------------------------------------


def _notices(feed: Feed, item: Item, read: Iterable[ReadNotice]) -> list[NoticeSaid]:
    return [
        NoticeSaid(
            key=_notice_key(feed, item.foreign_id, notice),
            item=item.foreign_id,
            source=feed.source.code,
            channel=feed.name,
            published_at=notice.published_at,
            written_at=notice.written_at,
            text=notice.text,
            ref=_ref(item.foreign_id, notice.foreign_id),
            url=item.url,
            feed=feed.code,
        )
        for notice in read
    ]


def _ref(item: str, notice: str) -> str:
    return normalised(f"{item[:98]} {notice[:98]}", "ref")


def _cut_short(feed: Feed, said: Sequence[NoticeSaid]) -> set[str]:
    """Items that end before an update of theirs that is kept: by an older file, or because upstream deleted it.

    A page lists its newest items only, but those with all their updates. An update that was deleted before others were
    written is not missed. An item without updates, which vouches for itself, tells nothing of its age, and notices of a
    table have no ids of their own.
    """
    if feed.kind == FeedKind.CSV:
        return set()
    ends: dict[str, datetime] = {}
    for notice in said:
        if notice.item is not None and notice.ref != _ref(notice.item, notice.item):
            written_at = notice.written_at or notice.published_at
            ends[notice.item] = max(ends.get(notice.item, written_at), written_at)
    listed = {notice.ref for notice in said} | {_ref(item, item) for item in ends}
    unlisted = Notice.objects.filter(item__feed=feed, item__foreign_id__in=ends).exclude(ref__in=listed).order_by()
    latest = unlisted.values_list("item__foreign_id").annotate(newest=Max(Coalesce("written_at", "published_at")))
    return {item for item, written_at in latest if written_at >= ends[item]}


def _notice_key(feed: Feed, item: str, notice: ReadNotice) -> str:
    """By what it says: a feed that changes an update's wording has said something else, under another key."""
    said = "\x1f".join((item, notice.foreign_id, notice.status, notice.text, notice.published_at.isoformat()))
    return f"{feed.code}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _vouching(feed: Feed, item: ReadItem, window: ReadWindow) -> str:
    """Key of the notice that the window was concluded from."""
    notice = next(one for one in item.notices if one.foreign_id == window.notice)
    return _notice_key(feed, item.foreign_id, notice)
