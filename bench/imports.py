"""make bench-imports: a partner's file of usage, beside a bare COPY of the same file.

    python -m bench.imports [--rows N] [--rounds N]

text, typed  COPY of the file, as it lies there, into a table without index, key or check; all columns text, or of their types
ready        COPY of the same rows into the table of usage itself, with all that an import has found out: one process, no file
upload       add_part of four megabytes at a time and finish_upload
per row      work_next_part in two processes, as two Celery children run it
all or       work_next_part in one process: the file is one transaction
 nothing
Each import into tables that are empty of usage, with people nobody knows yet. The memory is that of a fresh worker's process.
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description="Import made-up usage; print and write it.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        embedded.reset("bench")
        os.environ.update(urls.environment(), DJANGO_SETTINGS_MODULE="config.settings", STATEMENT_TIMEOUT_MS="0")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.importing import measure  # noqa: PLC0415

        measure(rows=options.rows, rounds=options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
