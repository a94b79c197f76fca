"""Partners' files of usage and how far they are, in the Django admin, read-only: the bar moves by itself. What is in them, and
of whom, is shown to nobody.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts.models import Role
from claims.admin.choice_words import head, worded
from claims.admin.import_words import WORDS, say
from claims.admin.queue_page import CSS
from claims.admin.staff import ClaimsAdmin
from claims.models import CASE_VIEWERS, ENDED, ImportPart, ImportPartState, UsageImport
from claims.operations import ImportProgress, import_errors, progress_of_import, rows_read
from services import clock
from services.seoul import shown
from services.words import said_length

SHOWN = 20  # of the rows that were refused
VIEWERS = (Role.MANAGER, *CASE_VIEWERS)


@admin.register(UsageImport)
class UsageImportAdmin(ClaimsAdmin):
    list_display = ("id", "partner", "format", "mode", "dry_run", "state", "rows", "read", "stored", "refused", "sent_at")
    list_filter = ("state", "mode", "partner")
    list_select_related = ("partner",)
    seen_by = VIEWERS

    class Media:
        css: ClassVar = {"all": CSS}
        js: ClassVar = ["claims/preview.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        done = Sum("parts__rows", filter=Q(parts__state=ImportPartState.DONE))
        rows: QuerySet[Any] = super().get_queryset(request).defer("tail").annotate(done_rows=done)
        return rows

    @admin.display(description=head("read"))
    def read(self, one: Any) -> int:
        return rows_read(one, one.done_rows)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.import_page))
        return [path("<int:import_id>/change/", view, name="claims_usageimport_change"), *super().get_urls()]

    def import_page(self, request: HttpRequest, import_id: int) -> HttpResponse:
        one = get_object_or_404(UsageImport.objects.select_related("partner").defer("tail"), pk=import_id)
        progress = progress_of_import(one)
        failed = one.parts.filter(state=ImportPartState.FAILED).defer("content", "errors").order_by("number")
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media,
            "title": f"{say('title')} {one.pk}",
            "words": {key: say(key) for key in WORDS}, "one": one, "progress": progress, "state": worded("state", one.state),
            "how": [worded(name, getattr(one, name)) for name in ("format", "encoding", "mode")],
            "going": one.state not in ENDED, "rows": _rows(one, progress, clock.now()),
            "errors": list(islice(import_errors(one.pk), SHOWN)), "more": say("first_errors").format(SHOWN), "parts": failed,
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/import/import.html", context)


def _rows(one: UsageImport, progress: ImportProgress, now: datetime) -> list[tuple[str, str]]:
    """What is said and how much; empty where nobody can say."""
    said = {
        "phase": worded("phase", progress.phase) if progress.phase else "",
        "attempts": f"{progress.attempts}" if progress.attempts > 1 else "",
        "came": f"{one.sent_bytes:,}", ("would" if one.dry_run else "stored"): f"{progress.stored:,}",
        "repeated": f"{progress.repeated:,}", "refused": f"{progress.refused:,}",
        "failed": f"{progress.failed:,}" if progress.failed else "", "begun": shown(one.begun_at), "sent": shown(one.sent_at),
        "finished": shown(one.finished_at), "took": said_length((one.finished_at or now) - (one.sent_at or one.begun_at)),
    }  # fmt: skip
    return [(say(key), value) for key, value in said.items() if value]


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
    seen_by = VIEWERS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content", "errors", "usage_import__tail")
