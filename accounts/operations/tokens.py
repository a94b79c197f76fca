"""Tokens of apps end at once: what was given for them, what they are renewed by, and codes for which none was given yet."""

from __future__ import annotations

from typing import Any

from oauth2_provider.models import AccessToken, Grant, RefreshToken


def end_tokens(**of: Any) -> None:
    """`of`: a user, an application or both. Whoever calls holds the user's row, by which new ones wait (accounts/oauth.py)."""
    for table in (Grant, AccessToken, RefreshToken):
        table.objects.filter(**of).delete()
