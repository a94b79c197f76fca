"""Policies as they were published: their versions, and each of them in words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from claims.admin.policy_shown import about_policy
from claims.admin.policy_words import WORDS, lazily, say
from claims.admin.queue_page import CSS
from claims.admin.staff import ClaimsAdmin, number_of
from claims.eligibility import EngineRefusal, load_pack
from claims.models import Policy, PolicyVersion
from services.language import in_english
from services.seoul import shown


@admin.register(Policy)
class PolicyAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()
    list_display = ("code", "demonstration")
    search_fields = ("code",)
    fields = ("code", "demonstration", "versions")
    readonly_fields = fields

    @admin.display(description=lazily("versions"))
    def versions(self, policy: Policy) -> str:
        rows = policy.versions.order_by("-number").values_list("pk", "number", "published_at")
        links = [(reverse("admin:claims_policyversion_change", args=[pk]), number, shown(at)) for pk, number, at in rows]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{} · {}</a>', links)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ClaimsAdmin):
    seen_by: ClassVar = ()
    list_display = ("policy", "number", "incidents_from", "incidents_before", "published_at", "published_by", "content_hash")
    list_filter = ("policy",)
    search_fields = ("policy__code",)
    list_select_related = ("policy", "published_by")

    class Media:
        css: ClassVar = {"all": CSS}

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What it gives to whom, in words; its text as it was published is folded."""
        version = get_object_or_404(PolicyVersion.objects.select_related("policy", "published_by"), pk=number_of(object_id))
        try:
            policy = about_policy(load_pack(version.pack_yaml, version.policy.code, number=version.number))
        except EngineRefusal:  # of a format that this engine no longer reads
            policy = None
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "version": version,
            "title": policy["title"] if policy else str(version), "policy": policy, "published": shown(version.published_at),
            "words": {key: say(key) for key in WORDS}, "other_language": "ko" if in_english() else "en",
            "policies": capfirst(str(self.admin_site.get_model_admin(Policy).opts.verbose_name_plural)),
        }  # fmt: skip
        return TemplateResponse(request, "admin/claims/policy/version.html", context)
