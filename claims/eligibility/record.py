"""The official record as the engine reads it: plain values, no database.

Instants are integer microseconds since 1970-01-01T00:00Z; spans are half-open, `end_at` exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

SEVERITIES = ("full", "partial", "intermittent")  # the gravest first
SCOPES = ("all", "some_users", "some_functions")


@dataclass(frozen=True)
class ServiceNode:
    """A service by its dotted code; its parent is the code without the last part."""

    code: str
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Window:
    """A span in which one service was down, by one source's word; `end_at` None: still open.

    `planned`: it was maintenance; `announced_at`: when its customers were told of it, None where nobody says.
    """

    key: str
    service: str
    source: str
    severity: str
    scope: str
    start_at: int
    end_at: int | None
    notice: str = ""
    start_approx: bool = False
    end_approx: bool = False
    inferred: bool = False
    closing_rule: str = ""
    users_permille: int | None = None  # the share of users hit, in thousandths; None: nobody said
    planned: bool = False
    announced_at: int | None = None  # of a window that is not planned it means nothing


@dataclass(frozen=True)
class IncidentFact:
    """A finding about the incident that policies ask for, verified by staff; a whole number or a text as in a batch.

    `type`: as a pack's fact has it; one of another type is not what the pack asks for. Empty: as the pack says.
    """

    name: str
    value: int | str
    notice: str = ""
    type: str = ""


@dataclass(frozen=True)
class Extent:
    """Start and end of the whole incident, by one source; `end_at` None: still going on."""

    source: str
    start_at: int
    end_at: int | None


@dataclass(frozen=True)
class Notice:
    """What an explanation cites."""

    key: str
    source: str
    channel: str = ""
    published_at: int | None = None
    text: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Record:
    """One version of the official record of one incident.

    Open windows and extents count up to `as_of`. `sources` lists the best ranked first.
    `reported` names the services of which only citizens spoke.
    """

    incident: str
    number: int
    as_of: int
    services: tuple[ServiceNode, ...]
    windows: tuple[Window, ...]
    extents: tuple[Extent, ...] = ()
    sources: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    reported: tuple[str, ...] = ()
    facts: tuple[IncidentFact, ...] = ()
    parents: dict[str, str | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes = {node.code for node in self.services}
        parents = {code: parent_of(code) if parent_of(code) in codes else None for code in codes}
        object.__setattr__(self, "parents", parents)

    @property
    def begins_at(self) -> int | None:
        """When the first window or extent begins; None without any."""
        return min([*(w.start_at for w in self.windows), *(e.start_at for e in self.extents)], default=None)

    def end_of(self, span: Window | Extent) -> int:
        """Where a window or an extent ends; an open one at `as_of`."""
        return self.as_of if span.end_at is None else span.end_at

    def rank(self, source: str) -> int:
        """Position among the ranked sources; an unranked one comes last."""
        return self.sources.index(source) if source in self.sources else len(self.sources)

    def finding(self, name: str, kind: str) -> IncidentFact | None:
        """The finding of this name, if it is of this type."""
        return next((fact for fact in self.facts if fact.name == name and fact.type in ("", kind)), None)

    def with_services(self, codes: Iterable[str]) -> Record:
        """The same record with these services and their parents in its tree."""
        nodes = {node.code: node for node in self.services}
        for code in codes:
            above: str | None = code
            while above is not None:
                nodes.setdefault(above, ServiceNode(above))
                above = parent_of(above)
        return replace(self, services=tuple(nodes.values()))

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Record:
        """The inverse of `dataclasses.asdict` without `parents`."""
        return cls(
            incident=document["incident"],
            number=document["number"],
            as_of=document["as_of"],
            services=tuple(ServiceNode(s["code"], tuple(s["depends_on"])) for s in document["services"]),
            windows=tuple(Window(**w) for w in document["windows"]),
            extents=tuple(Extent(**e) for e in document["extents"]),
            sources=tuple(document["sources"]),
            notices=tuple(Notice(**n) for n in document["notices"]),
            reported=tuple(document["reported"]),
            facts=tuple(IncidentFact(**f) for f in document["facts"]),
        )


def parent_of(code: str) -> str | None:
    """`kakao_t.taxi_call` -> `kakao_t`; a top-level code has none."""
    head, _, _ = code.rpartition(".")
    return head or None


def is_below(code: str, ancestor: str) -> bool:
    """True for the ancestor itself and for everything below it."""
    return code == ancestor or code.startswith(ancestor + ".")
