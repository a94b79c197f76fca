"""What a file is by its bytes, whatever it is called."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from io import BytesIO

from claims.documents.refusals import TAKEN, FileMixed, FileTypeNotAllowed, HeicRefused


class Kind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    CSV = "csv"


PICTURES = (Kind.PNG, Kind.JPEG, Kind.WEBP)
HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# Said by name, so that who sends one knows what to do; whatever is not listed here either is text or is refused as it is.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK", "a ZIP archive or an Office document"), (b"MZ", "a program"), (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office or HWP document"), (b"GIF8", "a GIF picture"), (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"), (b"MM\x00*", "a TIFF picture"), (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"), (b"{\\rtf", "an RTF document"), (b"#!", "a script"), (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)  # fmt: skip
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)[\s>/]", re.IGNORECASE)
# Of other formats, long enough that none stands in ten megabytes of pixels by chance.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"This program cannot be run in DOS mode", "a program"), (b"\x7fELF\x01\x01\x01", "a program"),
    (b"\x7fELF\x02\x01\x01", "a program"), (b"Rar!\x1a\x07", "a RAR archive"), (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
)  # fmt: skip


def kind_of(content: bytes) -> Kind:
    """By its first bytes; whatever is of no known kind, and may be text, is a table until somebody reads it.

    Raises FileTypeNotAllowed, HeicRefused.
    """
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise HeicRefused(
            "This is a HEIC picture, which most browsers do not show. Send it as JPEG; on an iPhone choose Settings, Camera, "
            "Formats, Most Compatible, or share the picture by e-mail to get a JPEG."
        )
    for sign, what in OTHERS:
        if content.startswith(sign):
            raise FileTypeNotAllowed(f"This is {what}. {TAKEN}")
    if b"\x00" in content:
        raise FileTypeNotAllowed(f"This is no PDF, JPEG, PNG, WebP or CSV file. {TAKEN}")
    return Kind.CSV


def check_alone(content: bytes, kind: Kind) -> None:
    """A picture or PDF that is something else as well is not cleaned but refused: nobody makes one by accident.

    Bytes after a picture that are none of this stay allowed; phones write them, and they are dropped. Raises FileMixed.
    """
    found = [what for sign, what in FOREIGN if sign in content]
    if MARKUP.search(content):
        found.append("a web page or script")
    if zipfile.is_zipfile(BytesIO(content)):
        found.append("a ZIP archive")
    if kind != Kind.PDF and b"%PDF-" in content:
        found.append("a PDF")
    if found:
        raise FileMixed(f"Besides a {kind.upper()} this file holds {found[0]}. Save or photograph it anew, and send that.")
