"""What callers of the API were answered, so that the same request gets the same answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.instants import in_range


class KeptAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, written in the transaction of what the request did. Kept for 30 days."""

    append_only: ClassVar[bool] = False

    caller = models.CharField(max_length=200, help_text="As accounts.callers has it; keys of others are other keys.")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body, in hex.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField(help_text="As it was sent.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            in_range("made_at"),
            models.UniqueConstraint(fields=["caller", "key"], name="caller_uses_a_key_once"),
            models.CheckConstraint(condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="answer_fingerprint_is_sha256_hex"),
            models.CheckConstraint(condition=Q(status__gte=200, status__lt=300), name="answer_says_that_it_was_done"),
        ]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="answer_by_time")]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller}"
