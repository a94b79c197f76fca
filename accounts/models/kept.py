"""Whom an account keeps within reach: the people as whom its owner has claimed."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models.audit import AccountEvent
from accounts.models.people import Person


class KeptPerson(models.Model):
    """The account sees and works on this person's claims as their guest does. Given up by deleting the row.

    Several stay several people: nobody has checked that they are one. By what it was shown that they are the owner's, and
    when, is in the event.
    """

    append_only: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="kept_people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    event = models.OneToOneField(AccountEvent, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "kept people"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "person"], name="person_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.person_id} kept by {self.user_id}"
