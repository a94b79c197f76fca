"""Claims that came in by a form: people filled it in themselves, or staff for who called, wrote or came."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Channel
from claims.models.intake import Claim
from claims.models.work import Event
from services.append_only import append_only_triggers
from services.instants import in_range

# By these a claim comes that staff enter.
ENTERED_BY = (Channel.PHONE, Channel.CHATBOT, Channel.POST, Channel.EMAIL, Channel.COUNTER)


class ClaimEntry(models.Model):
    """What one form, call, letter or visit said, kept once: the event says by whom and when, the revision what."""

    append_only: ClassVar[bool] = True

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="entry")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="entries")
    key = models.UUIDField(unique=True, help_text="Of the form that was sent; sent twice, it is entered once.")
    channel = models.CharField(max_length=20, choices=Channel)
    received_at = models.DateTimeField(help_text="When it reached us.")
    revision = models.PositiveIntegerField(help_text="Number of the claim's newest revision after it.")

    class Meta:
        verbose_name_plural = "claim entries"
        ordering: ClassVar = ["event_id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("received_at"),
            models.CheckConstraint(
                condition=Q(channel__in=[*ENTERED_BY, Channel.WEB]), name="entry_came_by_a_channel_of_people"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="entry_revision_from_one"),
        ]

    def __str__(self) -> str:
        return f"entry of event {self.event_id}"
