"""Why a person has to look at a claim, as of the newest assessment: also while somebody has it in hand and no rule may."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.models import Claim, ClaimStatus
from claims.operations import (
    ToldFact,
    add_message,
    put_back_claim,
    reopen_claim,
    revise_claim,
    take_claim,
    verify_facts,
    withdraw_claim,
)
from claims.queries import reasons_now
from tests.builders import BIKE, NOW, a_person, a_policy, a_user, claim_of, follow_up, outage, told, work_off
from tests.claims.test_case_pages import QUEUE, client_of
from tests.claims.test_duplicates import reasons_at_the_top
from tests.claims.test_queue import PARKED

UNKNOWN = "unknown:missing_fact:is_member"


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


@pytest.fixture
def claim(db: None, worker: User) -> Claim:
    """In review: nobody knows whether the claimant is a member, and somebody asked for it to be looked at."""
    incident = outage()
    a_policy(automatic="{}", needs="is_member")
    claim = claim_of(a_person(), incident, told())
    again()
    assert reasons(claim) == [UNKNOWN]
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    ClaimStatus.objects.filter(pk=claim.pk).update(reasons=["message", UNKNOWN])
    return claim


def again() -> None:
    work_off()
    follow_up()


def reasons(claim: Claim) -> list[str]:
    return ClaimStatus.objects.get(pk=claim.pk).reasons


@transaction.atomic
def verified(claim: Claim, by: User) -> None:
    verify_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], verified_by=by, note="the contract", now=NOW)


def now(claim: Claim) -> list[str]:
    return reasons_now([ClaimStatus.objects.get(pk=claim.pk)])[claim.pk]


def test_what_was_verified_is_no_reason_any_more(claim: Claim, worker: User):
    assert "모르는 사실" in reasons_at_the_top(worker, claim)
    verified(claim, worker)
    assert now(claim) == ["message", UNKNOWN], "it is not assessed yet"
    again()
    assert reasons(claim) == ["message", UNKNOWN], "rules leave alone what somebody has in hand"
    assert now(claim) == ["message"]
    at_top = reasons_at_the_top(worker, claim)
    assert ("모르는 사실" in at_top, "답을 기다리는 글" in at_top) == (False, True)
    listed = client_of(worker).get(QUEUE, {"review": "in_review"}).content.decode().split("<tbody>")[-1]
    assert ("모르는 사실" in listed, "답을 기다리는 글" in listed) == (False, True)
    put_back_claim(claim_id=claim.pk, put_back_by=worker, now=NOW)
    assert reasons(claim) == ["message"], "and so the queue is searched by it"


def test_what_is_put_back_with_no_reason_left_says_so(claim: Claim, worker: User):
    ClaimStatus.objects.filter(pk=claim.pk).update(reasons=[UNKNOWN])
    verified(claim, worker)
    again()
    put_back_claim(claim_id=claim.pk, put_back_by=worker, now=NOW)
    assert reasons(claim) == ["put_back"], "else no filter finds it"


@pytest.mark.parametrize("again", ["by a message", "by staff"])
def test_what_was_withdrawn_comes_back_with_what_is_asked_of_it(claim: Claim, worker: User, again: str):
    withdraw_claim(claim_id=claim.pk, withdrawn_by=worker, note="by phone", now=NOW)
    assert reasons(claim) == []
    if again == "by staff":
        reopen_claim(claim_id=claim.pk, reopened_by=worker, note="x", now=NOW)
    else:
        add_message(claim_id=claim.pk, text="다시 청구합니다.", now=NOW)
    assert UNKNOWN in reasons(claim)


def test_what_is_undecided_now_takes_the_place_of_what_was(claim: Claim, worker: User):
    verified(claim, worker)
    with transaction.atomic():
        revise_claim(claim_id=claim.pk, losses=[told(BIKE)], cause="corrected", now=NOW)
    again()
    assert now(claim) == ["message", *PARKED]


def test_what_no_assessment_said_stays_and_asks_nothing(claim: Claim):
    ClaimStatus.objects.filter(pk=claim.pk).update(reasons=["reopened", "not_automatic:half_hours_of_messages"])
    with CaptureQueriesContext(connection) as asked:
        assert reasons_now([]) == {}
    assert not asked
    assert now(claim) == ["reopened", "not_automatic:half_hours_of_messages"], "though something is undecided"


def test_what_had_nothing_to_assess_has_something_now(claim: Claim):
    ClaimStatus.objects.filter(pk=claim.pk).update(reasons=["nothing_to_assess"])
    assert now(claim) == [UNKNOWN]
