"""Partners' servers are called: what they answer, what comes of it, and what they are never led into."""

from __future__ import annotations

import json
import re
import socket
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.models import AccountEvent
from claims import hints, tasks
from claims.keys import webhook_secret
from claims.models import Hint, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookPayload
from claims.operations import deliveries as sending
from claims.operations import (
    disable_endpoint,
    enable_endpoint,
    replay_delivery,
    rotate_secret,
    send_test_event,
    webhooks_are_due,
)
from claims.operations.deliveries import Answered, record_attempt, take_delivery, undelivered
from services.endpoints import FetchMisconfigured
from services.models import Incident
from tests.builders import a_partner, claim_of
from tests.claims.hook_cast import (
    PROGRAM,
    TAKES,
    an_endpoint,
    deliver,
    fresh,
    known,
    move,
    received,
    says,
    states,
)
from tests.services.answering import NAME
from tests.services.test_endpoints import NOT_PUBLIC

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def one(incident: Incident) -> WebhookEndpoint:
    """An endpoint that one event waits for."""
    endpoint = an_endpoint()
    claim_of(known("rider-1")[0], incident)
    return endpoint


def leads(endpoint: WebhookEndpoint, url: str) -> None:
    """As if its name led elsewhere than when it was registered."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=url)


def about(endpoint: WebhookEndpoint, **more: Any) -> dict[str, Any]:
    return {"partner_id": endpoint.partner_id, "endpoint": endpoint.key, "client_id": PROGRAM, "now": timezone.now(), **more}


def log() -> list[Any]:
    return [attempt.status or attempt.failure for attempt in WebhookAttempt.objects.order_by("pk")]


# --- delivered ------------------------------------------------------------------------------------------


def test_what_arrives_is_verified_by_the_official_library(one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve(TAKES)
    leads(one, server.url("/hooks?x=1"))
    assert deliver() is False
    (request,) = server.requests
    assert request.startswith("POST /hooks?x=1 HTTP/1.1\r\n")
    told = received(request, webhook_secret(one.key, 1))
    assert (told["type"], told["data"]["person"]) == ("claim.filed", "rider-1")
    assert request.split("\r\n\r\n", 1)[1] == WebhookPayload.objects.get().text
    assert f"webhook-id: {WebhookDelivery.objects.get().event.key}\r\n" in request
    assert (states(one), log()) == (["delivered"], [204])
    assert fresh(one).taken_until is None
    deliver()
    assert len(server.requests) == 1, "once is enough"


@pytest.mark.parametrize("wrong", ["body", "id", "time", "secret"])
def test_one_thing_that_differs_is_noticed(wrong: str, one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve(TAKES)
    leads(one, server.url())
    deliver()
    (request,) = server.requests
    altered = {
        "body": request.replace("claim.filed", "claim.closed"), "id": request.replace("webhook-id: ", "webhook-id: 0"),
        "time": re.sub(r"(?<=webhook-timestamp: )\d+", lambda found: str(int(found[0]) - 1), request),
    }.get(wrong, request)  # fmt: skip
    assert (altered == request) == (wrong == "secret")
    secret = webhook_secret(one.key, 2 if wrong == "secret" else 1)
    with pytest.raises(WebhookVerificationError):
        received(altered, secret)


@pytest.mark.parametrize("ahead", [timedelta(days=-3), timedelta(days=3)])
def test_they_are_signed_by_the_real_time_whatever_a_sandbox_shows(
    ahead: timedelta, one: WebhookEndpoint, allowed: None, serve: Any
):
    """Receivers compare it with clocks of their own."""
    server = serve(TAKES)
    leads(one, server.url())
    WebhookDelivery.objects.update(due_at=timezone.now() - timedelta(days=4))
    deliver(timezone.now() + ahead)
    (request,) = server.requests
    assert received(request, webhook_secret(one.key, 1))["type"] == "claim.filed"
    assert abs(WebhookAttempt.objects.get().at - timezone.now() - ahead) < timedelta(hours=1)


def test_while_a_secret_is_rotated_both_sign_for_a_day(one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve(TAKES)
    leads(one, server.url())
    before = webhook_secret(one.key, 1)
    _, after = rotate_secret(**about(one))
    assert before != after == webhook_secret(one.key, 2)
    deliver()
    for secret in (after, before):
        assert received(server.requests[0], secret)["type"] == "claim.filed"
    WebhookEndpoint.objects.update(previous_until=timezone.now())
    send_test_event(**about(one))
    deliver()
    assert received(server.requests[1], after)["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        received(server.requests[1], before)


def test_each_endpoint_and_each_key_of_ours_has_another_secret(settings: Any, incident: Incident):
    first, second = an_endpoint(), an_endpoint()
    secrets = {webhook_secret(one.key, serial) for one in (first, second) for serial in (1, 2)}
    settings.CLAIM_KEY_SECRET = "another"
    secrets.add(webhook_secret(first.key, 1))
    assert len(secrets) == 5
    assert all(Webhook(secret) and secret.startswith("whsec_") and len(secret) == 50 for secret in secrets)


def test_events_of_a_claim_arrive_in_their_order(incident: Incident, allowed: None, serve: Any):
    server = serve(TAKES)
    endpoint = an_endpoint()
    claim = claim_of(known("a")[0], incident)
    for review in ("queued", "closed", "queued", "withdrawn"):
        move(claim.pk, review=review)
    leads(endpoint, server.url())
    while deliver():
        pass
    told = [json.loads(request.split("\r\n\r\n", 1)[1])["data"]["number"] for request in server.requests]
    assert told == [1, 2, 3, 4, 5]


# --- refused --------------------------------------------------------------------------------------------

RESET = socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, *RESET)
    connection.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (says(500), 500), (says(404), 404), (says(302, "Location: http://169.254.169.254/latest/\r\n"), 302),
        (says(307, "Location: https://93.184.216.34/\r\n"), 307), (b"", "fetch_unreachable"), (_reset, "fetch_unreachable"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", "fetch_unreachable"),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
@pytest.mark.usefixtures("allowed")
def test_what_is_no_success_is_tried_again(answer: Any, expected: Any, one: WebhookEndpoint, serve: Any, caplog: Any):
    server = serve(answer)
    leads(one, server.url())
    now = timezone.now()
    deliver(now)
    assert (states(one), log()) == (["waiting"], [expected])
    assert WebhookDelivery.objects.get().due_at == now + 5 * SECOND
    assert (fresh(one).failures, fresh(one).last_failure) == (1, str(expected))
    deliver(now + 4 * SECOND)
    assert server.connections == 1, "left alone until its pause is over"
    server.script = TAKES
    deliver(now + 5 * SECOND)
    assert (states(one), fresh(one).failures, fresh(one).paused_until) == (["delivered"], 0, None)
    kept = [str(row) for table in (WebhookAttempt, WebhookEndpoint, AccountEvent) for row in table.objects.values()]
    assert "SECRET" not in "".join(kept) + caplog.text


def test_a_receiver_that_hangs_is_left_in_time(one: WebhookEndpoint, allowed: None, serve: Any, monkeypatch: Any):
    monkeypatch.setattr(sending, "CALL_SECONDS", 0.3)
    server = serve()
    server.script = server.drip(b"HTTP/1.1 200 OK\r\nX: ", b"x")
    leads(one, server.url())
    begun = time.monotonic()
    deliver()
    assert time.monotonic() - begun < 2
    assert (states(one), log()) == (["waiting"], ["fetch_timeout"])


def test_an_endless_answer_behind_a_success_is_a_success(one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve()
    server.script = server.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000)
    leads(one, server.url())
    deliver()
    assert (states(one), log()) == (["delivered"], [200])


def test_the_tries_are_those_of_the_standard_and_then_it_has_failed(one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve(says(503))
    leads(one, server.url())
    now = begun = timezone.now()
    tried: list[Any] = []
    while WebhookDelivery.objects.filter(state="waiting").exists():
        deliver(now)
        if server.connections > len(tried):
            tried.append(now - begun)
        now = WebhookDelivery.objects.get().due_at
    pauses = [after - before for before, after in pairwise(tried)]
    hours = [timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)]
    assert pauses == [5 * SECOND, timedelta(minutes=5), timedelta(minutes=30), *hours]
    assert tried[-1] == timedelta(hours=75, minutes=35, seconds=5)
    assert (states(one), log()) == (["failed"], [503] * 10)
    stopped = fresh(one)
    assert (stopped.state, stopped.stopped_for, stopped.stopped_by, stopped.failures) == ("disabled", "failing", "", 10)
    event = AccountEvent.objects.get(kind="webhook_disabled")
    assert (event.partner, event.actor, event.data) == (one.partner, None, {"endpoint": one.pk, "reason": "failing"})


def test_who_is_gone_is_disabled_and_nothing_more_is_sent_until_it_is_back(
    one: WebhookEndpoint, incident: Incident, allowed: None, serve: Any
):
    server = serve(says(410))
    leads(one, server.url())
    deliver()
    assert (fresh(one).state, fresh(one).stopped_for, log()) == ("disabled", "gone", [410])
    later = timezone.now() + timedelta(days=1)
    deliver(later)
    assert server.connections == 1
    server.script = TAKES
    enable_endpoint(**about(one))
    deliver(later)
    assert states(one) == ["delivered"]


def test_nothing_is_sent_while_it_is_disabled(one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve(TAKES)
    leads(one, server.url())
    disable_endpoint(**about(one))
    assert not webhooks_are_due(now=timezone.now())
    deliver()
    assert (server.connections, states(one)) == (0, ["waiting"])
    enable_endpoint(**about(one))
    deliver()
    assert (server.connections, states(one)) == (1, ["delivered"])


def test_what_one_event_is_refused_for_does_not_stop_the_others(incident: Incident, allowed: None, serve: Any):
    """A receiver that cannot take one event: the others go on, and the endpoint stays enabled when that one has failed."""
    server, endpoint = serve(TAKES), an_endpoint()
    poison, good = known("poison", "good")
    claim_of(poison, incident)
    claim = claim_of(good, incident)

    leads(endpoint, server.url())
    server.script = lambda connection: connection.sendall(says(400) if "poison" in server.requests[-1] else TAKES)
    now = timezone.now()
    for turn in range(60):
        move(claim.pk, review=("queued", "closed")[turn % 2])
        while deliver(now):
            pass
        now += timedelta(hours=3)
    refused = WebhookDelivery.objects.get(event__number=1, event__claim__person=poison)
    assert (refused.state, refused.attempts) == ("failed", 10)
    assert set(states(endpoint)) == {"failed", "delivered"}
    assert (fresh(endpoint).state, states(endpoint).count("failed")) == ("enabled", 1)


def test_while_it_rests_nothing_else_is_sent_either(one: WebhookEndpoint, incident: Incident, allowed: None, serve: Any):
    server = serve(says(500))
    leads(one, server.url())
    now = timezone.now()
    deliver(now)
    claim_of(known("rider-2")[0], incident)
    deliver(now + 4 * SECOND)
    assert server.connections == 1


def test_a_failure_of_before_it_was_replayed_is_no_try_of_now(one: WebhookEndpoint):
    now = timezone.now()
    WebhookDelivery.objects.update(attempts=9)
    taken = take_delivery(now=now)
    assert taken is not None
    replay_delivery(**about(one, event=taken.event))
    record_attempt(taken, Answered(500, "", 9), now=now)
    assert (states(one), WebhookDelivery.objects.get().attempts) == (["waiting"], 0)


def test_what_was_erased_is_not_sent(one: WebhookEndpoint, allowed: None, serve: Any):
    server = serve(TAKES)
    leads(one, server.url())
    WebhookPayload.objects.all().delete()
    assert deliver() is False
    assert (server.connections, states(one)) == (0, ["failed"])


def test_what_nobody_foresaw_fails_one_call_only(one: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch):
    def broken(*arguments: Any, **options: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(sending, "post", broken)
    deliver()
    assert (states(one), log()) == (["waiting"], ["crashed"])


# --- never led inside -----------------------------------------------------------------------------------


def test_no_endpoint_leads_into_a_network_that_is_not_public(one: WebhookEndpoint, serve: Any):
    """With no network allowed: whatever its name led to when it was registered, and in every spelling."""
    canary = serve(TAKES)
    now = timezone.now()
    for host in NOT_PUBLIC:
        leads(one, canary.url(host=host, scheme="https"))
        WebhookEndpoint.objects.update(failures=0, paused_until=None)
        WebhookDelivery.objects.update(attempts=0, due_at=now)
        deliver(now)
    assert canary.connections == 0
    assert set(log()) == {"fetch_address_forbidden"}
    assert len(log()) == len(NOT_PUBLIC)


def test_a_name_that_leads_elsewhere_by_now_is_not_followed(serve: Any, resolve: Any, incident: Incident):
    """Public when it was registered, ours when it is called; the second answer of a rebinding server is never asked for."""
    canary = serve(TAKES)
    give, asked = resolve
    give(NAME, ["93.184.216.34"], ["127.0.0.1"], ["64:ff9b::7f00:1"])
    endpoint = an_endpoint(f"https://{NAME}/hooks")
    claim_of(known("a")[0], incident)
    now = timezone.now()
    deliver(now)
    deliver(now + 5 * SECOND)
    assert (log(), canary.connections) == (["fetch_address_forbidden"] * 2, 0)
    assert len(asked) == 3
    assert states(endpoint) == ["waiting"]


def test_a_mistake_of_ours_uses_up_nobodys_tries(one: WebhookEndpoint, allowed: None, settings: Any):
    settings.DEBUG = False
    with pytest.raises(FetchMisconfigured):
        deliver()
    assert (log(), states(one)) == ([], ["waiting"])


# --- killed, slow, in turn ------------------------------------------------------------------------------


def test_who_dies_between_call_and_result_has_it_sent_again_under_the_same_id(
    one: WebhookEndpoint, allowed: None, serve: Any, monkeypatch: Any
):
    server = serve(TAKES)
    leads(one, server.url())

    def killed(*arguments: Any, **options: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(sending, "record_attempt", killed)
        with pytest.raises(SystemExit):
            deliver()
    assert (len(server.requests), states(one), log()) == (1, ["waiting"], [])
    deliver()
    assert len(server.requests) == 1, "it is taken for a minute"
    WebhookEndpoint.objects.update(taken_until=timezone.now())
    deliver()
    ids = {line for request in server.requests for line in request.split("\r\n") if line.startswith("webhook-id")}
    assert (len(server.requests), len(ids), states(one)) == (2, 1, ["delivered"])


def test_who_comes_back_late_says_that_it_arrived_and_not_that_it_failed(one: WebhookEndpoint):
    """Two have had the endpoint: of the first, which was away for more than a minute, only a success counts."""
    now = timezone.now()
    late = take_delivery(now=now)
    WebhookEndpoint.objects.update(taken_until=now)
    second = take_delivery(now=now)
    assert late is not None
    assert second is not None
    record_attempt(late, Answered(500, "", 9), now=now)
    assert (states(one), fresh(one).failures, log()) == (["waiting"], 0, [500])
    assert fresh(one).taken_until is not None, "the second one has it still"
    record_attempt(late, Answered(200, "", 9), now=now)
    record_attempt(second, Answered(500, "", 9), now=now)
    assert (states(one), WebhookDelivery.objects.get().attempts) == (["delivered"], 1)


def test_a_result_of_before_the_partner_changed_it_pauses_nothing(one: WebhookEndpoint):
    now = timezone.now()
    taken = take_delivery(now=now)
    assert taken is not None
    disable_endpoint(**about(one))
    enable_endpoint(**about(one))
    record_attempt(taken, Answered(410, "", 9), now=now)
    assert (fresh(one).state, fresh(one).paused_until) == ("enabled", None)
    assert undelivered(now).exists()


def test_a_slow_receiver_holds_up_no_other(incident: Incident, allowed: None, serve: Any):
    slow, quick = serve(), serve(TAKES)
    slow.script = lambda connection: slow.stopped.wait(1.5) or connection.sendall(TAKES)
    endpoints = [an_endpoint(partner=a_partner(code)) for code in ("slow", "quick")]
    people = [known(*"abcde", partner=a_partner(code)) for code in ("slow", "quick")]
    for person in (*people[0], *people[1]):
        claim_of(person, incident)
    leads(endpoints[0], slow.url())
    leads(endpoints[1], quick.url())
    begun = time.monotonic()
    assert deliver() is True
    assert time.monotonic() - begun < 3, "the slice ends with the one that is slow"
    assert states(endpoints[1]) == ["delivered"] * 5
    assert 1 <= states(endpoints[0]).count("delivered") <= 2


def test_whose_last_turn_is_longest_ago_is_next(incident: Incident):
    codes = ("first", "second", "third")
    endpoints = [an_endpoint(partner=a_partner(code)) for code in codes]
    for code in codes:
        for person in known("x", "y", partner=a_partner(code)):
            claim_of(person, incident)
    now, order = timezone.now(), []
    for turn in range(6):
        taken = take_delivery(now=now + turn * SECOND)
        assert taken is not None
        order.append(taken.endpoint_id)
        record_attempt(taken, Answered(200, "", 1), now=now + turn * SECOND)
    assert order == [endpoint.pk for endpoint in endpoints] * 2


@pytest.mark.django_db(transaction=True)
def test_the_sweep_asks_for_what_is_due_and_a_slice_for_more(one: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch):
    Hint.objects.all().delete()
    tasks.sweep.apply(throw=True)
    assert Hint.objects.filter(task=hints.DELIVER_WEBHOOKS).exists()
    Hint.objects.all().delete()
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0)
    tasks.deliver_webhooks()
    assert Hint.objects.filter(task=hints.DELIVER_WEBHOOKS).exists(), "it had no time"
    Hint.objects.all().delete()
    WebhookDelivery.objects.update(due_at=timezone.now() + timedelta(hours=1))
    tasks.deliver_webhooks()
    tasks.sweep.apply(throw=True)
    assert not Hint.objects.filter(task=hints.DELIVER_WEBHOOKS).exists()
    assert fresh(one).served_at is None
