"""The public pages in a browser: nobody is shut out, on no screen, in no language, by day and by night."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM
from tests.proofs import some

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

PAGE = "/incidents/kakao-2022-10-15/"
PAGES = ("/incidents/", PAGE, "/incidents/none/")
LANGUAGES = ("ko", "en")
DESK, TELEPHONE = 1280, 390
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@contextmanager
def page_of(browser: Browser, width: int, scheme: Literal["light", "dark"] = "light", language: str = "ko") -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(width: int, browser: Browser, site: str) -> None:
    """Each page in two of the four ways, and in another two at the other width; in all of them by `make proofs`."""
    found = []
    for turn, (scheme, language) in enumerate(product(SCHEMES, LANGUAGES), width == DESK):
        with page_of(browser, width, scheme, language) as page:
            for address in some(PAGES, each=2, turn=turn):
                page.goto(site + address)
                assert page.locator("html").get_attribute("lang") == language
                violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
                across = page.evaluate("document.documentElement.scrollWidth")
                found += [(address, scheme, language, one["id"], one["nodes"][0]["html"][:200]) for one in violations]
                found += [(address, scheme, language, "scrolls sideways", across)] if across > width else []
    assert found == []


@pytest.mark.parametrize(("width", "shown", "hidden"), [(DESK, "wide", "narrow"), (TELEPHONE, "narrow", "wide")])
def test_one_timeline_is_shown_and_fits(width: int, shown: str, hidden: str, browser: Browser, site: str) -> None:
    with page_of(browser, width) as page:
        page.goto(site + PAGE)
        expect(page.locator(f"svg.timeline.{shown}")).to_be_visible()
        expect(page.locator(f"svg.timeline.{hidden}")).to_be_hidden()
        sizes = page.locator(f"svg.timeline.{shown} text:visible").evaluate_all(
            "texts => texts.map(text => [text.getBoundingClientRect(), parseFloat(getComputedStyle(text).fontSize)])"
            ".map(([box, size]) => [box.left, box.right, size])"
        )
        assert len(sizes) > 50
        assert min(left for left, _, _ in sizes) >= 0
        assert max(right for _, right, _ in sizes) <= width
        assert min(size for _, _, size in sizes) >= 12, "text keeps its size on every screen"


def test_names_beside_the_bars_do_not_reach_into_them(browser: Browser, site: str) -> None:
    for language, width in product(LANGUAGES, (961, DESK)):
        with page_of(browser, width, language=language) as page:
            page.goto(site + PAGE)
            names = page.locator("svg.timeline.wide text.lane").evaluate_all(
                "all => all.map(t => t.getBoundingClientRect().right)"
            )
            bars = page.locator("svg.timeline.wide use").evaluate_all("all => all.map(g => g.getBoundingClientRect().left)")
            assert max(names) < min(bars)


def test_a_version_is_picked_by_keyboard_and_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{site}{PAGE}?lang=en")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    for _ in range(10):
        if page.locator("select#version:focus").count():
            break
        page.keyboard.press("Tab")
    expect(page.get_by_label("Published versions")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{PAGE}?version=1&lang=en")
    expect(page.get_by_text("There is a newer version.")).to_be_visible()
    context.close()


def test_nothing_comes_from_elsewhere_and_nothing_fails(browser: Browser, site: str) -> None:
    """With the strictest policy a browser knows: no inline script or style would work either."""
    with page_of(browser, DESK) as page:
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))

        def strict(route):
            response = route.fetch()
            policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
            route.fulfill(response=response, headers={**response.headers, "content-security-policy": policy})

        page.route(f"**{PAGE}*", strict)
        page.goto(site + PAGE)
        assert all(url.startswith((site, "data:")) for url in asked)
        assert len([url for url in asked if url.endswith(".css")]) == 2
        assert [line for line in said if "favicon" not in line and "404" not in line] == []
        assert page.locator("h1").evaluate("e => getComputedStyle(e).wordBreak") == "keep-all", "the stylesheet came"
