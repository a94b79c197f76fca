"""Whether there is anything to mail."""

from __future__ import annotations

from datetime import datetime

from claims.models import MOST_ATTEMPTS
from claims.operations.access import codes_due
from claims.operations.mail import mails_due
from claims.operations.news import news_due


def mail_is_due(*, now: datetime) -> bool:
    """Whether `send_mail` has something to do. Three short queries."""
    return mails_due(now).exists() or codes_due(now).exists() or news_due(now).filter(attempts__lt=MOST_ATTEMPTS).exists()
