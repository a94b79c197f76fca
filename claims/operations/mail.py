"""E-mails to claimants: written into an outbox, handed over until they have gone out, and known again by their numbers.

A mail says that there is something, never what: whoever reads somebody's mailbox learns no sum, and none of its sentences asks
for anything.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string

from accounts.models import Person, User
from claims import hints
from claims.models import AccessCode, Mail, MailContent, MailKind, MailState, News, NewsKind
from claims.operations.decisions import DECIDERS
from claims.operations.moves import log_event
from claims.operations.numbers import new_number, typed_number
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.salted import Salted
from services.seoul import SEOUL
from services.staff import require

# Nobody is woken: by night nothing is sent but what somebody asked for in that moment, and what warns them. Half-open, in
# Korean time; the hours in which the law on networks (정보통신망법, art. 50) forbids messages that were not asked for.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
# After the first, second, ... failure. A server that is away for a day loses nothing.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
HANDED_OVER_IN = 180  # seconds at most: a mail server has EMAIL_TIMEOUT for each of some ten steps
ADDRESS = re.compile(r"[^\s'\"<>{}(),]+@[^\s'\"<>{}(),:]+")  # in what a server answers; it would outlive its erasure
HANGS_UP = 421  # says a server that closes
HIDDEN = "••••••"  # where the code stands in the text that is kept
HOLDS = timedelta(minutes=15)  # a code
AT_ONCE = (MailKind.ACCOUNT, MailKind.ALERT, MailKind.CODE)  # by night too
# News that a claim came in is told at once, unless it has to wait: then with all else that waits.
CONFIRMS = Q(kind=NewsKind.FILED, due_at=F("made_at"))


class UnknownMail(Unknown):
    code = "unknown_mail"


class MailNotFailed(Refusal):
    """It waits or was sent."""

    code = "mail_not_failed"


class MailServerError(Exception):
    """It takes nothing from us now, whoever it is for."""


def waking(now: datetime) -> datetime:
    """This instant, or the end of the quiet hours in which it lies."""
    return next_morning(now) if is_quiet(now) else now


def next_morning(now: datetime) -> datetime:
    """The next end of quiet hours."""
    return morning(now, days=0 if now.astimezone(SEOUL).time() < QUIET_UNTIL else 1)


def morning(now: datetime, *, days: int) -> datetime:
    """The end of the quiet hours so many days after today."""
    return datetime.combine(now.astimezone(SEOUL).date() + timedelta(days=days), QUIET_UNTIL, SEOUL)


def is_quiet(now: datetime) -> bool:
    return not QUIET_UNTIL <= now.astimezone(SEOUL).time() < QUIET_FROM


def made_mail(
    person: Person | None,
    kind: str,
    address: str,
    language: str,
    now: datetime,
    *,
    day: Any = None,
    secret: str = "",
    network: str = "",
    **said: Any,
) -> Mail:
    """Of the template of its kind, and in the outbox. `secret`: the code that goes where HIDDEN stands; `network`: of who asked
    for it.
    """
    number = new_number("M")
    template = f"claims/mail/{kind}.{language}.txt"
    subject, text = render_to_string(template, {"number": number, "site": settings.SITE_ADDRESS, **said}).split("\n\n", 1)
    salted = Salted.of("\n".join((address, subject, text)))
    mail = Mail.objects.create(
        number=number, person=person, kind=kind, language=language, digest=salted.digest, day=day, made_at=now, next_at=now
    )
    MailContent.objects.create(
        mail=mail, address=address, subject=subject, text=text, salt=salted.salt, secret=secret, network=network
    )
    return mail


def send_next_mail(*, now: datetime) -> bool:
    """Hand one over to the mail server; False where none waits. What is refused for the moment is tried again, first after a
    minute and then ever later; what is refused for good, and what has failed eight times, fails for somebody to see. Raises
    MailServerError where it is the server that fails, so that the others wait without being tried in vain.

    Alerts first: somebody may lose money, and codes can be asked for by anybody. Then codes, by the names of their kinds:
    somebody waits. The row stays locked meanwhile, for longer than a transaction may otherwise idle. Who dies after the server
    took it sends it once more, under the same Message-ID.
    """
    now = check_instant(now, "now")
    with transaction.atomic(durable=True):
        waiting = mails_due(now).order_by("kind", "next_at", "pk").select_for_update(skip_locked=True, of=("self",))
        mail = waiting.filter(kind=MailKind.ALERT).first() or waiting.first()
        if mail is None:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{HANDED_OVER_IN}s"])
        refused = _hand_over(mail, now)
        if refused is None:
            mail.state, mail.sent_at = MailState.SENT, now
        else:
            mail.attempts += 1
            mail.last_error = ADDRESS.sub("***", repr(refused))[:2000]
            if _is_final(refused) or mail.attempts > len(PAUSES):
                mail.state = MailState.FAILED
            else:
                again = now + PAUSES[mail.attempts - 1]
                mail.next_at = again if _is_sent_at_once(mail) else waking(again)
        mail.save(update_fields=["state", "sent_at", "attempts", "last_error", "next_at"])
        if mail.state != MailState.WAITING:
            MailContent.objects.filter(pk=mail.pk).exclude(secret="").update(secret="")
    if refused is not None and _is_of_the_server(refused):
        raise MailServerError(mail.last_error)
    return True


def mails_due(now: datetime) -> QuerySet[Mail]:
    """By night only codes, alerts, what was done to a log-in, and that a claim came in, however often it is tried."""
    due = Mail.objects.filter(state=MailState.WAITING, next_at__lte=now)
    return due.filter(Q(kind__in=AT_ONCE) | Q(confirms())) if is_quiet(now) else due


def confirms() -> Exists:
    """Of mails: those which tell at once that a claim came in."""
    return Exists(News.objects.filter(CONFIRMS, mail=OuterRef("pk")))


def _is_sent_at_once(mail: Mail) -> bool:
    return mail.kind in AT_ONCE or News.objects.filter(CONFIRMS, mail=mail).exists()


class _NothingToSendError(Exception):
    """Nobody is to be told any more."""


def _hand_over(mail: Mail, now: datetime) -> Exception | None:
    kept = MailContent.objects.filter(pk=mail.pk).first()
    if kept is None:
        return _NothingToSendError("What it said was erased.")
    if kept.secret and (mail.made_at + HOLDS <= now or AccessCode.objects.filter(mail=mail, expires_at__lte=now).exists()):
        return _NothingToSendError("The code has expired.")
    text = kept.text.replace(HIDDEN, kept.secret) if kept.secret else kept.text
    headers = {"Message-ID": f"<{mail.number}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(kept.subject, text, to=[kept.address], headers=headers).send()
    except (OSError, smtplib.SMTPException, ValueError) as failure:
        return failure
    return None


def _is_final(failure: Exception) -> bool:
    """The server says that it will never take it (5xx), or there is nothing to send."""
    if _is_of_the_server(failure):
        return False
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(status >= 500 for status, _ in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPDataError):
        return failure.smtp_code >= 500
    return isinstance(failure, (_NothingToSendError, ValueError))


def _is_of_the_server(failure: Exception) -> bool:
    """It is away, hangs up (421), or takes nothing from this sender or under this log-in; not what it says of one mail."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return any(status == HANGS_UP for status, _ in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPDataError):
        return failure.smtp_code == HANGS_UP
    return isinstance(failure, OSError) and not isinstance(failure, smtplib.SMTPNotSupportedError)  # as those of SMTP are too


