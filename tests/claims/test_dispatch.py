"""The dispatcher carries hint rows to the broker; whatever happens, no row is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.core.management import call_command
from django.db import connection, transaction

from claims import hints
from claims.management.commands.dispatch_hints import BrokerDown, Sender, send_hints
from claims.models import Hint
from tests.builders import NOW
from tests.databases import owner_connection

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def hint(task: str = hints.WORK_ON_RUN, ref_id: int | None = 1) -> None:
    with transaction.atomic():
        hints.write_hint(task, ref_id, now=NOW)


def queued() -> int:
    """Messages that wait at the broker."""
    with current_app.connection_for_read() as broker:
        channel: Any = broker.default_channel
        return int(channel.queue_declare(current_app.conf.task_default_queue, passive=False).message_count)


@pytest.fixture
def environment(process_environment: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **process_environment}


@pytest.fixture
def dispatcher(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "manage.py", "dispatch_hints"], cwd=ROOT, env=environment)
    yield process
    process.kill()
    process.wait()


def soon(condition: Callable[[], Any], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_sends_each_call_and_each_wish_to_plan_once(environment: dict[str, str]):
    for _ in range(3):
        hint(hints.PLAN_RUNS, None)
    hint(ref_id=1)
    hint(ref_id=1)  # two workers are called to one run
    call_command("dispatch_hints", once=True)
    assert (Hint.objects.count(), queued()) == (0, 3)


def test_two_dispatchers_send_a_hint_once(environment: dict[str, str]):
    hint()
    with transaction.atomic(), Sender() as sender:
        Hint.objects.select_for_update().get()
        with owner_connection() as other:
            taken = other.execute("SELECT id FROM claims_hint FOR UPDATE SKIP LOCKED").fetchall()
        assert taken == []
        assert send_hints(sender) == 1


class Broken(Sender):
    """Takes so many hints, then the broker is gone."""

    def __init__(self, takes: int) -> None:
        super().__init__()
        self.takes = takes

    def send(self, hint: Hint) -> None:
        if not self.takes:
            raise BrokerDown("gone")
        self.takes -= 1


def test_what_the_broker_did_not_take_stays(environment: dict[str, str]):
    for run in (1, 2, 3):
        hint(ref_id=run)
    with pytest.raises(BrokerDown):
        send_hints(Broken(takes=1))
    assert list(Hint.objects.values_list("ref_id", flat=True)) == [2, 3]


def test_a_broker_that_is_down_answers_within_seconds(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    hint()
    began = time.monotonic()
    with pytest.raises(BrokerDown), Sender() as sender:
        send_hints(sender)
    assert time.monotonic() - began < 5
    assert Hint.objects.count() == 1


def test_a_rolled_back_change_leaves_no_hint():
    with transaction.atomic():
        hints.write_hint(hints.SWEEP, now=NOW)
        transaction.set_rollback(True)
    assert not Hint.objects.exists()


def test_runs_until_stopped_and_survives_the_database(environment: dict[str, str], dispatcher: subprocess.Popen[bytes]):
    hint()
    assert soon(lambda: not Hint.objects.exists()), "sent"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 2
    if environment["BROKER_URL"].startswith("redis"):
        redis.Redis.from_url(environment["BROKER_URL"]).client_kill_filter(_type="normal", skipme=True)
    began = time.monotonic()
    hint()
    assert soon(lambda: not Hint.objects.exists()), "sent after its connections were cut"
    assert queued() == 2
    assert time.monotonic() - began < 10
    dispatcher.send_signal(signal.SIGTERM)
    assert dispatcher.wait(30) == 0  # a busy machine is no fault of its


def test_a_notification_wakes_it_at_once(environment: dict[str, str], dispatcher: subprocess.Popen[bytes]):
    hint()
    assert soon(lambda: not Hint.objects.exists())
    delays = []
    for _ in range(5):
        time.sleep(0.3)
        began = time.monotonic()
        hint()
        assert soon(lambda: not Hint.objects.exists())
        delays.append(time.monotonic() - began)
    assert min(delays) < 0.4
