"""Accounts: log-ins that claimants open themselves. Each expects a transaction, opened by the face around it.

An account is nobody's person: it keeps within reach the people as whom its owner has claimed (ADR 38). Whoever types in an
address has shown nothing yet; until the code that is mailed there comes back, the account is only begun.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.logins import normalised_email
from accounts.models import AccountEvent, AccountEventKind, KeptPerson, Person, User
from accounts.operations.checks import checked_email
from accounts.operations.log import log_event
from accounts.operations.payees import lock_person
from accounts.operations.staff import EmailTaken, add_log_in
from accounts.operations.tokens import end_tokens
from services.instants import check_instant
from services.refusals import InvalidValue, Refusal, Unknown
from services.values import check_values

ENTERED_BY = ("code", "password", "passkey", "kakao")
# By what it was shown that a person is the owner's: they filed it while logged in; they have the code that was sent to where
# that person is reached; it was filed in this browser, with the account's own address.
SHOWN_BY = ("filed", "code", "address")
BEGUN_FOR = timedelta(days=1)
CHANGES = ("passkey_added", "passkey_removed", "kakao_connected", "kakao_disconnected")


class NoAccount(Refusal):
    """The log-in is a guest's, or of staff."""

    code = "no_account"


class UnknownKept(Unknown):
    code = "unknown_kept"


def begin_account(*, email: str, locale: str, now: datetime) -> User:
    """A log-in without a password, and nobody's yet. One that was only begun is begun anew, and stays the same: whoever typed
    in the address first may be waiting for the code. Raises EmailInvalid, EmailTaken, InvalidValue.
    """
    at = check_instant(now, "now")
    user = _lock_begun(checked_email(email))
    if user is None:
        return add_log_in(email, locale, None, begun_at=at)
    user.locale, user.begun_at = locale, at
    check_values(user, "password")
    user.save(update_fields=["locale", "begun_at"])
    return user


def is_begun(address: str) -> bool:
    """Somebody has typed it in to open an account, and no code has come back."""
    events = AccountEvent.objects.filter(user=OuterRef("pk"))  # a password that was set by a code, and not used yet
    return _begun().filter(~Exists(events), email=normalised_email(address)).exists()


def enter_account(*, user: User, by: str, now: datetime) -> None:
    """Somebody is let in by this log-in; whoever calls has checked it. Raises InvalidValue, NoAccount: also where it was closed
    meanwhile, or was only begun and made way.
    """
    at = check_instant(now, "now")
    if by not in ENTERED_BY:
        raise InvalidValue(f"by is {by!r}. Use one of {', '.join(ENTERED_BY)}.", field="by")
    _check_account(user)
    _lock_open(user)
    log_event(AccountEventKind.ACCOUNT_ENTERED, actor=user, now=at, user=user, person=user.person, by=by)


def record_log_in_change(*, user: User, what: str, now: datetime) -> None:
    """By what an account can be entered has changed. Raises InvalidValue, NoAccount."""
    at = check_instant(now, "now")
    if what not in CHANGES:
        raise InvalidValue(f"what is {what!r}. Use one of {', '.join(CHANGES)}.", field="what")
    _check_account(user)
    log_event(AccountEventKind.LOG_IN_CHANGED, actor=user, now=at, user=user, person=user.person, what=what)


def change_address(*, user: User, address: str, now: datetime) -> str:
    """Codes go there from now on, and nowhere else; whoever calls has checked that the address is the owner's. Returns the one
    before, for somebody has to tell it. Of two at once one is refused, whose copy of `user` has an address of before.

    All browsers are logged out (User._get_session_auth_hash). People who are kept are reached where they said. An account that
    was only begun with the new address makes way: whoever began it has not shown that they read its mail.
    Raises EmailInvalid, EmailTaken, NoAccount.
    """
    at = check_instant(now, "now")
    _check_account(user)
    new = checked_email(address)
    found = User.objects.select_for_update(of=("self",)).filter(pk=user.pk, email=user.email, is_active=True).first()
    if found is None or found.email is None:
        raise NoAccount("This account is closed, or has another address by now.", field="user")
    log_event(AccountEventKind.LOG_IN_CHANGED, actor=found, now=at, user=found, person=found.person, what="address")
    before, found.email = found.email, new
    begun = _lock_begun(new)
    if begun is not None:
        begun.delete()
    EmailAddress.objects.filter(user=found).delete()
    try:
        with transaction.atomic():
            found.save(update_fields=["email"])
            EmailAddress.objects.create(user=found, email=new, primary=True, verified=True)
    except IntegrityError as taken:
        raise EmailTaken(f"There is already a log-in with the address {new}.", field="email") from taken
    return before


