"""The page on which claimants say where they are paid, and what their claim's page says of it."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Payee, PersonalData
from accounts.operations import keep_person
from accounts.payees import is_another, payee_of
from claims.models import Claim, ClaimStatus, News
from claims.operations import (
    answer_payments,
    erase_payee,
    keep_claim,
    make_payment_run,
    send_next_mail,
    withdraw_claim,
    write_next_code,
)
from claims.queries.payees import came_back
from tests.builders import (
    CASH,
    NOW,
    a_person,
    a_policy,
    a_user,
    claim_of,
    follow_up,
    outage,
    paid_to,
    told,
    work_off,
)
from tests.claims.account_cast import signed_up
from tests.claims.mine_cast import all_paid, let_in, mine, used_code
from tests.claims.test_filing import filed
from tests.claims.test_given_payees import claim, create_other
from tests.claims.test_hostile_forms import TYPED, wrong_of
from tests.claims.test_mail import worked_off
from tests.hostile_pages import Page
from tests.mail_cast import text_of
from tests.proofs import some

__all__ = ["claim"]  # a fixture: 3,250 won wait to be paid

SAID = {"bank": "088", "account": "110-123-451234", "holder": "홍길동"}
OTHER = {"bank": "004", "account": "123456-04-567890", "holder": "홍길동"}
SEND = {"send": "1"}


def see(client: Client, claim: Claim, name: str = "payee", language: str = "ko") -> str:
    answer = client.get(mine(name, claim), {"lang": language})
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, claim: Claim, **said: str) -> Any:
    return client.post(mine("payee", claim), said, follow=True)


def with_code(client: Client, claim: Claim) -> None:
    let_in(client, claim, code=used_code(claim, timezone.now()))


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["payee", "payee_given"])
def test_somebody_elses_claim_is_as_one_that_is_not_there(client: Client, claim: Claim, name: str):
    let_in(client, claim_of(create_other(), claim.incident))
    for way in (client.get, client.post):
        answers = [way(reverse(f"my:{name}", args=[reference]), SAID | SEND) for reference in (claim.reference, "C-0000-0000")]
        assert [one.status_code for one in answers] == [302, 302]
        there, nowhere = (one.headers["Location"] for one in answers)
        assert there.replace(claim.reference, "") == nowhere.replace("C-0000-0000", "")
    assert not Payee.objects.exists()


def test_what_is_sent_from_another_site_does_nothing(claim: Claim):
    client = Client(enforce_csrf_checks=True)
    let_in(client, claim)
    assert client.post(mine("payee", claim), SAID | SEND).status_code == 403
    assert not Payee.objects.exists()


# --- the first one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "bank"), [("ko", "신한은행"), ("en", "Shinhan Bank")])
def test_it_is_typed_in_looked_at_and_sent(client: Client, claim: Claim, language: str, bank: str):
    with_code(client, claim)
    page = see(client, claim, language=language)
    assert f'<option value="088">{bank}</option>' in page
    assert page.count('autocomplete="off"') == 4
    page = send(client, claim, **SAID).content.decode()
    for words in (bank, "110-123-451234", "홍길동"):
        assert words in page, words
    assert not Payee.objects.exists(), "it was only looked at"
    answer = send(client, claim, **SAID, **SEND)
    assert answer.request["PATH_INFO"] == mine("payee_given", claim)
    payee = Payee.objects.get()
    assert (payee.bank, payee.account, payee.holder, payee.channel) == ("088", "110123451234", "홍길동", "web")
    for text in (answer.content.decode(), see(client, claim), see(client, claim, "status")):
        assert "****1234" in text
        assert "451234" not in text
        assert "홍길동" not in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_who_goes_back_to_change_it_finds_what_they_typed(client: Client, claim: Claim):
    with_code(client, claim)
    page = send(client, claim, **SAID, change="1").content.decode()
    assert 'value="110-123-451234"' in page
    assert '<option value="088" selected>' in page
    assert 'role="alert"' not in page


@pytest.mark.parametrize("typed", ["110123451234", "110 123 451234", " 110-123-451234 ", "１１０１２３４５１２３４"])
def test_a_number_is_taken_as_people_write_it(client: Client, claim: Claim, typed: str):
    with_code(client, claim)
    send(client, claim, **SAID | {"account": typed}, **SEND)
    assert Payee.objects.get().account == "110123451234"


def test_sent_twice_it_is_given_once(client: Client, claim: Claim):
    with_code(client, claim)
    for _ in range(2):
        assert send(client, claim, **SAID, **SEND).request["PATH_INFO"] == mine("payee_given", claim)
    assert (Payee.objects.count(), News.objects.filter(kind="payee").count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"bank": ""}, "bank", ("은행을 고르세요.", "Choose the bank.")),
        ({"bank": "999"}, "bank", ("은행을 고르세요.", "Choose the bank.")),
        ({"account": " "}, "account", ("계좌번호를 적으세요.", "Fill in the account number.")),
        ({"account": "12-34"}, "account", ("숫자 6~16자리입니다. 숫자와", "Please write only digits")),
        ({"account": "110.123.451234"}, "account", ("숫자와 줄표(-)만", "Please write only digits")),
        ({"account": "900101 1234568"}, "account", ("주민등록번호처럼 보입니다", "resident registration number")),
        ({"account": "9001011234568"}, "account", ("주민등록번호처럼 보입니다", "resident registration number")),
        ({"account": "1" * 41}, "account", ("계좌번호가 너무 깁니다.", "The account number is too long.")),
        ({"holder": " "}, "holder", ("예금주의 이름을 적으세요.", "Fill in the name on the account.")),
        ({"holder": "900101-1234568"}, "holder", ("주민등록번호처럼", "resident registration number")),
        ({"holder": "김" * 101}, "holder", ("이름이 너무 깁니다.", "The name is too long.")),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: Client, claim: Claim, wrong: dict[str, str], field: str, words: tuple[str, str]
):
    with_code(client, claim)
    for more in ({}, SEND):
        for language, said in zip(("ko", "en"), words, strict=True):
            page = client.post(f"{mine('payee', claim)}?lang={language}", {**SAID, **wrong, **more}).content.decode()
            assert f'<a href="#id_{field}">' in page
            assert said in page
    assert not Payee.objects.exists()


@pytest.mark.parametrize(
    ("holder", "another"),
    [("홍 길동", False), ("홍길동(행복카페)", False), ("길동", False), ("이몽룡", True), ("Hong Gildong", True), ("()", False)],
)
def test_another_name_is_pointed_out_and_taken(client: Client, claim: Claim, holder: str, another: bool):
    with_code(client, claim)
    assert ("청구에 적힌 이름과 다릅니다" in send(client, claim, **SAID | {"holder": holder}).content.decode()) is another
    send(client, claim, **SAID | SEND | {"holder": holder})
    page = Client()
    page.force_login(a_user("caseworker"))
    shown = page.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert ("청구인의 이름과 다릅니다" in shown) is another
    PersonalData.objects.filter(person=claim.person).delete()
    assert not is_another("이몽룡", claim.person_id), "whose name was erased is nobody else"


def test_hostile_names_are_shown_as_text(client: Client, claim: Claim):
    with_code(client, claim)
    shown = [Page(send(client, claim, **SAID | {"holder": one}).content) for one in ("홍길동", "이몽룡", "900101-1234568")]
    found = []
    for text in some(filter(None, TYPED), each=5):
        answer = send(client, claim, **SAID | {"holder": text})
        page = answer.content.decode()
        like = shown["다릅니다" in page] if 'name="send"' in page else shown[2]
        found += [(text, *wrong_of(answer, like))]
    assert [one for one in found if len(one) > 1] == []
    assert not Payee.objects.exists()


# --- changed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["code", "filed", "account"])
@pytest.mark.parametrize("stands", [False, True])
def test_without_a_code_the_page_asks_for_one_and_shows_no_form(client: Client, claim: Claim, stands: bool, by: str):
    if stands:
        paid_to(claim.person, by=a_user("caseworker"))
    if by == "account":
        user = signed_up(client)
        with transaction.atomic():
            keep_person(user=user, person=claim.person, by="code", now=timezone.now())
    else:
        let_in(client, claim, by)
    assert "확인 번호 받기" in see(client, claim)
    for said in ({}, SAID, SAID | SEND, SAID | {"change": "1"}):
        page = send(client, claim, **said).content.decode()
        assert 'name="account"' not in page
        assert "확인 번호 받기" in page
    page = client.post(f"{mine('payee', claim)}?lang=en", SAID | SEND).content.decode()
    assert "Ask for a code and type it in, then give the account." in page
    assert Payee.objects.count() == int(stands)


def test_who_has_just_filed_needs_none(client: Client, claim: Claim):
    call_command("publish_consents", verbosity=0)
    mine_now = filed(claim.incident, now=timezone.now()).claim
    let_in(client, mine_now, "filed")
    assert 'name="account"' in see(client, mine_now)
    assert send(client, mine_now, **SAID, **SEND).request["PATH_INFO"] == mine("payee_given", mine_now)
    assert 'name="account"' not in see(client, mine_now)


def test_an_account_that_was_left_open_is_not_paid_for_what_somebody_else_files_there(client: Client, claim: Claim):
    """It keeps the claim, of which the claim's own address is warned; where it is paid is said by a code."""
    call_command("publish_consents", verbosity=0)
    theirs, owner = filed(claim.incident, now=timezone.now()).claim, signed_up(client, "left@example.org")
    with transaction.atomic():
        keep_claim(claim=theirs, user=owner, by="filed", now=timezone.now())
    assert "확인 번호 받기" in see(client, theirs)
    assert "확인 번호 받기" in send(client, theirs, **SAID, **SEND).content.decode()
    assert not Payee.objects.filter(person=theirs.person).exists()
    assert News.objects.filter(claim=theirs, kind="kept").exists()


