"""Texts that people agree to, and what they said; both read-only. Texts are published by a command."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin.pages import AccountsAdmin
from accounts.models import Consent, ConsentText


@admin.register(ConsentText)
class ConsentTextAdmin(AccountsAdmin):
    list_display = ("code", "number", "required", "title_ko", "published_at")
    list_filter = ("required",)


@admin.register(Consent)
class ConsentAdmin(AccountsAdmin):
    list_display = ("person", "text", "given", "channel", "said_at")
    list_filter = ("given",)
    search_fields = ("person__public_id",)
    list_select_related = ("person", "text")
