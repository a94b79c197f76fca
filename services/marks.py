"""A timeline's marks as SVG: texts are escaped here, numbers are ours. In a template, with a variable for each end of each
line, they took more than half of the time of all templates of a claimant's quote. How a bar looks is drawn once for each look
that there is (`looks`), and each bar only says where it lies: drawn anew they were half of the page of a large outage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    return f'<text class="date" x="{tick.x}" dx="4" y="{y}">{escape(tick.label)}</text>'


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
    bar, said = one.bar, f"<title>{escape(one.bar.said)}</title>"
    at = f'y="{drawn.bar_y}" height="14"'
    ground = f'<use href="#{_look(bar, governs=drawn.lane.governs)}" x="{one.x}" width="{one.width}" {at}'
    if bar.end_at:
        return f"{ground}>{said}</use>"
    return f'<g>{said}{ground}/><use href="#tip-{bar.kind}" x="{one.tip}" width="10" {at}/></g>'


def looks(drawings: Sequence[Drawing]) -> SafeString:
    """Of the bars in them, by the name under which each is used. Once a page, where it is not hidden."""
    lanes = [lane for drawing in drawings for group in drawing.groups for lane in group.lanes]
    bars = [(one.bar, lane.lane.governs) for lane in lanes for one in lane.bars]
    found = {_look(bar, governs=governs): "".join(_within(bar, governs=governs)) for bar, governs in bars}
    tips = {f"tip-{bar.kind}": f'<path class="tip {bar.kind}" d="M0 0 10 7 0 14Z"/>' for bar, _ in bars if not bar.end_at}
    return _safe([f'<symbol id="{name}">{drawn}</symbol>' for name, drawn in (found | tips).items()])


def _look(bar: Bar, *, governs: bool) -> str:
    """The name of how a bar of this kind is drawn: the same for all that `_within` draws alike."""
    end = "open" if not bar.end_at else "about" if bar.end_approx else "sharp"
    signs = ["bar", bar.kind, "about" if bar.start_approx else "sharp", end]
    return "-".join([*signs, *(["guess"] if bar.inferred else []), *([] if governs else ["lesser"])])


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
