"""Documents are taken apart and written anew: what is refused and why, what stays, and how much memory it takes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from PIL import Image, ImageCms
from pypdf import PdfReader

from accounts.models import User
from claims.document_words import BY_ENDING, REFUSED_FILES, said_refused_file
from claims.documents import DOCUMENT_REFUSALS, DocumentRefused, FileNotChecked, child, make_safe, safe
from claims.models import Claim, ClaimKey, Event, EvidenceAnswer, EvidenceContent, EvidenceFile, EvidenceItem
from claims.operations import (
    ClaimFilesTooLarge,
    RejectedBefore,
    TooManyFiles,
    TooManyFilesNow,
    TransitionNotAllowed,
    UnknownItem,
    receive_evidence,
)
from claims.operations.evidence_files import SubjectUnknown
from services.language import in_english
from tests.builders import NOW
from tests.claims.test_evidence import ask, claim, status, worker
from tests.documents import HOSTILE, JPEG, LARGE, PDF, PNG, TABLE, WEBP, opening, paper, picture

__all__ = ["claim", "worker"]  # fixtures
MOST_RESIDENT = 300  # MB


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


# --- refused --------------------------------------------------------------------------------------------


# In a process of its own that makes none of them: of what a large process starts, the system says the size of that.
MEASURED = """
import json, pathlib, resource, sys
from claims.documents import DocumentRefused, make_safe
said = {}
for path in pathlib.Path(sys.argv[1]).iterdir():
    try:
        said[path.name] = make_safe(path.read_bytes()).media_type, ""
    except DocumentRefused as refusal:
        said[path.name] = refusal.code, refusal.message
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
said["asks"] = int(peak.split()[1]) // 1024
said["decodes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each file, and how many MB it took at most."""
    folder = tmp_path_factory.mktemp("documents")
    for name, make in {**LARGE, **{name: make for name, (make, _) in HOSTILE.items()}}.items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-c", MEASURED, str(folder)]
    said: dict[str, Any] = json.loads(subprocess.run(command, cwd=safe.ROOT, capture_output=True, check=True).stdout)
    return said


@pytest.mark.parametrize("name", HOSTILE)
def test_refuses_with_the_reason(name: str, measured: dict[str, Any]):
    code, message = measured[name]
    assert code == HOSTILE[name][1], message
    assert message.count(". ") >= 1, "what, and what to do"


def test_nothing_is_kept_of_what_is_refused(claim: Claim, worker: User):
    item: EvidenceItem = ask(claim, worker).items.get()
    before = (status(claim).moves, Event.objects.count(), ClaimKey.objects.count())
    for name in ("JPEG and JAR", "PNG bomb", "PDF with JavaScript", "CSV with HTML"):
        make, _ = HOSTILE[name]
        with pytest.raises(DocumentRefused), transaction.atomic():
            receive_evidence(claim_id=claim.pk, item_ids=[item.pk], content=make(), received_by=worker, note="x", now=NOW)
    item.refresh_from_db()
    assert item.state == "open"
    assert (status(claim).moves, Event.objects.count(), ClaimKey.objects.count()) == before
    for table in (EvidenceFile, EvidenceContent, EvidenceAnswer):
        assert not table._default_manager.exists(), table


def test_memory_stays_small(measured: dict[str, Any]):
    """Of the process that is asked and of each that decodes; with the largest lawful files as well."""
    assert measured["asks"] < MOST_RESIDENT
    assert 60 < measured["decodes"] < MOST_RESIDENT
    assert {name: measured[name][0] for name in LARGE} == {
        "30 million pixels, turned": "image/jpeg", "30 million pixels, transparent": "image/png",
        "12 million pixels of WebP": "image/jpeg", "20,000 objects": "application/pdf", "50,000 rows": "text/csv",
    }  # fmt: skip


def test_a_decoder_has_limits():
    """As a decoder that is taken over finds them."""
    code = (
        "import json, os, resource\n"
        "from claims.documents import child\n"
        "def clean(content):\n"
        "    named = ('AS', 'CPU', 'FSIZE', 'NPROC', 'CORE')\n"
        "    limits = [resource.getrlimit(getattr(resource, f'RLIMIT_{one}')) for one in named]\n"
        "    return json.dumps([limits, dict(os.environ)]), b''\n"
        "child.run(clean)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=safe.ROOT, input=b"", capture_output=True, check=True, env={})
    limits, environment = json.loads(json.loads(ran.stdout)["media_type"])
    most = [child.MEMORY, child.PROCESSOR_SECONDS, child.MOST_WRITTEN, 0, 0]
    assert limits == [[one, one] for one in most], "soft and hard"
    assert set(environment) <= {"LC_CTYPE"}


@pytest.mark.parametrize("way", ["too slow", "dies", "says nothing", "says something else"])
def test_what_cannot_be_checked_is_refused(way: str, monkeypatch: pytest.MonkeyPatch):
    code = {
        "too slow": "import time; time.sleep(60)", "dies": "import os; os.abort()", "says nothing": "pass",
        "says something else": "print('{\"media_type\": \"text/html\"}')",
    }[way]  # fmt: skip
    run, patience = subprocess.run, 0.5 if way == "too slow" else 30

    def other(command: list[str], **more: Any) -> Any:
        return run([command[0], "-c", code], **{**more, "timeout": patience})

    monkeypatch.setattr(subprocess, "run", other)
    with pytest.raises(FileNotChecked):
        make_safe(PDF)


# --- pictures -------------------------------------------------------------------------------------------


def photograph(orientation: int, *, kind: str = "JPEG") -> bytes:
    """60 x 40, its left upper corner red, with where it was taken, a comment, a profile and what a phone adds at the end."""
    image = Image.new("RGB", (60, 40), "navy")
    image.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "MAKER-OF-PHONES"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 40.0), 29: "2022:10:15"})
    out = BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, Any] = {"comment": b"SEOUL"} if kind == "JPEG" else {}
    image.save(out, kind, exif=exif, icc_profile=profile, **more)
    return out.getvalue() + b"SEFT-PHONE-TRAILER"


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (60, 40), (5, 5)), (3, (60, 40), (55, 35)), (6, (40, 60), (35, 5)), (8, (40, 60), (5, 55))],
)
def test_a_photograph_stands_upright_and_says_nothing_of_where(
    orientation: int, size: tuple[int, int], corner: tuple[int, int]
):
    kept = make_safe(photograph(orientation))
    image = opened(kept.content)
    assert (kept.media_type, image.size) == ("image/jpeg", size)
    red, _, blue = image.getpixel(corner)  # type: ignore[misc]
    assert red > 200 > blue
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"MAKER", b"2022:10:15", b"SEOUL", b"ICC_PROFILE", b"SEFT"):
        assert trace not in kept.content, trace


