"""Bodies of requests, read strictly: one JSON object of the shape that was asked for, which can be read in one way only."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from services.instants import OutOfRange
from services.refusals import Refusal
from services.texts import UNSEEN

MOST_BYTES = 1_000_000
MOST_DEEP = 20  # braces and brackets in one another
MOST_DIGITS = 30  # of a number; what a column holds has nineteen
LONGEST_POINTER = 300  # characters; names in a body may be as long as it is
MEDIA_TYPE = "application/json"

_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)

Shape = TypeVar("Shape", bound="Body")


class LengthRequired(Refusal):
    code = "length_required"


class BodyTooLarge(Refusal):
    code = "body_too_large"


class MediaTypeUnsupported(Refusal):
    code = "unsupported_media_type"


class CharsetUnsupported(Refusal):
    code = "unsupported_charset"


class EncodingUnsupported(Refusal):
    code = "unsupported_encoding"


class BodyEmpty(Refusal):
    code = "empty_body"


class BodyUnexpected(Refusal):
    """A body where there is nothing to say: somebody expects more of it than it does."""

    code = "body_unexpected"


class JsonMalformed(Refusal):
    code = "malformed_json"


class JsonTooDeep(Refusal):
    code = "json_too_deep"


class KeyDuplicated(Refusal):
    """Of two values one would be dropped in silence."""

    code = "duplicate_key"


class ObjectExpected(Refusal):
    code = "object_expected"


@dataclass(frozen=True)
class FieldError:
    """What is wrong at one place. `pointer`: RFC 6901, into the body as it was sent; `about`: what would be right."""

    pointer: str
    code: str
    message: str
    about: str = ""


class BodyRefused(Refusal):
    """One or more fields are wrong."""

    code = "body_invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(f"{len(errors)} fields are wrong, the first is {errors[0].pointer}: {errors[0].message}")
        self.errors = list(errors)


class Body(BaseModel):
    """What may be sent: exactly these fields, each of its type. Numbers are no strings, and true is no 1."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def read_body(request: HttpRequest, shape: type[Shape], *, most_bytes: int = MOST_BYTES) -> Shape:
    """The body as this shape. Raises the refusals above; BodyRefused names every wrong field."""
    check_length(request, most_bytes)
    if request.META.get("CONTENT_LENGTH") in (None, "", "0"):
        raise BodyEmpty("The request has no body. Send a JSON object.")
    raw = read_bytes(request, most_bytes=most_bytes)
    check_json(raw)
    try:
        return shape.model_validate_json(raw)
    except ValidationError as invalid:
        raise BodyRefused([_field_error(one) for one in invalid.errors(include_url=False, include_input=True)]) from None


def read_bytes(request: HttpRequest, *, most_bytes: int = MOST_BYTES, media_types: Sequence[str] = (MEDIA_TYPE,)) -> bytes:
    """The body as it came, of one of these types. Raises the refusals above that are not of JSON."""
    check_length(request, most_bytes)
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise EncodingUnsupported("A compressed body is not unpacked. Send it as it is.")
    if request.content_type not in media_types:
        raise MediaTypeUnsupported(f"Send the body as {' or '.join(media_types)}.", about=", ".join(media_types))
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise CharsetUnsupported("Send the body as UTF-8.")
    try:
        return request.body
    except (RequestDataTooBig, RawPostDataException):
        raise BodyTooLarge(f"A body has at most {most_bytes:,} bytes.", about=f"{most_bytes:,}") from None


def check_length(request: HttpRequest, most_bytes: int) -> None:
    """Raises LengthRequired, BodyTooLarge."""
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired("Send the body in one piece, with a Content-Length; one in chunks is not read.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise LengthRequired("Content-Length is no number.")
    if len(length) > 18 or int(length) > most_bytes:
        raise BodyTooLarge(f"A body has at most {most_bytes:,} bytes.", about=f"{most_bytes:,}")


def check_no_body(request: HttpRequest) -> None:
    """Raises BodyUnexpected, LengthRequired, BodyTooLarge."""
    check_length(request, MOST_BYTES)
    if request.META.get("CONTENT_LENGTH") not in (None, "", "0"):
        raise BodyUnexpected("There is nothing to say here. Send no body.")


def check_json(raw: bytes) -> None:
    """One object, in UTF-8 without a mark, without keys that are there twice. Raises JsonMalformed, JsonTooDeep, KeyDuplicated,
    ObjectExpected, OutOfRange.
    """
    if _depth(raw) > MOST_DEEP:
        raise JsonTooDeep(f"The body has more than {MOST_DEEP} levels.", about=str(MOST_DEEP))
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number, parse_int=_number, parse_float=_number
        )
    except UnicodeDecodeError:
        raise JsonMalformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise JsonMalformed(f"The body is no JSON: line {error.lineno}, column {error.colno}.") from None
    if not isinstance(value, dict):
        raise ObjectExpected("The body is no JSON object.")


