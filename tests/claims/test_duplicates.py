"""What may be one claim twice is named first on the page of each, and asks for an answer before anything is approved."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from claims.models import MOST_PER_KEY, STOP_AT, Claim, ClaimStatus, Decision, Pattern, Twin
from claims.models.twins import HAS_TWIN_SQL
from claims.operations import (
    CannotBe,
    MayBeDuplicate,
    SharedByMany,
    ToldFact,
    add_key,
    answer_appeal,
    dismiss_pattern,
    dismiss_twin,
    merge_claims,
    record_facts,
    reopen_claim,
    take_claim,
    undo_decision,
    verify_facts,
    withdraw_claim,
)
from claims.queries import patterns_of, twins_of
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.claims.test_appeals import appeal
from tests.claims.test_case_pages import act, client_of, page_of, status
from tests.claims.test_decisions import decide
from tests.claims.test_second_look import claims_of
from tests.claims.test_twin_page import hint
from tests.claims.test_twins import found, settled
from tests.worlds import world


@world
def worker(db: None) -> User:
    authority("caseworker")
    return a_user("caseworker")


@world
def pair(db: None) -> list[Claim]:
    """3,250 won are owed of each, and no rule decides them."""
    incident = outage()
    a_policy(automatic="{}")
    claims = [claim_of(a_person(), incident, told()) for _ in range(2)]
    work_off()
    follow_up()
    return claims


def stops(claim: Claim) -> tuple[bool, bool]:
    """As the page has it, and as rules do."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {HAS_TWIN_SQL} FROM (SELECT %s AS claim_id) n", [claim.pk])
        by_rules = cursor.fetchone()[0]
    return any(one.stops for one in twins_of(claim)) or any(one.stops for one in patterns_of(claim)), by_rules


def reasons_at_the_top(user: User, claim: Claim) -> str:
    page = client_of(user).get(page_of(claim)).content.decode()
    return page.split('id="h-why"')[1].split("</section>")[0] if 'id="h-why"' in page else ""


def below(pair: list[Claim], by: User) -> None:
    hint(pair[1], pair[0], STOP_AT - 1)


def dismissed(pair: list[Claim], by: User) -> None:
    dismiss_twin(twin_id=hint(pair[1], pair[0]).pk, dismissed_by=by, note="a couple", now=NOW)


def merged(pair: list[Claim], by: User) -> None:
    hint(pair[1], pair[0])
    merge_claims(claim_id=pair[0].pk, into_id=pair[1].pk, merged_by=by, note="one ride", now=NOW)


def withdrawn(pair: list[Claim], by: User) -> None:
    hint(pair[1], pair[0])
    withdraw_claim(claim_id=pair[0].pk, withdrawn_by=by, note="by phone", now=NOW)


@pytest.mark.parametrize("answered", [below, dismissed, merged, withdrawn])
def test_a_hint_that_is_answered_or_weak_is_no_reason(pair: list[Claim], worker: User, answered: Any):
    answered(pair, worker)
    ClaimStatus.objects.filter(pk=pair[1].pk).update(reasons=["twin", "reopened"])  # as rules had left it
    assert stops(pair[1]) == (False, False)
    at_top = reasons_at_the_top(worker, pair[1])
    assert ("중복일 수 있음" in at_top, "다시 열림" in at_top) == (False, True)
    assert isinstance(decide(pair[1], worker), Decision)


def test_what_cannot_be_is_named_as_well(pair: list[Claim], worker: User):
    twin = hint(pair[0], None, STOP_AT, "before_usage")
    assert stops(pair[0]) == (True, True)
    at_top = reasons_at_the_top(worker, pair[0])
    address = reverse("admin:claims_twin_change", args=[twin.pk])
    assert f'이 청구만의 일: <a href="{address}">60/100 · 이용하기 전의 손실</a>' in at_top
    with pytest.raises(CannotBe):
        decide(pair[0], worker)


def test_one_that_was_rejected_stops_the_other_no_more_until_it_is_looked_at_again(pair: list[Claim], worker: User):
    hint(pair[1], pair[0])
    decide(pair[0], worker, approved=False, reasons=["duplicate"])
    assert (stops(pair[1]), "중복일 수" in reasons_at_the_top(worker, pair[1])) == ((False, False), False)
    reopen_claim(claim_id=pair[0].pk, reopened_by=worker, note="by phone", now=NOW)
    assert stops(pair[1]) == (True, True)
    with pytest.raises(MayBeDuplicate):
        decide(pair[1], worker)


