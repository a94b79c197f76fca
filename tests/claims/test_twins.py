"""Claims that may be one: found by what they have in common, in any order, told to people, and to no rule as a verdict."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person, User
from accounts.operations import create_person
from claims.models import (
    MOST_PER_KEY,
    STOP_AT,
    WEIGHTS,
    Claim,
    ClaimStatus,
    Event,
    Loss,
    Note,
    Pattern,
    Twin,
    TwinDue,
    TwinReason,
    Usage,
)
from claims.operations import (
    OwnClaim,
    Required,
    ToldLoss,
    TwinClosed,
    UnknownTwin,
    add_key,
    dismiss_twin,
    erase_keys,
    find_next_twins,
    find_twins,
    keys,
    take_claim,
    twins,
    withdraw_claim,
    withdraw_loss,
)
from claims.queries import patterns, patterns_of, twins_of
from claims.tasks import follow_up as follow_up_task
from services.models import Incident
from services.staff import RoleMissing
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
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

CODE = "half_hours_of_messages"
PHONE = "010-1234-5678"


@transaction.atomic
def somebody(**data: Any) -> Person:
    return create_person(now=NOW, **data)


def claimed(incident: Incident, *losses: ToldLoss, **data: str) -> Claim:
    return claim_of(somebody(**data), incident, *losses)


@transaction.atomic
def found(incident: Incident) -> dict[tuple[int, int | None], list[str]]:
    """Open hints after a pass."""
    find_twins(incident_id=incident.pk, now=NOW)
    return {(twin.claim_id, twin.other_id): twin.reasons for twin in Twin.objects.filter(incident=incident, state="open")}


def two_of_one_phone(incident: Incident) -> tuple[Claim, Claim]:
    return claimed(incident, phone=PHONE), claimed(incident, phone="+82 10 1234 5678")


# --- what is found ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "another"),
    [
        ("payee", "004:110-1", "088:110-1"), ("document", b"a receipt", b"another"), ("device", "one", "two"),
        ("account", "kim at the operator", "lee"), ("phone", PHONE, "010-1234-5679"),
        ("email", "a@example.com", "b@example.com"),
    ],
)  # fmt: skip
def test_two_claims_with_one_key_are_found_and_a_third_without_is_not(incident: Incident, kind: str, value: Any, another: Any):
    first, second, third = (claimed(incident) for _ in range(3))
    for claim, key in ((second, value), (first, value), (third, another)):
        add_key(claim_id=claim.pk, kind=kind, value=key, now=NOW)
    assert found(incident) == {(second.pk, first.pk): [f"same_{kind}"]}
    assert Twin.objects.get().score == WEIGHTS[f"same_{kind}"]


@pytest.mark.parametrize(
    ("service", "start", "end", "is_found"),
    [
        (MESSAGES, "15 21:59", "15 23:00", True),
        (MESSAGES, "15 22:00", "15 23:00", False),
        (MESSAGES, "14 10:00", "15 15:30", False),
        (MESSAGES, "15 10:00", "16 15:30", True),
        ("melon.streaming", "15 15:30", "15 22:00", False),
    ],
)
def test_a_name_is_compared_with_those_who_lost_the_same_at_the_same_time(
    incident: Incident, service: str, start: str, end: str, is_found: bool
):
    claimed(incident, told(), name="김 민수")
    claimed(incident, told("melon.streaming", "14 10:00", "14 11:00"), told(service, start, end), name="김민수")
    assert [*found(incident).values()] == ([["same_name"]] if is_found else [])


def test_what_is_in_no_list_is_not_the_same(incident: Incident):
    for words in ("동네 서점", "동네 빵집"):
        claimed(incident, replace(told("unlisted"), words=words), name="김민수")
    assert found(incident) == {}


def test_what_two_claims_have_in_common_adds_up_to_a_hundred(incident: Incident):
    both: dict[str, str] = {"name": "김민수", "phone": PHONE}
    first, second = claimed(incident, **both), claimed(incident, **both)
    assert found(incident) == {(second.pk, first.pk): ["same_name", "same_phone"]}
    assert Twin.objects.get().score == 80
    for claim in (first, second):
        add_key(claim_id=claim.pk, kind="payee", value="004:1", now=NOW)
    assert found(incident) == {(second.pk, first.pk): ["same_name", "same_payee", "same_phone"]}
    assert Twin.objects.get().score == 100


def test_claims_of_two_incidents_are_not_compared(incident: Incident):
    other = Incident.objects.create(key="other", title_ko="x", title_en="x", started_at=NOW)
    claimed(incident, phone=PHONE)
    claimed(other, phone=PHONE)
    assert found(incident) == found(other) == {}
    assert not TwinDue.objects.exists()


def derived(claim: Claim, of: Usage, **more: Any) -> None:
    at = {"start_at": of.start_at, "end_at": of.end_at, **more}
    Loss.objects.create(claim=claim, revision=1, service_id=of.service_id, origin="derived", usage=of, **at)


def test_a_usage_that_several_claims_lose_makes_a_pair_of_each_and_the_first(incident: Incident):
    claims = [claimed(incident) for _ in range(5)]
    ride = usage(claims[0].person, BIKE, "ride", "15 15:00", "15 16:00")
    own = usage(claims[4].person, BIKE, "ride", "15 15:00", "15 16:00")
    for claim in claims[:4]:
        derived(claim, ride)
    derived(claims[4], own)
    for claim in claims[:2]:
        add_key(claim_id=claim.pk, kind="device", value="one", now=NOW)
    first = claims[0].pk
    hints = {(claim.pk, first): ["same_usage"] for claim in claims[2:4]} | {
        (claims[1].pk, first): ["same_device", "same_usage"]
    }
    assert found(incident) == hints
    TwinDue.objects.create(claim=claims[2], incident=incident, created_at=NOW)
    assert found(incident) == hints, "what is said of the others stays"


@pytest.mark.parametrize(
    ("one", "other", "is_found"),
    [
        (("ride", "15 15:00", "15 16:00"), ("ride", "15 15:54", "15 17:00"), True),
        (("ride", "15 15:00", "15 16:00"), ("shift", "15 10:00", "15 15:06"), True),
        (("ride", "15 15:00", None), ("shift", "15 20:00", "15 21:00"), True),
        (("ride", "15 15:00", "15 16:00"), ("ride", "15 15:55", "15 17:00"), False),
        (("ride", "15 15:00", "15 16:00"), ("ride", "15 17:00", "15 18:00"), False),
        (("ride", "15 15:00", "15 16:00"), ("subscription", "15 15:00", "15 16:00"), False),
    ],
)
def test_one_person_at_two_places_at_once_is_found(incident: Incident, one: Any, other: Any, is_found: bool):
    claim = claimed(incident)
    derived(claim, usage(claim.person, BIKE, *one))
    usage(claim.person, MESSAGES, *other)
    usage(somebody(), MESSAGES, *one)
    assert found(incident) == ({(claim.pk, None): ["overlapping_usage"]} if is_found else {})


def test_a_ride_that_was_locked_is_over_though_its_bill_ran_on(incident: Incident):
    claim = claimed(incident)
    more: dict[str, Any] = {"locked_at": told(start="15 15:42").start_at}
    derived(claim, usage(claim.person, BIKE, "ride", "15 15:00", "15 21:15", **more))
    usage(claim.person, BIKE, "ride", "15 18:00", "15 18:30")
    assert found(incident) == {}


@pytest.mark.parametrize("lost", [0, 1])
def test_a_ride_is_over_by_its_lock_event_too(incident: Incident, lost: int):
    claim = claimed(incident)
    long = usage(claim.person, BIKE, "ride", "15 15:00", "15 21:15")
    short = usage(claim.person, BIKE, "ride", "15 18:00", "15 18:30")
    derived(claim, (long, short)[lost])
    assert found(incident) == {(claim.pk, None): ["overlapping_usage"]}
    usage(claim.person, BIKE, "lock", "15 15:42", None, ride=long.external_id)
    TwinDue.objects.create(claim=claim, incident=incident, created_at=NOW)
    assert found(incident) == {}


@pytest.mark.parametrize(
    ("subscriptions", "is_found"),
    [
        ([(MESSAGES, "15 15:31")], True),
        ([(MESSAGES, "15 15:30")], False),
        ([(MESSAGES, "16 10:00"), (MESSAGES, "1 10:00")], False),
        ([("melon.streaming", "16 10:00")], False),
        ([], False),
    ],
)
def test_a_loss_that_begins_before_what_was_lost_was_held_is_found(
    incident: Incident, subscriptions: list[tuple[str, str]], is_found: bool
):
    claim = claimed(incident, told(start="15 15:30"))
    for service, start in subscriptions:
        usage(claim.person, service, "subscription", start, None)
    assert found(incident) == ({(claim.pk, None): ["before_usage"]} if is_found else {})


def test_a_loss_that_was_withdrawn_is_no_hint(incident: Incident):
    a_policy(automatic="{}")
    claim, worker = claimed(incident, told(start="15 15:30")), a_user("caseworker")
    work_off()
    follow_up()
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    loss = claim.losses.get().pk
    withdraw_loss(claim_id=claim.pk, loss_id=loss, reason="wrong_time", withdrawn_by=worker, note="x", now=NOW)
    usage(claim.person, MESSAGES, "subscription", "15 15:31", None)
    assert found(incident) == {}


def test_a_loss_that_begins_before_its_own_usage_is_found(incident: Incident):
    claim, other = claimed(incident), claimed(incident)
    for one, start in ((claim, told(start="15 14:59").start_at), (other, told(start="15 15:00").start_at)):
        derived(one, usage(one.person, BIKE, "ride", "15 15:00", "15 16:00"), start_at=start)
    assert found(incident) == {(claim.pk, None): ["before_usage"]}


def test_every_reason_weighs_something_and_a_name_stops_nothing():
    assert set(WEIGHTS) == set(TwinReason.values)
    assert min(WEIGHTS.values()) > 0
    assert WEIGHTS["same_name"] + WEIGHTS["overlapping_usage"] <= STOP_AT <= WEIGHTS["same_phone"]


# --- patterns ---------------------------------------------------------------------------------------


def many(incident: Incident, claims: int, **data: str) -> list[int]:
    """As one statement each, with the same data for all."""
    values: dict[str, Any] = {"n": claims, "incident": incident.pk, "now": NOW, "name": "", "phone": "", "email": "", **data}
    with connection.cursor() as cursor:
        for statement in (
            """WITH p AS (INSERT INTO accounts_person (public_id, created_at)
                          SELECT gen_random_uuid(), %(now)s FROM generate_series(1, %(n)s) RETURNING id)
               INSERT INTO accounts_personaldata (person_id, name, phone, email)
               SELECT id, %(name)s, %(phone)s, %(email)s FROM p""",
            """INSERT INTO claims_claim (reference, person_id, incident_id, origin, filed_at)
               SELECT 'C-' || left(w, 4) || '-' || right(w, 4), id, %(incident)s, 'proactive', %(now)s
                 FROM (SELECT person_id AS id, lpad(upper(to_hex(person_id)), 8, '0') AS w
                         FROM accounts_personaldata ORDER BY person_id DESC LIMIT %(n)s) p ORDER BY id""",
            """INSERT INTO claims_claimstatus (claim_id, incident_id, review, decision, payment, moves, reasons, moved_at, kind,
                                               currency, answer_due_date)
               SELECT id, incident_id, 'received', 'undecided', 'nothing', 0, '{}', filed_at, 'unsorted', '', filed_at
                 FROM claims_claim c
                WHERE NOT EXISTS (SELECT 1 FROM claims_claimstatus s WHERE s.claim_id = c.id)""",
            """INSERT INTO claims_twindue (claim_id, incident_id, attempts, last_error, created_at)
               SELECT id, incident_id, 0, '', %(now)s FROM (SELECT * FROM claims_claim ORDER BY id DESC LIMIT %(n)s) c""",
        ):
            cursor.execute(statement, values)
    return list(Claim.objects.order_by("-pk").values_list("pk", flat=True)[: values["n"]])


def test_a_phone_of_5000_claims_is_one_pattern_and_makes_no_pairs(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    """Of which there are 12 million: joined before they are left out, they take a minute."""
    monkeypatch.setattr(twins, "FIND_SECONDS", 20)
    many(incident, 5_000, phone="1588-1234")
    first, second = two_of_one_phone(incident)
    assert found(incident) == {(second.pk, first.pk): ["same_phone"]}
    assert [(one.kind, one.claims) for one in patterns(incident)] == [("phone", 5_000)]
    claimed(incident, phone="1588-1234")
    with CaptureQueriesContext(connection) as queries:
        assert len(found(incident)) == 1
    assert len(queries) < 40
    assert patterns(incident).get().claims == 5_001


def test_pairs_go_when_their_key_becomes_a_pattern(incident: Incident):
    """As if all claims had come at once."""
    for _ in range(MOST_PER_KEY):
        claimed(incident, phone=PHONE)
        pairs = found(incident)
    assert len(pairs) == MOST_PER_KEY * (MOST_PER_KEY - 1) // 2
    assert not Pattern.objects.exists()
    kept = next(iter(pairs))
    for claim in kept:
        assert claim is not None
        add_key(claim_id=claim, kind="device", value="one", now=NOW)
    claimed(incident, phone=PHONE)
    assert found(incident) == {kept: ["same_device"]}
    assert patterns(incident).get().claims == MOST_PER_KEY + 1


def test_a_common_name_is_no_pattern_to_look_at_and_makes_no_pairs(incident: Incident):
    for _ in range(MOST_PER_KEY + 1):
        claim_of(a_person(), incident)
    assert found(incident) == {}
    assert not patterns(incident).exists()


# --- in any order, and again ------------------------------------------------------------------------


def by_comparing_all(keys: dict[int, set[tuple[str, str]]]) -> dict[tuple[int, int], set[str]]:
    """The same in plain words: every pair of claims, by every key that not too many have."""
    held = Counter(key for of in keys.values() for key in of)
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    for one, other in combinations(sorted(keys), 2):
        for key in keys[one] & keys[other]:
            if held[key] <= MOST_PER_KEY:
                pairs[other, one].add(f"same_{key[0]}")
    return dict(pairs)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_order_in_which_keys_come_the_hints_are_those_of_comparing_all(incident: Incident, seed: int):
    dice = random.Random(seed)
    claims = many(incident, 40)
    held: dict[int, set[tuple[str, str]]] = {claim: set() for claim in claims}
    for _ in range(120):
        claim, kind = dice.choice(claims), dice.choice(["device", "account", "payee"])
        value = f"9:{0 if dice.random() < 0.4 else dice.randrange(1, 12)}"
        add_key(claim_id=claim, kind=kind, value=value, now=NOW)
        held[claim].add((kind, value))
        if dice.random() < 0.2:
            found(incident)
    expected = {pair: sorted(reasons) for pair, reasons in by_comparing_all(held).items()}
    assert found(incident) == expected
    assert len(expected) > 20
    assert Pattern.objects.exists()


def test_a_pass_with_nothing_new_changes_nothing(incident: Incident):
    first, second = two_of_one_phone(incident)
    found(incident)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM claims_twin")
        before = cursor.fetchall()
        for claim in (first, second):
            TwinDue.objects.create(claim=claim, incident=incident, created_at=NOW)
        assert find_twins(incident_id=incident.pk, now=NOW) == 2
        assert find_twins(incident_id=incident.pk, now=NOW) == 0
        cursor.execute("SELECT id, ctid::text FROM claims_twin")
        assert cursor.fetchall() == before


def test_nothing_but_the_hint_is_written(incident: Incident):
    two_of_one_phone(incident)
    statuses, events = list(ClaimStatus.objects.values()), Event.objects.count()
    assert len(found(incident)) == 1
    assert (list(ClaimStatus.objects.values()), Event.objects.count()) == (statuses, events)


def test_a_hint_goes_with_the_keys_that_it_rests_on(incident: Incident):
    first, second = two_of_one_phone(incident)
    assert found(incident)
    erase_keys(person_id=first.person_id, now=NOW)
    assert found(incident) == {}
    assert not Twin.objects.exists()
    assert second.keys.filter(kind="phone").exists()


@pytest.mark.django_db(transaction=True)
class TestInSlices:
    def test_what_is_due_is_worked_off_a_slice_at_a_time(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(twins, "SLICE", 1)
        first, second = two_of_one_phone(outage())
        assert [find_next_twins(now=NOW) for _ in range(3)] == [True, True, False]
        assert (Twin.objects.get().claim, Twin.objects.get().other) == (second, first)

    def test_what_fails_is_tried_alone_and_then_left_for_a_person(self, monkeypatch: pytest.MonkeyPatch):
        incident = outage()
        bad, *_ = two_of_one_phone(incident)
        key = keys.key_unkeyed

        def fails(claims: list[int]) -> None:
            key(claims)
            if bad.pk in claims:
                raise ValueError("no")

        monkeypatch.setattr(twins, "key_unkeyed", fails)
        while find_next_twins(now=NOW):
            pass
        left = TwinDue.objects.get()
        assert (left.claim, left.attempts) == (bad, 5)
        assert "no" in left.last_error
        assert Twin.objects.count() == 1, "the other one was compared with it"

    def test_workers_find_twins_before_rules_decide(self):
        a_policy()
        incident = outage()
        made = two_of_one_phone(incident)
        work_off()
        follow_up_task()
        assert [ClaimStatus.objects.get(pk=one.pk).reasons for one in made] == [["twin"]] * 2


# --- rules and people -------------------------------------------------------------------------------


def status(claim: Claim) -> str:
    row = ClaimStatus.objects.get(pk=claim.pk)
    return " ".join([row.review, row.decision, *row.reasons])


def settled(incident: Incident, *claims: Claim) -> list[str]:
    work_off()
    found(incident)
    follow_up()
    return [status(claim) for claim in claims]


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


def test_no_rule_approves_a_claim_with_a_twin_until_somebody_has_dismissed_it(incident: Incident, checker: User):
    a_policy()
    pair, alone = two_of_one_phone(incident), claimed(incident)
    assert settled(incident, *pair, alone) == ["queued undecided twin"] * 2 + ["closed approved"]
    dismiss_twin(twin_id=Twin.objects.get().pk, dismissed_by=checker, note="a couple", now=NOW)
    follow_up()
    assert [status(one) for one in pair] == ["closed approved"] * 2


@pytest.mark.parametrize(
    ("kind", "value", "stops"),
    [("payee", "088:110123455678", True), ("document", b"a receipt", True), ("account", "one", True), ("phone", PHONE, False)],
)
def test_what_many_claims_have_stops_rules_where_it_is_of_one_person(
    incident: Incident, kind: str, value: str | bytes, stops: bool
):  # fmt: skip
    """More of them than make pairs: the more there are, the less a rule should pay them."""
    a_policy()
    claims = [claimed(incident) for _ in range(MOST_PER_KEY + 1)]
    for claim in claims:
        add_key(claim_id=claim.pk, kind=kind, value=value, now=NOW)
    assert settled(incident, *claims) == ["queued undecided twin" if stops else "closed approved"] * len(claims)
    assert not Twin.objects.exists()
    assert [one.claims for one in patterns_of(claims[0])] == [MOST_PER_KEY + 1]
    client = Client()
    client.force_login(a_user("caseworker"))
    page = client.get(reverse("admin:claims_claim_change", args=[claims[0].pk])).content.decode()
    assert f"같은 것이 있는 청구 {MOST_PER_KEY + 1}" in page


def test_a_hint_below_the_threshold_stops_no_rule(incident: Incident):
    a_policy()
    first, second = claimed(incident), claimed(incident)
    for one in (first, second):
        add_key(claim_id=one.pk, kind="device", value="a tablet", now=NOW)
    assert settled(incident, first, second) == ["closed approved"] * 2
    assert Twin.objects.get().score < STOP_AT


def test_a_claim_that_says_alone_what_cannot_be_stops_as_well(incident: Incident):
    a_policy()
    claim = claimed(incident)
    usage(claim.person, MESSAGES, "subscription", "17 10:00", None)
    assert settled(incident, claim) == ["queued undecided twin"]


def test_a_rule_still_rejects_what_owes_nothing(incident: Incident):
    a_policy()
    losses = told(start="14 15:30", end="14 22:00")
    pair = (claimed(incident, losses, phone=PHONE), claimed(incident, losses, phone=PHONE))
    assert settled(incident, *pair) == ["closed rejected"] * 2


def test_a_twin_that_was_withdrawn_stops_nothing(incident: Incident, checker: User):
    a_policy()
    first, second = two_of_one_phone(incident)
    withdraw_claim(claim_id=second.pk, withdrawn_by=checker, note="by phone", now=NOW)
    assert settled(incident, first, second) == ["closed approved", "withdrawn undecided"]


def test_a_dismissal_says_who_and_why_and_is_not_undone_by_another_pass(incident: Incident, checker: User):
    first, second = two_of_one_phone(incident)
    found(incident)
    twin = dismiss_twin(twin_id=Twin.objects.get().pk, dismissed_by=checker, note="a couple", now=NOW)
    event = Event.objects.get(kind="twin_dismissed")
    assert (event.actor, Note.objects.get(event=event).text) == (checker, "a couple")
    assert {**event.data, "note": None} == {
        "twin": twin.pk, "claims": [first.pk, second.pk], "reasons": ["same_phone"], "note": None
    }  # fmt: skip
    for one in (first, second):
        add_key(claim_id=one.pk, kind="payee", value="004:1", now=NOW)
    assert found(incident) == {}
    erase_keys(person_id=first.person_id, now=NOW)
    assert found(incident) == {}
    assert (Twin.objects.get().state, Twin.objects.get().reasons) == ("dismissed", ["same_phone"])
    with pytest.raises(IntegrityError, match="closed_for_ever"), transaction.atomic():
        Twin.objects.update(state="open", dismissed_by=None, dismissed_at=None)


def test_only_who_decides_and_is_not_the_claimant_dismisses_a_hint_and_once(incident: Incident, checker: User):
    two_of_one_phone(incident)
    found(incident)
    twin = Twin.objects.get()
    own = a_user("caseworker")
    own.person = twin.other.person if twin.other else None
    own.save()
    said: dict[str, Any] = {"twin_id": twin.pk, "note": "no", "now": NOW}
    for by, change, refusal in (
        (a_user("finance"), {}, RoleMissing),
        (checker, {"note": " "}, Required),
        (checker, {"twin_id": twin.pk + 1}, UnknownTwin),
        (own, {}, OwnClaim),
    ):
        with pytest.raises(refusal):
            dismiss_twin(dismissed_by=by, **{**said, **change})
    assert Twin.objects.get().state == "open"
    dismiss_twin(dismissed_by=a_user("caseworker"), **said)
    with pytest.raises(TwinClosed):
        dismiss_twin(dismissed_by=checker, **said)


def test_the_page_of_a_claim_asks_twice_however_many_hints_there_are(incident: Incident, checker: User):
    authority()
    mine = claimed(incident, phone=PHONE, email="a@example.com")
    others = [claimed(incident, phone=PHONE) for _ in range(3)] + [claimed(incident, email="a@example.com")]
    usage(mine.person, MESSAGES, "subscription", "17 10:00", None)
    TwinDue.objects.create(claim=mine, incident=incident, created_at=NOW)
    found(incident)
    dismissed = Twin.objects.get(claim=others[0], other=mine)
    dismiss_twin(twin_id=dismissed.pk, dismissed_by=checker, note="a couple", now=NOW)
    withdraw_claim(claim_id=others[1].pk, withdrawn_by=checker, note="by phone", now=NOW)
    with CaptureQueriesContext(connection) as queries:
        seen = twins_of(mine)
        told_of = [(one.other and one.other.reference, one.review, one.score, one.asks) for one in seen]
    assert len(queries) == 2
    assert [one[2:] for one in told_of] == [(60, True), (60, False), (60, True), (50, True), (60, False)]
    assert told_of[0][:2] == (None, None), "what it says alone"
    assert told_of[1][:2] == (others[1].reference, "withdrawn")
    assert (seen[-1].dismissed_by, seen[-1].dismissed_at) == (checker.email, NOW)
    assert [one.other for one in twins_of(others[3])] == [mine]
