"""From one network mails are asked for to so many addresses a day, however they are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.operations import create_person
from claims.models import AccessCode, Claim, Mail
from claims.web.account.limits import RATES
from claims.web.account.words import WORDS
from tests.builders import NOW, claim_of, outage
from tests.claims.account_cast import ADDRESS, WORD, asked_to_log_in, logged_in, signed_up
from tests.claims.mine_cast import let_in, mine

pytestmark = pytest.mark.django_db

MOST = 3
HERE, ELSEWHERE = "203.0.112.1", "203.0.112.2"
REFUSED = WORDS["too_many_addresses"]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many addresses as a test can ask for."""
    assert RATES["addresses"] == "200/d/key"
    monkeypatch.setitem(RATES, "addresses", f"{MOST}/d/key")
    yield
    cache.clear()


@pytest.fixture
def claim(db: None) -> Claim:
    with transaction.atomic():
        person = create_person(name="홍길동", email=ADDRESS, now=NOW)
    return claim_of(person, outage())


Ask = Callable[..., Any]


def log_in(client: Client, address: str, claim: Claim) -> Any:
    return asked_to_log_in(client, address)


def sign_up(client: Client, address: str, claim: Claim) -> Any:
    return client.post(reverse("account_signup"), {"email": address})


def reset(client: Client, address: str, claim: Claim) -> Any:
    return client.post(reverse("account_reset_password"), {"email": address})


def find(client: Client, address: str, claim: Claim) -> Any:
    return client.post(reverse("my:find"), {"reference": claim.reference, "email": address})


PAGES = [log_in, sign_up, reset, find]


def from_here(**headers: Any) -> Client:
    return Client(REMOTE_ADDR=HERE, **headers)


def used_up(claim: Claim) -> None:
    """By all pages together."""
    for number in range(MOST):
        assert PAGES[number](from_here(), f"{number}@example.org", claim).status_code == 302


def mailed() -> tuple[int, int]:
    return Mail.objects.count(), AccessCode.objects.count()


@pytest.mark.parametrize("ask", PAGES)
@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
def test_one_more_address_is_refused(claim: Claim, ask: Ask, address: str):
    """Known or not, in both languages; those of today may be typed in again, and another network is another one."""
    signed_up(Client(REMOTE_ADDR=ELSEWHERE))
    used_up(claim)
    before = mailed()
    page = ask(from_here(), address, claim)
    assert (page.status_code, page.content.decode().count(REFUSED[0])) == (200, 2), "on top and at the field"
    assert REFUSED[1] in ask(from_here(HTTP_ACCEPT_LANGUAGE="en"), address, claim).content.decode()
    assert mailed() == before
    assert ask(from_here(), "1@example.org", claim).status_code == 302
    assert ask(Client(REMOTE_ADDR=ELSEWHERE), address, claim).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert ask(from_here(), address, claim).status_code == 302


@pytest.mark.parametrize("ask", PAGES)
def test_known_and_unknown_use_up_the_same_and_are_refused_alike(claim: Claim, ask: Ask):
    """Otherwise the last one that is left would tell who has an account."""
    signed_up(Client(REMOTE_ADDR=ELSEWHERE))

    def seen(address: str) -> list[tuple[int, str]]:
        cache.clear()
        asked = [ask(from_here(), one, claim) for one in (address, address, *(f"{n}@example.org" for n in range(MOST)))]
        text = re.compile(r'(value|key)="[\w-]{32,}"')
        return [(page.status_code, text.sub("", page.content.decode())) for page in asked]

    known = seen(ADDRESS)
    assert [status for status, _ in known] == [302] * (MOST + 1) + [200]
    assert known == seen("nobody@example.org")


def test_an_account_is_moved_to_no_more_addresses_either(claim: Claim):
    client = from_here()
    signed_up(client)
    used = [client.post(reverse("account_address"), {"email": f"{n}@example.org"}).status_code for n in range(MOST)]
    assert used == [302] * (MOST - 1) + [200], "its own was the first"
    before = mailed()
    page = client.post(reverse("account_address"), {"email": "more@example.org"})
    assert REFUSED[0] in page.content.decode()
    assert mailed() == before


def test_on_the_page_of_the_account_that_is_paid_it_is_said_too(claim: Claim):
    """Whoever files claims with others' addresses could ask there for codes to them."""
    used_up(claim)
    client = from_here()
    let_in(client, claim, "filed")
    before = mailed()
    page = client.post(mine("payee", claim), {"code": "1"})
    assert (page.status_code, page.content.decode().count(REFUSED[0])) == (200, 1)
    assert "확인 번호 받기" in page.content.decode()
    assert mailed() == before
    for client, opened in ((Client(REMOTE_ADDR=ELSEWHERE), "filed"), (from_here(), "code")):  # who came by a code is its owner
        let_in(client, claim, opened)
        assert client.post(mine("payee", claim), {"code": "1"}).headers["Location"] == reverse("my:code")


def test_a_password_asks_for_no_mail(claim: Claim):
    user = signed_up(Client(REMOTE_ADDR=ELSEWHERE))
    user.set_password(WORD)
    user.save()
    used_up(claim)
    assert asked_to_log_in(from_here(), password=WORD).headers["Location"] == reverse("my:find")


@pytest.mark.parametrize(
    ("proxies", "headers"),
    [
        (0, {"REMOTE_ADDR": "10.0.0.1"}), (0, {"REMOTE_ADDR": "127.0.0.1"}), (0, {"REMOTE_ADDR": "fd00::1"}),
        (0, {"REMOTE_ADDR": "::1"}), (0, {"REMOTE_ADDR": "::ffff:10.0.0.1"}), (0, {"REMOTE_ADDR": ""}),
        (2, {"HTTP_X_FORWARDED_FOR": HERE}),
    ],
)  # fmt: skip
def test_who_cannot_be_told_apart_is_not_bounded_together(claim: Claim, proxies: int, headers: dict[str, Any]):
    """Behind a proxy that nobody told us of a bound by network alone would shut out everybody."""
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        for number in range(MOST + 2):
            assert sign_up(Client(**headers), f"{number}@example.org", claim).status_code == 302


def test_of_ipv6_a_network_is_one_too(claim: Claim):
    for number in range(MOST + 1):
        page = sign_up(Client(REMOTE_ADDR=f"2001:4860:1:{number}::1"), f"{number}@example.org", claim)
    assert REFUSED[0] in page.content.decode()


def test_an_owner_who_has_asked_today_logs_in_whatever_others_do(claim: Claim):
    """Behind one address of a carrier there are thousands."""
    signed_up(from_here())
    for number in range(MOST + 1):
        sign_up(from_here(), f"{number}@example.org", claim)
    logged_in(from_here())
