"""The only door to people. Expects a transaction, opened by the face around it."""

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Person, PersonalData
from accounts.operations.checks import checked_email
from services.instants import check_instant
from services.refusals import InvalidValue
from services.texts import one_line
from services.values import check_values

LOCALES = ("", "ko", "en")


def create_person(
    *,
    now: datetime,
    name: str = "",
    phone: str = "",
    email: str = "",
    locale: str = "",
    public_id: UUID | None = None,
) -> Person:
    """A person who can claim. What names them is kept apart, only if given, and can be erased.

    `locale`: ko or en, of letters; kept with what names them. `public_id` is for data that must have the same ids
    everywhere; by default it is random. Raises InvalidCharacter, InvalidValue, EmailInvalid.
    """
    person = Person(created_at=check_instant(now, "created_at"), public_id=public_id or uuid4())
    data = PersonalData(
        name=one_line(name, "name"),
        phone=one_line(phone, "phone"),
        email=checked_email(email) if email else "",
        locale=locale,
    )
    if locale not in LOCALES:
        raise InvalidValue(f"locale is {locale!r}. Use ko or en, or leave it empty.", field="locale")
    check_values(data)
    person.save(force_insert=True)
    if data.name or data.phone or data.email:
        data.person = person
        data.save(force_insert=True)
    return person