def _depth(raw: bytes) -> int:
    """How many braces and brackets are open at once at most; those in texts do not count."""
    deepest = depth = 0
    for found in _NESTING.finditer(raw):
        mark = found[0]
        if mark in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in b"]}":
            depth -= 1
    return deepest


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise KeyDuplicated("A name is there twice in one object of the body. Give it once.")
    return found


def _no_number(name: str) -> None:
    raise JsonMalformed(f"{name} is no JSON.")


def _number(text: str) -> str:
    """Only its length is looked at: Python would take a second for a million digits, and the shape reads it again."""
    if len(text) > MOST_DIGITS:
        raise JsonMalformed("The body has a number with too many digits.")
    if text == "-0":  # which is read as 0, and hides that a sign was wrong
        raise OutOfRange("The body has the number -0. Send 0.")
    return text


# Codes of pydantic (https://docs.pydantic.dev/latest/errors/validation_errors/) and ours; ours pass through.
CODES: Mapping[str, str] = {
    "missing": "required", "extra_forbidden": "unknown_field", "string_too_short": "required", "too_short": "required",
    "string_type": "text_expected", "int_type": "integer_expected", "int_from_float": "integer_expected",
    "int_parsing": "integer_expected", "int_parsing_size": "out_of_range", "bool_type": "boolean_expected",
    "list_type": "array_expected", "tuple_type": "array_expected", "dict_type": "object_expected",
    "model_type": "object_expected", "model_attributes_type": "object_expected", "none_required": "null_expected",
    "greater_than_equal": "out_of_range", "less_than_equal": "out_of_range", "greater_than": "out_of_range",
    "less_than": "out_of_range", "string_too_long": "too_long", "too_long": "too_many_items",
    "literal_error": "choice_unknown", "enum": "choice_unknown", "string_pattern_mismatch": "format_invalid",
    "uuid_parsing": "format_invalid", "uuid_type": "text_expected", "string_unicode": "invalid_character",
    "union_tag_invalid": "choice_unknown", "union_tag_not_found": "required", "json_invalid": "malformed_json",
    "url_parsing": "format_invalid", "url_type": "text_expected", "date_type": "format_invalid",
    "date_from_datetime_parsing": "format_invalid", "date_parsing": "format_invalid", "value_error": "value_invalid",
}  # fmt: skip


def _field_error(error: ErrorDetails) -> FieldError:
    kind, told = error["type"], error.get("ctx", {})
    endless = kind == "int_type" and error["input"] in (float("inf"), float("-inf"))  # 1e400
    code = "out_of_range" if endless else CODES.get(kind, kind)
    if kind == "string_pattern_mismatch" and UNSEEN.search(error["input"]):
        code = "invalid_character"
    if kind == "too_long" and isinstance(error["input"], str):
        code = "too_long"
    if kind == "json_invalid":  # what Python reads and this parser does not, like half of a surrogate pair
        return FieldError("#", "invalid_character", "The body has text that is none.")
    about = ", ".join(str(told[name]) for name in ("expected", "ge", "gt", "le", "lt", "max_length", "pattern") if name in told)
    place = error["loc"]
    if kind != "extra_forbidden" and place[-1:] == ("[key]",):  # of a name that is wrong itself
        place = place[:-1]
    return FieldError(pointer_of(place), code, error["msg"], about)


def pointer_of(place: Sequence[str | int]) -> str:
    """As a fragment of the body: `#/losses/0/start_at`."""
    return ("#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place))[:LONGEST_POINTER]
