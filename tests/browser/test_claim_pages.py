"""The pages of somebody's own claim in every state that it may be in, how they are found again, and what they weigh."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Route, expect

from accounts.models import User
from accounts.operations import create_person
from claims.models import Claim, Mail
from claims.operations import (
    AskedDocument,
    ToldFact,
    ToldLoss,
    add_message,
    attest_outage,
    hold_claim,
    request_evidence,
    send_next_mail,
    take_claim,
    withdraw_claim,
    write_next_code,
)
from claims.web.my.letters import letters_of
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.journeys_cast import (
    BANK,
    CONTINUE,
    TAXI,
    asked,
    browser,
    narrow,
    site,
    story_of,
    telephone,
    tell,
)
from tests.browser.looks import TELEPHONE, in_turn
from tests.browser.test_tell_pages import looked
from tests.builders import BIKE, MESSAGES, NOW, OUTAGE, a_user, claim_of, follow_up, told, work_off
from tests.claims.mine_cast import session_of
from tests.claims.reply_cast import answer, says, sort, template
from tests.mail_cast import mail_server, text_of

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)

__all__ = ["browser", "site"]  # fixtures, of this module
# Of what can be done each has a place of its own, as wide as the page.
OVERLAPPING = """() => [...document.querySelectorAll(".actions a")].filter((one, at, all) => {
  const box = one.getBoundingClientRect(), page = one.closest(".actions").getBoundingClientRect();
  return box.right > page.right + 1 || (at && box.top < all[at - 1].getBoundingClientRect().bottom);
}).map(one => one.innerText)"""


def a_claim(name: str, *losses: ToldLoss, locale: str = "ko") -> Claim:
    with transaction.atomic():
        person = create_person(name="홍길동", email=f"{name}@example.org", locale=locale, now=NOW)
    return claim_of(person, Incident.objects.get(key=OUTAGE), *losses)


BY_NIGHT = Path(settings.BASE_DIR, "claims/templates/claims/letter_dark.css").read_text(encoding="utf-8")
OF_A_CLAIM = ("proof", "documents", "account", "write", "correct", "disagree", "withdraw")


@pytest.fixture(scope="module")
def claims(site: str) -> dict[str, Claim]:
    """By the state that they are in."""
    return asked(_in_every_state)  # type: ignore[no-any-return]


def _in_every_state() -> dict[str, Claim]:
    ride = told(BIKE, "15 15:42", "15 21:15", ToldFact("ride_charge", 53450))
    made = {name: a_claim(name, ride) for name in ("queued", "in-review", "missing", "held", "withdrawn")}
    made |= {name: a_claim(name, told(MESSAGES, "15 15:30", "15 22:00")) for name in ("approved", "busy")}
    made |= {"english": a_claim("english", told(MESSAGES, "15 15:30", "15 22:00"), locale="en")}
    times = {"ride_started_at": "2022-10-15T15:20:00+09:00", "ride_locked_at": "2022-10-15T15:42:00+09:00"}
    ridden = [ToldFact("ride_charge", 53450), *(ToldFact(*one) for one in times.items())]
    made["renter"] = a_claim("renter", told(BIKE, "15 15:20", "15 21:15", *ridden))
    made |= {"rejected": a_claim("rejected", told(TAXI, "15 19:00", "15 21:30")), "parked": a_claim("parked", told(BANK))}
    work_off()
    follow_up()
    worker = User.objects.get(email="caseworker@example.com")
    with transaction.atomic():
        for name in ("in-review", "missing"):
            take_claim(claim_id=made[name].pk, taken_by=worker, now=NOW)
        receipt = AskedDocument("kakao_bike", "receipt", "ride_charge", made["missing"].losses.get().pk)
        request_evidence(claim_id=made["missing"].pk, asked=[receipt], requested_by=worker, override="x", now=NOW)
        hold_claim(claim_id=made["held"].pk, held_by=worker, note="x", now=NOW)
        withdraw_claim(claim_id=made["withdrawn"].pk, withdrawn_by=worker, note="By telephone.", now=NOW)
        for number in range(12):
            add_message(claim_id=made["busy"].pk, text=f"{number + 1}번째로 씁니다. " + "아주 긴 말" * 20, now=NOW)
    says(made["in-review"])
    sort()
    answer(made["in-review"], template(a_user("checker")), worker)
    return {**made, "received": a_claim("received", ride)}


@pytest.fixture(scope="module")
def let_in(claims: dict[str, Claim]) -> str:
    """The key of a session that may see all of them."""
    return asked(lambda: session_of(*claims.values()))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def documents(claims: dict[str, Claim], let_in: str) -> list[tuple[str, str, str]]:
    """Name, language and address of a letter of each kind, and of what anybody sees who types the number of a proof in."""
    return asked(lambda: [*_letters(claims), *_proofs(claims["approved"])])  # type: ignore[no-any-return]


def _letters(claims: dict[str, Claim]) -> Iterator[tuple[str, str, str]]:
    for name, kind in {"approved": "decision", "english": "decision", "missing": "asked", "in-review": "reply"}.items():
        letter = next(one for one in letters_of(claims[name]) if one.kind == kind)
        yield f"letter-{name}", "en" if name == "english" else "ko", letter.address


def _proofs(claim: Claim) -> Iterator[tuple[str, str, str]]:
    guest = User.objects.get(person=claim.person, email=None)
    for language in ("ko", "en"):
        with transaction.atomic():
            made = attest_outage(claim_id=claim.pk, language=language, asked_by=guest, now=NOW)
        yield f"proof-{language}", language, reverse("my:shown_proof", args=[made.number])


def out_of_its_sandbox(route: Route) -> None:
    """In which axe cannot run."""
    found = route.fetch()
    assert found.headers["content-security-policy"].startswith("sandbox; ")
    policy = found.headers["content-security-policy"].removeprefix("sandbox; ")
    route.fulfill(response=found, headers={**found.headers, "content-security-policy": policy})


# What a drawing in a letter is made of, each by the colours of its own.
COLOURS = """() => [...document.querySelectorAll("svg.drawn :is(text, .w, .e, .i, .full, .partial, .told, line)")]
  .map(e => [e.outerHTML.slice(0, 60), getComputedStyle(e).fill, getComputedStyle(e).stroke].join())"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
