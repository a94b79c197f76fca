"""The two file formats this app reads: the service tree, and the record of one incident.

Both are JSON. Unknown and missing names are refused. Instants are ISO 8601 with an
offset ("2022-10-15T15:30:00+09:00"); ends are exclusive, and null while still down.

`service-tree/1`: `sources` (best rank first) and `services` (a parent before its
children; the parent is the code up to the last dot).
`outage-record/1`: one `incident`; its `notices`, in our own words; `observations`, each
citing a notice; `windows`, `extents` and `findings`, each under a name that is local to
the file; `versions`, each listing such names. A window's source is its notice's source.
A window that is maintenance says `planned`, and when it was announced, if that is known.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceRow(_Row):
    code: str
    name_ko: str
    name_en: str
    rank: int | None
    official: bool


class DependencyRow(_Row):
    service: str
    inferred: bool


class ServiceRow(_Row):
    code: str
    name_ko: str
    name_en: str
    operator: str
    inferred: bool
    depends_on: list[DependencyRow] = []


class TreeFile(_Row):
    """`service-tree/1`."""

    schema_name: Literal["service-tree/1"] = Field(alias="schema")
    sources: list[SourceRow]
    services: list[ServiceRow]


class IncidentRow(_Row):
    key: str
    title_ko: str
    title_en: str
    cause_ko: str
    started_at: str
    started_approx: bool


class NoticeRow(_Row):
    key: str
    incident: str | None
    source: str
    channel: str
    published_at: str
    published_approx: bool
    ref: str
    text: str
    text_en: str


class ObservationRow(_Row):
    notice: str
    service: str
    state: str
    scope: str
    observed_at: str | None
    approx: bool
    stated_at: str | None
    note: str


class WindowRow(_Row):
    service: str
    notice: str
    severity: str
    scope: str
    start_at: str
    start_approx: bool
    end_at: str | None
    end_approx: bool
    inferred: bool
    closing_rule: str
    users_permille: int | None = None
    planned: bool = False
    announced_at: str | None = None


class ExtentRow(_Row):
    source: str
    start_at: str
    end_at: str | None
    start_inferred: bool


class FindingRow(_Row):
    """A fact about the whole incident; an instant or a date is written as ISO 8601."""

    name: str
    notice: str
    type: Literal["boolean", "integer", "money", "instant", "date", "text"]
    value: bool | int | str


class VersionRow(_Row):
    number: int
    as_of: str
    extents: list[str]
    windows: list[str]
    findings: list[str] = []


class RecordFile(_Row):
    """`outage-record/1`."""

    schema_name: Literal["outage-record/1"] = Field(alias="schema")
    incident: IncidentRow
    notices: list[NoticeRow]
    observations: list[ObservationRow]
    windows: dict[str, WindowRow]
    extents: dict[str, ExtentRow]
    findings: dict[str, FindingRow] = {}
    versions: list[VersionRow]
