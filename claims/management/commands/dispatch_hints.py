"""Send wake-up hints to the broker: the only process that carries rows to messages."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import ExitStack
from types import FrameType
from typing import Any

import psycopg
from celery import current_app
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from kombu.exceptions import OperationalError as BrokerError

from claims import hints
from claims.models import Hint

log = logging.getLogger(__name__)

BATCH = 100
POLL_SECONDS = 1.0  # a notification comes at once; the poll finds what one that got lost would have told
SEND_SECONDS = 1  # longest wait for a broker that hangs


class Command(BaseCommand):
    help = "Send hint rows to the broker until stopped (SIGTERM, SIGINT). Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what waits now, then end.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        stopped = threading.Event()
        if not once:
            _stop_on_signals(stopped)
        conf = current_app.conf
        conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": SEND_SECONDS}
        with Sender() as sender:
            if once:
                while send_hints(sender):
                    pass
                return
            _run(sender, stopped)


class BrokerDown(Exception):  # noqa: N818 - says what is the case
    """The broker does not answer, or not in time, or refuses."""


class Sender:
    """One connection to the broker, made when first needed and again after a failure."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._producer: Any = None
        broker = current_app.connection_for_write()
        self._failures: tuple[type[BaseException], ...] = (
            BrokerError,
            OSError,
            *broker.connection_errors,
            *broker.channel_errors,
        )

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def send(self, hint: Hint) -> None:
        """Raises BrokerDown."""
        kwargs = {} if hint.ref_id is None else {"run_id": hint.ref_id}
        try:
            if self._producer is None:
                broker = self._open.enter_context(current_app.connection_for_write(connect_timeout=SEND_SECONDS))
                self._producer = self._open.enter_context(current_app.amqp.Producer(broker, auto_declare=False))
            current_app.send_task(hint.task, kwargs=kwargs, producer=self._producer, retry=False)
        except self._failures as error:
            self.close()
            raise BrokerDown(repr(error)) from error

    def close(self) -> None:
        """Forget the connection, whatever state it is in."""
        self._producer = None
        opened, self._open = self._open, ExitStack()
        try:
            opened.close()
        except self._failures as error:
            log.debug("closing a broken connection: %r", error)


def send_hints(sender: Sender) -> int:
    """Send what waits, and delete it in the same transaction once it is sent; returns how many rows went.

    A crash between the two sends them again, which does no harm. Raises BrokerDown; what was
    sent before it is deleted, the rest stays.
    """
    sent: list[int] = []
    failure: BrokerDown | None = None
    with transaction.atomic():
        calls: set[str] = set()
        for hint in Hint.objects.order_by("pk").select_for_update(skip_locked=True)[:BATCH]:
            if hint.ref_id is not None or hint.task not in calls:  # one call to plan plans everything
                try:
                    sender.send(hint)
                except BrokerDown as down:
                    failure = down
                    break
            calls.add(hint.task)
            sent.append(hint.pk)
        Hint.objects.filter(pk__in=sent).delete()
    if failure is not None:
        raise failure
    return len(sent)


def _run(sender: Sender, stopped: threading.Event) -> None:
    """Until stopped; whatever server goes away, its return is waited for."""
    listener: psycopg.Connection[Any] | None = None
    while not stopped.is_set():
        try:
            listener = listener or _listener()
            while send_hints(sender) and not stopped.is_set():
                pass
            for _ in listener.notifies(timeout=POLL_SECONDS, stop_after=1):
                pass
        except BrokerDown as down:
            log.warning("the broker does not answer, hints wait: %s", down)
            stopped.wait(POLL_SECONDS)
        except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
            log.warning("the database does not answer: %r", error)
            _close(listener)
            listener = None
            connection.close()
            stopped.wait(POLL_SECONDS)
        close_old_connections()
    _close(listener)


def _listener() -> psycopg.Connection[Any]:
    """A connection of its own, because a notification only arrives outside a transaction."""
    parameters = connection.get_connection_params()
    named = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if key in parameters}
    listener = psycopg.connect(**named, autocommit=True, connect_timeout=5)
    listener.execute(f"LISTEN {hints.CHANNEL}")
    return listener


def _close(listener: psycopg.Connection[Any] | None) -> None:
    if listener is not None:
        listener.close()


def _stop_on_signals(stopped: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
