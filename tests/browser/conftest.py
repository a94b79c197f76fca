"""A real browser on a real server. Without Chromium these tests are skipped, and fail where REQUIRE_BROWSER=1."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The address of a server with the shipped record."""
    call_command("load_record", verbosity=0)
    return str(live_server.url)


@pytest.fixture
def browser(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Playwright runs an event loop in this thread, where Django refuses queries: the record is loaded before it
    starts, and the tables are emptied after it has ended.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        refused: list[str] = []
        make = browser.new_context

        def new_context(**named: Any) -> BrowserContext:
            context = make(**named)
            context.on("console", lambda line: _note(line, refused))
            return context

        monkeypatch.setattr(browser, "new_context", new_context)
        yield browser
        browser.close()
        assert refused == [], "a page asks for what its Content-Security-Policy forbids"


def _note(line: ConsoleMessage, refused: list[str]) -> None:
    """Of the page itself: what a test or axe puts into it stands at no address."""
    if "Content Security Policy" in line.text and line.location["url"]:
        refused.append(f"{line.location['url']}: {line.text[:100]}")
