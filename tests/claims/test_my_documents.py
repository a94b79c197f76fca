"""A claimant sends documents: what is taken and refused and how it is said, what they see of it, and who else may not."""

from __future__ import annotations

import re
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.document_words import NO_TABLE, REFUSED_FILES
from claims.documents import LARGEST, DocumentRefused, make_safe
from claims.models import (
    Claim,
    ClaimKey,
    ClaimStatus,
    Event,
    EvidenceAnswer,
    EvidenceContent,
    EvidenceFile,
    EvidenceItem,
    EvidenceReason,
)
from claims.operations import (
    AskedDocument,
    begin_upload,
    erase_evidence,
    evidence_files,
    receive_evidence,
    review_evidence,
    take_claim,
    uploads,
    withdraw_claim,
)
from claims.operations.corrections import NotTheClaimant
from claims.web.my import documents as page_module
from claims.web.my.document_page_words import FOUND, WORDS
from services.models import Incident
from tests.builders import NOW, a_person, claim_of, told
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_case_pages import client_of, page_of
from tests.claims.test_evidence import BILL, ask, claim, worker
from tests.claims.test_evidence_files import STATEMENT, items_of, send
from tests.documents import HOSTILE, JPEG, PDF, PNG, TABLE

__all__ = ["claim", "worker"]  # fixtures
KO, EN = {"accept-language": "ko"}, {"accept-language": "en"}
HOSTILE_NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "<img src=x onerror=alert(1)>.png",
    "a\u202egpj.exe",
    "'; DROP TABLE x;--.pdf",
)


@pytest.fixture
def guest(client: Client, claim: Claim) -> User:
    """Let in with this client."""
    return let_in(client, claim)


@pytest.fixture
def item(claim: Claim, worker: User, guest: User) -> EvidenceItem:
    """Asked of who was let in."""
    return items_of(ask(claim, worker))[0]


def upload(client: Client, claim: Claim, content: bytes = PDF, *ticked: Any, name: str = "bill.pdf", **more: Any) -> Any:
    said = {"what_for": [str(one) for one in ticked], "file": SimpleUploadedFile(name, content, "text/html")}
    return client.post(mine("documents", claim), said, **{"headers": KO, **more})


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def rows(claim: Claim) -> tuple[Any, ...]:
    """All of the claim but that a file was sent."""
    status = ClaimStatus.objects.get(pk=claim.pk)
    events = Event.objects.exclude(kind="evidence_sent").count()
    tables = (EvidenceFile, EvidenceContent, EvidenceAnswer, ClaimKey)
    items = list(EvidenceItem.objects.order_by("pk").values_list("pk", "state"))
    return status.moves, status.review, events, items, *(one._default_manager.count() for one in tables)


# --- sent ---------------------------------------------------------------------------------------------------


def test_what_was_asked_for_is_received_and_the_claim_goes_on(client: Client, guest: User, claim: Claim, item: EvidenceItem):
    page = said(client.get(mine("documents", claim), headers=KO))
    for words in ("청구서", "확인할 것: 요금", "까지 보내 주세요", 'accept=".pdf,.csv,image/jpeg,image/png,image/webp"'):
        assert words in page, words
    answer = upload(client, claim, PNG, item.pk, name="영수증.png")
    file = EvidenceFile.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == mine("document", claim, file.pk)
    assert (file.received_by, file.sha256, file.answers.get().item) == (guest, sha256(PNG).hexdigest(), item)
    assert ClaimStatus.objects.get(pk=claim.pk).review == "queued"
    page = said(client.get(answer["Location"], headers=KO))
    for words in (
        "파일을 받았습니다",
        "영수증.png",
        "PNG, 1 KB",
        "청구서",
        file.sha256,
        f"{file.sha256[:16]}…",
        "보내신 그대로의 파일",
    ):
        assert words in page, words
    page = said(client.get(mine("documents", claim), headers=KO))
    for words in ("왔습니다. 더 있으면 또 보내세요.", "영수증.png", "아직 살펴보지 않았습니다."):
        assert words in page, words


@pytest.mark.parametrize("asked", [True, False])
def test_what_nobody_asked_for_is_received(client: Client, guest: User, claim: Claim, worker: User, asked: bool):
    if asked:
        ask(claim, worker)
    page = said(client.get(mine("documents", claim), headers=EN))
    assert ("We have not asked you for anything" in page) != asked
    assert ("Something else" in page) == asked
    answer = upload(client, claim, PDF, *(["else"] if asked else []))
    assert answer.status_code == 302
    file = EvidenceFile.objects.get()
    assert not file.answers.exists()
    assert Event.objects.filter(kind="evidence_unasked").count() == 1
    assert "Something else" in said(client.get(answer["Location"], headers=EN))


