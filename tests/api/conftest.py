"""Two partners, and the outage with its record."""

from __future__ import annotations

import pytest

from services.models import Incident
from tests.api.cast import Program
from tests.builders import outage


@pytest.fixture
def incident(db: None) -> Incident:
    return outage(version=2)


@pytest.fixture
def ours(db: None) -> Program:
    return Program("ours")


@pytest.fixture
def theirs(db: None) -> Program:
    return Program("theirs")
