"""Claims under other terms than those they were assessed with: who would gain and lose, and whether nobody was missed."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from claims.models.intake import Claim
from claims.models.policy import DraftRevision
from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import Incident, RecordDraft


class ComparisonOf(models.TextChoices):
    """What is compared with what claims have now. In force: everything again, to find what was missed."""

    RECORD_DRAFT = "record_draft"
    POLICY_DRAFT = "policy_draft"
    IN_FORCE = "in_force"


class ComparisonState(models.TextChoices):
    """Superseded: another was begun instead; of a chunk: two halves replace it. Failed, of a chunk: its one claim could not be
    assessed; see its error.
    """

    OPEN = "open"
    DONE = "done"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Comparison(models.Model):
    """Claims of an incident, assessed with other terms without keeping the assessments. Worked off in chunks, as runs are.

    A draft is held against the terms that would be in force without it, so that only what is its own is seen; the night
    holds the terms in force against the lines that are stored.
    """

    changeable: ClassVar[tuple[str, ...]] = ("state", "finished_at")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="comparisons")
    of = models.CharField(max_length=20, choices=ComparisonOf)
    record_draft = models.ForeignKey(RecordDraft, models.PROTECT, null=True, blank=True, related_name="comparisons")
    revision = models.ForeignKey(DraftRevision, models.PROTECT, null=True, blank=True, related_name="comparisons")
    terms_hash = models.CharField(max_length=64, help_text="Of the terms that claims are assessed with.")
    document = models.JSONField(help_text="Those terms.")
    against = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of a draft: hash of the terms it is held against; empty: there are none.",
    )
    total = models.PositiveIntegerField(help_text="Claims that are looked at.")
    state = models.CharField(max_length=20, choices=ComparisonState, default=ComparisonState.OPEN)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: the service."
    )
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = closed_for_ever(ComparisonState.OPEN)
        constraints: ClassVar = [
            one_of("of", ComparisonOf),
            one_of("state", ComparisonState),
            in_range("begun_at"),
            in_range("finished_at"),
            models.CheckConstraint(
                condition=Q(of="record_draft", record_draft__isnull=False, revision__isnull=True)
                | Q(of="policy_draft", record_draft__isnull=True, revision__isnull=False)
                | Q(of="in_force", record_draft__isnull=True, revision__isnull=True),
                name="comparison_names_what_it_is_of",
            ),
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True) | (~Q(state="open") & Q(finished_at__isnull=False)),
                name="comparison_is_finished_if_and_only_if_not_open",
            ),
        ]
        # Each night adds one per incident; every sweep asks for those that are open.
        indexes: ClassVar = [models.Index(fields=["id"], condition=Q(state="open"), name="open_comparisons")]

    def __str__(self) -> str:
        return f"comparison {self.pk}"


class ComparisonChunk(models.Model):
    """Some claims of a comparison: those of `claim_ids`, or all of the incident from first to last (both inclusive)."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "attempts", "attempted_at", "claims", "last_error", "done_at")

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    first_claim_id = models.BigIntegerField()
    last_claim_id = models.BigIntegerField(help_text="Inclusive.")
    claim_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    state = models.CharField(max_length=20, choices=ComparisonState, default=ComparisonState.OPEN)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True, help_text="By the database's clock.")
    claims = models.PositiveIntegerField(help_text="Planned, and once done compared.")
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["comparison_id", "number"]
        triggers: ClassVar = closed_for_ever(ComparisonState.OPEN)
        constraints: ClassVar = [
            one_of("state", ComparisonState),
            in_range("attempted_at"),
            in_range("done_at"),
            models.UniqueConstraint(fields=["comparison", "number"], name="comparison_has_a_chunk_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["comparison", "attempts", "number"], condition=Q(state="open"), name="chunks_to_compare")
        ]

    def __str__(self) -> str:
        return f"chunk {self.number} of comparison {self.comparison_id}"


class ComparisonDifference(models.Model):
    """A claim gets another quantity of a remedy by a rule, or (quantities equal) other lines. In whole units."""

    append_only: ClassVar[bool] = True

    comparison = models.ForeignKey(
        Comparison, models.DO_NOTHING, related_name="differences", db_constraint=False, db_index=False
    )
    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    policy = models.CharField(max_length=60, blank=True, help_text="Empty: of what no policy pays for.")
    rule = models.CharField(max_length=60, blank=True)
    remedy = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    before = models.BigIntegerField()
    after = models.BigIntegerField()
    undecided = models.BooleanField(
        default=False, db_default=False, help_text="Less only because a line is not decided: nothing is asked back."
    )

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        indexes: ClassVar = [models.Index(fields=["comparison", "policy", "claim"], name="differences_of_comparison")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.policy} {self.after - self.before:+}"