def test_one_file_is_for_several_things(client: Client, guest: User, claim: Claim, worker: User):
    items = items_of(ask(claim, worker, BILL, STATEMENT))
    upload(client, claim, PDF, *(one.pk for one in items), "else")
    assert set(EvidenceFile.objects.get().answers.values_list("item", flat=True)) == {one.pk for one in items}


def test_the_same_file_twice_is_one(client: Client, claim: Claim, item: EvidenceItem):
    upload(client, claim, PDF, item.pk)
    before = rows(claim)
    again = upload(client, claim, PDF, item.pk)
    assert again.status_code == 302
    assert "이미 받은 파일입니다" in said(client.get(again["Location"], headers=KO))
    assert rows(claim) == before


def test_received_is_said_once_it_is_committed(
    client: Client, claim: Claim, item: EvidenceItem, monkeypatch: pytest.MonkeyPatch
):
    """What breaks after the file was written leaves neither it nor the word."""

    def breaks(*_: Any) -> None:
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(evidence_files, "_answer", breaks)
    client.raise_request_exception = False
    before = rows(claim)
    answer = upload(client, claim, PDF, item.pk)
    assert answer.status_code == 500
    assert rows(claim) == before


# --- refused ------------------------------------------------------------------------------------------------


def test_hostile_files_are_refused_in_words_and_leave_nothing(
    client: Client, claim: Claim, item: EvidenceItem, monkeypatch: pytest.MonkeyPatch
):
    """Every second one; `test_documents` asks all of them, without the page."""
    some = list(HOSTILE.items())[::2]
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", len(some))
    before, wrong = rows(claim), []
    for place, (name, (make, code)) in enumerate(some):
        language = (KO, EN)[place % 2]
        answer = upload(client, claim, make(), item.pk, name=f"{name}.jpg", headers=language)
        words = REFUSED_FILES["picture_unreadable" if code in NO_TABLE else code]
        if answer.status_code != 200 or words[place % 2] not in said(answer):
            wrong.append((name, answer.status_code))
        if rows(claim) != before:
            wrong.append((name, "left something"))
    assert wrong == []
    assert Event.objects.filter(claim=claim, kind="evidence_sent").count() == len(some) > 30, "each has cost its work"


def test_each_refusal_is_said_in_both_languages(
    client: Client, claim: Claim, item: EvidenceItem, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 2 * len(REFUSED_FILES))
    before = rows(claim)
    for code, words in REFUSED_FILES.items():
        refused = type("Refused", (DocumentRefused,), {"code": code})("for staff")
        monkeypatch.setattr(evidence_files, "make_safe", Mock(side_effect=refused))
        for place, language in enumerate((KO, EN)):
            page = said(upload(client, claim, PDF, item.pk, name="bill.csv", headers=language))
            assert words[place] in page
            assert code not in page
            assert "for staff" not in page
            assert f'value="{item.pk}" checked' in page, "what was ticked stays"
    assert rows(claim) == before


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("receipt.jpg", "picture_unreadable"), ("영수증.PNG", "picture_unreadable"), ("bill.pdf", "pdf_unreadable"),
        ("fares.csv", "table_refused"), ("fares", "table_refused"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_what_its_name_says(
    client: Client, claim: Claim, item: EvidenceItem, name: str, code: str
):
    """A broken picture was told to be saved as a table."""
    for place, language in enumerate((KO, EN)):
        page = said(upload(client, claim, b"no picture, and no table", item.pk, name=name, headers=language))
        assert REFUSED_FILES[code][place] in page
        assert ("CSV" in REFUSED_FILES[code][place]) is (code == "table_refused")


@pytest.mark.parametrize(("language", "place"), [(KO, 0), (EN, 1)])
def test_what_is_missing_is_said(client: Client, claim: Claim, item: EvidenceItem, language: dict[str, str], place: int):
    assert WORDS["what_for_needed"][place] in said(upload(client, claim, PDF, headers=language))
    answer = client.post(mine("documents", claim), {"what_for": [item.pk]}, headers=language)
    assert WORDS["file_needed"][place] in said(answer)
    assert REFUSED_FILES["unknown_evidence_item"][place] in said(upload(client, claim, PDF, 0, headers=language))
    assert not EvidenceFile.objects.exists()
    assert not Event.objects.filter(kind="evidence_sent").exists(), "nothing was looked at"


def test_a_file_that_was_rejected_is_not_taken_again(client: Client, claim: Claim, item: EvidenceItem, worker: User):
    file = send(item, worker)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    review_evidence(file_id=file.pk, accepted=False, reason="unreadable", reviewed_by=worker, now=NOW)
    before = rows(claim)
    assert REFUSED_FILES["file_rejected_before"][0] in said(upload(client, claim, PDF, item.pk))
    assert rows(claim) == before


def test_a_claim_that_was_withdrawn_takes_none(client: Client, guest: User, claim: Claim):
    withdraw_claim(claim_id=claim.pk, withdrawn_by=guest, now=NOW)
    page = said(client.get(mine("documents", claim), headers=EN))
    assert "To bring it back write to us" in page
    assert "<form method" not in page
    assert REFUSED_FILES["transition_not_allowed"][1] in said(upload(client, claim, headers=EN))
    assert not EvidenceFile.objects.exists()


def test_only_so_many_an_hour(client: Client, guest: User, claim: Claim, item: EvidenceItem, monkeypatch: pytest.MonkeyPatch):
    """Those that are refused count, and what is above is not looked at."""
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 2)
    upload(client, claim, b"<html>", item.pk)
    upload(client, claim, PNG, item.pk)
    monkeypatch.setattr(evidence_files, "make_safe", None)
    before = rows(claim)
    for place, language in enumerate((KO, EN)):
        assert REFUSED_FILES["too_many_files_now"][place] in said(upload(client, claim, PDF, item.pk, headers=language))
    assert rows(claim) == before
    monkeypatch.undo()
    begin_upload(claim_id=claim.pk, sent_by=guest, now=Event.objects.latest("at").at + uploads.SPAN)


