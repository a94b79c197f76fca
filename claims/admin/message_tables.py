"""What is to be sorted, in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.staff import ClaimsAdmin
from claims.models import SortDue


@admin.register(SortDue)
class SortDueAdmin(ClaimsAdmin):
    list_display = ("claim", "attempts", "last_error", "created_at")
    list_select_related = ("claim",)