WHITE, NIGHT = "rgb(255, 255, 255)", "rgb(19, 23, 31)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_and_proofs_are_readable(
    documents: list[tuple[str, str, str]], let_in: str, browser: Browser, site: str, scheme: Literal["light", "dark"]
) -> None:
    page, wrong = telephone(browser, color_scheme=scheme), []
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    page.route("**/my/**", out_of_its_sandbox)
    for name, language, address in documents:
        answered = page.goto(f"{site}{address}")
        assert answered is not None
        assert answered.status == 200, name
        wrong += looked(page, f"{scheme}-{name}", language, TELEPHONE)
        narrow(page, name)
        assert page.evaluate(BACKGROUND) == (NIGHT if scheme == "dark" else WHITE), name
    page.context.close()
    assert wrong == []


def test_a_letter_is_white_on_paper_and_all_of_it_dark_by_night(
    documents: list[tuple[str, str, str]], let_in: str, browser: Browser, site: str
) -> None:
    page = telephone(browser, color_scheme="dark")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    page.route("**/my/**", out_of_its_sandbox)
    page.goto(f"{site}{documents[0][2]}")
    by_night = page.evaluate(COLOURS)
    page.emulate_media(media="print")
    assert page.evaluate(BACKGROUND) == WHITE
    on_paper = page.evaluate(COLOURS)
    assert len(on_paper) > 10, "its drawing is looked at"
    assert [one for one in zip(by_night, on_paper, strict=True) if one[0] == one[1]] == []
    page.emulate_media(media="screen", color_scheme="light")
    assert page.evaluate(COLOURS) == on_paper
    page.context.close()


