"""One case from the queue to the answer of its appeal, by the pages, each step by the role that may take it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from accounts.models import Person, User
from accounts.operations import create_person
from claims.models import Appeal, Claim, ClaimStatus, Decision, Event, PaymentRun, Payout
from claims.operations import check_next_links, decide_claim, link_log, take_claim
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import DESK, TELEPHONE, logged_in, outside, until
from tests.builders import MESSAGES, NOW, a_policy, a_user, authority, claim_of, follow_up, paid_to, told, work_off
from tests.documents import paper

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

KEY = "kakao-2022-10-15"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

TEXT = "BT /F1 24 Tf 50 100 Td (A bill) Tj ET"
PDF = paper(
    f"<< /Length {len(TEXT)} >>\nstream\n{TEXT}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    page="/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>",
)  # fmt: skip
NAME = "홍길동"
# Of Chromium's viewer: how many pages the document has.
PAGES = """() => document.querySelector("pdf-viewer")?.shadowRoot?.querySelector("viewer-toolbar")?.docLength || 0"""


@pytest.fixture
def claim(site: str) -> int:
    """In the queue, of 3,250 won, and another one of as much that is approved; a caseworker may approve 1,000 alone."""
    for name in ("caseworker", "colleague"):
        a_user("caseworker", email=f"{name}@example.com")
    for role in ("checker", "auditor", "finance"):
        a_user(role, email=f"{role}@example.com")
    authority(per_decision=1_000)
    authority("checker")
    a_policy(automatic="{}")
    with transaction.atomic():
        claims = [claim_of(_person(at), Incident.objects.get(key=KEY), told(MESSAGES, "15 15:30", "15 22:00")) for at in (1, 2)]
    work_off()
    follow_up()
    other, checker = claims[1], User.objects.get(email="checker@example.com")
    with transaction.atomic():
        take_claim(claim_id=other.pk, taken_by=checker, now=NOW)
        decide_claim(
            claim_id=other.pk, assessment_id=other.assessments.get().pk, approved=True, decided_by=checker, note="x", now=NOW
        )  # fmt: skip
    return claims[0].pk


def _person(at: int) -> Person:
    """Two people of one name."""
    return create_person(name=NAME, phone=f"010-1234-567{at}", email=f"hong{at}@example.org", now=NOW)


def test_a_case_goes_from_the_queue_to_the_answer_of_its_appeal(claim: int, browser: Browser, site: str) -> None:
    case = site + reverse("admin:claims_claim_change", args=[claim])

    finance = logged_in(browser, site, "finance@example.com")
    _set_a_budget(finance, site)
    worker = logged_in(browser, site, "caseworker@example.com")
    worker.goto(site + reverse("admin:claims_claimstatus_changelist"))
    _click(worker, "button[name=act][value=next]")
    assert worker.url == case
    _ask_for_a_document(worker, case)
    _send(worker, case)
    _press(worker, case, "take")
    _look(worker, case)
    worker.check("input[name=reason] >> nth=0")
    _click(worker, "#content form.record-form button.default")
    _press(worker, case, "approve", goodwill="700", reason="effort", note="She called ten times.")
    assert _asked(Decision.objects.count) == 1, "above the limit it is a proposal"
    assert worker.locator("button[name=act][value=confirm]").count() == 0, "not by who proposed it"

    checker = logged_in(browser, site, "checker@example.com")
    checker.goto(site + reverse("admin:claims_claimstatus_changelist") + "?review=proposed")
    _click(checker, f"a[href='{reverse('admin:claims_claim_change', args=[claim])}']")
    _press(checker, case, "confirm")
    decision = _asked(lambda: Decision.objects.select_related("decided_by", "checked_by").get(claim=claim))
    assert (str(decision.decided_by), str(decision.checked_by)) == ("caseworker@example.com", "checker@example.com")
    assert _asked(lambda: sorted(Payout.objects.filter(claim=claim).values_list("quantity", flat=True))) == [700, 3250]

    _pay(finance, site, case, claim)
    worker.goto(case)
    assert worker.locator(".case-states li").last.inner_text().split() == ["지급", "지급함"]

    _click(worker, f"a[href='{reverse('admin:claims_appeal_new', args=[claim])}']")
    worker.fill("[name=words]", "It was down for longer.")
    worker.fill("[name=note]", "Told by telephone.")
    _click(worker, "#content form.record-form button.default")
    appeal = worker.url
    _press(worker, case, "take", refused="decided_before")
    assert _answers(worker, appeal) is False, "not by who decided it"
    colleague = logged_in(browser, site, "colleague@example.com")
    _press(colleague, case, "take")
    assert _answers(colleague, appeal) is True
    answer = _asked(lambda: Appeal.objects.select_related("answer__decided_by").get().answer)
    assert str(answer.decided_by) == "colleague@example.com"

    auditor = logged_in(browser, site, "auditor@example.com")
    auditor.goto(case)
    assert auditor.locator("button[name=act]").count() == 0, "who audits decides nothing"
    _asked(_link)
    auditor.goto(site + reverse("admin:claims_chaincheck_changelist"))
    _click(auditor, "#content form.record-form button.default")
    _asked(_check)
    auditor.reload()
    assert auditor.locator("[role=status]").first.inner_text().startswith("어긋난 곳이 없습니다")


def _click(page: Page, button: str) -> None:
    """It could be done on a telephone, and is done at a desk."""
    fits = [one for width in (TELEPHONE, DESK) for one in [*outside(page, width), *_trial(page, button, width)]]
    assert not fits, (page.url, fits)
    page.locator(button).first.click()


def _trial(page: Page, button: str, width: int) -> list[str]:
    """All but the click: it is to be seen, reached by a finger and not covered."""
    page.locator(button).first.click(trial=True, timeout=5_000)
    box = page.locator(button).first.bounding_box()
    return [] if box and box["x"] >= 0 and box["x"] + box["width"] <= width else [f"{button} is cut off"]


def _set_a_budget(finance: Page, site: str) -> None:
    finance.goto(site + reverse("admin:claims_goodwillbudget_changelist"))
    finance.select_option("[name=incident]", index=1)
    finance.fill("[name=amount]", "5000")
    finance.fill("[name=note]", "Agreed by the board.")
    _click(finance, "#content form.record-form button.default")
    assert finance.locator(".messagelist .success").count() == 1
    assert "5,000원" in finance.locator("table tbody").last.inner_text()


def _pay(finance: Page, site: str, case: str, claim: int) -> None:
    """All that is approved goes into one run and its file; one claim's money arrives, the other one's comes back."""
    _asked(lambda: [paid_to(one.person, f"110-1234-{one.pk:06}") for one in Claim.objects.all()])
    finance.goto(site + reverse("admin:claims_paymentrun_changelist"))
    finance.fill("#content [name=note]", "The week's payments.")
    _click(finance, "#content form.record-form button.default")
    run = finance.url
    assert _nameless(finance).count("3,250원") == 2
    _click(finance, "#content a.button")
    finance.select_option("[name=reason]", "payment")
    with finance.expect_download() as download:
        _click(finance, "#content form.record-form button.default")
    content, digest = _asked(lambda: PaymentRun.objects.values_list("content", "content_hash").get())
    paid = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    listed = bytes(content).decode("utf-8-sig").splitlines()
    assert len(paid) == len(listed) == 4, "a head, and goodwill in a row of its own"
    assert all(full.startswith(line.rsplit(",", 1)[0]) for full, line in zip(paid, listed, strict=True))
    assert hashlib.sha256(content).hexdigest() == digest
    reference, other = _asked(lambda: list(Claim.objects.order_by("pk").values_list("reference", flat=True)))
    for act, of in (("arrived", reference), ("failed", other)):
        finance.goto(run)
        for box in finance.get_by_label(of).all():
            box.check()
        finance.fill("[name=note]", "So says the bank.")
        _click(finance, f"button[name=act][value={act}]")
        assert finance.locator(".messagelist .success").count() == 1
    assert digest in _nameless(finance)
    for page in (case, site + reverse("admin:claims_claimstatus_changelist"), site + reverse("admin:index")):
        finance.goto(page)
        _nameless(finance)
    assert finance.request.get(site + reverse("admin:accounts_personaldata_changelist")).status == 403
    assert _asked(lambda: sorted(ClaimStatus.objects.values_list("pk", "payment"))) == [(claim, "paid"), (claim + 1, "due")]


def _nameless(page: Page) -> str:
    """What the page says, which is nobody's name, number or address."""
    said = page.content()
    assert not [one for one in (NAME, "1234-567", "hong1@", "hong2@") if one in said]
    return said


