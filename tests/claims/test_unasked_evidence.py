"""Claimants send what nobody asked for: a person looks at it, wherever their claim stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import Claim, DecisionProposal, Event, EvidenceAnswer, EvidenceFile
from claims.operations import (
    TransitionNotAllowed,
    UnknownItem,
    decide_claim,
    receive_evidence,
    review_evidence,
    withdraw_claim,
)
from claims.operations.evidence_files import SubjectUnknown
from claims.queries.evidence import waiting_files
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, authority, claim_of
from tests.claims.test_evidence import CODE, ask, claim, status, worker
from tests.claims.test_evidence_files import items_of, own_log_in, send
from tests.documents import PDF, PNG

__all__ = ["claim", "worker"]  # fixtures


def unasked(claim: Claim, user: User, content: bytes = PDF) -> EvidenceFile:
    with transaction.atomic():
        return receive_evidence(claim_id=claim.pk, item_ids=[], content=content, received_by=user, now=NOW)


def test_who_sends_it_says_what_it_shows(claim: Claim, worker: User):
    """Once each, and of what policies of the incident ask for; the same file again may show more."""
    a_policy(code="second")
    claimant = own_log_in(claim)
    about: dict[str, Any] = {"claim_id": claim.pk, "content": PDF, "now": NOW}
    for shows in ([(CODE, "fee")], [(CODE, "fee")], [(CODE, "fee"), ("second", "is_member")]):
        with transaction.atomic():
            file = receive_evidence(item_ids=[], received_by=claimant, shows=shows, **about)
    assert [(one.policy, one.fact) for one in file.subjects.all()] == [(CODE, "fee"), ("second", "is_member")]
    assert waiting_files(claim) == {(CODE, "fee"): 1, ("second", "is_member"): 1}
    came = Event.objects.filter(kind="evidence_received").order_by("pk")
    assert [one.data["shows"] for one in came] == [[[CODE, "fee"]], [["second", "is_member"]]], "none without an event"
    for shows in ([(CODE, "hat_size")], [("kakao_bike", "ride_charge")], [("", "")]):
        with pytest.raises(SubjectUnknown), transaction.atomic():
            receive_evidence(item_ids=[], received_by=claimant, shows=shows, **{**about, "content": PNG})
    assert EvidenceFile.objects.count() == 1
    with transaction.atomic():
        review_evidence(file_id=file.pk, accepted=False, reason="unreadable", reviewed_by=worker, now=NOW)
    assert not waiting_files(claim)


def test_a_claimant_adds_what_nobody_asked_for(claim: Claim, worker: User):
    claimant, before = own_log_in(claim), status(claim)
    file = unasked(claim, claimant)
    stands = status(claim)
    assert (stands.review, stands.assignee, stands.reasons[-1]) == ("in_review", before.assignee, "evidence_unasked")
    assert not EvidenceAnswer.objects.exists()
    moves = stands.moves
    assert unasked(claim, claimant) == file
    assert status(claim).moves == moves, "it is here"
    unasked(claim, claimant, PNG)
    assert Event.objects.filter(kind="evidence_unasked").count() == 1, "it waits already"
    with transaction.atomic():
        assert review_evidence(file_id=file.pk, accepted=True, reason="shows_it", reviewed_by=worker, now=NOW).accepted
    ask(claim, worker)
    assert "evidence_unasked" not in status(claim).reasons, "who asks for more has seen it"


def test_what_nobody_asked_for_brings_a_claim_into_the_queue(claim: Claim, worker: User):
    request = ask(claim, worker)
    claimant = own_log_in(claim)
    file = unasked(claim, claimant)
    stands = status(claim)
    assert (stands.review, "evidence_unasked" in stands.reasons) == ("queued", True)
    request.refresh_from_db()
    assert request.state == "open", "what was asked for is still awaited"
    assert send(items_of(request)[0], claimant, note="") == file, "now it answers something"


def approve(claim: Claim, worker: User) -> None:
    with transaction.atomic():
        newest = claim.assessments.latest("run").pk
        decide_claim(claim_id=claim.pk, assessment_id=newest, approved=True, decided_by=worker, now=NOW)


def test_what_was_proposed_without_it_is_outdated(claim: Claim, worker: User):
    authority(per_decision=1)
    authority("checker")
    approve(claim, worker)
    assert status(claim).review == "proposed"
    unasked(claim, own_log_in(claim))
    assert status(claim).review == "queued"
    assert DecisionProposal.objects.get().state == "outdated"


def test_a_decided_claim_is_looked_at_again_with_a_new_deadline(claim: Claim, worker: User):
    authority()
    approve(claim, worker)
    due = status(claim).answer_due_date
    assert status(claim).review == "closed"
    later = NOW + timedelta(days=90)
    with transaction.atomic():
        receive_evidence(claim_id=claim.pk, item_ids=[], content=PDF, received_by=own_log_in(claim), now=later)
    stands = status(claim)
    assert (stands.review, stands.reasons) == ("queued", ["evidence_unasked"])
    assert stands.answer_due_date > due


def test_only_the_claimants_own_log_in_adds_what_nobody_asked_for(claim: Claim, worker: User):
    other = own_log_in(claim_of(a_person(), claim.incident))
    with pytest.raises(RoleMissing):
        unasked(claim, other)
    with pytest.raises(UnknownItem), transaction.atomic():
        receive_evidence(claim_id=claim.pk, item_ids=[], content=PDF, received_by=worker, note="by post", now=NOW)
    withdraw_claim(claim_id=claim.pk, withdrawn_by=worker, note="x", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        unasked(claim, own_log_in(claim))
    assert not EvidenceFile.objects.exists()
