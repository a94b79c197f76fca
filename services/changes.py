"""What one record version, or a draft, says otherwise than the version before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.models import Extent, Finding, OutageWindow, Source

Kind = Literal["added", "removed", "moved", "restated"]


@dataclass(frozen=True)
class Change:
    """`before` is None of what was added, `after` of what was removed.

    "moved": the start, the end or both are others. "restated": the span is the same, and by another word or in other terms.
    """

    kind: Kind
    before: OutageWindow | None
    after: OutageWindow | None

    @property
    def window(self) -> OutageWindow:
        """The one to name it by: as it is now, if it still is."""
        window = self.after or self.before
        assert window is not None
        return window

    @property
    def start_moved(self) -> timedelta:
        """Positive when it begins later."""
        if self.before is None or self.after is None:
            return timedelta()
        return self.after.start_at - self.before.start_at

    @property
    def end_moved(self) -> timedelta:
        """Positive when it ends later; zero also where one of the ends is open."""
        if self.before is None or self.after is None or self.before.end_at is None or self.after.end_at is None:
            return timedelta()
        return self.after.end_at - self.before.end_at


def changes_between(before: Sequence[OutageWindow], after: Sequence[OutageWindow]) -> list[Change]:
    """In the order of `after`, then what was removed in the order of `before`; the same windows are no change.

    A window that went and one that came are the same one moved when they are of one service and
    severity and begin or end at the same instant; of several, one by the same source first.
    """
    kept = {window.pk for window in before} & {window.pk for window in after}
    gone = [window for window in before if window.pk not in kept]
    found = []
    for window in after:
        if window.pk in kept:
            continue
        former = _former(window, gone)
        if former is None:
            found.append(Change("added", None, window))
        else:
            gone.remove(former)
            same = (former.start_at, former.end_at) == (window.start_at, window.end_at)
            found.append(Change("restated" if same else "moved", former, window))
    return found + [Change("removed", window, None) for window in gone]


def _former(window: OutageWindow, gone: Sequence[OutageWindow]) -> OutageWindow | None:
    alike = [
        old
        for old in gone
        if (old.service_id, old.severity) == (window.service_id, window.severity)
        and (old.start_at == window.start_at or (old.end_at is not None and old.end_at == window.end_at))
    ]
    return min(alike, key=lambda old: old.source_id != window.source_id, default=None)


@dataclass(frozen=True)
class Beside:
    """What is said beside windows: one extent per source, one finding per name. `governing` None: the best ranked source."""

    as_of: datetime | None = None
    governing: Source | None = None
    extents: Sequence[Extent] = ()
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class BesideChange:
    """`before` is None of what was not said, `after` of what no longer is; of a governing source, when rank decides."""

    kind: Literal["as_of", "governing", "extent", "finding"]
    before: datetime | Source | Extent | Finding | None
    after: datetime | Source | Extent | Finding | None


def changes_beside(before: Beside, after: Beside) -> list[BesideChange]:
    """Of extents by source and of findings by name, in the order of `before`, then what is new."""
    found = [
        BesideChange("as_of", before.as_of, after.as_of),
        BesideChange("governing", before.governing, after.governing),
    ]
    old, new = ({one.source_id: one for one in said.extents} for said in (before, after))
    found += [BesideChange("extent", old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    known, now = ({one.name: one for one in said.findings} for said in (before, after))
    found += [BesideChange("finding", known.get(name), now.get(name)) for name in dict.fromkeys([*known, *now])]
    return [change for change in found if change.before != change.after]
