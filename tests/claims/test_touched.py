"""Whom a changed span touches, found by classes of lengths: the same as by looking at every loss, with few of them read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.eligibility import ChangedSpan, microseconds
from claims.models import Claim, Loss
from claims.models.intake import LENGTHS
from claims.operations import ToldLoss, open_claim
from claims.operations.work import touched_claims
from services.models import Incident
from tests.builders import a_person
from tests.databases import owner_connection
from tests.made_up import LATER, TAXI, made_up, on

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def incident(db: None) -> Incident:
    return made_up()


@pytest.mark.parametrize("seconds", [1, *(n + more for n in LENGTHS for more in (-1, 0, 1)), None])
def test_a_loss_of_any_length_is_touched_if_and_only_if_it_overlaps(incident: Incident, seconds: int | None):
    start, end = on("12:00"), on("12:30")
    length = timedelta(seconds=seconds or 3600)
    for begins, overlaps in (
        (start - length, seconds is None),  # it ends where the span begins
        (start - length + SECOND, True),
        (end - SECOND, True),
        (end, False),
    ):
        if begins + length > LATER:
            continue
        loss = ToldLoss(TAXI, begins, None if seconds is None else begins + length)
        with transaction.atomic():
            one = open_claim(person=a_person(), incident=incident, losses=[loss], now=LATER)
        spans = [ChangedSpan(TAXI, microseconds(start), microseconds(end))]
        assert (one.pk in touched_claims(incident, spans)) == overlaps, begins
        assert one.pk in touched_claims(incident, [ChangedSpan(TAXI)])


def told(incident: Incident, service: str, *starts: str, open_end: bool = False) -> Claim:
    """A claim with a loss of an hour from each of these times, or without an end."""
    losses = [ToldLoss(service, on(start), None if open_end else on(start) + timedelta(hours=1)) for start in starts]
    with transaction.atomic():
        return open_claim(person=a_person(), incident=incident, losses=losses, now=LATER)


@pytest.fixture
def other(incident: Incident) -> Claim:
    """Of another incident, with thousands of losses of the same service."""
    elsewhere = Incident.objects.create(key="elsewhere", title_ko="다른 장애", title_en="Another", started_at=on("08:00"))
    claim = told(elsewhere, TAXI, "09:00")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO claims_loss (claim_id, revision, service_id, start_at, end_at, kind, origin)
               SELECT claim_id, revision, service_id, start_at + n * interval '1 minute', end_at + n * interval '1 minute',
                      kind, origin
                 FROM claims_loss, generate_series(1, 3000) n WHERE claim_id = %s""",
            [claim.pk],
        )
    return claim


RULE = ("demo_taxi_call_minutes", "minutes")
WHOLE = ChangedSpan(TAXI)
OPEN = ChangedSpan(TAXI, only_open=True)
AN_HOUR = ChangedSpan(TAXI, microseconds(on("09:30")), microseconds(on("10:30")))


def test_a_whole_service_touches_claims_of_the_incident_that_lost_it(incident: Incident, other: Claim):
    mine, open_one, later = (
        told(incident, TAXI, "09:00"),
        told(incident, TAXI, "07:00", open_end=True),
        told(incident, TAXI, "23:00"),
    )
    told(incident, "kakaotalk.text_message", "09:00")
    assert touched_claims(incident, [WHOLE]) == [mine.pk, open_one.pk, later.pk]
    assert touched_claims(incident, [OPEN]) == [open_one.pk]
    assert touched_claims(incident, [AN_HOUR]) == [mine.pk, open_one.pk]
    assert touched_claims(incident, [AN_HOUR, WHOLE, OPEN]) == [mine.pk, open_one.pk, later.pk]
    assert touched_claims(incident, [ChangedSpan("kakaotalk.text_message"), AN_HOUR, OPEN]) != [mine.pk, open_one.pk]
    assert touched_claims(incident, [ChangedSpan(TAXI, rule=RULE)]) == [], "none of them was assessed"
    assert touched_claims(other.incident, [WHOLE]) == [other.pk]


@pytest.fixture
def forgotten(db: None) -> None:
    """Of a table that other tests have filled and left empty the planner believes that it stays so, whatever is in it now."""
    with owner_connection() as owner:
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE claims_loss")


@pytest.mark.parametrize("span", [WHOLE, ChangedSpan(TAXI, rule=RULE)])
@pytest.mark.usefixtures("forgotten")
def test_a_whole_service_reads_no_loss_of_another_incident(incident: Incident, other: Claim, span: ChangedSpan):
    told(incident, TAXI, "09:00", "11:00")
    assert Loss.objects.count() > 3000
    assert losses_read(incident, span) == 2


def losses_read(incident: Incident, span: ChangedSpan) -> int:
    """How many rows of losses the database looks at to find whom it touches, where it does not think that there are none."""
    with CaptureQueriesContext(connection) as queries:
        touched_claims(incident, [span])
    (statement,) = [query["sql"] for query in queries if "touched AS" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    (plan,) = json.loads(found) if isinstance(found, str) else found
    of_losses = [node for node in nodes(plan["Plan"]) if node.get("Relation Name") == "claims_loss"]
    per_loop = [node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in of_losses]
    return int(sum(rows * node["Actual Loops"] for rows, node in zip(per_loop, of_losses, strict=True)))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)
