"""Two claims are made one, and taken apart again."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from claims.models import Claim, ClaimStatus, Event, Note, Twin
from claims.operations import (
    MergeImpossible,
    OwnClaim,
    Required,
    ToldLoss,
    TransitionNotAllowed,
    UnknownClaim,
    add_key,
    find_twins,
    merge_claims,
    reopen_claim,
    undo_decision,
    withdraw_claim,
)
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import NOW, a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off


@pytest.fixture
def incident(db: None) -> Incident:
    return outage()


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


def claims(incident: Incident, most: int = 2) -> list[Claim]:
    return [claim_of(a_person(), incident) for _ in range(most)]


def settled(incident: Incident, *losses: ToldLoss) -> list[Claim]:
    made = [claim_of(a_person(), incident, *losses)]
    work_off()
    follow_up()
    assert review(made[0]) == "closed"
    return made


def merge(claim: Claim, into: Claim, by: User, **more: Any) -> ClaimStatus:
    return merge_claims(**{"claim_id": claim.pk, "into_id": into.pk, "merged_by": by, "note": "one shop", "now": NOW, **more})


def review(claim: Claim) -> str:
    return ClaimStatus.objects.get(pk=claim.pk).review


def test_a_duplicate_is_merged_with_an_event_that_names_the_other_claim(incident: Incident, worker: User):
    duplicate, into = claims(incident)
    assert merge(duplicate, into, worker).review == "merged"
    event = Event.objects.get(claim=duplicate, move=1)
    assert (event.kind, event.actor, event.data["into"]) == ("claim_merged", worker, into.pk)
    assert event.data["review"] == ["received", "merged"]
    assert Note.objects.get().event == event
    received = Event.objects.get(kind="claim_received_another")
    assert (received.claim, received.data, received.move) == (into, {"merged": duplicate.pk}, None)
    assert review(into) == "received"


def test_no_rule_decides_a_merged_claim_and_the_other_one_is_decided(incident: Incident, worker: User):
    a_policy()
    duplicate, into = claims(incident)
    for one in (duplicate, into):
        add_key(claim_id=one.pk, kind="payee", value="004:1", now=NOW)
    work_off()
    find_twins(incident_id=incident.pk, now=NOW)
    follow_up()
    assert [ClaimStatus.objects.get(pk=one.pk).reasons for one in (duplicate, into)] == [["twin"]] * 2
    merge(duplicate, into, worker)
    follow_up()
    assert [str(ClaimStatus.objects.get(pk=one.pk)).split(": ")[1] for one in (duplicate, into)] == [
        "merged, undecided, nothing", "closed, approved, due"
    ]  # fmt: skip
    assert Twin.objects.get().state == "open", "that is what it was merged for"


def test_a_merged_claim_is_taken_out_again(incident: Incident, worker: User):
    duplicate, into = claims(incident)
    merge(duplicate, into, worker)
    reopen_claim(claim_id=duplicate.pk, reopened_by=worker, note="two people", now=NOW)
    assert review(duplicate) == "queued"
    merge(into, duplicate, worker)
    assert (review(duplicate), review(into)) == ("queued", "merged")


def test_only_who_decides_merges_two_claims_of_others_with_a_note(incident: Incident, worker: User):
    duplicate, into = claims(incident)
    for by, change, refusal in (
        (a_user("finance"), {}, RoleMissing),
        (worker, {"note": " "}, Required),
        (worker, {"into_id": into.pk + 1}, UnknownClaim),
    ):
        with pytest.raises(refusal):
            merge(duplicate, into, by, **change)
    for own in (duplicate, into):
        worker.person = own.person
        worker.save()
        with pytest.raises(OwnClaim):
            merge(duplicate, into, worker)
    assert not Event.objects.filter(kind__in=["claim_merged", "claim_received_another"]).exists()


def test_what_is_no_pair_is_not_merged(incident: Incident, worker: User):
    duplicate, into = claims(incident)
    other = Incident.objects.create(key="other", title_ko="x", title_en="x", started_at=NOW)
    for wrong in (duplicate, claim_of(a_person(), other)):
        with pytest.raises(MergeImpossible, match="Two different claims about one incident"):
            merge(duplicate, wrong, worker)
    withdraw_claim(claim_id=into.pk, withdrawn_by=worker, note="by phone", now=NOW)
    with pytest.raises(MergeImpossible, match="Nobody answers the other claim: it is withdrawn"):
        merge(duplicate, into, worker)
    assert review(duplicate) == "received"


def test_a_claim_with_duplicates_is_merged_only_when_they_are_taken_out(incident: Incident, worker: User):
    first, second, third = claims(incident, 3)
    merge(first, second, worker)
    with pytest.raises(MergeImpossible, match="it is merged"):
        merge(third, first, worker)
    with pytest.raises(MergeImpossible, match=f"merged into this one: {first.reference}"):
        merge(second, third, worker)
    reopen_claim(claim_id=first.pk, reopened_by=worker, note="into the third", now=NOW)
    merge(first, third, worker)
    merge(second, third, worker)
    assert [review(one) for one in (first, second, third)] == ["merged", "merged", "received"]


def test_a_claim_with_approved_money_is_no_duplicate_until_the_decision_is_undone(incident: Incident, worker: User):
    a_policy()
    (approved,) = settled(incident)
    late = claim_of(a_person(), incident)
    reopen_claim(claim_id=approved.pk, reopened_by=worker, note="a doubt", now=NOW)
    with pytest.raises(MergeImpossible, match="Money was approved"):
        merge(approved, late, worker)
    assert merge(late, approved, worker).review == "merged", "the other way round"
    reopen_claim(claim_id=late.pk, reopened_by=worker, note="two people", now=NOW)
    undo_decision(claim_id=approved.pk, undone_by=a_user("checker"), note="paid to another", now=NOW)
    assert merge(approved, late, worker).review == "merged"


def test_a_closed_claim_takes_a_duplicate_and_is_opened_before_it_is_one(incident: Incident, worker: User):
    a_policy()
    (rejected,) = settled(incident, told(start="14 15:30", end="14 22:00"))
    duplicate, other = claims(incident)
    assert merge(duplicate, rejected, worker).review == "merged"
    reopen_claim(claim_id=duplicate.pk, reopened_by=worker, note="two people", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        merge(rejected, other, worker)
    reopen_claim(claim_id=rejected.pk, reopened_by=worker, note="once more", now=NOW)
    assert merge(rejected, other, worker).review == "merged"
