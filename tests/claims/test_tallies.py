"""Tallies say what a count of everything says, however what they count came about."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimStatus, Decision, Loss, PaymentItem, PaymentPart, Payout, ReviewStatus, Tally, TallyDue
from claims.operations import (
    TalliesBusy,
    ToldLoss,
    answer_payments,
    count_tallies,
    decide_claim,
    derive_next,
    make_payment_run,
    put_back_loss,
    recount_tallies,
    reopen_claim,
    revise_claim,
    take_claim,
    undo_decision,
    withdraw_claim,
    withdraw_loss,
)
from claims.queries import Span, overdue_in_queue, tallied
from services.models import Incident
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    at,
    authority,
    claim_of,
    follow_up,
    outage,
    told,
    usage,
    work_off,
)
from tests.worlds import world

HOUR = timedelta(hours=1)
ENDED = (ReviewStatus.CLOSED, ReviewStatus.WITHDRAWN, ReviewStatus.MERGED)


def counted(*, batch: int = 20_000) -> dict[tuple[Any, ...], tuple[int, int]]:
    """What the tallies say once nothing waits."""
    while count_tallies(batch=batch):
        pass
    assert not TallyDue.objects.exists()
    return stored()


def stored() -> dict[tuple[Any, ...], tuple[int, int]]:
    rows = Tally.objects.exclude(count=0, amount=0).values_list("incident", "what", "hour_at", "key", "unit", "count", "amount")
    return {row[:5]: row[5:] for row in rows}


def from_all_rows() -> dict[tuple[Any, ...], tuple[int, int]]:
    """The same by another way: everything is read, row by row."""
    counts: Counter[tuple[Any, ...]] = Counter()
    sums: Counter[tuple[Any, ...]] = Counter()
    for claim in Claim.objects.select_related("status", "incident"):
        counts[claim.incident_id, "intake", _hour(claim.filed_at), claim.origin, ""] += 1
        counts[claim.incident_id, "open", _hour(claim.filed_at), "", ""] += claim.status.review not in ENDED
        for hour, service in {place for loss in _standing(claim) for place in _hours(claim, loss)}:
            counts[claim.incident_id, "impact", hour, service, ""] += 1
    for decision in Decision.objects.filter(approved=False, undone=None).select_related("claim"):
        for reason in {"", *decision.reasons}:
            counts[decision.claim.incident_id, "refused", _hour(decision.decided_at), reason, ""] += 1
    for payout in Payout.objects.exclude(kind="written_off").select_related("claim"):
        key = (payout.claim.incident_id, "approved", _hour(payout.created_at), payout.policy, payout.unit)
        counts[key] += 1
        sums[key] += payout.quantity
    for part in PaymentPart.objects.filter(item__state="paid").select_related("item__claim", "payout"):
        assert part.item.told_at is not None
        key = (part.item.claim.incident_id, "paid", _hour(part.item.told_at), part.payout.policy, part.payout.unit)
        counts[key] += 1
        sums[key] += part.payout.quantity
    return {key: (count, sums[key]) for key, count in counts.items() if count or sums[key]}


def _standing(claim: Claim) -> list[Loss]:
    newest = dict(claim.loss_standings.order_by("revision").values_list("loss", "stands"))
    return [loss for loss in claim.losses.select_related("service") if newest.get(loss.pk, True)]


def _hour(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _hours(claim: Claim, loss: Loss) -> list[tuple[datetime, str]]:
    told_at = claim.revisions.get(number=loss.revision).created_at
    start = max(loss.start_at, claim.incident.started_at - timedelta(days=1))
    end = min(loss.end_at or told_at, claim.incident.started_at + timedelta(days=14))
    hours, hour = [], _hour(start)
    while hour < end and start < end:
        hours.append((hour, loss.service.code))
        hour += HOUR
    return hours


@world
def everything(db: None) -> Incident:
    """Claims told, derived, corrected, decided by rule and by people, undone, refused, withdrawn, sent, paid and failed."""
    incident = outage()
    a_policy()
    authority()
    person = a_person()
    usage(person, BIKE, "ride", "15 15:20", "15 21:15")
    usage(a_person(), "kakao_t.taxi_call", "shift", "10 14:00", "15 16:00")
    while derive_next(now=NOW):
        pass
    one, _, three = (
        claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 16:00"), told(MESSAGES, "15 15:50", end))
        for end in ("15 18:00", "15 19:30", "15 20:00")
    )
    work_off()
    follow_up()
    counted()
    revise_claim(claim_id=one.pk, losses=[told(MESSAGES, "15 17:30", "15 23:00")], facts=[], cause="corrected", now=NOW)
    finance, checker, worker = a_user("finance"), a_user("checker"), a_user("caseworker")
    run = make_payment_run(made_by=finance, note="x", now=NOW, most=2)
    paid, *failed = PaymentItem.objects.filter(run=run).order_by("pk").values_list("pk", flat=True)
    answer_payments(run_id=run.pk, arrived=True, item_ids=[paid], answered_by=finance, now=NOW + HOUR)
    answer_payments(run_id=run.pk, arrived=False, item_ids=failed, answered_by=finance, note="x", now=NOW + HOUR)
    undo_decision(claim_id=three.pk, undone_by=checker, note="x", now=NOW + 2 * HOUR)
    refused = [claim_of(a_person(), incident, told(BIKE)) for _ in range(3)]
    work_off()
    follow_up()
    for claim in refused[:2]:
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        reject(claim, worker)
    counted()
    undo_decision(claim_id=refused[0].pk, undone_by=checker, note="x", now=NOW + 3 * HOUR)
    withdraw_claim(claim_id=refused[2].pk, withdrawn_by=worker, note="x", now=NOW + 3 * HOUR)
    changed = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 18:00"), told(MESSAGES, "15 17:30", "15 23:00"))
    told_twice = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 16:00"), told(BIKE, "15 15:30", "15 17:00"))
    work_off()
    follow_up()
    for claim in (changed, told_twice):
        reopen(claim, worker)
    counted()
    first, second = changed.losses.order_by("pk")
    turn(first, worker)
    turn(first, worker, back=True)
    revise_claim(claim_id=changed.pk, losses=[told(MESSAGES, "16 17:30", "16 23:00")], cause="corrected", now=NOW)
    turn(second, worker)
    for loss in told_twice.losses.all():
        turn(loss, worker)
    return incident


def reopen(claim: Claim, worker: Any) -> None:
    if ClaimStatus.objects.get(pk=claim.pk).review == ReviewStatus.CLOSED:
        reopen_claim(claim_id=claim.pk, reopened_by=worker, note="x", now=NOW)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)


def turn(loss: Loss, worker: Any, *, back: bool = False) -> None:
    said: dict[str, Any] = {"claim_id": loss.claim_id, "loss_id": loss.pk, "note": "x", "now": NOW}
    if back:
        put_back_loss(put_back_by=worker, **said)
    else:
        withdraw_loss(reason="told_twice", withdrawn_by=worker, **said)


def reject(claim: Claim, worker: Any) -> None:
    assessment = claim.assessments.latest("pk")
    decide_claim(
        claim_id=claim.pk, assessment_id=assessment.pk, approved=False, reasons=["no_loss", "evidence_differs"],
        decided_by=worker, now=NOW,
    )  # fmt: skip


def test_tallies_are_a_count_of_all_rows(everything: Incident):
    expected = from_all_rows()
    assert {key[1] for key in expected} == {"intake", "open", "approved", "paid", "refused", "impact"}
    assert counted() == expected


def test_a_row_at_a_time_is_the_same_as_all_at_once(everything: Incident):
    assert counted(batch=1) == from_all_rows()


def test_a_recount_finds_the_same(everything: Incident):
    before = counted()
    with transaction.atomic():
        assert recount_tallies() >= len(before)
    assert stored() == before == from_all_rows()


def test_what_is_written_waits_until_it_is_counted(everything: Incident):
    before = counted()
    claim = claim_of(a_person(), everything, ToldLoss(BIKE, at("15 20:00"), None))
    assert stored() == before
    assert set(TallyDue.objects.values_list("source", flat=True)) == {"claim", "loss"}
    assert counted() == from_all_rows() != before
    fortnight = Span(everything.pk, at("28 00:00"), at("29 00:00"))
    service = {row.key for row in tallied(fortnight, "impact", "hour")}
    assert service == {BIKE}, f"open loss of {claim} lasts until it was told, and not longer than a fortnight"


def test_who_is_busy_is_not_disturbed(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("claims.operations.tallies.try_lock", lambda work: False)
    assert not count_tallies()
    with pytest.raises(TalliesBusy):
        recount_tallies()


def test_a_tally_is_never_below_zero(db: None):
    with pytest.raises(IntegrityError, match="tally_is_not_negative"), transaction.atomic():
        Tally.objects.create(incident=outage(), what="intake", hour_at=NOW, count=-1)


def test_overdue_are_read_by_the_index_of_the_queue(everything: Incident):
    """And never more than a bound, however many they are."""
    with CaptureQueriesContext(connection) as queries:
        assert overdue_in_queue(everything.pk, date(2022, 12, 21)) == 0, "the last day is inclusive"
        found = overdue_in_queue(everything.pk, date(2022, 12, 22))
    assert found == ClaimStatus.objects.filter(review="queued").count() > 0
    assert "LIMIT 10000" in queries[0]["sql"]
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        assert "queue_by_" in str(cursor.fetchall())
