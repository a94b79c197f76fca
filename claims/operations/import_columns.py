"""A part of an imported file in columns: what is certainly right is passed at once, and every other line row by row.

The columns never refuse: whatever they do not know for sure they leave to `import_rows.py`, so the rules stand in one place.
Sure is a line in the plain form that programs write: no quotes in CSV, in JSON the names as in the first line and no
backslash, in numbers and texts only what all readers read alike. 1,000,000 such lines take a second, row by row a quarter of
a minute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from claims.models import UsageKind
from claims.operations.checks import CURRENCIES
from claims.operations.import_rows import (
    NAMES,
    OPTIONAL,
    EncodingInvalid,
    LineError,
    Named,
    check_row,
    name_csv,
    name_json,
)
from claims.operations.ride_locks import CLOCKS_DIFFER
from claims.operations.usage import LONGEST_USE, MOST_CHARGED, SPANS
from services.instants import EARLIEST, LATEST, parse_rfc3339
from services.refusals import Refusal

CODECS = {"utf_8": "utf-8", "cp949": "cp949"}
BOM = "\ufeff"
INSTANTS = ("start_at", "end_at", "locked_at")
# Of a row that is to be stored, by the partner's number of the person. `line` counts from 1 in the file.
ROWS: Mapping[str, pl.DataType] = {
    "line": pl.Int64(), "person": pl.String(), "service_id": pl.Int64(), "kind": pl.String(),
    **{name: pl.Datetime("us", "UTC") for name in INSTANTS},
    "charge_minor": pl.Int64(), "currency": pl.String(), "external_id": pl.String(), "ride": pl.String(),
}  # fmt: skip
CONTENT = [name for name in ROWS if name != "line"]

# Printable ASCII and Hangul syllables: never blank, one spelling each, nothing that a reader could take for something else.
_PLAIN = r"^[!-\[\]-~가-힣]{1,100}$"
_HEAD = r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"  # Polars would read second 60
_TAIL = re.compile(r"(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_ZERO = "2020-01-01T00:00:00"
_MIDNIGHT = datetime(2020, 1, 1, tzinfo=UTC)
_MOST = 12  # digits of a charge, which are below its bound and that of the type
assert 10**_MOST - 1 <= MOST_CHARGED < 2**63


@dataclass(frozen=True)
class Layout:
    """How the lines of a file are to be read; the header is that of CSV."""

    format: str
    encoding: str
    header: tuple[str, ...] = ()


@dataclass
class ReadPart:
    """`lines` rows were read: those that are right, and what is wrong with the others."""

    lines: int
    rows: pl.DataFrame
    errors: list[LineError] = field(default_factory=list)


def read_part(content: bytes, layout: Layout, first_line: int, services: dict[str, int], now: datetime) -> ReadPart:
    """The rows of whole lines, of which the first is line `first_line` of the file; line 1 of CSV is the header."""
    texts, undecoded = _lines_of(content, CODECS[layout.encoding])
    if first_line == 1 and texts and texts[0] is not None:
        texts[0] = texts[0].removeprefix(BOM)
    if first_line == 1 and layout.format == "csv":
        texts, first_line, undecoded = texts[1:], 2, [place - 1 for place in undecoded]
    errors = [
        LineError.of(first_line + place, "", EncodingInvalid(f"The line is not in {layout.encoding}, as the import says."))
        for place in undecoded
    ]
    lines = pl.Series("text", texts, dtype=pl.String).str.strip_suffix("\r")
    frame = pl.DataFrame({"line": pl.int_range(first_line, first_line + len(texts), eager=True), "text": lines}).drop_nulls()
    named = _named_json(frame) if layout.format == "ndjson" else _named_csv(frame, layout.header)
    sure, unsure = _checked(named, services, now)
    slow = frame.join(unsure, on="line", how="semi") if len(unsure) else frame.clear()
    checked, refused = _row_by_row(slow, layout, services, now)
    rows = pl.concat([sure, checked]).sort("line") if len(checked) else sure
    return ReadPart(len(texts), rows, sorted(errors + refused, key=lambda error: error.line))


def keys_of(content: bytes, layout: Layout, first_line: int) -> pl.Series | None:
    """A hash of each line's external_id, to see whether one comes twice in the file; None where it is not seen at a glance."""
    texts, _ = _lines_of(content, CODECS[layout.encoding])
    if first_line == 1 and layout.format == "csv":
        texts = texts[1:]
    lines = pl.Series("text", texts, dtype=pl.String).drop_nulls()
    if layout.format == "ndjson":
        found = lines.str.extract(r'"external_id" *: *"([^"\\]*)"')
        sure = not lines.str.contains("\\", literal=True).any() and not found.has_nulls()
    else:
        place = layout.header.index("external_id")
        split = pl.DataFrame({"text": lines}).select(pl.col("text").str.split(",").list.get(place, null_on_oob=True))
        found = split.to_series().str.strip_suffix("\r")
        sure = not lines.str.contains('"', literal=True).any()
    return found.drop_nulls().hash() if sure else None


