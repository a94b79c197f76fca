"""Two partners, and the outage with its record."""

from __future__ import annotations

from typing import Any

import pytest

from services import clock
from services.models import Incident
from services.operations import begin_clock
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


@pytest.fixture
def sandbox(db: None, settings: Any) -> None:
    """This is one, and its clock shows the real time."""
    settings.SANDBOX = True
    begin_clock(now=clock.real())
