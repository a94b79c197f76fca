"""Documents that come in: which are taken, what they do to the claim, who looks at them, and how they are erased."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.documents import FileTypeNotAllowed, make_safe
from claims.models import (
    Claim,
    ClaimKey,
    Event,
    EvidenceAnswer,
    EvidenceContent,
    EvidenceFile,
    EvidenceItem,
    EvidenceLetterContent,
    EvidenceRequest,
    EvidenceReview,
    EvidenceWords,
    FactEvidence,
)
from claims.operations import (
    AskedDocument,
    ClaimFilesTooLarge,
    EvidenceNotAccepted,
    EvidenceReasonUnknown,
    RejectedBefore,
    Required,
    ReviewedAlready,
    ReviewedByAnother,
    ToldFact,
    TooManyFiles,
    TransitionNotAllowed,
    UnknownFile,
    UnknownItem,
    erase_evidence,
    evidence_files,
    hold_claim,
    look_at_evidence,
    receive_evidence,
    review_evidence,
    take_claim,
    verify_facts,
    withdraw_claim,
)
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_user, claim_of
from tests.claims.test_evidence import BILL, CODE, ask, chase, claim, in_review, status, worker
from tests.documents import JPEG, PDF, PNG, WEBP
from tests.worlds import world

__all__ = ["claim", "worker"]  # fixtures
STATEMENT = AskedDocument(CODE, "statement", "fee")


def send(item: EvidenceItem, user: User, content: bytes = PDF, **more: Any) -> EvidenceFile:
    by: dict[str, Any] = {"claim_id": item.claim_id, "item_ids": [item.pk], "note": "by post", "now": NOW, **more}
    with transaction.atomic():
        return receive_evidence(content=content, received_by=user, **by)


def own_log_in(claim: Claim) -> User:
    claimant = a_user("claimant")
    claimant.person = claim.person
    claimant.save()
    return claimant


def items_of(request: EvidenceRequest) -> list[EvidenceItem]:
    return list(request.items.order_by("pk"))


@world
def item(claim: Claim, worker: User) -> EvidenceItem:
    return items_of(ask(claim, worker))[0]


@world
def file(item: EvidenceItem, worker: User) -> EvidenceFile:
    """Of a claim that the worker has again."""
    sent = send(item, worker)
    take_claim(claim_id=item.claim_id, taken_by=worker, now=NOW)
    return sent


# --- received -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (WEBP, "image/jpeg")])
def test_what_is_kept_is_made_anew_from_what_was_sent(content: bytes, media_type: str, item: EvidenceItem, worker: User):
    file = send(item, worker, content, name="C:\\bills\\영수증\u202e.pdf")
    kept = bytes(file.kept.content)
    assert (file.sha256, file.size) == (sha256(content).hexdigest(), len(content)), "what the claimant can compare"
    assert (file.kept_sha256, file.media_type) == (sha256(kept).hexdigest(), media_type)
    assert kept != content
    assert file.kept.name == "영수증.pdf"


def test_refuses_other_files(item: EvidenceItem, worker: User):
    with pytest.raises(FileTypeNotAllowed):
        send(item, worker, b"<html>")


def test_refuses_what_is_too_much_for_a_claim(item: EvidenceItem, worker: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evidence_files, "MOST_FILES", 0)
    with pytest.raises(TooManyFiles):
        send(item, worker)
    monkeypatch.undo()
    monkeypatch.setattr(evidence_files, "MOST_BYTES", len(PDF) + len(PNG) - 1)
    send(item, worker)
    with pytest.raises(ClaimFilesTooLarge):
        send(item, worker, PNG)


def test_the_hashes_are_hashes(item: EvidenceItem, worker: User):
    row = {"claim": item.claim, "media_type": "image/png", "size": 1, "received_by": worker, "received_at": NOW}
    with pytest.raises(IntegrityError, match="kept_hash_is_sha256_hex"), transaction.atomic():
        EvidenceFile.objects.create(sha256="0" * 64, kept_sha256="x", **row)


def test_when_all_is_in_the_claim_comes_back(claim: Claim, worker: User):
    request = ask(claim, worker, BILL, STATEMENT)
    bill, statement = items_of(request)
    send(bill, worker)
    assert status(claim).review == "awaiting_claimant"
    send(statement, worker, PNG)
    stands = status(claim)
    assert (stands.review, stands.reasons[0]) == ("queued", "evidence_in")
    request.refresh_from_db()
    assert request.state == "answered"
    assert not Event.objects.filter(claim=claim, kind="evidence_overdue").exists()


def test_the_same_bytes_are_one_file(claim: Claim, worker: User):
    bill, statement = items_of(ask(claim, worker, BILL, STATEMENT))
    first = send(bill, worker)
    moves = status(claim).moves
    assert send(bill, worker) == first
    assert status(claim).moves == moves
    assert send(statement, worker) == first
    assert EvidenceAnswer.objects.filter(file=first).count() == 2
    assert (EvidenceFile.objects.count(), status(claim).review) == (1, "queued")
    with pytest.raises(IntegrityError, match="claim_has_a_file_once"), transaction.atomic():
        EvidenceFile.objects.create(
            claim=claim, sha256=first.sha256, media_type=first.media_type, size=1, received_by=worker, received_at=NOW
        )


def test_the_file_is_a_key_of_the_claim(file: EvidenceFile):
    assert ClaimKey.objects.filter(claim=file.claim_id, kind="document").count() == 1


def test_staff_note_how_it_came(item: EvidenceItem, worker: User):
    with pytest.raises(Required):
        send(item, worker, note="")
    with pytest.raises(RoleMissing):
        send(item, a_user("auditor"))
    claimant = own_log_in(item.claim)
    assert send(item, claimant, note="").received_by == claimant


def test_refuses_what_was_not_asked(claim: Claim, item: EvidenceItem, worker: User):
    other = claim_of(a_person(), claim.incident)
    wrong: list[dict[str, Any]] = [{"claim_id": other.pk}, {"item_ids": []}, {"item_ids": [item.pk, 0]}]
    for more in wrong:
        with pytest.raises(UnknownItem):
            send(item, worker, **more)
    withdraw_claim(claim_id=claim.pk, withdrawn_by=worker, note="x", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        send(item, worker)


def test_what_is_late_still_counts(item: EvidenceItem, worker: User):
    request = item.request
    chase(request.due_date.replace(year=request.due_date.year + 1))
    assert status(item.claim).reasons[0] == "evidence_overdue"
    send(item, worker)
    assert status(item.claim).reasons[0] == "evidence_in"
    assert "evidence_overdue" not in status(item.claim).reasons


def test_a_claim_that_is_held_stays_held(item: EvidenceItem, worker: User):
    hold_claim(claim_id=item.claim_id, held_by=worker, note="x", now=NOW)
    send(item, worker)
    assert status(item.claim).review == "held"
    assert "evidence_in" in status(item.claim).reasons


def test_the_database_refuses_a_file_of_another_claim(item: EvidenceItem, worker: User):
    other = claim_of(a_person(), item.claim.incident)
    file = EvidenceFile.objects.create(
        claim=other, sha256="0" * 64, media_type="image/png", size=1, received_by=worker, received_at=NOW
    )
    with pytest.raises(IntegrityError, match="evidence_of_another_claim"), transaction.atomic():
        EvidenceAnswer.objects.create(item=item, file=file)


# --- looked at ------------------------------------------------------------------------------------------


def test_each_look_leaves_an_event(file: EvidenceFile, worker: User):
    for _ in range(2):
        assert look_at_evidence(file_id=file.pk, viewer=worker, now=NOW) == (file, make_safe(PDF).content)
    assert Event.objects.filter(claim=file.claim_id, kind="evidence_seen", actor=worker, data__file=file.pk).count() == 2
    with pytest.raises(RoleMissing):
        look_at_evidence(file_id=file.pk, viewer=a_user("finance"), now=NOW)
    with pytest.raises(UnknownFile):
        look_at_evidence(file_id=0, viewer=worker, now=NOW)


def say(file: EvidenceFile, user: User, *, accepted: bool = True, reason: str = "shows_it") -> EvidenceReview:
    with transaction.atomic():
        return review_evidence(file_id=file.pk, accepted=accepted, reason=reason, reviewed_by=user, now=NOW)


def test_a_file_is_reviewed_once(file: EvidenceFile, worker: User):
    say(file, worker)
    with pytest.raises(ReviewedAlready):
        say(file, worker, accepted=False, reason="altered")
    assert EvidenceReview.objects.get().accepted


def test_refuses_a_review_that_does_not_fit(file: EvidenceFile, worker: User):
    for accepted, reason in ((True, "altered"), (False, "shows_it"), (True, "nice")):
        with pytest.raises(EvidenceReasonUnknown):
            say(file, worker, accepted=accepted, reason=reason)
    with pytest.raises(ReviewedByAnother):
        say(file, a_user("caseworker"))
    with pytest.raises(IntegrityError, match="reason_fits"), transaction.atomic():
        EvidenceReview.objects.create(file=file, accepted=True, reason="altered", reviewed_by=worker, reviewed_at=NOW)


def test_what_was_rejected_is_asked_again_and_not_sent_again(file: EvidenceFile, worker: User):
    say(file, worker, accepted=False, reason="unreadable")
    again = items_of(ask(Claim.objects.get(pk=file.claim_id), worker))[0]
    with pytest.raises(RejectedBefore):
        send(again, worker)
    send(again, worker, JPEG)
    assert status(again.claim).review == "queued"


def verify(file: EvidenceFile, user: User, *files: int) -> None:
    with transaction.atomic():
        verify_facts(
            claim_id=file.claim_id, facts=[ToldFact("fee", 5000)], verified_by=user, note="the bill", evidence=files, now=NOW
        )


def test_a_verified_fact_rests_on_what_was_accepted(file: EvidenceFile, worker: User):
    with pytest.raises(EvidenceNotAccepted):
        verify(file, worker, file.pk)
    say(file, worker)
    verify(file, worker, file.pk)
    assert FactEvidence.objects.get().fact.name == "fee"
    assert Event.objects.filter(kind="facts_verified").get().data["evidence"] == [file.pk]


def test_the_database_refuses_a_fact_that_rests_on_nothing_accepted(file: EvidenceFile, worker: User):
    verify(file, worker)
    fact = file.claim.facts.get(name="fee")
    with pytest.raises(IntegrityError, match="evidence_not_accepted"), transaction.atomic():
        FactEvidence.objects.create(fact=fact, file=file)


# --- erased ---------------------------------------------------------------------------------------------


def test_erased_bytes_leave_their_digest(worker: User):
    claim = in_review(worker)
    for one in items_of(ask(claim, worker, BILL, AskedDocument(words="a photograph"), override="x")):
        send(one, worker)
    assert erase_evidence(person_id=claim.person_id, now=NOW) == 1
    for table in (EvidenceContent, EvidenceWords, EvidenceLetterContent):
        assert not table._default_manager.exists(), table
    assert len(EvidenceFile.objects.get().sha256) == 64
    with pytest.raises(UnknownFile):
        look_at_evidence(file_id=EvidenceFile.objects.get().pk, viewer=worker, now=NOW)
