"""What is to be sorted and what staff entered for people, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.models import ClaimEntry, SortDue
from services.seoul import shown


@admin.register(ClaimEntry)
class ClaimEntryAdmin(ClaimsAdmin):
    list_display = ("claim", "channel", "received", "revision")
    list_filter = ("channel",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim",)

    @admin.display(description=head("received_at"), ordering="received_at")
    def received(self, entry: ClaimEntry) -> str:
        return shown(entry.received_at)


@admin.register(SortDue)
class SortDueAdmin(ClaimsAdmin):
    list_display = ("claim", "attempts", "last_error", "created_at")
    list_select_related = ("claim",)
