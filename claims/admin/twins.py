"""Hints that claims may be one, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.choice_words import head, worded
from claims.admin.staff import ClaimsAdmin
from claims.models import ClaimKey, Pattern, Twin, TwinDue
from services.seoul import shown


@admin.register(Twin)
class TwinAdmin(ClaimsAdmin):
    list_display = ("claim", "other", "score", "why", "state", "found", "dismissed_by")
    list_filter = ("state", "incident")
    search_fields = ("claim__reference", "other__reference")
    list_select_related = ("claim", "other", "dismissed_by")

    @admin.display(description=head("why"))
    def why(self, twin: Twin) -> str:
        return ", ".join(worded("twin_reason", reason) for reason in twin.reasons)

    @admin.display(description=head("found"), ordering="found_at")
    def found(self, twin: Twin) -> str:
        return shown(twin.found_at)


@admin.register(Pattern)
class PatternAdmin(ClaimsAdmin):
    list_display = ("kind", "claims", "incident", "counted")
    list_filter = ("kind", "incident")
    list_select_related = ("incident",)

    @admin.display(description=head("counted"), ordering="counted_at")
    def counted(self, pattern: Pattern) -> str:
        return shown(pattern.counted_at)


@admin.register(ClaimKey)
class ClaimKeyAdmin(ClaimsAdmin):
    list_display = ("claim", "kind", "incident")
    list_filter = ("kind",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "incident")


@admin.register(TwinDue)
class TwinDueAdmin(ClaimsAdmin):
    list_display = ("claim", "incident", "attempts", "last_error", "created_at")
    list_select_related = ("claim", "incident")
