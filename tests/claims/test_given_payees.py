"""Claimants say where they are paid: what it takes to change it, who is told, and when money goes there."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import override_settings

from accounts.models import AccountEvent, Payee, User
from accounts.operations import AccountInvalid, BankUnknown, HolderMissing, admit_guest, create_person
from accounts.payees import payee_of
from claims.models import Claim, Event, Mail, News, PaymentItem, PaymentRun
from claims.operations import (
    CodeNeeded,
    MailServerError,
    NewPerson,
    OwnProposal,
    PayeeGivenOften,
    PayeeHeld,
    PayeeOfOne,
    answer_payments,
    confirm_proposal,
    decide_claim,
    genuine_mail,
    give_payee,
    make_payment_run,
    send_next_mail,
    take_claim,
    write_next_news,
)
from claims.operations.corrections import NotTheClaimant
from claims.operations.news import tell
from claims.queries import run_lines
from claims.queries.payees import HOLD, held_until, money_goes_out, on_their_way
from services.refusals import InvalidValue
from services.resident_numbers import ResidentNumber
from tests.builders import CASH, NOW, a_policy, a_user, at, authority, claim_of, follow_up, outage, paid_to, told, work_off
from tests.claims.enter_cast import entry
from tests.claims.mine_cast import used_code
from tests.claims.test_filing import filed
from tests.mail_cast import text_of
from tests.worlds import world

FIRST, SECOND = "110-1111-1111", "110-2222-2222"
MINUTE, NIGHT = timedelta(minutes=1), at("17 23:30")


@world
def claim(db: None) -> Claim:
    """A rule has approved 3,250 won."""
    incident = outage()
    a_policy(remedy=CASH)
    with transaction.atomic():
        person = create_person(name="홍길동", email="hong@example.org", locale="ko", now=NOW)
    found = claim_of(person, incident, told())
    work_off()
    follow_up()
    News.objects.update(state="no_address")  # of the decision: told
    return found


@transaction.atomic
def guest_of(claim: Claim) -> User:
    return admit_guest(person=claim.person, by="code", now=NOW)


@transaction.atomic
def give(claim: Claim, account: str = FIRST, *, by: User | None = None, now: datetime = NOW, **more: Any) -> Payee:
    """After a code, where nothing else is said."""
    said = {"bank": "088", "holder": "홍길동", **more}
    said.setdefault("code", used_code(claim, now))
    return give_payee(claim_id=claim.pk, account=account, given_by=by or guest_of(claim), now=now, **said)


@transaction.atomic
def pay(now: datetime = NOW) -> PaymentRun:
    return make_payment_run(made_by=a_user("finance"), note="x", now=now)


def told_of() -> int:
    return News.objects.filter(kind="payee").count()


def number_paid(run: PaymentRun) -> int | None:
    (line,) = run_lines(run)[1]
    return line.payee


def worked_off(now: datetime) -> None:
    while write_next_news(now=now) or send_next_mail(now=now):
        pass


# --- given ------------------------------------------------------------------------------------------------


def test_the_first_account_counts_at_once_and_the_log_has_no_number(claim: Claim):
    guest = guest_of(claim)
    payee = give(claim, by=guest)
    assert (payee_of(claim.person_id), payee.channel, payee.event.actor) == (payee, "web", guest)
    event = Event.objects.get(kind="payee_set")
    assert (event.claim, event.actor, event.data) == (claim, guest, {"payee": payee.pk, "channel": "web"})
    logged = f"{Event.objects.values()} {AccountEvent.objects.values()}"
    assert "11011111111" not in logged
    assert "홍길동" not in logged
    assert claim.keys.filter(kind="payee").count() == 1
    assert number_paid(pay()) == payee.pk


def test_only_who_made_the_claim_gives_it(claim: Claim):
    stranger = claim_of(create_other(), claim.incident)
    for by in (guest_of(stranger), a_user("caseworker", "checker"), a_user("finance")):
        with pytest.raises(NotTheClaimant):
            give(claim, by=by)
    assert not Payee.objects.exists()


@transaction.atomic
def create_other() -> Any:
    return create_person(name="이몽룡", email="lee@example.org", now=NOW)


def test_what_is_refused_leaves_nothing(claim: Claim):
    wrong: list[tuple[type[Exception], dict[str, Any]]] = [
        (BankUnknown, {"bank": "999"}), (AccountInvalid, {"account": "12"}), (AccountInvalid, {"account": "1" * 17}),
        (ResidentNumber, {"account": "9001011234568"}), (HolderMissing, {"holder": " "}),
        (ResidentNumber, {"holder": "900101-1234568"}), (InvalidValue, {"holder": "김" * 101}),
    ]  # fmt: skip
    for refusal, said in wrong:
        with pytest.raises(refusal):
            give(claim, **said)
    assert (Payee.objects.count(), told_of(), Event.objects.filter(kind="payee_set").count()) == (0, 0, 0)
    assert not AccountEvent.objects.filter(kind="payee_set").exists()


def test_the_same_again_changes_nothing_and_needs_no_code(claim: Claim):
    first = give(claim)
    assert give(claim, FIRST.replace("-", ""), code=None) == first
    assert (Payee.objects.count(), told_of()) == (1, 1)


# --- changed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stands", [False, True])
def test_it_needs_a_code_that_was_typed_in_here_a_moment_ago(claim: Claim, stands: bool):
    if stands:
        give(claim)
    other = claim_of(create_other(), claim.incident)
    unused = used_code(claim, NOW)
    claim.access_codes.filter(pk=unused).update(used_at=None)
    old = used_code(claim, NOW - 30 * MINUTE)
    for code in (None, uuid4(), unused, old, used_code(other, NOW)):
        with pytest.raises(CodeNeeded):
            give(claim, SECOND, code=code)
    assert Payee.objects.count() == int(stands)
    payee = give(claim, SECOND, code=used_code(claim, NOW - 29 * MINUTE))
    assert payee_of(claim.person_id) == payee


def test_who_has_just_filed_on_the_web_gives_the_first_without_a_code(claim: Claim):
    call_command("publish_consents", verbosity=0)
    claims = [filed(claim.incident).claim for _ in range(2)]
    with pytest.raises(CodeNeeded):
        give(claims[0], code=None, now=NOW + 59 * MINUTE)  # in another browser than it was filed in
    give(claims[0], code=None, filed_here=True, now=NOW + 59 * MINUTE)
    with pytest.raises(CodeNeeded):
        give(claims[0], SECOND, code=None, filed_here=True, now=NOW + 59 * MINUTE)
    with pytest.raises(CodeNeeded):
        give(claims[1], code=None, filed_here=True, now=NOW + 60 * MINUTE)


def test_who_called_has_not_filed_on_the_web(claim: Claim):
    called = entry(NewPerson("홍길동", email="mine@example.org"), claim.incident, a_user("caseworker"), received_at=NOW).claim
    with pytest.raises(CodeNeeded):
        give(called, code=None, filed_here=True)


def test_what_staff_entered_is_changed_by_a_code_only_and_is_said_by_two_then(claim: Claim):
    paid_to(claim.person, FIRST, by=a_user("caseworker"))
    with pytest.raises(CodeNeeded):
        give(claim, code=None, filed_here=True)
    with pytest.raises(PayeeOfOne):
        pay()
    payee = give(claim)
    assert number_paid(pay()) == payee.pk, "the same account, so nothing waits"


def test_it_is_changed_five_times_a_day(claim: Claim):
    give(claim, "110-0000-0000")
    for number in range(1, 5):
        give(claim, f"110-0000-000{number}")
    with pytest.raises(PayeeGivenOften):
        give(claim, SECOND)
    assert give(claim, SECOND, now=NOW + timedelta(days=1)).account == "11022222222"


# --- when money goes there --------------------------------------------------------------------------------


def test_nothing_goes_for_two_days_to_an_account_that_took_the_place_of_another(claim: Claim):
    give(claim)
    payee = give(claim, SECOND)
    assert held_until([claim.pk], NOW) == {claim.pk: NOW + HOLD}
    for now in (NOW, NOW + HOLD - timedelta(microseconds=1)):
        with pytest.raises(PayeeHeld):
            pay(now)
    assert not PaymentItem.objects.exists()
    assert number_paid(pay(NOW + HOLD)) == payee.pk


def test_a_name_that_is_put_right_shortens_nothing(claim: Claim):
    """Else whoever steals it would change it once more."""
    give(claim)
    give(claim, SECOND)
    give(claim, SECOND, holder="홍길순", now=NOW + MINUTE)
    assert held_until([claim.pk], NOW + HOLD) == {claim.pk: NOW + MINUTE + HOLD}


def test_it_is_held_too_where_staff_had_entered_the_one_before(claim: Claim):
    paid_to(claim.person, FIRST, by=a_user("caseworker"))
    give(claim, SECOND)
    with pytest.raises(PayeeHeld):
        pay()


def test_others_are_paid_meanwhile_and_the_log_says_how_many_were_not(claim: Claim):
    other = claim_of(create_other(), claim.incident, told())
    paid_to(other.person, "110-1234-7777")
    work_off()
    follow_up()
    give(claim)
    give(claim, SECOND)
    assert [item.claim_id for item in pay().lines.all()] == [other.pk]
    assert Event.objects.get(kind="payment_run_made").data["left_out"] == 1


def test_who_of_staff_checks_and_enters_it_ends_the_wait(claim: Claim):
    authority()
    give(claim)
    give(claim, SECOND)
    payee = paid_to(claim.person, SECOND, by=a_user("caseworker"))
    assert number_paid(pay()) == payee.pk


def test_what_was_sent_goes_to_the_account_of_then(claim: Claim):
    first = give(claim)
    assert money_goes_out(claim.pk)
    run = pay()
    second = give(claim, SECOND)
    assert number_paid(run) == first.pk
    assert on_their_way(claim) == [(3250, "KRW", first)]
    assert money_goes_out(claim.pk)
    with transaction.atomic():
        answer_payments(run_id=run.pk, arrived=False, answered_by=a_user("finance"), note="x", now=NOW)
    assert on_their_way(claim) == []
    again = pay(NOW + HOLD)
    assert number_paid(again) == second.pk, "what failed goes to the new one, once it may"
    with transaction.atomic():
        answer_payments(run_id=again.pk, arrived=True, answered_by=a_user("finance"), now=NOW + HOLD)
    assert not money_goes_out(claim.pk)


# --- who brought the address ------------------------------------------------------------------------------


def brought(by: User, **policy: str) -> Claim:
    """A claim of somebody whom staff entered, with an address that they chose."""
    incident = outage()
    a_policy(remedy=CASH, **policy)
    claim = entry(NewPerson("홍길동", email="mine@example.org"), incident, by).claim
    work_off()
    follow_up()
    return claim


def test_what_is_said_by_an_address_that_staff_brought_counts_against_their_authority(db: None):
    worker = a_user("caseworker")
    claim = brought(worker)
    give(claim)
    with pytest.raises(PayeeOfOne):
        pay()
    paid_to(claim.person, FIRST, by=worker)
    with pytest.raises(PayeeOfOne):
        pay()
    authority()
    assert pay().lines.get().claim_id == claim.pk


def test_another_of_the_staff_who_enters_it_too_is_the_second(db: None):
    claim = brought(a_user("caseworker"))
    give(claim)
    paid_to(claim.person, FIRST, by=a_user("caseworker"))
    assert pay().lines.get().claim_id == claim.pk


def test_what_two_decided_does_not_go_where_one_of_them_may_have_said(db: None):
    worker = a_user("caseworker")
    claim = brought(worker, automatic="{}")
    authority("caseworker", per_decision=1, per_day=1)
    authority("checker")
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        proposal = decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=True, decided_by=worker, now=NOW
        )
        confirm_proposal(proposal_id=proposal.pk, confirmed_by=a_user("checker"), now=NOW)
    give(claim)
    with pytest.raises(OwnProposal):
        pay()
    paid_to(claim.person, FIRST, by=a_user("caseworker"))
    assert pay().lines.get().claim_id == claim.pk


# --- who is told ------------------------------------------------------------------------------------------


def test_they_are_told_at_once_also_by_night_and_after_the_message_of_the_day(claim: Claim, server: list[EmailMessage]):
    day = at("17 10:00")
    with transaction.atomic():
        tell([claim.pk], "decided", now=day)
    worked_off(day)
    give(claim, now=day + MINUTE)
    worked_off(day + MINUTE)
    give(claim, SECOND, now=NIGHT)
    worked_off(NIGHT)
    assert [str(mail["To"]) for mail in server] == ["hong@example.org"] * 3
    assert [mail.kind for mail in Mail.objects.order_by("pk")] == ["news", "alert", "alert"]
    for mail in server[1:]:
        text = text_of(mail)
        assert str(mail["Subject"]) == "받으실 계좌가 적혔습니다"
        for words in (claim.reference, "하신 일이 아니라면", "글을 남겨"):
            assert words in text, words
        for never in ("3,250", "3250", "/my/", "1111", "2222", "신한", "홍길동"):
            assert never not in text, never


def test_an_alert_is_a_mail_of_its_own_and_holds_up_no_other(claim: Claim, server: list[EmailMessage]):
    day = at("17 10:00")
    with transaction.atomic():
        tell([claim.pk], "decided", now=day)
    give(claim, now=day)
    worked_off(day)
    assert [mail.kind for mail in Mail.objects.order_by("kind")] == ["alert", "news"]
    said = {str(mail["Subject"]): "결정되었습니다" in text_of(mail) for mail in server}
    assert said == {"받으실 계좌가 적혔습니다": False, "청구에 새 소식이 있습니다": True}
    found = genuine_mail(Mail.objects.get(kind="alert").number)
    assert found is not None
    assert found.news == ["payee"]


def test_by_night_it_is_tried_again_too(claim: Claim):
    give(claim, now=NIGHT)
    assert write_next_news(now=NIGHT)
    away = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}
    with override_settings(**away), pytest.raises(MailServerError):
        send_next_mail(now=NIGHT)
    assert Mail.objects.get().next_at == NIGHT + MINUTE


def test_that_staff_entered_it_they_are_told_too_and_not_that_a_command_did(claim: Claim):
    paid_to(claim.person, FIRST)
    assert told_of() == 0
    paid_to(claim.person, SECOND, by=a_user("caseworker"))
    assert told_of() == 1


def test_the_database_lets_no_alert_take_the_place_of_the_days_message(claim: Claim, server: list[EmailMessage]):
    give(claim)
    worked_off(at("17 10:00"))
    with pytest.raises(IntegrityError, match="news_is_of_a_day"), transaction.atomic():
        Mail.objects.create(
            number="M-2", person=claim.person, kind="alert", language="ko", digest="0" * 64, day=NOW.date(), made_at=NOW,
            next_at=NOW,
        )  # fmt: skip
