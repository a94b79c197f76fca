"""What was sent becomes what may be kept and shown. No database, and no decoder in this process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from claims.documents.kinds import PICTURES, Kind, check_alone, kind_of
from claims.documents.refusals import DOCUMENT_REFUSALS, FileEmpty, FileNotChecked, FileTooLarge

LARGEST = 10 * 1024 * 1024  # bytes
PATIENCE = 30  # seconds on the clock; of the processor the child has ten (claims/documents/child.py)
ROOT = Path(__file__).resolve().parents[2]
TYPES = ("application/pdf", "image/png", "image/jpeg", "text/csv")


@dataclass(frozen=True)
class SafeDocument:
    """`content`: of the type, made anew from what was sent."""

    media_type: str
    content: bytes


def make_safe(content: bytes) -> SafeDocument:
    """A JPEG, PNG, WebP, PDF or CSV file, decoded in a process of its own and written anew.

    Raises FileEmpty, FileTooLarge, FileTypeNotAllowed, HeicRefused, FileDamaged, FileMixed, FileNotChecked, ImageTooLarge,
    ImageAnimated, PdfEncrypted, PdfActive, PdfTooLarge, TableRefused, TableTooLarge.
    """
    if not content:
        raise FileEmpty("The file is empty. Send the one that you meant.")
    if len(content) > LARGEST:
        raise FileTooLarge(f"The file has {len(content):,} bytes; at most {LARGEST:,} are taken. Send it smaller or in parts.")
    kind = kind_of(content)
    if kind != Kind.CSV:
        check_alone(content, kind)
    return _decoded(content, "pictures" if kind in PICTURES else "papers" if kind == Kind.PDF else "tables")


def _decoded(content: bytes, decoder: str) -> SafeDocument:
    """By a program that knows no environment: it needs no secret. It writes to a file, which cannot grow over its limit."""
    command = [sys.executable, "-E", "-s", "-m", f"claims.documents.{decoder}"]
    with tempfile.TemporaryFile() as out:
        try:
            subprocess.run(
                command, input=content, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT, env={}, timeout=PATIENCE, check=True
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as died:
            raise _not_checked() from died
        return _read(out)


def _read(out: IO[bytes]) -> SafeDocument:
    out.seek(0)
    line = out.readline(2000)
    try:
        said = json.loads(line)
    except ValueError as unread:
        raise _not_checked() from unread
    if "code" in said:
        raise DOCUMENT_REFUSALS[said["code"]](said["message"])
    if said["media_type"] not in TYPES:
        raise _not_checked()
    return SafeDocument(said["media_type"], out.read())


def _not_checked() -> FileNotChecked:
    return FileNotChecked("The file could not be checked in time. Send it smaller, in parts, or saved in another format.")
