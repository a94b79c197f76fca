"""What somebody lost, and for how long, also where no policy pays for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Person
from claims.eligibility import EngineRefusal, Record, microseconds
from claims.eligibility.segments import Counting, Segment, segments_of
from claims.facts import record_of, terms_of
from claims.models import Claim, CompiledTerms, Loss, LossStanding, TermsInForce
from services.models import Incident, Service

MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class PersonLoss:
    """A loss with the time in it that the official record in force says the service was down.

    `official_seconds` by severity (full, partial, intermittent): overlapping windows count once, by
    the gravest. `official` is False where the record says nothing of the service. `withdrawn`: why it does not count any
    more, a WithdrawalReason; empty where it does.
    """

    loss: Loss
    reference: str
    incident_key: str
    service: Service
    via: Service | None
    start_at: datetime
    end_at: datetime | None
    origin: str
    kind: str
    official: bool
    official_seconds: dict[str, int]
    withdrawn: str

    @property
    def total_seconds(self) -> int:
        return sum(self.official_seconds.values())


def losses_told() -> QuerySet[Any]:
    """Rows of Loss with `withdrawn`, as PersonLoss has it."""
    newest = LossStanding.objects.filter(loss=OuterRef("pk")).order_by("-revision")
    return Loss.objects.annotate(withdrawn=Coalesce(Subquery(newest.values("reason")[:1]), Value("")))


def losses_of_person(person: Person) -> list[PersonLoss]:
    """All losses of the person, by claim and time, each measured against the record in force."""
    losses = losses_told().filter(claim__person=person).select_related("claim__incident", "service", "via")
    return _measured(losses.order_by("claim_id", "start_at", "pk"), {})


def losses_of_claim(claim: Claim, record: Record | None) -> list[PersonLoss]:
    """By time, measured against this record of its incident. One query."""
    losses = list(losses_told().filter(claim=claim).select_related("service", "via", "words").order_by("start_at", "pk"))
    for loss in losses:
        loss.claim = claim
    return _measured(losses, {claim.incident_id: _Measure(record)})


def record_in_force(incident: Incident) -> Record | None:
    """The newest version of the official record; None before the first.

    Read from the terms in force where they are made of it: those are kept, with the service tree of a moment ago.
    """
    newest = incident.versions.order_by("-number")
    version_id = newest.values_list("pk", flat=True).first()
    if version_id is None:
        return None
    in_force = TermsInForce.objects.filter(incident=incident).order_by("-pk")
    made_of = in_force.values_list("terms__record_version", "terms", "terms__content_hash").first()
    if made_of is not None and made_of[0] == version_id:
        with suppress(EngineRefusal):  # of another engine: what it says is made anew
            return terms_of(CompiledTerms(pk=made_of[1], content_hash=made_of[2])).record
    return record_of(newest.get(pk=version_id))


def _measured(losses: Iterable[Any], records: dict[int, _Measure]) -> list[PersonLoss]:
    found = []
    for loss in losses:
        incident = loss.claim.incident
        if incident.pk not in records:
            records[incident.pk] = _Measure(record_in_force(incident))
        official, seconds = records[incident.pk](loss)
        found.append(
            PersonLoss(
                loss=loss,
                reference=loss.claim.reference,
                incident_key=incident.key,
                service=loss.service,
                via=loss.via,
                start_at=loss.start_at,
                end_at=loss.end_at,
                origin=loss.origin,
                kind=loss.kind,
                official=official,
                official_seconds=seconds,
                withdrawn=loss.withdrawn,
            )
        )
    return found


class _Measure:
    """The record of one incident, asked for one loss after the other."""

    def __init__(self, record: Record | None) -> None:
        self._record = record
        self._segments: dict[str, Sequence[Segment]] = {}
        self._severities = {} if self._record is None else {w.key: w.severity for w in self._record.windows}

    def __call__(self, loss: Loss) -> tuple[bool, dict[str, int]]:
        """(the record speaks of the service, whole seconds by severity)."""
        if self._record is None:
            return False, {}
        code = loss.service.code
        if code not in self._segments:
            self._segments[code] = segments_of(self._record, code, Counting())
        start_at = microseconds(loss.start_at)
        end_at = self._record.as_of if loss.end_at is None else microseconds(loss.end_at)
        lengths: dict[str, int] = {}
        for segment in self._segments[code]:
            shared = min(end_at, segment.end_at) - max(start_at, segment.start_at)
            if shared > 0:
                severity = self._severities[segment.window]
                lengths[severity] = lengths.get(severity, 0) + shared
        return bool(self._segments[code]), {severity: length // MICROSECONDS for severity, length in lengths.items()}
