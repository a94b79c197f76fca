"""What a version of the record says, and what a draft would say. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.models import (
    ChangeKind,
    Extent,
    Finding,
    OutageWindow,
    RecordChange,
    RecordDraft,
    RecordVersion,
    Source,
)


@dataclass(frozen=True)
class RecordContent:
    """Windows without an end count up to `as_of`. `governing`: whose windows count where it has some, whatever its rank."""

    as_of: datetime
    windows: Sequence[OutageWindow]
    extents: Sequence[Extent] = ()
    findings: Sequence[Finding] = ()
    governing: Source | None = None


@dataclass
class DraftContent:
    """Rows by id, in the order in which a version would list them; `changes`: how many were applied.

    `unmatched`: rows that a change takes off although they are not listed, which only a rebase can bring about.
    """

    base: RecordVersion | None
    as_of: datetime | None
    governing: Source | None
    windows: dict[int, OutageWindow] = field(default_factory=dict)
    extents: dict[int, Extent] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    changes: int = 0

    @property
    def base_number(self) -> int:
        """0 before the first version."""
        return self.base.number if self.base else 0

    def as_record(self) -> RecordContent | None:
        """None while nobody has said up to when it knows."""
        if self.as_of is None:
            return None
        windows, extents, findings = self.windows.values(), self.extents.values(), self.findings.values()
        return RecordContent(self.as_of, list(windows), list(extents), list(findings), self.governing)


def content_of_version(version: RecordVersion) -> RecordContent:
    """In its order. Three queries."""
    return RecordContent(
        version.as_of,
        list(version.windows.select_related("service", "source", "notice__source").order_by("listings__position")),
        list(version.extents.select_related("source").order_by("listings__position")),
        list(version.findings.select_related("notice__source").order_by("listings__position")),
        version.governing,
    )


def content_of_draft(draft: RecordDraft) -> DraftContent:
    """Its base, then its changes in turn. After a rebase they are applied to the newer version."""
    changes = list(
        draft.changes.select_related(
            "window__service", "window__source", "window__notice__source", "instead_of__service", "instead_of__source",
            "extent__source", "finding__notice__source", "governing", "base",
        ).order_by("number")
    )  # fmt: skip
    bases = [change.base for change in changes if change.kind == ChangeKind.REBASE]
    content = content_of_base(bases[-1] if bases else draft.base)
    for change in changes:
        _apply(content, change)
    content.changes = len(changes)
    return content


def content_of_base(base: RecordVersion | None) -> DraftContent:
    """What a draft on this version says before any change; nothing before the first version."""
    if base is None:
        return DraftContent(None, None, None)
    said = content_of_version(base)
    content = DraftContent(base, said.as_of, said.governing)
    content.windows = {row.pk: row for row in said.windows}
    content.extents = {row.pk: row for row in said.extents}
    content.findings = {row.pk: row for row in said.findings}
    return content


def _apply(content: DraftContent, change: RecordChange) -> None:
    match change.kind:
        case ChangeKind.AS_OF:
            content.as_of = change.as_of
        case ChangeKind.GOVERNING:
            content.governing = change.governing
        case ChangeKind.LIST:
            _list(content, change)
        case ChangeKind.UNLIST:
            for listed, row in (
                (content.windows, change.window),
                (content.extents, change.extent),
                (content.findings, change.finding),
            ):
                if row is not None:
                    _take_off(content, listed, row)


def _list(content: DraftContent, change: RecordChange) -> None:
    if change.extent is not None:
        _put(content.extents, change.extent, lambda other: other.source_id == change.extent.source_id)
    elif change.finding is not None:
        _put(content.findings, change.finding, lambda other: other.name == change.finding.name)
    elif change.window is not None:
        if change.instead_of is not None:
            _take_off(content, content.windows, change.instead_of)
        content.windows[change.window.pk] = change.window


def _put(listed: dict[int, Any], row: Any, same: Any) -> None:
    """In place of the one that speaks of the same thing."""
    for pk in [pk for pk, other in listed.items() if same(other)]:
        del listed[pk]
    listed[row.pk] = row


def _take_off(content: DraftContent, listed: dict[int, Any], row: Any) -> None:
    if listed.pop(row.pk, None) is None:
        content.unmatched.append(str(row))
