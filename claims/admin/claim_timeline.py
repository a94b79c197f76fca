"""Losses against the official windows, drawn: a row for each loss. Plain numbers for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.queries import PersonLoss
from claims.queries.disputes import OfficialSpan
from services.seoul import SEOUL, shown_span

WIDTH, ROW, TOP, FOOT = 900, 44, 6, 22  # units of the drawing, which is as wide as the page
AROUND = timedelta(hours=2)
TICKS = 8


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    text: str


@dataclass(frozen=True)
class Row:
    """A loss; `open`: it goes on; `withdrawn`: it does not count."""

    y: int
    name: str
    loss: Bar
    open: bool
    withdrawn: bool
    windows: list[Bar]


@dataclass(frozen=True)
class Timeline:
    width: int
    height: int
    base: int
    rows: list[Row]
    ticks: list[Bar]


def timeline_of(losses: Sequence[PersonLoss], official: Mapping[str, Sequence[OfficialSpan]]) -> Timeline | None:
    """From two hours before the first loss to two after the last; one that goes on reaches to the end."""
    if not losses:
        return None
    first = min(loss.start_at for loss in losses) - AROUND
    last = max(loss.end_at or loss.start_at + AROUND for loss in losses) + AROUND
    scale = _Scale(first, last)
    rows = []
    for place, loss in enumerate(losses):
        spans = [(start, end or last) for start, end in official.get(loss.service.code, ())]
        windows = [scale.bar(start, end) for start, end in spans if start < last and end > first]
        bar = scale.bar(loss.start_at, loss.end_at or last, shown_span(loss.start_at, loss.end_at))
        rows.append(Row(TOP + place * ROW, loss.service.name, bar, loss.end_at is None, bool(loss.withdrawn), windows))
    height = TOP + len(rows) * ROW + FOOT
    return Timeline(WIDTH, height, height - FOOT, rows, scale.ticks())


@dataclass(frozen=True)
class _Scale:
    first: datetime
    last: datetime

    def at(self, instant: datetime) -> float:
        return round((instant - self.first) / (self.last - self.first) * WIDTH, 1)

    def bar(self, start: datetime, end: datetime, text: str = "") -> Bar:
        low, high = self.at(max(start, self.first)), self.at(min(end, self.last))
        return Bar(low, max(round(high - low, 1), 2), text)

    def ticks(self) -> list[Bar]:
        """Full hours in Korea, evenly, at most so many."""
        step = timedelta(hours=-(-((self.last - self.first) // timedelta(hours=1)) // TICKS) or 1)
        at = self.first.astimezone(SEOUL).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        ticks = []
        while at < self.last:
            ticks.append(Bar(self.at(at), 0, f"{at:%m-%d %H}"))
            at += step
        return ticks
