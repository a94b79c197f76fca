"""Reading the official record. Nothing here writes; each function says how many queries it takes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet

from services.models import (
    Extent,
    Incident,
    Notice,
    Observation,
    OutageWindow,
    RecordExtent,
    RecordVersion,
    Service,
    ServiceDependency,
    State,
)
from services.refusals import Unknown


class UnknownVersion(Unknown):
    code = "unknown_version"


@dataclass(frozen=True)
class EffectiveWindow:
    """A window that took a service away: its own, or that of a service it depends on (`via`)."""

    window: OutageWindow
    via: Service | None


@dataclass(frozen=True)
class Timeline:
    """One service by one source's word, in order of time. `governs` if this source is the one that counts."""

    service: Service
    source: str
    windows: tuple[OutageWindow, ...]
    governs: bool


@dataclass(frozen=True)
class RecordView:
    """One published version with the service tree around it, in memory."""

    version: RecordVersion
    services: dict[str, Service]  # by code, in order of code
    depends_on: dict[str, tuple[str, ...]]  # direct dependencies, by code
    windows: tuple[OutageWindow, ...]  # in the version's order

    def lineage(self, code: str) -> Iterator[str]:
        """The service itself, then its parent, up to the root."""
        while code:
            yield code
            code = code.rpartition(".")[0]

    def governing(self, code: str) -> list[OutageWindow]:
        """The windows that say when this service was down, in order of time.

        Its own, else those of its nearest ancestor that has any: a parent's window does
        not extend a child that has windows of its own. Of several sources only the best
        ranked counts.
        """
        for candidate in self.lineage(code):
            windows = self._by_service.get(candidate)
            if windows:
                best = min(map(_rank, windows))
                return [window for window in windows if _rank(window) == best]
        return []

    def effective(self, code: str) -> list[EffectiveWindow]:
        """The governing windows, and those of every service that it or an ancestor depends on, however far."""
        found = [EffectiveWindow(window, via=None) for window in self.governing(code)]
        for needed in self._needs(code):
            found += [EffectiveWindow(window, via=self.services[needed]) for window in self.governing(needed)]
        return found

    def timelines(self) -> list[Timeline]:
        """Every service that has windows, with one line per source, the governing one first."""
        return [
            Timeline(self.services[code], source, tuple(w for w in windows if w.source.code == source), governs=place == 0)
            for code, windows in sorted(self._by_service.items())
            for place, source in enumerate(_sources_by_rank(windows))
        ]

    def _needs(self, code: str) -> list[str]:
        """Codes of all services this one leans on, each once, nearest first; cycles end."""
        needed: list[str] = []
        waiting = [code]
        while waiting:
            for ancestor in self.lineage(waiting.pop(0)):
                fresh = [other for other in self.depends_on.get(ancestor, ()) if other != code and other not in needed]
                needed += fresh
                waiting += fresh
        return needed

    @cached_property
    def _by_service(self) -> dict[str, list[OutageWindow]]:
        grouped: dict[str, list[OutageWindow]] = defaultdict(list)
        for window in sorted(self.windows, key=lambda window: window.start_at):
            grouped[window.service.code].append(window)
        return dict(grouped)


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


def record_view(version: RecordVersion) -> RecordView:
    """The version ready to be asked about many services. Three queries."""
    depends_on: dict[str, list[str]] = defaultdict(list)
    for pair in ServiceDependency.objects.select_related("service", "depends_on"):
        depends_on[pair.service.code].append(pair.depends_on.code)
    return RecordView(
        version=version,
        services={service.code: service for service in Service.objects.order_by("code")},
        depends_on={code: tuple(needed) for code, needed in depends_on.items()},
        windows=tuple(windows_of(version)),
    )


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


def notices_of(version: RecordVersion) -> QuerySet[Notice]:
    """The notices behind the windows of a version, oldest first. One query."""
    cited = OutageWindow.objects.filter(listings__version=version).values("notice")
    return Notice.objects.filter(pk__in=cited).select_related("source").order_by("published_at", "key")


def governing_windows(version: RecordVersion, service: Service) -> list[OutageWindow]:
    """See `RecordView.governing`; for many services make one `record_view` and ask that."""
    return record_view(version).governing(service.code)


def effective_windows(version: RecordVersion, service: Service) -> list[EffectiveWindow]:
    """See `RecordView.effective`; for many services make one `record_view` and ask that."""
    return record_view(version).effective(service.code)


def timelines(version: RecordVersion) -> list[Timeline]:
    """What a text or a drawing of the version needs. Three queries."""
    return record_view(version).timelines()


def reported_services(incident: Incident) -> list[str]:
    """Codes of the services that citizens reported as not working, in order of code. One query."""
    reports = Observation.objects.filter(notice__incident=incident, notice__source__official=False)
    return list(
        reports.filter(~Q(state=State.WORKING)).order_by("service__code").values_list("service__code", flat=True).distinct()
    )


def incidents_with_versions() -> QuerySet[Incident]:
    """All incidents, oldest first; `versions` in order, each with `listed_extents`. Three queries."""
    extents = RecordExtent.objects.select_related("extent__source").order_by("extent__source__rank")
    versions = RecordVersion.objects.order_by("number").prefetch_related(Prefetch("listed_extents", extents))
    return Incident.objects.order_by("started_at", "id").prefetch_related(Prefetch("versions", versions))


def _sources_by_rank(windows: list[OutageWindow]) -> list[str]:
    ranks = {window.source.code: _rank(window) for window in windows}
    return sorted(ranks, key=lambda code: ranks[code])


def _rank(window: OutageWindow) -> int:
    rank = window.source.rank
    assert rank is not None, "record_windows takes official sources only, and those are ranked"
    return rank
