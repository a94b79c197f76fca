from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from accounts.models import Person
from services.models import Incident
from tests.builders import a_person, outage
from tests.mail_cast import mail_server
from tests.services.conftest import allowed, resolve, serve  # noqa: F401 - fixtures


@pytest.fixture
def incident(db: None) -> Incident:
    """15 October under version 1 of the record."""
    return outage()


@pytest.fixture
def person(db: None) -> Person:
    return a_person()


@pytest.fixture
def server() -> Iterator[list[EmailMessage]]:
    """What a mail server on this machine took."""
    with mail_server() as mails:
        yield mails
