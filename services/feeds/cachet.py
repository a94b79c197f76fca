"""Cachet 3: incidents of its JSON:API, asked with `include=components,updates`.

Read is the shape of cachethq/core of 2025 (`src/Http/Resources`): times stand as
`occurred.string` and `created.string`, in the zone of that installation and without offset;
`pivot.component_status` of an included component is what the incident last set. Cachet 2 and
schedules are not read.

An update does not say how components were then, so windows end when the incident was fixed.
JSON:API includes a component once, with the pivot of one incident only: where several
incidents name it, its severity is asked.
"""

from collections import Counter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from services.feeds import wording
from services.feeds.items import FULL, INCIDENT, PARTIAL, ReadItem, ReadNotice
from services.feeds.refused import FeedRefused
from services.feeds.shapes import Id, Listed, LocalInstant, Row, Text, check_once, placed, shaped, word_of
from services.feeds.story import Change, Phase, Recovery, Story, Update, is_over, nameless, notices_of, posted_later
from services.feeds.timeline import windows_of

_PHASES = {"0": Phase.OPEN, "1": Phase.OPEN, "2": Phase.OPEN, "3": Phase.MONITORING, "4": Phase.RESOLVED}
_WORDS = {"0": "reported", "1": "investigating", "2": "identified", "3": "watching", "4": "fixed"}
_OPERATIONAL = "1"
_UNDER_MAINTENANCE = "6"
_SEVERITIES = {_OPERATIONAL: None, "2": PARTIAL, "3": PARTIAL, "4": FULL, "5": None, _UNDER_MAINTENANCE: FULL}
_PUBLIC = (None, True, 1)

_as_text = BeforeValidator(lambda value: str(value) if type(value) is int else value)  # both stand in its documentation


class _Incident(Row):
    value: Annotated[str, _as_text, word_of(_PHASES)]


class _UpdateStatus(Row):
    value: Annotated[str, _as_text, word_of(_PHASES)] | None = None


class _ComponentStatus(Row):
    value: Annotated[str, _as_text, word_of(_SEVERITIES)]


class _Time(Row):
    string: LocalInstant | None = None


class _Created(Row):
    string: LocalInstant


class _IncidentAttributes(Row):
    name: Text
    message: Text | None = None
    visible: int | bool | None = None
    status: _Incident
    occurred: _Time | None = None
    created: _Created


class _Reference(Row):
    type: Text
    id: Id


class _References(Row):
    data: Listed[_Reference] = []


class _Relationships(Row):
    components: _References = _References()
    updates: _References = _References()


class _IncidentRow(_Reference):
    type: Annotated[str, word_of({"incidents": None})]
    attributes: _IncidentAttributes
    relationships: _Relationships = _Relationships()


class _Included(_Reference):
    attributes: dict[str, Any] = {}


class _File(Row):
    data: Listed[_IncidentRow]
    included: Listed[_Included] = []


class _Pivot(Row):
    component_status: _ComponentStatus | None = None


class _Component(Row):
    name: Text
    pivot: _Pivot | None = None


class _UpdateAttributes(Row):
    message: Text | None = None
    status: _UpdateStatus | None = None
    created: _Created


