"""Looking what one may expect, in a browser: on a telephone and at a desk, in both languages."""

from __future__ import annotations

import os
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM
from tests.browser.looks import DESK, TELEPHONE, WIDTHS, in_turn, picture
from tests.builders import BIKE, OUTAGE, policies_of_the_demonstration
from tests.proofs import some

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

SUM = {"ko": "49,950원", "en": "49,950 won"}


@pytest.fixture
def site(site: str) -> str:
    """With the policies of the demonstration, and what claimants are asked to agree to."""
    policies_of_the_demonstration()
    call_command("publish_consents", stdout=StringIO())
    return site


def looked(page: Page, name: str, language: str, width: int) -> list[object]:
    """What is wrong with the page as it is."""
    picture(page, f"tell-{name}-{language}-{width}")
    wrong: list[object] = [
        (name, language, width, one["id"], one["nodes"][0]["html"][:200])
        for one in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ]
    if page.locator("html").get_attribute("lang") != language:
        wrong.append((name, "language"))
    if (across := page.evaluate("document.documentElement.scrollWidth")) > width:
        wrong.append((name, language, width, "scrolls sideways", across))
    return wrong


@pytest.mark.parametrize(("language", "width"), some([("en", TELEPHONE), ("ko", TELEPHONE), ("ko", DESK)], each=2))
def test_the_bike_renter_sees_what_they_may_expect_and_claims(browser: Browser, site: str, language: str, width: int) -> None:
    page = browser.new_context(locale=language, viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{site}/claim/")
    wrong = looked(page, "start", language, width)
    page.click(f"a[href*='{OUTAGE}']")
    wrong += looked(page, "services", language, width)
    page.click(".steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    wrong += looked(page, "nothing-chosen", language, width)
    page.click(f"summary:has(+ fieldset input[value='{BIKE}'])")
    page.check(f"input[value='{BIKE}']")
    wrong += looked(page, "chosen", language, width)
    page.fill("[name=services-unlisted]", "동네 서점 예약" if language == "ko" else "the bookshop around the corner")
    page.click(".steps button")
    page.fill("[name$='times-1-start_at']", "2022-10-15T15:30")
    page.check("[name$='times-1-still']")
    page.fill("[name$='-0-start_at']", "2022-10-15T15:20")
    page.fill("[name$='-0-end_at']", "2022-10-15T21:15")
    page.fill("[name$='ride_started_at']", "2022-10-15T15:20")
    page.fill("[name$='ride_locked_at']", "2022-10-15T15:42")
    page.fill("[name$='ride_charge']", "53450")
    wrong += looked(page, "times", language, width)
    narrow = [wide for wide in page.locator("[type=datetime-local]").evaluate_all(WIDTHS) if wide < 200]
    assert narrow == [], "day and clock fit in"
    page.click(".steps button:not([name])")
    assert SUM[language] in page.locator(".sum").inner_text()
    page.locator("details summary").first.click()
    wrong += looked(page, "expected", language, width)
    page.goto(f"{site}/claim/")
    wrong += looked(page, "begun", language, width)
    page.click(".steps a")
    assert page.url.endswith("/expected/"), "the first page that is not answered"
    page.click(".steps button")
    page.fill("[name=you-phone]", "abc")
    page.click(".steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    wrong += looked(page, "nobody", language, width)
    page.fill("[name=you-name]", "홍길동")
    page.fill("[name=you-email]", "hong@example.org")
    page.fill("[name=you-phone]", "010-1234-5678")
    wrong += looked(page, "you", language, width)
    page.click(".steps button")
    wrong += looked(page, "check", language, width)
    page.click(".steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    wrong += looked(page, "not-agreed", language, width)
    page.locator(".consent input").first.check()
    page.click(".steps button")
    assert page.locator(".sum").inner_text().startswith("C-")
    wrong += looked(page, "received", language, width)
    assert wrong == []


@pytest.mark.parametrize("language", in_turn(1))
def test_a_time_that_is_far_from_the_outage_is_asked_about_once_without_scripts(
    browser: Browser, site: str, language: str
) -> None:
    context = browser.new_context(
        locale=language, viewport={"width": TELEPHONE, "height": 900}, java_script_enabled=False
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{site}/claim/{OUTAGE}/")
    page.click(f"summary:has(+ fieldset input[value='{BIKE}'])")
    page.check(f"input[value='{BIKE}']")
    page.click(".steps button")
    page.fill("[name$='-0-start_at']", "2022-11-25T15:20")
    page.fill("[name$='-0-end_at']", "2022-11-25T21:15")
    page.click(".steps button:not([name])")
    wrong = page.locator(".wrong a")
    expect(wrong).to_have_count(1)
    assert {"ko": "날짜가 맞나요?", "en": "Is your date right?"}[language] in wrong.inner_text()
    picture(page, f"tell-year-{language}")
    page.click(".steps button:not([name])")
    assert page.url.endswith("/expected/")
    picture(page, f"tell-year-right-{language}")
