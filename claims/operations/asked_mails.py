"""Mails that anybody can ask for who types in an address: codes of claims and of accounts, and that there is an account.

They are counted together, by address and by the network of who asks: whoever uses up what is sent to their network fills
nobody's mailbox, and shuts out nobody elsewhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.logins import address_is
from claims.models import AccessCode, Mail, MailKind
from claims.operations.locks import lock_address

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OF_A_NETWORK = ((HOUR, 6), (DAY, 12))
IN_ALL = 40  # a day, from four networks and more


def had_enough(address: str, network: str, *, now: datetime) -> bool:
    """Whether one more, at this instant, would be beyond what is sent. For one who asks at a time, until its transaction ends.
    It asks the database the same whether the address is known or not.
    """
    lock_address(address)
    codes = AccessCode.objects.filter(address_is("claim__person__personal_data__email", address), asked_at__gt=now - DAY)
    mails = Mail.objects.filter(address_is("kept__address", address), kind=MailKind.ACCOUNT, made_at__gt=now - DAY)
    asked = [*codes.values_list("asked_at", "network"), *mails.values_list("made_at", "kept__network")]
    theirs = [at for at, by in asked if by == network]
    return len(asked) >= IN_ALL or any(sum(at > now - span for at in theirs) >= most for span, most in OF_A_NETWORK)
