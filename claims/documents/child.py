"""The process in which a file is decoded: bytes come by standard input, and a line of JSON and bytes go by standard output."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable

from claims.documents.refusals import DocumentRefused, FileNotChecked

MEMORY = 512 * 1024 * 1024  # of addresses, bytes; what is resident stays far below
PROCESSOR_SECONDS = 10
MOST_WRITTEN = 24 * 1024 * 1024  # bytes
OPEN_FILES = 16

Clean = Callable[[bytes], tuple[str, bytes]]  # media type and safe bytes; raises DocumentRefused


def run(clean: Clean) -> None:
    """Limits first, then the bytes: they hold even if a decoder is taken over by what it decodes."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR_SECONDS), (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_NOFILE, OPEN_FILES), (resource.RLIMIT_NPROC, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    out = sys.stdout.buffer
    try:
        media_type, safe = clean(sys.stdin.buffer.read())
    except DocumentRefused as refusal:
        _say(code=refusal.code, message=refusal.message)
    except MemoryError:
        _say(code=FileNotChecked.code, message="Unpacked, this file needs too much memory. Send it smaller.")
    else:
        _say(media_type=media_type)
        out.write(safe)
    out.flush()


def _say(**line: str) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
