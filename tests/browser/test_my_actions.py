"""What somebody does with their own claim, in a browser: on a telephone, by keyboard, in both languages."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim
from claims.operations import ToldFact
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import asked
from tests.browser.looks import TELEPHONE, in_turn
from tests.browser.test_tell_pages import looked
from tests.builders import BIKE, MESSAGES, OUTAGE, a_person, claim_of, follow_up, policies_of_the_demonstration, told, work_off
from tests.claims.mine_cast import session_of

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)


@pytest.fixture
def claims(site: str) -> tuple[Claim, Claim]:
    """One that a rule has decided, and one that waits."""
    policies_of_the_demonstration()
    incident = Incident.objects.get(key=OUTAGE)
    decided = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 17:30"), asks_for=["kakao_goodwill"])
    work_off()
    follow_up()
    ride = told(BIKE, "15 15:20", "15 21:15", ToldFact("ride_charge", 53450))
    return decided, claim_of(a_person(), incident, ride)


@pytest.fixture
def let_in(claims: tuple[Claim, Claim]) -> str:
    """Made before the browser is there, which lets nobody query."""
    return session_of(*claims)


def page_of(browser: Browser, site: str, key: str, language: str) -> Page:
    context = browser.new_context(locale=language, viewport={"width": TELEPHONE, "height": 900})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    return context.new_page()


def small_targets(page: Page) -> list[str]:
    """What is pressed and lower than 44 pixels, apart from links in a text."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll(".claim :is(button, summary, label:has(> input), .steps a)")]
      .filter(e => e.checkVisibility() && !e.classList.contains("unseen") && e.getBoundingClientRect().height < 43.5)
      .map(e => e.outerHTML.slice(0, 120))""")
    )


def tab_to(page: Page, selector: str) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def press(page: Page, selector: str) -> None:
    """What leads to another page."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("language", in_turn(1))
def test_by_keyboard_somebody_disagrees_with_a_line(
    site: str, claims: tuple[Claim, Claim], let_in: str, browser: Browser, language: str
) -> None:
    page, wrong = page_of(browser, site, let_in, language), []
    page.goto(f"{site}/my/{claims[0].reference}/disagree/")
    wrong += looked(page, "disagree", language, TELEPHONE)
    press(page, "form .steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    tab_to(page, "[role=alert] a")
    page.keyboard.press("Enter")
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=points]")  # of a line that nothing being chosen has unfolded
    page.keyboard.press("Space")
    tab_to(page, "[name='words-0']")
    page.keyboard.type("두 시간이 아니라 세 시간이었습니다.")
    wrong += [*looked(page, "chosen-points", language, TELEPHONE), *small_targets(page)]
    press(page, "form .steps button")
    expect(page.locator("blockquote")).to_have_count(1)
    wrong += [*looked(page, "disagree-check", language, TELEPHONE), *small_targets(page)]
    press(page, "[name=send]")
    wrong += [*looked(page, "disagree-sent", language, TELEPHONE), *small_targets(page)]
    press(page, "a[href$='/disagree/withdraw/']")
    wrong += [*looked(page, "take-back", language, TELEPHONE), *small_targets(page)]
    assert wrong == []


@pytest.fixture
def just_filed(site: str) -> tuple[Claim, str]:
    policies_of_the_demonstration()
    lost = told(MESSAGES, "15 15:30", "15 22:00")
    claim = claim_of(a_person(), Incident.objects.get(key=OUTAGE), lost, received_at=timezone.now() - timedelta(minutes=1))
    return claim, session_of(claim)


def test_the_page_follows_what_becomes_of_a_claim(site: str, just_filed: tuple[Claim, str], browser: Browser) -> None:
    claim, key = just_filed
    page = page_of(browser, site, key, "ko")
    page.goto(f"{site}/my/{claim.reference}/")
    expect(page.locator("#content")).to_contain_text("기록과 맞추어 보고 있습니다")
    asked(work_off)
    asked(follow_up)
    expect(page.locator("#content")).to_contain_text("3,250", timeout=20_000)


@pytest.mark.parametrize("language", in_turn(0))
def test_a_claim_is_corrected_and_withdrawn(
    site: str, claims: tuple[Claim, Claim], let_in: str, browser: Browser, language: str
) -> None:
    page, wrong = page_of(browser, site, let_in, language), []
    mine = f"{site}/my/{claims[1].reference}"
    page.goto(f"{mine}/correct/")
    wrong += [*looked(page, "correct", language, TELEPHONE), *small_targets(page)]
    page.click("details.more > summary")
    page.locator("details.product summary").first.click()
    page.locator("[name=services-services]").first.check()
    wrong += looked(page, "add-service", language, TELEPHONE)
    page.click("[name=add]")
    page.click("[name=drop]")
    page.fill("[name$=ride_started_at]", "2022-10-15T15:20")
    page.fill("[name$=ride_locked_at]", "2022-10-15T15:42")
    page.fill("[name$=end_at]", "")
    page.click(".steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    wrong += looked(page, "correct-wrong", language, TELEPHONE)
    page.fill("[name$=end_at]", "2022-10-15T21:00")
    page.click(".steps button")
    expect(page.locator("ins")).to_have_count(3)
    wrong += [*looked(page, "correct-check", language, TELEPHONE), *small_targets(page)]
    page.click("[name=send]")
    assert page.url.endswith("/correct/sent/")
    wrong += looked(page, "corrected", language, TELEPHONE)
    page.goto(f"{mine}/write/")
    page.click(".steps button")
    wrong += [*looked(page, "write", language, TELEPHONE), *small_targets(page)]
    page.goto(f"{mine}/withdraw/")
    wrong += [*looked(page, "withdraw", language, TELEPHONE), *small_targets(page)]
    page.click(".steps button")
    wrong += looked(page, "withdrawn", language, TELEPHONE)
    page.goto(f"{mine}/disagree/")
    wrong += looked(page, "undecided", language, TELEPHONE)
    assert wrong == []
