"""Somebody wants to know whether the log is as it was written; a worker goes through it and says how far it is."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from services.append_only import closed_for_ever
from services.choices import one_of
from services.instants import in_range


class CheckState(models.TextChoices):
    OPEN = "open"
    DONE = "done"


class ChainCheck(models.Model):
    """One walk over the chain, up to `position`. `hash` is that of the link there: the head, once it is done."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "position", "hash", "faults", "fault_count", "finished_at")

    anchor = models.CharField(max_length=90, blank=True, help_text="POSITION:HASH that somebody had noted down.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=CheckState, default=CheckState.OPEN)
    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    faults = ArrayField(models.TextField(), default=list, blank=True, help_text="The first of them, each one line.")
    fault_count = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = closed_for_ever(CheckState.OPEN)
        constraints: ClassVar = [
            one_of("state", CheckState),
            in_range("asked_at"),
            in_range("finished_at"),
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True) | Q(state="done", finished_at__isnull=False),
                name="chain_check_is_open_or_has_an_end",
            ),
            models.UniqueConstraint(fields=["state"], condition=Q(state="open"), name="one_chain_check_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}: {self.state} at {self.position}"
