"""The clock of a sandbox, in which partners let time pass."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers
from services.instants import in_range


class ClockMove(models.Model):
    """From `real_at` on the clock shows `shows_at` and the real time that passed since. The last one counts; an installation
    that is no sandbox has none (ADR 46).
    """

    append_only: ClassVar[bool] = True

    shows_at = models.DateTimeField()
    real_at = models.DateTimeField()
    moved_by = models.CharField(max_length=100, blank=True, help_text="The client id of a program; empty: where it began.")

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("shows_at"),
            in_range("real_at"),
            models.CheckConstraint(condition=Q(shows_at__gte=F("real_at")), name="clock_is_never_behind"),
        ]

    def __str__(self) -> str:
        return f"{self.shows_at.isoformat()} at {self.real_at.isoformat()}"
