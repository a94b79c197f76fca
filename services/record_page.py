"""One version of the record as the page of its incident shows it: rows, timeline, notices, changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from services.changes import Beside, Change, changes_beside, changes_between
from services.language import in_english
from services.models import Extent, Incident, Notice, OutageWindow, RecordVersion, Service
from services.queries import UnknownVersion, incident_with_versions, notices_behind, windows_by_version
from services.timeline import Bar, Drawing, Group, Lane, Layout, draw
from services.words import name_of, said_beside, said_day, said_english, said_instant, said_span, say


@dataclass(frozen=True)
class ShownNotice:
    """`language`: of the text, which has no translation for every notice. `later`: published after what the version knows."""

    notice: Notice
    source: str
    channel: tuple[str, str]
    text: str
    language: str
    cited: bool
    later: bool


@dataclass(frozen=True)
class Row:
    """One window in the table. `kind`: its severity, or "planned"."""

    window: OutageWindow
    kind: str
    service: str
    source: str
    governs: bool
    notice: ShownNotice
    rule: tuple[str, str]


@dataclass(frozen=True)
class RecordPage:
    """Everything the template needs; rows by product, in the record's order.

    `others`: what changed beside windows, in words.
    """

    incident: Incident
    version: RecordVersion
    versions: Sequence[RecordVersion]
    extents: Sequence[Extent]
    products: Sequence[tuple[str, Sequence[Row]]]
    notices: Sequence[ShownNotice]
    before: RecordVersion | None
    changes: Sequence[Change]
    others: Sequence[tuple[str, str, str]]
    drawings: Sequence[Drawing]


def record_page(key: str, number: int | None) -> RecordPage:
    """Of the version with this number, or the newest. Raises UnknownIncident, UnknownVersion. Seven queries."""
    incident = incident_with_versions(key)
    versions = list(incident.versions.all())
    version = chosen_version(incident, number)
    before = next((earlier for earlier in versions if earlier.number == version.number - 1), None)
    windows = windows_by_version([version, *([before] if before else [])])
    listed = windows[version.pk]
    notices = _notices(notices_behind([incident]), version, listed)
    products = _products(version, listed, notices)
    extents = [listing.extent for listing in version.listed_extents.all()]
    return RecordPage(
        incident, version, versions, extents, products, notices, before,
        changes_between(windows[before.pk], listed) if before else [],
        others_between(before, version) if before else [],
        _drawings(extents, products, version),
    )  # fmt: skip


def chosen_version(incident: Incident, number: int | None) -> RecordVersion:
    """Of `incident_with_versions`: the one with this number, or the newest. Raises UnknownVersion. No query."""
    versions = list(incident.versions.all())
    chosen = versions[-1:] if number is None else [version for version in versions if version.number == number]
    if not chosen:
        named = "published version" if number is None else f"version {number}"
        raise UnknownVersion(f"The incident {incident.key!r} has no {named}.", field="version")
    return chosen[0]


def others_between(before: RecordVersion, version: RecordVersion) -> list[tuple[str, str, str]]:
    """What changed beside windows, in words. Of versions as `incidents_with_versions` and `newest_versions` give them."""
    old, new = (
        Beside(
            one.as_of,
            one.governing,
            [listing.extent for listing in one.listed_extents.all()],
            [listing.finding for listing in one.listed_findings.all()],
        )
        for one in (before, version)
    )
    return [said_beside(change) for change in changes_beside(old, new)]


def governing(windows: Sequence[OutageWindow], version: RecordVersion) -> list[OutageWindow]:
    """Those of the version by the source that governs their service."""
    sources = governing_sources(windows, version)
    return [window for window in windows if window.source_id == sources[window.service_id, window.planned]]


def governing_sources(windows: Sequence[OutageWindow], version: RecordVersion) -> dict[tuple[int, bool], int]:
    """By service, and for outages (False) apart from planned maintenance (True), the source (by id) that governs.

    The one the version names where it speaks of it, else the best ranked.
    """

    def place(window: OutageWindow) -> tuple[bool, int]:
        return (window.source_id != version.governing_id, window.source.rank or 0)

    best: dict[tuple[int, bool], OutageWindow] = {}
    for window in windows:
        about = (window.service_id, window.planned)
        best[about] = min(best.get(about, window), window, key=place)
    return {about: window.source_id for about, window in best.items()}


def kind_of(window: OutageWindow) -> str:
    return "planned" if window.planned else str(window.severity)


def _notices(notices: Sequence[Notice], version: RecordVersion, windows: Sequence[OutageWindow]) -> list[ShownNotice]:
    cited = {window.notice_id for window in windows}
    return [
        ShownNotice(
            notice=notice,
            source=name_of(notice.source),
            channel=said_english(notice.channel),
            text=notice.text_en if in_english() and notice.text_en else notice.text,
            language="en" if in_english() and notice.text_en else "ko",
            cited=notice.pk in cited,
            later=notice.published_at > version.as_of,
        )
        for notice in notices
    ]


def _products(
    version: RecordVersion, windows: Sequence[OutageWindow], notices: Sequence[ShownNotice]
) -> list[tuple[str, list[Row]]]:
    """Rows under the root of the service tree they belong to; both in the order in which the version lists them first."""
    sources, shown = governing_sources(windows, version), {one.notice.pk: one for one in notices}
    roots: dict[str, list[Row]] = {}
    for window in windows:
        row = Row(
            window, kind_of(window), name_of(window.service), name_of(window.source),
            window.source_id == sources[window.service_id, window.planned], shown[window.notice_id],
            said_english(window.closing_rule),
        )  # fmt: skip
        roots.setdefault(window.service.code.partition(".")[0], []).append(row)
    names = {service.code: name_of(service) for service in Service.objects.filter(code__in=roots)}
    return [(names.get(code, code), _by_service(rows)) for code, rows in roots.items()]


def _by_service(rows: Sequence[Row]) -> list[Row]:
    """Rows of one service stay together, the governing source first, in time."""
    first = {row.window.service_id: place for place, row in reversed(list(enumerate(rows)))}
    return sorted(
        rows, key=lambda row: (first[row.window.service_id], not row.governs, row.window.source.rank or 0, row.window.start_at)
    )


def _drawings(
    extents: Sequence[Extent], products: Sequence[tuple[str, Sequence[Row]]], version: RecordVersion
) -> list[Drawing]:
    groups = [Group(name, _lanes(rows)) for name, rows in products]
    if extents:
        groups.insert(0, Group(say("whole"), [_extent_lane(extent) for extent in extents]))
    return [draw(groups, as_of=version.as_of, layout=layout, say_day=said_day) for layout in LAYOUTS]


LAYOUTS: tuple[Layout, ...] = ("wide", "narrow")


def _lanes(rows: Sequence[Row]) -> list[Lane]:
    """One per service and source, what governs apart; the second of a service is named after its source."""
    lanes: list[Lane] = []
    named: set[int] = set()
    for (service, _, _), lane in groupby(rows, key=lambda row: (row.window.service_id, row.window.source_id, row.governs)):
        listed = list(lane)
        name = f"└ {listed[0].source}" if service in named else listed[0].service
        named.add(service)
        lanes.append(Lane(name, [_bar(row) for row in listed], listed[0].governs))
    return lanes


def _bar(row: Row) -> Bar:
    window = row.window
    said = f"{row.service}: {say(row.kind)}, {said_span(window)} ({row.source})"
    return Bar(
        row.kind, window.start_at, window.end_at, window.start_approx, window.end_approx, window.inferred, said
    )  # fmt: skip


def _extent_lane(extent: Extent) -> Lane:
    end = say("open") if extent.end_at is None else said_instant(extent.end_at)
    said = f"{say('whole')}, {name_of(extent.source)}: {said_instant(extent.start_at)} ~ {end}"
    bar = Bar("extent", extent.start_at, extent.end_at, inferred=extent.start_inferred, said=said)
    return Lane(name_of(extent.source), [bar])
