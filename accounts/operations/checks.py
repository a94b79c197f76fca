"""What is asked of what people type in, before it is stored."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.logins import ascii_domain, normalised_email
from accounts.models import Role
from services.refusals import Refusal
from services.resident_numbers import check_no_resident_number
from services.texts import LONGEST_EMAIL, normalised

MANAGERS = (Role.MANAGER,)
LONGEST_NOTE = 2000
TELEPHONE = re.compile(r"\+?[0-9() -]+")
DASH = re.compile("[\u2010-\u2015\u2212\u30fc\u1173.·]")  # ㅡ, as NFKC has it, is beside the dash of a Korean keyboard


class EmailInvalid(Refusal):
    code = "email_format"


class PhoneInvalid(Refusal):
    code = "phone_invalid"


class NoteRequired(Refusal):
    code = "note_required"


class NoteTooLong(Refusal):
    code = "note_too_long"


class UnknownRole(Refusal):
    code = "unknown_role"


class RolesConflict(Refusal):
    """The manager holds no other role of staff."""

    code = "roles_conflict"


def checked_email(address: str) -> str:
    """One mailbox has one spelling, or no limit by address would hold: so none is taken with quotes or backslashes, with an IP
    address for a domain, with a domain that cannot be asked for, or like `=?utf-8?q?a?=@example.org`, which is sent to
    a@example.org. `a+b@example.org` is another address than `a@example.org`; that one server puts both in one box is its own.

    Raises ResidentNumber, InvalidValue, EmailInvalid.
    """
    check_no_resident_number(address, "email")
    kept = normalised_email(normalised(address, "email"))
    try:
        if "=?" in kept or set('"\\[') & set(kept) or len(kept) > LONGEST_EMAIL:
            raise ValidationError("an encoded word, another way to write an address, or too long")
        ascii_domain(kept.rpartition("@")[2])
        validate_email(kept)
    except (ValidationError, UnicodeError) as error:
        raise EmailInvalid(f"{address!r} is not an e-mail address. Write it like name@example.org.", field="email") from error
    return kept


def checked_phone(number: str) -> str:
    """In plain digits and dashes, whichever keyboard it was typed on; copied numbers bring signs of direction, and the dot of a
    sentence. Of any country, 8 to 15 digits; empty stays empty. Staff dial it; claims/keys.py compares numbers.

    Raises PhoneInvalid.
    """
    seen = (one for one in unicodedata.normalize("NFKC", number) if unicodedata.category(one) != "Cf")
    plain = DASH.sub("-", " ".join("".join(seen).split()))
    digits = sum(map(str.isdigit, plain))
    if plain and not (TELEPHONE.fullmatch(plain) and 8 <= digits <= 15):
        raise PhoneInvalid("This is no telephone number. Write it like 010-1234-5678, with 8 to 15 digits.", field="phone")
    return plain.rstrip("- ")


def checked_note(note: str, *, required: bool = True) -> str:
    """Raises NoteRequired, NoteTooLong, ResidentNumber."""
    check_no_resident_number(note, "note")
    kept = normalised(note, "note")
    if required and not kept:
        raise NoteRequired("note is empty. Say in a few words why.", field="note")
    if len(kept) > LONGEST_NOTE:
        raise NoteTooLong(f"note has {len(kept):,} characters; at most {LONGEST_NOTE:,} are kept.", field="note")
    return kept


def checked_roles(roles: Iterable[str], field: str = "roles") -> list[str]:
    """In order, each once. Raises UnknownRole."""
    kept = sorted(set(roles))
    for role in kept:
        if role not in Role.values:
            raise UnknownRole(f"There is no role {role!r}; known: {', '.join(Role.values)}.", field=field)
    return kept


def check_together(roles: Iterable[str]) -> None:
    """Whether one user may hold all of these. Raises RolesConflict."""
    others = sorted(set(roles) - {Role.MANAGER, Role.CLAIMANT})
    if Role.MANAGER in roles and others:
        told = f"Who is manager is nothing else; take away {', '.join(others)}, or leave manager out."
        raise RolesConflict(told, field="roles")
