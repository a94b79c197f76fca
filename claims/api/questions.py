"""What a query string asks for, read or refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from rest_framework.request import Request

from services.instants import parse_rfc3339
from services.refusals import InvalidCharacter, Refusal
from services.texts import UNSEEN

LONGEST = 100


class ParameterMissing(Refusal):
    code = "parameter_missing"


class ChoiceUnknown(Refusal):
    code = "choice_unknown"


class ParameterTooLong(Refusal):
    code = "too_long"


def text_asked(request: Request, name: str) -> str | None:
    """Raises InvalidCharacter, ParameterTooLong."""
    value = request.GET.get(name)
    if value is None:
        return None
    if UNSEEN.search(value):
        raise InvalidCharacter(f"{name} has a character that cannot be seen.", field=name)
    if len(value) > LONGEST:
        raise ParameterTooLong(f"{name} has at most {LONGEST} characters.", field=name, about=str(LONGEST))
    return value


def number_asked(request: Request, columns: Mapping[str, str]) -> dict[str, str]:
    """By exactly this value of each column whose parameter is given."""
    return {column: value for name, column in columns.items() if (value := text_asked(request, name)) is not None}


def choice_asked(request: Request, name: str, known: Iterable[str]) -> str | None:
    """Raises ChoiceUnknown."""
    value, listed = text_asked(request, name), list(known)
    if value is not None and value not in listed:
        raise ChoiceUnknown(f"{name} is one of {', '.join(listed)}.", field=name, about=", ".join(listed))
    return value


def instant_asked(request: Request, name: str) -> datetime | None:
    """In UTC. Raises what `parse_rfc3339` raises."""
    value = text_asked(request, name)
    return None if value is None else parse_rfc3339(value, name)
