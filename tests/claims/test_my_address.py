"""The address of an account is changed by whoever shows that they are its owner, and read the mail of the new one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, User
from accounts.operations import EmailInvalid, EmailTaken, NoAccount, begin_account, change_address, create_person, enter_account
from claims.models import Mail, MailContent
from claims.operations import send_next_mail
from tests.builders import NOW, a_user, claim_of, outage
from tests.claims.account_cast import ADDRESS, WORD, asked_to_log_in, code_mailed, is_in, logged_in, send_all, signed_up
from tests.claims.mine_cast import let_in
from tests.claims.test_my_passkeys import a_passkey

pytestmark = pytest.mark.django_db

NEW = "kim@example.org"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def user(client: Client) -> User:
    """Logged in by a code a moment ago."""
    user = signed_up(Client())
    logged_in(client)
    return user


def ask(client: Client, address: str = NEW) -> Any:
    return client.post(reverse("account_address"), {"email": address})


def type_in(client: Client, code: str) -> Any:
    return client.post(reverse("account_address_code"), {"code": code}, follow=True)


def addresses(user: User) -> list[Any]:
    user.refresh_from_db()
    return [user.email, *EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")]


def changes(user: User) -> list[Any]:
    return list(AccountEvent.objects.filter(user=user, kind="log_in_changed").values_list("data", flat=True))


def test_it_counts_once_the_code_from_the_new_mailbox_is_typed_in(client: Client, user: User, server: list[EmailMessage]):
    client.post(reverse("account_set_password"), {"password1": WORD, "password2": WORD})
    here, there = Client(), Client()
    asked_to_log_in(here, password=WORD)
    logged_in(there)
    while send_next_mail(now=timezone.now()):
        pass
    server.clear()
    page = client.get(reverse("account_address")).content.decode()
    assert "청구할 때 적은 주소는 그대로입니다" in page
    assert ask(client, f" {NEW.upper()}").headers["Location"] == reverse("account_address_code")
    assert addresses(user) == [ADDRESS, (ADDRESS, True, True)], "nothing was shown yet"
    code = code_mailed(NEW)
    assert "다른 주소로 만든 계정을 이 주소로" in send_all(server)
    assert [mail["To"] for mail in server] == [NEW]
    page = type_in(client, code)
    assert page.request["PATH_INFO"] == reverse("mfa_index")
    assert '<div class="line" role="status"><p>주소를 바꾸었습니다' in page.content.decode()
    assert addresses(user) == [NEW, (NEW, True, True)]
    assert changes(user) == [{"what": "address"}]
    assert "계정의 주소가 다른 주소로 바뀌었습니다" in send_all(server)
    assert server[-1]["To"] == ADDRESS
    assert NEW not in str(server[-1]), "the old mailbox may be somebody else's by now"
    assert is_in(client), "this browser stays logged in"
    for other in (here, there):
        assert not is_in(other)
    asked_to_log_in(here, password=WORD)
    assert not is_in(here)
    asked_to_log_in(here, NEW, password=WORD)
    assert is_in(here)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):  # five mails went there in this one
        assert signed_up(Client()) != user, "the old address may open another account"


def test_claims_and_their_addresses_stay(client: Client, user: User):
    with transaction.atomic():
        person = create_person(name="홍길동", email=ADDRESS, now=NOW)
    claim = claim_of(person, outage())
    let_in(client, claim)
    client.post(reverse("account_keep", args=[claim.reference]))
    ask(client)
    type_in(client, code_mailed(NEW))
    assert claim.reference in client.get(reverse("my:find")).content.decode()
    person.personal_data.refresh_from_db()
    assert person.personal_data.email == ADDRESS


def test_a_taken_address_is_answered_as_a_new_one_and_only_its_mailbox_is_told(client: Client, user: User):
    worker = a_user("caseworker")
    signed_up(Client(), NEW)
    pages = set()
    for address in ("nobody@example.org", NEW, str(worker.email)):
        page = client.post(reverse("account_address"), {"email": address}, follow=True)
        text = page.content.decode().replace(address, "x")
        pages.add((page.status_code, page.request["PATH_INFO"], text.partition("csrfmiddlewaretoken")[0]))
        assert "번호가 맞지 않습니다" in type_in(client, "ZZZZ-ZZZZ").content.decode()
    assert len(pages) == 1
    mail = MailContent.objects.filter(address=NEW).latest("pk")
    assert (mail.secret, "이미 있습니다" in mail.text) == ("", True)
    assert not MailContent.objects.filter(address=worker.email).exists()
    assert addresses(user) == [ADDRESS, (ADDRESS, True, True)]


def test_how_long_an_answer_takes_tells_nothing(client: Client, user: User, monkeypatch: pytest.MonkeyPatch):
    signed_up(Client(), NEW)
    clock, waited = iter([0.0, 0.03, 0.0, 0.01, 0.0, 0.02]), list[float]()
    told = SimpleNamespace(monotonic=lambda: next(clock), sleep=waited.append)
    monkeypatch.setattr("claims.web.account.unhurried.time", told)
    for address in (NEW, "nobody@example.org"):
        ask(client, address)
    client.post(reverse("account_address_code"), {"action": "resend"})
    assert waited == pytest.approx([0.07, 0.09, 0.08])


def test_one_that_was_taken_meanwhile_is_answered_as_a_wrong_code(client: Client, user: User):
    ask(client)
    code = code_mailed(NEW)
    signed_up(Client(), NEW)
    assert "번호가 맞지 않습니다" in type_in(client, code).content.decode()
    assert addresses(user) == [ADDRESS, (ADDRESS, True, True)]
    assert changes(user) == []
    assert not Mail.objects.filter(kept__address=ADDRESS, kept__text__contains="다른 주소로 바뀌었습니다").exists()


def test_who_is_at_an_open_browser_is_asked_who_they_are(client: Client):
    """By a password; by a passkey; and of who has neither a code within five minutes."""
    user = signed_up(client)
    assert client.get(reverse("account_address")).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert ask(client).status_code == 403
        User.objects.filter(pk=user.pk).update(password=make_password(WORD))
        client.force_login(User.objects.get(pk=user.pk))
        assert ask(client).headers["Location"].startswith(reverse("account_reauthenticate"))
        User.objects.filter(pk=user.pk).update(password="!")
        client.force_login(User.objects.get(pk=user.pk))
        a_passkey(user)
        assert client.get(reverse("account_address"), follow=True).request["PATH_INFO"] == reverse(
            "mfa_reauthenticate_webauthn"
        )
    assert Client().get(reverse("account_address")).status_code == 302
    assert not Mail.objects.filter(kept__address=NEW).exists()


def test_three_wrong_codes_or_a_quarter_of_an_hour_end_it(client: Client, user: User):
    ask(client)
    code = code_mailed(NEW)
    for _ in range(2):
        assert "번호가 맞지 않습니다" in type_in(client, "ZZZZ-ZZZZ").content.decode()
    page = type_in(client, "ZZZZ-ZZZZ")
    assert (page.request["PATH_INFO"], "너무 많이 틀리셨습니다" in page.content.decode()) == (reverse("account_address"), True)
    assert type_in(client, code).request["PATH_INFO"] == reverse("account_address")
    ask(client)
    code = code_mailed(NEW)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        type_in(client, code)
    assert addresses(user)[0] == ADDRESS


def test_another_code_is_sent_and_the_first_holds_no_longer(client: Client, user: User):
    ask(client)
    first = code_mailed(NEW)
    client.post(reverse("account_address_code"), {"action": "resend"})
    second = code_mailed(NEW)
    assert first != second
    assert "번호가 맞지 않습니다" in type_in(client, first).content.decode()
    for _ in range(5):
        client.post(reverse("account_address_code"), {"action": "resend"})
    assert MailContent.objects.filter(address=NEW).count() < 5, "not for ever"
    type_in(client, code_mailed(NEW))
    assert addresses(user)[0] == NEW


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "전자우편 주소를 적으세요"), ("x", "name@example.org처럼"), ("=?utf-8?q?a?=@example.org", "name@example.org처럼"),
        (ADDRESS.upper(), "지금 주소와 같습니다"),
    ],
)  # fmt: skip
def test_what_is_no_new_address_is_said_at_the_field(client: Client, user: User, address: str, said: str):
    page = ask(client, address)
    assert (page.status_code, page.content.decode().count(said)) == (200, 2), "on top and at the field"


def test_mails_are_asked_for_ten_times_a_day(client: Client, user: User):
    for number in range(10):
        assert ask(client, f"a{number}@example.org").status_code == 302
    assert "내일 다시 하세요" in ask(client).content.decode()
    assert not Mail.objects.filter(kept__address=NEW).exists()


@pytest.mark.parametrize("way", ["log_in", "password", "new_password"])
def test_a_code_of_before_opens_nothing(client: Client, user: User, way: str):
    """Whoever reads the old mailbox has asked for one just before."""
    late = Client()
    if way == "log_in":
        asked_to_log_in(late)
    else:
        late.post(reverse("account_reset_password"), {"email": ADDRESS})
    code = code_mailed()
    if way == "new_password":
        late.post(reverse("account_confirm_password_reset_code"), {"code": code})
    ask(client)
    type_in(client, code_mailed(NEW))
    late.post(reverse("account_confirm_login_code"), {"code": code})
    late.post(reverse("account_confirm_password_reset_code"), {"code": code})
    late.post(reverse("account_complete_password_reset"), {"password1": WORD, "password2": WORD})
    assert not is_in(late)
    assert addresses(user) == [NEW, (NEW, True, True)], "nor does the old address come back"
    assert not user.has_usable_password()


def test_staff_do_not(client: Client):
    worker = a_user("caseworker")
    worker.set_password(WORD)
    worker.save()
    client.force_login(worker)
    client.post(reverse("account_reauthenticate"), {"password": WORD})
    assert type_in(client, "x").request["PATH_INFO"] == reverse("account_address")
    for answer in (client.get(reverse("account_address")), ask(client), type_in(client, "x")):
        assert (answer.status_code, "직원의 로그인은" in answer.content.decode()) == (403, True)
    with transaction.atomic(), pytest.raises(NoAccount):
        change_address(user=worker, address=NEW, now=NOW)
    assert not Mail.objects.exists()


def test_what_the_door_refuses_changes_nothing():
    with transaction.atomic():
        one, two = (begin_account(email=address, locale="ko", now=NOW) for address in (ADDRESS, "two@example.org"))
        enter_account(user=one, by="code", now=NOW)
    for address, refusal in (("x", EmailInvalid), (ADDRESS, EmailTaken)):
        with pytest.raises(refusal), transaction.atomic():
            change_address(user=two, address=address, now=NOW)
    with transaction.atomic():
        assert change_address(user=one, address=NEW, now=NOW) == ADDRESS
    with pytest.raises(NoAccount), transaction.atomic():
        change_address(user=one, address="three@example.org", now=NOW)  # as it was
    assert addresses(one) == [NEW, (NEW, True, True)]
    assert addresses(two) == ["two@example.org"]
    assert (changes(one), changes(two)) == ([{"what": "address"}], [])
