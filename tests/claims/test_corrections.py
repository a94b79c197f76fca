"""Claimants correct by their own word: one revision, before the decision, and only what was told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import Claim, ClaimRevision, Event, Fact, Loss, LossStanding
from claims.operations import (
    AssessmentOutdated,
    ClaimMoved,
    LossNotTold,
    LossOfAnotherClaim,
    LossWithdrawn,
    NotTheClaimant,
    NotTheirWord,
    ToldFact,
    TransitionNotAllowed,
    UsageCountsElsewhere,
    WithdrawalReasonUnknown,
    correct_claim,
    decide_claim,
    derive_losses,
    merge_claims,
    take_claim,
    withdraw_loss,
)
from claims.operations.intake import withdrawn_losses
from claims.operations.review import AlreadyDecided
from services.models import Incident
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_partner,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    policies_of_the_demonstration,
    told,
    usage,
    work_off,
)
from tests.claims.choice_cast import REMEDY, of_webtoon
from tests.claims.test_appeals import login_of
from tests.claims.test_losses import owed

pytestmark = pytest.mark.django_db

OTHER_TIME = told(MESSAGES, "15 15:30", "15 16:30")


@pytest.fixture
def claim(incident: Incident) -> Claim:
    a_policy(automatic="{}")
    return claim_of(a_person(), incident, told())


@pytest.fixture
def claimant(claim: Claim) -> User:
    return login_of(claim.person)


@transaction.atomic
def correct(claim: Claim, by: User, **said: Any) -> ClaimRevision:
    return correct_claim(claim_id=claim.pk, corrected_by=by, **{"seen": claim.revisions.count(), "now": NOW, **said})


def settled() -> None:
    work_off()
    follow_up()


def only(claim: Claim) -> Loss:
    return claim.losses.order_by("pk")[0]


def test_all_of_one_correction_is_one_revision_and_counts(claim: Claim, claimant: User):
    settled()
    assert owed(claim) == 3250
    facts = [ToldFact("is_member", True)]
    revision = correct(claim, claimant, losses=[OTHER_TIME], facts=facts, withdrawn={only(claim).pk: "wrong_time"})
    assert (revision.number, revision.author, revision.cause) == (2, claimant, "corrected")
    assert (claim.losses.count(), claim.facts.count(), LossStanding.objects.get().revision) == (2, 1, 2)
    settled()
    assert owed(claim) == 500
    correct(claim, claimant, losses=[told()], withdrawn={claim.losses.latest("pk").pk: "wrong_time"})
    settled()
    assert (owed(claim), claim.losses.count()) == (3250, 2)
    said = Event.objects.filter(kind__in=("loss_withdrawn", "loss_put_back")).order_by("pk")
    assert [(one.kind, one.actor, one.data["revision"]) for one in said] == [
        ("loss_withdrawn", claimant, 2), ("loss_withdrawn", claimant, 3), ("loss_put_back", claimant, 3),
    ]  # fmt: skip


def test_the_same_again_adds_nothing_whatever_was_seen(claim: Claim, claimant: User):
    said: dict[str, Any] = {"losses": [OTHER_TIME], "withdrawn": {only(claim).pk: "wrong_time"}, "asks_for": []}
    first = correct(claim, claimant, **said)
    assert correct(claim, claimant, **said, seen=1) == first
    with pytest.raises(ClaimMoved):
        correct(claim, claimant, facts=[ToldFact("is_member", True)], seen=1)
    assert (claim.revisions.count(), LossStanding.objects.count(), Fact.objects.count()) == (2, 1, 0)


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "another's claim": ({"corrected_by": "stranger"}, NotTheClaimant),
    "staff": ({"corrected_by": "caseworker"}, NotTheClaimant),
    "a log-in that was closed": ({"corrected_by": "closed"}, NotTheClaimant),
    "as if it were proved": ({"facts": [ToldFact("is_member", True, "staff")]}, NotTheirWord),
    "a reason of staff": ({"withdrawn": "not_lost"}, WithdrawalReasonUnknown),
    "no such loss": ({"withdrawn": {0: "claimant_asked"}}, LossOfAnotherClaim),
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_is_refused_leaves_nothing(claim: Claim, claimant: User, how: str):
    said, refusal = REFUSED[how]
    by = said.get("corrected_by", "")
    user = {"stranger": lambda: login_of(a_person()), "caseworker": lambda: a_user("caseworker")}.get(by, lambda: claimant)()
    if by == "closed":
        user.is_active = False
    why = said.get("withdrawn", "claimant_asked")
    told_now = {**said, "corrected_by": user, "withdrawn": {only(claim).pk: why} if isinstance(why, str) else why}
    told_now.pop("corrected_by")
    with pytest.raises(refusal):
        correct(claim, user, **told_now)
    assert (claim.revisions.count(), LossStanding.objects.count(), Fact.objects.count()) == (1, 0, 0)


def test_a_loss_of_another_claim_is_not_touched(claim: Claim, claimant: User):
    other = claim_of(a_person(), claim.incident, told())
    with pytest.raises(LossOfAnotherClaim):
        correct(claim, claimant, withdrawn={only(other).pk: "claimant_asked"})


def test_what_was_found_in_records_is_not_taken_back():
    incident, person = outage(version=2), a_person()
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner())
    derive_losses(incident=incident, now=NOW)
    claim = person.claims.get()
    with pytest.raises(LossNotTold):
        correct(claim, login_of(person), withdrawn={only(claim).pk: "claimant_asked"})
    assert not LossStanding.objects.exists()


def test_once_it_is_decided_nothing_is_taken_back_and_more_may_be_told(incident: Incident):
    a_policy()
    claim = claim_of(a_person(), incident, told())
    settled()
    claimant = login_of(claim.person)
    with pytest.raises(AlreadyDecided):
        correct(claim, claimant, losses=[OTHER_TIME], withdrawn={only(claim).pk: "wrong_time"})
    assert (claim.revisions.count(), claim.losses.count()) == (1, 1)
    assert correct(claim, claimant, losses=[told(MESSAGES, "15 22:00", "15 23:00")]).number == 2


def test_a_merged_claim_is_corrected_where_it_is_answered(claim: Claim, claimant: User):
    other = claim_of(a_person(), claim.incident, told())
    merge_claims(claim_id=claim.pk, into_id=other.pk, merged_by=a_user("checker"), note="x", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        correct(claim, claimant, losses=[OTHER_TIME])


def test_what_staff_took_out_is_not_told_again(claim: Claim, claimant: User):
    authority()
    worker = a_user("caseworker")
    settled()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    withdraw_loss(claim_id=claim.pk, loss_id=only(claim).pk, reason="not_lost", withdrawn_by=worker, note="x", now=NOW)
    with pytest.raises(LossWithdrawn):
        correct(claim, claimant, losses=[told()])
    assert withdrawn_losses(claim) == {only(claim).pk}


def test_a_loss_that_is_taken_back_is_not_told_in_the_same_breath(claim: Claim, claimant: User):
    with pytest.raises(LossWithdrawn):
        correct(claim, claimant, losses=[told()], withdrawn={only(claim).pk: "claimant_asked"})


def test_what_is_told_again_after_its_ride_made_a_loss_is_refused():
    incident, person = outage(version=2), a_person()
    claim = claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    derive_losses(incident=incident, now=NOW)
    claimant = login_of(person)
    correct(claim, claimant, withdrawn={only(claim).pk: "claimant_asked"})
    assert derive_losses(incident=incident, now=NOW).losses == 1
    with pytest.raises(UsageCountsElsewhere):
        correct(claim, claimant, losses=[told(BIKE, "15 15:20", "15 21:15")])


def test_who_has_it_in_review_decides_on_what_it_says_now(claim: Claim, claimant: User):
    authority()
    worker = a_user("caseworker")
    settled()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    seen = claim.assessments.latest("pk").pk
    correct(claim, claimant, withdrawn={only(claim).pk: "claimant_asked"})
    by: dict[str, Any] = {"claim_id": claim.pk, "approved": True, "decided_by": worker, "now": NOW}
    with pytest.raises(AssessmentOutdated), transaction.atomic():
        decide_claim(assessment_id=seen, **by)
    settled()
    assert owed(claim) == 0


def test_what_is_given_is_chosen_until_it_is_decided_and_the_same_again_is_no_news():
    incident = outage()
    policies_of_the_demonstration()
    claim = of_webtoon(incident)
    claimant = login_of(claim.person)
    settled()
    before = claim.assessments.get().pk
    revision = correct(claim, claimant, facts=[ToldFact(REMEDY, "cash")])
    authority()
    worker = a_user("caseworker")
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)

    def decide(assessment: int) -> None:
        with transaction.atomic():
            decide_claim(claim_id=claim.pk, assessment_id=assessment, approved=True, decided_by=worker, now=NOW)

    with pytest.raises(AssessmentOutdated):
        decide(before)
    settled()
    decide(claim.assessments.latest("pk").pk)
    assert correct(claim, claimant, facts=[ToldFact(REMEDY, "cash")], seen=1) == revision
    with pytest.raises(AlreadyDecided):
        correct(claim, claimant, facts=[ToldFact(REMEDY, "points")])
    assert (claim.revisions.count(), claim.facts.count()) == (2, 1)
    assert correct(claim, claimant, facts=[ToldFact("claimant_kind", "consumer")]).number == 3
