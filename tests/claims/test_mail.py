"""What claimants are told by e-mail: once, one message a day, not by night, and never what it is about."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from accounts.models import PersonalData
from accounts.operations import begin_account, checked_email, create_person
from claims.models import Claim, Event, Mail, MailContent, News
from claims.operations import (
    MailNotFailed,
    MailServerError,
    UnknownMail,
    genuine_mail,
    mail_is_due,
    send_mail_again,
    send_next_mail,
    write_account_mail,
    write_next_news,
)
from claims.operations.mail import PAUSES, waking
from claims.operations.news import MOST_ALERTS, MOST_FILED, tell
from claims.tasks import send_mail
from services.models import Incident
from tests.builders import NOW, a_user, at, claim_of, outage
from tests.claims.test_filing import HONG, filed
from tests.mail_cast import BUSY, REFUSES, mail_server, text_of
from tests.worlds import world

# 2022-10-17, a Monday, by day and by night in Korea.
DAY, NIGHT = at("17 10:00"), at("17 22:30")
HOUR, NEXT_DAY = timedelta(hours=1), timedelta(days=1)


@world
def claim(db: None) -> Claim:
    return _claim()


def _claim(email: str = "hong@example.org", locale: str = "ko") -> Claim:
    with transaction.atomic():
        person = create_person(name="홍길동", email=email, locale=locale, now=NOW)
    return claim_of(person, Incident.objects.first() or outage())


@transaction.atomic
def news(*claims: Claim, kind: str = "decided", now: datetime = DAY) -> None:
    tell([claim.pk for claim in claims], kind, now=now)


def worked_off(now: datetime) -> None:
    while write_next_news(now=now) or send_next_mail(now=now):
        pass


def test_news_is_told_once_with_what_it_is_about_and_no_more(claim: Claim, server: list[EmailMessage]):
    news(claim)
    assert mail_is_due(now=DAY)
    worked_off(DAY)
    worked_off(DAY + HOUR)
    (mail,) = server
    assert (mail["To"], mail["Subject"]) == ("hong@example.org", "청구에 새 소식이 있습니다")
    text = text_of(mail)
    kept = Mail.objects.get()
    assert claim.reference in text
    assert "결정되었습니다" in text
    assert kept.number in text
    assert mail["Message-ID"] == f"<{kept.number}@localhost>"
    assert "홍길동" not in text, "a mail names nobody"
    assert not re.search(r"[0-9]+원|href|<a ", text)
    assert (kept.state, kept.sent_at, News.objects.get().state) == ("sent", DAY, "told")
    assert not mail_is_due(now=DAY + NEXT_DAY)


def test_several_things_are_told_in_one_message_and_the_next_one_in_the_morning(claim: Claim, server: list[EmailMessage]):
    news(claim)
    news(claim, kind="documents")
    news(claim, kind="documents")
    worked_off(DAY)
    assert text_of(server[0]).count("자료에 관한 안내") == 1
    news(claim, kind="answered", now=DAY + HOUR)
    worked_off(DAY + HOUR)
    worked_off(at("17 20:59"))
    worked_off(at("18 07:59"))
    assert len(server) == 1, "one message a day"
    worked_off(at("18 08:00"))
    assert "답변이 있습니다" in text_of(server[1])


def test_the_database_refuses_a_second_message_of_a_day(claim: Claim):
    news(claim)
    write_next_news(now=DAY)
    mail = Mail.objects.get()
    with pytest.raises(IntegrityError, match="person_has_one_message_a_day"), transaction.atomic():
        Mail.objects.create(
            number="M-2", person=mail.person, kind="news", language="ko", digest=mail.digest, day=mail.day, made_at=DAY,
            next_at=DAY,
        )  # fmt: skip


def test_what_was_sent_is_not_changed(claim: Claim, server: list[EmailMessage]):
    news(claim)
    worked_off(DAY)
    with pytest.raises(IntegrityError, match="sent_for_ever"), transaction.atomic():
        Mail.objects.update(state="waiting", sent_at=None)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("17 08:00", "17 08:00"), ("17 20:59", "17 20:59"), ("17 21:00", "18 08:00"), ("17 23:59", "18 08:00"),
        ("18 00:00", "18 08:00"), ("18 07:59", "18 08:00"),
    ],
)  # fmt: skip
def test_nobody_is_woken(said: str, told: str):
    assert waking(at(said)) == at(told)


def test_by_night_only_what_somebody_did_a_moment_ago_is_confirmed(claim: Claim, server: list[EmailMessage]):
    other = _claim("lee@example.org")
    news(claim, now=NIGHT)
    news(other, kind="filed", now=NIGHT)
    worked_off(NIGHT)
    assert [mail["To"] for mail in server] == ["lee@example.org"]
    worked_off(at("18 08:00"))
    assert [mail["To"] for mail in server] == ["lee@example.org", "hong@example.org"]


def test_a_claim_that_is_filed_is_confirmed_in_the_language_of_its_page(db: None, server: list[EmailMessage]):
    call_command("publish_consents", verbosity=0)
    entry = filed(outage(), claimant=HONG.__class__("Lee", "lee@example.org", locale="en"))
    worked_off(NOW)
    assert server[0]["Subject"] == "News about your claim"
    assert f"Claim {entry.claim.reference}" in text_of(server[0])
    assert "It has come in." in text_of(server[0])


def test_whoever_files_with_somebody_elses_address_fills_their_mailbox_no_further(claim: Claim, server: list[EmailMessage]):
    call_command("publish_consents", verbosity=0)
    incident = outage()
    for number in range(MOST_FILED + 2):
        filed(incident, claimant=HONG.__class__("김", ("lee@example.org", "Lee@Example.org")[number % 2]))
    worked_off(NOW)
    states = list(News.objects.order_by("pk").values_list("state", flat=True))
    assert (len(server), states) == (MOST_FILED, ["told"] * MOST_FILED + ["due"] * 2)
    news(*Claim.objects.all(), now=NOW)
    worked_off(NOW)
    others = {str(mail["To"]).lower(): text_of(mail).count("결정되었습니다") for mail in server[MOST_FILED:]}
    assert others == {"hong@example.org": 1, "lee@example.org": 2}, "somebody else, and who had none today"
    filed(incident, claimant=HONG.__class__("김", "lee@example.org"), now=NOW + NEXT_DAY)
    worked_off(NOW + NEXT_DAY)
    assert [text_of(mail).count("결정되었습니다") for mail in server[MOST_FILED + 2 :]] == [MOST_FILED, 0], "another day"


def test_all_claims_of_an_address_are_told_of_in_one_message_a_day(claim: Claim, server: list[EmailMessage]):
    """However many people are reached there: whoever files with somebody else's address cannot fill their mailbox."""
    others = [_claim("Hong@Example.org") for _ in range(3)]
    elsewhere = _claim("lee@example.org")
    news(claim, *others[:2])
    news(elsewhere)
    worked_off(DAY)
    news(others[2], kind="answered", now=DAY + HOUR)
    worked_off(DAY + HOUR)
    assert sorted(mail["To"].lower() for mail in server) == ["hong@example.org", "lee@example.org"]
    (mail,) = [mail for mail in server if mail["To"] == "hong@example.org"]
    assert [one.reference in text_of(mail) for one in (claim, *others)] == [True, True, True, False]
    worked_off(at("18 08:00"))
    assert others[2].reference in text_of(server[2])


