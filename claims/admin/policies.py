"""Drafts of policies in the admin: to write, check, compare and publish."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from claims.admin.choice_words import head
from claims.admin.previews import shown_preview
from claims.admin.record_words import PREVIEW
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.models import Comparison, ComparisonState, DraftRevision, PolicyDraft, PolicyVersion
from claims.operations import (
    PackRefused,
    discard_draft,
    open_draft,
    policy_draft_previews,
    preview_policy_draft,
    publish_draft,
    revise_draft,
)
from claims.queries import Review, review_pack, writers_of
from services import clock
from services.admin_pages import add_link, told
from services.refusals import Refusal
from services.seoul import shown
from services.staff import PUBLISHERS, WRITERS

WORDS: dict[str, tuple[str, str]] = {
    "add": ("새 초안", "New draft"), "base": ("바탕이 되는 판", "Begin as"), "title": ("제목", "Title"),
    "nothing": ("빈 정책", "an empty pack"), "save": ("저장", "Save"), "check": ("검사", "Check"),
    "publish": ("게시", "Publish"), "discard": ("폐기", "Discard"),
    "problems": ("고칠 곳", "To be mended"), "remarks": ("참고", "Remarks"),
    "examples": ("예제", "Examples"), "difference": ("게시된 판과의 차이", "Difference to the published version"),
    "first": ("이 정책의 첫 판입니다.", "This is the policy's first version."), "line": ("줄", "line"),
    "same": ("게시된 판과 내용이 같습니다.", "It says the same as the published version."),
    "green": ("모든 예제가 맞습니다.", "All examples come out."), "reading": ("해석", "reading"),
    "failing": ("개 예제가 다릅니다.", "examples differ."), "revision": ("개정", "revision"), "by": ("작성", "by"),
    "own": ("작성에 참여한 사람은 게시할 수 없습니다. 다른 승인자가 게시합니다.",
            "Somebody who wrote at it cannot publish it; another checker does."),
    "reader": ("초안을 쓰려면 담당자 또는 승인자 역할이 필요합니다.",
               "To write drafts one needs the role caseworker or checker."),
    "closed": ("이 초안은 닫혔습니다.", "This draft is closed."), "pass": ("맞음", "comes out"), "fail": ("다름", "differs"),
    "text": ("정책 (YAML)", "Policy (YAML)"), "opened": ("새 초안을 열었습니다.", "The draft is open."),
    "saved": ("저장했습니다.", "Saved."), "published": ("게시했습니다", "Published"), "gone": ("폐기했습니다.", "Discarded."),
    "unsaved": ("저장하지 않은 내용이 있습니다.", "There are changes that are not saved."),
    "sure": ("게시하면 되돌릴 수 없습니다. 게시할까요?", "What is published stays published. Publish it?"),
    "surediscard": ("폐기하면 다시 열 수 없습니다. 폐기할까요?", "What is discarded is not opened again. Discard it?"),
    **PREVIEW,
}  # fmt: skip
EMPTY_PACK = """# What the scheme is, in one line.
pack: 1
code: name_of_the_scheme
scheme: own
title: {ko: 이름, en: Name}
verified: own
sources:
  terms: {text: Where it is written down}
incidents: {from: 2022-01-01}
zone: Asia/Seoul
rules:
  - code: name_of_the_rule
    title: {ko: 이름, en: Name}
    losses: {services: [kakaotalk]}
    amount: {counted: minutes}
    remedy: {instrument: cash, unit: KRW, currency: KRW}
examples:
  - name: an hour
    windows: [{service: kakaotalk, from: "2022-10-15T10:00:00+09:00", before: "2022-10-15T12:00:00+09:00"}]
    losses: [{service: kakaotalk, from: "2022-10-15T10:00:00+09:00", before: "2022-10-15T11:00:00+09:00"}]
    expect: {name_of_the_rule: 60}
