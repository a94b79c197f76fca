"""Pages on which staff answer appeals and hints and share out work: no page shuts anybody out, at a desk or on a telephone."""

import os

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser

from claims.models import Twin
from claims.operations import ToldPoint, decide_claim, open_appeal, take_claim
from services.models import Incident
from tests.browser.conftest import CHROMIUM
from tests.browser.looks import DESK, TELEPHONE, logged_in, opened, outside, shut_out
from tests.builders import MESSAGES, NOW, a_person, a_policy, authority, claim_of, follow_up, told, work_off
from tests.services.feed_cast import staff

if not CHROMIUM.exists() and os.environ.get("REQUIRE_BROWSER") != "1":
    pytest.skip(f"No browser at {CHROMIUM}. On Debian and Ubuntu: apt-get install chromium", allow_module_level=True)


@pytest.fixture
def addresses(site: str) -> list[str]:
    """With a row in each, before the browser starts."""
    writer = staff("writer", "caseworker", "checker")
    incident = Incident.objects.get(key="kakao-2022-10-15")
    with transaction.atomic():
        authority("caseworker")
        authority("checker")
        a_policy(automatic="{}")
        first, second = (claim_of(a_person(), incident, told(MESSAGES, "15 15:30", "15 22:00")) for _ in range(2))
    work_off()
    follow_up()
    with transaction.atomic():
        for claim in (first, second):
            take_claim(claim_id=claim.pk, taken_by=writer, now=NOW)
            decided = decide_claim(
                claim_id=claim.pk, assessment_id=claim.assessments.get().pk, approved=False, reasons=["no_loss"],
                decided_by=writer, now=NOW,
            )  # fmt: skip
        appeal = open_appeal(
            claim_id=second.pk, decision_id=decided.pk, kind="appeal", channel="phone", opened_by=writer, note="by phone",
            points=[ToldPoint("other", words="it was longer")], now=NOW,
        )  # fmt: skip
        twin = Twin.objects.create(
            incident=incident, claim=second, other=first, score=80, reasons=["same_account"], found_at=NOW
        )  # fmt: skip
    return [
        *(reverse(f"admin:claims_{name}_changelist") for name in ("appeal", "twin", "skill")),
        reverse("admin:claims_appeal_new", args=[first.pk]), reverse("admin:claims_appeal_change", args=[appeal.pk]),
        f"{reverse('admin:claims_twin_change', args=[twin.pk])}?merge={first.pk}",
    ]  # fmt: skip


def test_axe_finds_nothing_and_everything_keeps_inside(addresses: list[str], browser: Browser, site: str) -> None:
    page = logged_in(browser, site, "writer@example.com")
    found = []
    for address in addresses:
        opened(page, site + address)
        for width in (DESK, TELEPHONE):
            found += [(width, address, *one) for one in (*outside(page, width), *shut_out(page, menu=False))]
    assert not found, "\n".join(map(str, found))
