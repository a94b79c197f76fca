"""The shipped record as the engine reads it: which windows count for a service, and who only complained."""

import pytest

from claims.eligibility.segments import dependencies, effective_windows, governing_windows
from claims.facts import record_of
from services.models import Incident
from tests.builders import outage

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
