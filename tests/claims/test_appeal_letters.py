"""What the letter says that answers an appeal: that somebody else looked, at what, and what came of it."""

from __future__ import annotations

import re

import pytest

from accounts.models import User
from claims.models import Decision
from claims.operations import ToldPoint, take_claim, withdraw_appeal
from claims.queries.letter import render_letter
from tests.builders import MESSAGES, NOW, a_user, authority, follow_up
from tests.claims.test_appeals import CODE, answer, appeal, by_hand, decided, verify

POINTS = [
    ToldPoint("fact", fact="is_member", words="a secret"), ToldPoint("rule", policy=CODE, rule="half_hours"),
    ToldPoint("line", position=0), ToldPoint("record", service=MESSAGES), ToldPoint("other", words="a secret"),
    ToldPoint("other", words="another secret"),
]  # fmt: skip


@pytest.fixture
def worker(db: None) -> User:
    authority()
    return a_user("caseworker")


def letter(decision: Decision, language: str) -> str:
    """Its text in one line, without what stands in the head."""
    body = render_letter(decision, language=language, now=NOW).decode().split("<main>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_an_upheld_decision_says_that_somebody_else_looked_and_at_what(worker: User):
    decision = answer(appeal(decided(member=False), *POINTS), worker, accepted=False, reasons=["not_covered"])
    english, korean = letter(decision, "en"), letter(decision, "ko")
    for said in (
        "This answers your appeal of 2022-12-07. Somebody who had no part in the earlier decision looked at it again from the "
        "beginning, and it stands.",
        "Each thing that you pointed out was looked at: The fact: x The rule: Test / Test "
        "The line of the calculation: Test / Test What the official record says of KakaoTalk "
        "messages What else you wrote For what you told us no compensation is owed.",
        "Why it was decided so The published schemes do not cover this loss.",
        "you may appeal again; somebody else then decides, and you are answered within 30 days of appealing.",
    ):
        assert said in english, said
    for said in (
        "2022-12-07에 신청하신 이의에 대한 답입니다. 앞선 결정에 관여하지 않은 담당자가 처음부터 "
        "다시 살펴보았고, 앞선 결정을 그대로 두기로 했습니다. 말씀하신 점을 모두 살펴보았습니다.",
        "사실: x 규칙: 시험 / 시험 산정 내역: 시험 / 시험",
        "또 다른 담당자가 다시 보도록 이의를 신청하실 수 있으며, 신청하신 날부터 30일 안에 답해 드립니다.",
    ):
        assert said in korean, said
    assert english.count("What else you wrote") == 1
    assert "secret" not in english


def test_an_accepted_one_says_what_is_paid(worker: User):
    claim = decided(member=False)
    one = appeal(claim, kind="person_review")
    verify(claim)
    english = letter(answer(one, worker, accepted=True), "en")
    assert "This answers your request of 2022-12-07 that a person looks at the decision." in english
    assert "looked at it again from the beginning, and changed it." in english
    assert "What else you wrote Your claim was accepted." in english
    assert "compensation credit 3,250 won" in english


def test_an_upheld_approval_is_not_told_as_a_new_one(worker: User):
    english = letter(answer(appeal(decided()), worker, accepted=False), "en")
    assert "and it stands. Each thing" in english
    assert "What else you wrote Your claim is accepted as before, and what you get has not changed." in english
    assert "Your claim was accepted" not in english


def test_a_letter_of_another_decision_says_nothing_of_an_appeal(worker: User):
    claim = decided(member=False)
    first = claim.decisions.get()
    one = appeal(claim)
    withdraw_appeal(appeal_id=one.pk, withdrawn_by=one.opened_by, now=NOW)
    assert "again from the beginning" not in letter(first, "en")
    verify(claim)
    follow_up()
    assert "earlier decision" not in letter(claim.decisions.latest("pk"), "en")


def test_the_letter_is_made_in_the_claimants_language(worker: User):
    one = appeal(decided(member=False))
    one.opened_by.locale = "en"
    one.opened_by.save()
    take_claim(claim_id=one.claim_id, taken_by=worker, now=NOW)
    decision = by_hand(one.claim, worker, approved=False)
    follow_up()
    assert b"This answers your appeal of 2022-12-07." in bytes(decision.letter.content)
