"""How the page of a draft says windows, what stands beside them, and each change."""

from __future__ import annotations

from typing import Any

from claims.admin.record_words import label, say
from services.choice_words import worded
from services.models import ChangeKind, Extent, Finding, OutageWindow, RecordChange, Scope, WindowProposal
from services.seoul import shown, shown_span
from services.words import name_of, said_row


def row_of(window: OutageWindow) -> dict[str, Any]:
    span = shown_span(window.start_at, window.end_at, start_approx=window.start_approx, end_approx=window.end_approx)
    return {"window": window, "span": span, "severity": severity_of(window)}


def severity_of(row: OutageWindow | WindowProposal) -> str:
    """With the scope where it is not all, and whether it was planned."""
    said = [worded("severity", row.severity)]
    said += [] if row.scope == Scope.ALL else [worded("scope", row.scope)]
    said += [label("planned")] if row.planned else []
    return " · ".join(said)


def said_extent(extent: Extent) -> str:
    return f"{name_of(extent.source)}: {said_row(extent)}"


def said_finding(finding: Finding) -> str:
    return f"{finding.name}: {said_row(finding)}"


def said_change(change: RecordChange) -> str:
    """What it lists, takes off or sets, and in place of which window."""
    if change.window is not None:
        former = change.instead_of
        return said_window(change.window) + (f" ({say('insteadof')}: {said_window(former)})" if former else "")
    if change.extent is not None:
        return said_extent(change.extent)
    if change.finding is not None:
        return said_finding(change.finding)
    if change.kind == ChangeKind.GOVERNING:
        return name_of(change.governing) if change.governing else say("rank")
    return shown(change.as_of) if change.kind == ChangeKind.AS_OF else str(change.base)


def said_window(window: OutageWindow) -> str:
    row = row_of(window)
    return f"{name_of(window.service)} {row['span']} {row['severity']}, {name_of(window.source)}"
