"""Rows to the engine's columns and back: the only bridge.

Columns travel as bytes, not as rows: `string_agg(int8send(x), '')` gives one buffer per column that Polars
reads as it is. For 1,000,000 losses in chunks of 20,000 claims this takes 0.35 s (the bare select 0.12 s);
COPY takes 1.3 s as CSV and 1.2 s as binary not yet read, rows through the driver 0.8 s. `timestamptz_send` is
exact, in microseconds since 2000. Results go back by COPY in text format: 3.6 s per 1,000,000 lines,
CSV 3.9 s, INSERT .. SELECT FROM unnest 6.4 s.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import polars as pl
import psycopg
from django.db import connection

from claims.eligibility import (
    CLAIMS,
    FACTS,
    LOSSES,
    PROVENANCES,
    Assessed,
    Batch,
    Extent,
    IncidentFact,
    Notice,
    Record,
    ServiceNode,
    Terms,
    Verdict,
    Window,
    microseconds,
    planning_for,
)
from claims.models import Assessment, CompiledTerms, PolicyRule
from services.contents import RecordContent, content_of_version
from services.models import Incident, Observation, RecordVersion, Service, ServiceDependency, Source

POSTGRES_EPOCH = 946_684_800_000_000  # 2000-01-01 in microseconds since 1970
SEPARATOR = "\x1e"  # between texts of one buffer; no stored text contains it (check constraints)
NO_LOSS = 0  # in buffers, which have no nulls; ids begin at 1
FEW = 1_000  # integers that are unpacked one by one: for fewer than some thousands an expression costs more than they do
OPEN = 2**63 - 1  # in buffers: an open end
STAFF = PROVENANCES.index("staff")  # the word for what the service itself attests


# --- the official record ------------------------------------------------------------------------


def record_of(version: RecordVersion) -> Record:
    """A version of the record, with the service tree as it is now."""
    return record_with(_content_by_id(version.pk, version.content_hash), incident=version.incident, number=version.number)


@lru_cache(maxsize=16)
def _content_by_id(version_id: int, content_hash: str) -> RecordContent:
    """What a version says never changes. The hash is part of the key as with terms."""
    return content_of_version(RecordVersion.objects.get(pk=version_id))


def record_with(content: RecordContent, *, incident: Incident, number: int) -> Record:
    """What a version says, or a draft would say as version `number`, with the service tree as it is now.

    `reported` are services of which an unofficial source had spoken by its `as_of`.
    """
    findings = sorted(content.findings, key=lambda finding: finding.name)
    cited = [*(window.notice for window in content.windows), *(finding.notice for finding in findings)]
    notices = {notice.key: notice for notice in cited}
    reported = Observation.objects.filter(
        notice__source__official=False, notice__published_at__lte=content.as_of, notice__incident=incident
    )
    return Record(
        incident=incident.key,
        number=number,
        as_of=microseconds(content.as_of),
        services=_service_nodes(),
        windows=tuple(_window(row) for row in content.windows),
        extents=tuple(Extent(row.source.code, microseconds(row.start_at), _optional(row.end_at)) for row in content.extents),
        sources=_ranked_sources(content),
        notices=tuple(
            Notice(n.key, n.source.code, n.channel, microseconds(n.published_at), n.text, n.ref)
            for _, n in sorted(notices.items())
        ),
        reported=tuple(sorted(set(reported.values_list("service__code", flat=True)))),
        facts=tuple(
            IncidentFact(row.name, row.text if row.number is None else row.number, row.notice.key, row.type) for row in findings
        ),
    )


def _ranked_sources(content: RecordContent) -> tuple[str, ...]:
    """Best first; the source that the record names as governing before all others."""
    ranked = list(Source.objects.filter(official=True).order_by("rank").values_list("code", flat=True))
    named = [] if content.governing is None else [content.governing.code]
    return (*named, *(code for code in ranked if code not in named))


def _service_nodes() -> tuple[ServiceNode, ...]:
    needs: dict[str, list[str]] = {}
    pairs = ServiceDependency.objects.order_by("service__code", "depends_on__code")
    for service, needed in pairs.values_list("service__code", "depends_on__code"):
        needs.setdefault(service, []).append(needed)
    codes = Service.objects.order_by("code").values_list("code", flat=True)
    return tuple(ServiceNode(code, tuple(needs.get(code, ()))) for code in codes)


def _window(row: Any) -> Window:
    return Window(
        key=row.key,
        service=row.service.code,
        source=row.source.code,
        severity=row.severity,
        scope=row.scope,
        start_at=microseconds(row.start_at),
        end_at=_optional(row.end_at),
        notice=row.notice.key,
        start_approx=row.start_approx,
        end_approx=row.end_approx,
        inferred=row.inferred,
        closing_rule=row.closing_rule,
        users_permille=row.users_permille,
        planned=row.planned,
        announced_at=_optional(row.announced_at),
    )


def _optional(instant: datetime | None) -> int | None:
    return None if instant is None else microseconds(instant)


# --- terms --------------------------------------------------------------------------------------


def terms_of(stored: CompiledTerms) -> Terms:
    """The stored terms, ready to assess with. Raises EngineRefusal `terms_differ` if this engine reads them otherwise."""
    return _terms_by_id(stored.pk, stored.content_hash)


@lru_cache(maxsize=16)
def _terms_by_id(terms_id: int, content_hash: str) -> Terms:
    """The hash is part of the key: ids alone repeat in another database of the same process (tests)."""
    return Terms.from_document(CompiledTerms.objects.get(pk=terms_id).document)


def rule_ids(terms: Terms) -> list[int]:
    """Ids of PolicyRule rows by the engine's rule index."""
    wanted = {(policy, number) for policy, number, _ in terms.rules}
    rows = PolicyRule.objects.filter(version__policy__code__in={policy for policy, _ in wanted})
    found = {
        (policy, number, code): pk
        for policy, number, code, pk in rows.values_list("version__policy__code", "version__number", "code", "pk")
    }
    return [found[rule] for rule in terms.rules]


