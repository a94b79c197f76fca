"""Reports of losses outside all official windows, when there are so many that somebody must look."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value

from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import Incident, RecordDraft, RecordVersion, Service


class DisputeState(models.TextChoices):
    """Accepted: a draft of the record took it up. Answered: a newer version covers it. Joined: it grew into another."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ANSWERED = "answered"
    JOINED = "joined"


class Dispute(models.Model):
    """In every hour of [start_at, end_at) enough claims speak of a service while no official window does.

    A report alone makes no window: somebody accepts the dispute with an official notice, or rejects it with a reason.
    While it is open it grows with what is reported.
    """

    changeable: ClassVar[tuple[str, ...]] = (
        "version", "start_at", "end_at", "claims", "state", "closed_by", "closed_at", "reason", "record_draft",
    )  # fmt: skip

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="disputes")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    version = models.ForeignKey(
        RecordVersion, models.PROTECT, related_name="+", db_index=False,
        help_text="The newest it was counted under; of an answered one, that which answers it.",
    )  # fmt: skip
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(help_text="Exclusive.")
    claims = models.PositiveIntegerField(help_text="In its fullest hour.")
    state = models.CharField(max_length=20, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: the service."
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    record_draft = models.ForeignKey(RecordDraft, models.PROTECT, null=True, blank=True, related_name="disputes")

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = closed_for_ever(DisputeState.OPEN)
        constraints: ClassVar = [
            one_of("state", DisputeState),
            in_range("start_at"),
            in_range("end_at"),
            in_range("opened_at"),
            in_range("closed_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="dispute_ends_after_start"),
            models.CheckConstraint(condition=Q(claims__gte=1), name="dispute_has_a_claim"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="dispute_is_open_or_has_an_end",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["accepted", "rejected"], closed_by__isnull=False) & ~Q(reason=""))
                | (~Q(state__in=["accepted", "rejected"]) & Q(closed_by__isnull=True, reason="")),
                name="a_person_decides_a_dispute_and_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", record_draft__isnull=False)
                | (~Q(state="accepted") & Q(record_draft__isnull=True)),
                name="accepted_dispute_has_a_draft",
            ),
            # At commit: two that are counted anew may pass through each other's old spans.
            ExclusionConstraint(
                name="open_disputes_of_a_service_do_not_overlap",
                expressions=[
                    ("incident", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (Func(F("start_at"), F("end_at"), Value("[)"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="open"),
                deferrable=Deferrable.DEFERRED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"dispute {self.pk}"


class DisputeHour(models.Model):
    """How many claims spoke of the service in the hour from `hour_at`, when it was counted. The newest row of an hour holds.

    Some hours before and after the dispute are kept as well, to see what it rises from.
    """

    append_only: ClassVar[bool] = True

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="hours", db_index=False)
    hour_at = models.DateTimeField()
    claims = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["dispute_id", "hour_at", "id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("hour_at"),
            in_range("counted_at"),
            models.UniqueConstraint(fields=["dispute", "hour_at", "counted_at"], name="hour_is_counted_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.claims} in an hour of {self.dispute_id}"


class CountDue(models.Model):
    """Claims of the incident have got losses since its reports were counted. Written with them, deleted by the count.

    A queue as `ReassessmentDue` is one: each change adds a row of its own, and a count deletes only rows that it can see,
    before it reads the losses. What comes in meanwhile keeps its row for the next count.
    """

    append_only: ClassVar[bool] = False

    incident = models.ForeignKey(Incident, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "counts due"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [in_range("created_at")]

    def __str__(self) -> str:
        return f"incident {self.incident_id}"


class DisputesMadeOf(models.Model):
    """What the disputes of an incident were last counted of beside its losses, as a hash.

    Only a memory of that: without the row the incident is counted again.
    """

    append_only: ClassVar[bool] = False

    incident = models.OneToOneField(Incident, models.PROTECT, primary_key=True, related_name="+")
    made_of = models.CharField(max_length=64, help_text="SHA-256, in hex.")

    class Meta:
        verbose_name_plural = "disputes made of"
        ordering: ClassVar = ["incident_id"]

    def __str__(self) -> str:
        return self.made_of
