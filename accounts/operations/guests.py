"""Guests have a log-in of their own, without an address or a password. Expects a transaction."""

from __future__ import annotations

from datetime import datetime

from accounts.models import AccountEventKind, Partner, Person, User
from accounts.operations.log import log_event
from accounts.operations.payees import lock_person
from services.instants import check_instant
from services.refusals import InvalidValue

# They have filed the claim in this browser; they have the code that was sent to them; the account that is logged in keeps it.
# A partner acts for somebody whom it knows.
ADMITTED_BY = ("filed", "code", "account", "partner")


def admit_guest(*, person: Person, by: str, now: datetime, partner: Partner | None = None, client_id: str = "") -> User:
    """The log-in as which a person acts who has none of their own here: made when they first come, and the same ever after.

    Each time leaves an event that says by what they were let in; of a partner which, and by which of its credentials. Whoever
    calls has checked it. Raises InvalidValue.
    """
    now = check_instant(now, "now")
    if by not in ADMITTED_BY:
        raise InvalidValue(f"by is {by!r}. Use one of {', '.join(ADMITTED_BY)}.", field="by")
    lock_person(person.pk)
    guest = User.objects.filter(person=person, email=None).first()
    if guest is None:
        guest = User(person=person, email=None, locale=_locale_of(person))
        guest.set_unusable_password()
        guest.save(force_insert=True)
    data = {"by": by, **({"client_id": client_id} if client_id else {})}
    log_event(AccountEventKind.GUEST_ADMITTED, actor=guest, now=now, user=guest, person=person, partner=partner, **data)
    return guest


def _locale_of(person: Person) -> str:
    kept = getattr(person, "personal_data", None)
    return (kept.locale if kept else "") or User.Locale.KOREAN