def _press(page: Page, case: str, act: str, *, refused: str = "", **said: str) -> None:
    """A button of the claim's page; it is in a fold, with what is to be said. `refused`: with which code."""
    page.goto(case)
    fold = f"details:has(button[name=act][value={act}])"
    _click(page, f"{fold} summary")
    for name, value in said.items():
        field = page.locator(f"{fold} [name={name}]")
        field.select_option(value) if name == "reason" else field.fill(value)
    _click(page, f"{fold} button[name=act][value={act}]")
    answer = page.locator(".messagelist, .errorlist").all_inner_texts()
    assert page.locator(".messagelist .success").count() == (not refused), answer
    assert not refused or f"({refused})" in answer[0]
    _kept(page, act)


def _ask_for_a_document(page: Page, case: str) -> None:
    page.goto(case)
    _click(page, "section[aria-labelledby=h-evidence] a.button")
    page.fill("[name=words]", "A picture of the screen")
    page.fill("[name=override]", "Two clocks differ.")
    _click(page, "#content form.record-form button.default")
    assert page.url.startswith(case)
    assert page.locator("button[name=act][value=take]").count() == 0, "it waits for the claimant"
    _kept(page, "asked")


def _send(page: Page, case: str) -> None:
    for name, of, content in (("bill.pdf", "application/pdf", PDF), ("screen.png", "image/png", PNG)):
        page.goto(case)
        _click(page, "section[aria-labelledby=h-evidence] article a >> nth=0")
        page.check("[name=send-items]")
        page.set_input_files("[name=send-file]", {"name": name, "mimeType": of, "buffer": content})
        page.fill("[name=send-note]", "By e-mail.")
        _click(page, "button[name=act][value=send]")
        assert page.url.startswith(case), page.locator("#content").inner_text()[:500]


