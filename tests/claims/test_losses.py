"""A loss that is wrong is withdrawn, and put back: from then on it counts nowhere, and what was said before stays."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from claims.facts import load_batch, raw_cursor, terms_of
from claims.models import Claim, ClaimStatus, CompiledTerms, CountDue, Event, Letter, Loss, LossStanding, ReassessmentDue
from claims.operations import (
    ClaimMoved,
    LossCounts,
    LossOfAnotherClaim,
    LossWithdrawn,
    OwnClaim,
    Required,
    ReviewedByAnother,
    ToldFact,
    TransitionNotAllowed,
    UsageCountsElsewhere,
    WithdrawalReasonUnknown,
    decide_claim,
    derive_losses,
    open_claim,
    put_back_claim,
    put_back_loss,
    record_facts,
    reopen_claim,
    take_claim,
    withdraw_loss,
)
from claims.queries import explain_assessment, losses_of_claim, losses_of_person
from claims.queries.disputes import reports_outside
from claims.queries.evidence import listed_documents
from services.models import Incident
from services.staff import RoleMissing
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
    told,
    usage,
    work_off,
)
from tests.eligibility.cast import shipped_pack
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def worker() -> User:
    authority()
    return a_user("caseworker")


@world
def claim(worker: User) -> Claim:
    """In review; 3,250 won are owed for the first loss and 500 for the second, a day later."""
    incident = outage()
    a_policy(automatic="{}")
    found = claim_of(a_person(), incident, told(), told(MESSAGES, "16 00:00", "16 01:00"))
    settled()
    take_claim(claim_id=found.pk, taken_by=worker, now=NOW)
    return found


def settled() -> None:
    work_off()
    follow_up()


def withdraw(loss: Loss, by: User, **more: Any) -> None:
    said = {"claim_id": loss.claim_id, "loss_id": loss.pk, "reason": "told_twice", "note": "heard by phone", "now": NOW}
    withdraw_loss(withdrawn_by=by, **{**said, **more})


def put_back(loss: Loss, by: User, **more: Any) -> None:
    said: dict[str, Any] = {"claim_id": loss.claim_id, "loss_id": loss.pk, "note": "it was right", "now": NOW}
    put_back_loss(put_back_by=by, **{**said, **more})


def owed(claim: Claim) -> int:
    """By the newest assessment, which its explanation repeats."""
    newest = claim.assessments.latest("pk")
    explain_assessment(newest)
    return sum(line.quantity or 0 for line in newest.lines.filter(outcome="eligible"))


def first(claim: Claim) -> Loss:
    return claim.losses.order_by("pk")[0]


def test_what_is_withdrawn_counts_no_more_and_counts_again_when_it_is_put_back(claim: Claim, worker: User):
    before = claim.assessments.get()
    assert owed(claim) == 3750
    withdraw(first(claim), worker)
    assert (ReassessmentDue.objects.count(), ClaimStatus.objects.get(pk=claim.pk).review) == (1, "in_review")
    work_off()
    assert owed(claim) == 500
    assert sum(line.quantity or 0 for line in before.lines.all()) == 3750
    explain_assessment(before)  # as it was: it raises where it would come to something else
    put_back(first(claim), worker)
    work_off()
    assert owed(claim) == 3750
    withdraw(first(claim), worker, reason="claimant_asked")
    work_off()
    assert owed(claim) == 500
    said = Event.objects.filter(kind__in=("loss_withdrawn", "loss_put_back")).order_by("pk")
    assert [(e.kind, e.actor, e.data.get("reason"), e.note.text) for e in said] == [
        ("loss_withdrawn", worker, "told_twice", "heard by phone"), ("loss_put_back", worker, None, "it was right"),
        ("loss_withdrawn", worker, "claimant_asked", "heard by phone"),
    ]  # fmt: skip


def test_a_claim_may_lose_all_its_losses(claim: Claim, worker: User):
    for loss in claim.losses.all():
        withdraw(loss, worker)
    settled()
    assert owed(claim) == 0
    assert all(loss.withdrawn for loss in losses_of_claim(claim, None))


def test_the_letter_says_that_it_was_taken_out(claim: Claim, worker: User):
    from_claim: dict[str, Any] = {"claim_id": claim.pk, "now": NOW}
    decide(claim, worker)
    follow_up()
    reopen_claim(reopened_by=worker, note="x", **from_claim)
    take_claim(taken_by=worker, **from_claim)
    withdraw(first(claim), worker)
    work_off()
    follow_up()
    decide(claim, worker)
    follow_up()
    assert "잘못 들어온 피해를 계산에서 뺐습니다" in bytes(Letter.objects.latest("pk").content).decode()


def decide(claim: Claim, worker: User) -> None:
    newest = claim.assessments.latest("pk")
    decide_claim(claim_id=claim.pk, assessment_id=newest.pk, approved=True, decided_by=worker, now=NOW)


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "no note": ({"note": " "}, Required),
    "a reason of one's own": ({"reason": "bad mood"}, WithdrawalReasonUnknown),
    "looked at before": ({"moves": 0}, ClaimMoved),
    "another's review": ({"withdrawn_by": "caseworker"}, ReviewedByAnother),
    "another role": ({"withdrawn_by": "auditor"}, RoleMissing),
    "no such loss": ({"loss_id": 0}, LossOfAnotherClaim),
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_is_refused_leaves_nothing(claim: Claim, worker: User, how: str):
    said, refusal = REFUSED[how]
    more = {key: a_user(value) if key == "withdrawn_by" else value for key, value in said.items()}
    with pytest.raises(refusal), transaction.atomic():
        withdraw(first(claim), more.pop("withdrawn_by", worker), **more)
    assert (LossStanding.objects.count(), claim.revisions.count()) == (0, 1)


def test_nobody_touches_his_own_claim_or_one_that_is_not_in_review(claim: Claim, worker: User):
    worker.person = claim.person
    worker.save()
    with pytest.raises(OwnClaim), transaction.atomic():
        withdraw(first(claim), worker)
    other = claim_of(a_person(), claim.incident, told())
    settled()
    with pytest.raises(TransitionNotAllowed), transaction.atomic():
        withdraw(first(other), worker)
    assert not LossStanding.objects.exists()


def test_a_loss_of_another_claim_is_not_touched(claim: Claim, worker: User):
    other = claim_of(a_person(), claim.incident, told())
    with pytest.raises(LossOfAnotherClaim), transaction.atomic():
        withdraw(first(other), worker, claim_id=claim.pk)


def test_twice_is_refused_and_what_was_withdrawn_is_not_told_again(claim: Claim, worker: User):
    loss = first(claim)
    with pytest.raises(LossCounts), transaction.atomic():
        put_back(loss, worker)
    withdraw(loss, worker)
    again: list[Any] = [
        lambda: withdraw(loss, worker),
        lambda: open_claim(person=claim.person, incident=claim.incident, losses=[told()], now=NOW),
        lambda: record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], loss_id=loss.pk, now=NOW),
    ]
    for do in again:
        with pytest.raises(LossWithdrawn), transaction.atomic():
            do()
    assert (claim.losses.count(), claim.revisions.count()) == (2, 2)


# --- what else goes by losses -----------------------------------------------------------------------


def test_a_derived_loss_is_not_derived_again(worker: User):
    incident, person = outage(version=2), a_person()
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner())
    derive_losses(incident=incident, now=NOW)
    claim = in_review(person, worker)
    withdraw(first(claim), worker)
    assert derive_losses(incident=incident, now=NOW).revisions == 0
    assert losses_of_person(person)[0].withdrawn == "told_twice"


def in_review(person: Any, worker: User) -> Claim:
    a_policy(automatic="{}")
    settled()
    claim: Claim = person.claims.get()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    return claim


def test_a_ride_whose_told_loss_is_withdrawn_meets_the_other_one_and_is_paid_once(worker: User):
    incident, person = outage(version=2), a_person()
    claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"), told(BIKE, "15 15:20", "15 20:00"))
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    derive_losses(incident=incident, now=NOW)
    claim = in_review(person, worker)
    one, two = claim.losses.order_by("pk")
    assert charged(claim) == heard(claim) == {one.pk}
    withdraw(one, worker)
    assert heard(claim) == set()
    derive_losses(incident=incident, now=NOW)
    assert (charged(claim), heard(claim)) == ({one.pk, two.pk}, {two.pk})
    with pytest.raises(UsageCountsElsewhere), transaction.atomic():
        put_back(one, worker)
    withdraw(two, worker)
    assert derive_losses(incident=incident, now=NOW).losses == 1  # nothing that was told stands: it speaks for itself
    with pytest.raises(UsageCountsElsewhere), transaction.atomic():
        put_back(two, worker)
    withdraw(claim.losses.get(origin="derived"), worker)
    put_back(one, worker)


@pytest.mark.parametrize("service", [BIKE, "kakao_t_taxi_driver.app"])
def test_a_ride_whose_own_loss_is_withdrawn_speaks_for_what_was_told(worker: User, service: str):
    """Though what its service depends on stays lost, as with the second."""
    incident, person = outage(version=2), a_person()
    usage(person, service, "ride", "15 15:40", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    derive_losses(incident=incident, now=NOW)
    derived = person.claims.get().losses.get(service__code=service)
    claim_of(person, incident, told(service, "15 15:40", "15 21:15"))
    claim = in_review(person, worker)
    assert claim.losses.filter(via__isnull=False).exists() == (service != BIKE)
    withdraw(derived, worker)
    assert heard(claim) == set()
    settled()
    assert heard(claim) == {claim.losses.get(origin="told").pk}
    with pytest.raises(UsageCountsElsewhere), transaction.atomic():
        put_back(derived, worker)


@pytest.mark.parametrize("reason", ["not_lost", "wrong_time", "wrong_service", "claimant_asked"])
def test_a_ride_whose_own_loss_was_no_loss_speaks_for_no_other(worker: User, reason: str):
    incident, person = outage(version=2), a_person()
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    derive_losses(incident=incident, now=NOW)
    claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    claim = in_review(person, worker)
    withdraw(claim.losses.get(origin="derived"), worker, reason=reason)
    settled()
    assert heard(claim) == set()


def test_of_two_rides_at_once_the_one_that_was_told_twice_speaks_for_no_other(worker: User):
    """The second report corrects the first; both, and the claimant, told one ride."""
    incident, person, partner = outage(version=2), a_person(), a_partner()
    for charge in (53450, 50150):
        usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=partner, charge_minor=charge, currency="KRW")
    derive_losses(incident=incident, now=NOW)
    one, two = person.claims.get().losses.order_by("usage")
    claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    claim = in_review(person, worker)
    withdraw(one, worker)
    settled()
    assert heard(claim) == {two.pk}


def test_a_ride_that_comes_in_later_does_not_meet_what_was_withdrawn(worker: User):
    incident, person = outage(version=2), a_person()
    claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    claim = in_review(person, worker)
    withdraw(first(claim), worker)
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    assert derive_losses(incident=incident, now=NOW).losses == 1
    assert charged(claim) == {claim.losses.get(origin="derived").pk}


def heard(claim: Claim) -> set[int]:
    """Losses of which the engine hears a charge."""
    with raw_cursor() as cursor:
        facts = load_batch(cursor, [claim.pk], terms_of(CompiledTerms.objects.latest("pk"))).batch.facts
    return set(facts.filter(pl.col("name") == "ride_charge")["loss"])


def charged(claim: Claim) -> set[int]:
    return set(claim.facts.filter(name="ride_charge").values_list("loss", flat=True))


def test_reports_outside_the_official_windows_are_counted_again(incident: Incident, worker: User):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told(BIKE, "15 16:00", "15 18:00"))
    settled()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    version = incident.versions.get()
    assert sum(sum(hours.values()) for hours in reports_outside(version, least=1).values()) == 2
    CountDue.objects.all().delete()
    withdraw(first(claim), worker)
    assert reports_outside(version, least=1) == {}
    assert CountDue.objects.filter(incident=incident).exists()


def test_the_queue_names_the_service_of_what_is_left(incident: Incident, worker: User):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told(BIKE), told())
    settled()
    status = ClaimStatus.objects.select_related("service")
    assert str(status.get(pk=claim.pk).service) == str(first(claim).service)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    withdraw(first(claim), worker)
    put_back_claim(claim_id=claim.pk, put_back_by=worker, now=NOW, note="x")
    found = status.get(pk=claim.pk).service
    assert found is not None
    assert found.code == MESSAGES


def test_no_document_is_asked_for_it(claim: Claim, worker: User):
    def asked() -> set[int]:
        packs = [shipped_pack("kakao_bike")]
        return {one.loss.pk for one in listed_documents(claim, None, packs).values() if one.loss}

    one, two = claim.losses.order_by("pk")
    assert asked() == {one.pk, two.pk}
    withdraw(one, worker)
    assert asked() == {two.pk}


# --- the database -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"stands": True, "reason": ""},  # it stands already
        {"revision": 1},  # the revision that told it
        {"other": True},  # of another claim
        {"reason": ""}, {"reason": "bad mood"}, {"stands": True},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_what_says_nothing(claim: Claim, row: dict[str, Any]):
    other = claim_of(a_person(), claim.incident, told())
    loss = first(other if row.pop("other", False) else claim)
    said = {"claim_id": claim.pk, "loss_id": loss.pk, "revision": 2, "stands": False, "reason": "told_twice", **row}
    with pytest.raises(IntegrityError), transaction.atomic():
        LossStanding.objects.create(**said)


def test_the_database_lets_a_loss_turn_in_order_only(claim: Claim):
    about: dict[str, Any] = {"claim_id": claim.pk, "loss_id": first(claim).pk}
    LossStanding.objects.create(**about, revision=3, stands=False, reason="not_lost")
    for revision, stands in ((3, True), (2, True), (4, False)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LossStanding.objects.create(**about, revision=revision, stands=stands, reason="" if stands else "not_lost")
    LossStanding.objects.create(**about, revision=4, stands=True)


# --- the page ---------------------------------------------------------------------------------------


def test_the_page_withdraws_and_puts_back_and_marks_it(claim: Claim, worker: User, client: Client):
    client.force_login(worker)
    address = f"/admin/claims/claim/{claim.pk}/change/"
    loss = first(claim)
    page = client.get(address).content.decode()
    assert ("피해 거두기" in page, "거둔 피해 되살리기" in page) == (True, False)
    sent = {"act": "withdraw_loss", "loss": loss.pk, "note": "told twice"}
    refused = client.post(address, sent)
    assert (refused.status_code, LossStanding.objects.count()) == (200, 0)  # a reason is to be chosen
    assert client.post(address, {**sent, "reason": "told_twice"}).status_code == 302
    page = client.get(address).content.decode()
    for shown in ("거두어들임: 두 번 들어옴", "case-withdrawn", "거둔 피해 되살리기"):
        assert shown in page
    assert client.post(address, {"act": "put_back_loss", "loss": loss.pk, "note": "x"}).status_code == 302
    assert "case-withdrawn" not in client.get(address).content.decode()