def send_mail_again(*, mail_id: int, by: User, now: datetime) -> Mail:
    """Of staff who have mended what was wrong. Raises RoleMissing, UnknownMail, MailNotFailed."""
    now = check_instant(now, "now")
    require(by, DECIDERS, "send a mail again")
    mail = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        raise UnknownMail(f"There is no mail {mail_id}.", field="mail")
    if mail.state != MailState.FAILED:
        raise MailNotFailed(f"This mail is {mail.state}.", field="mail")
    if MailContent.objects.filter(pk=mail.pk, text__contains=HIDDEN).exists():
        raise MailNotFailed("A code is not sent again: whoever asked for it asks for another.", field="mail")
    mail.state, mail.attempts = MailState.WAITING, 0
    mail.next_at = now if _is_sent_at_once(mail) else waking(now)
    mail.save(update_fields=["state", "attempts", "next_at"])
    log_event("mail_sent_again", actor=by, now=now, data={"mail": mail.pk})
    hints.write_hint(hints.SEND_MAIL, now=now)
    return mail


@dataclass(frozen=True)
class GenuineMail:
    """What somebody who holds a mail of ours may be told of it."""

    kind: str
    sent_at: datetime
    news: list[str]


def genuine_mail(number: str) -> GenuineMail | None:
    """Whether we sent a mail with this number, however it is written. None: we did not."""
    mail = Mail.objects.filter(number=typed_number(number), state=MailState.SENT).first()
    if mail is None or mail.sent_at is None:
        return None
    return GenuineMail(
        mail.kind, mail.sent_at, list(News.objects.filter(mail=mail).order_by("pk").values_list("kind", flat=True))
    )
