"""What every stored value is asked before it is stored. Each returns the value or raises a coded refusal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from babel.core import get_global

from claims.eligibility import FACT_BOUNDS, UNPRINTABLE
from claims.operations.refusals import (
    AmountOutOfRange,
    CurrencyUnknown,
    IntegerExpected,
    ReferenceUnknown,
    Required,
    ValueTooLong,
)
from services.models import Service
from services.names import UNLISTED
from services.prepared import prepared_cursor
from services.refusals import InvalidCharacter
from services.resident_numbers import without_resident_numbers
from services.texts import normalised

# What was legal tender somewhere since 2000, by the CLDR, which keeps the list of ISO 4217: none for tests (XTS), for no money
# (XXX) or of metals, and none that was gone before any instant that is taken.
CURRENCIES: Final = frozenset(
    code
    for used in get_global("territory_currencies").values()
    for code, _, until, is_tender in used
    if is_tender and (until is None or until >= (2000, 1, 1))
)


def check_amount(value: int | None, field: str) -> int | None:
    """Minor units, within what the engine computes with. Raises IntegerExpected, AmountOutOfRange."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise IntegerExpected(f"{field} is {value!r}. Give a whole number.", field=field)
    low, high = FACT_BOUNDS["money"]
    if not low <= value <= high:
        told = f"{field} is {value}. An amount in minor units lies between {low} and {high:,}."
        raise AmountOutOfRange(told, field=field, about=f"{low:,}–{high:,}")
    return value


def check_currency(value: str, field: str = "currency") -> str:
    """By its code of ISO 4217. Raises CurrencyUnknown."""
    if value not in CURRENCIES:
        raise CurrencyUnknown(f"{field} is {value!r}. Give a code of ISO 4217, like KRW.", field=field)
    return value


def check_text(value: str, field: str, *, longest: int, required: bool = False) -> str:
    """Raises InvalidCharacter, ValueTooLong, Required."""
    if UNPRINTABLE.search(value):
        raise InvalidCharacter(f"{field} holds a control character or half a surrogate pair. Send plain text.", field=field)
    if len(value) > longest:
        raise ValueTooLong(f"{field} has {len(value)} characters; at most {longest} are kept.", field=field)
    if required and not value.strip():
        raise Required(f"{field} is empty.", field=field)
    return value


def check_prose(value: str, field: str, *, longest: int, required: bool = False) -> str:
    """What somebody writes in their own words, in lines that end in a line feed. Resident registration numbers are masked.

    Raises InvalidValue, InvalidCharacter, ValueTooLong, Required.
    """
    plain = normalised(without_resident_numbers(value.replace("\r\n", "\n")), field)
    check_text(plain.replace("\n", " ").replace("\t", " "), field, longest=longest, required=required)
    return plain


def check_service(code: str, services: dict[str, int], field: str = "service") -> int:
    """The id of a service by its dotted code. Raises ReferenceUnknown."""
    if code not in services:
        raise ReferenceUnknown(f"{field} is {code!r}, which is no service we know. See the list of services.", field=field)
    return services[code]


def service_ids(codes: Collection[str] | None = None) -> dict[str, int]:
    """Ids by code, of all services or of these, in one query."""
    if codes is None:
        return dict(Service.objects.order_by().values_list("code", "pk"))
    with prepared_cursor() as cursor:
        cursor.execute("SELECT code, id FROM services_service WHERE code = ANY(%s::text[])", [list(codes)])
        return dict(cursor.fetchall())


def listed_service_ids() -> dict[str, int]:
    """Without what is in no list: of that there is no use."""
    return {code: pk for code, pk in service_ids().items() if code != UNLISTED}
