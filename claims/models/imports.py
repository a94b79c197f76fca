"""Files of a partner's usage: what was sent, in parts, and what became of each row."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import Partner
from services.append_only import closed_for_ever
from services.choices import one_of
from services.instants import in_range


class ImportFormat(models.TextChoices):
    """A row is a line: of values under a header, or a JSON object."""

    CSV = "csv"
    NDJSON = "ndjson"


class ImportEncoding(models.TextChoices):
    """UTF-8 with or without a byte-order mark, or what Korean Windows calls ANSI."""

    UTF_8 = "utf_8"
    CP949 = "cp949"


class ImportMode(models.TextChoices):
    """What one wrong row does to the others: nothing of the file is stored, or only that row is not."""

    ALL_OR_NOTHING = "all_or_nothing"
    PER_ROW = "per_row"


class ImportState(models.TextChoices):
    """Refused: all or nothing, and a row is wrong. Failed: by our fault, some or all rows were not worked off."""

    UPLOADING = "uploading"
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


ENDED = (ImportState.DONE, ImportState.REFUSED, ImportState.FAILED, ImportState.CANCELLED, ImportState.ABANDONED)


class ImportPhase(models.TextChoices):
    """What a worker does with a file that is one transaction."""

    CHECKING = "checking"
    STORING = "storing"


class UsageImport(models.Model):
    """One file of one partner. The counts are of its end; a dry run counts what would be stored.

    How far a file is that is one transaction (a dry run, all or nothing) says `reached`, in rows of the phase; that begins
    anew with each attempt, of which `attempts` tells. Else its parts say it.
    """

    changeable: ClassVar[tuple[str, ...]] = (
        "state", "sent_bytes", "rows", "tail", "header", "sha256", "touched_at", "sent_at", "finished_at", "in_order", "phase",
        "reached", "attempts", "last_error", "stored", "repeated", "refused",
    )  # fmt: skip

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="By which the partner names it.")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=ImportFormat)
    encoding = models.CharField(max_length=20, choices=ImportEncoding)
    mode = models.CharField(max_length=20, choices=ImportMode)
    dry_run = models.BooleanField(help_text="Says what would be stored, and stores nothing.")
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.UPLOADING)
    header = models.JSONField(default=list, blank=True, help_text="Names of the columns of a CSV file, in its order.")
    sent_bytes = models.BigIntegerField(default=0)
    tail = models.BinaryField(blank=True, default=b"", help_text="Of a line whose end has not been sent yet.")
    rows = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of all bytes, in hex.")
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When something was sent last, or a worker was last at it.")
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    in_order = models.BooleanField(
        null=True, help_text="Whether its parts wait for each other, as a number may be in two of them."
    )
    phase = models.CharField(max_length=20, choices=ImportPhase, blank=True)
    reached = models.PositiveIntegerField(default=0, help_text="Rows, of this phase of this attempt.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="At a file that is one transaction.")
    last_error = models.TextField(blank=True)
    stored = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ends_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=list(ENDED)),
                func="""
                    RAISE EXCEPTION 'closed_for_ever: import % is %', OLD.id, OLD.state
                        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Send the file again.';
                """,
            )
        ]
        constraints: ClassVar = [
            one_of("format", ImportFormat),
            one_of("encoding", ImportEncoding),
            one_of("mode", ImportMode),
            one_of("state", ImportState),
            models.CheckConstraint(condition=Q(phase__in=["", *ImportPhase.values]), name="import_phase_is_known"),
            in_range("begun_at"),
            in_range("touched_at"),
            in_range("sent_at"),
            in_range("finished_at"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, finished_at__isnull=False) | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
                name="import_is_finished_if_and_only_if_ended",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploading", "cancelled", "abandoned"])
                | Q(sent_at__isnull=False, sha256__regex="^[0-9a-f]{64}$"),
                name="import_begins_once_all_is_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state__in=["uploading", "open"]), name="imports_under_way"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_whole(self) -> bool:
        """Whether it is one transaction."""
        return self.dry_run or self.mode == ImportMode.ALL_OR_NOTHING


class ImportPartState(models.TextChoices):
    """Failed: too many attempts; its rows were not worked off."""

    TODO = "todo"
    DONE = "done"
    FAILED = "failed"


class ImportPart(models.Model):
    """Some lines of a file, whole ones, and what became of them. Deleted some days after the import has ended.

    `errors`: a JSON list per wrong line: line, external_id, code, field, and what its words are about.
    """

    append_only: ClassVar[bool] = False

    usage_import = models.ForeignKey(UsageImport, models.PROTECT, related_name="parts", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    first_line = models.PositiveIntegerField(help_text="Of the file, from 1.")
    rows = models.PositiveIntegerField(help_text="Lines, without the header.")
    content = models.BinaryField()
    state = models.CharField(max_length=20, choices=ImportPartState, default=ImportPartState.TODO)
    stored = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    errors = models.BinaryField(blank=True, default=b"")
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["usage_import_id", "number"]
        triggers: ClassVar = closed_for_ever(ImportPartState.TODO)
        constraints: ClassVar = [
            one_of("state", ImportPartState),
            in_range("attempted_at"),
            in_range("done_at"),
            models.CheckConstraint(condition=Q(number__gte=1, first_line__gte=1), name="import_part_is_counted_from_one"),
            models.UniqueConstraint(fields=["usage_import", "number"], name="import_has_a_part_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.usage_import_id}"
