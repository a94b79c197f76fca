"""The official record: outage windows and extents, listed by numbered, published versions."""

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range
from services.models.notices import Incident, Notice, Scope, Source
from services.models.tree import Service

FINDING_NAME = r"^[a-z][a-z0-9_]*$"


class Severity(models.TextChoices):
    """How much of the service was gone while a window lasted."""

    FULL = "full"
    PARTIAL = "partial"
    INTERMITTENT = "intermittent"


class OutageWindow(models.Model):
    """A span [start_at, end_at) in which one service was down, by one source's word.

    Never edited: a later record version lists other windows instead, so that last
    month's assessment can still be explained with what was known last month.
    """

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="windows")
    service = models.ForeignKey(Service, models.PROTECT, related_name="windows")
    source = models.ForeignKey(Source, models.PROTECT, related_name="windows")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="windows")
    severity = models.CharField(max_length=20, choices=Severity)
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.ALL)
    start_at = models.DateTimeField()
    start_approx = models.BooleanField(default=False)
    end_at = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty while still down.")
    end_approx = models.BooleanField(default=False)
    inferred = models.BooleanField(default=False, help_text="Concluded from what was said, not said as such.")
    closing_rule = models.CharField(max_length=300, blank=True, help_text="Why it ends where it ends, if no notice says so.")
    planned = models.BooleanField(default=False, db_default=False, help_text="Maintenance that was announced as such.")
    announced_at = models.DateTimeField(null=True, blank=True, help_text="When the maintenance was announced; empty: not said.")
    users_permille = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The share of users hit, in thousandths; empty if nobody says."
    )

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("severity", Severity),
            one_of("scope", Scope),
            models.CheckConstraint(condition=Q(users_permille__lte=1000), name="window_hits_at_most_all_users"),
            in_range("start_at"),
            in_range("end_at"),
            in_range("announced_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="window_ends_after_start"),
            models.CheckConstraint(
                condition=Q(announced_at__isnull=True) | Q(planned=True), name="only_planned_maintenance_is_announced"
            ),
            models.UniqueConstraint(
                fields=[
                    "incident",
                    "service",
                    "source",
                    "notice",
                    "severity",
                    "scope",
                    "start_at",
                    "start_approx",
                    "end_at",
                    "end_approx",
                    "inferred",
                    "closing_rule",
                    "users_permille",
                    "planned",
                    "announced_at",
                ],
                nulls_distinct=False,
                name="the_same_window_is_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """Names the window inside a version, in every database alike: windows of one source and
        service do not overlap there, so no two start at the same instant.
        """
        return f"{self.service.code}|{self.source.code}|{_utc(self.start_at)}"


class Extent(models.Model):
    """The whole incident [start_at, end_at) by one source's word, whatever single services did."""

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="extents")
    source = models.ForeignKey(Source, models.PROTECT, related_name="extents")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty while it lasts.")
    start_inferred = models.BooleanField(default=False, help_text="Counted back from a length; not said as such.")

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            in_range("start_at"),
            in_range("end_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="extent_ends_after_start"),
            models.UniqueConstraint(
                fields=["incident", "source", "start_at", "end_at", "start_inferred"],
                nulls_distinct=False,
                name="the_same_extent_is_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} by {self.source}"


class FindingType(models.TextChoices):
    """What kind of value a finding has; the same words as the facts of policies."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    MONEY = "money"
    INSTANT = "instant"
    DATE = "date"
    TEXT = "text"


class Finding(models.Model):
    """A fact about the whole incident that policies ask for, such as whose fault it was, by a notice's word.

    `number`: a whole number, minor units of money, 0 or 1, microseconds or days since 1970; `text`: of a text only.
    """

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="findings")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="findings")
    name = models.CharField(max_length=60, validators=[RegexValidator(FINDING_NAME)])
    type = models.CharField(max_length=20, choices=FindingType)
    number = models.BigIntegerField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("type", FindingType),
            models.CheckConstraint(condition=Q(name__regex=FINDING_NAME), name="finding_name_is_a_code"),
            models.CheckConstraint(
                condition=(Q(type="text", number__isnull=True) & ~Q(text=""))
                | (~Q(type="text") & Q(number__isnull=False, text="")),
                name="finding_has_one_value",
            ),
            models.CheckConstraint(condition=~Q(type="boolean") | Q(number__in=[0, 1]), name="finding_is_true_or_false"),
            models.UniqueConstraint(
                fields=["incident", "notice", "name", "type", "number", "text"],
                nulls_distinct=False,
                name="the_same_finding_is_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"

    @property
    def value(self) -> bool | int | date | datetime | str:
        """As it was said."""
        if self.number is None:
            return self.text
        if self.type == FindingType.DATE:
            return date(1970, 1, 1) + timedelta(days=self.number)
        if self.type == FindingType.INSTANT:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.number)
        return bool(self.number) if self.type == FindingType.BOOLEAN else self.number


class RecordVersion(models.Model):
    """The official record of an incident as it stood when published. Version `number` counts from 1.

    `as_of` is the instant its knowledge reaches to: windows without an end count up to it.
    The counts close the version: no row can join it afterwards.
    """

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by a command."
    )
    draft = models.OneToOneField(
        "RecordDraft", models.PROTECT, null=True, blank=True, related_name="version", help_text="Empty: by a command."
    )
    governing = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose windows count where it has some, whatever its rank; empty: the best ranked source's.",
    )
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the content as canonical JSON, in hex.")
    window_count = models.PositiveIntegerField()
    extent_count = models.PositiveIntegerField()
    finding_count = models.PositiveIntegerField(default=0, db_default=0)
    windows = models.ManyToManyField(OutageWindow, through="RecordWindow", related_name="versions")
    extents = models.ManyToManyField(Extent, through="RecordExtent", related_name="versions")
    findings = models.ManyToManyField(Finding, through="RecordFinding", related_name="versions")

    class Meta:
        ordering: ClassVar = ["incident_id", "number"]
        triggers: ClassVar = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="number_is_the_next",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("newest", "integer")],
                func="""
                    SELECT coalesce(max(number), 0) INTO newest
                      FROM services_recordversion WHERE incident_id = NEW.incident_id;
                    IF NEW.number <> newest + 1 THEN
                        RAISE EXCEPTION 'version_number_not_next: version % does not follow version %',
                            NEW.number, newest USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="second_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM services_recorddraft
                                WHERE id = NEW.draft_id AND opened_by_id = NEW.published_by_id)
                       OR EXISTS (SELECT 1 FROM services_recordchange
                                   WHERE draft_id = NEW.draft_id AND written_by_id = NEW.published_by_id) THEN
                        RAISE EXCEPTION 'second_person: user % wrote at this draft', NEW.published_by_id
                            USING ERRCODE = 'integrity_constraint_violation',
                                  HINT = 'Somebody who wrote nothing of it publishes it.';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="complete_at_commit",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF (SELECT count(*) FROM services_recordwindow WHERE version_id = NEW.id) <> NEW.window_count
                       OR (SELECT count(*) FROM services_recordextent WHERE version_id = NEW.id) <> NEW.extent_count
                       OR (SELECT count(*) FROM services_recordfinding WHERE version_id = NEW.id) <> NEW.finding_count
                    THEN
                        RAISE EXCEPTION
                            'version_incomplete: version % must list % windows, % extents and % findings when it is published',
                            NEW.number, NEW.window_count, NEW.extent_count, NEW.finding_count
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        constraints: ClassVar = [
            in_range("as_of"),
            in_range("published_at"),
            models.CheckConstraint(
                condition=Q(draft__isnull=True, published_by__isnull=True) | Q(draft__isnull=False, published_by__isnull=False),
                name="a_person_publishes_a_record_draft_and_nothing_else",
            ),
            models.UniqueConstraint(fields=["incident", "number"], name="version_number_is_given_once"),
            models.CheckConstraint(condition=Q(as_of__lte=F("published_at")), name="version_does_not_know_the_future"),
            models.CheckConstraint(condition=Q(window_count__gte=1), name="version_lists_at_least_one_window"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="version_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.incident} version {self.number}"


def _copied_from(kind: str, copied: str) -> pgtrigger.Trigger:
    """What a listing says of its window, extent or finding is copied from there, and no listing joins later.

    `copied`: SELECT .. INTO NEW .. FROM the table, under the kind's first letter.
    """
    row = kind[0]
    return pgtrigger.Trigger(
        name=f"copied_from_{kind}",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
                    IF NEW.position > (SELECT {kind}_count FROM services_recordversion WHERE id = NEW.version_id)
                    THEN
                        RAISE EXCEPTION 'version_is_published: no {kind} can join it; publish another version'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    {copied}
                      JOIN services_recordversion v ON v.incident_id = {row}.incident_id
                     WHERE {row}.id = NEW.{kind}_id AND v.id = NEW.version_id;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION '{kind}_of_another_incident: a version lists {kind}s of its own incident only'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - of constants of this module
    )


class RecordWindow(models.Model):
    """A version lists a window.

    `service`, `source` and `period` are copied from the window by the database when the
    row is added, whatever was sent, so that the exclusion constraint can rely on them.
    """

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(RecordVersion, models.PROTECT, related_name="listed_windows")
    window = models.ForeignKey(OutageWindow, models.PROTECT, related_name="listings")
    position = models.PositiveIntegerField(help_text="From 1 to the version's window_count.")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", editable=False)
    period = DateTimeRangeField(editable=False)

    class Meta:
        ordering: ClassVar = ["version_id", "position"]
        triggers: ClassVar = [
            *append_only_triggers(),
            _copied_from(
                "window",
                """SELECT w.service_id, w.source_id, tstzrange(w.start_at, w.end_at, '[)')
                      INTO NEW.service_id, NEW.source_id, NEW.period
                      FROM services_outagewindow w""",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(position__gte=1), name="listed_window_position_from_one"),
            models.UniqueConstraint(fields=["version", "position"], name="listed_window_position_is_used_once"),
            models.UniqueConstraint(fields=["version", "window"], name="version_lists_a_window_once"),
            ExclusionConstraint(
                name="windows_of_one_source_and_service_do_not_overlap",
                expressions=[
                    ("version", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("source", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"


class RecordExtent(models.Model):
    """A version lists an extent: one per source, the source copied from the extent by the database."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(RecordVersion, models.PROTECT, related_name="listed_extents")
    extent = models.ForeignKey(Extent, models.PROTECT, related_name="listings")
    position = models.PositiveIntegerField(help_text="From 1 to the version's extent_count.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering: ClassVar = ["version_id", "position"]
        triggers: ClassVar = [
            *append_only_triggers(),
            _copied_from(
                "extent",
                """SELECT e.source_id INTO NEW.source_id
                      FROM services_extent e""",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(position__gte=1), name="listed_extent_position_from_one"),
            models.UniqueConstraint(fields=["version", "position"], name="listed_extent_position_is_used_once"),
            models.UniqueConstraint(fields=["version", "source"], name="version_lists_one_extent_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"


class RecordFinding(models.Model):
    """A version lists a finding: one per name, the name copied from the finding by the database."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(RecordVersion, models.PROTECT, related_name="listed_findings")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="listings")
    position = models.PositiveIntegerField(help_text="From 1 to the version's finding_count.")
    name = models.CharField(max_length=60, editable=False)

    class Meta:
        ordering: ClassVar = ["version_id", "position"]
        triggers: ClassVar = [
            *append_only_triggers(),
            _copied_from(
                "finding",
                """SELECT f.name INTO NEW.name
                      FROM services_finding f""",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(position__gte=1), name="listed_finding_position_from_one"),
            models.UniqueConstraint(fields=["version", "position"], name="listed_finding_position_is_used_once"),
            models.UniqueConstraint(fields=["version", "name"], name="version_lists_one_finding_per_name"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
