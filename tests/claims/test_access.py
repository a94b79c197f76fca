"""Guests see their claim by its reference and a code; nobody learns from the pages whether there is such a claim."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, PersonalData, User
from accounts.operations import begin_account, create_person
from claims.models import AccessCode, Claim, Mail, MailContent
from claims.operations import (
    ask_for_code,
    enter_code,
    forget_codes,
    send_next_mail,
    write_account_mail,
    write_next_code,
)
from claims.operations.access import typed_reference
from claims.operations.asked_mails import AT_MOST, OF_A_NETWORK
from claims.operations.mail import HOLDS
from tests.builders import NOW, claim_of, outage
from tests.mail_cast import text_of

WRONG = "000000"
FIND, CODE = "/my/", "/my/code/"


@pytest.fixture
def claim(db: None) -> Claim:
    with transaction.atomic():
        person = create_person(name="홍길동", email="Hong@example.org", locale="ko", now=NOW)
    return claim_of(person, outage())


@transaction.atomic
def asked(claim: Claim, **otherwise: Any) -> UUID:
    key = uuid4()
    said: dict[str, Any] = {"reference": claim.reference, "email": "hong@example.org", "network": "x", "now": NOW, **otherwise}
    ask_for_code(key=key, **said)
    return key


def sent(server: list[EmailMessage], now: Any = NOW) -> str:
    """The code of the newest mail."""
    while write_next_code(now=now) or send_next_mail(now=now):
        pass
    found = re.search(r"\b([0-9]{6})\b", text_of(server[-1]))
    assert found is not None
    return found[1]


@transaction.atomic
def entered(key: UUID, code: str, now: Any = NOW) -> Claim | None:
    return enter_code(key=key, code=code, now=now)


def test_the_code_opens_the_claim_once(claim: Claim, server: list[EmailMessage]):
    key = asked(claim)
    code = sent(server)
    assert entered(key, f" {code[:3]} {code[3:]} ") == claim
    assert entered(key, code) is None, "once"
    assert entered(uuid4(), code) is None, "of another browser"


def test_a_code_that_was_sent_is_kept_nowhere(claim: Claim, server: list[EmailMessage]):
    asked(claim)
    code = sent(server)
    kept = AccessCode.objects.get()
    content = MailContent.objects.get()
    assert (content.secret, len(kept.digest)) == ("", 64)
    assert code not in content.text
    assert Mail.objects.get().day is None, "it is not the day's message"


def test_it_expires(claim: Claim, server: list[EmailMessage]):
    key = asked(claim)
    code = sent(server)
    assert entered(key, code, NOW + HOLDS) is None
    assert entered(key, code, NOW + HOLDS - timedelta(microseconds=1)) == claim


def test_one_that_could_not_be_sent_in_time_is_sent_no_more(claim: Claim, server: list[EmailMessage]):
    asked(claim)
    write_next_code(now=NOW)
    send_next_mail(now=NOW + HOLDS)
    assert (Mail.objects.get().state, server, MailContent.objects.get().secret) == ("failed", [], "")


def test_it_can_be_guessed_five_times(claim: Claim, server: list[EmailMessage]):
    key = asked(claim)
    code = sent(server)
    guesses = (f"{number:06}" for number in count() if f"{number:06}" != code)
    for _ in range(5):
        assert entered(key, next(guesses)) is None
    assert entered(key, code) is None
    assert AccessCode.objects.get().tries == 5


@pytest.mark.parametrize(
    "wrong", [{"email": "lee@example.org"}, {"reference": "C-0000-0000"}, {"reference": "x"}, {"email": ""}, {"reference": ""}]
)
def test_what_does_not_belong_together_sends_nothing(claim: Claim, server: list[EmailMessage], wrong: dict[str, str]):
    key = asked(claim, **wrong)
    assert not write_next_code(now=NOW)
    assert entered(key, WRONG) is None
    assert (server, AccessCode.objects.get().claim) == ([], None)


def test_who_has_no_address_is_reached_by_nobody_without_one(claim: Claim):
    PersonalData.objects.update(email="")
    asked(claim, email="")
    assert AccessCode.objects.get().claim is None


def test_codes_go_before_the_news_that_waits(claim: Claim, server: list[EmailMessage]):
    from claims.operations import write_next_news
    from tests.claims.test_mail import DAY, news

    news(claim)
    write_next_news(now=DAY)
    asked(claim, now=DAY)
    while write_next_code(now=DAY) or send_next_mail(now=DAY):
        pass
    assert [mail["Subject"] for mail in server] == ["청구 확인 번호", "청구에 새 소식이 있습니다"]


def test_who_was_erased_meanwhile_stops_nobody_elses_code(claim: Claim, server: list[EmailMessage]):
    with transaction.atomic():
        other = claim_of(create_person(name="이", email="lee@example.org", now=NOW), claim.incident)
    asked(claim)
    asked(other, email="lee@example.org", now=NOW + timedelta(seconds=1))
    PersonalData.objects.filter(person=claim.person).delete()
    while write_next_code(now=NOW) or send_next_mail(now=NOW):
        pass
    assert [mail["To"] for mail in server] == ["lee@example.org"]


def test_a_code_that_expired_before_it_was_written_is_written_no_more(claim: Claim):
    asked(claim)
    assert not write_next_code(now=NOW + HOLDS)


def test_codes_are_swept_away(claim: Claim):
    asked(claim)
    asked(claim, email="lee@example.org")
    with transaction.atomic():
        assert forget_codes(now=NOW + timedelta(days=1)) == 0
        assert forget_codes(now=NOW + timedelta(days=1, seconds=1)) == 1
        assert forget_codes(now=NOW + timedelta(days=365, seconds=1)) == 1


def test_so_many_codes_an_hour_and_a_day(claim: Claim):
    (_, hour), (_, day) = OF_A_NETWORK
    for _ in range(hour + 2):
        asked(claim)
    codes = AccessCode.objects.filter(claim=claim)
    assert codes.count() == hour
    for hours in range(1, day - hour + 2):
        asked(claim, now=NOW + timedelta(hours=hours, seconds=hours))
    assert codes.count() == day
    asked(claim, now=NOW + timedelta(hours=9), network="another")
    assert codes.count() == day + 1, "whoever uses up what is sent to them shuts out nobody else"
    asked(claim, now=NOW + timedelta(days=1, hours=9))
    assert codes.count() == day + 2


def test_codes_are_counted_by_address_whatever_they_open(claim: Claim):
    """Many claims that somebody has filed with one address are no way to fill its mailbox, nor is an account with it."""
    with transaction.atomic():
        others = [create_person(name="김", email="HONG@example.org", now=NOW) for _ in range(3)]
        user = begin_account(email="hong@example.org", locale="ko", now=NOW)
    claims = [claim, *(claim_of(person, claim.incident) for person in others)]

    @transaction.atomic
    def mailed(network: str) -> bool:
        return write_account_mail(user=user, about="log_in", code="ABCD-EFGH", network=network, now=NOW) is not None

    assert [mailed("x"), mailed("x")] == [True, True]
    for number in range(8):
        asked(claims[number % 4])
    assert AccessCode.objects.exclude(claim=None).count() == OF_A_NETWORK[0][1] - 2
    assert [mailed("x"), mailed("y")] == [False, True]
    for number in range(AT_MOST):
        asked(claims[number % 4], network=f"{number}")
    assert AccessCode.objects.exclude(claim=None).count() + Mail.objects.count() == AT_MOST, "from wherever they are asked for"


def test_references_are_read_as_people_write_them():
    assert typed_reference("c w2xm z593") == "C-W2XM-Z593"
    assert typed_reference("C-W2XMZ593") == "C-W2XM-Z593"
    assert typed_reference("C-O1IL-0000") == "C-0111-0000"
    assert typed_reference("W2XM-Z593") == "C-W2XM-Z593"
    assert typed_reference("D-W2XM-Z593") == typed_reference("C-W2XM-Z59U") == ""
    assert typed_reference("") == ""


# --- the pages ------------------------------------------------------------------------------------------


def through(client: Client, claim: Claim, server: list[EmailMessage]) -> Any:
    from django.utils import timezone

    answer = client.post(FIND, {"reference": claim.reference, "email": "hong@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (302, CODE)
    return client.post(CODE, {"code": sent(server, timezone.now())})


def test_a_guest_finds_their_claim(client: Client, claim: Claim, server: list[EmailMessage]):
    here = reverse("my:status", args=[claim.reference])
    assert client.get(here).headers["Location"].startswith(FIND)
    answer = through(client, claim, server)
    assert answer.headers["Location"] == here
    assert claim.reference in client.get(here).content.decode()
    guest = User.objects.get(person=claim.person)
    assert (guest.email, guest.has_usable_password(), guest.is_staff) == (None, False, False)
    event = AccountEvent.objects.get(kind="guest_admitted")
    assert (event.actor, event.person, event.data) == (guest, claim.person, {"by": "code"})
    client.post(reverse("my:leave", args=[claim.reference]))
    assert client.get(here).status_code == 302


def test_it_is_open_for_an_hour_after_the_last_page(client: Client, claim: Claim, server: list[EmailMessage]):
    here = reverse("my:status", args=[claim.reference])
    with time_machine.travel(NOW, tick=False) as clock:
        through(client, claim, server)
        for _ in range(3):
            clock.shift(timedelta(minutes=59))
            assert client.get(here).status_code == 200
        clock.shift(timedelta(minutes=60))
        assert client.get(here).status_code == 302


def test_what_is_sent_after_it_closed_is_said_to_be_lost(client: Client, claim: Claim):
    answer = client.post(reverse("my:write", args=[claim.reference]), {"message": "오래 쓴 글"}, follow=True)
    assert "방금 보낸 것은 받지 못했습니다" in answer.content.decode()
    assert "받지 못했습니다" not in client.get(FIND).content.decode()


def test_another_claim_stays_closed(client: Client, claim: Claim, server: list[EmailMessage]):
    with transaction.atomic():
        other = claim_of(create_person(name="이", email="lee@example.org", now=NOW), claim.incident)
    through(client, claim, server)
    known = client.get(reverse("my:status", args=[other.reference]))
    unknown = client.get(reverse("my:status", args=["C-0000-0000"]))
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"].replace(other.reference, "C-0000-0000") == unknown.headers["Location"]


def test_a_thousand_guesses_give_nothing_and_are_answered_alike(client: Client, claim: Claim, server: list[EmailMessage]):
    """Known references among unknown ones, with another address: the same bytes, no mail, and no code is right."""
    answers: set[tuple[object, ...]] = set()
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    for number in range(1_000):
        reference = claim.reference if number % 10 == 0 else f"C-{number:04}-0000"
        answer = client.post(FIND, {"reference": reference, "email": "lee@example.org"})
        page = client.get(CODE) if number % 100 == 0 else None
        answers.add((answer.status_code, answer.headers["Location"], answer.content))
        if page is not None:
            answers.add((page.status_code, token.sub(b"", page.content)))
            wrong = client.post(CODE, {"code": f"{number:06}"})
            answers.add((wrong.status_code, token.sub(b"", wrong.content).replace(f"{number:06}".encode(), b"")))
    assert len(answers) == 3
    assert not write_next_code(now=NOW)
    assert (server, AccessCode.objects.exclude(claim=None).count()) == ([], 0)


def test_known_and_unknown_ask_the_database_the_same(client: Client, claim: Claim):
    """So that an answer takes as long."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked_by(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            Client().post(FIND, {"reference": claim.reference, "email": email})
        said = r"'[^']*'|\"s[0-9]+_x[0-9]+\"|\b[0-9]+\b"
        return [re.sub(said, "", query["sql"].partition(" VALUES ")[0]) for query in queries]

    assert asked_by("hong@example.org") == asked_by("lee@example.org")


def test_the_form_says_what_is_missing(client: Client, db: None):
    page = client.post(FIND, {"reference": "", "email": "x"}).content.decode()
    assert "접수번호를 적으세요." in page
    assert "name@example.org처럼" in page
    assert client.get(CODE).headers["Location"] == FIND, "nobody asked for a code"
    assert "Fill in the number" in client.post(f"{FIND}?lang=en", {}).content.decode()


def test_whether_a_mail_is_ours(client: Client, claim: Claim, server: list[EmailMessage]):
    asked(claim)
    sent(server)
    number = Mail.objects.get().number
    page = client.post("/my/check/", {"number": number}).content.decode()
    assert "저희가" in page
    assert "확인 번호를 보낸 것입니다" in page
    assert "hong" not in page
    for wrong in ("M-0000-0000-0000", "<script>alert(1)</script>"):
        page = client.post("/my/check/?lang=en", {"number": wrong}).content.decode()
        assert "We have sent no message and issued no proof with this number" in page
        assert "<script>alert" not in page
