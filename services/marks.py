"""A timeline's marks as SVG: texts are escaped here, numbers are ours. In a template, with a variable for each end of each
line, they took more than half of the time of all templates of a claimant's quote.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from services.timeline import Bar, Drawing, DrawnBar, DrawnGroup, DrawnLane, Tick

BEGIN = '<rect class="fade" width="12" height="14" fill="url(#fade-start)"/>'
END = '<svg x="100%" width="12" height="14" class="open"><rect class="fade" x="-12" width="12" height="14" fill="url(#fade-end)"/></svg>'  # noqa: E501 - one mark
GUESS = '<svg x="50%" width="1" height="14" class="open"><path class="guess" d="M0 2.5 4.5 7 0 11.5 -4.5 7Z"/></svg>'


def axis_above(drawing: Drawing) -> SafeString:
    """The axis above, with the lines that go down from it."""
    hours = [_line("grid", tick.x, drawing.top, drawing.bottom) + _hour(tick, 40) for tick in drawing.hours]
    days = [
        (_line("grid day", tick.x, 4, drawing.bottom) if tick.day else "") + _date(tick, 16) for tick in drawing.days
    ]  # fmt: skip
    return _safe([*hours, *days])


def axis_below(drawing: Drawing) -> SafeString:
    """The axis below; from the top of what it stands in."""
    return _safe([
        "".join(_hour(tick, 16) for tick in drawing.hours),
        "".join(_date(tick, 38 if drawing.hours else 16) for tick in drawing.days),
    ])  # fmt: skip


def lanes(drawing: Drawing) -> SafeString:
    return _safe([line for group in drawing.groups for line in _group(group, drawing)])


def _safe(lines: list[str]) -> SafeString:
    return mark_safe("\n  ".join(lines))  # noqa: S308 - made here, of escaped texts


def _line(kind: str, x: str, y1: int, y2: int) -> str:
    return f'<line class="{kind}" x1="{x}" x2="{x}" y1="{y1}" y2="{y2}"/>'


def _hour(tick: Tick, y: int) -> str:
    return f'<text class="hour" x="{tick.x}" y="{y}">{escape(tick.label)}</text>'


def _date(tick: Tick, y: int) -> str:
    beside = -4 if tick.place == "end" else 4
    return f'<text class="date {tick.place}" x="{tick.x}" dx="{beside}" y="{y}">{escape(tick.label)}</text>'


def _group(group: DrawnGroup, drawing: Drawing) -> Iterator[str]:
    y = group.line_y
    yield (
        f'<line class="rule" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
        f'<text class="group" x="0" y="{group.text_y}">{escape(group.name)}</text>'
    )
    for drawn in group.lanes:
        lesser, x = "" if drawn.lane.governs else " lesser", 12 if drawing.layout == "wide" else 0
        yield f'<text class="lane{lesser}" x="{x}" y="{drawn.text_y}">{escape(drawn.lane.name)}</text>'
        yield from (_bar(one, drawn) for one in drawn.bars)


def _bar(one: DrawnBar, drawn: DrawnLane) -> str:
    bar, y = one.bar, drawn.bar_y
    tip = f'<path class="tip {bar.kind}" d="M0 0 10 7 0 14Z"/>'
    arrow = "" if bar.end_at else f'<svg x="{one.tip}" y="{y}" width="10" height="14" class="open">{tip}</svg>'
    return (
        f'<g class="bar"><title>{escape(bar.said)}</title>'
        f'<svg x="{one.x}" y="{y}" width="{one.width}" height="14">{"".join(_within(bar, governs=drawn.lane.governs))}</svg>'
        f"{arrow}</g>"
    )


def _within(bar: Bar, *, governs: bool) -> Iterator[str]:
    """What lies in a bar's own ground: how much was down, and how sure its ends are."""
    lesser, size = ("", 'height="14"') if governs else (" lesser", 'y="3" height="8"')
    yield f'<rect class="fill{lesser}" fill="url(#fill-{bar.kind})" width="100%" {size}/>'
    if bar.start_approx:
        yield BEGIN
    if bar.end_at and bar.end_approx:
        yield END
    yield _edge(bar.kind, "0", approx=bar.start_approx)
    if bar.end_at:
        yield _edge(bar.kind, "100%", approx=bar.end_approx)
    if bar.inferred:
        yield GUESS


def _edge(kind: str, x: str, *, approx: bool) -> str:
    return f'<line class="edge {kind}{" approx" if approx else ""}" x1="{x}" x2="{x}" y2="14"/>'
