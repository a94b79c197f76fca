"""People, and what names them."""

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Reverse, Upper

from services.append_only import append_only_triggers
from services.instants import in_range

# The digits of a telephone from the last to the first. An index serves only who asks for exactly this.
PHONE_BACKWARDS = Reverse(Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace"))


class Person(models.Model):
    """Somebody who can lose a service. Holds no personal data and is never deleted."""

    append_only: ClassVar[bool] = True

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [in_range("created_at")]

    def __str__(self) -> str:
        return str(self.public_id)


class PersonalData(models.Model):
    """What names a person. Erased on request by deleting the row."""

    append_only: ClassVar[bool] = False

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="personal_data")
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    locale = models.CharField(
        max_length=2, blank=True, default="", db_default="", help_text="Of letters to them: ko or en; empty: they did not say."
    )

    class Meta:
        verbose_name_plural = "personal data"
        ordering: ClassVar = ["person_id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(locale__in=["", "ko", "en"]), name="personal_data_locale_is_known"),
        ]
        # How accounts/search.py asks: LIKE with a beginning, which the pattern's own order of characters serves.
        indexes: ClassVar = [
            models.Index(OpClass(Upper("name"), name="text_pattern_ops"), name="personal_data_by_name"),
            models.Index(OpClass(Reverse(Upper("name")), name="text_pattern_ops"), name="personal_data_by_end_of_name"),
            models.Index(OpClass(Upper("email"), name="text_pattern_ops"), name="personal_data_by_email"),
            models.Index(OpClass(PHONE_BACKWARDS, name="text_pattern_ops"), name="personal_data_by_phone_tail"),
        ]

    def __str__(self) -> str:
        return f"personal data of {self.person_id}"
