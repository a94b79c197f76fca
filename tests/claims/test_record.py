"""The record as the engine reads it: which windows count for a service, who only complained, what was found."""

import pytest
from django.db import transaction

from accounts.models import Person
from claims.eligibility.segments import dependencies, effective_windows, governing_windows
from claims.facts import record_of
from claims.models import Assessment, Claim
from claims.operations import chase_versions, publish_policy
from claims.queries import explain_claim
from services.models import Incident
from services.operations import (
    FindingSaid,
    RecordContent,
    WindowSaid,
    publish_record_version,
    record_finding,
    record_window,
)
from tests.builders import MESSAGES, NOW, at, claim_of, outage, told, work_off

GOVERNING_IN_VERSION_2 = {
    "daum.home": [("daum", "operator")],  # a parent's window covers a function that has none
    "kakaotalk.other": [],
    "kakaotalk": [],
    "kakao_t.taxi_call": [("kakao_t.taxi_call", "operator")],  # the mobility operator has one too, of lower rank
    "kakaotalk.pc_login": [("kakaotalk.pc_login", "press")],
    "unnamed_bank.banking": [],
}


@pytest.fixture
def second(incident: Incident) -> Incident:
    return outage(version=2)


def test_governing_in_version_2(second: Incident) -> None:
    record = record_of(second.versions.get(number=2))
    for code, expected in GOVERNING_IN_VERSION_2.items():
        assert [(window.service, window.source) for window in governing_windows(record, code)] == expected, code


@pytest.mark.parametrize("number", [1, 2])
def test_a_driver_who_can_log_in_still_lacks_the_calls(second: Incident, number: int) -> None:
    record = record_of(second.versions.get(number=number))
    found = [(via, window.service) for window, via in effective_windows(record, "kakao_t_taxi_driver.app")]
    assert found == [(None, "kakao_t_taxi_driver.app"), ("kakao_t.taxi_call", "kakao_t.taxi_call")]
    assert dependencies(record, "kakao_style_zigzag.order_cancel") == ["kakaopay.pay_online"]


def test_what_only_citizens_reported(second: Incident) -> None:
    record = record_of(second.versions.get(number=1))
    assert set(record.reported) == {"kakao_t.taxi_call", "kakao_t_bike.ride_end_billing", "unnamed_bank.banking"}


# --- what is found about the whole incident, and how many users a window hit ----------------------

NEGLIGENCE = """
pack: 1
code: fault
scheme: test
title: {en: Fault}
verified: own
sources: {own: {text: these tests}}
incidents: {from: 2022-10-01}
zone: Asia/Seoul
facts:
  negligent: {type: boolean, of: incident, default: false, label: {en: Gross negligence}}
rules:
  - code: damages
    title: {en: Damages}
    losses: {services: [kakaotalk.text_message]}
    windows: {by_share_of_users: true}
    amount: {cases: [{when: [{fact: negligent, is: true}], pays: {counted: minutes}}], otherwise: 1}
    remedy: {instrument: cash, unit: KRW, currency: KRW}
examples:
  - name: nobody is at fault
    windows: [{service: kakaotalk.text_message, from: 2022-10-15T15:30:00+09:00, before: 2022-10-15T16:30:00+09:00}]
    losses: [{service: kakaotalk.text_message, from: 2022-10-15T15:30:00+09:00, before: 2022-10-15T16:30:00+09:00}]
    expect: {damages: 1}
"""


@transaction.atomic
def published(incident: Incident, *findings: FindingSaid, share: int | None = None) -> int:
    """One hour without messages, by the operator's word. How many assessments the version makes due."""
    said = WindowSaid(
        service=MESSAGES, notice="operator-final", severity="full", start_at=at("15 15:30"), end_at=at("15 16:30"),
        users_permille=share,
    )  # fmt: skip
    content = RecordContent(
        as_of=at("20 12:00"),
        windows=[record_window(said, incident=incident.key)],
        findings=[record_finding(finding, incident=incident.key) for finding in findings],
    )
    publish_record_version(incident=incident.key, content=content, now=NOW)
    return chase_versions(now=NOW)


def quantity(claim: Claim) -> tuple[int | None, list[str]]:
    """What the claim's current assessment gives, and its explanation in English."""
    explained = explain_claim(claim)
    assert explained is not None
    (line,) = explained.assessment.lines.all()
    return line.quantity, explained.text("en")


def test_a_finding_and_a_share_of_users_reach_everybody_they_concern(second: Incident, person: Person) -> None:
    with transaction.atomic():
        publish_policy(pack_yaml=NEGLIGENCE, now=NOW)
    claim = claim_of(person, second, told(MESSAGES, "15 15:30", "15 16:30"))
    published(second)
    work_off()
    amount, text = quantity(claim)
    assert amount == 1
    assert any("Gross negligence = no (assumed by the policy)" in line for line in text)
    found = FindingSaid(name="negligent", notice="operator-final", type="boolean", value=True)
    assert published(second, found) == 1
    work_off()
    amount, text = quantity(claim)
    assert amount == 60
    assert any("Gross negligence = yes (verified by staff, operator-final)" in line for line in text)
    assert published(second, found, share=250) == 1
    work_off()
    assert quantity(claim)[0] == 15
    assert Assessment.objects.filter(claim=claim).count() == 3


def test_a_finding_of_another_type_is_not_what_a_policy_asks_for(second: Incident, person: Person) -> None:
    with transaction.atomic():
        publish_policy(pack_yaml=NEGLIGENCE, now=NOW)
    claim = claim_of(person, second, told(MESSAGES, "15 15:30", "15 16:30"))
    published(second, FindingSaid(name="negligent", notice="operator-final", type="text", value="yes"))
    work_off()
    assert quantity(claim)[0] == 1
