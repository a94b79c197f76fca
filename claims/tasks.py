"""Thin Celery tasks: a name and one call. Each is harmless when it comes twice, late, or not at all."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from oauth2_provider.models import clear_expired

from accounts.operations import forget_begun_accounts
from accounts.rates import forget_counts
from claims import hints, operations
from services import clock
from services.seoul import SEOUL

NIGHT = time(3, 0)  # in Korea; every claim is then compared with the terms in force
SLICE_SECONDS = 3  # far below the broker's visibility timeout, so that no slice is given to a second worker


@shared_task(name=hints.PLAN_RUNS)
def plan_runs() -> None:
    """Derive for a few seconds, then plan: what usage attests is there before it is assessed."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        more = operations.derive_next(now=clock.now())
    with transaction.atomic(durable=True):
        if more:
            hints.write_hint(hints.PLAN_RUNS, now=clock.now())
        operations.plan_runs(now=clock.now())


@shared_task(name=hints.WORK_ON_RUN, bind=True)
def work_on_run(self: Any, run_id: int) -> None:
    """Work off chunks for a few seconds, then ask to be called again; at the end look for more to plan."""
    deadline = monotonic() + SLICE_SECONDS
    worker = _name(self)
    more = True
    while more and monotonic() < deadline:
        more = operations.assess_next_chunk(run_id=run_id, worker=worker, now=clock.now())
    with transaction.atomic(durable=True):
        operations.beat(worker=worker, now=clock.now())
        if more:
            hints.write_hint(hints.WORK_ON_RUN, run_id, now=clock.now())
        else:
            operations.finish_run(run_id=run_id, now=clock.now())
    if not more:
        plan_runs()


@shared_task(name=hints.FOLLOW_UP)
def follow_up() -> None:
    """Sort messages, find twins, settle what was assessed, write letters, remind of documents, for a few seconds."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        more = (
            operations.sort_next(now=clock.now())
            or operations.find_next_twins(now=clock.now())
            or operations.settle_next(now=clock.now())
            or operations.write_next_letters(now=clock.now())
            or operations.chase_next_evidence(now=clock.now())
        )
    if more:
        with transaction.atomic(durable=True):
            hints.write_hint(hints.FOLLOW_UP, now=clock.now())


@shared_task(name=hints.SEND_MAIL)
def send_mail() -> None:
    """Write mails and hand them over for a few seconds. In turn: an alert waits neither to be written until all codes are sent
    that somebody has asked for, nor do codes until all news is written. Where the mail server fails the turn is over: the sweep
    begins another one.
    """
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        steps = (operations.write_next_code, operations.write_next_news, operations.send_next_mail)
        try:
            more = any([step(now=clock.now()) for step in steps])  # noqa: C419 - each of them
        except operations.MailServerError:
            return
    if more:
        with transaction.atomic(durable=True):
            hints.write_hint(hints.SEND_MAIL, now=clock.now())


@shared_task(name=hints.DELIVER_WEBHOOKS)
def deliver_webhooks() -> None:
    """Tell partners' programs what is due, for a few seconds, or until the slowest of them has answered."""
    if operations.deliver_webhooks(seconds=SLICE_SECONDS, clock=clock.now):
        with transaction.atomic(durable=True):
            hints.write_hint(hints.DELIVER_WEBHOOKS, now=clock.now())


@shared_task(name=hints.TIDY)
def tidy() -> None:
    """What was typed in and never filed goes with its session; codes that nobody needs any more go too, accounts whose address
    nobody has shown to be theirs, and what was counted in minutes gone.
    """
    with transaction.atomic(durable=True):
        operations.forget_codes(now=clock.now())
        operations.forget_account_mails(now=clock.now())
        operations.forget_answers(now=clock.now())
        forget_begun_accounts(now=clock.now())
    _forget_imports()
    forget_counts()  # by itself: whoever asks meanwhile waits for it
    SessionStore.clear_expired()
    clear_expired()  # tokens, and codes for tokens


