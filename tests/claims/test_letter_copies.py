"""A letter as a PDF: of its bytes, once, readable, and never read as markup."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from claims.models import CaseView, Letter, LetterCopy
from claims.operations import LetterPdf, copy_letter, letter_copies
from claims.queries import letter as letters
from claims.queries.letter import render_letter
from claims.queries.letter_pdf import pdf_of_letter
from tests.builders import NOW, a_person, a_user, outage
from tests.claims.reply_cast import answer, sort, template, wrote
from tests.made_up import LATER, TAXI, claim, everything, made_up, on, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(db: None) -> Letter:
    """In English."""
    incident = made_up()
    publish(on("12:00"))
    one = claim(a_person(), incident, on("11:00"), on("13:00"))
    everything()
    return one.letters.get()


@transaction.atomic
def copied(letter: Letter) -> LetterPdf:
    return copy_letter(letter_id=letter.pk, now=LATER)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


HOSTILE = (
    "#panic(1)", "#read(\"letter.typ\")", "#import \"letter.typ\": *", "#include \"/etc/passwd\"", "#sys.inputs",
    "#let x = 1; #x", "$ x^2 $", "$", "*bold*", "_dim_", "= heading", "== heading", "- item", "+ item", "/ term: what",
    "`raw`", "```typ #panic(1)```", "<label>", "@reference", "https://example.org/#x", "// comment", "/* comment",
    "\\ \\u{41}", "~", "--- ... --", "\"quoted\"", "{#}", "[#]", "</svg><script>alert(1)</script>", "&lt;b&gt; &amp;",
    "]]> <!-- x -->", "#image(bytes(sys.inputs.letter))", "' or 1=1 --",
)  # fmt: skip


def bare(text: str) -> str:
    return "".join(text.split())


def reply_with(said: str) -> bytes:
    """A reply whose title, incident and text are this."""
    words = {key: english for key, (_, english) in letters.WORDS.items()}
    about = {"language": "en", "words": words, "reference": "C-0000-0000", "date": "2022-12-07"}
    return render_to_string(
        "claims/reply.html", {**about, "title": said, "incident": said, "paragraphs": [said, "End."]}
    ).encode()


def decision_with(said: str) -> bytes:
    """A decision whose schemes and lines are called so."""
    words = {key: english for key, (_, english) in letters.WORDS.items()}
    rows = [{"scheme": said, "what": said, "amount": said}]
    context = {
        "language": "en", "words": words, "reference": "C-0000-0000", "date": "2022-12-07", "incident": said, "approved": True,
        "rows": rows, "notes": [said], "reasons": [said], "why": [said], "lines": [{"text": said, "under": True}],
    }  # fmt: skip
    return render_to_string("claims/letter.html", context).encode()


def test_a_letter_is_copied_once_and_stays_as_it_is(letter: Letter, monkeypatch: pytest.MonkeyPatch):
    first = copied(letter)
    monkeypatch.setattr(letter_copies, "pdf_of_letter", None)
    assert copied(letter) == first
    kept = LetterCopy.objects.get()
    assert (kept.letter_id, kept.made_at, bytes(kept.content)) == (letter.pk, LATER, first.content)
    assert kept.content_hash == hashlib.sha256(first.content).hexdigest()
    assert first.name == f"{letter.claim.reference}_{letter.made_at:%Y-%m-%d}_{letter.pk}.pdf"


def test_the_same_letter_gives_the_same_bytes(letter: Letter):
    content, how = bytes(letter.content), {"reference": "C-0000-0000", "made_at": letter.made_at}
    assert pdf_of_letter(content, **how) == pdf_of_letter(content, **how)  # type: ignore[arg-type]


def test_it_is_made_of_a_letter_of_any_instant(letter: Letter):
    """The typesetter takes no part of a second."""
    made_at = NOW.replace(microsecond=123_456)
    assert pdf_of_letter(bytes(letter.content), reference="C-0000-0000", made_at=made_at).startswith(b"%PDF-")


def test_it_says_what_the_letter_says_in_korean(letter: Letter):
    pdf = copied(letter).content
    text, page = text_of(pdf), read(pdf).pages[0]
    assert "보상 안내" in text
    assert f"접수번호 {letter.claim.reference}" in text
    assert "(시연) 택시 호출 장애 보상 보상 3,000원" in text
    assert "공식 장애: 이용 불가" in text  # in the drawing
    assert "이렇게 계산했습니다" in text
    assert text.endswith(f"{letter.claim.reference} 1 / 1")
    assert page.mediabox.width == pytest.approx(595, abs=1)  # A4


def test_it_can_be_read_out_and_kept(letter: Letter):
    """Tags, language, title, what stands for the drawing, and the standards that it says it follows."""
    pdf = read(copied(letter).content)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ko"
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"보상 안내 {letter.claim.reference}"
    assert pdf.metadata.creation_date == letter.made_at.replace(microsecond=0)
    tags, alternatives = _tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= tags
    (alternative,) = alternatives
    assert "카카오 T 택시 호출: 이용 불가, 2031-05-01 08:00 ~ 2031-05-01 12:00" in alternative
    described = root["/Metadata"].get_data().decode()
    assert ("pdfaid:part" in described, "pdfuaid:part" in described) == (True, True)


def _tags(node: Any) -> tuple[set[str], list[str]]:
    tags, alternatives = {str(node.get("/S"))}, [str(node["/Alt"])] if "/Alt" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object()
        if hasattr(one, "get"):
            more, said = _tags(one)
            tags |= more
            alternatives += said
    return tags, alternatives


def test_fonts_are_in_the_file_and_ours(letter: Letter):
    fonts: Any = read(copied(letter).content).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts.values()}
    assert {"NanumSquareR", "NanumSquareB"} <= names


@pytest.mark.parametrize("made_with", [reply_with, decision_with])
def test_nothing_that_is_said_is_markup(made_with: Any):
    for said in HOSTILE:
        text = bare(text_of(pdf_of_letter(made_with(said), reference="C-0000-0000", made_at=NOW)))
        assert text.count(bare(said)) >= 2, said
        assert text.endswith("C-0000-00001/1"), said


def test_no_name_is_markup_in_the_drawing(letter: Letter, monkeypatch: pytest.MonkeyPatch):
    assert letter.decision is not None
    for said in HOSTILE:
        monkeypatch.setattr(letters, "_names", lambda said=said: {TAXI: (said, said)})
        html = render_letter(letter.decision, language="ko", now=NOW)
        text = bare(text_of(pdf_of_letter(html, reference="C-0000-0000", made_at=NOW)))
        assert bare(said) in text, said


@pytest.mark.parametrize("said", ["\U0001f600", "\u0e01\u0e32", "\ue000", "\u202e\u05d0", "\u0301", "\ufeff"])
def test_what_no_font_has_does_not_stop_a_letter(said: str):
    text = text_of(pdf_of_letter(decision_with(f"before {said} after"), reference="C-0000-0000", made_at=NOW))
    assert "before" in text
    assert text.endswith("C-0000-0000 1 / 1")


def test_a_long_letter_has_pages_with_numbers_and_repeats_the_head_of_its_table():
    words = {key: english for key, (_, english) in letters.WORDS.items()}
    rows = [{"scheme": "가나다 " * 9, "what": f"{number}", "amount": "1"} for number in range(80)]
    context = {"language": "ko", "words": words, "reference": "C-0000-0000", "rows": rows, "lines": [{"text": "x" * 4000}]}
    pages = read(pdf_of_letter(render_to_string("claims/letter.html", context).encode(), reference="C-0", made_at=NOW)).pages
    texts = [page.extract_text() for page in pages]
    assert len(texts) > 2
    assert [text.split()[-3:] for text in texts] == [[str(n), "/", str(len(texts))] for n in range(1, len(texts) + 1)]
    assert [text.count("Scheme") for text in texts[:2]] == [1, 1]


def test_a_reply_is_copied_as_well(db: None):
    sent = wrote(outage())
    sort()
    replied = answer(sent, template(a_user("checker")), a_user("caseworker"))
    assert sent.reference in text_of(copied(replied).content)


def test_staff_open_it_beside_the_letter_and_it_is_logged(letter: Letter):
    client = Client()
    client.force_login(a_user("caseworker"))
    address = reverse("admin:claims_letter_pdf", args=[letter.pk])
    assert f'href="{address}"' in client.get(reverse("admin:claims_claim_change", args=[letter.claim_id])).content.decode()
    answered = client.get(address)
    assert (answered.status_code, answered["Content-Type"]) == (200, "application/pdf")
    assert answered["Content-Disposition"] == f'inline; filename="{copied(letter).name}"'
    assert answered.content == bytes(LetterCopy.objects.get().content)
    assert list(CaseView.objects.order_by("pk").values_list("page", flat=True)) == ["claim", "letter"]
    assert client.get(reverse("admin:claims_letter_pdf", args=[letter.pk + 1])).status_code == 404
    assert client.post(address).status_code == 405


def test_copies_are_listed_without_their_bytes_and_found_by_reference(letter: Letter):
    copied(letter)
    client = Client()
    client.force_login(a_user("auditor"))
    address = reverse("admin:claims_lettercopy_changelist")
    for typed, found in ((letter.claim.reference.lower(), 1), ("C-ZZZZ", 0)):
        with CaptureQueriesContext(connection) as asked:
            answered = client.get(address, {"q": typed})
        assert answered.context["cl"].result_count == found
        assert not [one["sql"] for one in asked if '."content",' in one["sql"]]
        assert not [one["sql"] for one in asked if "UPPER(" in one["sql"]]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"content_hash": "x"}, "letter_copy_hash_is_sha256_hex"), ({"made_at": NOW.replace(year=1999)}, "made_at_in_range")],
)
def test_refuses_nonsense(letter: Letter, wrong: dict[str, Any], constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LetterCopy.objects.create(**{"letter": letter, "content": b"", "content_hash": "0" * 64, "made_at": NOW, **wrong})
