"""One message a day, counted on the day on which it goes out; and that a claim came in, told at once or with all else."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import PersonalData
from claims.models import Claim, Mail, MailContent, News
from claims.operations import mail_is_due, send_mail_again, send_next_mail, write_next_news
from claims.operations.news import MOST_FILED
from tests.builders import NOW, a_user, at, outage
from tests.claims.test_filing import HONG, filed
from tests.claims.test_mail import DAY, NEXT_DAY, NIGHT, _claim, news, worked_off
from tests.mail_cast import BUSY, REFUSES, text_of

LATE, MORNING, NOON = at("17 20:59"), at("18 08:00"), at("18 12:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def claim(db: None) -> Claim:
    return _claim()


def told(server: list[EmailMessage]) -> list[tuple[bool, bool]]:
    """Which of two kinds each mail tells of."""
    return [("결정되었습니다" in text_of(mail), "답변이 있습니다" in text_of(mail)) for mail in server]


def written_late(claim: Claim) -> None:
    """In the last minute before the quiet hours, and not sent."""
    news(claim, now=LATE)
    assert write_next_news(now=LATE)
    assert not send_next_mail(now=LATE + MINUTE)


def test_what_was_written_in_the_evening_is_the_message_of_the_morning(claim: Claim, server: list[EmailMessage]):
    """Whether more comes by night or by day, by this claim or another one of the address."""
    written_late(claim)
    news(_claim(), kind="answered", now=NIGHT)
    worked_off(MORNING)
    assert told(server) == [(True, False)]
    news(claim, kind="answered", now=NOON)
    worked_off(NOON)
    assert len(server) == 1
    worked_off(MORNING + NEXT_DAY)
    assert told(server) == [(True, False), (False, True)]
    assert text_of(server[1]).count("답변이 있습니다") == 2


def test_it_counts_for_the_day_however_it_came_late(claim: Claim, server: list[EmailMessage]):
    """Sent again by staff at noon: nothing more goes out that day."""
    news(claim, now=DAY)
    PersonalData.objects.update(email=REFUSES)
    worked_off(DAY)
    with transaction.atomic():
        send_mail_again(mail_id=Mail.objects.get().pk, by=a_user("caseworker"), now=NOON)
    MailContent.objects.update(address="hong@example.org")
    PersonalData.objects.update(email="hong@example.org")
    worked_off(NOON)
    news(claim, kind="answered", now=NOON + MINUTE)
    worked_off(NOON + MINUTE)
    assert told(server) == [(True, False)]
    worked_off(MORNING + NEXT_DAY)
    assert len(server) == 2


def test_what_is_given_up_keeps_nothing_back_the_day_after(claim: Claim, server: list[EmailMessage]):
    written_late(claim)
    MailContent.objects.update(address=REFUSES)
    worked_off(MORNING)
    assert Mail.objects.get().state == "failed"
    news(claim, kind="answered", now=NOON)
    worked_off(NOON)
    assert told(server) == [(False, True)]


def test_the_eleventh_that_came_in_is_told_of_in_the_morning_with_all_others(claim: Claim, server: list[EmailMessage]):
    call_command("publish_consents", verbosity=0)
    entries = [filed(outage(), claimant=HONG.__class__("김", "lee@example.org")) for _ in range(MOST_FILED + 12)]
    worked_off(NOW)
    assert len(server) == MOST_FILED
    assert set(News.objects.values_list("state", flat=True)) == {"told", "due"}
    news(entries[0].claim, now=NOW)
    late = NOW + NEXT_DAY
    worked_off(late)
    assert len(server) == MOST_FILED + 1, "one mail"
    assert [entry.claim.reference in text_of(server[-1]) for entry in entries[MOST_FILED:]] == [True] * 12
    assert text_of(server[-1]).count("청구를 받았습니다") == 12
    assert text_of(server[-1]).index("결정되었습니다") < text_of(server[-1]).index("청구를 받았습니다")
    filed(outage(), claimant=HONG.__class__("김", "lee@example.org"), now=late)
    worked_off(late)
    assert text_of(server[-1]).count("청구를 받았습니다") == 1, "and what is filed next day is confirmed at once"
    news(entries[3].claim, kind="answered", now=late)
    worked_off(late)
    assert len(server) == MOST_FILED + 2, "the day has had its message"
    assert not mail_is_due(now=late)


def test_after_midnight_the_eleventh_waits_for_the_same_morning_and_wakes_nobody(db: None, server: list[EmailMessage]):
    night = at("18 00:30")
    claims = [_claim("lee@example.org") for _ in range(MOST_FILED + 1)]
    news(*claims, kind="filed", now=night)
    worked_off(night)
    assert len(server) == MOST_FILED
    assert News.objects.get(state="due").due_at == MORNING
    worked_off(MORNING - MINUTE)
    assert len(server) == MOST_FILED
    assert write_next_news(now=MORNING)
    assert not send_next_mail(now=NIGHT + NEXT_DAY), "written by day and not sent, it waits for the next one"
    worked_off(MORNING + NEXT_DAY)
    assert claims[-1].reference in text_of(server[-1])


def test_that_it_came_in_is_tried_again_by_night(db: None, server: list[EmailMessage]):
    claim = _claim(BUSY)
    news(claim, kind="filed", now=NIGHT)
    worked_off(NIGHT)
    assert Mail.objects.get().next_at == NIGHT + MINUTE
    MailContent.objects.update(address="hong@example.org")
    assert mail_is_due(now=NIGHT + MINUTE)
    worked_off(NIGHT + MINUTE)
    assert claim.reference in text_of(server[0])


def test_staff_send_it_again_by_night(db: None, server: list[EmailMessage]):
    news(_claim(REFUSES), kind="filed", now=NIGHT)
    worked_off(NIGHT)
    with transaction.atomic():
        mail = send_mail_again(mail_id=Mail.objects.get().pk, by=a_user("caseworker"), now=NIGHT)
    assert mail.next_at == NIGHT


def test_who_waited_for_another_writer_finds_it_put_off(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    """Nothing fails that somebody else has put off in that moment."""
    news(claim, kind="payee")

    def put_off(address: str) -> None:
        News.objects.update(due_at=MORNING)

    monkeypatch.setattr("claims.operations.news.lock_address", put_off)
    assert write_next_news(now=DAY)
    assert (News.objects.get().attempts, Mail.objects.count()) == (0, 0)
