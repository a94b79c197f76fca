"""Claimants are asked for documents: what may be asked, by whom, until when, and what becomes of a claim that waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.deadlines import evidence_steps
from claims.models import (
    Claim,
    ClaimStatus,
    Decision,
    Event,
    EvidenceItem,
    EvidenceLetter,
    EvidenceLetterContent,
    EvidenceRequest,
)
from claims.operations import (
    AskedAlready,
    AskedDocument,
    DocumentUnknown,
    ExtendedAlready,
    NotAskedFor,
    OwnClaim,
    RequestClosed,
    Required,
    ReviewedByAnother,
    ToldFact,
    TransitionNotAllowed,
    UnknownRequest,
    chase_next_evidence,
    extend_request,
    hold_claim,
    publish_policy,
    release_claim,
    request_evidence,
    revise_claim,
    settle_next,
    take_claim,
    withdraw_claim,
    withdraw_request,
)
from claims.operations.moves import ClaimMoved
from claims.operations.settlement import settle_again
from services.instants import OutOfRange
from services.refusals import InvalidValue
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_user, authority, claim_of, follow_up, outage, pack, told, work_off
from tests.worlds import world

CODE = "half_hours_of_messages"
BILL = AskedDocument(CODE, "bill", "fee")
TODAY = date(2026, 7, 1)


def policy_with_documents(above: str = "floor", automatic: str = "{}") -> str:
    """Of `fee`, which nothing rests on: a bill and a statement, above 1,000 won; or above 1,000,000 with `most`."""
    documents = "{bill: {ko: 청구서, en: Bill}, statement: {ko: 거래 내역, en: Statement}}"
    return pack(asks={"fee": "money"}, automatic=automatic).replace(
        "label: {ko: x, en: x}}", f"label: {{ko: 요금, en: Fee}}, documents: {documents}, documents_above: {above}}}"
    )


def in_review(worker: User, **more: Any) -> Claim:
    """A claim of 3,250 won that the worker has taken."""
    incident = outage()
    publish_policy(pack_yaml=policy_with_documents(**more), now=NOW)
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    return claim


@world
def worker(db: None) -> User:
    authority("caseworker")
    return a_user("caseworker")


@world
def claim(worker: User) -> Claim:
    return in_review(worker)


def ask(claim: Claim, user: User, *asked: AskedDocument, **more: Any) -> EvidenceRequest:
    with transaction.atomic():
        return request_evidence(claim_id=claim.pk, asked=asked or (BILL,), requested_by=user, **{"now": NOW, **more})


def status(claim: Claim) -> ClaimStatus:
    return ClaimStatus.objects.get(pk=claim.pk)


def on(day: date) -> datetime:
    """Noon in Korea."""
    return datetime.fromisoformat(f"{day}T12:00:00+09:00")


def chase(day: date) -> None:
    while chase_next_evidence(now=on(day)):
        pass


# --- asked ---------------------------------------------------------------------------------------------


def test_the_claim_waits_and_the_claimant_is_told(claim: Claim, worker: User):
    request = ask(claim, worker, BILL, AskedDocument(words="사진 <b>한 장</b>"), override="the bill alone shows little")
    stands = status(claim)
    assert (stands.review, stands.assignee) == ("awaiting_claimant", worker)
    letter = bytes(EvidenceLetterContent.objects.get().content).decode()
    for words in ("청구서", "요금", "시험", "사진 &lt;b&gt;한 장", f"{request.due_date}", claim.reference, "10MB"):
        assert words in letter, words
    event = Event.objects.filter(claim=claim).latest("pk")
    assert (event.kind, event.data["review"]) == ("evidence_requested", ["in_review", "awaiting_claimant"])


def test_the_letter_is_in_the_language_of_the_claimant(claim: Claim, worker: User):
    user = a_user("claimant")
    user.person, user.locale = claim.person, "en"
    user.save()
    ask(claim, worker)
    letter = bytes(EvidenceLetterContent.objects.get().content).decode()
    assert '<html lang="en">' in letter
    assert "Bill" in letter


def test_due_days_are_working_days(claim: Claim, worker: User):
    """NOW is in the afternoon of a Thursday or so; the 14th working day lies 18 to 23 days later."""
    request = ask(claim, worker)
    later = (request.due_date - NOW.date()).days
    assert 18 <= later <= 25
    assert request.due_date.weekday() < 5


@pytest.mark.parametrize("days", [0, 61])
def test_refuses_a_time_out_of_range(claim: Claim, worker: User, days: int):
    with pytest.raises(OutOfRange):
        ask(claim, worker, working_days=days)


def test_refuses_what_no_policy_lists(claim: Claim, worker: User):
    for asked in (AskedDocument(CODE, "passport", "fee"), AskedDocument("other", "bill", "fee")):
        with pytest.raises(DocumentUnknown, match="statement"):
            ask(claim, worker, asked)
    with pytest.raises(InvalidValue), transaction.atomic():
        request_evidence(claim_id=claim.pk, asked=(), requested_by=worker, now=NOW)
    with pytest.raises(Required):
        ask(claim, worker, AskedDocument(words=" "), override="x")
    assert not EvidenceRequest.objects.exists()


def test_below_the_amount_it_is_asked_only_with_a_reason(worker: User):
    claim = in_review(worker, above="most")
    with pytest.raises(NotAskedFor):
        ask(claim, worker)
    assert ask(claim, worker, override="another claim has the same bill").state == "open"


def test_what_is_proved_is_asked_only_with_a_reason(worker: User):
    incident = outage()
    publish_policy(pack_yaml=policy_with_documents(), now=NOW)
    claim = claim_of(a_person(), incident, told(), facts=[ToldFact("fee", 5, "staff")])
    work_off()
    follow_up()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    with pytest.raises(NotAskedFor):
        ask(claim, worker)


def test_words_need_a_reason(claim: Claim, worker: User):
    with pytest.raises(NotAskedFor):
        ask(claim, worker, AskedDocument(words="a photograph"))


def test_refuses_who_has_not_the_claim(claim: Claim, worker: User):
    with pytest.raises(ReviewedByAnother):
        ask(claim, a_user("caseworker"))
    with pytest.raises(RoleMissing):
        ask(claim, a_user("auditor"))
    with pytest.raises(ClaimMoved):
        ask(claim, worker, moves=0)
    worker.person = claim.person
    worker.save()
    with pytest.raises(OwnClaim):
        ask(claim, worker)


def test_refuses_a_claim_that_is_held_or_closed(claim: Claim, worker: User):
    hold_claim(claim_id=claim.pk, held_by=worker, note="x", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        ask(claim, worker)
    release_claim(claim_id=claim.pk, released_by=worker, now=NOW)
    withdraw_claim(claim_id=claim.pk, withdrawn_by=worker, note="x", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        ask(claim, worker)


def said_more(claim: Claim, worker: User) -> None:
    revise_claim(claim_id=claim.pk, losses=[told(start="15 18:00", end="15 23:00")], cause="filed", now=NOW)
    assert status(claim).review == "queued"
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)


def test_a_document_is_asked_once_at_a_time(claim: Claim, worker: User):
    ask(claim, worker)
    said_more(claim, worker)
    with pytest.raises(AskedAlready):
        ask(claim, worker)
    ask(claim, worker, AskedDocument(CODE, "statement", "fee"))


def test_the_database_refuses_the_same_document_twice(claim: Claim, worker: User):
    request = ask(claim, worker)
    with pytest.raises(IntegrityError, match="document_is_asked_once_at_a_time"), transaction.atomic():
        EvidenceItem.objects.create(request=request, claim=claim, policy=CODE, document="bill", fact="fee")


def test_no_rule_decides_while_documents_are_awaited(worker: User):
    claim = in_review(worker, automatic="{approve_up_to: floor, reject: true}")
    request = ask(claim, worker)
    publish_policy(pack_yaml=policy_with_documents(automatic="{approve_up_to: most, reject: true}"), now=NOW)
    revise_claim(claim_id=claim.pk, losses=[told(start="15 14:00", end="15 15:00")], cause="filed", now=NOW)
    work_off()
    follow_up()
    assert not Decision.objects.exists()
    assert status(claim).review == "queued"
    withdraw_request(request_id=request.pk, withdrawn_by=worker, now=NOW)
    follow_up()
    assert Decision.objects.filter(claim=claim, approved=True).exists()


# --- changed -------------------------------------------------------------------------------------------


def test_more_time_is_given_once_or_with_a_reason(claim: Claim, worker: User):
    request = ask(claim, worker)
    with transaction.atomic():
        longer = extend_request(request_id=request.pk, working_days=5, extended_by=worker, now=NOW)
    assert (longer.due_date - request.due_date).days in range(5, 12)
    assert set(EvidenceLetter.objects.values_list("kind", flat=True)) == {"asked", "extended"}
    with pytest.raises(ExtendedAlready):
        extend_request(request_id=request.pk, working_days=5, extended_by=worker, now=NOW)
    extend_request(request_id=request.pk, working_days=5, extended_by=worker, reason="in hospital", now=NOW)
    with pytest.raises(OutOfRange):
        extend_request(request_id=request.pk, working_days=61, extended_by=worker, reason="x", now=NOW)
    with pytest.raises(UnknownRequest):
        extend_request(request_id=0, working_days=5, extended_by=worker, now=NOW)


def test_a_withdrawn_request_gives_the_claim_back(claim: Claim, worker: User):
    request = ask(claim, worker)
    withdraw_request(request_id=request.pk, withdrawn_by=worker, now=NOW)
    assert (status(claim).review, EvidenceItem.objects.get().state) == ("queued", "dropped")
    for again in (
        lambda: withdraw_request(request_id=request.pk, withdrawn_by=worker, now=NOW),
        lambda: extend_request(request_id=request.pk, working_days=5, extended_by=worker, now=NOW),
    ):
        with pytest.raises(RequestClosed):
            again()
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        EvidenceRequest.objects.update(state="open", closed_at=None)


# --- by itself ------------------------------------------------------------------------------------------


def test_steps_lie_after_the_day_of_asking():
    assert evidence_steps(TODAY, TODAY + timedelta(10)) == {
        "halfway": TODAY + timedelta(5), "three_days": TODAY + timedelta(7),
    }  # fmt: skip
    assert evidence_steps(TODAY, TODAY + timedelta(1)) == {}
    assert list(evidence_steps(TODAY, TODAY + timedelta(4))) == ["three_days", "halfway"]


def test_each_reminder_is_sent_once(claim: Claim, worker: User):
    request = ask(claim, worker)
    asked = on(NOW.date()).date()
    steps = evidence_steps(asked, request.due_date)
    chase(steps["halfway"] - timedelta(1))
    assert EvidenceLetter.objects.count() == 1
    for _ in range(2):
        chase(steps["halfway"])
    assert EvidenceLetter.objects.filter(kind="halfway").count() == 1
    for _ in range(2):
        chase(steps["three_days"])
    assert [one.kind for one in EvidenceLetter.objects.all()] == ["asked", "halfway", "three_days"]
    chase(request.due_date)
    assert status(claim).review == "awaiting_claimant"
    with pytest.raises(IntegrityError, match="letter_about_a_request_once"), transaction.atomic():
        EvidenceLetter.objects.create(request=request, kind="halfway", language="ko", content_hash="0" * 64, made_at=NOW)


def test_of_two_that_are_due_the_last_is_sent(claim: Claim, worker: User):
    request = ask(claim, worker)
    chase(request.due_date - timedelta(1))
    assert [one.kind for one in EvidenceLetter.objects.all()] == ["asked", "three_days"]


def test_an_overdue_claim_comes_back(claim: Claim, worker: User):
    request = ask(claim, worker)
    chase(request.due_date + timedelta(1))
    stands = status(claim)
    assert (stands.review, stands.reasons[0]) == ("queued", "evidence_overdue")
    request.refresh_from_db()
    assert (request.state, EvidenceItem.objects.get().state) == ("overdue", "missing")
    assert not chase_next_evidence(now=on(request.due_date + timedelta(9)))


def test_an_overdue_claim_is_for_a_person(worker: User):
    claim = in_review(worker, automatic="{approve_up_to: floor, reject: true}")
    request = ask(claim, worker)
    chase(request.due_date + timedelta(1))
    publish_policy(pack_yaml=policy_with_documents(automatic="{approve_up_to: most, reject: true}"), now=NOW)
    settle_again([claim.assessments.latest("pk").chunk_id], now=NOW)
    while settle_next(now=NOW):
        pass
    assert not Decision.objects.exists()
    assert status(claim).reasons[0] == "evidence_overdue"


def test_nobody_is_reminded_of_a_claim_that_is_withdrawn(claim: Claim, worker: User):
    request = ask(claim, worker)
    withdraw_claim(claim_id=claim.pk, withdrawn_by=worker, note="by phone", now=NOW)
    chase(request.due_date)
    request.refresh_from_db()
    assert request.state == "dropped"
    assert EvidenceLetter.objects.count() == 1


def test_what_fails_is_tried_five_times(claim: Claim, worker: User, monkeypatch: pytest.MonkeyPatch):
    request = ask(claim, worker)

    def fails(*_: Any, **__: Any) -> bytes:
        raise ValueError("no letter")

    monkeypatch.setattr("claims.operations.evidence.render_evidence_letter", fails)
    for _ in range(5):
        assert chase_next_evidence(now=on(request.due_date))
    assert not chase_next_evidence(now=on(request.due_date))
    request.refresh_from_db()
    assert (request.attempts, request.last_error) == (5, "ValueError('no letter')")
