"""What followed from assessments, and what was compared, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.models import (
    Comparison,
    ComparisonChunk,
    ComparisonDifference,
    Letter,
    LetterDue,
    Payout,
    SettlementDue,
)
from services.admin_pages import ReadOnlyAdmin


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    list_display = ("claim", "policy", "rule", "kind", "quantity", "unit", "created_at")
    list_filter = ("kind", "policy")
    search_fields = ("claim__reference",)
    list_select_related = ("claim",)


@admin.register(SettlementDue)
class SettlementDueAdmin(ReadOnlyAdmin):
    list_display = ("chunk", "attempts", "last_error", "created_at")
    list_select_related = ("chunk",)


@admin.register(LetterDue)
class LetterDueAdmin(ReadOnlyAdmin):
    list_display = ("assessment", "attempts", "last_error", "created_at")
    list_select_related = ("assessment",)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ("claim", "assessment", "language", "made_at", "content_hash")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "assessment")
    fields = ("claim", "assessment", "language", "content_hash", "made_at")


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin):
    list_display = ("id", "of", "incident", "record_draft", "state", "total", "begun_by", "begun_at", "finished_at")
    list_filter = ("of", "state", "incident")
    list_select_related = ("incident", "record_draft", "begun_by")
    fields = (
        "of",
        "incident",
        "record_draft",
        "revision",
        "terms_hash",
        "state",
        "total",
        "begun_by",
        "begun_at",
        "finished_at",
    )


@admin.register(ComparisonChunk)
class ComparisonChunkAdmin(ReadOnlyAdmin):
    list_display = ("comparison", "number", "state", "claims", "attempts", "done_at", "last_error")
    list_filter = ("state",)
    list_select_related = ("comparison",)
    fields = ("comparison", "number", "first_claim_id", "last_claim_id", "state", "claims", "attempts", "last_error", "done_at")


@admin.register(ComparisonDifference)
class ComparisonDifferenceAdmin(ReadOnlyAdmin):
    list_display = ("comparison", "claim", "policy", "rule", "before", "after", "unit")
    list_filter = ("policy",)
    search_fields = ("claim__reference",)
    list_select_related = ("comparison", "claim")
