"""Observations of an outage as a file, and the table that says which windows they make.

Both are JSON. The observations: `observations`, each {id, service, feature, state, observed_at, approx, scope,
reported_by, note} as collected from notices and articles; whatever else the file has is left alone. The table,
`observation-windows/1`: the `incident` it is about, the `notices` the observations rest on (each with the ids of its
observations), and `windows`, each saying at which observation (or "incident": the incident's own start) it begins and
ends, and on which it rests; one that is maintenance says `planned`, and `announced_at` if that is known. Unknown names
in the table are refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.instants import check_outage, parse_instant
from services.models import Scope, Severity
from services.record_file import NoticeRow
from services.refusals import Refusal
from services.said import NoticeSaid, ObservationSaid, WindowSaid
from services.texts import normalised

MOST_BYTES = 10_000_000
STATES = {  # how the collected observations word it
    "down": "down", "degraded": "partial", "partial": "partial", "partially_working": "partial", "mostly_working": "partial",
    "working": "working", "flapping": "flapping", "suspected_down": "unknown", "unknown": "unknown",
}  # fmt: skip
SCOPES = {"all": "all", "some_users": "some_users", "some_features": "some_functions", "some_functions": "some_functions"}
INCIDENT = "incident"
Model = TypeVar("Model", bound=BaseModel)
Id = Annotated[str, Field(min_length=1, max_length=60)]


class ObservationsMalformed(Refusal):
    code = "observations_malformed"


class ObservationUnknown(Refusal):
    code = "unknown_observation"


class _Observation(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    id: Id
    service: str
    feature: str | None = None
    state: Literal[tuple(STATES)]  # type: ignore[valid-type]
    observed_at: str | None = None
    stated_at: str | None = None
    approx: bool = False
    scope: Literal[tuple(SCOPES)] = "all"  # type: ignore[valid-type]
    note: str | None = None


class _Observations(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    observations: list[_Observation]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TableNotice(_Row):
    """A notice, and the observations that rest on it."""

    notice: NoticeRow
    observations: list[Id]


class TableWindow(_Row):
    """`by`: it was so by then, so the instant is approximate; `ends` null: still down when last observed."""

    service: str
    severity: Literal[tuple(Severity.values)]  # type: ignore[valid-type]
    scope: Literal[tuple(Scope.values)] = "all"  # type: ignore[valid-type]
    begins: Id
    begins_by: bool = False
    ends: Id | None
    ends_by: bool = False
    rests_on: Id
    inferred: bool = False
    closing_rule: str = Field("", max_length=300)
    planned: bool = False
    announced_at: str | None = None


class Table(_Row):
    """`observation-windows/1`."""

    schema_name: Literal["observation-windows/1"] = Field(alias="schema")
    incident: str
    notices: list[TableNotice]
    windows: dict[Id, TableWindow]


@dataclass(frozen=True)
class ReadObservations:
    """`windows` by their key in the table; `unused`: ids of observations no window begins, ends or rests on."""

    incident: str
    notices: tuple[NoticeSaid, ...]
    observations: tuple[ObservationSaid, ...]
    windows: dict[str, WindowSaid]
    unused: tuple[str, ...]


def table_of(table: bytes) -> Table:
    """Raises ObservationsMalformed."""
    return _parse(Table, table, "table")


def read_observations(body: bytes, table: bytes, *, started_at: datetime, started_approx: bool) -> ReadObservations:
    """`started_at`: the incident's own start, for windows that begin at no observation.

    Raises ObservationsMalformed, ObservationUnknown, and what `parse_instant` raises.
    """
    seen = _parse(_Observations, body, "observations").observations
    said = table_of(table)
    by_id = {row.id: row for row in seen}
    if len(by_id) < len(seen):
        raise ObservationsMalformed("Two observations have the same id. Give each its own.", field="observations")
    notice_of = _notices_by_observation(said, by_id)
    windows = {key: _window(row, by_id, notice_of, (started_at, started_approx)) for key, row in said.windows.items()}
    used = {name for row in said.windows.values() for name in (row.begins, row.ends, row.rests_on)}
    return ReadObservations(
        incident=said.incident,
        notices=tuple(_notice(row.notice) for row in said.notices),
        observations=tuple(_observation(row, notice_of[row.id]) for row in seen if row.id in notice_of),
        windows=windows,
        unused=tuple(row.id for row in seen if row.id not in used),
    )


def _parse(shape: type[Model], body: bytes, field: str) -> Model:
    if len(body) > MOST_BYTES:
        raise ObservationsMalformed(f"{field}: {len(body):,} bytes; at most {MOST_BYTES:,} are read.", field=field)
    try:
        return shape.model_validate(json.loads(body, parse_constant=_no_number), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, (field, *first["loc"])))
        raise ObservationsMalformed(f"{place}: {first['msg']} ({error.error_count()} faults in all).", field=place) from error
    except (ValueError, RecursionError) as error:
        raise ObservationsMalformed(f"{field}: this is not JSON ({error}). Send a JSON file.", field=field) from error


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _notices_by_observation(table: Table, known: dict[str, _Observation]) -> dict[str, str]:
    notice_of: dict[str, str] = {}
    for row in table.notices:
        for name in row.observations:
            _find(known, name, f"notices: {row.notice.key}")
            notice_of[name] = row.notice.key
    return notice_of


def _find(known: dict[str, _Observation], name: str, place: str) -> _Observation:
    if name not in known:
        raise ObservationUnknown(f"{place} names the observation {name!r}, which the file does not have.", field="table")
    return known[name]


def _window(
    row: TableWindow, known: dict[str, _Observation], notice_of: dict[str, str], start: tuple[datetime, bool]
) -> WindowSaid:
    begins = start if row.begins == INCIDENT else _instant(_find(known, row.begins, row.service))
    ends = (None, True) if row.ends is None else _instant(_find(known, row.ends, row.service))
    _find(known, row.rests_on, row.service)
    if row.rests_on not in notice_of:
        raise ObservationUnknown(f"{row.rests_on} rests on no notice of the table. Add it to one.", field="table")
    if begins[0] is None:
        raise ObservationsMalformed(f"{row.service} begins at {row.begins}, which gives no instant.", field="table")
    start_at, end_at = check_outage(begins[0], ends[0])
    return WindowSaid(
        service=row.service,
        notice=notice_of[row.rests_on],
        severity=row.severity,
        scope=row.scope,
        start_at=start_at,
        start_approx=begins[1] or row.begins_by,
        end_at=end_at,
        end_approx=ends[1] or row.ends_by,
        inferred=row.inferred,
        closing_rule=normalised(row.closing_rule, "closing_rule"),
        planned=row.planned,
        announced_at=_announced(row),
    )


def _announced(row: TableWindow) -> datetime | None:
    if row.announced_at is None:
        return None
    if not row.planned:
        raise ObservationsMalformed(
            f"{row.service} says when it was announced and not that it was planned. Only maintenance is announced.",
            field="table",
        )
    return parse_instant(row.announced_at, "table.announced_at")


def _instant(row: _Observation) -> tuple[datetime | None, bool]:
    return _optional(row.observed_at, row.id), row.approx


def _notice(row: NoticeRow) -> NoticeSaid:
    return NoticeSaid(**{**row.model_dump(), "published_at": parse_instant(row.published_at, "published_at")})


def _observation(row: _Observation, notice: str) -> ObservationSaid:
    return ObservationSaid(
        notice=notice,
        service=row.service if row.feature is None else f"{row.service}.{row.feature}",
        state=STATES[row.state],
        scope=SCOPES[row.scope],
        observed_at=_optional(row.observed_at, row.id),
        stated_at=_optional(row.stated_at, row.id),
        approx=row.approx,
        note=row.note or "",
    )


def _optional(text: str | None, place: str) -> datetime | None:
    return None if text is None else parse_instant(text, f"observations.{place}")
