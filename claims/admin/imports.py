"""Partners' files of usage and how far they are, in the Django admin, read-only. What is in them is shown to nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest

from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.models import ImportPart, ImportPartState, UsageImport
from claims.operations import rows_read


@admin.register(UsageImport)
class UsageImportAdmin(ClaimsAdmin):
    list_display = ("id", "partner", "format", "mode", "dry_run", "state", "rows", "read", "stored", "refused", "sent_at")
    list_filter = ("state", "mode", "partner")
    list_select_related = ("partner",)
    exclude = ("tail",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        done = Sum("parts__rows", filter=Q(parts__state=ImportPartState.DONE))
        rows: QuerySet[Any] = super().get_queryset(request).defer("tail").annotate(done_rows=done)
        return rows

    @admin.display(description=head("read"))
    def read(self, one: Any) -> int:
        return rows_read(one, one.done_rows)


@admin.register(ImportPart)
class ImportPartAdmin(ClaimsAdmin):
    list_display = (
        "usage_import",
        "number",
        "first_line",
        "rows",
        "state",
        "stored",
        "repeated",
        "refused",
        "attempts",
        "worker",
    )
    list_filter = ("state",)
    list_select_related = ("usage_import",)
    exclude = ("content", "errors")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content", "errors", "usage_import__tail")
