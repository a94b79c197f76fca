"""Reading the official record. Nothing here writes; each function says how many queries it takes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from services.lookups import UnknownIncident
from services.models import (
    Finding,
    Incident,
    Notice,
    OutageWindow,
    RecordExtent,
    RecordFinding,
    RecordVersion,
    RecordWindow,
)
from services.refusals import Unknown


class UnknownVersion(Unknown):
    code = "unknown_version"


def record_version(*, incident: str, number: int | None = None) -> RecordVersion:
    """The version with this number, or the newest. Raises UnknownVersion. One query."""
    versions = RecordVersion.objects.select_related("incident").filter(incident__key=incident)
    chosen = versions.order_by("-number").first() if number is None else versions.filter(number=number).first()
    if chosen is None:
        named = "published version" if number is None else f"version {number}"
        raise UnknownVersion(f"The incident {incident!r} has no {named}.", field="version")
    return chosen


def record_version_at(*, incident: str, instant: datetime) -> RecordVersion:
    """The newest version published at or before the instant. Raises UnknownVersion before the first. One query."""
    published = RecordVersion.objects.select_related("incident").filter(incident__key=incident, published_at__lte=instant)
    chosen = published.order_by("-number").first()
    if chosen is None:
        raise UnknownVersion(f"The incident {incident!r} had no published version at {instant.isoformat()}.", field="as_of")
    return chosen


def record_in_force(incident: Incident) -> RecordVersion | None:
    """The newest published version, or None before the first. One query."""
    return incident.versions.order_by("-number").first()


def windows_of(version: RecordVersion) -> QuerySet[OutageWindow]:
    """The windows a version lists, in its order, with service, source and notice. One query."""
    return (
        OutageWindow.objects.filter(listings__version=version)
        .select_related("service", "source", "notice__source")
        .order_by("listings__position")
    )


def incidents_with_versions() -> QuerySet[Incident]:
    """All incidents, oldest first; `versions` in order, each with `listed_extents` and `listed_findings`. Four queries."""
    versions = RecordVersion.objects.select_related("governing").order_by("number").prefetch_related(*_listed())
    return Incident.objects.order_by("started_at", "id").prefetch_related(Prefetch("versions", versions))


def _listed() -> tuple[Prefetch, Prefetch]:
    """What versions list beside windows: extents, best ranked source first, and findings by name. Two queries."""
    extents = RecordExtent.objects.select_related("extent__source").order_by("extent__source__rank")
    findings = RecordFinding.objects.select_related("finding__notice__source").order_by("name")
    return Prefetch("listed_extents", extents), Prefetch("listed_findings", findings)


def incident_with_versions(key: str) -> Incident:
    """One incident as `incidents_with_versions` gives it. Raises UnknownIncident. At most four queries."""
    incident = incidents_with_versions().filter(key=key).first()
    if incident is None:
        raise UnknownIncident(f"There is no incident {key!r}.", field="incident")
    return incident


def windows_by_version(versions: Iterable[RecordVersion]) -> dict[int, list[OutageWindow]]:
    """The windows of each version, by its primary key, as `windows_of` gives them. One query for all."""
    listed = (
        RecordWindow.objects.filter(version__in=list(versions))
        .select_related("window__service", "window__source", "window__notice__source")
        .order_by("version_id", "position")
    )
    found: defaultdict[int, list[OutageWindow]] = defaultdict(list)
    for listing in listed:
        found[listing.version_id].append(listing.window)
    return found


def notices_behind(incidents: Collection[Incident]) -> list[Notice]:
    """What the published versions of these incidents rest on, and what else was written down of them by hand; oldest first.

    Nothing of an incident before its first version, and of a feed nothing that no version rests on: it brings notices before
    anybody has read them, some of them not meant for all. With source, one query.
    """
    windows = OutageWindow.objects.filter(incident__in=incidents, listings__isnull=False).values("notice")
    findings = Finding.objects.filter(incident__in=incidents, listings__isnull=False).values("notice")
    by_hand = Q(incident__in=incidents, incident__versions__isnull=False, feed=None)
    said = Notice.objects.filter(Q(pk__in=windows) | Q(pk__in=findings) | by_hand).distinct()
    return list(said.select_related("source").order_by("published_at", "id"))


def newest_versions(most: int) -> tuple[list[RecordVersion], dict[int, RecordVersion]]:
    """The versions published last, newest first, with incident; and by primary key the version before each.

    Both with `listed_extents` and `listed_findings`. Four queries.
    """
    versions = list(RecordVersion.objects.select_related("incident", "governing").order_by("-published_at", "-pk")[:most])
    known = RecordVersion.objects.select_related("governing").filter(incident__in={one.incident_id for one in versions})
    numbered = {(version.incident_id, version.number): version for version in known}
    found = {version.pk: numbered.get((version.incident_id, version.number - 1)) for version in versions}
    before = {key: version for key, version in found.items() if version is not None}
    prefetch_related_objects([*versions, *before.values()], *_listed())
    return versions, before
