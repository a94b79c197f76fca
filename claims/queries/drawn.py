"""The official outage and what the claimant told of it, drawn for a letter from what its assessment was made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import override

from claims.eligibility import Terms, Window, instant_of
from claims.eligibility.wording import Wording
from claims.models import Loss
from services.timeline import Bar, Drawing, DrawnGroup, Group, Lane, draw
from services.words import said_day, said_instant
from services.words import say as word

WORDS = {
    "title": ("공식 기록(제{}판)과 말씀하신 시간", "The official record (version {}) and what you told us"),
    "official": ("공식 장애", "Official outage"),
    "told": ("말씀하신 시간", "You told us"), "ongoing": ("계속", "still going on"), "known": ("파악 기준", "Known until"),
    "zone": ("시각은 모두 한국 시간입니다.", "All times are Korean time."),
    "approx": ("점선으로 된 끝은 대략의 시각입니다.", "A dashed end is an approximate time."),
    "inferred": ("마름모가 있는 막대는 추정한 시간입니다.", "A bar with a diamond is inferred."),
    "open": ("화살표는 파악 기준까지 계속되었다는 뜻입니다.", "An arrow: it was still going on when last known."),
}  # fmt: skip
KINDS = ("full", "partial", "intermittent")


PART = 560  # pixels of services under one axis: on paper what is higher would leave pages half empty


@dataclass(frozen=True)
class Part:
    """Some services under an axis of their own, on the scale of all. `spans`: what each bar says, for who cannot see it;
    `shift`: how far up their places are to be moved; `known`: whether the label of that line stands below. Pixels.
    """

    groups: Sequence[DrawnGroup]
    spans: Sequence[str]
    shift: int
    bottom: int
    height: int
    known: bool


@dataclass(frozen=True)
class LetterDrawing:
    """`marks`: what the marks mean that occur."""

    title: str
    known_until: str
    marks: Sequence[str]
    drawing: Drawing
    parts: Sequence[Part]


def letter_drawing(terms: Terms, losses: Sequence[Loss], wording: Wording, *, language: str) -> LetterDrawing | None:
    """None without losses. `losses` with their service. One layout, that of telephones: it is kept as it is for ever, and has
    room for its names at any width. No query.
    """
    if not losses:
        return None
    with override(language):  # the words of the record's pages
        groups = [
            Group(name, _lanes(code, [loss for loss in losses if _of(loss, wording) == (code, name)], terms, wording))
            for code, name in dict.fromkeys(_of(loss, wording) for loss in losses)
        ]
        as_of = instant_of(terms.record.as_of)
        drawing = draw(groups, as_of=as_of, layout="narrow", say_day=said_day)
        title = wording.say(*WORDS["title"]).format(terms.record.number)
        known_until = f"{wording.say(*WORDS['known'])} {said_instant(as_of)}"
    marks = [wording.say(*WORDS[key]) for key in ("zone", *_marks(groups))]
    return LetterDrawing(title, known_until, marks, drawing, list(_parts(drawing)))


def _of(loss: Loss, wording: Wording) -> tuple[str, str]:
    return loss.service.code, wording.lost(loss.service.code, loss.pk)


def _parts(drawing: Drawing) -> Iterator[Part]:
    starts = [group.line_y for group in drawing.groups]
    heights = [below - above for above, below in pairwise([*starts, drawing.bottom])]
    first = 0
    for last in range(len(starts)):
        if last + 1 < len(starts) and sum(heights[first : last + 2]) <= PART:
            continue
        groups, shift = drawing.groups[first : last + 1], starts[first] - starts[0]
        spans = [f"{group.name}: {one.bar.said}" for group in groups for lane in group.lanes for one in lane.bars]
        bottom = starts[last] + heights[last] - shift
        known = drawing.known is not None and last + 1 == len(starts)
        yield Part(groups, spans, shift, bottom, bottom + (24 if known else 4), known)
        first = last + 1


def _lanes(code: str, losses: Sequence[Loss], terms: Terms, wording: Wording) -> list[Lane]:
    """A lane for each severity, so that nobody needs to tell colours apart; then what was told.

    Of windows those that govern some of the service's time, also one of what it belongs to or depends on.
    """
    governing = dict.fromkeys((one.window, one.via) for one in terms.impact if one.service == code and not one.planned)
    windows = {window.key: window for window in terms.record.windows}
    by_lane: dict[tuple[str | None, str], list[Bar]] = {}
    for key, via in governing:
        by_lane.setdefault((via, windows[key].severity), []).append(_official(windows[key], wording))
    lanes = []
    for via, severity in sorted(by_lane, key=lambda lane: (lane[0] or "", KINDS.index(lane[1]))):
        of = "" if via is None else f" ({wording.service(via)})"
        lanes.append(Lane(f"{wording.say(*WORDS['official'])}{of}: {word(severity)}", by_lane[via, severity]))
    told = [_told(loss, wording) for loss in sorted(losses, key=lambda loss: (loss.start_at, loss.pk))]
    return [*lanes, Lane(wording.say(*WORDS["told"]), told)]


def _official(window: Window, wording: Wording) -> Bar:
    start_at, end_at = instant_of(window.start_at), None if window.end_at is None else instant_of(window.end_at)
    until = wording.say(*WORDS["ongoing"]) if end_at is None else said_instant(end_at, approx=window.end_approx)
    about = f"{word(window.severity)}, {said_instant(start_at, approx=window.start_approx)} ~ {until}"
    if window.inferred:
        about = f"{about} ({word('inferred')})"
    return Bar(window.severity, start_at, end_at, window.start_approx, window.end_approx, window.inferred, about)


def _told(loss: Loss, wording: Wording) -> Bar:
    until = wording.say(*WORDS["ongoing"]) if loss.end_at is None else said_instant(loss.end_at)
    about = f"{wording.say(*WORDS['told'])}, {said_instant(loss.start_at)} ~ {until}"
    return Bar("told", loss.start_at, loss.end_at, said=about)


def _marks(groups: Iterable[Group]) -> list[str]:
    bars = [bar for group in groups for lane in group.lanes for bar in lane.bars]
    has = {
        "approx": any(bar.start_approx or bar.end_approx for bar in bars),
        "inferred": any(bar.inferred for bar in bars),
        "open": any(bar.end_at is None for bar in bars),
    }
    return [key for key, found in has.items() if found]