# --- rows to columns ----------------------------------------------------------------------------


@contextmanager
def raw_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor in Django's transaction that fetches binary: a buffer as text would be twice as long."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.format = psycopg.pq.Format.BINARY
        yield cursor


class TermsOutdated(Exception):  # noqa: N818 - named like a refusal, as all are here
    """A loss is of a service that the terms do not know yet: they are about to be superseded."""


@dataclass(frozen=True)
class Loaded:
    """A batch and the revision of each claim that it holds (columns claim, revision)."""

    batch: Batch
    revisions: pl.DataFrame


def load_batch(cursor: Any, claim_ids: Sequence[int], terms: Terms, *, revision: int | None = None) -> Loaded:
    """What the claims said up to their newest revision (or up to `revision`), in columns.

    The revisions are read first and hold for losses and facts, so that a revision which is
    added meanwhile is seen wholly or not at all. Raises TermsOutdated.
    """
    how: Any = {"engine": "in-memory", "optimizations": planning_for(len(claim_ids))}
    claims = _claims(cursor, claim_ids, revision).collect(**how)
    pinned = claims.select("claim", "revision")
    losses = _pinned(_losses(cursor, claim_ids, terms), pinned).collect(**how)
    if losses["service"].null_count():
        unknown = sorted(set(losses.filter(pl.col("service").is_null())["id"]))
        raise TermsOutdated(f"services {unknown} are newer than the terms")
    told = _pinned(_facts(cursor, claim_ids), pinned).drop("revision", "revision_pinned")
    withdrawn = _withdrawn(cursor, claim_ids, pinned).collect(**how)
    if withdrawn.height:
        losses = losses.join(withdrawn, on="loss", how="anti", maintain_order="left")
        told = told.join(withdrawn.lazy(), on="loss", how="anti")
    facts = _one_per_name(pl.concat([told, *_filed(claims.lazy(), terms)])).collect(**how)
    return Loaded(Batch(claims.select(*CLAIMS), losses.select(*LOSSES), facts), pinned)


