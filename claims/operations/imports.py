"""A partner sends a file of usage: it is begun, sent in pieces, finished, or cancelled. Expects a transaction.

What is sent is kept in the database, in parts that end with a line: nothing is lost with a host, every worker can read it, and
none has more than a part in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Partner
from claims import hints
from claims.models import (
    Event,
    ImportEncoding,
    ImportFormat,
    ImportMode,
    ImportPart,
    ImportState,
    UsageImport,
)
from claims.operations.import_columns import BOM, CODECS
from claims.operations.import_rows import EncodingInvalid, check_header, split_csv
from claims.operations.locks import lock_sending, take_time
from claims.operations.work import run_kicks
from services.instants import check_instant
from services.refusals import InvalidValue, Refusal, Unknown

PART_BYTES = 4_000_000  # 30,000 to 40,000 rows: a second of work, and some 50 MB of memory
LONGEST_LINE = 10_000  # bytes
MOST_ROWS = 2_000_000
MOST_BYTES = 500_000_000
MOST_UNDER_WAY = 5  # of a partner. One of them is being sent: it holds a thread of the web process for as long as that takes.
ABANDONED_AFTER = timedelta(minutes=5)  # in which the slowest sends a part (config/web_process.py)
KEPT = timedelta(days=7)  # what was sent and the errors, after the end
AT_ONCE = 5  # that are tidied in a transaction
LONG_SECONDS = 60  # longest statement about the bytes of a whole file


class UnknownImport(Unknown):
    code = "unknown_import"


class ImportClosed(Refusal):
    """What is asked comes too late: nothing more can be sent, or nothing more stopped."""

    code = "import_closed"


class TooManyImports(Refusal):
    code = "too_many_imports"


class OffsetDiffers(Refusal):
    """A piece was sent twice, or one is missing."""

    code = "offset_differs"


class FileDiffers(Refusal):
    """What has arrived is not what was sent."""

    code = "file_differs"


class FileEmpty(Refusal):
    code = "file_empty"


class FileTooLarge(Refusal):
    code = "file_too_large"


class TooManyRows(Refusal):
    code = "too_many_rows"


class LineTooLong(Refusal):
    code = "line_too_long"


def begin_import(
    *,
    partner: Partner,
    format: str,  # noqa: A002 - as it is called everywhere
    encoding: str,
    mode: str,
    dry_run: bool,
    now: datetime,
) -> UsageImport:
    """Raises InvalidValue, and TooManyImports while the partner sends another one, or MOST_UNDER_WAY are under way."""
    now = check_instant(now, "now")
    told = {"format": (format, ImportFormat), "encoding": (encoding, ImportEncoding), "mode": (mode, ImportMode)}
    for field, (value, choices) in told.items():
        if value not in choices.values:
            raise InvalidValue(f"{field} is {value!r}. Use one of {', '.join(choices.values)}.", field=field)
    if not isinstance(dry_run, bool):
        raise InvalidValue(f"dry_run is {dry_run!r}. Use true or false.", field="dry_run")
    lock_sending(partner.pk)
    _end_abandoned(UsageImport.objects.filter(partner=partner), now)
    under_way = UsageImport.objects.filter(partner=partner, state__in=(ImportState.UPLOADING, ImportState.OPEN))
    if under_way.count() >= MOST_UNDER_WAY or under_way.filter(state=ImportState.UPLOADING).exists():
        raise TooManyImports(
            f"Send one file after the other, with at most {MOST_UNDER_WAY} under way. Wait until one has ended, or cancel one."
        )
    begun = UsageImport.objects.create(
        partner=partner, format=format, encoding=encoding, mode=mode, dry_run=dry_run, begun_at=now, touched_at=now
    )
    _log("usage_import_begun", begun, now, mode=mode, dry_run=dry_run)
    return begun


def add_part(*, import_id: int, partner: Partner, offset: int, content: bytes, now: datetime) -> UsageImport:
    """The next bytes of the file, cut anywhere; `offset`: how many came before them. Pieces smaller than PART_BYTES make
    smaller parts, which cost more.

    Raises UnknownImport, ImportClosed, OffsetDiffers, FileTooLarge, TooManyRows, LineTooLong, EncodingInvalid, HeaderRefused.
    """
    now = check_instant(now, "now")
    sent = _lock(import_id, partner)
    if offset != sent.sent_bytes:
        raise OffsetDiffers(f"offset is {offset}, and {sent.sent_bytes} bytes have arrived. Go on from there.", field="offset")
    if sent.sent_bytes + len(content) > MOST_BYTES:
        raise FileTooLarge(f"A file has at most {MOST_BYTES:,} bytes. Send it as several imports.")
    whole, newline, rest = (bytes(sent.tail) + content).rpartition(b"\n")
    if len(rest) > LONGEST_LINE:
        raise LineTooLong(f"A line has at most {LONGEST_LINE:,} bytes, and the last one has more.")
    if newline:
        _add_lines(sent, whole + newline)
    sent.tail, sent.sent_bytes, sent.touched_at = rest, sent.sent_bytes + len(content), now
    sent.save(update_fields=["tail", "sent_bytes", "touched_at", "rows", "header"])
    return sent


def finish_upload(*, import_id: int, partner: Partner, sha256: str, size: int, now: datetime) -> UsageImport:
    """All is sent: workers begin. `sha256` (in hex) and `size` (bytes) are of the file as its sender has it.

    Raises UnknownImport, ImportClosed, FileDiffers, FileEmpty, and what `add_part` raises of the last line.
    """
    now = check_instant(now, "now")
    sent = _lock(import_id, partner)
    if size != sent.sent_bytes:
        raise FileDiffers(
            f"size is {size}, and {sent.sent_bytes} bytes have arrived. Send the rest, or begin again.", field="size"
        )
    if sent.tail:
        _add_lines(sent, bytes(sent.tail))
        sent.tail = b""
    if not sent.rows:
        raise FileEmpty("The file has no rows.")
    take_time(LONG_SECONDS)
    digest = hashlib.sha256()
    for content in sent_bytes(sent.pk):
        digest.update(content)
    if digest.hexdigest() != sha256.lower():
        raise FileDiffers(
            "The SHA-256 of what has arrived is another one. Cancel the import, and send the file again.", field="sha256"
        )
    sent.state, sent.sha256, sent.sent_at, sent.touched_at = ImportState.OPEN, digest.hexdigest(), now, now
    sent.save(update_fields=["state", "sha256", "sent_at", "touched_at", "tail", "rows", "header"])
    for _ in range(1 if sent.is_whole else run_kicks()):
        hints.write_hint(hints.WORK_ON_IMPORT, sent.pk, now=now)
    return sent


def cancel_import(*, import_id: int, partner: Partner, now: datetime) -> UsageImport:
    """Stop it: what is stored already, row by row, stays. Raises UnknownImport, ImportClosed."""
    now = check_instant(now, "now")
    stopped = _lock(import_id, partner, states=(ImportState.UPLOADING, ImportState.OPEN))
    end_import(stopped, ImportState.CANCELLED, now)
    return stopped


def end_import(ended: UsageImport, state: ImportState, now: datetime) -> None:
    """The caller holds its lock. Counts what its parts say."""
    ended.state, ended.finished_at, ended.touched_at = state, now, now
    counts = ended.parts.values_list("stored", "repeated", "refused")
    ended.stored, ended.repeated, ended.refused = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    ended.save(update_fields=["state", "finished_at", "touched_at", "stored", "repeated", "refused"])
    counted = {"stored": ended.stored, "repeated": ended.repeated, "refused": ended.refused}
    _log(f"usage_import_{state}", ended, now, rows=ended.rows, dry_run=ended.dry_run, **counted)


def forget_imports(*, now: datetime) -> int:
    """Uploads that nobody goes on with end; what was sent goes some days after the end. How many imports it met."""
    now = check_instant(now, "now")
    abandoned = _end_abandoned(UsageImport.objects.all(), now)
    over = Q(finished_at__lt=now - KEPT) | Q(state=ImportState.ABANDONED)
    old = UsageImport.objects.filter(over, finished_at__isnull=False, parts__isnull=False).distinct().order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
    take_time(LONG_SECONDS)
    ImportPart.objects.filter(usage_import__in=ids).delete()
    return abandoned + len(ids)


def _end_abandoned(among: QuerySet[UsageImport], now: datetime) -> int:
    left = among.filter(state=ImportState.UPLOADING, touched_at__lt=now - ABANDONED_AFTER)
    abandoned = list(left.select_for_update(no_key=True, skip_locked=True).order_by("pk")[:AT_ONCE])
    for one in abandoned:
        end_import(one, ImportState.ABANDONED, now)
    return len(abandoned)


def sent_bytes(import_id: int) -> Iterator[bytes]:
    """The file as it was sent, a part at a time."""
    numbers = ImportPart.objects.filter(usage_import=import_id).order_by("number").values_list("number", flat=True)
    for number in list(numbers):
        yield bytes(ImportPart.objects.values_list("content", flat=True).get(usage_import=import_id, number=number))


def _lock(import_id: int, partner: Partner, *, states: tuple[ImportState, ...] = (ImportState.UPLOADING,)) -> UsageImport:
    found = UsageImport.objects.select_for_update(no_key=True).filter(pk=import_id, partner=partner).first()
    if found is None:
        raise UnknownImport(f"There is no import {import_id}.", field="import")
    if found.state not in states:
        raise ImportClosed(f"Import {import_id} is {found.state}. Begin a new one; rows that are stored are not stored again.")
    return found


def _add_lines(sent: UsageImport, lines: bytes) -> None:
    """In parts of about PART_BYTES."""
    start = 0
    while start < len(lines):
        end = lines.rfind(b"\n", start, start + PART_BYTES) + 1 if len(lines) - start > PART_BYTES else len(lines)
        _add_part(sent, lines[start : end or len(lines)])
        start = end or len(lines)


def _add_part(sent: UsageImport, content: bytes) -> None:
    last = ImportPart.objects.filter(usage_import=sent).order_by("-number").values("number", "first_line", "rows").first()
    header = sent.format == ImportFormat.CSV
    first_line = 1 if last is None else sent.rows + header + 1
    lines = content.removesuffix(b"\n").split(b"\n")
    longest = max(range(len(lines)), key=lambda place: len(lines[place]))
    if len(lines[longest]) > LONGEST_LINE:
        raise LineTooLong(f"Line {first_line + longest} has {len(lines[longest])} bytes; at most {LONGEST_LINE:,} are taken.")
    if last is None and header:
        sent.header = _header(sent, lines[0])
    rows = len(lines) - (last is None and header)
    if sent.rows + rows > MOST_ROWS:
        raise TooManyRows(f"A file has at most {MOST_ROWS:,} rows. Send it as several imports.")
    sent.rows += rows
    number = 1 if last is None else last["number"] + 1
    ImportPart.objects.create(usage_import=sent, number=number, first_line=first_line, rows=rows, content=content)


def _header(sent: UsageImport, line: bytes) -> list[str]:
    try:
        text = line.decode(CODECS[sent.encoding])
    except UnicodeDecodeError as error:
        raise EncodingInvalid(f"The first line is not in {sent.encoding}, as the import says.", field="encoding") from error
    return list(check_header(split_csv(text.removeprefix(BOM).removesuffix("\r"))))


def _log(kind: str, one: UsageImport, now: datetime, **data: Any) -> None:
    Event.objects.create(at=now, kind=kind, data={"import": one.pk, "partner": one.partner_id, **data})
