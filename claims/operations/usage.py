"""Usage comes in: one record, or a partner's many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import Partner
from claims import hints
from claims.models import DerivationDue, Event, Usage, UsageKind
from claims.operations.checks import check_amount, check_currency, check_service, check_text, listed_service_ids
from claims.operations.refusals import AmountOutOfRange, ReferenceUnknown
from claims.operations.ride_locks import (
    CLOCKS_DIFFER,
    LockOutsideRide,
    Told,
    check_not_ahead,
    stored_by_number,
    unfit_locks,
)
from claims.operations.usage_table import COLUMNS, differing, incoming_usage, insert_incoming
from services.instants import IntervalInvalid, OutOfRange, check_instant, check_optional_instant, check_span
from services.refusals import Refusal

LONGEST_USE = timedelta(days=31)  # of a ride or a shift: beyond that a day or a year is mistyped
MOST_CHARGED = 10**12  # minor units


class KindUnknown(Refusal):
    code = "kind_unknown"


class OfAnotherKind(Refusal):
    """A value that says something of another kind of usage."""

    code = "of_another_kind"


class UsageAhead(OutOfRange):
    """It is said to begin later than now."""


class UseTooLong(IntervalInvalid):
    """A ride or a shift of more than a month."""


class UsageDiffers(Refusal):
    """A usage is never changed: one number, one content."""

    code = "usage_differs"

    @classmethod
    def of(cls, number: str) -> UsageDiffers:
        return cls(
            f"external_id {number!r} is known with another content. A usage is never changed: ask staff to correct the claim.",
            field="external_id",
        )


@dataclass(frozen=True)
class UsageRow:
    """One usage as a partner reports it. Instants are aware; `end_at` exclusive, None while it goes on. A lock has `ride`, the
    partner's own number of its ride, and is at `start_at`.
    """

    person_id: int
    service: str
    kind: str
    start_at: datetime
    end_at: datetime | None
    external_id: str
    locked_at: datetime | None = None
    charge_minor: int | None = None
    currency: str = ""  # of the charge
    ride: str = ""


@dataclass(frozen=True)
class RowError:
    """What is wrong with row `row` (from 1)."""

    row: int
    refusal: Refusal

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def field(self) -> str | None:
        return self.refusal.field

    @property
    def message(self) -> str:
        return self.refusal.message


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

    Raises the refusals of `services.instants`, ReferenceUnknown, KindUnknown, OfAnotherKind, UsageDiffers for another content
    under a number (partner, external_id) that is stored already, of a lock those of `ride_locks`, and those of the checks.
    """
    checked = checked_usage(row, listed_service_ids(), now)
    try:
        copied = _insert([checked], partner, now)
    except RowsRefused as refused:
        raise refused.errors[0].refusal from None
    usage = Usage.objects.get(partner=partner, external_id=row.external_id)
    if copied.stored:
        Event.objects.create(at=now, kind="usage_recorded", data={"usage": usage.pk})
    return usage


def copy_usage(*, rows: Iterable[UsageRow], partner: Partner | None, now: datetime) -> Copied:
    """Store many usages by COPY, all or none. Rows that are stored already are counted, not stored again.

    What they cost whom is derived by the workers. Raises RowsRefused with the code of every wrong row.
    """
    services = listed_service_ids()
    checked: list[CheckedUsage] = []
    errors: list[RowError] = []
    for number, row in enumerate(rows, start=1):
        try:
            checked.append(checked_usage(row, services, now))
        except Refusal as refusal:
            errors.append(RowError(number, refusal))
    if errors:
        raise RowsRefused(errors)
    copied = _insert(checked, partner, now)
    if copied.stored:
        data = {"partner": partner.pk if partner else None, "stored": copied.stored, "repeated": copied.repeated}
        Event.objects.create(at=now, kind="usage_copied", data=data)
    return copied


CheckedUsage = tuple[int, int, str, datetime, datetime | None, datetime | None, int | None, str, str, str]  # as COLUMNS
SPANS = ("end_at", "locked_at", "charge_minor", "currency")  # what a lock has not


