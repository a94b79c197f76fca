"""One message a day from two writers, one mail from two senders, and five tries from twenty browsers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.operations import begin_account, create_person
from claims.models import AccessCode, Claim, Mail, MailContent, News
from claims.operations import (
    ask_for_code,
    enter_code,
    mail,
    send_next_mail,
    write_account_mail,
    write_next_code,
    write_next_news,
)
from claims.operations.asked_mails import OF_A_NETWORK
from claims.operations.news import MOST_FILED, _write
from tests.builders import NOW, claim_of, outage
from tests.claims.test_mail import DAY, news
from tests.race.together import Step, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claim() -> Claim:
    with transaction.atomic():
        person = create_person(name="홍길동", email="hong@example.org", now=NOW)
    return claim_of(person, outage())


def slowly(call: Callable[..., Any], before: Callable[[], None]) -> Callable[..., Any]:
    def called(*args: Any, **named: Any) -> Any:
        before()
        return call(*args, **named)

    return called


def test_two_who_write_to_one_address_write_one_mail(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    news(claim)
    monkeypatch.setattr("claims.operations.news.made_mail", slowly(mail.made_mail, until_blocked))
    assert together(partial(write_next_news, now=DAY), partial(write_next_news, now=DAY)) == [True, True]
    assert Mail.objects.count() == 1
    assert News.objects.get().attempts == 0, "nobody ran into the one message a day"


def test_two_who_send_send_a_mail_once(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """The second finds none while the first has it in hand."""
    news(claim)
    write_next_news(now=DAY)
    in_hand, looked, sent = Step(), Step(), []

    def hand_over(one: Mail, now: Any) -> None:
        sent.append(one.pk)
        in_hand.reach()
        looked.wait()

    monkeypatch.setattr(mail, "_hand_over", hand_over)

    def second() -> bool:
        in_hand.wait()
        try:
            return send_next_mail(now=DAY)
        finally:
            looked.reach()

    assert together(partial(send_next_mail, now=DAY), second) == [True, False]
    assert len(sent) == 1


def test_a_code_is_tried_five_times_from_however_many_browsers(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    key = uuid4()
    with transaction.atomic():
        ask_for_code(key=key, reference=claim.reference, email="hong@example.org", network="x", now=NOW)
    write_next_code(now=NOW)
    wrong = "000000" if MailContent.objects.get().secret != "000000" else "111111"
    looked: list[str] = []

    def compare(typed: str, kept: str) -> bool:
        looked.append(typed)
        return False

    monkeypatch.setattr("claims.operations.access.secrets.compare_digest", compare)

    @transaction.atomic
    def guess() -> None:
        enter_code(key=key, code=wrong, now=NOW)

    together(*[guess] * 20)
    assert len(looked) == 5
    assert AccessCode.objects.get().tries == 5


def test_of_many_at_once_no_more_codes_are_asked_for_than_an_hour_allows(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """Each waits, once it has counted, until another one waits for the address."""

    @transaction.atomic
    def ask() -> None:
        ask_for_code(key=uuid4(), reference=claim.reference, email="hong@example.org", network="x", now=NOW)

    most = OF_A_NETWORK[0][1]
    for _ in range(most - 1):
        ask()
    monkeypatch.setattr(AccessCode.objects, "create", slowly(AccessCode.objects.create, until_blocked))
    together(ask, ask)
    assert AccessCode.objects.filter(claim=claim).count() == most
    assert AccessCode.objects.count() == most + 1


def test_of_many_at_once_no_more_mails_go_to_an_account_than_an_hour_allows(monkeypatch: pytest.MonkeyPatch):
    with transaction.atomic():
        user = begin_account(email="hong@example.org", locale="ko", now=NOW)

    @transaction.atomic
    def write() -> None:
        write_account_mail(user=user, about="log_in", code="ABCD-EFGH", now=NOW)

    most = OF_A_NETWORK[0][1]
    for _ in range(most - 1):
        write()
    monkeypatch.setattr("claims.operations.account_mail.made_mail", slowly(mail.made_mail, until_blocked))
    together(write, write)
    assert Mail.objects.count() == most


def test_of_many_at_once_no_more_are_told_that_they_came_in_than_a_day_allows(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    with transaction.atomic():
        people = [create_person(name="홍길동", email="hong@example.org", now=NOW) for _ in range(MOST_FILED + 1)]
    for person in people:
        news(claim_of(person, claim.incident), kind="filed")
    for _ in range(MOST_FILED - 1):
        write_next_news(now=DAY)
    monkeypatch.setattr("claims.operations.news.made_mail", slowly(mail.made_mail, until_blocked))
    together(*(transaction.atomic(partial(_write, one, DAY)) for one in News.objects.filter(state="due")))
    assert (Mail.objects.count(), News.objects.filter(state="due").count()) == (MOST_FILED, 1)
