"""What owners of accounts are mailed: codes by which they log in, and what was done to their log-in. Expects a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from claims import hints
from claims.models import Mail, MailContent, MailKind
from claims.operations.access import MOST_CODES
from claims.operations.mail import HIDDEN, HOLDS, made_mail
from services.instants import check_instant
from services.refusals import InvalidValue

CODES = ("log_in", "sign_up", "new_password")
NOTICES = (
    "exists", "password_changed", "passkey_added", "passkey_removed", "kakao_connected", "kakao_disconnected",
)  # fmt: skip
ASKED_FOR = (*CODES, "exists")  # by whoever types the address in


def write_account_mail(*, user: User, about: str, now: datetime, code: str = "") -> Mail | None:
    """A mail to the account's own address; None beyond five an hour or ten a day of what anybody can ask for, and to staff,
    whose log-ins are not opened by mail. Raises InvalidValue.
    """
    at = check_instant(now, "now")
    if about not in (*CODES, *NOTICES) or (about in CODES) != bool(code):
        raise InvalidValue(f"about is {about!r}. Use one of {', '.join((*CODES, *NOTICES))}; a code goes with {CODES}.")
    if user.is_staff or user.email is None:
        return None
    if about in ASKED_FOR and any(_sent(user.email, at - span) >= most for span, most in MOST_CODES):
        return None
    mail = made_mail(
        user.person, MailKind.ACCOUNT, user.email, user.locale, at, about=about, code=HIDDEN if code else "", secret=code,
        minutes=int(HOLDS.total_seconds()) // 60,
    )  # fmt: skip
    hints.write_hint(hints.SEND_MAIL, now=at)
    return mail


def _sent(address: str, since: datetime) -> int:
    return Mail.objects.filter(kind=MailKind.ACCOUNT, made_at__gt=since, kept__address=address).count()


def forget_account_mails(*, now: datetime) -> int:
    """What they said is erased after a day, when none of it holds any more. Returns how many."""
    old = check_instant(now, "now") - timedelta(days=1)
    return MailContent.objects.filter(mail__kind=MailKind.ACCOUNT, mail__made_at__lt=old).delete()[0]
