"""Where people are paid: what is kept of it, what is refused, who saw it, and what stays once it is erased."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.banks import BANKS
from accounts.masking import masked_account
from accounts.models import AccountEvent, AccountEventKind, DataView, Payee, Person, User, ViewNote
from accounts.operations import (
    AccountInvalid,
    BankUnknown,
    HolderMissing,
    UnknownPayee,
    ViewReasonUnknown,
    create_person,
    erase_payees,
    reveal_payee,
    reveal_payees,
    store_payee,
)
from accounts.operations.payees import checked_account
from accounts.payees import payee_ids, payee_of
from claims.queries.audit import content_of
from services.refusals import InvalidValue
from services.resident_numbers import ResidentNumber
from services.staff import RoleMissing
from tests.builders import NOW, a_user

pytestmark = pytest.mark.django_db

ACCOUNT = "0110-923-455678"


@pytest.fixture
def person() -> Person:
    return create_person(now=NOW, name="홍길동")


@transaction.atomic
def stored(person: Person, account: str = ACCOUNT, by: User | None = None, **more: Any) -> Payee | None:
    said = {"bank": "088", "holder": "홍길동", "channel": "phone", **more}
    return store_payee(person=person, account=account, given_by=by, now=NOW, **said)


# --- what is kept -------------------------------------------------------------------------------------


def test_an_account_is_kept_as_digits_with_an_event_that_has_none_of_it(person: Person):
    worker = a_user("caseworker")
    payee = stored(person, by=worker, holder=" 홍  길동 ")
    assert payee is not None
    assert (payee.bank, payee.account, payee.holder, payee.channel) == ("088", "0110923455678", "홍 길동", "phone")
    event = AccountEvent.objects.get(kind=AccountEventKind.PAYEE_SET)
    assert (event.actor, event.person, event.at, payee.event) == (worker, person, NOW, event)
    digest = hashlib.sha256(f"{payee.salt}\n088:0110923455678\n홍 길동".encode()).hexdigest()
    assert event.data == {"digest": digest, "channel": "phone"}


def test_the_newest_counts_and_the_ones_before_stay(person: Person):
    first, second = stored(person), stored(person, "110-1234-9999")
    assert first is not None
    assert second is not None
    assert payee_of(person.pk) == second
    assert payee_ids([person.pk, 0]) == {person.pk: second.pk}
    assert list(person.payees.all()) == [first, second]


def test_the_same_again_adds_nothing_but_another_who_says_it_vouches_for_it(person: Person):
    worker, other = a_user("caseworker"), a_user("checker")
    assert stored(person, by=worker) is not None
    assert stored(person, by=worker, account="0110923455678") is None
    assert stored(person, by=other) is not None
    assert AccountEvent.objects.filter(kind=AccountEventKind.PAYEE_SET).count() == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("110-123-455678", "110123455678"), (" 000123 ", "000123"), ("１１０－１２３－４５６", "110123456"),
        ("1234567890123456", "1234567890123456"), ("901-0101-234567", "9010101234567"), ("221015-01-234567", "22101501234567"),
        ("3333-01-1234567", "3333011234567"),
        ("9013011234567", "9013011234567"), ("9001019234567", "9001019234567"),
    ],
)  # fmt: skip
def test_accounts_that_are_taken(typed: str, kept: str):
    assert checked_account(typed) == kept


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        *(
            ({"bank": bank}, BankUnknown, "bank") for bank in ("", "4", "999", "KB", "0088", "00a")
        ),
        *(
            ({"account": account}, AccountInvalid, "account")
            for account in ("", "12345", "12345678901234567", "110 123 455", "------", "-110123", "110.1234", "계좌", "1e6777",
                            "110-123-", "110--123456")
        ),
        *(
            ({"account": number}, ResidentNumber, "account")
            for number in (
                "900101-1234567", "9001011234567", "９００１０１-１２３４５６７", "001231-4234567", "90-0101-1234567",
                "900101–1234567", "900101-1234567-1", "0-900101-1234567", "900101-12-34567",
            )
        ),
        ({"holder": "홍길동 900101-1234567"}, ResidentNumber, "holder"),
        *(({"holder": name}, HolderMissing, "holder") for name in ("", "  ")),
        ({"holder": "x" * 101}, InvalidValue, "holder"),
        ({"holder": "a\x07b"}, InvalidValue, "holder"),
        ({"channel": "pigeon"}, InvalidValue, "channel"),
    ],
)  # fmt: skip
def test_what_is_refused_by_name_and_says_nothing_of_what_was_typed_in(
    person: Person, wrong: dict[str, Any], refusal: Any, field: str
):
    with pytest.raises(refusal) as refused:
        stored(person, **wrong)
    assert refused.value.field == field
    typed = wrong.get("account", "")
    assert not any(part in refused.value.message for part in typed.split("-") if len(part) > 2)
    assert not Payee.objects.exists()
    assert not AccountEvent.objects.filter(kind=AccountEventKind.PAYEE_SET).exists()


def test_no_note_has_a_resident_number(person: Person):
    stored(person)
    with pytest.raises(ResidentNumber), transaction.atomic():
        reveal_payee(person_id=person.pk, reason="request", viewer=a_user("checker"), now=NOW, note="900101-1234567")
    assert not DataView.objects.exists()


def test_banks_have_three_digits_and_two_names():
    assert len(BANKS) > 20
    for code, names in BANKS.items():
        assert len(code) == 3
        assert code.isascii()
        assert code.isdigit()
        assert len(set(names) | {""}) >= 2
    assert BANKS["090"] == ("카카오뱅크", "KakaoBank")


@pytest.mark.parametrize(
    ("account", "shown"), [("110123455678", "****5678"), ("12345678", "****5678"), ("1234567", "****"), ("", "****")]
)
def test_four_digits_stay_of_eight(account: str, shown: str):
    assert masked_account(account) == shown


# --- erased -------------------------------------------------------------------------------------------


def test_erasing_leaves_events_with_digests_that_nothing_explains(person: Person):
    checker = a_user("checker")
    stored(person)
    stored(person, "110-1234-9999")
    before = list(AccountEvent.objects.filter(kind=AccountEventKind.PAYEE_SET).order_by("pk").values())
    with transaction.atomic():
        assert erase_payees(person_id=person.pk, erased_by=checker, now=NOW) == 2
        assert erase_payees(person_id=person.pk, erased_by=checker, now=NOW) == 0
    assert not Payee.objects.exists()
    assert list(AccountEvent.objects.filter(kind=AccountEventKind.PAYEE_SET).order_by("pk").values()) == before
    event = AccountEvent.objects.get(kind=AccountEventKind.PAYEE_ERASED)
    assert (event.actor, event.person, event.data) == (checker, person, {"payees": [row["id"] for row in before]})


def test_not_everybody_erases(person: Person):
    stored(person)
    with pytest.raises(RoleMissing):
        erase_payees(person_id=person.pk, erased_by=a_user("caseworker"), now=NOW)
    assert Payee.objects.exists()


# --- what the database refuses ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_payee_comes_changes_or_goes_without_its_event():
    with transaction.atomic():
        person = create_person(now=NOW)
    payee = stored(person)
    assert payee is not None
    old = AccountEvent.objects.create(at=NOW, kind="payee_set", person=person, data={"digest": payee.event.data["digest"]})
    columns = "person_id, bank, account, holder, channel, salt"
    copied = f"INSERT INTO accounts_payee (event_id, {columns}) SELECT %s, {columns} FROM accounts_payee"
    for statement, values in (
        (copied, [old.pk]),
        ("UPDATE accounts_payee SET account = '99999999'", []),
        ("UPDATE accounts_payee SET account = account", []),
        ("DELETE FROM accounts_payee", []),
    ):
        with pytest.raises(IntegrityError, match="change_without_event"), connection.cursor() as cursor:
            cursor.execute(statement, values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copied, [AccountEvent.objects.create(at=NOW, kind="payee_set", person=person, data=old.data).pk])


def test_the_event_is_of_the_person_and_its_digest_of_this_account(person: Person):
    payee = stored(person)
    assert payee is not None
    digest, other = payee.event.data["digest"], create_person(now=NOW)
    about: dict[str, Any] = {"at": NOW, "kind": "payee_set", "person": person, "data": {"digest": digest}}
    for wrong, row in (
        ({"person": other}, {}),
        ({"kind": "payee_erased"}, {}),
        ({"data": {}}, {}),
        ({}, {"account": "110123459999"}),
        ({}, {"holder": "김"}),
        ({}, {"salt": "0" * 32}),
    ):
        event = AccountEvent.objects.create(**{**about, **wrong})
        kept = {name: getattr(payee, name) for name in ("bank", "account", "holder", "channel", "salt")}
        with pytest.raises(IntegrityError, match="change_without_event"), transaction.atomic():
            Payee.objects.create(event=event, person=person, **{**kept, **row})


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"bank": "88"}, "payee_bank_is_three_digits"), ({"account": "110-123"}, "payee_account_is_digits"),
        ({"account": "12345"}, "payee_account_is_digits"), ({"holder": ""}, "payee_has_a_holder"),
        ({"channel": "x"}, "accounts_payee_channel_is_known"), ({"salt": ""}, "payee_salt_is_hex"),
    ],
)  # fmt: skip
def test_the_database_holds_the_form(person: Person, wrong: dict[str, str], name: str):
    payee = Payee(**{"bank": "088", "account": "110123", "holder": "x", "channel": "web", "salt": "0" * 32, **wrong})
    told = hashlib.sha256(f"{payee.salt}\n{payee.told}".encode()).hexdigest()
    payee.event = AccountEvent.objects.create(at=NOW, kind="payee_set", person=person, data={"digest": told})
    payee.person = person
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        payee.save(force_insert=True)


def test_who_saw_a_payee_saw_somebodys():
    with pytest.raises(IntegrityError, match="data_view_of_a_payee_is_of_a_person"), transaction.atomic():
        DataView.objects.create(viewer=a_user("auditor"), reason="search", searched="name", payee=True, at=NOW)


# --- who sees it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["caseworker", "checker", "auditor"])
def test_who_sees_it_leaves_a_row_that_says_what(person: Person, role: str):
    stored(person)
    viewer = a_user(role)
    payee = reveal_payee(person_id=person.pk, reason="request", viewer=viewer, now=NOW, note="by telephone")
    assert payee.account == "0110923455678"
    view = DataView.objects.get()
    assert (view.person, view.viewer, view.reason, view.payee, view.at) == (person, viewer, "request", True, NOW)
    note = ViewNote.objects.get(view=view)
    assert view.note_hash == hashlib.sha256(f"{note.salt}\nby telephone".encode()).hexdigest()


def test_what_is_refused_leaves_no_row(person: Person):
    stored(person)
    auditor = a_user("auditor")
    about: dict[str, Any] = {"person_id": person.pk, "reason": "audit", "viewer": auditor, "now": NOW}
    for refusal, change in (
        (RoleMissing, {"viewer": a_user("finance")}), (RoleMissing, {"viewer": a_user("manager")}),
        (ViewReasonUnknown, {"reason": "search"}), (UnknownPayee, {"person_id": create_person(now=NOW).pk}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            reveal_payee(**{**about, **change})
    ids = list(payee_ids([person.pk]).values())
    listed: dict[str, Any] = {"payee_ids": ids, "reason": "payment", "viewer": auditor, "now": NOW}
    for refusal, change in ((RoleMissing, {"viewer": a_user("checker")}), (ViewReasonUnknown, {"reason": "search"})):
        with pytest.raises(refusal):
            reveal_payees(**{**listed, **change})
    assert not DataView.objects.exists()


def test_a_list_leaves_a_row_for_each_person_in_as_many_queries():
    finance = a_user("finance")
    people = [create_person(now=NOW) for _ in range(5)]
    for person in people:
        stored(person)
    first = stored(people[0], "110-1234-9999")
    assert first is not None
    ids = [first.pk, *payee_ids([person.pk for person in people]).values(), 0]
    counts = []
    for chosen in (ids[:1], ids):
        with CaptureQueriesContext(connection) as queries:
            found = reveal_payees(payee_ids=chosen, reason="payment", viewer=finance, now=NOW)
        assert set(found) == set(chosen) - {0}
        counts.append(len(queries))
    assert counts[0] == counts[1] == 3
    seen = DataView.objects.filter(viewer=finance, reason="payment", payee=True, searched="", note_hash="", at=NOW)
    assert sorted(seen.values_list("person", flat=True)) == sorted([people[0].pk, *(person.pk for person in people)])


def test_rows_of_before_there_were_payees_are_linked_as_they_were(person: Person):
    view = DataView.objects.create(person=person, viewer=a_user("auditor"), reason="audit", at=NOW)
    assert "payee" not in content_of(view)
    view.payee = True
    assert content_of(view)["payee"] is True


def test_the_page_shows_it_masked_until_the_button_is_pressed(person: Person):
    client, here = Client(), reverse("admin:accounts_personaldata_payee", args=[person.pk])
    client.force_login(a_user("caseworker"))
    assert 'name="reason"' not in client.get(here).content.decode(), "nothing to show"
    stored(person)
    masked = client.get(here).content.decode()
    assert "****5678" in masked
    assert "홍*동" in masked
    assert "0110923455678" not in masked
    assert "errorlist" in client.post(here, {"reason": ""}).content.decode()
    assert set(DataView.objects.values_list("reason", "payee")) == {("row", True)}
    answer = client.post(here, {"reason": "contact"})
    assert "0110923455678" in answer.content.decode()
    assert "no-store" in answer.headers["cache-control"]
    assert DataView.objects.get(reason="contact").payee
    assert client.get(reverse("admin:accounts_personaldata_payee", args=[0])).status_code == 404
    client.force_login(a_user("finance"))
    assert [client.get(here).status_code, client.post(here, {"reason": "payment"}).status_code] == [403, 403]
