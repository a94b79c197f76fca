"""Policies, their published versions, and the drafts these come from: data, kept as the text that was written."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models import DraftState


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
    revision = models.OneToOneField(
        "DraftRevision", models.PROTECT, null=True, blank=True, related_name="version", help_text="Empty: by a command."
    )

    class Meta:
        ordering: ClassVar = ["policy_id", "number"]
        triggers: ClassVar = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="second_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM claims_draftrevision mine JOIN claims_draftrevision other
                                   ON other.draft_id = mine.draft_id
                                WHERE mine.id = NEW.revision_id AND other.written_by_id = NEW.published_by_id) THEN
                        RAISE EXCEPTION 'second_person: user % wrote at this draft', NEW.published_by_id
                            USING ERRCODE = 'integrity_constraint_violation',
                                  HINT = 'Somebody who wrote none of its revisions publishes it.';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [
            in_range("incidents_from"),
            in_range("incidents_before"),
            in_range("published_at"),
            models.CheckConstraint(
                condition=Q(incidents_before__gt=F("incidents_from")), name="policy_validity_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_number_from_one"),
            models.CheckConstraint(
                condition=Q(revision__isnull=True, published_by__isnull=True)
                | Q(revision__isnull=False, published_by__isnull=False),
                name="a_person_publishes_a_draft_and_nothing_else",
            ),
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


class PolicyDraft(models.Model):
    """A policy that is being written. What it says is in its revisions; the newest one counts."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "closed_at")

    title = models.CharField(max_length=200, help_text="For those who work on it.")
    base = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="drafts", help_text="The version it began as."
    )
    state = models.CharField(max_length=20, choices=DraftState, default=DraftState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = closed_for_ever(DraftState.OPEN)
        constraints: ClassVar = [
            one_of("state", DraftState),
            in_range("opened_at"),
            in_range("closed_at"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="draft_is_open_or_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DraftRevision(models.Model):
    """One text of a draft, whether it is a good pack or not."""

    append_only: ClassVar[bool] = True

    draft = models.ForeignKey(PolicyDraft, models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    pack_yaml = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["draft_id", "number"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("written_at"),
            models.CheckConstraint(condition=Q(number__gte=1), name="draft_revision_number_from_one"),
            models.UniqueConstraint(fields=["draft", "number"], name="draft_revision_number_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} revision {self.number}"
