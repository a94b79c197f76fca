"""Goodwill on the staff's pages: given with an approval, offered to the second person, and its budgets."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.admin import goodwill_page
from claims.models import Claim, ClaimStatus, Goodwill, GoodwillBudget, GoodwillOffer
from claims.operations import Gift, decide_claim, set_goodwill_budget, take_claim
from tests.builders import NOW, a_person, a_policy, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.claims.test_case_pages import act, client_of, page_of

BUDGETS = "/admin/claims/goodwillbudget/"


@pytest.fixture
def claims(db: None) -> list[Claim]:
    incident = outage()
    a_policy(automatic="{}")
    claims = [claim_of(a_person(), incident, told()) for _ in range(3)]
    work_off()
    follow_up()
    authority()
    authority("checker")
    return claims


@pytest.fixture
def finance(db: None) -> User:
    return a_user("finance")


def budget(claim: Claim, finance: User, amount: int = 5_000) -> GoodwillBudget:
    said: dict[str, Any] = {"incident_id": claim.incident_id, "currency": "KRW", "note": "x", "now": NOW}
    return set_goodwill_budget(amount_minor=amount, set_by=finance, **said)


def taken(claim: Claim) -> User:
    worker = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    return worker


def shown(user: User, page: str, language: str = "ko") -> str:
    answer = client_of(user).get(page, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def give(claim: Claim, worker: User, **said: Any) -> str:
    moves = ClaimStatus.objects.get(pk=claim.pk).moves
    return act(worker, claim, "approve", moves=moves, currency="KRW", **said)


def test_goodwill_is_given_with_an_approval(claims: list[Claim], finance: User):
    worker = taken(claims[0])
    assert 'name="goodwill"' not in shown(worker, page_of(claims[0]))
    budget(claims[0], finance)
    assert "예산에 남은 것: 5,000원" in shown(worker, page_of(claims[0]))
    for said in ({"goodwill": "700"}, {"goodwill": "700", "reason": "effort"}, {"reason": "effort", "note": "x"}):
        assert "금액과 까닭과 메모가 모두" in give(claims[0], worker, **said)
    assert not Goodwill.objects.exists()
    assert "goodwill_too_much" in give(claims[0], worker, goodwill="5001", reason="effort", note="x")
    page = give(claims[0], worker, goodwill="700", reason="effort", note="열 번 전화함")
    for words in ("승인: 했습니다.", "호의 보상 700원 (들인 수고)", "호의 보상을 줌", "열 번 전화함", "호의 보상"):
        assert words in page, words


def test_the_second_person_sees_the_offer_and_confirms_it(claims: list[Claim], finance: User):
    budget(claims[0], finance)
    worker, checker = taken(claims[0]), a_user("checker")
    authority(per_decision=3_500)
    give(claims[0], worker, goodwill="700", reason="effort", note="x")
    assert GoodwillOffer.objects.count() == 1
    assert "제안한 호의 보상 700원 (들인 수고)" in shown(checker, page_of(claims[0]))
    assert "했습니다." in act(checker, claims[0], "confirm")
    assert GoodwillBudget.objects.get().spent_minor == 700


def test_finance_sets_a_budget_and_others_only_look(claims: list[Claim], finance: User):
    said = {"incident": claims[0].incident_id, "currency": "KRW", "amount": "5000", "note": "agreed"}
    assert client_of(a_user("caseworker")).post(BUDGETS, said).status_code == 403
    assert "재무 담당자가 정합니다" in shown(a_user("caseworker"), BUDGETS)
    assert Client().get(BUDGETS).status_code == 302
    client = client_of(finance)
    assert not GoodwillBudget.objects.exists()
    assert "currency_unknown" in client.post(BUDGETS, {**said, "currency": "won"}, follow=True).content.decode()
    assert "정했습니다." in client.post(BUDGETS, said, follow=True).content.decode()
    give(claims[0], taken(claims[0]), goodwill="700", reason="effort", note="x")
    assert "budget_below_spent" in client.post(BUDGETS, {**said, "amount": "699"}, follow=True).content.decode()
    assert "4,300원" in shown(finance, BUDGETS)


def test_a_budget_says_who_gave_what_in_pages_and_as_many_queries(
    claims: list[Claim], finance: User, monkeypatch: pytest.MonkeyPatch
):
    row = budget(claims[0], finance)
    page = f"{BUDGETS}{row.pk}/change/"
    counts = []
    for claim in claims:
        decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=taken(claim), now=NOW,
            note="x", goodwill=Gift(500, "KRW", "hardship"),
        )  # fmt: skip
        client = client_of(finance)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    monkeypatch.setattr(goodwill_page, "PAGE", 2)
    first = shown(finance, page)
    before = Goodwill.objects.order_by("-pk")[1].pk
    assert (claims[2].reference in first, claims[0].reference in first, f"?before={before}" in first) == (True, False, True)
    second = shown(finance, f"{page}?before={before}", "en")
    assert (claims[0].reference in second, "hardship" in second, "Next page" in second) == (True, True, False)
