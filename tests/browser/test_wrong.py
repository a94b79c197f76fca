"""After something wrong was sent: who reads by ear or by keyboard is at what is wrong, and who goes back is asked nothing."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import (
    CONTINUE,
    browser,
    choose,
    fill_about,
    fill_times,
    here,
    say_who,
    site,
    story_of,
    telephone,
)
from tests.browser.test_claim_pages import claims, let_in

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

__all__ = ["browser", "claims", "let_in", "site"]  # fixtures
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
WRONG = "main .wrong[role=alert]"
SEND = "main form button:not([name]):not([tabindex]):visible"


def is_told(page: Page) -> None:
    expect(page.locator(WRONG)).to_be_focused()
    expect(page.locator(f"{WRONG} a").first).to_be_visible()


@SCRIPTS
def test_the_focus_is_on_what_is_wrong_where_somebody_asks(browser: Browser, site: str, scripts: bool) -> None:
    page = telephone(browser, java_script_enabled=scripts)
    page.goto(here(site, "services"))
    page.click(CONTINUE)
    is_told(page)
    story = story_of("U4", f"wrong-{scripts}")
    choose(page, site, story)
    fill_times(page, story)
    page.locator("[name$='-end_at']").first.fill("2022-10-15T03:00")
    page.click(f"{CONTINUE}:not([name])")
    is_told(page)
    fill_times(page, story)
    page.click(f"{CONTINUE}:not([name])")
    fill_about(page, story)
    page.click(CONTINUE)
    page.click(CONTINUE)
    page.click(CONTINUE)
    is_told(page)
    page.goto(here(site, "expected"))
    say_who(page, story)
    page.locator(".consent input").first.uncheck()
    page.click(CONTINUE)
    is_told(page)
    page.context.close()


@SCRIPTS
def test_the_focus_is_on_what_is_wrong_of_a_claim(
    browser: Browser, site: str, scripts: bool, claims: dict[str, Claim], let_in: str
) -> None:
    page = telephone(browser, java_script_enabled=scripts)
    for address in ("my/", "my/check/", "account/login/", "account/new/"):
        page.goto(f"{site}/{address}")
        page.locator("main form").first.locator("button").first.click()
        is_told(page)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    for name in ("write", "documents", "disagree"):
        page.goto(f"{site}/my/{claims['approved'].reference}/{name}/")
        page.locator(SEND).first.click()
        is_told(page)
    page.goto(f"{site}/my/{claims['renter'].reference}/correct/")
    page.locator("[name$='-end_at']").first.fill("2022-10-15T03:00")
    page.locator(SEND).first.click()
    is_told(page)
    page.context.close()


@SCRIPTS
def test_who_goes_back_over_an_error_of_a_quote_is_asked_nothing(browser: Browser, site: str, scripts: bool) -> None:
    page, story = telephone(browser, java_script_enabled=scripts), story_of("U2", f"back-{scripts}")
    page.goto(here(site, "services"))
    page.click(CONTINUE)
    expect(page.locator(WRONG)).to_have_count(1)
    service = story.losses[0][0]
    page.click(f"summary:has(+ fieldset input[value='{service}'])")
    page.check(f"input[value='{service}']")
    page.click(CONTINUE)
    fill_times(page, story)
    page.locator("[name$='-end_at']").first.fill("2022-10-15T03:00")
    page.click(f"{CONTINUE}:not([name])")
    expect(page.locator(WRONG)).to_have_count(1)
    fill_times(page, story)
    page.click(f"{CONTINUE}:not([name])")
    page.wait_for_url("**/about/")
    page.go_back()
    expect(page).to_have_url(here(site, "times"))
    assert page.locator("[name$='-end_at']").first.input_value() == story.losses[0][2]
    for _ in range(2):  # over the page before it went wrong
        page.go_back()
    expect(page).to_have_url(here(site, "services"))
    page.context.close()


def test_who_goes_back_over_an_error_of_a_claim_is_asked_nothing(
    browser: Browser, site: str, claims: dict[str, Claim], let_in: str
) -> None:
    """With scripts: of these pages browsers may keep nothing, for they say who it is."""
    page = telephone(browser)
    for address, said in (("my/", {"reference": "C-0000-0000", "email": "a@example.org"}), ("my/check/", {})):
        page.goto(f"{site}/{address}")
        page.locator("main form button").first.click()
        expect(page.locator(WRONG)).to_have_count(1)
        for name, value in said.items():
            page.fill(f"[name={name}]", value)
        page.click(CONTINUE) if said else page.goto(f"{site}/claim/")
        page.go_back()
        expect(page).to_have_url(f"{site}/{address}")
        expect(page.locator("main form button").first).to_be_visible()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    address = f"{site}/my/{claims['busy'].reference}/write/"
    page.goto(address)
    page.locator(SEND).first.click()
    expect(page.locator(WRONG)).to_have_count(1)
    page.fill("textarea", "다시 씁니다.")
    page.locator(SEND).first.click()
    page.wait_for_url("**/sent/")
    page.go_back()
    expect(page).to_have_url(address)
    expect(page.locator("textarea")).to_be_visible()
    page.context.close()
