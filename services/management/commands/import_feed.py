"""Import a file of a registered feed from the command line."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from services import clock
from services.feeds import MOST_BYTES
from services.import_report import Shown, shown_import
from services.operations import Imported, find_feed, import_feed, look_at_feed
from services.refusals import Refusal

WORDS = {
    "counts": (
        "항목 {items}, 그대로인 구간 {same}, 새 공지 {notices}",
        "{items} items, {same} windows the same, {notices} new notices",
    ),
    "missing": ("이 파일에 더는 없는 항목 (제안은 그대로)", "No longer in this file (what they proposed stays)"),
    "unused": ("쓰이지 않은 관찰", "Observations that no window uses"),
    "looked": ("살펴보기만 했습니다. 저장한 것은 없습니다.", "This was a dry run. Nothing is stored."),
    "unknown": ("서비스 미정", "no service yet"),
}  # fmt: skip


class Command(BaseCommand):
    """The same file again changes nothing. What is new in it waits for the answer of staff."""

    help = "Import a file of a feed: its notices, and proposals for windows that are new, changed or withdrawn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("feed", metavar="FEED", help="code of a registered feed")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--table", type=Path, help="of observations: which windows they make; else the newest that is kept")
        parser.add_argument("--incident", metavar="KEY", help="which incident of ours new items belong to")
        parser.add_argument("--dry-run", action="store_true", help="say what it would bring, and store nothing")
        parser.add_argument("--lang", choices=("ko", "en"), default="ko")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._handle(**options)
        except (Refusal, OSError) as refusal:
            raise CommandError(f"{getattr(refusal, 'code', 'unreadable')}: {refusal}") from refusal

    def _handle(self, *, feed: str, file: Path, table: Path | None, incident: str | None, **options: Any) -> None:
        given: dict[str, Any] = {"feed": feed, "body": _content(file), "incident": incident}
        given["table"] = None if table is None else _content(table)
        if options["dry_run"]:
            found = look_at_feed(**given)
            rows = shown_import(found, find_feed(feed), options["lang"])
        else:
            with transaction.atomic(durable=True):
                found = import_feed(**given, now=clock.now())
                rows = shown_import(found, find_feed(feed), options["lang"])
        self._report(found, rows, options["lang"] == "en")
        if options["dry_run"]:
            self.stdout.write(WORDS["looked"][options["lang"] == "en"])

    def _report(self, found: Imported, rows: list[Shown], pick: bool) -> None:
        for row in rows:
            what = row.what if row.known else f"{row.what} [{WORDS['unknown'][pick]}]"
            self.stdout.write(f"{row.word}  {row.title} · {what}: {' → '.join(filter(None, (row.before, row.after)))}")
            for line in (*row.others, *(f"? {text}" for text in row.questions), *(f"- {text}" for text in row.remarks)):
                self.stdout.write(f"    {line}")
        for name, listed in (("unused", found.unused), ("missing", found.missing)):
            if listed:
                self.stdout.write(f"{WORDS[name][pick]}: {', '.join(listed)}")
        self.stdout.write(WORDS["counts"][pick].format(items=found.items, same=found.same, notices=found.notices))


def _content(file: Path) -> bytes:
    """One byte more than is read at most is enough to be refused for it."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)
