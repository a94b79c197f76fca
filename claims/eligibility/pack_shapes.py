"""Where the shape of a pack is broken: with its path, what was found, what was expected, and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from .pack import PackBody
from .refusals import Path, Problem, shown
from .rules import Clock, Rule
from .shapes import (
    NODES,
    Calendar,
    Code,
    ExactText,
    FactRef,
    FigureRef,
    Part,
    ServiceCode,
)

_EXPECTED = {  # by pydantic's type of error; what is not here says it in its own words
    "bool_type": "true or false",
    "constant_expected": "a number, or a figure like {{figure: cap}}",
    "date_type": "a day like 2022-10-15",
    "datetime_parsing": "a time like 2022-10-15T15:30:00+09:00",
    "datetime_type": "a time like 2022-10-15T15:30:00+09:00",
    "dict_type": "a mapping",
    "greater_than_equal": "{ge} or more",
    "int_type": "a whole number",
    "less_than_equal": "{le} or less",
    "list_type": "a list",
    "literal_error": "{expected}",
    "missing": "a list of two",
    "model_type": "a mapping",
    "string_too_long": "at most {max_length} characters",
    "too_long": "{max_length} entries",
    "too_short": "{min_length} or more entries",
    "tuple_type": "a list of two",
}
_EXACT = 'an exact number in quotes, like "12.5" or "1/3"'
_WRITTEN = {  # by the pattern of a text
    "^[A-Z]{3}$": "a currency, like KRW",
    r"\S": "words, not a blank",
    **{
        str(TypeAdapter(kind).json_schema()["pattern"]): told
        for kind, told in (
            (Code, "a name of small letters, digits and _, like fee_of_days"),
            (ServiceCode, "a service, like kakao_t.taxi_call"),
            (Calendar, "a country or region, like KR or GB-ENG"),
            (Clock, 'a time of day in quotes, like "08:00"'),
            (ExactText, _EXACT),
        )
    },
}


def shape_problems(error: ValidationError) -> list[Problem]:
    """In the project's words; what members of a union expected together, and not at all where one of them got further."""
    told: list[tuple[Path, str]] = []
    unmet: dict[Path, tuple[Any, list[str]]] = {}
    for one in error.errors():
        kind, loc = one["type"], one["loc"]
        if kind == "json_invalid":  # a document of ours is always JSON, so it is how deep it goes
            told.append(((), "amounts are nested too deep; give inner ones a name under `amounts`"))
        elif kind == "value_error":
            message, *below = one["ctx"]["error"].args
            told.append(((*_place(loc)[0], *below), message))
        elif kind == "extra_forbidden":
            path, kinds = _place(loc[:-1])
            known = ", ".join([*_keys(kinds), *(("amount", "remedy") if Rule in kinds else ())])
            listed = f", known are {known}" if known else ""
            told.append(((*path, loc[-1]), f"no such key here; correct it or take it out{listed}"))
        elif kind == "missing" and isinstance(loc[-1], str):
            path, kinds = _place(loc[:-1])
            meaning = (_keys(kinds)[loc[-1]].description or "").rstrip(".")
            told.append((path, f"`{loc[-1]}` is missing; add it{f': {meaning}' if meaning else ''}"))
        elif loc[-1:] == ("[key]",):
            path, _ = _place(loc[:-1])
            told.append((path, f"found the key {shown(one['input'])}, expected {_expected(one, ())}"))
        else:
            path, kinds = _place(loc[:-1] if kind == "missing" else loc)
            unmet.setdefault(path, (one["input"], []))[1].append(_expected(one, kinds))
    reached = {path[:n] for path, _ in told for n in range(len(path) + 1)}
    reached |= {path[:n] for path in unmet for n in range(len(path))}
    for path, (found, expected) in unmet.items():
        if path not in reached:
            told.append((path, f"found {shown(found)}, expected {' or '.join(dict.fromkeys(expected))}"))
    return [Problem("pack_invalid", path, message) for path, message in told]


def _expected(error: Any, kinds: Sequence[Any]) -> str:
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "amount_unknown" and isinstance(found, dict):
        named = [key for key in NODES if key in found]
        return f"only one of {' and '.join(named)}" if named else f"one of the keys {', '.join(sorted(NODES))}"
    if FigureRef in kinds and not isinstance(found, dict):
        day = "a day like 2022-10-15, " if dt.date in kinds else ""
        return f"{day}a whole number, {_EXACT}, or a mapping like {'{fact: fee}' if FactRef in kinds else '{figure: cap}'}"
    if kind in ("string_type", "string_pattern_mismatch"):
        number = error["loc"][-1] == "constrained-str" and int in kinds
        if "reason" in error["loc"]:
            return f"{_WRITTEN[str(TypeAdapter(Code).json_schema()['pattern'])]}, whose words stand under `reasons`"
        return _WRITTEN.get(context.get("pattern"), _EXACT if number else "a text in quotes")
    return _EXPECTED[kind].format(**context) if kind in _EXPECTED else str(error["msg"])


def _place(loc: Sequence[str | int]) -> tuple[Path, list[Any]]:
    """The path in a document, and what may stand there. Models name more: the kind of an amount, the member of a union."""
    kept, kinds = _read(tuple(0 if isinstance(step, int) else step for step in loc))
    return tuple(loc[place] for place in kept), kinds


@lru_cache(maxsize=1000)  # a list of thousands can be wrong in every entry
def _read(loc: Path) -> tuple[list[int], list[Any]]:
    """Which steps the document has, and what may stand there."""
    kept: list[int] = []
    kinds: list[Any] = [PackBody]
    for place, (step, following) in enumerate(zip_longest(loc, loc[1:])):
        amount = NODES.get(str(step))
        if amount is not None and amount in kinds and len(kinds) > 1:
            kinds = [amount] if following is None or following in _fields(amount) else kinds
        elif below := [one for kind in kinds for one in _below(kind, step)]:
            kept.append(place)
            kinds = below
    return kept, kinds


def _below(kind: Any, step: str | int) -> Iterator[Any]:
    if isinstance(kind, type):
        if issubclass(kind, Part) and step in _fields(kind):
            yield from kinds_of(_fields(kind)[str(step)].annotation)
    elif get_origin(kind) is dict:
        yield from kinds_of(get_args(kind)[1])
    elif get_origin(kind) in (list, tuple) and isinstance(step, int):
        yield from kinds_of(get_args(kind)[0])


def kinds_of(annotation: Any) -> Iterator[Any]:
    """The models, collections and simple values that an annotation allows."""
    if isinstance(annotation, TypeAliasType):
        yield from kinds_of(annotation.__value__)
    elif get_origin(annotation) is Annotated:
        yield from kinds_of(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from kinds_of(member)
    else:
        yield annotation


def _keys(kinds: Sequence[Any]) -> dict[str, FieldInfo]:
    """Of the one model among them; none where only an amount of any kind may stand."""
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Part)]
    return _fields(models[0]) if models else {}


def _fields(model: type[Part]) -> dict[str, FieldInfo]:
    """By the key that a document has for each."""
    return {info.alias or name: info for name, info in model.model_fields.items()}
