"""Tables and charts that are wider than a telephone: a row becomes a card, and of a chart no word is cut."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page

from claims.models import ClaimStatus, Tally
from claims.operations import take_claim
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import DESK, TELEPHONE, logged_in, outside
from tests.builders import MESSAGES, NOW, a_person, a_policy, a_user, claim_of, follow_up, told, work_off

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

QUEUE = reverse("admin:claims_claimstatus_changelist")
DASHBOARD = reverse("admin:claims_tally_changelist")
NAMES = ["고르기", "청구", "서비스", "장애", "답할 기한", "승인하면", "종류", "까닭", "차례를 기다린 때", "맡은 사람"]
# What a row shows, from the top: its column's name as it is painted, its text, and where it begins and ends.
SHOWN = """row => [...row.querySelectorAll("[data-column]")].filter(one => one.checkVisibility()).map(one => {
  const {left, right, top} = one.getBoundingClientRect();
  const painted = getComputedStyle(one, "::before").content.match(/^"(.*?)"/);
  return {name: painted ? painted[1] : "", text: one.innerText.trim(), left, right, top};
})"""
# Words of charts of which a part lies outside of the picture.
CUT = """charts => charts.flatMap(chart => [...chart.querySelectorAll("text")].filter(word => {
  const [frame, box] = [chart.getBoundingClientRect(), word.getBoundingClientRect()];
  return Math.min(box.left - frame.left, frame.right - box.right, box.top - frame.top, frame.bottom - box.bottom) < -0.5;
}).map(word => word.textContent))"""
SMALLEST = """words => Math.min(...words.map(word => word.getBoundingClientRect().height))"""


@pytest.fixture
def queue(site: str) -> Incident:
    """Of two claims, one of them taken; and claims that came in years after the first."""
    a_user("caseworker", email="worker@example.com")
    a_policy(automatic="{}")
    incident = Incident.objects.get(key="kakao-2022-10-15")
    with transaction.atomic():
        for _ in range(2):
            claim = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    with transaction.atomic():
        other = a_user("caseworker", email="a-colleague-with-a-long-name@example.com")
        take_claim(claim_id=claim.pk, taken_by=other, now=NOW)
    assert ClaimStatus.objects.filter(review="queued").count() == 1
    for days, count in ((0, 7_000), (2, 45_000), (18, 60_000), (1480, 1)):
        at = NOW.replace(minute=0) + timedelta(days=days)
        Tally.objects.create(incident=incident, what="intake", key="filed", hour_at=at, count=count)
    return incident


def test_a_claim_is_chosen_from_the_queue_without_scrolling(queue: Incident, browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "worker@example.com")
    page.goto(f"{site}{QUEUE}?review=in_review")
    assert [one["name"] for one in _row(page)] == [""] * len(NAMES), "the head of the table names them"
    assert outside(page, DESK) == []
    page.set_viewport_size({"width": TELEPHONE, "height": 900})
    card = _row(page)
    assert [one["name"] for one in card] == NAMES
    assert all(one["text"] for one in card[1:])
    assert [one["top"] for one in card] == sorted({one["top"] for one in card}), "below each other"
    assert max(one["right"] for one in card) <= TELEPHONE
    assert outside(page, TELEPHONE) == []


def test_a_card_is_still_a_row_of_a_table_and_all_are_ticked_at_once(queue: Incident, browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "worker@example.com", width=TELEPHONE)
    page.goto(site + QUEUE)
    said = page.locator("#content .record-scroll [role]").evaluate_all("all => all.map(one => one.getAttribute('role'))")
    parts = {"table": 1, "rowgroup": 2, "row": 2, "columnheader": 5, "cell": 5}
    assert Counter(said) == parts, "not every browser says so by itself where a row is a block"
    page.get_by_label("이 쪽 모두 고르기").check()
    assert page.locator("[name=claim]:checked").count() == 1


def test_what_comes_into_a_page_later_is_a_card_too(queue: Incident, browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "worker@example.com", width=TELEPHONE)
    page.goto(site + QUEUE)
    _add(page, "<table><thead><tr><th>One</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>")
    assert page.locator("#added td").get_attribute("data-column") == "One"


def test_a_box_that_scrolls_is_told_unless_it_may(queue: Incident, browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "worker@example.com")
    _add(page, "<div>x</div>")
    page.evaluate("document.querySelector('#added div').style.width = '2000px'")
    assert [what for what, _ in outside(page, DESK)] == ["scrolls in its box"]
    page.evaluate("document.querySelector('#added').dataset.scrolls = ''")
    assert outside(page, DESK) == []


@pytest.mark.parametrize("days", ["", "?days=all"])
def test_no_word_of_a_chart_is_cut_and_each_can_be_read(queue: Incident, browser: Browser, site: str, days: str) -> None:
    page = logged_in(browser, site, "worker@example.com")
    page.goto(site + DASHBOARD + days)
    charts = page.locator("svg.chart:not(.chart-scrolls)")
    assert charts.count() >= 3
    for width in (DESK, TELEPHONE):
        assert outside(page, width) == []
        assert charts.evaluate_all(CUT) == [], width
        assert page.locator(".chart text").evaluate_all(SMALLEST) >= 10, width


def _row(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.locator("#content tbody tr").first.evaluate(SHOWN)
    return found


def _add(page: Page, content: str) -> None:
    """In a box below the page's own."""
    box = f'<div class="record-scroll" id="added">{content}</div>'
    page.evaluate("html => document.querySelector('#content').insertAdjacentHTML('beforeend', html)", box)
    page.evaluate("document.querySelector('#added').style.overflow = 'auto'")