@dataclass(frozen=True)
class Telling:
    """A claim that is in no table. `losses`: service, start and end, in order; None as end: still going on. `facts`: the place
    of their loss in `losses`, None of the claim; name, whole number and text as `fact_value` gives them; provenance.
    """

    filed_at: datetime
    origin: str
    asks_for: Sequence[str]
    losses: Sequence[tuple[str, datetime, datetime | None]]
    facts: Sequence[tuple[int | None, str, int | None, str | None, str]]


def batch_of_telling(told: Telling, terms: Terms) -> Batch:
    """What `load_batch` would read of it once it is stored, as claim 1 with losses 1, 2, ... A service is one of the terms'."""
    filed_at = microseconds(told.filed_at)
    losses = []
    for place, (service, start_at, end_at) in enumerate(told.losses, start=1):
        start = microseconds(start_at)
        end = max(start, terms.record.as_of) if end_at is None else microseconds(end_at)
        losses.append((1, place, terms.service_index[service], start, end))
    attested = {"filed_at": (filed_at, None), "origin": (None, str(told.origin))}
    said = [(None, name, *attested[asked], "staff") for name, asked in _attested(terms)]
    heard: dict[tuple[int, str], tuple[Any, ...]] = {}
    for loss, name, value, text, provenance in (*said, *told.facts):  # as `_one_per_name` does it with many
        number, word = None if loss is None else loss + 1, PROVENANCES.index(provenance)
        about = (number or NO_LOSS, name)
        if about not in heard or heard[about][-1] <= word:
            heard[about] = (1, number, name, value, text, word)
    facts = [heard[about] for about in sorted(heard)]
    return Batch(_rows([(1, list(told.asks_for))], CLAIMS), _rows(losses, LOSSES), _rows(facts, FACTS))


