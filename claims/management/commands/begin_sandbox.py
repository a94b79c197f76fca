"""The first thing in the database of a sandbox: its clock. Again: nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims.operations import begin_sandbox
from services import clock
from services.refusals import Refusal


class Command(BaseCommand):
    help = "Give a new sandbox its clock, which partners move. Needs SANDBOX=1, and a database without claims."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(durable=True):
                begin_sandbox(now=clock.real())
        except Refusal as refusal:
            raise CommandError(f"{refusal.code}: {refusal.message}") from None
