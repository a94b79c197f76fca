"""What must be done and what was done: due rows, hints, beats, events."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast

from claims.models.intake import Claim
from claims.models.tallied import tells_tallies
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range
from services.models import Incident, RecordVersion


class DueCause(models.TextChoices):
    """What makes an assessment due: the claim, the official record, or a policy said something new.

    Comparison: the nightly one found that it had been missed.
    """

    REVISION = "revision"
    RECORD = "record"
    POLICY = "policy"
    COMPARISON = "comparison"


class ReassessmentDue(models.Model):
    """A claim must be assessed. Written with the change that asks for it, deleted by the chunk that answers.

    A queue, so a claim may stand in it more than once, on purpose. Were it unique, a change
    that is not committed yet would find the row of an earlier one and add none; a chunk that
    meanwhile deletes that row without seeing the change would swallow it. So every change
    adds a row of its own, and a chunk deletes only rows it can see: those it saw are of
    changes it has read as well, the others stay for the next run. No foreign keys: the rows
    are made from claims by INSERT .. SELECT, and a check per row costs more than the row.
    """

    append_only: ClassVar[bool] = False

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="due", db_constraint=False)
    incident = models.ForeignKey(Incident, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    cause = models.CharField(max_length=20, choices=DueCause)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "reassessments due"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [one_of("cause", DueCause), in_range("created_at")]
        indexes: ClassVar = [models.Index(fields=["incident", "id"], include=["claim"], name="due_by_incident")]

    def __str__(self) -> str:
        return f"{self.claim_id} by {self.cause}"


MOST_ATTEMPTS = 5  # then only a person tries again


class DerivationDue(models.Model):
    """Usage must meet the record, so that losses and facts follow. Written with the change that asks for it.

    Of usage rows that came in (`first_usage_id` to `last_usage_id`, both inclusive, maybe with rows of others
    between them); of one claim, whose person told something that usage may attest; or of a new version of an
    incident's record, with all usage there is and the version that was in force before. A long span is worked
    off from its low end, so what is left of it is always said by the row. A queue as `ReassessmentDue` is one.
    """

    append_only: ClassVar[bool] = False

    incident = models.ForeignKey(
        Incident, models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, db_index=False,
        help_text="Empty: every incident that the usage touches.",
    )  # fmt: skip
    claim = models.ForeignKey(
        Claim, models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, db_index=False
    )
    since = models.ForeignKey(
        RecordVersion, models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, db_index=False
    )
    first_usage_id = models.BigIntegerField(null=True, blank=True)
    last_usage_id = models.BigIntegerField(null=True, blank=True, help_text="Inclusive.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "derivations due"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            # How the page of a claim finds that something about it is still to be derived.
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="derivation_of_claim"),
            models.Index(fields=["attempts", "id"], name="derivations_in_turn"),
        ]
        constraints: ClassVar = [
            in_range("created_at"),
            models.CheckConstraint(
                condition=Q(
                    claim__isnull=False, incident__isnull=False, first_usage_id__isnull=True, last_usage_id__isnull=True
                )
                | Q(
                    claim__isnull=True,
                    first_usage_id__isnull=False,
                    last_usage_id__isnull=False,
                    first_usage_id__lte=F("last_usage_id"),
                ),
                name="derivation_is_of_a_claim_or_of_a_span_of_usage",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(incident__isnull=False, claim__isnull=True),
                name="derivation_since_a_version_names_the_incident",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id}" if self.claim_id else f"usage {self.first_usage_id} to {self.last_usage_id}"


class Hint(models.Model):
    """A wake-up call to be sent: a task's name and one id. Deleted once sent.

    Losing one costs seconds, not work: the sweep finds what is due from the tables.
    """

    append_only: ClassVar[bool] = False

    task = models.CharField(max_length=60)
    ref_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [in_range("created_at")]

    def __str__(self) -> str:
        return f"{self.task}({self.ref_id})"


class WorkerBeat(models.Model):
    """When a process of ours was last seen alive."""

    append_only: ClassVar[bool] = False

    name = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [in_range("seen_at")]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """What was done, by whom. Written in the transaction that does it. `data` holds ids, codes and counts only."""

    append_only: ClassVar[bool] = True

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: the service."
    )
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="events")
    move = models.PositiveIntegerField(
        null=True, blank=True, help_text="Which move of the claim's status it is, from 1; empty: none."
    )
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(
        db_default=Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()),
        help_text="The database's number of the transaction; a status moves only in that of its event.",
    )

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [*append_only_triggers(), tells_tallies("event", where="a.data ? 'review'")]
        constraints: ClassVar = [
            in_range("at"),
            models.UniqueConstraint(fields=["claim", "move"], condition=Q(move__isnull=False), name="claim_makes_a_move_once"),
            models.CheckConstraint(condition=Q(move__isnull=True) | Q(claim__isnull=False), name="move_is_of_a_claim"),
        ]
        indexes: ClassVar = [BrinIndex(fields=["at"], name="event_by_time")]

    def __str__(self) -> str:
        return self.kind


class Note(models.Model):
    """What somebody wrote about what was done. Erased by deleting it; the event keeps the salted digest.

    The digest is SHA-256, in hex, of salt, line feed and text.
    """

    append_only: ClassVar[bool] = False

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="note")
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["event_id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"note of event {self.event_id}"
