"""Documents are sent in a browser: on a telephone, by keyboard, with and without scripts, on a slow and on a broken line."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import settings
from django.db import transaction
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from claims.documents import LARGEST
from claims.models import Claim
from claims.operations import AskedDocument
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import TELEPHONE, in_turn, until
from tests.browser.test_my_actions import small_targets, tab_to
from tests.browser.test_tell_pages import looked
from tests.builders import a_user, authority
from tests.claims.mine_cast import session_of
from tests.claims.test_evidence import BILL, ask, in_review

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # bytes a second


@pytest.fixture
def claim(site: str) -> Claim:
    """Of which a bill and a photograph are asked for."""
    with transaction.atomic():
        authority("caseworker")
        worker = a_user("caseworker")
        found = in_review(worker)
        ask(found, worker, BILL, AskedDocument(words="Photo 사진"), override="nothing is listed for it")
    return found


@pytest.fixture
def key(claim: Claim) -> str:
    """Of a session that may work on the claim. Made before the browser is there, which lets nobody query."""
    return session_of(claim)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of about 200 kB, as a telephone has one."""
    path = tmp_path_factory.mktemp("photos") / "영수증 photo.jpg"
    Image.effect_noise((700, 600), 90).convert("RGB").save(path, "JPEG", quality=75)
    assert 100_000 < path.stat().st_size < 400_000
    return path


class Opened(Protocol):
    def __call__(self, language: str, *, scripts: bool = True) -> Page: ...


@pytest.fixture
def opened(site: str, claim: Claim, key: str, browser: Browser) -> Opened:
    """The page, on a telephone."""

    def page_of(language: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            locale=language, viewport={"width": TELEPHONE, "height": 900}, java_script_enabled=scripts, has_touch=True
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
        page = context.new_page()
        page.goto(f"{site}/my/{claim.reference}/documents/")
        return page

    return page_of


def slowly(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)


def whole_hash(page: Page) -> str:
    return page.locator("details.hash p code").first.inner_text()


@pytest.mark.parametrize("language", in_turn(1))
def test_a_photo_is_sent_by_keyboard_on_a_slow_line(opened: Opened, photo: Path, language: str) -> None:
    page, wrong = opened(language), []
    wrong += [*looked(page, "documents", language, TELEPHONE), *small_targets(page)]
    tab_to(page, "[name=what_for]")
    page.keyboard.press("Space")
    with page.expect_file_chooser() as chooser:
        tab_to(page, "[name=file]")
        page.keyboard.press("Enter")
    chooser.value.set_files(photo)
    slowly(page)
    tab_to(page, "#send .steps button")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#send progress').value > 25")
    assert page.locator("#send progress").is_visible()
    told = page.locator(".told-now").inner_text()
    assert told.endswith("0%"), told
    assert int(told.split()[-1].rstrip("%")) <= 100
    wrong += looked(page, "documents-sending", language, TELEPHONE)
    page.wait_for_url("**/documents/*/", timeout=60_000)
    assert whole_hash(page) == sha256(photo.read_bytes()).hexdigest()
    assert page.locator("h2").first.inner_text() == photo.name
    wrong += [*looked(page, "document", language, TELEPHONE), *small_targets(page)]
    tab_to(page, "a[role=button]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("article.line")).to_have_count(1)
    wrong += [*looked(page, "documents-one", language, TELEPHONE), *small_targets(page)]
    assert wrong == []


@pytest.mark.parametrize("language", in_turn(0))
def test_without_scripts_the_form_sends_it(opened: Opened, claim: Claim, photo: Path, language: str) -> None:
    page = opened(language, scripts=False)
    page.set_input_files("[name=file]", photo)
    page.click("#send .steps button")
    expect(page.locator("[role=alert] a[href='#id_what_for']")).to_have_count(1)
    page.check("[name=what_for][value=else]")
    page.set_input_files("[name=file]", photo)
    page.click("#send .steps button")
    assert page.locator("h2").first.inner_text() == photo.name
    with page.expect_download() as saved:
        page.click("a[download]")
    assert saved.value.suggested_filename.startswith(claim.reference)


@pytest.mark.parametrize("language", in_turn(1))
def test_what_goes_wrong_is_said_and_the_choice_stays(opened: Opened, photo: Path, tmp_path: Path, language: str) -> None:
    page, wrong = opened(language), []
    chosen, told = "document.querySelector('[name=file]').files.length", page.locator(".told-now")
    page.set_input_files("[name=file]", photo)

    page.click("#send .steps button")  # nothing is ticked: the server's answer, with the choice
    page.wait_for_selector("[role=alert]")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.evaluate(chosen) == 1
    wrong += looked(page, "documents-not-ticked", language, TELEPHONE)

    page.check("[name=what_for][value=else]")
    page.route("**/documents/", lambda route: route.abort("connectionfailed"))
    page.click("#send .steps button")
    page.wait_for_selector(".told-now.failed")
    assert told.inner_text() == page.locator("#send").get_attribute("data-failed")
    assert (page.evaluate(chosen), page.locator("#send progress").is_visible()) == (1, False)
    wrong += looked(page, "documents-failed", language, TELEPHONE)

    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(LARGEST + 1))
    page.set_input_files("[name=file]", large)
    page.click("#send .steps button")  # never sent: the line is still broken
    assert told.inner_text() == page.locator("#send").get_attribute("data-too-large")

    page.unroute("**/documents/")
    html = tmp_path / "page.pdf"
    html.write_bytes(b"<html><script>alert(1)</script>")
    page.set_input_files("[name=file]", html)
    page.click("#send .steps button")
    page.wait_for_selector("[role=alert] a[href='#id_file']")
    assert page.evaluate(chosen) == 0, "what is refused is chosen anew"
    wrong += looked(page, "documents-refused", language, TELEPHONE)

    page.set_input_files("[name=file]", photo)  # and then it works
    page.click("#send .steps button")
    page.wait_for_url("**/documents/*/")
    assert whole_hash(page) == sha256(photo.read_bytes()).hexdigest()
    assert wrong == []


def test_a_far_too_large_file_without_scripts_is_refused_in_words(opened: Opened, tmp_path: Path) -> None:
    """Nothing of it is read by the page, and the browser still gets the answer."""
    page = opened("en", scripts=False)
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(2 * LARGEST))
    page.set_input_files("[name=file]", large)
    page.click("#send .steps button")
    assert "larger than 10 MB" in page.locator("[role=alert]").inner_text()
