"""The official record: outage windows and extents, listed by numbered, published versions."""

from datetime import UTC, datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from services.append_only import append_only_triggers
from services.choices import one_of
from services.instants import in_range
from services.models.notices import Incident, Notice, Scope, Source
from services.models.tree import Service


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

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only_triggers()
        constraints: ClassVar = [
            one_of("severity", Severity),
            one_of("scope", Scope),
            in_range("start_at"),
            in_range("end_at"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="window_ends_after_start"),
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


class RecordVersion(models.Model):
    """The official record of an incident as it stood when published. Version `number` counts from 1.

    `as_of` is the instant its knowledge reaches to: windows without an end count up to it.
    `window_count` and `extent_count` close the version: no row can join it afterwards.
    """

    append_only: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by a command."
    )
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the content as canonical JSON, in hex.")
    window_count = models.PositiveIntegerField()
    extent_count = models.PositiveIntegerField()
    windows = models.ManyToManyField(OutageWindow, through="RecordWindow", related_name="versions")
    extents = models.ManyToManyField(Extent, through="RecordExtent", related_name="versions")

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
                name="complete_at_commit",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF (SELECT count(*) FROM services_recordwindow WHERE version_id = NEW.id) <> NEW.window_count
                       OR (SELECT count(*) FROM services_recordextent WHERE version_id = NEW.id) <> NEW.extent_count
                    THEN
                        RAISE EXCEPTION 'version_incomplete: version % must list % windows and % extents when it is published',
                            NEW.number, NEW.window_count, NEW.extent_count
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        constraints: ClassVar = [
            in_range("as_of"),
            in_range("published_at"),
            models.UniqueConstraint(fields=["incident", "number"], name="version_number_is_given_once"),
            models.CheckConstraint(condition=Q(as_of__lte=F("published_at")), name="version_does_not_know_the_future"),
            models.CheckConstraint(condition=Q(window_count__gte=1), name="version_lists_at_least_one_window"),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="version_hash_is_sha256_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.incident} version {self.number}"


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
            pgtrigger.Trigger(
                name="copied_from_window",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.position > (SELECT window_count FROM services_recordversion WHERE id = NEW.version_id)
                    THEN
                        RAISE EXCEPTION 'version_is_published: no window can join it; publish another version'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    SELECT w.service_id, w.source_id, tstzrange(w.start_at, w.end_at, '[)')
                      INTO NEW.service_id, NEW.source_id, NEW.period
                      FROM services_outagewindow w
                      JOIN services_recordversion v ON v.incident_id = w.incident_id
                     WHERE w.id = NEW.window_id AND v.id = NEW.version_id;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'window_of_another_incident: a version lists windows of its own incident only'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
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
            pgtrigger.Trigger(
                name="copied_from_extent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.position > (SELECT extent_count FROM services_recordversion WHERE id = NEW.version_id)
                    THEN
                        RAISE EXCEPTION 'version_is_published: no extent can join it; publish another version'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    SELECT e.source_id INTO NEW.source_id
                      FROM services_extent e
                      JOIN services_recordversion v ON v.incident_id = e.incident_id
                     WHERE e.id = NEW.extent_id AND v.id = NEW.version_id;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'extent_of_another_incident: a version lists extents of its own incident only'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(position__gte=1), name="listed_extent_position_from_one"),
            models.UniqueConstraint(fields=["version", "position"], name="listed_extent_position_is_used_once"),
            models.UniqueConstraint(fields=["version", "source"], name="version_lists_one_extent_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
