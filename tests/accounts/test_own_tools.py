"""Staff see which tools they let in, and take it away."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AccountEvent, User
from tests.api.app_cast import browser_of, claims_by, tokens_of
from tests.api.cast import an_app
from tests.builders import a_user

pytestmark = pytest.mark.django_db
PAGE = "accounts:own_tools"


def page(user: User, language: str = "en") -> Any:
    return browser_of(user).get(reverse(PAGE), headers={"accept-language": language})


@pytest.mark.parametrize(("language", "words"), [("ko", "허용 거두기"), ("en", "Take it away")])
def test_a_tool_is_shown_and_taken_away_once(language: str, words: str):
    worker, app = a_user("caseworker"), an_app("staff")
    token = tokens_of(app, worker)["access_token"]
    assert words in page(worker, language).content.decode()
    for _ in range(2):
        answer = browser_of(worker).post(reverse(PAGE), {"app": str(app.pk)})
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse(PAGE))
    assert words not in page(worker, language).content.decode()
    assert claims_by(token).status_code == 401
    assert AccountEvent.objects.filter(kind="app_withdrawn").count() == 1


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "\x00"])
def test_what_is_none_of_theirs_stays(number: str):
    worker, other, app = a_user("caseworker"), a_user("checker"), an_app("staff")
    token = tokens_of(app, worker)["access_token"]
    assert browser_of(other).post(reverse(PAGE), {"app": str(app.pk)}).status_code == 302
    assert browser_of(worker).post(reverse(PAGE), {"app": number}).status_code == 302
    assert claims_by(token).status_code == 200


def test_it_leads_there_from_each_page_of_staff():
    assert reverse(PAGE) in browser_of(a_user("auditor")).get(reverse("admin:index")).content.decode()


def test_claimants_are_led_to_the_log_in():
    owner = User.objects.create_user("own@example.org")
    assert page(owner).status_code == 302
