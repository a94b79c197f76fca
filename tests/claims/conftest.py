import pytest

from accounts.models import Person
from services.models import Incident
from tests.builders import a_person, outage


@pytest.fixture
def incident(db: None) -> Incident:
    """15 October under version 1 of the record."""
    return outage()


@pytest.fixture
def person(db: None) -> Person:
    return a_person()
