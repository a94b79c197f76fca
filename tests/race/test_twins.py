"""Two at once at the same pair of claims."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import ClaimStatus, Event, Message, Twin
from claims.operations import add_key, add_message, find_twins, merge_claims, moves, review
from claims.operations.moves import lock_statuses
from services.refusals import Refusal
from tests.builders import NOW, a_person, a_user, claim_of, outage
from tests.race.together import Step, in_transaction, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_claims_merged_into_each_other_at_once_one_stays(monkeypatch: pytest.MonkeyPatch):
    incident, by = outage(), a_user("checker")
    one, other = (claim_of(a_person(), incident) for _ in range(2))
    make_moves, check = moves.make_moves, review._check_pair

    def slowly(*arguments: Any, **more: Any) -> None:
        until_blocked()
        make_moves(*arguments, **more)

    def checked(*arguments: Any) -> None:
        check(*arguments)
        until_blocked()

    monkeypatch.setattr(moves, "make_moves", slowly)
    monkeypatch.setattr(review, "_check_pair", checked)

    def merge(claim: int, into: int) -> object:
        try:
            with transaction.atomic():
                return merge_claims(claim_id=claim, into_id=into, merged_by=by, note="one", now=NOW)
        except Refusal as refused:
            return refused

    results = together(partial(merge, one.pk, other.pk), partial(merge, other.pk, one.pk))
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert sorted(ClaimStatus.objects.values_list("review", flat=True)) == ["merged", "received"]
    assert Event.objects.filter(kind="claim_merged").count() == 1


def test_who_writes_about_a_merged_claim_waits_for_nobody_who_waits_for_him():
    """Who settles both locks them in the order of their ids: a deadlock where the merged one is locked first."""
    incident = outage()
    stays, merged = (claim_of(a_person(), incident) for _ in range(2))
    with transaction.atomic():
        merge_claims(claim_id=merged.pk, into_id=stays.pk, merged_by=a_user("checker"), note="one", now=NOW)
    locked = Step()

    def settle() -> None:
        with transaction.atomic():
            lock_statuses([stays.pk])
            locked.reach()
            until_blocked()
            lock_statuses([merged.pk])

    def write() -> Message:
        locked.wait()
        with transaction.atomic():
            return add_message(claim_id=merged.pk, text="그 다음은요?", now=NOW)

    _, message = together(settle, write)
    assert message.claim_id == stays.pk


def test_who_writes_about_a_claim_that_is_merged_in_this_moment_writes_to_the_one_that_stays(monkeypatch: pytest.MonkeyPatch):
    incident, by, merged = outage(), a_user("checker"), Step()
    duplicate, stays = (claim_of(a_person(), incident) for _ in range(2))
    make_move = moves.make_move

    def slowly(*arguments: Any, **more: Any) -> None:
        make_move(*arguments, **more)
        merged.reach()
        until_blocked()

    def merge() -> None:
        with transaction.atomic():
            merge_claims(claim_id=duplicate.pk, into_id=stays.pk, merged_by=by, note="one", now=NOW)

    def write() -> Message:
        merged.wait()
        with transaction.atomic():
            return add_message(claim_id=duplicate.pk, text="그 다음은요?", now=NOW)

    monkeypatch.setattr(review, "make_move", slowly)
    _, message = together(merge, write)
    assert message.claim_id == stays.pk


def test_a_pass_takes_away_no_hint_that_another_one_finds_meanwhile():
    """The first has compared the claim and found nothing when the second one comes in with the same key."""
    incident = outage()
    first = claim_of(a_person(), incident)
    add_key(claim_id=first.pk, kind="device", value="one", now=NOW)
    compared = Step()

    def wait(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if "ANALYZE hint" in sql:
            compared.reach()
            until_blocked()
        return execute(sql, *more)

    def slowly() -> None:
        with connection.execute_wrapper(wait), transaction.atomic():
            find_twins(incident_id=incident.pk, now=NOW)

    def meanwhile() -> None:
        compared.wait()
        second = claim_of(a_person(), incident)
        in_transaction(add_key, claim_id=second.pk, kind="device", value="one", now=NOW)()
        in_transaction(find_twins, incident_id=incident.pk, now=NOW)()

    together(slowly, meanwhile)
    assert Twin.objects.get(other=first).reasons == ["same_device", "same_name"]
