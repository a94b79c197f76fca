"""A partner moves the clock of a sandbox, and what is due in days comes at once. Real web process, worker, dispatcher, beat."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from django.db import transaction
from django.test import Client

from claims.models import Claim
from claims.operations.deliveries import PAUSES
from config import supervisor
from services import clock
from services.operations import begin_clock
from tests.api.cast import Program, a_claim
from tests.builders import a_policy, a_user, outage
from tests.chaos.living import PATIENCE, eventually
from tests.claims.hook_cast import TAKES, received, says
from tests.services.conftest import serve  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600 + 3 * PATIENCE)]
FAILS = says(500)


class Site:
    """What the partner's program asks of the web process, and how staff see a page of it."""

    def __init__(self, address: str, program: Program) -> None:
        self.address, self.program, self.keys = f"http://{address}", program, 0
        self.staff = Client()
        self.staff.force_login(a_user("caseworker"))

    def api(self, path: str, body: Any = None) -> Any:
        self.keys += 1
        headers = {"Authorization": f"Bearer {self.program.token}", "Content-Type": "application/json"}
        headers |= {} if body is None else {"Idempotency-Key": f"chaos-{self.keys}"}
        method, raw = ("GET", None) if body is None else ("POST", json.dumps(body) if body else "")
        answer = requests.request(method, f"{self.address}/api/v1/{path}", data=raw, headers=headers, timeout=60)
        answer.raise_for_status()
        assert answer.headers["Sandbox"] == "true"
        return answer.json()

    def advance(self, by: timedelta) -> None:
        self.api("test-clock", {"advance_seconds": by // timedelta(seconds=1)})

    def page(self, path: str) -> str:
        cookies, headers = {"sessionid": self.staff.cookies["sessionid"].value}, {"Accept-Language": "en"}
        answer = requests.get(f"{self.address}/admin/{path}", cookies=cookies, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.text


@pytest.fixture
def site(process_environment: dict[str, str]) -> Iterator[Site]:
    outage(version=2)
    a_policy()
    with transaction.atomic():
        begin_clock(now=clock.real())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    own = {**process_environment, "SANDBOX": "1", "DEBUG": "1", "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8"}
    names, stack = ["web", "worker", "dispatcher", "beat"], own["CLAIMS_STACK"]
    with supervisor.running(names, stack=stack, environment=own, embedded_servers=False, address=address) as processes:
        processes.wait_until_ready(timeout=PATIENCE)
        yield Site(address, Program())


def test_a_failing_webhook_is_tried_for_three_days_and_given_up_in_a_minute(site: Site, serve: Callable[..., Any]):  # noqa: F811
    server = serve(FAILS)
    hook = site.api("webhooks", {"url": server.url("/hooks")})["id"]
    secret = site.api(f"webhooks/{hook}/secret")["secrets"][0]

    def delivery(event: str) -> Any:
        return site.api(f"webhooks/{hook}/deliveries/{event}")

    def tried(event: str, times: int) -> None:
        eventually(lambda: delivery(event)["attempts"] >= times, every=0.2)
        assert (delivery(event)["attempts"], len(server.requests)) == (times, times), "and no sooner than it is due"

    first = site.api(f"webhooks/{hook}/test", {})["event"]
    eventually(lambda: delivery(first)["attempts"] == 2, every=0.2)  # the second after five seconds, which pass by themselves
    site.advance(timedelta(minutes=4))
    assert delivery(first)["attempts"] == 2
    server.script = TAKES
    site.advance(timedelta(minutes=1))
    eventually(lambda: delivery(first)["state"] == "delivered", every=0.2)
    assert len(server.requests) == 3
    assert received(server.requests[-1], secret)["type"] == "webhook.test", "signed by the real time: receivers compare it"

    server.script = FAILS
    server.requests.clear()
    given_up = site.api(f"webhooks/{hook}/test", {})["event"]
    tried(given_up, 1)
    for times, pause in enumerate(PAUSES, start=2):
        site.advance(pause)
        tried(given_up, times)
    lost, log = delivery(given_up), delivery(given_up)["log"]
    assert received(server.requests[-1], secret)["type"] == "webhook.test"
    assert (lost["state"], [one["status"] for one in log]) == ("failed", [500] * 10)
    took = datetime.fromisoformat(log[-1]["at"]) - datetime.fromisoformat(log[0]["at"])
    assert sum(PAUSES, timedelta()) <= took < sum(PAUSES, timedelta()) + timedelta(hours=1)
    assert (site.api(f"webhooks/{hook}")["state"], site.api(f"webhooks/{hook}")["stopped_for"]) == ("disabled", "failing")


def test_an_answer_that_was_due_is_late(site: Site):
    claim = site.api("claims", a_claim(message="Why was it down?"))  # which a person answers
    reference = claim["reference"]
    eventually(lambda: Claim.objects.filter(reference=reference, status__review="queued").exists())
    late = "Claims whose answer is overdue: <strong>{}</strong>"
    assert late.format(0) in site.page("")
    assert "queue-late" not in site.page("claims/claimstatus/")
    due = date.fromisoformat(claim["answer_due_date"])
    site.advance(timedelta(days=(due - datetime.now(UTC).date()).days + 2))
    assert late.format(1) in site.page("")
    assert "queue-late" in site.page("claims/claimstatus/")
    assert reference in site.page("claims/claimstatus/")
