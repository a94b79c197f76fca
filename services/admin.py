"""The service tree and the official record in the Django admin: read-only but for new notices. Incidents: admin_duties."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from services import admin_duties, admin_feeds, admin_proposals, clock
from services.admin_forms import NoticeForm
from services.admin_pages import AddableAdmin, ReadOnlyAdmin
from services.choice_words import head
from services.models import (
    ClockMove,
    Extent,
    Finding,
    Notice,
    Observation,
    OutageWindow,
    RecordExtent,
    RecordFinding,
    RecordVersion,
    RecordWindow,
    Service,
    ServiceDependency,
    Source,
)
from services.operations import record_notice
from services.queries import windows_of
from services.record_page import kind_of
from services.seoul import shown, shown_span
from services.staff import Staff

__all__ = ["admin_duties", "admin_feeds", "admin_proposals"]


@admin.register(Service)
class ServiceAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_ko", "name_en", "operator", "inferred")
    list_filter = ("inferred", "operator")
    search_fields = ("code", "name_ko", "name_en", "operator")
    list_select_related = ("parent",)


@admin.register(ServiceDependency)
class ServiceDependencyAdmin(ReadOnlyAdmin):
    list_display = ("service", "depends_on", "inferred")
    list_filter = ("inferred",)
    search_fields = ("service__code", "service__name_ko", "depends_on__code", "depends_on__name_ko")
    list_select_related = ("service", "depends_on")


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_ko", "name_en", "rank", "official")
    search_fields = ("code", "name_ko", "name_en")


@admin.register(Notice)
class NoticeAdmin(AddableAdmin):
    add_form = NoticeForm
    add_words = "add_notice"
    list_display = ("key", "source", "channel", "published", "recorded", "incident", "ref")
    list_filter = ("source", "incident")
    search_fields = ("key", "text", "text_en", "channel", "ref")
    list_select_related = ("source", "incident")

    @admin.display(description=head("published"), ordering="published_at")
    def published(self, notice: Notice) -> str:
        return shown(notice.published_at, approx=notice.published_approx)

    @admin.display(description=head("recorded"), ordering="recorded_at")
    def recorded(self, notice: Notice) -> str:
        return shown(notice.recorded_at)

    def add_by(self, form: Any, user: Staff) -> Notice:
        return record_notice(form.said, now=clock.now())


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    list_display = ("service", "name_ko", "state", "scope", "observed", "stated", "notice", "note")
    list_filter = ("state", "scope", "notice__source", "notice")
    search_fields = ("service__code", "service__name_ko", "service__name_en", "note")
    list_select_related = ("service", "notice")
    allowed_lookups = ("service__code", "service__code__startswith")

    @admin.display(description=head("name"), ordering="service__name_ko")
    def name_ko(self, observation: Observation) -> str:
        return observation.service.name_ko

    @admin.display(description=head("observed"), ordering="observed_at")
    def observed(self, observation: Observation) -> str:
        return shown(observation.observed_at, approx=observation.approx)

    @admin.display(description=head("stated"), ordering="stated_at")
    def stated(self, observation: Observation) -> str:
        return shown(observation.stated_at)


@admin.register(OutageWindow)
class OutageWindowAdmin(ReadOnlyAdmin):
    list_display = (
        "service", "name_ko", "span", "severity", "scope", "users_permille", "inferred", "planned", "announced", "source",
        "notice", "closing_rule",
    )  # fmt: skip
    list_filter = ("incident", "severity", "scope", "inferred", "planned", "source")
    search_fields = ("service__code", "service__name_ko", "service__name_en", "closing_rule")
    list_select_related = ("service", "source", "notice")
    allowed_lookups = ("service__code", "service__code__startswith", "versions__number")

    @admin.display(description=head("name"), ordering="service__name_ko")
    def name_ko(self, window: OutageWindow) -> str:
        return window.service.name_ko

    @admin.display(description=head("span"), ordering="start_at")
    def span(self, window: OutageWindow) -> str:
        return shown_span(window.start_at, window.end_at, start_approx=window.start_approx, end_approx=window.end_approx)

    @admin.display(description=head("announced"), ordering="announced_at")
    def announced(self, window: OutageWindow) -> str:
        return shown(window.announced_at)


@admin.register(Extent)
class ExtentAdmin(ReadOnlyAdmin):
    list_display = ("incident", "source", "span", "start_inferred")
    list_filter = ("incident", "source")
    search_fields = ("incident__key", "incident__title_ko", "source__code", "source__name_ko")
    list_select_related = ("incident", "source")

    @admin.display(description=head("span"), ordering="start_at")
    def span(self, extent: Extent) -> str:
        return shown_span(extent.start_at, extent.end_at)


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("incident", "name", "type", "value", "notice")
    list_filter = ("incident", "type")
    search_fields = ("name", "text", "incident__key", "incident__title_ko", "notice__key")
    list_select_related = ("incident", "notice")
    fields = ("incident", "name", "type", "value", "notice")

    @admin.display(description=head("value"))
    def value(self, finding: Finding) -> str:
        return shown(finding.value) if isinstance(finding.value, datetime) else str(finding.value)


@admin.register(RecordVersion)
class RecordVersionAdmin(ReadOnlyAdmin):
    list_display = (
        "incident", "number", "known_until", "published", "published_by", "made_from", "governing", "window_count",
        "extent_count",
    )  # fmt: skip
    list_filter = ("incident",)
    search_fields = ("incident__key", "incident__title_ko", "content_hash")
    list_select_related = ("incident", "published_by", "governing", "draft")
    fields = (
        "incident",
        "number",
        "known_until",
        "published",
        "published_by",
        "made_from",
        "governing",
        "content_hash",
        "window_count",
        "extent_count",
        "finding_count",
        "listing",
    )

    @admin.display(description=head("known"), ordering="as_of")
    def known_until(self, version: RecordVersion) -> str:
        return shown(version.as_of)

    @admin.display(description=head("published"), ordering="published_at")
    def published(self, version: RecordVersion) -> str:
        return shown(version.published_at)

    @admin.display(description=head("draft"))
    def made_from(self, version: RecordVersion) -> str:
        """ "-" of a version that a command published."""
        if version.draft is None:
            return "-"
        address = reverse("admin:services_recorddraft_change", args=[version.draft_id])
        return format_html('<a href="{}">{}</a>', address, version.draft)

    @admin.display(description=head("windows"))
    def listing(self, version: RecordVersion) -> str:
        return "\n".join(
            f"{window.service.code}  {shown_span(window.start_at, window.end_at)}  {kind_of(window)}  {window.source.code}"
            for window in windows_of(version)
        )


class _ListedAdmin(ReadOnlyAdmin):
    """Rows of a version, newest version first."""

    list_filter = ("version__incident", "version__number")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).order_by(F("version_id").desc(), "position")


@admin.register(RecordWindow)
class RecordWindowAdmin(_ListedAdmin):
    list_display = ("version", "position", "service", "source", "span")
    search_fields = ("service__code", "service__name_ko", "service__name_en")
    list_select_related = ("version__incident", "service", "source", "window")
    fields = ("version", "position", "window", "service", "source", "span")

    @admin.display(description=head("span"))
    def span(self, listed: RecordWindow) -> str:
        return shown_span(listed.window.start_at, listed.window.end_at)


@admin.register(RecordExtent)
class RecordExtentAdmin(_ListedAdmin):
    list_display = ("version", "position", "source", "span")
    search_fields = ("source__code", "source__name_ko")
    list_select_related = ("version__incident", "source", "extent")
    fields = ("version", "position", "extent", "source", "span")

    @admin.display(description=head("span"))
    def span(self, listed: RecordExtent) -> str:
        return shown_span(listed.extent.start_at, listed.extent.end_at)


@admin.register(RecordFinding)
class RecordFindingAdmin(_ListedAdmin):
    list_display = ("version", "position", "finding")
    search_fields = ("name",)
    list_select_related = ("version__incident", "finding")
    fields = ("version", "position", "finding")


@admin.register(ClockMove)
class ClockMoveAdmin(ReadOnlyAdmin):
    """Of a sandbox; elsewhere it has no rows."""

    list_display = fields = ("shows_at", "real_at", "moved_by")
