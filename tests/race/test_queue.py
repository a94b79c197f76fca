"""Two who take work at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from claims.models import BulkItem, BulkRun, Claim, Decision, Event
from claims.operations import begin_bulk, bulk, decide_claim, draft_bulk, take_claim, take_next, work_next_items
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claims() -> list[Claim]:
    incident = outage()
    a_policy(automatic="{}")
    made = [claim_of(a_person(), incident, told()) for _ in range(4)]
    work_off()
    follow_up()
    return made


def test_who_asks_for_the_next_claim_does_not_wait_for_another_who_is_taking_it(claims: list[Claim]):
    one, other = a_user("caseworker"), a_user("caseworker")
    took, asked = Step(), Step()

    @transaction.atomic
    def first() -> Any:
        status = take_next(taken_by=one, now=NOW)
        took.reach()
        asked.wait()
        return status

    def second() -> Any:
        took.wait()
        status = in_transaction(take_next, taken_by=other, now=NOW)()
        asked.reach()
        return status

    assert [status.pk for status in together(first, second)] == [claims[0].pk, claims[1].pk]


@pytest.fixture
def run(claims: list[Claim]) -> BulkRun:
    authority("caseworker", per_decision=5_000, per_day=50_000)
    return begun(claims, a_user("caseworker"))


@transaction.atomic
def begun(claims: list[Claim], user: User) -> BulkRun:
    drafted = draft_bulk(what="approve", claim_ids=[claim.pk for claim in claims], made_by=user, now=NOW)
    return begin_bulk(run_id=drafted.pk, begun_by=user, now=NOW)


def work(run: BulkRun) -> None:
    while work_next_items(run_id=run.pk, now=NOW, most=1):
        pass


def test_two_workers_decide_each_claim_of_a_bulk_run_once_and_end_it_once(
    run: BulkRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    decide, finish = bulk._decide, bulk._finish

    def slowly(*arguments: Any) -> None:
        until_blocked()
        decide(*arguments)

    def slowly_end(*arguments: Any) -> bool:
        ended = finish(*arguments)
        until_blocked()
        return ended

    monkeypatch.setattr(bulk, "_decide", slowly)
    monkeypatch.setattr(bulk, "_finish", slowly_end)
    together(partial(work, run), partial(work, run))
    work(run)
    assert Decision.objects.count() == 4
    assert Event.objects.filter(kind="bulk_done").count() == 1
    assert set(BulkItem.objects.values_list("state", flat=True)) == {"done"}
    assert "failed" not in caplog.text


def test_a_claim_is_decided_by_hand_or_in_bulk(run: BulkRun, claims: list[Claim], monkeypatch: pytest.MonkeyPatch):
    """The worker has seen it queued, and what is at stake, when somebody takes and decides it."""
    authority("checker", per_decision=5_000, per_day=50_000)
    checker, first = a_user("checker"), claims[0]
    looked, decide = Step(), bulk._decide

    def slowly(*arguments: Any) -> None:
        if not looked.reached():
            looked.reach()
            until_blocked()
        decide(*arguments)

    monkeypatch.setattr(bulk, "_decide", slowly)

    @transaction.atomic
    def by_hand() -> None:
        take_claim(claim_id=first.pk, taken_by=checker, now=NOW)
        assessment = first.assessments.get().pk
        decide_claim(claim_id=first.pk, assessment_id=assessment, approved=True, decided_by=checker, now=NOW)

    def quietly() -> None:
        looked.wait()
        try:
            by_hand()
        except Exception as refused:
            assert getattr(refused, "code", "") == "transition_not_allowed", refused  # noqa: PT017 - in a thread

    together(partial(work, run), quietly)
    assert Decision.objects.filter(claim=first).count() == 1
    assert "failed" not in BulkItem.objects.values_list("code", flat=True)
