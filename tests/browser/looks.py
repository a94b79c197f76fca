"""What is asked of every page: axe finds nothing, nothing leaves its frame, and one language is spoken."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.proofs import some

DESK, TELEPHONE = 1280, 390
PASSWORD = "a long password 1"  # of `a_user` and `staff`
SPILLED = """all => all.filter(e => e.offsetParent && e.getBoundingClientRect().right >
  e.closest("form").getBoundingClientRect().right + 1).map(e => e.name)"""
# Boxes that scroll sideways and have no leave to: what is wide by nature, as text in columns, says `data-scrolls`.
SCROLLED = """() => [...document.querySelectorAll("body *")].filter(e => e.checkVisibility()
  && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.closest("[data-scrolls]"))
  .map(e => [e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.id || e.className || e.localName,
    e.scrollWidth, e.clientWidth].join(" "))"""
BY_SCREEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")  # what differs by size and colours
WIDTHS = "all => all.map(e => e.getBoundingClientRect().width)"
FORMS = ":is(.record-form, .intake-form, .clock form) :is(input, select, textarea)"
# All that is shown or read out; not what is typed in, quoted as it stands somewhere else, or said to be in another language.
SAID = """() => {
  const quoted = "script, style, svg title, pre, code, textarea, .draft-diff, #user-tools strong, body [lang]";
  const texts = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const [text, by] = [walk.currentNode.data, walk.currentNode.parentElement];
    if (!by.closest(quoted) && (by.checkVisibility() || by.matches("option"))) texts.push(text);
  }
  const named = ["aria-label", "title", "placeholder", "alt"];
  for (const one of document.body.querySelectorAll(named.map(name => `[${name}]`).join()))
    texts.push(...named.map(name => one.getAttribute(name) || ""));
  return [document.title, ...texts].map(text => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
KOREAN = re.compile(r"[가-힣]+(?: [가-힣]+)*")
ENGLISH = re.compile(r"[A-Za-z'’]+(?:,? [A-Za-z'’]+){2,}")  # as many words are a sentence, unless they are names
LOWER = re.compile(r"\b[a-z]{2,}\b")
OF_POLICIES = ("claims_policy", "claims_draftrevision")  # begins of tables: what they hold is said in the reader's language


def in_turn(turn: int) -> list[str]:
    """In which languages a journey is made: in one of them, tests taking turns, and in both by `make proofs`."""
    return some(("ko", "en"), each=2, turn=turn)


def logged_in(browser: Browser, site: str, email: str, *, language: str = "ko", width: int = DESK, **more: Any) -> Page:
    """By the form."""
    page = browser.new_context(locale=language, viewport={"width": width, "height": 900}, **more).new_page()
    page.goto(site + reverse("admin:index"))
    page.fill("#id_username", email)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    expect(page.locator("#h-todo")).to_have_count(1)
    return page


def opened(page: Page, address: str) -> None:
    """With all that is folded unfolded."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    unfold(page)


def picture(page: Page, name: str) -> None:
    """For people to look at, in the folder PICTURES if one is said."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder, f"{re.sub(r'[^0-9A-Za-z-]+', '_', name)}.png"), full_page=True)


def until(page: Page, script: str) -> None:
    """Playwright's own way to wait evaluates a string in the page, which its Content-Security-Policy forbids."""
    for _ in range(300):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within 30 seconds: {script}")


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def shut_out(page: Page, *rules: str, menu: bool = True) -> list[tuple[str, Any]]:
    """What axe finds, of all its rules where none are named. The menu is the same beside each page."""
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    violations = Axe().run(page, None if menu else {"exclude": [["#nav-sidebar"]]}, options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]


def outside(page: Page, width: int) -> list[tuple[str, Any]]:
    """What does not fit, at this width of the window."""
    page.set_viewport_size({"width": width, "height": 900})
    if folder := os.environ.get("SCREENSHOTS"):
        name = urlsplit(page.url).path.removeprefix("/admin/").strip("/").replace("/", "-") or "start"
        language = page.locator("html").get_attribute("lang")
        page.screenshot(path=f"{folder}/{language}-{width}-{name}.png", full_page=True)
    across = page.evaluate("document.documentElement.scrollWidth")
    found: list[tuple[str, Any]] = [("scrolls sideways", across)] if across > width else []
    found += [("scrolls in its box", box) for box in page.evaluate(SCROLLED)]
    found += [("spills over", name) for name in page.locator(FORMS).evaluate_all(SPILLED)]
    return found + [("broken", wide) for wide in page.locator(".clock th[scope=row]").evaluate_all(WIDTHS) if wide < 80]


def foreign(page: Page, language: str, data: str) -> list[tuple[str, Any]]:
    """What is said in the other language and stands in no row; and a page that says that it is in another one."""
    other = KOREAN if language == "en" else ENGLISH
    said = {words for text in page.evaluate(SAID) for words in other.findall(text)}
    said = {words for words in said if language == "en" or len(LOWER.findall(words)) > 1}
    found = [(f"not in {language}", words) for words in sorted(said) if words not in data]
    declared = page.locator("html").get_attribute("lang")
    return found + ([("language", declared)] if declared != language else [])


def texts_of_rows() -> str:
    """All that is written in the tables, apart from policies: what of it a page shows, it shows as it was written."""
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if not one.startswith(OF_POLICIES)]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            texts.append(cursor.fetchone()[0] or "")
    return "\n".join(texts)
