"""Files of usage are worked off. These open their own transactions: call them outside any.

Row by row, each part is a transaction: workers share them, one that dies gives its part back, and one that fails again and
again is left, visibly. A dry run, and all or nothing, is one transaction over all parts, of one worker; how far it is it tells
over a connection of its own, since nobody sees what a transaction has not committed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from claims import hints
from claims.models import (
    MOST_ATTEMPTS,
    DerivationDue,
    Event,
    ImportMode,
    ImportPart,
    ImportPartState,
    ImportPhase,
    ImportState,
    UsageImport,
)
from claims.operations.checks import listed_service_ids
from claims.operations.import_columns import Layout, ReadPart, keys_of, read_part
from claims.operations.import_rows import LineError
from claims.operations.import_store import Met, Storing, Trying
from claims.operations.imports import end_import
from claims.operations.locks import take_time, try_import
from claims.operations.work import IDLE_SECONDS
from services.instants import check_instant

log = logging.getLogger(__name__)

PART_SECONDS = 60  # longest statement about a part
WHOLE_SECONDS = 600  # about a file


class _Undone(Exception):  # noqa: N818 - no error
    """The transaction has said what would be stored, and stores nothing."""


def work_next_part(*, import_id: int, worker: str, now: datetime) -> bool:
    """Work off a part, or the whole of a file that is one transaction; False when nothing is left to do, or others do it."""
    now = check_instant(now, "now")
    found = UsageImport.objects.filter(pk=import_id, state=ImportState.OPEN).first()
    if found is None:
        return False  # a message may name any
    try:
        return _work_whole(found, worker, now) if found.is_whole else _work_part(found, worker, now)
    except OperationalError as error:
        log.warning("import %s waits: %r", import_id, error)
        return False  # not its fault; the sweep comes back


def call_importers(*, now: datetime) -> int:
    """Level-triggered: call workers to files that nobody is at. Expects a transaction."""
    now = check_instant(now, "now")
    with connection.cursor() as cursor:
        cursor.execute(IDLE, {"idle": IDLE_SECONDS, "task": hints.WORK_ON_IMPORT, "now": now})
        idle = [row[0] for row in cursor.fetchall()]
    for import_id in idle:
        hints.write_hint(hints.WORK_ON_IMPORT, import_id, now=now)
    return len(idle)


# As of runs, by the database's clock or a sandbox's.
IDLE = """
SELECT i.id FROM claims_usageimport i
 WHERE i.state = 'open' AND i.sent_at < greatest(clock_timestamp(), %(now)s) - make_interval(secs => %(idle)s)
   AND NOT EXISTS (SELECT 1 FROM claims_hint h WHERE h.task = %(task)s AND h.ref_id = i.id)
   AND greatest(i.touched_at, (SELECT max(greatest(p.attempted_at, p.done_at)) FROM claims_importpart p
                                WHERE p.usage_import_id = i.id))
       < greatest(clock_timestamp(), %(now)s) - make_interval(secs => %(idle)s)
 ORDER BY i.id"""


# --- row by row -------------------------------------------------------------------------------------------


def _work_part(found: UsageImport, worker: str, now: datetime) -> bool:
    if found.in_order is None:
        _see_order(found, now)
    part_id, attempts = _count_attempt(found, worker)
    if part_id is None:
        _finish(found.pk, now)  # else others have the rest, and if they die the sweep sees it
        return False
    try:
        if attempts > MOST_ATTEMPTS:
            _give_up(part_id, now)
            return True
        with transaction.atomic():
            take_time(PART_SECONDS)
            _store_part(part_id, now)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):  # it takes too long, and would each time
            return True
        ImportPart.objects.filter(pk=part_id, state=ImportPartState.TODO).update(attempts=attempts - 1)
        raise
    except Exception as error:
        log.exception("part %s of import %s failed", part_id, found.pk)
        ImportPart.objects.filter(pk=part_id, state=ImportPartState.TODO).update(last_error=repr(error)[:2000])
    return True


def _count_attempt(found: UsageImport, worker: str) -> tuple[int | None, int]:
    """Choose a free part, least tried first, and count the attempt in a transaction of its own: a crash does not undo it.

    Parts that wait for each other: the first one only. One chosen just now is left to who is about to lock it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHOOSE, {"import": found.pk, "worker": worker})
        row = cursor.fetchone()
    return (None, 0) if row is None else (row[0], row[1])


CHOOSE = """
WITH free AS (
    SELECT p.id FROM claims_importpart p JOIN claims_usageimport i ON i.id = p.usage_import_id
     WHERE i.id = %(import)s AND i.state = 'open' AND p.state = 'todo'
       AND (p.attempted_at IS NULL OR p.attempted_at < clock_timestamp() - interval '200 milliseconds')
       AND (NOT i.in_order OR p.number = (SELECT min(number) FROM claims_importpart
                                           WHERE usage_import_id = i.id AND state = 'todo'))
     ORDER BY p.attempts, p.number LIMIT 1 FOR UPDATE OF p SKIP LOCKED
)
UPDATE claims_importpart p SET attempts = attempts + 1, attempted_at = clock_timestamp(), worker = %(worker)s
  FROM free WHERE p.id = free.id RETURNING p.id, p.attempts"""


