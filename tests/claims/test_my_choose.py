"""Somebody chooses what they are to be given, with what each is worth, until it is decided: nothing they said is lost, and cash
is never hidden.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from claims.models import Claim, ClaimStatus, Fact
from claims.operations import ToldFact, correct_claim, decide_claim, merge_claims, record_facts, take_claim, withdraw_claim
from claims.web.my.offered import own_choosing
from tests.builders import (
    MESSAGES,
    NOW,
    a_person,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.choice_cast import REMEDY, of_webtoon
from tests.claims.mine_cast import let_in, mine

pytestmark = pytest.mark.django_db
FIELD = f"pick-{REMEDY}"


@pytest.fixture
def claim(db: None) -> Claim:
    """Four hours of Kakao Webtoon, and nothing chosen; a person decides it."""
    incident = outage(version=2)
    policies_of_the_demonstration()
    return of_webtoon(incident)


def page(client: Client, claim: Claim, name: str = "choose") -> str:
    answer = client.get(mine(name, claim))
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, claim: Claim, option: str, **more: Any) -> Any:
    return client.post(mine("choose", claim), {FIELD: option, "seen": 1, **more}, follow=True)


def offered(text: str) -> list[str]:
    """Values of the radio buttons, in the order of the page."""
    return re.findall(rf'name="{FIELD}" value="([a-z]*)"', text)


def chosen(claim: Claim) -> list[str | None]:
    return list(Fact.objects.filter(claim=claim, name=REMEDY).order_by("pk").values_list("text_value", flat=True))


def decided(claim: Claim, *, approved: bool = True) -> None:
    work_off()
    follow_up()
    authority(unit="KRW")
    authority(unit="point")
    worker, newest = a_user("caseworker"), claim.assessments.latest("pk").pk
    why: dict[str, Any] = {} if approved else {"reasons": ["not_covered"]}
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        decide_claim(claim_id=claim.pk, assessment_id=newest, approved=approved, decided_by=worker, now=NOW, **why)


def test_each_is_shown_with_its_worth_and_cash_first_though_points_are_given_unasked(client: Client, claim: Claim):
    let_in(client, claim)
    text = page(client, claim)
    assert offered(text) == ["cash", "points", "days", ""]
    for words in (
        "<strong>1,000원</strong>",
        "<strong>1,500포인트</strong>",
        "<strong>3일</strong>",
        "받은 날부터 365일 동안 사용",
    ):
        assert words in text, words
    assert "고르지 않으시면: 1,500포인트" in text
    text = client.get(mine("choose", claim), {"lang": "en"}).content.decode()
    for words in ("1,000 won", "1,500 points", "3 days", "If you choose nothing: 1,500 points", "A longer pass"):
        assert words in text, words


def test_what_is_chosen_is_a_revision_by_their_word_and_counts(client: Client, claim: Claim):
    guest = let_in(client, claim)
    assert "아직 고르지 않으셨습니다" in page(client, claim, "status")
    text = send(client, claim, "cash").content.decode()
    assert "고르신 것을 받았습니다" in text
    assert "현금 1,000원" in text
    revision = claim.revisions.get(number=2)
    assert (revision.author, revision.cause, chosen(claim)) == (guest, "corrected", ["cash"])
    assert Fact.objects.get(name=REMEDY).provenance == "claimant"
    text = page(client, claim, "status")
    assert "받을 것: <strong>현금" in text
    assert mine("choose", claim) in text
    work_off()
    line = claim.assessments.get().lines.get()
    assert (line.remedy, line.quantity) == ("cash", 1000)
    text = page(client, claim)
    assert 'value="cash" checked' in text
    assert offered(text) == ["cash", "points", "days"], "what was said is not unsaid"
    send(client, claim, "days", seen=2)
    assert chosen(claim) == ["cash", "days"], "nothing is overwritten"


def test_the_same_from_two_tabs_is_one_and_another_one_looks_again(client: Client, claim: Claim):
    let_in(client, claim)
    for _ in range(2):
        assert "고르신 것을 받았습니다" in send(client, claim, "cash").content.decode()
    assert claim.revisions.count() == 2
    text = send(client, claim, "points").content.decode()
    assert "보시는 동안 청구가 바뀌었습니다" in text
    assert (chosen(claim), claim.revisions.count()) == (["cash"], 2)
    assert 'name="seen" value="2"' in text


def test_what_does_not_hold_is_not_offered_nor_taken(client: Client, claim: Claim):
    short = of_webtoon(claim.incident, hours=1)
    let_in(client, short)
    assert offered(page(client, short)) == ["cash", "points", ""]
    for tried in ("days", "gold", "<script>alert(1)</script>", "\x00", "가" * 5000):
        text = send(client, short, tried).content.decode()
        assert "고를 수 없는 것입니다" in text
        assert "<script>alert" not in text
    assert "하나를 고르세요" in send(client, short, "").content.decode()
    assert "하나를 고르세요" in client.post(mine("choose", short), {"seen": "x"}).content.decode()
    assert short.revisions.count() == 1


@pytest.mark.parametrize("approved", [True, False])
def test_once_it_is_decided_nothing_else_is_chosen(client: Client, claim: Claim, approved: bool):
    guest = let_in(client, claim)
    decided(claim, approved=approved)
    for text in (page(client, claim), send(client, claim, "cash").content.decode()):
        assert "이미 결정된 청구라 다시 고를 수 없습니다" in text
        assert mine("disagree", claim) in text
        assert "radio" not in text
    assert mine("choose", claim) not in page(client, claim, "status")
    assert (chosen(claim), claim.revisions.count()) == ([], 1)
    assert ClaimStatus.objects.get(claim=claim).review == "closed"
    with transaction.atomic():  # what else is said is heard
        correct_claim(claim_id=claim.pk, corrected_by=guest, seen=1, now=NOW, losses=[told(MESSAGES)])
    assert claim.revisions.count() == 2


def test_who_sends_it_while_it_is_decided_is_told_so(client: Client, claim: Claim, monkeypatch: pytest.MonkeyPatch):
    def decided_meanwhile(*given: Any) -> Any:
        decided(claim)
        return own_choosing(*given)

    let_in(client, claim)
    monkeypatch.setattr("claims.web.my.choose.own_choosing", decided_meanwhile)
    assert "이미 결정된 청구라 다시 고를 수 없습니다" in send(client, claim, "cash").content.decode()
    assert chosen(claim) == []


def test_the_letter_says_what_was_chosen_and_by_whom_or_that_nothing_was(client: Client, claim: Claim):
    decided(claim)
    other = of_webtoon(claim.incident, remedy="cash")
    decided(other)
    follow_up()
    for one, words in (
        (claim, "고른 것이 없어, 조건이 맞는 첫 번째 것으로 정했습니다: 포인트"),
        (other, "고른 것: 받을 것 = 현금 (청구인 진술)"),
    ):
        assert words in bytes(one.letters.get().content).decode()
    let_in(client, other)
    assert "<strong>현금 1,000원</strong>" in page(client, other, "status")


def test_what_staff_recorded_is_shown_and_not_changed_here(client: Client, claim: Claim):
    record_facts(claim_id=claim.pk, facts=[ToldFact(REMEDY, "points", "staff")], now=NOW)
    let_in(client, claim)
    text = send(client, claim, "cash").content.decode()
    assert "이 청구에는 고를 것이 없습니다" in text
    assert "받을 것: 1,500포인트 · 담당자 확인" in text
    assert chosen(claim) == ["points"]


def test_where_there_is_nothing_to_choose_the_page_says_so(client: Client, claim: Claim):
    other = claim_of(a_person(), claim.incident, told(MESSAGES))
    let_in(client, other)
    assert "고를 것이 없습니다" in page(client, other)
    assert mine("choose", other) not in page(client, other, "status")
    assert "고를 것이 없습니다" in send(client, other, "cash").content.decode()
    assert other.revisions.count() == 1


def test_a_withdrawn_claim_comes_back_and_a_merged_one_is_answered_elsewhere(client: Client, claim: Claim):
    guest = let_in(client, claim)
    withdraw_claim(claim_id=claim.pk, withdrawn_by=guest, now=NOW)
    assert "거두신 청구입니다" in page(client, claim)
    send(client, claim, "cash")
    assert ClaimStatus.objects.get(claim=claim).review == "queued"
    other = claim_of(a_person(), claim.incident, told())
    merge_claims(claim_id=claim.pk, into_id=other.pk, merged_by=a_user("checker"), note="x", now=NOW)
    for text in (page(client, claim), send(client, claim, "days").content.decode()):
        assert "다른 청구와 합쳤고" in text
    assert chosen(claim) == ["cash"]


def test_a_correction_asks_for_it_nowhere_and_keeps_it(client: Client, claim: Claim):
    let_in(client, claim)
    send(client, claim, "cash")
    text = page(client, claim, "correct")
    assert REMEDY not in text
    assert mine("choose", claim) in text
    loss = claim.losses.get()
    moved = {
        "seen": 2, "loss": loss.pk, "about-fact-claimant_kind": "",
        f"loss-{loss.pk}-start_at": "2022-10-15T19:00", f"loss-{loss.pk}-end_at": "2022-10-15T22:00",
    }  # fmt: skip
    assert "1,000원" in client.post(mine("correct", claim), moved).content.decode()
    client.post(mine("correct", claim), {**moved, "send": 1})
    assert (claim.losses.count(), chosen(claim)) == (2, ["cash"])


@pytest.mark.parametrize("name", ["choose", "chosen"])
def test_somebody_elses_is_as_one_that_is_not_there_and_other_sites_do_nothing(client: Client, claim: Claim, name: str):
    let_in(client, claim_of(a_person(), claim.incident, told()))
    for way in (client.get, client.post):
        assert way(mine(name, claim)).headers["Location"].startswith("/my/?reference=")
    strict = Client(enforce_csrf_checks=True)
    let_in(strict, claim)
    assert strict.post(mine("choose", claim), {FIELD: "cash"}).status_code == 403
    assert chosen(claim) == []
