"""Advisory locks, held until the transaction ends. Taken before any row lock, incidents in the order of their ids."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.db import connection

from accounts.logins import normalised_email
from services.prepared import prepared_cursor

EverybodysWork = Literal["sweep", "chase", "derivation", "disputes", "comparisons", "chain", "twins", "tallies", "chain check"]
EVERYBODY: dict[EverybodysWork, int] = {
    "sweep": 7300,
    "chase": 7303,
    "derivation": 7304,
    "disputes": 7305,
    "comparisons": 7306,
    "chain": 7307,
    "twins": 7309,
    "tallies": 7320,
    "chain check": 7321,
}
INCIDENT = {"plan": 7301, "derive": 7302, "twins": 7310}
ENTERING = 7322
REACHING = 7323
SENDING, IMPORTING = 7330, 7331
DECIDING = 7308  # by rule, under a policy: many do it at once, and who pauses it waits until all have done


def lock_incident(incident_id: int, work: Literal["plan", "derive", "twins"]) -> None:
    """Wait until nobody else does this work for the incident. A statement of its own: what comes after sees its effects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [INCIDENT[work], incident_id])


def try_lock(work: EverybodysWork) -> bool:
    """False when another process does this work: two beats are harmless."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [EVERYBODY[work]])
        return bool(cursor.fetchone()[0])


def lock_policy(policy_id: int, *, alone: bool) -> None:
    """Decide by rule under a policy (together with others), or change whether that is done (alone)."""
    shared = "" if alone else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s, %s)", [DECIDING, policy_id])


def lock_entry(key: UUID) -> None:
    """Wait until nobody else enters something under this key, or under one of 2,147,483,648 that has the same lock."""
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ENTERING, key.int & 0x7FFFFFFF])


def lock_address(address: str) -> None:
    """Wait until nobody else writes to this e-mail address, or to one with the same lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [REACHING, normalised_email(address)])


def lock_sending(partner_id: int) -> None:
    """Wait until nobody else begins an import of this partner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SENDING, partner_id])


def try_import(import_id: int) -> bool:
    """False when another process is at this file, which is one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [IMPORTING, import_id])
        return bool(cursor.fetchone()[0])


def take_time(seconds: int) -> None:
    """This transaction may do work on many rows at once: its statements are bounded by minutes, not by those of a request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])


def see_one_instant() -> None:
    """This transaction reads the database as it is now, whatever others commit meanwhile.

    Its first statement, or nothing: a transaction inside another one sees what that one sees.
    """
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
