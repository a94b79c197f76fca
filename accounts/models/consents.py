"""What people are asked to agree to, in versions, and what they said to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.audit import AccountEvent
from accounts.models.channel import Channel
from accounts.models.people import Person
from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range


class ConsentText(models.Model):
    """A version of a text. The newest of each code is asked for; `required`: without it no claim is taken."""

    append_only: ClassVar[bool] = True

    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField(help_text="From 1.")
    required = models.BooleanField()
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_ko = models.TextField()
    text_en = models.TextField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Empty: by a command.",
    )  # fmt: skip
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code", "number"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("published_at"),
            models.UniqueConstraint(fields=["code", "number"], name="consent_text_has_a_version_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="consent_code_is_lower_snake"),
            models.CheckConstraint(condition=Q(number__gte=1), name="consent_number_from_one"),
            models.CheckConstraint(
                condition=~Q(title_ko="") & ~Q(title_en="") & ~Q(text_ko="") & ~Q(text_en=""),
                name="consent_text_is_said_in_both_languages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Consent(models.Model):
    """What somebody said to a text: by an event of the log. Of several to texts of one code the newest counts."""

    append_only: ClassVar[bool] = True

    event = models.ForeignKey(AccountEvent, models.PROTECT, related_name="consents", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+", db_index=False)
    given = models.BooleanField()
    channel = models.CharField(max_length=20, choices=Channel)
    said_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("channel", Channel),
            in_range("said_at"),
            models.UniqueConstraint(fields=["event", "text"], name="event_says_something_to_a_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.text_id}: {self.given}"
