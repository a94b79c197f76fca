"""One row for each thing that was done, in the transaction that does it."""

from datetime import datetime
from typing import Any

from accounts.models import AccountEvent, AccountEventKind, Partner, Person, User


def log_event(
    kind: AccountEventKind,
    *,
    actor: User | None,
    now: datetime,
    user: User | None = None,
    person: Person | None = None,
    partner: Partner | None = None,
    **data: Any,
) -> AccountEvent:
    """`data`: ids and codes only; what is text can name somebody, and the row stays for ever."""
    return AccountEvent.objects.create(at=now, kind=kind, actor=actor, user=user, person=person, partner=partner, data=data)
