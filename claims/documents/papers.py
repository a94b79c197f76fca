"""PDFs: read, searched for what runs, and written anew from what was read. Run as a program, it is a child of `safe.py`."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from claims.documents import child
from claims.documents.refusals import FileDamaged, FileMixed, PdfActive, PdfEncrypted, PdfTooLarge

MOST_PAGES = 300
MOST_OBJECTS = 20_000  # as the file counts them
MOST_VALUES = 1_000_000  # in all of them
MOST_UNPACKED = 400 * 1024 * 1024  # bytes of all streams, never at once
MOST_IMAGE_PIXELS = 100_000_000
LARGEST = 12 * 1024 * 1024  # bytes of what is kept
DEEPEST = 3_000  # calls

RUNS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
CARRIES = frozenset({"/EF", "/EmbeddedFiles", "/EmbeddedFile"})
ACTIONS = frozenset(
    {"/JavaScript", "/ECMAScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Thread", "/Rendition",
     "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"}
)  # fmt: skip
PLAYED = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"})
OPENS_AT = ("/GoTo",)  # of the actions, what may be done when it is opened
WEB = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
COUNTED = (re.compile(rb"\bobj\b"), re.compile(rb"/Size\s+(\d{1,12})"))


def clean(content: bytes) -> tuple[str, bytes]:
    """What is kept is what was searched: nothing that another reader might find in the bytes that were sent.

    Raises FileDamaged, FileMixed, PdfEncrypted, PdfActive, PdfTooLarge.
    """
    _check_ends(content)
    _check_counts(content)
    sys.setrecursionlimit(DEEPEST)
    try:
        safe = _written_anew(content)
    except LimitReachedError as much:
        raise _too_large("unpacked, more than can be checked") from much
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as broken:
        raise _damaged() from broken
    if len(safe) > LARGEST:
        raise _too_large(f"{len(safe):,} bytes once it is written anew")
    return "application/pdf", safe


def _check_ends(content: bytes) -> None:
    """Nothing but space after the last end; what comes before the beginning is another kind of file already."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise _damaged()
    if content[end + 5 :].strip(b"\x00 \t\r\n\x1a"):
        raise FileMixed("Something else follows the end of this PDF. Print it into a PDF anew, and send that.")


def _check_counts(content: bytes) -> None:
    """By the file's own bytes, before anything is read for it."""
    many, size = COUNTED
    most = max([len(many.findall(content)), *(int(found) for found in size.findall(content))])
    if most > 2 * MOST_OBJECTS:  # an object begins and ends with the word
        raise _too_large(f"{most:,} objects")


def _written_anew(content: bytes) -> bytes:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise PdfEncrypted("The PDF is locked or has a password. Print it into a PDF without one, and send that.")
    listed = sum(map(len, reader.xref.values())) + len(reader.xref_objStm)
    if listed > MOST_OBJECTS:
        raise _too_large(f"{listed:,} objects")
    reader.root_object.pop("/Metadata", None)
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        raise _too_large(f"{pages:,} pages")
    if not pages:
        raise _damaged()
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = "%PDF-1.7"
    writer.metadata = None
    _check_opening(writer.root_object.get("/OpenAction"))
    _check_values(writer.root_object)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _check_opening(found: object) -> None:
    """It may open at a page."""
    opening = found.get_object() if isinstance(found, IndirectObject) else found
    if isinstance(opening, DictionaryObject) and opening.get("/S") not in OPENS_AT:
        raise _active("does something when it is opened")


def _check_values(root: DictionaryObject) -> None:
    """All that can be reached, by a list of what is still to be looked at: no depth is too deep."""
    waiting: list[Any] = [root]
    seen: set[int] = set()
    looked = unpacked = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
        looked += 1
        if looked > MOST_VALUES:
            raise _too_large(f"more than {MOST_VALUES:,} values")
        if isinstance(one, DictionaryObject):
            _check_dictionary(one)
            if isinstance(one, StreamObject):
                unpacked += _unpacked(one, MOST_UNPACKED - unpacked)
            waiting += _inside(one.values())
        elif isinstance(one, ArrayObject):
            waiting += _inside(one)


def _inside(values: Iterable[Any]) -> list[Any]:
    return [one for one in values if isinstance(one, IndirectObject | DictionaryObject | ArrayObject)]


def _check_dictionary(one: DictionaryObject) -> None:
    if not RUNS.isdisjoint(one):
        raise _active("runs a program")
    if not CARRIES.isdisjoint(one):
        raise _active("carries another file")
    if _name(one, "/S") in ACTIONS:
        raise _active(f"does something ({_name(one, '/S')})")
    if _name(one, "/Subtype") in PLAYED:
        raise _active(f"plays or carries something ({_name(one, '/Subtype')})")
    if _name(one, "/Type") in CARRIES:
        raise _active("carries another file")
    if _name(one, "/S") == "/URI" and not WEB.match(str(_resolved(one, "/URI"))):
        raise _active("links to something that is no page of the web")
    if isinstance(one, StreamObject) and "/F" in one:
        raise _active("fetches another file")


def _resolved(one: DictionaryObject, key: str) -> object:
    value = one.raw_get(key) if key in one else None
    return value.get_object() if isinstance(value, IndirectObject) else value


def _name(one: DictionaryObject, key: str) -> str:
    return str(_resolved(one, key))


def _unpacked(stream: StreamObject, left: int) -> int:
    """How many bytes a stream has once it is inflated, without keeping them. Raises PdfTooLarge beyond `left`."""
    named = _resolved(stream, "/Filter")
    filters = [str(one) for one in (named if isinstance(named, ArrayObject) else [named] if named else [])]
    if _name(stream, "/Subtype") == "/Image":
        pixels = int(str(_resolved(stream, "/Width") or 0)) * int(str(_resolved(stream, "/Height") or 0))
        if pixels > MOST_IMAGE_PIXELS:
            raise _too_large(f"a picture of {pixels:,} pixels")
    packed = [one for one in filters if one in ("/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL")]
    if len(packed) > 1:
        raise _too_large("a stream that is packed twice")
    data: bytes = stream._data
    if filters[:1] not in (["/FlateDecode"], ["/Fl"]):
        return len(data)
    inflate, total, rest = zlib.decompressobj(), 0, data
    try:
        while rest and not inflate.eof:
            total += len(inflate.decompress(rest, 4 << 20))
            rest = inflate.unconsumed_tail
            if total > left:
                raise _too_large(f"more than {MOST_UNPACKED // 1024 // 1024} MB once it is unpacked")
    except zlib.error:
        return total  # a reader shows what came before
    return total


def _active(what: str) -> PdfActive:
    return PdfActive(f"The PDF {what}. Print it into a PDF anew, and send that.")


def _too_large(what: str) -> PdfTooLarge:
    return PdfTooLarge(f"The PDF has {what}. Send the pages that matter.")


def _damaged() -> FileDamaged:
    return FileDamaged("The PDF ends too soon or cannot be read. Print it into a PDF anew, and send that.")


if __name__ == "__main__":
    child.run(clean)
