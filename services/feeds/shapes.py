"""Strict JSON, checked against pydantic shapes; every refusal names the JSON path.

Fields beyond the shape are let through, because feeds grow. What a duplicate key, NaN or
a word outside the documented ones means, nobody can say: those are refused.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from services.feeds import refused
from services.feeds.refused import FeedDuplicate, FeedRefused, shown_value
from services.feeds.times import instant_of
from services.refusals import InvalidValue
from services.texts import normalised

LONGEST_ID = 100

Placed = TypeVar("Placed")
Shape = TypeVar("Shape", bound=BaseModel)
_BY_CODE = {kind.code: kind for kind in vars(refused).values() if isinstance(kind, type) and issubclass(kind, FeedRefused)}


class Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


def refused_here(refusal: FeedRefused) -> PydanticCustomError:
    """Pydantic knows the path and this refusal does not: it travels as an error, and is raised again with the path."""
    # Its message is a template to pydantic, so braces of the file must not reach it.
    return PydanticCustomError("feed", "{message}", {"message": refusal.message, "code": refusal.code})


def _kept(text: str) -> str:
    try:
        return normalised(text, "")
    except InvalidValue as error:
        told = refused.FeedTextInvalid("has characters that are not text. Send it as plain UTF-8.")
        raise refused_here(told) from error


def _identifier(text: str) -> str:
    if not 1 <= len(text) <= LONGEST_ID:
        raise refused_here(FeedRefused(f"is {shown_value(text)}. An id has 1 to {LONGEST_ID} characters; correct it."))
    return text


def _web_address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise refused_here(FeedRefused(f"is {shown_value(text)}, which is not a web address. Give one with https://."))
    return text


def _instant(value: object) -> datetime:
    try:
        return instant_of(value, "")
    except FeedRefused as refusal:
        raise refused_here(refusal) from refusal


def _local_instant(value: object, info: ValidationInfo) -> datetime:
    try:
        return instant_of(value, "", info.context, local=True)
    except FeedRefused as refusal:
        raise refused_here(refusal) from refusal


# A list of a million wrong rows is refused for its first, before a million errors are made.
Listed = Annotated[list[Placed], Field(fail_fast=True)]
Text = Annotated[str, AfterValidator(_kept)]
Id = Annotated[Text, AfterValidator(_identifier)]
WebAddress = Annotated[Text, AfterValidator(_web_address)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
LocalInstant = Annotated[datetime, BeforeValidator(_local_instant)]  # the zone is the context


def word_of(known: Mapping[str, object]) -> AfterValidator:
    """Only the words that upstream documents."""

    def check(word: str) -> str:
        if word not in known:
            words = ", ".join(known)
            raise refused_here(
                refused.FeedWordUnknown(
                    f"is {shown_value(word)}, whose meaning is not known. Known are {words}; leave the item out, or have "
                    "the word added."
                )
            )
        return word

    return AfterValidator(check)


def json_document(body: bytes) -> Any:
    """The JSON value of `body`. Raises FeedRefused, FeedDuplicate."""
    flaws: list[_Flaw] = []
    try:
        document = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=lambda pairs: _object(pairs, flaws),
            parse_constant=lambda constant: _flaw(flaws, FeedRefused, f"is {constant}, which is not JSON"),
        )
    except UnicodeDecodeError as error:
        raise FeedRefused(f"The file is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except RecursionError as error:
        raise FeedRefused("The file is nested too deeply for a feed. Send what the status page itself serves.") from error
    except ValueError as error:
        raise FeedRefused(f"The file is not JSON: {error}. Send what the status page itself serves.") from error
    if flaws:
        place, flaw = _find_flaw(document)
        raise flaw.kind(f"{place or 'The file'} {flaw.message}. Send what the status page itself serves.", field=place or None)
    return document


@dataclass(frozen=True)
class _Flaw:
    """Stands in the document where something must not be, until its path is known."""

    kind: type[FeedRefused]
    message: str


def _flaw(flaws: list[_Flaw], kind: type[FeedRefused], message: str) -> _Flaw:
    flaws.append(_Flaw(kind, message))
    return flaws[-1]


def _object(pairs: list[tuple[str, Any]], flaws: list[_Flaw]) -> Any:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
    return _flaw(flaws, FeedDuplicate, f"has the name {shown_value(twice)} twice")


def _find_flaw(document: Any) -> tuple[str, _Flaw]:
    """Without recursion, since the document may be nested as deeply as the parser just bears."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while True:
        path, value = waiting.pop()
        if isinstance(value, _Flaw):
            return json_path(path), value
        if isinstance(value, dict):
            waiting.extend(((*path, name), inner) for name, inner in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, place), inner) for place, inner in enumerate(value))


def json_path(steps: tuple[str | int, ...]) -> str:
    """incidents[0].incident_updates[2].id"""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def shaped(shape: type[Shape], document: Any, *, place: str = "", zone: ZoneInfo | None = None) -> Shape:
    """`document`, which stands at `place` of the file, as `shape`. Raises FeedRefused or a kind of it."""
    try:
        return shape.model_validate(document, context=zone)
    except ValidationError as error:
        raise _refusal(error, place) from error


def _refusal(error: ValidationError, place: str) -> FeedRefused:
    first = error.errors(include_url=False)[0]
    path = json_path(first["loc"])
    path = f"{place}{path}" if path.startswith("[") else ".".join(filter(None, (place, path)))
    context = first.get("ctx", {})
    if first["type"] == "feed":
        return _BY_CODE[context["code"]](f"{path}{_glued(context['message'])}", field=path)
    if first["type"] == "missing":
        return FeedRefused(f"{path} is missing. {_ADVICE}", field=path)
    wanted = "an object is wanted" if first["type"] == "model_type" else first["msg"]
    return FeedRefused(f"{path or 'The file'} is {shown_value(first['input'])}: {wanted}. {_ADVICE}", field=path or None)


_ADVICE = "Send what the status page itself serves, and check that the kind of feed is the right one."


def _glued(message: str) -> str:
    """Messages of `instant_of` begin with a space, since they were given no place."""
    return message if message.startswith(" ") else f" {message}"


def placed(place: str, rows: Sequence[Placed]) -> list[tuple[str, Placed]]:
    """Each row with its path."""
    return [(f"{place}[{number}]", row) for number, row in enumerate(rows)]


def check_once(named: Iterable[tuple[str, str]]) -> None:
    """`named` is (place, id). Raises FeedDuplicate at the second place of an id."""
    first: dict[str, str] = {}
    for place, identifier in named:
        if identifier in first:
            raise FeedDuplicate(
                f"{place} is {shown_value(identifier)}, as {first[identifier]} is. Leave one of the two out.", field=place
            )
        first[identifier] = place