def test_a_letter_of_the_time_before_is_dark_by_night_too(
    documents: list[tuple[str, str, str]], let_in: str, browser: Browser, site: str
) -> None:
    """What was sent stays as it was; the page around it says how it looks."""
    page = telephone(browser, color_scheme="dark")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])

    def before(route: Route) -> None:
        found = route.fetch()
        own, end, shown = found.text().partition("</head>")
        assert BY_NIGHT in own
        route.fulfill(response=found, body=own.replace(BY_NIGHT, "") + end + shown)

    page.route("**/my/**", before)
    page.goto(f"{site}{documents[0][2]}")
    assert page.evaluate(BACKGROUND) == NIGHT
    page.context.close()


@pytest.mark.parametrize("language", in_turn(1))
def test_where_a_claim_stands_is_readable_in_every_state(
    claims: dict[str, Claim], let_in: str, browser: Browser, site: str, language: str
) -> None:
    page, wrong = telephone(browser, language), []
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    for name, claim in claims.items():
        page.goto(f"{site}/my/{claim.reference}/")
        assert page.locator("#h-now").count() == 1, name
        wrong += looked(page, f"status-{name}", language, TELEPHONE)
        wrong += [(name, "lies over another", text) for text in page.evaluate(OVERLAPPING)]
        narrow(page, name)
    for name in OF_A_CLAIM:
        page.goto(f"{site}/my/{claims['approved'].reference}/{name}/")
        wrong += looked(page, f"of-approved-{name}", language, TELEPHONE)
    for name in ("renter", "missing"):
        page.goto(f"{site}/my/{claims[name].reference}/documents/")
        wrong += looked(page, f"of-{name}-documents", language, TELEPHONE)
        narrow(page, name)
    page.context.close()
    assert wrong == []


def test_in_the_dark_it_can_be_read(claims: dict[str, Claim], let_in: str, browser: Browser, site: str) -> None:
    page = telephone(browser, color_scheme="dark")
    tell(page, site, story_of("U3", "dark"))
    wrong = looked(page, "dark-expected", "ko", TELEPHONE)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": let_in, "url": site}])
    seen = {name: f"my/{claims[name].reference}/" for name in ("approved", "missing")}
    for name, address in {"start": "claim/", **seen}.items():
        page.goto(f"{site}/{address}")
        wrong += looked(page, f"dark-{name}", "ko", TELEPHONE)
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize("language", in_turn(0))
def test_a_guest_comes_back_by_a_code(claims: dict[str, Claim], browser: Browser, site: str, language: str) -> None:
    claim, page, wrong = claims["approved"], telephone(browser, language), []

    def look(name: str) -> None:
        wrong.extend(looked(page, name, language, TELEPHONE))
        narrow(page, name)

    page.goto(f"{site}/my/")
    look("find")
    page.click(CONTINUE)
    look("find-nothing")
    page.fill("[name=reference]", claim.reference.lower().replace("-", " "))
    page.fill("[name=email]", "approved@example.org")
    with mail_server() as mails:
        page.click(CONTINUE)
        page.wait_for_url("**/my/code/")
        look("code")
        number = asked(delivered)
        code = re.search(r"\b([0-9]{6})\b", text_of(mails[-1]))
    assert code is not None
    page.fill("[name=code]", f"{(int(code[1]) + 1) % 1_000_000:06}")
    page.click(CONTINUE)
    expect(page.locator("[role=alert]")).to_have_count(1)
    look("code-wrong")
    page.fill("[name=code]", code[1])
    page.click(CONTINUE)
    page.wait_for_url(f"**/my/{claim.reference}/")
    page.goto(f"{site}/my/")
    look("find-opened")
    page.goto(f"{site}/my/check/")
    look("check")
    for typed, name in ((number, "check-genuine"), ("M-0000-0000-0000", "check-unknown")):
        page.fill("[name=number]", typed)
        page.click(CONTINUE)
        page.wait_for_selector("[role=status]")
        look(name)
    page.context.close()
    assert wrong == []


def delivered() -> str:
    """The number of the newest mail, after workers have done their part."""
    while write_next_code(now=timezone.now()) or send_next_mail(now=timezone.now()):
        pass
    return Mail.objects.latest("pk").number
