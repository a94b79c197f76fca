"""Terms, runs and their results: assessments with entitlement lines."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from claims.models.intake import Claim, Loss
from claims.models.policy import PolicyRule
from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import Incident, RecordVersion


class CompiledTerms(models.Model):
    """A record version and policy versions, compiled: all that an assessment was made with.

    Kept under the hash of its content, so that an explanation can compute it again.
    """

    append_only: ClassVar[bool] = True

    content_hash = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    record_version = models.ForeignKey(RecordVersion, models.PROTECT, related_name="+", db_index=False)
    engine_version = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "compiled terms"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("created_at"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="terms_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return self.content_hash[:12]


class TermsInForce(models.Model):
    """From `since_at` on, new runs of the incident use these terms. The newest row governs.

    Every consequence of going from one row to the next stands in the queue when the row does.
    """

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    terms = models.ForeignKey(CompiledTerms, models.PROTECT, related_name="+", db_index=False)
    since_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "terms in force"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [in_range("since_at")]

    def __str__(self) -> str:
        return f"{self.terms} for {self.incident}"


class TermsMadeOf(models.Model):
    """What the terms in force of an incident are compiled of, as a hash: whether anything changed is asked every few seconds.

    Only a memory of that: without the row the terms are compiled and compared again.
    """

    append_only: ClassVar[bool] = False

    incident = models.OneToOneField(Incident, models.PROTECT, primary_key=True, related_name="+")
    made_of = models.CharField(max_length=32, help_text="MD5, in hex.")

    class Meta:
        verbose_name_plural = "terms made of"
        ordering: ClassVar = ["incident_id"]

    def __str__(self) -> str:
        return self.made_of


class RunState(models.TextChoices):
    """Superseded: newer terms came in force, what was left waits in the queue for a run with those."""

    OPEN = "open"
    DONE = "done"
    SUPERSEDED = "superseded"


class AssessmentRun(models.Model):
    """A batch of claims of one incident assessed with the same terms.

    It answers the due rows with `due_after < id <= due_horizon`. Open runs of one incident
    never share such rows (an exclusion constraint holds that), so a claim that is filed
    while a run of millions is under way gets a run of its own at once.
    """

    changeable: ClassVar[tuple[str, ...]] = ("state", "finished_at")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="runs")
    terms = models.ForeignKey(CompiledTerms, models.PROTECT, related_name="runs", db_index=False)
    due_after = models.BigIntegerField(help_text="Exclusive.")
    due_horizon = models.BigIntegerField(help_text="Inclusive.")
    total = models.PositiveIntegerField(help_text="Claims when it was planned.")
    state = models.CharField(max_length=20, choices=RunState, default=RunState.OPEN)
    planned_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = closed_for_ever(RunState.OPEN)
        constraints: ClassVar = [
            one_of("state", RunState),
            in_range("planned_at"),
            in_range("finished_at"),
            models.CheckConstraint(condition=Q(due_after__lt=F("due_horizon")), name="run_answers_a_span_of_due_rows"),
            models.CheckConstraint(condition=Q(total__gte=1), name="run_has_a_claim"),
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True) | (~Q(state="open") & Q(finished_at__isnull=False)),
                name="run_is_finished_if_and_only_if_not_open",
            ),
            ExclusionConstraint(
                name="open_runs_of_an_incident_share_no_due_rows",
                expressions=[
                    ("incident", RangeOperators.EQUAL),
                    (Func(F("due_after"), F("due_horizon"), Value("(]"), function="int8range"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class ChunkState(models.TextChoices):
    """Split: two halves replace it. Quarantined: one claim that fails. Superseded: see the run."""

    TODO = "todo"
    DONE = "done"
    SPLIT = "split"
    QUARANTINED = "quarantined"
    SUPERSEDED = "superseded"


class RunChunk(models.Model):
    """Claims first_claim_id to last_claim_id (both inclusive) of a run: one transaction's worth.

    The row stays locked through the transaction that writes its results, so a worker that
    dies leaves it free at once. `attempts` is counted in a transaction of its own before that.
    """

    changeable: ClassVar[tuple[str, ...]] = (
        "first_claim_id",
        "last_claim_id",
        "state",
        "attempts",
        "attempted_at",
        "claims",
        "lines",
        "worker",
        "last_error",
        "done_at",
    )

    run = models.ForeignKey(AssessmentRun, models.PROTECT, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    first_claim_id = models.BigIntegerField()
    last_claim_id = models.BigIntegerField(help_text="Inclusive.")
    state = models.CharField(max_length=20, choices=ChunkState, default=ChunkState.TODO)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True, help_text="By the database's clock.")
    claims = models.PositiveIntegerField(help_text="Planned, and once done assessed.")
    lines = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["run_id", "number"]
        triggers: ClassVar = closed_for_ever(ChunkState.TODO)
        constraints: ClassVar = [
            one_of("state", ChunkState),
            in_range("attempted_at"),
            in_range("done_at"),
            models.CheckConstraint(condition=Q(first_claim_id__lte=F("last_claim_id")), name="chunk_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state="quarantined") | Q(first_claim_id=F("last_claim_id")), name="only_one_claim_is_quarantined"
            ),
            models.UniqueConstraint(fields=["run", "number"], name="run_has_a_chunk_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "attempts", "number"], condition=Q(state="todo"), name="chunks_to_do"),
            models.Index(fields=["first_claim_id"], condition=Q(state="quarantined"), name="quarantined_claims"),
        ]

    def __str__(self) -> str:
        return f"chunk {self.number} of run {self.run_id}"


class Assessment(models.Model):
    """What one run said about one claim at one of its revisions. The claim's current one is of its newest run.

    No foreign keys in the database on this table and its lines: a check per row costs more than the row.
    """

    append_only: ClassVar[bool] = True

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="assessments", db_constraint=False, db_index=False)
    revision = models.PositiveIntegerField(help_text="Number of the claim's revision that it saw.")
    run = models.ForeignKey(AssessmentRun, models.DO_NOTHING, related_name="assessments", db_constraint=False, db_index=False)
    chunk = models.ForeignKey(RunChunk, models.DO_NOTHING, related_name="assessments", db_constraint=False)
    assessed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("assessed_at"),
            # In this order it also finds the current assessment of a claim.
            models.UniqueConstraint(fields=["claim", "run"], name="run_assesses_a_claim_once"),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk} of {self.claim_id}"


class Outcome(models.TextChoices):
    """The engine's answer. Unknown names a missing fact, needs review a reason; parked: no official window."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"
    NEEDS_REVIEW = "needs_review"
    PARKED = "parked"