def test_the_words_say_how_many_an_hour():
    assert all(str(uploads.MOST_AN_HOUR) in text for text in REFUSED_FILES["too_many_files_now"])


def test_only_the_claimant_begins_an_upload(claim: Claim, worker: User):
    with pytest.raises(NotTheClaimant):
        begin_upload(claim_id=claim.pk, sent_by=worker, now=NOW)


# --- how much is read ---------------------------------------------------------------------------------------


class Counted(BytesIO):
    read_so_far = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.read_so_far += len(found)
        return found


def body(length: int, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What stands behind the next request."""
    stream = Counted(b"x" * length)
    original = WSGIRequest.__init__

    def counting(self: WSGIRequest, environ: dict[str, Any]) -> None:
        original(self, {**environ, "wsgi.input": stream})

    monkeypatch.setattr(WSGIRequest, "__init__", counting)
    return stream


@pytest.mark.parametrize(("language", "place"), [(KO, 0), (EN, 1)])
def test_a_body_over_the_limit_is_refused_unread(
    guest: User, claim: Claim, language: dict[str, str], place: int, monkeypatch: pytest.MonkeyPatch
):
    client = Client(enforce_csrf_checks=True)  # as in a browser, where the middleware looks for its token
    let_in(client, claim)
    stream = body(page_module.LARGEST_BODY + 1, monkeypatch)
    answer = client.generic(
        "POST", mine("documents", claim), b"", "multipart/form-data; boundary=x", headers=language,
        CONTENT_LENGTH=page_module.LARGEST_BODY + 1,
    )  # fmt: skip
    assert answer.status_code == 413
    assert REFUSED_FILES["file_too_large"][place] in said(answer)
    assert stream.read_so_far == 0


@pytest.mark.parametrize("length", ["", "x", "-1"])
def test_without_a_length_nothing_is_read(
    client: Client, guest: User, claim: Claim, length: str, monkeypatch: pytest.MonkeyPatch
):
    stream = body(1000, monkeypatch)
    answer = client.generic(
        "POST", mine("documents", claim), b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=length, headers=KO
    )
    assert answer.status_code in (200, 400, 403)
    assert stream.read_so_far == 0
    assert not EvidenceFile.objects.exists()


def test_somebody_who_may_not_is_not_read(client: Client, claim: Claim, monkeypatch: pytest.MonkeyPatch):
    stream = body(1000, monkeypatch)
    answer = client.generic("POST", mine("documents", claim), b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=1000)
    assert (answer.status_code, stream.read_so_far) == (302, 0)


def test_a_file_that_is_a_little_too_large_is_refused_as_well(client: Client, guest: User, claim: Claim):
    """Inside of the body's limit."""
    answer = upload(client, claim, JPEG + bytes(LARGEST + 1 - len(JPEG)), headers=EN)
    assert (answer.status_code, REFUSED_FILES["file_too_large"][1] in said(answer)) == (200, True)


def test_nothing_of_it_stays_on_the_disk(client: Client, guest: User, claim: Claim, tmp_path: Path, settings: Any):
    settings.FILE_UPLOAD_TEMP_DIR, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = str(tmp_path), 100
    seen: list[int] = []
    original = receive_evidence

    def receives(**more: Any) -> EvidenceFile:
        seen.append(len(list(tmp_path.iterdir())))
        return original(**more)

    for content in (PNG, b"<html>" * 50):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(page_module, "receive_evidence", receives)
            upload(client, claim, content)
    assert seen == [1, 1]
    assert list(tmp_path.iterdir()) == []


def test_what_is_sent_from_another_site_does_nothing(claim: Claim):
    client = Client(enforce_csrf_checks=True)
    let_in(client, claim)
    assert upload(client, claim).status_code == 403
    assert not EvidenceFile.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', said(client.get(mine("documents", claim))))
    assert token
    answer = client.post(mine("documents", claim), {"csrfmiddlewaretoken": token[1], "file": SimpleUploadedFile("a.pdf", PDF)})
    assert (answer.status_code, EvidenceFile.objects.count()) == (302, 1)


# --- shown --------------------------------------------------------------------------------------------------


def test_names_stay_text(client: Client, guest: User, claim: Claim, worker: User):
    for place, name in enumerate(HOSTILE_NAMES):
        upload(client, claim, PNG + bytes([place]), name=name)
    names = dict(EvidenceContent.objects.values_list("file", "name"))
    assert len(names) == len(HOSTILE_NAMES)
    pages = [client.get(mine("document", claim, pk)) for pk in names]
    listed = [client.get(mine("documents", claim)), client_of(worker).get(page_of(claim))]
    for page in (*pages, *listed):
        text = page.content.decode()
        assert page.status_code == 200
        for danger in ("<img src=x", "../", "..\\", "\u202e", "etc/passwd"):
            assert danger not in text, danger
    for page in listed:
        assert [name for name in names.values() if name not in unescape(page.content.decode())] == []
    pk = min(names)
    saved = client.get(mine("document_file", claim, pk))
    assert saved["Content-Disposition"] == f'attachment; filename="{claim.reference}-{pk}.png"'


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (PDF, "application/pdf"), (TABLE, "text/csv; charset=utf-8")]
)
def test_their_own_file_is_saved_and_never_shown(client: Client, guest: User, claim: Claim, content: bytes, kind: str):
    upload(client, claim, content)
    file = EvidenceFile.objects.get()
    answer = client.get(mine("document_file", claim, file.pk))
    assert (answer.getvalue(), answer["Content-Type"]) == (make_safe(content).content, kind)
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in answer["Cache-Control"]
    assert client.post(mine("document_file", claim, file.pk)).status_code == 405


