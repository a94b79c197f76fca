"""What the tests of entering share: a call of somebody, told in few words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.models import Person, User
from claims.operations import Entered, NewPerson, enter_claim
from services.models import Incident
from tests.builders import NOW, told

CALLED = NOW - timedelta(days=3)
HONG = NewPerson("홍길동", phone="010-1234-5678", email="hong@example.org", locale="en")


@transaction.atomic
def entry(person: Person | NewPerson, incident: Incident, by: User, *, received_at: datetime = CALLED, **said: Any) -> Entered:
    """By telephone, three days ago; a loss where nothing else is said."""
    what = said if said.keys() & {"losses", "facts", "message"} else {"losses": [told()], **said}
    return enter_claim(
        person=person, incident=incident, received_at=received_at, entered_by=by, now=NOW,
        **{"key": uuid4(), "channel": "phone", **what},
    )  # fmt: skip
