"""Read-only admin pages: staff look, operations write."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """No adding, changing or deleting, for anybody (so no mass actions either); every member of staff may look.

    `allowed_lookups` are the only ways a hand-written address can filter the list, beside
    the filters shown: otherwise columns that are not shown could be probed value by value.
    """

    allowed_lookups: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        if lookup in self.allowed_lookups:
            return True
        return any(lookup == shown or lookup.startswith(f"{shown}__") for shown in self._filters())

    def _filters(self) -> list[Any]:
        return [shown[0] if isinstance(shown, tuple) else shown for shown in self.list_filter]
