"""What is counted with an address: a stranger who types it in shuts out nobody but the network that they come from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.web.account.words import WORDS
from tests.claims.account_cast import ADDRESS, WORD, asked_to_log_in, code_mailed, is_in, logged_in, signed_up

pytestmark = pytest.mark.django_db

ASKED, WRONG = (str(WORDS[key][0]) for key in ("asked_too_often", "passwords_wrong"))


def of_network(number: int) -> Client:
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def has_password() -> User:
    user = signed_up(Client())
    user.set_password(WORD)
    user.save()
    return user


def tried(number: int, password: str = "wrong", address: str = ADDRESS) -> Any:
    return asked_to_log_in(of_network(number), address, password=password)


@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
@pytest.mark.parametrize(
    ("name", "field", "often"),
    [("account_login", "login", 3), ("account_signup", "email", 5), ("account_reset_password", "email", 5)],
)
def test_codes_are_asked_for_by_network(name: str, field: str, often: int, address: str):
    """Of known and unknown addresses alike."""
    signed_up(of_network(9))

    def asked(number: int) -> Any:
        return of_network(number).post(reverse(name), {field: address, "password": ""})

    assert [asked(1).status_code for _ in range(often)] == [302] * often
    refused = asked(1)
    assert (refused.status_code, refused.content.decode().count(ASKED)) == (200, 2), "on top and at the field"
    assert asked(2).status_code == 302, "the owner, elsewhere"
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert asked(1).status_code == 302


def test_an_owner_logs_in_while_a_stranger_types_in_the_address():
    signed_up(of_network(9))
    for _ in range(4):
        asked_to_log_in(of_network(1))
    owner = of_network(2)
    logged_in(owner)
    assert is_in(owner)


def test_wrong_passwords_of_one_network_are_refused_there_only():
    has_password()
    for _ in range(10):
        assert WRONG not in tried(1).content.decode()
    assert WRONG in tried(1, WORD).content.decode(), "however right it is"
    assert tried(2, WORD).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert tried(1, WORD).status_code == 302


def test_a_right_password_counts_for_nothing():
    has_password()
    assert [tried(1, WORD).status_code for _ in range(12)] == [302] * 12


@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
def test_a_network_has_twenty_a_day_and_all_together_a_hundred(address: str):
    has_password()
    now = timezone.now()
    said = list[bool]()
    for tenth in range(3):
        with time_machine.travel(now + timedelta(minutes=6 * tenth), tick=False):
            said += [WRONG in tried(1, address=address).content.decode() for _ in range(10)]
    assert said == [False] * 20 + [True] * 10
    with time_machine.travel(now + timedelta(minutes=20), tick=False):
        for network in range(2, 10):
            for _ in range(10):
                assert WRONG not in tried(network, address=address).content.decode(), "what was refused was not counted"
        assert WRONG in tried(10, address=address).content.decode()
        owner = of_network(11)
        logged_in(owner)
        assert is_in(owner), "a code always lets the owner in"
    with time_machine.travel(now + timedelta(days=1, hours=1)):
        assert WRONG not in tried(1, address=address).content.decode()


def test_who_sets_a_new_password_may_use_it_at_once():
    has_password()
    for network in range(1, 11):
        for _ in range(10):
            tried(network)
    assert WRONG in tried(11, WORD).content.decode()
    owner, newest = of_network(1), f"{WORD} again"
    owner.post(reverse("account_reset_password"), {"email": ADDRESS})
    owner.post(reverse("account_confirm_password_reset_code"), {"code": code_mailed()})
    owner.post(reverse("account_complete_password_reset"), {"password1": newest, "password2": newest})
    assert tried(1, newest).status_code == 302


@pytest.mark.parametrize("name", ["account_confirm_login_code", "account_email_verification_sent"])
def test_who_mistypes_the_code_is_told_so(client: Client, name: str):
    if name == "account_confirm_login_code":
        signed_up(Client())
        asked_to_log_in(client)
    else:
        client.post(reverse("account_signup"), {"email": ADDRESS})
    pages = [client.post(reverse(name), {"code": "ZZZZ-ZZZZ"}, follow=True).content.decode() for _ in range(3)]
    assert [WORDS["too_many"][0] in page for page in pages] == [False, False, True]
