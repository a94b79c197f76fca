"""Usage comes in: one record, or a partner's many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import Partner, Person
from claims import hints
from claims.models import DerivationDue, Event, Usage, UsageKind
from claims.operations.checks import check_amount, check_currency, check_service, check_text, listed_service_ids
from claims.operations.refusals import ReferenceUnknown
from services.instants import check_instant, check_optional_instant, check_span
from services.refusals import Refusal


class KindUnknown(Refusal):
    code = "kind_unknown"


class LockOutsideRide(Refusal):
    """A bill computed up to a lock before the ride would be below zero, and the whole charge would be paid back."""

    code = "lock_outside_ride"


class UsageDiffers(Refusal):
    """A usage is never changed: one number, one content."""

    code = "usage_differs"


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
    """Store one usage; the same again returns what is stored.

    Raises the refusals of `services.instants`, ReferenceUnknown, KindUnknown, UsageDiffers for another content
    under a number (partner, external_id) that is stored already, and those of the checks.
    """
    checked = _checked(row, listed_service_ids())
    if not Person.objects.filter(pk=row.person_id).exists():
        raise ReferenceUnknown(f"person_id is {row.person_id}; there is no such person.", field="person_id")
    try:
        copied = _insert([checked], partner, now)
    except RowsRefused as refused:
        raise UsageDiffers(refused.errors[0].message, field="external_id") from refused
    usage = Usage.objects.get(partner=partner, external_id=row.external_id)
    if copied.stored:
        Event.objects.create(at=now, kind="usage_recorded", data={"usage": usage.pk})
    return usage


def copy_usage(*, rows: Iterable[UsageRow], partner: Partner | None, now: datetime) -> Copied:
    """Store many usages by COPY, all or none. Rows that are stored already are counted, not stored again.

    What they cost whom is derived by the workers. Raises RowsRefused with the code of every wrong row.
    """
    services = listed_service_ids()
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
    locked_at = check_optional_instant(row.locked_at, "locked_at")
    if locked_at is not None and not (start_at <= locked_at and (end_at is None or locked_at <= end_at)):
        raise LockOutsideRide(
            f"locked_at is {locked_at.isoformat()}, which is not within the ride. Send the lock that ended it.",
            field="locked_at",
        )
    if row.kind not in UsageKind.values:
        raise KindUnknown(f"kind is {row.kind!r}. Use one of {', '.join(UsageKind.values)}.", field="kind")
    return (
        row.person_id,
        check_service(row.service, services),
        row.kind,
        start_at,
        end_at,
        locked_at,
        check_amount(row.charge_minor, "charge_minor"),
        "" if row.charge_minor is None and not row.currency else check_currency(row.currency),
        check_text(row.external_id, "external_id", longest=100, required=True),
    )


COLUMNS = "person_id, service_id, kind, start_at, end_at, locked_at, charge_minor, currency, external_id"


def _insert(rows: list[_Checked], partner: Partner | None, now: datetime) -> Copied:
    """COPY into a table of this transaction, then INSERT .. SELECT what is new, and make its derivation due.

    Raises RowsRefused for people who do not exist and for usage that is known otherwise.
    """
    now = check_instant(now, "now")
    scope = {"partner": partner.pk if partner else None, "now": now}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMPORARY TABLE incoming_usage (
                   person_id bigint, service_id bigint, kind text, start_at timestamptz, end_at timestamptz,
                   locked_at timestamptz, charge_minor bigint, currency text, external_id text,
                   row bigint GENERATED ALWAYS AS IDENTITY
               ) ON COMMIT DROP"""
        )
        with cursor.copy(f"COPY incoming_usage ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        _refuse_unknown_people(cursor)
        cursor.execute(
            f"""WITH stored AS (
                    INSERT INTO claims_usage ({COLUMNS}, partner_id, recorded_at)
                    SELECT {COLUMNS}, %(partner)s::bigint, %(now)s FROM incoming_usage ORDER BY row
                    ON CONFLICT (partner_id, external_id) DO NOTHING RETURNING id
                )
                SELECT count(*), min(id), max(id) FROM stored""",  # noqa: S608 - names of this module
            scope,
        )
        stored, first, last = cursor.fetchone()
        if stored < len(rows):
            _refuse_other_content(cursor, scope)
        cursor.execute("DROP TABLE incoming_usage")  # a second call in the same transaction makes its own
        if stored:
            DerivationDue.objects.create(first_usage_id=first, last_usage_id=last, created_at=now)
            hints.write_hint(hints.PLAN_RUNS, now=now)
    return Copied(stored, len(rows) - stored)


def _refuse_other_content(cursor: Any, scope: dict[str, Any]) -> None:
    """A repeated number with another charge or time is no repetition, and dropping it would lose the difference."""
    cursor.execute(
        f"""SELECT i.row, i.external_id
              FROM incoming_usage i
              JOIN claims_usage u ON u.partner_id IS NOT DISTINCT FROM %(partner)s::bigint AND u.external_id = i.external_id
             WHERE ({_columns_of("i")}) IS DISTINCT FROM ({_columns_of("u")}) ORDER BY i.row""",  # noqa: S608 - as above
        scope,
    )
    errors = [
        RowError(
            row, UsageDiffers.code, "external_id",
            f"external_id {number!r} is known with another content. A usage is never changed: ask staff to correct the claim.",
        )
        for row, number in cursor.fetchall()
    ]  # fmt: skip
    if errors:
        raise RowsRefused(errors)


def _columns_of(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in COLUMNS.split(", "))


def _refuse_unknown_people(cursor: Any) -> None:
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
