"""Load the service tree and the outages this project ships with."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from services import clock
from services.operations import FIXTURES, Loaded, load_incident, load_service_tree
from services.refusals import Refusal


class Command(BaseCommand):
    """Running it again adds nothing. All files are loaded, or none."""

    help = "Load the service tree and the official record of the outages in services/fixtures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="outage-record/1 files; all that are shipped if none is named")
        parser.add_argument("--up-to", type=int, metavar="N", help="publish no version of an incident after number N")

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or sorted(FIXTURES.glob("kakao-*.json"))
        try:
            with transaction.atomic(durable=True):
                self._report(load_service_tree())
                for file in files:
                    self._report(load_incident(file, now=clock.now(), up_to=options["up_to"]))
        except (Refusal, OSError) as refusal:
            raise CommandError(f"{getattr(refusal, 'code', 'unreadable')}: {refusal}") from refusal

    def _report(self, loaded: Loaded) -> None:
        added = ", ".join(f"{count} {name}" for name, count in loaded.added.items() if count)
        self.stdout.write(f"{loaded.name}: {added or 'nothing new'}")
