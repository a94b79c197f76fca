"""Two at once at the same pair of claims. Seen to fail without each lock: of both statuses, and of the incident's pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import ClaimStatus, Event, Twin
from claims.operations import add_key, find_twins, merge_claims, moves, review
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
