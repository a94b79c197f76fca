"""Who types in somebody else's address from several networks does not shut its owner out of codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count

import pytest
from django.db import transaction

from accounts.models import User
from accounts.operations import begin_account
from claims.models import AccessCode, Claim
from claims.operations import write_account_mail
from claims.operations.asked_mails import AT_MOST, IN_ALL, LATELY, OF_A_NETWORK
from tests.builders import NOW
from tests.claims.test_access import asked, entered, sent
from tests.claims.test_mail import _claim

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_DAY = OF_A_NETWORK[-1][1]


@pytest.fixture
def claim(db: None) -> Claim:
    return _claim()


@pytest.fixture
def user(db: None) -> User:
    with transaction.atomic():
        return begin_account(email="hong@example.org", locale="ko", now=NOW)


Ask = Callable[[str, datetime], bool]


@pytest.fixture(params=["of a claim", "of an account"])
def ask(request: pytest.FixtureRequest, claim: Claim, user: User) -> Ask:
    """Whether a code is mailed."""

    def of_a_claim(network: str, now: datetime) -> bool:
        return AccessCode.objects.get(pk=asked(claim, network=network, now=now)).claim_id is not None

    @transaction.atomic
    def of_an_account(network: str, now: datetime) -> bool:
        return write_account_mail(user=user, about="log_in", code="ABCD-EFGH", network=network, now=now) is not None

    return of_a_claim if request.param == "of a claim" else of_an_account


def used_up(ask: Ask, networks: range) -> int:
    """By strangers, twelve each in two hours."""
    return sum(ask(f"{network}", NOW + HOUR * (turn // 6)) for network in networks for turn in range(A_DAY))


def test_four_networks_shut_nobody_out(ask: Ask):
    assert used_up(ask, range(4)) == IN_ALL
    later = NOW + HOUR
    assert ask("home", later), "who has asked for nothing today"
    assert not ask("home", later), "the rest is for others who have not"
    assert [ask(f"another {number}", later) for number in range(3)] == [True] * 3
    assert ask("home", NOW + DAY + HOUR + HOUR)


def test_no_mailbox_is_filled_endlessly(ask: Ask):
    """By however many networks; it is a day's, and a day later it is over."""
    used_up(ask, range(4))
    later = NOW + HOUR
    assert sum(ask(f"bot {number}", later) for number in range(100)) == AT_MOST - IN_ALL
    assert not ask("home", later)
    assert ask("home", later + DAY + timedelta(seconds=1))


def test_where_a_code_was_typed_in_lately_more_come(claim: Claim, ask: Ask, server: list[EmailMessage]):
    """Whoever did that reads the mailbox: strangers shut them out with no number of networks."""
    before = NOW + HOUR - LATELY + timedelta(seconds=1)
    key = asked(claim, network="home", now=before)
    assert entered(key, sent(server, before), before) == claim
    asked(claim, network="elsewhere", now=before)  # and it was not typed in
    used_up(ask, range(4))
    later = NOW + HOUR
    for number in count():
        if not ask(f"bot {number}", later):
            break
    assert not ask("elsewhere", later)
    hour = OF_A_NETWORK[0][1]
    assert [ask("home", later) for _ in range(hour + 1)] == [True] * hour + [False], "as many as a network has"


def test_it_is_forgotten_after_a_month(claim: Claim, ask: Ask, server: list[EmailMessage]):
    before = NOW + HOUR - LATELY
    key = asked(claim, network="home", now=before)
    assert entered(key, sent(server, before), before) == claim
    used_up(ask, range(4))
    assert ask("home", NOW + HOUR)
    assert not ask("home", NOW + HOUR)
