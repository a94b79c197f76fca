"""Two partners, and the outage with its record."""

from __future__ import annotations

from services.models import Incident
from tests.api.cast import Program
from tests.builders import outage
from tests.worlds import world


@world
def incident(db: None) -> Incident:
    return outage(version=2)


@world
def ours(db: None) -> Program:
    return Program("ours")


@world
def theirs(db: None) -> Program:
    return Program("theirs")
