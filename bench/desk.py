"""make bench-desk: the pages that staff wait for, among 1,000,000 claims.

    python -m bench.desk [--claims N] [--looks N] [--keep]

The claims are copied in (COPY), then assessed, decided and tallied by the operations, as in life; so there are claims in
every status, with lines, decisions, payouts and events. Then each page is asked for so many times, by one process beside the
database, each time with other claims, people or filters: milliseconds in the server, and the number of queries.
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description="Ask for pages of staff; print and write times.")
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--looks", type=int, default=200, help="how often each page is asked for")
    parser.add_argument("--keep", action="store_true", help="measure what an earlier run has made")
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        if not options.keep:
            embedded.reset("bench")
        os.environ.update(urls.environment(), DJANGO_SETTINGS_MODULE="config.settings", STATEMENT_TIMEOUT_MS="0")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.looks import measure  # noqa: PLC0415

        measure(claims=options.claims, looks=options.looks, keep=options.keep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
