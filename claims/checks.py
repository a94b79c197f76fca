"""What `manage.py check` says about mails that would reach nobody."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's


def check_mail_is_sent(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """A warning and no error: the pages can be tried in a container before there is a mail server."""
    if not settings.HTTPS or not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return []
    return [
        Warning(
            "Mails become files in var/mail/ and count as sent; codes and news reach nobody.",
            hint="Set EMAIL_URL to a mail server, like smtp+tls://user:password@host:587.",
            id="claims.W001",
        )
    ]