class _Document:
    """The file with its references followed."""

    def __init__(self, file: _File, zone: ZoneInfo | None) -> None:
        self._zone = zone
        check_once([(f"{place}.id", f"{one.type} {one.id}") for place, one in placed("included", file.included)])
        self._included = {(one.type, one.id): (place, one.attributes) for place, one in placed("included", file.included)}
        named = [one.relationships.components.data for one in file.data]
        self._mentions = Counter(identifier for components in named for identifier in {one.id for one in components})

    def components(self, row: _IncidentRow, place: str) -> list[Change]:
        resolved = row.attributes.status.value == "4"
        return [
            self._change(reference, shaped(_Component, attributes, place=at), resolved=resolved)
            for reference, at, attributes in self._follow(row.relationships.components, f"{place}.relationships.components")
        ]

    def _change(self, reference: _Reference, component: _Component, *, resolved: bool) -> Change:
        """`pivot` is what was set last, so operational says that it recovered and not how it was."""
        set_last = component.pivot.component_status.value if component.pivot and component.pivot.component_status else None
        severity = _SEVERITIES[set_last or _OPERATIONAL] if self._mentions[reference.id] == 1 else None
        asked = {
            wording.SEVERITY_UNSAID: severity is None,
            wording.END_UNSAID: set_last == _OPERATIONAL and not resolved,
            wording.MAINTENANCE_OR_OUTAGE: set_last == _UNDER_MAINTENANCE,
        }
        return Change(
            component_id=reference.id,
            name=component.name,
            severity=severity or PARTIAL,
            questions=frozenset(code for code, applies in asked.items() if applies),
        )

    def updates(self, row: _IncidentRow, place: str) -> list[Update]:
        return [
            _update(reference.id, shaped(_UpdateAttributes, attributes, place=at, zone=self._zone))
            for reference, at, attributes in self._follow(row.relationships.updates, f"{place}.relationships.updates")
        ]

    def _follow(self, references: _References, place: str) -> list[tuple[_Reference, str, dict[str, Any]]]:
        rows = placed(f"{place}.data", references.data)
        check_once([(f"{at}.id", one.id) for at, one in rows])
        return [(one, *self._found(one, at)) for at, one in rows]

    def _found(self, reference: _Reference, place: str) -> tuple[str, dict[str, Any]]:
        if (reference.type, reference.id) not in self._included:
            raise FeedRefused(
                f"{place} names {reference.type} {reference.id}, which is not among `included`. Ask for the incidents with "
                "include=components,updates.",
                field=place,
            )
        at, attributes = self._included[reference.type, reference.id]
        return f"{at}.attributes", attributes


def read_cachet(document: Any, zone: ZoneInfo | None, recovery: Recovery) -> tuple[ReadItem, ...]:
    file = shaped(_File, document, zone=zone)
    check_once([(f"{place}.id", row.id) for place, row in placed("data", file.data)])
    followed = _Document(file, zone)
    return tuple(_item(row, place, followed, recovery) for place, row in placed("data", file.data))


def _item(row: _IncidentRow, place: str, followed: _Document, recovery: Recovery) -> ReadItem:
    later = followed.updates(row, place)
    first = _own_update(row, alone=not later)
    attributes = row.attributes
    story = Story(
        place=place,
        started_at=first.at,
        closed=is_over(_PHASES[attributes.status.value], recovery),
        resolved_at=None,
        updates=(first, *later),
        assumed=tuple(followed.components(row, place)) or (nameless([], None),),
        remarks=posted_later([(first.at, first.written_at)])
        | ({wording.NOT_PUBLIC} if attributes.visible not in _PUBLIC else set()),
    )
    return ReadItem(
        foreign_id=row.id,
        kind=INCIDENT,
        title=attributes.name or row.id,
        url="",
        notices=notices_of([first, *later]),
        windows=windows_of(story, recovery),
    )


def _own_update(row: _IncidentRow, *, alone: bool) -> Update:
    """What the incident itself says, before its updates; its status is theirs, if it has any."""
    attributes = row.attributes
    at = attributes.occurred.string if attributes.occurred and attributes.occurred.string else attributes.created.string
    status = _WORDS[attributes.status.value if alone else "0"]
    written_at = attributes.created.string
    notice = ReadNotice(
        foreign_id=f"incident:{row.id}",
        status=status,
        text=attributes.message or status,
        published_at=at,
        written_at=written_at,
    )
    return Update(at=at, written_at=written_at, phase=Phase.OPEN, notice=notice)


def _update(identifier: str, attributes: _UpdateAttributes) -> Update:
    value = attributes.status.value if attributes.status else None
    status = "update" if value is None else _WORDS[value]
    at = attributes.created.string
    return Update(
        at=at,
        written_at=at,
        phase=Phase.COMMENT if value is None else _PHASES[value],
        notice=ReadNotice(
            foreign_id=identifier, status=status, text=attributes.message or status, published_at=at, written_at=at
        ),
    )
