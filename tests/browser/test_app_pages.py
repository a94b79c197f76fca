"""An app is let in and taken out again in a browser, on a telephone, in both languages and by keyboard."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import App, User
from tests.api.app_cast import asking
from tests.api.cast import BACK, an_app
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import asked
from tests.browser.looks import DESK, TELEPHONE, in_turn, logged_in, opened, outside, shut_out
from tests.browser.test_my_account import ADDRESS, code, telephone
from tests.browser.test_my_actions import small_targets
from tests.browser.test_tell_pages import looked
from tests.builders import a_user

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)


@pytest.fixture
def apps(site: str) -> dict[str, App]:
    """Before the browser starts."""
    a_user("caseworker", email="caseworker@example.com")
    a_user("manager", email="manager@example.com")
    return {audience: an_app(audience) for audience in ("claimants", "staff")}


def address_of(apps: dict[str, App], audience: str, **more: Any) -> str:
    return str(asked(lambda: asking(apps[audience], **more)))


def answered(page: Page, key: str) -> str:
    """Where the browser goes by that key. There is nobody: that it went at all is what the policy of contents has to let it."""
    with page.expect_event("requestfailed", lambda request: request.url.startswith(BACK)) as went:
        page.keyboard.press(key)
    page.wait_for_url("chrome-error://**")
    return str(urlsplit(went.value.url).query)


@pytest.mark.parametrize("language", in_turn(1))
def test_an_app_is_let_in_and_taken_out(apps: dict[str, App], browser: Browser, site: str, language: str) -> None:
    page, wrong = telephone(browser, language).new_page(), []

    def look(name: str) -> None:
        nonlocal wrong
        wrong += [*looked(page, f"app-{name}", language, TELEPHONE), *small_targets(page)]

    page.goto(f"{site}/account/new/")
    page.fill("[name=email]", ADDRESS)
    page.click(".claim .steps button")
    page.fill("[name=code]", code(1))
    page.click(".claim form:first-of-type .steps button")
    page.wait_for_url(f"{site}/my/")
    page.goto(site + address_of(apps, "claimants", client_id="x"))
    look("wrong")
    page.goto(site + address_of(apps, "staff"))
    look("of-staff")
    page.goto(site + address_of(apps, "claimants"))
    expect(page.locator("h2").first).to_have_text("내 청구 앱" if language == "ko" else "My claims app")
    look("allow")
    page.locator("button[value=deny]").focus()
    assert "error=access_denied" in answered(page, "Enter")
    page.goto(site + address_of(apps, "claimants"))
    page.locator("button[value=allow]").focus()
    assert "code=" in answered(page, "Enter")
    page.goto(f"{site}/account/")
    look("allowed")
    page.locator("#h-apps ~ form button").press("Enter")
    expect(page.locator("[role=status]")).to_have_count(1)
    expect(page.locator("#h-apps")).to_have_count(0)
    look("taken-away")
    assert not wrong, "\n".join(map(str, wrong))


def test_staff_let_a_tool_in(apps: dict[str, App], browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "caseworker@example.com", width=TELEPHONE)
    page.goto(site + address_of(apps, "claimants"))
    wrong = looked(page, "app-of-claimants", "ko", TELEPHONE)
    page.goto(site + address_of(apps, "staff"))
    wrong += looked(page, "app-allow-tool", "ko", TELEPHONE)
    page.locator("button[value=allow]").focus()
    assert "code=" in answered(page, "Enter")
    assert not wrong, "\n".join(map(str, wrong))


def test_managers_register_and_end_apps(apps: dict[str, App], browser: Browser, site: str) -> None:
    page, wrong = logged_in(browser, site, "manager@example.com"), []
    for name, arguments in (("app_changelist", []), ("app_add", []), ("app_change", [apps["staff"].pk])):
        opened(page, site + reverse(f"admin:accounts_{name}", args=arguments))
        wrong += [(name, *one) for width in (DESK, TELEPHONE) for one in (*outside(page, width), *shut_out(page, menu=False))]
    page.get_by_role("button", name="앱 끝내기").click()
    expect(page.get_by_role("button", name="앱 끝내기")).to_have_count(0)
    assert not wrong, "\n".join(map(str, wrong))
    assert asked(lambda: App.objects.get(pk=apps["staff"].pk).ended_by == User.objects.get(email="manager@example.com"))
