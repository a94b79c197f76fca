"""Many people report an outage where no official window is: a dispute opens, and staff answer it. Expects a transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from claims.models import Claim, Dispute, DisputeHour, DisputesMadeOf, DisputeState, Event
from claims.operations.locks import take_time, try_lock
from claims.operations.policy import fingerprints
from claims.queries import AROUND, counted_hours, reports_outside
from services.instants import check_instant
from services.models import DraftState, Incident, RecordDraft, RecordVersion
from services.operations import ReasonRequired, WindowSaid, list_windows, open_record_draft
from services.queries import record_in_force
from services.refusals import InvalidValue, Refusal, Unknown
from services.seoul import shown_span
from services.staff import WRITERS, require
from services.texts import normalised

COUNT_EVERY = timedelta(minutes=10)
COUNT_SECONDS = 300  # longest statement of a count
HOUR = timedelta(hours=1)
COUNTED = "disputes_counted"
COUNTING_VERSION = 1  # raised whenever the same losses could be counted otherwise


class UnknownDispute(Unknown):
    code = "unknown_dispute"


class DisputeClosed(Refusal):
    code = "dispute_closed"


def dispute_threshold() -> int:
    """So many claims in an hour make a dispute."""
    return int(settings.CLAIMS_DISPUTE_THRESHOLD)


# --- counting ------------------------------------------------------------------------------------


def count_disputes(*, now: datetime) -> int | None:
    """Count reports outside the official windows of every incident about which something is new; how many disputes changed.

    None when somebody else counts or it was done in the last ten minutes. The same counts again change nothing. All losses
    of an incident are read to count it, so the cost grows with the losses of those incidents whose claims got losses, or of
    which the record, an answer to a dispute or the threshold is another one than at their last count. Of all others it
    asks a few queries together, whatever they hold.
    """
    now = check_instant(now, "now")
    if not try_lock("disputes") or _counted_lately(now):
        return None
    take_time(COUNT_SECONDS)
    made_of = _to_be_counted()
    claimed = Incident.objects.filter(Exists(Claim.objects.filter(incident=OuterRef("pk"))), pk__in=made_of).order_by("pk")
    in_force = [(incident, version) for incident in claimed if (version := record_in_force(incident)) is not None]
    changed = sum(_count_incident(incident, version, now) for incident, version in in_force)
    for incident, _ in in_force:
        DisputesMadeOf.objects.update_or_create(incident=incident, defaults={"made_of": made_of[incident.pk]})
    Event.objects.create(at=now, kind=COUNTED, data={"incidents": len(in_force), "changed": changed})
    return changed


def _counted_lately(now: datetime) -> bool:
    return Event.objects.filter(kind=COUNTED, at__gt=now - COUNT_EVERY).exists()


def _to_be_counted() -> dict[int, str]:
    """Incidents with a record of which a count could find something else than the last, with what they are counted of.

    Read before anything is counted: what changes meanwhile is seen at the next look.
    """
    with_losses = _take_due()
    known = dict(DisputesMadeOf.objects.values_list("incident", "made_of"))
    return {pk: made_of for pk, made_of in _made_of() if pk in with_losses or known.get(pk) != made_of}


def _take_due() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM claims_countdue RETURNING incident_id) SELECT DISTINCT incident_id FROM gone")
        return {row[0] for row in cursor.fetchall()}


def _made_of() -> Iterator[tuple[int, str]]:
    """(incident, hash of what a count reads beside losses): what its terms are made of, the threshold, the answers of staff."""
    answers: dict[int, list[Any]] = defaultdict(list)
    read = Dispute.objects.filter(state__in=[DisputeState.OPEN, DisputeState.ACCEPTED, DisputeState.REJECTED]).order_by("pk")
    for incident, *answer in read.values_list("incident", "pk", "state", "record_draft__state"):
        answers[incident].append(answer)
    for incident, terms in fingerprints():
        read_beside = (COUNTING_VERSION, terms, dispute_threshold(), answers[incident])
        yield incident, hashlib.sha256(repr(read_beside).encode()).hexdigest()


def _count_incident(incident: Incident, version: RecordVersion, now: datetime) -> int:
    """Disputes that changed. They are locked only after the long statement: who answers one does not wait for it."""
    disputes = Dispute.objects.filter(incident=incident, state=DisputeState.OPEN).order_by("pk")
    services = list(disputes.values_list("service", flat=True))
    reports = reports_outside(version, least=dispute_threshold(), also=services)
    locked = list(disputes.select_for_update(no_key=True))
    needed = _needed(incident)
    changed = 0
    for service in sorted({*reports, *(dispute.service_id for dispute in locked)}):
        count = _Count(version, service, reports.get(service, {}), now)
        runs = _runs(
            hour for hour, claims in count.claims.items() if claims >= needed.get((service, hour), dispute_threshold())
        )
        changed += count.write(runs, [dispute for dispute in locked if dispute.service_id == service])
    return changed


def _needed(incident: Incident) -> dict[tuple[int, datetime], float]:
    """How many claims an hour (service, start) needs after it was answered: none are enough while a draft takes it up;
    after a rejection, as many more than there were then as it takes to open a dispute.
    """
    needed: dict[tuple[int, datetime], float] = {}
    rejected = Q(dispute__state=DisputeState.REJECTED)
    taken_up = Q(dispute__state=DisputeState.ACCEPTED, dispute__record_draft__state=DraftState.OPEN)
    own = Q(hour_at__gte=F("dispute__start_at"), hour_at__lt=F("dispute__end_at"))
    hours = DisputeHour.objects.filter(rejected | taken_up, own, dispute__incident=incident).order_by("pk")
    names = ("dispute__service", "dispute__state", "hour_at", "claims")
    for service, state, hour, claims in hours.values_list(*names):
        needed[service, hour] = claims + dispute_threshold() if state == DisputeState.REJECTED else float("inf")
    return needed


def _runs(hours: Iterable[datetime]) -> list[_Run]:
    return _joined(_Run(hour, hour + HOUR) for hour in hours)


@dataclass
class _Run:
    """Hours that belong together, and the open disputes in them."""

    start_at: datetime
    end_at: datetime
    disputes: list[Dispute] = field(default_factory=list)


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """Those that overlap or touch become one."""
    joined: list[_Run] = []
    for run in sorted(runs, key=lambda run: run.start_at):
        if joined and run.start_at <= joined[-1].end_at:
            joined[-1].end_at = max(joined[-1].end_at, run.end_at)
            joined[-1].disputes += run.disputes
        else:
            joined.append(run)
    return joined


@dataclass
class _Count:
    """What one count says of a service: claims by hour."""

    version: RecordVersion
    service_id: int
    claims: dict[datetime, int]
    now: datetime

    def write(self, runs: Sequence[_Run], disputes: Sequence[Dispute]) -> int:
        """Open, widen, join and answer disputes until they are as counted; how many changed."""
        changed, kept = 0, []
        for dispute in disputes:
            span = self._kept(dispute, runs)
            if span is None:
                dispute.version = self.version
                self._close(dispute, DisputeState.ANSWERED)
                changed += 1
            else:
                kept.append(span)
        return changed + sum(self._settle(run) for run in _joined([*runs, *kept]))

    def _kept(self, dispute: Dispute, runs: Sequence[_Run]) -> _Run | None:
        """Its span; under a newer version only what is still reported outside, None where nothing is."""
        if dispute.version_id == self.version.pk:
            return _Run(dispute.start_at, dispute.end_at, [dispute])
        left = [run for run in runs if run.start_at < dispute.end_at and run.end_at > dispute.start_at]
        return _Run(left[0].start_at, left[-1].end_at, [dispute]) if left else None

    def _settle(self, run: _Run) -> int:
        """One dispute for the run: the oldest there is."""
        first, *others = sorted(run.disputes, key=lambda dispute: dispute.pk) or [self._open(run)]
        for other in others:
            self._close(other, DisputeState.JOINED, into=first.pk)
        hours = self._fresh_hours(first, run)
        fields = {"version_id": self.version.pk, "start_at": run.start_at, "end_at": run.end_at, "claims": self._most(run)}
        if hours or others or any(getattr(first, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(first, name, value)
            first.save(update_fields=["version", "start_at", "end_at", "claims"])
            DisputeHour.objects.bulk_create(hours)
            self._event("dispute_counted", first, hours=len(hours), claims=first.claims)
            return 1 + len(others)
        return 0

    def _open(self, run: _Run) -> Dispute:
        dispute = Dispute.objects.create(
            incident_id=self.version.incident_id, service_id=self.service_id, version=self.version, start_at=run.start_at,
            end_at=run.end_at, claims=self._most(run), opened_at=self.now,
        )  # fmt: skip
        self._event("dispute_opened", dispute)
        return dispute

    def _most(self, run: _Run) -> int:
        return max((claims for hour, claims in self.claims.items() if run.start_at <= hour < run.end_at), default=1)

    def _fresh_hours(self, dispute: Dispute, run: _Run) -> list[DisputeHour]:
        """Rows for the hours of which another number is counted now than was last."""
        before = counted_hours(dispute)
        near = {hour for hour in self.claims if run.start_at - AROUND <= hour < run.end_at + AROUND}
        return [
            DisputeHour(dispute=dispute, hour_at=hour, claims=self.claims.get(hour, 0), counted_at=self.now)
            for hour in sorted(near | before.keys())
            if self.claims.get(hour, 0) != before.get(hour, 0)
        ]

    def _close(self, dispute: Dispute, state: DisputeState, **data: int) -> None:
        dispute.state, dispute.closed_at = state, self.now
        dispute.save(update_fields=["state", "closed_at", "version"])
        self._event(f"dispute_{state}", dispute, **data)

    def _event(self, kind: str, dispute: Dispute, **data: int) -> None:
        Event.objects.create(at=self.now, kind=kind, data=_data(dispute, version=self.version.number, **data))


# --- answering -----------------------------------------------------------------------------------


def accept_dispute(
    *, dispute_id: int, notice: str, severity: str, start_at: datetime, end_at: datetime | None, reason: str, accepted_by: User,
    now: datetime,
) -> RecordDraft:  # fmt: skip
    """Open a draft of the record that lists a window [start_at, end_at) by the official notice (by key), and close the
    dispute with it.

    The window counts only once somebody else has published the draft. Raises RoleMissing, UnknownDispute, DisputeClosed,
    ReasonRequired, InvalidValue, and what `list_windows` raises: SourceNotOfficial for a citizens' notice.
    """
    now = check_instant(now, "now")
    dispute, kept = _locked(dispute_id), _said(reason)
    title = f"{dispute.service.name_ko} {shown_span(dispute.start_at, dispute.end_at)}"
    draft = open_record_draft(incident=dispute.incident.key, title=title, opened_by=accepted_by, now=now)
    said = WindowSaid(service=dispute.service.code, notice=notice, severity=severity, start_at=start_at, end_at=end_at)
    list_windows(draft_id=draft.pk, read=0, said=[said], reason=kept, written_by=accepted_by, now=now)
    dispute.record_draft = draft
    _decide(dispute, DisputeState.ACCEPTED, kept, accepted_by, now)
    return draft


def reject_dispute(*, dispute_id: int, reason: str, rejected_by: User, now: datetime) -> Dispute:
    """Close a dispute; its hours open another only after as many further reports.

    Raises RoleMissing, UnknownDispute, DisputeClosed, ReasonRequired, InvalidValue.
    """
    now = check_instant(now, "now")
    require(rejected_by, WRITERS, "reject a dispute")
    dispute = _locked(dispute_id)
    _decide(dispute, DisputeState.REJECTED, _said(reason), rejected_by, now)
    return dispute


def _locked(dispute_id: int) -> Dispute:
    disputes = Dispute.objects.select_related("incident", "service").select_for_update(no_key=True, of=("self",))
    dispute = disputes.filter(pk=dispute_id).first()
    if dispute is None:
        raise UnknownDispute(f"There is no dispute {dispute_id}.", field="dispute")
    if dispute.state != DisputeState.OPEN:
        raise DisputeClosed(f"This dispute is {dispute.state} already. Look at the page again.")
    return dispute


def _said(reason: str) -> str:
    kept = normalised(reason, "reason")
    if not kept:
        raise ReasonRequired("Say why, in a few words: others must be able to follow it.", field="reason")
    if len(kept) > 500:
        raise InvalidValue(f"reason has {len(kept)} characters; 1 to 500 are kept.", field="reason")
    return kept


def _decide(dispute: Dispute, state: DisputeState, reason: str, by: User, now: datetime) -> None:
    dispute.state, dispute.reason, dispute.closed_by, dispute.closed_at = state, reason, by, now
    dispute.save(update_fields=["state", "reason", "closed_by", "closed_at", "record_draft"])
    draft = {"draft": dispute.record_draft_id} if dispute.record_draft_id else {}
    Event.objects.create(at=now, kind=f"dispute_{state}", actor=by, data=_data(dispute, **draft))


def _data(dispute: Dispute, **more: int) -> dict[str, int]:
    return {"dispute": dispute.pk, "incident": dispute.incident_id, "service": dispute.service_id, **more}
