"""Log-ins, and what they may do. A role changes by two people, neither of whom it is about."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.logins import UserManager
from accounts.masking import masked_email
from accounts.models.people import Person
from services.append_only import closed_for_ever
from services.choices import one_of
from services.instants import in_range

# Kinds of events with which roles, or whether somebody may log in, change; the database wants one in the transaction.
CHANGES_OF_STAFF = ("staff_created", "roles_changed", "staff_left", "account_closed")


def _has_its_event(user: str) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in CHANGES_OF_STAFF)
    return f"""
        IF NOT EXISTS (SELECT 1 FROM accounts_accountevent e
                        WHERE e.user_id = {user} AND e.kind IN ({kinds})
                          AND e.transaction = pg_current_xact_id()::text::bigint) THEN
            RAISE EXCEPTION 'change_without_event: roles and activity of user % change with their event', {user}
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    """  # noqa: S608 - constants


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in, by e-mail address. Staff have roles; a claimant's points at a person. That of a guest has no address: they
    are let in by a code that is sent to where their claim says that they are reached, and no password opens it. An account is
    neither staff's nor a person's; the people whom it keeps are in `KeptPerson`.
    """

    append_only: ClassVar[bool] = False

    class Locale(models.TextChoices):
        KOREAN = "ko"
        ENGLISH = "en"

    email = models.EmailField(unique=True, null=True, blank=True, help_text="Kept in lower case. Empty: of a guest.")
    locale = models.CharField(max_length=2, choices=Locale, default=Locale.KOREAN)
    is_staff = models.BooleanField(default=False, help_text="May log in to the admin.")
    is_active = models.BooleanField(default=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="users")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="Of a claimant's account: when its address was typed in.")

    objects = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        ordering: ClassVar = ["email"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="activity_has_its_event",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("is_active", "is_staff"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(old__is_active__df=pgtrigger.F("new__is_active"))
                | pgtrigger.Q(old__is_staff__df=pgtrigger.F("new__is_staff")),
                func=f"{_has_its_event('NEW.id')} RETURN NULL;",
            )
        ]
        constraints: ClassVar = [
            # With the unique index on the column this makes addresses unique whatever their case.
            models.CheckConstraint(condition=models.Q(email=Lower(F("email"))), name="email_is_kept_in_lower_case"),
            models.CheckConstraint(condition=models.Q(locale__in=["ko", "en"]), name="accounts_user_locale_is_known"),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(person__isnull=False, is_staff=False, is_superuser=False),
                name="log_in_without_an_address_is_a_guests",
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(email__isnull=True), name="person_is_a_guest_once"),
            in_range("last_login"),
            in_range("begun_at"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["begun_at"], condition=Q(begun_at__isnull=False, last_login=None), name="accounts_begun")
        ]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Of an account by its address too: when that is changed, all other browsers are logged out. Not of staff, whose
        address stays.
        """
        by_password = str(super()._get_session_auth_hash(secret))  # type: ignore[misc]
        if self.is_staff:
            return by_password
        return salted_hmac("accounts.models.User", f"{by_password} {self.email}", secret=secret, algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        """The address of staff; a claimant's is masked, wherever it is shown."""
        if self.email is None:
            return f"guest {self.pk}"
        return self.email if self.is_staff else masked_email(self.email)

    def holds(self, *roles: str) -> bool:
        """At least one of these roles. One query."""
        return self.role_grants.filter(role__in=roles).exists()


class Role(models.TextChoices):
    """What a user may do; a user may hold several.

    The manager sets up staff and partners, decides nothing and moves no money. It is a role of its own, held without any
    other role of staff: who could give himself a role, with a colleague's nod, would otherwise also use it; and checkers,
    of whom there are many, would all be able to make checkers.
    """

    CLAIMANT = "claimant"
    CASEWORKER = "caseworker"
    CHECKER = "checker"
    FINANCE = "finance"
    AUDITOR = "auditor"
    MANAGER = "manager"


_ALONE = """
PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
IF EXISTS (SELECT 1 FROM accounts_rolegrant g
            WHERE g.user_id = NEW.user_id AND g.role <> NEW.role
              AND 'manager' IN (g.role, NEW.role) AND 'claimant' NOT IN (g.role, NEW.role)) THEN
    RAISE EXCEPTION 'manager_alone: user % would be manager and something else', NEW.user_id
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NULL;
"""


class RoleGrant(models.Model):
    """A user holds a role. Taken back by deleting the row."""

    append_only: ClassVar[bool] = False

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by a command."
    )

    class Meta:
        ordering: ClassVar = ["user_id", "role"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="grant_has_its_event",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"{_has_its_event('coalesce(NEW.user_id, OLD.user_id)')} RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="manager_alone", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update, func=_ALONE
            ),
        ]
        constraints: ClassVar = [
            one_of("role", Role),
            in_range("granted_at"),
            models.UniqueConstraint(fields=["user", "role"], name="role_is_granted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"


class RoleChangeState(models.TextChoices):
    OPEN = "open"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


def _roles() -> ArrayField:
    return ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)


# One person may have several log-ins, and is one person still.
_APART = """
IF EXISTS (SELECT 1 FROM accounts_user a JOIN accounts_user b ON a.id = b.id OR a.person_id = b.person_id
            WHERE a.id = NEW.user_id AND b.id IN (NEW.proposed_by_id, NEW.closed_by_id)
               OR NEW.state = 'confirmed' AND a.id = NEW.proposed_by_id AND b.id = NEW.closed_by_id) THEN
    RAISE EXCEPTION 'own_change: change of user % needs two people, neither of them that user', NEW.user_id
        USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NEW;
"""


class RoleChange(models.Model):
    """Roles that are to be given to and taken from somebody of the staff, or that he leaves. A second person confirms it.

    Closed once: confirmed, and then it was carried out in that transaction, or returned.
    """

    changeable: ClassVar[tuple[str, ...]] = ("state", "closed_by", "closed_at", "closing_note")

    user = models.ForeignKey(User, models.PROTECT, related_name="role_changes")
    grants = _roles()
    takes = _roles()
    leaves = models.BooleanField(default=False, help_text="All roles are taken, and the log-in ends.")
    note = models.TextField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=RoleChangeState, default=RoleChangeState.OPEN)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *closed_for_ever(RoleChangeState.OPEN),
            pgtrigger.Trigger(
                name="two_others", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=_APART
            ),
        ]
        constraints: ClassVar = [
            one_of("state", RoleChangeState),
            in_range("proposed_at"),
            in_range("closed_at"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="role_change_is_open_or_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(closed_by=F("proposed_by")), name="role_change_is_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(grants__contained_by=Role.values, takes__contained_by=Role.values),
                name="role_change_roles_are_known",
            ),
            models.CheckConstraint(
                condition=Q(leaves=True, grants=[], takes=[])
                | Q(leaves=False) & (~Q(grants=[]) | ~Q(takes=[])) & ~Q(grants__overlap=F("takes")),
                name="role_change_changes_something",
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(state="open"), name="user_has_one_open_role_change"),
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of {self.user_id}"