class EntitlementLine(models.Model):
    """What one rule says is owed for one loss or for the claim, and why. Quantity is in whole units."""

    append_only: ClassVar[bool] = True

    assessment = models.ForeignKey(Assessment, models.DO_NOTHING, related_name="lines", db_constraint=False, db_index=False)
    position = models.PositiveSmallIntegerField()
    rule = models.ForeignKey(
        PolicyRule, models.DO_NOTHING, null=True, blank=True, related_name="lines", db_constraint=False, db_index=False
    )
    loss = models.ForeignKey(
        Loss, models.DO_NOTHING, null=True, blank=True, related_name="lines", db_constraint=False, db_index=False
    )
    outcome = models.CharField(max_length=20, choices=Outcome)
    reasons = ArrayField(models.TextField(), default=list)
    remedy = models.CharField(max_length=20, null=True, blank=True)
    unit = models.CharField(max_length=60, null=True, blank=True)
    quantity = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, null=True, blank=True)
    counted_seconds = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["assessment_id", "position"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("outcome", Outcome),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="line_quantity_is_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="line_currency_is_three_capitals"),
            models.CheckConstraint(condition=Q(counted_seconds__gte=0), name="line_counts_no_negative_time"),
            models.UniqueConstraint(fields=["assessment", "position"], name="assessment_has_a_line_position_once"),
        ]

    def __str__(self) -> str:
        return f"line {self.position} of {self.assessment_id}"
