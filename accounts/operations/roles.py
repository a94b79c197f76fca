"""Roles of staff change by two people. Each operation expects a transaction and waits for every other change of roles.

One lock for all of them: with a lock of the one change only, two managers could take the role from each other at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from accounts.models import AccountEventKind, Role, RoleChange, RoleChangeState, RoleGrant, User
from accounts.operations.checks import MANAGERS, UnknownRole, check_together, checked_note, checked_roles
from accounts.operations.log import log_event
from accounts.operations.tokens import end_tokens
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.staff import require

LOCK = 7330  # beside the numbers of claims/operations/locks.py
NO_PASSWORD = {"user__password__startswith": "!"}
FEWEST_MANAGERS = 2  # with fewer nobody could confirm what another one proposes


class UnknownStaff(Unknown):
    code = "unknown_staff"


class UserLeft(Refusal):
    code = "user_left"


class NothingChanges(Refusal):
    code = "nothing_changes"


class ChangeOpen(Refusal):
    code = "change_open"


class UnknownChange(Unknown):
    code = "unknown_change"


class ChangeClosed(Refusal):
    code = "change_closed"


class OwnChange(Refusal):
    """It is about who asks, or he proposed it himself."""

    code = "own_change"


class TooFewManagers(Refusal):
    code = "too_few_managers"


def propose_role_change(
    *, user_id: int, grants: Iterable[str], takes: Iterable[str], proposed_by: User, note: str, now: datetime
) -> RoleChange:
    """Roles to be given to and taken from somebody of the staff; nothing changes until a second person confirms it.

    Raises RoleMissing, UnknownStaff, UserLeft, OwnChange, ChangeOpen, UnknownRole, NothingChanges, RolesConflict,
    TooFewManagers, NoteRequired.
    """
    change = RoleChange(grants=checked_roles(grants, "grants"), takes=checked_roles(takes, "takes"))
    return _propose(AccountEventKind.ROLES_PROPOSED, change, user_id, proposed_by, note, now=now)


def propose_leaving(*, user_id: int, proposed_by: User, note: str, now: datetime) -> RoleChange:
    """Somebody of the staff leaves. Raises as `propose_role_change`."""
    return _propose(AccountEventKind.LEAVING_PROPOSED, RoleChange(leaves=True), user_id, proposed_by, note, now=now)


def confirm_role_change(*, change_id: int, confirmed_by: User, now: datetime) -> RoleChange:
    """The second person agrees, and it is carried out: never who proposed it, nor whom it is about.

    Who leaves loses all roles, sessions and tokens. Raises RoleMissing, UnknownChange, ChangeClosed, OwnChange, UserLeft,
    NothingChanges, RolesConflict, TooFewManagers.
    """
    now = check_instant(now, "now")
    change, confirmer = _lock_change(change_id, confirmed_by, "confirm a change of roles")
    if is_same_person(change.proposed_by, confirmer):
        raise OwnChange("Somebody else than who proposed it confirms it.", field="change")
    _check(change)
    takes = _held(change.user) if change.leaves else change.takes
    kind = AccountEventKind.STAFF_LEFT if change.leaves else AccountEventKind.ROLES_CHANGED
    log_event(
        kind, actor=confirmer, user=change.user, now=now, change=change.pk, grants=change.grants, takes=list(takes)
    )  # fmt: skip
    _carry_out(change, takes, confirmer, now)
    return _close(change, RoleChangeState.CONFIRMED, confirmer, now)


def return_role_change(*, change_id: int, returned_by: User, note: str, now: datetime) -> RoleChange:
    """It is not done: the second person says why not, or who proposed it thinks better of it. Not whom it is about.

    Raises RoleMissing, UnknownChange, ChangeClosed, OwnChange, NoteRequired.
    """
    now = check_instant(now, "now")
    text = checked_note(note)
    change, returner = _lock_change(change_id, returned_by, "return a change of roles")
    log_event(AccountEventKind.CHANGE_RETURNED, actor=returner, user=change.user, now=now, change=change.pk)
    return _close(change, RoleChangeState.RETURNED, returner, now, text)


def find_staff(user_id: int) -> User:
    """Locked. Raises UnknownStaff, UserLeft."""
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_staff=True).first()
    if user is None:
        raise UnknownStaff(f"There is no member of staff {user_id}.", field="user")
    if not user.is_active:
        raise UserLeft("This member of staff has left.", field="user")
    return user


def check_apart(user: User, other: User) -> None:
    """Raises OwnChange."""
    if is_same_person(user, other):
        raise OwnChange("This is about yourself. Two others have to do it.", field="user")


def is_same_person(one: User, other: User) -> bool:
    """The same person, if with another log-in."""
    return one.pk == other.pk or (one.person_id is not None and one.person_id == other.person_id)


def log_ins_of(user: User) -> list[int]:
    """The ids of all log-ins of the same person, in order. No query for who is nobody's person."""
    if user.person_id is None:
        return [user.pk]
    return list(User.objects.filter(person=user.person_id).order_by("pk").values_list("pk", flat=True))


