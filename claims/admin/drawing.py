"""A chart as SVG: marks in pixels from the top left, drawn on the server. Texts are escaped here, numbers are ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LEFT, TOP, HEIGHT, FOOT = 30, 40, 170, 34  # pixels: of the axis' nothing, above, of the plot, of the words below
BROAD = 480  # pixels: what is broader than a telephone has larger letters there (chart.css)
LETTER, NARROW_LETTER = 12, 7  # pixels across, of a Korean one and of others
ROW, ACROSS = 52, 230  # of a bar that lies: its height with its name, and the longest


@dataclass
class Chart:
    """`marks`: parts of the SVG. `columns` and `rows`: the same as a table. `cut`: not all of it is drawn. `scrolls`: in its
    box, where that is narrow; the others become smaller.
    """

    key: str
    title: str
    description: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    width: int = 680
    height: int = TOP + HEIGHT + FOOT
    marks: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cut: bool = False
    scrolls: bool = False

    def box(self, kind: str, *at: float) -> None:
        """`at`: x, y, width, height."""
        self.marks.append(f'<rect class="{kind}" {_place(*at)}/>')

    def boxes(self, kind: str, places: Iterable[tuple[float, float, float, float]]) -> None:
        """Many of one kind as one mark: a page of thousands stays small."""
        path = "".join(f"M{x:g} {y:.4g}h{width:g}v{height:.4g}h-{width:g}z" for x, y, width, height in places)
        if path:
            self.marks.append(f'<path class="{kind}" d="{path}"/>')

    def line(self, kind: str, points: Sequence[tuple[float, float]]) -> None:
        self.marks.append(f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')

    def dot(self, x: float, y: float) -> None:
        self.marks.append(f'<circle class="chart-known" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')

    def text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.marks.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>')

    def axis(self, most: int) -> None:
        """The line below, with nothing beside it and the most above."""
        self.line("chart-axis", [(LEFT, TOP + HEIGHT), (self.width, TOP + HEIGHT)])
        self.text(2, TOP - 20, f"{most:,}")
        self.text(LEFT - 6, TOP + HEIGHT, "0", "end")

    def svg(self, style: str = "") -> SafeString:
        """`style`: CSS to be kept inside, for a file that stands alone."""
        alone, kept = (' xmlns="http://www.w3.org/2000/svg"', f"<style>{style}</style>") if style else ("", "")
        kind = f"chart{' chart-broad' * (self.width > BROAD and not self.scrolls)}{' chart-scrolls' * self.scrolls}"
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        return mark_safe(  # noqa: S308 - every text is escaped above
            f'<svg class="{kind}" role="img" aria-labelledby="{self.key}-title {self.key}-desc" {size}{alone}>'
            f'<title id="{self.key}-title">{escape(self.title)}</title>'
            f'<desc id="{self.key}-desc">{escape(self.description)}</desc>'
            f"{kept}{HATCH.format(key=self.key)}{''.join(self.marks)}</svg>"
        )

    def table(self) -> SafeString:
        """Its rows as HTML."""
        return mark_safe("".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in self.rows))  # noqa: S308


def _cell(cell: Any) -> str:
    return f"<td>{cell:,}</td>" if isinstance(cell, int) else f"<td>{escape(cell)}</td>"


# What differs by hue differs by hatching as well.
HATCH = (
    '<defs><pattern id="hatch-{key}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="chart-hatch" width="3" height="6"/></pattern></defs>'
)


def hatched(chart: Chart, kind: str, *at: float) -> None:
    """A box under a hatching. `at`: x, y, width, height."""
    chart.box(kind, *at)
    chart.marks.append(f'<rect fill="url(#hatch-{chart.key})" {_place(*at)}/>')


def _place(x: float, y: float, width: float, height: float) -> str:
    return f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'


def lying_bars(chart: Chart, rows: Sequence[tuple[str, Sequence[tuple[int, str]]]]) -> None:
    """A name and below it one or two bars, the second hatched, each (quantity, what is said of it)."""
    most = max([1, *(quantity for _, bars in rows for quantity, _ in bars)])
    chart.width, chart.height = ACROSS + 120, max(1, len(rows)) * ROW + 8
    for place, (name, bars) in enumerate(rows):
        y = place * ROW + 6
        chart.text(2, y + 10, _fitted(name, chart.width - 4))
        tall = 24 / len(bars)
        for nth, (quantity, said) in enumerate(bars):
            wide = max(0, quantity) * ACROSS / most
            draw = hatched if nth else Chart.box
            draw(chart, "chart-second" if nth else "chart-bar", 2, y + 15 + nth * tall, wide, tall - 1)
            chart.text(wide + 8, y + 15 + nth * tall + tall / 2 + 4, said)


def _fitted(name: str, width: int) -> str:
    """Its beginning, where it is broader than so many pixels."""
    ends = list(accumulate(LETTER if ord(letter) > 0x1100 else NARROW_LETTER for letter in name))
    return name if not name or ends[-1] <= width else name[: sum(end <= width - LETTER for end in ends)] + "…"
