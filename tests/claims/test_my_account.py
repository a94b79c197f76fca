"""Accounts: opened by a code that is mailed, entered by code or password, and keeping claims within reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, KeptPerson, Person, User
from accounts.operations import (
    NoAccount,
    UnknownKept,
    begin_account,
    close_account,
    create_person,
    enter_account,
    forget_begun_accounts,
    keep_person,
    let_person_go,
    record_log_in_change,
)
from claims.models import Claim, Mail, MailContent, News
from claims.operations import forget_account_mails, send_next_mail, write_account_mail
from claims.web.account.adapters import ENTERED_BY
from services.refusals import InvalidValue, Refusal
from tests.builders import NOW, a_person, a_user, claim_of, outage
from tests.claims.account_cast import (
    ADDRESS,
    WORD,
    asked_to_log_in,
    code_in,
    code_mailed,
    is_in,
    logged_in,
    send_all,
    signed_up,
)
from tests.claims.mine_cast import let_in, mine
from tests.claims.test_filing import agreed, incident, told_all  # noqa: F401 - a fixture
from tests.claims.test_tell import sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Wrong passwords of other tests."""
    yield
    cache.clear()


def kinds(user: User) -> list[str]:
    return list(AccountEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


# --- opened and entered -----------------------------------------------------------------------------------


def test_an_account_is_opened_by_the_code_that_comes_back(client: Client, server: list[EmailMessage]):
    page = client.post(reverse("account_signup"), {"email": "Hong@Example.org"}, follow=True)
    assert page.request["PATH_INFO"] == reverse("account_email_verification_sent")
    text = send_all(server)
    assert "계정을 만들려고" in text
    assert "http" not in text, "no link, and nothing that mail programs make one of"
    assert not is_in(client)
    code = code_in(text)
    client.post(reverse("account_email_verification_sent"), {"code": f" {code.lower().replace('-', ' ')} "})
    assert is_in(client)
    user = User.objects.get(email=ADDRESS)
    assert (user.person, user.is_staff, user.has_usable_password()) == (None, False, False)
    assert kinds(user) == ["account_entered"]
    assert not Person.objects.exists(), "nobody has claimed"
    assert code not in MailContent.objects.get().text
    assert MailContent.objects.get().secret == "", "sent, and kept nowhere"


def test_who_goes_back_to_the_page_of_the_code_is_led_to_the_account(client: Client):
    signed_up(client)
    for answer in (client.get, client.post):
        page = answer(reverse("account_email_verification_sent"), follow=True)
        assert (page.status_code, page.request["PATH_INFO"]) == (200, reverse("mfa_index"))


def test_who_has_one_is_let_in_by_a_code_and_one_time_only(client: Client):
    user = signed_up(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)
    logged_in(client)
    assert is_in(client)
    assert [event.data["by"] for event in AccountEvent.objects.filter(user=user)] == ["code", "code"]
    again = Client()
    asked_to_log_in(again)
    old, wrong = MailContent.objects.order_by("pk").last(), Client()
    asked_to_log_in(wrong)
    for typed in ("ZZZZ-ZZZZ", old.secret if old else "", "ZZZZ-ZZZX"):
        wrong.post(reverse("account_confirm_login_code"), {"code": typed})
    assert not is_in(wrong), "the code of another browser"
    wrong.post(reverse("account_confirm_login_code"), {"code": code_mailed()})
    assert not is_in(wrong), "after three wrong ones"


def test_a_code_holds_for_a_quarter_of_an_hour(client: Client):
    signed_up(client)
    late = Client()
    asked_to_log_in(late)
    code = code_mailed()
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        late.post(reverse("account_confirm_login_code"), {"code": code})
        assert not is_in(late)


def test_a_password_is_set_used_changed_and_forgotten(client: Client, server: list[EmailMessage]):
    user = signed_up(client)
    client.post(reverse("account_set_password"), {"password1": WORD, "password2": WORD})
    assert "비밀번호가 정해졌거나" in send_all(server)
    assert is_in(client), "this browser stays logged in"
    other = Client()
    asked_to_log_in(other, password=f"{WORD}!")
    assert not is_in(other)
    assert asked_to_log_in(other, password=WORD).headers["Location"] == reverse("my:find")
    assert is_in(other)
    changed = f"{WORD} staple"
    client.post(reverse("account_change_password"), {"oldpassword": WORD, "password1": changed, "password2": changed})
    assert is_in(client)
    assert not is_in(other), "its session has ended"
    third = Client()
    third.post(reverse("account_reset_password"), {"email": ADDRESS})
    third.post(reverse("account_confirm_password_reset_code"), {"code": code_mailed()})
    newest = f"{changed} again"
    done = third.post(reverse("account_complete_password_reset"), {"password1": newest, "password2": newest}, follow=True)
    assert done.content.decode().count("비밀번호를 ") == 1, "said once"
    user.refresh_from_db()
    assert user.check_password(newest)
    assert kinds(user).count("password_changed") == 3


@pytest.mark.parametrize(("language", "told"), [("ko", "비밀번호를 저장했습니다."), ("en", "The password is saved.")])
def test_that_a_password_was_saved_is_said_once_on_the_page_of_the_account(client: Client, language: str, told: str):
    signed_up(client)
    client.get(reverse("mfa_index"), {"lang": language})
    first, second = {"password1": WORD, "password2": WORD}, {"password1": f"{WORD} 2", "password2": f"{WORD} 2"}
    for name, said in (("account_set_password", first), ("account_change_password", {"oldpassword": WORD, **second})):
        answer = client.post(reverse(name), said, follow=True)
        assert answer.request["PATH_INFO"] == reverse("mfa_index")
        assert f'role="status"><p>{told}</p>' in answer.content.decode()
        assert told not in client.get(reverse("mfa_index")).content.decode()


def test_a_password_has_ten_characters_as_is_said(client: Client):
    user = signed_up(client)

    def answer(word: str, again: str = "") -> str:
        said = {"password1": word, "password2": again or word}
        return client.post(reverse("account_set_password"), said, follow=True).content.decode()

    for said, words in (
        (("xk2!xk2!x",), "10자 이상으로 정하세요"), (("password12",), "많은 사람이"), ((ADDRESS,), "주소와 비슷합니다"),
        ((WORD, "x"), "서로 다릅니다"),
    ):  # fmt: skip
        assert words in answer(*said), words
    user.refresh_from_db()
    assert not user.has_usable_password()
    answer("xk2!xk2!xk")
    user.refresh_from_db()
    assert user.check_password("xk2!xk2!xk")


def test_known_and_unknown_addresses_are_answered_alike(client: Client):
    signed_up(client)

    def seen(address: str, name: str, **said: str) -> tuple[int, str, str]:
        stranger = Client()
        page = stranger.post(reverse(name), {**said, ("login" if name == "account_login" else "email"): address}, follow=True)
        text = re.sub(r'(value|key)="[\w-]{32,}"', "", page.content.decode().replace(address, "x"))
        return page.status_code, page.request["PATH_INFO"], text

    for name, said in (
        ("account_login", {"password": ""}), ("account_login", {"password": "wrong"}), ("account_signup", {}),
        ("account_reset_password", {}),
    ):  # fmt: skip
        assert seen(ADDRESS, name, **said) == seen("nobody@example.org", name, **said), name
    begun = User.objects.get(email="nobody@example.org")
    assert (begun.last_login, begun.person) == (None, None)


def test_whoever_signs_up_again_is_told_by_mail_and_let_in_by_nothing(client: Client, server: list[EmailMessage]):
    signed_up(client)
    again = Client()
    again.post(reverse("account_signup"), {"email": ADDRESS})
    assert "계정이 이미 있습니다" in send_all(server)
    for code in ("", "ZZZZ-ZZZZ"):
        again.post(reverse("account_email_verification_sent"), {"code": code})
    assert not is_in(again)
    assert User.objects.count() == 1


def test_a_mailbox_opens_no_log_in_of_staff(client: Client):
    worker = a_user("caseworker")
    worker.set_password(WORD)
    worker.save()
    for name, said in (
        ("account_login", {"login": worker.email, "password": ""}), ("account_signup", {"email": worker.email}),
        ("account_reset_password", {"email": worker.email}),
    ):  # fmt: skip
        Client().post(reverse(name), said)
    assert not Mail.objects.exists()
    assert asked_to_log_in(client, worker.email or "", password=WORD).status_code == 403
    assert not is_in(client)
    client.force_login(worker)
    assert client.get(reverse("mfa_index")).status_code == 403


def test_wrong_passwords_are_counted_for_all_processes_together(client: Client):
    signed_up(client)
    client.post(reverse("account_set_password"), {"password1": WORD, "password2": WORD})
    for _ in range(10):
        asked_to_log_in(Client(), password="wrong")
    late = Client()
    page = asked_to_log_in(late, password=WORD)
    assert not is_in(late)
    assert "메일로 받는 번호로 로그인하거나" in page.content.decode()
    logged_in(late)
    assert is_in(late), "a code still lets the owner in"


def test_mails_that_anybody_can_ask_for_are_counted(client: Client):
    user = signed_up(client)
    now = timezone.now()

    def written(at: Any = now, about: str = "log_in", code: str = "ABCD-EFGH") -> bool:
        with transaction.atomic():
            return write_account_mail(user=user, about=about, code=code, now=at) is not None

    assert [written() for _ in range(7)] == [True] * 6 + [False]
    assert not written(about="exists", code="")
    assert written(about="passkey_added", code=""), "what was done is always told"
    later = now + timedelta(hours=1, seconds=1)
    assert [written(later) for _ in range(7)] == [True] * 5 + [False] * 2, "twelve a day, with what was done"
    with transaction.atomic():
        elsewhere = [write_account_mail(user=user, about="exists", network=f"{n // 9}", now=later) for n in range(33)]
    assert [mail is not None for mail in elsewhere] == [n % 9 < 6 for n in range(33)], "whoever uses theirs up shuts out nobody"
    with transaction.atomic():
        for about, code in (("log_in", ""), ("exists", "ABCD-EFGH"), ("something", "")):
            with pytest.raises(InvalidValue):
                write_account_mail(user=user, about=about, code=code, now=now)


def test_nobody_can_stand_in_the_way_of_closing_an_account(client: Client):
    user = signed_up(client)
    Client().post(reverse("account_signup"), {"email": f"closed-{user.pk}@account.invalid"})
    client.post(reverse("account_close"))
    user.refresh_from_db()
    assert not user.is_active


def test_what_nobody_came_back_for_is_forgotten_after_a_day(client: Client):
    user, now = signed_up(client), timezone.now()
    Client().post(reverse("account_signup"), {"email": "nobody@example.org"})
    day = now + timedelta(days=1)

    @transaction.atomic
    def forgotten(at: Any) -> tuple[int, int]:
        return forget_begun_accounts(now=at), forget_account_mails(now=at)

    assert forgotten(day - timedelta(minutes=1)) == (0, 0)
    assert forgotten(day + timedelta(minutes=1)) == (1, 2)
    assert list(User.objects.values_list("pk", flat=True)) == [user.pk]
    assert EmailAddress.objects.count() == 1
    assert Mail.objects.count() == 2, "that there was one stays"


@pytest.mark.parametrize("name", ["account_set_password", "account_close", "account_address", "mfa_add_webauthn"])
def test_whoever_finds_a_browser_open_changes_nothing_of_an_account_that_has_only_its_mailbox(client: Client, name: str):
    """By a password of theirs they would stay in it."""
    signed_up(client)
    assert client.get(reverse(name)).status_code == 200, "the code has just come back"
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        for answer in (client.get(reverse(name)), client.post(reverse(name), {"password1": WORD, "password2": WORD})):
            assert answer.status_code == 403
            assert "비밀번호와 패스키가 없습니다. 로그아웃하고" in answer.content.decode()
            assert "no-store" in answer.headers["Cache-Control"]
        user = User.objects.get()
        assert (user.is_active, user.has_usable_password()) == (True, False)
        client.post(reverse("account_logout"))
        logged_in(client)
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["account_reauthenticate", "mfa_reauthenticate_webauthn"])
def test_who_has_nothing_to_be_asked_for_is_told_what_to_do(client: Client, name: str):
    signed_up(client)
    answer = client.get(reverse(name), {"next": reverse("account_close")})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "비밀번호와 패스키가 없습니다. 로그아웃하고" in page
    assert "<main" in page, "in the design"
    back = re.search(r'name="next" value="([^"]+)"', page)
    assert back is not None
    answer = client.post(reverse("account_logout"), {"next": back[1]})
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse('account_close')}"


