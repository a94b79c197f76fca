"""A wrong day or instant that staff type in is answered in their language, by what the page calls the field."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.models import Claim
from services.models import Incident, RecordDraft, Service
from services.operations import open_record_draft
from tests.builders import (
    BIKE,
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    claim_of,
    follow_up,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.test_case_pages import page_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("ko", "en")
SHAPE = {"ko": "날짜와 시각을 2022-10-15 15:30처럼 적으세요.", "en": "Write day and time like 2022-10-15 15:30."}
AHEAD = {"ko": "아직 오지 않은 때입니다. 날짜와 시각을 확인하세요.", "en": "This has not come yet. Please check day and time."}
RANGE = {"ko": "2000년부터 2099년까지의 때를 적으세요.", "en": "Give a time from 2000 to 2099."}
OVER = {"ko": "이미 지난 때입니다. 뒤의 때를 적으세요.", "en": "That is over already. Give a later time."}
ENDS = {"ko": "끝은 시작보다 뒤여야 합니다.", "en": "The end has to be later than the start."}
EARLY = {"ko": "너무 이르거나 늦은 때입니다.", "en": "This is too early or too late."}


@pytest.fixture
def worker() -> Client:
    client = Client()
    client.force_login(a_user("caseworker"))
    return client


@pytest.fixture
def claim(incident: Incident, worker: Client) -> Claim:
    """In review."""
    policies_of_the_demonstration()
    a_policy(code="asks", asks={"since": "instant", "on": "date"}, automatic="{}")
    found = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15"))
    work_off()
    follow_up()
    worker.post(page_of(found), {"act": "take"})
    return found


@pytest.fixture
def draft(incident: Incident) -> RecordDraft:
    with transaction.atomic():
        return open_record_draft(incident=incident.key, title="x", opened_by=a_user("caseworker", "checker"), now=NOW)


def said(answer: str) -> list[str]:
    """What the page says is wrong: at the top, and at fields."""
    found = re.findall(r'<li class="error">(.*?)</li>|<ul class="errorlist[^>]*><li>(.*?)</li>', answer, re.DOTALL)
    return [unescape(top or at_field).strip() for top, at_field in found]


@pytest.mark.parametrize(
    ("fact", "value", "wrong"),
    [
        ("since", "2022-13-01", SHAPE), ("since", "2199-01-01 10:00", EARLY),
        ("since", "2099-01-01 10:00", AHEAD), ("on", "1999-12-31", EARLY),
        ("on", "morgen", {"ko": "날짜를 2022-10-15처럼 적으세요.", "en": "Write the day like 2022-10-15."}),
        ("ride_locked_at@", "2022-12-15 15:42", {
            "ko": "쓰지 못한 시간에서 24시간 넘게 떨어져 있습니다.", "en": "This is more than 24 hours from the time",
        }),
    ],
)  # fmt: skip
def test_a_fact_that_is_verified(worker: Client, claim: Claim, fact: str, value: str, wrong: dict[str, str]):
    """`fact`: with an @ of the loss."""
    loss = claim.losses.get().pk
    bike = Service.objects.get(code=BIKE)
    of = {
        "ko": f"잠금 레버를 내린 시각 · {bike.name_ko} {loss}", "en": f"Time the lever was locked · {bike.name_en} {loss}",
    }  # fmt: skip
    key, name = f"{fact}{loss}" if fact.endswith("@") else fact, fact.removesuffix("@")
    for language in LANGUAGES:
        sent = {"act": "verify", "fact": key, "value": value, "note": "seen"}
        page = worker.post(page_of(claim), sent, headers={"accept-language": language}).content.decode()
        (text,) = said(page)
        assert text.startswith(f"{of[language] if '@' in key else 'X'}: {wrong[language]}")
        assert f"{name} " not in text
        assert "found" not in text


@pytest.mark.parametrize(("until", "wrong"), [("2199-01-01T10:00", RANGE), ("2022-10-01T10:00", OVER)])
def test_until_when_a_claim_is_put_off(worker: Client, claim: Claim, until: str, wrong: dict[str, str]):
    called = {"ko": "언제까지 (한국 시간)", "en": "Until (Korean time)"}
    for language in LANGUAGES:
        sent = {"act": "snooze", "until": until, "note": ""}
        page = worker.post(page_of(claim), sent, headers={"accept-language": language}).content.decode()
        (text,) = said(page)
        assert text.startswith(f"{called[language]}: {wrong[language]}")
        assert "until " not in text, "what the code calls it"


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [("1999-01-01T10:00", "", RANGE), ("2022-10-15T15:30", "2022-10-15T15:00", ENDS)],
)
def test_a_window_of_the_record(worker: Client, draft: RecordDraft, start: str, end: str, wrong: dict[str, str]):
    sent = {
        "act": "window", "service": MESSAGES, "notice": "operator-final", "severity": "full", "scope": "all",
        "start_at": start, "end_at": end, "reason": "x", "read": 0,
    }  # fmt: skip
    for language in LANGUAGES:
        address = reverse("admin:services_recorddraft_change", args=[draft.pk])
        page = worker.post(address, sent, headers={"accept-language": language}).content.decode()
        (text,) = said(page)
        assert wrong[language] in text
        assert "_at" not in text


@pytest.mark.parametrize(("started", "wrong"), [("1999-01-01T10:00", RANGE)])
def test_when_an_incident_began(worker: Client, started: str, wrong: dict[str, str]):
    sent = {"key": "x", "title_ko": "x", "title_en": "x", "started_at": started}
    for language in LANGUAGES:
        address = reverse("admin:services_incident_add")
        page = worker.post(address, sent, headers={"accept-language": language}).content.decode()
        assert said(page) == [f"{wrong[language]} (out_of_range)"]
