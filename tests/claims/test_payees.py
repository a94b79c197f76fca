"""Staff enter where a claimant is paid; payment runs go there; who is paid there decides, confirms and pays nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountEvent, DataView, Payee, Person, PersonalData, User
from accounts.operations import AccountInvalid, BankUnknown
from accounts.payees import payee_of
from claims.demonstration.loading import personas
from claims.keys import digest_of
from claims.models import Claim, ClaimStatus, DecisionProposal, Event, Note, PaymentItem, PaymentRun, Twin, TwinDue
from claims.operations import (
    NothingCanGo,
    NothingToPay,
    OwnClaim,
    OwnProposal,
    PayeeChanged,
    PayeeMissing,
    UnknownClaim,
    answer_payments,
    begin_bulk,
    confirm_bulk,
    confirm_proposal,
    decide_claim,
    erase_keys,
    erase_payee,
    find_twins,
    hold_claim,
    link_log,
    make_payment_run,
    reopen_claim,
    take_claim,
    take_next,
    undo_decision,
)
from claims.operations.refusals import Required
from services.models import Incident
from services.resident_numbers import ResidentNumber
from services.staff import RoleMissing
from tests.builders import (
    CASH,
    MESSAGES,
    NOW,
    a_person,
    a_policy,
    a_user,
    authority,
    claim_of,
    follow_up,
    outage,
    paid_to,
    told,
    usage,
    work_off,
)
from tests.claims.test_four_eyes import bulk, worked
from tests.race.together import in_transaction
from tests.worlds import world

OWN = "110-7777-7777"
DIGEST = digest_of("payee", "088:110123455678")


@world
def claim(db: None) -> Claim:
    """Owes 3,250 won; a person decides."""
    incident = outage()
    a_policy(automatic="{}", remedy=CASH)
    made = claim_of(a_person(), incident, told())
    work_off()
    follow_up()
    return made


@world
def due(db: None) -> list[Claim]:
    """Three that are to be paid: two have an account, of the third nobody knows one."""
    incident = outage()
    a_policy(remedy=CASH)
    made = [claim_of(a_person(), incident, told()) for _ in range(3)]
    for one in made[:2]:
        paid_to(one.person, "0001-2345-6789" if one == made[0] else "110-1234-1234", holder="=홍길동")
    work_off()
    follow_up()
    return made


def own(user: User, account: str = OWN) -> Person:
    """The user is a person as well, who is paid there."""
    user.person = a_person()
    user.save(update_fields=["person"])
    paid_to(user.person, account)
    return user.person


def payees(claim: Claim) -> list[Any]:
    return list(claim.keys.filter(kind="payee").order_by("pk").values_list("digest", flat=True))


# --- entered --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["caseworker", "checker"])
def test_staff_enter_it_with_how_they_know(claim: Claim, role: str):
    worker = a_user(role)
    payee = paid_to(claim.person, by=worker, claim_id=claim.pk, note="read from the passbook")
    assert (payee_of(claim.person_id), payee.event.actor) == (payee, worker)
    event = Event.objects.get(kind="payee_set")
    assert (event.claim, event.actor) == (claim, worker)
    assert {"payee": payee.pk, "channel": "phone"}.items() <= event.data.items()
    assert Note.objects.get(event=event).text == "read from the passbook"
    logged = f"{Event.objects.values()} {AccountEvent.objects.values()}"
    assert "110123455678" not in logged
    assert "홍길동" not in logged


def test_what_is_refused_leaves_nothing(claim: Claim):
    worker, stranger = a_user("caseworker"), claim_of(a_person(), claim.incident)
    wrong: list[tuple[Any, User, dict[str, Any]]] = [
        (RoleMissing, a_user("finance"), {}), (RoleMissing, a_user("auditor"), {}), (Required, worker, {"note": " "}),
        (UnknownClaim, worker, {"claim_id": stranger.pk}), (BankUnknown, worker, {"bank": "999"}),
        (AccountInvalid, worker, {"account": "1"}), (ResidentNumber, worker, {"note": "900101-1234567"}),
    ]  # fmt: skip
    for refusal, by, more in wrong:
        with pytest.raises(refusal):
            paid_to(claim.person, by=by, **{"claim_id": claim.pk, **more})
    assert not Payee.objects.exists()
    assert not AccountEvent.objects.filter(kind="payee_set").exists()
    assert payees(claim) == []


def test_nobody_enters_their_own_nor_where_they_are_paid(claim: Claim):
    worker = a_user("caseworker")
    person = own(worker)
    mine, reached = (claim_of(one, claim.incident) for one in (person, a_person()))
    PersonalData.objects.filter(person=reached.person).update(email=worker.email)
    for about in (mine, reached, claim):
        with pytest.raises(OwnClaim):
            paid_to(about.person, OWN if about == claim else "110-1234-1234", by=worker, claim_id=about.pk)
    assert payee_of(claim.person_id) is None
    assert payees(claim) == []


def test_the_same_again_changes_nothing(claim: Claim):
    worker = a_user("caseworker")
    first = paid_to(claim.person, by=worker, claim_id=claim.pk)
    TwinDue.objects.all().delete()
    assert paid_to(claim.person, "110123455678", by=worker, claim_id=claim.pk) == first
    assert (Payee.objects.count(), Event.objects.filter(kind="payee_set").count()) == (1, 1)
    assert not TwinDue.objects.exists()


# --- the keys by which claims are compared ----------------------------------------------------------------


def test_claims_that_are_paid_to_one_account_are_found(incident: Incident):
    one, other = (claim_of(a_person(), incident) for _ in range(2))
    for each in (one, other):
        paid_to(each.person)
    assert payees(one) == [DIGEST]
    with transaction.atomic():
        find_twins(incident_id=incident.pk, now=NOW)
    assert "same_payee" in Twin.objects.get().reasons


def test_a_claim_that_comes_later_has_the_key_too(incident: Incident):
    person, found = a_person(), a_person()
    paid_to(person)
    paid_to(person, "110-1234-9999")
    assert payees(claim_of(person, incident)) == [DIGEST, digest_of("payee", "088:11012349999")]
    paid_to(found)
    usage(found, MESSAGES, "shift", "15 15:00", "15 16:00")
    work_off()
    (derived,) = Claim.objects.filter(person=found)
    assert payees(derived) == []
    with transaction.atomic():
        find_twins(incident_id=incident.pk, now=NOW)
    assert payees(derived) == [DIGEST]


def test_erasing_takes_accounts_and_keys_and_leaves_what_was_decided(claim: Claim):
    checker = a_user("checker")
    paid_to(claim.person, by=a_user("caseworker"), claim_id=claim.pk)
    paid_to(claim.person, "110-1234-9999")
    TwinDue.objects.all().delete()
    with transaction.atomic():
        assert erase_payee(person_id=claim.person_id, erased_by=checker, now=NOW) == 2
        assert erase_payee(person_id=claim.person_id, erased_by=checker, now=NOW) == 0
    assert (payees(claim), payee_of(claim.person_id)) == ([], None)
    assert list(TwinDue.objects.values_list("claim", flat=True)) == [claim.pk]
    assert AccountEvent.objects.filter(kind="payee_set").count() == 2
    assert Event.objects.filter(kind="payee_erased", actor=checker).count() == 1
    with transaction.atomic():
        erase_keys(person_id=claim.person_id, now=NOW)


def test_nobody_erases_their_own(claim: Claim):
    checker = a_user("checker")
    person = own(checker)
    with pytest.raises(OwnClaim), transaction.atomic():
        erase_payee(person_id=person.pk, erased_by=checker, now=NOW)
    with pytest.raises(RoleMissing), transaction.atomic():
        erase_payee(person_id=person.pk, erased_by=a_user("auditor"), now=NOW)
    assert payee_of(person.pk) is not None


# --- who is paid there keeps away -------------------------------------------------------------------------


def _decide(claim: Claim, by: User) -> Any:
    assessment = claim.assessments.get().pk
    return decide_claim(claim_id=claim.pk, assessment_id=assessment, approved=True, decided_by=by, now=NOW, note="x")


def test_who_is_paid_there_neither_takes_nor_decides_it(claim: Claim):
    authority()
    worker = a_user("caseworker")
    own(worker)
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    paid_to(claim.person, OWN.replace("-", ""))
    for call in (_decide, lambda claim, by: take_claim(claim_id=claim.pk, taken_by=by, now=NOW)):
        with pytest.raises(OwnClaim), transaction.atomic():
            call(claim, worker)
    paid_to(claim.person, "110-1234-9999")
    with transaction.atomic():
        assert _decide(claim, worker).approved


def test_an_account_that_was_theirs_counts_too_and_another_bank_does_not(claim: Claim):
    worker = a_user("caseworker")
    person = own(worker)
    paid_to(person, "110-1111-1111")
    paid_to(claim.person, OWN)
    with transaction.atomic():
        assert take_next(taken_by=worker, now=NOW) is None
    paid_to(claim.person, OWN, bank="004")
    with transaction.atomic():
        assert take_next(taken_by=worker, now=NOW) is not None


def proposed(claim: Claim) -> DecisionProposal:
    authority("caseworker", per_decision=1_000, per_day=1_000)
    authority("checker")
    worker = a_user("caseworker")
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
        proposal = _decide(claim, worker)
    assert isinstance(proposal, DecisionProposal)
    return proposal


def test_who_is_paid_there_does_not_confirm_or_undo(claim: Claim):
    proposal, checker, other = proposed(claim), a_user("checker"), a_user("checker")
    own(checker)
    paid_to(claim.person, OWN)
    confirm = partial(confirm_proposal, proposal_id=proposal.pk, now=NOW)
    with pytest.raises(OwnClaim):
        in_transaction(confirm, confirmed_by=checker)()
    in_transaction(confirm, confirmed_by=other)()
    with pytest.raises(OwnClaim):
        in_transaction(undo_decision, claim_id=claim.pk, undone_by=checker, note="x", now=NOW)()


def test_who_entered_the_account_does_not_confirm(claim: Claim):
    proposal, checker = proposed(claim), a_user("checker")
    same = a_user("checker")
    checker.person = same.person = a_person()
    for user in (checker, same):
        user.save(update_fields=["person"])
    paid_to(claim.person, by=checker, claim_id=claim.pk)
    confirm = partial(confirm_proposal, proposal_id=proposal.pk, now=NOW)
    for user in (checker, same):
        with pytest.raises(OwnProposal, match="You entered where"):
            in_transaction(confirm, confirmed_by=user)()
    paid_to(claim.person, by=a_user("caseworker"), claim_id=claim.pk)
    assert in_transaction(confirm, confirmed_by=checker)().checked_by == checker


def test_of_two_who_approved_neither_enters_another_account_before_it_is_paid(claim: Claim):
    """Nor with another log-in, nor on another page, nor while it is on its way and may come back."""
    proposal, checker, third = proposed(claim), a_user("checker"), a_user("caseworker")
    same = a_user("caseworker")
    checker.person = same.person = a_person()
    for user in (checker, same):
        user.save(update_fields=["person"])
    paid_to(claim.person, by=checker)
    paid_to(claim.person, by=third)
    in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=NOW)()

    def refused() -> None:
        for by in (proposal.proposed_by, checker, same):
            with pytest.raises(OwnProposal, match="You approved what"):
                paid_to(claim.person, "110-9999-9999", by=by)
        assert not Payee.objects.filter(account="11099999999").exists()

    refused()
    run = in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW)()
    refused()
    _answered(run, a_user("finance"), None)
    paid_to(claim.person, "110-9999-9999", by=checker)


def test_who_proposes_it_enters_no_account_meanwhile_and_what_was_looked_at_is_confirmed(claim: Claim):
    first = paid_to(claim.person, by=a_user("caseworker"))
    proposal, checker = proposed(claim), a_user("checker")
    with pytest.raises(OwnProposal, match="You proposed"):
        paid_to(claim.person, "110-9999-9999", by=proposal.proposed_by)
    client, here = Client(), reverse("admin:claims_claim_change", args=[claim.pk])
    client.force_login(checker)
    said = {"act": "confirm", "proposal": proposal.pk, "payee": first.pk, "moves": ClaimStatus.objects.get(pk=claim.pk).moves}
    assert f'name="payee" value="{first.pk}"' in client.get(here).content.decode()
    second = paid_to(claim.person, "110-1234-9999", by=a_user("caseworker"))
    assert "받는 계좌가 바뀌었습니다" in client.post(here, said, follow=True).content.decode()
    confirm = partial(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=NOW)
    for seen in (0, first.pk):
        with pytest.raises(PayeeChanged):
            in_transaction(confirm, payee=seen)()
    in_transaction(confirm, payee=second.pk)()


@pytest.mark.parametrize("who", ["proposed_by", "confirmed"])
def test_where_one_of_two_chose_the_account_after_all_nothing_goes_out_until_somebody_else_says_it(claim: Claim, who: str):
    """They reject it, enter an account while nothing waits, and take the rejection back."""
    proposal, checker, finance = proposed(claim), a_user("checker"), a_user("finance")
    in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=NOW)()
    user = proposal.proposed_by if who == "proposed_by" else checker
    later = NOW + timedelta(minutes=1)
    about: dict[str, Any] = {"claim_id": claim.pk, "now": later}
    in_transaction(reopen_claim, reopened_by=user, note="x", **about)()
    in_transaction(take_claim, taken_by=user, **about)()
    rejected = {"assessment_id": claim.assessments.get().pk, "approved": False, "reasons": ["no_loss"], "decided_by": user}
    in_transaction(decide_claim, **rejected, **about)()
    payee = paid_to(claim.person, by=user, now=later)
    in_transaction(undo_decision, undone_by=user, note="x", **about)()
    assert ClaimStatus.objects.get(pk=claim.pk).payment == "due"
    pay = in_transaction(make_payment_run, made_by=finance, note="x", now=later)
    with pytest.raises(OwnProposal, match="entered the account"):
        pay()
    (row,) = rows(due_file(client_of("finance")))
    assert row["payee"] == "payee_of_approver"
    assert paid_to(claim.person, by=a_user("caseworker"), now=later) != payee
    assert rows(due_file(client_of("finance")))[0]["payee"] == "payee_given"
    assert [item.claim_id for item in pay().lines.all()] == [claim.pk]


def test_who_approved_what_somebody_has_rejected_since_may_enter_an_account(claim: Claim):
    """Then others approve it, and it is paid there."""
    proposal, checker = proposed(claim), a_user("checker")
    in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=NOW)()
    other, about = a_user("caseworker"), {"claim_id": claim.pk, "now": NOW}
    assessment = claim.assessments.get().pk
    for approved, reasons in ((False, ["no_loss"]), (True, [])):
        in_transaction(reopen_claim, reopened_by=other, note="x", **about)()
        in_transaction(take_claim, taken_by=other, **about)()
        made = in_transaction(
            decide_claim, assessment_id=assessment, approved=approved, reasons=reasons, decided_by=other, **about
        )()
        if not approved:
            paid_to(claim.person, by=proposal.proposed_by)
    assert isinstance(made, DecisionProposal)
    in_transaction(confirm_proposal, proposal_id=made.pk, confirmed_by=a_user("checker"), now=NOW)()
    run = in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW)()
    assert [item.claim_id for item in run.lines.all()] == [claim.pk]


def test_who_undid_what_two_approved_may_enter_an_account(claim: Claim):
    proposal, checker = proposed(claim), a_user("checker")
    in_transaction(confirm_proposal, proposal_id=proposal.pk, confirmed_by=checker, now=NOW)()
    in_transaction(undo_decision, claim_id=claim.pk, undone_by=checker, note="x", now=NOW)()
    authority("caseworker")
    third = a_user("caseworker")
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=third, now=NOW)
        _decide(claim, third)
    assert ClaimStatus.objects.get(pk=claim.pk).payment == "due"
    paid_to(claim.person, by=checker)
    in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW)()


def test_of_many_at_once_those_are_left_out(claim: Claim):
    authority("caseworker", per_decision=1_000, per_day=1_000)
    authority("checker")
    worker, checker = a_user("caseworker"), a_user("checker")
    own(checker)
    entered, free, workers, made = (claim_of(a_person(), claim.incident, told()) for _ in range(4))
    work_off()
    follow_up()
    paid_to(claim.person, OWN)
    paid_to(entered.person, by=checker)
    paid_to(free.person, "110-1234-8888", by=checker)
    paid_to(free.person, OWN)
    paid_to(free.person, "110-1234-9999", by=a_user("caseworker"))  # the newest counts
    paid_to(made.person, "110-1234-7777", by=worker)
    own(worker, "110-8888-8888")
    paid_to(workers.person, "110-8888-8888")
    run = bulk([claim, entered, free, workers, made], worker)
    assert run.rows.get(claim=workers).code == "conflict_of_interest"
    begin_bulk(run_id=run.pk, begun_by=worker, now=NOW)
    confirm_bulk(run_id=run.pk, confirmed_by=checker, now=NOW)
    refused = [("refused", code) for code in ("conflict_of_interest", "four_eyes", "", "conflict_of_interest", "four_eyes")]
    refused[2] = ("done", "")
    assert worked(run) == refused
    with pytest.raises(OwnProposal, match="You approved"):
        paid_to(free.person, "110-1234-8888", by=worker)


@pytest.mark.parametrize("alike", ["person", "address", "account"])
def test_finance_pays_nothing_to_itself(due: list[Claim], alike: str):
    finance, other = a_user("finance"), a_user("finance")
    if alike == "account":
        own(finance)
        paid_to(due[0].person, OWN)
    elif alike == "person":
        finance.person = due[0].person
        finance.save(update_fields=["person"])
    else:
        PersonalData.objects.filter(person=due[0].person).update(email=finance.get_username().upper())
    pay = in_transaction(make_payment_run, made_by=finance, note="x", now=NOW)
    run = pay()
    assert [item.claim_id for item in run.lines.all()] == [due[1].pk]
    assert Event.objects.get(kind="payment_run_made").data["left_out"] == 2, "and one that has no account"
    with pytest.raises(NothingCanGo):
        pay()
    own_run = in_transaction(make_payment_run, made_by=other, note="x", now=NOW)()
    (item,) = own_run.lines.all()
    for ids in (None, [item.pk]):
        with pytest.raises(OwnClaim):
            _answered(own_run, finance, ids)
    _answered(own_run, other, None)
    with pytest.raises(PayeeMissing):
        pay()
    paid_to(due[2].person, "110-1234-7777")
    _answered(pay(), other, None)
    with pytest.raises(NothingToPay):
        pay()


def test_who_has_told_no_account_stands_before_nobody_who_has(due: list[Claim]):
    """However few fit into a run, and however long they have waited."""
    ClaimStatus.objects.filter(pk=due[2].pk).update(moved_at=NOW - timedelta(days=9))
    run = in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW, most=1)()
    assert run.lines.get().claim_id in (due[0].pk, due[1].pk)


def test_what_is_no_money_goes_out_without_an_account(db: None):
    a_policy(remedy="{instrument: points, unit: point}")
    claim = claim_of(a_person(), outage(), told())
    work_off()
    follow_up()
    page = client_of("finance").get(reverse("admin:claims_paymentrun_changelist")).content.decode()
    assert "계좌로 가지 않음" in page
    assert in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW)().lines.get().claim_id == claim.pk


def test_of_a_run_that_has_ones_own_the_others_are_answered(due: list[Claim]):
    finance, other = a_user("finance"), a_user("finance")
    run = in_transaction(make_payment_run, made_by=other, note="x", now=NOW)()
    own(finance)
    paid_to(due[0].person, OWN)
    assert _answered(run, finance, None) == 1
    assert dict(PaymentItem.objects.values_list("claim", "state")) == {due[0].pk: "sent", due[1].pk: "paid"}
    assert [ClaimStatus.objects.get(pk=claim.pk).payment for claim in due] == ["sent", "paid", "due"]


def _answered(run: PaymentRun, by: User, ids: list[int] | None) -> int:
    with transaction.atomic():
        return answer_payments(run_id=run.pk, arrived=True, answered_by=by, now=NOW, item_ids=ids)


# --- the files of finance ---------------------------------------------------------------------------------


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def client_of(*roles: str) -> Client:
    client = Client()
    client.force_login(a_user(*roles))
    return client


def due_file(client: Client, why: str = "payment") -> Any:
    return client.post(reverse("admin:claims_paymentrun_export"), {"reason": why})


def run_file(client: Client, why: str = "payment") -> Any:
    run = PaymentRun.objects.latest("pk")
    return client.post(reverse("admin:claims_paymentrun_file", args=[run.pk]), {"reason": why})


@world
def run(due: list[Claim]) -> PaymentRun:
    made: PaymentRun = in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW)()
    with transaction.atomic():
        erase_payee(person_id=due[1].person_id, erased_by=None, now=NOW)
    return made


GIVEN = {
    "payee": "payee_given", "payee_said": "받는 계좌 있음", "bank": "'088", "bank_name": "신한은행", "account": "'000123456789",
    "holder": "'=홍길동",
}  # fmt: skip


def test_the_file_of_a_run_has_where_each_is_paid_and_says_of_whom_it_is_not_known(run: PaymentRun, due: list[Claim]):
    paid_to(due[0].person, "110-1234-9999")  # what counts from the next run on
    client = client_of("finance")
    given, erased = rows(run_file(client))
    assert {name: given[name] for name in GIVEN} == GIVEN
    assert (given["claim"], given["quantity"], given["item"]) == (due[0].reference, "3250", "1")
    assert {erased[name] for name in ("bank", "bank_name", "account", "holder")} == {""}
    assert (erased["payee"], erased["quantity"]) == ("payee_erased", "3250")
    assert "계좌가 지워짐" in erased["payee_said"]


def test_the_list_of_a_run_has_the_number_of_the_account_and_nothing_of_it(run: PaymentRun, due: list[Claim]):
    kept = bytes(run.content).decode()
    payee = payee_of(due[0].person_id)
    assert payee is not None
    assert kept.splitlines()[1].split(",")[-1] == f'"{payee.pk}"'
    assert "12345" not in kept
    assert "홍길동" not in kept


def test_a_run_of_before_there_were_payees_says_that_it_names_none(due: list[Claim], monkeypatch: pytest.MonkeyPatch):
    from claims.operations import payment

    monkeypatch.setattr(payment, "COLUMNS", payment.COLUMNS[:-1])
    as_csv: Callable[..., bytes] = payment.as_csv
    monkeypatch.setattr(payment, "as_csv", lambda columns, rows: as_csv(columns, [row[:-1] for row in rows]))
    in_transaction(make_payment_run, made_by=a_user("finance"), note="x", now=NOW)()
    assert {row["payee"] for row in rows(run_file(client_of("finance")))} == {"no_payee"}


def test_what_is_to_be_paid_says_who_has_an_account_and_which_is_held_and_names_none(due: list[Claim]):
    with transaction.atomic():
        reopen_claim(claim_id=due[2].pk, reopened_by=a_user("caseworker"), note="x", now=NOW)
        hold_claim(claim_id=due[2].pk, held_by=a_user("caseworker"), note="x", now=NOW)
        erase_payee(person_id=due[1].person_id, erased_by=None, now=NOW)
    client = client_of("finance")
    answer = due_file(client)
    assert [(row["claim"], row["quantity"], row["review"], row["payee"]) for row in rows(answer)] == [
        (due[0].reference, "3250", "closed", "payee_given"), (due[1].reference, "3250", "closed", "no_payee"),
        (due[2].reference, "3250", "held", "no_payee"),
    ]  # fmt: skip
    page = client.get(reverse("admin:claims_paymentrun_changelist")).content.decode()
    for text in (answer.getvalue().decode(), page):
        for hidden in ("홍길동", "123456789", "088"):
            assert hidden not in text
    for words in ("보류함", "받는 계좌 있음", "받는 계좌를 모름"):
        assert words in page
    assert not DataView.objects.exists()


@pytest.mark.parametrize(("role", "why"), [("finance", "payment"), ("auditor", "audit")])
def test_each_person_in_a_file_has_a_row_that_says_who_saw_them(run: PaymentRun, due: list[Claim], role: str, why: str):
    answer = run_file(client_of(role), why)
    assert Event.objects.filter(kind="export_made").count() == 1
    assert not DataView.objects.exists(), "nothing was read yet"
    rows(answer)
    view = DataView.objects.get()
    assert (view.person, view.reason, view.payee, view.searched) == (due[0].person, why, True, "")
    with transaction.atomic():
        assert link_log(now=NOW) is False


@pytest.mark.parametrize("file", [due_file, run_file])
def test_without_a_reason_or_the_role_nobody_sees_them(run: PaymentRun, file: Any):
    assert "errorlist" in file(client_of("finance"), "").content.decode()
    for role in ("caseworker", "checker"):
        assert file(client_of(role)).status_code == 403
    assert not DataView.objects.exists()


def test_a_file_costs_as_many_queries_however_long_it_is(due: list[Claim]):
    for claim in due[1:]:
        paid_to(claim.person, f"110-1234-{claim.pk:04}")
    finance = a_user("finance")
    counts = []
    for most in (1, 2):
        in_transaction(make_payment_run, made_by=finance, note="x", now=NOW, most=most)()
        answer = run_file(client_of("finance"))
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(answer)) == most
        counts.append(len(queries))
    assert counts == [5, 5]


def test_pages_of_finance_have_no_name_and_no_account(run: PaymentRun, due: list[Claim]):
    client = client_of("finance")
    here = reverse("admin:claims_paymentrun_change", args=[run.pk])
    pages = [here, "/admin/claims/paymentrun/", reverse("admin:claims_paymentrun_file", args=[run.pk])]
    for page in [*pages, reverse("admin:claims_claim_change", args=[due[0].pk])]:
        text = client.get(page).content.decode()
        for hidden in ("홍길동", "000123456789", "/payee/"):
            assert hidden not in text, page


# --- the page of a claim ----------------------------------------------------------------------------------


def test_the_page_of_a_claim_shows_it_masked_and_has_a_form(claim: Claim):
    worker, here = a_user("caseworker"), reverse("admin:claims_claim_change", args=[claim.pk])
    client = Client()
    client.force_login(worker)
    assert "적힌 것이 없습니다" in client.get(here).content.decode()
    said = {"act": "payee", "bank": "088", "account": "110-123-455678", "holder": "홍길동", "channel": "post"}
    assert "errorlist" in client.post(here, said).content.decode(), "no note"
    refused = client.post(here, {**said, "account": "12", "note": "x"}).content.decode()
    assert "account_invalid" in refused
    assert "숫자 6~16자리" in refused
    page = client.post(here, {**said, "note": "통장 사본"}, follow=True).content.decode()
    for words in (
        "다음 지급 회차부터", "신한은행 ****5678 · 홍*동", "우편", worker.get_username(), "받는 계좌를 적음", "통장 사본",
    ):  # fmt: skip
        assert words in page, words
    assert "110123455678" not in page
    assert reverse("admin:accounts_personaldata_payee", args=[claim.person_id]) in page
    english = client.get(here, headers={"accept-language": "en"}).content.decode()
    assert "Shinhan Bank ****5678" in english


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_who_decides_nothing_has_no_form(claim: Claim, role: str):
    page = client_of(role).get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert 'value="payee"' not in page


def test_everybody_of_the_demonstration_is_paid_somewhere_else(db: None):
    from claims.demonstration.loading import _give_payee

    for number, public_id in enumerate(list(personas())[:12], start=1):
        person = a_person()
        for _ in range(2):
            with transaction.atomic():
                _give_payee(person, number, str(public_id), NOW)
    assert Payee.objects.values("bank", "account").distinct().count() == Payee.objects.count() == 12
