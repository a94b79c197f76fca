"""The article's seven people as claimants: what each says on the pages, and what they are told to expect. The pages are served
once for a module, with the shipped record and the demonstration's policies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import CHROMIUM
from tests.browser.looks import TELEPHONE
from tests.builders import BIKE, MESSAGES, OUTAGE, a_user, authority, policies_of_the_demonstration
from tests.databases import empty_tables

SMALL = 320
WIDER = """width => [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > width)
  .map(e => e.outerHTML.slice(0, 100)).slice(0, 5)"""
TAXI, DRIVER, BANK = "kakao_t.taxi_call", "kakao_t_taxi_driver.app", "unnamed_bank.banking"
CONTINUE = "main form .steps button"


@dataclass(frozen=True)
class Story:
    """`losses`: service, from, until, and facts of that loss; `about`: facts of the claim; `expected`: in Korean and English,
    the sum, or that there is none.
    """

    who: str
    losses: tuple[tuple[str, str, str, Mapping[str, str]], ...]
    expected: tuple[str, str]
    outcome: str
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        return f"{self.who.lower()}@example.org"


NOTHING = ("받을 수 있는 것이 없습니다", "you may expect nothing")
NOT_YET = ("얼마인지는 아직 말할 수 없습니다", "How much cannot be said yet")
RIDE = {"ride_started_at": "2022-10-15T15:20", "ride_locked_at": "2022-10-15T15:42", "ride_charge": "53450"}
SHIFT: tuple[str, str, dict[str, str]] = ("2022-10-16T06:00", "2022-10-16T14:00", {})
MEMBER = {"claimant_kind": "taxi_driver", "subscription_charge": "39000", "subscription_started_at": "2022-03-01T00:00"}
STORIES = {
    story.who: story
    for story in (
        Story("U1", ((BIKE, "2022-10-15T15:42", "2022-10-15T21:15", RIDE),), ("49,950원", "49,950 won"), "needs_review"),
        Story(
            "U2", ((MESSAGES, "2022-10-15T15:30", "2022-10-15T22:00", {}),), ("3,250원", "3,250 won"), "eligible",
            {"claimant_kind": "worker"},
        ),
        Story(
            "U3", ((MESSAGES, "2022-10-15T15:00", "2022-10-16T03:00", {}),), ("5,000원", "5,000 won"), "eligible",
            {"claimant_kind": "worker"},
        ),
        Story("U4", ((TAXI, *SHIFT), (DRIVER, *SHIFT)), ("7,550포인트", "7,550 points"), "needs_review", MEMBER),
        Story(
            "U5", ((TAXI, "2022-10-15T19:00", "2022-10-15T21:30", {}),), NOTHING, "not_eligible", {"claimant_kind": "passenger"}
        ),
        Story(
            "U6", ((TAXI, "2022-10-15T17:00", "2022-10-16T09:00", {}),), NOTHING, "not_eligible", {"claimant_kind": "passenger"}
        ),
        Story("U7", ((BANK, "2022-10-15T16:00", "2022-10-15T20:00", {}),), NOT_YET, "parked"),
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a server whose rows stay until the end: the tests of a module share them."""
    with django_db_blocker.unblock():
        call_command("load_record", verbosity=0)
        policies_of_the_demonstration()
        call_command("publish_consents", stdout=StringIO())
        a_user("caseworker", email="caseworker@example.com")
        authority()
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        try:
            yield server.url
        finally:
            server.stop()
            server._live_server_modified_settings.disable()
            connections.close_all()
            empty_tables()


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def story_of(who: str, name: str) -> Story:
    """As somebody of their own: what was filed is found by the address."""
    return replace(STORIES[who], who=f"{who}-{name}")


def telephone(browser: Browser, language: str = "ko", **more: Any) -> Page:
    return browser.new_context(locale=language, viewport={"width": TELEPHONE, "height": 900}, **more).new_page()


def narrow(page: Page, name: str) -> None:
    """Nothing scrolls sideways, on a telephone and on a small one."""
    for width in (SMALL, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate(WIDER, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width, wide)


def here(site: str, step: str) -> str:
    return f"{site}/claim/{OUTAGE}/{step}/"


Look = Callable[[Page, str], None]


def no_look(page: Page, name: str) -> None:
    pass


def tell(page: Page, site: str, story: Story, look: Look = no_look) -> None:
    """From the start to what may be expected. `look` is called on each page, filled in, before it is sent."""
    choose(page, site, story, look)
    fill_times(page, story)
    look(page, "times")
    page.click(f"{CONTINUE}:not([name])")
    if story.about:
        fill_about(page, story)
        look(page, "about")
        page.click(CONTINUE)
    assert page.url.endswith("/expected/"), page.locator("main").inner_text()
    look(page, "expected")


def choose(page: Page, site: str, story: Story, look: Look = no_look) -> None:
    """From the start to the times."""
    page.goto(f"{site}/claim/")
    look(page, "start")
    page.click(f"a[href*='{OUTAGE}']")
    for service, *_ in story.losses:
        box = page.locator(f"input[value='{service}']")
        if not box.is_visible():
            page.click(f"summary:has(+ fieldset input[value='{service}'])")
        box.check()
    look(page, "services")
    page.click(CONTINUE)


def fill_times(page: Page, story: Story) -> None:
    for service, start_at, end_at, facts in story.losses:
        row = page.locator(f"fieldset[id='{service}']")
        row.locator("[name$=start_at]").first.fill(start_at)
        row.locator("[name$='-end_at']").first.fill(end_at)
        still = row.locator("[name$=still]")
        if still.is_checked():
            still.uncheck()
        for name, value in facts.items():
            row.locator(f"[name$='fact-{name}']").fill(value)


def fill_about(page: Page, story: Story) -> None:
    for name, value in story.about.items():
        asked = page.locator(f"[name='about-fact-{name}']")
        asked.select_option(value) if asked.evaluate("e => e.localName") == "select" else asked.fill(value)


def say_who(page: Page, story: Story, look: Look = no_look) -> None:
    """From what may be expected to the last page, agreed to and not sent."""
    page.click(CONTINUE)
    page.fill("[name=you-name]", "홍길동")
    page.fill("[name=you-email]", story.email)
    look(page, "you")
    page.click(CONTINUE)
    page.locator(".consent input").first.check()
    look(page, "check")


def send(page: Page, look: Look = no_look) -> str:
    """The number of the claim; its own page is open at the end."""
    page.click(CONTINUE)
    number = number_of(page)
    look(page, "received")
    page.click(f"main a[href='/my/{number}/']")
    assert page.url.endswith(f"/my/{number}/")
    assert number in page.locator("main").inner_text()
    return number


def number_of(page: Page) -> str:
    assert page.url.endswith("/received/"), page.locator("main").inner_text()
    return page.locator(".sum").inner_text()


def asked(question: Callable[[], Any]) -> Any:
    """In a thread of its own: in that of the browser Django refuses queries."""

    def ask() -> Any:
        try:
            return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as one:
        return one.submit(ask).result()
