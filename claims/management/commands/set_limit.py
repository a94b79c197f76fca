"""A limit by a command: for the first ones, and for checkers', which no checker sets."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Role
from claims.operations import set_authority
from services import clock
from services.refusals import Refusal


class Command(BaseCommand):
    """Whoever can run it can do everything anyway; the log says that it was a command."""

    help = (
        "Say how much whoever holds a role may newly give, or ask back, alone: by one decision and in a day, both inclusive. "
        "Until it is said it is nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=[Role.CASEWORKER, Role.CHECKER])
        parser.add_argument("unit", help="a currency as KRW, then in minor units of it; or what else policies give, as point")
        parser.add_argument("per_decision", type=int)
        parser.add_argument("per_day", type=int)

    def handle(self, *args: Any, role: str, unit: str, per_decision: int, per_day: int, **options: Any) -> None:
        try:
            with transaction.atomic(durable=True):
                set_authority(
                    role=role, unit=unit, per_decision=per_decision, per_day=per_day, set_by=None, now=clock.now()
                )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code})") from refusal
        self.stdout.write(f"{role}: {per_decision:,} {unit} by one decision, {per_day:,} {unit} a day")