def _lines_of(content: bytes, codec: str) -> tuple[list[str | None], list[int]]:
    """The lines without their line feeds, and the places of those that are not in this encoding."""
    whole = content.removesuffix(b"\n")
    texts: list[str | None]
    try:
        texts = [*whole.decode(codec).split("\n")]
    except UnicodeDecodeError:
        texts = [_decoded(line, codec) for line in whole.split(b"\n")]
    return texts, [place for place, text in enumerate(texts) if text is None]


def _decoded(line: bytes, codec: str) -> str | None:
    try:
        return line.decode(codec)
    except UnicodeDecodeError:
        return None


# --- lines in the plain form ------------------------------------------------------------------------------


def _named_csv(frame: pl.DataFrame, header: Sequence[str]) -> pl.DataFrame:
    """Texts by name, null where a line is not plain: `plain` says which is."""
    commas = pl.col("text").str.count_matches(",", literal=True)
    plain = (commas == len(header) - 1) & ~pl.col("text").str.contains('"', literal=True)
    values = pl.col("text").str.split_exact(",", len(header) - 1).struct.rename_fields(list(header))
    return _complete(frame.select("line", plain.alias("plain"), values.alias("values")).unnest("values"))


def _named_json(frame: pl.DataFrame) -> pl.DataFrame:
    pattern, names = _shape(frame["text"][0] if len(frame) else "")
    if not names:
        return _complete(frame.select("line", pl.lit(False).alias("plain")))
    groups = pl.col("text").str.extract_groups(pattern)
    found = frame.select("line", groups.struct.rename_fields(list(names)).alias("values")).unnest("values")
    values = [  # a charge stands without quotes, the others with them; null is no text
        pl.when(pl.col(name) == "null").then(None).otherwise(pl.col(name).str.strip_chars('"')).alias(name) for name in names
    ]
    return _complete(found.select("line", pl.col(names[0]).is_not_null().alias("plain"), *values))


def _shape(line: str) -> tuple[str, tuple[str, ...]]:
    """A pattern of lines with the same names in the same order as in this one, and the names; none where it is not plain."""
    named = Named()
    try:
        name_json(line, named)
    except Refusal:
        return "", ()
    text, number = r'"[^"\\]*"', "-?(?:0|[1-9][0-9]{0,39})"
    values = {name: f"({number if name == 'charge_minor' else text}{'|null' if name in OPTIONAL else ''})" for name in NAMES}
    pairs = " *, *".join(f'"{name}" *: *{values[name]}' for name in named.values)
    return rf"^ *\{{ *{pairs} *\}} *$", tuple(named.values)


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """With all columns, as texts."""
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in NAMES if name not in frame.columns]
    return frame.with_columns(*missing, pl.col("plain").fill_null(value=False))


# --- what is certainly right ------------------------------------------------------------------------------


