"""Somebody looks what they may expect before they leave anything: on pages without scripts, and nothing is stored."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim
from claims.operations import publish_policy
from services.models import Incident
from tests.builders import BIKE, MESSAGES, NOW, OUTAGE, outage, policies_of_the_demonstration
from tests.databases import written
from tests.eligibility.cast import POLICIES
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def incident() -> Incident:
    """With the policies of the demonstration."""
    found = outage(version=2)
    policies_of_the_demonstration()
    return found


def here(step: str) -> str:
    return reverse("claim:step", args=[OUTAGE, step])


def sent(client: Client, step: str, **said: Any) -> Any:
    """To the page that comes next."""
    management = {f"tell-{OUTAGE}-current_step": step}
    return client.post(here(step), {**management, **said}, follow=True)


def choose(client: Client, *services: str, **more: Any) -> Any:
    client.get(f"{reverse('claim:begin', args=[OUTAGE])}?reset=1")
    return sent(client, "services", **{"services-services": services, **more})


QUERIES = 5  # incident, fingerprint, session, names, facts
SPANS = {"times-TOTAL_FORMS": 1, "times-INITIAL_FORMS": 1}
RIDE = {
    **SPANS, "times-0-start_at": "2022-10-15T15:20", "times-0-end_at": "2022-10-15T21:15",
    "times-0-fact-ride_started_at": "2022-10-15T15:20", "times-0-fact-ride_locked_at": "2022-10-15T15:42",
    "times-0-fact-ride_charge": "53,450",
}  # fmt: skip


def test_the_bike_renter_sees_49950_won_before_giving_a_name(client: Client, incident: Incident):
    assert OUTAGE in client.get(reverse("claim:start")).content.decode()
    before = {table: rows for table, rows in written().items() if not table.startswith("django_session")}
    page = choose(client, BIKE)
    assert page.request["PATH_INFO"] == here("times")
    for asked in ("잠금 레버를 내린 시각", "잠그지 못하셨으면 비워 두세요.", "청구된 요금(원)", 'value="2022-10-15T15:30"'):
        assert asked in page.content.decode()
    page = sent(client, "times", **RIDE)
    assert page.request["PATH_INFO"] == here("expected")
    text = page.content.decode()
    for said in (
        "49,950원",
        "담당자가 확인할 예정",
        "53,450 - (200 + 150 × 22분) = 49,950원",
        "이용 영수증",
        "운영사 기록을 찾아보는 데 동의하시면",
    ):
        assert said in text, said
    assert {table: rows for table, rows in written().items() if not table.startswith("django_session")} == before
    assert not Claim.objects.exists()


def test_what_may_be_expected_is_said_once_more_before_it_is_sent(client: Client, incident: Incident):
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    sent(client, "expected")
    page = sent(client, "you", **{"you-name": "홍길동", "you-email": "hong@example.org"})
    assert page.request["PATH_INFO"] == here("check")
    assert "<strong>49,950원</strong>" in page.content.decode()


def test_a_quote_costs_as_many_queries_whatever_is_asked(
    client: Client, incident: Incident, django_assert_num_queries: DjangoAssertNumQueries
):
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    with django_assert_num_queries(QUERIES):
        client.get(here("expected"))
    choose(client, MESSAGES, "kakao_t.taxi_call", **{"services-unlisted": "a bookshop"})
    spans = {
        f"times-{row}-{at}": f"2022-10-15T{hour}:00" for row in range(3) for at, hour in (("start_at", 16), ("end_at", 18))
    }
    sent(client, "times", **SPANS, **spans)
    sent(client, "about", **{"about-fact-claimant_kind": "taxi_driver"})
    with django_assert_num_queries(QUERIES):
        client.get(here("expected"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_may_be_expected_is_explained_without_codes(client: Client, incident: Incident, language: str):
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    text = client.get(f"{here('expected')}?lang={language}").content.decode()
    told = re.findall(r"<li>(.*?)</li>", text, re.DOTALL)
    assert any(
        ("기본요금: 200원 (출처: 한 이용자가", "Fare to start: 200 won (source: A receipt")[language == "en"] in line
        for line in told
    )
    assert [line for line in told if re.search(r"[a-z]_[a-z]|operator-|\(operator\)|\d:00:00", line)] == []


def test_a_taxi_driver_is_asked_what_the_membership_needs(client: Client, incident: Incident):
    page = choose(client, "kakao_t.taxi_call")
    page = sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-16T06:00", "times-0-end_at": "2022-10-16T14:00"})
    text = page.content.decode()
    for asked in ("청구인 유형", "택시 기사", "월 이용료(원)", "멤버십 가입 시각"):
        assert asked in text
    said = {"claimant_kind": "taxi_driver", "subscription_charge": "39000", "subscription_started_at": "2022-03-01T00:00"}
    page = sent(client, "about", **{f"about-fact-{name}": value for name, value in said.items()})
    text = page.content.decode()
    for told in ("7,550", "카카오모빌리티 유료 멤버십 보상", "말씀하신 시간", "<svg"):
        assert told in text
    wrong = sent(client, "about", **{"about-fact-subscription_charge": "much"}).content.decode()
    assert "수로 적으세요" in wrong


@pytest.mark.parametrize(
    ("charge", "korean", "english"),
    [
        ("9" * 30, "많아도 10,000,000까지", "at most 10,000,000."),
        ("10,000,001", "많아도 10,000,000까지", "at most 10,000,000."),
        ("-1", "0 이상의 수로", "Write at least 0."),
        ("1" * 201, "200자까지", "at most 200"),
    ],
)
def test_a_sum_beyond_what_is_calculated_with_is_told_its_bound(
    client: Client, incident: Incident, charge: str, korean: str, english: str
):
    choose(client, "kakao_t.taxi_call")
    sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-16T06:00", "times-0-end_at": "2022-10-16T14:00"})
    assert korean in sent(client, "about", **{"about-fact-subscription_charge": charge}).content.decode()
    client.get(f"{here('about')}?lang=en")
    assert english in sent(client, "about", **{"about-fact-subscription_charge": charge}).content.decode()


@pytest.mark.parametrize(
    ("said", "korean", "english"),
    [
        ({"ride_locked_at": "2022-10-15T15:19"}, "‘대여 시각’보다 이릅니다", "before “Start of the ride”"),
        ({"ride_locked_at": "2099-10-15T15:42"}, "아직 오지 않은 때입니다", "This has not come yet"),
        ({"ride_locked_at": "2022-10-17T15:42"}, "24시간 넘게 떨어져", "more than 24 hours from"),
        ({"ride_charge": "10,000,001"}, "많아도 10,000,000까지", "at most 10,000,000."),
        ({"ride_charge": "５３，４５０원"}, "49,950원", "49,950 won"),
    ],
)
def test_a_ride_that_cannot_have_been_is_said_at_its_field(
    client: Client, incident: Incident, said: dict[str, str], korean: str, english: str
):
    """So that nobody is shown a sum that they cannot get; how a sum is written does not matter."""
    choose(client, BIKE)
    ride = {**RIDE, **{f"times-0-fact-{name}": value for name, value in said.items()}}
    assert korean in sent(client, "times", **ride).content.decode()
    client.get(f"{here('times')}?lang=en")
    assert english in sent(client, "times", **ride).content.decode()


def test_the_legend_explains_what_is_drawn_and_no_more(client: Client, incident: Incident):
    def legend(page: Any) -> list[str]:
        drawn = re.search(r'<ul class="legend".*?</ul>', page.content.decode(), re.DOTALL)
        return re.findall(r"</svg>([^<]+)</li>", drawn[0]) if drawn else []

    assert legend(choose(client, BIKE)) == ["일부 이용 불가", "대략의 끝(점선, 흐림)", "추정한 시간"]
    choose(client, "unnamed_bank.banking")
    page = sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-15T16:00", "times-0-end_at": "2022-10-15T20:00"})
    assert '<svg class="timeline' in page.content.decode()
    assert legend(page) == [], "what somebody says is named at its lane"
    choose(client, "unnamed_bank.banking")
    page = sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-15T16:00", "times-0-still": "on"})
    assert legend(page) == ["파악 기준까지 계속"]


def test_an_answer_to_what_another_tab_no_longer_asks_leads_to_what_is_asked_now(client: Client, incident: Incident):
    choose(client, "kakao_t.taxi_call")
    sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-16T06:00", "times-0-end_at": "2022-10-16T14:00"})
    choose(client, BIKE)
    for step in ("about", "x"):
        assert sent(client, step, **{"about-fact-claimant_kind": "taxi_driver"}).request["PATH_INFO"] == here("times")


def test_what_is_given_on_request_is_asked_for_and_nothing_has_to_be_lost(client: Client, incident: Incident):
    page = choose(client, **{"services-asks_for": ["kakao_goodwill"]})
    assert page.request["PATH_INFO"] == here("about")
    page = sent(client, "about", **{"about-fact-domestic_number": "yes", "about-fact-drawer_position": ""})
    text = page.content.decode()
    assert "2,000원" in text
    assert "영구 이모티콘 1종" in text


def test_what_the_record_does_not_have_is_taken_and_recorded(client: Client, incident: Incident):
    page = choose(client, "unnamed_bank.banking")
    assert "공식 장애 시간 없음" in page.content.decode()
    page = sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-15T16:00", "times-0-end_at": "2022-10-15T20:00"})
    text = page.content.decode()
    assert "얼마인지는 아직 말할 수 없습니다" in text
    assert "기록만 됨" in text


def test_another_time_of_a_service_is_a_row_more_and_left_empty_says_nothing(client: Client, incident: Incident):
    choose(client, MESSAGES)
    first = {"times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2022-10-15T16:30"}
    page = sent(client, "times", **SPANS, **first, more=MESSAGES)
    text = page.content.decode()
    assert 'name="times-1-start_at"' in text
    assert 'value="2022-10-15T16:30"' in text
    assert "적으세요" not in text
    assert sent(client, "times", **SPANS, **first).request["PATH_INFO"] == here("about")
    nobody = {f"about-fact-{name}": "" for name in ("claimant_kind",)}
    assert ">요금 차감 500원<" in sent(client, "about", **nobody).content.decode()
    second = {"times-1-start_at": "2022-10-15T18:00", "times-1-end_at": "2022-10-15T19:00"}
    sent(client, "times", **SPANS, **first, **second)
    assert ">요금 차감 1,000원<" in sent(client, "about", **nobody).content.decode()
    page = sent(client, "times", **SPANS, **first, **{"times-1-start_at": "2022-10-15T18:00"})
    assert "끝난 때를 적거나" in page.content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"times-0-end_at": "2022-10-15T16:30"}, "적으세요"),
        ({"times-0-start_at": "2022-10-15T15:30"}, "끝난 때를 적거나"),
        ({"times-0-start_at": "2022-10-15T17:30", "times-0-end_at": "2022-10-15T16:30"}, "끝이 시작보다 앞섭니다"),
        ({"times-0-start_at": "yesterday", "times-0-end_at": "2022-10-15T16:30"}, "errorlist"),
        ({"times-0-start_at": "1022-10-15T15:30", "times-0-end_at": "2022-10-15T16:30"}, "errorlist"),
        ({"times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2090-10-15T16:30"}, "아직 오지 않은 때입니다"),
        ({"times-0-start_at": "2090-10-15T15:30", "times-0-still": "on"}, "아직 오지 않은 때입니다"),
        ({"times-TOTAL_FORMS": "x"}, "alert"),
    ],
)
def test_times_that_cannot_be_are_said_at_their_field(client: Client, incident: Incident, said: dict[str, str], told: str):
    choose(client, MESSAGES)
    page = sent(client, "times", **{**SPANS, **said})
    assert page.request["PATH_INFO"] == here("times")
    assert told in page.content.decode()


def filled_in(page: str, name: str) -> str:
    """What a field of the page has."""
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    assert field is not None, name
    value = re.search(r'value="([^"]*)"', field[0])
    return value[1] if value else ""


def test_that_it_still_lasts_overrules_the_end_that_was_filled_in_and_asks_about_one_that_was_written(
    client: Client, incident: Incident
):
    """Or an end that somebody had typed was dropped without a word, and more was to be expected."""
    page = choose(client, MESSAGES).content.decode()
    official = {f"times-0-{name}": filled_in(page, f"times-0-{name}") for name in ("start_at", "end_at")}
    written = {**SPANS, **official, "times-0-end_at": "2022-10-15T16:30", "times-0-still": "on"}
    for language, asks in (("en", "You wrote when it ended"), ("ko", "끝난 때를 적으셨습니다")):
        client.get(f"{here('times')}?lang={language}")
        answer = sent(client, "times", **written)
        assert answer.request["PATH_INFO"] == here("times")
        assert asks in answer.content.decode()
        assert re.search(r'name="times-0-end_at"[^>]*aria-invalid="true"', answer.content.decode())
    assert sent(client, "times", **SPANS, **official, **{"times-0-still": "on"}).request["PATH_INFO"] == here("about")
    late = {**official, "times-0-start_at": "2022-10-20T00:00"}  # after the end that does not count
    assert sent(client, "times", **SPANS, **late, **{"times-0-still": "on"}).request["PATH_INFO"] == here("about")
    again = {"times-1-start_at": "2022-10-21T15:30", "times-1-end_at": official["times-0-end_at"], "times-1-still": "on"}
    client.get(here("times"))
    sent(client, "times", **SPANS, **official, more=MESSAGES)
    page = sent(client, "times", **SPANS, **official, **again).content.decode()
    assert "끝난 때를 적으셨습니다" in page, "nothing is filled in of another time"


@pytest.mark.parametrize(
    ("times", "asks"),
    [
        (("2026-01-15T15:30", "2026-01-15T16:30"), "start_at"),
        (("2021-10-15T15:30", "2021-10-15T16:30"), "start_at"),
        (("2025-10-15T15:30", ""), "start_at"),
        (("2022-11-20T00:00", "2022-11-20T01:00"), "start_at"),
        (("2022-10-15T15:30", "2023-10-15T16:30"), "end_at"),
        (("2022-11-19T22:00", "2022-11-19T22:59"), ""),
        (("2022-09-10T15:30", "2022-09-15T15:31"), ""),
        (("2021-10-15T15:30", ""), "start_at"),
        (("2022-09-16T15:30", ""), ""),
    ],
)
@pytest.mark.parametrize("service", [MESSAGES, "unlisted"])
def test_a_loss_of_another_year_is_no_loss_of_this_incident(
    client: Client, incident: Incident, service: str, times: tuple[str, str], asks: str
):
    """Further than 30 days from all that the record knows of it, from 15 October 15:00 to 20 October 23:00."""
    chosen = {"services-unlisted": "a bookshop"} if service == "unlisted" else {}
    choose(client, *([] if chosen else [service]), **chosen)
    start_at, end_at = times
    said = {"times-0-start_at": start_at, **({"times-0-end_at": end_at} if end_at else {"times-0-still": "on"})}
    page = sent(client, "times", **SPANS, **said)
    assert (page.request["PATH_INFO"] == here("times")) is bool(asks)
    assert ("이 장애는 2022년 10월 15일 (토)부터였습니다. 날짜가 맞나요?" in page.content.decode()) is bool(asks)
    if asks:
        assert summary(page.content.decode())[0][0] == f"id_times-0-{asks}"
        client.get(f"{here('times')}?lang=en")
        page = sent(client, "times", **SPANS, **said)
        assert "This outage began in 2022, on Sat 15 Oct. Is your date right?" in page.content.decode()


@pytest.mark.parametrize("still", [False, True])
@pytest.mark.parametrize("service", [MESSAGES, "unlisted"])
def test_who_says_that_the_year_is_right_is_asked_once(client: Client, incident: Incident, service: str, *, still: bool):
    """By sending the same again. Of a time that was not asked about it is asked anew; an emptied row says nothing more."""
    chosen = {"services-unlisted": "a bookshop"} if service == "unlisted" else {}
    choose(client, *([] if chosen else [service]), **chosen)

    def said(row: int, day: str) -> dict[str, str]:
        end = {f"times-{row}-still": "on"} if still else {f"times-{row}-end_at": f"{day}T19:00"}
        return {f"times-{row}-start_at": f"{day}T18:00", **end}

    asks = "날짜가 맞나요? 맞으면 그대로 한 번 더 누르세요."
    first = said(0, "2022-11-25")
    page = sent(client, "times", **SPANS, **first)
    assert asks in page.content.decode()
    first["times-0-sure"] = filled_in(page.content.decode(), "times-0-sure")
    page = sent(client, "times", **SPANS, **{**first, "times-0-start_at": "2022-11-24T18:00"})
    assert asks in page.content.decode()
    first["times-0-start_at"] = "2022-11-24T18:00"
    first["times-0-sure"] = filled_in(page.content.decode(), "times-0-sure")
    sent(client, "times", **SPANS, **first, more=service)
    page = sent(client, "times", **SPANS, **first, **said(1, "2021-10-15"))
    assert [at for at, _ in summary(page.content.decode())] == ["id_times-1-start_at"], "the other was asked about before"
    emptied = {name: "" for name in said(1, "2021-10-15") if not name.endswith("still")}
    emptied["times-1-sure"] = filled_in(page.content.decode(), "times-1-sure")
    assert emptied["times-1-sure"]
    page = sent(client, "times", **SPANS, **first, **emptied)
    assert page.request["PATH_INFO"] == here("about" if service == MESSAGES else "expected")
    text = client.get(here("times")).content.decode()
    assert (asks in text, filled_in(text, "times-0-sure")) == (False, first["times-0-sure"]), "as it was left"


def test_of_a_ride_in_another_year_only_the_year_is_asked_about(client: Client, incident: Incident):
    choose(client, BIKE)
    wrong = {"times-0-start_at": "2021-10-15T15:20", "times-0-end_at": "2021-10-15T21:15"}
    assert len(summary(sent(client, "times", **{**RIDE, **wrong}).content.decode())) == 1
    end_only = {"times-0-end_at": "2021-10-15T21:15"}
    assert "끝이 시작보다 앞섭니다" in sent(client, "times", **{**RIDE, **end_only}).content.decode()


def summary(page: str) -> list[tuple[str, str]]:
    """Of what is wrong, where each entry leads and what it says."""
    return re.findall(r'<li><a href="#([^"]+)">(.*?)</a></li>', page.partition('class="wrong"')[2].partition("</ul>")[0])


def test_what_is_wrong_with_times_names_service_and_field_and_leads_there(client: Client, incident: Incident):
    choose(client, MESSAGES, BIKE, **{"services-unlisted": "a bookshop"})
    number = {f"times-{place}-end_at": "2022-10-15T16:30" for place in range(3)}
    page = sent(client, "times", **SPANS, **number, **{"times-1-fact-ride_charge": "much"}).content.decode()
    found = summary(page)
    starts = [(at, text) for at, text in found if at.endswith("start_at")]
    names = re.findall(r"<legend>(.*?)</legend>", page)
    assert [at for at, _ in starts] == [f"id_times-{place}-start_at" for place in range(3)]
    assert [text for _, text in starts] == [f"{name} — 시작: 적으세요." for name in names]
    (charge,) = [text for at, text in found if at == "id_times-1-fact-ride_charge"]
    assert charge.startswith("카카오바이크")
    assert " — 청구된 요금(원): " in charge
    for at, _ in found:
        assert f'id="{at}"' in page, at
    again = sent(client, "times", **SPANS, **number, more=BIKE).content.decode()
    assert again.count("<legend>카카오바이크") == 2
    twice = {"times-2-end_at": "2022-10-15T17:30", "times-3-end_at": "2022-10-15T16:30"}
    page = client.post(
        f"{here('times')}?lang=en", {**number, **twice, **SPANS, f"tell-{OUTAGE}-current_step": "times"}
    ).content.decode()
    english = [text for at, text in summary(page) if at.endswith("start_at")]
    assert len(english) == 4
    assert english[1].endswith("(1) — Start: Fill this in.")
    assert english[2].endswith("(2) — Start: Fill this in.")


def test_who_goes_ahead_is_led_to_what_is_not_answered(client: Client, incident: Incident):
    for step in ("times", "about", "expected"):
        assert client.get(here(step), follow=True).request["PATH_INFO"] == here("services")
    choose(client, BIKE)
    assert client.get(here("expected"), follow=True).request["PATH_INFO"] == here("times")
    sent(client, "times", **RIDE)
    assert "49,950원" in client.get(here("expected")).content.decode()
    assert 'value="53,450"' in client.get(here("times")).content.decode(), "what was said is there on the way back"
    sent(client, "services", **{"services-services": [MESSAGES]})
    assert client.get(here("expected"), follow=True).request["PATH_INFO"] == here("times"), "another service, other times"


def test_what_was_said_is_of_one_visitor_and_begins_again(client: Client, incident: Incident):
    choose(client, BIKE)
    assert "checked" not in Client().get(here("services")).content.decode()
    assert "checked" in client.get(here("services")).content.decode()
    assert "이어서" in client.get(reverse("claim:start")).content.decode()
    assert "이어서" not in Client().get(reverse("claim:start")).content.decode()
    page = client.get(f"{reverse('claim:begin', args=[OUTAGE])}?reset=1", follow=True)
    assert "checked" not in page.content.decode()


def test_the_language_is_kept(client: Client, incident: Incident):
    assert "Which outage?" in client.get(f"{reverse('claim:start')}?lang=en").content.decode()
    page = choose(client, BIKE)
    assert page.headers["Content-Language"] == "en"
    assert "When could you not use it?" in page.content.decode()
    assert "어느 장애인가요?" in client.get(f"{reverse('claim:start')}?lang=ko").content.decode()


def test_what_is_not_there_is_not_found(client: Client, incident: Incident):
    Incident.objects.create(key="without-record", title_ko="x", title_en="x", started_at=NOW)
    for key in ("none", "without-record"):
        assert client.get(reverse("claim:begin", args=[key])).status_code == 404
    assert client.get(here("cash"), follow=True).request["PATH_INFO"] == here("services")
    assert sent(client, "services", **{"services-services": ["kakaotalk.telepathy"]}).status_code == 200
    assert client.post(here("services"), {"services-services": [BIKE]}).status_code == 400


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE claims_claim", "{{ 7*7 }}", "\x00", "가" * 5000])
def test_hostile_words_are_text(client: Client, incident: Incident, text: str):
    choose(client, BIKE)
    page = sent(client, "times", **{**RIDE, "times-0-fact-ride_charge": text})
    assert page.status_code == 200
    assert text not in page.content.decode() or "<" not in text


# --- what is in no list, and when no list has it ----------------------------------------------------------

ALONE = {**SPANS, "times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2022-10-15T16:30"}


def test_what_is_in_no_list_is_written_down_and_a_person_answers(client: Client, incident: Incident):
    page = choose(client, **{"services-unlisted": "  동네 서점\n 예약 <b> "})
    text = page.content.decode()
    assert page.request["PATH_INFO"] == here("times")
    assert "동네 서점 예약 &lt;b&gt;" in text
    assert "목록에 없음" in text
    assert 'value="2022-10-15' not in text, "no official time is filled in"
    assert "fact-" not in text, "nor does a policy ask anything"
    page = sent(client, "times", **ALONE)
    text = page.content.decode()
    assert page.request["PATH_INFO"] == here("expected")
    for said in ("동네 서점 예약 &lt;b&gt;", "기록하고, 담당자가 보고 답합니다", "말씀하신 시간: 2022-10-15 15:30", "청구하기"):
        assert said in text, said
    assert "받을 수 있는 것이 없습니다" not in text
    assert sent(client, "expected").request["PATH_INFO"] == here("you")


def test_that_times_are_filled_in_is_said_where_they_are(client: Client, incident: Incident):
    assert "시간을 미리 넣었습니다" in choose(client, BIKE, **{"services-unlisted": "a bookshop"}).content.decode()
    page = choose(client, **{"services-unlisted": "a bookshop"}).content.decode()
    assert "시간을 미리 넣었습니다" not in page
    assert "직접 적어야 합니다" in page


def test_what_is_in_no_list_stands_beside_what_is_quoted(client: Client, incident: Incident):
    choose(client, BIKE, **{"services-unlisted": "a bookshop"})
    two = {**RIDE, "times-1-start_at": "2022-10-15T15:30", "times-1-still": "on", "more": "unlisted"}
    assert 'name="times-2-start_at"' in sent(client, "times", **two).content.decode(), "another time of it"
    del two["more"]
    text = sent(client, "times", **two).content.decode()
    assert "49,950원" in text
    assert "a bookshop" in text
    again = sent(client, "services", **{"services-services": [BIKE], "services-unlisted": "a library"})
    assert 'value="53,450"' in again.content.decode(), "other words for it leave the times as they are"
    again = sent(client, "services", **{"services-services": [BIKE]})
    assert 'value="53,450"' not in again.content.decode(), "without it these are other rows"


@pytest.mark.parametrize(("words", "told"), [("가" * 201, "200"), ("   ", "하나는 고르거나"), ("\x00", "errorlist")])
def test_words_that_cannot_be_kept_are_said_at_their_field(client: Client, incident: Incident, words: str, told: str):
    page = choose(client, **{"services-unlisted": words})
    assert page.request["PATH_INFO"] == here("services")
    assert told in page.content.decode()


def test_a_resident_number_in_the_words_is_masked(client: Client, incident: Incident):
    text = choose(client, **{"services-unlisted": "서점 900101-1234568"}).content.decode()
    assert "900101-*******" in text
    assert "1234568" not in text


def test_browsers_may_keep_what_names_nobody_for_whoever_goes_back(client: Client, incident: Incident):
    def kept(page: Any) -> bool:
        assert "private" in page.headers["Cache-Control"]
        assert "no-cache" in page.headers["Cache-Control"]
        return "no-store" not in page.headers["Cache-Control"]

    assert kept(client.get(here("services")))
    assert kept(sent(client, "services")), "nothing was chosen"
    numbered = sent(client, "services", **{"services-unlisted": "서점 900101-1234568 " + "가" * 200})
    assert "1234568" in numbered.content.decode()
    assert not kept(numbered), "what was typed in stands there again"
    assert kept(choose(client, BIKE))
    assert kept(sent(client, "times", **RIDE))
    you = sent(client, "expected")
    assert you.request["PATH_INFO"] == here("you")
    assert not kept(you)
    assert not kept(sent(client, "you", **{"you-name": "Hong"})), "wrong"
    check = sent(client, "you", **{"you-name": "Hong", "you-email": "hong@example.org"})
    assert check.request["PATH_INFO"] == here("check")
    assert not kept(check)


def test_a_figure_that_the_policy_leaves_to_a_person_is_only_about_so(client: Client):
    outage(version=2)
    text = (POLICIES / "kakao_bike.yaml").read_text(encoding="utf-8")
    mark = "reason: no_lock_event}\n"
    with transaction.atomic():
        publish_policy(pack_yaml=text.replace(mark, f"{mark}      - {{fact: ride_charge, above: 60000, {mark}"), now=NOW)
    choose(client, BIKE)
    text = sent(client, "times", **{**RIDE, "times-0-fact-ride_charge": "63,450"}).content.decode()
    assert "약 59,950원 (확인되면)" in text
    assert "about 59,950 won if confirmed" in client.get(f"{here('expected')}?lang=en").content.decode()
    text = sent(client, "times", **RIDE).content.decode()
    assert "49,950 won" in text
    assert "about 49" not in text, "what only has to be proved is said as it is"


def test_times_outside_every_official_window_are_quoted(client: Client, incident: Incident):
    choose(client, BIKE)
    outside = {"times-0-start_at": "2022-10-01T10:00", "times-0-end_at": "2022-10-01T11:00"}
    text = sent(client, "times", **SPANS, **outside).content.decode()
    assert "공식 장애 구간 밖의 시간입니다" in text
    assert "청구하기" in text


# --- stopping, and going on -------------------------------------------------------------------------------


def begun(client: Client, language: str = "ko") -> str:
    return client.get(f"{reverse('claim:start')}?lang={language}").content.decode()


def test_who_stops_goes_on_where_they_stopped(client: Client, incident: Incident):
    assert "이어서 쓰기" not in begun(client)
    client.get(here("services"))
    assert "이어서 쓰기" not in begun(client), "only looked at"
    choose(client, BIKE)
    assert client.cookies["sessionid"]["max-age"] == 12 * 3600, "it outlives the browser"
    again = Client()  # opened again: the cookie is all that is left
    again.cookies["sessionid"] = client.cookies["sessionid"].value
    assert "쓰다가 멈춘 청구" in begun(again)
    text = begun(again, "en")
    for said in ("You began a claim about: ", "Go on", "Forget it and begin anew", f'href="{here("check")}"'):
        assert said in text, said
    assert again.get(here("check"), follow=True).request["PATH_INFO"] == here("times")
    sent(again, "times", **RIDE)
    assert again.get(here("check"), follow=True).request["PATH_INFO"] == here("expected")
    assert "이어서 쓰기" not in begun(Client())


def test_who_chooses_the_outage_again_loses_nothing(client: Client, incident: Incident):
    choose(client, BIKE)
    assert "reset" not in begun(client)
    page = client.get(reverse("claim:begin", args=[OUTAGE]), follow=True)
    assert page.request["PATH_INFO"] == here("times")
    assert "checked" in client.get(here("services")).content.decode()


def test_beginning_anew_forgets_all_that_was_typed_in(client: Client, incident: Incident):
    anew = reverse("claim:anew", args=[OUTAGE])
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    assert client.get(anew).status_code == 405
    assert "이어서 쓰기" in begun(client), "a link forgets nothing"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = client.cookies["sessionid"].value
    assert strict.post(anew).status_code == 403
    assert client.post(anew, follow=True).request["PATH_INFO"] == here("services")
    assert "53,450" not in str(dict(client.session))
    assert "이어서 쓰기" not in begun(client)
    assert client.post(reverse("claim:anew", args=["none"])).status_code == 302
