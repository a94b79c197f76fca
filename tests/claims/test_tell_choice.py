"""Where a policy leaves a choice nobody is asked blindly: what each option is worth stands beside the others, cash first."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim, Fact
from claims.operations import publish_policy
from services.models import Incident
from tests.builders import NOW, a_person, claim_of, outage, policies_of_the_demonstration, told
from tests.claims.choice_cast import REMEDY, WEBTOON
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_tell import QUERIES, SPANS, choose, here, sent
from tests.eligibility.cast import POLICIES

pytestmark = pytest.mark.django_db
FIELD = f"expected-pick-{REMEDY}"


@pytest.fixture
def incident() -> Incident:
    found = outage(version=2)
    policies_of_the_demonstration()
    return found


def expected(client: Client, *, until: str = "22:00") -> str:
    """The page of what may be expected of Kakao Webtoon from 18:00 on."""
    choose(client, WEBTOON)
    page = sent(client, "times", **SPANS, **spans(until))
    assert page.request["PATH_INFO"] == here("expected"), "nothing is asked"
    return str(page.content.decode())


def spans(until: str) -> dict[str, str]:
    return {"times-0-start_at": "2022-10-15T18:00", "times-0-end_at": f"2022-10-15T{until}"}


def offered(text: str, field: str = FIELD) -> list[str]:
    return re.findall(rf'name="{re.escape(field)}" value="([a-z]*)"', text)


def test_each_option_is_shown_with_its_worth_before_anything_is_left(client: Client, incident: Incident):
    text = expected(client)
    assert offered(text) == ["cash", "points", "days", ""]
    assert '<p class="sum">1,500포인트</p>' in text
    for words in ("1,000원", "3일", "고르지 않으시면: 1,500포인트", "이용권 연장", "아직 고르지 않음"):
        assert words in text, words
    assert REMEDY not in client.get(here("times")).content.decode()


def test_what_is_chosen_is_what_is_expected_shown_and_filed(client: Client, incident: Incident):
    call_command("publish_consents")
    expected(client)
    page = sent(client, "expected", **{FIELD: "cash"})
    assert page.request["PATH_INFO"] == here("you")
    text = client.get(here("expected")).content.decode()
    assert '<p class="sum">1,000원</p>' in text
    assert 'value="cash" checked' in text
    page = sent(client, "you", **{"you-name": "홍길동", "you-email": "hong@example.org"})
    text = page.content.decode()
    assert "<dt>받을 것</dt><dd>현금</dd>" in text
    boxes = dict.fromkeys(re.findall(r'name="(check-consent-\d+)"', text), "on")
    key = re.search(r'name="key" value="([^"]+)"', text)
    assert key
    sent(client, "check", **boxes, key=key[1])
    fact = Fact.objects.get(claim=Claim.objects.get(), name=REMEDY)
    assert (fact.text_value, fact.provenance, fact.revision) == ("cash", "claimant", 1)


def test_who_chooses_nothing_says_nothing(client: Client, incident: Incident):
    expected(client)
    assert sent(client, "expected", **{FIELD: ""}).request["PATH_INFO"] == here("you")
    text = sent(client, "you", **{"you-name": "홍길동", "you-email": "hong@example.org"}).content.decode()
    assert "고르신 보상" not in text


@pytest.mark.parametrize("tried", ["gold", "<script>alert(1)</script>", "\x00", "가" * 5000])
def test_what_is_no_option_is_refused_and_not_kept_as_said(client: Client, incident: Incident, tried: str):
    expected(client)
    page = sent(client, "expected", **{FIELD: tried})
    assert page.request["PATH_INFO"] == here("expected")
    assert "고를 수 없는 것입니다" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert client.get(here("you"), follow=True).request["PATH_INFO"] == here("expected")


def test_what_does_not_hold_for_them_is_not_offered_and_where_nothing_is_given_nothing_is(client: Client, incident: Incident):
    assert offered(expected(client, until="19:00")) == ["cash", "points", ""]
    assert offered(expected(client, until="18:20")) == []
    expected(client)
    assert "무엇으로 받을지 고르기" in client.get(here("expected")).content.decode()
    sent(client, "times", **SPANS, **spans("18:20"))
    assert "무엇으로 받을지 고르기" not in client.get(here("expected")).content.decode()


def test_a_page_with_a_choice_asks_the_database_no_more(
    client: Client, incident: Incident, django_assert_max_num_queries: DjangoAssertNumQueries
):
    expected(client)
    with django_assert_max_num_queries(QUERIES):
        client.get(here("expected"))


# --- other policies ---------------------------------------------------------------------------------------

CASH = "      - option: cash\n        amount: {figure: cash_given}\n"
AS_PUBLISHED = (POLICIES / "demo" / "webtoon_choice.yaml").read_text(encoding="utf-8")


def publish(*changes: tuple[str, str]) -> None:
    """The demonstration's policy, changed, without its examples of cash."""
    text = AS_PUBLISHED.partition("  - name: cash chosen")[0]
    for before, after in changes:
        assert text.count(before) >= 1, before
        text = text.replace(before, after)
    with transaction.atomic():
        publish_policy(pack_yaml=text, now=NOW)


