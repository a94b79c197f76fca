"""Tables: text in rows and columns, written anew in one way. Run as a program, it is a child of `safe.py`."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from io import StringIO

from claims.documents import child
from claims.documents.kinds import MARKUP
from claims.documents.refusals import TAKEN, FileTypeNotAllowed, TableRefused, TableTooLarge

MOST_ROWS, MOST_COLUMNS, LONGEST_LINE = 50_000, 200, 50_000
SEPARATORS = ",;\t|"
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?%?|[+-]")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def clean(content: bytes) -> tuple[str, bytes]:
    """As UTF-8 with commas; with its mark, without which spreadsheets take Korean for something else.

    Raises FileTypeNotAllowed, TableRefused, TableTooLarge.
    """
    if MARKUP.search(content) or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FileTypeNotAllowed(f"This is a web page, a drawing or XML. {TAKEN}")
    text = _decoded(content)
    rows = _rows(text)
    out = StringIO(newline="")
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return "text/csv", out.getvalue().encode("utf-8-sig")


def _decoded(content: bytes) -> str:
    """UTF-8, or what Korean Windows writes."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileTypeNotAllowed(f"This is no PDF, JPEG, PNG, WebP or CSV file, or text in an unknown encoding. {TAKEN}")
    for place, one in enumerate(text):
        if one in TURNING or (unicodedata.category(one) == "Cc" and one not in "\n\r\t"):
            line = text.count("\n", 0, place) + 1
            raise TableRefused(f"Line {line} has a character that no table has (U+{ord(one):04X}). Save it as CSV again.")
    return text


def _rows(text: str) -> list[list[str]]:
    lines = text.splitlines()
    if len(lines) > MOST_ROWS:
        raise TableTooLarge(f"The table has more than {MOST_ROWS:,} lines. Send the part that matters.")
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise TableTooLarge(f"Line {number} has more than {LONGEST_LINE:,} characters. Send the part that matters.")
    rows = max((_split(text, one) for one in SEPARATORS), key=_alike)
    if _alike(rows) < 2:
        raise TableRefused(
            "This is text but no table: at least two rows need the same number of columns, and each quote its end. Save it as "
            "CSV from a spreadsheet, or send it as a PDF or picture."
        )
    widest = max(map(len, rows))
    if widest > MOST_COLUMNS:
        raise TableTooLarge(f"The table has {widest:,} columns; at most {MOST_COLUMNS} are taken. Send the part that matters.")
    return rows


def _split(text: str, separator: str) -> list[list[str]]:
    """None where its quotes do not fit this separator."""
    csv.field_size_limit(LONGEST_LINE)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return []


def _alike(rows: list[list[str]]) -> int:
    """How many have the width, of two columns at least, that most have."""
    widths = Counter(len(row) for row in rows if len(row) >= 2)
    return max(widths.values(), default=0)


def harmless(cell: str) -> str:
    """As text where a spreadsheet would calculate it: an apostrophe goes first. Numbers with a sign stay numbers."""
    plain = unicodedata.normalize("NFKC", cell)
    begins = plain.lstrip()[:1]
    if begins in ("=", "@") or (begins in ("+", "-") and not NUMBER.fullmatch(plain.strip())) or cell[:1] in ("\t", "\r"):
        return f"'{cell}"
    return cell


if __name__ == "__main__":
    child.run(clean)