def _look(page: Page, case: str) -> None:
    """A file is looked at by who opens it, not by who opens the page of its claim; then the document before it."""
    page.goto(case)
    page.wait_for_load_state("networkidle")
    assert _asked(_looks) == 0
    _click(page, ".case-files summary")
    until(page, "document.querySelector('.case-small').naturalWidth > 0")
    assert _asked(_looks) == 1
    _click(page, ".case-files a")
    until(page, "document.querySelector('.case-evidence').naturalWidth > 0")
    picture = page.url
    _kept(page, "picture")
    _click(page, "a[rel=prev]")
    assert _is_shown(page), "in spite of its sandbox"
    _kept(page, "document")
    page.focus("a[rel=next]")
    page.keyboard.press("Enter")
    page.wait_for_url(picture)
    assert _asked(_looks) == 4, "one for each time that one was opened"


def _is_shown(page: Page) -> bool:
    """By the browser's own viewer of PDFs, which knows how many pages there are once it has read it."""
    for _ in range(300):
        if any(one.url.startswith("chrome-extension:") and one.evaluate(PAGES) for one in page.frames):
            return True
        page.wait_for_timeout(100)
    return False


def _looks() -> int:
    return Event.objects.filter(kind="evidence_seen").count()


def _answers(page: Page, appeal: str) -> bool:
    """Uphold, if there is the form; whether it was taken."""
    page.goto(appeal)
    button = page.locator("button[name=act][value=uphold]")
    if not button.count():
        return False
    page.fill("form:has(button[value=uphold]) [name=note]", "The record says until 22:00.")
    _click(page, "button[name=act][value=uphold]")
    _kept(page, "answered")
    return bool(page.locator(".messagelist .success").count())


def _kept(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.set_viewport_size({"width": DESK, "height": 900})
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
