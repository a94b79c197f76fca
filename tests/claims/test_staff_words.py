"""Staff whose language is Korean read choices, headings and amounts in Korean."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Field
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.operations import create_staff
from claims.admin.amounts import said_amount, said_difference
from claims.admin.choice_words import HEADINGS, say
from services import choice_words
from services.admin_pages import ReadOnlyAdmin, told
from services.lookups import UnknownIncident
from services.models import Incident, RecordDraft
from services.operations import AsOfInFuture, open_record_draft
from tests.builders import NOW

PRODUCTS = {"Statuspage v2", "Cachet v3", "Instatus", "CSV"}


@pytest.fixture
def writer(db: None) -> User:
    return create_staff(email="writer@example.com", password="a long password 1", roles=["caseworker"], now=NOW)


@pytest.fixture
def draft(incident: Incident, writer: User) -> RecordDraft:
    return open_record_draft(incident=incident.key, title="a draft", opened_by=writer, now=NOW)


def shown(client: Client, user: User, page: str, *arguments: object, language: str = "ko") -> str:
    client.force_login(user)
    answer = client.get(reverse(f"admin:{page}", args=arguments), headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def columns() -> list[tuple[ReadOnlyAdmin, Field[Any, Any]]]:
    pages = [page for page in admin.site._registry.values() if isinstance(page, ReadOnlyAdmin)]
    return [(page, field) for page in pages for field in page.opts.fields if field.choices]


def test_every_choice_that_staff_see_has_a_korean_word():
    assert len(columns()) > 20
    for page, field in columns():
        for value, _ in field.flatchoices:
            korean, english = page.choice_words[field.name][value]
            assert re.search("[가-힣]", korean) or korean in PRODUCTS, (page, field.name, value)
            assert not re.search("[가-힣]", english)
        assert field.name in choice_words.HEADINGS


def test_every_heading_is_there_in_two_languages():
    for key, (korean, english) in {**HEADINGS, **choice_words.HEADINGS}.items():
        assert re.search("[가-힣]", korean), key
        assert not re.search("[가-힣]", english), key
    with translation.override("en"):
        assert say("hours") == "hours (Seoul)"


def test_a_draft_is_written_with_korean_choices(client: Client, draft: RecordDraft, writer: User):
    page = shown(client, writer, "services_recorddraft_change", draft.pk)
    for option in (
        '<option value="full">전면</option>', '<option value="some_functions">일부 기능</option>',
        '<option value="money">금액 (최소 단위)</option>', "<strong>열림</strong>", ">홈</a>",
    ):  # fmt: skip
        assert option in page, option
    assert re.search(r"record-span\">\[[^<]*\) 일부 · 일부 이용자</td>", page), "as the window of messages is listed"
    for english in (">Full<", ">Open<", ">Home<", " Partial</td>"):
        assert english not in page


def test_the_same_page_in_english_has_no_korean_choice(client: Client, draft: RecordDraft, writer: User):
    page = shown(client, writer, "services_recorddraft_change", draft.pk, language="en")
    assert '<option value="full">full</option>' in page
    assert ">Home</a>" in page
    assert "전면" not in page


def test_lists_say_states_in_korean_and_filter_by_them(client: Client, draft: RecordDraft, writer: User):
    page = shown(client, writer, "services_recorddraft_changelist")
    assert '<td class="field-state">열림</td>' in page
    assert '<a href="?state__exact=discarded">폐기됨</a>' in page
    assert "연 때 (한국 시간)" in page
    assert '<a href="?state__exact=open">open</a>' in shown(client, writer, "services_recorddraft_changelist", language="en")
    client.force_login(writer)
    open_ones = client.get(reverse("admin:services_recorddraft_changelist"), {"state__exact": "open"})
    assert [row.pk for row in open_ones.context["cl"].result_list] == [draft.pk]


def test_a_refusal_has_the_korean_sentence_of_its_code_where_there_is_one():
    known, other = UnknownIncident("There is no incident 'x'."), AsOfInFuture("It is later than now.")
    with translation.override("ko"):
        assert told(known) == "이런 이름의 장애가 없습니다. There is no incident 'x'. (unknown_incident)"
        assert told(other) == "It is later than now. (as_of_in_future)"
    with translation.override("en"):
        assert told(known) == "There is no incident 'x'. (unknown_incident)"


@pytest.mark.parametrize(
    ("language", "quantity", "unit", "said", "difference"),
    [
        ("ko", 1_234_500, "KRW", "1,234,500원", "+1,234,500원"),
        ("en", 1_234_500, "KRW", "1,234,500 won", "+1,234,500 won"),
        ("ko", -1_050, "USD", "-10.50 USD", "-10.50 USD"),
        ("ko", 1_050, "KWD", "1.050 KWD", "+1.050 KWD"),
        ("en", 1, "point", "1 points", "+1 points"),
        ("ko", 0, "minute", "0분", "0분"),
    ],
)
def test_money_is_said_in_units_of_its_currency(language: str, quantity: int, unit: str, said: str, difference: str):
    with translation.override(language):
        assert (said_amount(quantity, unit), said_difference(quantity, unit)) == (said, difference)
