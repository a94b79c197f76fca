"""What a payment run leaves out, and what it does not hold back for that: hints, coupons, and money that goes nowhere yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, ClaimStatus, Event, PaymentItem, PaymentRun, Twin
from claims.operations import (
    MayBeDuplicate,
    NothingCanGo,
    PayeeMissing,
    PayeeOfOne,
    ToldFact,
    answer_payments,
    dismiss_twin,
    make_payment_run,
    record_facts,
)
from claims.operations.payouts import Answers, stakes_of
from claims.queries import waiting_sums
from tests.builders import (
    CASH,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    paid_to,
    told,
    work_off,
)
from tests.claims.test_case_pages import client_of
from tests.claims.test_decisions import decide

COUPON = "{instrument: coupon, unit: KRW, currency: KRW}"
DUE = "admin:claims_paymentrun_changelist"


@pytest.fixture
def finance(db: None) -> User:
    return a_user("finance")


def approved(many: int = 1, *remedies: str) -> list[Claim]:
    """By rules; 3,250 are owed of each in each remedy."""
    incident = outage()
    for place, remedy in enumerate(remedies):
        a_policy(code=f"policy_{place}", remedy=remedy)
    claims = [claim_of(a_person(), incident, told()) for _ in range(many)]
    work_off()
    follow_up()
    return claims


def pay(finance: User, **more: Any) -> PaymentRun:
    return make_payment_run(made_by=finance, note="x", now=NOW, **more)


def paid(finance: User, run: PaymentRun) -> None:
    answer_payments(run_id=run.pk, arrived=True, answered_by=finance, now=NOW)


def listed(run: PaymentRun) -> list[tuple[int, str]]:
    return list(run.lines.order_by("claim", "remedy").values_list("claim", "remedy"))


def test_two_claims_that_have_one_account_since_they_were_approved_are_paid_once_somebody_has_looked(finance: User):
    """Also where nobody has compared them yet: the run does."""
    one, other, third = approved(3, CASH)
    for claim in (one, other):
        paid_to(claim.person)
    with pytest.raises(NothingCanGo), transaction.atomic():
        pay(finance)
    assert not Twin.objects.exists(), "a run that is refused leaves nothing"
    paid_to(third.person, "110-999-999999")
    run = pay(finance)
    assert listed(run) == [(third.pk, "cash")]
    assert Event.objects.get(kind="payment_run_made").data["left_out"] == 2, "that wait still"
    page = client_of(finance).get(reverse(DUE)).content.decode()
    assert page.count("중복일 수 있음") == 2
    (twin,) = Twin.objects.filter(score__gte=60)
    assert (twin.claim_id, twin.other_id, "same_payee" in twin.reasons) == (other.pk, one.pk, True)
    with pytest.raises(MayBeDuplicate):
        pay(finance)
    dismiss_twin(twin_id=twin.pk, dismissed_by=a_user("caseworker"), note="a couple", now=NOW)
    assert listed(pay(finance)) == [(one.pk, "cash"), (other.pk, "cash")]


def test_claims_with_open_hints_stand_before_nobody(finance: User):
    claims = approved(3, CASH)
    for place, claim in enumerate(claims):
        paid_to(claim.person, f"110-999-99999{place}")
    Twin.objects.create(
        claim=claims[1], other=claims[0], incident=claims[0].incident, score=60, reasons=["same_phone"], found_at=NOW
    )  # fmt: skip
    ClaimStatus.objects.filter(pk=claims[2].pk).update(moved_at=NOW)
    assert listed(pay(finance, most=1)) == [(claims[2].pk, "cash")]


def test_a_coupon_that_arrived_lets_nobody_stand_before_who_can_be_paid(finance: User):
    first, last = approved(2, CASH, COUPON)
    run = pay(finance)
    assert listed(run) == [(first.pk, "coupon"), (last.pk, "coupon")]
    paid(finance, run)
    with pytest.raises(PayeeMissing):
        pay(finance)
    paid_to(last.person)
    assert listed(pay(finance, most=1)) == [(last.pk, "cash")]


def test_coupons_wait_for_no_account(finance: User):
    """Though the money beside them rests on the word of one, above his authority."""
    authority("caseworker", per_decision=1_000, per_day=1_000)
    (claim,) = approved(1, CASH, COUPON)
    paid_to(claim.person, by=a_user("caseworker"))
    run = pay(finance)
    assert listed(run) == [(claim.pk, "coupon")]
    assert '"coupon","KRW","KRW","3250",""' in bytes(run.content).decode(), "and the list names no account for them"
    paid(finance, run)
    with pytest.raises(PayeeOfOne):
        pay(finance)


def test_where_all_is_left_out_for_several_reasons_none_is_said_of_all(finance: User):
    one, _ = approved(2, CASH)
    authority("caseworker", per_decision=1_000, per_day=1_000)
    paid_to(one.person, by=a_user("caseworker"))
    with pytest.raises(NothingCanGo):
        pay(finance)
    page = client_of(finance).post(reverse(DUE), {"note": "x"}).content.decode()
    assert "기다리는 것이 있지만 지금 나갈 수 있는 것은 없습니다." in page
    assert ("규칙이 승인, 계좌는 한 사람이" in page, "받는 계좌를 모름" in page) == (True, True)


def test_a_coupon_instead_of_money_asks_the_money_back_and_says_so(finance: User):
    (claim,) = approved(1, CASH)
    paid_to(claim.person)
    paid(finance, pay(finance))
    a_policy(code="policy_0", remedy=COUPON)
    record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", False)], now=NOW)
    work_off()
    newest = claim.assessments.latest("run").pk
    stakes = stakes_of(Answers([claim.pk], [newest], approved=True))[claim.pk]
    assert (stakes.gives, stakes.asks_back) == ({"coupon:KRW": 3250}, {"KRW": 3250})
    assert stakes.counted() == {"KRW": 6500}, "a coupon counts as money against an authority"
    worker = a_user("caseworker")
    authority("caseworker")
    decide(claim, worker)
    (waiting,) = waiting_sums([claim.pk])[claim.pk]
    assert (waiting.remedy, waiting.quantity) == ("coupon", 3250), "what is asked back does not go out"


def test_finance_sees_that_money_came_back_until_another_account_is_told(finance: User):
    (claim,) = approved(1, CASH)
    paid_to(claim.person)
    run = pay(finance)
    answer_payments(run_id=run.pk, arrived=False, answered_by=finance, note="account closed", now=NOW)
    due = reverse(DUE)
    assert "보낸 것이 돌아왔고" in client_of(finance).get(due).content.decode()
    paid_to(claim.person, "110-999-999999", now=NOW + timedelta(minutes=1))
    page = client_of(finance).get(due).content.decode()
    assert ("보낸 것이 돌아왔고" in page, "받는 계좌 있음" in page) == (False, True)


def test_the_sums_of_a_run_keep_coupons_apart_from_money(finance: User):
    (claim,) = approved(1, CASH, COUPON)
    paid_to(claim.person)
    client = client_of(finance)
    due = client.get(reverse(DUE)).content.decode()
    assert "3,250원, 쿠폰 3,250원" in due
    run = pay(finance)
    page = " ".join(client.get(reverse("admin:claims_paymentrun_change", args=[run.pk])).content.decode().split())
    assert "아직 가는 중인 모두: 2 · 3,250원, 쿠폰 3,250원" in page
    assert PaymentItem.objects.count() == 2
