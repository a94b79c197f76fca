"""Usage meets the record whenever one of the two comes: what is due for it is rows, worked off in slices."""

from typing import Any

import pytest
from django.db import DataError, connection

from accounts.models import Person
from claims import tasks
from claims.models import AssessmentRun, Claim, DerivationDue, DueCause, Loss, ReassessmentDue
from claims.operations import chase_versions, copy_usage, derivation, derive_next, publish_policy
from claims.queries import claim_state
from services.models import Incident, Service, ServiceDependency
from services.operations import load_service_tree
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_partner,
    a_person,
    a_policy,
    a_policy_about,
    at,
    claim_of,
    outage,
    pack,
    row,
    told,
    usage,
)

pytestmark = pytest.mark.django_db
DRIVER, CALLS = "kakao_t_taxi_driver.app", "kakao_t.taxi_call"


def derive_all() -> int:
    """How many slices it took."""
    slices = 0
    while derive_next(now=NOW):
        slices += 1
    assert not DerivationDue.objects.exists()
    return slices


def test_usage_that_comes_after_the_record_gives_losses(incident: Incident, person: Person):
    usage(person, DRIVER, "shift", "16 06:00", "16 14:00", partner=a_partner())
    assert not Claim.objects.exists()
    assert derive_all() == 1
    assert set(person.claims.get().losses.values_list("service__code", flat=True)) == {DRIVER, CALLS}


def test_usage_that_was_there_before_the_first_version_gives_losses(person: Person):
    load_service_tree()
    usage(person, DRIVER, "shift", "16 06:00", "16 14:00")
    derive_all()
    assert not Claim.objects.exists()
    outage(version=1)
    chase_versions(now=NOW)
    derive_all()
    assert person.claims.get().losses.count() == 2


def test_a_later_version_gives_the_losses_of_its_new_windows_and_the_facts_of_who_has_them(incident: Incident, person: Person):
    """The bike has no window before version 2. The rider's pass is told too, though the pass itself lost nothing."""
    a_policy_about("melon")
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    usage(person, "melon.streaming", "subscription", "1 00:00", None, partner=a_partner("music"))
    usage(a_person(), "melon.streaming", "subscription", "1 00:00", None)
    chase_versions(now=NOW)
    derive_all()
    assert not Claim.objects.exists()
    outage(version=2)
    chase_versions(now=NOW)
    assert derive_all() == 1
    claim = person.claims.get()
    assert Claim.objects.get() == claim
    assert claim.losses.get().service.code == BIKE
    assert set(claim.facts.values_list("name", flat=True)) == {
        "ride_started_at", "ride_ended_at", "ride_charge", "since",
    }  # fmt: skip


def test_a_told_loss_finds_the_ride_that_came_before_it(person: Person):
    incident = outage(version=1)
    ride = usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), charge_minor=53450, currency="KRW")
    derive_all()
    claim = claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    other = claim_of(a_person(), incident)
    assert derive_all() == 1, "claims that wait are derived together"
    assert claim.facts.get(name="ride_charge").usage == ride
    assert (claim.revisions.count(), other.revisions.count()) == (2, 1)


