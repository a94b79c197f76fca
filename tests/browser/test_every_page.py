"""What is asked of every page on a claimant's way: what it weighs, and over a slow line."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from claims.models import Claim
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import CONTINUE, Look, browser, here, say_who, send, site, story_of, telephone, tell
from tests.browser.test_claim_pages import OF_A_CLAIM, claims, documents, let_in
from tests.builders import MESSAGES, OUTAGE

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

__all__ = ["browser", "claims", "documents", "let_in", "site"]  # fixtures
MOST_BYTES = 200_000
PUBLIC = ("incidents", f"incidents/{OUTAGE}")
# What is too low to be met by a finger: links that stand by themselves below 24 pixels, main ways on below 44 (WCAG 2.2). What
# stands in a sentence is as high as the sentence.
TOO_LOW = """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")].filter(one => {
  if (!one.checkVisibility() || one.closest(".unseen, .skip, svg") || one.matches(".unseen")) return false;
  const beside = [...one.parentElement.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
  const around = beside.some(node => /\\p{L}/u.test(node.data)) && !one.closest("header, footer, nav");
  const target = one.matches("[type=checkbox], [type=radio]") ? one.closest("label") || one : one;
  const box = target.getBoundingClientRect();
  const main = "button, .steps a, .actions a, .to-status a, .way, [role=button], summary, input, select";
  const least = one.matches(main) ? 44 : 24;
  return !(one.localName === "a" && around) && Math.min(box.height, box.width + 20) < least - 0.5;
}).map(one => [one.innerText || one.name, one.getBoundingClientRect().height, one.parentElement.className].join(" | "))"""


class Weighed:
    """What a page takes over the line, with nothing kept from before: of all but fonts. Here nothing is packed on its way; what
    would be counts as it is unpacked, for that is what a telephone has to read.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.line = page, page.context.new_cdp_session(page)
        self.bytes: dict[str, int] = {}
        self.fonts: set[str] = set()
        self.unpacked: dict[str, float] = {}
        self.now = 0.0
        self.open: set[str] = set()
        self.line.send("Network.enable")
        self.line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.line.on("Network.requestWillBeSent", lambda said: self.open.add(said["requestId"]))
        self.line.on("Network.loadingFailed", lambda said: self.open.discard(said["requestId"]))
        self.line.on("Network.responseReceived", self._kind)
        self.line.on("Network.dataReceived", self._unpacked)
        self.line.on("Network.loadingFinished", self._finished)

    def _kind(self, said: dict[str, Any]) -> None:
        if said["type"] == "Font":
            self.fonts.add(said["requestId"])
        if said["type"] == "Document":
            self.now = 0.0

    def _unpacked(self, said: dict[str, Any]) -> None:
        self.unpacked[said["requestId"]] = self.unpacked.get(said["requestId"], 0.0) + said["dataLength"]

    def _finished(self, said: dict[str, Any]) -> None:
        self.open.discard(said["requestId"])
        if said["requestId"] not in self.fonts:
            self.now += max(said["encodedDataLength"], self.unpacked.get(said["requestId"], 0.0))

    def look(self, page: Page, name: str) -> None:
        """Loaded is sooner than told: on a busy machine a page weighed nothing."""
        page.wait_for_load_state("load")
        for _ in range(250):
            page.wait_for_timeout(20)
            if not self.open:
                break
        self.bytes[name] = int(self.now)


def visit(page: Page, site: str, name: str, look: Look, *, claims: dict[str, Claim], let_in: str) -> None:
    """Every page of a claimant's way, and what they come from: the public record. `name`: of whoever claims on the way."""
    story = story_of("U4", name)
    tell(page, site, story, look)
    say_who(page, story, look)
    send(page, look)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    approved, busy = (f"my/{claims[one].reference}" for one in ("approved", "busy"))
    for address in (*PUBLIC, "my", "my/check", approved, busy, *(f"{approved}/{one}" for one in OF_A_CLAIM)):
        page.goto(f"{site}/{address}/")
        look(page, address)


def test_no_page_weighs_200_kilobytes(
    browser: Browser, site: str, claims: dict[str, Claim], let_in: str, documents: list[tuple[str, str, str]]
) -> None:
    page = telephone(browser)
    weighed = Weighed(page)
    visit(page, site, "weighed", weighed.look, claims=claims, let_in=let_in)
    pages = dict(weighed.bytes)
    for name, _, address in documents:
        page.goto(f"{site}{address}")
        weighed.look(page, name)
    if os.environ.get("PICTURES"):
        print(weighed.bytes)
    page.context.close()
    assert (len(pages), len(weighed.bytes) - len(pages)) == (12 + len(PUBLIC) + len(OF_A_CLAIM), len(documents))
    assert all(weight > 10_000 for weight in pages.values()), "with their style"
    assert {name: weight for name, weight in weighed.bytes.items() if not 1_000 < weight < MOST_BYTES} == {}


def test_a_finger_meets_what_it_means(
    browser: Browser, site: str, claims: dict[str, Claim], let_in: str, documents: list[tuple[str, str, str]]
) -> None:
    page, low = telephone(browser), {}

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("load")
        if found := page.evaluate(TOO_LOW):
            low[name] = found

    visit(page, site, "touched", look, claims=claims, let_in=let_in)
    for name, _, address in documents:
        page.goto(f"{site}{address}")
        look(page, name)
    page.context.close()
    assert low == {}, "\n".join(f"{name}: {each}" for name, found in low.items() for each in found)


def test_over_a_slow_line_it_can_be_used(browser: Browser, site: str) -> None:
    page = telephone(browser)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
    line.send("Network.emulateNetworkConditions", slow)
    page.goto(here(site, "services"), wait_until="load")
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart")  # with its style: it is painted
    if os.environ.get("PICTURES"):
        print(
            "slow 3G, services:", took, page.evaluate("performance.getEntriesByType('paint').map(e => [e.name, e.startTime])")
        )
    assert took < 10_000
    box = page.locator(f"input[value='{MESSAGES}']")
    page.click(f"summary:has(+ fieldset input[value='{MESSAGES}'])")
    box.check()
    page.click(CONTINUE)
    page.wait_for_url("**/times/", wait_until="domcontentloaded", timeout=20_000)
    assert page.locator("[name='times-0-start_at']").input_value()
    page.context.close()
