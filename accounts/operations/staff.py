"""The only doors to log-ins of staff. Each expects a transaction, opened by the face around it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.logins import normalised_email
from accounts.models import AccountEventKind, RoleChange, RoleGrant, User
from accounts.operations.checks import MANAGERS, check_together, checked_email, checked_roles
from accounts.operations.log import log_event
from accounts.operations.roles import check_apart, find_staff, propose_role_change
from accounts.operations.tokens import end_tokens
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require
from services.values import check_values


class EmailTaken(Refusal):
    code = "email_taken"


class UnknownUser(Unknown):
    code = "unknown_user"


class PasswordSet(Refusal):
    """Whoever could make a link for a log-in that is in use could take it over."""

    code = "password_set"


class RolesNotConfirmed(Refusal):
    code = "roles_not_confirmed"


class InvitedByOneself(Refusal):
    """Who invites somebody does not get the link as well: the two could be one."""

    code = "invited_by_oneself"


def create_staff(
    *,
    email: str,
    password: str,
    roles: Iterable[str],
    now: datetime,
    locale: str = User.Locale.KOREAN,
    granted_by: User | None = None,
) -> User:
    """By a command: a member of staff who can log in, with these roles. Pages use `invite_staff`.

    Raises EmailInvalid, EmailTaken, UnknownRole, RolesConflict.
    """
    granted, granted_at = checked_roles(roles), check_instant(now, "granted_at")
    check_together(granted)
    user = add_log_in(email, locale, password, is_staff=True)
    log_event(AccountEventKind.STAFF_CREATED, actor=granted_by, user=user, now=granted_at, roles=granted)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=granted_at, granted_by=granted_by) for role in granted
    )
    return user


def invite_staff(
    *, email: str, roles: Iterable[str], invited_by: User, note: str, now: datetime, locale: str = User.Locale.KOREAN
) -> RoleChange:
    """A log-in without a password, and the proposal of its roles, which a second person confirms.

    Raises RoleMissing, EmailInvalid, EmailTaken, and what `propose_role_change` raises.
    """
    now = check_instant(now, "now")
    require(invited_by, MANAGERS, "invite somebody")
    user = add_log_in(email, locale, None, is_staff=True)
    log_event(AccountEventKind.STAFF_INVITED, actor=invited_by, user=user, now=now)
    return propose_role_change(user_id=user.pk, grants=roles, takes=(), proposed_by=invited_by, note=note, now=now)


def issue_password_link(*, user_id: int, issued_by: User, now: datetime) -> tuple[str, str]:
    """(user, token) of the address under which somebody who was invited sets his first password, once, within a day.

    Nothing of it is stored: it is signed, and holds until the password is set or another link is issued. Never for who has
    a password, nor to who proposed this person's roles. Raises RoleMissing, UnknownStaff, UserLeft, OwnChange, PasswordSet,
    RolesNotConfirmed, InvitedByOneself.
    """
    now = check_instant(now, "now")
    require(issued_by, MANAGERS, "issue a link to set a password")
    user = find_staff(user_id)
    check_apart(user, issued_by)
    if user.has_usable_password():
        raise PasswordSet("This log-in has a password already; links are for those who never had one.", field="user")
    if not user.role_grants.exists():
        raise RolesNotConfirmed("Nobody has confirmed this person's roles yet. The link comes after that.", field="user")
    if RoleChange.objects.filter(user=user, proposed_by=issued_by).exists():
        raise InvitedByOneself("Who proposed this person's roles does not get the link; another manager does.", field="user")
    user.set_unusable_password()  # another one each time, so that earlier links hold no longer
    user.save(update_fields=["password"])
    log_event(AccountEventKind.PASSWORD_LINK_ISSUED, actor=issued_by, user=user, now=now)
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def set_first_password(*, user_id: int, password: str, now: datetime) -> User:
    """By whoever came with a link that was checked. Raises UnknownStaff, UserLeft, PasswordSet."""
    now = check_instant(now, "now")
    user = find_staff(user_id)
    if user.has_usable_password():
        raise PasswordSet("The password was set already. Log in, or ask whom you had the link from.", field="password")
    return _set_password(user, password, actor=user, now=now)


def change_password(*, email: str, password: str, now: datetime, changed_by: User | None = None) -> User:
    """By a command, or by the user himself. His sessions end, and the tokens of his apps. Raises UnknownUser."""
    now = check_instant(now, "now")
    user = User.objects.select_for_update().filter(email=normalised_email(email)).first()
    if user is None:
        raise UnknownUser(f"There is no log-in with the address {email}.", field="email")
    return _set_password(user, password, actor=changed_by, now=now)


def _set_password(user: User, password: str, *, actor: User | None, now: datetime) -> User:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_tokens(user=user)
    log_event(AccountEventKind.PASSWORD_CHANGED, actor=actor, user=user, now=now)
    return user


def add_log_in(email: str, locale: str, password: str | None, **fields: Any) -> User:
    """Without a password nobody can log in by one. Raises EmailInvalid, EmailTaken, InvalidValue."""
    address = checked_email(email)
    if User.objects.filter(email=address).exists():
        raise EmailTaken(f"There is already a log-in with the address {address}.", field="email")
    user = User(email=address, locale=locale, **fields)
    check_values(user, "password")
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:  # by who was quicker by a moment
        raise EmailTaken(f"There is already a log-in with the address {address}.", field="email") from taken
    return user
