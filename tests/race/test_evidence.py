"""Two at once at documents of one claim."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from claims.models import Claim, ClaimStatus, Decision, Event, EvidenceAnswer, EvidenceFile, EvidenceLetter
from claims.operations import chase_next_evidence, decide_claim, evidence, evidence_files, receive_evidence, request_evidence
from services.refusals import Refusal
from tests.builders import NOW, a_user, authority
from tests.claims.test_evidence import BILL, ask, in_review, on
from tests.claims.test_evidence_files import STATEMENT, items_of, own_log_in
from tests.documents import PDF
from tests.race.together import Step, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


class Cast:
    """A claim that waits for a bill and a statement; `first` stops whoever comes first until the other is blocked."""

    def __init__(self) -> None:
        with transaction.atomic():
            authority()
            self.worker = a_user("caseworker")
            self.claim: Claim = in_review(self.worker)

    def request(self) -> object:
        return request_evidence(claim_id=self.claim.pk, asked=[BILL], requested_by=self.worker, now=NOW)

    def decide(self) -> object:
        assessment = self.claim.assessments.get().pk
        return decide_claim(
            claim_id=self.claim.pk, assessment_id=assessment, approved=True, decided_by=self.worker, now=NOW
        )  # fmt: skip

    def send(self, item: int) -> object:
        by: dict[str, Any] = {"received_by": self.worker, "note": "x", "now": NOW}
        return receive_evidence(claim_id=self.claim.pk, item_ids=[item], content=PDF, **by)


def outcome(call: Any) -> str:
    try:
        with transaction.atomic():
            call()
    except Refusal as refusal:
        return refusal.code
    return "done"


def waits(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Step:
    """Whoever comes to this function first says so, and goes on once another session is blocked."""
    reached, original = Step(), getattr(module, name)

    def stopped(*args: Any, **kwargs: Any) -> Any:
        first = not reached._event.is_set()
        reached.reach()
        if first:
            until_blocked()
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, stopped)
    return reached


def test_the_same_bytes_twice_at_once(monkeypatch: pytest.MonkeyPatch):
    cast = Cast()
    bill, statement = items_of(ask(cast.claim, cast.worker, BILL, STATEMENT))
    reached = waits(monkeypatch, evidence_files, "add_key")

    def second() -> str:
        reached.wait()
        return outcome(lambda: cast.send(statement.pk))

    assert together(lambda: outcome(lambda: cast.send(bill.pk)), second) == ["done", "done"]
    assert (EvidenceFile.objects.count(), EvidenceAnswer.objects.count()) == (1, 2)
    assert ClaimStatus.objects.get().review == "queued"


def test_what_nobody_asked_for_twice_at_once(monkeypatch: pytest.MonkeyPatch):
    """A double click: one file, and one reason to look at the claim."""
    cast = Cast()
    with transaction.atomic():
        claimant = own_log_in(cast.claim)
    reached = waits(monkeypatch, evidence_files, "add_key")

    def send() -> object:
        by: dict[str, Any] = {"received_by": claimant, "content": PDF, "now": NOW}
        return receive_evidence(claim_id=cast.claim.pk, item_ids=[], **by)

    def second() -> str:
        reached.wait()
        return outcome(send)

    assert together(lambda: outcome(send), second) == ["done", "done"]
    assert EvidenceFile.objects.count() == 1
    events = Event.objects.filter(kind__startswith="evidence_").order_by("pk")
    assert list(events.values_list("kind", flat=True)) == ["evidence_received", "evidence_unasked"]


def test_a_request_and_a_decision_at_once(monkeypatch: pytest.MonkeyPatch):
    cast = Cast()
    reached = waits(monkeypatch, evidence, "render_evidence_letter")

    def second() -> str:
        reached.wait()
        return outcome(cast.decide)

    assert together(lambda: outcome(cast.request), second) == ["done", "transition_not_allowed"]
    assert not Decision.objects.exists()


def test_a_reminder_and_an_upload_at_once(monkeypatch: pytest.MonkeyPatch):
    """Nobody is told that it is overdue, or reminded, after the last document came in."""
    cast = Cast()
    request = ask(cast.claim, cast.worker)
    item = items_of(request)[0]
    reached = waits(monkeypatch, evidence_files, "add_key")

    def second() -> str:
        reached.wait()
        return outcome(lambda: None) if chase_next_evidence(now=on(request.due_date)) else "none"

    together(lambda: outcome(lambda: cast.send(item.pk)), second)
    request.refresh_from_db()
    assert request.state == "answered"
    assert [one.kind for one in EvidenceLetter.objects.all()] == ["asked"]


def test_two_workers_remind_once(monkeypatch: pytest.MonkeyPatch):
    cast = Cast()
    request = ask(cast.claim, cast.worker)
    reached = waits(monkeypatch, evidence, "render_evidence_letter")

    def second() -> bool:
        reached.wait()
        return chase_next_evidence(now=on(request.due_date))

    together(lambda: chase_next_evidence(now=on(request.due_date)), second)
    assert [one.kind for one in EvidenceLetter.objects.all()] == ["asked", "three_days"]
    assert Event.objects.filter(kind="evidence_reminded").count() == 1
    request.refresh_from_db()
    assert request.attempts == 0
