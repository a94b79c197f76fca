"""Webhooks of partners in the Django admin, read-only. Managers see how endpoints are doing, and nothing of claims."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import admin

from accounts.models import Role
from claims.admin.choice_words import head
from claims.admin.staff import ClaimsAdmin
from claims.models import CASE_VIEWERS, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ClaimsAdmin):
    """Of the URL only its host: what comes after it may be as good as a password."""

    list_display = ("partner", "host", "state", "stopped_for", "failures", "last_failure", "paused_until", "served_at")
    list_filter = ("state", "stopped_for", "partner")
    list_select_related = ("partner",)
    exclude = ("url", "taken_until", "turn")
    readonly_fields = ("host",)
    seen_by = (Role.MANAGER, *CASE_VIEWERS)

    @admin.display(description=head("host"))
    def host(self, endpoint: WebhookEndpoint) -> str:
        return urlsplit(endpoint.url).netloc


@admin.register(WebhookEvent)
class WebhookEventAdmin(ClaimsAdmin):
    list_display = ("partner", "claim", "number", "kind", "made_at")
    list_filter = ("kind", "partner")
    list_select_related = ("partner", "claim")
    search_fields = ("claim__reference",)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ClaimsAdmin):
    list_display = ("event", "endpoint", "state", "attempts", "due_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("event", "endpoint")


@admin.register(WebhookAttempt)
class WebhookAttemptAdmin(ClaimsAdmin):
    list_display = ("delivery", "at", "status", "failure", "milliseconds")
    list_select_related = ("delivery",)
