"""Who gains and who loses by a draft, as the pages of drafts show it (admin/claims/preview.html)."""

from __future__ import annotations

from typing import Any

from claims.models import Comparison
from claims.queries import comparison_progress, largest_differences, summary_of
from services.seoul import shown

SHOWN = 20  # of the largest differences


def shown_preview(comparison: Comparison, *, current: bool) -> dict[str, Any]:
    """`current`: it is of the draft as it is now, under the policies in force now."""
    summary = summary_of(comparison)
    totals: dict[str, int] = {}
    for row in summary:
        totals[row.unit] = totals.get(row.unit, 0) + row.net
    return {
        "comparison": comparison,
        "progress": comparison_progress(comparison),
        "summary": summary,
        "totals": sorted(totals.items()),
        "largest": list(largest_differences(comparison)[:SHOWN]),
        "finished": shown(comparison.finished_at),
        "current": current,
    }
