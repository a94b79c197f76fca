"""What followed from assessments, and what was compared, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.amounts import said_amount, said_difference
from claims.models import (
    Attestation,
    Comparison,
    ComparisonChunk,
    ComparisonDifference,
    Letter,
    LetterCopy,
    LetterDue,
    Payout,
    SettlementDue,
)


@admin.register(Payout)
class PayoutAdmin(ClaimsAdmin):
    list_display = ("claim", "policy", "rule", "kind", "amount", "created_at")
    list_filter = ("kind",)
    allowed_lookups = ("policy",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim",)

    @admin.display(description=head("quantity"), ordering="quantity")
    def amount(self, payout: Payout) -> str:
        return said_difference(payout.quantity, payout.unit)


@admin.register(SettlementDue)
class SettlementDueAdmin(ClaimsAdmin):
    list_display = ("chunk", "attempts", "last_error", "created_at")
    list_select_related = ("chunk",)


@admin.register(LetterDue)
class LetterDueAdmin(ClaimsAdmin):
    list_display = ("decision", "attempts", "last_error", "created_at")
    list_select_related = ("decision",)


@admin.register(Letter)
class LetterAdmin(ClaimsAdmin):
    list_display = ("claim", "decision", "language", "made_at", "content_hash")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "decision")
    fields = ("claim", "assessment", "decision", "language", "content_hash", "made_at")


@admin.register(LetterCopy)
class LetterCopyAdmin(ClaimsAdmin):
    list_display = ("letter", "made_at", "content_hash")
    search_fields = ("letter__claim__reference",)
    list_select_related = ("letter",)
    fields = ("letter", "content_hash", "made_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterCopy]:
        """Without the bytes: a page of a hundred would be some megabytes."""
        return super().get_queryset(request).defer("content", "letter__content")


@admin.register(Attestation)
class AttestationAdmin(ClaimsAdmin):
    list_display = ("number", "claim", "revision", "record_version", "language", "made_at")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "record_version__incident")
    fields = ("number", "claim", "revision", "record_version", "language", "content_hash", "made_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attestation]:
        """Without the bytes."""
        return super().get_queryset(request).defer("content", "pdf")


@admin.register(Comparison)
class ComparisonAdmin(ClaimsAdmin):
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
class ComparisonChunkAdmin(ClaimsAdmin):
    list_display = ("comparison", "number", "state", "claims", "attempts", "done_at", "last_error")
    list_filter = ("state",)
    list_select_related = ("comparison",)
    fields = ("comparison", "number", "first_claim_id", "last_claim_id", "state", "claims", "attempts", "last_error", "done_at")


@admin.register(ComparisonDifference)
class ComparisonDifferenceAdmin(ClaimsAdmin):
    list_display = ("comparison", "claim", "policy", "rule", "said_before", "said_after")
    allowed_lookups = ("policy",)
    search_fields = ("claim__reference",)
    list_select_related = ("comparison", "claim")

    @admin.display(description=head("before"), ordering="before")
    def said_before(self, difference: ComparisonDifference) -> str:
        return said_amount(difference.before, difference.unit)

    @admin.display(description=head("after"), ordering="after")
    def said_after(self, difference: ComparisonDifference) -> str:
        return said_amount(difference.after, difference.unit)
