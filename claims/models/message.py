"""What claimants write in their own words, and which claims are still to be sorted by it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from claims.models.intake import Claim
from claims.models.work import Event
from services.instants import in_range

MESSAGE = "message"  # why a claim is in the queue while one of its messages waits for an answer


class Message(models.Model):
    """What somebody wrote to us. Erased by deleting it; its event keeps the salted digest, and when and by whom it came.

    Whether one waits for an answer is said by the claim's reasons (`MESSAGE`), which outlive the text.
    """

    append_only: ClassVar[bool] = False

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="message")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="messages")
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["event_id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="message_says_something")]

    def __str__(self) -> str:
        return f"message of event {self.event_id}"


class SortDue(models.Model):
    """The claim has said something by which rules may sort it. Written with that, deleted by who sorts.

    A queue as `ReassessmentDue` is one: each change adds a row of its own.
    """

    append_only: ClassVar[bool] = False

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="That failed.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "sorts due"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [in_range("created_at")]
        indexes: ClassVar = [models.Index(fields=["attempts", "id"], name="sorts_in_turn")]

    def __str__(self) -> str:
        return f"claim {self.claim_id}"