def test_one_that_was_erased_says_so(client: Client, guest: User, claim: Claim):
    upload(client, claim)
    file = EvidenceFile.objects.get()
    erase_evidence(person_id=claim.person_id, now=NOW)
    answer = client.get(mine("document_file", claim, file.pk), headers=KO)
    assert answer.status_code == 410
    assert WORDS["is_erased"][0] in said(answer)
    page = said(client.get(mine("documents", claim), headers=EN))
    for words in (WORDS["is_erased"][1], WORDS["unnamed"][1], file.sha256):
        assert words in page, words
    assert mine("document_file", claim, file.pk) not in page


def test_what_was_asked_in_words_is_text_and_may_be_erased(client: Client, guest: User, claim: Claim, worker: User):
    ask(claim, worker, AskedDocument(words="<b>사진</b> 한 장"), override="nothing is listed for it")
    assert "&lt;b&gt;사진" in client.get(mine("documents", claim)).content.decode()
    erase_evidence(person_id=claim.person_id, now=NOW)
    assert WORDS["erased_words"][1] in said(client.get(mine("documents", claim), headers=EN))


def test_what_was_found_is_said_plainly(client: Client, claim: Claim, item: EvidenceItem, worker: User):
    files = {reason: send(item, worker, PNG + bytes([place])) for place, reason in enumerate(EvidenceReason.values)}
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    for reason, file in files.items():
        about: dict[str, Any] = {"accepted": reason.startswith("shows_"), "reason": reason, "note": "between us"}
        review_evidence(file_id=file.pk, reviewed_by=worker, now=NOW, **about)
    for place, language in enumerate((KO, EN)):
        page = said(client.get(mine("documents", claim), headers=language))
        assert [reason for reason in EvidenceReason.values if FOUND[reason][place] not in page] == []
        assert WORDS["by_us"][place] in page, "staff put it in"
        assert "between us" not in page
        assert str(worker.email) not in page


