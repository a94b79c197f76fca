"""Kinds of values in bodies: each with its check, its codes, and how the API's description names it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.instants import check_instant, parse_rfc3339
from services.refusals import InvalidCharacter, Refusal
from services.texts import LONGEST_EMAIL, NOT_IN_ONE_LINE, UNSEEN, check_line


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):  # of ours, in an answer
        return check_instant(value, "instant")
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_format", "This is no instant.")
    try:
        return parse_rfc3339(value, "instant")
    except Refusal as refusal:
        raise PydanticCustomError(refusal.code, "This is no instant with an offset, from 2000 to before 2100.") from None


def _seen(value: str) -> str:
    if UNSEEN.search(value):
        raise PydanticCustomError("invalid_character", "This has a character that cannot be seen.")
    return value


def seen_line(value: str) -> str:
    """Raises PydanticCustomError of what is not in one line, or cannot be seen."""
    try:
        return check_line(value, "text")
    except InvalidCharacter as refusal:
        raise PydanticCustomError(refusal.code, "This has a character that cannot be seen, or an end of line.") from None


def _address(value: str) -> str:
    if len(value) > LONGEST_EMAIL or NOT_IN_ONE_LINE.search(value):
        raise PydanticCustomError("email_format", "This is no e-mail address.")
    return value


def _something(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("required", "This says nothing.")
    return value


def said_instant(value: datetime) -> str:
    """In UTC, like 2022-10-15T06:30:00Z; parts of a second only where there are any."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(said_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2022-10-15T15:30:00+09:00"]}),
]
"""An instant with its offset, from 2000 to before 2100."""

Line = Annotated[str, AfterValidator(seen_line)]
"""Text in one line; may be empty."""

Name = Annotated[str, Field(max_length=100), AfterValidator(seen_line), AfterValidator(_something)]
"""What somebody or something is called; not empty."""

Email = Annotated[str, AfterValidator(_address), WithJsonSchema({"type": "string", "maxLength": LONGEST_EMAIL})]
"""An e-mail address, as far as it can be seen without looking closer; may be empty."""

Url = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(seen_line), AfterValidator(_something)]
"""Of a server of theirs; looked at where it is kept."""

Key = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(seen_line), AfterValidator(_something)]
"""Of an incident."""

Prose = Annotated[str, AfterValidator(_seen)]
"""Text with ends of lines; may be empty."""

NAME_OF_CODE = r"^[a-z][a-z0-9_.]*$"
LONGEST_CODE = 60
Code = Annotated[str, Field(max_length=LONGEST_CODE, pattern=NAME_OF_CODE)]
"""Of a service, a policy or a fact."""

OwnNumber = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(seen_line), AfterValidator(_something)]
"""The caller's own number of something, kept exactly."""
