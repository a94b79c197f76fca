"""Whether anything was changed or taken away since it was logged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from claims.chain import anchors_of, faults_of
from claims.operations.locks import see_one_instant
from claims.queries import links_of_chain, unlinked_rows
from services import clock

LATE = timedelta(hours=1)  # an event is linked within seconds of its commit


class Command(BaseCommand):
    """Each fault is one line; the last line is the head, to be noted outside and given as --anchor later."""

    help = "Check the chain over all logs: name what was changed, is gone or was never linked. Exit code 1 if any is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", action="append", default=[], metavar="POSITION:HASH", help="a head noted before")
        parser.add_argument("--export", type=Path, metavar="FILE", help="write the log for claims/chain.py to check anywhere")

    def handle(self, *args: Any, anchor: list[str], export: Path | None, **options: Any) -> None:
        try:
            anchors = anchors_of(anchor)
        except ValueError as error:
            raise CommandError(str(error)) from error
        head: Mapping[str, Any] = {"position": 0, "hash": "-"}

        def seen(links: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
            nonlocal head
            for link in links:
                head = link
                yield link

        with ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            see_one_instant()
            links = seen(links_of_chain())
            if export is not None:
                file = stack.enter_context(export.open("w", encoding="utf-8"))
                links = _written(links, file)
            faults = list(faults_of(links, anchors))
            faults += [f"{log} {pk} is not linked" for log, pk in unlinked_rows(clock.now() - LATE)]
        for fault in faults:
            self.stdout.write(fault)
        self.stdout.write(f"{head['position']} links, {len(faults)} faults, head {head['position']}:{head['hash']}")
        if faults:
            raise CommandError("The log is not as it was written.", returncode=1)


def _written(links: Iterable[Mapping[str, Any]], file: Any) -> Iterator[Mapping[str, Any]]:
    for link in links:
        file.write(json.dumps(link, ensure_ascii=False, sort_keys=True) + "\n")
        yield link
