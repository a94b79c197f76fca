"""Files of usage: sent whole, worked off by workers, and what became of each row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language, override
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.callers import caller_of, partner_of
from accounts.models import Partner, Scope
from claims.api.paging import PARAMETERS, Page, paged
from claims.api.problem_words import detail_of
from claims.api.questions import choice_asked
from claims.api.views import ApiView, checked_key, once, said, written
from claims.models import ImportEncoding, ImportFormat, ImportMode, ImportPhase, ImportState, UsageImport
from claims.operations import (
    LineError,
    UnknownImport,
    add_part,
    answered_before,
    begin_import,
    cancel_import,
    finish_upload,
    progress_of_import,
    result_file,
)
from claims.operations.imports import MOST_BYTES, PART_BYTES, FileEmpty
from services import clock
from services.bodies import BodyEmpty, CharsetUnsupported, EncodingUnsupported, MediaTypeUnsupported, check_length
from services.body_fields import Instant

MEDIA_TYPES = {"text/csv": ImportFormat.CSV, "application/x-ndjson": ImportFormat.NDJSON}
CHARSETS = {ImportEncoding.UTF_8: ("utf_8", "utf8"), ImportEncoding.CP949: ("cp949",)}
WRITES, READS = (Scope.WRITE_USAGE,), (Scope.READ_USAGE, Scope.WRITE_USAGE)


class ImportSaid(BaseModel):
    """How far a file is. `read` of `rows` rows; `stored` now, `repeated` known before, `refused` wrong, `failed` our fault.

    `refused` as a state: all or nothing, and a row is wrong. A file that is all or nothing, or a dry run, is read twice: `read`
    counts within `phase`, and begins anew with each of `attempts`.
    """

    id: UUID
    state: ImportState
    format: ImportFormat
    encoding: ImportEncoding
    mode: ImportMode
    dry_run: bool
    sha256: str | None
    rows: int
    read: int
    stored: int
    repeated: int
    refused: int
    failed: int
    phase: ImportPhase | None
    attempts: int
    begun_at: Instant
    finished_at: Instant | None
    errors: str = Field(description="Where the rows that were refused are read, as CSV.")


class ImportPage(Page[ImportSaid]):
    """Newest first."""


class Imports(ApiView):
    """Your files, newest first. One is sent by POST as it is: CSV (`text/csv`, with a header) or a JSON object a line
    (`application/x-ndjson`), of at most 500 MB and 2,000,000 rows, with the names of `POST /usage`.

    `mode=per_row` stores what is right, `all_or_nothing` stores nothing where a row is wrong; `dry_run=true` stores nothing and
    says the same. The same file again stores nothing twice.
    """

    scopes = {"GET": READS, "HEAD": READS, "POST": WRITES}
    parameters, written_with = PARAMETERS, ("encoding", "mode", "dry_run")
    bodies, answers = {"POST": tuple(MEDIA_TYPES)}, {"GET": (200, ImportPage), "POST": (201, ImportSaid)}

    def get(self, request: Request) -> Response:
        return paged(request, _imports(partner_of(request)), _import_said, ImportPage)

    def post(self, request: Request) -> HttpResponse:
        """Send a file."""
        partner, key = partner_of(request), checked_key(request)
        begun, media_type = _asked(request), request._request.content_type or ""
        if answered_before(caller=caller_of(request).key, key=key):  # only held against what was sent then
            digest, _ = _read(request, None, partner)
            return once(request, digest.encode(), lambda now: None, media_type=media_type)
        with transaction.atomic(durable=True):
            sent = begin_import(partner=partner, **begun, now=clock.now())
        try:
            digest, size = _read(request, sent, partner)

            def act(now: Any) -> ImportSaid:
                finish_upload(import_id=sent.pk, partner=partner, sha256=digest, size=size, now=now)
                return _import_said(UsageImport.objects.get(pk=sent.pk))

            at = f"/api/v1/imports/{sent.key}"
            answer = once(request, digest.encode(), act, location=lambda made: at, media_type=media_type)
        except BaseException:
            with suppress(DatabaseError):  # who is away is so for the first error as well: that it is left alone ends it later
                _stop(sent, partner)
            raise
        if answer.headers.get("Location") != at:  # of the same request, which was quicker
            _stop(sent, partner)
        return answer


class ImportOne(ApiView):
    """How far a file is; DELETE stops it, and what is stored row by row stays."""

    scopes = {"GET": READS, "HEAD": READS, "DELETE": WRITES}
    answers = {"GET": (200, ImportSaid), "DELETE": (200, ImportSaid)}

    def get(self, request: Request, key: UUID) -> Response:
        return said(_import_said(_import_of(request, key)))

    def delete(self, request: Request, key: UUID) -> HttpResponse:
        """Stop an import."""
        found = _import_of(request, key)

        def act(body: None, now: Any) -> ImportSaid:
            return _import_said(cancel_import(import_id=found.pk, partner=partner_of(request), now=now))

        return written(request, None, act, status=200)


class ImportErrors(ApiView):
    """The rows that were refused, as CSV: line, external_id, code, field, message, in Korean or English by Accept-Language.
    For a week after the end.
    """

    scopes = {"GET": READS, "HEAD": READS}
    answers = {"GET": (200, "text/csv")}

    def get(self, request: Request, key: UUID) -> StreamingHttpResponse:
        found = _import_of(request, key)
        headers = {"Content-Disposition": f'attachment; filename="{key}.csv"', "X-Content-Type-Options": "nosniff"}
        lines = result_file(found.pk, partial(_words, get_language() or "ko"))
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _words(language: str, error: LineError) -> str:
    """A file is written after its request has been left, with its language."""
    with override(language):
        return detail_of(error.code, error.about)


def _imports(partner: Partner) -> Any:
    """Without those of which not all came: whoever sent them was told so."""
    gone = {"state__in": (ImportState.CANCELLED, ImportState.ABANDONED), "sent_at": None}
    return UsageImport.objects.filter(partner=partner).exclude(**gone).defer("tail")


def _import_of(request: Request, key: UUID) -> UsageImport:
    """Raises UnknownImport, also for one of another partner."""
    found: UsageImport | None = _imports(partner_of(request)).filter(key=key).first()
    if found is None:
        raise UnknownImport("There is no such import.")
    return found


def _asked(request: Request) -> dict[str, Any]:
    """What `begin_import` is told. Raises what is wrong with the head of the request."""
    http = request._request
    check_length(http, MOST_BYTES)
    if http.META.get("CONTENT_LENGTH") in (None, "", "0"):
        raise FileEmpty("The request has no body. Send the file.")
    if http.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise EncodingUnsupported("A compressed file is not unpacked. Send it as it is.")
    if http.content_type not in MEDIA_TYPES:
        raise MediaTypeUnsupported(f"Send the file as {' or '.join(MEDIA_TYPES)}.", about=", ".join(MEDIA_TYPES))
    encoding = ImportEncoding(choice_asked(request, "encoding", ImportEncoding.values) or ImportEncoding.UTF_8)
    charset = (http.content_params or {}).get("charset", encoding).lower().replace("-", "_")
    if charset not in CHARSETS[encoding]:
        raise CharsetUnsupported("Say the encoding as ?encoding=cp949 or utf_8; a charset beside it has to be the same.")
    return {
        "format": MEDIA_TYPES[http.content_type],
        "encoding": encoding,
        "mode": choice_asked(request, "mode", ImportMode.values) or ImportMode.ALL_OR_NOTHING,
        "dry_run": choice_asked(request, "dry_run", ("true", "false")) == "true",
    }


def _read(request: Request, sent: UsageImport | None, partner: Partner) -> tuple[str, int]:
    """Its SHA-256 and size; kept a part at a time, so that none is in memory whole. `sent`: None, and nothing is kept."""
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(request):
        digest.update(piece)
        if sent is not None:
            with transaction.atomic(durable=True):
                add_part(import_id=sent.pk, partner=partner, offset=size, content=piece, now=clock.now())
        size += len(piece)
    return digest.hexdigest(), size


def _stop(sent: UsageImport, partner: Partner) -> None:
    with transaction.atomic(durable=True):
        cancel_import(import_id=sent.pk, partner=partner, now=clock.now())


def _pieces(request: Request) -> Iterator[bytes]:
    left = int(request._request.META["CONTENT_LENGTH"])
    while left > 0:
        piece = request._request.read(min(PART_BYTES, left))
        if not piece:  # it broke off
            raise BodyEmpty("The file broke off. Send it again.")
        left -= len(piece)
        yield piece


def _import_said(one: UsageImport) -> ImportSaid:
    at = progress_of_import(one)
    return ImportSaid(
        id=one.key, state=ImportState(one.state), format=ImportFormat(one.format), encoding=ImportEncoding(one.encoding),
        mode=ImportMode(one.mode), dry_run=one.dry_run, sha256=one.sha256 or None, rows=at.rows, read=at.read, stored=at.stored,
        repeated=at.repeated, refused=at.refused, failed=at.failed, phase=ImportPhase(at.phase) if at.phase else None,
        attempts=at.attempts, begun_at=one.begun_at, finished_at=one.finished_at, errors=f"/api/v1/imports/{one.key}/errors",
    )  # fmt: skip