def test_no_approval_stands_again_by_undoing_the_rejection_of_a_duplicate(pair: list[Claim], worker: User):
    decide(pair[0], worker)
    twin = hint(pair[1], pair[0])
    reopen_claim(claim_id=pair[0].pk, reopened_by=worker, note="looks like another", now=NOW)
    decide(pair[0], worker, approved=False, reasons=["duplicate"])
    undone: dict[str, Any] = {"claim_id": pair[0].pk, "undone_by": worker, "note": "x", "now": NOW}
    with pytest.raises(MayBeDuplicate):
        undo_decision(**undone)
    dismiss_twin(twin_id=twin.pk, dismissed_by=worker, note="two rides", now=NOW)
    assert undo_decision(**undone).decision == "approved"


def test_what_gives_less_than_before_is_approved_all_the_same(pair: list[Claim], worker: User):
    """Else more would stay due than is owed."""
    decide(pair[0], worker)
    hint(pair[1], pair[0])
    reopen_claim(claim_id=pair[0].pk, reopened_by=worker, note="half as long", now=NOW)
    a_policy(automatic="{}", won=100)
    record_facts(claim_id=pair[0].pk, facts=[ToldFact("is_member", False)], now=NOW)
    work_off()
    made = decide(pair[0], worker)
    assert isinstance(made, Decision)
    assert sum(pair[0].payouts.values_list("quantity", flat=True)) < 3_250


@pytest.mark.parametrize(("kind", "value", "named"), [("account", "one", True), ("phone", "010-1234-5678", False)])
def test_what_many_claims_have_is_named_where_it_stops_rules(worker: User, kind: str, value: str, named: bool):
    """More of them than make pairs."""
    incident = outage()
    a_policy(automatic="{}")
    claims = [claim_of(a_person(), incident, told()) for _ in range(MOST_PER_KEY + 1)]
    for one in claims:
        add_key(claim_id=one.pk, kind=kind, value=value, now=NOW)
    settled(incident, *claims)
    assert not Twin.objects.exists()
    assert stops(claims[0]) == (named, named)
    assert ("같은 계정: 청구 수 <a" in (at_top := reasons_at_the_top(worker, claims[0])), ">11</a>" in at_top) == (named, named)
    if not named:
        assert isinstance(decide(claims[0], worker), Decision)
        return
    with pytest.raises(SharedByMany):
        decide(claims[0], worker)
    said: dict[str, Any] = {"pattern_id": Pattern.objects.get(kind=kind).pk, "note": "a club", "now": NOW}
    dismiss_pattern(up_to=MOST_PER_KEY + 1, dismissed_by=a_user("checker"), **said)
    assert isinstance(decide(claims[0], worker), Decision)


def test_the_same_loss_told_twice_is_named_with_links_to_the_other_claim_and_to_the_hint(worker: User):
    """As a new user found it: the page named nothing. Whatever rules said of the claim."""
    incident = outage()
    a_policy(automatic="{}")
    first, second = (claim_of(a_person(), incident, told()) for _ in range(2))
    for one in (first, second):
        add_key(claim_id=one.pk, kind="phone", value="010-1234-5678", now=NOW)
    work_off()
    follow_up()
    assert found(incident) == {(second.pk, first.pk): ["same_name", "same_phone"]}
    twin = reverse("admin:claims_twin_change", args=[Twin.objects.get().pk])
    for one, other in ((first, second), (second, first)):
        at_top = reasons_at_the_top(worker, one)
        assert f'중복일 수 있음: <a href="{page_of(other)}">{other.reference}</a> <a href="{twin}">80/100 · ' in at_top
    take_claim(claim_id=second.pk, taken_by=worker, now=NOW)
    refused = act(worker, second, "approve")
    assert "may_be_duplicate" in refused
    assert first.reference in refused.split('class="messagelist"')[1].split("</ul>")[0]
    assert status(second).decision == "undecided"
    dismiss_twin(twin_id=Twin.objects.get().pk, dismissed_by=worker, note="two rides", now=NOW)
    assert "승인: 했습니다." in act(worker, second, "approve")


def test_no_appeal_is_accepted_before_the_hint_is_answered(worker: User):
    incident = outage()
    a_policy(needs="is_member")
    first, second = claims_of(incident, 2)
    reopen_claim(claim_id=first.pk, reopened_by=worker, note="by phone", now=NOW)
    twin = hint(second, first)
    one = appeal(second)
    take_claim(claim_id=second.pk, taken_by=worker, now=NOW)
    verify_facts(claim_id=second.pk, facts=[ToldFact("is_member", True)], verified_by=worker, note="the contract", now=NOW)
    work_off()
    about: dict[str, Any] = {"appeal_id": one.pk, "accepted": True, "answered_by": worker, "note": "so", "now": NOW}
    newest = second.assessments.latest("run").pk
    with pytest.raises(MayBeDuplicate, match=first.reference):
        answer_appeal(assessment_id=newest, **about)
    dismiss_twin(twin_id=twin.pk, dismissed_by=worker, note="two rides", now=NOW)
    answer_appeal(assessment_id=newest, **about)
    one.refresh_from_db()
    assert one.state == "accepted"
