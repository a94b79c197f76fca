"""What follows from decisions: payouts, each the difference to what was owed before, their way out, and letters as sent."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Sign

from claims.models.assessment import Assessment, EntitlementLine, RunChunk
from claims.models.decision import Decision
from claims.models.intake import Claim
from claims.models.reply import ReplyVersion
from claims.models.tallied import tells_tallies, tells_tallies_of_change
from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range


class PayoutKind(models.TextChoices):
    """First: nothing was owed before. Written off: too small to be asked back, or (above zero) taken up again by what is
    owed now, so that nobody gets twice what he kept. Undone: money of a decision that was taken back before it moved.
    Goodwill: not owed, and no part of what is compared with what is owed.
    """

    FIRST = "first"
    TOP_UP = "top_up"
    RECOVERY = "recovery"
    WRITTEN_OFF = "written_off"
    UNDONE = "undone"
    GOODWILL = "goodwill"


class Payout(models.Model):
    """A difference that a decided assessment made for one rule and remedy of a claim; below zero: asked back or written off.

    Per claim, rule and remedy the sum of all is what is owed now; without what was written off it is what goes out.
    Quantities are whole units. No foreign keys in the database, as on the lines.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="payouts", db_constraint=False)
    assessment = models.ForeignKey(Assessment, models.DO_NOTHING, related_name="payouts", db_constraint=False, db_index=False)
    decision = models.ForeignKey(
        Decision, models.DO_NOTHING, null=True, blank=True, related_name="payouts", db_constraint=False, db_index=False,
        help_text="Empty: made before decisions were kept.",
    )  # fmt: skip
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
        triggers: ClassVar = [*append_only_triggers(), tells_tallies("payout", where="a.kind <> 'written_off'")]
        constraints: ClassVar = [
            one_of("kind", PayoutKind),
            in_range("created_at"),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "top_up", "goodwill"], quantity__gt=0)
                | Q(kind="recovery", quantity__lt=0)
                | (Q(kind__in=["written_off", "undone"]) & ~Q(quantity=0)),
                name="payout_has_the_sign_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(remedy="goodwill", kind__in=["goodwill", "undone"]) & ~Q(currency="")
                | ~Q(remedy="goodwill") & ~Q(kind="goodwill"),
                name="goodwill_is_a_remedy_of_its_own",
            ),
            models.UniqueConstraint(  # and takes back once what it wrote off, by the opposite
                "decision",
                "policy",
                "rule",
                "remedy",
                "unit",
                "currency",
                "kind",
                Sign("quantity"),
                name="decision_pays_a_difference_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+} {self.unit} for {self.claim_id}"


class SettlementDue(models.Model):
    """Rules have still to decide the assessments of a chunk. Written with these, deleted when it is done."""

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


class PaymentRun(models.Model):
    """A list of what is approved and has not gone out, made to be paid. `content` is that list, byte by byte: with
    the numbers of people and of their accounts, which a file of it has beside them until they are erased.
    """

    append_only: ClassVar[bool] = True

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the bytes, in hex.")
    items = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("made_at"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="payment_run_hash_is_sha256_hex"),
            models.CheckConstraint(condition=Q(items__gte=1), name="payment_run_pays_something"),
        ]

    def __str__(self) -> str:
        return f"payment run {self.pk}"


class ItemState(models.TextChoices):
    """Of money that has left: whether it arrived."""

    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


class PaymentItem(models.Model):
    """What a run pays for one claim by one remedy in one unit: the sum of its parts."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "told_by", "told_at")

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    remedy = models.CharField(max_length=20)
    unit = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, blank=True)
    quantity = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.SENT)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            *closed_for_ever(ItemState.SENT),
            tells_tallies_of_change("item", where="a.state = 'paid' AND b.state <> 'paid'"),
        ]
        constraints: ClassVar = [
            one_of("state", ItemState),
            in_range("told_at"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="payment_item_pays_something"),
            models.CheckConstraint(
                condition=Q(state="sent", told_by__isnull=True, told_at__isnull=True)
                | ~Q(state="sent") & Q(told_by__isnull=False, told_at__isnull=False),
                name="somebody_tells_what_became_of_an_item",
            ),
            models.UniqueConstraint(fields=["run", "claim", "remedy", "unit", "currency"], name="run_pays_a_claim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} for {self.claim_id}"


class PaymentPart(models.Model):
    """A payout is in an item, and in no other while this one lives. An item that failed lets its parts go."""

    changeable: ClassVar[tuple[str, ...]] = ("live",)

    item = models.ForeignKey(PaymentItem, models.PROTECT, related_name="parts")
    payout = models.ForeignKey(Payout, models.PROTECT, related_name="parts", db_index=False)
    live = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="let_go_by_a_failed_item",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.live OR NOT EXISTS (SELECT 1 FROM claims_paymentitem i
                                                WHERE i.id = NEW.item_id AND i.state = 'failed') THEN
                        RAISE EXCEPTION 'payout_sent: payout % is in an item that has not failed', NEW.payout_id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payout"], condition=Q(live=True), name="payout_goes_out_once"),
        ]

    def __str__(self) -> str:
        return f"payout {self.payout_id} in {self.item_id}"


class LetterDue(models.Model):
    """A claimant is to be told what was decided. Written with the decision, deleted with the letter's making."""

    append_only: ClassVar[bool] = False

    decision = models.OneToOneField(Decision, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "letters due"
        ordering: ClassVar = ["decision_id"]
        constraints: ClassVar = [in_range("created_at")]
        # Of 400,000 the next 20 are found in less than a millisecond; without it all are sorted for each slice.
        indexes: ClassVar = [models.Index(fields=["attempts", "decision"], name="letters_in_turn")]

    def __str__(self) -> str:
        return f"decision {self.decision_id}"


class Letter(models.Model):
    """What a claimant is told, byte by byte; never rendered again. HTML as UTF-8 that names nobody."""

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="letters")
    assessment = models.ForeignKey(
        Assessment, models.DO_NOTHING, null=True, blank=True, related_name="letters", db_constraint=False, db_index=False,
        help_text="Empty: a reply.",
    )  # fmt: skip
    decision = models.OneToOneField(
        Decision, models.DO_NOTHING, null=True, blank=True, related_name="letter", db_constraint=False,
        help_text="Empty: made before decisions were kept.",
    )  # fmt: skip
    reply = models.ForeignKey(
        ReplyVersion, models.PROTECT, null=True, blank=True, related_name="letters", db_index=False,
        help_text="The template it was made from.",
    )  # fmt: skip
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
            models.CheckConstraint(
                condition=Q(assessment__isnull=False, reply__isnull=True)
                | Q(assessment__isnull=True, decision__isnull=True, reply__isnull=False),
                name="letter_tells_a_decision_or_replies",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} of {self.claim_id}"


class LetterCopy(models.Model):
    """The letter as a PDF, made of its bytes when somebody first asked for it; never made again."""

    append_only: ClassVar[bool] = True

    letter = models.OneToOneField(Letter, models.PROTECT, primary_key=True, related_name="copy")
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the bytes, in hex.")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "letter copies"
        ordering: ClassVar = ["letter_id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("made_at"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="letter_copy_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"PDF of letter {self.letter_id}"