HOURS = "        when:\n          - {that: {counted: hours}, at_least: 6}\n"


def test_cash_that_is_not_given_is_not_hidden(client: Client, incident: Incident):
    publish((CASH, CASH.replace("        amount", f"{HOURS}        amount")))
    text = expected(client)
    assert offered(text) == ["points", "days", ""]
    assert "현금은 다음일 때 받을 수 있습니다" in text
    assert "6 이상" in text
    assert offered(expected(client, until="19:00")) == [], "points alone are no choice"
    assert "현금은 다음일 때 받을 수 있습니다" in client.get(here("expected")).content.decode()


def test_a_fallback_is_no_option_and_what_gives_the_same_is_one(client: Client, incident: Incident):
    """Whoever chose cash too early is given points; and days for which there is another word."""
    points = CASH.replace("cash_given", "days_given") + "        remedy: {instrument: points, unit: point}\n"
    again = "      - option: longer\n        amount: {figure: days_given}\n        remedy: {instrument: days, unit: day}\n"
    publish(
        (CASH, CASH.replace("        amount", f"{HOURS}        amount")), ("values: [points", "values: [longer, points"),
        ("setting:\n", f"{points}{again}setting:\n"),
    )  # fmt: skip
    assert offered(expected(client)) == ["points", "days", ""]
    assert offered(expected(client, until="19:00")) == ["points", "longer", ""]


def test_a_figure_that_is_not_known_yet_is_said_to_be_so(client: Client, incident: Incident):
    publish(
        ("facts:\n", "facts:\n  paid: {type: money, label: {ko: 낸 돈, en: What was paid}, decide: claimant}\n"),
        ("amount: {figure: cash_given}",
         "amount: {cases: [{when: [{fact: webtoon_remedy, is: cash}], pays: {fact: paid}}], otherwise: 1}"),
    )  # fmt: skip
    choose(client, WEBTOON)
    sent(client, "times", **SPANS, **spans("22:00"))
    text = sent(client, "about", **{"about-fact-paid": ""}).content.decode()
    assert offered(text) == ["cash", "points", "days", ""]
    assert "금액 미정" in text
    assert "필요한 사실이 없습니다: 낸 돈" in text


def test_a_choice_of_each_loss_is_made_for_each(client: Client, incident: Incident):
    publish(("  webtoon_remedy:\n    type: text\n", "  webtoon_remedy:\n    type: text\n    of: loss\n"),
            ("losses: {services: [kakao_webtoon.view]}", "losses: {services: [kakao_webtoon.view], each: true}"))  # fmt: skip
    choose(client, WEBTOON)
    second = {"times-1-start_at": "2022-10-15T22:00", "times-1-end_at": "2022-10-15T23:00"}
    sent(client, "times", **SPANS, **spans("21:00"), more=WEBTOON)
    text = sent(client, "times", **SPANS, **spans("21:00"), **second).content.decode()
    fields = list(dict.fromkeys(re.findall(r'name="(expected-pick-[^"]+)"', text)))
    assert [offered(text, field) for field in fields] == [["cash", "points", "days", ""], ["cash", "points", ""]]
    assert "카카오웹툰 작품 보기 2022-10-15 22:00" in text
    sent(client, "expected", **{fields[1]: "cash"})
    text = client.get(here("expected")).content.decode()
    assert '<p class="sum">1,000원 + 1,500포인트</p>' in text
    sent(client, "times", **SPANS, **spans("21:00"))
    assert '<p class="sum">1,500포인트</p>' in client.get(here("expected")).content.decode(), "the other loss is gone"
    claim = claim_of(a_person(), incident, told(WEBTOON, "15 18:00", "15 21:00"), told(WEBTOON, "15 22:00", "15 23:00"))
    let_in(client, claim)
    text = client.get(mine("choose", claim)).content.decode()
    late = claim.losses.latest("start_at")
    assert offered(text, f"pick-{REMEDY}-{late.pk}") == ["cash", "points", ""]
    client.post(mine("choose", claim), {f"pick-{REMEDY}-{late.pk}": "cash", "seen": 1})
    assert list(Fact.objects.filter(claim=claim).values_list("name", "text_value", "loss")) == [(REMEDY, "cash", late.pk)]
    assert claim.losses.count() == 2
    assert "<strong>현금 1,000원</strong>" in client.get(mine("status", claim)).content.decode()
