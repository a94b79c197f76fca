"""The floor: fetch what the job fetches and write what it wrote, with nothing in between.

The rows come from a real run of the job, kept per chunk as the bytes that COPY takes.
"""

from __future__ import annotations

import json

from django.db import connection, transaction

from bench.processes import PROCESSES
from claims import facts
from claims.models import RunChunk
from config import embedded

FOLDER = embedded.folder("bench") / "floor"
ASSESSMENTS = "claims_assessment (id, claim_id, revision, run_id, chunk_id, assessed_at)"


def save_results() -> None:
    """Each chunk of the run that has just finished: claim range, assessments, lines."""
    FOLDER.mkdir(exist_ok=True)
    forget_results()
    for chunk in RunChunk.objects.order_by("number"):
        span = {"first": chunk.first_claim_id, "last": chunk.last_claim_id}
        (FOLDER / f"{chunk.number}.json").write_text(json.dumps(span))
        _dump(f"{chunk.number}.assessments", ASSESSMENTS, "claims_assessment", f"chunk_id = {chunk.pk}")
        of_chunk = f"assessment_id IN (SELECT id FROM claims_assessment WHERE chunk_id = {chunk.pk})"
        _dump(f"{chunk.number}.lines", facts.LINE_COLUMNS, "claims_entitlementline", of_chunk)


def _dump(name: str, target: str, table: str, condition: str) -> None:
    columns = target.partition("(")[2].rstrip(")")
    with connection.cursor() as cursor, (FOLDER / name).open("wb") as file:
        query = f"COPY (SELECT {columns} FROM {table} WHERE {condition} ORDER BY id) TO STDOUT"
        with cursor.copy(query) as copy:
            for block in copy:
                file.write(block)


def forget_results() -> None:
    for path in FOLDER.glob("*"):
        path.unlink()


def fetch_and_write(index: int) -> None:
    """Every PROCESSES-th chunk, each in a transaction of its own."""
    for path in sorted(FOLDER.glob("*.json"), key=lambda p: int(p.stem))[index::PROCESSES]:
        span = json.loads(path.read_text())
        with transaction.atomic(durable=True), facts.raw_cursor() as cursor:
            facts.fetch_raw(cursor, list(range(span["first"], span["last"] + 1)))
            for target, name in ((ASSESSMENTS, "assessments"), (facts.LINE_COLUMNS, "lines")):
                with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                    copy.write((FOLDER / f"{path.stem}.{name}").read_bytes())
