"""The only door to people. Expects a transaction, opened by the face around it."""

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Person, PersonalData
from accounts.operations.checks import checked_email, checked_phone
from accounts.operations.payees import lock_person
from services.instants import check_instant
from services.refusals import InvalidValue, Refusal
from services.resident_numbers import check_no_resident_number
from services.texts import one_line
from services.values import check_values

LOCALES = ("", "ko", "en")


class PersonDiffers(Refusal):
    """What names somebody is not replaced by whoever knows their number."""

    code = "person_differs"


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
    data = _checked(name, phone, email, locale)
    person.save(force_insert=True)
    _keep(person, data)
    return person


def name_person(*, person: Person, name: str, email: str, phone: str = "", locale: str = "") -> None:
    """What names somebody who had nothing but a number so far; the same again changes nothing.

    Raises PersonDiffers, InvalidCharacter, InvalidValue, EmailInvalid, PhoneInvalid, ResidentNumber.
    """
    for value, field in ((name, "name"), (email, "email"), (phone, "phone")):
        check_no_resident_number(value, field)
    data = _checked(name, checked_phone(phone), email, locale)
    lock_person(person.pk)
    known = PersonalData.objects.filter(person=person).first()
    if known is None:
        _keep(person, data)
    elif any(getattr(known, part) != getattr(data, part) for part in ("name", "phone", "email")):
        raise PersonDiffers("This person is known by another name or address already.", field="claimant")


def _checked(name: str, phone: str, email: str, locale: str) -> PersonalData:
    data = PersonalData(
        name=one_line(name, "name"),
        phone=one_line(phone, "phone"),
        email=checked_email(email) if email else "",
        locale=locale,
    )
    if locale not in LOCALES:
        raise InvalidValue(f"locale is {locale!r}. Use ko or en, or leave it empty.", field="locale")
    check_values(data)
    return data


def _keep(person: Person, data: PersonalData) -> None:
    if data.name or data.phone or data.email:
        data.person = person
        data.save(force_insert=True)