def keep_person(*, user: User, person: Person, by: str, now: datetime) -> KeptPerson | None:
    """From now on the account reaches this person's claims; None where it does already, so that a retry is harmless.

    `by`: one of SHOWN_BY; whoever calls has checked it. Raises InvalidValue, NoAccount: also where it was closed meanwhile.
    """
    at = check_instant(now, "now")
    if by not in SHOWN_BY:
        raise InvalidValue(f"by is {by!r}. Use one of {', '.join(SHOWN_BY)}.", field="by")
    _check_account(user)
    _lock_open(user)
    if user.person_id == person.pk or KeptPerson.objects.filter(user=user, person=person).exists():
        return None
    event = log_event(AccountEventKind.PERSON_KEPT, actor=user, now=at, user=user, person=person, by=by)
    return KeptPerson.objects.create(user=user, person=person, event=event)


def let_person_go(*, user: User, person_id: int, now: datetime, by: User | None = None) -> None:
    """The account reaches them no longer; they stay who they are. `by`: who says so, where it is not the account's owner.
    Raises UnknownKept.
    """
    at = check_instant(now, "now")
    lock_person(person_id)
    kept = KeptPerson.objects.select_related("person").filter(user=user, person=person_id).first()
    if kept is None:
        raise UnknownKept("This account does not keep that person.", field="person")
    log_event(AccountEventKind.PERSON_LET_GO, actor=by or user, now=at, user=user, person=kept.person)
    kept.delete()


def close_account(*, user: User, now: datetime) -> None:
    """By its owner: nobody enters it any more, and nothing of it names anybody. The claims stay, and are found by their codes;
    the address may open another account. Harmless again. Raises NoAccount.
    """
    at = check_instant(now, "now")
    _check_account(user)
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    if not user.is_active:
        return
    log_event(AccountEventKind.ACCOUNT_CLOSED, actor=user, now=at, user=user, person=user.person)
    for named in (KeptPerson, EmailAddress, SocialAccount, Authenticator):
        named._default_manager.filter(user=user).delete()
    end_tokens(user=user)
    user.email, user.is_active = f"closed-{uuid4()}@account.invalid", False  # which nobody can have taken before
    user.set_unusable_password()
    user.save(update_fields=["email", "is_active", "password"])


def forget_begun_accounts(*, now: datetime) -> int:
    """Delete those whose address nobody has shown to be theirs within a day. Returns how many."""
    old = check_instant(now, "now") - BEGUN_FOR
    begun = _begun().select_for_update(of=("self",)).filter(begun_at__lt=old)  # not one that is begun anew in this moment
    ids = {user.pk for user in begun}
    ids -= set(AccountEvent.objects.filter(user__in=ids).values_list("user", flat=True))
    User.objects.filter(pk__in=ids).delete()
    return len(ids)


def _begun() -> QuerySet[User]:
    return User.objects.filter(begun_at__isnull=False, person=None, is_staff=False, last_login=None)


def _lock_begun(address: str) -> User | None:
    """Whose code came back a moment ago has an event before `last_login`; that is looked for once nobody else holds the row."""
    user = _begun().select_for_update(of=("self",)).filter(email=address).first()
    return None if user is None or AccountEvent.objects.filter(user=user).exists() else user


def _check_account(user: User) -> None:
    if user.is_staff or user.email is None:
        raise NoAccount("This log-in is no claimant's account.", field="user")


def _lock_open(user: User) -> None:
    """Of two the second waits, and sees what the first has done: closed it, or kept the same person."""
    if not User.objects.select_for_update(no_key=True, of=("self",)).filter(pk=user.pk, is_active=True).exists():
        raise NoAccount("This account is closed, or was only begun and is gone.", field="user")
