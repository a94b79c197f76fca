"""CSV, read strictly: every refusal names the line at which its row starts, and the column."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.feeds.items import SEVERITIES
from services.feeds.refused import FeedDuplicate, FeedRefused, FeedTextInvalid, FeedWordUnknown, shown_value
from services.feeds.shapes import LONGEST_ID
from services.feeds.times import instant_of
from services.refusals import InvalidValue
from services.texts import normalised

_BOOLEANS = {"": False, "false": False, "true": True}


@dataclass(frozen=True)
class Cells:
    """The cells of one line, read by column; a refusal names both."""

    number: int
    cells: dict[str, str]
    zone: ZoneInfo | None

    def place(self, column: str) -> str:
        return f"line {self.number}, column {column}"

    def text(self, column: str) -> str:
        place = self.place(column)
        try:
            return normalised(self.cells[column], place)
        except InvalidValue as error:
            raise FeedTextInvalid(error.message, field=place) from error

    def identifier(self, column: str, *, optional: bool = False) -> str:
        text, place = self.text(column), self.place(column)
        if len(text) > LONGEST_ID or not (text or optional):
            raise FeedRefused(
                f"{place} is {shown_value(text)}. An id has 1 to {LONGEST_ID} characters; correct it.", field=place
            )
        return text

    def instant(self, column: str) -> datetime:
        return instant_of(self.text(column), self.place(column), self.zone, local=True)

    def optional_instant(self, column: str) -> datetime | None:
        return self.instant(column) if self.text(column) else None

    def boolean(self, column: str) -> bool:
        word = self.text(column).lower()
        if word not in _BOOLEANS:
            raise self._unknown(column, "Write true or false.")
        return _BOOLEANS[word]

    def severity(self) -> str:
        if self.text("severity") not in SEVERITIES:
            raise self._unknown("severity", f"Write one of {', '.join(reversed(SEVERITIES))}.")
        return self.text("severity")

    def _unknown(self, column: str, advice: str) -> FeedWordUnknown:
        place = self.place(column)
        return FeedWordUnknown(f"{place} is {shown_value(self.text(column))}. {advice}", field=place)


def cells_of(body: bytes, columns: tuple[str, ...], zone: ZoneInfo | None) -> Iterator[Cells]:
    """The cells of each row. Raises FeedRefused, FeedDuplicate."""
    rows = _rows(body)
    number, header = next(rows, (1, []))
    _check_header(header, number, columns)
    first: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        if len(row) != len(header):
            raise FeedRefused(
                f"Line {number} has {len(row)} cells and the first line names {len(header)} columns. Quote a text that has "
                "commas or line breaks.",
                field=f"line {number}",
            )
        if tuple(row) in first:
            raise FeedDuplicate(f"Line {number} is line {first[tuple(row)]} again. Leave one out.", field=f"line {number}")
        first[tuple(row)] = number
        yield Cells(number, dict(zip(header, row, strict=True)), zone)


def _rows(body: bytes) -> Iterator[tuple[int, list[str]]]:
    """Without empty lines."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedRefused(f"The file is not UTF-8 (byte {error.start}). Save it as CSV in UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for row in reader:
            if row:
                yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise FeedRefused(f"Line {number} is not CSV: {error}. Save the file as CSV again.", field=f"line {number}") from error


def _check_header(header: list[str], number: int, columns: tuple[str, ...]) -> None:
    place = f"line {number}"
    seen = set()
    for name in header:
        if name not in columns:
            raise FeedRefused(
                f"Line {number} names the column {shown_value(name)}, which is not known. Known are {', '.join(columns)}.",
                field=place,
            )
        if name in seen:
            raise FeedDuplicate(f"Line {number} names the column {shown_value(name)} twice. Leave one out.", field=place)
        seen.add(name)
    for name in columns:
        if name not in seen:
            raise FeedRefused(f"Line {number} does not name the column {name}. Add it; its cells may be empty.", field=place)
