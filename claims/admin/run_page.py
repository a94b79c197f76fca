"""A run of assessments: how far it has come and how fast, which chunks failed; the bar moves by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from claims.admin.choice_words import worded
from claims.admin.queue_page import CSS
from claims.admin.run_words import WORDS, say
from claims.admin.staff import ClaimsAdmin
from claims.models import AssessmentRun, RunChunk, RunState
from claims.queries import RunReport, report_of
from services import clock
from services.seoul import shown
from services.words import said_length


@admin.register(AssessmentRun)
class AssessmentRunAdmin(ClaimsAdmin):
    list_display = ("id", "incident", "terms", "state", "total", "planned_at", "finished_at")
    list_filter = ("state", "incident")
    list_select_related = ("incident", "terms")

    class Media:
        css: ClassVar = {"all": CSS}
        js: ClassVar = ["claims/preview.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.run_page))
        return [path("<int:run_id>/change/", view, name="claims_assessmentrun_change"), *super().get_urls()]

    def run_page(self, request: HttpRequest, run_id: int) -> HttpResponse:
        run = get_object_or_404(AssessmentRun.objects.select_related("incident", "terms__record_version"), pk=run_id)
        report = report_of(run)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media,
            "title": f"{say('title')} {run.pk}", "words": {key: say(key) for key in WORDS}, "run": run, "report": report,
            "state": worded("state", run.state), "going": run.state == RunState.OPEN,
            "rows": _rows(run, report, clock.now()), "troubled": [_troubled(chunk) for chunk in report.troubled],
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/run/run.html", context)


def _rows(run: AssessmentRun, report: RunReport, now: datetime) -> list[tuple[str, str]]:
    """What is said and how much; empty where nobody can say."""
    took = (run.finished_at or now) - run.planned_at
    chunks = ", ".join(f"{worded('state', state)} {count:,}" for state, count in sorted(report.chunks.items()))
    said = {
        "assessed": f"{report.progress.assessed:,}", "quarantined": f"{report.progress.quarantined:,}",
        "lines": f"{report.lines:,}", "chunks": chunks or "-",
        "pace": "" if report.pace is None else f"{report.pace:,.0f}",
        "planned": shown(run.planned_at), "last": shown(report.last_at), "finished": shown(run.finished_at),
        "took": said_length(took), "left": "" if report.left is None else said_length(report.left),
    }  # fmt: skip
    return [(say(key), value) for key, value in said.items() if value]


def _troubled(chunk: RunChunk) -> dict[str, Any]:
    one = chunk.first_claim_id == chunk.last_claim_id
    return {
        "number": chunk.number, "state": worded("state", chunk.state), "attempts": chunk.attempts, "worker": chunk.worker,
        "claims": f"{chunk.first_claim_id}" if one else f"{chunk.first_claim_id} - {chunk.last_claim_id}",
        "claim": chunk.first_claim_id if one else None, "error": chunk.last_error,
    }  # fmt: skip
