"""The worst that somebody can type in, in a real browser: nothing of it runs, and nothing is fetched from elsewhere."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from accounts.models import User
from accounts.operations import create_person
from claims.operations import add_message, evidence_files, messages, receive_evidence
from claims.web.my.access import open_for
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import DESK, logged_in, unfold
from tests.builders import NOW, OUTAGE, a_user, claim_of, told
from tests.claims.test_hostile_texts import unlooked
from tests.hostile_cast import FAMILIES, RAN

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

WORST = [*FAMILIES["html"][:25], *FAMILIES["html"][55:72], *FAMILIES["template"][:4], *FAMILIES["path"][13:15]]


@pytest.fixture
def told_worst(site: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, list[str]]:
    """The key of the claimant's session, the address of one of the staff, and the pages of a claim that says all of it."""
    monkeypatch.setattr(evidence_files, "make_safe", unlooked)
    monkeypatch.setattr(messages, "MOST_A_DAY", len(WORST))
    worker, request = a_user("caseworker", "checker"), HttpRequest()
    request.session = SessionStore()
    with transaction.atomic():
        person = create_person(name=WORST[9], email="hong@example.org", now=NOW)
        claim = claim_of(person, Incident.objects.get(key=OUTAGE), told())
        open_for(request, claim, by="code", now=timezone.now())
        guest = User.objects.get(person=person)
        for place, text in enumerate(WORST):
            add_message(claim_id=claim.pk, text=text, sent_by=guest, now=NOW)
            receive_evidence(
                claim_id=claim.pk, item_ids=[], content=b"%d" % place, received_by=guest, now=NOW, name=text
            )  # fmt: skip
    request.session.save()
    pages = [reverse("my:status", args=[claim.reference]), reverse("admin:claims_claim_change", args=[claim.pk])]
    pages += [reverse("admin:claims_claim_answer", args=[claim.pk]), reverse("admin:claims_claimstatus_changelist")]
    return str(request.session.session_key), worker.get_username(), pages


def listen(page: Page, site: str, wrong: list[str]) -> None:
    """What a page says, asks, breaks or fetches."""

    def asked(dialog: Dialog) -> None:
        wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def said(message: ConsoleMessage) -> None:
        wrong.extend([f"console {message.text}"] if message.type == "error" else [])

    def fetched(request: Request) -> None:
        wrong.extend([request.url] if urlsplit(request.url).netloc != urlsplit(site).netloc else [])

    page.on("dialog", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"error {error}"))
    page.on("request", fetched)


def test_nothing_of_it_runs(site: str, told_worst: tuple[str, str, list[str]], browser: Browser) -> None:
    key, worker, (own, *staff) = told_worst
    claimant = browser.new_context(locale="ko", viewport={"width": DESK, "height": 900})
    claimant.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    pages: list[tuple[Page, list[str]]] = [(claimant.new_page(), [own]), (logged_in(browser, site, worker), staff)]
    wrong: list[str] = []
    for page, addresses in pages:
        listen(page, site, wrong)
        for address in addresses:
            answer = page.goto(site + address)
            assert answer is not None
            assert answer.status == 200, address
            unfold(page)
            page.mouse.move(300, 300)
            page.wait_for_load_state("networkidle")
            wrong += [f"ran on {address}"] if page.evaluate(f"'{RAN}' in window") else []
    assert wrong == []
    assert WORST[0] in pages[0][0].inner_text("main"), "it is there, as text"
