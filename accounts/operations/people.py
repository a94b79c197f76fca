"""The only door to people. Expects a transaction, opened by the face around it."""

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Person, PersonalData
from accounts.operations.checks import checked_email
from services.instants import check_instant
from services.texts import normalised
from services.values import check_values


def create_person(*, now: datetime, name: str = "", phone: str = "", email: str = "", public_id: UUID | None = None) -> Person:
    """A person who can claim. What names them is kept apart, only if given, and can be erased.

    `public_id` is for data that must have the same ids everywhere; by default it is random.
    """
    person = Person(created_at=check_instant(now, "created_at"), public_id=public_id or uuid4())
    data = PersonalData(
        name=normalised(name, "name"),
        phone=normalised(phone, "phone"),
        email=checked_email(email) if email else "",
    )
    check_values(data)
    person.save(force_insert=True)
    if data.name or data.phone or data.email:
        data.person = person
        data.save(force_insert=True)
    return person
