"""Policies and their published versions: data, kept as the text that was published."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers
from services.instants import in_range


class Policy(models.Model):
    """A scheme. Its row is only a name to lock; what it says is in its versions."""

    changeable: ClassVar[tuple[str, ...]] = ("demonstration",)

    code = models.CharField(max_length=60, unique=True)
    demonstration = models.BooleanField(default=False, help_text="Made up to show something; no real scheme.")

    class Meta:
        verbose_name_plural = "policies"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="policy_code_is_lower_snake"),
        ]

    def __str__(self) -> str:
        return self.code


class PolicyVersion(models.Model):
    """A policy as published, for incidents that start in [incidents_from, incidents_before).

    Of the versions valid for an incident the one with the highest number governs.
    """

    append_only: ClassVar[bool] = True

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1, by publication.")
    pack_yaml = models.TextField()
    content_hash = models.CharField(max_length=64)
    incidents_from = models.DateTimeField()
    incidents_before = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty: no end.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by a command."
    )

    class Meta:
        ordering: ClassVar = ["policy_id", "number"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("incidents_from"),
            in_range("incidents_before"),
            in_range("published_at"),
            models.CheckConstraint(
                condition=Q(incidents_before__gt=F("incidents_from")), name="policy_validity_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_number_from_one"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="pack_hash_is_sha256_hex"),
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} version {self.number}"


class PolicyRule(models.Model):
    """A rule of a published version: what an entitlement line points at."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="rules", db_index=False)
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(help_text="From 0, as in the pack.")

    class Meta:
        ordering: ClassVar = ["version_id", "position"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="version_has_a_rule_once"),
            models.UniqueConstraint(fields=["version", "position"], name="version_has_a_rule_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.code}"
