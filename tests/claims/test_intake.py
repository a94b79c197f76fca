"""Claims are opened, revised and given facts; a retry adds nothing."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Person
from claims.models import Claim, ClaimRevision, Event, Fact, Hint, Loss, ReassessmentDue
from claims.operations import ToldFact, ToldLoss, open_claim, publish_policy, record_facts
from services.models import Incident
from services.refusals import Refusal
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_policy, a_policy_that_asks, at, claim_of, pack, told

pytestmark = pytest.mark.django_db
TABLES = (Claim, ClaimRevision, Loss, Fact, ReassessmentDue, Hint, Event)


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


def test_opens_a_claim_that_is_due(incident: Incident, person: Person):
    claim = claim_of(person, incident, told())
    assert re.fullmatch(r"C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", claim.reference)
    assert (claim.revisions.get().number, claim.losses.get().origin, claim.due.get().cause) == (1, "told", "revision")
    assert Hint.objects.get().task == "claims.plan_runs"
    assert Event.objects.get(claim=claim).kind == "claim_opened"


def test_a_retry_adds_nothing(incident: Incident, person: Person):
    a_policy()
    a_policy_that_asks(ride_charge="money of loss")
    said: dict[str, Any] = {
        "losses": [told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", 100)), told(), told()],
        "facts": [ToldFact("is_member", True), ToldFact("is_member", True)],
        "asks_for": ["half_hours_of_messages"],
    }
    first = open_claim(person=person, incident=incident, now=NOW, **said)
    before = counts()
    assert open_claim(person=person, incident=incident, now=NOW, **said) == first
    assert counts() == before
    assert (first.losses.count(), first.facts.count()) == (2, 2)


def test_opening_again_revises_the_one_claim(incident: Incident, person: Person):
    first = claim_of(person, incident, told())
    second = claim_of(person, incident, told(BIKE))
    assert first == second
    assert list(first.losses.order_by("pk").values_list("revision", flat=True)) == [1, 2]
    assert first.due.count() == 2


def test_a_new_fact_of_a_known_loss_joins_that_loss(incident: Incident, person: Person):
    a_policy_that_asks(ride_charge="money of loss")
    claim = claim_of(person, incident, told(BIKE))
    claim_of(person, incident, told(BIKE, "15 15:30", "15 22:00", ToldFact("ride_charge", 5)))
    assert claim.losses.count() == 1
    assert claim.facts.get().loss == claim.losses.get()


def test_what_is_asked_for_adds_up(incident: Incident, person: Person):
    a_policy()
    a_policy(code="another")
    claim = claim_of(person, incident, asks_for=["half_hours_of_messages"])
    claim_of(person, incident, asks_for=["another"])
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW)
    assert claim.revisions.get(number=3).asks_for == ["half_hours_of_messages", "another"]


def test_values_of_facts(incident: Incident, person: Person):
    a_policy_that_asks(money="money", truth="boolean", day="date", other_day="date", instant="instant", word="text")
    values: dict[str, Any] = {
        "money": 39000,
        "truth": False,
        "day": date(2000, 1, 3),
        "other_day": "2000-01-03",
        "instant": datetime(2022, 10, 15, 6, 30, 0, 1, tzinfo=UTC),
        "word": "법인",
    }
    claim = claim_of(person, incident, facts=[ToldFact(k, v) for k, v in values.items()])
    stored = {fact.name: (fact.int_value, fact.text_value) for fact in claim.facts.all()}
    assert stored == {
        "money": (39000, None), "truth": (0, None), "day": (10959, None), "other_day": (10959, None),
        "instant": (1665815400000001, None), "word": (None, "법인"),
    }  # fmt: skip


def test_a_value_that_any_policy_knows_is_known(incident: Incident, person: Person):
    for code, values in (("one", "[rider]"), ("two", "[driver]")):
        text = pack(code=code, asks={"claimant_kind": "text"}).replace("type: text", f"type: text, values: {values}")
        publish_policy(pack_yaml=text, now=NOW)
    claim_of(person, incident, facts=[ToldFact("claimant_kind", "driver")])
    with pytest.raises(Refusal) as refused:
        claim_of(person, incident, facts=[ToldFact("claimant_kind", "pilot")])
    assert (refused.value.code, refused.value.field) == ("value_unknown", "claimant_kind")


def test_of_two_policies_the_wider_bounds_hold(incident: Incident, person: Person):
    for code, bounds in (("one", "at_least: 10, at_most: 100"), ("two", "at_least: 5, at_most: 200")):
        text = pack(code=code, asks={"fee": "money"}).replace("type: money", f"type: money, {bounds}")
        publish_policy(pack_yaml=text, now=NOW)
    claim_of(person, incident, facts=[ToldFact("fee", 200)])
    claim_of(person, incident, facts=[ToldFact("fee", 5)])
    for fee in (4, 201):
        with pytest.raises(Refusal) as refused, transaction.atomic():
            claim_of(person, incident, facts=[ToldFact("fee", fee)])
        assert refused.value.code == "out_of_range"


@pytest.mark.parametrize(
    ("losses", "facts", "asks_for", "code"),
    [
        ([ToldLoss(MESSAGES, datetime(2022, 10, 15, 15), at("15 20:00"))], [], [], "timezone_required"),  # noqa: DTZ001
        ([told(MESSAGES, "15 20:00", "15 15:00")], [], [], "interval_invalid"),
        ([told(MESSAGES, "15 20:00", "15 20:00")], [], [], "interval_invalid"),
        ([told(), told("kakao_t.submarine")], [], [], "reference_unknown"),
        ([ToldLoss(MESSAGES, datetime(1, 1, 1, tzinfo=UTC), at("15 20:00"))], [], [], "out_of_range"),
        ([ToldLoss(MESSAGES, at("15 20:00"), datetime(9999, 1, 1, tzinfo=UTC))], [], [], "out_of_range"),
        ([told("unlisted")], [], [], "required"),
        ([replace(told("unlisted"), words=" \n ")], [], [], "required"),
        ([replace(told("unlisted"), words="a" * 201)], [], [], "too_long"),
        ([replace(told("unlisted"), words="a\x00b")], [], [], "invalid_value"),
        ([replace(told(), words="the bookshop")], [], [], "words_not_asked"),
        ([], [ToldFact("since", datetime(2022, 10, 15, 15))], [], "timezone_required"),  # noqa: DTZ001
        ([], [ToldFact("since", "yesterday")], [], "datetime_format"),
        ([], [ToldFact("since", "2022-W41-6T15:50+09:00")], [], "datetime_format"),
        ([], [ToldFact("since", "2022-10-15T15:50+09:00")], [], "datetime_format"),
        ([], [ToldFact("since", "20221015T155000+0900")], [], "datetime_format"),
        ([], [ToldFact("since", "2022-10-15T15:50:00,5+09:00")], [], "datetime_format"),
        ([], [ToldFact("since", "2022-10-15T15:50:00+23:59")], [], "datetime_format"),
        ([], [ToldFact("day", "2022-W41-6")], [], "date_format"),
        ([], [ToldFact("day", "20221015")], [], "date_format"),
        ([], [ToldFact("since", datetime(2100, 1, 1, tzinfo=UTC))], [], "out_of_range"),
        ([], [ToldFact("day", datetime(2022, 10, 15, 15, tzinfo=UTC))], [], "date_format"),
        ([], [ToldFact("day", date(1999, 12, 31))], [], "out_of_range"),
        ([], [ToldFact("fee", 10**15 + 1)], [], "out_of_range"),
        ([], [ToldFact("fee", -1)], [], "out_of_range"),
        ([], [ToldFact("fee", 1.5)], [], "integer_expected"),  # type: ignore[arg-type]
        ([], [ToldFact("fee", True)], [], "integer_expected"),
        ([], [ToldFact("is_member", 1)], [], "boolean_expected"),
        ([], [ToldFact("Is-Member", 1)], [], "fact_name_invalid"),
        ([], [ToldFact("nobody_asks", 1)], [], "fact_unknown"),
        ([], [ToldFact("ride_charge", 1)], [], "fact_of_another_place"),
        ([told(BIKE, "15 15:20", "15 21:15", ToldFact("fee", 1))], [], [], "fact_of_another_place"),
        ([], [ToldFact("word", "a\x1eb")], [], "invalid_character"),
        ([], [ToldFact("word", "a" * 201)], [], "too_long"),
        ([], [ToldFact("word", 5)], [], "text_expected"),
        ([], [ToldFact("fee", 1, "hearsay")], [], "provenance_unknown"),
        ([], [], ["no_such_policy"], "reference_unknown"),
        ([], [], [], "required"),
    ],
)
def test_refuses_and_stores_nothing(incident: Incident, losses, facts, asks_for, code: str):
    a_policy_that_asks(since="instant", day="date", fee="money", is_member="boolean", word="text", ride_charge="money of loss")
    person, before = a_person(), counts()
    with pytest.raises(Refusal) as refused, transaction.atomic():
        open_claim(person=person, incident=incident, losses=losses, facts=facts, asks_for=asks_for, now=NOW)
    assert refused.value.code == code
    assert counts() == before


def test_what_is_in_no_list_is_told_once_in_words_that_are_one_line(incident: Incident, person: Person):
    """Other words are another loss; no resident registration number is kept in them."""
    bookshop = replace(told("unlisted"), words="  동네\n서점 900101-1234568 ")
    claim = claim_of(person, incident, bookshop)
    assert claim.losses.get().words.text == "동네 서점 900101-*******"
    claim_of(person, incident, bookshop)
    assert claim.losses.count() == 1
    claim_of(person, incident, replace(bookshop, words="동네 빵집"))
    assert sorted(loss.words.text for loss in claim.losses.all()) == ["동네 빵집", "동네 서점 900101-*******"]


def test_refuses_a_fact_of_another_claims_loss(incident: Incident, person: Person):
    mine, other = claim_of(person, incident), claim_of(a_person(), incident)
    with pytest.raises(Refusal) as refused:
        record_facts(claim_id=mine.pk, loss_id=other.losses.get().pk, facts=[ToldFact("a", 1)], now=NOW)
    assert refused.value.code == "loss_of_another_claim"
