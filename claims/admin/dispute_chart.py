"""A dispute as a histogram: claims by the hour, with the official windows behind them. Plain numbers for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.queries.disputes import AROUND, HOUR, OfficialSpan
from services.seoul import SEOUL, shown

MOST_HOURS = 14 * 24
SLOT, TOP, HEIGHT, LEFT, FOOT = 14, 14, 150, 44, 34  # pixels


@dataclass(frozen=True)
class Hour:
    """`official`: whole, part or none of it lies in official windows."""

    shown: str
    claims: int
    official: str
    disputed: bool


@dataclass(frozen=True)
class Box:
    """A rectangle, or with no height a place for `text`; pixels from the top left."""

    x: float
    y: float
    width: float
    height: float
    text: str = ""
    disputed: bool = False


@dataclass(frozen=True)
class Chart:
    """What the template draws; `cut`: there are more hours than it shows."""

    width: int
    height: int
    base: int
    most: int
    hours: list[Hour]
    bars: list[Box]
    windows: list[Box]
    ticks: list[Box]
    threshold_y: float
    cut: bool


def chart_of(
    counted: Mapping[datetime, int], *, span: tuple[datetime, datetime], official: Sequence[OfficialSpan], threshold: int,
    around: timedelta = AROUND,
) -> Chart:  # fmt: skip
    """From the first hour counted to the last, and at least of the whole span and what is around it."""
    first, last = min([span[0] - around, *counted]), max([span[1] - HOUR + around, *counted])
    whole = (last - first) // HOUR + 1
    starts = [first + place * HOUR for place in range(min(whole, MOST_HOURS))]
    hours = [Hour(shown(at), counted.get(at, 0), _covered(at, at + HOUR, official), span[0] <= at < span[1]) for at in starts]
    most = max([threshold, *(hour.claims for hour in hours)])
    return Chart(
        width=LEFT + SLOT * len(starts) + 8, height=TOP + HEIGHT + FOOT, base=TOP + HEIGHT, most=most, hours=hours,
        bars=[_bar(place, hour, most) for place, hour in enumerate(hours)],
        windows=_shaded(starts[0], starts[-1] + HOUR, official), ticks=_ticks(starts),
        threshold_y=round(TOP + HEIGHT - _tall(threshold, most), 1), cut=whole > MOST_HOURS,
    )  # fmt: skip


def _bar(place: int, hour: Hour, most: int) -> Box:
    tall = _tall(hour.claims, most)
    return Box(LEFT + place * SLOT + 1, round(TOP + HEIGHT - tall, 1), SLOT - 2, round(tall, 1), hour.shown, hour.disputed)


def _tall(claims: int, most: int) -> float:
    return claims * HEIGHT / most


def _shaded(first: datetime, after: datetime, official: Sequence[OfficialSpan]) -> list[Box]:
    clipped = [(max(start, first), min(end or after, after)) for start, end in official]
    return [
        Box(round(LEFT + (start - first) / HOUR * SLOT, 1), TOP, round((end - start) / HOUR * SLOT, 1), HEIGHT)
        for start, end in clipped
        if start < end
    ]


def _ticks(starts: Sequence[datetime]) -> list[Box]:
    """The clock every six hours in Korea, with the day at midnight."""
    local = [(place, at.astimezone(SEOUL)) for place, at in enumerate(starts)]
    return [
        Box(LEFT + place * SLOT, TOP + HEIGHT + 14, 0, 0, f"{at:%m-%d}" if at.hour == 0 else f"{at:%H}")
        for place, at in local
        if at.hour % 6 == 0
    ]


def _covered(start: datetime, end: datetime, official: Sequence[OfficialSpan]) -> str:
    """Windows may overlap; what they leave free decides."""
    at, covered = start, timedelta()
    for opens, closes in sorted(official, key=lambda window: window[0]):
        low, high = max(at, opens), min(end, closes or end)
        if low < high:
            covered += high - low
            at = high
    return "whole" if covered == end - start else "part" if covered else "none"