def test_who_has_another_address_since_this_morning_hears_more_tomorrow(claim: Claim, server: list[EmailMessage]):
    news(claim)
    worked_off(DAY)
    PersonalData.objects.filter(person=claim.person).update(email="new@example.org")
    news(claim, kind="answered", now=DAY + HOUR)
    worked_off(DAY + HOUR)
    assert len(server) == 1
    assert News.objects.get(kind="answered").attempts == 0, "nobody ran into the one message a day"
    worked_off(at("18 08:00"))
    assert server[1]["To"] == "new@example.org"


def test_whoever_files_each_night_keeps_nothing_from_its_reader(claim: Claim, server: list[EmailMessage]):
    news(claim, kind="documents", now=at("16 22:00"))
    news(_claim(), kind="filed", now=at("17 00:30"))
    worked_off(at("17 00:31"))
    assert News.objects.get(claim=claim).state == "due"
    worked_off(at("17 08:00"))
    assert [claim.reference in text_of(mail) for mail in server] == [False, True]


@pytest.mark.parametrize("spy", ["hong@example.ınfo", "kım@example.org"])
def test_an_address_that_looks_the_same_is_somebody_elses(db: None, spy: str):
    """UPPER makes I of ı, and so does `iexact`."""
    victim, theirs = _claim(spy.replace("ı", "i")), _claim(spy)
    for kind in ("payee", "decided"):
        news(theirs, kind=kind)
        news(victim, kind=kind)
    while write_next_news(now=DAY):
        pass
    said = [(kept.address, victim.reference in kept.text, theirs.reference in kept.text) for kept in MailContent.objects.all()]
    assert sorted(said) == sorted([(spy.replace("ı", "i"), True, False), (checked_email(spy), False, True)] * 2)


