"""Cash and a coupon that are given together are not added up, and the coupon is called one, from the quote to the letter."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from claims.models import Claim, Letter
from services.models import Incident
from tests.builders import MESSAGES, a_person, a_policy, claim_of, follow_up, outage, told, work_off
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_tell import SPANS, choose, here, sent

pytestmark = pytest.mark.django_db

CASH = "{instrument: cash, unit: KRW, currency: KRW}"
COUPON = "{instrument: coupon, unit: KRW, currency: KRW}"
SAID = {"ko": ("3,250원", "쿠폰 1,300원"), "en": ("3,250 won", "coupon 1,300 won")}
ADDED_UP = "4,550"


@pytest.fixture
def incident() -> Incident:
    return outage(version=2)


def policies(automatic: str) -> None:
    a_policy(code="in_cash", won=250, remedy=CASH, automatic=automatic, asks={})
    a_policy(code="as_a_coupon", won=100, remedy=COUPON, automatic=automatic, asks={})


def claimed(incident: Incident) -> Claim:
    found = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    return found


def test_of_a_quote(client: Client, incident: Incident):
    policies("{}")
    call_command("publish_consents")
    choose(client, MESSAGES)
    sent(client, "times", **{**SPANS, "times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2022-10-15T22:00"})
    for step in ("expected", "check"):
        if step == "check":
            sent(client, "expected")
            sent(client, "you", **{"you-name": "홍길동", "you-email": "hong@example.org"})
        for language, (cash, coupon) in SAID.items():
            page = client.get(here(step), {"lang": language}).content.decode()
            assert f">{cash} + {coupon}</" in page
            assert ADDED_UP not in page
    assert f"<strong>{SAID['en'][1]}</strong>" in client.get(here("expected"), {"lang": "en"}).content.decode(), "its line"


@pytest.mark.parametrize(("automatic", "between"), [("{}", " + "), ("{approve_up_to: most}", ", ")])
def test_of_a_claim_before_and_after_it_is_decided(client: Client, incident: Incident, automatic: str, between: str):
    policies(automatic)
    claim = claimed(incident)
    let_in(client, claim)
    for language, given in SAID.items():
        page = client.get(mine("status", claim), {"lang": language}).content.decode()
        assert f'<p class="sum">{between.join(given)}</p>' in page
        assert ADDED_UP not in page


def test_of_a_letter(incident: Incident):
    policies("{approve_up_to: most}")
    letter = Letter.objects.get(claim=claimed(incident))
    text = bytes(letter.content).decode()
    assert all(f'<td class="sum">{given}</td>' in text for given in SAID["ko"])
    assert ADDED_UP not in text
