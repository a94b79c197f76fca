"""make bench: the main job against the floor and against a plain loop, side by side in one run.

    python -m bench [--losses N] [--rounds N] [--sample N]

job    plan_runs and assess_next_chunk in two processes, as two Celery children run them
floor  two processes that fetch the same columns with the same queries and write the same rows into the same
       tables (indexes, triggers, durability the same), with nothing in between: no computing, no queue
loop   two processes with a plain Django loop over a sample of the claims: select_related, a few lines of Python
       for the one policy that counts time, create and bulk_create per claim
one    the engine alone, for one claim at a time in a warm process: what a person on a web form waits for
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Assess made-up losses; print and write ratios.")
    parser.add_argument("--losses", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=4_000, help="claims that the plain loop assesses")
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        embedded.reset("bench")
        os.environ.update(urls.environment(), DJANGO_SETTINGS_MODULE="config.settings", STATEMENT_TIMEOUT_MS="0")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.compare import compare  # noqa: PLC0415

        compare(losses=options.losses, rounds=options.rounds, sample=options.sample)
    return 0


if __name__ == "__main__":
    sys.exit(main())
