"""Outage windows as a table: CSV in UTF-8, comma-separated, one window a line.

The first line names the columns, in any order, each once and none left out:

    incident        its id; lines of one incident make one item, and agree on title and planned
    title           may be empty
    component       its id; empty: a person is asked which one
    component_name  may be empty
    severity        full, partial or intermittent
    start_at        empty, with end_at empty: the times are asked
    end_at          exclusive; empty: still open
    start_approx    true, or false or empty
    end_approx      the same
    planned         the same; true for an announced maintenance
    announced_at    may be empty
    published_at    when the notice was published
    text            what the notice says; empty: the word "reported"

Times are ISO 8601 with an offset, or in the zone given for the file. Lines with the same
incident, published_at and text cite one notice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from services.feeds import wording
from services.feeds.cells import Cells, cells_of
from services.feeds.items import INCIDENT, MAINTENANCE, ReadItem, ReadNotice, ReadWindow, check_length
from services.feeds.refused import FeedIntervalInvalid, FeedRefused, shown_value
from services.texts import text_hash

COLUMNS = (
    *("incident", "title", "component", "component_name", "severity", "start_at", "end_at", "start_approx", "end_approx"),
    *("planned", "announced_at", "published_at", "text"),
)
STATUS = "reported"


@dataclass(frozen=True, kw_only=True)
class _Line:
    number: int
    incident: str
    title: str
    planned: bool
    notice: ReadNotice
    window: ReadWindow

    @property
    def time_order(self) -> tuple[datetime, str, str]:
        return self.window.start_at or self.notice.published_at, self.notice.foreign_id, self.window.severity


def read_csv(body: bytes, zone: ZoneInfo | None) -> tuple[ReadItem, ...]:
    lines = [_line(cells) for cells in cells_of(body, COLUMNS, zone)]
    incidents: dict[str, list[_Line]] = {}
    for line in lines:
        incidents.setdefault(line.incident, []).append(line)
    return tuple(_item(group) for group in incidents.values())


def _line(cells: Cells) -> _Line:
    notice = _notice(cells)
    return _Line(
        number=cells.number,
        incident=cells.identifier("incident"),
        title=cells.text("title"),
        planned=cells.boolean("planned"),
        notice=notice,
        window=_window(cells, notice.foreign_id),
    )


def _notice(cells: Cells) -> ReadNotice:
    published_at, text = cells.instant("published_at"), cells.text("text") or STATUS
    identifier = text_hash(f"{published_at.isoformat()} {text}")[:16]
    return ReadNotice(foreign_id=identifier, status=STATUS, text=text, published_at=published_at)


def _window(cells: Cells, notice: str) -> ReadWindow:
    start_at, end_at = cells.optional_instant("start_at"), cells.optional_instant("end_at")
    _check_span(cells, start_at, end_at)
    component = cells.identifier("component", optional=True) or None
    questions = {wording.WHICH_COMPONENT: component is None, wording.TIMES_IN_PROSE: start_at is None}
    return ReadWindow(
        key="",
        component_id=component,
        component_name=cells.text("component_name"),
        severity=cells.severity(),
        start_at=start_at,
        end_at=end_at,
        start_approx=cells.boolean("start_approx"),
        end_approx=cells.boolean("end_approx"),
        planned=cells.boolean("planned"),
        announced_at=cells.optional_instant("announced_at"),
        questions=wording.sorted_codes(code for code, applies in questions.items() if applies),
        notice=notice,
    )


def _check_span(cells: Cells, start_at: datetime | None, end_at: datetime | None) -> None:
    place = cells.place("end_at")
    if end_at is None:
        return
    if start_at is None:
        raise FeedIntervalInvalid(f"{place} is {end_at.isoformat()} without a start_at. Give both, or none.", field=place)
    if end_at <= start_at:
        raise FeedIntervalInvalid(
            f"{place} is {end_at.isoformat()}, not after its start {start_at.isoformat()}. The end is exclusive and must be "
            "later.",
            field=place,
        )
    check_length(start_at, end_at, place)


def _item(lines: list[_Line]) -> ReadItem:
    first = lines[0]
    for line in lines[1:]:
        for column, ours, theirs in (("title", line.title, first.title), ("planned", line.planned, first.planned)):
            if ours != theirs:
                raise FeedRefused(
                    f"line {line.number}, column {column} is {shown_value(ours)} and {shown_value(theirs)} in line "
                    f"{first.number}, for the same incident. Make them agree, or give another incident.",
                    field=f"line {line.number}, column {column}",
                )
    notices = {line.notice.foreign_id: line.notice for line in lines}
    return ReadItem(
        foreign_id=first.incident,
        kind=MAINTENANCE if first.planned else INCIDENT,
        title=first.title or first.incident,
        url="",
        notices=tuple(sorted(notices.values(), key=lambda notice: (notice.published_at, notice.foreign_id))),
        windows=tuple(window for _, window in sorted(_numbered(lines), key=lambda one: (one[0], one[1].key))),
    )


def _numbered(lines: list[_Line]) -> Iterator[tuple[datetime, ReadWindow]]:
    ordered = sorted(lines, key=lambda line: (line.window.component_id or "", line.time_order))
    for component, group in groupby(ordered, key=lambda line: line.window.component_id):
        earlier: _Line | None = None
        for ordinal, line in enumerate(group, start=1):
            if component is not None and line.window.start_at is not None:
                _check_apart(earlier, line)
                earlier = line
            yield line.time_order[0], replace(line.window, key=f"{component or ''}#{ordinal}")


def _check_apart(earlier: _Line | None, later: _Line) -> None:
    """Lines without a component may belong to different ones."""
    if earlier is None or later.window.start_at is None:
        return
    if earlier.window.end_at is None or earlier.window.end_at > later.window.start_at:
        place = f"line {later.number}, column start_at"
        raise FeedIntervalInvalid(
            f"{place} is {later.window.start_at.isoformat()}, before the window of the same component in line "
            f"{earlier.number} ends. Give each moment once.",
            field=place,
        )
