"""What owners of accounts are mailed: codes by which they log in, and what was done to their log-in. Expects a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from claims import hints
from claims.models import Mail, MailContent, MailKind
from claims.operations.asked_mails import had_enough
from claims.operations.mail import HIDDEN, HOLDS, made_mail
from services.instants import check_instant
from services.refusals import InvalidValue

CODES = ("log_in", "sign_up", "new_password", "address")
NOTICES = (
    "exists", "address_taken", "address_changed", "password_changed", "passkey_added", "passkey_removed", "kakao_connected",
    "kakao_disconnected", "claim_taken_out",
)  # fmt: skip
ASKED_FOR = (*CODES, "exists", "address_taken")  # by whoever types the address in


def write_account_mail(
    *, user: User, about: str, now: datetime, code: str = "", network: str = "", address: str | None = None
) -> Mail | None:
    """A mail to the account's own address, or the `address` that it is to have or had before; None to staff, whose log-ins are
    not opened by mail, and beyond what is sent of all that anybody can ask for. `network`: of who asked, as `digest_of_network`
    has it. Raises InvalidValue.
    """
    at = check_instant(now, "now")
    if about not in (*CODES, *NOTICES) or (about in CODES) != bool(code):
        raise InvalidValue(f"about is {about!r}. Use one of {', '.join((*CODES, *NOTICES))}; a code goes with {CODES}.")
    if user.is_staff or user.email is None:
        return None
    to = address or user.email
    if about in ASKED_FOR and had_enough(to, network, now=at):
        return None
    mail = made_mail(
        user.person, MailKind.ACCOUNT, to, user.locale, at, about=about, code=HIDDEN if code else "", secret=code,
        network=network, minutes=int(HOLDS.total_seconds()) // 60,
    )  # fmt: skip
    hints.write_hint(hints.SEND_MAIL, now=at)
    return mail


def forget_account_mails(*, now: datetime) -> int:
    """What they said is erased after a day, when none of it holds any more. Returns how many."""
    old = check_instant(now, "now") - timedelta(days=1)
    return MailContent.objects.filter(mail__kind=MailKind.ACCOUNT, mail__made_at__lt=old).delete()[0]
