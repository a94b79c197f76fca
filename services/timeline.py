"""Where the marks of an incident's timeline lie. Pure: plain values in, positions out; `marks.py` draws them.

Positions across are percentages of the drawing's width and positions down are pixels, so that a
drawing fills any width while its text keeps its size. There are two layouts: "wide" has names
beside the bars, "narrow" has each name above its bars, for telephones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from services.seoul import SEOUL

Layout = Literal["wide", "narrow"]

STEPS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)]
DAY = timedelta(days=1)
DAYS = [DAY * days for days in (1, 2, 7, 14, 28, 56, 112, 224, 448)]
LEAST_WIDTH = 0.35  # per cent; a minute in a week would not be seen
PAD_BEFORE, PAD_AFTER = 0.01, 0.025  # of the length shown; the second has room for an arrow's head
ROOM_FOR_SHORT = 5.0  # per cent of the wide layout; what the short name of a day needs


class SayDay(Protocol):
    """Names a day of Korean time. `short`: where there is less room."""

    def __call__(self, day: date, /, *, short: bool) -> str: ...


@dataclass(frozen=True)
class Bar:
    """A span [start_at, end_at) as `kind`: a severity, "planned" or "extent"; None is an open end."""

    kind: str
    start_at: datetime
    end_at: datetime | None
    start_approx: bool = False
    end_approx: bool = False
    inferred: bool = False
    said: str = ""


@dataclass(frozen=True)
class Lane:
    """The bars of one service by one source. `governs`: no better ranked source speaks of the same."""

    name: str
    bars: Sequence[Bar]
    governs: bool = True


@dataclass(frozen=True)
class Group:
    name: str
    lanes: Sequence[Lane]


@dataclass(frozen=True)
class Shape:
    """Sizes of a layout: `names`, and `edge` that half of an hour's label needs, in per cent of the width; how many `hours` and
    `days` are marked at most; the rest in pixels.
    """

    names: float
    edge: float
    group: int
    lane: int
    bar_below: int
    hours: int
    days: int


SHAPES: dict[Layout, Shape] = {
    "wide": Shape(names=27, edge=1.5, group=30, lane=24, bar_below=5, hours=14, days=8),
    "narrow": Shape(names=1, edge=5.5, group=32, lane=40, bar_below=20, hours=6, days=6),
}
BAR_HEIGHT = 14
AXIS = 24  # one line of it


@dataclass(frozen=True)
class DrawnBar:
    """`x`, `width`: per cent, as SVG writes them; `tip`: where the arrow of an open end stands."""

    bar: Bar
    x: str
    width: str
    tip: str


@dataclass(frozen=True)
class DrawnLane:
    lane: Lane
    text_y: int
    bar_y: int
    bars: Sequence[DrawnBar]


@dataclass(frozen=True)
class DrawnGroup:
    name: str
    text_y: int
    line_y: int
    lanes: Sequence[DrawnLane]


@dataclass(frozen=True)
class Tick:
    """`day`: a day begins here. No label where there is no room."""

    x: str
    label: str
    day: bool


@dataclass(frozen=True)
class Drawing:
    """`top` and `bottom` are where the bars' ground begins and ends; `known` is as_of, if it is within sight."""

    layout: Layout
    height: int
    top: int
    bottom: int
    names: str
    groups: Sequence[DrawnGroup]
    days: Sequence[Tick]
    hours: Sequence[Tick]
    known: str | None

    @property
    def known_anchor(self) -> str:
        """Of the text below it, as SVG has it: to where there is room."""
        return "end" if self.known is None or float(self.known.removesuffix("%")) > 50 else "start"


def marks_of(drawings: Sequence[Drawing]) -> set[str]:
    """What is drawn in them that a legend explains, by its words there."""
    lanes = [lane for drawing in drawings for group in drawing.groups for lane in group.lanes]
    bars = [one.bar for lane in lanes for one in lane.bars]
    found = {bar.kind for bar in bars} - {"extent"}  # which its lane names
    found |= {"approx"} if any(bar.start_approx or (bar.end_at and bar.end_approx) for bar in bars) else set()
    found |= {"ongoing"} if any(bar.end_at is None for bar in bars) else set()
    found |= {"inferred_mark"} if any(bar.inferred for bar in bars) else set()
    return found | ({"lesser"} if any(not lane.lane.governs for lane in lanes) else set())


@dataclass(frozen=True)
class Scale:
    """From instants to per cent of the width."""

    start_at: datetime
    end_at: datetime
    names: float

    def share(self, instant: datetime) -> float:
        along = (instant - self.start_at) / (self.end_at - self.start_at)
        return self.names + (100 - self.names) * min(max(along, 0.0), 1.0)


