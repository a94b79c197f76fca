"""The demonstration step by step; each opens its transaction around one operation, as every face does."""

from __future__ import annotations

import secrets
from datetime import timedelta
from itertools import product
from pathlib import Path
from time import monotonic, sleep

from django.core.management.base import CommandError
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.models import Partner, RevocationReason, Role, Scope, User
from accounts.operations import change_password, create_staff, issue_credential, revoke_credential, set_scopes
from claims import hints
from claims.demonstration.loading import first_replies, load_people, scenario
from claims.models import (
    AssessmentRun,
    DerivationDue,
    Hint,
    LetterDue,
    ReassessmentDue,
    ReplyTemplate,
    RunState,
    SettlementDue,
    SortDue,
)
from claims.operations import (
    authority_limit,
    count_tallies,
    publish_policy,
    publish_reply_template,
    published_units,
    set_authority,
)
from services import clock
from services.operations import FIXTURES, load_incident, load_service_tree

POLICIES = Path(__file__).resolve().parent.parent / "policies"
PATIENCE_SECONDS = 60


def load_record(*, up_to: int | None) -> None:
    """Service tree and incidents with their versions up to this number."""
    with transaction.atomic(durable=True):
        load_service_tree(FIXTURES / "services.json")
    for path in sorted(FIXTURES.glob("kakao-*.json")):
        with transaction.atomic(durable=True):
            load_incident(path, now=clock.now(), up_to=up_to)


def load_policies() -> int:
    """The schemes of the operator of 2022, and the demonstration's own; the other packs are of other operators."""
    names = scenario()["policies"]
    for name in names:
        text = (POLICIES / f"{name}.yaml").read_text(encoding="utf-8")
        with transaction.atomic(durable=True):
            publish_policy(pack_yaml=text, now=clock.now(), name=f"{name}.yaml")
    return len(names)


def load_everybody() -> int:
    with transaction.atomic(durable=True):
        return load_people(now=clock.now())


def sweep_once() -> None:
    """Ask for the sweep now instead of at its next beat."""
    with transaction.atomic(durable=True):
        hints.write_hint(hints.SWEEP, now=clock.now())


def wait_for_workers(console: Console, label: str) -> None:
    """Returns when nothing is due, planned or hinted any more. Raises CommandError when no worker takes the work."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as bar:  # fmt: skip
        task = bar.add_task(label, total=None)
        total = 0
        moved_at = monotonic()
        left = -1
        while True:
            due = ReassessmentDue.objects.count()
            waiting = due + _asked()
            total = max(total, due)
            bar.update(task, total=total, completed=total - due)
            if not waiting and _idle():
                return
            if waiting != left:
                left, moved_at = waiting, monotonic()
            if monotonic() - moved_at > PATIENCE_SECONDS:
                raise CommandError(f"{due} claims wait and nothing moved for {PATIENCE_SECONDS} s. Is a worker running?")
            sleep(0.1)


def _idle() -> bool:
    """A hint that is sent but not yet obeyed leaves no row; two quiet looks a moment apart do."""
    sleep(1.5)
    return not (ReassessmentDue.objects.exists() or _asked())


def _asked() -> int:
    """Calls to be sent, runs under way, usage that has not met the record, payouts and letters that are due."""
    runs = AssessmentRun.objects.filter(state=RunState.OPEN)
    queues = (Hint, DerivationDue, SettlementDue, LetterDue, SortDue)
    return runs.count() + sum(queue._default_manager.count() for queue in queues)


def count_for_charts() -> None:
    """What the charts show of what was loaded; workers add what they do."""
    more = True
    while more:
        with transaction.atomic(durable=True):
            more = count_tallies()


def give_authority() -> None:
    """What caseworkers and checkers of the demonstration may decide alone of each unit that its policies give, unless
    somebody has said so.
    """
    limits = ((Role.CASEWORKER, 100_000), (Role.CHECKER, 1_000_000))
    for unit, (role, most) in product(published_units(), limits):
        if authority_limit(role, unit) is None:
            with transaction.atomic(durable=True):
                set_authority(
                    role=role, unit=unit, per_decision=most, per_day=20 * most, set_by=None, now=clock.now()
                )  # fmt: skip


def create_log_ins() -> list[tuple[str, str, list[str]]]:
    """A log-in per staff role with a fresh password: (e-mail, password, roles). Two managers: one confirms."""
    made = []
    roles = (Role.CASEWORKER, Role.CHECKER, Role.FINANCE, Role.AUDITOR, Role.MANAGER)
    for name, role in (*zip(roles, roles, strict=True), ("manager-2", Role.MANAGER)):
        email, password = f"{name}@demo.invalid", secrets.token_urlsafe(9)
        with transaction.atomic(durable=True):
            if User.objects.filter(email=email).exists():
                change_password(email=email, password=password, now=clock.now())
            else:
                create_staff(email=email, password=password, roles=[role], now=clock.now())
        made.append((email, password, [str(role)]))
    return made


def give_credential(partner: str, *, issued_by: str) -> tuple[str, str]:
    """A fresh credential of the partner with this code, by the manager with this e-mail: its client id and secret. Those of
    before are revoked. By the real time, as all of how long a log-in holds.
    """
    now, manager = clock.real(), User.objects.get(email=issued_by)
    with transaction.atomic(durable=True):
        known = Partner.objects.get(code=partner)
        for before in known.credentials.filter(revoked_at__isnull=True):
            revoke_credential(credential_id=before.pk, reason=RevocationReason.REPLACED, revoked_by=manager, now=now)
        set_scopes(partner_id=known.pk, scopes=Scope.values, set_by=manager, now=now)
        credential, secret = issue_credential(
            partner_id=known.pk, scopes=Scope.values, expires_at=now + timedelta(days=30), issued_by=manager, now=now
        )  # fmt: skip
    return credential.client_id, secret


def load_replies(*, published_by: str) -> int:
    """Templates of answers, by the checker with this e-mail; returns how many are new. One that is there stays as it is."""
    there = set(ReplyTemplate.objects.values_list("code", flat=True))
    new = [one for one in first_replies() if one["code"] not in there]
    checker = User.objects.get(email=published_by)
    for one in new:
        with transaction.atomic(durable=True):
            publish_reply_template(**one, published_by=checker, now=clock.now(), after=0)
    return len(new)
