"""One case from the queue to the answer of its appeal, by the pages, each step by the role that may take it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from claims.models import Appeal, Decision, Payout
from claims.operations import check_next_links, link_log
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.builders import MESSAGES, a_person, a_policy, a_user, authority, claim_of, follow_up, told, work_off

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

KEY = "kakao-2022-10-15"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def claim(site: str) -> int:
    """In the queue, of 3,250 won; a caseworker may approve 1,000."""
    for name in ("caseworker", "colleague"):
        a_user("caseworker", email=f"{name}@example.com")
    for role in ("checker", "auditor"):
        a_user(role, email=f"{role}@example.com")
    authority(per_decision=1_000)
    authority("checker")
    a_policy(automatic="{}")
    with transaction.atomic():
        claim = claim_of(a_person(), Incident.objects.get(key=KEY), told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    return claim.pk


def test_a_case_goes_from_the_queue_to_the_answer_of_its_appeal(claim: int, browser: Browser, site: str) -> None:
    case = site + reverse("admin:claims_claim_change", args=[claim])

    worker = _logged_in(browser, site, "caseworker")
    worker.goto(site + reverse("admin:claims_claimstatus_changelist"))
    worker.click("button[name=act][value=next]")
    assert worker.url == case
    _ask_for_a_document(worker, case)
    _send(worker, case)
    _press(worker, case, "take")
    worker.goto(case)
    worker.click("#h-evidence ~ .record-scroll a, section[aria-labelledby=h-evidence] table a")
    worker.check("input[name=reason] >> nth=0")
    worker.click("#content form.record-form button.default")
    _press(worker, case, "approve")
    assert _asked(Decision.objects.count) == 0, "above the limit it is a proposal"
    assert worker.locator("button[name=act][value=confirm]").count() == 0, "not by who proposed it"

    checker = _logged_in(browser, site, "checker")
    checker.goto(site + reverse("admin:claims_claimstatus_changelist") + "?review=proposed")
    checker.click(f"a[href='{reverse('admin:claims_claim_change', args=[claim])}']")
    _press(checker, case, "confirm")
    decision = _asked(lambda: Decision.objects.select_related("decided_by", "checked_by").get())
    assert (str(decision.decided_by), str(decision.checked_by)) == ("caseworker@example.com", "checker@example.com")
    assert _asked(lambda: list(Payout.objects.values_list("quantity", flat=True))) == [3250]

    worker.goto(case)
    worker.click(f"a[href='{reverse('admin:claims_appeal_new', args=[claim])}']")
    worker.fill("[name=words]", "It was down for longer.")
    worker.fill("[name=note]", "Told by telephone.")
    worker.click("#content form.record-form button.default")
    appeal = worker.url
    _press(worker, case, "take", refused="decided_before")
    assert _answers(worker, appeal) is False, "not by who decided it"
    colleague = _logged_in(browser, site, "colleague")
    _press(colleague, case, "take")
    assert _answers(colleague, appeal) is True
    answer = _asked(lambda: Appeal.objects.select_related("answer__decided_by").get().answer)
    assert str(answer.decided_by) == "colleague@example.com"

    auditor = _logged_in(browser, site, "auditor")
    auditor.goto(case)
    assert auditor.locator("button[name=act]").count() == 0, "who audits decides nothing"
    _asked(_link)
    auditor.goto(site + reverse("admin:claims_chaincheck_changelist"))
    auditor.click("#content form.record-form button.default")
    _asked(_check)
    auditor.reload()
    assert auditor.locator("[role=status]").first.inner_text().startswith("어긋난 곳이 없습니다")


def _logged_in(browser: Browser, site: str, who: str) -> Page:
    page = browser.new_context(locale="ko", viewport={"width": 1280, "height": 900}).new_page()
    page.goto(site + reverse("admin:index"))
    page.fill("#id_username", f"{who}@example.com")
    page.fill("#id_password", "a long password 1")
    page.click("[type=submit]")
    assert page.locator("#h-todo").count() == 1
    return page


def _press(page: Page, case: str, act: str, *, refused: str = "") -> None:
    """A button of the claim's page; it is in a fold. `refused`: with which code."""
    page.goto(case)
    button = page.locator(f"details:has(button[name=act][value={act}])")
    button.locator("summary").click()
    button.locator(f"button[name=act][value={act}]").click()
    said = page.locator(".messagelist, .errorlist").all_inner_texts()
    assert page.locator(".messagelist .success").count() == (not refused), said
    assert not refused or f"({refused})" in said[0]
    _kept(page, act)


def _ask_for_a_document(page: Page, case: str) -> None:
    page.goto(case)
    page.click("section[aria-labelledby=h-evidence] a.button")
    page.fill("[name=words]", "A picture of the screen")
    page.fill("[name=override]", "Two clocks differ.")
    page.click("#content form.record-form button.default")
    assert page.url.startswith(case)
    assert page.locator("button[name=act][value=take]").count() == 0, "it waits for the claimant"
    _kept(page, "asked")


def _send(page: Page, case: str) -> None:
    page.goto(case)
    page.click("section[aria-labelledby=h-evidence] article a >> nth=0")
    page.check("[name=send-items]")
    page.set_input_files("[name=send-file]", {"name": "screen.png", "mimeType": "image/png", "buffer": PNG})
    page.fill("[name=send-note]", "By e-mail.")
    page.click("button[name=act][value=send]")
    assert page.url.startswith(case), page.locator("#content").inner_text()[:500]


def _answers(page: Page, appeal: str) -> bool:
    """Uphold, if there is the form; whether it was taken."""
    page.goto(appeal)
    button = page.locator("button[name=act][value=uphold]")
    if not button.count():
        return False
    page.fill("form:has(button[value=uphold]) [name=note]", "The record says until 22:00.")
    button.click()
    _kept(page, "answered")
    return bool(page.locator(".messagelist .success").count())


def _kept(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/case-{name}.png", full_page=True)


def _asked(question: Callable[[], Any]) -> Any:
    """In a thread of its own: in that of the browser Django refuses queries."""

    def ask() -> Any:
        try:
            return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as one:
        return one.submit(ask).result()


def _link() -> None:
    with transaction.atomic():
        while link_log(now=timezone.now()):
            pass


def _check() -> None:
    with transaction.atomic():
        while check_next_links(now=timezone.now()):
            pass