def test_a_long_span_is_worked_off_in_slices(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(derivation, "SLICE", 2)
    rows = [row(a_person(), CALLS, "shift", "15 16:00", "15 18:00") for _ in range(5)]
    copy_usage(rows=rows, partner=None, now=NOW)
    assert derive_next(now=NOW)
    left = DerivationDue.objects.get()
    assert (Loss.objects.count(), (left.last_usage_id or 0) - (left.first_usage_id or 0)) == (2, 2)
    assert derive_all() == 2
    assert (Loss.objects.count(), Claim.objects.count()) == (5, 5)
    assert set(Claim.objects.values_list("due__cause", flat=True)) == {DueCause.REVISION}


def test_a_version_that_meets_much_usage_is_worked_off_in_slices(monkeypatch: pytest.MonkeyPatch):
    load_service_tree()
    with connection.cursor() as cursor:  # as if an import had been undone
        cursor.execute("SELECT max(nextval('claims_usage_id_seq')) FROM generate_series(1, 300000)")
    rows = [row(a_person(), CALLS, "shift", "15 16:00", "15 18:00") for _ in range(5)]
    copy_usage(rows=rows, partner=None, now=NOW)
    derive_all()
    monkeypatch.setattr(derivation, "SLICE", 2)
    outage(version=1)
    chase_versions(now=NOW)
    first = DerivationDue.objects.get().last_usage_id
    assert first is not None
    derive_all()
    assert (Loss.objects.count(), Claim.objects.count()) == (5, 5)


def test_usage_of_no_incident_opens_none(incident: Incident, person: Person):
    usage(person, CALLS, "shift", "29 16:00", "29 18:00")
    derive_all()
    assert not Claim.objects.exists()


def test_a_subscription_of_somebody_with_a_claim_is_heard_whenever_it_comes(incident: Incident, person: Person):
    a_policy_about("melon")
    claim = claim_of(person, incident)
    derive_all()
    usage(person, "melon.streaming", "subscription", "29 00:00", None, charge_minor=10900, currency="KRW")
    derive_all()
    assert claim.facts.get(name="since").int_value == int(at("29 00:00").timestamp()) * 10**6


def test_what_usage_attests_is_there_before_the_claim_is_planned(incident: Incident, person: Person):
    a_policy()
    usage(person, CALLS, "shift", "15 16:00", "15 18:00")
    tasks.plan_runs()
    assert AssessmentRun.objects.get().total == 1
    assert Claim.objects.get().due.count() == 1


def test_a_new_dependency_meets_the_usage_that_is_there(incident: Incident, person: Person):
    usage(person, MESSAGES, "shift", "15 16:00", "15 18:00")
    chase_versions(now=NOW)
    derive_all()
    assert person.claims.get().losses.count() == 1
    needed = Service.objects.get(code=CALLS)
    ServiceDependency.objects.create(service=Service.objects.get(code=MESSAGES), depends_on=needed)
    chase_versions(now=NOW)
    derive_all()
    assert set(person.claims.get().losses.values_list("service__code", flat=True)) == {MESSAGES, CALLS}


def test_a_policy_that_wants_something_of_subscriptions_hears_those_that_are_there(incident: Incident, person: Person):
    claim = claim_of(person, incident)
    usage(person, "melon.streaming", "subscription", "1 00:00", None, charge_minor=10900, currency="KRW")
    chase_versions(now=NOW)
    derive_all()
    assert not claim.facts.exists()
    held = "{subscription: [melon], value: charge, currency: KRW}"
    publish_policy(pack_yaml=pack(code="about", asks={"fee": "money"}, attested={"fee": held}), now=NOW)
    chase_versions(now=NOW)
    derive_all()
    assert claim.facts.get().int_value == 10900


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """People whose derivation fails."""
    people: set[int] = set()
    real = derivation.derive_losses  # type: ignore[attr-defined]

    def fail(*, person_ids: Any = None, **more: Any) -> Any:
        if people & set(person_ids or ()):
            raise DataError("a row that cannot be")
        return real(person_ids=person_ids, **more)

    monkeypatch.setattr(derivation, "derive_losses", fail)
    return people


def test_a_derivation_that_fails_holds_up_nothing_else(incident: Incident, poison: set[int]):
    a_policy()
    claims = [claim_of(a_person(), incident) for _ in range(3)]
    poison.add(claims[1].person_id)
    tasks.plan_runs()
    assert AssessmentRun.objects.get().total == 3
    (left,) = DerivationDue.objects.all()
    assert (left.claim, left.attempts, "a row that cannot be" in left.last_error) == (claims[1], 5, True)
    assert not derive_next(now=NOW), "only a person tries it again"
    ReassessmentDue.objects.all().delete()
    assert claim_state(claims[1]).state == "quarantined"
    claim_of(a_person(), incident, told(BIKE))
    assert derive_next(now=NOW)


def test_claims_do_not_wait_behind_much_usage(incident: Incident, person: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(derivation, "SLICE", 2)
    copy_usage(rows=[row(a_person(), CALLS, "shift", "15 16:00", "15 18:00") for _ in range(9)], partner=None, now=NOW)
    claim = claim_of(person, incident)
    assert claim_state(claim).state == "waiting"
    assert derive_next(now=NOW)
    assert not DerivationDue.objects.filter(claim=claim).exists()
