"""Lock events: whichever of ride and lock comes first, the loss of the ride has when it was locked, and by it is reckoned."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Partner, Person
from claims.eligibility import instant_of
from claims.models import Claim, ClaimStatus, Fact, ReassessmentDue, Usage
from claims.models.intake import LOCK_EVENT_SQL
from claims.operations import (
    RowsRefused,
    ToldFact,
    chase_versions,
    copy_usage,
    derive_losses,
    derive_next,
    record_facts,
    record_usage,
)
from claims.operations.usage import UsageRow
from claims.queries import current_lines, usage_of
from services.models import Incident
from services.refusals import Refusal
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_partner,
    a_person,
    a_user,
    at,
    authority,
    claim_of,
    follow_up,
    outage,
    policies_of_the_demonstration,
    row,
    told,
    work_off,
)
from tests.claims.test_case_pages import client_of

pytestmark = pytest.mark.django_db
SPAN = ("15 15:20", "15 21:15")
BILL = {"charge_minor": 53450, "currency": "KRW"}


@pytest.fixture
def partner(incident: Incident) -> Partner:
    return a_partner()


@pytest.fixture
def incident(db: None) -> Incident:
    """With a window of the bike."""
    return outage(version=2)


def ride(person: Person, **more: Any) -> UsageRow:
    return row(person, BIKE, "ride", *SPAN, **{"external_id": "ride-1", **BILL, **more})


def lock(person: Person, when: str = "15 15:42", **more: Any) -> UsageRow:
    return row(person, BIKE, "lock", when, None, **{"ride": "ride-1", **more})


def report(partner: Partner | None, *rows: UsageRow, many: bool) -> None:
    """As single usages, each derived before the next one comes, or all of them at once."""
    if many:
        copy_usage(rows=rows, partner=partner, now=NOW)
        work_off()
        return
    for one in rows:
        record_usage(row=one, partner=partner, now=NOW)
        work_off()


def said(claim: Claim) -> list[tuple[Any, ...]]:
    """Of when it was locked, in turn: by which usage, the instant, by whose word, and of which loss."""
    facts = claim.facts.filter(name="ride_locked_at").order_by("pk")
    return [(one.usage and one.usage.external_id, instant_of(one.int_value or 0), one.provenance, one.loss_id) for one in facts]


def states(partner: Partner) -> dict[str, str]:
    return dict(usage_of(partner).filter(kind="lock").values_list("external_id", "lock_state"))


# --- the ride and its lock --------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True], ids=["one by one", "at once"])
@pytest.mark.parametrize("form", ["in the ride", "ride, then lock", "lock, then ride", "told, lock, ride", "ride, told, lock"])
def test_however_it_is_said_when_it_was_locked_the_refund_is_the_same(
    incident: Incident, person: Person, partner: Partner, form: str, *, many: bool
):
    """The example of the policy: charged 53,450, due 3,500."""
    policies_of_the_demonstration()
    of_ride, event = ride(person), lock(person, external_id="lock-1")
    if form.startswith("told"):
        claim_of(person, incident, told(BIKE, *SPAN))
    if form == "in the ride":
        report(partner, replace(of_ride, locked_at=at("15 15:42")), many=many)
    elif form == "ride, told, lock":
        record_usage(row=of_ride, partner=partner, now=NOW)
        claim_of(person, incident, told(BIKE, *SPAN))
        report(partner, event, many=many)
    else:
        report(partner, *((of_ride, event) if form == "ride, then lock" else (event, of_ride)), many=many)
    claim = person.claims.get()
    loss = claim.losses.get()
    assert [(line.outcome, line.quantity) for line in current_lines(claim)] == [("eligible", 49_950)]
    source = "ride-1" if form == "in the ride" else "lock-1"
    assert said(claim) == [(source, at("15 15:42"), "partner", loss.pk)]
    assert claim.origin == ("filed" if "told" in form else "partner")


def test_again_adds_nothing(incident: Incident, person: Person, partner: Partner):
    report(partner, ride(person), lock(person), many=True)
    revisions = person.claims.get().revisions.count()
    for people in (None, [person.pk]):
        derived = derive_losses(incident=incident, person_ids=people, now=NOW)
        assert (derived.claims, derived.revisions, derived.losses, derived.facts) == (0, 0, 0, 0)
    assert person.claims.get().revisions.count() == revisions


@pytest.mark.parametrize("many", [False, True])
def test_the_people_one_by_one_and_all_at_once_come_to_the_same(incident: Incident, partner: Partner, *, many: bool):
    people = [a_person() for _ in range(4)]
    rides = [ride(one, external_id=f"ride-{n}", locked_at=at("15 15:50")) for n, one in enumerate(people)]
    events = [lock(one, f"15 15:4{n}", ride=f"ride-{n}", external_id=f"lock-{n}") for n, one in enumerate(people)]
    copy_usage(rows=[*rides, *events], partner=partner, now=NOW)
    derived = [
        derive_losses(incident=incident, person_ids=None if many else [one.pk], now=NOW)
        for one in (people[:1] if many else people)
    ]
    assert (sum(one.losses for one in derived), sum(one.facts for one in derived)) == (4, 16)
    for n, one in enumerate(people):
        claim = one.claims.get()
        assert said(claim) == [(f"lock-{n}", at(f"15 15:4{n}"), "partner", claim.losses.get().pk)]


def test_a_lock_that_comes_when_all_was_decided_gives_the_difference(incident: Incident, person: Person, partner: Partner):
    policies_of_the_demonstration()
    authority()
    report(partner, ride(person, locked_at=at("15 21:00")), many=False)
    follow_up()
    claim = person.claims.get()
    before = current_lines(claim).get()
    assert (before.quantity, ClaimStatus.objects.get(pk=claim.pk).decision) == (2_250, "approved")
    report(partner, lock(person), many=False)
    follow_up()
    assert current_lines(claim).get().quantity == 49_950
    assert [one.approved for one in claim.decisions.order_by("pk")] == [True, True]
    assert sorted(claim.payouts.values_list("kind", "quantity")) == [("first", 2_250), ("top_up", 47_700)]


def test_a_window_that_comes_later_finds_ride_and_lock(person: Person):
    outage(version=1)
    partner = a_partner()
    report(partner, lock(person), ride(person), many=True)
    assert not Claim.objects.exists()
    outage(version=2)
    chase_versions(now=NOW)
    while derive_next(now=NOW):
        pass
    claim = person.claims.get()
    assert [one[1:] for one in said(claim)] == [(at("15 15:42"), "partner", claim.losses.get().pk)]


# --- several words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_last_lock_within_the_ride_counts_whichever_comes_first(
    incident: Incident, person: Person, partner: Partner, order: tuple[int, ...]
):
    """Also over what the partner wrote of the ride itself."""
    rows = [
        ride(person, locked_at=at("15 16:00")), lock(person, "15 15:30", external_id="a"),
        lock(person, "15 15:42", external_id="b"), lock(person, "15 15:42", external_id="c"),
    ]  # fmt: skip
    report(partner, *[rows[place] for place in order], many=False)
    assert said(person.claims.get())[-1][1:3] == (at("15 15:42"), "partner")
    found = states(partner)
    assert (found["a"], sorted([found["b"], found["c"]])) == ("followed", ["counts", "followed"])


def test_a_lock_that_says_what_is_known_already_changes_nothing(incident: Incident, person: Person, partner: Partner):
    report(partner, ride(person, locked_at=at("15 15:42")), many=False)
    claim = person.claims.get()
    ReassessmentDue.objects.all().delete()
    report(partner, lock(person), many=False)
    assert (claim.revisions.count(), len(said(claim))) == (1, 1)
    assert not ReassessmentDue.objects.exists()


def test_what_staff_verified_stays_and_what_the_partner_said_before_does_not(
    incident: Incident, person: Person, partner: Partner
):
    """A lock is one more word of the partner: no more, no less."""
    report(partner, ride(person), many=False)
    claim = person.claims.get()
    (loss,) = claim.losses.all()
    about = {"claim": claim, "revision": 1, "loss": loss, "name": "ride_locked_at", "recorded_at": NOW}
    for word in ("partner", "staff"):
        Fact.objects.create(**about, int_value=1, provenance=word)
    report(partner, lock(person), many=False)
    assert [one[2] for one in said(claim)] == ["partner", "staff", "partner"]


def test_what_the_partner_says_afterwards_stays(incident: Incident, person: Person, partner: Partner):
    policies_of_the_demonstration()
    report(partner, ride(person), lock(person, external_id="a"), many=True)
    claim = person.claims.get()
    later = ToldFact("ride_locked_at", at("15 15:44"), "partner")
    record_facts(claim_id=claim.pk, facts=[later], loss_id=claim.losses.get().pk, now=NOW)
    work_off()
    assert [one[:2] for one in said(claim)] == [("a", at("15 15:42")), (None, at("15 15:44"))]


def test_of_two_rides_at_once_the_second_ones_lock_is_nobodys_proof(incident: Incident, person: Person, partner: Partner):
    report(partner, ride(person), ride(person, external_id="ride-2"), many=True)
    report(partner, lock(person, external_id="a"), lock(person, ride="ride-2", external_id="b"), many=True)
    assert {one[0]: one[2] for one in said(person.claims.get())} == {"a": "partner", "b": "claimant"}


def test_a_ride_finds_its_lock_by_both_numbers_and_not_by_the_hours_of_everybody(incident: Incident, partner: Partner):
    """In an outage most usage is of the same hours: looked for by them, 20,000 rides among 200,000 took minutes."""
    people = [a_person() for _ in range(40)]
    rides = [ride(person, external_id=f"ride-{person.pk}-{number}") for person in people for number in range(50)]
    assert copy_usage(rows=rides, partner=partner, now=NOW).stored == 2_000
    copy_usage(rows=[lock(people[0], ride=f"ride-{people[0].pk}-0", external_id="a")], partner=partner, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_usage")
        cursor.execute(f"EXPLAIN SELECT (SELECT event.id FROM {LOCK_EVENT_SQL} event) FROM claims_usage u")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "locks_of_a_ride" in plan
    assert "usage_by_service_and_span" not in plan


# --- what does not fit ------------------------------------------------------------------------------------


def test_a_lock_without_its_ride_waits_and_gives_nothing(incident: Incident, person: Person, partner: Partner):
    report(partner, lock(person, external_id="a"), many=False)
    assert (states(partner), Claim.objects.count()) == ({"a": "waiting"}, 0)
    record_usage(row=lock(person), partner=partner, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        work_off()
    assert not any("TABLE affected" in query["sql"] for query in queries), "nor is it asked of each later incident"
    claim = claim_of(person, incident, told(BIKE, *SPAN))
    work_off()
    assert (claim.revisions.count(), said(claim)) == (1, [])


def test_the_lock_of_another_partner_is_not_that_of_this_ride(incident: Incident, person: Person, partner: Partner):
    other = a_partner("other")
    report(partner, ride(person), many=False)
    for who in (other, None):
        report(who, lock(person, external_id="a"), many=False)
    assert (said(person.claims.get()), states(other)) == ([], {"a": "waiting"})


def test_a_lock_of_our_own_record_meets_a_ride_of_it(incident: Incident, person: Person):
    report(None, ride(person), lock(person, external_id="a"), many=False)
    assert [one[::2] for one in said(person.claims.get())] == [("a", "claimant")]


UNFIT: list[tuple[dict[str, Any], str, str]] = [
    ({"start_at": at("15 15:19")}, "lock_outside_ride", "outside_ride"),
    ({"start_at": at("15 21:16")}, "lock_outside_ride", "outside_ride"),
    ({"ride": "shift-1"}, "not_a_ride", "not_a_ride"),
    ({"person_id": 0}, "ride_of_another_person", "of_another_person"),
]


def unfit(person: Person, what: dict[str, Any]) -> tuple[list[UsageRow], UsageRow]:
    """What it could be of, and the lock."""
    if "person_id" in what:
        what = {"person_id": a_person().pk}
    known = [ride(person), row(person, MESSAGES, "shift", *SPAN, external_id="shift-1")]
    return known, replace(lock(person, external_id="lock-1"), **what)


@pytest.mark.parametrize(("what", "code", "state"), UNFIT)
def test_what_does_not_fit_is_refused_where_the_ride_is_known(
    person: Person, partner: Partner, what: dict[str, Any], code: str, state: str
):
    known, wrong = unfit(person, what)
    with pytest.raises(RowsRefused) as beside:
        copy_usage(rows=[*known, wrong], partner=partner, now=NOW)
    assert [(one.row, one.code) for one in beside.value.errors] == [(3, code)]
    report(partner, *known, many=False)
    with pytest.raises(Refusal) as alone:
        record_usage(row=wrong, partner=partner, now=NOW)
    assert (alone.value.code, alone.value.field) == (code, "start_at" if code == "lock_outside_ride" else "ride")
    assert Usage.objects.count() == len(known)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("what", "code", "state"), UNFIT)
def test_what_was_stored_before_its_ride_and_does_not_fit_is_not_used(
    person: Person, partner: Partner, what: dict[str, Any], code: str, state: str, *, many: bool
):
    known, wrong = unfit(person, what)
    report(partner, wrong, many=many)
    report(partner, *known, many=many)
    assert states(partner) == {"lock-1": state}
    assert said(person.claims.get()) == []
    assert copy_usage(rows=[wrong], partner=partner, now=NOW).repeated == 1, "what is stored is stored"


def test_a_lock_is_no_ride_of_a_lock(person: Person, partner: Partner):
    with pytest.raises(RowsRefused) as itself:
        copy_usage(rows=[lock(person, ride="a", external_id="a")], partner=partner, now=NOW)
    assert itself.value.errors[0].code == "not_a_ride"


@pytest.mark.parametrize("when", ["15 15:20", "15 21:15"])
def test_start_and_end_are_of_the_ride(incident: Incident, person: Person, partner: Partner, when: str):
    report(partner, ride(person), lock(person, when, external_id="a"), many=False)
    assert states(partner) == {"a": "counts"}
    assert said(person.claims.get())[-1][1] == at(when)


# --- staff ------------------------------------------------------------------------------------------------


def test_staff_see_how_many_wait_for_their_ride(person: Person, partner: Partner):
    report(partner, *[lock(person, external_id=f"l-{n}", ride=f"ride-{n}") for n in range(3)], many=True)
    report(partner, ride(person), lock(person, "15 15:50", external_id="last"), many=True)
    client = client_of(a_user("caseworker"))
    address = reverse("admin:claims_usage_changelist")

    def listed(state: str) -> tuple[list[str], int]:
        changes = client.get(address, {"lock_state": state}).context["cl"]
        return sorted(row.external_id for row in changes.result_list), changes.result_count

    assert listed("waiting") == (["l-0", "l-2"], 2)
    assert (listed("counts"), listed("followed")) == ((["last"], 1), (["l-1"], 1))
    assert listed("any")[1] == 5
    page = client.get(address).content.decode()
    assert page.count("이용을 기다림") == 2 + 1  # and the filter
    assert (
        "잠근 이용의 번호"
        in client.get(reverse("admin:claims_usage_change", args=[Usage.objects.latest("pk").pk])).content.decode()
    )
