"""The pages of the staff in a browser, with a log-in: no page shuts anybody out, at a desk or on a telephone."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from claims.demonstration.steps import load_replies
from claims.models import MONEYLESS, AutomaticPause, BulkRun, Claim, ClaimStatus, Dispute, GoodwillBudget, Policy
from claims.operations import (
    count_tallies,
    draft_bulk,
    draft_bulk_answer,
    lift_pause,
    link_log,
    pause_automatic,
    set_alarm,
    set_authority,
    set_goodwill_budget,
    take_claim,
)
from services.models import Feed, Incident, RecordDraft, Service
from services.operations import import_feed, know_until, open_record_draft
from tests.browser.conftest import CHROMIUM
from tests.builders import MESSAGES, NOW, a_person, a_policy, a_user, at, authority, claim_of, follow_up, told, work_off
from tests.claims.reply_cast import answer, says, template
from tests.services.feed_cast import a_feed, page_until, staff

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

DESK, TELEPHONE = 1280, 390
KEY = "kakao-2022-10-15"
SPILLED = """all => all.filter(e => e.offsetParent && e.getBoundingClientRect().right >
  e.closest("form").getBoundingClientRect().right).map(e => e.name)"""
WIDTHS = "all => all.map(e => e.getBoundingClientRect().width)"


@pytest.fixture
def addresses(site: str) -> list[str]:
    """With a row in each, before the browser starts: after that Django refuses queries in this thread."""
    writer = staff("writer", "caseworker", "checker", "finance", "auditor")
    incident = Incident.objects.get(key=KEY)
    with transaction.atomic():
        a_feed(writer)
        import_feed(feed="page", body=page_until(), now=NOW, incident=KEY)
        draft = open_record_draft(incident=KEY, title="the end", opened_by=writer, now=NOW)
        know_until(draft_id=draft.pk, read=0, as_of=at("21 09:00"), reason="so", written_by=writer, now=NOW)
        a_policy(automatic="{}")
        set_goodwill_budget(
            incident_id=incident.pk, currency="KRW", amount_minor=5_000, set_by=writer, note="x", now=NOW
        )  # fmt: skip
        claim = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    with transaction.atomic():
        count_tallies()
        link_log(now=NOW)
        run = draft_bulk(what="approve", claim_ids=[claim.pk], made_by=writer, now=NOW)
        take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
        waiting = claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00"))
    work_off()
    follow_up()
    assert ClaimStatus.objects.get(pk=waiting.pk).review == "queued"
    _told_and_answered(waiting, writer)
    with transaction.atomic():
        _limited_and_paused(incident)
    dispute = Dispute.objects.create(
        incident=incident, service=Service.objects.get(code=MESSAGES), version=incident.versions.latest("number"),
        start_at=at("21 10:00"), end_at=at("21 11:00"), claims=40, opened_at=NOW,
    )  # fmt: skip
    pages = _pages(incident, Feed.objects.get(), draft, claim, dispute)
    pages += [reverse(f"admin:claims_claim_{name}", args=[waiting.pk]) for name in ("change", "answer")]
    return [reverse("admin:index"), *_lists(), *pages, *_cases(run, GoodwillBudget.objects.get()), *_replies(writer, waiting)]


def _replies(writer: User, claim: Claim) -> list[str]:
    """Templates, one of them in two versions, and a bulk answer that leaves the claim out."""
    load_replies(published_by=writer.email)
    with transaction.atomic():
        version = template(writer, *MONEYLESS, code="how_to_claim")
        run = draft_bulk_answer(version_id=version.pk, claim_ids=[claim.pk], made_by=writer, now=NOW)
    names = ("replytemplate_changelist", "replytemplate_add")
    of_template = [reverse(f"admin:claims_replytemplate_{name}", args=[version.template_id]) for name in ("change", "edit")]
    pages = [*(reverse(f"admin:claims_{name}") for name in names), *of_template]
    return [*pages, f"{of_template[0]}?version=1", reverse("admin:claims_bulkrun_change", args=[run.pk])]


def _told_and_answered(claim: Claim, writer: User) -> None:
    """Answered once, and waiting for another answer that there is a template for."""
    says(claim, "언제 주나요?\n카카오 T를 타지 못했습니다.")
    version = template(writer, body_ko="{reference}을 살펴보고 있습니다.\n\n곧 결정을 알려 드립니다.")
    answer(claim, version, writer)
    says(claim, "고맙습니다. 그런데 " + "아직도 받지 못했습니다. " * 12, sent_by=writer)


def _limited_and_paused(incident: Incident) -> None:
    """By a person, once for ever; and by an alarm."""
    checker = a_user("checker")
    authority("checker")
    limit: dict[str, Any] = {"currency": "KRW", "per_decision_minor": 50_000, "per_day_minor": 700_000}
    set_authority(role="caseworker", set_by=checker, now=NOW, **limit)
    said: dict[str, Any] = {"policy": Policy.objects.get().code, "note": "금액이 이상함", "now": NOW}
    set_alarm(incident_id=incident.pk, alarm_above=0, set_by=checker, **said)
    lift_pause(pause_id=pause_automatic(paused_by=checker, **said).pk, lifted_by=checker, note="금액이 맞음", now=NOW)
    pause_automatic(paused_by=checker, **said)
    AutomaticPause.objects.create(policy=Policy.objects.get(), incident=incident, set_at=NOW)


@pytest.fixture
def desk(addresses: list[str], browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Somebody logged in by the form."""
    context = browser.new_context(locale="ko")
    page = context.new_page()
    page.goto(site + addresses[0])
    page.fill("#id_username", "writer@example.com")
    page.fill("#id_password", "a long password 1")
    page.click("[type=submit]")
    assert page.locator("#h-todo").count() == 1
    yield context
    context.close()


