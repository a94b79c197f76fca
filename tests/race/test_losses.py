"""A loss is put back while rides are derived: whoever comes first, the ride is paid once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from claims.models import Claim, Loss
from claims.operations import (
    UsageCountsElsewhere,
    derive,
    derive_losses,
    put_back_loss,
    take_claim,
    withdraw_loss,
)
from claims.operations.intake import withdrawn_losses
from tests.builders import (
    BIKE,
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
)  # fmt: skip
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

SPAN = ("15 15:20", "15 21:15")


@pytest.fixture
def worker() -> User:
    authority()
    return a_user("caseworker")


def withdrawn(worker: User, *losses: Any) -> Loss:
    """The first of the told losses, or the only one of a ride, in review, was withdrawn; the ride is to be derived."""
    incident, person = outage(version=2), a_person()
    a_policy(automatic="{}")
    if losses:
        claim_of(person, incident, *losses)
    partner, about_ride = a_partner(), {"external_id": "ride-1", "charge_minor": 53450, "currency": "KRW"}
    usage(person, BIKE, "ride", *SPAN, partner=partner, **about_ride)
    usage(person, BIKE, "lock", "15 15:42", None, partner=partner, ride="ride-1")
    work_off()
    follow_up()
    claim = person.claims.get()
    loss: Loss = claim.losses.get(facts__name="ride_charge")
    about: dict[str, Any] = {"claim_id": claim.pk, "now": NOW}
    in_transaction(take_claim, taken_by=worker, **about)()
    in_transaction(withdraw_loss, loss_id=loss.pk, reason="told_twice", withdrawn_by=worker, note="x", **about)()
    return loss


def putting_back(loss: Loss, worker: User) -> Callable[[], Any]:
    return in_transaction(
        put_back_loss, claim_id=loss.claim_id, loss_id=loss.pk, put_back_by=worker, note="it was right", now=NOW
    )


def charged(claim: Claim) -> list[int]:
    """Losses that stand and have the charge of the ride."""
    facts = claim.facts.filter(name="ride_charge").exclude(loss__in=withdrawn_losses(claim))
    return list(facts.values_list("loss", flat=True))


@pytest.mark.parametrize("case", ["it makes a loss", "it meets another told loss", "its own loss is put back"])
def test_what_is_put_back_while_its_ride_is_derived_is_the_only_one_paid(
    worker: User, monkeypatch: pytest.MonkeyPatch, case: str
):
    shorter = told(BIKE, SPAN[0], "15 20:00")
    told_before = {"it makes a loss": [], "it meets another told loss": [shorter], "its own loss is put back": None}[case]
    loss = withdrawn(worker, *([] if told_before is None else [told(BIKE, *SPAN), *told_before]))
    if told_before is None:
        claim_of(loss.claim.person, loss.claim.incident, shorter)
    chosen, done = Step(), Step()
    open_claims = derive._open_claims

    def slowly(*arguments: Any) -> int:
        chosen.reach()
        done.wait()
        return open_claims(*arguments)

    monkeypatch.setattr(derive, "_open_claims", slowly)

    def put_back() -> None:
        chosen.wait()
        putting_back(loss, worker)()
        done.reach()

    derived, _ = together(in_transaction(derive_losses, incident=loss.claim.incident, now=NOW), put_back)
    assert (derived.losses, derived.facts, derived.revisions) == (0, 0, 0)
    assert charged(loss.claim) == [loss.pk]


def test_what_is_put_back_after_its_ride_made_a_loss_is_refused(worker: User, monkeypatch: pytest.MonkeyPatch):
    loss = withdrawn(worker, told(BIKE, *SPAN))
    written, gaining = Step(), derive._gaining
    calls: list[int] = []

    def slowly(*arguments: Any) -> list[int]:
        """The second time the claim is locked."""
        found = gaining(*arguments)
        calls.append(1)
        if len(calls) == 2:
            written.reach()
            until_blocked()
        return found

    monkeypatch.setattr(derive, "_gaining", slowly)

    def put_back() -> Any:
        written.wait()
        with pytest.raises(UsageCountsElsewhere):
            putting_back(loss, worker)()

    together(in_transaction(derive_losses, incident=loss.claim.incident, now=NOW), put_back)
    assert charged(loss.claim) == [loss.claim.losses.get(origin="derived").pk]
