"""Claims and their assessments in the Django admin, read-only. Every page is answered by queries of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from claims.admin.amounts import said_amount, said_difference
from claims.admin.choice_words import head, say, worded
from claims.admin.staff import ClaimsAdmin, staff_of
from claims.models import (
    Assessment,
    AssessmentRun,
    CaseView,
    ChainLink,
    Claim,
    ClaimRevision,
    CompiledTerms,
    DerivationDue,
    EntitlementLine,
    Event,
    Fact,
    Letter,
    Loss,
    ReassessmentDue,
    RunChunk,
    TermsInForce,
    TermsMadeOf,
    Usage,
    ViewedPage,
    WorkerBeat,
)
from claims.operations import record_views
from claims.queries import (
    ExplanationDiffers,
    ExplanationUnavailable,
    claim_state,
    explain_claim,
    losses_of_person,
    payouts_of,
    progress_of,
)
from services.seoul import shown, shown_span


@admin.register(Claim)
class ClaimAdmin(ClaimsAdmin):
    list_display = ("reference", "incident", "origin", "filed")
    list_filter = ("origin", "incident")
    search_fields = ("reference",)
    list_select_related = ("incident",)
    fields = (
        "reference",
        "person",
        "incident",
        "origin",
        "partner",
        "filed",
        "state",
        "lost",
        "paid",
        "letters",
        "explanation",
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        letter = path("letters/<int:letter_id>/", self.admin_site.admin_view(self.letter_page), name="claims_letter_content")
        return [letter, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        claim = self.get_object(request, object_id)
        if claim is not None and self.has_view_permission(request, claim):
            _seen(request, claim, ViewedPage.CLAIM)
        return super().change_view(request, object_id, *args, **options)

    def letter_page(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """The letter as it was made, byte by byte, in a sandbox: it is a document, not a page of ours."""
        letter = get_object_or_404(Letter.objects.select_related("claim"), pk=letter_id)
        _seen(request, letter.claim, ViewedPage.LETTER)
        sandbox = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
        return HttpResponse(bytes(letter.content), content_type="text/html; charset=utf-8", headers=sandbox)

    @admin.display(description=head("filed"), ordering="filed_at")
    def filed(self, claim: Claim) -> str:
        return shown(claim.filed_at)

    @admin.display(description=head("assessment"))
    def state(self, claim: Claim) -> str:
        return claim_state(claim).sentence

    @admin.display(description=head("lost"))
    def lost(self, claim: Claim) -> str:
        rows = [
            (
                loss.service.code,
                shown_span(loss.start_at, loss.end_at),
                worded("origin", loss.origin),
                said_amount(loss.total_seconds, "s"),
            )
            for loss in losses_of_person(claim.person)
            if loss.reference == claim.reference
        ]
        return _table(("service", "period", "origin", "official"), rows)

    @admin.display(description=head("paid"))
    def paid(self, claim: Claim) -> str:
        rows = [
            (
                shown(row.created_at),
                row.policy,
                worded("kind", row.kind),
                said_difference(row.quantity, row.unit),
                said_amount(settled.after, row.unit),
            )
            for settled in payouts_of(claim)
            for row in [settled.payout]
        ]
        return _table(("at", "policy", "kind", "quantity", "owed"), rows)

    @admin.display(description=head("letters"))
    def letters(self, claim: Claim) -> str:
        made = [(reverse("admin:claims_letter_content", args=[one.pk]), shown(one.made_at)) for one in claim.letters.all()]
        return format_html_join(", ", '<a href="{}">{}</a>', made) or "-"

    @admin.display(description=head("explanation"))
    def explanation(self, claim: Claim) -> str:
        try:
            told = explain_claim(claim)
        except (ExplanationDiffers, ExplanationUnavailable) as alarm:
            return f"{alarm.code}: {alarm.message}"
        if told is None:
            return "-"
        language = "en" if (get_language() or "ko").startswith("en") else "ko"
        return format_html("<pre>{}</pre>", "\n".join(told.text(language)))


@admin.register(Loss)
class LossAdmin(ClaimsAdmin):
    list_display = ("claim", "service", "span", "kind", "origin", "via", "revision")
    list_filter = ("origin", "service")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "service", "via")

    @admin.display(description=head("period"), ordering="start_at")
    def span(self, loss: Loss) -> str:
        return shown_span(loss.start_at, loss.end_at)


@admin.register(Usage)
class UsageAdmin(ClaimsAdmin):
    list_display = ("external_id", "partner", "kind", "service", "span", "charge")
    list_filter = ("kind", "partner")
    search_fields = ("external_id",)
    list_select_related = ("partner", "service")

    @admin.display(description=head("period"), ordering="start_at")
    def span(self, usage: Usage) -> str:
        return shown_span(usage.start_at, usage.end_at)

    @admin.display(description=head("charge"), ordering="charge_minor")
    def charge(self, usage: Usage) -> str:
        return "-" if usage.charge_minor is None else said_amount(usage.charge_minor, usage.currency)


@admin.register(Fact)
class FactAdmin(ClaimsAdmin):
    list_display = ("claim", "loss", "name", "int_value", "text_value", "provenance", "revision")
    list_filter = ("name", "provenance")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "loss")


@admin.register(ClaimRevision)
class ClaimRevisionAdmin(ClaimsAdmin):
    list_display = ("claim", "number", "cause", "asks_for", "created_at", "author")
    list_filter = ("cause",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "author")


@admin.register(CompiledTerms)
class CompiledTermsAdmin(ClaimsAdmin):
    list_display = ("content_hash", "incident", "record_version", "engine_version", "created_at")
    list_filter = ("incident",)
    search_fields = ("content_hash",)
    list_select_related = ("incident", "record_version__incident")


@admin.register(TermsInForce)
class TermsInForceAdmin(ClaimsAdmin):
    list_display = ("incident", "terms", "since_at")
    list_filter = ("incident",)
    list_select_related = ("incident", "terms")


@admin.register(TermsMadeOf)
class TermsMadeOfAdmin(ClaimsAdmin):
    list_display = ("incident", "made_of")
    list_select_related = ("incident",)


@admin.register(AssessmentRun)
class AssessmentRunAdmin(ClaimsAdmin):
    list_display = ("id", "incident", "terms", "state", "progress", "planned_at", "finished_at")
    list_filter = ("state", "incident")
    list_select_related = ("incident", "terms")

    @admin.display(description=head("assessed"))
    def progress(self, run: AssessmentRun) -> str:
        done = progress_of(run)
        bar = '<progress value="{0}" max="{1}"></progress> {0} / {1}'
        return format_html(bar, done.assessed, done.total)


@admin.register(RunChunk)
class RunChunkAdmin(ClaimsAdmin):
    list_display = ("run", "number", "state", "claims", "lines", "attempts", "worker", "done_at", "last_error")
    list_filter = ("state",)
    search_fields = ("worker",)
    list_select_related = ("run",)


class LineInline(admin.TabularInline):
    model = EntitlementLine
    fields = ("position", "rule", "loss", "said_outcome", "amount", "remedy", "reasons", "counted_seconds")
    readonly_fields = fields
    can_delete = False
    extra = 0

    @admin.display(description=head("outcome"))
    def said_outcome(self, line: EntitlementLine) -> str:
        return worded("outcome", line.outcome)

    @admin.display(description=head("quantity"))
    def amount(self, line: EntitlementLine) -> str:
        return said_amount(line.quantity, line.unit)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntitlementLine]:
        return super().get_queryset(request).select_related("rule__version__policy", "loss__service")


@admin.register(Assessment)
class AssessmentAdmin(ClaimsAdmin):
    list_display = ("claim", "revision", "run", "worker", "assessed_at")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "run", "chunk")
    inlines = (LineInline,)

    @admin.display(description=head("worker"))
    def worker(self, assessment: Assessment) -> str:
        return assessment.chunk.worker


@admin.register(Event)
class EventAdmin(ClaimsAdmin):
    list_display = ("at", "kind", "claim", "actor", "data")
    list_filter = ("kind",)
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "actor")


@admin.register(CaseView)
class CaseViewAdmin(ClaimsAdmin):
    list_display = ("at", "page", "claim", "viewer")
    list_filter = ("page", "viewer")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "viewer")
    ordering = ("-id",)


@admin.register(ChainLink)
class ChainLinkAdmin(ClaimsAdmin):
    list_display = ("position", "log", "row", "hash", "linked_at")
    list_filter = ("log",)
    search_fields = ("=row",)
    ordering = ("-position",)


@admin.register(ReassessmentDue)
class ReassessmentDueAdmin(ClaimsAdmin):
    list_display = ("claim", "incident", "cause", "created_at")
    list_filter = ("cause", "incident")
    list_select_related = ("claim", "incident")


@admin.register(DerivationDue)
class DerivationDueAdmin(ClaimsAdmin):
    list_display = ("__str__", "incident", "since", "attempts", "last_error", "created_at")
    list_select_related = ("incident", "since")


@admin.register(WorkerBeat)
class WorkerBeatAdmin(ClaimsAdmin):
    list_display = ("name", "seen_at")


def _seen(request: HttpRequest, claim: Claim, page: str) -> None:
    with transaction.atomic(durable=True):
        record_views(claims=[claim], page=page, viewer=staff_of(request), now=timezone.now())


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table of texts, escaped; `heads` by their names in choice_words."""
    if not rows:
        return "-"
    head = format_html_join("", "<th>{}</th>", ((say(name),) for name in heads))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows)
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)