def test_a_code_that_is_asked_for_here_leads_back_and_lets_it_be_changed(
    client: Client, claim: Claim, server: list[EmailMessage]
):
    let_in(client, claim)
    paid_to(claim.person)
    assert send(client, claim, code="1").request["PATH_INFO"] == reverse("my:code")
    while write_next_code(now=timezone.now()) or send_next_mail(now=timezone.now()):
        pass
    number = re.search(r"\b([0-9]{6})\b", text_of(server[-1]))
    assert number is not None
    answer = client.post(reverse("my:code"), {"code": number[1]}, follow=True)
    assert answer.request["PATH_INFO"] == mine("payee", claim)
    page = send(client, claim, **OTHER, **SEND).content.decode()
    assert "KB국민은행 ****7890" in page
    assert "바꾼 계좌로는" in page
    assert "바꾼 계좌로는" in see(client, claim, "status")
    assert payee_of(claim.person_id) == Payee.objects.get(bank="004")


def test_a_code_of_another_browser_and_one_of_before_it_was_closed_do_not_count(client: Client, claim: Claim):
    with_code(client, claim)
    assert 'name="account"' in see(client, claim)
    client.post(mine("leave", claim))
    let_in(client, claim)
    assert 'name="account"' not in see(client, claim)
    other = Client()
    let_in(other, claim)
    assert 'name="account"' not in see(other, claim)