def test_where_a_picture_was_taken_is_in_no_kept_byte(claim: Claim, worker: User):
    item: EvidenceItem = ask(claim, worker).items.get()
    sent = photograph(6, kind="PNG")
    assert b"2022:10:15" in sent
    assert b"MAKER" in sent
    with transaction.atomic():
        file = receive_evidence(
            claim_id=claim.pk, item_ids=[item.pk], content=sent, received_by=worker, note="x", now=NOW, name="서울 37.5665.png"
        )
    kept = bytes(EvidenceContent.objects.get(pk=file.pk).content)
    assert not opened(kept).getexif()
    for trace in (b"eXIf", b"MAKER", b"2022:10:15", b"iCCP", b"SEFT"):
        assert trace not in kept, trace


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pngs_of_all_modes_stay_what_they_show(mode: str):
    out = BytesIO()
    Image.new("RGB", (8, 6), "white").convert("L" if mode == "I;16" else mode).convert(mode).save(out, "PNG")
    kept = make_safe(out.getvalue())
    image = opened(kept.content)
    assert (kept.media_type, image.size) == ("image/png", (8, 6))
    assert mode == "I;16" or image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_cmyk_and_webp_become_jpeg():
    out = BytesIO()
    Image.new("CMYK", (8, 6)).save(out, "JPEG")
    for content in (out.getvalue(), WEBP):
        kept = make_safe(content)
        assert (kept.media_type, opened(kept.content).mode) == ("image/jpeg", "RGB")


