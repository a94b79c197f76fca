"""A turn of the worker: what one mailbox refuses holds up nobody, a server that is away ends it; alerts come first."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage as Outgoing
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from accounts.operations import begin_account, create_person
from claims.models import Claim, Hint, Mail, News, NewsKind
from claims.operations import MailServerError, send_next_mail, write_account_mail, write_next_news
from claims.operations.mail import PAUSES
from claims.tasks import send_mail
from services.models import Incident
from tests.builders import a_person, claim_of, outage, told
from tests.claims.test_mail import DAY, news
from tests.mail_cast import BUSY, REFUSES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that is not over before all were tried, however busy this machine is."""
    monkeypatch.setattr("claims.tasks.SLICE_SECONDS", 45)


@transaction.atomic
def notices(*addresses: str) -> None:
    """Mails to accounts, in this turn."""
    user = begin_account(email="owner@example.org", locale="ko", now=DAY)
    for address in addresses:
        write_account_mail(user=user, about="passkey_added", address=address, now=DAY)


def test_thirty_who_are_refused_hold_up_nobody(server: list[EmailMessage]):
    notices(*[REFUSES] * 15, *[BUSY] * 15, "hong@example.org")
    with time_machine.travel(DAY):
        send_mail()
    assert [mail["To"] for mail in server] == ["hong@example.org"]
    states = list(Mail.objects.order_by("pk").values_list("state", "attempts"))
    assert states == [("failed", 1)] * 15 + [("waiting", 1)] * 15 + [("sent", 0)], "and none was tried twice"


def test_a_server_that_is_away_ends_the_turn(server: list[EmailMessage]):
    notices("one@example.org", "two@example.org", "three@example.org")
    news(*(claim_of(_person(f"{number}@example.org"), _outage()) for number in range(3)))
    Hint.objects.all().delete()
    with time_machine.travel(DAY), override_settings(EMAIL_PORT=1):
        send_mail()
    assert [mail.attempts for mail in Mail.objects.order_by("pk") if mail.kind == "account"] == [1, 0, 0]
    assert not Hint.objects.exists(), "the sweep begins the next one"
    with time_machine.travel(DAY + PAUSES[0]):
        send_mail()
    assert len(server) == 6


def _person(email: str) -> Any:
    with transaction.atomic():
        return create_person(name="홍길동", email=email, now=DAY)


def _outage() -> Incident:
    return Incident.objects.first() or outage()


OF_THE_SERVER: list[Exception] = [
    ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected("gone"), smtplib.SMTPConnectError(554, b"no"),
    smtplib.SMTPHeloError(550, b"no"), smtplib.SMTPAuthenticationError(535, b"no"), smtplib.SMTPDataError(421, b"closing"),
    smtplib.SMTPSenderRefused(550, b"not you", "claims@localhost"),
    smtplib.SMTPRecipientsRefused({"a@example.org": (421, b"closing")}),
]  # fmt: skip
OF_THE_MAIL: list[tuple[Exception, str]] = [
    (smtplib.SMTPDataError(554, b"no"), "failed"), (smtplib.SMTPDataError(451, b"later"), "waiting"),
    (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no")}), "failed"),
    (smtplib.SMTPRecipientsRefused({"a@example.org": (452, b"full")}), "waiting"),
    (smtplib.SMTPNotSupportedError("no such letters"), "waiting"), (ValueError("no address"), "failed"),
]  # fmt: skip


def _answered(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def send(mail: Outgoing) -> None:
        raise failure

    monkeypatch.setattr(Outgoing, "send", send)
    notices("a@example.org")


@pytest.mark.parametrize("failure", OF_THE_SERVER, ids=repr)
def test_what_is_wrong_with_the_server_fails_no_mail(failure: Exception, monkeypatch: pytest.MonkeyPatch):
    _answered(monkeypatch, failure)
    with pytest.raises(MailServerError):
        send_next_mail(now=DAY)
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.next_at) == ("waiting", 1, DAY + PAUSES[0])


@pytest.mark.parametrize(("failure", "state"), OF_THE_MAIL, ids=repr)
def test_what_is_wrong_with_one_mail_ends_no_turn(failure: Exception, state: str, monkeypatch: pytest.MonkeyPatch):
    _answered(monkeypatch, failure)
    assert send_next_mail(now=DAY)
    assert (Mail.objects.get().state, Mail.objects.get().attempts) == (state, 1)
    assert not send_next_mail(now=DAY)


def test_alerts_are_written_before_all_else():
    """However often they have failed, and however long other news has waited."""
    for number in range(3):
        news(claim_of(_person(f"{number}@example.org"), _outage()))
    alerted = claim_of(_person("hong@example.org"), _outage())
    news(alerted, kind="payee", now=DAY + PAUSES[0])
    News.objects.filter(claim=alerted).update(attempts=4)
    assert write_next_news(now=DAY + PAUSES[0])
    assert Mail.objects.get().kind == "alert"


def test_alerts_are_found_by_an_index_of_their_own():
    """A million others may wait for the morning. Here are enough of them that the other index would be the dearer way."""
    claim = Claim.objects.order_by("pk").first() or claim_of(a_person(), outage(), told())
    others = {"claim": claim, "kind": NewsKind.DECIDED, "made_at": DAY, "due_at": DAY}
    News.objects.bulk_create(News(**others) for _ in range(2_000))
    with CaptureQueriesContext(connection) as queries:
        write_next_news(now=DAY)
    (first, *_) = [one["sql"] for one in queries if 'FROM "claims_news"' in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("ANALYZE claims_news")
        cursor.execute(f"EXPLAIN {first}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "alerts_in_turn" in plan, plan
