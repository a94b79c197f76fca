"""What `manage.py check` says about settings that must not go together."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_allowed_networks(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if settings.DEBUG or not settings.FETCH_ALLOWED_NETWORKS:
        return []
    return [
        Error(
            "FETCH_ALLOWED_NETWORKS lets URLs that people typed in reach networks that are not public.",
            hint="It is for development. Unset it, or set DEBUG=1 on a machine of your own.",
            id="services.E001",
        )
    ]
