"""The page of the API's description opens, shows every operation, and runs nothing that is not ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_description_is_read_in_a_browser(browser: Browser, site: str):
    page, told = browser.new_page(), []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/api/docs/")
    page.locator("#operations-claims-postClaimList").wait_for()
    assert page.locator(".opblock").count() > 25
    page.click("#operations-claims-postClaimList .opblock-summary-control")
    page.get_by_text("Idempotency-Key").first.wait_for()
    assert told == []
    assert all(url.startswith((site, "data:")) for url in asked), asked
