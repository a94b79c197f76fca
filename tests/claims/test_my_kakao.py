"""Log-in with Kakao, against a server that answers as Kakao's does (developers.kakao.com, REST API of the log-in)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.kakao.views import KakaoOAuth2Adapter
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, User
from claims.models import Mail
from tests.builders import a_user
from tests.claims.account_cast import ADDRESS, code_mailed, is_in, logged_in, signed_up

pytestmark = pytest.mark.django_db

APP = {"client_id": "a-key", "secret": "a-secret"}
KOREAN = "hong@xn--3e0b707e.example.org"
VERIFIED = {"email": ADDRESS, "is_email_valid": True, "is_email_verified": True}


class Kakao(HTTPServer):
    who: dict[str, Any]
    asked: list[tuple[str, dict[str, list[str]]]]


class _Answers(BaseHTTPRequestHandler):
    server: Kakao

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append((self.path, said))
        right = said.get("code") == ["right"]
        self._answer(200 if right else 400, {"access_token": "t", "token_type": "bearer", "expires_in": 60} if right else {})

    def do_GET(self) -> None:
        self._answer(200 if self.headers["Authorization"] == "Bearer t" else 401, self.server.who)

    def _answer(self, status: int, said: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def kakao(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Kakao]:
    settings.KAKAO, settings.SOCIALACCOUNT_PROVIDERS = APP, {"kakao": {"APPS": [APP]}}
    server = Kakao(("127.0.0.1", 0), _Answers)
    server.asked, server.who = [], {"id": 1234, "kakao_account": VERIFIED}
    at = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(KakaoOAuth2Adapter, "access_token_url", f"{at}/oauth/token")
    monkeypatch.setattr(KakaoOAuth2Adapter, "profile_url", f"{at}/v2/user/me")
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def came_back(client: Client, code: str = "right", process: str = "login", **instead: str) -> Any:
    """From Kakao's page, to which the button leads."""
    away = client.post(f"{reverse('kakao_login')}?process={process}")
    there = urlsplit(away.headers["Location"])
    assert there.netloc == "kauth.kakao.com"
    said = {key: values[0] for key, values in parse_qs(there.query).items()}
    assert said["client_id"] == "a-key"
    back = urlsplit(said["redirect_uri"]).path
    return client.get(back, {"code": code, "state": said["state"], **instead}, follow=True)


def test_who_comes_from_kakao_with_a_checked_address_has_an_account(client: Client, kakao: Kakao):
    came_back(client)
    assert is_in(client)
    assert kakao.asked[0][1]["client_secret"] == ["a-secret"]
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == (ADDRESS, False)
    assert AccountEvent.objects.get(user=user).data == {"by": "kakao"}
    again = Client()
    came_back(again)
    assert is_in(again)
    assert User.objects.count() == 1


def test_without_an_address_one_is_asked_for_and_shown_to_be_theirs(client: Client, kakao: Kakao):
    kakao.who = {"id": 1234, "kakao_account": {}}
    page = came_back(client)
    assert page.request["PATH_INFO"] == reverse("socialaccount_signup")
    client.post(reverse("socialaccount_signup"), {"email": ADDRESS})
    assert not is_in(client)
    client.post(reverse("account_email_verification_sent"), {"code": code_mailed()})
    assert is_in(client)
    assert SocialAccount.objects.get().user.email == ADDRESS
    again = Client()
    came_back(again)
    assert is_in(again)


def test_how_long_that_takes_tells_nothing(client: Client, kakao: Kakao, monkeypatch: pytest.MonkeyPatch):
    kakao.who, waited = {"id": 1234, "kakao_account": {}}, list[float]()
    came_back(client)
    told = SimpleNamespace(monotonic=iter([0.0, 0.03]).__next__, sleep=waited.append)
    monkeypatch.setattr("claims.web.account.unhurried.time", told)
    client.post(reverse("socialaccount_signup"), {"email": ADDRESS})
    assert waited == pytest.approx([0.07])


