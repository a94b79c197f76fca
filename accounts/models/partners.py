"""Companies that work with us, whom to ask there, and how their programs log in."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models.people import Person
from services.instants import in_range


class Scope(models.TextChoices):
    """What a partner's program may be allowed to do."""

    WRITE_USAGE = "usage:write"
    READ_USAGE = "usage:read"
    WRITE_CLAIMS = "claims:write"
    READ_CLAIMS = "claims:read"
    READ_DECISIONS = "decisions:read"
    READ_PAYOUTS = "payouts:read"
    WRITE_WEBHOOKS = "webhooks:write"


class AppScope(models.TextChoices):
    """What an app may be allowed to do for whoever logged in with it: claimants with their own, staff with all claims."""

    READ_OWN = "own:read"
    WRITE_OWN = "own:write"
    READ_CASES = "cases:read"
    WRITE_CASES = "cases:write"


def _scopes(help_text: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=30, choices=Scope), default=list, blank=True, help_text=help_text)


def _known_scopes(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name=name)


class Partner(models.Model):
    """A company that sends us usage records of its customers (rides, shifts, subscriptions, locks)."""

    changeable: ClassVar[tuple[str, ...]] = ("name_ko", "name_en", "scopes")

    code = models.SlugField(max_length=50, unique=True)
    name_ko = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    scopes = _scopes("What its credentials may do at most.")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [_known_scopes("partner_scopes_are_known")]

    def __str__(self) -> str:
        return self.code


class PartnerContact(models.Model):
    """Somebody whom we ask at a partner. Erased by deleting the row."""

    append_only: ClassVar[bool] = False

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"contact {self.pk} of {self.partner_id}"


class PartnerPerson(models.Model):
    """By which number a partner knows one of our people. Nobody else knows them by it: somebody whom two partners report is two
    people here, until staff find that they are one. Erased by deleting the row.

    No foreign keys in the database, as on other tables with rows for each of millions of people.
    """

    append_only: ClassVar[bool] = False

    partner = models.ForeignKey(Partner, models.DO_NOTHING, related_name="people", db_constraint=False, db_index=False)
    external_id = models.CharField(max_length=100, help_text="The partner's own number of the person.")
    person = models.OneToOneField(
        Person, models.DO_NOTHING, primary_key=True, related_name="known_to_partner", db_constraint=False
    )

    class Meta:
        verbose_name_plural = "partner people"
        ordering: ClassVar = ["person_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "external_id"], name="partner_knows_a_person_by_one_number"),
            models.CheckConstraint(condition=~Q(external_id=""), name="partner_person_has_an_external_id"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.partner_id}"


class RevocationReason(models.TextChoices):
    """Why a credential holds no longer."""

    REPLACED = "replaced"
    LEAKED = "leaked"
    UNUSED = "unused"
    ENDED = "ended"
    EXPIRED = "expired"


MOST_LIVE = 2  # so that a partner can change to a new one before the old one goes


class Credential(models.Model):
    """How a partner's program logs in: client id and secret of OAuth's client credentials.

    The secret is known to the partner only. It holds from `issued_at` until `expires_at` (exclusive) or until it is revoked.
    What it may do is what both it and its partner are allowed. Each partner has two places for those not revoked; one that
    has expired is revoked when its place is needed.
    """

    changeable: ClassVar[tuple[str, ...]] = ("revoked_at", "revoked_by", "revoked_for")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="credentials")
    place = models.PositiveSmallIntegerField(help_text="1 or 2.")
    client_id = models.CharField(max_length=80, unique=True)
    secret_hash = models.CharField(max_length=200, help_text="As of a password.")
    secret_prefix = models.CharField(max_length=6, help_text="The first characters of the secret, to tell two apart.")
    scopes = _scopes("What it may do, as far as its partner still may.")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_for = models.CharField(max_length=20, choices=RevocationReason, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="revoked_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'revoked_for_ever: credential % was revoked', OLD.id
                        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Issue a new one.';
                """,
            )
        ]
        constraints: ClassVar = [
            _known_scopes("credential_scopes_are_known"),
            in_range("issued_at"),
            in_range("expires_at"),
            in_range("revoked_at"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=MOST_LIVE), name="credential_has_one_of_two_places"),
            models.UniqueConstraint(
                fields=["partner", "place"], condition=Q(revoked_at__isnull=True), name="partner_has_two_live_credentials"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="credential_expires_after_issue"),
            models.CheckConstraint(condition=Q(("secret_hash__startswith", "argon2$")), name="credential_secret_is_hashed"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_for="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, revoked_for__in=RevocationReason.values),
                name="revoked_credential_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.client_id
