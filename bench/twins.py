"""make bench-twins: claims with planted twins of every sort; what is found must be what was planted, and nothing else.

    python -m bench.twins [--claims N] [--new N] [--rounds N]

keys  key_claims: the keys of people, in slices
full  find_twins: all claims against all, in one pass
new   find_twins after so many new claims have come in, half of them twins of old ones
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.twins", description="Find planted twins; print and write times.")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=100, help="claims that come in before each later pass")
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        embedded.reset("bench")
        os.environ.update(urls.environment(), DJANGO_SETTINGS_MODULE="config.settings", STATEMENT_TIMEOUT_MS="0")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.finding import measure  # noqa: PLC0415

        measure(claims=options.claims, new=options.new, rounds=options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
