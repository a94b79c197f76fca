"""An account that was only begun is in nobody's way: whoever typed in the address has shown nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from accounts.operations import EmailTaken, NoAccount, begin_account, change_address, enter_account, is_begun
from claims.models import MailContent
from services.refusals import InvalidValue
from tests.builders import NOW
from tests.claims.account_cast import ADDRESS, WORD, asked_to_log_in, code_mailed, is_in, signed_up
from tests.claims.test_my_address import addresses
from tests.claims.test_my_kakao import VERIFIED, Kakao, came_back, kakao  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

NEW = "kim@example.org"


def begun_by(number: int, address: str = NEW) -> Client:
    stranger = Client(REMOTE_ADDR=f"192.0.2.{number}", headers={"accept-language": "en"})
    stranger.post(reverse("account_signup"), {"email": address})
    return stranger


def test_its_owner_opens_it_all_the_same(client: Client):
    strangers = [begun_by(1) for _ in range(5)]
    begun, codes = User.objects.get(), [code_mailed(NEW)]
    assert is_begun(NEW)
    assert signed_up(client, NEW) == begun, "the same one, so that no code that is on its way is lost"
    assert addresses(begun) == [NEW, (NEW, True, True)]
    assert (begun.locale, begun.has_usable_password()) == ("ko", False)
    assert not is_begun(NEW)
    for stranger in strangers:
        for code in codes:
            stranger.post(reverse("account_email_verification_sent"), {"code": code})
        assert not is_in(stranger)


def test_who_waits_for_the_code_is_not_sent_away_by_the_next_one(client: Client):
    client.post(reverse("account_signup"), {"email": NEW})
    code = code_mailed(NEW)
    begun_by(1)
    assert code_mailed(NEW) != code
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert is_in(client)


def test_an_account_moves_to_its_address(client: Client):
    user = signed_up(client)
    begun_by(1)
    client.post(reverse("account_address"), {"email": NEW})
    assert "계정이 이미" not in MailContent.objects.filter(address=NEW).latest("pk").text
    client.post(reverse("account_address_code"), {"code": code_mailed(NEW)})
    assert addresses(user) == [NEW, (NEW, True, True)]
    assert User.objects.get() == user


@pytest.mark.parametrize("way", ["sign_up", "log_in", "new_password", "set_password"])
def test_codes_of_one_that_made_way_open_nothing(client: Client, way: str):
    user, late = signed_up(client), begun_by(1)
    if way == "log_in":
        late = Client()
        asked_to_log_in(late, NEW)
    elif way != "sign_up":
        late = Client()
        late.post(reverse("account_reset_password"), {"email": NEW})
    code = code_mailed(NEW)
    if way == "set_password":
        late.post(reverse("account_confirm_password_reset_code"), {"code": code})
    with transaction.atomic():
        change_address(user=user, address=NEW, now=NOW)
    page, said = {
        "sign_up": ("account_email_verification_sent", {"code": code}),
        "log_in": ("account_confirm_login_code", {"code": code}),
        "new_password": ("account_confirm_password_reset_code", {"code": code}),
        "set_password": ("account_complete_password_reset", {"password1": WORD, "password2": WORD}),
    }[way]
    assert late.post(reverse(page), said, follow=True).status_code == 200
    assert not is_in(late)
    assert addresses(user) == [NEW, (NEW, True, True)]
    assert not user.has_usable_password()


def test_who_types_in_the_code_as_it_makes_way_begins_again(client: Client, monkeypatch: pytest.MonkeyPatch):
    client.post(reverse("account_signup"), {"email": NEW})

    def gone(**named: object) -> None:
        raise NoAccount("gone", field="user")

    monkeypatch.setattr("claims.web.account.adapters.enter_account", gone)
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_mailed(NEW)})
    assert answer.headers["Location"] == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize("checked", [True, False])
def test_who_comes_from_kakao_opens_it_too(client: Client, kakao: Kakao, checked: bool):  # noqa: F811
    begun_by(1, ADDRESS)
    kakao.who = {"id": 1234, "kakao_account": {**VERIFIED, "is_email_verified": checked}}
    page = came_back(client)
    assert page.request["PATH_INFO"] == reverse("socialaccount_signup")
    assert ADDRESS in page.content.decode()
    client.post(reverse("socialaccount_signup"), {"email": ADDRESS})
    assert is_in(client) == checked
    if not checked:
        client.post(reverse("account_email_verification_sent"), {"code": code_mailed()})
    assert is_in(client)
    assert addresses(User.objects.get()) == [ADDRESS, (ADDRESS, True, True)]


def test_what_kakao_has_checked_proves_no_other_address(client: Client, kakao: Kakao):  # noqa: F811
    begun_by(1, ADDRESS)
    came_back(client)
    client.post(reverse("socialaccount_signup"), {"email": NEW})
    assert not is_in(client)


def test_the_door_tells_begun_from_opened():
    late = NOW + timedelta(hours=5)
    with transaction.atomic():
        one, other = (begin_account(email=address, locale="ko", now=NOW) for address in (ADDRESS, NEW))
        again = begin_account(email=NEW.upper(), locale="en", now=late)
        assert (again, again.locale, again.begun_at) == (other, "en", late)
        with pytest.raises(InvalidValue):
            begin_account(email=NEW, locale="xx", now=late)
        enter_account(user=other, by="code", now=NOW)  # of which `last_login` is written a moment later
        with pytest.raises(EmailTaken):
            begin_account(email=NEW, locale="ko", now=late)
    with pytest.raises(EmailTaken), transaction.atomic():
        change_address(user=one, address=NEW, now=NOW)
    third = User(pk=0, email="gone@example.org")
    with pytest.raises(NoAccount), transaction.atomic():
        enter_account(user=third, by="code", now=NOW)
    assert list(AccountEvent.objects.values_list("kind", flat=True)) == ["account_entered"]
    assert set(User.objects.values_list("email", flat=True)) == {ADDRESS, NEW}


def test_one_that_has_a_password_is_begun_no_more(client: Client):
    """Its owner has set it by a code and not logged in yet: signing up is answered as for any other account."""
    begun_by(1)
    client.post(reverse("account_reset_password"), {"email": NEW})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_mailed(NEW)})
    client.post(reverse("account_complete_password_reset"), {"password1": WORD, "password2": WORD})
    assert not is_begun(NEW)
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(reverse("account_signup"), {"email": address}).headers["Location"]
        for number, address in ((2, NEW), (3, "nobody@example.org"))
    ]
    assert answers[0] == answers[1]
