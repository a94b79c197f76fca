"""A made-up outage of taxi calling on 1 May 2031, whose record is one window from 08:00 that ends when a test says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Sum

from accounts.models import Person
from claims.models import Claim, Comparison
from claims.operations import (
    ToldLoss,
    begin_full_comparisons,
    chase_versions,
    compare_next_chunk,
    finish_comparisons,
    open_claim,
    publish_policy,
)
from services.models import Incident
from services.operations import (
    NoticeSaid,
    RecordContent,
    WindowSaid,
    load_service_tree,
    publish_record_version,
    record_notice,
    record_windows,
)
from tests.builders import KST, a_person, follow_up, work_off
from tests.replay import loaded

TAXI = "kakao_t.taxi_call"
PACK = Path(__file__).parents[1] / "claims" / "policies" / "demo" / "taxi_call_minutes.yaml"
LATER = datetime(2031, 6, 1, tzinfo=KST)


def on(clock: str) -> datetime:
    """Of 1 May 2031, in Seoul."""
    return datetime.fromisoformat(f"2031-05-01T{clock}").replace(tzinfo=KST)


@transaction.atomic
def made_up() -> Incident:
    loaded("tree", load_service_tree)
    incident = Incident.objects.create(key="made-up", title_ko="지어낸 장애", title_en="Made up", started_at=on("08:00"))
    record_notice(
        NoticeSaid(
            key="said", source="operator", channel="notice", published_at=on("13:00"), text="복구했다.", incident="made-up"
        ),
        now=LATER,
    )
    publish_policy(pack_yaml=PACK.read_text(encoding="utf-8"), now=LATER)
    return incident


@transaction.atomic
def publish(end: datetime, *, as_of: datetime | None = None) -> None:
    said = WindowSaid(service=TAXI, notice="said", severity="full", start_at=on("08:00"), end_at=end)
    windows = record_windows([said], incident="made-up")
    publish_record_version(incident="made-up", content=RecordContent(as_of or on("20:00"), windows), now=LATER)


@transaction.atomic
def claim(person: Person, incident: Incident, start: datetime, end: datetime | None, *, service: str = TAXI) -> Claim:
    return open_claim(person=person, incident=incident, losses=[ToldLoss(service, start, end)], now=LATER)


def claims_of_the_morning(incident: Incident, most: int) -> list[Claim]:
    """So many, of a person each: they begin between 08:00 and 13:00 and last from 5 to 95 minutes."""
    starts = [on("08:00") + timedelta(hours=5) * n // most for n in range(most)]
    lengths = [timedelta(minutes=5) + timedelta(minutes=90) * n // most for n in range(most)]
    return [claim(a_person(), incident, start, start + length) for start, length in zip(starts, lengths, strict=True)]


@transaction.atomic
def chase() -> int:
    return chase_versions(now=LATER)


def everything() -> None:
    work_off()
    follow_up()


def overlap(claim: Claim, end: datetime) -> timedelta:
    """Of the claim's one loss with the window that ends there."""
    loss = claim.losses.get()
    assert loss.end_at is not None
    return max(min(loss.end_at, end) - max(loss.start_at, on("08:00")), timedelta())


def net(claim: Claim) -> int:
    return claim.payouts.aggregate(net=Sum("quantity"))["net"] or 0


def owed(claim: Claim) -> int:
    newest = claim.assessments.order_by("-run")[0]
    return newest.lines.filter(outcome="eligible").aggregate(owed=Sum("quantity"))["owed"] or 0


def owed_by_rule(counted: timedelta) -> int:
    """500 won for every ten minutes begun."""
    return 500 * -(-counted // timedelta(minutes=10))


def compare_all() -> Comparison:
    """What is done every night: everybody is assessed again with the terms in force, and nothing of it is kept."""
    with transaction.atomic():
        assert begin_full_comparisons(now=LATER, since=LATER + timedelta(seconds=1)) == 1
    while compare_next_chunk(now=LATER):
        with connection.cursor() as cursor:  # the guard against two workers would make this one wait
            cursor.execute("UPDATE claims_comparisonchunk SET attempted_at = NULL WHERE state = 'open'")
    with transaction.atomic():
        finish_comparisons(now=LATER)
    return Comparison.objects.first()  # type: ignore[return-value]