def _store_part(part_id: int, now: datetime) -> None:
    """All of a part in one transaction: its usage comes, its errors are told, it is done."""
    todo = ImportPart.objects.filter(pk=part_id, state=ImportPartState.TODO, usage_import__state=ImportState.OPEN)
    part = todo.select_for_update(skip_locked=True, of=("self",)).select_related("usage_import").first()
    if part is None:
        return  # somebody else has it or has done it, or it was cancelled
    one = part.usage_import
    read = _read(part, layout_of(one), listed_service_ids(), now)
    met = Storing(one.partner_id, now).meet(read.rows)
    _tell(part, read, met, now)
    part.save(update_fields=["state", "stored", "repeated", "refused", "errors", "last_error", "done_at"])
    if met.stored:
        DerivationDue.objects.create(first_usage_id=met.first, last_usage_id=met.last, created_at=now)
        _copied(one, met.stored, met.repeated, now, part=part.number)


def _give_up(part_id: int, now: datetime) -> None:
    with transaction.atomic():
        part = ImportPart.objects.select_for_update(no_key=True).filter(pk=part_id, state=ImportPartState.TODO).first()
        if part is not None:
            part.state, part.done_at = ImportPartState.FAILED, now
            part.last_error = part.last_error or f"{MOST_ATTEMPTS} attempts ended without a word"
            part.save(update_fields=["state", "done_at", "last_error"])


def _finish(import_id: int, now: datetime) -> None:
    """End it when no part is left. It is locked first: of two that do its last parts the second one sees both done."""
    with transaction.atomic():
        found = _lock_open(import_id)
        states = {ImportPartState.TODO} if found is None else set(found.parts.values_list("state", flat=True))
        if found is not None and ImportPartState.TODO not in states:
            end_import(found, ImportState.FAILED if ImportPartState.FAILED in states else ImportState.DONE, now)
            hints.write_hint(hints.PLAN_RUNS, now=now)


def _see_order(found: UsageImport, now: datetime) -> None:
    """Whether a number is in the file twice. Then its parts wait for each other, so that the first line wins, as a dry run
    says. Two workers who look at once see the same.
    """
    keys: list[pl.Series] = []
    for part in _parts(found):
        seen = keys_of(bytes(part.content), layout_of(found), part.first_line)
        if seen is None:
            found.in_order = True
            break
        keys.append(seen)
    else:
        ordered = pl.concat(keys).sort()  # a look-up table of them would need ten times their eight bytes
        found.in_order = bool((ordered == ordered.shift()).any())
    open_ones = UsageImport.objects.filter(pk=found.pk, state=ImportState.OPEN)
    open_ones.update(in_order=found.in_order, touched_at=now)


# --- one transaction --------------------------------------------------------------------------------------


def _work_whole(found: UsageImport, worker: str, now: datetime) -> bool:
    if found.attempts >= MOST_ATTEMPTS:
        return _give_up_whole(found.pk, now)
    with _telling(found.pk) as teller:
        try:
            with transaction.atomic():
                if not try_import(found.pk) or not _is_open(found.pk):
                    return False
                take_time(WHOLE_SECONDS)
                teller.begin()
                _do_whole(found, teller, now)
        except _Undone:
            pass
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):  # else it takes too long, and would each time
                teller.say("attempts = greatest(attempts - 1, 0)")
            raise
        except Exception as error:
            log.exception("import %s failed", found.pk)
            teller.say("last_error = %s", repr(error)[:2000])
            return True
        else:
            return False
        with transaction.atomic():
            _end_whole(found.pk, teller.told, now)
    return False


def _do_whole(found: UsageImport, teller: _Teller, now: datetime) -> None:
    """Commits what is to be stored. Raises _Undone where nothing is."""
    services, layout = listed_service_ids(), layout_of(found)
    wrong = found.dry_run
    if not found.dry_run:  # what is wrong in itself is seen before anything is written
        for part in _parts(found):
            wrong = bool(_read(part, layout, services, now).errors) or wrong
            teller.reach(part, ImportPhase.CHECKING)
    storing = Trying(found.partner_id) if wrong else Storing(found.partner_id, now)
    first = last = 0
    for part in _parts(found):
        read = _read(part, layout, services, now)
        met = storing.meet(read.rows)
        first, last = first or met.first, met.last or last
        _tell(part, read, met, now)
        teller.tell(part)
    if wrong or any(told.refused for told in teller.told) or not _end_whole(found.pk, teller.told, now):
        raise _Undone
    if first:
        stored = sum(told.stored for told in teller.told)
        DerivationDue.objects.create(first_usage_id=first, last_usage_id=last, created_at=now)
        _copied(found, stored, sum(told.repeated for told in teller.told), now)
        hints.write_hint(hints.PLAN_RUNS, now=now)


