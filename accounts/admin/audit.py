"""The logs of accounts in the Django admin, read-only."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin.pages import AccountsAdmin, RoleAdmin, StaffFilter
from accounts.models import AccountEvent, DataView, Role, ViewNote


@admin.register(AccountEvent)
class AccountEventAdmin(AccountsAdmin):
    list_display = ("at", "kind", "user", "person", "partner", "actor", "data")
    list_filter = ("kind",)
    list_select_related = ("user", "person", "partner", "actor")
    ordering = ("-id",)


@admin.register(DataView)
class DataViewAdmin(AccountsAdmin):
    list_display = ("at", "viewer", "reason", "payee", "person", "searched")
    list_filter = ("reason", "payee", "searched", ("viewer", StaffFilter))
    list_select_related = ("viewer", "person")
    search_fields = ("person__public_id",)
    ordering = ("-id",)
    log_of_views = True


@admin.register(ViewNote)
class ViewNoteAdmin(RoleAdmin):
    """What somebody wrote may name the person, so it is for who audits."""

    list_display = ("view",)
    list_select_related = ("view",)
    fields = ("view", "text")
    seen_by = (Role.AUDITOR,)
    log_of_views = True
