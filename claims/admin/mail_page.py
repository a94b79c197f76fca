"""Mails to claimants: what was sent, what waits and what failed; a failed one is sent again when what was wrong is mended."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.masking import masked_email
from claims.admin.choice_words import head, worded
from claims.admin.queue_page import CSS
from claims.admin.staff import ClaimsAdmin, staff_of
from claims.models import AccessCode, Mail, MailContent, MailState, News
from claims.operations import MailNotFailed, send_mail_again
from claims.operations.decisions import DECIDERS
from claims.operations.mail import HIDDEN
from services import clock
from services.admin_pages import may_send
from services.language import in_english
from services.seoul import shown

WORDS: dict[str, tuple[str, str]] = {
    "title": ("메일", "Mail"), "to": ("받는 곳", "To"), "kind": ("종류", "Kind"), "state": ("상태", "State"),
    "made": ("쓴 때", "Written"), "next": ("다음에 보낼 때", "Tried next"), "sent": ("보낸 때", "Sent"),
    "attempts": ("실패한 횟수", "Failed attempts"), "error": ("마지막 오류", "Last error"),
    "about": ("알린 것", "What it tells"),
    "again": ("다시 보내기", "Send it again"), "done": ("다시 보냅니다.", "It is sent again."),
    "erased": ("지워짐", "erased"),
    "reader": ("다시 보내는 것은 담당자와 승인자가 합니다.", "Caseworkers and checkers send it again."),
    "no_code": ("확인 번호는 다시 보내지 않습니다. 요청한 사람이 새로 받습니다.",
                "A code is not sent again: whoever asked for it asks for another."),
    "mail_not_failed": ("실패한 메일이 아닙니다.", "This mail has not failed."),
}  # fmt: skip


def say(key: str) -> str:
    return WORDS[key][in_english()]


@admin.register(Mail)
class MailAdmin(ClaimsAdmin):
    list_display = ("number", "kind", "state", "attempts", "made", "sent")
    list_filter = ("state", "kind")
    search_fields = ("number",)
    claims_by = ("news__claim", "access_code__claim")

    class Media:
        css: ClassVar = {"all": CSS}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.mail_page)
        return [path("<int:mail_id>/change/", view, name="claims_mail_change"), *super().get_urls()]

    @admin.display(description=head("made"), ordering="made_at")
    def made(self, mail: Mail) -> str:
        return shown(mail.made_at)

    @admin.display(description=head("gone"), ordering="sent_at")
    def sent(self, mail: Mail) -> str:
        return shown(mail.sent_at)

    def mail_page(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        mail = get_object_or_404(Mail, pk=mail_id)
        may = may_send(request, *DECIDERS)
        kept = MailContent.objects.filter(pk=mail.pk).first()
        code = kept is not None and HIDDEN in kept.text
        if request.method == "POST":
            try:
                with transaction.atomic(durable=True):
                    send_mail_again(mail_id=mail.pk, by=staff_of(request), now=clock.now())
                messages.success(request, say("done"))
            except MailNotFailed as refusal:
                messages.error(request, say("no_code" if code else refusal.code))
            return HttpResponseRedirect(reverse("admin:claims_mail_change", args=[mail.pk]))
        self.log_rows(request, [mail], listed=False)
        told = News.objects.filter(mail=mail).select_related("claim").order_by("pk")
        rows = [
            ("to", say("erased") if kept is None else masked_email(kept.address)), ("kind", worded("kind", mail.kind)),
            ("state", worded("state", mail.state)), ("made", shown(mail.made_at)), ("sent", shown(mail.sent_at)),
            ("next", shown(mail.next_at) if mail.state == MailState.WAITING else ""),
            ("attempts", str(mail.attempts) if mail.attempts else ""), ("error", mail.last_error),
        ]  # fmt: skip
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media,
            "title": f"{say('title')} {mail.number}", "words": {key: say(key) for key in WORDS}, "mail": mail,
            "rows": [(say(key), value) for key, value in rows if value],
            "told": [(one.claim, worded("kind", one.kind)) for one in told],
            "failed": mail.state == MailState.FAILED, "code": code, "may": may,
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/mail/mail.html", context)


@admin.register(News)
class NewsAdmin(ClaimsAdmin):
    list_display = ("claim", "kind", "state", "made_at", "due_at", "mail", "attempts", "last_error")
    list_filter = ("state", "kind")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "mail")


@admin.register(AccessCode)
class AccessCodeAdmin(ClaimsAdmin):
    """Without the codes, in whatever form."""

    list_display = ("asked_at", "claim", "mail", "tries", "used_at")
    search_fields = ("claim__reference",)
    list_select_related = ("claim", "mail")
    fields = ("claim", "asked_at", "expires_at", "mail", "tries", "used_at")
