"""What there is to tell claimants: written with what it is about, and told in one mail a day.

Whoever files claims with somebody else's address causes all of this to be mailed there: so that what bounds it goes by
address, however many people are reached there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.logins import address_is
from accounts.models import PersonalData
from claims import hints
from claims.models import ALERTS, MOST_ATTEMPTS, Mail, MailKind, MailState, News, NewsKind, NewsState
from claims.operations.attempts import attempt
from claims.operations.language import language_of
from claims.operations.locks import lock_address
from claims.operations.mail import CONFIRMS, confirms, is_quiet, made_mail, morning, next_morning, waking
from services.instants import check_instant
from services.seoul import SEOUL

TOLD_AT_ONCE = (NewsKind.FILED, *ALERTS)
# Mails a day to one address.
MOST_FILED = 10  # that a claim came in: a family may share an address; beyond it in the one of the next morning
MOST_ALERTS = 5  # at once; beyond it one an hour, for none may be lost
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def tell(claim_ids: Sequence[int], kind: str, *, now: datetime) -> None:
    """Each of these claimants is to know it: in the transaction of what it is about. What they did themselves a moment ago is
    confirmed at once, and so is what others may have done to rob them; all else outside the quiet hours.
    """
    due = now if kind in TOLD_AT_ONCE else waking(now)
    News.objects.bulk_create(News(claim_id=claim, kind=kind, made_at=now, due_at=due) for claim in claim_ids)
    if claim_ids:
        hints.write_hint(hints.SEND_MAIL, now=now)


def news_due(now: datetime) -> QuerySet[News]:
    """By night only what somebody did a moment ago, whatever is late from the day."""
    due = News.objects.filter(state=NewsState.DUE, due_at__lte=now)
    return due.filter(Q(kind__in=ALERTS) | CONFIRMS) if is_quiet(now) else due


def write_next_news(*, now: datetime) -> bool:
    """What is to be told next, as one mail, alerts first; False where nothing is due. What fails is tried five times. Opens its
    own transaction.

    To an address goes one mail a day, of all claims that have something new; what comes later waits for the next morning. It
    counts for the day on which it goes out. Not counted are that a claim came in, for each person, ten times a day, and alerts.
    """
    now = check_instant(now, "now")
    with attempt(News) as taken:
        due = news_due(now).filter(attempts__lt=MOST_ATTEMPTS)
        in_turn = due.select_related("claim").order_by("attempts", "due_at", "pk")
        first = in_turn.filter(kind__in=ALERTS).first() or in_turn.first()
        if first is not None:
            taken.append(first.pk)
            _write(first, now)
    return bool(taken)


def _write(first: News, now: datetime) -> None:
    address = PersonalData.objects.filter(person=first.claim.person_id).values_list("email", flat=True).first()
    if not address:
        News.objects.filter(pk=first.pk, state=NewsState.DUE).update(state=NewsState.NO_ADDRESS)
        return
    lock_address(address)  # of two who write to it the second finds it written
    first.refresh_from_db(fields=["state", "due_at"])
    is_due = first.state == NewsState.DUE and first.due_at <= now
    if not is_due or not PersonalData.objects.filter(person=first.claim.person_id, email=address).exists():
        return  # what is due still, to another address by now, comes next
    due = news_due(now).filter(address_is("claim__person__personal_data__email", address))
    if first.kind in ALERTS:
        _alert(due.filter(kind__in=ALERTS), address, now)
    elif _confirms(first):
        _confirm(due.filter(claim__person=first.claim.person_id).exclude(kind__in=ALERTS), address, now)
    else:
        _tell_of_the_day(due.exclude(kind__in=ALERTS).exclude(CONFIRMS), address, now)


def _confirms(news: News) -> bool:
    """As CONFIRMS has it."""
    return news.kind == NewsKind.FILED and news.due_at == news.made_at


def _alert(news: QuerySet[News], address: str, now: datetime) -> None:
    """A mail of its own."""
    alerts = Mail.objects.filter(address_is("kept__address", address), kind=MailKind.ALERT, made_at__gt=now - DAY)
    made = list(alerts.order_by("-made_at").values_list("made_at", flat=True)[:MOST_ALERTS])
    if len(made) == MOST_ALERTS and now < made[0] + HOUR:
        _all(news).update(due_at=made[0] + HOUR)
    else:
        _mail(news, MailKind.ALERT, address, now)


def _confirm(news: QuerySet[News], address: str, now: datetime) -> None:
    """To one person, with what else there is. Each claim on the web makes a person: whoever files many with somebody else's
    address puts one longer mail into their mailbox next morning.
    """
    today = now.astimezone(SEOUL).date()
    told = News.objects.filter(CONFIRMS, address_is("mail__kept__address", address), mail__day=today)
    if told.values("mail").distinct().count() >= MOST_FILED:
        _all(news.filter(CONFIRMS)).update(due_at=next_morning(now))
    elif Mail.objects.filter(person=news[0].claim.person_id, day=today).exists():
        _all(news).update(due_at=morning(now, days=1))
    else:
        _mail(news, MailKind.NEWS, address, now)


def _tell_of_the_day(news: QuerySet[News], address: str, now: datetime) -> None:
    """A mail of before that went out today, or is still to go, is the one of today.

    That a claim came in, on the same day, is no reason to wait but for that claimant: whoever files one each night would keep
    all else from its reader.
    """
    today = now.astimezone(SEOUL).date()
    of_today = Q(day=today) | Q(state=MailState.WAITING) | Q(sent_at__gte=datetime.combine(today, time.min, SEOUL))
    mails = Mail.objects.filter(address_is("kept__address", address), ~confirms(), kind=MailKind.NEWS)
    told = mails.filter(of_today).exists()
    had_one = Exists(Mail.objects.filter(person=OuterRef("claim__person"), day=today))
    _all(news if told else news.filter(had_one)).update(due_at=morning(now, days=1))
    if news.exists():
        _mail(news, MailKind.NEWS, address, now)


def _mail(due: QuerySet[News], kind: str, address: str, now: datetime) -> None:
    """In the language of the claim that is told of first. Of those that came in and had to wait last: whoever files many with
    somebody else's address puts them before nothing.
    """
    news = list(due.select_related("claim__incident", "claim__person").order_by("pk"))
    news.sort(key=lambda one: one.kind == NewsKind.FILED and not _confirms(one))
    about = {(one.claim_id, one.kind): one for one in news}
    mail = made_mail(
        news[0].claim.person, kind, address, language_of(news[0].claim), now,
        day=now.astimezone(SEOUL).date() if kind == MailKind.NEWS else None, kinds={one.kind for one in news},
        news=[{"reference": one.claim.reference, "kind": one.kind, "incident": one.claim.incident} for one in about.values()],
    )  # fmt: skip
    News.objects.filter(pk__in=[one.pk for one in news]).update(state=NewsState.TOLD, mail=mail)


def _all(news: QuerySet[News]) -> QuerySet[News]:
    """The same rows, as an update wants them: without a join."""
    return News.objects.filter(pk__in=list(news.values_list("pk", flat=True)))
