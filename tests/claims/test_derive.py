"""Usage x the official record gives losses; rides and subscriptions give facts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from claims.models import Claim, Fact, Loss
from claims.operations import derive_losses
from claims.queries import losses_of_person
from services.models import Incident
from tests.builders import BIKE, MESSAGES, NOW, a_partner, a_person, a_policy_about, at, claim_of, outage, told, usage

pytestmark = pytest.mark.django_db
DRIVER, CALLS = "kakao_t_taxi_driver.app", "kakao_t.taxi_call"


def added(incident: Incident) -> tuple[int, int, int, int]:
    derived = derive_losses(incident=incident, now=NOW)
    return derived.claims, derived.revisions, derived.losses, derived.facts


def facts(claim: Claim) -> dict[str, int | None]:
    return dict(claim.facts.values_list("name", "int_value"))


def test_a_shift_loses_the_app_and_what_it_depends_on(incident: Incident, person: Person):
    usage(person, DRIVER, "shift", "16 06:00", "16 14:00", partner=a_partner())
    assert added(incident) == (1, 1, 2, 0)
    claim = person.claims.get()
    assert (claim.origin, str(claim.partner), claim.due.count()) == ("partner", "mobility", 1)
    lost = {(loss.service.code, loss.via and loss.via.code): loss.total_seconds for loss in losses_of_person(person)}
    assert lost[(CALLS, DRIVER)] == 8 * 3600  # though the app itself was back at 08:00
    assert {(loss.start_at, loss.end_at) for loss in claim.losses.all()} == {(at("16 06:00"), at("16 14:00"))}


def test_again_adds_nothing(incident: Incident, person: Person):
    usage(person, DRIVER, "shift", "16 06:00", "16 14:00")
    a_policy_about("melon")
    usage(person, "melon.streaming", "subscription", "1 00:00", None, charge_minor=10900, currency="KRW")
    assert added(incident) == (1, 1, 2, 2)
    assert person.claims.get().origin == "proactive"
    assert added(incident) == (0, 0, 0, 0)
    assert Claim.objects.get().due.count() == 1


def test_touching_is_not_overlapping(incident: Incident, person: Person):
    usage(person, DRIVER, "shift", "15 06:00", "15 15:30")
    assert added(incident) == (0, 0, 0, 0)


def test_a_usage_of_today_is_left_alone(incident: Incident, person: Person):
    usage(person, DRIVER, "shift", "28 06:00", "28 15:30")
    assert added(incident) == (0, 0, 0, 0)


def test_only_these_people(incident: Incident, person: Person):
    other = a_person()
    for one in (person, other):
        usage(one, DRIVER, "shift", "16 06:00", "16 14:00")
    assert derive_losses(incident=incident, person_ids=[other.pk], now=NOW).claims == 1
    assert Claim.objects.get().person == other


def test_a_told_loss_gets_the_facts_of_the_ride_and_no_twin_when_the_bike_gets_a_window(incident: Incident, person: Person):
    claim = claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    ride = {"charge_minor": 53450, "currency": "KRW", "locked_at": at("15 15:42")}
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner(), **ride)
    assert added(incident) == (0, 1, 0, 4)
    loss = claim.losses.get()
    assert set(claim.facts.values_list("loss", "provenance")) == {(loss.pk, "partner")}
    assert facts(claim)["ride_charge"] == 53450
    assert facts(claim)["ride_locked_at"] == 1665816120000000
    assert added(outage(version=2)) == (0, 0, 0, 0)
    assert claim.losses.count() == 1


def test_two_rides_and_two_told_losses_are_paired_one_to_one(incident: Incident, person: Person):
    claim = claim_of(person, incident, told(BIKE, "15 16:00", "15 20:00"), told(BIKE, "15 16:00", "15 19:00"))
    usage(person, BIKE, "ride", "15 16:00", "15 17:00", external_id="a")
    usage(person, BIKE, "ride", "15 17:00", "15 20:00", external_id="b")
    usage(person, BIKE, "ride", "15 21:00", "15 22:00", external_id="c")
    derive_losses(incident=incident, now=NOW)
    pairs = set(claim.facts.filter(name="ride_started_at").values_list("usage__external_id", "loss__end_at"))
    assert pairs == {("b", at("15 20:00")), ("a", at("15 19:00"))}
    assert added(incident) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("second", "words"),
    [(("15 16:00", "15 21:00"), {"partner", "claimant"}), (("15 21:15", "15 22:00"), {"partner"})],
)
def test_of_two_rides_at_once_only_the_first_is_attested(person: Person, second: tuple[str, str], words: set[str]):
    incident = outage(version=2)
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner("one"), external_id="a")
    usage(person, BIKE, "ride", *second, partner=a_partner("two"), external_id="b")
    derive_losses(incident=incident, now=NOW)
    assert set(Fact.objects.filter(usage__external_id="a").values_list("provenance", flat=True)) == {"partner"}
    assert set(Fact.objects.values_list("provenance", flat=True)) == words


def test_a_ride_that_lost_its_bike_gives_its_facts_to_the_derived_loss(person: Person):
    incident = outage(version=2)
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", partner=a_partner())
    assert added(incident) == (1, 1, 1, 2)
    assert Fact.objects.values_list("loss", flat=True).distinct().get() == Loss.objects.get().pk
    claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    assert added(incident) == (0, 0, 0, 0)


MELON = "melon.streaming"


def subscribed(person: Person, service: str, start: str, end: str | None = None, won: int = 39000, **more: Any) -> None:
    usage(person, service, "subscription", start, end, charge_minor=won, **{"currency": "KRW", "partner": a_partner(), **more})


def test_a_subscription_tells_the_claim_though_it_lost_nothing(incident: Incident, person: Person):
    a_policy_about("kakao_t_bike")
    claim = claim_of(person, incident, told(MESSAGES))
    subscribed(person, BIKE, "1 00:00", "31 00:00")
    assert added(incident) == (0, 1, 0, 3)
    assert facts(claim) == {"fee": 39000, "since": 1664550000000000, "until": 1667142000000000}
    assert claim.facts.filter(loss__isnull=True, provenance="partner").count() == 3


def test_a_subscription_speaks_in_two_incidents(incident: Incident, person: Person):
    a_policy_about("melon")
    other = Incident.objects.create(key="later", title_ko="x", title_en="x", started_at=at("20 00:00"))
    subscribed(person, MELON, "1 00:00", None)
    for one in (incident, other):
        claim_of(person, one)
        assert added(one) == (0, 1, 0, 2)


@pytest.mark.parametrize(
    ("case", "held", "fee"),
    [
        ("of another service", [(MELON, "1 00:00", None, 10900)], None),
        ("that another service's does not replace", [(BIKE, "1 00:00", None, 39000), (MELON, "2 00:00", None, 10900)], 39000),
        ("that had ended", [(BIKE, "1 00:00", "5 00:00", 39000)], None),
        ("that was renewed later", [(BIKE, "1 00:00", "17 00:00", 39000), (BIKE, "17 00:00", None, 45000)], 39000),
        ("told in the other order", [(BIKE, "17 00:00", None, 45000), (BIKE, "1 00:00", "17 00:00", 39000)], 39000),
        ("that began too late", [(BIKE, "20 00:00", None, 50000), (BIKE, "16 00:00", None, 45000)], 45000),
        ("raised before the outage", [(BIKE, "1 00:00", "10 00:00", 39000), (BIKE, "10 00:00", None, 45000)], 45000),
    ],
)
@pytest.mark.parametrize("one_by_one", [True, False])
def test_which_subscription_speaks(
    *, incident: Incident, person: Person, case: str, held: list[tuple[Any, ...]], fee: int | None, one_by_one: bool
):
    a_policy_about("kakao_t_bike")
    claim = claim_of(person, incident)
    for one in held:
        subscribed(person, *one)
        if one_by_one:
            derive_losses(incident=incident, now=NOW)
    derive_losses(incident=incident, now=NOW)
    newest = claim.facts.filter(name="fee").order_by("-pk").first()
    assert (None if newest is None else newest.int_value) == fee, case
    assert added(incident) == (0, 0, 0, 0)


def test_a_charge_in_another_currency_is_no_bill_in_won(incident: Incident, person: Person):
    a_policy_about("kakao_t_bike")
    claim = claim_of(person, incident, told(BIKE, "15 15:20", "15 21:15"))
    usage(person, BIKE, "ride", "15 15:20", "15 21:15", charge_minor=53450, currency="USD")
    subscribed(person, BIKE, "1 00:00", None, currency="USD")
    derive_losses(incident=incident, now=NOW)
    assert set(facts(claim)) == {"ride_started_at", "ride_ended_at", "since"}


def test_many_rides_and_told_losses_alike_are_paired_in_few_rounds(incident: Incident, person: Person):
    """A pair a round takes 60 rounds over 3,600 pairs each."""
    spans = [(f"15 16:{n:02}", f"15 20:{n:02}") for n in range(60)]
    claim = claim_of(person, incident, *(told(BIKE, *span) for span in spans))
    for _ in spans:
        usage(person, BIKE, "ride", "15 16:59", "15 20:00")
    with CaptureQueriesContext(connection) as queries:
        derive_losses(incident=incident, now=NOW)
    assert sum("WITH pair" in query["sql"] for query in queries) <= 3
    assert claim.facts.filter(name="ride_started_at").values("loss").distinct().count() == 60


def test_an_open_loss_is_measured_up_to_the_records_as_of(incident: Incident, person: Person):
    usage(person, CALLS, "shift", "16 13:00", None)
    derive_losses(incident=incident, now=NOW)
    assert losses_of_person(person)[0].official_seconds == {"full": 3600}