def test_a_closed_account_is_entered_by_nobody_and_names_nobody(client: Client):
    claim, other = a_claim(), Client()
    user = signed_up(client)
    client.post(reverse("account_set_password"), {"password1": WORD, "password2": WORD})
    let_in(client, claim)
    client.post(reverse("account_keep", args=[claim.reference]))
    logged_in(other)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        answer = client.post(reverse("account_close"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert is_in(client), "of whoever finds a browser open it is asked who they are"
    client.post(reverse("account_reauthenticate"), {"password": WORD})
    assert claim.reference in client.get(reverse("account_close")).content.decode()
    assert is_in(client), "only looked at"
    assert "닫았습니다" in client.post(reverse("account_close")).content.decode()
    assert not is_in(client)
    assert not is_in(other)
    asked_to_log_in(other, password=WORD)
    assert not is_in(other)
    user.refresh_from_db()
    assert ADDRESS not in str(list(User.objects.values()) + list(EmailAddress.objects.values()))
    assert not KeptPerson.objects.exists()
    assert kinds(user)[-1] == "account_closed"
    again = signed_up(Client())
    assert again != user
    with transaction.atomic():
        close_account(user=user, now=NOW)
    assert kinds(user).count("account_closed") == 1
    with transaction.atomic(), pytest.raises(NoAccount):
        close_account(user=a_user("caseworker"), now=NOW)


# --- keeping ----------------------------------------------------------------------------------------------


def a_claim(address: str = "other@example.org") -> Claim:
    with transaction.atomic():
        person = create_person(name="홍길동", email=address, now=NOW)
    return claim_of(person, outage())


def test_a_claim_that_was_opened_by_its_code_is_kept_and_let_go(client: Client):
    claim = a_claim()
    signed_up(client)
    keep = reverse("account_keep", args=[claim.reference])
    assert client.post(keep).headers["Location"].startswith(reverse("my:find")), "it is not open here"
    let_in(client, claim)
    assert "다음부터는 번호 없이" in client.get(keep).content.decode()
    for _ in range(2):
        client.post(keep)
    assert KeptPerson.objects.count() == 1
    assert News.objects.filter(claim=claim, kind="kept").count() == 1, "whoever has left it open is warned"
    elsewhere = Client()
    logged_in(elsewhere)
    page = elsewhere.get(reverse("my:find")).content.decode()
    assert claim.reference in page
    assert elsewhere.get(mine("status", claim)).status_code == 200
    assert AccountEvent.objects.filter(kind="guest_admitted").latest("pk").data == {"by": "account"}
    assert elsewhere.post(mine("write", claim), {"message": "글", "send": 1}).status_code == 302
    still = Client()
    logged_in(still)
    assert still.get(mine("status", claim)).status_code == 200
    answer = elsewhere.post(reverse("account_let_go", args=[claim.reference]), follow=True).content.decode()
    assert re.search(rf'role="status"><p>계정에서 뺐습니다: {claim.reference}', answer)
    assert elsewhere.post(reverse("account_let_go", args=[claim.reference])).status_code == 302, "pressed twice"
    assert not KeptPerson.objects.exists()
    assert claim.reference not in elsewhere.get(reverse("my:find")).content.decode()
    assert client.get(mine("status", claim)).status_code == 200, "it was opened by its code there"
    for name in ("my:status", "account_keep"):
        assert still.post(reverse(name, args=[claim.reference])).headers["Location"].startswith(reverse("my:find")), "closed"
    third = Client()
    logged_in(third)
    assert third.get(mine("status", claim)).headers["Location"].startswith(reverse("my:find"))


def test_who_has_the_code_takes_a_claim_out_of_accounts_that_are_not_theirs(client: Client, server: list[EmailMessage]):
    """Somebody found a browser in which it was open."""
    claim, there = a_claim(), Client()
    stranger, own = signed_up(there, "stranger@example.org"), signed_up(client)
    with transaction.atomic():
        for user in (stranger, own):
            keep_person(user=user, person=claim.person, by="code", now=timezone.now())
    take_out = reverse("account_take_out", args=[claim.reference])
    for by in ("filed", "account"):
        let_in(client, claim, by=by)
        assert "s***@example.org" not in client.get(mine("status", claim)).content.decode()
        client.post(take_out)
        assert KeptPerson.objects.count() == 2, "only who has the code"
    assert there.get(mine("status", claim)).status_code == 200
    let_in(client, claim)
    assert "s***@example.org" in client.get(mine("status", claim)).content.decode()
    send_all(server)
    server.clear()
    page = client.post(take_out, follow=True).content.decode()
    text = send_all(server)
    assert ([mail["To"] for mail in server], "계정에서 뺐습니다" in text) == (["stranger@example.org"], True)
    assert claim.reference not in text
    assert "홍길동" not in text
    assert "다른 계정에서 뺐습니다." in page
    assert "s***@example.org" not in page
    assert KeptPerson.objects.get().user == own
    event = AccountEvent.objects.get(kind="person_let_go")
    assert (event.user, event.actor, event.person) == (stranger, User.objects.get(person=claim.person), claim.person)
    assert there.get(mine("status", claim)).headers["Location"].startswith(reverse("my:find")), "at once"
    assert client.post(take_out).status_code == 302, "pressed twice"
    assert not send_next_mail(now=timezone.now())


def test_what_was_only_filed_here_is_kept_by_an_account_with_its_address(client: Client):
    stranger, own = a_claim(), a_claim(ADDRESS)
    signed_up(client)
    for claim in (stranger, own):
        let_in(client, claim, by="filed")
    page = client.post(reverse("account_keep", args=[stranger.reference]))
    assert (page.status_code, KeptPerson.objects.count()) == (403, 0)
    assert "먼저 접수번호와" in page.content.decode()
    client.post(reverse("account_keep", args=[own.reference]))
    assert KeptPerson.objects.get().event.data == {"by": "address"}


def test_who_files_while_logged_in_finds_it_in_the_account(client: Client, incident: Any):  # noqa: F811
    user = signed_up(client)
    page = told_all(client)
    page = sent(client, "check", **agreed(records=False))
    claim = Claim.objects.get()
    kept = KeptPerson.objects.get()
    assert (kept.user, kept.person, kept.event.data) == (user, claim.person, {"by": "filed"})
    assert claim.reference in client.get(reverse("my:find")).content.decode()
    assert page.status_code == 200


def test_their_address_is_filled_in(client: Client, incident: Any):  # noqa: F811
    signed_up(client, "kim@example.org")
    told_all(client)
    page = client.get(reverse("claim:step", args=[incident.key, "you"])).content.decode()
    assert "hong@example.org" in page, "what they typed in stays"


def test_somebody_elses_account_reaches_nothing(client: Client):
    claim = a_claim()
    signed_up(client)
    let_in(client, claim)
    client.post(reverse("account_keep", args=[claim.reference]))
    other = Client()
    signed_up(other, "other@example.org")
    assert claim.reference not in other.get(reverse("my:find")).content.decode()
    assert other.get(mine("status", claim)).status_code == 302
    assert other.post(reverse("account_let_go", args=[claim.reference])).status_code == 302
    assert KeptPerson.objects.count() == 1


# --- the door ---------------------------------------------------------------------------------------------


def test_only_accounts_keep_people(db: None):
    person, worker, guest = a_person(), a_user("caseworker"), User(person=a_person())
    with transaction.atomic():
        account = begin_account(email=ADDRESS, locale="en", now=NOW)
        for user in (worker, guest):
            with pytest.raises(NoAccount):
                keep_person(user=user, person=person, by="code", now=NOW)
            with pytest.raises(NoAccount):
                enter_account(user=user, by="code", now=NOW)
            with pytest.raises(NoAccount):
                record_log_in_change(user=user, what="passkey_added", now=NOW)
        with pytest.raises(InvalidValue):
            keep_person(user=account, person=person, by="hope", now=NOW)
        with pytest.raises(InvalidValue):
            enter_account(user=account, by="hope", now=NOW)
        with pytest.raises(InvalidValue):
            record_log_in_change(user=account, what="hope", now=NOW)
        with pytest.raises(UnknownKept):
            let_person_go(user=account, person_id=person.pk, now=NOW)
    assert not AccountEvent.objects.filter(user=account).exists()


def test_each_way_in_has_its_name():
    assert set(ENTERED_BY.values()) == {"code", "password", "passkey", "kakao"}


@pytest.mark.parametrize(
    "email", ["=?utf-8?q?hong?=@example.org", f"{'h' * 60}@{'e' * 63}.{'x' * 63}.{'a' * 63}.org", "hong@\x07"]
)
@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_login"])
def test_what_accounts_refuse_is_said_at_the_field(client: Client, name: str, email: str):
    """An encoded word would be decoded on the way to the mail server."""
    page = client.post(reverse(name), {"email": email, "login": email})
    assert (page.status_code, page.content.decode().count("name@example.org처럼")) == (200, 2), "on top and at the field"
    assert not User.objects.exists()
    assert not Mail.objects.exists()
    with pytest.raises(Refusal), transaction.atomic():
        create_person(name="홍길동", email=email, now=NOW)


@pytest.mark.parametrize(
    ("name", "field"), [("account_login", "login"), ("account_signup", "email"), ("account_reset_password", "email")]
)
def test_how_long_an_answer_takes_tells_nothing(client: Client, monkeypatch: pytest.MonkeyPatch, name: str, field: str):
    """Each waits for a step, on a busy machine for a later one."""
    signed_up(client)
    clock, waited = iter([0.0, 0.03, 0.0, 0.31, 0.0]), list[float]()
    told = SimpleNamespace(monotonic=lambda: next(clock), sleep=waited.append)
    monkeypatch.setattr("claims.web.account.unhurried.time", told)
    for address in (ADDRESS, "nobody@example.org"):
        Client().post(reverse(name), {field: address, "password": ""})
    assert waited == pytest.approx([0.07, 0.09])
    Client().get(reverse(name))
    assert len(waited) == 2, "only what is sent"


@pytest.mark.parametrize(("name", "field"), [("account_login", "login"), ("account_reset_password", "email")])
def test_as_much_is_done_for_strangers(client: Client, name: str, field: str):
    """A mail is written, and taken back."""
    signed_up(client)
    worker = a_user("caseworker")
    mails = Mail.objects.count()

    def written(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert Client().post(reverse(name), {field: address, "password": ""}).status_code == 302
        return [one["sql"].split(" VALUES")[0] for one in asked if one["sql"].startswith('INSERT INTO "claims_')]

    for address in ("nobody@example.org", worker.email or ""):
        strange = written(address)
        assert Mail.objects.count() == mails
        assert strange == written(ADDRESS)
        assert any("claims_mail" in sql for sql in strange)
        mails += 1


def test_an_account_is_reached_by_its_domain_however_that_is_written(client: Client):
    kept = "hong@xn--3e0b707e.example.org"
    assert signed_up(Client(), kept) == User.objects.get(email=kept)
    for written in ("Hong@한국.example.org", kept.upper(), "hong@한\u00ad국.Example.org"):
        browser = Client()
        page = browser.post(reverse("account_login"), {"login": written, "password": ""}, follow=True)
        assert kept in page.content.decode(), "where the code went"
        browser.post(reverse("account_confirm_login_code"), {"code": code_mailed(kept)})
        assert is_in(browser), written
    assert "번호를 너무 자주" in asked_to_log_in(client, "hong@한국.example.org").content.decode(), "counted together"
