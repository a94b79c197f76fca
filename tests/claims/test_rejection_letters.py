"""What a rejection says of why: each reason that was named, as of what is over, in the letter and where it is disputed."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.forms import MultipleChoiceField
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from claims.admin.claim_forms import RejectForm
from claims.eligibility.reasons import REASONS, said_reason
from claims.models import Claim, Decision, RejectionReason
from claims.operations import ToldFact, ToldLoss, decide_claim, publish_policy, take_claim
from claims.queries.letter import render_letter
from services.names import UNLISTED
from tests.builders import NOW, a_person, a_user, at, authority, claim_of, follow_up, outage, pack, told, work_off
from tests.claims.mine_cast import let_in, mine

pytestmark = pytest.mark.django_db

BOOKSHOP = ToldLoss(UNLISTED, at("15 15:30"), at("15 22:00"), words="책방 앱")
FEE = ("x", "월 이용료(원)"), ("x", "Monthly fee (won)")
BILL = "documents: {bill: {ko: 요금 청구서, en: A bill}}"


@pytest.fixture
def worker(db: None) -> User:
    authority()
    return a_user("caseworker")


@transaction.atomic
def a_policy_that_wants_a_bill() -> None:
    label = f"label: {{ko: 월 이용료(원), en: Monthly fee (won)}}, {BILL}"
    publish_policy(pack_yaml=pack(needs="is_member").replace("label: {ko: x, en: x}", label), now=NOW)


def claimed(*losses: ToldLoss, facts: list[ToldFact] | None = None) -> Claim:
    claim = claim_of(a_person(), outage(), *losses, facts=facts or [])
    work_off()
    follow_up()
    return claim


@transaction.atomic
def rejected(claim: Claim, worker: User, *reasons: str) -> Decision:
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    newest = claim.assessments.latest("run")
    decision = decide_claim(
        claim_id=claim.pk, assessment_id=newest.pk, approved=False, decided_by=worker, reasons=reasons, now=NOW
    )
    assert isinstance(decision, Decision)
    return decision


def text(decision: Decision, language: str) -> str:
    return render_letter(decision, language=language, now=NOW).decode()


def why(decision: Decision, language: str) -> list[str]:
    heading = {"ko": "그렇게 결정한 까닭", "en": "Why it was decided so"}[language]
    found = re.search(rf"<h2>{heading}</h2>(.*?)<(?:h2|table|figure)", text(decision, language), re.DOTALL)
    return [] if found is None else re.findall(r"<p>(.*?)</p>", found[1])


def test_every_reason_that_was_ticked_stands_in_the_letter_with_its_fact_and_document(worker: User):
    outage()
    a_policy_that_wants_a_bill()
    claim = claimed(told(), facts=[ToldFact("is_member", True)])
    decision = rejected(claim, worker, RejectionReason.EVIDENCE_DIFFERS, "needs_proof:is_member")
    assert why(decision, "ko") == [
        "자료가 말씀하신 내용과 다릅니다.", "증빙으로 확인되지 않았습니다: 월 이용료(원) (요금 청구서)",
    ]  # fmt: skip
    assert why(decision, "en") == [
        "The evidence says something else.", "It was not proved: Monthly fee (won) (A bill)",
    ]  # fmt: skip


def test_a_reason_of_the_assessment_alone_is_said(worker: User):
    claim = claimed(BOOKSHOP)
    decision = rejected(claim, worker, "no_official_window")
    assert why(decision, "ko") == ["공식 기록에 이 서비스의 장애가 없습니다: 목록에 없는 것"]
    assert why(decision, "en") == ["The official record has no outage of this service: Something that is not on the list"]


def test_what_a_rule_refused_has_its_reasons_too(db: None):
    outage()
    said = pack(needs="is_member").replace("not_told: {ko: x, en: x}", "not_told: {ko: 회원 아님, en: No member}")
    with transaction.atomic():
        publish_policy(pack_yaml=said, now=NOW)
    claim = claimed(told(), facts=[ToldFact("is_member", False, "staff")])
    assert (why(claim.decisions.get(), "ko"), why(claim.decisions.get(), "en")) == (["회원 아님"], ["No member"])


@pytest.mark.parametrize(("language", "open_still"), [("ko", "보류합니다"), ("en", "parked")])
def test_nothing_is_said_to_be_open_once_it_is_refused(client: Client, worker: User, language: str, open_still: str):
    claim = claimed(BOOKSHOP)
    let_in(client, claim)
    assert open_still in client.get(f"{mine('status', claim)}?lang={language}").content.decode()
    decision = rejected(claim, worker, "no_official_window")
    disagree = client.get(f"{mine('disagree', claim)}?lang={language}").content.decode()
    has_no_outage = {
        "ko": "공식 기록에 이 서비스의 장애가 없습니다.",
        "en": "The official record has no outage of this service.",
    }
    for page in (text(decision, language), disagree):
        assert open_still not in page
        assert has_no_outage[language] in page


def test_on_the_page_of_the_decision_a_missing_proof_is_a_reason(client: Client, worker: User):
    outage()
    a_policy_that_wants_a_bill()
    claim = claimed(told(), facts=[ToldFact("is_member", True)])
    rejected(claim, worker, "needs_proof:is_member")
    let_in(client, claim)
    assert "증빙으로 확인되지 않았습니다: 월 이용료(원)" in client.get(mine("disagree", claim)).content.decode()


def test_staff_are_offered_reasons_in_words_of_a_rejection():
    with override("ko"):
        field = RejectForm(said=["no_official_window", "needs_proof:is_member"], required=False).fields["reasons"]
    assert isinstance(field, MultipleChoiceField)
    offered = dict(field.choices)
    assert offered["no_official_window"] == "공식 기록에 이 서비스의 장애가 없습니다."
    assert offered["needs_proof:is_member"] == "증빙이 없음: is_member"
    assert offered["no_evidence"] == "자료가 오지 않음"


@pytest.mark.parametrize("code", REASONS)
def test_no_reason_of_the_engine_leaves_a_refusal_open(code: str):
    korean, english = (said_reason(code, None, pick, refused=True) for pick in (0, 1))
    assert not re.search("담당자|보류|아직|알려 주세요", korean)
    assert not re.search("caseworker|parked|yet|[Pp]lease", english)