def test_an_alert_goes_before_the_codes_that_anybody_can_ask_for(claim: Claim, server: list[EmailMessage]):
    with transaction.atomic():
        user = begin_account(email="lee@example.org", locale="ko", now=DAY)
        write_account_mail(user=user, about="sign_up", code="ABCD-EFGH", now=DAY)
    news(claim, kind="payee")
    with time_machine.travel(DAY):
        send_mail()
    assert [mail["To"] for mail in server] == ["hong@example.org", "lee@example.org"]


def test_who_gets_another_address_in_that_moment_is_told_there(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    news(claim, kind="payee")

    def moved(address: str) -> None:
        PersonalData.objects.filter(person=claim.person).update(email="new@example.org")

    monkeypatch.setattr("claims.operations.news.lock_address", moved)
    assert [write_next_news(now=DAY), write_next_news(now=DAY), write_next_news(now=DAY)] == [True, True, False]
    assert MailContent.objects.get().address == "new@example.org"
    assert News.objects.get().attempts == 0


def test_alerts_are_never_lost_but_become_one_an_hour(claim: Claim, server: list[EmailMessage]):
    """Nobody may hide one among many."""
    told = [_claim("hong@example.org") for _ in range(MOST_ALERTS + 3)]
    for one in told:
        news(one, kind="payee")
        worked_off(DAY)
    assert len(server) == MOST_ALERTS
    worked_off(DAY + HOUR - timedelta(seconds=1))
    assert len(server) == MOST_ALERTS
    worked_off(DAY + HOUR)
    assert [one.reference in text_of(server[-1]) for one in told[-4:]] == [False, True, True, True]
    news(claim, kind="payee", now=DAY + HOUR)
    worked_off(DAY + HOUR + timedelta(minutes=59))
    assert len(server) == MOST_ALERTS + 1
    worked_off(DAY + 2 * HOUR)
    assert claim.reference in text_of(server[-1])
    assert not News.objects.exclude(state="told").exists()


def test_who_has_no_address_is_told_by_no_mail(db: None):
    claim = _claim("")
    PersonalData.objects.filter(person=claim.person).update(phone="010-1234-5678")
    news(claim)
    worked_off(DAY)
    assert (News.objects.get().state, Mail.objects.count()) == ("no_address", 0)
    assert not mail_is_due(now=DAY)


def test_an_address_that_was_erased_meanwhile_gets_nothing(claim: Claim, server: list[EmailMessage]):
    news(claim)
    write_next_news(now=DAY)
    MailContent.objects.all().delete()
    worked_off(DAY)
    mail = Mail.objects.get()
    assert (mail.state, server) == ("failed", [])
    assert "erased" in mail.last_error


def test_what_a_server_refuses_for_good_fails_and_is_sent_again_by_staff(db: None, server: list[EmailMessage]):
    claim, worker, auditor = _claim(REFUSES), a_user("caseworker"), a_user("auditor")
    news(claim)
    worked_off(DAY)
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == ("failed", 1)
    assert "550" in mail.last_error
    with transaction.atomic():
        send_mail_again(mail_id=mail.pk, by=worker, now=DAY)
        assert Event.objects.filter(kind="mail_sent_again", actor=worker).count() == 1
        with pytest.raises(MailNotFailed):
            send_mail_again(mail_id=mail.pk, by=worker, now=DAY)
        with pytest.raises(UnknownMail):
            send_mail_again(mail_id=0, by=worker, now=DAY)
        with pytest.raises(Exception, match="role"):
            send_mail_again(mail_id=mail.pk, by=auditor, now=DAY)
    MailContent.objects.update(address="hong@example.org")
    worked_off(DAY)
    assert len(server) == 1


def test_a_server_that_is_busy_is_asked_again_ever_later_and_then_no_more(db: None, server: list[EmailMessage]):
    news(_claim(BUSY))
    write_next_news(now=DAY)
    now, waits = DAY, []
    for _ in range(20):
        assert send_next_mail(now=now), "other mails are tried meanwhile"
        mail = Mail.objects.get()
        if mail.state == "failed":
            break
        assert send_next_mail(now=mail.next_at - timedelta(seconds=1)) is False
        waits.append(mail.next_at - now)
        now = mail.next_at
    assert waits == PAUSES
    assert (mail.attempts, server) == (len(PAUSES) + 1, [])


def test_without_a_server_nothing_is_lost(claim: Claim):
    news(claim)
    away = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}
    with override_settings(**away, EMAIL_TIMEOUT=1), pytest.raises(MailServerError):
        worked_off(DAY)
    assert Mail.objects.get().state == "waiting"
    with mail_server() as mails:
        worked_off(DAY + HOUR)
    assert len(mails) == 1


