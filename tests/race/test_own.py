"""A button pressed twice at once: an account keeps a person once, lets go once, and is moved once; and one that was only begun
is entered, begun anew or makes way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import AccountEvent, KeptPerson, Person, User
from accounts.operations import (
    EmailTaken,
    NoAccount,
    UnknownKept,
    begin_account,
    change_address,
    close_account,
    enter_account,
    forget_begun_accounts,
    keep_person,
    let_person_go,
    log,
    own,
)
from accounts.operations.own import BEGUN_FOR
from services.values import check_values
from tests.builders import NOW, a_person
from tests.race.together import PATIENCE, in_transaction, one_before_the_other, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> tuple[User, Person]:
    """Whoever writes the event first waits until another one waits for the person."""
    log_event = log.log_event

    def slowly(*arguments: Any, **more: Any) -> Any:
        until_blocked()
        return log_event(*arguments, **more)

    with transaction.atomic():
        user = begin_account(email="hong@example.org", locale="ko", now=NOW)
    monkeypatch.setattr(own, "log_event", slowly)
    return user, a_person()


@transaction.atomic
def keep(user: User, person: Person) -> bool:
    return keep_person(user=user, person=person, by="code", now=NOW) is not None


@transaction.atomic
def close(user: User) -> None:
    close_account(user=user, now=NOW)


@transaction.atomic
def let_go(user: User, person: Person) -> None:
    let_person_go(user=user, person_id=person.pk, now=NOW)


def test_of_two_who_keep_at_once_one_does(kept: tuple[User, Person]):
    call = partial(keep, *kept)
    assert sorted(together(call, call)) == [False, True]
    assert (KeptPerson.objects.count(), AccountEvent.objects.filter(kind="person_kept").count()) == (1, 1)


def test_of_two_who_let_go_at_once_one_does(kept: tuple[User, Person]):
    keep(*kept)

    def one() -> str:
        try:
            let_go(*kept)
        except UnknownKept:
            return "refused"
        return "gone"

    assert sorted(together(one, one)) == ["gone", "refused"]
    assert AccountEvent.objects.filter(kind="person_let_go").count() == 1


def test_an_account_that_is_closed_twice_at_once_is_closed_once(kept: tuple[User, Person]):
    together(partial(close, kept[0]), partial(close, kept[0]))
    assert AccountEvent.objects.filter(kind="account_closed").count() == 1


def moved(user: User, address: str) -> str:
    try:
        with transaction.atomic():
            change_address(user=user, address=address, now=NOW)
    except (EmailTaken, NoAccount) as refused:
        return refused.code
    return address


def test_an_account_that_is_moved_twice_at_once_is_moved_once(kept: tuple[User, Person]):
    answers = together(*(partial(moved, kept[0], f"{name}@example.org") for name in ("one", "two")))
    assert sorted(answers)[0] == "no_account"
    assert User.objects.get().email == sorted(answers)[1]
    assert AccountEvent.objects.filter(kind="log_in_changed").count() == 1


def test_of_two_accounts_that_are_moved_to_one_address_at_once_one_is(kept: tuple[User, Person]):
    with transaction.atomic():
        other = begin_account(email="kim@example.org", locale="ko", now=NOW)
    answers = together(*(partial(moved, user, "new@example.org") for user in (kept[0], other)))
    assert sorted(answers) == ["email_taken", "new@example.org"]
    assert (EmailAddress.objects.count(), AccountEvent.objects.filter(kind="log_in_changed").count()) == (1, 1)


def test_of_two_who_sign_up_with_one_address_at_once_the_second_is_told_so(monkeypatch: pytest.MonkeyPatch):
    """Both have looked whether somebody has it."""
    check, looked = check_values, threading.Barrier(2)

    def together_from_here(*said: Any) -> None:
        looked.wait(PATIENCE)
        check(*said)

    def sign_up() -> str:
        try:
            with transaction.atomic():
                begin_account(email="hong@example.org", locale="ko", now=NOW)
        except EmailTaken:
            return "taken"
        return "begun"

    monkeypatch.setattr("accounts.operations.staff.check_values", together_from_here)
    assert sorted(together(sign_up, sign_up)) == ["begun", "taken"]


# --- one that was only begun --------------------------------------------------------------------------------


@pytest.fixture
def begun() -> tuple[User, User]:
    """One account, and another whose address was only typed in."""
    one, other = (
        in_transaction(begin_account, email=f"{name}@example.org", locale="ko", now=NOW)() for name in ("one", "other")
    )
    return one, other


def of_both(call: Callable[..., Any], begun: tuple[User, User], at: timedelta = timedelta(0)) -> Callable[[], Any]:
    one, other = begun
    arguments: dict[Callable[..., Any], dict[str, Any]] = {
        change_address: {"user": one, "address": "other@example.org"}, enter_account: {"user": other, "by": "code"},
        begin_account: {"email": "other@example.org", "locale": "en"}, forget_begun_accounts: {},
    }  # fmt: skip

    def answered() -> str:
        try:
            call(**arguments[call], now=NOW + at)
        except (EmailTaken, NoAccount) as refused:
            return refused.code
        return "done"

    return answered


def test_one_whose_code_comes_back_makes_way_no_more(begun: tuple[User, User]):
    assert one_before_the_other(of_both(enter_account, begun), of_both(change_address, begun)) == ["done", "email_taken"]
    assert User.objects.count() == 2


def test_one_whose_code_comes_back_is_not_begun_anew(begun: tuple[User, User]):
    assert one_before_the_other(of_both(enter_account, begun), of_both(begin_account, begun)) == ["done", "email_taken"]
    assert User.objects.get(pk=begun[1].pk).locale == "ko"


def test_one_that_makes_way_is_not_entered(begun: tuple[User, User]):
    assert one_before_the_other(of_both(change_address, begun), of_both(enter_account, begun)) == ["done", "no_account"]
    assert not AccountEvent.objects.filter(kind="account_entered").exists()


def test_one_that_makes_way_is_not_begun_anew(begun: tuple[User, User]):
    assert one_before_the_other(of_both(change_address, begun), of_both(begin_account, begun)) == ["done", "email_taken"]
    assert User.objects.get().email == "other@example.org"


@pytest.mark.parametrize("first", [begin_account, enter_account])
def test_one_that_is_begun_anew_or_entered_is_not_forgotten(begun: tuple[User, User], first: Callable[..., Any]):
    later = 2 * BEGUN_FOR
    both = of_both(first, begun, later), of_both(forget_begun_accounts, begun, later)
    assert one_before_the_other(*both) == ["done", "done"]
    assert User.objects.filter(email="other@example.org").exists()
    assert not User.objects.filter(email="one@example.org").exists(), "of which nobody has heard for a day"


# --- one that is closed -------------------------------------------------------------------------------------


def of_closing(user: User) -> tuple[Callable[[], Any], ...]:
    person = a_person()

    def answered(call: Callable[..., Any], **more: Any) -> str:
        try:
            call(user=user, now=NOW, **more)
        except NoAccount as refused:
            return refused.code
        return "done"

    return (
        partial(answered, close_account), partial(answered, enter_account, by="code"),
        partial(answered, keep_person, by="code", person=person),
    )  # fmt: skip


@pytest.mark.parametrize("late", [1, 2], ids=["entered", "keeps"])
def test_one_that_is_closed_is_not_entered_and_keeps_nobody(begun: tuple[User, User], late: int):
    calls = of_closing(begun[0])
    assert one_before_the_other(calls[0], calls[late]) == ["done", "no_account"]
    assert [event.kind for event in AccountEvent.objects.all()] == ["account_closed"]
    assert not KeptPerson.objects.exists()


def test_what_it_keeps_while_it_is_closed_goes_with_the_rest(begun: tuple[User, User]):
    close, _, keep = of_closing(begun[0])
    assert one_before_the_other(keep, close) == ["done", "done"]
    assert not KeptPerson.objects.exists()
