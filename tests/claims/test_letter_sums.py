"""A decision that changes nothing says the sum, what was granted before, and that no more comes; and its letter has a name."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from claims.models import Claim, Decision
from claims.operations import ToldFact, record_facts, revise_claim, take_claim, write_next_letters
from claims.queries.letter import render_letter
from tests.builders import NOW, a_policy, a_user, authority, told
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_appeals import answer, appeal, by_hand, decided, look_again
from tests.worlds import world

pytestmark = pytest.mark.django_db

PERSONS = "{approve_up_to: null, reject: false}"


@world
def worker(db: None) -> User:
    authority()
    return a_user("caseworker")


@world
def twice(worker: User) -> Claim:
    """Approved for 3,250 won, corrected at an hour that no window has, and approved for the same."""
    claim = decided(automatic=PERSONS)
    with transaction.atomic():
        by_hand(claim, worker)
    more(claim, "14 10:00", "14 11:00")
    with transaction.atomic():
        by_hand(claim, worker)
    return claim


def more(claim: Claim, start: str, end: str) -> None:
    with transaction.atomic():
        revise_claim(claim_id=claim.pk, losses=[told(start=start, end=end)], cause="corrected", now=NOW)
    look_again()


def letter(decision: Decision, language: str) -> str:
    body = render_letter(decision, language=language, now=NOW).decode().split("<main>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_who_gets_the_same_as_before_is_told_the_sum_and_that_no_more_comes(twice: Claim):
    first, second = twice.decisions.order_by("pk")
    korean, english = letter(second, "ko"), letter(second, "en")
    for said in (
        "청구는 앞서와 같이 받아들여졌고, 받으실 것은 달라지지 않았습니다.", "시험 이번에 산정한 것 요금 차감 3,250원",
        "시험 앞서 드리기로 한 것 요금 차감 3,250원", "시험 이번에 더 드릴 것 요금 차감 0원",
        "앞서 드리기로 한 것은 그대로이고, 이번에 더 드리거나 돌려받을 것은 없습니다.",
    ):  # fmt: skip
        assert said in korean, said
    for said in (
        "Your claim is accepted as before, and what you get has not changed.", "Test assessed now credit 3,250 won",
        "Test granted before credit 3,250 won", "Test more that comes now credit 0 won", "Nothing more comes now",
    ):  # fmt: skip
        assert said in english, said
    assert "청구를 받아들였습니다" not in korean
    assert "앞서" not in letter(first, "ko")


def test_what_is_granted_later_is_no_part_of_what_was_before(twice: Claim, worker: User):
    more(twice, "15 22:00", "15 23:00")
    with transaction.atomic():
        by_hand(twice, worker)
    _, second, third = twice.decisions.order_by("pk")
    assert "granted before credit 3,250 won" in letter(second, "en")
    assert "top-up credit" in letter(third, "en")
    assert "granted before" not in letter(third, "en")


def test_what_was_not_asked_back_is_not_called_the_same(twice: Claim, worker: User):
    """2,600 are owed now; 650 are too little to be asked back, and stay granted."""
    changed(twice, won=200)
    with transaction.atomic():
        by_hand(twice, worker)
    more(twice, "14 12:00", "14 13:00")
    with transaction.atomic():
        by_hand(twice, worker)
    last = letter(twice.decisions.latest("pk"), "en")
    for said in (
        "assessed now credit 2,600 won", "granted before credit 3,250 won",
        "What was granted before stands. Nothing more comes now, and nothing is asked back.",
    ):  # fmt: skip
        assert said in last, said


def test_what_is_not_known_now_is_not_said_to_be_assessed(twice: Claim, worker: User):
    with transaction.atomic():
        one = appeal(twice)
    changed(twice, asks={"is_member": "boolean", "is_adult": "boolean"}, needs="is_adult")
    other = a_user("caseworker")
    with transaction.atomic():
        take_claim(claim_id=twice.pk, taken_by=other, now=NOW)
        answer(one, other, accepted=False)
    last = letter(twice.decisions.latest("pk"), "en")
    assert "granted before credit 3,250 won" in last
    assert "assessed now" not in last


def changed(claim: Claim, **policy: Any) -> None:
    a_policy(automatic=PERSONS, **policy)
    with transaction.atomic():
        record_facts(claim_id=claim.pk, facts=[ToldFact("is_member", True)], now=NOW)
    look_again()


def test_two_letters_of_one_day_are_told_apart_by_their_time(client: Client, worker: User):
    claim = decided(automatic=PERSONS)
    for hour in (1, 2):
        with transaction.atomic():
            by_hand(claim, worker)
        write_next_letters(now=NOW + timedelta(hours=hour))
        if hour == 1:
            assert names(client, claim) == ["12월 7일 (수)"]
            more(claim, "14 10:00", "14 11:00")
    assert names(client, claim) == ["12월 7일 (수) 20:00", "12월 7일 (수) 19:00"]


def names(client: Client, claim: Claim) -> list[str]:
    let_in(client, claim)
    page = client.get(mine("status", claim)).content.decode()
    return re.findall(r"결정 안내</a> <small>(.*?)</small>", page)
