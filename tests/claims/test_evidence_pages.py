"""The staff's pages about documents: ask, upload, look at a file, say what it shows, and verify a fact by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from claims.documents import make_safe
from claims.models import CaseView, Claim, Event, EvidenceFile, EvidenceRequest, EvidenceReview, FactEvidence
from claims.operations import erase_evidence, receive_evidence, take_claim
from tests.builders import NOW, a_user
from tests.claims.test_case_pages import act, client_of, page_of
from tests.claims.test_evidence import BILL, ask, claim, status, worker
from tests.claims.test_evidence_files import STATEMENT, items_of, own_log_in, send
from tests.documents import PDF, PNG, TABLE

__all__ = ["claim", "worker"]  # fixtures


def get(user: User, page: str, *arguments: int) -> Any:
    return client_of(user).get(reverse(f"admin:{page}", args=arguments))


def post(user: User, page: str, argument: int, **said: Any) -> str:
    answer = client_of(user).post(reverse(f"admin:{page}", args=[argument]), said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(user: User, request: EvidenceRequest, content: bytes, name: str = "bill.pdf", **more: Any) -> str:
    said = {"send-items": [one.pk for one in request.items.all()], "send-note": "by post", **more}
    return post(
        user, "claims_evidencerequest_change", request.pk, act="send", **said,
        **{"send-file": SimpleUploadedFile(name, content, "text/html")},
    )  # fmt: skip


def test_from_asking_to_a_verified_fact(claim: Claim, worker: User):
    page = get(worker, "claims_evidence_ask", claim.pk).content.decode()
    assert "청구서 · 요금 · 시험" in page
    moves = status(claim).moves
    page = post(worker, "claims_evidence_ask", claim.pk, asked=["0"], days=10, moves=moves)
    for words in ("자료 요청: 했습니다.", "청구인을 기다림", "청구서", "기다림", "요청 보기", "편지: 요청"):
        assert words in page, words
    request = EvidenceRequest.objects.get()
    assert "자료 올리기: 했습니다." in upload(worker, request, PNG)
    file = EvidenceFile.objects.get()
    assert "요청한 자료가 옴" in act(worker, claim, "take")
    assert "아직 살펴보지 않음" in client_of(worker).get(page_of(claim)).content.decode()
    page = get(worker, "claims_evidence_file", file.pk).content.decode()
    assert f'src="{reverse("admin:claims_evidence_content", args=[file.pk])}"' in page
    assert "결과 적기: 했습니다." in post(worker, "claims_evidence_file", file.pk, reason="shows_it")
    said = {"fact": "fee", "value": "5,000", "note": "the bill", "evidence": [file.pk]}
    assert "사실 확인: 했습니다." in act(worker, claim, "verify", **said)
    assert FactEvidence.objects.get().file == file


def test_a_picture_is_shown_strictly_and_each_look_is_logged(claim: Claim, worker: User):
    bill, statement = items_of(ask(claim, worker, BILL, STATEMENT))
    picture, pdf = send(bill, worker, PNG), send(statement, worker, PDF)
    answer = get(worker, "claims_evidence_content", picture.pk)
    assert answer.content == make_safe(PNG).content
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Content-Disposition"].startswith("inline")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert get(worker, "claims_evidence_file", picture.pk)["X-Frame-Options"] == "DENY"
    shown = get(worker, "claims_evidence_content", pdf.pk)
    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert shown["Content-Disposition"].startswith("inline")
    saved = client_of(worker).get(reverse("admin:claims_evidence_content", args=[pdf.pk]), {"download": ""})
    assert saved["Content-Disposition"].startswith("attachment")
    assert Event.objects.filter(kind="evidence_seen", actor=worker).count() == 3
    assert get(a_user("finance"), "claims_evidence_content", picture.pk).status_code == 403
    erase_evidence(person_id=claim.person_id, now=NOW)
    assert get(worker, "claims_evidence_content", picture.pk).status_code == 404
    assert "지워졌습니다." in get(worker, "claims_evidence_file", picture.pk).content.decode()


def test_a_table_is_only_saved(claim: Claim, worker: User):
    file = send(items_of(ask(claim, worker))[0], worker, TABLE)
    answer = get(worker, "claims_evidence_content", file.pk)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{claim.pk}-{file.pk}.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    page = get(worker, "claims_evidence_file", file.pk).content.decode()
    assert "내려받아 여세요" in page
    assert "<iframe" not in page
    assert 'class="case-evidence"' not in page


def test_what_nobody_asked_for_is_listed_and_accepted(claim: Claim, worker: User):
    with transaction.atomic():
        file = receive_evidence(
            claim_id=claim.pk, item_ids=[], content=PNG, received_by=own_log_in(claim), now=NOW, name="<b>사진.png"
        )
    page = client_of(worker).get(page_of(claim)).content.decode()
    section = page.split('id="h-evidence"')[1].split("</section>")[0]
    for words in ("요청하지 않은 자료", file.sha256[:12], "b&gt;사진.png", "아직 살펴보지 않음"):
        assert words in section, words
    assert "요청하지 않은 자료가 옴" in page
    page = get(worker, "claims_evidence_file", file.pk).content.decode()
    for words in ("청구인이 스스로 보낸 자료입니다", file.sha256, "1 / 1"):
        assert words in page, words
    assert "결과 적기: 했습니다." in post(worker, "claims_evidence_file", file.pk, reason="shows_it")
    assert "인정: 그대로 확인됨" in client_of(worker).get(page_of(claim)).content.decode()
    page = client_of(a_user("finance")).get(page_of(claim)).content.decode()
    assert "b&gt;사진.png" not in page, "a name may name people"


def test_files_say_what_they_are_and_what_they_should_prove(claim: Claim, worker: User):
    first, second = (send(one, worker, content) for one, content in zip(
        items_of(ask(claim, worker, BILL, STATEMENT)), (PNG, PDF), strict=True
    ))  # fmt: skip
    page = client_of(worker).get(page_of(claim)).content.decode()
    for words in ("청구서 · 요금", "PNG · 1 KB", first.sha256[:12], 'loading="lazy"', "아직 살펴보지 않음"):
        assert words in page, words
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    assert "사실 확인: 했습니다." in act(worker, claim, "verify", fact="fee", value="5,000", note="on the phone", evidence=[])
    page = get(worker, "claims_evidence_file", first.pk).content.decode()
    there = reverse("admin:claims_evidence_file", args=[second.pk])
    for words in (f'rel="next" href="{there}"', "1 / 2", "5,000 · 담당자", "청구서"):
        assert words in page, words
    assert 'rel="prev"' not in page
    assert "<iframe" in get(worker, "claims_evidence_file", second.pk).content.decode()
    assert not Event.objects.filter(kind="evidence_seen").exists(), "the server logs who loads a file, not who sees its name"
    page = client_of(a_user("finance")).get(page_of(claim)).content.decode()
    assert "claims/evidencerequest/files" not in page, "finance looks at no document"


def test_what_a_file_is_called_counts_for_nothing(claim: Claim, worker: User):
    request = ask(claim, worker)
    assert "file_type_not_allowed" in upload(worker, request, b"<html><script>alert(1)</script>", "bill.pdf")
    assert "file_empty" in upload(worker, request, b"")
    assert not EvidenceFile.objects.exists()


def test_refusals_are_said_on_the_page(claim: Claim, worker: User):
    assert "evidence_not_asked_for" in post(worker, "claims_evidence_ask", claim.pk, words="사진")
    assert "reviewed_by_another" in post(a_user("caseworker"), "claims_evidence_ask", claim.pk, asked=["0"])
    request = ask(claim, worker)
    page = "claims_evidencerequest_change"
    assert "날 늦추기: 했습니다." in post(worker, page, request.pk, act="extend", **{"extend-days": 3})
    assert "evidence_extended_already" in post(worker, page, request.pk, act="extend", **{"extend-days": 3})
    assert 'class="errorlist"' in post(worker, page, request.pk, act="extend", **{"extend-days": "x"})
    assert "요청 거두기: 했습니다." in post(worker, page, request.pk, act="withdraw")
    assert status(claim).review == "queued"
    assert 'value="send"' not in get(worker, page, request.pk).content.decode()


@pytest.mark.parametrize(("role", "code"), [("auditor", 403), ("finance", 403), ("checker", 200)])
def test_pages_are_for_who_decides(claim: Claim, worker: User, role: str, code: int):
    request = ask(claim, worker)
    user = a_user(role)
    assert get(user, "claims_evidence_ask", claim.pk).status_code == code
    assert get(user, "claims_evidencerequest_change", request.pk).status_code == code
    assert CaseView.objects.filter(viewer=user, claim=claim).count() == (2 if code == 200 else 0)
    page = client_of(user).get(page_of(claim)).content.decode()
    assert ("요청 보기" in page) == (code == 200)


def test_who_has_not_the_claim_says_nothing_of_a_file(claim: Claim, worker: User):
    file = send(items_of(ask(claim, worker))[0], worker)
    auditor = a_user("auditor")
    assert 'name="reason"' not in get(auditor, "claims_evidence_file", file.pk).content.decode()
    answer = client_of(auditor).post(reverse("admin:claims_evidence_file", args=[file.pk]), {"reason": "shows_it"})
    assert answer.status_code == 403
    assert not EvidenceReview.objects.exists()


def test_a_letter_is_shown_as_it_was_made(claim: Claim, worker: User):
    letter = ask(claim, worker).letters.get()
    answer: HttpResponse = get(worker, "claims_evidence_letter", letter.pk)
    assert answer.content == bytes(letter.kept.content)
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_english_has_no_korean_left(claim: Claim, worker: User):
    ask(claim, worker)
    client = Client(headers={"accept-language": "en"})
    client.force_login(worker)
    page = client.get(page_of(claim)).content.decode()
    section = page.split('id="h-evidence"')[1].split("</section>")[0]
    assert "Open the request" in section
    assert not any("가" <= letter <= "힣" for letter in section)


def test_queries_do_not_grow_with_documents(claim: Claim, worker: User):
    def queries() -> int:
        client = client_of(worker)
        client.get(page_of(claim))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(claim))
        return len(captured)

    send(items_of(ask(claim, worker))[0], worker)
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    few = queries()
    for place, one in enumerate(items_of(ask(claim, worker, BILL, STATEMENT))):
        send(one, worker, PNG + bytes([place]))
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    assert queries() == few
