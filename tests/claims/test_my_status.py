"""The page of somebody's own claim: where it is, what comes next, what is missing, what happened, and what they may do."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import User
from claims.models import Claim, ClaimStatus, Decision, DecisionStatus, Letter, LetterCopy, Message, ReviewStatus
from claims.operations import ToldPoint, add_message, decide_claim, hold_claim, open_appeal, withdraw_claim
from claims.web.my.status import where_it_is
from claims.web.my.words import HISTORY, NEXT, WHERE
from services.seoul import SEOUL
from services.words import said_day
from tests.builders import (
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    chase,
    claim_of,
    follow_up,
    outage,
    paid_to,
    policies_of_the_demonstration,
    told,
    work_off,
)
from tests.claims.mine_cast import all_paid, let_in, mine
from tests.claims.test_evidence import BILL, ask, claim, worker
from tests.worlds import world

__all__ = ["claim", "worker"]  # fixtures: in review, with a document to be asked for


def see(client: Client, claim: Claim, language: str = "ko") -> str:
    answer = client.get(mine("status", claim), {"lang": language})
    assert answer.status_code == 200
    return answer.content.decode()


@world
def decided(db: None) -> Claim:
    """By a rule, 3,250 won."""
    incident = outage()
    policies_of_the_demonstration()
    claim = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    return claim


def test_what_waits_is_said_with_the_day(client: Client, claim: Claim):
    let_in(client, claim)
    page = see(client, claim)
    due = ClaimStatus.objects.get(pk=claim.pk).answer_due_date
    for words in (
        claim.reference,
        "담당자가 보고 있습니다",
        f"{due.month}월 {due.day}일",
        "청구 거두기",
        "고치거나 더하기",
        "글 남기기",
    ):
        assert words in page, words
    assert "동의하지 않습니다" not in page, "nothing was decided"
    page = see(client, claim, "en")
    assert "A member of staff is looking at it." in page
    assert "Withdraw the claim" in page


def test_what_is_missing_is_named(client: Client, claim: Claim, worker: User):
    let_in(client, claim)
    request = ask(claim, worker, BILL)
    page = see(client, claim)
    day = f"{request.due_date.month}월 {request.due_date.day}일"
    assert "청구서" in page
    assert f"{day}" in page
    assert "보내 주실 자료를 기다리고 있습니다" in page
    assert "자료를 부탁드렸습니다" in page


def test_what_was_decided_is_there_with_its_letter_and_the_letter_to_keep(client: Client, decided: Claim):
    let_in(client, decided)
    page = see(client, decided)
    for words in (
        "받아들여졌습니다.",
        "3,250원",
        "결정 안내",
        "결정에 동의하지 않습니다",
        "공식 장애",
    ):
        assert words in page, words
    assert "청구 거두기" not in page
    assert "계좌" not in page, "a credit goes to none"
    assert "KRW 3,250" in see(client, decided, "en") or "3,250 won" in see(client, decided, "en")
    letter = Letter.objects.get()
    shown = client.get(mine("letter", decided, letter.pk), {"kept": ""})
    assert (shown.content, shown.headers["Content-Security-Policy"][:7]) == (bytes(letter.content), "sandbox")
    pdf = client.get(mine("letter_pdf", decided, letter.pk))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.content == bytes(LetterCopy.objects.get().content)
    assert decided.reference in pdf.headers["Content-Disposition"]
    other = claim_of(a_person(), decided.incident)
    let_in(client, other)
    for name in ("letter", "letter_pdf"):
        assert client.get(mine(name, other, letter.pk)).status_code == 404, "another claim's"


def test_what_is_not_asked_back_is_among_what_they_have_and_get(client: Client, db: None):
    """3,250 won arrive though only 2,600 are owed by then: less is not asked back."""
    incident = outage()
    a_policy()
    claim = claim_of(a_person(), incident, told())
    for won in (250, 200):
        a_policy(won=won)
        chase()
        work_off()
        follow_up()
    assert list(claim.payouts.order_by("pk").values_list("kind", "quantity")) == [("first", 3250), ("written_off", -650)]
    let_in(client, claim)
    assert '<p>받으실 것</p><p class="sum">요금 차감 3,250원</p>' in see(client, claim)
    all_paid()
    assert '<p>받으신 것</p><p class="sum">요금 차감 3,250원</p>' in see(client, claim)


def test_no_word_of_staff_and_no_reason_why_it_waits_is_shown(client: Client, decided: Claim, worker: User):
    let_in(client, decided)
    with transaction.atomic():
        add_message(claim_id=decided.pk, text="왜 이만큼인가요?", now=NOW)
    page = see(client, decided)
    assert "왜 이만큼인가요?" in page
    for code in (*ClaimStatus.objects.get(pk=decided.pk).reasons, worker.get_username(), "queued", "twin"):
        assert code not in page.replace("my:twin", ""), code


def test_what_was_withdrawn_says_how_it_comes_back(client: Client, claim: Claim):
    guest = let_in(client, claim)
    with transaction.atomic():
        withdraw_claim(claim_id=claim.pk, withdrawn_by=guest, now=NOW)
    page = see(client, claim)
    assert "거두어들이셨습니다" in page
    assert "다시 원하시면" in page
    assert mine("withdraw", claim) not in page


def test_a_rejection_says_so(client: Client, claim: Claim, worker: User):
    let_in(client, claim)
    assessment = claim.assessments.latest("pk")
    with transaction.atomic():
        decide_claim(
            claim_id=claim.pk, assessment_id=assessment.pk, approved=False, reasons=["no_loss"], decided_by=worker, now=NOW
        )
    assert "보상해 드릴 것이 없다고 결정되었습니다" in see(client, claim)


def test_words_of_somebody_elses_claim_that_was_merged_stay_theirs(client: Client, decided: Claim):
    let_in(client, decided)
    other = claim_of(a_person(), decided.incident)
    stranger = let_in(Client(), other)
    with transaction.atomic():
        message = add_message(claim_id=other.pk, text="남의 글", sent_by=stranger, now=NOW)
        Message.objects.filter(pk=message.pk).update(claim=decided)
        add_message(claim_id=decided.pk, text="내 글", now=NOW)
    page = see(client, decided)
    assert "내 글" in page
    assert "남의 글" not in page


def test_it_asks_as_much_for_many_as_for_one(client: Client, decided: Claim):
    let_in(client, decided)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            see(client, decided)
        return len(queries)

    see(client, decided)
    before = asked()
    for number in range(5):
        with transaction.atomic():
            add_message(claim_id=decided.pk, text=f"{number}번째", now=NOW)
    assert asked() == before


def test_the_page_of_what_has_just_come_in_is_loaded_anew_once_it_has_moved_on(client: Client, db: None):
    incident = outage()
    policies_of_the_demonstration()
    claim, follows = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00")), "hx-get"
    with time_machine.travel(NOW + timedelta(minutes=4)):
        let_in(client, claim)
        assert follows in see(client, claim)
        assert client.get(mine("standing", claim)).status_code == 204
    with time_machine.travel(NOW + timedelta(minutes=5)):
        assert follows not in see(client, claim)
        assert client.get(mine("standing", claim)).status_code == 286, "htmx asks no more"
    work_off()
    follow_up()
    with time_machine.travel(NOW + timedelta(minutes=4)):
        assert client.get(mine("standing", claim)).headers["HX-Refresh"] == "true"
        assert follows not in see(client, claim)
    assert Client().get(mine("standing", claim)).status_code == 302
    assert Client().get(mine("standing", claim), headers={"HX-Request": "true"}).status_code == 286, "closed meanwhile"


# What says that it is over, and what says that nobody has answered yet.
DONE = ("받아들여졌습니다.", "보상해 드릴 것이 없다고 결정되었습니다", "답해 드렸습니다.")
UNTOUCHED = [WHERE[review][0] for review in ("received", "queued", "in_review", "proposed")]


@pytest.mark.parametrize("review", ReviewStatus.values)
@pytest.mark.parametrize("decision", DecisionStatus.values)
def test_where_it_is_never_contradicts_itself(review: str, decision: str):
    """Of each pair of statuses, whether it can come about or not."""
    stands = Decision(pk=1, decided_at=NOW) if decision in ("approved", "rejected") else None
    said = where_it_is(ClaimStatus(review=review, decision=decision, stands=stands))
    answered = [words for words in DONE if words in said]
    if decision == "undecided" or review in ("withdrawn", "merged"):
        assert said == WHERE[review][0]
        assert answered == []
        return
    assert len(answered) == 1
    assert "{" not in said
    assert not [words for words in UNTOUCHED if words in said], "as if nobody had answered"
    assert ("다시" in said or "멈추" in said) == (review != "closed")
    assert ("12월 7일" in said) == (review != "closed" and stands is not None)


def test_what_was_accepted_and_is_looked_at_again_says_both_as_one(client: Client, decided: Claim, worker: User):
    let_in(client, decided)
    with override("ko"):
        day = said_day(Decision.objects.get(claim=decided).decided_at.astimezone(SEOUL).date())
    with transaction.atomic():
        add_message(claim_id=decided.pk, text="왜 이만큼인가요?", now=NOW)
    page = see(client, decided)
    assert f"<strong>{day}에 받아들여졌습니다. 담당자가 다시 볼 차례를 기다리고 있습니다.</strong>" in page
    assert page.count("받아들여졌습니다.") == 1
    assert "It was accepted on" in see(client, decided, "en")
    with transaction.atomic():
        paid_to(decided.person)
    assert "지급을 준비하고 있습니다" in see(client, decided)
    with transaction.atomic():
        hold_claim(claim_id=decided.pk, held_by=worker, note="x", now=NOW)
    assert "지급을 준비하고 있습니다" not in see(client, decided), "nothing goes out while it is held"
    assert f"<strong>{day}에 받아들여졌습니다. 지금은 더 살펴볼 것이 있어 잠시 멈추었습니다.</strong>" in see(client, decided)


def test_of_what_is_appealed_the_decision_and_the_appeal_are_told(client: Client, decided: Claim, worker: User):
    guest = let_in(client, decided)
    stands = ClaimStatus.objects.get(pk=decided.pk).stands_id
    with transaction.atomic():
        open_appeal(
            claim_id=decided.pk, decision_id=stands or 0, kind="appeal", opened_by=guest, channel="web",
            points=[ToldPoint("other", words="x")], now=NOW,
        )  # fmt: skip
    page = see(client, decided)
    assert "에 받아들여졌습니다.</strong></p><p>신청하신 이의를 살펴보고 있습니다.</p>" in page
    assert "신청하신 이의 보기와 거두기" in page
    assert "결정에 동의하지 않습니다" not in page
    assert "차례를 기다리고" not in page
    with transaction.atomic():
        hold_claim(claim_id=decided.pk, held_by=worker, note="x", now=NOW)
    page = see(client, decided)
    assert "잠시 멈추었습니다.</strong></p><p>이의를 신청하셨습니다.</p>" in page
    assert "살펴보고 있습니다" not in page


def test_every_status_has_its_sentences():
    assert {*WHERE} == {*ReviewStatus.values, *DecisionStatus.values} - {"undecided"}
    assert {*NEXT} == {*ReviewStatus.values, "answered"}
    assert all(ko and en for ko, en in HISTORY.values())


def test_a_day_that_has_passed_is_promised_no_more(client: Client, claim: Claim):
    let_in(client, claim)
    due = ClaimStatus.objects.get(pk=claim.pk).answer_due_date
    last = datetime.combine(due, time(23, 59), SEOUL)
    for now, words in ((last, "까지 답합니다"), (last + timedelta(minutes=1), "늦어지고 있습니다")):
        with time_machine.travel(now, tick=False):
            let_in(client, claim)
            assert f"{due.month}월 {due.day}일" in see(client, claim)
            assert words in see(client, claim)


def test_of_what_was_withdrawn_nothing_is_waited_for(client: Client, claim: Claim, worker: User):
    guest = let_in(client, claim)
    ask(claim, worker)
    assert 'id="h-missing"' in see(client, claim)
    with transaction.atomic():
        withdraw_claim(claim_id=claim.pk, withdrawn_by=guest, now=NOW)
    page = see(client, claim)
    assert 'id="h-missing"' not in page
    assert mine("documents", claim) not in page
