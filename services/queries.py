"""Reading the official record. Nothing here writes; each function says how many queries it takes."""

from django.db.models import Prefetch, QuerySet

from services.models import Extent, Incident, OutageWindow, RecordExtent, RecordFinding, RecordVersion
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


def extents_of(version: RecordVersion) -> QuerySet[Extent]:
    """The extents a version lists, best ranked source first. One query."""
    return Extent.objects.filter(listings__version=version).select_related("source").order_by("source__rank")


def incidents_with_versions() -> QuerySet[Incident]:
    """All incidents, oldest first; `versions` in order, each with `listed_extents` and `listed_findings`. Four queries."""
    extents = RecordExtent.objects.select_related("extent__source").order_by("extent__source__rank")
    findings = RecordFinding.objects.select_related("finding__notice").order_by("name")
    listed = (Prefetch("listed_extents", extents), Prefetch("listed_findings", findings))
    versions = RecordVersion.objects.order_by("number").prefetch_related(*listed)
    return Incident.objects.order_by("started_at", "id").prefetch_related(Prefetch("versions", versions))
