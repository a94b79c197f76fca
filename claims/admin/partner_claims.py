"""What partners claimed, and what their programs were answered."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.admin.staff import ClaimsAdmin
from claims.models import KeptAnswer, PartnerClaim


@admin.register(PartnerClaim)
class PartnerClaimAdmin(ClaimsAdmin):
    list_display = fields = ("claim", "partner", "external_id", "content_hash", "claimed_at")
    list_filter = ("partner",)
    list_select_related = ("claim", "partner")
    search_fields = ("external_id__exact", "claim__reference")


@admin.register(KeptAnswer)
class KeptAnswerAdmin(ClaimsAdmin):
    list_display = fields = ("caller", "key", "status", "fingerprint", "made_at")
    search_fields = ("key__exact",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[KeptAnswer]:
        """Without the bytes: they say what was claimed, of whomever."""
        return super().get_queryset(request).defer("body", "headers")
