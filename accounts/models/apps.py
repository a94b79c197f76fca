"""Apps by which claimants reach their own claims, and tools of the staff: who they are, and for whom."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from oauth2_provider.models import Application

from services.choices import one_of
from services.instants import in_range


class AppAudience(models.TextChoices):
    """Who logs in with it, and so what it may do at most."""

    CLAIMANTS = "claimants"
    STAFF = "staff"


class App(models.Model):
    """A program of whoever logs in with it. It has no secret, for it is in everybody's hands: it shows by PKCE that it asked.

    Its client id and addresses are in the toolkit's application, on which its tokens hang. Once ended it stays ended.
    """

    changeable: ClassVar[tuple[str, ...]] = ("ended_by", "ended_at")

    application = models.OneToOneField(Application, models.PROTECT, related_name="app")
    name_ko = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    audience = models.CharField(max_length=20, choices=AppAudience)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    registered_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ended_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'ended_for_ever: app % was ended', OLD.id
                        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Register a new one.';
                """,
            )
        ]
        constraints: ClassVar = [
            one_of("audience", AppAudience),
            in_range("registered_at"),
            in_range("ended_at"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ended_app_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en
