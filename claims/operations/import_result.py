"""What became of an import's rows: how far it is, and a line for each that was refused. Reads only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Q, Sum

from claims.models import ENDED, ImportPart, ImportPartState, UsageImport
from claims.operations.import_rows import LineError
from claims.operations.payment import csv_lines

COLUMNS = ("line", "external_id", "code", "field", "message")


@dataclass(frozen=True)
class ImportProgress:
    """`read` of `rows` rows. `stored` are committed, or of a dry run that has ended, would be; `failed` are of parts given up.

    Of an import that is one transaction `read` counts within `phase`, and begins anew with the next of `attempts`.
    """

    rows: int
    read: int
    stored: int
    repeated: int
    refused: int
    failed: int
    phase: str
    attempts: int


def progress_of_import(one: UsageImport) -> ImportProgress:
    """One query. What is counted is what is committed, so a worker that dies takes nothing back."""
    done, failed = (Q(state=state) for state in (ImportPartState.DONE, ImportPartState.FAILED))
    counted = one.parts.aggregate(
        done=Sum("rows", filter=done), failed=Sum("rows", filter=failed), stored=Sum("stored", filter=done),
        repeated=Sum("repeated", filter=done), refused=Sum("refused", filter=done),
    )  # fmt: skip
    if one.state in ENDED:  # its parts may be gone
        counted |= {"stored": one.stored, "repeated": one.repeated, "refused": one.refused}
    whole = one.is_whole and one.state not in ENDED
    return ImportProgress(
        rows=one.rows,
        read=rows_read(one, counted["done"]),
        stored=counted["stored"] or 0,
        repeated=counted["repeated"] or 0,
        refused=counted["refused"] or 0,
        failed=counted["failed"] or 0,
        phase=one.phase if whole else "",
        attempts=one.attempts,
    )


def rows_read(one: UsageImport, done: int | None) -> int:
    """`done`: rows of parts that are done, None where there is none, or none any more."""
    if one.is_whole and one.state not in ENDED:
        return one.reached
    return one.stored + one.repeated + one.refused if done is None else done


def import_errors(import_id: int) -> Iterator[LineError]:
    """In the order of the lines, of parts that are done; a part at a time in memory, however many they are."""
    done = ImportPart.objects.filter(usage_import=import_id, state=ImportPartState.DONE, refused__gt=0).order_by("number")
    for pk in list(done.values_list("pk", flat=True)):
        errors = bytes(ImportPart.objects.values_list("errors", flat=True).get(pk=pk))
        yield from (LineError(*json.loads(line)) for line in errors.splitlines())


def result_file(import_id: int, words: Callable[[LineError], str]) -> Iterator[bytes]:
    """The errors as CSV, a line at a time, each with its words; no cell is a formula to a spreadsheet."""
    rows = ((one.line, one.external_id, one.code, one.field or "", words(one)) for one in import_errors(import_id))
    return csv_lines(COLUMNS, rows)