def test_a_mail_that_cannot_be_written_is_tried_five_times(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    def fails(*args: Any, **said: Any) -> Mail:
        raise ValueError("no")

    monkeypatch.setattr("claims.operations.news.made_mail", fails)
    news(claim)
    for _ in range(5):
        assert write_next_news(now=DAY)
    assert not write_next_news(now=DAY)
    assert (News.objects.get().attempts, "no" in News.objects.get().last_error) == (5, True)


def test_what_is_late_from_the_day_waits_for_the_morning(claim: Claim, server: list[EmailMessage]):
    """News whose writer was away, a mail that was not sent yet, and one that is tried again."""
    late = at("17 20:50")
    news(claim, now=late)
    worked_off(NIGHT)
    assert (Mail.objects.count(), server, mail_is_due(now=NIGHT)) == (0, [], False)
    write_next_news(now=late)
    assert send_next_mail(now=NIGHT) is False
    busy = _claim(BUSY)
    news(busy, now=late)
    write_next_news(now=late)
    MailContent.objects.filter(mail__news__claim=claim).update(address=BUSY)
    send_next_mail(now=at("17 20:59"))
    assert Mail.objects.get(attempts=1).next_at == at("18 08:00")


def test_staff_by_night_send_it_in_the_morning(db: None, server: list[EmailMessage]):
    claim, worker = _claim(REFUSES), a_user("caseworker")
    news(claim)
    worked_off(DAY)
    with transaction.atomic():
        mail = send_mail_again(mail_id=Mail.objects.get().pk, by=worker, now=NIGHT)
    assert (mail.state, mail.attempts, mail.next_at) == ("waiting", 0, at("18 08:00"))


def test_what_a_server_says_of_an_address_is_not_kept(db: None, server: list[EmailMessage]):
    """It would outlive the erasure of the address."""
    news(_claim(REFUSES))
    worked_off(DAY)
    assert "example.org" not in Mail.objects.get().last_error
    assert "550" in Mail.objects.get().last_error


def test_a_mail_server_may_take_its_time(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """Longer than a transaction may otherwise idle, which would end it after the server took the mail."""
    from claims.operations import mail

    told: list[str] = []

    def slow(one: Mail, now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            told.append(cursor.fetchone()[0])

    monkeypatch.setattr(mail, "_hand_over", slow)
    news(claim)
    write_next_news(now=DAY)
    send_next_mail(now=DAY)
    assert told == ["3min"]


def test_a_mail_can_be_asked_about_by_its_number(claim: Claim, server: list[EmailMessage]):
    news(claim)
    write_next_news(now=DAY)
    number = Mail.objects.get().number
    assert genuine_mail(number) is None, "not sent yet"
    worked_off(DAY)
    for typed in (number, number.lower(), number.replace("-", " "), f" {number.replace('0', 'O').replace('1', 'l')} "):
        told = genuine_mail(typed)
        assert told is not None, typed
        assert (told.kind, told.sent_at, told.news) == ("news", DAY, ["decided"])
    for typed in ("", "M-0000-0000-0000", "'; --", number[:-1], number + "7", "\x00"):
        assert genuine_mail(typed) is None, typed


def test_django_warns_where_mails_would_reach_nobody(settings: Any):
    settings.OPERATOR, settings.OPERATOR_CONTACT = ("우리 회사", "Our Company"), "02-1234-5678"
    settings.HTTPS, settings.EMAIL_BACKEND = True, "django.core.mail.backends.filebased.EmailBackend"
    assert [found.id for found in run_checks(tags=["security"])] == ["claims.W001"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert run_checks(tags=["security"]) == []
    for name, contact in (("Our Company", ""), (settings.DEMONSTRATION[1], "02-1234-5678")):
        settings.OPERATOR, settings.OPERATOR_CONTACT = ("우리 회사", name), contact
        assert [found.id for found in run_checks(tags=["security"])] == ["claims.W002"]
