"""Who asks for a page, and what all pages of claims have in common."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User
from claims.admin.choice_words import CHOICES
from services.admin_pages import ReadOnlyAdmin


class ClaimsAdmin(ReadOnlyAdmin):
    """With words for the choices of claims."""

    choice_words = CHOICES


def staff_of(request: HttpRequest) -> User:
    """A log-in of staff; anybody else is denied."""
    if not isinstance(request.user, User) or not request.user.is_staff:
        raise PermissionDenied
    return request.user