def test_what_nobody_asked_for_is_not_told_to_be_other_than_asked(client: Client, guest: User, claim: Claim, worker: User):
    upload(client, claim)
    file = EvidenceFile.objects.get()
    review_evidence(file_id=file.pk, accepted=False, reason="other_document", reviewed_by=worker, now=NOW)
    for place, language in enumerate((KO, EN)):
        page = said(client.get(mine("documents", claim), headers=language))
        assert WORDS["shows_nothing"][place] in page
        assert FOUND[EvidenceReason.OTHER_DOCUMENT][place] not in page


def test_what_is_taken_as_something_else_is_told_so_and_how_to_say_what_it_shows(
    client: Client, guest: User, claim: Claim, worker: User
):
    for place, language in enumerate((KO, EN)):
        page = said(client.get(upload(client, claim)["Location"], headers=language))
        assert WORDS["received_as_else_write"][place] in page
        assert page.count(mine("write", claim)) == 1
    item = items_of(ask(claim, worker))[0]
    address = upload(client, claim, PNG, "else")["Location"]
    for place, language in enumerate((KO, EN)):
        assert WORDS["received_as_else"][place] in said(client.get(address, headers=language))
    address = upload(client, claim, PNG, "else")["Location"]
    for place, language in enumerate((KO, EN)):
        page = said(client.get(address, headers=language))
        assert WORDS["received_again"][place] in page
        assert WORDS["not_again"][place] not in page, "the same file is wanted once more"
    address = upload(client, claim, PNG, item.pk)["Location"]
    page = said(client.get(address, headers=KO))
    assert EvidenceFile.objects.count() == 2, "the same file counts once"
    assert "다른 자료" not in page
    assert "이미 받은 파일입니다. 다시 보내지 않아도 됩니다." in page
    assert "already. You need not send it again." in said(client.get(address, headers=EN))


def test_what_has_to_be_proved_is_looked_for_once_where_a_file_is_refused(
    client: Client, guest: User, claim: Claim, monkeypatch: pytest.MonkeyPatch
):
    """It is a whole explanation."""
    looked: list[Claim] = []

    def lacking(of: Claim, status: ClaimStatus) -> list[Any]:
        looked.append(of)
        return []

    monkeypatch.setattr(page_module, "lacking", lacking)
    for content, ticked in ((b"", ()), (PDF, ("nothing",)), (b"no picture", ())):
        assert upload(client, claim, content, *ticked).status_code == 200
    assert len(looked) == 3


# --- of others ----------------------------------------------------------------------------------------------


def test_anothers_claim_and_file_are_as_none(claim: Claim, worker: User, item: EvidenceItem, incident: Incident):
    other = claim_of(a_person(), incident, told())
    client = Client()
    let_in(client, other)
    file = send(item, worker)
    nowhere = Claim(reference="C-0000-0000")
    for name, more in (("documents", ()), ("document", (file.pk,)), ("document_file", (file.pk,))):
        there, none = (client.get(mine(name, one, *more)) for one in (claim, nowhere))
        assert (there.status_code, none.status_code) == (302, 302)
        assert there["Location"].replace(claim.reference, "") == none["Location"].replace("C-0000-0000", "")
    for name in ("document", "document_file"):
        of_another, of_none = (client.get(mine(name, other, pk)) for pk in (file.pk, 0))
        assert (of_another.status_code, of_none.status_code) == (404, 404)
    before = rows(claim)
    assert upload(client, claim, PNG, item.pk).status_code == 302
    assert REFUSED_FILES["unknown_evidence_item"][0] in said(upload(client, other, PNG, "else", item.pk)), "no thing of theirs"
    assert rows(claim) == before


def test_queries_do_not_grow_with_documents(client: Client, guest: User, claim: Claim, worker: User):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(mine("documents", claim))
        return len(captured)

    send(items_of(ask(claim, worker))[0], worker)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    few = queries()
    for place, one in enumerate(items_of(ask(claim, worker, BILL, STATEMENT))):
        send(one, worker, PNG + bytes([place]))
    assert queries() == few
