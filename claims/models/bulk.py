"""The same done to many claims: looked at first, begun by one or confirmed by a second person, worked off by workers."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.assessment import Assessment
from claims.models.intake import Claim
from claims.models.reply import ReplyVersion
from services.append_only import closed_for_ever
from services.choices import one_of
from services.instants import in_range


class BulkWhat(models.TextChoices):
    """What is done to each."""

    APPROVE = "approve"
    REJECT = "reject"
    ANSWER = "answer"


class BulkState(models.TextChoices):
    """Drafted: a preview. Proposed: a second person has to agree. Open: workers work it off. Dropped: nothing was done."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class BulkRun(models.Model):
    """A choice of claims as it was when somebody looked at it, and what is done to each of them."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "begun_at", "checked_by", "finished_at")

    what = models.CharField(max_length=20, choices=BulkWhat)
    reasons = ArrayField(models.TextField(), default=list, blank=True, help_text="Codes, of a rejection.")
    reply = models.ForeignKey(
        ReplyVersion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, help_text="Of an answer."
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=BulkState, default=BulkState.DRAFTED)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ends_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=[BulkState.DONE, BulkState.DROPPED]),
                func="""
                    RAISE EXCEPTION 'closed_for_ever: bulk run % is %', OLD.id, OLD.state
                        USING ERRCODE = 'integrity_constraint_violation';
                """,
            )
        ]
        constraints: ClassVar = [
            one_of("what", BulkWhat),
            one_of("state", BulkState),
            in_range("made_at"),
            in_range("begun_at"),
            in_range("finished_at"),
            models.CheckConstraint(condition=~Q(what="reject") | ~Q(reasons=[]), name="bulk_rejection_has_a_reason"),
            models.CheckConstraint(
                condition=Q(what="answer", reply__isnull=False) | ~Q(what="answer") & Q(reply__isnull=True),
                name="bulk_answer_has_a_template",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("made_by")), name="bulk_run_is_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "done"], begun_at__isnull=False)
                | Q(state__in=["drafted", "proposed", "dropped"], begun_at__isnull=True),
                name="bulk_run_begins_once_it_is_open",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], condition=Q(state="open"), name="open_bulk_runs")]

    def __str__(self) -> str:
        return f"bulk {self.what} {self.pk}"


class BulkItemState(models.TextChoices):
    """Refused: nothing was done to this one; the code says why."""

    TODO = "todo"
    DONE = "done"
    REFUSED = "refused"


class BulkItem(models.Model):
    """One claim of a run, at the assessment that was looked at, and what is at stake: as in a proposal."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "code")

    run = models.ForeignKey(BulkRun, models.PROTECT, related_name="rows", db_index=False)
    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="+", db_constraint=False)
    assessment = models.ForeignKey(
        Assessment, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    moves = models.PositiveIntegerField(null=True, blank=True, help_text="Of an answer: how often the claim had moved.")
    gives = models.JSONField(default=dict, blank=True)
    asks_back = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=BulkItemState, default=BulkItemState.TODO)
    code = models.CharField(max_length=60, blank=True, help_text="Of the refusal.")

    class Meta:
        ordering: ClassVar = ["run_id", "claim_id"]
        triggers: ClassVar = closed_for_ever(BulkItemState.TODO)
        constraints: ClassVar = [
            one_of("state", BulkItemState),
            models.UniqueConstraint(fields=["run", "claim"], name="bulk_run_has_a_claim_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "claim"], condition=Q(state="todo"), name="bulk_items_to_do")]

    def __str__(self) -> str:
        return f"{self.claim_id} of {self.run_id}"
