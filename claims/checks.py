"""What `manage.py check` says where claimants are not reached, or cannot reach anybody."""

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


def check_operator_is_named(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Whom people trust with what they lost has a name and an address."""
    named = set(settings.OPERATOR).isdisjoint(settings.DEMONSTRATION)
    if not settings.HTTPS or (settings.OPERATOR_CONTACT and named):
        return []
    return [
        Warning(
            "Pages and letters do not say who runs the service and how they are reached.",
            hint="Set OPERATOR_KO, OPERATOR_EN and OPERATOR_CONTACT.",
            id="claims.W002",
        )
    ]
