"""The page after filing says what the claim comes to and what has to be proved for it, as the claim's own page does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from time_machine import Traveller

from accounts.models import User
from claims.models import Claim
from claims.operations import merge_claims, receive_evidence, withdraw_claim
from services.models import Incident
from tests.builders import (
    CASH,
    MESSAGES,
    NOW,
    OUTAGE,
    a_person,
    a_policy,
    a_user,
    claim_of,
    follow_up,
    outage,
    paid_to,
    told,
    work_off,
)  # fmt: skip
from tests.builders import policies_of_the_demonstration as policies
from tests.claims.mine_cast import mine
from tests.claims.test_filing import agreed, told_all
from tests.claims.test_my_foreseen import proofs
from tests.claims.test_tell import SPANS, choose, sent
from tests.documents import PDF

pytestmark = pytest.mark.django_db
AS_IT_STANDS = {"ko": "지금까지로 계산하면", "en": "What it comes to as things stand"}
CALCULATED = "지금 계산하고 있습니다"


@pytest.fixture
def now() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def incident(now: Traveller) -> Incident:
    call_command("publish_consents", verbosity=0)
    return outage(version=2)


@pytest.fixture
def renter(client: Client, incident: Incident) -> Claim:
    """Filed in this browser a moment ago."""
    told_all(client)
    sent(client, "check", **agreed())
    return Claim.objects.get()


def read(client: Client, language: str = "ko") -> str:
    answer = client.get(reverse("claim:received", args=[OUTAGE]), {"lang": language})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def worked_off() -> None:
    work_off()
    follow_up()


@pytest.mark.parametrize(("language", "sum_"), [("ko", "49,950원"), ("en", "49,950 won")])
def test_it_says_the_sum_and_names_what_has_to_be_proved(client: Client, renter: Claim, language: str, sum_: str):
    assert CALCULATED in read(client)
    worked_off()
    page = read(client, language)
    own = unescape(client.get(mine("status", renter), {"lang": language}).content.decode())
    assert f"<h2>{AS_IT_STANDS[language]}</h2><p><strong>{sum_}</strong></p>" in page
    assert f'<p class="sum">{sum_}</p>' in own
    assert proofs(page, language) == proofs(own, language)
    assert mine("documents", renter) in page
    assert CALCULATED not in page


def test_what_was_sent_already_is_not_asked_for(client: Client, renter: Claim):
    worked_off()
    wanted = proofs(read(client), "ko")
    assert len(wanted) == 3
    guest = User.objects.get(person=renter.person)
    for subject in [("kakao_bike", fact) for fact in ("ride_started_at", "ride_locked_at", "ride_charge")]:
        with transaction.atomic():
            receive_evidence(
                claim_id=renter.pk, item_ids=[], content=PDF, received_by=guest, name="x.pdf", now=NOW, shows=[subject]
            )
        wanted = wanted[1:]
        assert len(proofs(read(client), "ko")) == len(wanted)
    assert mine("documents", renter) not in read(client)


def test_nothing_is_said_where_nothing_is_known(client: Client, renter: Claim):
    """Of what is over, and in a browser that may no longer see the claim."""
    worked_off()
    with time_machine.travel(NOW + timedelta(hours=1, seconds=1), tick=False):
        page = read(client)
    assert renter.reference in page
    assert AS_IT_STANDS["ko"] not in page
    assert mine("documents", renter) not in page
    assert "늦어도" in read(client)
    with transaction.atomic():
        withdraw_claim(claim_id=renter.pk, withdrawn_by=User.objects.get(person=renter.person), now=NOW)
    page = read(client)
    assert AS_IT_STANDS["ko"] not in page
    assert "거두어들이셨습니다." in page
    assert "늦어도" not in page, "nobody answers it"


def messages_filed(client: Client, **about: str) -> None:
    choose(client, MESSAGES)
    sent(client, "times", **SPANS, **{"times-0-start_at": "2022-10-15T15:30", "times-0-end_at": "2022-10-15T22:00"})
    if about:
        sent(client, "about", **about)
    sent(client, "expected")
    sent(client, "you", **{"you-name": "홍길동", "you-email": "hong@example.org"})
    sent(client, "check", **agreed())


def test_who_is_owed_money_is_told_that_only_the_account_is_missing(client: Client, incident: Incident):
    a_policy(remedy=CASH)
    messages_filed(client, **{"about-fact-is_member": ""})
    claim = Claim.objects.get()
    asks = "보낼 계좌만 적어 주시면 됩니다."
    assert asks not in read(client)
    worked_off()
    page = read(client)
    assert "받아들여졌습니다" in page
    assert asks in page
    assert f'href="{mine("payee", claim)}"' in page
    assert "Only your account is missing." in read(client, "en")
    paid_to(claim.person)
    assert asks not in read(client)


def test_of_what_was_joined_to_another_claim_it_is_said_so(client: Client, incident: Incident):
    messages_filed(client)
    claim, other = Claim.objects.get(), claim_of(a_person(), incident, told())
    with transaction.atomic():
        merge_claims(claim_id=claim.pk, into_id=other.pk, merged_by=a_user("caseworker"), note="x", now=NOW)
    page = read(client)
    assert "다른 청구와 합쳤습니다" in page
    assert "늦어도" not in page


def test_what_is_decided_meanwhile_is_said_with_what_is_given(client: Client, incident: Incident):
    policies()
    messages_filed(client, **{"about-fact-claimant_kind": ""})
    standing = reverse("my:standing", args=[Claim.objects.get().reference])
    assert all(words in read(client) for words in ("늦어도", CALCULATED, f'hx-get="{standing}"'))
    worked_off()
    page = read(client)
    assert "받아들여졌습니다" in page
    assert "<h2>받으실 것</h2><p><strong>요금 차감 3,250원</strong></p>" in page
    assert "늦어도" not in page
    assert standing not in page
