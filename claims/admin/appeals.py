"""Appeals and what they point at, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.models import Appeal, AppealPoint
from services.seoul import shown


@admin.register(Appeal)
class AppealAdmin(ClaimsAdmin):
    list_display = ("claim", "kind", "state", "due_date", "channel", "opened", "decided_by")
    list_filter = ("state", "kind", "channel")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "decided_by")

    @admin.display(description=head("opened"), ordering="opened_at")
    def opened(self, appeal: Appeal) -> str:
        return shown(appeal.opened_at)


@admin.register(AppealPoint)
class AppealPointAdmin(ClaimsAdmin):
    list_display = ("appeal", "kind", "fact", "policy", "rule", "position", "service")
    list_filter = ("kind",)
    search_fields = ("appeal__claim__reference",)
    list_select_related = ("appeal", "service")
