"""Corrections reach everybody once, whatever is killed while they do. Real workers, dispatcher, beat and broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import redis
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Sign

from claims.models import (
    Assessment,
    AssessmentRun,
    Claim,
    Decision,
    DerivationDue,
    Event,
    Letter,
    LetterDue,
    Payout,
    ReassessmentDue,
    RunState,
    SettlementDue,
    TermsInForce,
)
from claims.operations import settle_next, write_next_letters
from config.supervisor import Processes
from services.models import RecordVersion
from tests.builders import NOW, follow_up, work_off
from tests.chaos.living import eventually, stack
from tests.databases import empty_tables
from tests.made_up import (
    chase,
    claims_of_the_morning,
    compare_all,
    everything,
    made_up,
    net,
    on,
    overlap,
    owed_by_rule,
    publish,
)
from tests.proofs import WHOLE, so_many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

CLAIMS = so_many(48, in_the_suite=24)
CHUNK = 4
ENDS = ("12:00", "12:30", "11:00")  # of versions 1, 2, 3
KILLS: Any = [(Assessment, Letter), (Payout,)] if WHOLE else [(), (Payout,)]  # after the first new one of each

EndState = list[tuple[list[tuple[str, int]], int]]  # of each claim its payouts and how many letters


def end_state(claims: list[Claim]) -> EndState:
    return [(list(one.payouts.order_by("pk").values_list("kind", "quantity")), one.letters.count()) for one in claims]


def without_kills() -> EndState:
    """Everything by this process, one after the other; the tables are empty afterwards."""
    incident = made_up()
    publish(on(ENDS[0]))
    claims = claims_of_the_morning(incident, CLAIMS)
    everything()
    for end in ENDS[1:]:
        publish(on(end))
        chase()
        everything()
    state = end_state(claims)
    empty_tables()
    return state


def settled() -> bool:
    """The newest version is in force and all that follows from it is done."""
    in_force = TermsInForce.objects.order_by("-pk").values_list("terms__record_version", flat=True).first()
    if in_force != RecordVersion.objects.order_by("-pk").values_list("pk", flat=True)[0]:
        return False
    queues = (ReassessmentDue, SettlementDue, LetterDue, DerivationDue, AssessmentRun.objects.filter(state=RunState.OPEN))
    return not any((queue if hasattr(queue, "exists") else queue.objects).exists() for queue in queues)


@contextmanager
def undecided(claim: Claim) -> Iterator[None]:
    """Its status is locked: however quick the workers are with the others, something is left."""
    beside = connection.copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SELECT FROM claims_claimstatus WHERE claim_id = %s FOR UPDATE", [claim.pk])
        yield
    finally:
        beside.close()


def kill_after_the_first_new(model: Any, processes: Processes, broker: str) -> None:
    """When the workers have made one: SIGKILL to all of them, and what waits at the broker is lost."""
    before = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    eventually(lambda: model.objects.filter(pk__gt=before).exists(), every=0.01)
    processes.kill("worker")
    redis.Redis.from_url(broker).flushdb()
    assert not settled(), "the kill must come in the middle"


def check_that_each_was_told_once(claims: list[Claim]) -> None:
    keys = ("decision", "policy", "rule", "remedy", "unit", "currency", "kind", "sign")
    assert (
        not Payout.objects.order_by()
        .annotate(sign=Sign("quantity"))
        .values(*keys)
        .annotate(rows=Count("pk"))
        .filter(rows__gt=1)
        .exists()
    )
    assert not Decision.objects.order_by().values("assessment").annotate(rows=Count("pk")).filter(rows__gt=1).exists()
    assert set(Payout.objects.values_list("decision", flat=True)) <= set(Decision.objects.values_list("pk", flat=True))
    assert sorted(Letter.objects.values_list("decision", flat=True)) == sorted(Decision.objects.values_list("pk", flat=True))
    moved = Event.objects.filter(kind__in=("claim_approved", "claim_rejected"))
    assert sorted(event.data["decided"] for event in moved) == sorted(Decision.objects.values_list("pk", flat=True))
    assert not Event.objects.filter(kind="consequences_missed").exists()
    found = compare_all()  # a fresh assessment of everybody, held against what is stored and what was paid
    assert found.total == len(claims)
    assert not found.differences.exists()
    assert not Event.objects.filter(kind="consequences_missed").exists()


def test_killed_workers_and_an_emptied_broker_change_nothing_of_what_people_get(process_environment: dict[str, str]) -> None:
    expected = without_kills()
    incident = made_up()
    publish(on(ENDS[0]))
    claims = claims_of_the_morning(incident, CLAIMS)
    with stack(["worker", "dispatcher", "beat"], process_environment, chunk=CHUNK) as processes:
        eventually(settled)
        for end, models in zip(ENDS[1:], KILLS, strict=True):
            with undecided(claims[-1]):
                publish(on(end))
                for model in models:
                    kill_after_the_first_new(model, processes, process_environment["BROKER_URL"])
            eventually(settled)
        assert end_state(claims) == expected

        with undecided(claims[-1]):
            publish(on("12:20"))  # and one that is overtaken
            kill_after_the_first_new(Assessment, processes, process_environment["BROKER_URL"])
        publish(on("11:40"))
        eventually(settled)
    assert [net(one) for one in claims] == [owed_by_rule(overlap(one, on("11:40"))) for one in claims]
    check_that_each_was_told_once(claims)


# --- every statement is where the power may fail ----------------------------------------------------


class PowerFailure(BaseException):
    """No handler of the operation sees it: what was not committed is gone."""


@pytest.mark.parametrize("failure", [PowerFailure, RuntimeError])
@pytest.mark.parametrize(("step", "queue"), [(settle_next, SettlementDue), (write_next_letters, LetterDue)])
def test_a_step_that_fails_at_any_statement_has_done_nothing_and_is_done_again(
    transactional_db: None, step: Callable[..., bool], queue: Any, failure: type[BaseException]
) -> None:
    publish_and_claim = made_up()
    publish(on("12:00"))
    claims = claims_of_the_morning(publish_and_claim, 12)
    everything()
    publish(on("11:50"))
    chase()
    work_off()
    if step is write_next_letters:
        while settle_next(now=NOW):
            pass
    before = (Payout.objects.count(), Letter.objects.count(), Event.objects.count(), queue.objects.count())
    crashes = 0
    while fails(step, crashes + 1, failure):
        crashes += 1
        queue.objects.update(attempts=0, last_error="")  # a person's word that it may be tried again
        assert (Payout.objects.count(), Letter.objects.count(), Event.objects.count(), queue.objects.count()) == before
    assert crashes >= 4, "each statement has failed once"
    follow_up()
    assert settled()
    assert [net(one) for one in claims] == [owed_by_rule(overlap(one, on("11:50"))) for one in claims]
    check_that_each_was_told_once(claims)


def fails(step: Callable[..., bool], number: int, failure: type[BaseException]) -> bool:
    """Whether the step has so many statements; that one, counted from 1, is then carried out and its answer lost."""
    seen = 0

    def execute(run: Callable[..., Any], *statement: Any) -> Any:
        nonlocal seen
        seen += 1
        result = run(*statement)
        if seen == number:
            raise failure(f"at statement {number}")
        return result

    with connection.execute_wrapper(execute), suppress(PowerFailure):
        step(now=NOW)
    return seen >= number
