"""Mails that anybody can ask for who types in an address: codes of claims and of accounts, and that there is an account.

They are counted together, by address and by the network of who asks: whoever uses up what is sent to their network fills
nobody's mailbox, and shuts out nobody elsewhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.logins import address_is
from claims.models import AccessCode, Mail, MailKind
from claims.operations.locks import lock_address

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATELY = timedelta(days=30)
OF_A_NETWORK = ((HOUR, 6), (DAY, 12))
IN_ALL = 40  # a day, from four networks and more; beyond it one to each network that has asked for nothing that day
AT_MOST = 60  # a day, to all networks where no code was used lately


def had_enough(address: str, network: str, *, now: datetime) -> bool:
    """Whether one more, at this instant, would be beyond what is sent. For one who asks at a time, until its transaction ends.
    It asks the database the same whether the address is known or not.

    Four networks use up what is sent to anybody, and twenty more what is left for those who have asked for nothing: whoever has
    so many (a botnet, a hoster's many addresses) can still shut an address out for a day. Not where a code for one of its
    claims was asked for and typed in within a month: who did that reads the mailbox, and is counted by their own network alone.
    Codes of accounts are kept for a day only, and show nothing of that.
    """
    lock_address(address)
    codes = AccessCode.objects.filter(address_is("claim__person__personal_data__email", address), asked_at__gt=now - LATELY)
    codes = codes.filter(Q(asked_at__gt=now - DAY) | Q(used_at__isnull=False, network=network))
    mails = Mail.objects.filter(address_is("kept__address", address), kind=MailKind.ACCOUNT, made_at__gt=now - DAY)
    asked_or_used = list(codes.values_list("asked_at", "network", "used_at"))
    asked = [(at, by) for at, by, _ in asked_or_used if at > now - DAY] + list(mails.values_list("made_at", "kept__network"))
    theirs = [at for at, by in asked if by == network]
    if any(sum(at > now - span for at in theirs) >= most for span, most in OF_A_NETWORK):
        return True
    if len(asked) < IN_ALL or any(used is not None and by == network for _, by, used in asked_or_used):
        return False
    return bool(theirs) or len(asked) >= AT_MOST
