"""A limit by a command: for the first ones, and for checkers', which no checker sets."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from claims.operations import set_authority
from services.refusals import Refusal


class Command(BaseCommand):
    """Whoever can run it can do everything anyway; the log says that it was a command."""

    help = (
        "Say how much whoever holds a role may newly give alone: by one decision and in a day, both inclusive, in minor units "
        "of the currency. Until it is said it is nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=[Role.CASEWORKER, Role.CHECKER])
        parser.add_argument("currency", help="as KRW")
        parser.add_argument("per_decision", type=int)
        parser.add_argument("per_day", type=int)

    def handle(self, *args: Any, role: str, currency: str, per_decision: int, per_day: int, **options: Any) -> None:
        try:
            with transaction.atomic(durable=True):
                set_authority(
                    role=role, currency=currency, per_decision_minor=per_decision, per_day_minor=per_day, set_by=None,
                    now=timezone.now(),
                )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code})") from refusal
        self.stdout.write(f"{role}: {per_decision:,} {currency} by one decision, {per_day:,} {currency} a day")
