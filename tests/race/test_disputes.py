"""Two that count disputes, and one that counts while somebody answers."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import transaction

from claims.models import Dispute, DisputeHour, Event
from claims.operations import DisputeClosed, count_disputes, disputes, reject_dispute
from services.models import Incident
from tests.builders import MESSAGES, NOW, a_person, a_user, claim_of, outage, told
from tests.race.together import Step, in_transaction, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident(transactional_db: None, settings: Any) -> Incident:
    settings.CLAIMS_DISPUTE_THRESHOLD = 2
    incident = outage()
    for _ in range(2):
        claim_of(a_person(), incident, told(MESSAGES, "14 10:00", "14 11:00"))
    return incident


def test_two_counters_are_one(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    real = disputes.reports_outside  # type: ignore[attr-defined]

    def count_slowly(*args: Any, **more: Any) -> Any:
        time.sleep(0.3)
        return real(*args, **more)

    monkeypatch.setattr(disputes, "reports_outside", count_slowly)
    counted = together(in_transaction(count_disputes, now=NOW), in_transaction(count_disputes, now=NOW))
    assert sorted(counted, key=str) == [1, None]
    assert (Dispute.objects.count(), DisputeHour.objects.count()) == (1, 1)
    assert Event.objects.filter(kind="disputes_counted").count() == 1


def test_a_dispute_answered_while_it_is_counted_stays_as_it_was_answered(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    """The counter waits for who answers, or who answers for the counter; nobody writes at a closed dispute."""
    with transaction.atomic():
        count_disputes(now=NOW)
    (dispute,) = Dispute.objects.all()
    claim_of(a_person(), incident, told(MESSAGES, "14 10:00", "14 11:00"))
    writer = a_user("caseworker")
    counting = Step()
    real = disputes._needed

    def look_slowly(incident: Incident) -> Any:
        found = real(incident)
        counting.reach()
        time.sleep(0.3)
        return found

    monkeypatch.setattr(disputes, "_needed", look_slowly)

    def reject() -> None:
        counting.wait()
        with transaction.atomic():
            reject_dispute(dispute_id=dispute.pk, reason="a rumour", rejected_by=writer, now=NOW)

    later = NOW + disputes.COUNT_EVERY
    together(in_transaction(count_disputes, now=later), reject)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.claims) == ("rejected", 3)
    assert Dispute.objects.count() == 1


def test_of_two_who_answer_the_second_is_told(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    with transaction.atomic():
        count_disputes(now=NOW)
    (dispute,) = Dispute.objects.all()
    real = disputes._decide

    def decide_slowly(*args: Any) -> None:
        time.sleep(0.3)
        real(*args)

    monkeypatch.setattr(disputes, "_decide", decide_slowly)

    def reject(name: str) -> Any:
        by = a_user("caseworker", email=f"{name}@example.com")

        def run() -> str:
            try:
                with transaction.atomic():
                    return reject_dispute(dispute_id=dispute.pk, reason="a rumour", rejected_by=by, now=NOW).state
            except DisputeClosed as refusal:
                return refusal.code

        return run

    assert sorted(together(reject("first"), reject("second"))) == ["dispute_closed", "rejected"]


def test_a_loss_that_is_not_committed_while_others_are_counted_is_counted_next(incident: Incident):
    """Its row in the queue is not seen yet either, so it stays for the next count."""
    with transaction.atomic():
        count_disputes(now=NOW)
    (dispute,) = Dispute.objects.all()
    written, counted = Step(), Step()

    def claim() -> None:
        with transaction.atomic():
            claim_of(a_person(), incident, told(MESSAGES, "14 10:00", "14 11:00"))
            written.reach()
            counted.wait()

    def count() -> Any:
        written.wait()
        claim_of(a_person(), incident, told(MESSAGES, "14 10:00", "14 11:00"))  # committed before the other, begun after it
        try:
            return in_transaction(count_disputes, now=NOW + disputes.COUNT_EVERY)()
        finally:
            counted.reach()

    assert together(claim, count) == [None, 1]
    dispute.refresh_from_db()
    assert dispute.claims == 3
    with transaction.atomic():
        assert count_disputes(now=NOW + 2 * disputes.COUNT_EVERY) == 1
    dispute.refresh_from_db()
    assert dispute.claims == 4
