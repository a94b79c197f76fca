"""Rows of an import that are right in themselves meet what is stored. Expects a transaction.

The first try is COPY right into the table, in the order of its widest index: a file is usually new, and whatever is asked of
each row before costs as much again. A number that is there already undoes it, and the rows go the way of `copy_usage`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from accounts.operations import know_checked_people
from claims.models import UsageKind
from claims.operations.import_columns import CONTENT
from claims.operations.import_rows import LineError
from claims.operations.ride_locks import Told, stored_by_number, unfit_locks
from claims.operations.usage import UsageDiffers
from claims.operations.usage_table import COLUMNS, differing, incoming_usage, insert_incoming

NEW = f"claims_usage ({COLUMNS}, partner_id, recorded_at)"
BLOCK = 1 << 18  # bytes of a piece of COPY
OPTIONS = "WITH (FORMAT csv, FORCE_NOT_NULL (currency, ride))"  # an empty currency is a text, an empty instant is none
OF_TOLD = ("external_id", "kind", "person", "start_at", "end_at", "ride")
NUMBER = "(SELECT n.external_id FROM accounts_partnerperson n WHERE n.partner_id = u.partner_id AND n.person_id = u.person_id)"
INSTANT = "%Y-%m-%d %H:%M:%S%.6f+00"


@dataclass
class Met:
    """What became of some rows. `first` and `last`: the ids of those stored, maybe with rows of others between them."""

    stored: int = 0
    repeated: int = 0
    errors: list[LineError] = field(default_factory=list)
    first: int = 0
    last: int = 0


class Storing:
    """Stores rows, of one partner. It remembers that a number was known: then the next rows are probably sent again as well."""

    def __init__(self, partner_id: int, now: datetime) -> None:
        self.partner_id, self.now = partner_id, now
        self.sent_again = False

    def meet(self, rows: pl.DataFrame) -> Met:
        kept, met = firsts_of(rows)
        kept = fitting(kept, met, partial(_stored, self.partner_id))
        if len(kept):
            ordered = self._with_people(kept).sort("service_id", "start_at", "end_at")
            stored = None if self.sent_again else self._copy(ordered)
            self.sent_again = stored is None
            _add(met, stored or self._merge(ordered))
        return met

    def _with_people(self, rows: pl.DataFrame) -> pl.DataFrame:
        numbers = rows["person"].unique().sort().to_list()
        people = know_checked_people(partner_id=self.partner_id, numbers=numbers, now=self.now)
        ids = pl.DataFrame({"person": list(people), "person_id": list(people.values())})
        return rows.join(ids, on="person", how="left")

    def _copy(self, rows: pl.DataFrame) -> Met | None:
        """None where a number is known: nothing is stored then."""
        whole = rows.with_columns(partner_id=pl.lit(self.partner_id), recorded_at=pl.lit(self.now))
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                first = _next_id(cursor)
                _copy(cursor, NEW, whole, f"{COLUMNS}, partner_id, recorded_at")
                return Met(len(rows), first=first, last=_next_id(cursor))
        except IntegrityError as error:
            if isinstance(error.__cause__, UniqueViolation):
                return None
            raise

    def _merge(self, rows: pl.DataFrame) -> Met:
        with connection.cursor() as cursor, incoming_usage(cursor):
            _copy(cursor, f"incoming_usage ({COLUMNS}, row)", rows, f"{COLUMNS}, line")
            stored, first, last = insert_incoming(cursor, partner_id=self.partner_id, now=self.now)
            different = differing(cursor, partner_id=self.partner_id) if stored < len(rows) else []
        errors = [LineError.of(line, number, UsageDiffers.of(number)) for line, number in different]
        return Met(stored, len(rows) - stored - len(errors), errors, first or 0, last or 0)


class Trying:
    """Says what `Storing` would, and makes neither usage nor people: what it has passed it keeps in a table of its own."""

    def __init__(self, partner_id: int) -> None:
        self.partner_id = partner_id
        with connection.cursor() as cursor:
            for table in ("tried_usage", "passed_usage"):
                cursor.execute(f"CREATE TEMPORARY TABLE {table} ({TRIED}) ON COMMIT DROP")
            cursor.execute("CREATE INDEX ON passed_usage (external_id)")

    def meet(self, rows: pl.DataFrame) -> Met:
        kept, met = firsts_of(rows)
        kept = fitting(kept, met, self._known)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE tried_usage")
            _copy(cursor, f"tried_usage ({', '.join(CONTENT)}, row)", kept, f"{', '.join(CONTENT)}, line")
            cursor.execute("ANALYZE tried_usage")
            cursor.execute(KNOWN, {"partner": self.partner_id})
            known = cursor.fetchall()
            cursor.execute(
                "INSERT INTO passed_usage SELECT * FROM tried_usage WHERE row <> ALL (%s)", [[line for line, _, _ in known]]
            )
        errors = [LineError.of(line, number, UsageDiffers.of(number)) for line, number, same in known if not same]
        _add(met, Met(len(kept) - len(known), len(known) - len(errors), errors))
        return met

    def _known(self, numbers: Sequence[str]) -> dict[str, Told]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(OF_TOLD)} FROM passed_usage WHERE external_id = ANY(%s)", [list(numbers)])  # noqa: S608 - names of this module
            passed = {row[0]: Told(*row) for row in cursor.fetchall()}
        return passed | _stored(self.partner_id, numbers)


def firsts_of(rows: pl.DataFrame) -> tuple[pl.DataFrame, Met]:
    """Each number once, as it comes first, and what became of the others."""
    if not rows["external_id"].is_duplicated().any():
        return rows, Met()
    firsts = rows.unique("external_id", keep="first", maintain_order=True)
    others = rows.join(firsts, on="line", how="anti").join(firsts, on="external_id", suffix="_of_first")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_of_first")) for name in CONTENT if name != "external_id")
    different = others.filter(~same).select("line", "external_id").rows()
    errors = [LineError.of(line, number, UsageDiffers.of(number)) for line, number in different]
    return firsts, Met(repeated=len(others) - len(errors), errors=errors)


def fitting(rows: pl.DataFrame, met: Met, stored: Callable[[Sequence[str]], Mapping[str, Told]]) -> pl.DataFrame:
    """Without the locks that do not fit their rides, of which `met` is told."""
    is_lock = pl.col("kind") == UsageKind.LOCK
    rides = rows.filter(is_lock)["ride"]
    if not len(rides):
        return rows
    looked = rows.filter(is_lock | pl.col("external_id").is_in(rides.implode()))
    told = [Told(*row) for row in looked.select(OF_TOLD).iter_rows()]
    unfit = {looked["line"][place]: LineError.of(looked["line"][place], told[place].number, refusal)
             for place, refusal in unfit_locks(told, stored)}  # fmt: skip
    met.errors += unfit.values()
    return rows.filter(~pl.col("line").is_in(list(unfit)))


def _stored(partner_id: int, numbers: Sequence[str]) -> dict[str, Told]:
    return stored_by_number(partner_id, numbers, person=NUMBER)


def _add(met: Met, more: Met) -> None:
    met.stored += more.stored
    met.repeated += more.repeated
    met.errors += more.errors
    met.first, met.last = more.first, more.last


def _next_id(cursor: Any) -> int:
    """One that no row will have: ids of what this transaction writes meanwhile lie between two of them."""
    cursor.execute("SELECT nextval(pg_get_serial_sequence('claims_usage', 'id'))")
    return int(cursor.fetchone()[0])


def _copy(cursor: Any, target: str, rows: pl.DataFrame, columns: str) -> None:
    text = rows.select(columns.split(", ")).write_csv(include_header=False, datetime_format=INSTANT).encode()
    # Django wraps the errors of statements, and not those of COPY.
    with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN {OPTIONS}") as copy:
        for start in range(0, len(text), BLOCK):
            copy.write(text[start : start + BLOCK])


_TYPES: Mapping[str, str] = {
    "person": "text", "service_id": "bigint", "kind": "text", "start_at": "timestamptz", "end_at": "timestamptz",
    "locked_at": "timestamptz", "charge_minor": "bigint", "currency": "text", "external_id": "text", "ride": "text",
    "row": "bigint",
}  # fmt: skip
TRIED = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())


def _content(person: str, usage: str) -> str:
    return f"({person}, {', '.join(f'{usage}.{name}' for name in CONTENT if name not in ('person', 'external_id'))})"


# Which of the tried rows have a number that is stored, or passed before, and whether with the same content.
KNOWN = f"""
SELECT t.row, t.external_id,
       CASE WHEN u.id IS NULL THEN {_content("p.person", "p")} IS NOT DISTINCT FROM {_content("t.person", "t")}
            ELSE {_content("n.external_id", "u")} IS NOT DISTINCT FROM {_content("t.person", "t")} END
  FROM tried_usage t
  LEFT JOIN claims_usage u ON u.partner_id = %(partner)s AND u.external_id = t.external_id
  LEFT JOIN accounts_partnerperson n ON n.partner_id = %(partner)s AND n.person_id = u.person_id
  LEFT JOIN passed_usage p ON p.external_id = t.external_id
 WHERE u.id IS NOT NULL OR p.row IS NOT NULL ORDER BY t.row"""  # noqa: S608 - names of this module