"""


def say(key: str) -> str:
    return WORDS[key][(get_language() or "ko").startswith("en")]


class NewDraftForm(forms.Form):
    """Which version a draft begins as, and what it is for."""

    title = forms.CharField(max_length=200)
    base = forms.ModelChoiceField(PolicyVersion.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = PolicyVersion.objects.order_by("policy__code", "-number").distinct("policy__code").select_related("policy")
        base = self.fields["base"]
        assert isinstance(base, forms.ModelChoiceField)
        base.queryset, base.label, base.empty_label = newest, say("base"), say("nothing")
        self.fields["title"].label = say("title")


@admin.register(PolicyDraft)
class PolicyDraftAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()
    list_display = ("title", "state", "revision", "writer", "opened")
    list_filter = ("state",)
    search_fields = ("title",)
    change_list_template = "admin/services/addable_list.html"

    class Media:
        css: ClassVar = {"all": ["claims/draft.css"]}
        js = ("claims/draft.js", "claims/preview.js")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyDraft]:
        """With the number and the writer of the newest revision, whose text is left in the database."""
        newest = DraftRevision.objects.filter(draft=OuterRef("pk")).order_by("-number")
        said = {"newest": newest.values("number")[:1], "written_by": newest.values("written_by__email")[:1]}
        drafts: QuerySet[PolicyDraft] = super().get_queryset(request)
        return drafts.annotate(**{name: Subquery(of) for name, of in said.items()})

    @admin.display(description=head("revision"))
    def revision(self, draft: Any) -> int:
        return int(draft.newest)

    @admin.display(description=head("writer"))
    def writer(self, draft: Any) -> str:
        return str(draft.written_by)

    @admin.display(description=head("opened"), ordering="opened_at")
    def opened(self, draft: PolicyDraft) -> str:
        return shown(draft.opened_at)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("add/", self.admin_site.admin_view(self.new_page), name="claims_policydraft_add"),
            path("check/", self.admin_site.admin_view(require_POST(self.check_page)), name="claims_policydraft_check"),
            path("<int:draft_id>/change/", self.admin_site.admin_view(self.draft_page), name="claims_policydraft_change"),
        ]
        return own + super().get_urls()

    # --- pages ---

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **add_link(request, say("add"))})

    def new_page(self, request: HttpRequest) -> HttpResponse:
        """Choose what the draft begins as; for those who may write one."""
        if not staff_of(request).holds(*WRITERS):
            raise PermissionDenied
        form = NewDraftForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            base = form.cleaned_data["base"]
            try:
                with transaction.atomic(durable=True):
                    draft = open_draft(
                        title=form.cleaned_data["title"], pack_yaml=base.pack_yaml if base else EMPTY_PACK, base=base,
                        opened_by=staff_of(request), now=clock.now(),
                    )  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, told(refusal))
            else:
                messages.success(request, say("opened"))
                return _to(draft)
        context = {"form": form, "title": say("add"), "words": _words()}
        return self._page(request, "new", context)

    def check_page(self, request: HttpRequest) -> HttpResponse:
        """Problems, examples and difference of a text that is not saved: what the page asks for while somebody types."""
        if not staff_of(request).holds(*WRITERS):
            raise PermissionDenied
        draft = PolicyDraft.objects.select_related("base").filter(pk=number_of(request.POST.get("draft"))).first()
        review = review_pack(request.POST.get("pack_yaml", ""), base=draft.base if draft else None)
        return TemplateResponse(request, "admin/claims/policydraft/review.html", {"review": review, "words": _words()})

    def draft_page(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """Write at a draft, publish it, or discard it."""
        draft = PolicyDraft.objects.select_related("base").filter(pk=draft_id).first()
        if draft is None:
            raise Http404
        if request.method == "POST" and not staff_of(request).holds(*WRITERS):
            raise PermissionDenied
        newest = draft.revisions.order_by("-number").select_related("written_by")[0]
        text = newest.pack_yaml
        if request.method == "POST":
            text = request.POST.get("pack_yaml", "").replace("\r\n", "\n")
            try:
                answer = self._act(request, draft, text)
            except Refusal as refusal:
                if not isinstance(refusal, PackRefused):  # the page lists what is wrong with a pack
                    messages.error(request, told(refusal))
            else:
                if answer is not None:
                    return answer
        review = review_pack(text, base=draft.base)
        return self._page(request, "draft", self._draft_context(request, draft, newest, text, review))

    def _act(self, request: HttpRequest, draft: PolicyDraft, text: str) -> HttpResponse | None:
        """Do what the button says; None to show the page again."""
        user, now = staff_of(request), clock.now()
        read = number_of(request.POST.get("read"))
        with transaction.atomic(durable=True):
            if "save" in request.POST:
                revise_draft(draft_id=draft.pk, pack_yaml=text, read=read, written_by=user, now=now)
                said = say("saved")
            elif "publish" in request.POST:
                after = number_of(request.POST.get("after"))
                version = publish_draft(draft_id=draft.pk, read=read, after=after, published_by=user, now=now)
                said = f"{say('published')}: {version}"
            elif "preview" in request.POST:
                begun = preview_policy_draft(draft_id=draft.pk, read=read, begun_by=user, now=now)
                said = say("running") if begun else say("nobody")
            elif "discard" in request.POST:
                discard_draft(draft_id=draft.pk, read=read, discarded_by=user, now=now)
                said = say("gone")
            else:
                return None
        messages.success(request, said)
        return _to(draft)

    def _draft_context(
        self, request: HttpRequest, draft: PolicyDraft, newest: Any, text: str, review: Review
    ) -> dict[str, Any]:
        roles = set(staff_of(request).role_grants.values_list("role", flat=True))
        writers = writers_of(draft)
        revisions = draft.revisions.select_related("written_by").order_by("-number")[:20]
        is_open, unsaved = draft.state == "open", text != newest.pack_yaml
        may_publish = is_open and bool(roles & set(PUBLISHERS)) and staff_of(request).pk not in writers
        previews, unseen = _previews(newest) if is_open and review.green and not unsaved else ([], False)
        return {
            "previews": previews, "unseen": unseen,
            "title": draft.title, "draft": draft, "newest": newest, "text": text, "review": review, "words": _words(),
            "may_write": is_open and bool(roles & set(WRITERS)), "is_open": is_open, "unsaved": unsaved,
            "may_publish": may_publish, "is_writer": staff_of(request).pk in writers,
            "ready": may_publish and review.green and not review.says_the_same and not unsaved and not unseen,
            "after": review.newest.number if review.newest else 0,
            "shown": [(revision, shown(revision.written_at)) for revision in revisions],
        }  # fmt: skip

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"admin/claims/policydraft/{name}.html", whole)


def _previews(newest: DraftRevision) -> tuple[list[dict[str, Any]], bool]:
    """Of each incident the newest comparison of the revision; whether one is missing that must be seen first."""
    seen = {incident.pk: (incident, done) for incident, done in policy_draft_previews(newest)}
    begun = Comparison.objects.filter(revision=newest).exclude(state=ComparisonState.SUPERSEDED)
    shown_: list[dict[str, Any]] = []
    for pk, (incident, done) in seen.items():
        comparison = done or begun.filter(incident=pk).order_by("-pk").first()
        preview = None if comparison is None else shown_preview(comparison, current=done is not None)
        shown_.append({"incident": incident, "preview": preview})
    return shown_, any(done is None for _, done in seen.values())


def _words() -> dict[str, str]:
    return {key: say(key) for key in WORDS}


def _to(draft: PolicyDraft) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:claims_policydraft_change", args=[draft.pk]))
