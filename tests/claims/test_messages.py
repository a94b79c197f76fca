"""What claimants write keeps their claims in the queue until it is answered, whatever rules pay meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.operations import admit_guest
from claims.deadlines import answer_due
from claims.models import ClaimStatus, DecisionProposal, Event, Message, SortDue
from claims.operations import (
    ClaimMoved,
    MergeImpossible,
    MessagesOften,
    Required,
    UnknownClaim,
    ValueTooLong,
    add_message,
    decide_claim,
    draft_bulk,
    hold_claim,
    merge_claims,
    open_claim,
    release_claim,
    return_proposal,
    revise_claim,
    take_claim,
    undo_decision,
    withdraw_claim,
)
from services.models import Incident
from services.refusals import InvalidCharacter
from services.salted import Salted
from services.seoul import SEOUL
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, told, work_off
from tests.claims.reply_cast import answer, says, sort, standing, template, wrote


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def test_a_claim_may_be_nothing_but_a_message(incident: Incident):
    claim = wrote(incident, " 첫 줄\r\n둘째 줄 ")
    message = claim.messages.get()
    assert message.text == "첫 줄\n둘째 줄"
    assert message.event.data["message"] == Salted(message.text, message.salt).digest
    assert message.text not in str(message.event.data)
    assert standing(claim) == ("queued", "undecided", ["message"])
    assert SortDue.objects.filter(claim=claim).exists()
    with pytest.raises(Required, match="or brings a message"):
        open_claim(person=a_person(), incident=incident, message=" \n", now=NOW)


def test_a_message_is_erased_and_its_digest_stays(incident: Incident):
    claim = wrote(incident)
    assert Message.objects.all().delete()[0] == 1
    assert Event.objects.get(claim=claim, kind="message_received").data["message"]
    with pytest.raises(IntegrityError, match="message_says_something"), transaction.atomic():
        Message.objects.create(event=Event.objects.filter(claim=claim)[0], claim=claim, text="", salt="")


def test_a_claimant_writes_twenty_times_a_day(incident: Incident, checker: User):
    claim = claim_of(a_person(), incident)
    with transaction.atomic():
        guest = admit_guest(person=claim.person, by="filed", now=NOW)
    for number in range(20):
        says(claim, f"{number}", sent_by=guest)
    with pytest.raises(MessagesOften):
        says(claim, "20", sent_by=guest)
    says(claim, "19", sent_by=guest)
    says(claim, "on the telephone", sent_by=checker)
    assert claim.messages.count() == 21
    with transaction.atomic():
        add_message(claim_id=claim.pk, text="tomorrow", sent_by=guest, now=NOW + timedelta(days=1))


def test_the_same_again_adds_nothing_while_it_waits(incident: Incident, checker: User):
    claim = wrote(incident, "언제 되나요?")
    says(claim, "언제 되나요?")
    assert claim.messages.count() == 1
    sort()
    answer(claim, template(checker), checker)
    says(claim, "언제 되나요?")
    assert claim.messages.count() == 2
    assert standing(claim) == ("queued", "answered", ["message"])


@pytest.mark.parametrize(
    ("text", "refusal"), [("", Required), ("\n ", Required), ("x" * 5_001, ValueTooLong), ("a\x1bb", InvalidCharacter)]
)
def test_what_is_no_message_is_refused(incident: Incident, text: str, refusal: type[Exception]):
    claim = claim_of(a_person(), incident)
    with pytest.raises(refusal):
        says(claim, text)
    assert not Message.objects.exists()


def test_who_may_write(incident: Incident):
    claim = claim_of(a_person(), incident)
    with pytest.raises(RoleMissing):
        says(claim, sent_by=a_user("finance"))
    with pytest.raises(UnknownClaim):
        add_message(claim_id=0, text="x", now=NOW)
    staff = a_user("caseworker")
    says(claim, sent_by=staff)
    assert claim.messages.get().event.actor == staff


# --- beside rules and decisions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "decided"), [("15 15:30", "approved"), ("14 15:30", "rejected")], ids=["paid by rule", "rejected by rule"]
)
def test_rules_decide_and_the_claim_waits_until_it_is_answered(incident: Incident, checker: User, lost: str, decided: str):
    a_policy()
    claim = claim_of(a_person(), incident, told(start=lost, end=lost.replace("15:30", "22:00")), message="언제 주나요?")
    work_off()
    follow_up()
    assert standing(claim) == ("queued", decided, ["message"])
    assert ClaimStatus.objects.get(pk=claim.pk).kind == "claim"
    assert claim.letters.count() == 1
    answer(claim, template(checker), checker)
    assert standing(claim) == ("closed", decided, [])
    assert claim.letters.count() == 2


def test_a_message_after_all_was_paid_brings_the_claim_back_with_a_new_deadline(incident: Incident):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    assert standing(claim) == ("closed", "approved", [])
    before = ClaimStatus.objects.get(pk=claim.pk).answer_due_date
    with transaction.atomic():
        add_message(claim_id=claim.pk, text="고맙습니다", now=NOW + timedelta(days=60))
    assert standing(claim) == ("queued", "approved", ["message"])
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert (status.answer_due_date > before, status.kind) == (True, "claim")
    sort()
    status.refresh_from_db()
    assert status.kind == "claim", "what was lost says more than thanks do"


def test_so_does_what_is_added_after_all_was_paid(incident: Incident):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    later = NOW + timedelta(days=60)
    with transaction.atomic():
        revise_claim(claim_id=claim.pk, losses=[told(start="16 02:00", end="16 03:00")], cause="corrected", now=later)
    status = ClaimStatus.objects.get(pk=claim.pk)
    assert (status.review, status.kind) == ("queued", "claim")
    assert status.answer_due_date == answer_due(later.astimezone(SEOUL).date())


def test_it_stays_beside_the_other_reasons(incident: Incident):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told(), message="언제 주나요?")
    work_off()
    follow_up()
    assert standing(claim) == ("queued", "undecided", ["not_automatic:half_hours_of_messages", "message"])


@pytest.fixture
def queued(incident: Incident) -> Any:
    """One that a person is to approve, who may."""
    authority("caseworker", per_decision=5_000, per_day=50_000)
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return claim


def test_nobody_decides_over_what_he_has_not_read(queued: Any):
    worker = a_user("caseworker")
    status = take_claim(claim_id=queued.pk, taken_by=worker, now=NOW)
    says(queued)
    assert standing(queued)[0] == "in_review"
    by = {
        "claim_id": queued.pk,
        "assessment_id": queued.assessments.get().pk,
        "approved": True,
        "decided_by": worker,
        "now": NOW,
    }
    with pytest.raises(ClaimMoved):
        decide_claim(**by, moves=status.moves)
    decide_claim(**by, moves=status.moves + 1)
    assert standing(queued) == ("closed", "approved", [])


def test_a_proposal_is_outdated_by_a_message(queued: Any):
    authority("caseworker", per_decision=1, per_day=1)
    worker = a_user("caseworker")
    take_claim(claim_id=queued.pk, taken_by=worker, now=NOW)
    decide_claim(claim_id=queued.pk, assessment_id=queued.assessments.get().pk, approved=True, decided_by=worker, now=NOW)
    says(queued)
    assert standing(queued)[0] == "queued"
    assert "message" in standing(queued)[2]
    assert DecisionProposal.objects.get().state == "outdated"
    with pytest.raises(Exception, match="outdated already"):
        return_proposal(proposal_id=DecisionProposal.objects.get().pk, returned_by=worker, note="x", now=NOW)


def test_it_outlasts_holding_and_undoing(queued: Any, checker: User):
    says(queued)
    hold_claim(claim_id=queued.pk, held_by=checker, note="x", now=NOW)
    release_claim(claim_id=queued.pk, released_by=checker, now=NOW)
    assert standing(queued)[2] == ["released", "message"]


def test_it_outlasts_the_undoing_of_what_a_rule_paid(incident: Incident, checker: User):
    a_policy()
    claim = claim_of(a_person(), incident, told(), message="언제 주나요?")
    work_off()
    follow_up()
    undo_decision(claim_id=claim.pk, undone_by=checker, note="x", now=NOW)
    assert standing(claim) == ("queued", "undecided", ["undone", "message"])


def test_bulk_decisions_leave_it_out(queued: Any, checker: User):
    says(queued)
    for what, reasons in (("approve", ()), ("reject", ("no_loss",))):
        run = draft_bulk(what=what, claim_ids=[queued.pk], made_by=checker, reasons=reasons, now=NOW)
        assert list(run.rows.values_list("state", "code")) == [("refused", "message_open")]


def test_what_is_withdrawn_waits_for_an_answer_all_the_same(queued: Any, checker: User):
    withdraw_claim(claim_id=queued.pk, withdrawn_by=checker, note="by phone", now=NOW)
    says(queued)
    assert standing(queued) == ("queued", "undecided", ["message"])


def test_of_a_merged_claim_it_is_kept_with_the_one_that_stays(incident: Incident, checker: User):
    one, other = (claim_of(a_person(), incident) for _ in range(2))
    says(one)
    with pytest.raises(MergeImpossible, match="Answer it first"):
        merge_claims(claim_id=one.pk, into_id=other.pk, merged_by=checker, note="x", now=NOW)
    merge_claims(claim_id=other.pk, into_id=one.pk, merged_by=checker, note="x", now=NOW)
    says(other, "그 다음은요?")
    assert [one.messages.count(), other.messages.count()] == [2, 0]
    assert standing(other)[0] == "merged"
