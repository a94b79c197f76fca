"""Accounts in a browser: opened, entered by a code and by a passkey, on a telephone, in both languages."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from claims.models import MailContent
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import asked
from tests.browser.looks import TELEPHONE, in_turn
from tests.browser.test_my_actions import small_targets
from tests.browser.test_tell_pages import looked

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

ADDRESS, NEW = "hong@example.org", "kim@example.org"
WORD = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def telephone(browser: Browser, language: str, **more: bool) -> BrowserContext:
    return browser.new_context(locale=language, viewport={"width": TELEPHONE, "height": 900}, **more)  # type: ignore[arg-type]


def code(number: int) -> str:
    """That of the mail with this number, from 1, as it is sent."""
    mails = asked(lambda: list(MailContent.objects.order_by("pk").values_list("secret", flat=True)))
    assert len(mails) == number
    return str(mails[-1])


def code_to(address: str) -> str:
    return str(asked(lambda: MailContent.objects.filter(address=address).latest("pk").secret))


def out(page: Page, site: str) -> None:
    page.goto(f"{site}/account/logout/")
    page.click(".claim .steps button")
    page.wait_for_url(f"{site}/my/")


@pytest.mark.parametrize("language", in_turn(1))
def test_an_account_is_opened_and_entered_by_code_passkey_and_password(site: str, browser: Browser, language: str) -> None:
    # Passkeys are bound to a name; an address of numbers is none.
    site = site.replace("127.0.0.1", "localhost")
    page, wrong = telephone(browser, language).new_page(), []
    page.context.new_cdp_session(page).send("WebAuthn.enable")
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    key.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def look(name: str) -> None:
        nonlocal wrong
        wrong += [*looked(page, f"account-{name}", language, TELEPHONE), *small_targets(page)]

    page.goto(f"{site}/my/")
    page.click("a[href^='/account/login/']")
    look("log-in")
    page.click("a[href^='/account/new/']")
    look("sign-up")
    page.click(".claim .steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    look("sign-up-wrong")
    page.fill("[name=email]", ADDRESS)
    page.click(".claim .steps button")
    page.wait_for_url(f"{site}/account/new/code/")
    look("code")
    page.fill("[name=code]", "XXXX-XXXX")
    page.click(".claim form:first-of-type .steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    look("code-wrong")
    page.fill("[name=code]", code(1))
    page.click(".claim form:first-of-type .steps button")
    page.wait_for_url(f"{site}/my/")
    look("my")
    page.click("section a[href='/account/']")
    look("account")
    page.goto(f"{site}/account/confirm/")
    look("nothing-to-ask")
    page.goto(f"{site}/account/passkeys/")
    look("passkeys-none")
    page.click("a[href='/account/passkeys/add/']")
    look("passkey-add")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(f"{site}/account/")
    page.click("a[href='/account/passkeys/']")
    look("passkeys")
    page.goto(f"{site}/account/confirm/passkey/?next=/account/passkeys/")  # it is asked for once the code is five minutes old
    look("confirm")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url(f"{site}/account/passkeys/")
    page.click(".claim li a >> nth=0")
    page.wait_for_url(f"{site}/account/passkeys/*/")
    look("passkey-name")
    page.fill("[name=name]", "Pixel")
    page.click(".claim .steps button")
    expect(page.locator(".claim li")).to_contain_text("Pixel")
    page.goto(f"{site}/account/password/first/")
    look("password")
    for name in ("password1", "password2"):
        page.fill(f"[name={name}]", WORD)
    page.click(".claim .steps button")
    page.goto(f"{site}/account/password/")
    look("password-change")
    page.goto(f"{site}/account/")
    page.click("a[href='/account/address/']")
    page.wait_for_url(f"{site}/account/address/")
    look("address")
    page.click(".claim .steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    page.fill("[name=email]", NEW)
    page.click(".claim .steps button")
    page.wait_for_url(f"{site}/account/address/code/")
    look("address-code")
    page.fill("[name=code]", "XXXX-XXXX")
    page.click(".claim form:first-of-type .steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    look("address-code-wrong")
    page.fill("[name=code]", code_to(NEW))
    page.click(".claim form:first-of-type .steps button")
    page.wait_for_url(f"{site}/account/")
    expect(page.locator("[role=status]")).to_have_count(1)
    expect(page.locator("strong")).to_have_text(NEW)
    look("address-changed")
    page.goto(f"{site}/account/logout/")
    look("log-out")
    out(page, site)

    page.goto(f"{site}/account/login/?next=/account/")
    page.click("#passkey_login")
    page.wait_for_url(f"{site}/account/")
    out(page, site)

    page.goto(f"{site}/account/login/")
    page.fill("[name=login]", NEW)
    page.fill("[name=password]", "wrong")
    page.click(".claim form:first-of-type .steps button")
    expect(page.locator("[role=alert]")).to_have_count(1)
    look("password-wrong")
    page.fill("[name=password]", WORD)
    page.click(".claim form:first-of-type .steps button")
    page.wait_for_url(f"{site}/my/")
    page.goto(f"{site}/account/passkeys/")
    page.click(".claim li a >> nth=1")
    page.fill("[name=password]", WORD)
    look("confirm-by-password")
    page.click(".claim .steps button")
    look("passkey-remove")
    page.click(".claim .steps button")
    expect(page.locator(".claim li")).not_to_contain_text("Pixel")
    assert wrong == []


@pytest.mark.parametrize("language", in_turn(0))
def test_without_scripts_a_code_opens_the_account(site: str, browser: Browser, language: str) -> None:
    page = telephone(browser, language, java_script_enabled=False).new_page()
    page.goto(f"{site}/account/new/")
    page.fill("[name=email]", ADDRESS)
    page.click(".claim .steps button")
    page.fill("[name=code]", code(1))
    page.click(".claim form:first-of-type .steps button")
    page.goto(f"{site}/account/")
    expect(page.locator("strong")).to_have_text(ADDRESS)
    page.goto(f"{site}/account/confirm/")
    page.click(".claim .steps button")
    page.wait_for_url(f"{site}/account/login/?next=/account/")
