"""How much was asked by whom in this minute."""

from typing import ClassVar

from django.db import models


class RequestCount(models.Model):
    """One row for each caller, begun anew each minute. Unlogged: a crash forgets it, nobody waits for a disk."""

    append_only: ClassVar[bool] = False

    caller = models.CharField(max_length=200, primary_key=True)
    minute = models.BigIntegerField(help_text="Since 1970.")
    requests = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["caller"]

    def __str__(self) -> str:
        return f"{self.requests} by {self.caller}"
