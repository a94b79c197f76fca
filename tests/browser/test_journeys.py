"""Whole journeys of claimants in a browser: from the start page to the claim's own page, and the letter."""

from __future__ import annotations

import os
from datetime import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page

from accounts.models import PersonalData, User
from claims.models import Claim, ClaimStatus, Fact, Loss
from claims.operations import ToldFact, decide_claim, take_claim, verify_facts
from services.seoul import SEOUL
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import (
    CONTINUE,
    STORIES,
    Story,
    asked,
    browser,
    choose,
    fill_about,
    fill_times,
    here,
    narrow,
    number_of,
    say_who,
    send,
    site,
    story_of,
    telephone,
    tell,
)
from tests.browser.looks import TELEPHONE, picture
from tests.browser.test_my_actions import press, tab_to
from tests.browser.test_tell_pages import looked
from tests.builders import OUTAGE, at, follow_up, work_off
from tests.proofs import some

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)


__all__ = ["browser", "site"]  # fixtures, of this module


def seoul(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SEOUL):%Y-%m-%dT%H:%M}"


def told_by(story: Story) -> tuple[object, ...]:
    """What the database has of the story's person: the claims' numbers, and losses and facts as the story says them."""
    people = PersonalData.objects.filter(email=story.email).values("person")
    losses = Loss.objects.filter(claim__person__in=people).select_related("service")
    facts = Fact.objects.filter(claim__person__in=people, provenance="claimant")
    return (
        list(Claim.objects.filter(person__in=people).values_list("reference", flat=True)),
        sorted((one.service.code, seoul(one.start_at), seoul(one.end_at)) for one in losses),
        sorted(facts.values_list("name", flat=True)),
    )  # fmt: skip


def kept(story: Story, number: str) -> None:
    """One claim, with all that was said and nothing else."""
    said = {*story.about, *(name for *_, facts in story.losses for name in facts)}
    losses = sorted(tuple(loss[:3]) for loss in story.losses)
    assert asked(lambda: told_by(story)) == ([number], losses, sorted(said))


@pytest.mark.parametrize(
    ("who", "language"),
    some([("U2", "ko"), ("U3", "ko"), ("U3", "en"), ("U4", "ko"), ("U5", "ko"), ("U6", "ko"), ("U7", "ko")], each=2),
)
def test_each_of_the_others_makes_their_claim(browser: Browser, site: str, who: str, language: str) -> None:
    story = story_of(who, language)
    page = telephone(browser, language)

    def look(page: Page, name: str) -> None:
        """The bike renter is not asked about themselves; what they see is looked at where looking is tested."""
        narrow(page, name)
        assert name != "about" or who != "U3" or looked(page, name, language, TELEPHONE) == []

    tell(page, site, story, look)
    text = page.locator("main").inner_text()
    assert story.expected[language == "en"] in text
    assert page.locator(f".line.{story.outcome}").count()
    say_who(page, story, narrow)
    number = send(page, narrow)
    narrow(page, "status")
    kept(story, number)
    page.context.close()


def test_the_bike_renter_sees_49950_won_before_a_name_and_in_the_letter(browser: Browser, site: str) -> None:
    story, page = STORIES["U1"], telephone(browser)
    tell(page, site, story, narrow)
    assert page.locator(".sum").inner_text() == "49,950원"
    assert asked(lambda: told_by(story)) == ([], [], []), "before a name is given"
    say_who(page, story, narrow)
    number = send(page, narrow)
    kept(story, number)
    here = page.url
    page.goto("about:blank")  # as long as it is open it follows by itself
    asked(lambda: decided_by_staff(number))
    page.goto(here)
    text = page.locator("main").inner_text()
    assert "받아들여졌습니다." in text
    assert page.locator(".sum").inner_text() == "49,950원"
    picture(page, "journey-decided")
    with page.expect_navigation():
        page.locator(".letters a:not([aria-label])").first.click()
    assert "49,950" in page.locator("body").inner_text()
    picture(page, "journey-letter")
    letter = page.url
    for there, found in (("disagree/", "#lines"), ("", "#h-now")):  # from a sandbox, where nothing but links works
        page.goto(letter)
        page.locator(f"nav.ours a[href='/my/{number}/{there}']").last.click()
        page.wait_for_url(f"**/my/{number}/{there}")
        assert page.locator(found).count() == 1, there
    page.context.close()


def decided_by_staff(number: str) -> None:
    """What workers and a caseworker do: assess, take, verify what was said of the ride, assess again, approve."""
    work()
    claim, worker = Claim.objects.get(reference=number), User.objects.get(email="caseworker@example.com")
    loss = claim.losses.get()
    said = [
        ToldFact("ride_started_at", at("15 15:20")), ToldFact("ride_locked_at", at("15 15:42")), ToldFact("ride_charge", 53450)
    ]  # fmt: skip
    with transaction.atomic():
        take_claim(claim_id=claim.pk, taken_by=worker, now=timezone.now())
        verify_facts(
            claim_id=claim.pk, loss_id=loss.pk, facts=said, verified_by=worker, note="The receipt says so.", now=timezone.now()
        )  # fmt: skip
    work()
    with transaction.atomic():
        decide_claim(
            claim_id=claim.pk, assessment_id=claim.assessments.latest("pk").pk, approved=True, decided_by=worker, note="x",
            now=timezone.now(),
        )  # fmt: skip
    follow_up()
    assert ClaimStatus.objects.get(claim=claim).decision == "approved"


def work() -> None:
    work_off()
    follow_up()


