"""Who asks for a page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def staff_of(request: HttpRequest) -> User:
    """A log-in of staff; anybody else is denied."""
    if not isinstance(request.user, User) or not request.user.is_staff:
        raise PermissionDenied
    return request.user
