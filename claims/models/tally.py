"""Small rows for charts: how many and how much in an hour. Nothing is decided by them; they can be counted anew."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from services.choices import one_of
from services.instants import in_range
from services.models import Incident


class TallyOf(models.TextChoices):
    """What is counted, and in which hour.

    Intake: claims by origin, when filed. Open: claims that somebody has still to answer, by the hour in which they were filed.
    Approved: what is owed newly, by policy and unit, without what was written off. Paid: what arrived, likewise. Refused:
    rejections that were not undone, by reason; without a key each once. Impact: claims with a loss in the hour, by service.
    """

    INTAKE = "intake"
    OPEN = "open"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"
    IMPACT = "impact"


class TallySource(models.TextChoices):
    """Tables that tell of their rows."""

    CLAIM = "claim"
    LOSS = "loss"
    STANDING = "standing"
    EVENT = "event"
    DECISION = "decision"
    UNDONE = "undone"
    PAYOUT = "payout"
    ITEM = "item"


class Tally(models.Model):
    """How many of one thing an incident had in an hour, and how much in whole units."""

    append_only: ClassVar[bool] = False

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=20, choices=TallyOf)
    hour_at = models.DateTimeField(help_text="Its start.")
    key = models.TextField(blank=True, help_text="Origin, policy, reason or service, by its code.")
    unit = models.CharField(max_length=60, blank=True)
    count = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0, help_text="In units; below zero where more was taken back.")

    class Meta:
        verbose_name_plural = "tallies"
        ordering: ClassVar = ["incident_id", "what", "hour_at", "key", "unit"]
        constraints: ClassVar = [
            one_of("what", TallyOf),
            in_range("hour_at"),
            models.UniqueConstraint(fields=["incident", "what", "hour_at", "key", "unit"], name="tally_of_an_hour_is_one_row"),
            models.CheckConstraint(condition=Q(count__gte=0), name="tally_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.key}: {self.count}"


class TallyDue(models.Model):
    """Rows of a table that are not tallied yet, by their ids. Written by the statement that writes them, deleted by the worker.

    A queue as `CountDue` is one: it shows a row exactly when it shows the rows that it tells of. So it does not matter in which
    order transactions commit, and no watermark can pass one that commits late.
    """

    append_only: ClassVar[bool] = False

    source = models.CharField(max_length=20, choices=TallySource)
    rows = ArrayField(models.BigIntegerField())
    size = models.PositiveIntegerField(help_text="How many rows.")

    class Meta:
        verbose_name_plural = "tallies due"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("source", TallySource),
            models.CheckConstraint(condition=Q(size__gte=1), name="tells_of_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.size} of {self.source}"