def test_axe_finds_nothing_and_everything_keeps_inside(addresses: list[str], desk: BrowserContext, site: str) -> None:
    found: list[tuple[Any, ...]] = []
    page = desk.new_page()
    for address in addresses:
        _opened(page, site + address)
        for width in (DESK, TELEPHONE):
            found += [(width, address, *one) for one in _wrong(page, width)]
    assert found == []


def test_a_claim_is_entered_by_the_keyboard_and_no_step_shuts_anybody_out(desk: BrowserContext, site: str) -> None:
    page = desk.new_page()
    found: list[tuple[Any, ...]] = []

    def wrong(step: str) -> None:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found.extend((width, step, *one) for width in (DESK, TELEPHONE) for one in _wrong(page, width))

    page.goto(site + reverse("admin:claims_claim_enter"))
    page.fill("#who_q", "Kim")
    page.press("#who_q", "Enter")
    wrong("people found")
    page.fill("#who_name", "김새롬")
    page.fill("#who_phone", "010-7777-8888")
    page.locator("[value=new]").press("Enter")
    page.locator("[value=preview]").press("Enter")
    assert page.locator(".errorlist").count() == 1
    wrong("nothing was said")
    page.locator("[name=loss-0-window]").select_option(index=1)
    page.fill("[name=message]", "메시지가 안 갔어요")
    page.locator("[value=preview]").press("Enter")
    wrong("preview")
    page.locator("[value=enter]").press("Enter")
    assert page.locator(".messagelist").inner_text().startswith("청구 번호 C-")
    wrong("the claim")
    assert found == []


def _wrong(page: Page, width: int) -> list[tuple[Any, ...]]:
    page.set_viewport_size({"width": width, "height": 900})
    violations = Axe().run(page, {"exclude": [["#nav-sidebar"]]}, {"resultTypes": ["violations"]}).response["violations"]
    wrong = [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
    across = page.evaluate("document.documentElement.scrollWidth")
    if folder := os.environ.get("SCREENSHOTS"):
        name = urlsplit(page.url).path.removeprefix("/admin/").strip("/").replace("/", "-") or "start"
        page.screenshot(path=f"{folder}/{width}-{name}.png", full_page=True)
    wrong += [("scrolls sideways", across)] if across > width else []
    fields = page.locator(":is(.record-form, .intake-form, .clock form) :is(input, select, textarea)")
    wrong += [("spills over", name) for name in fields.evaluate_all(SPILLED)]
    return wrong + [("broken", wide) for wide in page.locator(".clock th[scope=row]").evaluate_all(WIDTHS) if wide < 80]


def _opened(page: Page, address: str) -> None:
    """With all that is folded unfolded."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def _lists() -> list[str]:
    """Filtered: only such lists link to all of their rows."""
    names = ("services_feed", "services_windowproposal", "claims_dispute")
    return [f"{reverse(f'admin:{name}_changelist')}?q=a" for name in names]


def _cases(run: BulkRun, budget: GoodwillBudget) -> list[str]:
    names = (
        "claimstatus_changelist", "goodwillbudget_changelist", "tally_changelist", "tally_export", "chaincheck_changelist",
        "authoritylimit_changelist", "automaticpause_changelist", "cohort_changelist", "claim_enter",
    )  # fmt: skip
    changes = {"bulkrun": run, "goodwillbudget": budget}
    return [reverse(f"admin:claims_{name}") for name in names] + [
        reverse(f"admin:claims_{name}_change", args=[row.pk]) for name, row in changes.items()
    ]


def _pages(incident: Incident, feed: Feed, draft: RecordDraft, claim: Any, dispute: Dispute) -> list[str]:
    pages = {
        "services_feed_change": feed, "services_recorddraft_change": draft, "services_incident_clock": incident,
        "claims_dispute_change": dispute, "claims_claim_change": claim,
    }  # fmt: skip
    return [reverse(f"admin:{name}", args=[row.pk]) for name, row in pages.items()]
