"""make bench-quote: what who looks waits for, while others look too.

    python -m bench.quote [--rate N] [--seconds N]

The page of what may be expected is asked for at a fixed rate, whether the answers keep up or not, from the web process as
`make serve` starts it (2 workers of 4 threads), on the demonstration's data; each time by another visitor, whose session is
filled. Milliseconds from the moment that a request was due, on the same machine; a page that reads no database beside it.
"""

from __future__ import annotations

import argparse
import os
import sys

from config import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.quote", description="Ask for quotes; print and write times.")
    parser.add_argument("--rate", type=int, default=20, help="requests a second")
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    with embedded.stack("bench") as urls:
        embedded.reset("bench")
        os.environ.update(urls.environment(), DJANGO_SETTINGS_MODULE="config.settings")
        import django  # noqa: PLC0415 - the settings read the environment made above

        django.setup()
        from bench.visitors import measure  # noqa: PLC0415

        measure(rate=options.rate, seconds=options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
