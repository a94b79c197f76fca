"""Loading the files of `services/record_file.py`. Loading one again adds only what is new."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model
from pydantic import BaseModel, ValidationError

from services.contents import RecordContent
from services.instants import InstantMalformed, parse_instant
from services.lookups import UnknownService
from services.models import (
    Extent,
    Finding,
    Incident,
    Notice,
    Observation,
    OutageWindow,
    RecordVersion,
    Service,
    ServiceDependency,
    Source,
)
from services.operations.statements import (
    record_extent,
    record_finding,
    record_notice,
    record_observations,
    record_windows,
)
from services.operations.versions import content_hash, publish_record_version
from services.record_file import (
    ExtentRow,
    FindingRow,
    IncidentRow,
    NoticeRow,
    ObservationRow,
    RecordFile,
    ServiceRow,
    SourceRow,
    TreeFile,
    VersionRow,
    WindowRow,
)
from services.refusals import Refusal
from services.said import FindingSaid, NoticeSaid, ObservationSaid, WindowSaid
from services.texts import normalised
from services.values import check_values

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NAMES = ("name_ko", "name_en", "operator", "inferred")  # of a service, which may change
File = TypeVar("File", bound=BaseModel)
Listed = TypeVar("Listed", WindowRow, ExtentRow, FindingRow)


class RecordFileMalformed(Refusal):
    code = "record_file_malformed"


class SourceDiffers(Refusal):
    code = "source_differs"


class VersionDiffers(Refusal):
    code = "version_differs"


@dataclass(frozen=True)
class Loaded:
    """How many rows a file added to each table; all zero when it had been loaded before."""

    name: str
    added: dict[str, int]


def load_service_tree(path: Path = FIXTURES / "services.json") -> Loaded:
    """Add the sources, services and dependencies of a `service-tree/1` file; correct names that changed.

    Nothing is removed. Raises SourceDiffers when a source is there with another rank:
    that would silently change which windows govern in published versions.
    """
    file = _read(path, TreeFile)
    before = _tree_counts()
    for source in file.sources:
        _load_source(source)
    _load_services(file.services)
    _load_dependencies(file.services)
    return Loaded(path.stem, _difference(before, _tree_counts()))


def load_incident(path: Path, *, now: datetime, up_to: int | None = None) -> Loaded:
    """Add what an `outage-record/1` file says; publish its versions in turn, those after `up_to` left out.

    `now` becomes recorded_at of new notices and published_at of new versions. Windows
    and extents are added with the first version that lists them. Raises VersionDiffers
    when a version is already published with other content.
    """
    file = _read(path, RecordFile)
    before = _record_counts()
    _load_incident_row(file.incident)
    for notice in file.notices:
        record_notice(_notice_said(notice), now=now)
    record_observations([_observation_said(observation) for observation in file.observations])
    for version in file.versions:
        if up_to is None or version.number <= up_to:
            _load_version(file, version, now)
    return Loaded(path.stem, _difference(before, _record_counts()))


def _read(path: Path, shape: type[File]) -> File:
    try:
        return shape.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise RecordFileMalformed(
            f"{path.name}: {place or 'the file'}: {first['msg']} ({error.error_count()} faults in all). "
            "The format is described in services/record_file.py.",
            field=place or None,
        ) from error


def _load_source(row: SourceRow) -> None:
    source, created = Source.objects.get_or_create(code=row.code, defaults=row.model_dump())
    if not created and (source.rank, source.official) != (row.rank, row.official):
        raise SourceDiffers(
            f"The source {row.code} has rank {source.rank}, not {row.rank}. Changing a rank would change published "
            "versions; add another source instead.",
            field="rank",
        )


def _load_services(rows: list[ServiceRow]) -> None:
    """Adds level by level, so that a parent is there before its children."""
    known = {service.code: service for service in Service.objects.all()}
    before = {code: _names(service) for code, service in known.items()}
    for _, level in groupby(sorted(rows, key=_depth), key=_depth):
        services = [_service(row, known) for row in level]
        Service.objects.bulk_create(service for service in services if service.pk is None)
        known |= {service.code: service for service in services}
    changed = [known[code] for code, names in before.items() if _names(known[code]) != names]
    Service.objects.bulk_update(changed, NAMES)


def _names(service: Service) -> list[Any]:
    return [getattr(service, name) for name in NAMES]


def _service(row: ServiceRow, known: dict[str, Service]) -> Service:
    parent_code = row.code.rpartition(".")[0]
    if parent_code and parent_code not in known:
        raise UnknownService(f"{row.code} has no parent: there is no service {parent_code!r}. Add it too.", field="services")
    service = known.get(row.code) or Service(code=row.code, parent=known.get(parent_code))
    service.name_ko, service.name_en = normalised(row.name_ko, "name_ko"), normalised(row.name_en, "name_en")
    service.operator, service.inferred = normalised(row.operator, "operator"), row.inferred
    check_values(service)
    return service


def _depth(row: ServiceRow) -> int:
    return row.code.count(".")


def _load_dependencies(rows: list[ServiceRow]) -> None:
    """After all services: a service may depend on one that is listed later."""
    services = {service.code: service for service in Service.objects.all()}
    known = set(ServiceDependency.objects.values_list("service", "depends_on"))
    for row in rows:
        for dependency in row.depends_on:
            if dependency.service not in services:
                raise UnknownService(f"{row.code} depends on {dependency.service!r}, which is not there.", field="depends_on")
            service, other = services[row.code], services[dependency.service]
            if (service.pk, other.pk) not in known:
                ServiceDependency.objects.create(service=service, depends_on=other, inferred=dependency.inferred)


def _load_incident_row(row: IncidentRow) -> None:
    started_at = parse_instant(row.started_at, "started_at")
    Incident.objects.get_or_create(key=row.key, defaults={**row.model_dump(), "started_at": started_at})


def _notice_said(row: NoticeRow) -> NoticeSaid:
    return NoticeSaid(**{**row.model_dump(), "published_at": parse_instant(row.published_at, "published_at")})


def _observation_said(row: ObservationRow) -> ObservationSaid:
    instants = {name: _optional(getattr(row, name), name) for name in ("observed_at", "stated_at")}
    return ObservationSaid(**{**row.model_dump(), **instants})


def _window_said(row: WindowRow) -> WindowSaid:
    instants = {**_span(row), "announced_at": _optional(row.announced_at, "announced_at")}
    return WindowSaid(**{**row.model_dump(), **instants})


def _span(row: WindowRow | ExtentRow) -> dict[str, datetime | None]:
    return {"start_at": parse_instant(row.start_at, "start_at"), "end_at": _optional(row.end_at, "end_at")}


def _load_version(file: RecordFile, row: VersionRow, now: datetime) -> None:
    said = [_window_said(_listed(file.windows, name, "windows")) for name in row.windows]
    windows = record_windows(said, incident=file.incident.key)
    extents = [_load_extent(file.incident.key, _listed(file.extents, name, "extents")) for name in row.extents]
    findings = [_load_finding(file.incident.key, _listed(file.findings, name, "findings")) for name in row.findings]
    content = RecordContent(parse_instant(row.as_of, "as_of"), windows, extents, findings)
    existing = RecordVersion.objects.filter(incident__key=file.incident.key, number=row.number).first()
    digest = content_hash(file.incident.key, content)
    if existing is None:
        existing = publish_record_version(incident=file.incident.key, content=content, now=now)
    if (existing.number, existing.content_hash) != (row.number, digest):
        raise VersionDiffers(
            f"Version {row.number} of {file.incident.key} is published with other content, or does not follow the newest "
            "version. A published version is never changed: publish another one.",
            field="versions",
        )


def _load_extent(incident: str, row: ExtentRow) -> Extent:
    return record_extent(incident=incident, **{**row.model_dump(), **_span(row)})


def _load_finding(incident: str, row: FindingRow) -> Finding:
    read = {"instant": parse_instant, "date": _day}.get(row.type)
    value = row.value if read is None else read(str(row.value), row.name)
    return record_finding(FindingSaid(**{**row.model_dump(), "value": value}), incident=incident)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InstantMalformed(f"{field} is {text!r}, which is no day. Write it like 2022-10-15.", field=field) from error


def _listed(rows: dict[str, Listed], name: str, field: str) -> Listed:
    if name not in rows:
        raise RecordFileMalformed(f"A version lists {name!r}, which is not among the {field} of the file.", field=field)
    return rows[name]


def _optional(text: str | None, field: str) -> datetime | None:
    return None if text is None else parse_instant(text, field)


def _tree_counts() -> dict[str, int]:
    return _counts(Source, Service, ServiceDependency)


def _record_counts() -> dict[str, int]:
    return _counts(Incident, Notice, Observation, OutageWindow, Extent, Finding, RecordVersion)


def _counts(*models: type[Model]) -> dict[str, int]:
    return {str(model._meta.verbose_name_plural): model._default_manager.count() for model in models}


def _difference(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after}
