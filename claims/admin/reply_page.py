"""Templates of answers: checkers publish versions of them; who sees claims looks at the letters they make."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.models import Role
from claims.admin.choice_words import worded
from claims.admin.queue_page import CSS
from claims.admin.reply_forms import ReplyForm, example_letters
from claims.admin.reply_words import WORDS, said_refusal, say
from claims.admin.staff import ClaimsAdmin, number_of, staff_of
from claims.models import ReplyTemplate, ReplyVersion
from claims.operations import TemplateMovedOn, publish_reply_template
from claims.queries.reply import PLACEHOLDERS
from claims.queries.reply_list import PAGE, newest_replies, newest_reply, reply_versions
from claims.sandbox import shows_letters
from services import clock
from services.language import in_english
from services.refusals import Refusal
from services.seoul import shown
from services.texts import is_text
from services.words import said_version


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ClaimsAdmin):
    class Media:
        css: ClassVar = {"all": [*CSS, "claims/reply.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(require_safe(self.list_page)), name="claims_replytemplate_changelist"),
            path("add/", view(self.edit_page), name="claims_replytemplate_add"),
            path("<int:template_id>/change/", view(require_safe(self.template_page)), name="claims_replytemplate_change"),
            path("<int:template_id>/edit/", view(self.edit_page), name="claims_replytemplate_edit"),
            *super().get_urls(),
        ]

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """By code."""
        after = request.GET.get("after", "")
        found = newest_replies(after=after if is_text(after) else "", most=PAGE + 1)
        context = {
            "title": say("templates"), "may": staff_of(request).holds(Role.CHECKER),
            "rows": [_row(one) for one in found[:PAGE]],
            "next": f"?after={found[PAGE - 1].template.code}" if len(found) > PAGE else "",
        }  # fmt: skip
        return self._page(request, "list", context)

    def template_page(self, request: HttpRequest, template_id: int) -> HttpResponse:
        """A version as the letter it makes, the newest unless the address has another, and which there are."""
        newest = _newest(template_id)
        number = number_of(request.GET.get("version")) or newest.number
        looked_at = next(iter(reply_versions(template_id, before=number + 1, most=1)), None)
        if looked_at is None or looked_at.number != number:
            raise Http404
        found = reply_versions(template_id, before=number_of(request.GET.get("before")), most=PAGE + 1)
        context = {
            "title": newest.template.code, "template": newest.template, "may": staff_of(request).holds(Role.CHECKER),
            "one": _row(looked_at), "in_use": looked_at == newest, "letters": example_letters(looked_at, now=clock.now()),
            "rows": [{**_row(one), "in_use": one == newest, "shown": one == looked_at} for one in found[:PAGE]],
            "next": f"?before={found[PAGE - 1].number}" if len(found) > PAGE else "",
        }  # fmt: skip
        return self._page(request, "template", context)

    def edit_page(self, request: HttpRequest, template_id: int | None = None) -> HttpResponse:
        """Written, previewed, published; only what was previewed is published. For checkers."""
        if not staff_of(request).holds(Role.CHECKER):
            raise PermissionDenied
        now = clock.now()
        newest = None if template_id is None else _newest(template_id)
        form = ReplyForm(request.POST if request.method == "POST" else None, newest=newest)
        read = number_of(request.POST.get("read")) if form.is_bound else newest.number if newest else 0
        previewed, refused = False, None
        if form.is_valid():
            previewed = request.POST.get("looked") == form.digest()
            if request.POST.get("act") == "publish" and previewed:
                try:
                    return _published(request, form, newest, read)
                except Refusal as refusal:
                    refused = refusal
                    _beside(form, refusal)
            elif request.POST.get("act") == "publish":
                messages.warning(request, say("look_again"))
        context = {
            "title": newest.template.code if newest else say("new"), "newest": newest, "form": form,
            "placeholders": [(f"{{{name}}}", say(f"of_{name}")) for name in PLACEHOLDERS],
            **_looked_at(form, newest, now), **_moved(newest, form, read, refused, now),
        }  # fmt: skip
        return self._page(request, "edit", context)

    @shows_letters
    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media,
            "words": {key: say(key) for key in WORDS}, **context,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/claims/reply/{name}.html", whole)


def _newest(template_id: int) -> ReplyVersion:
    newest = newest_reply(template_id)
    if newest is None:
        raise Http404
    return newest


def _published(request: HttpRequest, form: ReplyForm, newest: ReplyVersion | None, read: int) -> HttpResponse:
    said = {**form.cleaned_data, **({"code": newest.template.code} if newest else {})}
    with transaction.atomic(durable=True):
        version = publish_reply_template(**said, published_by=staff_of(request), now=clock.now(), after=read)
    if version.number == read:
        messages.info(request, say("same"))
    else:
        messages.success(request, say("published").format(version=said_version(version.number)))
    return HttpResponseRedirect(reverse("admin:claims_replytemplate_change", args=[version.template_id]))


def _beside(form: ReplyForm, refusal: Refusal) -> None:
    if isinstance(refusal, TemplateMovedOn):
        if "code" in form.fields:
            form.add_error("code", f"{say('taken')} ({refusal.code})")
        return  # of a template that is there, the page says it with the version
    form.add_error(refusal.field if refusal.field in form.fields else None, said_refusal(refusal))


def _looked_at(form: ReplyForm, newest: ReplyVersion | None, now: datetime) -> dict[str, Any]:
    """The letters of a form that says what can be published."""
    if not form.is_bound or form.errors:
        return {"letters": [], "looked": ""}
    said = {name: value for name, value in form.cleaned_data.items() if name != "code"}
    return {"letters": example_letters(ReplyVersion(**said), now=now), "looked": form.digest()}


def _moved(newest: ReplyVersion | None, form: ReplyForm, read: int, refused: Refusal | None, now: datetime) -> dict[str, Any]:
    """What was published since somebody began to write, to be looked at; from then on that is what he has read."""
    if newest is None:
        code = form.data["code"].strip() if isinstance(refused, TemplateMovedOn) else ""
        return {"read": 0, "taken": ReplyTemplate.objects.filter(code=code).first() if code else None}
    now_newest = _newest(newest.template_id) if refused else newest
    if read == now_newest.number:
        return {"read": read}
    told = say("moved_on").format(version=said_version(now_newest.number))
    return {"read": now_newest.number, "moved_on": told, "published": example_letters(now_newest, now=now)}


def _row(version: ReplyVersion) -> dict[str, Any]:
    return {
        "template": version.template, "number": version.number, "version": said_version(version.number),
        "kinds": ", ".join(worded("kind", kind) for kind in version.kinds),
        "title": version.title_en if in_english() else version.title_ko, "at": shown(version.published_at),
        "by": version.published_by,
    }  # fmt: skip
