"""Files of a partner's usage for tests: made, sent, and worked off."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import Partner
from claims.models import UsageImport
from claims.operations import add_part, begin_import, finish_upload, import_errors, work_next_part
from tests.builders import BIKE, NOW

NAMES = ("external_id", "person", "service", "kind", "start_at", "end_at", "locked_at", "charge_minor", "currency", "ride")
GOOD: Mapping[str, Any] = {
    "external_id": "ride-1", "person": "rider-1", "service": BIKE, "kind": "ride", "start_at": "2022-10-15T15:20:00+09:00",
    "end_at": "2022-10-15T21:15:00+09:00", "locked_at": None, "charge_minor": 53450, "currency": "KRW",
    "ride": None,
}  # fmt: skip


def ride(number: int, **more: Any) -> dict[str, Any]:
    return {**GOOD, "external_id": f"ride-{number}", "person": f"rider-{number % 7}", **more}


def lock(number: int, of: int, **more: Any) -> dict[str, Any]:
    """Of the ride with the number `of`, that ran on for hours."""
    return {
        **dict.fromkeys(NAMES), "external_id": f"lock-{number}", "person": f"rider-{of % 7}", "service": BIKE, "kind": "lock",
        "start_at": "2022-10-15T15:42:00+09:00", "ride": f"ride-{of}", **more,
    }  # fmt: skip


def as_csv(rows: Iterable[Mapping[str, Any]], names: Sequence[str] = NAMES, end: str = "\n") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(names)
    writer.writerows([["" if row[name] is None else row[name] for name in names] for row in rows])
    return text.getvalue().encode()


def as_ndjson(rows: Iterable[Mapping[str, Any]], end: str = "\n") -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + end for row in rows).encode()


WRITERS: dict[str, Any] = {"csv": as_csv, "ndjson": as_ndjson}


def begin(partner: Partner, **more: Any) -> UsageImport:
    said = {"format": "csv", "encoding": "utf_8", "mode": "per_row", "dry_run": False, **more}
    with transaction.atomic():
        return begin_import(partner=partner, now=NOW, **said)


def send(partner: Partner, content: bytes, *, piece: int = 1 << 30, **more: Any) -> UsageImport:
    """Begun, sent in pieces of so many bytes, and finished; each in its transaction."""
    sent = begin(partner, **more)
    about: dict[str, Any] = {"import_id": sent.pk, "partner": partner, "now": NOW}
    for start in range(0, len(content), piece):
        with transaction.atomic():
            add_part(offset=start, content=content[start : start + piece], **about)
    with transaction.atomic():
        return finish_upload(sha256=hashlib.sha256(content).hexdigest(), size=len(content), **about)


def work(sent: UsageImport) -> UsageImport:
    while work_next_part(import_id=sent.pk, worker="test", now=NOW):
        pass
    sent.refresh_from_db()
    return sent


def outcome(ended: UsageImport) -> tuple[Any, ...]:
    """State, stored, repeated, refused, and line and code of each error."""
    errors = [(error.line, error.code) for error in import_errors(ended.pk)]
    return ended.state, ended.stored, ended.repeated, ended.refused, errors


def imported(partner: Partner, content: bytes, **more: Any) -> tuple[Any, ...]:
    return outcome(work(send(partner, content, **more)))