def _end_whole(import_id: int, told: Sequence[_Told], now: datetime) -> bool:
    """The counts of the parts, and the end; False where it was cancelled, or another worker ended it."""
    found = _lock_open(import_id)
    if found is None or len(told) < found.parts.count():
        return False
    wrong = found.mode == ImportMode.ALL_OR_NOTHING and any(part.refused for part in told)
    for part in told:
        found.parts.filter(pk=part.part_id).update(
            state=ImportPartState.DONE, done_at=now, stored=0 if wrong else part.stored, repeated=part.repeated,
            refused=part.refused,
        )  # fmt: skip
    end_import(found, ImportState.REFUSED if wrong else ImportState.DONE, now)
    return True


def _give_up_whole(import_id: int, now: datetime) -> bool:
    with transaction.atomic():
        if try_import(import_id):
            found = _lock_open(import_id)
            if found is not None:
                found.parts.filter(state=ImportPartState.TODO).update(state=ImportPartState.FAILED, done_at=now, errors=b"")
                end_import(found, ImportState.FAILED, now)
    return False


def _lock_open(import_id: int) -> UsageImport | None:
    return UsageImport.objects.select_for_update(no_key=True).filter(pk=import_id, state=ImportState.OPEN).first()


def _is_open(import_id: int) -> bool:
    return UsageImport.objects.filter(pk=import_id, state=ImportState.OPEN).exists()


@dataclass(frozen=True)
class _Told:
    part_id: int
    stored: int
    repeated: int
    refused: int


class _Teller:
    """Says how far a transaction is, to others, while it lasts."""

    def __init__(self, import_id: int, beside: Any) -> None:
        self.import_id, self.beside = import_id, beside
        self.phase, self.reached = "", 0
        self.told: list[_Told] = []

    def begin(self) -> None:
        self.say("attempts = attempts + 1, phase = '', reached = 0")

    def reach(self, part: ImportPart, phase: ImportPhase) -> None:
        """Raises _Undone when it was cancelled."""
        self.reached = part.rows if self.phase != phase else self.reached + part.rows
        self.phase = phase
        if not self.say("phase = %s, reached = %s", phase, self.reached):
            raise _Undone

    def tell(self, part: ImportPart) -> None:
        self.told.append(_Told(part.pk, part.stored, part.repeated, part.refused))
        with self.beside.cursor() as cursor:
            cursor.execute("UPDATE claims_importpart SET errors = %s WHERE id = %s AND state = 'todo'", [part.errors, part.pk])
        self.reach(part, ImportPhase.STORING)

    def say(self, what: str, *values: Any) -> int:
        with self.beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE claims_usageimport SET {what}, touched_at = clock_timestamp() WHERE id = %s AND state = 'open'",  # noqa: S608 - constants
                [*values, self.import_id],
            )
            return int(cursor.rowcount)


@contextmanager
def _telling(import_id: int) -> Iterator[_Teller]:
    beside = connection.copy()
    try:
        yield _Teller(import_id, beside)
    finally:
        beside.close()


# --- both -------------------------------------------------------------------------------------------------


def layout_of(one: UsageImport) -> Layout:
    return Layout(one.format, one.encoding, tuple(one.header))


def _parts(found: UsageImport) -> Iterator[ImportPart]:
    """In order, one at a time in memory."""
    for pk in list(found.parts.order_by("number").values_list("pk", flat=True)):
        yield ImportPart.objects.get(pk=pk)


def _read(part: ImportPart, layout: Layout, services: dict[str, int], now: datetime) -> ReadPart:
    return read_part(bytes(part.content), layout, part.first_line, services, now)


def _tell(part: ImportPart, read: ReadPart, met: Met, now: datetime) -> None:
    """What became of its rows, to be saved."""
    errors: list[LineError] = sorted([*read.errors, *met.errors], key=lambda error: error.line)
    rows = ([one.line, one.external_id, one.code, one.field, one.about] for one in errors)
    part.errors = "\n".join(json.dumps(row) for row in rows).encode()
    part.stored, part.repeated, part.refused = met.stored, met.repeated, len(errors)
    part.state, part.done_at, part.last_error = ImportPartState.DONE, now, ""


def _copied(one: UsageImport, stored: int, repeated: int, now: datetime, **more: int) -> None:
    data = {"partner": one.partner_id, "stored": stored, "repeated": repeated, "import": one.pk, **more}
    Event.objects.create(at=now, kind="usage_copied", data=data)
