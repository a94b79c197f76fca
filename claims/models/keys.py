"""By what claims of different people are compared: digests that say nothing without the secret, and whose turn it is."""

from typing import ClassVar

from django.db import models

from claims.models.intake import Claim
from services.choices import one_of
from services.instants import in_range
from services.models import Incident


class KeyKind(models.TextChoices):
    """What a key is of. How each is brought into one spelling: claims/keys.py."""

    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"
    PAYEE = "payee"
    DOCUMENT = "document"
    DEVICE = "device"
    NAME = "name"


class ClaimKey(models.Model):
    """Something that a claim has, and another claim of the same person would have too. Erased by deleting the row.

    No foreign keys in the database, as on other tables with rows for each of millions of claims.
    """

    append_only: ClassVar[bool] = False

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="keys", db_constraint=False, db_index=False)
    incident = models.ForeignKey(Incident, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=20, choices=KeyKind)
    digest = models.UUIDField(
        help_text="The first 16 bytes of HMAC-SHA256 over kind and value in one spelling, under CLAIM_KEY_SECRET."
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("kind", KeyKind),
            models.UniqueConstraint(fields=["claim", "kind", "digest"], name="claim_has_a_key_once"),
        ]
        # How the finder gets from a key to the other claims of the incident that have it, in the index alone.
        indexes: ClassVar = [models.Index(fields=["incident", "kind", "digest"], include=["claim"], name="claims_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.claim_id}"


class TwinDue(models.Model):
    """The claim is new, or has got a key or a loss: it is compared with all others of its incident.

    A queue as `ReassessmentDue` is one: each change adds a row of its own, and the finder deletes only rows that it saw
    before it read keys and losses. Which of these claims have no keys yet is asked when it is their turn.
    """

    append_only: ClassVar[bool] = False

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    incident = models.ForeignKey(Incident, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "twins due"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [in_range("created_at")]
        indexes: ClassVar = [models.Index(fields=["attempts", "id"], name="twins_in_turn")]

    def __str__(self) -> str:
        return f"claim {self.claim_id}"
