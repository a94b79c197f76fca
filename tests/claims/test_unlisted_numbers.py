"""What is in no list has no words of the claimant in letters: where there are several things, a number tells them apart."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, Decision, LossWords
from claims.operations import ToldLoss, revise_claim, take_claim, withdraw_loss
from claims.queries.letter import render_letter
from claims.queries.unlisted import unlisted_numbers
from services.names import UNLISTED
from tests.builders import NOW, a_person, a_user, at, authority, claim_of, follow_up, outage, work_off
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_case_pages import client_of
from tests.claims.test_rejection_letters import rejected

pytestmark = pytest.mark.django_db


def lost(words: str, start: str = "15 15:30", end: str = "15 22:00") -> ToldLoss:
    return ToldLoss(UNLISTED, at(start), at(end), words=words)


def claimed(*losses: ToldLoss) -> Claim:
    claim = claim_of(a_person(), outage(), *losses)
    work_off()
    follow_up()
    return claim


@transaction.atomic
def more(claim: Claim, *losses: ToldLoss) -> None:
    revise_claim(claim_id=claim.pk, losses=losses, cause="corrected", now=NOW)


def by_words(claim: Claim) -> dict[str, int]:
    numbers = unlisted_numbers(claim)
    return {f"{one.words.text} {one.start_at:%H}": numbers[one.pk] for one in claim.losses.order_by("pk") if one.pk in numbers}


@pytest.fixture
def worker(db: None) -> User:
    authority()
    return a_user("caseworker")


@pytest.fixture
def two(worker: User) -> Decision:
    """The bookshop was told first and missed later."""
    return rejected(claimed(lost("책방 앱", "15 18:00"), lost("은행 앱", "15 16:00")), worker, "no_official_window")


def letter(decision: Decision, language: str) -> str:
    return html.unescape(render_letter(decision, language=language, now=NOW).decode())


@pytest.mark.parametrize(("language", "name"), [("ko", "목록에 없는 것"), ("en", "Something that is not on the list")])
def test_reasons_reckoning_and_drawing_tell_two_things_apart_without_their_words(two: Decision, language: str, name: str):
    text = letter(two, language)
    assert re.findall(r'class="g"[^>]*>(.*?)</text>', text) == [f"{name} 1", f"{name} 2"]
    spans = re.findall(rf'<p class="line under">({name} \d 2022-10-15 \d\d:00)', text)
    assert sorted(spans) == [f"{name} 1 2022-10-15 16:00", f"{name} 2 2022-10-15 18:00"]
    assert f"{name} 1, {name} 2</p>" in text
    assert f"{name} 1: " in text, "to who cannot see the drawing"
    assert "책방" not in text
    assert "은행" not in text


def test_pages_of_the_claim_have_the_number_beside_the_words(client: Client, two: Decision):
    let_in(client, two.claim)
    for page in ("status", "disagree", "proof"):
        text = client.get(mine(page, two.claim)).content.decode()
        places = [text.find(said) for said in ("은행 앱 (목록에 없는 것 1)", "책방 앱 (목록에 없는 것 2)")]
        assert -1 not in places, page
        assert page == "disagree" or places == sorted(places), page


def test_what_is_expected_of_an_undecided_claim_has_them_too(client: Client):
    claim = claimed(lost("책방 앱"), lost("은행 앱", "15 16:00"))
    let_in(client, claim)
    text = client.get(mine("status", claim)).content.decode()
    assert "목록에 없는 것 1, 2022-10-15 15:30" in text
    assert "목록에 없는 것 2, 2022-10-15 16:00" in text


def test_who_decides_is_told_that_an_approval_answers_none_of_it(worker: User):
    claim = claimed(lost("책방 앱"))
    told_so = "목록에 없는 것이 있습니다. 승인해도"
    page = reverse("admin:claims_claim_change", args=[claim.pk])
    assert told_so in client_of(worker).get(page).content.decode()
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        about: dict[str, Any] = {"claim_id": claim.pk, "loss_id": claim.losses.get().pk, "now": NOW}
        withdraw_loss(reason="not_lost", withdrawn_by=worker, note="x", **about)
    assert told_so not in client_of(worker).get(page).content.decode()


def test_one_thing_has_no_number_also_at_two_times(client: Client, worker: User):
    claim = claimed(lost("책방 앱"), lost("책방 앱", "16 10:00", "16 11:00"))
    assert unlisted_numbers(claim) == {}
    assert "목록에 없는 것 1" not in letter(rejected(claim, worker, "no_official_window"), "ko")
    let_in(client, claim)
    assert "책방 앱 (목록에 없음)" in client.get(mine("status", claim)).content.decode()


def test_a_number_stays_when_more_is_told_and_in_the_letter_that_was(two: Decision):
    claim, before = two.claim, letter(two, "ko")
    more(claim, lost("전시 앱", "15 15:30"), lost("은행 앱", "15 20:00"))
    assert by_words(claim) == {"책방 앱 09": 2, "은행 앱 07": 1, "전시 앱 06": 3, "은행 앱 11": 1}
    assert letter(two, "ko") == before


def test_without_words_each_loss_is_a_thing(two: Decision):
    LossWords.objects.all().delete()
    assert sorted(unlisted_numbers(two.claim).values()) == [1, 2]
    assert "목록에 없는 것 2" in letter(two, "ko")
