"""Drafts of the record in the admin: collect changes, see who gains and loses, let a second person publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language

from claims.admin.choice_words import head
from claims.admin.previews import shown_preview
from claims.admin.record_forms import (
    AsOfForm,
    ExtentForm,
    FindingForm,
    GoverningForm,
    OpenForm,
    WindowForm,
    initial_of,
)
from claims.admin.record_rows import row_of, said_change, said_extent, said_finding, severity_of
from claims.admin.record_words import WORDS, say
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.models import ComparisonState
from claims.operations import preview_record_draft, publish_previewed_record, record_draft_preview
from services import clock
from services.admin_pages import add_link, told, told_of
from services.changes import Beside, changes_beside, changes_between
from services.contents import DraftContent, content_of_draft, content_of_version
from services.models import DraftState, RecordDraft, Service, WindowProposal
from services.operations import (
    confirm_proposals,
    correct_proposal,
    discard_record_draft,
    know_until,
    list_extent,
    list_finding,
    list_windows,
    listed_before,
    name_governing,
    open_record_draft,
    rebase_record_draft,
    reject_proposals,
    service_of,
    unlist,
    writers_of_record,
)
from services.proposals import open_proposals, services_of, shown_codes
from services.queries import record_in_force
from services.refusals import Refusal
from services.seoul import shown, shown_span
from services.staff import PUBLISHERS, WRITERS
from services.words import said_beside


@admin.register(RecordDraft)
class RecordDraftAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()
    list_display = ("title", "incident", "state", "base", "opened_by", "opened")
    list_filter = ("state", "incident")
    search_fields = ("title", "incident__key", "incident__title_ko")
    list_select_related = ("incident", "base__incident", "opened_by")
    change_list_template = "admin/services/addable_list.html"

    class Media:
        css: ClassVar = {"all": ["claims/draft.css", "claims/record_draft.css"]}
        js = ("claims/record_draft.js", "claims/preview.js")

    @admin.display(description=head("opened"), ordering="opened_at")
    def opened(self, draft: RecordDraft) -> str:
        return shown(draft.opened_at)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("add/", self.admin_site.admin_view(self.new_page), name="services_recorddraft_add"),
            path("<int:draft_id>/change/", self.admin_site.admin_view(self.draft_page), name="services_recorddraft_change"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **add_link(request, say("add"))})

    def new_page(self, request: HttpRequest) -> HttpResponse:
        """For those who may write one."""
        user = staff_of(request)
        if not user.holds(*WRITERS):
            raise PermissionDenied
        form = OpenForm(request.POST or None, initial={"incident": request.GET.get("incident")})
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                with transaction.atomic(durable=True):
                    draft = open_record_draft(
                        incident=said["incident"].key, title=said["title"], opened_by=user, now=clock.now()
                    )
            except Refusal as refusal:
                form.add_error(None, told(refusal))
            else:
                messages.success(request, say("opened"))
                return _to(draft)
        return self._page(request, "new", {"form": form, "title": say("add")})

    def draft_page(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """Everything about one draft; each button is one operation."""
        draft = RecordDraft.objects.select_related("incident", "base").filter(pk=draft_id).first()
        if draft is None:
            raise Http404
        if request.method == "POST" and not staff_of(request).holds(*WRITERS):
            raise PermissionDenied
        content = content_of_draft(draft)
        forms_ = _forms(request, draft, content)
        if request.method == "POST":
            answer = self._act(request, draft, forms_)
            if answer is not None:
                return answer
        return self._page(request, "draft", self._context(request, draft, content, forms_))

    def _act(self, request: HttpRequest, draft: RecordDraft, forms_: dict[str, forms.Form]) -> HttpResponse | None:
        """Do what the button says; None to show the page again, with what is wrong."""
        act = request.POST.get("act", "")
        form = forms_.get(act)
        if act not in ACTIONS or (form is not None and not form.is_valid()):
            return None
        by = {"draft_id": draft.pk, "read": number_of(request.POST.get("read")), "now": clock.now()}
        try:
            with transaction.atomic(durable=True):
                said = ACTIONS[act](request, form, by)
        except Refusal as refusal:
            messages.error(request, told_of(form, refusal, told(refusal)))
            return None
        messages.success(request, said)
        return _to(draft)

    def _context(
        self, request: HttpRequest, draft: RecordDraft, content: DraftContent, forms_: dict[str, forms.Form]
    ) -> dict[str, Any]:
        user = staff_of(request)
        is_open = draft.state == DraftState.OPEN
        newest = record_in_force(draft.incident)
        number = newest.number if newest else 0
        writes, publishes = user.holds(*WRITERS), user.holds(*PUBLISHERS)
        wrote = user.pk in writers_of_record(draft)
        before = list(content.base.windows.select_related("service", "source", "notice")) if content.base else []
        preview = _preview(draft)
        return {
            "title": draft.title, "draft": draft, "content": content, "forms": forms_, "is_open": is_open,
            "may_write": is_open and writes, "wrote": wrote, "after": number,
            "moved_on": is_open and number != content.base_number,
            "proposal": request.POST.get("proposal") or request.GET.get("proposal", ""),
            "may_publish": is_open and publishes and not wrote, "preview": preview,
            "ready": bool(preview and preview["current"]) and number == content.base_number,
            "differences": [_difference(change) for change in changes_between(before, list(content.windows.values()))],
            "others": _others(content),
            "windows": [row_of(window) for window in content.windows.values()], "as_of": shown(content.as_of),
            "proposals": _proposals(draft) if is_open else [],
            "extents": [(extent.pk, said_extent(extent)) for extent in content.extents.values()],
            "findings": [(finding.pk, said_finding(finding)) for finding in content.findings.values()],
            "history": [(change, shown(change.written_at), said_change(change)) for change in _history(draft)],
        }  # fmt: skip

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        words = {key: say(key) for key in WORDS}
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "words": words, **context}
        return TemplateResponse(request, f"admin/services/recorddraft/{name}.html", whole)


# --- what a button does: one operation each ----------------------------------------------------------

By = dict[str, Any]


def _list_window(request: HttpRequest, form: Any, by: By) -> str:
    reason, instead_of, user = form.cleaned_data["reason"], form.cleaned_data["instead_of"], staff_of(request)
    proposal = number_of(request.POST.get("proposal"))
    if proposal:
        correct_proposal(proposal_id=proposal, said=form.said, instead_of=instead_of, reason=reason, answered_by=user, **by)
    else:
        list_windows(said=[form.said], instead_of=[instead_of], reason=reason, written_by=user, **by)
    return say("done")


def _list_extent(request: HttpRequest, form: Any, by: By) -> str:
    values = {**form.cleaned_data, "source": form.cleaned_data["source"].code}
    list_extent(**values, written_by=staff_of(request), **by)
    return say("done")


def _list_finding(request: HttpRequest, form: Any, by: By) -> str:
    list_finding(said=form.said, reason=form.cleaned_data["reason"], written_by=staff_of(request), **by)
    return say("done")


def _know_until(request: HttpRequest, form: Any, by: By) -> str:
    know_until(**form.cleaned_data, written_by=staff_of(request), **by)
    return say("done")


def _name_governing(request: HttpRequest, form: Any, by: By) -> str:
    source = form.cleaned_data["source"]
    code = None if source is None else source.code
    name_governing(source=code, reason=form.cleaned_data["reason"], written_by=staff_of(request), **by)
    return say("done")


def _unlist(request: HttpRequest, form: Any, by: By) -> str:
    chosen: dict[str, Any] = {f"{name}s": _numbers(request, name) for name in ("window", "extent", "finding")}
    unlist(**chosen, reason=request.POST.get("reason", ""), written_by=staff_of(request), **by)
    return say("done")


def _confirm(request: HttpRequest, form: Any, by: By) -> str:
    ids = _numbers(request, "proposal")
    confirm_proposals(proposal_ids=ids, reason=request.POST.get("reason", ""), answered_by=staff_of(request), **by)
    return say("done")


def _reject(request: HttpRequest, form: Any, by: By) -> str:
    reason = request.POST.get("reason", "")
    reject_proposals(proposal_ids=_numbers(request, "proposal"), reason=reason, answered_by=staff_of(request), now=by["now"])
    return say("done")


def _rebase(request: HttpRequest, form: Any, by: By) -> str:
    rebase_record_draft(reason=request.POST.get("reason") or say("moved"), written_by=staff_of(request), **by)
    return say("done")


def _begin_preview(request: HttpRequest, form: Any, by: By) -> str:
    preview_record_draft(begun_by=staff_of(request), **by)
    return say("began")


def _publish(request: HttpRequest, form: Any, by: By) -> str:
    version = publish_previewed_record(after=number_of(request.POST.get("after")), published_by=staff_of(request), **by)
    return f"{say('published')}: {version}"


def _discard(request: HttpRequest, form: Any, by: By) -> str:
    discard_record_draft(discarded_by=staff_of(request), **by)
    return say("done")


ACTIONS: dict[str, Callable[[HttpRequest, Any, By], str]] = {
    "window": _list_window, "extent": _list_extent, "finding": _list_finding, "as_of": _know_until,
    "governing": _name_governing, "unlist": _unlist, "confirm": _confirm, "reject": _reject, "rebase": _rebase,
    "preview": _begin_preview, "publish": _publish, "discard": _discard,
}  # fmt: skip


def _forms(request: HttpRequest, draft: RecordDraft, content: DraftContent) -> dict[str, forms.Form]:
    """Those of the page; the one whose button was pressed with what was sent."""
    act = request.POST.get("act")

    def data(name: str) -> Any:
        return request.POST if act == name else None

    about: dict[str, Any] = {"incident": draft.incident}
    listed = list(content.windows.values())
    initial = _initial_window(request, draft, content)
    return {
        "window": WindowForm(data("window"), **about, listed=listed, initial=initial),
        "extent": ExtentForm(data("extent"), auto_id="extent_%s"),
        "finding": FindingForm(data("finding"), **about, auto_id="finding_%s"),
        "as_of": AsOfForm(data("as_of"), initial={"as_of": content.as_of}, auto_id="as_of_%s"),
        "governing": GoverningForm(
            data("governing"), initial={"source": content.governing.code if content.governing else None}, auto_id="governing_%s"
        ),
    }


def _initial_window(request: HttpRequest, draft: RecordDraft, content: DraftContent) -> dict[str, Any]:
    """`?window=` or `?proposal=` in the address: what the form begins with."""
    window = content.windows.get(number_of(request.GET.get("window")))
    if window is not None:
        return initial_of(window)
    proposal = WindowProposal.objects.filter(pk=number_of(request.GET.get("proposal"))).select_related("notice", "item").first()
    if proposal is None:
        return {}
    service = service_of(proposal)
    names = ("severity", "scope", "start_at", "start_approx", "end_at", "end_approx", "inferred", "closing_rule", "planned",
             "announced_at")  # fmt: skip
    values = {name: getattr(proposal, name) for name in names}
    try:
        instead_of = listed_before(proposal, draft, content)
    except Refusal:  # said when it is sent
        instead_of = None
    known = {"service": None if service is None else service.code, "notice": proposal.notice.key, "instead_of": instead_of}
    return {**values, **known}


# --- what the page shows ---------------------------------------------------------------------------


def _history(draft: RecordDraft) -> Any:
    """The last hundred changes, newest first."""
    changes = draft.changes.select_related(
        "written_by", "window__service", "window__source", "instead_of__service", "instead_of__source", "extent__source",
        "finding__notice__source", "governing", "base__incident",
    )  # fmt: skip
    return changes.order_by("-number")[:100]


def _preview(draft: RecordDraft) -> dict[str, Any] | None:
    comparison = draft.comparisons.exclude(state=ComparisonState.SUPERSEDED).order_by("-pk").first()
    if comparison is None:
        return None
    done = comparison.state == ComparisonState.DONE
    return shown_preview(comparison, current=done and record_draft_preview(draft, now=clock.now()) == comparison)


def _difference(change: Any) -> dict[str, Any]:
    words = {"added": "added", "removed": "removed", "moved": "movedwindow", "restated": "restated"}
    return {
        "kind": change.kind, "what": say(words[change.kind]), "service": change.window.service,
        "before": row_of(change.before) if change.before else None, "after": row_of(change.after) if change.after else None,
    }  # fmt: skip


def _others(content: DraftContent) -> list[tuple[str, str, str]]:
    """What changes beside windows: (what, before, after)."""
    base = None if content.base is None else content_of_version(content.base)
    before = Beside(base.as_of, base.governing, base.extents, base.findings) if base else Beside()
    extents, findings = list(content.extents.values()), list(content.findings.values())
    after = Beside(content.as_of, content.governing, extents, findings)
    return [said_beside(change) for change in changes_beside(before, after)]


def _proposals(draft: RecordDraft) -> list[dict[str, Any]]:
    """Those that wait, in as many queries however many they are."""
    waiting = list(open_proposals(draft.incident))
    services = services_of(waiting)
    return [_proposal(proposal, services[proposal.pk]) for proposal in waiting]


def _proposal(proposal: WindowProposal, service: Service | None) -> dict[str, Any]:
    language = get_language() or "ko"
    span = "-"
    if proposal.start_at is not None:
        span = shown_span(
            proposal.start_at, proposal.end_at, start_approx=proposal.start_approx, end_approx=proposal.end_approx
        )
    return {
        "proposal": proposal, "service": service, "span": span, "severity": severity_of(proposal),
        "questions": shown_codes(proposal.questions, language), "remarks": shown_codes(proposal.remarks, language),
        "published": shown(proposal.notice.published_at, approx=proposal.notice.published_approx),
    }  # fmt: skip


def _to(draft: RecordDraft) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:services_recorddraft_change", args=[draft.pk]))


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [number_of(text) for text in request.POST.getlist(name)]