def draw(groups: Sequence[Group], *, as_of: datetime, layout: Layout, say_day: SayDay) -> Drawing:
    """All instants aware. ValueError without any bar."""
    shape = SHAPES[layout]
    scale = _scale([bar for group in groups for lane in group.lanes for bar in lane.bars], as_of, shape)
    days, hours = _days(scale, shape, say_day, layout), _hours(scale, shape)
    top = AXIS * (2 if hours else 1) + 6
    drawn: list[DrawnGroup] = []
    y = top
    for group in groups:
        drawn.append(_group(group, y, scale, as_of, shape))
        y += shape.group + shape.lane * len(group.lanes)
    bottom = y + 8
    open_ended = any(bar.end_at is None for group in groups for lane in group.lanes for bar in lane.bars)
    known = _percent(scale.share(as_of)) if open_ended or as_of <= scale.end_at else None
    height = bottom + top + (AXIS if known else 0)
    return Drawing(layout, height, top, bottom, _percent(shape.names), drawn, days, hours, known)


def _scale(bars: Sequence[Bar], as_of: datetime, shape: Shape) -> Scale:
    """From the earliest start to the latest end, and to as_of where an end is open."""
    start = min(bar.start_at for bar in bars)
    end = max([*(bar.end_at or max(as_of, bar.start_at) for bar in bars), start + timedelta(minutes=1)])
    length = end - start
    return Scale(start - length * PAD_BEFORE, end + length * PAD_AFTER, shape.names)


def _group(group: Group, y: int, scale: Scale, as_of: datetime, shape: Shape) -> DrawnGroup:
    lanes = []
    for position, lane in enumerate(group.lanes):
        lane_y = y + shape.group + position * shape.lane
        bars = [_bar(bar, scale, as_of) for bar in lane.bars]
        lanes.append(DrawnLane(lane, lane_y + (16 if shape.names > 1 else 14), lane_y + shape.bar_below, bars))
    return DrawnGroup(group.name, y + 20, y + 3, lanes)


def _bar(bar: Bar, scale: Scale, as_of: datetime) -> DrawnBar:
    end = scale.share(bar.end_at if bar.end_at is not None else max(as_of, bar.start_at))
    x = scale.share(bar.start_at)
    width = max(end - x, LEAST_WIDTH)
    return DrawnBar(bar, _percent(x), _percent(width), _percent(x + width))


def _hours(scale: Scale, shape: Shape) -> list[Tick]:
    """Round times of the day; none where only days have room."""
    step = _step(scale, STEPS, shape.hours)
    if step is None:
        return []
    shares = [(scale.share(at), at) for at in _round_times(scale, step)]
    return [
        Tick(_percent(share), f"{at:%H:%M}" if shape.edge <= share <= 100 - shape.edge else "", day=False)
        for share, at in shares
    ]


def _days(scale: Scale, shape: Shape, say_day: SayDay, layout: Layout) -> list[Tick]:
    """Midnights, and at the left the day it begins in, where that has room before the first of them."""
    step = _step(scale, DAYS, shape.days) or DAYS[-1]
    narrowest = 100 / (shape.days + 1)  # what a label needs
    midnights = []
    for at in _round_times(scale, step):
        x = scale.share(at)
        label = say_day(at.date(), short=layout == "narrow") if 100 - x >= narrowest else ""
        midnights.append(Tick(_percent(x), label, day=True))
    room = (float(midnights[0].x.removesuffix("%")) if midnights else 100) - scale.names
    if room < (ROOM_FOR_SHORT if layout == "wide" else narrowest):
        return midnights
    first = say_day(scale.start_at.astimezone(SEOUL).date(), short=room < narrowest or layout == "narrow")
    return [Tick(_percent(scale.names), first, day=False), *midnights]


def _step(scale: Scale, steps: Sequence[timedelta], most: int) -> timedelta | None:
    """The shortest that gives at most `most` ticks."""
    length = scale.end_at - scale.start_at
    return next((step for step in steps if length / step <= most), None)


def _round_times(scale: Scale, step: timedelta) -> list[datetime]:
    """Multiples of `step` since a midnight of Korean time, which has no daylight saving, inside the scale."""
    first = scale.start_at.astimezone(SEOUL)
    at = datetime(first.year, first.month, first.day, tzinfo=SEOUL)
    if at < first:
        at += step * -((at - first) // step)
    found = []
    while at <= scale.end_at:
        found.append(at)
        at += step
    return found


def _percent(share: float) -> str:
    return f"{share:.3f}%"
