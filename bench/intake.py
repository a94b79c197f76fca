"""make bench-intake: how many claims a second partners' programs can make, and with a broker that is away or hangs.

    python -m bench.intake [--seconds N] [--programs N]

The web process as `make serve` starts it (2 workers of 4 threads) against a WSGI function under the same gunicorn that makes
the same rows with psycopg and checks nothing (bench/minimal_intake.py): in turn, from the same programs, in one run. Then the
broker is stopped (SIGSTOP), and then killed, while programs go on; every claim that was answered with 201 has to be there.
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description="Make claims; print and write rates.")
    parser.add_argument("--seconds", type=float, default=10, help="of each turn")
    parser.add_argument("--programs", type=int, default=8, help="that send at once, each one after the other")
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        embedded.reset("bench")
        own = {**urls.environment(), "API_REQUESTS_PER_MINUTE": "1000000000"}
        os.environ.update(own, DJANGO_SETTINGS_MODULE="config.settings")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.programs import measure  # noqa: PLC0415

        measure(seconds=options.seconds, programs=options.programs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
