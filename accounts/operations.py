"""The only doors to people, log-ins, roles and partners. Each expects a transaction, opened by the face around it."""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.logins import normalised_email
from accounts.models import Partner, Person, PersonalData, Role, RoleGrant, User
from services.instants import check_instant
from services.refusals import Refusal, Unknown
from services.texts import normalised
from services.values import check_values


class EmailInvalid(Refusal):
    code = "email_invalid"


class EmailTaken(Refusal):
    code = "email_taken"


class UnknownRole(Refusal):
    code = "unknown_role"


class UnknownUser(Unknown):
    code = "unknown_user"


class PartnerCodeInvalid(Refusal):
    code = "partner_code_invalid"


class PartnerDiffers(Refusal):
    code = "partner_differs"


def create_person(*, now: datetime, name: str = "", phone: str = "", email: str = "", public_id: UUID | None = None) -> Person:
    """A person who can claim. What names them is kept apart, only if given, and can be erased.

    `public_id` is for data that must have the same ids everywhere; by default it is random.
    """
    person = Person(created_at=check_instant(now, "created_at"), public_id=public_id or uuid4())
    data = PersonalData(
        name=normalised(name, "name"),
        phone=normalised(phone, "phone"),
        email=_checked_email(email) if email else "",
    )
    check_values(data)
    person.save(force_insert=True)
    if data.name or data.phone or data.email:
        data.person = person
        data.save(force_insert=True)
    return person


def create_staff(
    *,
    email: str,
    password: str,
    roles: Iterable[str],
    now: datetime,
    locale: str = User.Locale.KOREAN,
    granted_by: User | None = None,
) -> User:
    """A member of staff who can log in, with these roles. Raises EmailInvalid, EmailTaken, UnknownRole."""
    address, granted_at = _checked_email(email), check_instant(now, "granted_at")
    granted = sorted(set(roles))
    for role in granted:
        if role not in Role.values:
            raise UnknownRole(f"There is no role {role!r}; known: {', '.join(Role.values)}.", field="roles")
    if User.objects.filter(email=address).exists():
        raise EmailTaken(f"There is already a log-in with the address {address}.", field="email")
    user = User(email=address, locale=locale, is_staff=True)
    check_values(user, "password")
    user.set_password(password)
    user.save(force_insert=True)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=granted_at, granted_by=granted_by) for role in granted
    )
    return user


def change_password(*, email: str, password: str) -> User:
    """Raises UnknownUser."""
    user = User.objects.select_for_update().filter(email=normalised_email(email)).first()
    if user is None:
        raise UnknownUser(f"There is no log-in with the address {email}.", field="email")
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def register_partner(*, code: str, name_ko: str, name_en: str) -> Partner:
    """A company that sends usage. Registering the same again returns it; raises PartnerDiffers for other names."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{1,49}", code):
        raise PartnerCodeInvalid(
            f"The partner code {code!r} must be 2 to 50 of a-z, 0-9, _ and -, beginning with a letter.", field="code"
        )
    names = {"name_ko": normalised(name_ko, "name_ko"), "name_en": normalised(name_en, "name_en")}
    check_values(Partner(code=code, **names))
    partner, _ = Partner.objects.get_or_create(code=code, defaults=names)
    if (partner.name_ko, partner.name_en) != (names["name_ko"], names["name_en"]):
        raise PartnerDiffers(f"The partner {code} is registered as {partner.name_en} ({partner.name_ko}).", field="code")
    return partner


def _checked_email(address: str) -> str:
    kept = normalised_email(normalised(address, "email"))
    try:
        validate_email(kept)
    except ValidationError as error:
        raise EmailInvalid(f"{address!r} is not an e-mail address. Write it like name@example.org.", field="email") from error
    return kept
