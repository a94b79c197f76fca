"""Publishing the official record of an incident as a numbered version."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from services.contents import RecordContent
from services.instants import LATEST, check_instant, check_outage
from services.lookups import UnknownIncident
from services.models import (
    Extent,
    Finding,
    Incident,
    OutageWindow,
    RecordDraft,
    RecordExtent,
    RecordFinding,
    RecordVersion,
    RecordWindow,
)
from services.refusals import Refusal

Listed = TypeVar("Listed", OutageWindow, Extent, Finding)


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


class FindingRepeated(Refusal):
    code = "finding_repeated"


def publish_record_version(
    *,
    incident: str,
    content: RecordContent,
    now: datetime,
    published_by_id: int | None = None,
    draft: RecordDraft | None = None,
) -> RecordVersion:
    """Make this the official record of the incident (by key), from now on.

    By a command; people publish a draft (`publish_record_draft`). Publishing the content of the newest version again
    returns that version and changes nothing. Raises VersionEmpty, AsOfInFuture, WindowOfAnotherIncident, WindowsOverlap,
    ExtentRepeated, FindingRepeated, and for what is still open what `check_outage` raises.
    """
    locked = _lock(incident)  # numbers are given in turn: two publishers wait for each other
    published_at = check_instant(now, "published_at")
    content = RecordContent(
        check_instant(content.as_of, "as_of"),
        _reread(content.windows, "service", "source", "notice"),
        _reread(content.extents, "source"),
        _reread(content.findings, "notice"),
        content.governing,
    )
    check_record_content(locked, content, published_at)
    digest = content_hash(incident, content)
    newest = locked.versions.order_by("-number").first()
    if newest is not None and newest.content_hash == digest:
        return newest
    version = RecordVersion.objects.create(
        incident=locked,
        number=1 if newest is None else newest.number + 1,
        as_of=content.as_of,
        published_at=published_at,
        published_by_id=published_by_id,
        draft=draft,
        governing=content.governing,
        content_hash=digest,
        window_count=len(content.windows),
        extent_count=len(content.extents),
        finding_count=len(content.findings),
    )
    RecordWindow.objects.bulk_create(
        RecordWindow(version=version, window=window, position=at) for at, window in enumerate(content.windows, start=1)
    )
    RecordExtent.objects.bulk_create(
        RecordExtent(version=version, extent=extent, position=at) for at, extent in enumerate(content.extents, start=1)
    )
    RecordFinding.objects.bulk_create(
        RecordFinding(version=version, finding=finding, position=at) for at, finding in enumerate(content.findings, start=1)
    )
    return version


def content_hash(incident: str, content: RecordContent) -> str:
    """SHA-256, in hex, of the content as canonical JSON: the same in every database, in whatever order it is listed."""
    said: dict[str, object] = {
        "incident": incident,
        "as_of": content.as_of.isoformat(),
        "windows": sorted(map(_window_content, content.windows), key=_canonical),
        "extents": sorted(map(_extent_content, content.extents), key=_canonical),
    }
    if content.findings:  # a version of before there were any keeps its hash
        said["findings"] = sorted(map(_finding_content, content.findings), key=_canonical)
    if content.governing is not None:
        said["governing"] = content.governing.code
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


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


def check_record_content(incident: Incident, content: RecordContent, now: datetime) -> None:
    """Whether it could be published at `now`. Raises what `publish_record_version` raises."""
    if not content.windows:
        raise VersionEmpty("A record version lists at least one window.", field="windows")
    if content.as_of > now:
        raise AsOfInFuture(f"as_of {content.as_of.isoformat()} is later than now, {now.isoformat()}.", field="as_of")
    rows: list[OutageWindow | Extent | Finding] = [*content.windows, *content.extents, *content.findings]
    for row in rows:
        if row.incident_id != incident.pk:
            raise WindowOfAnotherIncident(f"{row} does not belong to the incident {incident}.", field="windows")
    spans: list[OutageWindow | Extent] = [*content.windows, *content.extents]
    for span in spans:
        if span.end_at is None and span.start_at < content.as_of:  # it counts up to there
            check_outage(span.start_at, content.as_of, end_field="as_of")
    sources = [extent.source_id for extent in content.extents]
    if len(set(sources)) < len(sources):
        raise ExtentRepeated("A record version lists one extent per source.", field="extents")
    names = [finding.name for finding in content.findings]
    if len(set(names)) < len(names):
        raise FindingRepeated("A record version lists one finding per name.", field="findings")
    _refuse_overlaps(content.windows)


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


def _window_content(window: OutageWindow) -> dict[str, str | bool | int | None]:
    more: dict[str, str | bool | int | None] = {}  # said of few: a version of before anybody could say it keeps its hash
    if window.users_permille is not None:
        more["users_permille"] = window.users_permille
    if window.planned:
        more["announced_at"] = None if window.announced_at is None else window.announced_at.isoformat()
    return more | {
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


def _finding_content(finding: Finding) -> dict[str, str | int | None]:
    return {
        "name": finding.name,
        "notice": finding.notice.key,
        "notice_hash": finding.notice.text_hash,
        "type": finding.type,
        "number": finding.number,
        "text": finding.text,
    }


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
