"""Usage comes in: one record, or a partner's many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import Partner, Person
from claims.models import Event, Usage, UsageKind
from claims.operations.checks import check_amount, check_currency, check_service, check_text, service_ids
from claims.operations.refusals import ReferenceUnknown
from services.instants import check_instant, check_optional_instant, check_span
from services.refusals import Refusal


class KindUnknown(Refusal):
    code = "kind_unknown"


@dataclass(frozen=True)
class UsageRow:
    """One usage as a partner reports it. Instants are aware; `end_at` exclusive, None while it goes on."""

    person_id: int
    service: str
    kind: str
    start_at: datetime
    end_at: datetime | None
    external_id: str
    locked_at: datetime | None = None
    charge_minor: int | None = None
    currency: str = ""  # of the charge


@dataclass(frozen=True)
class RowError:
    """What is wrong with row `row` (from 1)."""

    row: int
    code: str
    field: str | None
    message: str


class RowsRefused(Refusal):
    """Some rows are wrong, so none was stored."""

    code = "item_invalid"

    def __init__(self, errors: list[RowError]) -> None:
        first = errors[0]
        super().__init__(
            f"{len(errors)} rows are refused, the first is row {first.row}: {first.code}: {first.message} Nothing was stored."
        )
        self.errors = errors


@dataclass(frozen=True)
class Copied:
    """Rows stored now, and rows that were there already."""

    stored: int
    repeated: int


def record_usage(*, row: UsageRow, partner: Partner | None, now: datetime) -> Usage:
    """Store one usage; the same (partner, external_id) again returns what is stored.

    Raises the refusals of `services.instants`, ReferenceUnknown, KindUnknown, and those of the checks.
    """
    checked = _checked(row, service_ids())
    if not Person.objects.filter(pk=row.person_id).exists():
        raise ReferenceUnknown(f"person_id is {row.person_id}; there is no such person.", field="person_id")
    copied = _insert([checked], partner, now)
    usage = Usage.objects.get(partner=partner, external_id=row.external_id)
    if copied.stored:
        Event.objects.create(at=now, kind="usage_recorded", data={"usage": usage.pk})
    return usage


def copy_usage(*, rows: Iterable[UsageRow], partner: Partner | None, now: datetime) -> Copied:
    """Store many usages by COPY, all or none. Rows that are stored already are counted, not stored again.

    Raises RowsRefused with the code of every wrong row.
    """
    services = service_ids()
    checked: list[_Checked] = []
    errors: list[RowError] = []
    for number, row in enumerate(rows, start=1):
        try:
            checked.append(_checked(row, services))
        except Refusal as refusal:
            errors.append(RowError(number, refusal.code, refusal.field, refusal.message))
    if errors:
        raise RowsRefused(errors)
    copied = _insert(checked, partner, now)
    if copied.stored:
        data = {"partner": partner.pk if partner else None, "stored": copied.stored, "repeated": copied.repeated}
        Event.objects.create(at=now, kind="usage_copied", data=data)
    return copied


_Checked = tuple[int, int, str, datetime, datetime | None, datetime | None, int | None, str, str]


def _checked(row: UsageRow, services: dict[str, int]) -> _Checked:
    start_at, end_at = check_span(row.start_at, row.end_at)
    if row.kind not in UsageKind.values:
        raise KindUnknown(f"kind is {row.kind!r}. Use one of {', '.join(UsageKind.values)}.", field="kind")
    return (
        row.person_id,
        check_service(row.service, services),
        row.kind,
        start_at,
        end_at,
        check_optional_instant(row.locked_at, "locked_at"),
        check_amount(row.charge_minor, "charge_minor"),
        "" if row.charge_minor is None and not row.currency else check_currency(row.currency),
        check_text(row.external_id, "external_id", longest=100, required=True),
    )


def _insert(rows: list[_Checked], partner: Partner | None, now: datetime) -> Copied:
    """COPY into a table of this transaction, then INSERT .. SELECT what is new.

    Raises RowsRefused for people who do not exist.
    """
    now = check_instant(now, "now")
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMPORARY TABLE incoming_usage (
                   person_id bigint, service_id bigint, kind text, start_at timestamptz, end_at timestamptz,
                   locked_at timestamptz, charge_minor bigint, currency text, external_id text,
                   row bigint GENERATED ALWAYS AS IDENTITY
               ) ON COMMIT DROP"""
        )
        columns = "person_id, service_id, kind, start_at, end_at, locked_at, charge_minor, currency, external_id"
        with cursor.copy(f"COPY incoming_usage ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        _refuse_unknown_people(cursor)
        cursor.execute(
            f"""INSERT INTO claims_usage ({columns}, partner_id, recorded_at)
                SELECT {columns}, %s::bigint, %s FROM incoming_usage ORDER BY row
                ON CONFLICT (partner_id, external_id) DO NOTHING""",  # noqa: S608 - names of this function
            [partner.pk if partner else None, now],
        )
        stored = cursor.rowcount
        cursor.execute("DROP TABLE incoming_usage")  # a second call in the same transaction makes its own
    return Copied(stored, len(rows) - stored)


def _refuse_unknown_people(cursor) -> None:  # type: ignore[no-untyped-def]
    cursor.execute(
        """SELECT row, person_id FROM incoming_usage i
            WHERE NOT EXISTS (SELECT 1 FROM accounts_person p WHERE p.id = i.person_id) ORDER BY row"""
    )
    errors = [
        RowError(row, ReferenceUnknown.code, "person_id", f"person_id is {person}; there is no such person.")
        for row, person in cursor.fetchall()
    ]
    if errors:
        raise RowsRefused(errors)
