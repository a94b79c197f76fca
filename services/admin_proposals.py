"""What feeds have said and what staff have answered, read-only; from a proposal the way to the drafts that answer it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, Prefetch, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from services.admin_pages import ReadOnlyAdmin, WordedFilter
from services.admin_words import language, say
from services.choice_words import head, worded
from services.import_report import shown_proposal
from services.models import (
    ComponentMapping,
    DraftState,
    FeedDocument,
    FeedItem,
    ProposalAnswer,
    RecordChange,
    RecordDraft,
    WindowProposal,
)
from services.proposals import services_of, shown_codes
from services.seoul import shown

LARGE = ("content", "table")  # of a document: up to 20 MB that no page shows


@admin.register(ComponentMapping)
class ComponentMappingAdmin(ReadOnlyAdmin):
    list_display = ("feed", "component", "name", "service", "mapped_by", "mapped")
    list_filter = ("feed",)
    search_fields = ("component", "name", "service__code", "service__name_ko")
    list_select_related = ("feed", "service", "mapped_by")

    @admin.display(description=head("mapped"), ordering="mapped_at")
    def mapped(self, mapping: ComponentMapping) -> str:
        return shown(mapping.mapped_at)


@admin.register(FeedDocument)
class FeedDocumentAdmin(ReadOnlyAdmin):
    list_display = ("feed", "content_hash", "size", "has_table", "read_by", "read")
    list_filter = ("feed",)
    search_fields = ("content_hash",)
    list_select_related = ("feed", "read_by")
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        documents: QuerySet = super().get_queryset(request).annotate(bytes=Length("content"), table_bytes=Length("table"))
        return documents.defer(*LARGE).order_by("-pk")

    @admin.display(description=head("bytes"))
    def size(self, document: FeedDocument) -> int:
        return int(document.bytes)  # type: ignore[attr-defined]

    @admin.display(description=head("has_table"), boolean=True)
    def has_table(self, document: FeedDocument) -> bool:
        return document.table_bytes is not None  # type: ignore[attr-defined]

    @admin.display(description=head("read"), ordering="read_at")
    def read(self, document: FeedDocument) -> str:
        return shown(document.read_at)


@admin.register(FeedItem)
class FeedItemAdmin(ReadOnlyAdmin):
    list_display = ("feed", "foreign_id", "kind", "title", "incident", "first_read")
    list_filter = ("feed", "kind", "incident")
    search_fields = ("foreign_id", "title", "incident__key", "incident__title_ko")
    list_select_related = ("feed", "incident")

    @admin.display(description=head("first_read"), ordering="first_read_at")
    def first_read(self, item: FeedItem) -> str:
        return shown(item.first_read_at)


class _StateFilter(admin.SimpleListFilter):
    """Whether a proposal waits for an answer."""

    title = head("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("open", say("proposals")), ("answered", say("answered")), ("replaced", say("replaced"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "open":
                return queryset.filter(answer=None, replaced_by=None)
            case "answered":
                return queryset.exclude(answer=None)
            case "replaced":
                return queryset.filter(answer=None).exclude(replaced_by=None)
        return queryset


@admin.register(WindowProposal)
class WindowProposalAdmin(ReadOnlyAdmin):
    list_display = ("item", "drafts", "component_name", "mapped", "span", "asks", "state")
    list_display_links = ("item",)
    list_filter = (_StateFilter, "withdrawn", "planned", "item__feed", "item__incident")
    search_fields = ("item__foreign_id", "item__title", "item__incident__key", "component", "component_name", "service__code")
    list_select_related = ("item__feed", "item__incident", "service", "answer", "replaced_by")
    allowed_lookups = ("state",)
    exclude = ("document",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        drafts = RecordDraft.objects.filter(state=DraftState.OPEN)
        return super().get_queryset(request).prefetch_related(Prefetch("item__incident__drafts", drafts, to_attr="open_drafts"))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The services of all rows are read at once."""
        changes = super().get_changelist_instance(request)
        rows: list[Any] = list(changes.result_list)
        services = services_of(rows)
        for row in rows:
            row.mapped_service = services[row.pk]
        changes.result_list = rows
        return changes

    @admin.display(description=head("service"))
    def mapped(self, proposal: Any) -> str:
        """As proposed, or by the newest mapping of its component."""
        return "-" if proposal.mapped_service is None else str(proposal.mapped_service)

    @admin.display(description=head("span"), ordering="start_at")
    def span(self, proposal: WindowProposal) -> str:
        span = shown_proposal(proposal, language())
        return f"{say('withdrawn')}: {span}" if proposal.withdrawn else span

    @admin.display(description=head("questions"))
    def asks(self, proposal: WindowProposal) -> str:
        return " ".join(shown_codes(proposal.questions, language()))

    @admin.display(description=head("state"))
    def state(self, proposal: WindowProposal) -> str:
        answer = _related(proposal, "answer")
        if isinstance(answer, ProposalAnswer):
            return worded("verdict", answer.verdict)
        return say("open") if _related(proposal, "replaced_by") is None else say("replaced")

    @admin.display(description=head("drafts"))
    def drafts(self, proposal: WindowProposal) -> SafeString | str:
        """Where it can be answered: the open drafts of its incident, or what is missing before that."""
        if _related(proposal, "answer") or _related(proposal, "replaced_by"):
            return "-"
        incident = proposal.item.incident
        if incident is None:
            return _link(reverse("admin:services_feed_change", args=[proposal.item.feed_id]) + "#items", say("unattached"))
        links = [(_draft_address(draft), draft.title) for draft in incident.open_drafts]  # type: ignore[attr-defined]
        new = f"{reverse('admin:services_recorddraft_add')}?incident={incident.pk}"
        return format_html_join(", ", '<a href="{}">{}</a>', links or [(new, say("newdraft"))])