def _propose(
    kind: AccountEventKind, change: RoleChange, user_id: int, proposed_by: User, note: str, *, now: datetime
) -> RoleChange:
    change.proposed_at = check_instant(now, "now")
    change.note = checked_note(note)
    change.proposed_by = _lock(proposed_by, "propose a change of roles")
    change.user = find_staff(user_id)
    check_apart(change.user, change.proposed_by)
    if RoleChange.objects.filter(user=change.user, state=RoleChangeState.OPEN).exists():
        raise ChangeOpen("A change of this person's roles waits already. Confirm or return that one first.", field="user")
    _check(change)
    change.save(force_insert=True)
    log_event(
        kind, actor=change.proposed_by, user=change.user, now=change.proposed_at, change=change.pk, grants=change.grants,
        takes=change.takes,
    )  # fmt: skip
    return change


def _lock(user: User, what: str) -> User:
    """Waits for other changes of roles; then who asks as he is now. Raises RoleMissing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    present = User.objects.get(pk=user.pk)
    require(present, MANAGERS, what)
    return present


def _lock_change(change_id: int, user: User, what: str) -> tuple[RoleChange, User]:
    present = _lock(user, what)
    change = RoleChange.objects.select_related("proposed_by").filter(pk=change_id).first()
    if change is None:
        raise UnknownChange(f"There is no change of roles {change_id}.", field="change")
    if change.state != RoleChangeState.OPEN:
        raise ChangeClosed(f"This change of roles is {change.state} already.", field="change")
    check_apart(change.user, present)
    return change, present


def _check(change: RoleChange) -> None:
    """That it can be carried out now."""
    user = find_staff(change.user_id)
    held = set(_held(user))
    if not change.leaves:
        _check_changes(change, held)
        check_together(held.difference(change.takes).union(change.grants))
    if Role.MANAGER in (held if change.leaves else change.takes):
        _check_managers_left(user)


def _check_changes(change: RoleChange, held: set[str]) -> None:
    if Role.CLAIMANT in {*change.grants, *change.takes}:
        raise UnknownRole("Claimants are no staff; their role is not given here.", field="grants")
    if not change.grants and not change.takes:
        raise NothingChanges("No role is given and none taken. Name one.", field="grants")
    if has := sorted(held.intersection(change.grants)):
        raise NothingChanges(f"This person is {', '.join(has)} already.", field="grants")
    if lacks := sorted(set(change.takes) - held):
        raise NothingChanges(f"This person is not {', '.join(lacks)}.", field="takes")


def _check_managers_left(user: User) -> None:
    """Those who can act: whoever was invited and has no password yet cannot."""
    managers = RoleGrant.objects.filter(role=Role.MANAGER, user__is_active=True).exclude(**NO_PASSWORD)
    if managers.exclude(user=user).count() < FEWEST_MANAGERS:
        told = f"At least {FEWEST_MANAGERS} managers stay, or nobody could confirm anything. Make another one first."
        raise TooFewManagers(told, field="takes")


def _held(user: User) -> list[str]:
    return sorted(user.role_grants.values_list("role", flat=True))


def _carry_out(change: RoleChange, takes: Sequence[str], confirmer: User, now: datetime) -> None:
    user = change.user
    user.role_grants.filter(role__in=takes).delete()
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=now, granted_by=confirmer) for role in change.grants
    )
    if change.leaves:
        end_tokens(user=user)
        user.is_active = False
        user.set_unusable_password()  # a session holds only with the password it was opened by
        user.save(update_fields=["is_active", "password"])


def _close(change: RoleChange, state: str, user: User, now: datetime, note: str = "") -> RoleChange:
    change.state, change.closed_by, change.closed_at, change.closing_note = state, user, now, note
    change.save(update_fields=["state", "closed_by", "closed_at", "closing_note"])
    return change
