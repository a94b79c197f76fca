"""A worker's memory does not grow with the file, nor with what is wrong in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from claims.models import UsageImport
from claims.operations import imports
from tests.builders import a_partner, outage
from tests.claims.import_cast import as_csv, ride, send
from tests.proofs import WHOLE, so_many

pytestmark = pytest.mark.django_db(transaction=True)

FEW, MANY = 4_000, so_many(80_000, in_the_suite=40_000)  # rows, in parts of 2,000
MORE = 25  # MB that the larger one may need more

# The most that this address space had; ru_maxrss would go on through exec, and tell of the test's own process.
WORK = """
import re, django
django.setup()
from django.utils import timezone
from claims.operations import work_next_part
while work_next_part(import_id={import_id}, worker="memory", now=timezone.now()):
    pass
print(re.findall(r"VmHWM:\\s*([0-9]+) kB", open("/proc/self/status").read())[0])
"""


def most_megabytes(sent: UsageImport, environment: dict[str, str]) -> int:
    run = subprocess.run(
        [sys.executable, "-c", WORK.format(import_id=sent.pk)], check=True, capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).parents[2], env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip
    return int(run.stdout) // 1024


WAYS = [("per_row", "ride"), ("all_or_nothing", "ride"), ("all_or_nothing", "flight")]  # the last: of which each row is wrong


@pytest.mark.parametrize(("mode", "kind"), WAYS if WHOLE else WAYS[::2])
def test_memory_does_not_grow_with_the_file(
    process_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, mode: str, kind: str
):
    outage()
    monkeypatch.setattr(imports, "PART_BYTES", 260_000)
    most = []
    for rows in (FEW, MANY):
        content = as_csv(ride(number, kind=kind) for number in range(rows))
        sent = send(a_partner(f"partner-{rows}"), content, mode=mode)
        most.append(most_megabytes(sent, process_environment))
        sent.refresh_from_db()
        assert (sent.stored, sent.refused) == ((rows, 0) if kind == "ride" else (0, rows))
    assert most[1] - most[0] < MORE, most
