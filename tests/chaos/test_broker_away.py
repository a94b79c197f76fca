"""While the broker is away and workers are killed, claims are taken, all are worked on, and partners are told of them."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from claims.models import Assessment, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from config import embedded, supervisor
from config.site import processes
from config.site import site as ground
from config.supervisor import Processes
from config.valkey import Valkey
from services.models import Incident
from tests.api.cast import Program
from tests.builders import a_partner, a_policy, claim_of, outage
from tests.chaos.asking import Asking, free_address
from tests.chaos.living import PATIENCE, eventually
from tests.claims.hook_cast import an_endpoint, known
from tests.conftest import WORKER
from tests.databases import empty_tables, environment_of_processes

pytestmark = pytest.mark.timeout(600 + 2 * PATIENCE)

FEW = 5.0  # seconds that a program waits while there is no broker


@dataclass(frozen=True)
class Site:
    """All processes of the stack, and a broker of their own: the other is what other tests work with."""

    broker: Valkey
    workers: Processes
    asking: Asking
    incident: Incident


@contextmanager
def _broker() -> Iterator[Valkey]:
    """Whatever a test left of it, it is gone afterwards."""
    folder = embedded.folder(f"broker-{WORKER}")
    found = ground(folder)
    broker = Valkey(found, "x", None)
    with ExitStack() as at_the_end:
        for left in (folder, found.home):
            at_the_end.callback(shutil.rmtree, left, ignore_errors=True)
        at_the_end.callback(_kill, broker)
        _kill(broker)  # of a run that was killed itself
        broker.start()
        yield broker


def _kill(broker: Valkey) -> None:
    for pid, _ in processes(broker.site.valkey_server.name, broker.site.tag):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Started once for all tests here; they see what is committed."""
    with django_db_blocker.unblock(), ExitStack() as at_the_end:
        at_the_end.callback(empty_tables)
        broker = at_the_end.enter_context(_broker())
        incident, asking = outage(version=2), Asking(free_address(), Program("away"))
        a_policy()
        environment = {**environment_of_processes(), "BROKER_URL": broker.url()}
        told: Any = {"stack": environment["CLAIMS_STACK"], "embedded_servers": False, "address": asking.address}
        web = at_the_end.enter_context(supervisor.running(["web"], environment=environment, **told))
        here = {
            **environment,
            "DEBUG": "1",
            "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
            "WORKER_CONCURRENCY": "1",
        }  # where partners' servers are
        workers = at_the_end.enter_context(supervisor.running(["worker", "dispatcher", "beat"], environment=here, **told))
        for started in (web, workers):
            started.wait_until_ready(timeout=PATIENCE)
        assert asking.claim("first").status == 201
        yield Site(broker, workers, asking, incident)
        workers.keep = False
        for name in workers.pids:
            workers.kill(name)  # a worker that is told to stop while it begins takes its time


def test_claims_are_taken_without_a_broker_and_worked_on_once_it_is_back(site: Site):
    ((process, _),) = processes(site.broker.site.valkey_server.name, site.broker.site.tag)
    os.kill(process, signal.SIGSTOP)
    for number in range(5):
        assert site.asking.claim(f"hung-{number}", waits=FEW).status == 201
    os.kill(process, signal.SIGKILL)
    for number in range(5):
        assert site.asking.claim(f"gone-{number}", waits=FEW).status == 201
    site.broker.start()
    filed = [f"{what}-{number}" for what in ("hung", "gone") for number in range(5)]
    done = Assessment.objects.filter(claim__as_partner_knows_it__external_id__in=filed).values("claim").distinct()
    eventually(lambda: done.count() == len(filed), every=0.5)


class Receiver(ThreadingHTTPServer):
    """A partner's server. It counts what comes, by the event's id, and answers nobody at `/held` before it is let."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receives)
        self.came, self.held, self.may_answer = Counter[str](), 0, threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked was killed."""


class _Receives(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came[self.headers["webhook-id"]] += 1
        if self.path == "/held":
            self.server.held += 1
            self.server.may_answer.wait(PATIENCE)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_a_worker_that_is_killed_while_it_tells_partners_has_them_told(site: Site):
    """Each endpoint is told one thing at a time: what comes twice is what was under way, no more than one for each."""
    codes = ("held", "quick", "quicker")
    with Receiver() as receiver:
        with transaction.atomic():
            endpoints = [_endpoint(code, receiver, site) for code in codes]
        deliveries = WebhookDelivery.objects.filter(endpoint__in=endpoints)
        waiting = deliveries.filter(state="waiting")
        attempts = WebhookAttempt.objects.filter(delivery__in=deliveries)
        eventually(lambda: receiver.held > 0 and attempts.exists(), every=0.01)
        site.workers.kill("worker")
        under_way = sum(receiver.came.values()) - attempts.count()
        assert 1 <= under_way <= len(codes), "the kill must come in the middle"
        receiver.may_answer.set()
        WebhookEndpoint.objects.update(taken_until=timezone.now())  # the minute is over for which the dead one had them
        eventually(lambda: not waiting.exists())
        assert set(receiver.came) == {str(key) for key in deliveries.values_list("event__key", flat=True)}
        assert sum(receiver.came.values()) == 24 + under_way
        assert set(receiver.came.values()) == {1, 2}
        told = attempts.values_list("delivery__event__key", "status", "failure")
        assert sorted(told) == sorted((key, 204, "") for key in deliveries.values_list("event__key", flat=True))
        assert set(deliveries.values_list("state", "attempts")) == {("delivered", 1)}


def _endpoint(code: str, receiver: Receiver, site: Site) -> WebhookEndpoint:
    """That eight events wait for."""
    partner = a_partner(code)
    endpoint = an_endpoint(partner=partner, kinds=["claim.filed"])
    url = f"http://127.0.0.1:{receiver.server_port}/{code}"
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=url)  # as it stands it could not be registered here
    for person in known(*(f"{code}-{number}" for number in range(8)), partner=partner):
        claim_of(person, site.incident)
    return endpoint