def _rows(rows: Sequence[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Column by column: from rows it takes twice as long."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pl.DataFrame([pl.Series(name, column, dtype) for (name, dtype), column in zip(schema.items(), columns, strict=True)])


def explain_batch(assessment: Assessment) -> tuple[Batch, Terms]:
    """What the assessment saw: its claim at the pinned revision, with the pinned terms."""
    terms = terms_of(assessment.run.terms)
    with raw_cursor() as cursor:
        loaded = load_batch(cursor, [assessment.claim_id], terms, revision=assessment.revision)
    return loaded.batch, terms


AMONG = "claim_id BETWEEN %s AND %s AND (%s::bigint[] IS NULL OR claim_id = ANY(%s::bigint[]))"


def among(claim_ids: Sequence[int]) -> list[Any]:
    """Parameters of AMONG. Claims that lie close together are fetched as a range, in about half the time of a list.

    A range brings others along where the ids have gaps; whoever asks drops them.
    """
    first, last = min(claim_ids, default=0), max(claim_ids, default=-1)
    ids = None if last - first < 2 * len(claim_ids) else list(claim_ids)
    return [first, last, ids, ids]


CLAIM_COLUMNS = f"""SELECT count(*), string_agg(int8send(claim_id), ''), string_agg(int8send(number), ''),
          string_agg(timestamptz_send(filed_at), ''), string_agg(array_to_string(asks_for, ','), E'\\x1e'),
          string_agg(origin, E'\\x1e')
     FROM (SELECT DISTINCT ON (claim_id) claim_id, number, asks_for
             FROM claims_claimrevision
            WHERE {AMONG} AND number <= %s
            ORDER BY claim_id, number DESC) newest
     JOIN claims_claim ON claims_claim.id = claim_id"""  # noqa: S608 - a constant of this module

LOSS_COLUMNS = f"""SELECT count(*), string_agg(int8send(claim_id), ''), string_agg(int8send(revision), ''),
           string_agg(int8send(id), ''), string_agg(int8send(service_id), ''),
           string_agg(timestamptz_send(start_at), ''),
           string_agg(coalesce(timestamptz_send(end_at), int8send({OPEN})), '')
      FROM claims_loss WHERE {AMONG}"""  # noqa: S608 - a constant of this module

FACT_COLUMNS = f"""SELECT count(*), string_agg(int8send(claim_id), ''), string_agg(int8send(revision), ''),
           string_agg(int8send(id), ''), string_agg(int8send(coalesce(loss_id, {NO_LOSS})), ''),
           string_agg(int8send(CASE provenance WHEN 'staff' THEN 2 WHEN 'partner' THEN 1 ELSE 0 END), ''),
           string_agg(int8send((int_value IS NULL)::int), ''), string_agg(int8send(coalesce(int_value, 0)), ''),
           string_agg(name, E'\\x1e'), string_agg(coalesce(text_value, ''), E'\\x1e')
      FROM claims_fact WHERE {AMONG}"""  # noqa: S608 - a constant of this module


STANDING_COLUMNS = f"""SELECT count(*), string_agg(int8send(claim_id), ''), string_agg(int8send(revision), ''),
           string_agg(int8send(loss_id), ''), string_agg(int8send(stands::int), '')
      FROM claims_lossstanding WHERE {AMONG}"""  # noqa: S608 - a constant of this module


def fetch_raw(cursor: Any, claim_ids: Sequence[int]) -> None:
    """The transport of `load_batch` and nothing else: what the benchmark's floor pays for reading."""
    ids = among(claim_ids)
    newest = 2**31 - 1
    for sql, params in (
        (CLAIM_COLUMNS, [*ids, newest]), (LOSS_COLUMNS, ids), (FACT_COLUMNS, ids), (STANDING_COLUMNS, ids)
    ):  # fmt: skip
        cursor.execute(sql, params)
        cursor.fetchone()


def _claims(cursor: Any, claim_ids: Sequence[int], revision: int | None) -> pl.LazyFrame:
    columns = _columns(
        cursor,
        CLAIM_COLUMNS,
        [*among(claim_ids), 2**31 - 1 if revision is None else revision],
        texts=2,
    )
    claim, number, filed_at, asks_for, origin = columns
    claims = pl.LazyFrame({"claim": claim, "revision": number, "asks_for": asks_for, "origin": origin})
    claims = claims.with_columns(filed_at=filed_at + POSTGRES_EPOCH)
    nothing = pl.lit([], dtype=pl.List(pl.String))  # what splitting an empty text does not give
    codes = pl.when(pl.col("asks_for") == "").then(nothing).otherwise(pl.col("asks_for").str.split(","))
    claims = claims.with_columns(asks_for=codes)
    wanted = pl.LazyFrame({"claim": claim_ids}, schema={"claim": pl.Int64})
    return claims.join(wanted, on="claim", how="semi").sort("claim")


def _losses(cursor: Any, claim_ids: Sequence[int], terms: Terms) -> pl.LazyFrame:
    claim, revision, loss, service, start_at, end_at = _columns(
        cursor,
        LOSS_COLUMNS,
        among(claim_ids),
    )
    as_of = terms.record.as_of
    frame = pl.LazyFrame({"claim": claim, "revision": revision, "loss": loss, "id": service})
    frame = frame.with_columns(start_at=start_at + POSTGRES_EPOCH, end_at=end_at)
    closed = pl.when(pl.col("end_at") == OPEN).then(pl.max_horizontal("start_at", pl.lit(as_of)))
    frame = frame.with_columns(end_at=closed.otherwise(pl.col("end_at") + POSTGRES_EPOCH))
    return frame.join(_service_indexes(cursor, terms), on="id", how="left").sort("claim", "loss")


def _withdrawn(cursor: Any, claim_ids: Sequence[int], pinned: pl.DataFrame) -> pl.LazyFrame:
    """The losses, as column `loss`, that did not count by the pinned revision of their claims."""
    claim, revision, loss, stands = _columns(cursor, STANDING_COLUMNS, among(claim_ids))
    said = _pinned(pl.LazyFrame({"claim": claim, "revision": revision, "loss": loss, "stands": stands}), pinned)
    newest = said.sort("loss", "revision").unique("loss", keep="last", maintain_order=True)
    return newest.filter(pl.col("stands") == 0).select("loss")


def _service_indexes(cursor: Any, terms: Terms) -> pl.LazyFrame:
    """Row id of each service and its index in `terms.services`."""
    index = {code: place for place, code in enumerate(terms.services)}
    cursor.execute("SELECT id, code FROM services_service")
    known = [(pk, index[code]) for pk, code in cursor.fetchall() if code in index]
    return pl.LazyFrame(known, schema={"id": pl.Int64, "service": pl.Int32}, orient="row")


def _facts(cursor: Any, claim_ids: Sequence[int]) -> pl.LazyFrame:
    claim, revision, fact, loss, provenance, is_text, value, name, text = _columns(
        cursor,
        FACT_COLUMNS,
        among(claim_ids),
        texts=2,
    )
    frame = pl.LazyFrame(
        {"claim": claim, "revision": revision, "fact": fact, "loss": loss, "provenance": provenance.cast(pl.Int8),
         "name": name, "value": value, "text": text, "is_text": is_text}
    )  # fmt: skip
    return frame.with_columns(
        loss=pl.when(pl.col("loss") != NO_LOSS).then("loss"),
        value=pl.when(pl.col("is_text") == 0).then("value"),
        text=pl.when(pl.col("is_text") == 1).then("text"),
    )


def _filed(claims: pl.LazyFrame, terms: Terms) -> Iterator[pl.LazyFrame]:
    """What the service itself attests of the claims, as facts of theirs."""
    nothing, nobody = pl.lit(None, dtype=pl.Int64), pl.lit(None, dtype=pl.String)
    for name, asked in _attested(terms):
        value, text = (pl.col("filed_at"), nobody) if asked == "filed_at" else (nothing, pl.col("origin"))
        yield claims.select(
            "claim", pl.lit(0, dtype=pl.Int64).alias("fact"), nothing.alias("loss"),
            pl.lit(STAFF, dtype=pl.Int8).alias("provenance"), pl.lit(name).alias("name"), value.alias("value"),
            text.alias("text"), pl.lit(int(asked == "origin"), dtype=pl.Int64).alias("is_text"),
        )  # fmt: skip


@lru_cache(maxsize=64)
def _attested(terms: Terms) -> list[tuple[str, str]]:
    """Each name by which a policy asks when (`filed_at`) or how (`origin`) a claim was made, and which of the two."""
    specs = {name: spec.attested_by for pack in terms.packs for name, spec in pack.body.facts.items() if spec.attested_by}
    return [(name, by.claim) for name, by in specs.items() if by.claim is not None]


def _pinned(rows: pl.LazyFrame, revisions: pl.DataFrame) -> pl.LazyFrame:
    """Only what the claim had said by its pinned revision; the order of `rows` is kept."""
    joined = rows.join(revisions.lazy(), on="claim", suffix="_pinned", maintain_order="left")
    return joined.filter(pl.col("revision") <= pl.col("revision_pinned"))


def _one_per_name(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Of several facts of one name the highest provenance wins, then the latest row."""
    ordered = facts.sort("claim", "loss", "name", "provenance", "fact")
    return ordered.unique(["claim", "loss", "name"], keep="last", maintain_order=True).select(*FACTS)


def _columns(cursor: Any, sql: str, params: Sequence[Any], *, texts: int = 0) -> list[pl.Series]:
    """Run a query that gives a count and one buffer per column, the last `texts` of them separated text."""
    cursor.execute(sql, params)
    count, *buffers = cursor.fetchone()
    numbers = len(buffers) - texts
    return [integers(buffer, count) for buffer in buffers[:numbers]] + [_split(b, count) for b in buffers[numbers:]]


def integers(buffer: Any, count: int) -> pl.Series:
    """`count` big-endian 64-bit integers, as int8send makes them."""
    if count <= FEW:
        return pl.Series(struct.unpack(f">{count}q", buffer or b""), dtype=pl.Int64)
    shape = pl.Array(pl.Int64, count)
    return pl.Series([bytes(buffer)], dtype=pl.Binary).bin.reinterpret(dtype=shape, endianness="big").explode()


def _split(text: str | None, count: int) -> pl.Series:
    return pl.Series(text.split(SEPARATOR) if count and text is not None else [], dtype=pl.String)


# --- columns to rows ----------------------------------------------------------------------------


def new_ids(cursor: Any, count: int) -> pl.Series:
    """As many fresh ids of assessments. The sequence is looked up once: per id it would take three times as long."""
    cursor.execute(
        """SELECT string_agg(int8send(nextval(sequence)), '')
             FROM (SELECT pg_get_serial_sequence('claims_assessment', 'id')::regclass AS sequence OFFSET 0) AS found,
                  generate_series(1, %s)""",
        [count],
    )
    return integers(cursor.fetchone()[0], count)


def write_assessments(
    cursor: Any, revisions: pl.DataFrame, *, run_id: int, chunk_id: int, assessed_at: datetime
) -> pl.DataFrame:
    """One assessment per claim of `revisions`; returns columns claim, assessment."""
    ids = new_ids(cursor, revisions.height)
    rows = revisions.select(
        ids.alias("id"), "claim", "revision", pl.lit(run_id).alias("run"), pl.lit(chunk_id).alias("chunk"),
        pl.lit(assessed_at.isoformat()).alias("assessed_at"),
    )  # fmt: skip
    _copy(cursor, "claims_assessment (id, claim_id, revision, run_id, chunk_id, assessed_at)", rows)
    return rows.select("claim", assessment="id")


LINE_COLUMNS = (
    "claims_entitlementline (assessment_id, position, loss_id, quantity, counted_seconds, "
    "rule_id, outcome, reasons, remedy, unit, currency)"
)


def write_lines(cursor: Any, assessed: Assessed, assessments: pl.DataFrame, rules: Sequence[int]) -> None:
    """The engine's rows, under the assessments of their claims. `rules`: as `rule_ids` gives them.

    Everything that is text is rendered once per verdict, not once per row.
    """
    said = pl.Series([_copy_text(verdict, rules) for verdict in assessed.verdicts], dtype=pl.String)
    rows = assessed.rows.join(assessments, on="claim", maintain_order="left")
    rows = rows.select("assessment", "position", "loss", "quantity", "counted_seconds", said=said[rows["verdict"]])
    _copy(cursor, LINE_COLUMNS, rows)


def _copy_text(verdict: Verdict, rules: Sequence[int]) -> str:
    """What a verdict says, in the last columns of LINE_COLUMNS."""
    quoted = ('"' + reason.replace("\\", "\\\\").replace('"', '\\"') + '"' for reason in verdict.reasons)
    rule = None if verdict.rule is None else str(rules[verdict.rule])
    columns = (rule, verdict.outcome, "{" + ",".join(quoted) + "}", verdict.remedy, verdict.unit, verdict.currency)
    return "\t".join("\\N" if column is None else _escaped(column) for column in columns)


def _escaped(text: str) -> str:
    """For COPY in text format."""
    return text.translate(COPY_ESCAPES)


COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copy(cursor: Any, target: str, rows: pl.DataFrame) -> None:
    """COPY in text format; texts are escaped before."""
    if rows.is_empty():
        return
    buffer = BytesIO()
    rows.write_csv(buffer, include_header=False, separator="\t", quote_style="never", null_value="\\N")
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write(buffer.getbuffer())
