"""A partner's program registers where its company is told of claims, changes it, and has things sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AccountEvent
from claims import operations
from claims.keys import webhook_secret
from claims.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookPayload
from claims.operations import (
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    register_endpoint,
    remove_endpoint,
    replay_delivery,
    replay_since,
    replays,
    rotate_secret,
    send_test_event,
)
from claims.operations.endpoints import MOST_ENDPOINTS
from claims.queries import attempts_of, deliveries_of, endpoints_of
from services.models import Incident
from services.refusals import Refusal
from tests.builders import NOW, a_partner, claim_of
from tests.claims.hook_cast import PROGRAM, PUBLIC, an_endpoint, fresh, known, move, states
from tests.databases import written

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def about(endpoint: WebhookEndpoint, **more: Any) -> dict[str, Any]:
    return {"partner_id": endpoint.partner_id, "endpoint": endpoint.key, "client_id": PROGRAM, "now": LATER, **more}


def refused(call: Any, **more: Any) -> str:
    """The code; nothing is written."""
    before = written()
    with pytest.raises(Refusal) as refusal:
        call(**more)
    assert written() == before
    return refusal.value.code


def test_an_endpoint_is_registered_and_its_secret_is_in_no_table(db: None):
    endpoint, secret = register_endpoint(
        partner_id=a_partner().pk, url=PUBLIC, client_id=PROGRAM, description="운영 서버", kinds=["claim.decided"], now=NOW
    )
    assert secret == webhook_secret(endpoint.key, 1)
    assert (endpoint.state, endpoint.version, endpoint.kinds, endpoint.description) == (
        "enabled", 1, ["claim.decided"], "운영 서버",
    )  # fmt: skip
    event = AccountEvent.objects.get(kind="webhook_registered")
    assert (event.actor, event.partner, event.data) == (None, endpoint.partner, {"client": PROGRAM, "endpoint": endpoint.pk})
    stored = "".join(str(row) for table in (WebhookEndpoint, AccountEvent) for row in table.objects.values())
    assert secret.removeprefix("whsec_") not in stored


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"url": "http://93.184.216.34/"}, "fetch_url_invalid"),
        ({"url": "https://93.184.216.34:8443/"}, "fetch_url_invalid"),
        ({"url": "https://user:hush@93.184.216.34/"}, "fetch_url_invalid"),
        ({"url": "https://127.0.0.1/"}, "fetch_address_forbidden"),
        ({"url": "https://[64:ff9b::a9fe:a9fe]/"}, "fetch_address_forbidden"),
        ({"url": "https://nowhere.invalid/"}, "fetch_unreachable"),
        ({"kinds": ["claim.paid"]}, "unknown_webhook_kind"),
        ({"kinds": ["webhook.test"]}, "unknown_webhook_kind"),
        ({"description": "x" * 201}, "invalid_value"),
        ({"description": "a\nb"}, "invalid_character"),
        ({"partner_id": 0}, "unknown_partner"),
    ],
)
def test_what_is_refused_leaves_nothing(said: dict[str, Any], code: str):
    endpoint = an_endpoint()
    good = {"partner_id": endpoint.partner_id, "url": PUBLIC, "client_id": PROGRAM, "now": NOW}
    assert refused(register_endpoint, **{**good, **said}) == code
    if "partner_id" not in said:
        assert refused(change_endpoint, **about(endpoint, version=1, **said)) == code


def test_a_partner_has_ten_and_a_removed_one_makes_room(db: None):
    endpoints = [an_endpoint() for _ in range(MOST_ENDPOINTS)]
    about_partner: dict[str, Any] = {"partner_id": endpoints[0].partner_id, "url": PUBLIC, "client_id": PROGRAM, "now": NOW}
    assert refused(register_endpoint, **about_partner) == "too_many_webhooks"
    an_endpoint(partner=a_partner("other"))
    remove_endpoint(**about(endpoints[3]))
    register_endpoint(**about_partner)
    assert endpoints_of(endpoints[0].partner_id).count() == MOST_ENDPOINTS


def test_it_is_changed_by_who_has_seen_its_last_version(db: None):
    endpoint = an_endpoint()
    WebhookEndpoint.objects.update(failures=3, paused_until=LATER)
    assert change_endpoint(**about(endpoint, version=1, kinds=["claim.closed"])).version == 2
    assert (fresh(endpoint).failures, fresh(endpoint).url) == (3, PUBLIC)
    assert refused(change_endpoint, **about(endpoint, version=1, url="https://1.1.1.1/")) == "version_mismatch"
    changed = change_endpoint(**about(endpoint, version=2, url="https://1.1.1.1/", description="x"))
    assert (changed.version, fresh(endpoint).failures, fresh(endpoint).paused_until) == (3, 0, None)
    assert change_endpoint(**about(endpoint, version=3, url="https://1.1.1.1/")).version == 3, "nothing was changed"
    logged = [event.data["changed"] for event in AccountEvent.objects.filter(kind="webhook_changed").order_by("pk")]
    assert logged == [["kinds"], ["description", "url"]]


def test_it_is_disabled_enabled_and_removed_each_with_its_event(db: None):
    endpoint = an_endpoint()
    for _ in range(2):
        disable_endpoint(**about(endpoint))
    stopped = fresh(endpoint)
    assert (stopped.state, stopped.stopped_at, stopped.stopped_for, stopped.stopped_by) == (
        "disabled", LATER, "asked", PROGRAM,
    )  # fmt: skip
    for _ in range(2):
        enable_endpoint(**about(endpoint))
    assert (fresh(endpoint).state, fresh(endpoint).stopped_at, fresh(endpoint).version) == ("enabled", None, 3)
    rotate_secret(**about(endpoint))
    remove_endpoint(**about(endpoint))
    kinds = list(AccountEvent.objects.filter(partner=endpoint.partner).order_by("pk").values_list("kind", flat=True))
    assert kinds[1:] == [
        "webhook_registered", "webhook_disabled", "webhook_enabled", "webhook_secret_rotated", "webhook_removed",
    ]  # fmt: skip


def test_what_is_removed_is_removed_for_ever_and_its_deliveries_stay(incident: Incident):
    endpoint = an_endpoint()
    claim_of(known("a")[0], incident)
    remove_endpoint(**about(endpoint))
    assert not endpoints_of(endpoint.partner_id).exists()
    assert [row.state for row in deliveries_of(endpoint.partner_id, endpoint.key)] == ["failed"]
    assert refused(enable_endpoint, **about(endpoint)) == "unknown_webhook"
    with pytest.raises(IntegrityError, match="removed_for_ever"), transaction.atomic():
        WebhookEndpoint.objects.update(failures=1)


BY_A_PARTNER: dict[str, dict[str, Any]] = {
    "change_endpoint": {"version": 1}, "enable_endpoint": {}, "disable_endpoint": {}, "remove_endpoint": {},
    "rotate_secret": {}, "send_test_event": {}, "replay_delivery": {"event": True}, "replay_since": {"since": NOW},
}  # fmt: skip


@pytest.mark.parametrize("name", BY_A_PARTNER)
def test_another_partners_endpoint_is_none(name: str, incident: Incident):
    theirs = an_endpoint(partner=a_partner("theirs"))
    claim_of(known("a", partner=a_partner("theirs"))[0], incident)
    more: dict[str, Any] = dict(BY_A_PARTNER[name])
    if more.get("event"):
        more["event"] = WebhookEvent.objects.get().key
    ours = about(theirs, partner_id=a_partner("ours").pk, **more)
    assert refused(getattr(operations, name), **ours) == "unknown_webhook"
    assert refused(getattr(operations, name), **{**ours, "endpoint": uuid4()}) == "unknown_webhook"


def test_a_partner_sees_its_own_deliveries_and_attempts_only(incident: Incident):
    ours, theirs = an_endpoint(partner=a_partner("ours")), an_endpoint(partner=a_partner("theirs"))
    claim_of(known("a", partner=a_partner("theirs"))[0], incident)
    delivery = WebhookDelivery.objects.get()
    WebhookAttempt.objects.create(delivery=delivery, at=NOW, status=500, milliseconds=1)
    seen = theirs.partner_id, theirs.key
    assert [row.pk for row in deliveries_of(*seen)] == [delivery.pk]
    assert attempts_of(*seen, delivery.event.key).count() == 1
    for stranger in ((ours.partner_id, theirs.key), (ours.partner_id, ours.key)):
        assert not deliveries_of(*stranger).exists()
        assert not attempts_of(*stranger, delivery.event.key).exists()
    assert list(endpoints_of(ours.partner_id)) == [ours]


# --- tests and replays ----------------------------------------------------------------------------------


def test_a_test_goes_to_this_endpoint_only_whatever_it_wants_and_once_while_it_waits(db: None):
    endpoint, other = an_endpoint(kinds=["claim.closed"]), an_endpoint()
    first, again = (send_test_event(**about(endpoint)) for _ in range(2))
    assert first == again
    assert (states(endpoint), states(other)) == (["waiting"], [])
    assert (first.event.claim, first.event.number, first.event.kind) == (None, None, "webhook.test")
    assert str(endpoint.key) in first.event.kept.text
    disable_endpoint(**about(endpoint))
    assert refused(send_test_event, **about(endpoint)) == "webhook_disabled"


def test_a_delivery_is_replayed_with_all_its_tries_and_at_once(incident: Incident):
    endpoint = an_endpoint()
    claim_of(known("a")[0], incident)
    event = WebhookEvent.objects.get()
    WebhookDelivery.objects.update(state="failed", attempts=10, ended_at=NOW)
    WebhookEndpoint.objects.update(failures=3, paused_until=LATER + timedelta(days=1))
    replay_delivery(**about(endpoint, event=event.key))
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.due_at, delivery.ended_at) == ("waiting", 0, LATER, None)
    assert fresh(endpoint).paused_until is None
    assert AccountEvent.objects.get(kind="webhook_replayed").data["event"] == event.pk
    assert refused(replay_delivery, **about(endpoint, event=uuid4())) == "unknown_delivery"
    WebhookPayload.objects.all().delete()
    assert refused(replay_delivery, **about(endpoint, event=event.key)) == "payload_erased"


def test_all_since_an_instant_is_replayed_also_what_was_never_sent(incident: Incident):
    endpoint = an_endpoint()
    first = claim_of(known("a")[0], incident)
    WebhookDelivery.objects.update(state="delivered", attempts=1, ended_at=NOW)
    disable_endpoint(**about(endpoint))
    move(first.pk, review="queued")
    assert refused(replay_since, **about(endpoint, since=NOW)) == "webhook_disabled"
    enable_endpoint(**about(endpoint))
    assert states(endpoint) == ["delivered"]
    new = an_endpoint(kinds=["claim.under_review"])
    assert replay_since(**about(new, since=NOW)) == 1
    assert replay_since(**about(endpoint, since=NOW)) == 2
    assert (states(endpoint), states(new)) == (["waiting", "waiting"], ["waiting"])
    assert set(WebhookDelivery.objects.values_list("attempts", "due_at", "ended_at")) == {(0, LATER, None)}
    assert replay_since(**about(endpoint, since=NOW + timedelta(seconds=1))) == 0
    assert replay_since(**about(endpoint, since=NOW - timedelta(days=1), before=NOW)) == 0


def test_what_another_partner_was_told_is_not_replayed(incident: Incident):
    theirs, ours = an_endpoint(partner=a_partner("theirs")), an_endpoint(partner=a_partner("ours"))
    claim_of(known("a", partner=a_partner("theirs"))[0], incident)
    assert replay_since(**about(ours, since=NOW)) == 0
    assert (states(theirs), states(ours)) == (["waiting"], [])


def test_tests_and_what_was_erased_are_not_replayed(incident: Incident):
    endpoint = an_endpoint()
    send_test_event(**about(endpoint, now=NOW))
    claim_of(known("a")[0], incident)
    WebhookPayload.objects.filter(event__number=1).delete()
    assert replay_since(**about(endpoint, since=NOW)) == 0


def test_too_many_are_not_replayed_at_once(incident: Incident, monkeypatch: pytest.MonkeyPatch):
    endpoint = an_endpoint()
    for person in known("a", "b"):
        claim_of(person, incident)
    monkeypatch.setattr(replays, "MOST_REPLAYED", 1)
    assert refused(replay_since, **about(endpoint, since=NOW)) == "too_many_replayed"
    monkeypatch.setattr(replays, "MOST_REPLAYED", 2)
    assert replay_since(**about(endpoint, since=NOW)) == 2


# --- the database ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "wrong", "constraint"),
    [
        (WebhookEndpoint, {"kinds": ["webhook.test"]}, "endpoint_kinds_are_known"),
        (WebhookEndpoint, {"state": "paused"}, "state_is_known"),
        (WebhookEndpoint, {"state": "disabled"}, "endpoint_that_was_stopped_says_why"),
        (WebhookEndpoint, {"stopped_for": "asked"}, "endpoint_that_was_stopped_says_why"),
        (WebhookEndpoint, {"previous_until": NOW}, "endpoint_has_a_secret_before_this_one"),
        (WebhookEndpoint, {"failures": 11}, "endpoint_is_tried_ten_times_in_a_row"),
        (WebhookDelivery, {"state": "delivered"}, "delivery_waits_or_has_an_end"),
        (WebhookDelivery, {"ended_at": NOW}, "delivery_waits_or_has_an_end"),
        (WebhookDelivery, {"attempts": 11}, "delivery_is_tried_ten_times"),
    ],
)
def test_the_database_refuses_nonsense(table: Any, wrong: dict[str, Any], constraint: str, incident: Incident):
    an_endpoint()
    claim_of(known("a")[0], incident)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        table.objects.update(**wrong)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({}, "claim_has_a_webhook_number_once"),
        ({"number": None}, "webhook_event_is_of_a_claim_or_a_test"),
        ({"number": 0}, "webhook_event_is_of_a_claim_or_a_test"),
        ({"kind": "webhook.test"}, "webhook_event_is_of_a_claim_or_a_test"),
        ({"kind": "claim.lost", "number": 2}, "kind_is_known"),
        ({"digest": "x", "number": 2}, "webhook_digest_is_sha256_hex"),
    ],
)
def test_the_database_refuses_an_event_that_is_none(wrong: dict[str, Any], constraint: str, incident: Incident):
    an_endpoint()
    claim_of(known("a")[0], incident)
    event = WebhookEvent.objects.get()
    event.pk, event.key = None, uuid4()
    for name, value in wrong.items():
        setattr(event, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        event.save(force_insert=True)


def test_the_database_refuses_a_second_delivery_and_an_attempt_without_a_result(incident: Incident):
    endpoint = an_endpoint()
    claim_of(known("a")[0], incident)
    event = WebhookEvent.objects.get()
    with pytest.raises(IntegrityError, match="event_goes_to_an_endpoint_once"), transaction.atomic():
        WebhookDelivery.objects.create(event=event, endpoint=endpoint, due_at=NOW)
    for said in ({"status": 200, "failure": "x"}, {"status": None, "failure": ""}):
        with pytest.raises(IntegrityError, match="attempt_has_a_status_or_a_failure"), transaction.atomic():
            WebhookAttempt.objects.create(delivery=WebhookDelivery.objects.get(), at=NOW, milliseconds=1, **said)