def test_by_keyboard_alone(browser: Browser, site: str) -> None:
    story, page = story_of("U2", "keyboard"), telephone(browser)
    ((service, start_at, end_at, _),) = story.losses
    page.goto(f"{site}/claim/")
    press(page, f"a[href*='{OUTAGE}']")
    tab_to(page, f"summary:has(+ fieldset input[value='{service}'])")
    if not page.locator(f"input[value='{service}']").is_visible():
        page.keyboard.press("Enter")
    tab_to(page, f"input[value='{service}']")
    page.keyboard.press("Space")
    press(page, CONTINUE)
    for name, instant in (("start_at", start_at), ("end_at", end_at)):
        type_instant(page, f"[name='times-0-{name}']", instant)
    press(page, f"{CONTINUE}:not([name])")
    tab_to(page, "[name='about-fact-claimant_kind']")
    for _ in range(10):
        if page.locator("[name='about-fact-claimant_kind']").input_value() == "worker":
            break
        page.keyboard.press("ArrowDown")
    press(page, CONTINUE)
    assert story.expected[0] in page.locator(".sum").inner_text()
    press(page, CONTINUE)
    for name, text in (("you-name", "홍길동"), ("you-email", story.email)):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(text)
    press(page, CONTINUE)
    tab_to(page, ".consent input")
    page.keyboard.press("Space")
    press(page, CONTINUE)
    number = number_of(page)
    press(page, f"main a[href='/my/{number}/']")
    assert number in page.locator("main").inner_text()
    kept(story, number)
    page.context.close()


def type_instant(page: Page, selector: str, instant: str) -> None:
    """Digit by digit, as a browser in Korean or in English takes them: which one it is has nothing to do with the page."""
    day, clock = instant.split("T")
    year, month, date = day.split("-")
    hour, minute = clock.split(":")
    half = f"{(int(hour) - 1) % 12 + 1:02}"
    for parts in (
        (year, month, date, "up" if int(hour) > 11 else "down", half, minute),
        (month, date, year, half, minute, "p" if int(hour) > 11 else "a"),
        (month, date, year, hour, minute), (year, month, date, hour, minute), (date, month, year, hour, minute),
    ):  # fmt: skip
        tab_to(page, selector) if not page.evaluate("at => document.activeElement.matches(at)", selector) else None
        for _ in parts:
            page.keyboard.press("ArrowLeft")
        for part in parts:
            typed = {"up": "ArrowUp", "down": "ArrowDown"}.get(part)
            page.keyboard.press(typed) if typed else page.keyboard.type(part)
            if part == year or typed:
                page.keyboard.press("ArrowRight")
        if page.locator(selector).input_value() == instant:
            return
    raise AssertionError((instant, page.locator(selector).input_value()))


def test_without_javascript(browser: Browser, site: str) -> None:
    story, page = story_of("U4", "plain"), telephone(browser, java_script_enabled=False)
    tell(page, site, story)
    assert story.expected[0] in page.locator(".sum").inner_text()
    say_who(page, story)
    kept(story, send(page))
    page.context.close()


def test_what_was_interrupted_goes_on_where_it_was(browser: Browser, site: str) -> None:
    story, page = story_of("U4", "later"), telephone(browser)
    choose(page, site, story)
    fill_times(page, story)
    page.click(f"{CONTINUE}:not([name])")
    page.close()
    page = page.context.new_page()
    page.goto(f"{site}/claim/")
    picture(page, "journey-begun")
    narrow(page, "begun")
    page.click(f"a[href$='/{OUTAGE}/']")
    assert page.url.endswith("/about/")
    page.click(".steps a")
    starts = page.locator("[name$=start_at]").evaluate_all("all => all.map(e => e.value)")
    assert starts == [loss[1] for loss in story.losses]
    page.click(f"{CONTINUE}:not([name])")
    fill_about(page, story)
    page.click(CONTINUE)
    assert story.expected[0] in page.locator(".sum").inner_text()
    say_who(page, story)
    kept(story, send(page))
    page.context.close()


def test_sent_twenty_times_it_is_one_claim(browser: Browser, site: str) -> None:
    """What the button sends, twenty times at once, as from somebody who presses and presses."""
    story, page = story_of("U7", "pressed"), telephone(browser)
    tell(page, site, story)
    say_who(page, story)
    ends = page.evaluate("""async () => {
      const form = document.querySelector("main form"), body = new URLSearchParams(new FormData(form));
      const once = () => fetch(location.href, {method: "POST", body}).then(answer => [answer.status, answer.url]);
      return Promise.all(Array.from({length: 20}, once));
    }""")
    page.click(CONTINUE)
    assert {(status, url.rpartition(OUTAGE)[2]) for status, url in ends} == {(200, "/received/")}, ends
    kept(story, number_of(page))
    page.context.close()


def test_sent_in_twenty_tabs_it_is_one_claim(browser: Browser, site: str) -> None:
    story, page = story_of("U7", "tabs"), telephone(browser)
    tell(page, site, story)
    say_who(page, story)
    tabs = [page, *(page.context.new_page() for _ in range(19))]
    for tab in tabs[1:]:
        tab.goto(here(site, "check"))
        tab.locator(".consent input").first.check()
    for tab in tabs:  # answered by nobody yet when the next one is sent
        tab.evaluate("setTimeout(() => document.querySelector('main form').requestSubmit(), 50)")
    for tab in tabs:
        tab.wait_for_url("**/received/")
    (number,) = {number_of(tab) for tab in tabs}
    kept(story, number)
    tabs[-1].click(f"main a[href='/my/{number}/']")
    assert number in tabs[-1].locator("main").inner_text()
    page.context.close()
