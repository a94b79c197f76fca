"""Where a page is not there, too old or broken, claimants are told so in their language, with a way on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import OUTAGE, outage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "said"), [("ko", "이 화면은 오래되어"), ("en", "too old to be sent")])
def test_a_form_of_another_session_is_told_to_be_too_old(language: str, said: str):
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": language})
    for name in ("my:find", "account_login"):
        page = strict.post(reverse(name), {})
        assert (page.status_code, said in page.content.decode()) == (403, True), name
    assert said not in strict.post(reverse("admin:login"), {}).content.decode()


def test_what_is_not_there_leads_on(client: Client):
    page = client.get("/my/nothing/", headers={"Accept-Language": "ko"})
    assert (page.status_code, reverse("claim:start") in page.content.decode()) == (404, True)
    assert "이 주소에는" in page.content.decode()
    assert "이 주소에는" not in client.get("/api/v1/nothing/").content.decode()


def test_the_name_of_the_site_alone_leads_to_the_start_and_what_is_mistyped_is_told(client: Client):
    """Mails and proofs name no more than the host."""
    assert client.get("/").headers["Location"] == reverse("claim:start")
    page = client.get("/myclaim", headers={"Accept-Language": "ko"})
    assert (page.status_code, reverse("my:find") in page.content.decode()) == (404, True)


@pytest.mark.parametrize(("language", "said"), [("ko", "보내신 것을 읽을 수 없어"), ("en", "cannot be read, and nothing")])
def test_what_no_page_of_ours_sent_is_told_to_be_unreadable_and_leads_on(language: str, said: str):
    outage()
    client = Client(headers={"Accept-Language": language})
    page = client.post(reverse("claim:step", args=[OUTAGE, "services"]), {"services-unlisted": "x"})
    assert (page.status_code, said in page.content.decode()) == (400, True)
    assert reverse("claim:start") in page.content.decode()
    many = "&".join(f"x{number}=1" for number in range(2000))
    page = client.post(reverse("my:genuine"), many, content_type="application/x-www-form-urlencoded")
    assert (page.status_code, said in page.content.decode()) == (400, True)
    page = client.get(reverse("claim:start"), headers={"Host": "elsewhere.example"})
    assert page.status_code == 400
    assert said not in client.get("/api/v1/incidents", headers={"Host": "elsewhere.example"}).content.decode()


def test_there_is_an_icon_where_browsers_look_for_one(client: Client):
    found = client.get("/favicon.ico", follow=True)
    assert (found.status_code, b"".join(found)[:4]) == (200, b"\0\0\1\0")
    assert client.post("/favicon.ico").status_code == 405
    icon = 'rel="icon" type="image/svg+xml" href="/static/services/icon.svg"'
    for address in (reverse("claim:start"), reverse("account_login"), "/incidents/", reverse("admin:login")):
        assert icon in client.get(address).content.decode(), address
    assert b"".join(client.get("/static/services/icon.svg")).startswith(b"<svg")


def test_each_page_of_claimants_leads_to_where_a_message_is_checked(client: Client):
    for name in ("claim:start", "my:find", "account_login"):
        text = client.get(reverse(name)).content.decode()
        assert text.count(f'href="{reverse("my:genuine")}"') == 1, name


def test_what_broke_says_that_nothing_was_lost(monkeypatch: pytest.MonkeyPatch):
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("of a test")

    monkeypatch.setattr("claims.web.my.find.FindForm", breaks)
    client = Client(raise_request_exception=False)
    page = client.get(reverse("my:find"), headers={"Accept-Language": "ko"})
    assert (page.status_code, "of a test" in page.content.decode()) == (500, False)
    assert "저희 쪽에서" in page.content.decode()
