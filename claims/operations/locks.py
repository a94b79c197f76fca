"""Advisory locks, held until the transaction ends. Taken before any row lock, incidents in the order of their ids."""

from __future__ import annotations

from typing import Literal

from django.db import connection

SWEEP = 7300
INCIDENT = {"plan": 7301, "derive": 7302}


def lock_incident(incident_id: int, work: Literal["plan", "derive"]) -> None:
    """Wait until nobody else does this work for the incident. A statement of its own: what comes after sees its effects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [INCIDENT[work], incident_id])


def try_lock_sweep() -> bool:
    """False when another sweep is under way: two beats are harmless."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [SWEEP])
        return bool(cursor.fetchone()[0])
