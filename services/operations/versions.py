"""Publishing the official record of an incident as a numbered version."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from django.contrib.auth.base_user import AbstractBaseUser

from services.instants import LATEST, check_instant
from services.lookups import UnknownIncident
from services.models import Extent, Incident, OutageWindow, RecordExtent, RecordVersion, RecordWindow
from services.refusals import Refusal

Listed = TypeVar("Listed", OutageWindow, Extent)


class VersionEmpty(Refusal):
    code = "version_empty"


class AsOfInFuture(Refusal):
    code = "as_of_in_future"


class WindowOfAnotherIncident(Refusal):
    code = "window_of_another_incident"


class WindowsOverlap(Refusal):
    code = "windows_overlap"


class ExtentRepeated(Refusal):
    code = "extent_repeated"


def publish_record_version(
    *,
    incident: str,
    as_of: datetime,
    windows: Sequence[OutageWindow],
    extents: Sequence[Extent],
    now: datetime,
    published_by: AbstractBaseUser | None = None,
) -> RecordVersion:
    """Make these windows and extents the official record of the incident (by key), from now on.

    Windows without an end count up to `as_of`. Publishing the content of the newest
    version again returns that version and changes nothing. Raises VersionEmpty,
    AsOfInFuture, WindowOfAnotherIncident, WindowsOverlap, ExtentRepeated.
    """
    locked = _lock(incident)  # numbers are given in turn: two publishers wait for each other
    known_until, published_at = check_instant(as_of, "as_of"), check_instant(now, "published_at")
    windows = _reread(windows, "service", "source", "notice")
    extents = _reread(extents, "source")
    _check(locked, known_until, published_at, windows, extents)
    digest = content_hash(incident=incident, as_of=known_until, windows=windows, extents=extents)
    newest = locked.versions.order_by("-number").first()
    if newest is not None and newest.content_hash == digest:
        return newest
    version = RecordVersion.objects.create(
        incident=locked,
        number=1 if newest is None else newest.number + 1,
        as_of=known_until,
        published_at=published_at,
        published_by_id=None if published_by is None else published_by.pk,
        content_hash=digest,
        window_count=len(windows),
        extent_count=len(extents),
    )
    RecordWindow.objects.bulk_create(
        RecordWindow(version=version, window=window, position=position) for position, window in enumerate(windows, start=1)
    )
    RecordExtent.objects.bulk_create(
        RecordExtent(version=version, extent=extent, position=position) for position, extent in enumerate(extents, start=1)
    )
    return version


def content_hash(*, incident: str, as_of: datetime, windows: Sequence[OutageWindow], extents: Sequence[Extent]) -> str:
    """SHA-256, in hex, of the content as canonical JSON: the same in every database, in whatever order it is listed."""
    content = {
        "incident": incident,
        "as_of": as_of.isoformat(),
        "windows": sorted(map(_window_content, windows), key=_canonical),
        "extents": sorted(map(_extent_content, extents), key=_canonical),
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _lock(key: str) -> Incident:
    incident = Incident.objects.select_for_update().filter(key=key).first()
    if incident is None:
        raise UnknownIncident(f"There is no incident {key!r}.", field="incident")
    return incident


def _reread(rows: Sequence[Listed], *related: str) -> list[Listed]:
    """The rows as stored, with what the checks and the hash need of them, in the given order, in one query."""
    if not rows:
        return []
    stored = type(rows[0])._default_manager.select_related(*related).in_bulk([row.pk for row in rows])
    return [stored[row.pk] for row in rows]


def _check(
    incident: Incident, as_of: datetime, now: datetime, windows: Sequence[OutageWindow], extents: Sequence[Extent]
) -> None:
    if not windows:
        raise VersionEmpty("A record version lists at least one window.", field="windows")
    if as_of > now:
        raise AsOfInFuture(f"as_of {as_of.isoformat()} is later than now, {now.isoformat()}.", field="as_of")
    rows: list[OutageWindow | Extent] = [*windows, *extents]
    for row in rows:
        if row.incident_id != incident.pk:
            raise WindowOfAnotherIncident(f"{row} does not belong to the incident {incident}.", field="windows")
    sources = [extent.source_id for extent in extents]
    if len(set(sources)) < len(sources):
        raise ExtentRepeated("A record version lists one extent per source.", field="extents")
    _refuse_overlaps(windows)


def _refuse_overlaps(windows: Sequence[OutageWindow]) -> None:
    """Of one source and service each instant is in one window at most; touching is not overlapping."""
    ordered = sorted(windows, key=lambda window: (window.service_id, window.source_id, window.start_at))
    for earlier, later in pairwise(ordered):
        same = (earlier.service_id, earlier.source_id) == (later.service_id, later.source_id)
        if same and later.start_at < (earlier.end_at or LATEST):
            raise WindowsOverlap(
                f"Two windows of {later.source} for {later.service} overlap: the one from {earlier.start_at.isoformat()} "
                f"to {earlier.end_at.isoformat() if earlier.end_at else 'now'}, and the one from {later.start_at.isoformat()}. "
                "List one of them, or windows that touch.",
                field="windows",
            )


def _window_content(window: OutageWindow) -> dict[str, str | bool | None]:
    return {
        "service": window.service.code,
        "source": window.source.code,
        "notice": window.notice.key,
        "notice_hash": window.notice.text_hash,
        "severity": window.severity,
        "scope": window.scope,
        "start_at": window.start_at.isoformat(),
        "start_approx": window.start_approx,
        "end_at": None if window.end_at is None else window.end_at.isoformat(),
        "end_approx": window.end_approx,
        "inferred": window.inferred,
        "closing_rule": window.closing_rule,
    }


def _extent_content(extent: Extent) -> dict[str, str | bool | None]:
    return {
        "source": extent.source.code,
        "start_at": extent.start_at.isoformat(),
        "end_at": None if extent.end_at is None else extent.end_at.isoformat(),
        "start_inferred": extent.start_inferred,
    }


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