def _checked(named: pl.DataFrame, services: dict[str, int], now: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that pass, and the numbers of the lines that are left."""
    codes = pl.DataFrame({"service": list(services), "service_id": list(services.values())})
    frame = named.join(codes, on="service", how="left", maintain_order="left")
    for name in INSTANTS:
        frame = _with_instant(frame, name)
    charge, currency = pl.col("charge_minor"), pl.col("currency").fill_null("")
    none, plain = charge.is_null() | (charge == ""), charge.str.contains(rf"^[0-9]{{1,{_MOST}}}$")
    start, end, locked = (pl.col(f"{name}_") for name in INSTANTS)
    latest = now + CLOCKS_DIFFER
    passes = (
        pl.col("plain")
        & pl.col("external_id").str.contains(_PLAIN)
        & pl.col("person").str.contains(_PLAIN)
        & pl.col("service_id").is_not_null()
        & pl.col("kind").is_in(UsageKind.values)
        & (start <= latest)
        & (_empty("end_at") | ((end > start) & ((pl.col("kind") == UsageKind.SUBSCRIPTION) | (end - start <= LONGEST_USE))))
        & (_empty("locked_at") | ((locked >= start) & (locked <= latest) & (_empty("end_at") | (locked <= end))))
        & ((none & (currency == "")) | ((none | plain) & currency.is_in(list(CURRENCIES))))
        & pl.when(pl.col("kind") == UsageKind.LOCK)
        .then(pl.col("ride").str.contains(_PLAIN) & pl.all_horizontal(*map(_empty, SPANS)))
        .otherwise(_empty("ride"))
    )
    frame = frame.with_columns(passes.fill_null(value=False).alias("passes"))
    rows = frame.filter("passes").select(
        "line", "person", "service_id", "kind", *(pl.col(f"{name}_").alias(name) for name in INSTANTS),
        pl.when(charge != "").then(charge).cast(pl.Int64).alias("charge_minor"), currency.alias("currency"), "external_id",
        pl.col("ride").fill_null(""),
    )  # fmt: skip
    return rows.cast(pl.Schema(ROWS)), frame.filter(~pl.col("passes")).select("line")


def _empty(name: str) -> pl.Expr:
    return pl.col(name).is_null() | (pl.col(name) == "")


def _with_instant(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """With `name_`: the instant in UTC, null where there is none or it is not sure. A file has few fractions and offsets: each
    is read once, by the reader of single rows.
    """
    text = pl.col(name)
    head, tail = text.str.slice(0, 19), text.str.slice(19)
    tails = frame.select(tail.unique().alias("tail")).drop_nulls()
    shifts = tails.with_columns(pl.Series("shift", [_shift(one) for one in tails["tail"]], dtype=pl.Duration("us")))
    read = pl.when(head.str.contains(_HEAD)).then(head).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    split = frame.with_columns(read.alias("head"), tail.alias("tail")).join(
        shifts, on="tail", how="left", maintain_order="left"
    )
    instant = (pl.col("head") + pl.col("shift")).dt.replace_time_zone("UTC")
    inside = instant.is_between(EARLIEST, LATEST, closed="left")
    return split.with_columns(pl.when(inside).then(instant).alias(f"{name}_")).drop("head", "tail", "shift")


def _shift(tail: str) -> timedelta | None:
    """What fraction and offset do to the instant before them; None where they are not plain."""
    if not _TAIL.fullmatch(tail):
        return None
    try:
        return parse_rfc3339(_ZERO + tail, "at") - _MIDNIGHT
    except Refusal:
        return None


# --- the others -------------------------------------------------------------------------------------------


def _row_by_row(
    lines: pl.DataFrame, layout: Layout, services: dict[str, int], now: datetime
) -> tuple[pl.DataFrame, list[LineError]]:
    rows, errors = [], []
    for line, text in lines.iter_rows():
        named = Named()
        try:
            if layout.format == "ndjson":
                name_json(text, named)
            else:
                name_csv(text, layout.header, named)
            person, (_, *usage) = check_row(named.values, services, now)
            rows.append((line, person, *usage))
        except Refusal as refusal:
            errors.append(LineError.of(line, named.external_id, refusal))
    return pl.DataFrame(rows, schema=dict(ROWS), orient="row"), errors
