"""What follows from assessments: payouts, each the difference to what was owed before, and letters, kept as they were sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from claims.models.assessment import Assessment, EntitlementLine, RunChunk
from claims.models.intake import Claim
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range


class PayoutKind(models.TextChoices):
    """First: nothing was owed before. Written off: too small to be asked back, or (above zero) taken up again by what is
    owed now, so that nobody gets twice what he kept.
    """

    FIRST = "first"
    TOP_UP = "top_up"
    RECOVERY = "recovery"
    WRITTEN_OFF = "written_off"


class Payout(models.Model):
    """A difference that an assessment made for one rule and remedy of a claim; below zero: asked back or written off.

    Per claim, rule and remedy the sum of all is what is owed now; without what was written off it is what has gone out.
    Quantities are whole units. No foreign keys in the database, as on the lines.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="payouts", db_constraint=False)
    assessment = models.ForeignKey(Assessment, models.DO_NOTHING, related_name="payouts", db_constraint=False, db_index=False)
    line = models.ForeignKey(
        EntitlementLine, models.DO_NOTHING, null=True, blank=True, related_name="payouts", db_constraint=False, db_index=False,
        help_text="The first line of the assessment by this rule; empty: it owes nothing by the rule.",
    )  # fmt: skip
    policy = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    remedy = models.CharField(max_length=20)
    unit = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, blank=True, help_text="Empty where the unit is not money.")
    kind = models.CharField(max_length=20, choices=PayoutKind)
    quantity = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", PayoutKind),
            in_range("created_at"),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "top_up"], quantity__gt=0)
                | Q(kind="recovery", quantity__lt=0)
                | (Q(kind="written_off") & ~Q(quantity=0)),
                name="payout_has_the_sign_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["assessment", "policy", "rule", "remedy", "unit", "currency", "kind"],
                name="assessment_pays_a_difference_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+} {self.unit} for {self.claim_id}"


class SettlementDue(models.Model):
    """The assessments of a chunk are still to be held against what was paid. Written with them, deleted when it is done."""

    append_only: ClassVar[bool] = False

    chunk = models.OneToOneField(RunChunk, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "settlements due"
        ordering: ClassVar = ["chunk_id"]
        constraints: ClassVar = [in_range("created_at")]
        indexes: ClassVar = [models.Index(fields=["attempts", "chunk"], name="settlements_in_turn")]

    def __str__(self) -> str:
        return f"chunk {self.chunk_id}"


class LetterDue(models.Model):
    """A claimant is to be told what an assessment changed. Written with the payouts, deleted with the letter's making."""

    append_only: ClassVar[bool] = False

    assessment = models.OneToOneField(Assessment, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "letters due"
        ordering: ClassVar = ["assessment_id"]
        constraints: ClassVar = [in_range("created_at")]
        # Of 400,000 the next 20 are found in less than a millisecond; without it all are sorted for each slice.
        indexes: ClassVar = [models.Index(fields=["attempts", "assessment"], name="letters_in_turn")]

    def __str__(self) -> str:
        return f"assessment {self.assessment_id}"


class Letter(models.Model):
    """What a claimant is told, byte by byte; never rendered again. HTML as UTF-8 that names nobody."""

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="letters")
    assessment = models.OneToOneField(Assessment, models.DO_NOTHING, related_name="letter", db_constraint=False)
    language = models.CharField(max_length=2)
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the bytes, in hex.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("made_at"),
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="letter_language_is_known"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="letter_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} of {self.claim_id}"
