"""Who reviews what, and how somebody likes to look at the queue."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from services.models import Service


class Skill(models.Model):
    """Somebody reviews claims about this service and what is below it. Without any, about everything."""

    append_only: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar = ["user_id", "service_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "service"], name="skill_is_one_row")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.service_id}"


class SavedView(models.Model):
    """A filter of the queue under a name, as the address of the page has it."""

    append_only: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="view_has_a_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
