"""What somebody would be owed is what an assessment of the same words finds, and leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from claims.demonstration.loading import _instant, _value, scenario
from claims.models import Claim, Provenance
from claims.operations import (
    NotQuoted,
    ToldFact,
    ToldLoss,
    TooManyLosses,
    open_claim,
    quote_claim,
    record_facts,
)
from claims.operations.intake import FactOfAnotherPlace, FactRefused, FactUnknown
from claims.operations.quotes import expected_of
from claims.operations.refusals import ReferenceUnknown, Required
from claims.queries import explain_claim
from services.instants import IntervalInvalid
from services.models import Incident
from services.refusals import Refusal
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_policy, at, outage, policies_of_the_demonstration, told, work_off
from tests.databases import written

pytestmark = pytest.mark.django_db

FILED = at("20 09:00")
PEOPLE = [one for one in scenario()["people"] if one.get("told") or one.get("asks_for")]
LOCKED = ToldFact("ride_locked_at", "2022-10-15T15:42:00+09:00")
RIDE = (ToldFact("ride_started_at", "2022-10-15T15:20:00+09:00"), LOCKED, ToldFact("ride_charge", 53450))


@pytest.fixture
def incident() -> Incident:
    """With the policies of the demonstration."""
    found = outage(version=2)
    policies_of_the_demonstration()
    return found


def words(data: dict[str, Any]) -> dict[str, Any]:
    """What somebody of the scenario says, as their own word."""
    losses = [ToldLoss(t["service"], _instant(t["from"]), _instant(t["before"]), t["kind"]) for t in data.get("told", [])]
    facts = [ToldFact("claimant_kind", data["kind"])]
    facts += [ToldFact(f["name"], _value(f["value"])) for f in data.get("facts", [])]
    return {"losses": losses, "facts": facts, "asks_for": data.get("asks_for", [])}


def without_ids(document: dict[str, Any]) -> dict[str, Any]:
    """Losses by their turn, as a quote numbers them."""
    ids: dict[int, int] = {}
    for line in document["lines"]:
        for loss in [line["loss"], *(span["loss"] for span in _spans(line))]:
            if loss is not None:
                ids.setdefault(loss, 0)
    turn = {loss: place for place, loss in enumerate(sorted(ids), start=1)}
    for line in document["lines"]:
        line["loss"] = turn.get(line["loss"])
        for span in _spans(line):
            span["loss"] = turn[span["loss"]]
    return {**document, "claim": 1}


def _spans(line: dict[str, Any]) -> list[dict[str, Any]]:
    return [*line["spans"], *(span for spans in line.get("measures", {}).values() for span in spans)]


def test_everybody_of_the_demonstration_is_quoted_what_is_assessed(incident: Incident):
    before = written()
    quoted = {data["persona"]: quote_claim(incident=incident, now=FILED, **words(data)) for data in PEOPLE}
    assert written() == before
    claims: dict[str, Claim] = {}
    for data in PEOPLE:
        claims[data["persona"]] = open_claim(person=a_person(), incident=incident, now=FILED, **words(data))
    work_off()
    for persona, claim in claims.items():
        found = explain_claim(claim)
        assert found is not None
        assert without_ids(quoted[persona].document) == without_ids(found.document), persona
    assert len(claims) > 20


def test_the_bike_renter_sees_49950_won_on_their_word(incident: Incident):
    ride = told(BIKE, "15 15:20", "15 21:15", *RIDE)
    quote = quote_claim(incident=incident, losses=[ride], now=NOW)
    assert expected_of(quote.document) == {("cash", "KRW", "KRW"): 49950}
    (line,) = quote.document["lines"]
    assert {change["by"] for change in line["changes"]} == {"partner"}, "what would prove it"


def test_a_loss_that_is_still_going_on_lasts_as_long_as_the_record_knows():
    incident = outage()
    a_policy()
    from_then_on = ToldLoss(MESSAGES, at("15 15:30"), None)
    quote = quote_claim(incident=incident, losses=[from_then_on], now=NOW)
    claim = open_claim(person=a_person(), incident=incident, losses=[from_then_on], now=NOW)
    work_off()
    found = explain_claim(claim)
    assert found is not None
    assert without_ids(quote.document) == without_ids(found.document)
    begun_later = ToldLoss(MESSAGES, NOW - timedelta(minutes=1), None)
    assert expected_of(quote_claim(incident=incident, losses=[begun_later], now=NOW).document) == {}


def test_several_losses_of_one_service_and_what_nobody_pays_for(incident: Incident):
    quote = quote_claim(
        incident=incident, losses=[told(), told(MESSAGES, "15 20:00", "15 23:00"), told("unnamed_bank.banking")], now=NOW
    )
    outcomes = {line["outcome"] for line in quote.document["lines"]}
    assert "parked" in outcomes


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "nothing said": ({}, Required),
    "no such service": ({"losses": [told("kakaotalk.telepathy")]}, ReferenceUnknown),
    "no such policy": ({"asks_for": ["mine"]}, ReferenceUnknown),
    "a policy of no incident": ({"asks_for": ["kt_2021_fee_hours"]}, ReferenceUnknown),
    "ends before it starts": ({"losses": [told(MESSAGES, "15 17:00", "15 16:00")]}, IntervalInvalid),
    "no such fact": ({"losses": [told()], "facts": [ToldFact("hat_size", 7)]}, FactUnknown),
    "of the claim and not of a loss": ({"losses": [told()], "facts": [LOCKED]}, FactOfAnotherPlace),
    "of a loss and not of the claim": (
        {"losses": [told(MESSAGES, "15 15:30", "15 16:00", ToldFact("claimant_kind", "rider"))]}, FactOfAnotherPlace,
    ),
    "no number": ({"losses": [told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", "much"))]}, FactRefused),
    "too many": ({"losses": [told()] * 51}, TooManyLosses),
}  # fmt: skip


@pytest.mark.parametrize("how", REFUSED)
def test_what_is_refused(incident: Incident, how: str):
    said, refusal = REFUSED[how]
    with pytest.raises(refusal):
        quote_claim(incident=incident, now=NOW, **said)


STARTED = ToldFact("ride_started_at", "2022-10-15T15:20:00+09:00")
CANNOT_BE: dict[str, tuple[tuple[ToldFact, ...], str, str]] = {
    "locked before it began": (
        (STARTED, ToldFact("ride_locked_at", "2022-10-15T15:19:00+09:00")), "out_of_order", "ride_locked_at",
    ),
    "locked to come": ((ToldFact("ride_locked_at", "2030-10-15T15:42:00+09:00"),), "in_the_future", "ride_locked_at"),
    "a day too late": ((ToldFact("ride_locked_at", "2022-10-16T21:16:00+09:00"),), "far_from_loss", "ride_locked_at"),
    "a day too early": ((ToldFact("ride_started_at", "2022-10-14T15:19:00+09:00"),), "far_from_loss", "ride_started_at"),
    "a fare beyond all": ((ToldFact("ride_charge", 10**15),), "out_of_range", "ride_charge"),
}  # fmt: skip


@pytest.mark.parametrize("how", CANNOT_BE)
def test_facts_that_cannot_be_are_neither_quoted_nor_kept(incident: Incident, how: str):
    """A lock before the ride gave the whole fare back."""
    facts, code, field = CANNOT_BE[how]
    ride = told(BIKE, "15 15:20", "15 21:15", *facts)
    with pytest.raises(FactRefused) as refused:
        quote_claim(incident=incident, losses=[ride], now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
    with pytest.raises(FactRefused) as refused, transaction.atomic():
        open_claim(person=a_person(), incident=incident, losses=[ride], now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Claim.objects.exists()
    claim = open_claim(person=a_person(), incident=incident, losses=[told(BIKE, "15 15:20", "15 21:15")], now=NOW)
    with pytest.raises(FactRefused) as refused, transaction.atomic():
        record_facts(claim_id=claim.pk, facts=facts, loss_id=claim.losses.get().pk, now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_to_the_minute_at_which_they_may_be(incident: Incident):
    at_the_ends = (
        ToldFact("ride_started_at", "2022-10-15T15:20:00+09:00"), ToldFact("ride_locked_at", "2022-10-15T15:20:00+09:00"),
        ToldFact("ride_charge", 10**7),
    )  # fmt: skip
    quote_claim(incident=incident, losses=[told(BIKE, "15 15:20", "15 21:15", *at_the_ends)], now=NOW)
    a_day_off = (
        ToldFact("ride_started_at", "2022-10-14T15:20:00+09:00"), ToldFact("ride_locked_at", "2022-10-16T21:15:00+09:00"),
    )  # fmt: skip
    quote_claim(incident=incident, losses=[told(BIKE, "15 15:20", "15 21:15", *a_day_off)], now=at("16 21:15"))


def test_two_words_that_are_not_in_order_give_nothing_until_a_person_has_looked(incident: Incident):
    """Each of them alone can be so: the claimant says when it began, a record when it was locked."""
    claim = open_claim(person=a_person(), incident=incident, losses=[told(BIKE, "15 15:20", "15 21:15", *RIDE)], now=NOW)
    early = ToldFact("ride_locked_at", "2022-10-15T15:19:00+09:00", Provenance.PARTNER)
    record_facts(claim_id=claim.pk, facts=[early], loss_id=claim.losses.get().pk, now=NOW)
    work_off()
    found = explain_claim(claim)
    assert found is not None
    (line,) = found.document["lines"]
    assert (line["outcome"], line["quantity"]) == ("unknown", None)
    assert "out_of_order:ride_locked_at" in line["reasons"]


def test_what_others_said_counts_as_it_will_when_the_claim_is_assessed(incident: Incident):
    """The strongest word, and of one strength the last; of a loss only there, and nothing that no policy here asks for."""
    losses = [told(MESSAGES), told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", 90000))]
    claim = open_claim(person=a_person(), incident=incident, losses=losses, now=NOW)
    ride = claim.losses.get(service__code=BIKE)
    for provenance, charge in ((Provenance.STAFF, 50000), (Provenance.STAFF, 53450), (Provenance.PARTNER, 70000)):
        facts = [ToldFact("ride_charge", charge, provenance), *(replace(one, provenance=provenance) for one in RIDE[:2])]
        record_facts(claim_id=claim.pk, facts=facts, loss_id=ride.pk, now=NOW)
    record_facts(claim_id=claim.pk, facts=[ToldFact("claimant_kind", "taxi_driver", Provenance.STAFF)], now=NOW)
    verified = claim.facts.exclude(provenance=Provenance.CLAIMANT).order_by("pk")
    on_record = [(1 if fact.loss_id else None, fact) for fact in verified]
    quote = quote_claim(incident=incident, losses=losses, on_record=on_record, filed_at=NOW, now=NOW)
    work_off()
    found = explain_claim(claim)
    assert found is not None
    assert without_ids(quote.document) == without_ids(found.document)
    assert ("cash", "KRW", "KRW") in expected_of(quote.document)
    assert 49950 in expected_of(quote.document).values()


@pytest.mark.parametrize(
    ("ends", "field"),
    [((NOW + timedelta(minutes=1), None), "start_at"), ((at("15 15:20"), NOW + timedelta(minutes=1)), "end_at")],
)
def test_what_has_not_come_yet_is_no_loss(incident: Incident, ends: tuple[datetime, datetime | None], field: str):
    loss = ToldLoss(MESSAGES, *ends)
    for tried in (
        lambda: quote_claim(incident=incident, losses=[loss], now=NOW),
        lambda: open_claim(person=a_person(), incident=incident, losses=[loss], now=NOW),
    ):
        with pytest.raises(Refusal) as refused, transaction.atomic():
            tried()
        assert (refused.value.code, refused.value.field) == ("in_the_future", field)


def test_without_a_record_nothing_is_quoted():
    with transaction.atomic():
        incident = Incident.objects.create(key="new", title_ko="x", title_en="x", started_at=at("15 15:30"))
    with pytest.raises(NotQuoted):
        quote_claim(incident=incident, losses=[told()], now=NOW)


def test_a_quote_costs_as_many_queries_whatever_is_said(incident: Incident, django_assert_num_queries: Any):
    ride = told(BIKE, "15 15:20", "15 21:15", *RIDE)
    quote_claim(incident=incident, losses=[told(), ride], now=NOW)  # what is kept from now on
    for losses in ([told()], [ride] * 20):
        with django_assert_num_queries(2 if losses[0].facts else 1):
            quote_claim(incident=incident, losses=losses, now=NOW)
