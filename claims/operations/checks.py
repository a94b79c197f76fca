"""What every stored value is asked before it is stored. Each returns the value or raises a coded refusal."""

from __future__ import annotations

import re

from claims.operations.refusals import (
    AmountOutOfRange,
    CurrencyUnknown,
    IntegerExpected,
    InvalidCharacter,
    ReferenceUnknown,
    Required,
    ValueTooLong,
)
from services.models import Service

BIGINT_MAX = 2**63 - 1
BIGINT_MIN = -(2**63)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def check_amount(value: int | None, field: str) -> int | None:
    """Minor units, not below zero. Raises IntegerExpected, AmountOutOfRange."""
    if value is None:
        return None
    check_integer(value, field)
    if value < 0:
        raise AmountOutOfRange(f"{field} is {value}. An amount in minor units is zero or more.", field=field)
    return value


def check_integer(value: int, field: str) -> int:
    """A whole number of 64 bits; no bool. Raises IntegerExpected, AmountOutOfRange."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise IntegerExpected(f"{field} is {value!r}. Give a whole number.", field=field)
    if not BIGINT_MIN <= value <= BIGINT_MAX:
        raise AmountOutOfRange(f"{field} is {value}, which does not fit into 64 bits.", field=field)
    return value


def check_currency(value: str, field: str = "currency") -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise CurrencyUnknown(f"{field} is {value!r}. Give three capital letters, like KRW.", field=field)
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


def check_service(code: str, services: dict[str, int], field: str = "service") -> int:
    """The id of a service by its dotted code. Raises ReferenceUnknown."""
    if code not in services:
        raise ReferenceUnknown(f"{field} is {code!r}, which is no service we know. See the list of services.", field=field)
    return services[code]


def service_ids() -> dict[str, int]:
    return dict(Service.objects.values_list("code", "pk"))
