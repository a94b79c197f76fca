"""Documents made here: sound ones, and hostile ones each with the code of its refusal. No Django."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image, ImageCms
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    NameObject,
    StreamObject,
)

# --- sound ----------------------------------------------------------------------------------------------


@cache
def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), colour: str = "navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@cache
def paper(*body: str, root: str = "", page: str = "") -> bytes:
    """A PDF of one page, with a table of what is where; `body`: objects from the fourth on, without their numbers."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {page} >>", *body,
    ]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    many, start = len(objects) + 1, len(out)
    trailer = (
        f"xref\n0 {many}\n0000000000 65535 f \n{table}trailer\n<< /Size {many} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )
    return out + trailer.encode()


TABLE = "날짜,요금\n2022-10-15,-5\n".encode()
PDF, PNG, JPEG, WEBP = paper(), picture("PNG"), picture(), picture("WEBP")


# --- hostile --------------------------------------------------------------------------------------------


def _zip(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names or ("a.txt",):
            archive.writestr(name, "x")
    return out.getvalue()


def zeros(millions: int) -> bytes:
    """So many million bytes, packed."""
    packing = zlib.compressobj(9)
    return b"".join(packing.compress(bytes(1_000_000)) for _ in range(millions)) + packing.flush()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, data: bytes = b"", *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _bomb() -> bytes:
    """50,000 x 50,000 pixels of zeros; only the first of their bytes are there, for the header has to be enough."""
    return png(50_000, 50_000, zlib.compress(bytes(5_000_000)))


def _lying(width: int, height: int) -> bytes:
    place = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:place] + struct.pack(">HH", height, width) + JPEG[place + 4 :]


def _moving(kind: str) -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def _webp_canvas() -> bytes:
    """An animation on a canvas of 16,384 x 16,384."""
    moving = bytearray(_moving("WEBP"))
    moving[24:30] = b"\xff\x3f\x00" * 2
    return bytes(moving)


def _webp_wide() -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\x00\x00\x00\x00" + b"\xff\x3f\x00" * 2
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _saved(kind: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, kind)
    return out.getvalue()


def opening(inner: str, root: str = "/OpenAction 4 0 R") -> bytes:
    """The catalogue and an action stand compressed, so that no search of the bytes finds them."""
    objects = [f"<< /Type /Catalog /Pages 2 0 R {root} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>", inner]  # fmt: skip
    heads, body = "", ""
    for number, one in enumerate(objects, start=1):
        heads += f"{number} {len(body)} "
        body += one + " "
    packed = zlib.compress((heads + body).encode())
    out = b"%PDF-1.7\n"
    stream_at = len(out)
    out += (
        f"5 0 obj\n<< /Type /ObjStm /N 4 /First {len(heads)} /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
    )
    out += packed + b"\nendstream\nendobj\n"
    table_at = len(out)
    rows = struct.pack(">BIH", 0, 0, 65535)
    rows += b"".join(struct.pack(">BIH", 2, 5, place) for place in range(4))
    rows += struct.pack(">BIH", 1, stream_at, 0) + struct.pack(">BIH", 1, table_at, 0)
    table = zlib.compress(rows)
    out += (
        f"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R /Length {len(table)} /Filter /FlateDecode >>\nstream\n"
    ).encode()  # fmt: skip
    return out + table + f"\nendstream\nendobj\nstartxref\n{table_at}\n%%EOF\n".encode()


def _encrypted() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _attached() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("a.exe", b"MZ")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(data: bytes, *about: tuple[str, object]) -> bytes:
    """A PDF whose page shows this stream, as it is."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = StreamObject()
    stream._data = data
    stream.update({NameObject(key): value for key, value in about})
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _flate(*levels: int) -> ArrayObject:
    return ArrayObject(NameObject("/FlateDecode") for _ in levels)


def _many_objects() -> bytes:
    """A million of them in a file of nine megabytes."""
    return b"%PDF-1.4\n" + b"1 0 obj\n" * 1_000_000 + PDF[9:]


def _many_pages() -> bytes:
    kids = " ".join(["3 0 R"] * 400)
    return PDF.replace(b"/Kids [3 0 R] /Count 1", f"/Kids [{kids}] /Count 400".encode())


def _deep() -> bytes:
    return paper("[" * 20_000 + "]" * 20_000, page="/Contents 4 0 R")


def _action(body: str) -> bytes:
    return paper(f"<< /Type /Action {body} >>", root="/OpenAction 4 0 R")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
EXE = b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode"
ELF = b"\x7fELF\x02\x01\x01" + bytes(60)
FTYP = b"\x00\x00\x00\x18ftyp"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "file_empty"),
    "NULs": (lambda: bytes(4096), "file_type_not_allowed"),
    "one byte too many": (lambda: JPEG + bytes(10 * 1024 * 1024 + 1 - len(JPEG)), "file_too_large"),
    "SVG": (lambda: SVG, "file_type_not_allowed"),
    "SVG after a declaration": (lambda: b"<?xml version='1.0'?>\n" + SVG, "file_type_not_allowed"),
    "HTML called .jpg": (lambda: HTML, "file_type_not_allowed"),
    "EXE called .pdf": (lambda: EXE, "file_type_not_allowed"),
    "ELF": (lambda: ELF, "file_type_not_allowed"),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf ~,x\na,b\n", "file_type_not_allowed"),
    "ZIP": (_zip, "file_type_not_allowed"),
    "XLSX": (lambda: _zip("[Content_Types].xml", "xl/workbook.xml"), "file_type_not_allowed"),
    "DOCX": (lambda: _zip("[Content_Types].xml", "word/document.xml"), "file_type_not_allowed"),
    "GIF": (lambda: _saved("GIF"), "file_type_not_allowed"),
    "BMP": (lambda: _saved("BMP"), "file_type_not_allowed"),
    "TIFF": (lambda: _saved("TIFF"), "file_type_not_allowed"),
    "HEIC": (lambda: FTYP + b"heic" + bytes(50), "heic_refused"),
    "AVIF": (lambda: FTYP + b"avif" + bytes(50), "file_type_not_allowed"),
    "MP4": (lambda: FTYP + b"isom" + bytes(50), "file_type_not_allowed"),
    "JPEG and JAR": (lambda: JPEG + _zip("A.class"), "file_mixed"),
    "PNG and ZIP": (lambda: PNG + _zip(), "file_mixed"),
    "PNG and HTML in its text": (lambda: png(9, 9, b"", chunk(b"tEXt", b"Title\x00" + HTML)), "file_mixed"),
    "JPEG and PDF": (lambda: JPEG + PDF, "file_mixed"),
    "JPEG and EXE": (lambda: JPEG + EXE, "file_mixed"),
    "JPEG ended early": (lambda: picture("JPEG", (300, 300))[:-200], "file_damaged"),
    "PNG ended early": (lambda: PNG[:-20], "file_damaged"),
    "WebP ended early": (lambda: WEBP[:-20], "file_damaged"),
    "PNG of few pixels than it says": (lambda: png(500, 500, zlib.compress(b"x")), "file_damaged"),
    "PNG of no size": (lambda: png(0, 10, zlib.compress(b"")), "file_damaged"),
    "PNG bomb": (_bomb, "image_too_large"),
    "PNG whose text is a bomb": (
        lambda: png(9, 9, b"", chunk(b"zTXt", b"a\x00\x00" + zeros(200))), "file_damaged",
    ),
    "JPEG that says 60,000 x 60,000": (lambda: _lying(60_000, 60_000), "image_too_large"),
    "WebP canvas": (_webp_wide, "image_too_large"),
    "WebP animation on a large canvas": (_webp_canvas, "image_animated"),
    "PNG animation": (lambda: _moving("PNG"), "image_animated"),
    "PDF behind HTML": (lambda: HTML + PDF, "file_type_not_allowed"),
    "PDF before HTML": (lambda: PDF + HTML, "file_mixed"),
    "PDF with HTML in a comment": (lambda: PDF.replace(b"\n1 0 obj", b"\n%" + HTML + b"\n1 0 obj"), "file_mixed"),
    "PDF and ZIP": (lambda: PDF + _zip(), "file_mixed"),
    "PDF and bytes": (lambda: PDF + b"more", "file_mixed"),
    "PDF ended early": (lambda: PDF[:-8], "file_damaged"),
    "PDF of nothing": (lambda: b"%PDF-1.7\n%%EOF", "file_damaged"),
    "PDF with a password": (_encrypted, "pdf_encrypted"),
    "PDF with JavaScript": (lambda: _action("/S /JavaScript /JS (app.alert(1))"), "pdf_active"),
    "PDF with JavaScript in its names": (
        lambda: paper("<< /Names [(a) 5 0 R] >>", "<< /S /JavaScript /JS (x) >>", root="/Names << /JavaScript 4 0 R >>"),
        "pdf_active",
    ),
    "PDF with JavaScript in an object stream": (lambda: opening("<< /S /JavaScript /JS (x) >>"), "pdf_active"),
    "PDF with JavaScript in hexadecimal": (lambda: _action("/S /J#61vaScript /#4aS (x)"), "pdf_active"),
    "PDF with JavaScript on a page": (
        lambda: paper(page="/Annots [ << /Type /Annot /Subtype /Link /A << /S /JavaScript /JS (x) >> >> ]"), "pdf_active",
    ),
    "PDF that starts a program": (lambda: _action("/S /Launch /F (cmd.exe)"), "pdf_active"),
    "PDF that acts on a page": (lambda: paper(page="/AA << /O << /S /URI /URI (http://a.kr) >> >>"), "pdf_active"),
    "PDF that opens a page of the web": (lambda: _action("/S /URI /URI (http://a.kr)"), "pdf_active"),
    "PDF that links to a script": (
        lambda: paper(page="/Annots [ << /Subtype /Link /A << /S /URI /URI (javascript:alert\\(1\\)) >> >> ]"), "pdf_active",
    ),
    "PDF that sends a form": (lambda: paper(page="/Annots [ << /A << /S /SubmitForm /F (http://a.kr) >> >> ]"), "pdf_active"),
    "PDF with another file": (_attached, "pdf_active"),
    "PDF with a form of XML": (lambda: paper("<< /Fields [] /XFA (x) >>", root="/AcroForm 4 0 R"), "pdf_active"),
    "PDF with media": (lambda: paper(page="/Annots [ << /Type /Annot /Subtype /RichMedia >> ]"), "pdf_active"),
    "PDF of a million objects": (_many_objects, "pdf_too_large"),
    "PDF of many pages": (_many_pages, "pdf_too_large"),
    "PDF that is a bomb": (
        lambda: _stream(zeros(500), ("/Filter", NameObject("/FlateDecode"))), "pdf_too_large",
    ),
    "PDF that is packed twice": (
        lambda: _stream(zlib.compress(zlib.compress(bytes(1 << 20))), ("/Filter", _flate(1, 2))), "pdf_too_large",
    ),
    "PDF with deep brackets": (_deep, "file_damaged"),
    "CSV with HTML": (lambda: b"a,b\n1,<script>alert(1)</script>\n", "file_type_not_allowed"),
    "CSV with NUL": (lambda: b"a,b\n1,\x00\n", "file_type_not_allowed"),
    "CSV that beeps": (lambda: b"a,b\n1,\x07\n", "table_refused"),
    "CSV that turns its text": ("a,b\n1,\u202egpj.exe\n".encode, "table_refused"),
    "CSV in UTF-16": (lambda: "a,b\n1,2\n".encode("utf-16"), "file_type_not_allowed"),
    "CSV in no encoding": (lambda: b"a,b\n\xff\xff,\x81\x20\n", "file_type_not_allowed"),
    "CSV with an open quote": (lambda: b'a,b\n1,"2\n3,4\n', "table_refused"),
    "CSV of one column": (lambda: b"one\ntwo\nthree\n", "table_refused"),
    "CSV of many columns": (lambda: b"\n".join([b"," * 500] * 3), "table_too_large"),
    "CSV of many rows": (lambda: b"a,b\n" * 60_000, "table_too_large"),
    "CSV of one long line": (lambda: b"a,b\n" + b"x" * 100_000 + b",\n", "table_too_large"),
    "text": (lambda: b"I lost money.\n", "table_refused"),
}  # fmt: skip


# --- large and sound ------------------------------------------------------------------------------------


def _turned() -> bytes:
    """As a camera writes one that lies on its side, with a profile of its colours."""
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.effect_noise((750, 625), 90).resize((6000, 5000)).convert("RGB").save(
        out, "JPEG", exif=exif, icc_profile=profile, quality=50
    )
    return out.getvalue()


def _transparent() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (6000, 5000), (200, 0, 0, 90)).save(out, "PNG")
    return out.getvalue()


def _webp() -> bytes:
    out = BytesIO()
    Image.effect_noise((500, 375), 90).resize((4000, 3000)).convert("RGB").save(out, "WEBP", quality=50, method=0)
    return out.getvalue()


def _objects() -> bytes:
    places = range(4, 19_990)
    squares = (f"<< /Type /Annot /Subtype /Square /Rect [0 0 1 1] /T ({place}) >>" for place in places)
    return paper(*squares, page=f"/Annots [{' '.join(f'{place} 0 R' for place in places)}]")


LARGE: dict[str, Callable[[], bytes]] = {
    "30 million pixels, turned": _turned, "30 million pixels, transparent": _transparent, "12 million pixels of WebP": _webp,
    "20,000 objects": _objects, "50,000 rows": lambda: b"2022-10-15,ride,5000,Pangyo to Gangnam\n" * 50_000,
}  # fmt: skip
