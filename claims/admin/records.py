"""Claims and their assessments in the Django admin, read-only. Every page is answered by queries of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Partner
from claims.admin.choice_words import head, worded
from claims.admin.staff import ClaimsAdmin, StaffFilter, number_of
from claims.amounts import said_amount, said_of_line
from claims.models import (
    Assessment,
    CaseView,
    ChainLink,
    ClaimRevision,
    CompiledTerms,
    DerivationDue,
    EntitlementLine,
    Event,
    Fact,
    Log,
    Loss,
    ReassessmentDue,
    RunChunk,
    TermsInForce,
    TermsMadeOf,
    Usage,
    UsageKind,
    WorkerBeat,
)
from claims.queries import LockState, with_lock_state
from services.seoul import shown_span
from services.texts import is_text


@admin.register(Loss)
class LossAdmin(ClaimsAdmin):
    list_display = ("claim", "service", "span", "kind", "origin", "via", "revision")
    list_filter = ("origin", "service")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "service", "via")

    @admin.display(description=head("period"), ordering="start_at")
    def span(self, loss: Loss) -> str:
        return shown_span(loss.start_at, loss.end_at)


class LockStateFilter(admin.SimpleListFilter):
    """What has become of lock events: how many wait for their ride, or do not fit it."""

    title = head("lock_state")
    parameter_name = "lock_state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, worded("lock_state", state)) for state in LockState.values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        return queryset.filter(kind=UsageKind.LOCK, lock_state=asked) if asked in LockState.values else queryset


@admin.register(Usage)
class UsageAdmin(ClaimsAdmin):
    list_display = ("external_id", "partner", "kind", "service", "span", "charge", "lock_state")
    list_filter = ("kind", "partner", LockStateFilter)
    allowed_lookups = ("lock_state",)
    search_fields = ("external_id",)
    list_select_related = ("partner", "service")
    claims_by = ("losses__claim",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_lock_state(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Usage], search_term: str
    ) -> tuple[QuerySet[Usage], bool]:
        """By the whole of it, of whichever partner, as the index has them."""
        typed = search_term.strip()
        if not typed or not is_text(typed):
            return (queryset.none() if typed else queryset), False
        partners = list(Partner.objects.values_list("pk", flat=True))
        named = Q(external_id=typed, partner__in=partners) | Q(external_id=typed, partner__isnull=True)
        return queryset.filter(named), False

    @admin.display(description=head("period"), ordering="start_at")
    def span(self, usage: Usage) -> str:
        return shown_span(usage.start_at, usage.end_at)

    @admin.display(description=head("charge"), ordering="charge_minor")
    def charge(self, usage: Usage) -> str:
        return "-" if usage.charge_minor is None else said_amount(usage.charge_minor, usage.currency)

    @admin.display(description=head("lock_state"))
    def lock_state(self, usage: Any) -> str:
        return worded("lock_state", usage.lock_state) if usage.lock_state else "-"


@admin.register(Fact)
class FactAdmin(ClaimsAdmin):
    list_display = ("claim", "loss", "name", "int_value", "text_value", "provenance", "revision")
    list_filter = ("provenance",)
    allowed_lookups = ("name",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "loss")


@admin.register(ClaimRevision)
class ClaimRevisionAdmin(ClaimsAdmin):
    list_display = ("claim", "number", "cause", "asks_for", "created_at", "author")
    list_filter = ("cause",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "author")


@admin.register(CompiledTerms)
class CompiledTermsAdmin(ClaimsAdmin):
    list_display = ("content_hash", "incident", "record_version", "engine_version", "created_at")
    list_filter = ("incident",)
    search_fields = ("content_hash",)
    list_select_related = ("incident", "record_version__incident")


@admin.register(TermsInForce)
class TermsInForceAdmin(ClaimsAdmin):
    list_display = ("incident", "terms", "since_at")
    list_filter = ("incident",)
    list_select_related = ("incident", "terms")


@admin.register(TermsMadeOf)
class TermsMadeOfAdmin(ClaimsAdmin):
    list_display = ("incident", "made_of")
    list_select_related = ("incident",)


@admin.register(RunChunk)
class RunChunkAdmin(ClaimsAdmin):
    list_display = ("run", "number", "state", "claims", "lines", "attempts", "worker", "done_at", "last_error")
    list_filter = ("state",)
    search_fields = ("worker",)
    list_select_related = ("run",)


class LineInline(admin.TabularInline):
    model = EntitlementLine
    fields = ("position", "rule", "loss", "said_outcome", "amount", "remedy", "reasons", "counted_seconds")
    readonly_fields = fields
    can_delete = False
    extra = 0

    @admin.display(description=head("outcome"))
    def said_outcome(self, line: EntitlementLine) -> str:
        return worded("outcome", line.outcome)

    @admin.display(description=head("quantity"))
    def amount(self, line: EntitlementLine) -> str:
        return said_of_line(line)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntitlementLine]:
        return super().get_queryset(request).select_related("rule__version__policy", "loss__service")


@admin.register(Assessment)
class AssessmentAdmin(ClaimsAdmin):
    list_display = ("claim", "revision", "run", "worker", "assessed_at")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "run", "chunk")
    inlines = (LineInline,)

    @admin.display(description=head("worker"))
    def worker(self, assessment: Assessment) -> str:
        return assessment.chunk.worker


@admin.register(Event)
class EventAdmin(ClaimsAdmin):
    list_display = ("at", "kind", "claim", "actor", "data")
    allowed_lookups = ("kind",)  # a filter would look for all kinds there are in the whole log
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "actor")


@admin.register(CaseView)
class CaseViewAdmin(ClaimsAdmin):
    list_display = ("at", "page", "claim", "viewer")
    list_filter = ("page", ("viewer", StaffFilter))
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "viewer")
    ordering = ("-id",)
    log_of_views = True


@admin.register(ChainLink)
class ChainLinkAdmin(ClaimsAdmin):
    list_display = ("position", "log", "row", "hash", "linked_at")
    list_filter = ("log",)
    search_fields = ("row",)
    ordering = ("-position",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ChainLink], search_term: str
    ) -> tuple[QuerySet[ChainLink], bool]:
        """By the number of the row, in whichever log, as the index has them."""
        typed = search_term.strip()
        return (queryset.filter(log__in=Log.values, row=number_of(typed)) if typed else queryset), False


@admin.register(ReassessmentDue)
class ReassessmentDueAdmin(ClaimsAdmin):
    list_display = ("claim", "incident", "cause", "created_at")
    list_filter = ("cause", "incident")
    list_select_related = ("claim", "incident")


@admin.register(DerivationDue)
class DerivationDueAdmin(ClaimsAdmin):
    list_display = ("__str__", "incident", "since", "attempts", "last_error", "created_at")
    list_select_related = ("incident", "since")


@admin.register(WorkerBeat)
class WorkerBeatAdmin(ClaimsAdmin):
    list_display = ("name", "seen_at")
