"""One row of an imported file: from a line of CSV or JSON to a usage, or to the refusal that says what is wrong with it.

These are the rules. `import_columns.py` passes at once what is certainly right by them, and leaves all else to them.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.operations import check_number
from claims.operations.refusals import IntegerExpected, Required
from claims.operations.usage import CheckedUsage, UsageRow, checked_usage
from services.instants import parse_rfc3339
from services.refusals import Refusal
from services.texts import check_line, escaped

REQUIRED = ("external_id", "person", "service", "kind", "start_at")
OPTIONAL = ("end_at", "locked_at", "charge_minor", "currency", "ride")
NAMES = (*REQUIRED, *OPTIONAL)
NUMBERS = ("external_id", "person", "ride")  # the partner's own
LONGEST_SAID = 100  # characters of a line that are repeated
_CSV = re.compile(r'(?:[^",]*|"(?:[^"]|"")*")(?:,(?:[^",]*|"(?:[^"]|"")*"))*')
_INTEGER = re.compile(r"-?[0-9]{1,40}")


class RowMalformed(Refusal):
    """A line that is no row: too many or too few values, a quote that is not closed, no JSON."""

    code = "row_malformed"


class EncodingInvalid(Refusal):
    code = "encoding_invalid"


class UnknownField(Refusal):
    code = "unknown_field"


class DuplicateField(Refusal):
    code = "duplicate_key"


class TextExpected(Refusal):
    code = "text_expected"


class HeaderRefused(Refusal):
    """The names of the columns are wrong, so no line can be read."""

    code = "csv_header"


@dataclass(frozen=True)
class LineError:
    """What is wrong with line `line` (from 1, the header counts). `about`: bounds and names of ours, for the words of the code.

    What is repeated of the line is cut, and can be written whatever was sent.
    """

    line: int
    external_id: str
    code: str
    field: str | None
    about: str

    @classmethod
    def of(cls, line: int, external_id: str, refusal: Refusal) -> LineError:
        return cls(line, _repeated(external_id), refusal.code, refusal.field and _repeated(refusal.field), refusal.about)


def _repeated(text: str) -> str:
    return escaped(text[:LONGEST_SAID])[:LONGEST_SAID]


@dataclass
class Named:
    """The values of a line by name, as far as it could be read: also the line that is refused says which usage it was of."""

    values: dict[str, Any] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        value = self.values.get("external_id")
        return value if isinstance(value, str) else ""


def check_header(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, in the order of the file. Raises HeaderRefused."""
    missing = [name for name in REQUIRED if name not in names]
    unknown = [f"#{place}" for place, name in enumerate(names, start=1) if name not in NAMES]
    doubled = sorted({name for name in names if names.count(name) > 1})
    for what, found in (("unknown", unknown), ("there twice", doubled), ("missing", missing)):
        if found:
            listed = ", ".join(found[:5])
            raise HeaderRefused(
                f"The first line names the columns, and here {listed} is {what}. Use {', '.join(REQUIRED)}, and as you need "
                f"them {', '.join(OPTIONAL)}, in any order.",
                field="header",
                about=listed,
            )
    return tuple(names)


def split_csv(line: str) -> list[str]:
    """The values of one line, by RFC 4180. Raises RowMalformed, also for a quoted value that goes on in the next line: what is
    left of it there would else be taken for a row.
    """
    if not _CSV.fullmatch(line):
        raise RowMalformed("A quote stands where none may. Each row is one line, and a value that has a quote is quoted whole.")
    try:
        rows = list(csv.reader([line], strict=True))
    except csv.Error as error:
        raise RowMalformed(
            f"The line is no CSV ({error}). Each row is one line: no value holds a line feed, and each quote is closed."
        ) from error
    return rows[0] if rows else []


def name_csv(line: str, header: Sequence[str], named: Named) -> None:
    """Raises RowMalformed."""
    values = split_csv(line)
    named.values = dict(zip(header, values, strict=False))
    if len(values) != len(header):
        raise RowMalformed(f"The line has {len(values)} values, and the header {len(header)} names.")


def name_json(line: str, named: Named) -> None:
    """Raises RowMalformed, DuplicateField, UnknownField, TextExpected, IntegerExpected."""
    doubled: list[str] = []

    def gather(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                doubled.append(name)
            found[name] = value
        return found

    try:
        read = json.loads(line, object_pairs_hook=gather, parse_constant=_refuse_constant, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise RowMalformed("The line is no JSON. Each line is one object, and no comma stands between them.") from error
    if not isinstance(read, dict):
        raise RowMalformed('The line is JSON, but no object. Each line is one object, like {"external_id": ...}.')
    named.values = read
    if doubled:
        raise DuplicateField(f"{doubled[0][:60]!r} is in the object twice.", field=doubled[0][:60])
    for name, value in read.items():
        if name not in NAMES:
            raise UnknownField(f"{name[:60]!r} is no name of a value. Use {', '.join(NAMES)}.", field=name[:60])
        if name == "charge_minor":
            if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise IntegerExpected(f"{name} is a {type(value).__name__}. Give a whole number.", field=name)
        elif not (isinstance(value, str) or (value is None and name in OPTIONAL)):
            raise TextExpected(f"{name} is a {type(value).__name__}. Give a text in quotes.", field=name)


def check_row(values: Mapping[str, Any], services: dict[str, int], now: datetime) -> tuple[str, CheckedUsage]:
    """The partner's number of the person, and the usage with 0 for the person. What `POST /usage` takes is taken here, and no
    more. Raises what `record_usage` raises.
    """
    for name in REQUIRED:
        if values.get(name) in ("", None):
            raise Required(f"{name} is empty.", field=name)
    for name in NUMBERS:
        check_line(values.get(name) or "", name)
    row = UsageRow(
        person_id=0,
        service=values["service"],
        kind=values["kind"],
        start_at=parse_rfc3339(values["start_at"], "start_at"),
        end_at=_instant(values, "end_at"),
        locked_at=_instant(values, "locked_at"),
        charge_minor=_charge(values.get("charge_minor")),
        currency=values.get("currency") or "",
        external_id=values["external_id"],
        ride=values.get("ride") or "",
    )
    return check_number(values["person"]), checked_usage(row, services, now)


def _instant(values: Mapping[str, Any], name: str) -> Any:
    text = values.get(name)
    return parse_rfc3339(text, name) if text else None


def _charge(value: str | int | None) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, int):
        return value
    if not _INTEGER.fullmatch(value):
        raise IntegerExpected(f"charge_minor is {value!r}. Give a whole number.", field="charge_minor")
    return int(value)


def _integer(text: str) -> int:
    if len(text) > 40:  # far beyond any amount; longer ones take longer than their lines are worth
        raise ValueError("a number of more than 40 digits")
    return int(text)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
