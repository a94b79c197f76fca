"""Many claims answered from the queue's page: the letter and who gets it are looked at before anything is sent."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from claims.models import BulkRun, Claim, ClaimStatus, Letter
from claims.operations import begin_bulk, draft_bulk_answer, open_claim, take_claim, work_next_items
from claims.queries.reply_list import languages_of
from services.models import Incident
from tests.builders import NOW, a_person, a_user
from tests.claims.reply_cast import says, sort, standing, template, wrote
from tests.claims.test_case_pages import QUEUE, client_of
from tests.claims.test_reply_pages import letters
from tests.claims.test_switches_page import queries_of


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


@pytest.fixture
def questions(incident: Incident) -> list[Claim]:
    """Three of somebody who reads Korean, one of somebody who reads English, and thanks."""
    made = [wrote(incident) for _ in range(3)]
    reader = a_user("claimant")
    reader.person, reader.locale = a_person(), "en"
    reader.save()
    made.append(open_claim(person=reader.person, incident=incident, message="When is it over?", now=NOW))
    made.append(wrote(incident, "고맙습니다"))
    sort()
    return made


def sent(user: User, page: str, **fields: Any) -> str:
    answer = client_of(user).post(page, fields, follow=True, headers={"accept-language": "ko"})
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(run: BulkRun) -> str:
    return reverse("admin:claims_bulkrun_change", args=[run.pk])


def work(run: BulkRun) -> None:
    while work_next_items(run_id=run.pk, now=NOW):
        pass


def untouched(claims: list[Claim]) -> bool:
    return not Letter.objects.exists() and {standing(one)[0] for one in claims} <= {"queued", "in_review"}


def test_many_are_answered_with_a_letter_that_was_looked_at(questions: list[Claim], checker: User, worker: User):
    version = template(checker, "question")
    take_claim(claim_id=questions[0].pk, taken_by=checker, now=NOW)
    queue = client_of(worker).get(QUEUE, headers={"accept-language": "ko"}).content.decode()
    assert f'<option value="{version.pk}">when_over · 문의에 대한 답 (질문)</option>' in queue
    page = sent(worker, QUEUE, act="answer", reply=version.pk, claim=[one.pk for one in questions])
    korean, english = letters(page)
    assert (f"접수번호 {questions[1].reference}에 답합니다." in korean, f"On {questions[1].reference}:" in english) == (
        True,
        True,
    )
    for words in (
        "한국어 2, 영어 1",
        "보내지 않는 청구",
        "다른 사람이 맡음: 1",
        "이 틀로 답할 종류가 아님: 1",
        'value="begin"',
        "되돌릴 수 없고",
    ):
        assert words in page, words
    assert [f"{questions[place].reference}</a>: {why}" in page for place, why in ((0, "다른 사람이"), (4, "이 틀로"))] == [
        True
    ] * 2
    assert ("승인하면" in page, "새로 주는 금액" in page, untouched(questions)) == (False, False, True)
    run = BulkRun.objects.get()
    page = sent(worker, page_of(run), act="begin")
    assert ("보내는 중" in page, "data-refresh" in page) == (True, True)
    says(questions[1], "하나 더: 언제 되나요?")
    work(run)
    page = client_of(worker).get(page_of(run), headers={"accept-language": "ko"}).content.decode()
    assert ("그 사이에 바뀜: 1" in page, re.search("보낸 것</dt><dd>2<", page) is not None) == (True, True)
    assert sorted(Letter.objects.values_list("claim", "language")) == [(questions[2].pk, "ko"), (questions[3].pk, "en")]
    assert standing(questions[3]) == ("closed", "answered", [])
    assert "transition_not_allowed" in sent(worker, page_of(run), act="drop")


def test_all_that_the_filters_leave_are_chosen(questions: list[Claim], checker: User, worker: User):
    version = template(checker)
    chosen = {"act": "answer", "reply": version.pk, "scope": "all"}
    sent(worker, QUEUE + "?kind=thanks", **chosen)
    assert list(BulkRun.objects.get().rows.values_list("claim", "code")) == [(questions[4].pk, "")]
    assert "out_of_range" in sent(worker, QUEUE + "?kind=thanks&least=x", **chosen)
    assert BulkRun.objects.count() == 1


def test_a_run_is_dropped_before_it_begins(questions: list[Claim], checker: User, worker: User):
    run = draft_bulk_answer(version_id=template(checker).pk, claim_ids=[questions[0].pk], made_by=worker, now=NOW)
    assert "그만둠" in sent(worker, page_of(run), act="drop")
    run.refresh_from_db()
    assert (run.state, untouched(questions)) == ("dropped", True)


def test_what_is_refused_is_said_and_nothing_is_made(questions: list[Claim], checker: User, worker: User):
    old, claim = template(checker), questions[0].pk
    assert "청구를 하나 이상" in sent(worker, QUEUE, act="answer", reply=old.pk)
    for none in ("", "x", "0"):
        assert "답의 틀을 고르세요." in sent(worker, QUEUE, act="answer", reply=none, claim=claim)
    template(checker, body_en="Over.")
    assert "version_moved_on" in sent(worker, QUEUE, act="answer", reply=old.pk, claim=claim)
    for role in ("finance", "auditor"):
        assert "role_missing" in sent(a_user(role), QUEUE, act="answer", reply=old.pk, claim=claim)
    assert client_of(a_user("manager")).post(QUEUE, {"act": "answer"}).status_code == 403
    assert (BulkRun.objects.exists(), untouched(questions)) == (False, True)


def test_somebody_elses_run_is_not_begun(questions: list[Claim], checker: User, worker: User):
    run = draft_bulk_answer(version_id=template(checker).pk, claim_ids=[questions[0].pk], made_by=worker, now=NOW)
    page = client_of(checker).get(page_of(run)).content.decode()
    assert 'value="begin"' not in page
    assert "four_eyes" in sent(checker, page_of(run), act="begin")
    assert untouched(questions)


def test_a_newer_version_is_told_and_the_letter_stays(questions: list[Claim], checker: User, worker: User):
    run = draft_bulk_answer(version_id=template(checker).pk, claim_ids=[questions[0].pk], made_by=worker, now=NOW)
    template(checker, body_ko="새 글")
    page = client_of(worker).get(page_of(run), headers={"accept-language": "ko"}).content.decode()
    assert ("새 판이 그 뒤에 게시되었습니다" in page, "새 글" in unescape(page)) == (True, False)


def test_a_run_that_answers_nobody_shows_an_example(questions: list[Claim], checker: User, worker: User):
    page = sent(worker, QUEUE, act="answer", reply=template(checker, "impact").pk, claim=questions[0].pk)
    assert ("C-0000-0000" in letters(page)[0], "지어낸 보기" in page) == (True, True)


def test_without_a_template_the_page_says_where_they_are(questions: list[Claim], worker: User):
    page = client_of(worker).get(QUEUE, headers={"accept-language": "ko"}).content.decode()
    assert ("답의 틀이 없습니다." in page, 'value="answer"' in page) == (True, False)


def test_what_a_template_says_is_escaped(questions: list[Claim], checker: User, worker: User):
    wicked = '"><script>alert(1)</script>'
    version = template(checker, title_ko=wicked, body_ko=wicked)
    assert "<script>alert(1)" not in client_of(worker).get(QUEUE).content.decode()
    page = sent(worker, QUEUE, act="answer", reply=version.pk, claim=questions[0].pk)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in letters(page)[0]


def test_the_pages_cost_the_same_however_many_there_are(questions: list[Claim], checker: User, worker: User):
    version, client = template(checker), client_of(worker)
    few = draft_bulk_answer(version_id=version.pk, claim_ids=[questions[0].pk], made_by=worker, now=NOW)
    many = draft_bulk_answer(version_id=version.pk, claim_ids=[one.pk for one in questions], made_by=worker, now=NOW)
    assert queries_of(client, page_of(few)) == queries_of(client, page_of(many))
    before = queries_of(client, QUEUE)
    for number in range(3):
        template(checker, code=f"more_{number}")
    assert queries_of(client, QUEUE) == before


def test_languages_are_those_of_who_is_still_to_be_answered(questions: list[Claim], checker: User, worker: User):
    version = template(checker, "question")
    run = draft_bulk_answer(version_id=version.pk, claim_ids=[one.pk for one in questions], made_by=worker, now=NOW)
    assert languages_of(run) == [("ko", 3), ("en", 1)]
    begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    work_next_items(run_id=run.pk, now=NOW, most=2)
    assert languages_of(run) == [("ko", 1), ("en", 1)]
    User.objects.filter(person=questions[3].person).update(is_active=False)
    assert languages_of(run) == [("ko", 2), ("en", 0)]
    work(run)
    assert ClaimStatus.objects.filter(review="closed").count() == 4
