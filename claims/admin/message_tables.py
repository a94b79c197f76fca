"""Templates of answers and what is to be sorted, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.models import ReplyTemplate, ReplyVersion, SortDue
from services.seoul import shown


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ClaimsAdmin):
    list_display = ("code",)
    search_fields = ("code",)


@admin.register(ReplyVersion)
class ReplyVersionAdmin(ClaimsAdmin):
    list_display = ("template", "number", "kinds", "title_ko", "title_en", "published_by", "published")
    list_filter = ("template",)
    list_select_related = ("template", "published_by")

    @admin.display(description=head("at"), ordering="published_at")
    def published(self, version: ReplyVersion) -> str:
        return shown(version.published_at)


@admin.register(SortDue)
class SortDueAdmin(ClaimsAdmin):
    list_display = ("claim", "attempts", "last_error", "created_at")
    list_select_related = ("claim",)
