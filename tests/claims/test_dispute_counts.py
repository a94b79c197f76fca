"""Which incidents are counted: those of which a count could find something else than the last one did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.operations import create_staff
from claims.models import CountDue, Dispute
from claims.operations import ToldFact, accept_dispute, count_disputes, derive_next, record_facts, reject_dispute
from services.models import Incident, RecordDraft, Service
from services.operations import (
    NoticeSaid,
    RecordContent,
    WindowSaid,
    discard_record_draft,
    publish_record_version,
    record_notice,
    record_windows,
)
from tests.builders import MESSAGES, NOW, a_person, a_policy_that_asks, at, claim_of, told, usage

pytestmark = pytest.mark.django_db

BEFORE = told(MESSAGES, "14 10:00", "14 11:00")  # the day before the outage: in no window


@pytest.fixture(autouse=True)
def looks(settings: Any) -> list[int]:
    """Three claims make a dispute. In the list: how many looks there were."""
    settings.CLAIMS_DISPUTE_THRESHOLD = 3
    return []


@pytest.fixture
def counted(incident: Incident, looks: list[int]) -> Callable[[], int]:
    """Look once more, ten minutes after the last: of how many incidents were the losses read?"""

    def look() -> int:
        looks.append(0)
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            assert count_disputes(now=NOW + len(looks) * timedelta(minutes=10)) is not None
        return len([query for query in queries if "touched AS" in query["sql"]])

    return look


@pytest.fixture
def dispute(incident: Incident, counted: Callable[[], int]) -> Dispute:
    """Counted until nothing is new: once more after the look that opened it."""
    for _ in range(3):
        claim_of(a_person(), incident, BEFORE)
    counted()
    counted()
    return Dispute.objects.get()


def another_incident() -> Incident:
    incident = Incident.objects.create(key="another", title_ko="다른 장애", title_en="Another", started_at=at("15 15:30"))
    notice = NoticeSaid(
        key="another-said",
        source="operator",
        channel="notice",
        published_at=at("16 10:00"),
        text="복구했다.",
        incident="another",
    )
    window = WindowSaid(service=MESSAGES, notice=notice.key, severity="full", start_at=at("15 15:30"), end_at=at("15 16:00"))
    with transaction.atomic():
        record_notice(notice, now=NOW)
        content = RecordContent(at("17 00:00"), record_windows([window], incident="another"))
        publish_record_version(incident="another", content=content, now=NOW)
    return incident


def test_losses_of_an_incident_about_which_nothing_is_new_are_not_read(
    incident: Incident, dispute: Dispute, counted: Callable[[], int]
):
    another = another_incident()
    claim_of(a_person(), another, BEFORE)
    assert counted() == 1, "the other one"
    assert counted() == 0
    claim_of(a_person(), incident, BEFORE)
    assert CountDue.objects.count() == 1
    assert counted() == 1
    assert not CountDue.objects.exists()
    dispute.refresh_from_db()
    assert dispute.claims == 4
    assert counted() == 0


def test_a_derived_loss_is_counted(incident: Incident, dispute: Dispute, counted: Callable[[], int]):
    usage(a_person(), "kakao_t.taxi_call", "shift", "15 14:00", "15 16:00")
    while derive_next(now=NOW):
        pass
    assert counted() == 1


def test_a_claim_that_gets_no_loss_is_not_counted_again(incident: Incident, dispute: Dispute, counted: Callable[[], int]):
    a_policy_that_asks(is_member="boolean")
    counted()
    claim = incident.claims.all()[0]
    revisions = claim.revisions.count()
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW)
    assert claim.revisions.count() == revisions + 1
    assert counted() == 0


@pytest.mark.parametrize("answer", ["rejected", "accepted", "discarded"])
def test_an_answer_of_staff_is_counted_with(incident: Incident, dispute: Dispute, counted: Callable[[], int], answer: str):
    writer = create_staff(email="writer@example.com", password="a long password 1", roles=["caseworker"], now=NOW)
    if answer == "rejected":
        reject_dispute(dispute_id=dispute.pk, reason="a rumour", rejected_by=writer, now=NOW)
    else:
        accept_dispute(
            dispute_id=dispute.pk, notice="operator-final", severity="full", start_at=dispute.start_at, end_at=dispute.end_at,
            reason="so", accepted_by=writer, now=NOW,
        )  # fmt: skip
    if answer == "discarded":
        assert [counted(), counted()] == [1, 0]
        discard_record_draft(draft_id=RecordDraft.objects.get().pk, read=1, discarded_by=writer, now=NOW)
    assert counted() == 1


def test_another_threshold_or_service_is_counted_with(dispute: Dispute, counted: Callable[[], int], settings: Any):
    settings.CLAIMS_DISPUTE_THRESHOLD = 2
    assert [counted(), counted()] == [1, 0]
    Service.objects.create(code="kakaotalk.new", name_ko="새", name_en="New", parent=Service.objects.get(code="kakaotalk"))
    assert [counted(), counted()] == [1, 0]


def test_a_look_at_many_incidents_costs_the_same_where_nothing_is_new(
    incident: Incident, dispute: Dispute, counted: Callable[[], int]
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert counted() == 0
        return len(captured)

    before = queries()
    claim_of(a_person(), another_incident(), BEFORE)
    assert [counted(), counted()] == [1, 0]
    assert queries() == before