def test_who_has_no_address_writes_instead(client: Client, claim: Claim):
    paid_to(claim.person)
    let_in(client, claim)
    PersonalData.objects.filter(person=claim.person).update(email="")
    page = see(client, claim)
    assert mine("write", claim) in page
    assert 'name="code"' not in page
    assert send(client, claim, code="1").request["PATH_INFO"] == mine("payee", claim)


def test_what_is_on_its_way_is_said_with_where_it_goes(client: Client, claim: Claim):
    with_code(client, claim)
    send(client, claim, **SAID, **SEND)
    with transaction.atomic():
        make_payment_run(made_by=a_user("finance"), note="x", now=NOW)
    for page in (send(client, claim, **OTHER, **SEND).content.decode(), see(client, claim)):
        assert "3,250원: 이미 보냈고 신한은행 ****1234 계좌로 갑니다" in page
        assert "KB국민은행 ****7890" in page
    assert "is on its way to Shinhan Bank ****1234." in see(client, claim, language="en")


# --- the page of the claim -----------------------------------------------------------------------------------


def test_a_claim_that_waits_only_for_an_account_says_so_and_leads_there(client: Client, claim: Claim):
    with_code(client, claim)
    page = see(client, claim, "status")
    assert "보낼 계좌만 적어 주시면 됩니다" in page
    assert page.count(mine("payee", claim)) == 1
    assert "지급을 준비하고 있습니다" not in page
    assert "Only your account is missing" in see(client, claim, "status", "en")
    send(client, claim, **SAID, **SEND)
    page = see(client, claim, "status")
    assert "보낼 계좌만" not in page
    assert "지급을 준비하고 있습니다" in page
    assert page.count(mine("payee", claim)) == 1


