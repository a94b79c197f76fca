"""A real browser on a real server. Without Chromium these tests are skipped, and fail where REQUIRE_BROWSER=1."""

from collections.abc import Callable, Iterator
from functools import partial, wraps
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.replay import loaded

CHROMIUM = Path("/usr/bin/chromium")
# Else it imitates one, which takes almost as much of the processors as all other work for a page.
WITHOUT_GPU = ("--disable-gpu", "--disable-gpu-rasterization", "--disable-gpu-compositing")


@pytest.fixture(scope="session", autouse=True)
def whole_pages() -> Iterator[None]:
    """A click or a key ends when the next page begins to arrive: what a test then reads without waiting, it reads of a
    whole page.
    """

    def waits(act: Callable[..., None], page_of: Callable[[Any], Page]) -> Callable[..., None]:
        @wraps(act)
        def acted(at: Any, *args: Any, **named: Any) -> None:
            act(at, *args, **named)
            page_of(at).wait_for_load_state()

        return acted

    with pytest.MonkeyPatch.context() as patched:
        for name in ("click", "press"):
            patched.setattr(Page, name, waits(getattr(Page, name), lambda page: page))
            patched.setattr(Locator, name, waits(getattr(Locator, name), lambda found: found.page))
        yield


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The address of a server with the shipped record."""
    loaded("all of the record", partial(call_command, "load_record", verbosity=0))
    return str(live_server.url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for all tests of a module. Playwright keeps an event loop running in this thread meanwhile, by which Django would
    take each query for one that blocks it.
    """
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", *WITHOUT_GPU],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Nothing of one test is left to the next: what it opened is closed, with its cookies."""
    refused: list[str] = []
    make = chromium.new_context

    def new_context(**named: Any) -> BrowserContext:
        context = make(**named)
        context.on("console", lambda line: _note(line, refused))
        return context

    monkeypatch.setattr(chromium, "new_context", new_context)
    yield chromium
    for context in chromium.contexts:
        context.close()
    assert refused == [], "a page asks for what its Content-Security-Policy forbids"


def _note(line: ConsoleMessage, refused: list[str]) -> None:
    """Of the page itself: what a test or axe puts into it stands at no address."""
    if "Content Security Policy" in line.text and line.location["url"]:
        refused.append(f"{line.location['url']}: {line.text[:100]}")
