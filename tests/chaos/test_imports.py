"""Files of usage whose workers are killed in the middle are stored once. `IMPORT_ROWS=1000000` for the size of a real one."""

from __future__ import annotations

import os

import pytest
import redis

from claims.models import Event, ImportPart, Usage, UsageImport
from claims.operations import imports, progress_of_import
from tests.builders import a_partner, outage
from tests.chaos.living import PATIENCE, eventually, stack
from tests.claims.import_cast import as_csv, outcome, ride, send
from tests.proofs import so_many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600 + 2 * PATIENCE)]

ROWS = int(os.environ.get("IMPORT_ROWS", "0")) or so_many(30_000, in_the_suite=8_000)


@pytest.mark.parametrize("mode", ["per_row", "all_or_nothing"])
def test_a_file_whose_workers_are_killed_is_stored_once(
    process_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    outage()
    content = as_csv(ride(number, person=f"rider-{number // 3}") for number in range(ROWS))
    monkeypatch.setattr(imports, "PART_BYTES", len(content) // 40)
    sent = send(a_partner(), content, mode=mode)

    def read() -> int:
        sent.refresh_from_db()
        return progress_of_import(sent).read

    with stack(["worker", "dispatcher", "beat"], process_environment) as processes:
        eventually(lambda: read() > ROWS // 10, every=0.01)
        processes.kill("worker")
        redis.Redis.from_url(process_environment["BROKER_URL"]).flushdb()
        assert UsageImport.objects.get().state == "open", "the kill must come in the middle"
        stored = Usage.objects.count()
        assert stored == progress_of_import(sent).stored, "what is called stored is committed"
        eventually(lambda: UsageImport.objects.get().state != "open")
    sent.refresh_from_db()
    assert outcome(sent) == ("done", ROWS, 0, 0, [])
    assert Usage.objects.count() == ROWS
    assert 0 < stored < ROWS if mode == "per_row" else stored == 0
    assert sent.attempts == (0 if mode == "per_row" else 2)
    copied = Event.objects.filter(kind="usage_copied")
    assert sum(event.data["stored"] for event in copied) == ROWS
    assert set(ImportPart.objects.values_list("state", flat=True)) == {"done"}
