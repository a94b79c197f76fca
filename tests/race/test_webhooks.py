"""Numbers of a claim, places of a partner, and one call at a time of an endpoint, whoever comes at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from claims.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from claims.operations import change_endpoint, register_endpoint
from claims.operations.deliveries import _next_due, take_delivery
from claims.operations.endpoints import MOST_ENDPOINTS, TooManyWebhooks, WebhookMoved
from claims.operations.moves import Move, lock_status, make_moves
from claims.operations.partner_events import tell_of_moves
from tests.builders import NOW, a_partner, claim_of, outage
from tests.claims.hook_cast import PROGRAM, PUBLIC, an_endpoint, known
from tests.race.together import in_transaction, one_before_the_other, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_events_of_a_claim_that_moves_twice_at_once_have_two_numbers(monkeypatch: pytest.MonkeyPatch):
    an_endpoint()
    claim = claim_of(known("a")[0], outage())

    def slowly(*arguments: Any, **named: Any) -> int:
        told = tell_of_moves(*arguments, **named)
        until_blocked()
        return told

    monkeypatch.setattr("claims.operations.moves.tell_of_moves", slowly)

    def move() -> None:
        status = lock_status(claim.pk)
        review = "withdrawn" if status.review == "queued" else "queued"
        make_moves([Move(claim.pk, "claim_moved", review=review)], actor=None, now=NOW)

    together(*[in_transaction(move)] * 2)
    told = list(WebhookEvent.objects.filter(claim=claim).order_by("number").values_list("number", "kind"))
    assert told == [(1, "claim.filed"), (2, "claim.under_review"), (3, "claim.withdrawn")]


def test_a_partner_has_no_more_endpoints_than_it_may_whoever_comes_at_once():
    partner_id = a_partner().pk
    for _ in range(MOST_ENDPOINTS - 1):
        an_endpoint()

    def register(**said: Any) -> str:
        try:
            register_endpoint(**said)
        except TooManyWebhooks as refusal:
            return refusal.code
        return "registered"

    said = {"partner_id": partner_id, "url": PUBLIC, "client_id": PROGRAM, "now": NOW}
    assert one_before_the_other(register, register, **said) == ["registered", "too_many_webhooks"]
    assert WebhookEndpoint.objects.count() == MOST_ENDPOINTS


def test_of_two_who_change_one_version_at_once_the_second_is_told():
    endpoint = an_endpoint()

    def change(**said: Any) -> str:
        try:
            change_endpoint(**said)
        except WebhookMoved as refusal:
            return refusal.code
        return "changed"

    said: dict[str, Any] = {"partner_id": endpoint.partner_id, "endpoint": endpoint.key, "version": 1, "now": NOW}
    said |= {"client_id": PROGRAM, "description": "x"}
    assert one_before_the_other(change, change, **said) == ["changed", "version_mismatch"]


def test_of_two_workers_one_calls_an_endpoint(monkeypatch: pytest.MonkeyPatch):
    """Both see that it is free, and the first has not said yet that it is taken."""
    an_endpoint()
    for person in known("a", "b"):
        claim_of(person, outage())

    def slowly(*arguments: Any) -> WebhookDelivery | None:
        until_blocked()
        return _next_due(*arguments)

    monkeypatch.setattr("claims.operations.deliveries._next_due", slowly)
    taken = together(*[partial(take_delivery, now=NOW)] * 2)
    assert len([one for one in taken if one is not None]) == 1
    assert WebhookEndpoint.objects.get().turn == 1
    assert WebhookDelivery.objects.filter(state="waiting").count() == 2
