"""Which facts staff can verify: first what is missing of the claim, then what its policies ask, then all others."""

from __future__ import annotations

import re
from typing import NoReturn

import pytest

from accounts.models import User
from claims.admin.claim_forms import VerifyForm
from claims.admin.facts_asked import facts_asked, services_answered
from claims.eligibility import EngineRefusal
from claims.models import Claim
from claims.operations import packs_in_force, publish_policy, take_claim
from tests.builders import BIKE, MESSAGES, NOW, a_person, a_user, claim_of, follow_up, outage, pack, told, work_off
from tests.claims.test_case_pages import act, client_of, page_of


@pytest.fixture
def claim(db: None) -> Claim:
    """Lost messages and bikes; a policy about messages asks for four things, and another one about something else for two."""
    incident = outage()
    own = {"is_member": "boolean", "income": "money", "channel": "text of loss", "at_home": "boolean"}
    other = {"ride_charge": "money of loss", "a_bike": "boolean"}
    publish_policy(pack_yaml=pack(asks=own, needs="is_member", automatic="{}"), now=NOW)
    text = pack(code="of_taxis", asks=other, automatic="{}").replace(MESSAGES, "melon.streaming")
    publish_policy(pack_yaml=text, now=NOW)
    made = claim_of(a_person(), incident, told(), told(BIKE))
    work_off()
    follow_up()
    return made


def unreadable(terms: object) -> NoReturn:
    raise EngineRefusal("terms_differ", "an earlier engine made them")


def test_what_the_claim_itself_asks_comes_first(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    message, bike = claim.losses.select_related("service").order_by("pk")
    newest = claim.assessments.get()
    packs, lines = packs_in_force(claim.incident), list(newest.lines.select_related("rule__version__policy"))
    asked = facts_asked(packs, [message, bike], lines, services_answered(newest))
    assert [(name, one.rank.name) for name, one in asked.items()] == [
        ("is_member", "MISSING"),
        ("at_home", "ASKED"), (f"channel@{message.pk}", "ASKED"), ("income", "ASKED"),
        ("a_bike", "ELSE"), (f"channel@{bike.pk}", "ELSE"),
        (f"ride_charge@{message.pk}", "ELSE"), (f"ride_charge@{bike.pk}", "ELSE"),
    ]  # fmt: skip
    assert asked[f"channel@{message.pk}"].label == f"x · {message.service.name} {message.pk}"
    monkeypatch.setattr("claims.admin.facts_asked.terms_of", unreadable)
    assert services_answered(newest) == {}, "the page is there all the same"
    assert {one.rank.name for one in facts_asked(packs, [message], [], {}).values()} == {"ELSE"}


def test_the_form_has_them_in_groups_and_takes_each(claim: Claim):
    worker: User = a_user("caseworker")
    take_claim(claim_id=claim.pk, taken_by=worker, now=NOW)
    form = client_of(worker).get(page_of(claim)).content.decode().split('id="verify_fact"')[1].split("</select>")[0]
    groups = re.findall(r'<optgroup label="([^"]+)">|<option value="([^"@]+)', form)
    assert [group or value for group, value in groups] == [
        "모자라거나 증빙이 필요한 것", "is_member", "이 청구의 정책이 묻는 것", "at_home", "channel", "income",
        "그 밖의 것", "a_bike", "channel", "ride_charge", "ride_charge",
    ]  # fmt: skip
    assert "사실 확인: 했습니다." in act(worker, claim, "verify", fact="a_bike", value="예", note="the contract")
    assert VerifyForm({"fact": "made_up", "value": "1", "note": "x"}, asked={}, files=[]).errors.keys() == {"fact"}
