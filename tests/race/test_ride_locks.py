"""A ride and its lock event come at once, by two programs that know nothing of each other."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, Usage
from claims.operations import derive_losses, derive_next, record_usage
from claims.queries import usage_of
from tests.api.cast import API, Program, a_lock, a_ride
from tests.builders import BIKE, NOW, a_partner, a_person, claim_of, outage, row, told, usage
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = ("15 15:20", "15 21:15")


def test_a_lock_that_comes_while_its_ride_is_derived_meets_what_that_gave():
    incident, person, partner = outage(), a_person(), a_partner()
    claim = claim_of(person, incident, told(BIKE, *SPAN))
    usage(person, BIKE, "ride", *SPAN, partner=partner, external_id="ride-1", charge_minor=53450, currency="KRW")
    lock = row(person, BIKE, "lock", "15 15:42", None, ride="ride-1")
    derives, worked = in_transaction(derive_losses, incident=incident, now=NOW), Step()

    def early() -> None:
        def work() -> None:
            derive_losses(incident=incident, now=NOW)
            worked.reach()
            until_blocked()

        in_transaction(work)()

    def late() -> None:
        worked.wait()
        in_transaction(record_usage, row=lock, partner=partner, now=NOW)()
        derives()

    together(early, late)
    said = claim.facts.order_by("pk").values_list("name", flat=True)
    assert list(said) == ["ride_charge", "ride_ended_at", "ride_started_at", "ride_locked_at"]


@pytest.mark.timeout(600)
def test_a_ride_and_its_lock_that_are_sent_at_once_end_joined(settings: Any):
    """While workers derive what has come."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    outage(version=2)
    program = Program()

    def sent(what: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": what["external_id"]}
        return Client().post(f"{API}/usage", what, "application/json", headers=headers).status_code

    for n in range(12):
        ride = a_ride(external_id=f"ride-{n}", person=f"rider-{n}", locked_at=...)
        lock = a_lock(external_id=f"lock-{n}", person=f"rider-{n}", ride=f"ride-{n}")
        answers = together(partial(sent, ride), partial(sent, lock), partial(derive_next, now=NOW))
        assert answers[:2] == [201, 201]
    while derive_next(now=NOW):
        pass
    assert set(usage_of(program.partner).filter(kind="lock").values_list("lock_state", flat=True)) == {"counts"}
    assert (Usage.objects.count(), Claim.objects.count()) == (24, 12)
    for claim in Claim.objects.all():
        lost = claim.losses.get()
        assert list(claim.facts.filter(name="ride_locked_at").values_list("loss", "provenance")) == [(lost.pk, "partner")]
