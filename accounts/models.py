"""Who claims and who answers: people, log-ins, roles, partners.

A `Person` is only a number that never goes away; everything that names somebody is in
`PersonalData` and can be erased while the figures of past claims still add up.
"""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower

from accounts.logins import UserManager
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range


class Person(models.Model):
    """Somebody who can lose a service. Holds no personal data and is never deleted."""

    append_only: ClassVar[bool] = True

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [in_range("created_at")]

    def __str__(self) -> str:
        return str(self.public_id)


class PersonalData(models.Model):
    """What names a person. Erased on request by deleting the row."""

    append_only: ClassVar[bool] = False

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="personal_data")
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        verbose_name_plural = "personal data"
        ordering: ClassVar = ["person_id"]

    def __str__(self) -> str:
        return f"personal data of {self.person_id}"


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in, by e-mail address. Staff have roles; a claimant's log-in points at a person."""

    append_only: ClassVar[bool] = False

    class Locale(models.TextChoices):
        KOREAN = "ko"
        ENGLISH = "en"

    email = models.EmailField(unique=True, help_text="Kept in lower case.")
    locale = models.CharField(max_length=2, choices=Locale, default=Locale.KOREAN)
    is_staff = models.BooleanField(default=False, help_text="May log in to the admin.")
    is_active = models.BooleanField(default=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="users")

    objects = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [
            # With the unique index on the column this makes addresses unique whatever their case.
            models.CheckConstraint(condition=models.Q(email=Lower(F("email"))), name="email_is_kept_in_lower_case"),
            models.CheckConstraint(condition=models.Q(locale__in=["ko", "en"]), name="accounts_user_locale_is_known"),
            in_range("last_login"),
        ]

    def __str__(self) -> str:
        return self.email

    def holds(self, *roles: str) -> bool:
        """At least one of these roles. One query."""
        return self.role_grants.filter(role__in=roles).exists()


class Role(models.TextChoices):
    """What a user may do; a user may hold several."""

    CLAIMANT = "claimant"
    CASEWORKER = "caseworker"
    CHECKER = "checker"
    FINANCE = "finance"
    AUDITOR = "auditor"


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
        constraints: ClassVar = [
            one_of("role", Role),
            in_range("granted_at"),
            models.UniqueConstraint(fields=["user", "role"], name="role_is_granted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"


class Partner(models.Model):
    """A company that sends us usage records of its customers (rides, shifts, subscriptions)."""

    changeable: ClassVar[tuple[str, ...]] = ("name_ko", "name_en")

    code = models.SlugField(max_length=50, unique=True)
    name_ko = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code
