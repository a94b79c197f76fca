"""Before a claim is decided its claimant reads what it would come to and what has to be proved, as on the page of the quote."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.operations import record_consents, texts_to_agree_to
from claims.models import Claim, ClaimStatus, Decision, EntitlementLine, EvidenceFile
from claims.operations import (
    AskedDocument,
    ToldFact,
    ToldLoss,
    ToldPoint,
    correct_claim,
    decide_claim,
    open_appeal,
    publish_policy,
    request_evidence,
    review_evidence,
    take_claim,
    withdraw_claim,
)
from services.models import Incident
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_user, authority, claim_of, follow_up, outage, told, work_off
from tests.builders import policies_of_the_demonstration as policies
from tests.claims.mine_cast import let_in, mine
from tests.claims.reply_cast import answer, sort, template, wrote
from tests.claims.test_tell import RIDE, choose, here, sent
from tests.documents import PDF
from tests.eligibility.cast import POLICIES
from tests.worlds import world

pytestmark = pytest.mark.django_db
CHARGE = ToldFact("ride_charge", 53450)
RIDDEN = (
    ToldFact("ride_started_at", "2022-10-15T15:20:00+09:00"), ToldFact("ride_locked_at", "2022-10-15T15:42:00+09:00"), CHARGE,
)  # fmt: skip
PROVED = {"ko": "확인이 필요한 것", "en": "What has to be proved"}


@world
def incident() -> Incident:
    found = outage(version=2)
    policies()
    return found


@world
def renter(incident: Incident) -> Claim:
    """The one of the article, assessed; nobody has looked at it."""
    claim = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15", *RIDDEN))
    work_off()
    follow_up()
    return claim


def read(client: Client, address: str, language: str = "ko") -> str:
    answer = client.get(address, {"lang": language})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def proofs(page: str, language: str) -> list[str]:
    """What stands under the heading, without the policy that the page of documents adds."""
    after = page.partition(f">{PROVED[language]}</h")[2].partition("</ul>")[0]
    items = re.findall(r"<li>(.*?)(?:<br>.*?)?</li>", after, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", item).strip() for item in items]


@pytest.mark.parametrize(
    ("language", "sum_", "paper"), [("ko", "49,950원", "이용 영수증"), ("en", "49,950 won", "Receipt of the ride")]
)
def test_what_the_bike_renter_was_quoted_stands_on_their_claim(
    client: Client, renter: Claim, language: str, sum_: str, paper: str
):
    choose(client, BIKE)
    sent(client, "times", **RIDE)
    quoted = read(client, here("expected"), language)
    let_in(client, renter)
    page, papers = (read(client, mine(name, renter), language) for name in ("status", "documents"))
    on_their_word = {"ko": "말씀하신 대로라면 이만큼입니다", "en": "This is so if all is as you say"}[language]
    undecided = {"ko": "아직 결정된 것은 아닙니다", "en": "This is not decided yet"}[language]
    assert f'<p class="sum">{sum_}</p>' in quoted
    for words in (f'<p class="sum">{sum_}</p>', on_their_word, undecided, mine("documents", renter)):
        assert words in page, words
    wanted = proofs(quoted, language)
    assert wanted
    assert any(paper in one for one in wanted)
    asked, send = {
        "ko": ("자료를 보내시거나, 저희가 운영사 기록을 찾아보는 데 동의하시면 됩니다.", "자료를 보내 주세요."),
        "en": ("You send a document, or agree that we look in the operator's records.", "Please send a document."),
    }[language]
    assert asked in wanted[0]
    wanted = [one.replace(asked, send) for one in wanted]
    assert proofs(page, language) == wanted
    assert proofs(papers, language) == wanted
    assert "53,450" in page, "what was told may be read there"
    assert re.search(r"<p>[^<]+, 2022-10-15 15:20 ~ 2022-10-15 21:15</p>", page), "of which loss it speaks"
    assert "비워 둔 것 적기" not in page


def test_only_who_agreed_to_it_is_told_that_we_look_in_records(client: Client, renter: Claim):
    call_command("publish_consents", verbosity=0)
    looks = "저희가 운영사 기록에서 찾습니다."
    for agrees in (False, True, False):
        with transaction.atomic():
            said = {text.pk: text.required or agrees for text in texts_to_agree_to()}
            record_consents(person=renter.person, said=said, channel="web", now=NOW)
        let_in(client, renter)
        for name in ("status", "documents"):
            assert (looks in read(client, mine(name, renter))) == agrees, name


def test_what_was_sent_for_it_is_said_where_it_has_to_be_proved(client: Client, renter: Claim, worker: User):
    """Unasked, with what it shows ticked; until somebody has looked at it."""
    let_in(client, renter)
    page = read(client, mine("documents", renter))
    assert 'name="what_for" value="kakao_bike|ride_charge"' in page
    assert page.count("이용 영수증 (앱 화면), 카드 청구 내역") == 1, "told once"
    paper = SimpleUploadedFile("receipt.pdf", PDF, content_type="application/pdf")
    said = {"what_for": ["kakao_bike|ride_charge"], "file": paper}
    came = unescape(client.post(mine("documents", renter), said, follow=True).content.decode())
    assert "청구된 요금(원)" in came
    waits = "보내신 파일 1개가 확인을 기다립니다."
    for name in ("status", "documents"):
        page = read(client, mine(name, renter))
        assert page.count(waits) == 1, name
        assert waits in next(one for one in proofs(page, "ko") if one.startswith("청구된 요금"))
    staff = Client()
    staff.force_login(worker)
    case = staff.get(reverse("admin:claims_claim_change", args=[renter.pk])).content.decode()
    assert "청구된 요금(원) (보낸 사람의 말)" in case
    file = EvidenceFile.objects.get()
    assert (
        "청구된 요금(원) (보낸 사람의 말)" in staff.get(reverse("admin:claims_evidence_file", args=[file.pk])).content.decode()
    )
    with transaction.atomic():
        take_claim(claim_id=renter.pk, taken_by=worker, now=NOW)
        review_evidence(file_id=file.pk, accepted=False, reason="unreadable", reviewed_by=worker, now=NOW)
    assert waits not in read(client, mine("status", renter))


def test_what_gives_nothing_asks_for_no_proof_and_no_account(client: Client, incident: Incident):
    claim = claim_of(a_person(), incident, told(BIKE, "12 15:20", "12 21:15", CHARGE))
    work_off()
    let_in(client, claim)
    page = read(client, mine("status", claim))
    assert "받을 수 없음" in page
    assert mine("payee", claim) not in page
    assert PROVED["ko"] not in page
    assert PROVED["ko"] not in read(client, mine("documents", claim))


@pytest.mark.parametrize(
    ("language", "lock", "why"), [("ko", "잠금 레버를 내린 시각", "왜 그런가요?"), ("en", "Time the lever was locked", "Why?")]
)
def test_a_time_of_locking_that_nobody_said_is_among_what_has_to_be_proved(
    client: Client, incident: Incident, language: str, lock: str, why: str
):
    """It decides how much is given, and a document may show it; it is not where it is no question of it."""
    choose(client, BIKE)
    client.get(here("times"), {"lang": language})
    unlocked = {name: value for name, value in RIDE.items() if not name.endswith("ride_locked_at")}
    quoted = unescape(sent(client, "times", **unlocked).content.decode())
    assert any(one.startswith(lock) for one in proofs(quoted, language))
    assert f"<summary>{why}</summary>" in quoted
    claim = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15", RIDDEN[0], CHARGE))
    work_off()
    let_in(client, claim)
    page = read(client, mine("documents", claim), language)
    assert any(one.startswith(lock) for one in proofs(page, language))
    assert 'value="kakao_bike|ride_locked_at"' in page


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", "잠금 레버를 내린 시각: 적어 주시거나 자료를 보내 주세요."),
        ("en", "Time the lever was locked: Tell us, or send a document."),
    ],
)
def test_what_nobody_said_may_be_told_where_the_word_of_who_claims_is_enough(
    client: Client, incident: Incident, language: str, says: str
):
    lock = "  ride_locked_at:\n    type: instant\n"
    text = (POLICIES / "kakao_bike.yaml").read_text(encoding="utf-8")
    assert lock in text
    with transaction.atomic():
        publish_policy(pack_yaml=text.replace(lock, f"{lock}    decide: claimant\n"), now=NOW)
    choose(client, BIKE)
    client.get(here("times"), {"lang": language})
    unlocked = {name: value for name, value in RIDE.items() if not name.endswith("ride_locked_at")}
    pages = [unescape(sent(client, "times", **unlocked).content.decode())]
    claim = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15", RIDDEN[0], CHARGE))
    work_off()
    let_in(client, claim)
    pages += [read(client, mine(name, claim), language) for name in ("status", "documents")]
    for page in pages:
        assert any(one.startswith(says) for one in proofs(page, language))


def test_what_nobody_has_to_prove_is_no_choice(client: Client, renter: Claim):
    let_in(client, renter)
    paper = SimpleUploadedFile("receipt.pdf", PDF, content_type="application/pdf")
    answer = client.post(mine("documents", renter), {"what_for": ["kakao_bike|hat_size"], "file": paper})
    assert answer.status_code == 200
    assert not EvidenceFile.objects.exists()


def test_what_was_answered_and_then_added_to_is_foreseen_again(client: Client, incident: Incident):
    """Else who adds a loss after an answer sees no figure, and nowhere to say where it is paid."""
    claim, checker = wrote(incident), a_user("checker")
    work_off()
    sort()
    answer(claim, template(checker), checker)
    guest = let_in(client, claim)
    assert ClaimStatus.objects.get(pk=claim.pk).decision == "answered"
    assert mine("payee", claim) not in read(client, mine("status", claim))
    with transaction.atomic():
        correct_claim(
            claim_id=claim.pk, corrected_by=guest, seen=1, losses=[told(BIKE, "15 15:20", "15 21:15", *RIDDEN)], now=NOW
        )
    work_off()
    page = read(client, mine("status", claim))
    assert '<p class="sum">49,950원</p>' in page
    assert mine("payee", claim) in page


def test_what_staff_ask_for_stands_before_what_may_be_proved(client: Client, renter: Claim, worker: User):
    let_in(client, renter)
    receipt = AskedDocument("kakao_bike", "receipt", "ride_charge", renter.losses.get().pk)
    with transaction.atomic():
        take_claim(claim_id=renter.pk, taken_by=worker, now=NOW)
        asked = request_evidence(claim_id=renter.pk, asked=[receipt], requested_by=worker, override="x", now=NOW)
    day = f"{asked.due_date.month}월 {asked.due_date.day}일"
    for name, first in (("status", "h-missing"), ("documents", "h-asked")):
        page = read(client, mine(name, renter))
        at = page.index(f'id="{first}"')
        assert at < page.index(day, at) < page.index(PROVED["ko"]), name


@transaction.atomic
def reject(claim: Claim, worker: User) -> None:
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    said: dict[str, Any] = {"approved": False, "reasons": ["no_loss"], "decided_by": worker, "now": NOW}
    decide_claim(claim_id=claim.pk, assessment_id=claim.assessments.latest("pk").pk, **said)


def test_once_it_is_decided_only_the_decision_is_told(client: Client, renter: Claim, worker: User):
    let_in(client, renter)
    reject(renter, worker)
    for words in ("49,950원", "확인이 필요한 것", "지금까지로 계산하면"):
        assert words not in read(client, mine("status", renter)), words


def test_after_a_rejection_and_an_objection_what_is_not_proved_can_still_be_sent(client: Client, renter: Claim, worker: User):
    """Each thing with its box, so that a file counts as showing it, and what was rejected is looked at again."""
    guest = let_in(client, renter)
    before = proofs(read(client, mine("documents", renter)), "ko")
    reject(renter, worker)
    page = read(client, mine("documents", renter))
    assert (proofs(page, "ko"), len(before)) == (before, 3)
    assert "지금 부탁드린 자료는 없습니다" not in page
    assert "지금까지 확인되지 않은 것입니다" in page
    assert "This is not proved so far." in read(client, mine("documents", renter), "en")
    with transaction.atomic():
        decision = Decision.objects.get(claim=renter)
        point = ToldPoint("other", words="영수증이 있습니다")
        about: dict[str, Any] = {"kind": "appeal", "channel": "web", "points": [point], "now": NOW}
        open_appeal(claim_id=renter.pk, decision_id=decision.pk, opened_by=guest, **about)
    assert proofs(read(client, mine("documents", renter)), "ko") == before
    paper = SimpleUploadedFile("receipt.pdf", PDF, content_type="application/pdf")
    client.post(mine("documents", renter), {"what_for": ["kakao_bike|ride_charge"], "file": paper})
    (subject,) = EvidenceFile.objects.get().subjects.all()
    assert (subject.policy, subject.fact) == ("kakao_bike", "ride_charge")
    assert "보내신 파일 1개가 확인을 기다립니다." in read(client, mine("documents", renter))


def test_of_what_was_withdrawn_nothing_is_foreseen(client: Client, renter: Claim):
    guest = let_in(client, renter)
    with transaction.atomic():
        withdraw_claim(claim_id=renter.pk, withdrawn_by=guest, now=NOW)
    _nothing_is_foreseen(client, renter)


def _nothing_is_foreseen(client: Client, claim: Claim) -> None:
    for name in ("status", "documents"):
        page = read(client, mine(name, claim))
        for words in ("49,950원", "확인이 필요한 것", "지금까지로 계산하면"):
            assert words not in page, (name, words)


def test_what_has_just_come_in_is_being_calculated(client: Client, incident: Incident):
    claim = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15", *RIDDEN))
    with time_machine.travel(NOW + timedelta(minutes=4)):
        let_in(client, claim)
        assert "끝나면 이 화면이 저절로 바뀝니다" in read(client, mine("status", claim))
        assert "It is being calculated." in read(client, mine("status", claim), "en")
    with time_machine.travel(NOW + timedelta(minutes=6)):
        assert "잠시 뒤에 이 화면을 다시 여세요" in read(client, mine("status", claim)), "nothing loads it anew any more"


def test_a_correction_is_calculated_anew(client: Client, renter: Claim):
    guest = let_in(client, renter)
    with transaction.atomic():
        more = [told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", 43450))]
        seen = renter.revisions.latest("number").number
        correct_claim(claim_id=renter.pk, corrected_by=guest, seen=seen, losses=more, now=NOW)
    page = read(client, mine("status", renter))
    assert "지금 계산하고 있습니다" in page
    assert "49,950원" not in page, "of what was said before"
    work_off()
    assert '<p class="sum">39,950원</p>' in read(client, mine("status", renter))


def test_without_an_official_record_it_is_said_so(client: Client):
    outage()
    incident = Incident.objects.create(key="without-record", title_ko="x", title_en="x", started_at=NOW - timedelta(days=60))
    claim = claim_of(a_person(), incident, told(BIKE))
    work_off()
    let_in(client, claim)
    assert "공식 기록이 아직 없어" in read(client, mine("status", claim))


def test_what_is_not_known_is_asked_for(client: Client, incident: Incident):
    claim = claim_of(a_person(), incident, told(BIKE, "15 15:20", "15 21:15"))
    work_off()
    follow_up()
    let_in(client, claim)
    page = read(client, mine("status", claim))
    for words in ("얼마인지는 아직 말할 수 없습니다", "필요한 사실이 없습니다", "비워 둔 것 적기"):
        assert words in page, words
    assert "그대로 청구하셔도" not in page, "it is claimed"


def test_a_figure_that_cannot_be_told_again_is_not_told(client: Client, renter: Claim, monkeypatch: pytest.MonkeyPatch):
    let_in(client, renter)
    monkeypatch.setattr("claims.queries.explanation.RULE", ("rule__version__policy__code", "rule__version__number", "pk"))
    page = read(client, mine("status", renter))
    assert "계산을 담당자가 확인하고 있습니다" in page
    assert "49,950원" not in page


def test_why_it_waits_is_not_in_what_is_foreseen(client: Client, renter: Claim, worker: User):
    let_in(client, renter)
    page = read(client, mine("status", renter))
    reasons = ClaimStatus.objects.get(pk=renter.pk).reasons
    assert reasons
    codes = {*reasons, *(code for line in EntitlementLine.objects.all() for code in line.reasons)}
    assert not [code for code in codes if code in page]


def test_it_asks_as_much_for_many_losses_as_for_one(client: Client, incident: Incident):
    def asked(*losses: ToldLoss) -> int:
        claim = claim_of(a_person(), incident, *losses)
        work_off()
        follow_up()
        let_in(client, claim)
        read(client, mine("status", claim))
        with CaptureQueriesContext(connection) as queries:
            assert "지금까지로 계산하면" in read(client, mine("status", claim))
        return len(queries)

    ride = told(BIKE, "15 15:20", "15 21:15", *RIDDEN)
    many = [told(MESSAGES, f"{day} 10:00", f"{day} 11:00") for day in (15, 16, 17, 18)]
    assert asked(ride, *many) == asked(ride)


@pytest.fixture
def worker() -> User:
    authority("caseworker")
    return a_user("caseworker")
