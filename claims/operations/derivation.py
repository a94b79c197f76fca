"""Works off what is due for derivation: a slice at a time, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from claims import hints
from claims.models import MOST_ATTEMPTS, Claim, DerivationDue, Usage
from claims.operations.attempts import attempt
from claims.operations.derive import count_affected, derive_losses
from claims.operations.locks import try_lock
from services.instants import check_instant
from services.models import Incident, RecordVersion

SLICE = 20_000  # usage rows or claims: a second or two of work


def derive_next(*, now: datetime) -> bool:
    """Derive for claims that wait, else a slice of the oldest usage; False when nothing is due.

    Call it outside any transaction. What fails is tried again, claims then one by one, and after five times left
    for a person to see: it holds up nothing else. Also False while another process derives (two at once would wait
    for each other's claims) and when the database is away or somebody holds a lock: the sweep finds what is left.
    """
    now = check_instant(now, "now")
    with attempt(DerivationDue) as taken:
        if try_lock("derivation"):
            claims = _waiting_claims()
            usage = None if claims else _due().filter(claim__isnull=True).first()
            taken.extend([due.pk for due in claims] or ([] if usage is None else [usage.pk]))
            if claims:
                _derive_claims(claims, now)
            elif usage is not None:
                _derive_usage(usage, now)
    return bool(taken)


def due_for_version(*, incident: Incident, since: RecordVersion | None, now: datetime) -> None:
    """All usage must meet the version now in force; `since` is the one before, None before the first."""
    newest = Usage.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        DerivationDue.objects.create(incident=incident, since=since, first_usage_id=1, last_usage_id=newest, created_at=now)
        hints.write_hint(hints.PLAN_RUNS, now=now)


def _due() -> QuerySet[DerivationDue]:
    due = DerivationDue.objects.filter(attempts__lt=MOST_ATTEMPTS).select_related("incident", "since", "claim")
    return due.order_by("attempts", "pk")


def _waiting_claims() -> list[DerivationDue]:
    """Read once: what is derived and what is deleted must be the same rows. One that failed before is tried alone."""
    waiting = list(_due().filter(claim__isnull=False)[:SLICE])
    fresh = [due for due in waiting if due.attempts == 0]
    return fresh or waiting[:1]


def _derive_claims(waiting: Sequence[DerivationDue], now: datetime) -> None:
    """Many at once: each may have usage that attests what was told."""
    people: dict[int, set[int]] = {}
    for due in waiting:
        assert due.claim is not None, "these are due of claims"
        people.setdefault(due.claim.incident_id, set()).add(due.claim.person_id)
    for incident in Incident.objects.filter(pk__in=people).order_by("pk"):
        derive_losses(incident=incident, person_ids=sorted(people[incident.pk]), now=now)
    DerivationDue.objects.filter(pk__in=[due.pk for due in waiting]).delete()


def _derive_usage(due: DerivationDue, now: datetime) -> None:
    """A slice from the low end of the span; the whole of it where a new version meets little of it."""
    first, last = due.first_usage_id or 0, due.last_usage_id or 0
    if due.since and due.incident and count_affected(incident=due.incident, since=due.since, most=SLICE) < SLICE:
        derive_losses(incident=due.incident, since=due.since, now=now)
        due.delete()
        return
    # By rows and not by numbers: an import that was undone leaves a gap of millions.
    rows = Usage.objects.filter(pk__range=(first, last)).order_by("pk").values_list("pk", flat=True)
    upto = next(iter(rows[SLICE - 1 : SLICE]), last)
    people = _people(first, upto)
    incidents = [due.incident] if due.incident is not None else _incidents(people, first, upto)
    for incident in incidents:
        derive_losses(incident=incident, person_ids=people, since=due.since, now=now)
    if upto == last:
        due.delete()
    else:
        due.first_usage_id, due.attempts = upto + 1, 0
        due.save(update_fields=["first_usage_id", "attempts"])


def _people(first: int, last: int) -> list[int]:
    usage = Usage.objects.filter(pk__range=(first, last))
    return list(usage.order_by("person").values_list("person", flat=True).distinct())


def _incidents(people: Sequence[int], first: int, last: int) -> list[Incident]:
    """Incidents in whose windows the usage may fall, and those about which its people have claims."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT w.incident_id
                 FROM services_outagewindow w,
                      (SELECT min(start_at) AS first, max(coalesce(end_at, 'infinity')) AS last
                         FROM claims_usage WHERE id BETWEEN %s AND %s AND kind <> 'lock') span
                WHERE w.start_at < span.last AND coalesce(w.end_at, 'infinity') > span.first""",
            [first, last],
        )
        touched = {row[0] for row in cursor.fetchall()}
    claimed = Claim.objects.filter(person__in=people).values_list("incident", flat=True).distinct()
    return list(Incident.objects.filter(pk__in=touched | set(claimed), versions__isnull=False).order_by("pk").distinct())