def test_what_did_not_arrive_is_told_until_another_account_is_given(client: Client, claim: Claim, server: list[EmailMessage]):
    """By mail too, as is that it has arrived; nobody is told twice of one payment."""
    with_code(client, claim)
    send(client, claim, **SAID, **SEND)
    finance, now = a_user("finance"), timezone.now()
    with transaction.atomic():
        run = make_payment_run(made_by=finance, note="x", now=now)
        answer_payments(run_id=run.pk, arrived=False, answered_by=finance, note="no such account", now=now)
    assert list(News.objects.filter(kind__in=("paid", "unpaid")).values_list("claim", "kind")) == [(claim.pk, "unpaid")]
    page = see(client, claim, "status")
    assert "보낸 돈이 도착하지 않았습니다" in page
    assert "지급을 준비하고 있습니다" not in page
    with time_machine.travel(now + timedelta(hours=1)):
        with_code(client, claim)
        send(client, claim, **OTHER, **SEND)
        assert "보낸 돈이 도착하지 않았습니다" not in see(client, claim, "status")
    later = now + timedelta(days=3)
    with transaction.atomic():
        run = make_payment_run(made_by=finance, note="x", now=later)
        answer_payments(run_id=run.pk, arrived=True, answered_by=finance, now=later)
    assert "보낸 돈이 도착하지 않았습니다" not in see(client, claim, "status")
    for days in range(4, 9):
        worked_off((now + timedelta(days=days)).replace(hour=2))  # eleven o'clock in Seoul
    text = "".join(text_of(one) for one in server)
    assert (text.count("보낸 것이 도착하지 않아 다시 보냅니다."), text.count("지급된 것이 있습니다.")) == (1, 1)


def test_one_of_two_that_did_not_arrive_is_told_though_it_was_not_the_last(client: Client, db: None):
    """Until it is sent anew."""
    incident = outage()
    a_policy(remedy=CASH)
    a_policy(remedy="{instrument: cash, unit: USD, currency: USD}", code="dollars")
    claim = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    let_in(client, claim)
    paid_to(claim.person)
    told_so, finance = "보낸 돈이 도착하지 않았습니다", a_user("finance")
    with transaction.atomic():
        run = make_payment_run(made_by=finance, note="x", now=NOW)
        first, last = run.lines.order_by("pk")
        answer_payments(run_id=run.pk, arrived=True, item_ids=[last.pk], answered_by=finance, now=NOW)
        answer_payments(run_id=run.pk, arrived=False, item_ids=[first.pk], answered_by=finance, note="x", now=NOW)
    assert told_so in see(client, claim, "status")
    with transaction.atomic():
        make_payment_run(made_by=finance, note="x", now=NOW)
    assert not came_back([claim.pk])
    assert told_so not in see(client, claim, "status")


@pytest.mark.parametrize(
    ("language", "about", "by_mail"),
    [
        ("ko", "지급을 준비하고 있습니다.", "지급되면 메일로 알려 드립니다."),
        ("en", "It is about to be paid.", "You get an e-mail when it was."),
    ],
)
def test_a_mail_is_promised_only_where_there_is_an_address(
    client: Client, claim: Claim, language: str, about: str, by_mail: str
):
    let_in(client, claim)
    paid_to(claim.person)
    assert f"<p>{about} {by_mail}</p>" in see(client, claim, "status", language)
    PersonalData.objects.filter(person=claim.person).update(email="")
    assert f"<p>{about}</p>" in see(client, claim, "status", language)


