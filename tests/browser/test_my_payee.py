"""Somebody says where they are paid and changes it, in a browser: on a telephone, by keyboard, without scripts."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, Page

from accounts.operations import create_person
from claims.models import Claim
from claims.operations import make_payment_run
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import TELEPHONE, in_turn
from tests.browser.test_my_actions import press, small_targets, tab_to
from tests.browser.test_tell_pages import looked
from tests.builders import (
    CASH,
    MESSAGES,
    NOW,
    OUTAGE,
    a_policy,
    a_user,
    claim_of,
    follow_up,
    paid_to,
    told,
    work_off,
)
from tests.claims.mine_cast import session_of

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)


@pytest.fixture
def claims(site: str) -> tuple[Claim, Claim]:
    """One that waits only for an account, and one of which the money is on its way to an account."""
    a_policy(remedy=CASH)
    incident = Incident.objects.get(key=OUTAGE)
    with transaction.atomic():
        people = [create_person(name="Kim", email=f"{name}@example.org", now=NOW) for name in ("one", "two")]
    paid_to(people[1], "110-123-451234")
    sent = claim_of(people[1], incident, told(MESSAGES, "15 15:30", "15 17:30"))
    work_off()
    follow_up()
    with transaction.atomic():
        make_payment_run(made_by=a_user("finance"), note="x", now=NOW)
    waits = claim_of(people[0], incident, told(MESSAGES, "15 15:30", "15 17:30"))
    work_off()
    follow_up()
    return waits, sent


@pytest.fixture
def key(claims: tuple[Claim, Claim]) -> str:
    """Of a session that was let in to both by a code just now."""
    return session_of(*claims, typed_in=True)


@pytest.fixture
def old_key(claims: tuple[Claim, Claim]) -> str:
    return session_of(claims[1])


def page_of(browser: Browser, site: str, key: str, language: str, **more: object) -> Page:
    context = browser.new_context(locale=language, viewport={"width": TELEPHONE, "height": 900}, **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    return context.new_page()


@pytest.mark.parametrize("language", in_turn(0))
def test_by_keyboard_somebody_says_where_they_are_paid(
    site: str, claims: tuple[Claim, Claim], key: str, browser: Browser, language: str
) -> None:
    page, wrong = page_of(browser, site, key, language), []
    page.goto(f"{site}/my/{claims[0].reference}/")
    wrong += [*looked(page, "payee-missing", language, TELEPHONE), *small_targets(page)]
    press(page, "a[href$='/account/']")
    wrong += [*looked(page, "payee", language, TELEPHONE), *small_targets(page)]
    press(page, "form .steps button")
    assert page.locator("[role=alert] a").count() == 3
    wrong += looked(page, "payee-wrong", language, TELEPHONE)
    tab_to(page, "[name=bank]")
    page.keyboard.type("IBK")
    tab_to(page, "[name=account]")
    page.keyboard.type("110-123-451234")
    tab_to(page, "[name=holder]")
    page.keyboard.type("김청구")
    press(page, "form .steps button")
    assert "110-123-451234" in page.content()
    wrong += [*looked(page, "payee-check", language, TELEPHONE), *small_targets(page)]
    press(page, "[name=send]")
    assert page.url.endswith("/account/sent/")
    assert "IBK" in page.content()
    wrong += looked(page, "payee-given", language, TELEPHONE)
    press(page, ".to-status a")
    wrong += [*looked(page, "payee-stands", language, TELEPHONE), *small_targets(page)]
    assert wrong == []


@pytest.mark.parametrize("language", in_turn(1))
def test_whose_page_was_left_open_is_asked_for_a_code(
    site: str, claims: tuple[Claim, Claim], old_key: str, browser: Browser, language: str
) -> None:
    page, wrong = page_of(browser, site, old_key, language), []
    page.goto(f"{site}/my/{claims[1].reference}/account/")
    assert page.locator("[name=account]").count() == 0
    wrong += [*looked(page, "payee-code", language, TELEPHONE), *small_targets(page)]
    press(page, "[name=code]")
    assert page.url.endswith("/my/code/")
    assert wrong == []


@pytest.mark.parametrize("language", in_turn(0))
def test_without_scripts_and_in_the_dark_somebody_changes_it_after_a_code(
    site: str, claims: tuple[Claim, Claim], key: str, browser: Browser, language: str
) -> None:
    page, wrong = page_of(browser, site, key, language, java_script_enabled=False, color_scheme="dark"), []
    page.goto(f"{site}/my/{claims[1].reference}/account/")
    assert "****1234" in page.content()
    page.select_option("[name=bank]", "004")
    page.fill("[name=account]", "12345604567890")
    page.fill("[name=holder]", "김청구")
    page.click("form .steps button")
    page.click("[name=send]")
    assert "****7890" in page.content()
    page.goto(f"{site}/my/{claims[1].reference}/account/")
    text = page.content()
    assert "****1234" in text, "what is on its way goes there"
    assert "****7890" in text
    dark = page_of(browser, site, key, language, color_scheme="dark")
    for name, address in (("payee-held", page.url), ("payee-held-status", f"{site}/my/{claims[1].reference}/")):
        dark.goto(address)
        wrong += looked(dark, name, language, TELEPHONE)
    assert wrong == []
