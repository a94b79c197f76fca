"""Works off what is due for derivation: a slice at a time, each in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from claims import hints
from claims.models import Claim, DerivationDue, Usage
from claims.operations.derive import count_affected, derive_losses
from claims.operations.locks import try_lock
from services.instants import check_instant
from services.models import Incident, RecordVersion

SLICE = 20_000  # usage rows or claims: a second or two of work


def derive_next(*, now: datetime) -> bool:
    """Derive what the oldest due row asks for, or as much of it as a transaction should do; False when nothing is due.

    Also False while another process derives: two at once would wait for each other's claims. Whatever came in
    since that one last looked is found by the sweep.
    """
    now = check_instant(now, "now")
    if not try_lock("derivation"):
        return False
    due = DerivationDue.objects.select_related("incident", "since").order_by("pk").first()
    if due is None:
        return False
    if due.claim_id is not None:
        _derive_claims(now)
    else:
        _derive_usage(due, now)
    return True


def due_for_version(*, incident: Incident, since: RecordVersion | None, now: datetime) -> None:
    """All usage must meet the version now in force; `since` is the one before, None before the first."""
    newest = Usage.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        DerivationDue.objects.create(incident=incident, since=since, first_usage_id=1, last_usage_id=newest, created_at=now)
        hints.write_hint(hints.PLAN_RUNS, now=now)


def _derive_claims(now: datetime) -> None:
    """The claims that wait, many at once: each may have usage that attests what was told."""
    waiting = DerivationDue.objects.filter(claim__isnull=False).order_by("pk")[:SLICE]
    people: dict[int, set[int]] = {}
    for incident_id, person_id in waiting.values_list("claim__incident", "claim__person"):
        people.setdefault(incident_id, set()).add(person_id)
    rows = list(waiting.values_list("pk", flat=True))
    for incident in Incident.objects.filter(pk__in=people).order_by("pk"):
        derive_losses(incident=incident, person_ids=sorted(people[incident.pk]), now=now)
    DerivationDue.objects.filter(pk__in=rows).delete()


def _derive_usage(due: DerivationDue, now: datetime) -> None:
    """A slice from the low end of the span; the whole of it where a new version meets little of it."""
    first, last = due.first_usage_id or 0, due.last_usage_id or 0
    if due.incident is not None and count_affected(incident=due.incident, since=due.since, most=SLICE) < SLICE:
        derive_losses(incident=due.incident, since=due.since, now=now)
        due.delete()
        return
    upto = min(first + SLICE - 1, last)
    people = _people(first, upto)
    incidents = [due.incident] if due.incident is not None else _incidents(people, first, upto)
    for incident in incidents:
        derive_losses(incident=incident, person_ids=people, since=due.since, now=now)
    if upto == last:
        due.delete()
    else:
        due.first_usage_id = upto + 1
        due.save(update_fields=["first_usage_id"])


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
                         FROM claims_usage WHERE id BETWEEN %s AND %s) span
                WHERE w.start_at < span.last AND coalesce(w.end_at, 'infinity') > span.first""",
            [first, last],
        )
        touched = {row[0] for row in cursor.fetchall()}
    claimed = Claim.objects.filter(person__in=people).values_list("incident", flat=True).distinct()
    return list(Incident.objects.filter(pk__in=touched | set(claimed), versions__isnull=False).order_by("pk").distinct())