def test_what_is_transparent_becomes_white_in_a_jpeg():
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    assert opened(make_safe(out.getvalue()).content).getpixel((5, 5)) == (255, 255, 255)


def test_a_png_that_grows_too_large_becomes_jpeg():
    noise = random.Random(1).randbytes(1900 * 1900 * 3)
    out = BytesIO()
    Image.frombytes("RGB", (1900, 1900), noise).quantize(256).save(out, "PNG", optimize=False)
    assert len(out.getvalue()) < safe.LARGEST
    grey = make_safe(out.getvalue())
    assert len(grey.content) <= safe.LARGEST


def test_a_picture_is_not_made_anew_for_ever():
    """What is kept, sent again, keeps its size."""
    once = make_safe(picture("JPEG", (64, 48)))
    assert opened(make_safe(once.content).content).size == (64, 48)


# --- PDFs -----------------------------------------------------------------------------------------------


def test_a_pdf_keeps_its_pages_and_loses_the_rest():
    text = "BT /F1 24 Tf 20 100 Td (A bill) Tj ET"
    sent = paper(
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /S /JavaScript /JS (nobody reaches it) >>",
        page="/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>",
    ).replace(b"/Root 1 0 R", b"/Root 1 0 R /Info << /Author (Hong) >>")  # fmt: skip
    kept = make_safe(sent)
    reader = PdfReader(BytesIO(kept.content))
    assert (kept.media_type, len(reader.pages), reader.metadata) == ("application/pdf", 1, None)
    assert "A bill" in reader.pages[0].extract_text()
    assert b"Hong" not in kept.content
    assert b"JavaScript" not in kept.content


@pytest.mark.parametrize(
    "sent",
    [
        opening("<< /S /GoTo /D [3 0 R /Fit] >>"), paper(root="/OpenAction [3 0 R /Fit]"),
        paper(page="/Annots [ << /Subtype /Link /A << /S /URI /URI (https://example.kr/) >> >> ]"), PDF + b"\r\n\x00\x00",
    ],
    ids=["opens at a page, compressed", "opens at a page", "links to the web", "ends in space"],
)  # fmt: skip
def test_takes_what_most_pdfs_have(sent: bytes):
    assert len(PdfReader(BytesIO(make_safe(sent).content)).pages) == 1


# --- words ----------------------------------------------------------------------------------------------


def test_each_refusal_has_its_words():
    """Those of a file, and those of a claim that takes no more of them."""
    others = (
        TooManyFiles,
        TooManyFilesNow,
        ClaimFilesTooLarge,
        RejectedBefore,
        UnknownItem,
        TransitionNotAllowed,
        SubjectUnknown,
    )
    assert set(REFUSED_FILES) == {*DOCUMENT_REFUSALS, *(one.code for one in others), *BY_ENDING}
    found = {one.code for one in DocumentRefused.__subclasses__() if one.__module__.startswith("claims.")}
    assert found == set(DOCUMENT_REFUSALS), "each that is written comes back from the process that decodes"
    for code, (korean, english) in REFUSED_FILES.items():
        assert any("가" <= one <= "힣" for one in korean), code
        assert not any("가" <= one <= "힣" for one in english), code
        assert said_refused_file(code) == (english if in_english() else korean)
    assert not said_refused_file("nobody_knows")


def test_each_code_is_seen():
    """A refusal without a file that meets it is one that nobody tried; that of time is tried above."""
    assert {code for _, code in HOSTILE.values()} | {"file_not_checked"} == set(DOCUMENT_REFUSALS)
    assert len(HOSTILE) >= 30
    assert all(make_safe(content) for content in (JPEG, PNG, WEBP, PDF, TABLE))