def test_an_address_that_accounts_refuse_is_asked_for_and_said_at_the_field(client: Client, kakao: Kakao):
    odd = "=?utf-8?q?hong?=@example.org"
    kakao.who = {"id": 1234, "kakao_account": {**VERIFIED, "email": odd}}
    page = came_back(client)
    assert page.request["PATH_INFO"] == reverse("socialaccount_signup")
    assert odd not in page.content.decode()
    page = client.post(reverse("socialaccount_signup"), {"email": odd})
    assert (page.status_code, page.content.decode().count("name@example.org처럼")) == (200, 2)
    assert not User.objects.exists()
    client.post(reverse("socialaccount_signup"), {"email": ADDRESS})
    assert not is_in(client), "Kakao has not checked this one"
    client.post(reverse("account_email_verification_sent"), {"code": code_mailed()})
    assert is_in(client)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(ADDRESS, True)]


def test_an_address_of_kakao_is_kept_as_ours_are(client: Client, kakao: Kakao):
    kakao.who = {"id": 1234, "kakao_account": {**VERIFIED, "email": "Hong@한국.example.org"}}
    came_back(client)
    assert is_in(client)
    assert list(EmailAddress.objects.values_list("email", "user__email", "verified")) == [(KOREAN, KOREAN, True)]


def test_an_address_that_kakao_has_not_checked_is_not_believed(client: Client, kakao: Kakao):
    kakao.who = {"id": 1234, "kakao_account": {**VERIFIED, "is_email_verified": False}}
    came_back(client)
    assert not is_in(client)
    client.post(reverse("account_email_verification_sent"), {"code": code_mailed()})
    assert is_in(client)


@pytest.mark.parametrize("way", ["log_in", "password"])
def test_who_typed_in_the_address_of_somebody_else_does_not_share_their_account(client: Client, kakao: Kakao, way: str):
    thief = Client()
    kakao.who = {"id": 666, "kakao_account": {}}
    came_back(thief)
    thief.post(reverse("socialaccount_signup"), {"email": ADDRESS})
    if way == "log_in":
        logged_in(client)
    else:
        client.post(reverse("account_reset_password"), {"email": ADDRESS})
        client.post(reverse("account_confirm_password_reset_code"), {"code": code_mailed()})
    for browser in (thief, Client()):
        came_back(browser)
        assert not is_in(browser), "it is the account of whoever has the mailbox"
    assert not SocialAccount.objects.exists()


def test_nobody_is_let_into_an_account_that_was_not_connected(client: Client, kakao: Kakao):
    user = signed_up(client)
    stranger = Client()
    came_back(stranger)
    assert not is_in(stranger)
    came_back(client, process="connect")
    assert SocialAccount.objects.get().user == user
    came_back(stranger)
    assert is_in(stranger)
    client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()
    said = [event.data["what"] for event in AccountEvent.objects.filter(kind="log_in_changed").order_by("pk")]
    assert said == ["kakao_connected", "kakao_disconnected"]


def test_whoever_finds_a_browser_open_connects_no_kakao_of_theirs(client: Client, kakao: Kakao):
    signed_up(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        answer = came_back(client, process="connect")
        assert answer.status_code == 403
        assert f"next={reverse('mfa_index')}" in answer.content.decode(), "the answer of Kakao counts once"
    assert not SocialAccount.objects.exists()


def test_a_log_in_of_staff_is_not_opened(client: Client, kakao: Kakao):
    worker = a_user("caseworker")
    kakao.who = {"id": 1234, "kakao_account": {**VERIFIED, "email": worker.email}}
    came_back(client)
    assert not is_in(client)
    assert not Mail.objects.exists()


def test_who_stops_there_or_brings_nonsense_is_told(client: Client, kakao: Kakao):
    assert "그만두셨습니다" in came_back(client, error="access_denied").content.decode()
    assert "되지 않았습니다" in came_back(client, code="wrong").content.decode()
    assert "되지 않았습니다" in came_back(client, state="another").content.decode()
    assert not is_in(client)


def test_where_it_is_not_configured_it_is_not_there(client: Client):
    assert client.get(reverse("kakao_login")).status_code == 404
    assert "카카오" not in client.get(reverse("account_login")).content.decode()
