"""Kinds of values in bodies: each with its check, its codes, and how the API's description names it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.instants import check_instant, parse_rfc3339
from services.refusals import InvalidCharacter, Refusal

# What cannot be seen, turns the direction of what stands beside it, or stands where something was lost (U+FFFD): a reader
# would not see what is stored.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffd\ud800-\udfff\U000e0000-\U000e0fff]"
)
LINE_ENDS = re.compile("[\t\n\r]")
ESCAPED = re.compile(f"{UNSEEN.pattern}|{LINE_ENDS.pattern}")


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):  # of ours, in an answer
        return check_instant(value, "instant")
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_format", "This is no instant.")
    try:
        return parse_rfc3339(value, "instant")
    except Refusal as refusal:
        raise PydanticCustomError(refusal.code, "This is no instant with an offset, from 2000 to before 2100.") from None


def check_line(value: str, field: str) -> str:
    """Text in one line, all of which is seen. Raises InvalidCharacter."""
    if UNSEEN.search(value) or LINE_ENDS.search(value):
        raise InvalidCharacter(f"{field} has a character that cannot be seen, or an end of line.", field=field)
    return value


def escaped(value: str) -> str:
    """As it is repeated to whoever sent it, also where it may not be stored: what is not seen as its number."""
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", value)


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

Prose = Annotated[str, AfterValidator(_seen)]
"""Text with ends of lines; may be empty."""

NAME_OF_CODE = r"^[a-z][a-z0-9_.]*$"
LONGEST_CODE = 60
Code = Annotated[str, Field(max_length=LONGEST_CODE, pattern=NAME_OF_CODE)]
"""Of a service, a policy or a fact."""

OwnNumber = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(seen_line), AfterValidator(_something)]
"""The caller's own number of something, kept exactly."""