def test_it_may_be_given_before_anything_is_decided_and_not_after_nothing_is_owed(client: Client, claim: Claim):
    undecided = claim_of(a_person(), claim.incident)
    guest = let_in(client, undecided)
    page = see(client, undecided, "status")
    assert mine("payee", undecided) in page
    assert "아직 적힌 계좌가 없습니다" in page
    with transaction.atomic():
        withdraw_claim(claim_id=undecided.pk, withdrawn_by=guest, now=NOW)
    assert mine("payee", undecided) not in see(client, undecided, "status")


def test_what_was_paid_asks_for_no_account(client: Client, claim: Claim):
    let_in(client, claim)
    paid_to(claim.person)
    with transaction.atomic():
        run = make_payment_run(made_by=a_user("finance"), note="x", now=NOW)
        erase_payee(person_id=claim.person_id, erased_by=None, now=NOW)
    assert "보낼 계좌만" in see(client, claim, "status"), "sent, and nobody knows where"
    with transaction.atomic():
        answer_payments(run_id=run.pk, arrived=True, answered_by=a_user("finance"), now=NOW)
    assert ClaimStatus.objects.get(pk=claim.pk).payment == "paid"
    assert "보낼 계좌만" not in see(client, claim, "status")


def test_what_was_paid_is_what_they_got_and_not_what_they_get(client: Client, claim: Claim):
    let_in(client, claim)
    assert '<p>받으실 것</p><p class="sum">3,250원</p>' in see(client, claim, "status")
    paid_to(claim.person)
    all_paid()
    assert '<p>받으신 것</p><p class="sum">3,250원</p>' in see(client, claim, "status")
    assert "<p>You got</p>" in see(client, claim, "status", "en")


# --- what goes to no account ------------------------------------------------------------------------------------

AT_SERVICE = "포인트와 이용 기간은 계좌가 아니라 그 서비스의 계정에 드립니다."
NO_MONEY = {
    "points": ("{instrument: points, unit: point}", True), "days": ("{instrument: days, unit: day}", True),
    "credit": ("{instrument: credit, unit: KRW, currency: KRW}", False),
}  # fmt: skip


@pytest.mark.parametrize("what", NO_MONEY)
@pytest.mark.parametrize("automatic", ["{}", "{approve_up_to: most, reject: true}"], ids=["foreseen", "decided"])
def test_who_gets_no_money_is_asked_for_no_account(client: Client, db: None, what: str, automatic: str):
    (remedy, at_service), incident = NO_MONEY[what], outage()
    a_policy(remedy=remedy, automatic=automatic)
    claim = claim_of(a_person(), incident, told())
    let_in(client, claim)
    assert mine("payee", claim) in see(client, claim, "status"), "it is not calculated yet"
    assert "먼저 확인 번호를" in see(client, claim)
    work_off()
    follow_up()
    assert (ClaimStatus.objects.get(pk=claim.pk).decision == "approved") == (automatic != "{}")
    for name in ("status", "payee"):
        page = see(client, claim, name)
        assert (AT_SERVICE in page) is at_service
        assert ("Points and days of use go to your account at the service" in see(client, claim, name, "en")) is at_service
    assert mine("payee", claim) not in see(client, claim, "status")
    page = see(client, claim)
    assert "계좌를 여쭙지 않습니다" in page
    assert "<form" not in page.partition("<main")[2]
    for said in ({"code": "1"}, SAID, SAID | SEND):
        assert "계좌를 여쭙지 않습니다" in send(client, claim, **said).content.decode()
    assert not Payee.objects.exists()
    paid_to(claim.person)
    assert mine("payee", claim) in see(client, claim, "status"), "who gave one may change it"
    assert "먼저 확인 번호를" in see(client, claim)


def test_who_may_yet_get_money_is_asked_for_an_account(client: Client, db: None):
    incident = outage()
    a_policy(remedy=CASH, automatic="{}", needs="is_member")
    claim = claim_of(a_person(), incident, told())
    work_off()
    let_in(client, claim)
    assert mine("payee", claim) in see(client, claim, "status"), "unknown, and money if it is"
    assert "먼저 확인 번호를" in see(client, claim)
