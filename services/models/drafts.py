"""The next version of a record while it is written: a draft collects changes, a second person publishes it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers, closed_for_ever
from services.choices import one_of
from services.instants import in_range
from services.models.notices import Incident, Source
from services.models.record import Extent, Finding, OutageWindow, RecordVersion


class DraftState(models.TextChoices):
    """Of a draft: still written at, or one of its two ends."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class RecordDraft(models.Model):
    """What the record of an incident is to say next: a published version (or nothing) and the changes to it, in turn."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "closed_by", "closed_at")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="drafts")
    title = models.CharField(max_length=200, help_text="For those who work on it.")
    base = models.ForeignKey(
        RecordVersion, models.PROTECT, null=True, blank=True, related_name="+", help_text="The version it began as."
    )
    state = models.CharField(max_length=20, choices=DraftState, default=DraftState.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = closed_for_ever(DraftState.OPEN)
        constraints: ClassVar = [
            one_of("state", DraftState),
            in_range("opened_at"),
            in_range("closed_at"),
            models.CheckConstraint(condition=~Q(title=""), name="record_draft_has_a_title"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="record_draft_is_open_or_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChangeKind(models.TextChoices):
    """List: the row, in place of what `instead_of` names. Rebase: on a version that was published meanwhile."""

    LIST = "list"
    UNLIST = "unlist"
    AS_OF = "as_of"
    GOVERNING = "governing"
    REBASE = "rebase"


class RecordChange(models.Model):
    """One change to a draft, with the reason for it.

    Listing an extent replaces the one of its source, listing a finding the one of its name.
    """

    append_only: ClassVar[bool] = True

    draft = models.ForeignKey(RecordDraft, models.PROTECT, related_name="changes", db_index=False)
    number = models.PositiveIntegerField(help_text="From 1.")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    window = models.ForeignKey(OutageWindow, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    instead_of = models.ForeignKey(OutageWindow, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    extent = models.ForeignKey(Extent, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    as_of = models.DateTimeField(null=True, blank=True)
    governing = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, help_text="Empty: by rank."
    )
    base = models.ForeignKey(RecordVersion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=500)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["draft_id", "number"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("kind", ChangeKind),
            in_range("as_of"),
            in_range("written_at"),
            models.CheckConstraint(condition=Q(number__gte=1), name="record_change_number_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="record_change_has_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    Q(window__isnull=False, extent__isnull=True, finding__isnull=True)
                    | Q(window__isnull=True, extent__isnull=False, finding__isnull=True)
                    | Q(window__isnull=True, extent__isnull=True, finding__isnull=False),
                    kind__in=["list", "unlist"],
                )
                | Q(kind__in=["as_of", "governing", "rebase"], window__isnull=True, extent__isnull=True, finding__isnull=True),
                name="record_change_lists_one_thing_or_none",
            ),
            models.CheckConstraint(
                condition=Q(instead_of__isnull=True) | Q(kind="list", window__isnull=False) & ~Q(window=F("instead_of")),
                name="only_a_listed_window_stands_instead_of_another",
            ),
            models.CheckConstraint(
                condition=Q(kind="as_of", as_of__isnull=False) | ~Q(kind="as_of") & Q(as_of__isnull=True),
                name="record_change_says_as_of_if_it_is_about_it",
            ),
            models.CheckConstraint(
                condition=Q(kind="rebase", base__isnull=False) | ~Q(kind="rebase") & Q(base__isnull=True),
                name="record_change_names_a_base_if_it_is_about_it",
            ),
            models.CheckConstraint(
                condition=Q(kind="governing") | Q(governing__isnull=True), name="record_change_names_a_source_if_it_is_about_it"
            ),
            models.UniqueConstraint(fields=["draft", "number"], name="record_change_number_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"change {self.number} of draft {self.draft_id}"