def checked_usage(row: UsageRow, services: dict[str, int], now: datetime) -> CheckedUsage:
    """What must be true of a usage, whichever way it comes; all but that its person exists, and that a lock fits its ride.
    Raises as `record_usage`.
    """
    start_at, end_at = check_span(row.start_at, row.end_at)
    locked_at = check_optional_instant(row.locked_at, "locked_at")
    if locked_at is not None and not (start_at <= locked_at and (end_at is None or locked_at <= end_at)):
        raise LockOutsideRide(
            f"locked_at is {locked_at.isoformat()}, which is not within the ride. Send the lock that ended it.",
            field="locked_at",
        )
    if row.kind not in UsageKind.values:
        raise KindUnknown(f"kind is {row.kind!r}. Use one of {', '.join(UsageKind.values)}.", field="kind")
    is_lock = row.kind == UsageKind.LOCK
    for name in SPANS if is_lock else ("ride",):
        if getattr(row, name) not in (None, ""):
            raise OfAnotherKind(f"{name} is not said of a {row.kind}. Leave it out.", field=name)
    if is_lock:
        check_not_ahead(start_at, now)
    _check_time(row.kind, start_at, end_at, now)
    if locked_at is not None:
        check_not_ahead(locked_at, now, "locked_at")
    return (
        row.person_id,
        check_service(row.service, services),
        row.kind,
        start_at,
        end_at,
        locked_at,
        _check_charge(row.charge_minor),
        "" if row.charge_minor is None and not row.currency else check_currency(row.currency),
        check_text(row.external_id, "external_id", longest=100, required=True),
        check_text(row.ride, "ride", longest=100, required=is_lock),
    )


def _check_time(kind: str, start_at: datetime, end_at: datetime | None, now: datetime) -> None:
    """Raises UsageAhead, UseTooLong. A subscription may be as long as it likes, and end later than now."""
    latest = now + CLOCKS_DIFFER
    if start_at > latest:
        told = f"start_at is {start_at.isoformat()}, which has not come yet. Send it once it has begun."
        raise UsageAhead(told, field="start_at", about=f"≤ {latest.isoformat(timespec='seconds')}")
    if kind in (UsageKind.RIDE, UsageKind.SHIFT) and end_at is not None and end_at - start_at > LONGEST_USE:
        told = f"A {kind} is at most {LONGEST_USE.days} days long, and this one {(end_at - start_at).days:,}."
        raise UseTooLong(told, field="end_at")


def _check_charge(charge: int | None) -> int | None:
    """Raises what `check_amount` raises."""
    if check_amount(charge, "charge_minor") is not None and charge is not None and charge > MOST_CHARGED:
        raise AmountOutOfRange(f"charge_minor is {charge:,}.", field="charge_minor", about=f"0–{MOST_CHARGED:,}")
    return charge


def _insert(rows: list[CheckedUsage], partner: Partner | None, now: datetime) -> Copied:
    """COPY into a table of this transaction, then INSERT .. SELECT what is new, and make its derivation due.

    Raises RowsRefused for people who do not exist, for locks that do not fit, and for usage that is known otherwise.
    """
    now = check_instant(now, "now")
    _refuse_unfit_locks(rows, partner)
    with transaction.atomic(), connection.cursor() as cursor, incoming_usage(cursor):
        with cursor.copy(f"COPY incoming_usage ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        _refuse_unknown_people(cursor)
        stored, first, last = insert_incoming(cursor, partner_id=partner.pk if partner else None, now=now)
        if stored < len(rows):
            _refuse_other_content(cursor, partner)
        if stored:
            DerivationDue.objects.create(first_usage_id=first, last_usage_id=last, created_at=now)
            hints.write_hint(hints.PLAN_RUNS, now=now)
    return Copied(stored, len(rows) - stored)


def _refuse_unfit_locks(rows: list[CheckedUsage], partner: Partner | None) -> None:
    def stored(numbers: Sequence[str]) -> dict[str, Told]:
        return stored_by_number(partner.pk if partner else None, numbers)

    told = [Told(row[8], row[2], row[0], row[3], row[4], row[9]) for row in rows]
    errors = [RowError(place + 1, refusal) for place, refusal in unfit_locks(told, stored)]
    if errors:
        raise RowsRefused(errors)


def _refuse_other_content(cursor: Any, partner: Partner | None) -> None:
    """A repeated number with another charge or time is no repetition, and dropping it would lose the difference."""
    different = differing(cursor, partner_id=partner.pk if partner else None)
    errors = [RowError(row, UsageDiffers.of(number)) for row, number in different]
    if errors:
        raise RowsRefused(errors)


def _refuse_unknown_people(cursor: Any) -> None:
    cursor.execute(
        """SELECT row, person_id FROM incoming_usage i
            WHERE NOT EXISTS (SELECT 1 FROM accounts_person p WHERE p.id = i.person_id) ORDER BY row"""
    )
    errors = [
        RowError(row, ReferenceUnknown(f"person_id is {person}; there is no such person.", field="person_id"))
        for row, person in cursor.fetchall()
    ]
    if errors:
        raise RowsRefused(errors)
