"""What `manage.py check` says where claimants are not reached, or cannot reach anybody; and of a clock that is not theirs."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's
from django.db import ProgrammingError


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


def check_clock(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """What is real is worked on by the real clock alone. Asked of the database, by processes that begin (config/start.py)."""
    clock_moves, claims = (
        apps.get_model(*named)._default_manager for named in (("services", "ClockMove"), ("claims", "Claim"))
    )
    for database in databases or ():
        try:
            moved, claimed = clock_moves.using(database).exists(), claims.using(database).exists()
        except ProgrammingError:  # it has no tables yet
            continue
        if moved and not settings.SANDBOX:
            return [
                Error(
                    "This is the database of a sandbox: its instants come from a clock that was moved.",
                    hint="Set SANDBOX=1, or use another database.",
                    id="claims.E001",
                )
            ]
        if claimed and not moved and settings.SANDBOX:
            return [
                Error(
                    "There are claims in this database that no sandbox took: no made-up clock may work on them.",
                    hint="Unset SANDBOX, or give the sandbox a database of its own: manage.py begin_sandbox.",
                    id="claims.E002",
                )
            ]
    return []
