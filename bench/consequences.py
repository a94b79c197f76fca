"""make bench-consequences: a correction that touches 500 claims, in tables of 10,000 to 1,000,000.

    python -m bench.consequences [--sizes N ...] [--others N] [--rounds N] [--touched N] [--explain]

publish  the corrected version
detect   chase_versions: who is touched, put in the queue
assess   plan_runs, assess_next_chunk, finish_run
settle   settle_next: the differences become payouts
letter   write_next_letters, per letter

The best of several rounds, in one warm process. Every step must take the same time whatever the size.
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.consequences", description="Correct a record; print and write times."
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--others", type=int, default=100_000, help="outage windows of other incidents")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--touched", type=int, default=500, help="claims that each correction touches")
    parser.add_argument("--explain", action="store_true", help="also print the plan of the query that finds the touched claims")
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        embedded.reset("bench")
        os.environ.update(urls.environment(), DJANGO_SETTINGS_MODULE="config.settings", STATEMENT_TIMEOUT_MS="0")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.growth import measure  # noqa: PLC0415

        measure(
            sizes=options.sizes, others=options.others, rounds=options.rounds, touched=options.touched, explain=options.explain
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
