"""Lock events: usages of an instant, each of the ride that it names by the partner's own number. Whether one fits its ride,
as far as that is known when it comes; a ride that nobody has told of yet may come later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from claims.models import UsageKind
from services.refusals import Refusal

CLOCKS_DIFFER = timedelta(minutes=5)  # at most, between us and a bike


class LockOutsideRide(Refusal):
    """A bill computed up to a lock before the ride would be below zero, and the whole charge would be paid back."""

    code = "lock_outside_ride"


class LockInFuture(Refusal):
    code = "lock_in_the_future"


class RideOfAnotherPerson(Refusal):
    code = "ride_of_another_person"


class NotARide(Refusal):
    code = "not_a_ride"


class Told(NamedTuple):
    """What of a usage says whether it fits. `person`: by our id, or by the partner's number; None once erased."""

    number: str
    kind: str
    person: int | str | None
    start_at: datetime
    end_at: datetime | None
    ride: str


def check_not_ahead(locked_at: datetime, now: datetime, field: str = "start_at") -> None:
    """Raises LockInFuture."""
    if locked_at > now + CLOCKS_DIFFER:
        raise LockInFuture(f"{field} is {locked_at.isoformat()}, which has not come yet.", field=field)


def unfit_locks(rows: Sequence[Told], stored: Callable[[Sequence[str]], Mapping[str, Told]]) -> Iterator[tuple[int, Refusal]]:
    """Place and refusal of each lock that is new and names something else than a ride of its person at its time, whether the
    ride is stored or among the rows.
    """
    locks = [(place, row) for place, row in enumerate(rows) if row.kind == UsageKind.LOCK]
    known = stored(sorted({number for _, lock in locks for number in (lock.number, lock.ride)})) if locks else {}
    beside = {row.number: row for row in rows} if locks else {}
    for place, lock in locks:
        ride = known.get(lock.ride) or beside.get(lock.ride)
        refusal = None if ride is None or lock.number in known else _unfit(lock, ride)
        if refusal is not None:
            yield place, refusal


def _unfit(lock: Told, ride: Told) -> Refusal | None:
    if ride.kind != UsageKind.RIDE:
        return NotARide(f"{lock.ride!r} is the number of a {ride.kind}. Send that of the ride.", field="ride")
    if ride.person != lock.person:
        return RideOfAnotherPerson(f"Somebody else had the ride {lock.ride!r}. Send its person.", field="ride")
    if lock.start_at < ride.start_at or (ride.end_at is not None and lock.start_at > ride.end_at):
        return LockOutsideRide(
            f"start_at is {lock.start_at.isoformat()}, which is not within the ride {lock.ride!r}.", field="start_at"
        )
    return None


def stored_by_number(partner_id: int | None, numbers: Sequence[str], *, person: str = "u.person_id") -> dict[str, Told]:
    """Usage of the partner. `person`: in SQL, what names the person of the usage `u`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT u.external_id, u.kind, {person}, u.start_at, u.end_at, u.ride FROM claims_usage u
                 WHERE u.partner_id {"IS NULL" if partner_id is None else "= %(partner)s"}
                   AND u.external_id = ANY(%(numbers)s)""",  # noqa: S608 - constants
            {"partner": partner_id, "numbers": list(numbers)},
        )
        return {row[0]: Told(*row) for row in cursor.fetchall()}
