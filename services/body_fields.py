"""Kinds of values in bodies: each with its check, its codes, and how the API's description names it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.instants import check_instant
from services.refusals import Refusal

# RFC 3339: the profile of ISO 8601 for programs. A second of 60 or an hour of 24 is none that can be counted from.
INSTANT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
    r"(?P<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?",
    re.ASCII,
)
# What cannot be seen, turns the direction of what stands beside it, or stands where something was lost (U+FFFD): a reader
# would not see what is stored.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffd\ud800-\udfff\U000e0000-\U000e0fff]"
)
LINE_ENDS = re.compile("[\t\n\r]")


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):  # of ours, in an answer
        return check_instant(value, "instant")
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_format", "This is no instant.")
    found = INSTANT.fullmatch(value)
    if found is None:
        raise PydanticCustomError("datetime_format", "This is no instant like 2022-10-15T15:30:00+09:00.")
    if found["zone"] is None:
        raise PydanticCustomError("timezone_required", "This has no offset, like +09:00 or Z.")
    try:
        return check_instant(datetime.fromisoformat(value), "instant")
    except ValueError:  # 30 February
        raise PydanticCustomError("datetime_format", "There is no such day.") from None
    except (Refusal, OverflowError):
        raise PydanticCustomError("out_of_range", "This is not from 2000 to before 2100.") from None


def _seen(value: str) -> str:
    if UNSEEN.search(value):
        raise PydanticCustomError("invalid_character", "This has a character that cannot be seen.")
    return value


def seen_line(value: str) -> str:
    """Raises PydanticCustomError of what is not in one line, or cannot be seen."""
    if LINE_ENDS.search(value):
        raise PydanticCustomError("invalid_character", "This has a tab or an end of line.")
    return _seen(value)


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
