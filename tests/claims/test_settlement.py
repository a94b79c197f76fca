"""Assessments of the made-up outage become payouts: which are left to a later one, and which to a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from claims.models import DerivationDue, EntitlementLine, Event, LetterDue, Payout, ReassessmentDue, SettlementDue
from claims.operations import (
    ToldLoss,
    begin_full_comparisons,
    derive_next,
    revise_claim,
    settle_next,
    settlement,
    write_next_letters,
)
from services.models import Incident
from tests.builders import NOW, a_person, follow_up, work_off
from tests.made_up import LATER, TAXI, chase, claim, compare_all, everything, made_up, net, on, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(db: None) -> Incident:
    return made_up()


def test_an_assessment_that_a_newer_one_follows_is_left_to_that_one(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    work_off()
    publish(on("12:30"))
    chase()
    work_off()
    assert SettlementDue.objects.count() == 2
    follow_up()
    assert [(p.kind, p.quantity) for p in one.payouts.all()] == [("first", 4500)]


@pytest.mark.parametrize(("end", "expected"), [("12:30", 4500), ("13:30", 6000)])
def test_who_waits_to_be_assessed_again_is_paid_once_by_what_comes_of_it(incident: Incident, end: str, expected: int):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    work_off()
    publish(on(end))
    assert chase() == 1
    follow_up()
    assert not one.payouts.exists()
    assert not SettlementDue.objects.exists()
    everything()
    assert [(p.kind, p.quantity) for p in one.payouts.all()] == [("first", expected)]
    assert one.letters.count() == 1


def test_who_is_assessed_again_with_the_same_result_is_paid_what_was_owed_before(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("12:00"))
    work_off()
    with transaction.atomic():
        revise_claim(claim_id=one.pk, losses=[ToldLoss(TAXI, on("15:00"), on("16:00"))], cause="corrected", now=LATER)
    follow_up()
    assert not one.payouts.exists()
    everything()
    assert [(p.kind, p.quantity) for p in one.payouts.all()] == [("first", 3000)]


def test_who_cannot_be_assessed_again_is_paid_what_stands(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    work_off()
    publish(on("12:30"))
    chase()
    follow_up()
    monkeypatch.setattr("claims.operations.assessment.assess_apart", lambda batch, terms: 1 // 0)
    everything()
    assert Event.objects.get(kind="claim_quarantined").claim == one
    assert [(p.kind, p.quantity) for p in one.payouts.all()] == [("first", 3000)]
    assert not SettlementDue.objects.exists()


def test_who_waits_for_a_day_to_be_assessed_is_said_aloud(incident: Incident):
    publish(on("12:00"))
    claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    publish(on("12:30"))
    assert chase() == 1
    ReassessmentDue.objects.update(created_at=LATER - timedelta(days=1))
    compare_all()
    assert not Event.objects.filter(kind="queues_stuck").exists()
    ReassessmentDue.objects.update(created_at=LATER - timedelta(days=1, seconds=1))
    compare_all()
    assert not Event.objects.filter(kind="queues_stuck").exists(), "the first night: it was entered with dates of before"
    with transaction.atomic():
        begin_full_comparisons(now=LATER + timedelta(days=1), since=LATER + timedelta(seconds=1))
    assert Event.objects.get(kind="queues_stuck").data["reassessmentdue"] == 1


def test_a_line_that_waits_for_proof_before_payment_is_not_paid(incident: Incident):
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("12:00"))
    work_off()
    line = EntitlementLine.objects.get(assessment__claim=one)
    EntitlementLine.objects.bulk_create(
        [EntitlementLine(assessment_id=line.assessment_id, position=2, rule=line.rule, loss=line.loss, outcome="eligible",
                         reasons=["proof_before_payment:fare"], remedy="cash", unit="KRW", currency="KRW", quantity=70_000,
                         counted_seconds=0)]
    )  # fmt: skip
    follow_up()
    assert net(one) == 3000


def test_what_cannot_be_settled_is_tried_five_times_and_left_for_a_person(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    publish(on("12:00"))
    claim(a_person(), incident, on("11:00"), on("12:00"))
    work_off()
    monkeypatch.setattr("claims.operations.decisions.recovery_floors", lambda terms: 1 / 0)
    for _ in range(5):
        assert settle_next(now=NOW)
    assert not settle_next(now=NOW)
    due = SettlementDue.objects.get()
    assert (due.attempts, "ZeroDivisionError" in due.last_error) == (5, True)
    assert not Payout.objects.exists()
    compare_all()
    assert Event.objects.get(kind="queues_stuck").data["settlementdue"] == 1


@pytest.mark.parametrize(
    ("step", "work", "queue"),
    [
        (derive_next, "derivation._derive_claims", DerivationDue),
        (settle_next, "settlement._settle", SettlementDue),
        (write_next_letters, "letters._write", LetterDue),
    ],
)
def test_an_attempt_that_meets_no_database_is_not_counted_and_an_error_is(
    incident: Incident, monkeypatch: pytest.MonkeyPatch, step: Any, work: str, queue: Any
):
    publish(on("12:00"))
    claim(a_person(), incident, on("11:00"), on("12:00"))
    if step is not derive_next:
        work_off()
    if step is write_next_letters:
        settle_next(now=NOW)
    failures = [lambda: raise_(OperationalError("the connection is lost")), lambda: raise_(KeyError("a bug")), take_too_long]
    monkeypatch.setattr(f"claims.operations.{work}", lambda *taken: failures.pop(0)())
    assert not step(now=NOW)
    assert (queue.objects.get().attempts, queue.objects.get().last_error) == (0, "")
    assert step(now=NOW)
    assert (queue.objects.get().attempts, queue.objects.get().last_error) == (1, "KeyError('a bug')")
    assert step(now=NOW)
    due = queue.objects.get()
    assert (due.attempts, "statement timeout" in due.last_error) == (2, True)


def raise_(error: Exception) -> None:
    raise error


def take_too_long() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(10)")


def test_a_settlement_that_takes_too_long_holds_up_no_other(incident: Incident, monkeypatch: pytest.MonkeyPatch, settings: Any):
    settings.CLAIMS_CHUNK_SIZE = 1
    publish(on("12:00"))
    claims = [claim(a_person(), incident, on("11:00"), on("12:00")) for _ in range(2)]
    work_off()
    first = SettlementDue.objects.order_by("pk")[0].pk
    look = settlement._look_at
    monkeypatch.setattr(settlement, "_look_at", lambda chunk, *rest: take_too_long() if chunk == first else look(chunk, *rest))
    while settle_next(now=NOW):
        pass
    assert [(due.pk, due.attempts) for due in SettlementDue.objects.all()] == [(first, 5)]
    assert [net(one) for one in claims] == [0, 3000]
