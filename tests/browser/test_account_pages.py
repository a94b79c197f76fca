"""The pages of staff, roles, personal data and partners in a browser: none shuts anybody out, at a desk or on a telephone."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts.models import Partner, RoleChange, User
from accounts.operations import (
    add_contact,
    confirm_role_change,
    create_person,
    invite_staff,
    issue_credential,
    issue_password_link,
    propose_role_change,
    set_scopes,
)
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import DESK, TELEPHONE, logged_in, opened, outside, shut_out
from tests.builders import NOW, a_partner, a_user

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)


def _page(name: str, *arguments: object) -> str:
    return reverse(f"admin:accounts_{name}", args=arguments)


@pytest.fixture
def addresses(site: str) -> dict[str, list[str]]:
    """By who looks, with a row in each, before the browser starts: after that Django refuses queries in this thread."""
    manager, other = (a_user("manager", email=f"{name}@example.com") for name in ("manager", "other"))
    auditor, user = a_user("auditor", email="auditor@example.com"), a_user("caseworker")
    with transaction.atomic():
        person = create_person(now=NOW, name="홍길동", phone="010-1234-5678", email="hong@example.org")
        change = propose_role_change(user_id=user.pk, grants=["checker"], takes=[], proposed_by=other, note="x", now=NOW)
        invited = invite_staff(email="new@example.com", roles=["finance"], invited_by=manager, note="x", now=NOW)
        confirm_role_change(change_id=invited.pk, confirmed_by=other, now=NOW)
        link = issue_password_link(user_id=invited.user_id, issued_by=other, now=NOW)
        partner = _partner(manager)
    managers = [_page("user_add"), _page("user_change", auditor.pk), _page("user_change", user.pk)]
    managers += [
        _page("user_change", invited.user_id),
        _page("rolechange_change", change.pk),
        _page("partner_add"),
        _page("partner_change", partner.pk),
    ]
    managers += [_page("rolechange_changelist") + "?state__exact=open"]
    auditors = [_page("personaldata_changelist"), _page("personaldata_change", person.pk)]
    auditors += [_page("dataview_changelist"), _page("partner_change", partner.pk), _page("rolechange_change", change.pk)]
    assert RoleChange.objects.count() == 2
    assert User.objects.count() == 5
    nobody = [reverse("accounts:first_password", args=link)]
    return {"manager@example.com": managers, "auditor@example.com": auditors, "": nobody}


def _partner(manager: User) -> Partner:
    partner = set_scopes(partner_id=a_partner().pk, scopes=["usage:write", "claims:read"], set_by=manager, now=NOW)
    more = {"name": "김담당자", "email": "dam@example.net", "phone": "02-555-7788"}
    add_contact(partner_id=partner.pk, added_by=manager, now=NOW, **more)
    about: Any = {"partner_id": partner.pk, "scopes": ["usage:write"], "expires_at": NOW + timedelta(days=9)}
    issue_credential(**about, issued_by=manager, now=NOW)
    return partner


def test_axe_finds_nothing_and_everything_keeps_inside(
    addresses: dict[str, list[str]], browser: Browser, site: str
) -> None:  # fmt: skip
    found: list[tuple[Any, ...]] = []
    for who, pages in addresses.items():
        page = logged_in(browser, site, who) if who else browser.new_context(locale="ko").new_page()
        for address in pages:
            opened(page, site + address)
            found += [(width, address, *one) for width in (DESK, TELEPHONE) for one in _wrong(page, width)]
        if who.startswith("auditor"):
            found += _revealed(page, site + pages[1])
        page.context.close()
    assert not found, "\n".join(map(str, found))


def _wrong(page: Page, width: int) -> list[tuple[str, Any]]:
    """The menu is looked at beside the pages of claims."""
    return [*outside(page, width), *shut_out(page, menu=False)]


def _revealed(page: Page, address: str) -> list[tuple[Any, ...]]:
    """By hand: choose a reason, press the button, read it; gone when the page is opened again."""
    opened(page, address)
    page.set_viewport_size({"width": TELEPHONE, "height": 900})
    assert page.get_by_text("홍길동").count() == 0
    page.select_option("[name=reason]", "audit")
    page.get_by_role("button", name="보기", exact=True).click()
    assert page.get_by_text("010-1234-5678").count() == 1
    wrong = _wrong(page, TELEPHONE)
    opened(page, address)
    assert page.get_by_text("010-1234-5678").count() == 0
    return [("revealed", *one) for one in wrong]
