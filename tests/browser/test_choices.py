"""Somebody chooses what they are to be given, in a browser on a telephone, by keyboard where it matters, in both languages."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from claims.models import Claim
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import TELEPHONE, in_turn
from tests.browser.test_my_actions import let_in, page_of, press, small_targets, tab_to
from tests.browser.test_tell_pages import looked
from tests.builders import OUTAGE, follow_up, policies_of_the_demonstration, work_off
from tests.claims.choice_cast import WEBTOON, of_webtoon

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

__all__ = ["let_in"]  # a fixture


@pytest.fixture
def claims(site: str) -> tuple[Claim, ...]:
    """One that waits for a person."""
    policies_of_the_demonstration()
    claim = of_webtoon(Incident.objects.get(key=OUTAGE))
    work_off()
    follow_up()
    return (claim,)


@pytest.mark.parametrize("language", in_turn(0))
def test_what_each_option_is_worth_stands_side_by_side(
    site: str, claims: tuple[Claim, ...], let_in: str, browser: Browser, language: str
) -> None:
    page, wrong = page_of(browser, site, let_in, language), []
    page.goto(f"{site}/claim/{OUTAGE}/services/")
    page.click(f"summary:has(+ fieldset input[value='{WEBTOON}'])")
    page.check(f"input[value='{WEBTOON}']")
    page.click(".steps button")
    page.fill("[name$='-0-start_at']", "2022-10-15T18:00")
    page.fill("[name$='-0-end_at']", "2022-10-15T22:00")
    page.click(".steps button:not([name])")
    cards = page.locator(".picks .options label")
    expect(cards).to_have_count(3)
    boxes = [box for place in range(3) if (box := cards.nth(place).bounding_box())]
    assert boxes[0]["y"] == boxes[1]["y"], "beside each other"
    assert boxes[0]["height"] == boxes[1]["height"]
    wrong += [*looked(page, "choice-expected", language, TELEPHONE), *small_targets(page)]
    page.check(".picks [value='cash']")
    page.click(".steps button")
    page.wait_for_url("**/you/")
    page.goto(f"{site}/claim/{OUTAGE}/expected/")
    assert "1,000" in page.locator(".sum").inner_text()
    page.goto(f"{site}/my/{claims[0].reference}/")
    wrong += looked(page, "choice-status", language, TELEPHONE)
    press(page, "a[href$='/choose/']")
    wrong += [*looked(page, "choose", language, TELEPHONE), *small_targets(page)]
    press(page, ".steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    wrong += looked(page, "choose-wrong", language, TELEPHONE)
    tab_to(page, ".picks [type=radio]")
    page.keyboard.press("ArrowDown")  # from the last one, which says that nothing is chosen, to the first
    press(page, ".steps button")
    assert page.url.endswith("/choose/sent/")
    wrong += looked(page, "chosen", language, TELEPHONE)
    page.goto(f"{site}/my/{claims[0].reference}/choose/")
    assert page.locator(".picks :checked").get_attribute("value") == "cash"
    wrong += looked(page, "choose-again", language, TELEPHONE)
    assert wrong == []
