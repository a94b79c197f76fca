"""What claimants wrote, on the pages of their claims: added by staff, sorted otherwise, and answered after a look."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, ClaimStatus, Event, Letter, Message
from claims.operations import hold_claim, merge_claims, open_claim, put_back_claim, sort_claim, take_claim
from claims.queries.messages import MOST_TOLD, turns_of
from services.models import Incident
from tests.builders import NOW, a_person, a_policy, a_user, claim_of, follow_up, told, work_off
from tests.claims.reply_cast import answer, says, sort, standing, template, wrote
from tests.claims.test_case_pages import act, client_of, page_of


@pytest.fixture
def worker(db: None) -> User:
    return a_user("caseworker")


@pytest.fixture
def checker(db: None) -> User:
    return a_user("checker")


@pytest.fixture
def question(incident: Incident) -> Claim:
    """Sorted by a rule."""
    claim = wrote(incident)
    sort()
    return claim


def section(user: User, claim: Claim, language: str = "ko") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client.get(page_of(claim)).content.decode().split('id="h-messages"')[1].split("</section>")[0]


def answer_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_answer", args=[claim.pk])


def looked(user: User, claim: Claim, **asked: str) -> str:
    got = client_of(user).get(answer_of(claim), asked)
    assert got.status_code == 200
    return got.content.decode()


def send(user: User, claim: Claim, **said: Any) -> str:
    got = client_of(user).post(answer_of(claim), {"language": "ko", "moves": moves(claim), **said}, follow=True)
    assert got.status_code == 200
    return got.content.decode()


def moves(claim: Claim) -> int:
    return ClaimStatus.objects.get(pk=claim.pk).moves


# --- what is shown -------------------------------------------------------------------------------------


def test_messages_and_answers_stand_in_turn(question: Claim, worker: User, checker: User):
    letter = answer(question, template(checker), checker)
    says(question, "첫 줄\n<script>alert(1)</script>", sent_by=worker)
    page = section(worker, question)
    listed = [page.index(words) for words in ("복구는 언제 되나요?", "문의에 대한 답", "첫 줄\n&lt;script&gt;alert(1)")]
    assert listed == sorted(listed)
    address = reverse("admin:claims_letter_content", args=[letter.pk])
    assert f'href="{address}"' in page
    for words in (
        "답을 기다리는 글이 있습니다.",
        "결정하면 이 글에도 답한 것이 됩니다.",
        "청구인 (로그인 없이)",
        f"{worker} · 담당자가 대신 적음",
    ):
        assert words in page, words
    assert "<script>" not in page


def test_who_waits_for_nothing_is_told_so_and_what_was_erased_is_said(question: Claim, worker: User, checker: User):
    answer(question, template(checker), checker)
    assert "답을 기다리는 글이 없습니다." in section(worker, question)
    Message.objects.all().delete()
    assert "(지워진 글)" in section(worker, question)


def test_a_claimant_who_is_logged_in_is_called_so(incident: Incident, worker: User):
    claim = wrote(incident)
    reader = a_user("claimant")
    reader.person = claim.person
    reader.save()
    says(claim, "다시 묻습니다", sent_by=reader)
    page = section(worker, claim)
    assert "· 청구인</p>" in page
    assert reader.get_username() not in page


def test_the_rule_says_by_which_words_and_a_person_why(question: Claim, worker: User):
    assert "“?”, “언제”" in html.unescape(section(worker, question))
    sort_claim(claim_id=question.pk, kind="complaint", sorted_by=worker, note="<i>angry</i>", now=NOW)
    page = section(worker, question)
    for words in ("불만", f"사람이 분류함: {worker}", "&lt;i&gt;angry&lt;/i&gt;"):
        assert words in page, words


def test_what_was_lost_sorts_as_well(incident: Incident, worker: User):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    assert "아직 분류되지 않음" in section(worker, claim)
    work_off()
    follow_up()
    assert "잃은 것과 산정에 따라" in section(worker, claim)


def test_only_the_newest_are_shown(question: Claim, worker: User, checker: User):
    event = question.messages.get().event
    Event.objects.bulk_create(Event(at=NOW, kind=event.kind, claim=question) for _ in range(MOST_TOLD))
    with CaptureQueriesContext(connection) as captured:
        turns, older = turns_of(question)
    assert f"LIMIT {MOST_TOLD + 1}" in captured[0]["sql"]
    assert (len(turns), older) == (MOST_TOLD, True)
    assert turns[0].event.pk > event.pk
    assert "앞선 것은" in section(worker, question)


def test_queries_do_not_grow_with_what_was_written(question: Claim, worker: User, checker: User):
    def queries(address: str) -> int:
        client = client_of(worker)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    version = template(checker)
    answer(question, version, checker)
    says(question)
    both = (page_of(question), answer_of(question) + "?template=when_over&language=ko")
    few = [queries(one) for one in both]
    for number in range(3):
        answer(question, version, checker)
        says(question, f"{number}번", sent_by=a_user("caseworker"))
        template(checker, code=f"another_{number}")
    assert [queries(one) for one in both] == few


def test_english_has_no_korean_left(question: Claim, worker: User):
    Message.objects.all().delete()
    page = html.unescape(section(worker, question, "en"))
    assert "A message waits for an answer." in page
    assert not any("가" <= letter <= "힣" for letter in page.replace("언제", "").replace("되나요", ""))


# --- add what was told -----------------------------------------------------------------------------------


def test_what_was_told_is_added_once(question: Claim, worker: User, checker: User):
    answer(question, template(checker), checker)
    assert "답을 기다립니다." in act(worker, question, "tell", message=" 고맙습니다.\r\n그런데 <b>언제</b>요? ")
    assert standing(question) == ("queued", "answered", ["message"])
    message = question.messages.latest("pk")
    assert (message.text, message.event.actor) == ("고맙습니다.\n그런데 <b>언제</b>요?", worker)
    page = act(worker, question, "tell", message="고맙습니다.\n그런데 <b>언제</b>요?")
    assert "더 적지 않았습니다." in page
    assert question.messages.count() == 2


def test_what_is_told_of_a_merged_claim_is_added_to_the_other(question: Claim, incident: Incident, worker: User, checker: User):
    other = claim_of(a_person(), incident)
    merge_claims(claim_id=other.pk, into_id=question.pk, merged_by=checker, note="x", now=NOW)
    assert f"합쳐진 청구에 적었습니다: {question.reference}" in act(worker, other, "tell", message="그 다음은요?")
    assert question.messages.count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "errorlist"), (" \n", "비어 있습니다"), ("x" * 5_001, "너무 깁니다"), ("a\x1bb", "쓸 수 없는 글자")],
)
def test_what_is_no_message_is_refused_on_the_page(question: Claim, worker: User, text: str, said: str):
    before = standing(question), moves(question)
    page = act(worker, question, "tell", message=text)
    assert said in page
    assert '<details class="case-action" open>' in page
    assert (standing(question), moves(question), question.messages.count()) == (*before, 1)


# --- sort otherwise --------------------------------------------------------------------------------------


def test_a_person_sorts_otherwise(question: Claim, worker: User):
    page = act(worker, question, "sort", kind="complaint", note="불만입니다", moves=moves(question))
    assert "분류했습니다: 불만" in page
    status = ClaimStatus.objects.get(pk=question.pk)
    assert (status.kind, status.sorted_by) == ("complaint", worker)
    assert "분류했습니다: 질문" in act(worker, question, "sort", kind="question", note="아님", moves=moves(question))


def test_who_looked_before_another_moved_it_is_told_and_may_sort_then(question: Claim, worker: User, checker: User):
    old = moves(question)
    says(question, "하나 더")
    page = act(worker, question, "sort", kind="thanks", note="keep this", moves=old)
    assert "그 사이에 다른 사람이" in page
    assert "version_mismatch" in page
    assert ClaimStatus.objects.get(pk=question.pk).kind == "question"
    form = page.split("다르게 분류</summary>")[1].split("</form>")[0]
    assert f'name="moves" value="{moves(question)}"' in form
    assert "keep this" in form


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": "thanks"}, "errorlist"), ({"note": "x"}, "errorlist"), ({"kind": "unsorted", "note": "x"}, "errorlist"),
        ({"kind": "question", "note": "x"}, "sorted_already"),
    ],
)  # fmt: skip
def test_what_sorts_nothing_is_refused_on_the_page(question: Claim, worker: User, said: dict[str, str], words: str):
    assert words in act(worker, question, "sort", **said)
    status = ClaimStatus.objects.get(pk=question.pk)
    assert (status.kind, status.sorted_by) == ("question", None)


def test_what_another_reviews_a_caseworker_does_not_sort(question: Claim, worker: User, checker: User):
    take_claim(claim_id=question.pk, taken_by=a_user("caseworker"), now=NOW)
    assert 'value="sort"' not in client_of(worker).get(page_of(question)).content.decode()
    assert 'value="sort"' in client_of(checker).get(page_of(question)).content.decode()


# --- answer ----------------------------------------------------------------------------------------------


def test_only_templates_for_its_kind_may_be_chosen(question: Claim, worker: User, checker: User):
    template(checker, "question", code="for_questions")
    template(checker, "thanks", code="for_thanks")
    template(checker, "question", code="once_for_questions")
    template(checker, "thanks", code="once_for_questions")
    page = looked(worker, question)
    assert "(for_questions)" in page
    assert "for_thanks" not in page
    assert "once_for_questions" not in page
    assert "<iframe" in page, "there is only one to look at"
    assert "<iframe" not in looked(worker, question, template="for_thanks", language="ko")


def test_the_letter_is_looked_at_and_sent_as_it_is(question: Claim, worker: User, checker: User):
    version = template(checker, body_ko="<script>{reference}</script>")
    assert f'href="{answer_of(question)}"' in section(worker, question)
    page = looked(worker, question, template="when_over", language="ko")
    srcdoc = page.split('srcdoc="')[1].split('"')[0]
    assert '<iframe class="case-letter" sandbox ' in page
    assert "<script>" not in srcdoc
    assert f"&lt;script&gt;{question.reference}" in html.unescape(srcdoc)
    assert not Letter.objects.exists()
    page = send(worker, question, version=version.pk, note="as always")
    letter = Letter.objects.get()
    body = bytes(letter.content).decode()
    assert body.split("<main>")[1].split("<br>")[0] == html.unescape(srcdoc).split("<main>")[1].split("<br>")[0]
    address = reverse("admin:claims_letter_content", args=[letter.pk])
    assert f'답을 보냈습니다. <a href="{address}">보낸 편지</a> 지금: 끝남 · 답함' in page
    assert standing(question) == ("closed", "answered", [])
    event = Event.objects.get(claim=question, kind="claim_answered")
    assert (event.actor, event.note.text) == (worker, "as always")


def test_the_claimants_language_is_chosen_and_another_may_be(question: Claim, worker: User, checker: User):
    reader = a_user("claimant")
    reader.person, reader.locale = question.person, "en"
    reader.save()
    version = template(checker)
    page = looked(worker, question)
    assert "is over." in page
    assert '<input type="hidden" name="language" value="en"' in page
    assert "끝났습니다." in looked(worker, question, template="when_over", language="ko")
    send(worker, question, version=version.pk, language="ko")
    assert Letter.objects.get().language == "ko"


def refused(user: User, claim: Claim, words: str, **said: Any) -> str:
    """Told on the page, and nothing is changed."""
    before = standing(claim), moves(claim)
    page = send(user, claim, **said)
    assert words in page
    assert (standing(claim), moves(claim), Letter.objects.count()) == (*before, 0)
    return page


def test_another_version_is_looked_at_before_it_is_sent(question: Claim, worker: User, checker: User):
    old = template(checker)
    new = template(checker, body_ko="이미 끝났습니다.")
    page = refused(worker, question, "version_moved_on", version=old.pk, note="keep this")
    for words in ("새 판이 나왔습니다.", "이미 끝났습니다.", f'name="version" value="{new.pk}"', "keep this"):
        assert words in page, words


def test_what_came_meanwhile_is_read_before_an_answer(question: Claim, worker: User, checker: User):
    version, old = template(checker), moves(question)
    says(question, "하나 더 있습니다")
    page = refused(worker, question, "version_mismatch", version=version.pk, moves=old)
    for words in ("그 사이에 다른 사람이", "하나 더 있습니다", f'name="moves" value="{moves(question)}"'):
        assert words in page, words


def test_why_nothing_is_sent_is_told(question: Claim, incident: Incident, worker: User, checker: User):
    version = template(checker, "question")
    for said in ({}, {"version": 0}, {"version": version.pk, "language": "de"}, {"version": version.pk, "moves": ""}):
        refused(worker, question, "아무것도 보내지 않았습니다.", **said)
    refused(worker, question, "kind_not_answered", version=template(checker, "thanks", code="thanks").pk)
    lost = claim_of(a_person(), incident, told())
    refused(worker, lost, "transition_not_allowed", version=version.pk)
    take_claim(claim_id=question.pk, taken_by=checker, now=NOW)
    refused(worker, question, "reviewed_by_another", version=version.pk)
    assert answer_of(question) not in section(worker, question)
    put_back_claim(claim_id=question.pk, put_back_by=checker, note="x", now=NOW)
    worker.person = question.person
    worker.save()
    refused(worker, question, "conflict_of_interest", version=version.pk)
    hold_claim(claim_id=question.pk, held_by=checker, note="x", now=NOW)
    page = looked(checker, question)
    assert "지금은 이 청구에 답할 수 없습니다." in page
    assert 'name="version"' not in page


def test_money_is_not_answered_away(incident: Incident, worker: User, checker: User):
    a_policy(automatic="{}")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    version = template(checker)
    assert answer_of(claim) not in section(worker, claim)
    refused(worker, claim, "nothing_to_answer", version=version.pk)
    sort_claim(claim_id=claim.pk, kind="thanks", sorted_by=checker, note="x", now=NOW)
    assert answer_of(claim) in section(worker, claim)
    refused(worker, claim, "money_at_stake", version=version.pk)


def test_what_is_not_sorted_is_sorted_first(incident: Incident, worker: User, checker: User):
    with transaction.atomic():
        claim = open_claim(person=a_person(), incident=incident, message="카카오", now=NOW)
    template(checker)
    assert "먼저 청구를 분류하세요." in looked(worker, claim)
    act(worker, claim, "sort", kind="thanks", note="x", moves=moves(claim))
    assert "<iframe" in looked(worker, claim)


# --- roles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["auditor", "finance", "manager"])
def test_who_decides_nothing_does_nothing_here(question: Claim, checker: User, role: str):
    version, client = template(checker), client_of(a_user(role))
    before = moves(question)
    page = client.get(page_of(question))
    assert answer_of(question) not in page.content.decode()
    assert client.get(answer_of(question)).status_code == 403
    assert client.post(answer_of(question), {"version": version.pk, "moves": before}).status_code == 403
    for said in ({"act": "tell", "message": "x"}, {"act": "sort", "kind": "thanks", "note": "x"}):
        assert client.post(page_of(question), said).status_code == 403
    assert (moves(question), Letter.objects.count()) == (before, 0)


def test_a_claim_that_there_is_not_has_no_page(worker: User):
    assert client_of(worker).get(reverse("admin:claims_claim_answer", args=[0])).status_code == 404