def _forget_imports() -> None:
    """Some at a time: each may be half a gigabyte."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        with transaction.atomic(durable=True):
            more = bool(operations.forget_imports(now=clock.now()))


@shared_task(name=hints.WORK_ON_BULK)
def work_on_bulk(run_id: int) -> None:
    """Decide claims of a bulk run for a few seconds, then ask to be called again."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        more = operations.work_next_items(run_id=run_id, now=clock.now())
    if more:
        with transaction.atomic(durable=True):
            hints.write_hint(hints.WORK_ON_BULK, run_id, now=clock.now())


@shared_task(name=hints.WORK_ON_IMPORT, bind=True)
def work_on_import(self: Any, run_id: int) -> None:
    """Work off parts of a file for a few seconds, then ask to be called again. A file that is one transaction takes as long as
    it takes: whoever is called to it meanwhile leaves it to this one. `run_id`, as every hint has it: the import's.
    """
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        more = operations.work_next_part(import_id=run_id, worker=_name(self), now=clock.now())
    if more:
        with transaction.atomic(durable=True):
            hints.write_hint(hints.WORK_ON_IMPORT, run_id, now=clock.now())


@shared_task(name=hints.CHECK_CHAIN)
def check_chain() -> None:
    """Go through the log for a few seconds, then ask to be called again."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        with transaction.atomic(durable=True):
            more = operations.check_next_links(now=clock.now())
    if more:
        with transaction.atomic(durable=True):
            hints.write_hint(hints.CHECK_CHAIN, now=clock.now())


@shared_task(name=hints.COMPARE)
def compare() -> None:
    """Work off comparisons for a few seconds; close those that are done."""
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        more = operations.compare_next_chunk(now=clock.now())
    with transaction.atomic(durable=True):
        operations.finish_comparisons(now=clock.now())
        if more:
            hints.write_hint(hints.COMPARE, now=clock.now())


@shared_task(name=hints.SWEEP, bind=True)
def sweep(self: Any) -> None:
    """Find from the tables whatever was missed, each step in a transaction of its own: a long one holds up no other."""
    with transaction.atomic(durable=True):
        operations.chase_versions(now=clock.now())
    plan_runs()
    follow_up()
    with transaction.atomic(durable=True):
        operations.begin_full_comparisons(now=clock.now(), since=_last_night())
    compare()
    if operations.mail_is_due(now=clock.now()):  # by a task of its own: a mail server that hangs holds up nothing else
        with transaction.atomic(durable=True):
            hints.write_hint(hints.SEND_MAIL, now=clock.now())
    if operations.webhooks_are_due(now=clock.now()):  # likewise of partners' servers
        with transaction.atomic(durable=True):
            hints.write_hint(hints.DELIVER_WEBHOOKS, now=clock.now())
    for run_id in operations.open_bulk_runs():
        work_on_bulk(run_id)
    with transaction.atomic(durable=True):
        operations.sweep(worker=_name(self), now=clock.now())
    with transaction.atomic(durable=True):
        operations.call_importers(now=clock.now())
    with transaction.atomic(durable=True):
        operations.count_disputes(now=clock.now())
    _count_tallies()
    _link_log()
    check_chain()


def _count_tallies() -> None:
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        with transaction.atomic(durable=True):
            more = operations.count_tallies()


def _link_log() -> None:
    deadline = monotonic() + SLICE_SECONDS
    more = True
    while more and monotonic() < deadline:
        with transaction.atomic(durable=True):
            more = operations.link_log(now=clock.now())


def _last_night() -> datetime:
    """The last NIGHT in Korea."""
    local = clock.now().astimezone(SEOUL)
    tonight = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    return tonight if tonight <= local else tonight - timedelta(days=1)


def _name(task: Any) -> str:
    """Which process this is, as chunks and beats name it: host and process id."""
    return f"{task.request.hostname or 'local'}:{os.getpid()}"