@admin.register(ProposalAnswer)
class ProposalAnswerAdmin(ReadOnlyAdmin):
    list_display = ("proposal", "verdict", "window", "draft", "reason", "answered_by", "answered")
    list_filter = ("verdict", "proposal__item__feed", "proposal__item__incident")
    search_fields = ("reason", "proposal__item__foreign_id", "proposal__item__title", "proposal__component_name")
    list_select_related = ("proposal__item__feed", "window__service", "window__source", "change__draft", "answered_by")

    @admin.display(description=head("draft"))
    def draft(self, answer: ProposalAnswer) -> SafeString | str:
        return "-" if answer.change is None else _link(_draft_address(answer.change.draft), answer.change.draft.title)

    @admin.display(description=head("answered"), ordering="answered_at")
    def answered(self, answer: ProposalAnswer) -> str:
        return shown(answer.answered_at)


@admin.register(RecordChange)
class RecordChangeAdmin(ReadOnlyAdmin):
    list_display = ("draft", "number", "kind", "thing", "instead_of", "reason", "written_by", "written")
    list_filter = ("kind", "draft__incident", ("draft__state", WordedFilter))
    search_fields = ("draft__title", "reason", "window__service__code", "window__service__name_ko", "finding__name")
    list_select_related: ClassVar = (
        "draft", "window__service", "window__source", "instead_of__service", "instead_of__source", "extent__incident",
        "extent__source", "finding__incident", "base__incident", "governing", "written_by",
    )  # fmt: skip

    @admin.display(description=head("thing"))
    def thing(self, change: RecordChange) -> str:
        """What it is about, whichever column has it."""
        about = change.window or change.extent or change.finding or change.base or change.governing
        return shown(change.as_of) if about is None else str(about)

    @admin.display(description=head("written"), ordering="written_at")
    def written(self, change: RecordChange) -> str:
        return shown(change.written_at)


def _related(proposal: WindowProposal, name: str) -> Model | None:
    """The row at the other side of a one-to-one relation, if there is one."""
    found: Model | None = getattr(proposal, name, None)
    return found


def _draft_address(draft: RecordDraft) -> str:
    return reverse("admin:services_recorddraft_change", args=[draft.pk])


def _link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)
